from __future__ import annotations

import pytest

from cdk_stream.sql.analysis import Splice
from cdk_stream.sql.template import Reference, position, references, render, written_at


def test_references_are_found_with_their_place() -> None:
    sql = """SELECT * FROM {{ ref("a") }} JOIN {{source('b')}} ON x > {{- var( "c" ) -}}"""
    found, findings = references(sql)
    assert [(one.kind, one.name) for one in found] == [("ref", "a"), ("source", "b"), ("var", "c")]
    assert [sql[one.start : one.end] for one in found] == [
        '{{ ref("a") }}',
        "{{source('b')}}",
        '{{- var( "c" ) -}}',
    ]
    assert findings == ()


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT 1 -- {{ ref("a") }}',
        'SELECT /* {{ ref("a") }} */ 1',
        'SELECT `{{ ref("a") }}`',
        "SELECT 1 -- it's {{ not }} a reference",
        'SELECT 1 /* never closed {{ ref("a") }}',
    ],
)
def test_references_in_comments_and_names_do_not_count(sql: str) -> None:
    assert references(sql) == ((), ())


def test_a_template_in_a_string_is_text_and_said_to_be() -> None:
    found, findings = references("SELECT '{{ var(\"x\") }}', 'it''s {not}'")
    assert found == ()
    assert [(one.line, one.column, one.code, one.severity) for one in findings] == [
        (1, 8, "CS422", "warning")
    ]


@pytest.mark.parametrize(
    "template",
    [
        "{{ x }}",
        "{{ ref(x) }}",
        '{{ ref("a" ~ "b") }}',
        '{{ ref("a", "b") }}',
        "{% if x %}",
        "{# note #}",
        '{{ ref("a")',
        "{{",
        '{{ ref("a") | upper }}',
    ],
)
def test_any_other_template_is_an_error_that_says_what_is_allowed(template: str) -> None:
    found, (finding,) = references(f"SELECT *\nFROM {template}")
    assert found == ()
    assert (finding.line, finding.column, finding.code) == (2, 6, "CS421")
    assert '{{ ref("model") }}' in finding.mend


def test_rendering_changes_references_and_splices_and_nothing_else() -> None:
    sql = (
        'SELECT f(t.*)  ,\t1 -- {{ ref("x") }}\nFROM   {{ ref("x") }} t\r\nWHERE a = {{ var("v") }}'
    )
    start = sql.index("t.*")
    text = render(
        sql, {("ref", "x"): "fraud.x"}, [Splice(start, start + 3, "t.a, t.b")], {"v": "it's"}
    )
    assert text == (
        "SELECT f(t.a, t.b)  ,\t1 -- {{ ref(\"x\") }}\nFROM   `fraud.x` t\r\nWHERE a = 'it''s'"
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [("a", "`a`"), ("a`b", "`a``b`"), ("`db`.`t`", "`db`.`t`"), ("a.b", "`a.b`")],
)
def test_names_are_back_quoted_as_one(name: str, written: str) -> None:
    assert render('{{ ref("x") }}', {("ref", "x"): name}) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(True, "TRUE"), (False, "FALSE"), (3, "3"), (1.5, "1.5"), ("a'b", "'a''b'"), ("", "''")],
)
def test_variables_are_literals(value: object, written: str) -> None:
    assert render('{{ var("x") }}', {}, (), {"x": value}) == written


def test_a_reference_that_is_not_named_cannot_be_rendered() -> None:
    with pytest.raises(KeyError):
        render('{{ ref("x") }}', {})


def test_places_are_characters() -> None:
    assert references('é {{ ref("a") }}')[0] == (Reference("ref", "a", 2, 16),)


def test_every_character_that_is_kept_is_found_again() -> None:
    sql = "SELECT\n  F(p.*), {{ var('v') }} x\nFROM {{ ref('payments') }} p -- end"
    star = sql.index("p.*")
    splices = [Splice(star, star + 3, "`p`.`a`, `p`.`b`")]
    names, variables = {("ref", "payments"): "payments"}, {"v": 7}
    shown = render(sql, names, splices, variables)
    for text in ("SELECT", "F(", "), ", " x\n", "FROM", " p --", "end"):
        found = written_at(sql, names, splices, variables, position(shown, shown.index(text)))
        assert found == position(sql, sql.index(text))


@pytest.mark.parametrize(
    ("within", "written"), [("`p`.`b`", "p.*"), ("7", "{{ var"), ("ments`", "{{ ref")]
)
def test_what_stands_in_a_replacement_was_written_where_it_begins(
    within: str, written: str
) -> None:
    sql = "SELECT F(p.*),\n {{ var('v') }} FROM {{ ref('payments') }} p"
    splices = [Splice(9, 12, "`p`.`a`, `p`.`b`")]
    names, variables = {("ref", "payments"): "payments"}, {"v": 7}
    shown = render(sql, names, splices, variables)
    found = written_at(sql, names, splices, variables, position(shown, shown.index(within)))
    assert found == position(sql, sql.index(written))
