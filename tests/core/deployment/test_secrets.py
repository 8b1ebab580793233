"""What was resolved for a deploy is told by nobody, however it is spelled."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from cdk_stream.deployment.secrets import MASKED, Resolver
from cdk_stream.plugin.system import SystemFailed

SECRET = 'p"ss/wörd & more'


def test_a_placeholder_is_resolved_from_the_environment_and_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("# of the team\nuser=ann\npassword = s3cr3t\n")
    resolve = Resolver({"USER": "ann"})
    assert resolve(f"${{env:USER}}:${{file:{tmp_path}/keys:password}}") == "ann:s3cr3t"


@pytest.mark.parametrize("told", ["${env:NONE}", "${file:/nowhere:key}"])
def test_a_secret_that_is_not_there_refuses(told: str) -> None:
    with pytest.raises(SystemFailed, match="is not in"):
        Resolver({})(told)


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET,
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        f"https://ann:{quote(SECRET, safe='')}@host/",
        f"?key={quote(SECRET)}",
    ],
)
def test_a_secret_is_masked_however_an_error_spells_it(spelled: str) -> None:
    resolver = Resolver({"PASSWORD": f"{SECRET}\n"})
    resolver("${env:PASSWORD}")
    masked = resolver.mask(f"cannot log in: {spelled}")
    assert MASKED in masked and "rd" not in masked


def test_each_line_of_a_key_is_masked() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----"
    resolver = Resolver({"KEY": key})
    resolver("${env:KEY}")
    assert resolver.mask("bad line: MIIEvQIBADANBgkq") == f"bad line: {MASKED}"


def test_what_is_too_short_to_be_a_secret_hides_nothing() -> None:
    resolver = Resolver({"ON": "1", "BLANK": "     "})
    resolver("${env:ON}${env:BLANK}")
    assert resolver.mask("step 1 of 10") == "step 1 of 10"
