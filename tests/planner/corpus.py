"""The queries of statements/: each stands below a comment that names it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from cdk_stream.sql.functions import FunctionSpec

HERE = Path(__file__).parent
TABLES = ("payments", "refunds", "customers", "accounts", "rates", "readings")
FUNCTIONS = {
    "SCORE": FunctionSpec("DOUBLE"),
    "LABEL_OF": FunctionSpec("STRING"),
    "MIDDLE": FunctionSpec("DOUBLE", kind="aggregate"),
    "WORDS": FunctionSpec("ROW<word STRING, size INT>", kind="table"),
}
_CASE = re.compile(r"^-- (.+)\n((?:(?!-- ).*\n)+)", re.MULTILINE)
_TABLE = re.compile(rf"\$({'|'.join(TABLES)})\b")


class Case(NamedTuple):
    """A query in which `$payments` stands for a reference to the table."""

    theme: str
    name: str
    text: str

    @property
    def key(self) -> str:
        return f"{self.theme}: {self.name}"

    @property
    def model(self) -> str:
        """As an author writes it."""
        return _TABLE.sub(r'{{ source("\1") }}', self.text)

    @property
    def query(self) -> str:
        """As Flink reads it."""
        return _TABLE.sub(r"`\1`", self.text)


def read_corpus() -> list[Case]:
    cases = []
    for path in sorted((HERE / "statements").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        for name, sql in _CASE.findall(text):
            cases.append(Case(path.stem, name, sql.strip().removesuffix(";")))
    return cases


def table_statements() -> str:
    """CREATE TABLE for everything that the corpus reads."""
    return (HERE / "tables.sql").read_text(encoding="utf-8")
