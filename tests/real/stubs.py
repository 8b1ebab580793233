"""Classes that scripts name, which exist only so that the planner can plan with them."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.real.engines.flink import classes_folder
from tests.real.engines.jars import assemble

_BOXES = {
    "BIGINT": "Long",
    "BOOLEAN": "Boolean",
    "DOUBLE": "Double",
    "INT": "Integer",
    "STRING": "String",
}
_ANY = "@DataTypeHint(inputGroup = InputGroup.ANY) Object... arguments"
_HEAD = """\
package {package};

import org.apache.flink.table.annotation.*;
import org.apache.flink.table.functions.*;
import org.apache.flink.types.Row;

"""
_SCALAR = f"""\
public class {{name}} extends ScalarFunction {{{{
    public {{box}} eval({_ANY}) {{{{
        return null;
    }}}}
}}}}
"""
_AGGREGATE = f"""\
public class {{name}} extends AggregateFunction<{{box}}, {{name}}.State> {{{{
    public static class State {{{{ public int rows; }}}}

    public State createAccumulator() {{{{
        return new State();
    }}}}

    public void accumulate(State state, {_ANY}) {{{{}}}}

    public {{box}} getValue(State state) {{{{
        return null;
    }}}}
}}}}
"""
_TABLE = f"""\
@FunctionHint(output = @DataTypeHint("{{type_}}"))
public class {{name}} extends TableFunction<Row> {{{{
    public void eval({_ANY}) {{{{}}}}
}}}}
"""
_KINDS = {"scalar": _SCALAR, "aggregate": _AGGREGATE, "table": _TABLE}
_MESSAGE = """\
package {package};

import com.google.protobuf.DescriptorProtos.*;
import com.google.protobuf.Descriptors.*;

public class {name} {{
    public static Descriptor getDescriptor() throws DescriptorValidationException {{
        FieldDescriptorProto field = FieldDescriptorProto.newBuilder().setName("id").setNumber(1)
            .setType(FieldDescriptorProto.Type.TYPE_STRING).build();
        DescriptorProto message =
            DescriptorProto.newBuilder().setName("{name}").addField(field).build();
        FileDescriptorProto file = FileDescriptorProto.newBuilder().setName("{name}.proto")
            .setSyntax("proto3").setPackage("{package}").addMessageType(message).build();
        return FileDescriptor.buildFrom(file, new FileDescriptor[0])
            .findMessageTypeByName("{name}");
    }}
}}
"""


class Function(NamedTuple):
    """`returns` is in Flink's spelling; a table function gives a ROW."""

    class_: str
    returns: str
    kind: str = "scalar"


def function_jar(folder: Path, functions: Iterable[Function]) -> Path:
    """A jar of functions that take anything and give nothing."""
    sources = []
    for class_, returns, kind in functions:
        words = {"box": _BOXES.get(returns, "Row"), "type_": returns}
        sources.append(_write(folder, class_, _HEAD + _KINDS[kind], **words))
    return _jar(folder, sources)


def scalar_jar(folder: Path, class_: str, eval_: str) -> Path:
    """A jar of one scalar function, whose method `eval` is given in Java."""
    body = _HEAD + "public class {name} extends ScalarFunction {{\n{eval_}\n}}\n"
    return _jar(folder, [_write(folder, class_, body, eval_=eval_)])


def _jar(folder: Path, sources: list[Path]) -> Path:
    classes = folder / "classes"
    _compile(sources, classes)
    jar = folder / "functions.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        for path in classes.rglob("*.class"):
            archive.write(path, path.relative_to(classes))
    return jar


def add_messages(folder: Path, names: Iterable[str]) -> None:
    """Give Flink the classes of Protobuf messages that have one field, `id`."""
    _compile([_write(folder, name, _MESSAGE) for name in names], classes_folder())


def _compile(sources: list[Path], classes: Path) -> None:
    command = ["javac", "-cp", f"{assemble('flink')}/*", "-d", str(classes), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def _write(folder: Path, class_: str, template: str, **words: str) -> Path:
    package, _, name = class_.rpartition(".")
    path = folder / package / f"{name}.java"
    path.parent.mkdir(exist_ok=True)
    path.write_text(template.format(package=package, name=name, **words), encoding="utf-8")
    return path
