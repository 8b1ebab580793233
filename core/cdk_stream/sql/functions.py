"""The functions SQL may call: Flink's own and the project's."""

from __future__ import annotations

from typing import Literal, NamedTuple

FunctionKind = Literal["scalar", "aggregate", "table"]
Nulls = Literal["args", "all", "always", "group", "never"]


class FunctionSpec(NamedTuple):
    """A user-defined function, as the project declares it."""

    returns: str
    """In Flink's spelling; for table functions the ROW of a produced row, or a single type."""
    kind: FunctionKind = "scalar"
    deterministic: bool = True
    nullable: bool = True
    """Whether it may answer NULL."""
    masks: str = ""
    """The class it brings its input down to; '' when it hides nothing."""
    accepts_star: bool = True


class Builtin(NamedTuple):
    """A function of Flink's."""

    type: str
    """A type, or how it follows from the arguments: `=0` the first's, `widest`, `element` of the
    first, `array` of the first, `keys` of a map, and so on as `results` knows; `` unknown."""
    least: int = 1
    most: int = 1
    """The number of arguments; 99 for any."""
    nulls: Nulls = "args"
    """When the result may be NULL: an argument may, all may, always, never; `group`: an argument
    may, or there may be no row to aggregate."""
    edge: Literal["transformation", "aggregation", "count", "none"] = "transformation"
    deterministic: bool = True
    takes: Literal["", "text", "texts", "number", "time"] = ""
    """What Flink refuses others for: a text first, texts only, a number or a time first."""


def _each(names: str, builtin: Builtin) -> dict[str, Builtin]:
    return dict.fromkeys(names.split(), builtin)


_MANY = 99
_AGGREGATE = Builtin("=0", 1, 1, "group", "aggregation")
_RANKING = Builtin("BIGINT", 0, 0, "never", "none")

AGGREGATES: dict[str, Builtin] = {
    **_each("MIN MAX SUM AVG", _AGGREGATE),
    **_each("FIRST_VALUE LAST_VALUE ANY_VALUE SINGLE_VALUE", _AGGREGATE),
    **_each("STDDEV STDDEV_POP STDDEV_SAMP VAR_POP VAR_SAMP VARIANCE", _AGGREGATE),
    **_each("BIT_AND BIT_OR BIT_XOR", _AGGREGATE),
    "COUNT": Builtin("BIGINT", 0, _MANY, "never", "count"),
    "APPROX_COUNT_DISTINCT": Builtin("BIGINT", 1, 1, "never", "count"),
    "COLLECT": Builtin("multiset", 1, 1, "never", "aggregation"),
    "ARRAY_AGG": Builtin("array", 1, 1, "args", "aggregation"),
    "LISTAGG": Builtin("varying", 1, 2, "args", "aggregation"),
    "PERCENTILE": Builtin("DOUBLE", 2, 3, "always", "aggregation"),
    "JSON_ARRAYAGG": Builtin("VARCHAR(2000)", 1, _MANY, "never", "aggregation"),
    "JSON_OBJECTAGG": Builtin("VARCHAR(2000)", 2, _MANY, "never", "aggregation"),
}

OVER_ONLY: dict[str, Builtin] = {
    **_each("ROW_NUMBER RANK DENSE_RANK", _RANKING),
    **_each("CUME_DIST PERCENT_RANK", Builtin("DOUBLE", 0, 0, "never", "none")),
    "NTILE": Builtin("BIGINT", 1, 1, "never", "none"),
    **_each("LAG LEAD", Builtin("=0", 1, 3, "always", "aggregation")),
}
NOT_ON_STREAMS = frozenset(("LEAD", "NTILE", "CUME_DIST", "PERCENT_RANK", "PREV", "NEXT"))
"""What Flink knows and refuses on a stream."""

_TEXT1, _TEXT2 = Builtin("STRING"), Builtin("STRING", 2, 2)
_DOUBLE1, _LONG1, _INT1 = Builtin("DOUBLE"), Builtin("BIGINT"), Builtin("INT")
_UNSURE = Builtin("STRING", 1, _MANY, "always")

