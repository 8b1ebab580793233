"""`python -m tests.real.engines up|down|status [ENGINE ...]`."""

from __future__ import annotations

import argparse
import sys
import time

from tests.real.engines.control import ENGINES, GROUPS, NotReady, down, health, up
from tests.real.engines.jars import NotAssembled
from tests.real.engines.state import read_state


def main() -> int:
    parser = argparse.ArgumentParser(prog="engines", description=__doc__)
    parser.add_argument("what", choices=["up", "down", "status"])
    parser.add_argument("engines", nargs="*", metavar="ENGINE", default=list(ENGINES))
    asked = parser.parse_args()
    unknown = set(asked.engines) - {*ENGINES, *GROUPS}
    if unknown:
        parser.error(f"no engine '{min(unknown)}': there are {', '.join([*ENGINES, *GROUPS])}")
    return _ACTIONS[asked.what](asked.engines)


def _up(names: list[str]) -> int:
    began = time.monotonic()
    try:
        up(names)
    except (NotReady, NotAssembled) as problem:
        print(problem, file=sys.stderr)
        return 1
    code = _status(names)
    print(f"ready after {time.monotonic() - began:.1f} s")
    return code


def _down(names: list[str]) -> int:
    print(f"stopped: {', '.join(down(names)) or 'nothing ran'}")
    return 0


def _status(_: list[str]) -> int:
    """0 when every running engine answers."""
    answers = health()
    for name, record in read_state().items():
        word = "ready" if answers[name] else "silent"
        shown = " ".join(f"{key}={value}" for key, value in record.addresses.items())
        print(f"{name:12} {word:7} {record.seconds:5.1f} s  pid {record.pid:<7} {shown}")
    if not answers:
        print("nothing runs")
    return 0 if all(answers.values()) else 1


_ACTIONS = {"up": _up, "down": _down, "status": _status}

if __name__ == "__main__":
    sys.exit(main())
