"""The Python of the project's functions: `functions/NAME.py`, read only to run models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.run.udf import PythonFunction
from cdk_stream.sql.functions import FunctionSpec

FOLDER = "functions"


def python_functions(
    root: Path | None, specs: Mapping[str, FunctionSpec]
) -> dict[str, PythonFunction]:
    """Those declared functions that have a file: `functions/fraud_score.py` for FRAUD_SCORE.

    The file defines a function of the same name, in any case. Raises Refused (CS855).
    """
    if root is None or not (root / FOLDER).is_dir():
        return {}
    files = {path.stem.lower(): path for path in sorted((root / FOLDER).glob("*.py"))}
    found: dict[str, PythonFunction] = {}
    for name, spec in specs.items():
        path = files.get(name.lower())
        if path is not None:
            call = _defined(path, name)
            found[name] = PythonFunction(name, call, spec.returns, spec.kind)
    return found


def _defined(path: Path, name: str) -> Callable[..., Any]:
    shown = f"{FOLDER}/{path.name}"
    scope: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), scope)
    except Exception as error:
        line = getattr(error, "lineno", 0) or 0
        message = f"the Python of '{name}' cannot be read: {type(error).__name__}: {error}"
        raise Refused([Problem(Location(shown, line), "CS855", message)]) from error
    for key, value in scope.items():
        if key.lower() == name.lower() and callable(value):
            call: Callable[..., Any] = value
            return call
    message = f"'{shown}' defines no function '{name.lower()}'"
    mend = f"write def {name.lower()}(...)"
    raise Refused([Problem(Location(shown), "CS855", message, mend)])
