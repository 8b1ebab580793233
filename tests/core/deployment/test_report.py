"""A plan as people read it."""

from __future__ import annotations

from dataclasses import replace

from cdk_stream.report import plan_json, plan_markdown, plan_text
from cdk_stream.results.plan import Difference, Key, Plan, Step

TOPIC = Step(
    Key("kafka", "main", "topic", "orders"),
    "drift",
    "model.orders",
    "it was changed by hand since the last deploy",
    (Difference("configs.retention.ms", "1", "604800000"), Difference("labels", None, {"a": 1})),
    (("data_loss", "rows older than 7 days go"),),
)
JOB = Step(
    Key("flink", "main", "flink_job", "orders"),
    "replace",
    "model.orders",
    "model 'orders' changed",
    tuple(Difference(f"field {number}", "x" * 100, None) for number in range(13)),
    (("replay", "results come out once more"),),
    ("main/topic/orders",),
)
GONE = Step(
    Key("kafka", "main", "topic", "old"),
    "delete",
    "model.old",
    "model old does not ask for it any more",
    dangers=(("data_loss", "what it holds is lost"),),
    approved=False,
)
FOREIGN = Step(Key("kafka", "main", "topic", "theirs"), "foreign", "model.theirs", "it differs")
SAME = Step(Key("kafka", "main", "topic", "same"), "nothing", "model.same", "")
PLAN = Plan("shop", "prod", "a" * 40, "b" * 40, (TOPIC, JOB, GONE, FOREIGN, SAME), 7)


def test_on_a_terminal() -> None:
    assert (
        plan_text.render(PLAN)
        == f"""\
project shop to 'prod': 1 to replace, 1 to put back, 1 to decide, 1 kept, 1 as wanted
commit aaaaaaa over commit bbbbbbb (record 7)

wave 1
  ! drift main/topic/orders  it was changed by hand since the last deploy
      configs.retention.ms: 1 -> 604800000
      labels: nothing -> {{"a":1}}
      data loss: rows older than 7 days go

wave 2
  ± replace main/flink_job/orders  model 'orders' changed
{_fields()}      and 1 more
      replay: results come out once more

set aside
  - delete main/topic/old  model old does not ask for it any more
      data loss: what it holds is lost
      --delete 'main/topic/old'
  ? foreign main/topic/theirs  it differs
      --adopt 'main/topic/theirs'

digest {PLAN.digest}
"""
    )


def _fields() -> str:
    return "".join(f"      field {n}: {'x' * 77}... -> nothing\n" for n in range(12))


def test_in_colour_the_words_are_the_same() -> None:
    painted = plan_text.render(PLAN, colour=True)
    assert "\x1b[31m± replace\x1b[0m main/flink_job/orders" in painted


def test_in_a_comment() -> None:
    shown = plan_markdown.render(PLAN)
    assert "| 1 | drift | `main/topic/orders` | it was changed by hand" in shown
    assert "**data loss**: rows older than 7 days go |\n" in shown
    assert "- delete `main/topic/old`" in shown
    assert f"digest `{PLAN.digest}`" in shown


def test_nothing_in_a_comment_can_act() -> None:
    evil = "x | @everyone <img src=x> [a](http://b) `c`"
    step = replace(
        TOPIC,
        key=Key("kafka", "main", "topic", evil),
        why=evil,
        differences=(Difference(evil, evil, evil),),
        dangers=(("exposure", evil),),
    )
    foreign = replace(FOREIGN, key=Key("kafka", "main", "topic", evil + "2"), why=evil)
    shown = plan_markdown.render(replace(PLAN, steps=(step, foreign), environment=evil))
    for acting in ("@everyone", "<img", "http://b", " [a]"):
        assert acting not in shown
    rows = [line for line in shown.splitlines() if line.startswith("| 1 ")]
    assert len(rows) == 1
    assert rows[0].replace("\\|", "").count("|") == 6


def test_a_comment_has_an_end() -> None:
    steps = [replace(TOPIC, key=Key("kafka", "main", "topic", f"t{n}")) for n in range(2000)]
    shown = plan_markdown.render(replace(PLAN, steps=tuple(steps)))
    assert len(shown.encode()) < 61_000
    assert shown.rstrip().endswith("more lines")


def test_a_tool_reads_what_is_carried_out() -> None:
    assert plan_json.document(PLAN)["digest"] == PLAN.digest
    assert plan_json.document(PLAN)["steps"][1]["needs"] == ["main/topic/orders"]
    assert replace(PLAN, serial=8).digest != PLAN.digest