SCALARS: dict[str, Builtin] = {
    # text
    **_each("UPPER LOWER INITCAP", Builtin("text")),
    **_each("LTRIM RTRIM", Builtin("varying", 1, 2)),
    "TRIM": Builtin("trimmed", 1, 3),
    "BTRIM": Builtin("STRING", 1, 2),
    **_each("SUBSTRING SUBSTR", Builtin("varying", 2, 3, "always")),
    **_each("LEFT RIGHT", Builtin("varying", 2, 2, "always")),
    **_each("REVERSE CHR URL_ENCODE URL_DECODE", Builtin("STRING", nulls="always")),
    **_each("TO_BASE64 FROM_BASE64 BIN HEX JSON_QUOTE JSON_UNQUOTE", _TEXT1),
    "UNHEX": Builtin("BYTES", nulls="always"),
    "MD5": Builtin("CHAR(32)"),
    "SHA1": Builtin("CHAR(40)"),
    "SHA224": Builtin("CHAR(56)"),
    "SHA256": Builtin("CHAR(64)"),
    "SHA384": Builtin("CHAR(96)"),
    "SHA512": Builtin("CHAR(128)"),
    "SHA2": Builtin("VARCHAR(128)", 2, 2),
    **_each("REPEAT DECODE", _TEXT2),
    "DATE_FORMAT": Builtin("STRING", 2, 2, "always"),
    **_each("REPLACE TRANSLATE REGEXP_REPLACE", Builtin("STRING", 3, 3)),
    **_each("LPAD RPAD", Builtin("STRING", 3, 3)),
    "OVERLAY": Builtin("overlaid", 3, 4),
    "CONCAT": Builtin("STRING", 1, _MANY),
    "CONCAT_WS": Builtin("STRING", 2, _MANY),
    "ELT": Builtin("STRING", 2, _MANY, "always"),
    "PRINTF": _UNSURE,
    "ENCODE": Builtin("BYTES", 2, 2),
    **_each("CHAR_LENGTH CHARACTER_LENGTH ASCII", _INT1),
    "POSITION": Builtin("INT", 2, 2),
    "INSTR": Builtin("INT", 2, 4),
    "LOCATE": Builtin("INT", 2, 3),
    "SPLIT_INDEX": Builtin("STRING", 3, 3, "always"),
    "SPLIT": Builtin("ARRAY<STRING>", 2, 2),
    "STR_TO_MAP": Builtin("MAP<STRING, STRING>", 1, 3, "always"),
    "PARSE_URL": Builtin("STRING", 2, 3, "always"),
    "REGEXP": Builtin("BOOLEAN", 2, 2),
    **_each("REGEXP_EXTRACT REGEXP_SUBSTR", Builtin("STRING", 2, 3, "always")),
    "REGEXP_EXTRACT_ALL": Builtin("ARRAY<STRING>", 2, 3, "always"),
    **_each("REGEXP_COUNT REGEXP_INSTR", Builtin("INT", 2, 2, "always")),
    **_each("STARTSWITH ENDSWITH", Builtin("BOOLEAN", 2, 2)),
    **_each("IS_ALPHA IS_DECIMAL IS_DIGIT", Builtin("BOOLEAN", nulls="never")),
    # numbers
    **_each("ABS FLOOR CEIL CEILING", Builtin("=0", 1, 2)),
    **_each("ROUND TRUNCATE", Builtin("=0", 1, 2)),
    "SIGN": Builtin("=0"),
    "MOD": Builtin("=1", 2, 2),
    **_each("SQRT LN LOG10 LOG2 EXP SIN SINH COS COSH TAN TANH COT ASIN ACOS ATAN", _DOUBLE1),
    **_each("DEGREES RADIANS", _DOUBLE1),
    **_each("POWER ATAN2", Builtin("DOUBLE", 2, 2)),
    "LOG": Builtin("DOUBLE", 1, 2),
    **_each("PI E", Builtin("DOUBLE", 0, 0, "never")),
    "RAND": Builtin("DOUBLE", 0, 1, "never", "transformation", False),
    "RAND_INTEGER": Builtin("INT", 1, 2, "never", "transformation", False),
    "UUID": Builtin("CHAR(36)", 0, 0, "never", "transformation", False),
    # time
    **_each("YEAR QUARTER MONTH WEEK DAYOFYEAR DAYOFMONTH DAYOFWEEK HOUR MINUTE SECOND", _LONG1),
    "EXTRACT": Builtin("BIGINT", 2, 2),
    "TIMESTAMPDIFF": Builtin("INT", 3, 3),
    "TIMESTAMPADD": Builtin("=2", 3, 3),
    "TO_DATE": Builtin("DATE", 1, 2, "always"),
    "TO_TIMESTAMP": Builtin("TIMESTAMP(3)", 1, 2, "always"),
    "TO_TIMESTAMP_LTZ": Builtin("TIMESTAMP_LTZ(3)", 1, 3, "always"),
    "UNIX_TIMESTAMP": Builtin("BIGINT", 0, 2),
    "FROM_UNIXTIME": Builtin("STRING", 1, 2, "always"),
    "CONVERT_TZ": Builtin("STRING", 3, 3, "always"),
    "CURRENT_DATE": Builtin("DATE", 0, 0, "never", "transformation", False),
    "CURRENT_TIME": Builtin("TIME(0)", 0, 0, "never", "transformation", False),
    "LOCALTIME": Builtin("TIME(0)", 0, 0, "never", "transformation", False),
    "LOCALTIMESTAMP": Builtin("TIMESTAMP(3)", 0, 0, "never", "transformation", False),
    **_each(
        "CURRENT_TIMESTAMP NOW CURRENT_ROW_TIMESTAMP PROCTIME",
        Builtin("TIMESTAMP_LTZ(3)", 0, 0, "never", "transformation", False),
    ),
    "CURRENT_WATERMARK": Builtin("=0", 1, 1, "always", "transformation", False),
    **_each("DATE TIMESTAMP TIMESTAMP_LTZ TIME", Builtin("literal", 1, 1, "never")),
    # conditions
    "COALESCE": Builtin("widest", 1, _MANY, "all"),
    "IFNULL": Builtin("widest", 2, 2, "all"),
    "NULLIF": Builtin("=0", 2, 2, "always"),
    **_each("GREATEST LEAST", Builtin("widest", 1, _MANY)),
    "TYPEOF": Builtin("STRING", 1, 2, "always"),
    # collections
    **_each("ARRAY_DISTINCT ARRAY_REVERSE", Builtin("=0")),
    "ARRAY_SORT": Builtin("=0", 1, 3),
    "ARRAY_SLICE": Builtin("=0", 2, 3),
    **_each("ARRAY_REMOVE ARRAY_APPEND ARRAY_PREPEND", Builtin("=0", 2, 2)),
    **_each("ARRAY_UNION ARRAY_CONCAT ARRAY_EXCEPT ARRAY_INTERSECT", Builtin("=0", 1, _MANY)),
    **_each("ARRAY_MAX ARRAY_MIN ELEMENT", Builtin("element", nulls="always")),
    "ARRAY_CONTAINS": Builtin("BOOLEAN", 2, 2),
    "ARRAY_POSITION": Builtin("INT", 2, 2),
    "ARRAY_JOIN": Builtin("STRING", 2, 3),
    "CARDINALITY": _INT1,
    "MAP_KEYS": Builtin("keys"),
    "MAP_VALUES": Builtin("values"),
    "MAP_ENTRIES": Builtin("entries"),
    "MAP_UNION": Builtin("same", 1, _MANY),
    "MAP_FROM_ARRAYS": Builtin("", 2, 2),
    # JSON
    "JSON_VALUE": Builtin("STRING", 2, _MANY, "always"),
    "JSON_QUERY": Builtin("STRING", 2, _MANY, "always"),
    "JSON_EXISTS": Builtin("BOOLEAN", 2, _MANY, "always"),
    "JSON_STRING": _TEXT1,
    **_each("JSON_OBJECT JSON_ARRAY", Builtin("STRING", 0, _MANY, "never")),
    "PARSE_JSON": Builtin("VARIANT", 1, 2),
    "TRY_PARSE_JSON": Builtin("VARIANT", 1, 2, "always"),
    # the rest
    **_each("CURRENT_DATABASE", Builtin("STRING", 0, 0, "never")),
    **_each("GROUPING GROUPING_ID GROUP_ID", Builtin("BIGINT", 0, _MANY, "never", "none")),
    **_each("OBJECT_OF OBJECT_UPDATE", Builtin("", 1, _MANY, "always")),
}

