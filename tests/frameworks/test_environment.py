"""What is installed for these tests is what benchmarks/requirements.txt pins, and none of it is for graphics cards."""

from importlib.metadata import distributions
from pathlib import Path

PINS = Path(__file__).resolve().parents[2] / "benchmarks" / "requirements.txt"
INSTALLERS = {"pip", "setuptools", "wheel", "uv"}


def test_every_version_is_pinned_and_no_gigabytes_of_cuda_came():
    pins = dict(line.split("==") for line in PINS.read_text(encoding="utf-8").splitlines())
    found = {one.name.lower().replace("_", "-"): one.version.partition("+")[0] for one in distributions()}
    assert not [name for name in found if name.startswith(("nvidia-", "cuda-"))]
    assert {name: version for name, version in found.items() if name not in INSTALLERS} == {
        name: version for name, version in pins.items() if name not in INSTALLERS
    }
