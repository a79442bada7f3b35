"""What checkers of types say of users' scripts: nothing of the right ones, and something of each wrong line."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RIGHT, WRONG = (ROOT / "tests" / "typed" / name for name in ("right.py", "wrong.py"))


def mypy(path):
    """Line -> what is said of it; of lrsim's own files nothing, as where it is installed."""
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--config-file=", str(path)]
    done = subprocess.run([*command, "--cache-dir=.cache/mypy"], capture_output=True, text=True, cwd=ROOT)
    found = re.findall(rf"{path.name}:(\d+): error: (.*)", done.stdout)
    assert done.returncode == bool(found), done.stdout + done.stderr
    return {int(line): said for line, said in found}


def pyright(path, tmp_path):
    project = {"include": [path.name], "extraPaths": [str(ROOT)], "typeCheckingMode": "strict", "venv": ".venv",
               "venvPath": str(ROOT), "reportMissingTypeStubs": False, "reportUnknownMemberType": False,
               "reportUnknownLambdaType": False, "reportUnknownArgumentType": False, "reportUnknownVariableType": False,
               "reportUnusedExpression": False}  # fmt: skip
    (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(project))
    command = ["node", str(ROOT / "node_modules/pyright/index.js"), "--outputjson", "-p", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] == 1, done.stdout
    return {found["range"]["start"]["line"] + 1: found["message"] for found in said["generalDiagnostics"]}


@pytest.fixture(params=["mypy", "pyright"])
def check(request, tmp_path):
    return mypy if request.param == "mypy" else lambda path: pyright(path, tmp_path)


def test_right_calls_pass(check):
    assert check(RIGHT) == {}


def test_every_wrong_call_is_refused(check):
    wrong = {i for i, line in enumerate(WRONG.read_text().splitlines(), 1) if line.endswith("# wrong")}
    assert set(check(WRONG)) == wrong


def test_right_calls_run(tmp_path):
    done = subprocess.run([sys.executable, str(RIGHT)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
