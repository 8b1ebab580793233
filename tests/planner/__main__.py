"""`python -m tests.planner` shows how far offline inference and the planner agree."""

from __future__ import annotations

from collections import Counter

from tests.planner.answer import load_answers
from tests.planner.compare import ASPECTS, compare, infer, relations_of
from tests.planner.corpus import read_corpus


def main() -> None:
    answers = load_answers()
    relations = relations_of(answers)
    counts: Counter[tuple[str, str]] = Counter()
    lines = []
    for case in read_corpus():
        for found in compare(infer(case, relations), answers[case.key]):
            counts[found.aspect, found.verdict] += 1
            if found.verdict != "same":
                words = f"offline: {found.offline or 'nothing'}, planner: {found.planner or 'none'}"
                lines.append(f"{found.verdict:8}{found.aspect:12}{case.key}\n        {words}")
    print("\n".join(sorted(lines)))
    for aspect in ASPECTS:
        same, unknown, wrong = (counts[aspect, one] for one in ("same", "unknown", "wrong"))
        share = 100 * same / (same + unknown + wrong)
        print(f"{aspect:12}{share:6.1f} %  same {same}, unknown {unknown}, wrong {wrong}")


if __name__ == "__main__":
    main()