_TAKES: dict[Literal["text", "texts", "number", "time"], str] = {
    "text": """UPPER LOWER INITCAP TRIM LTRIM RTRIM SUBSTRING SUBSTR LEFT RIGHT CHAR_LENGTH
        CHARACTER_LENGTH MD5 SHA1 SHA224 SHA256 SHA384 SHA512 LPAD RPAD REPLACE REGEXP_REPLACE
        SPLIT_INDEX TO_DATE TO_TIMESTAMP""",
    "texts": "CONCAT CONCAT_WS",
    "number": "ABS ROUND TRUNCATE SQRT LN LOG10 EXP POWER MOD FROM_UNIXTIME",
    "time": "YEAR QUARTER MONTH WEEK DAYOFYEAR DAYOFMONTH DAYOFWEEK HOUR MINUTE SECOND",
}
SCALARS.update(
    {
        name: SCALARS[name]._replace(takes=takes)
        for takes, names in _TAKES.items()
        for name in names.split()
    }
)

GROUP_WINDOWS = frozenset(("TUMBLE", "HOP", "SESSION", "CUMULATE"))
WINDOW_PROPERTIES = {
    f"{window}_{what}": (window, what)
    for window in ("TUMBLE", "HOP", "SESSION")
    for what in ("START", "END", "ROWTIME", "PROCTIME")
}
# Resolved by name, each with a rule of its own.
SPECIAL = frozenset(("CAST", "TRY_CAST", "IF", "ROW", "ARRAY", "MAP", "PROCTIME", "JSON_VALUE"))
MATCHING: dict[str, Builtin] = {
    **_each("FIRST LAST PREV NEXT", Builtin("=0", 1, 2)),
    "CLASSIFIER": Builtin("STRING", 0, 0, "never"),
    "MATCH_ROWTIME": Builtin("TIMESTAMP(3)", 0, 1, "never"),
    "MATCH_PROCTIME": Builtin("TIMESTAMP_LTZ(3)", 0, 0, "never"),
}
"""The functions that only MATCH_RECOGNIZE knows."""
NAMES = (
    frozenset(SCALARS)
    | frozenset(AGGREGATES)
    | frozenset(OVER_ONLY)
    | SPECIAL
    | GROUP_WINDOWS
    | frozenset(WINDOW_PROPERTIES)
)
