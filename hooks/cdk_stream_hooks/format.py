"""Before a commit: the YAML and SQL of projects, laid out alike."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_stream.cli.format import layouts, lines, own_file, save
from cdk_stream.cli.output import write
from cdk_stream_hooks.hook import hook


def main(argv: Sequence[str] | None = None) -> int:
    """1 when a file of `argv` was changed, so that it is looked at and staged again."""
    return hook(_format, argv)


def _format(files: list[str]) -> int:
    found = list(layouts(path for path in files if own_file(path)))
    touched = [one for one in found if one.changed or one.problems]
    if not touched:
        return 0
    save(found)
    write("\n".join(lines(touched, written=True)) + "\n")
    return 1
