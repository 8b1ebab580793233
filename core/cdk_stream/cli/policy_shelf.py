"""What the verbs about policies share: the policies at hand, and the engine that is asked."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from cdk_stream.cli.options import project_root
from cdk_stream.policy.check import Policy
from cdk_stream.policy.choice import named
from cdk_stream.problems import Usage, near
from cdk_stream.workflow.policies import Shelf, only, project_shelf, with_engine

ENGINES = """\
engines:
  embedded       the one built in
  opa            the opa executable on PATH; or name its path: /usr/local/bin/opa
  https://...    an OPA server
"""


def add_policies(parser: argparse.ArgumentParser) -> None:
    """`--policy ID`, any number of times."""
    parser.add_argument(
        "--policy",
        metavar="ID",
        action="append",
        default=[],
        help="only this policy; may be given again",
    )


def shelf_of(arguments: argparse.Namespace) -> Shelf:
    """The project's policies, with the engine of the command line."""
    shelf = project_shelf(project_root(arguments.project_dir))
    chosen = getattr(arguments, "engine", None)
    return with_engine(shelf, named(chosen) if chosen else None)


def chosen_policies(policies: Iterable[Policy], ids: Iterable[str]) -> list[Policy]:
    """Those that the command line names, all when it names none; Usage for one that is not."""
    known = {policy.metadata.id: policy for policy in policies}
    for name in ids:
        if name not in known:
            mend = near(name, known)
            raise Usage(f"there is no policy '{name}'" + (f"\n    {mend}" if mend else ""))
    return only(known.values(), ids)
