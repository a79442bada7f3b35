"""python -m tests.audit [kind ...]: looks the built site over, prints one table, fails where a line does not hold."""

import sys
import time

from benchmarks import host
from tests.audit import browsing, lighthouse, texts
from tests.audit.line import EXCEPT

KINDS = {
    "addresses": texts.addresses,
    "html": texts.html,
    "typography": texts.typography,
    "spelling": texts.spelling,
    "pages": browsing.pages,
    "lighthouse": lighthouse.pages,
}
SHOWN = 12  # findings of a line


def main(wanted):
    if unknown := set(wanted) - set(KINDS):
        print(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}", file=sys.stderr)
        return 2
    if not (host.SITE / "index.html").exists() or not host.browser():
        print(f"that needs a built site/ (make site) and one of {', '.join(host.BROWSERS)}", file=sys.stderr)
        return 2
    began, short = time.monotonic(), []
    row = "{:<28}{:<46}{:>8}{:>8}  {}"
    print(row.format("check", "looked at", "result", "limit", ""))
    for kind in wanted or KINDS:
        for line in KINDS[kind]():
            print(
                row.format(line.check, line.seen, line.result, line.limit, "FAILS" if line.found else "holds"),
                flush=True,
            )
            short += [line] if line.found else []
    for line in short:
        print(f"\n{line.check}", *line.found[:SHOWN], sep="\n  ")
        if len(line.found) > SHOWN:
            print(f"  and {len(line.found) - SHOWN} more")
    print("\nexceptions")
    for check, says, why in EXCEPT:
        print(f"  {check}: {says}: {why}")
    print(f"\n{len(short)} lines fall short; {time.monotonic() - began:.0f} s")
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
