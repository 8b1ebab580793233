"""Classes that scripts name, which exist only so that the planner can plan with them."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.real.engines.flink import classes_folder
from tests.real.engines.jars import assemble

_BOXES = {
    "BIGINT": "Long",
    "BOOLEAN": "Boolean",
    "DOUBLE": "Double",
    "INT": "Integer",
    "STRING": "String",
}
_FUNCTION = """\
package {package};

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.InputGroup;
import org.apache.flink.table.functions.ScalarFunction;

public class {name} extends ScalarFunction {{
    public {box} eval(@DataTypeHint(inputGroup = InputGroup.ANY) Object... arguments) {{
        return null;
    }}
}}
"""
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


def function_jar(folder: Path, functions: Mapping[str, str]) -> Path:
    """A jar of scalar functions, class name -> SQL type that it returns."""
    sources = [
        _write(folder, name, _FUNCTION, box=_BOXES[type_]) for name, type_ in functions.items()
    ]
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
