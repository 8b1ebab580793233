"""Whatever a verb raises -> words on stderr and an exit code."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from cdk_stream.problems import Refused, Usage

REFUSED, USAGE, BUG, INTERRUPTED, BROKEN_PIPE = 1, 2, 3, 130, 141
_OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)


def guarded(run: Callable[[], int], arguments: Sequence[str]) -> int:
    """What `run` answers, or the code for what it raised."""
    try:
        code = run()
        sys.stdout.flush()
        return code
    except SystemExit as done:  # argparse after --help and --version
        return done.code if isinstance(done.code, int) else 0
    except Refused as refused:
        return _say("\n".join(map(str, refused.problems)), REFUSED)
    except Usage as usage:
        return _say(f"cdk-stream: {usage}", USAGE)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _hush()
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
            return _say(f"cdk-stream: {error.filename or 'the output'}: {error.strerror}", USAGE)
        return _say(_bug_report(arguments), BUG)


def _say(text: str, code: int) -> int:
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    return code


def _hush() -> int:
    """Nobody reads any more, `head` for instance; Python must not try to write the rest at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


def _bug_report(arguments: Sequence[str]) -> str:
    bug: Any = importlib.import_module("cdk_stream.cli.bug")  # most runs have none
    text: str = bug.report(arguments)
    return text
