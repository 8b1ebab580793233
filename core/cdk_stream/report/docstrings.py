"""What the source says of a class's fields: the string below each of them."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from types import ModuleType


def field_docs(class_: type) -> dict[str, str]:
    """Field -> its docstring on one line, those of parent classes included.

    Python keeps the strings below fields nowhere: they are read from the source.
    """
    found: dict[str, str] = {}
    for parent in reversed(class_.__mro__):
        module = sys.modules[parent.__module__]
        if module.__name__.startswith("cdk_stream"):
            found.update(_module_docs(module).get(parent.__name__, {}))
    return found


@functools.cache
def _module_docs(module: ModuleType) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(module))
    return {node.name: _class_docs(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _class_docs(class_: ast.ClassDef) -> dict[str, str]:
    pairs = zip(class_.body, class_.body[1:], strict=False)
    return {
        field.target.id: " ".join(below.value.value.split())
        for field, below in pairs
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
