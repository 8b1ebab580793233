"""What is in the folders is what is shipped."""

from __future__ import annotations

import hashlib
import re
import tomllib
import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def _packages(folder: str) -> set[str]:
    return {
        f"{folder}/{path.parent.name}" for path in (ROOT / folder).glob("cdk_stream*/__init__.py")
    }


def test_packages_are_the_folders() -> None:
    shipped = set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert shipped == {
        package
        for folder in ("core", "hooks", "plugins", "policies")
        for package in _packages(folder)
    }


def test_every_plugin_is_found_by_entry_point() -> None:
    points = PROJECT["project"]["entry-points"]
    modules = [*points["cdk_stream"].values(), *points["cdk_stream_live"].values()]
    named = {module.partition(".")[0] for module in modules}
    folders = _packages("plugins") | _packages("policies")
    assert named == {folder.partition("/")[2] for folder in folders}


def test_import_contracts_cover_every_package() -> None:
    roots = set(PROJECT["tool"]["importlinter"]["root_packages"])
    folders = _packages("core") | _packages("plugins") | _packages("policies") | _packages("hooks")
    assert roots == {folder.partition("/")[2] for folder in folders}


def test_the_changelog_tells_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.escape(PROJECT["project"]["version"])
    entry = re.search(rf"^## {version}\b.*?\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    assert entry and "\n- " in entry[1]


def test_the_licence_is_apache_2_word_for_word() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2
    assert PROJECT["project"]["license"] == "Apache-2.0"


def test_templates_are_shipped_as_plain_files(tmp_path: Path) -> None:
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    with zipfile.ZipFile(wheel) as content:
        shipped = {name for name in content.namelist() if "/starter/" in name}
        fraud = content.read("cdk_stream/starter/fraud/stream_project.yml")
    assert fraud == (ROOT / "examples/fraud/stream_project.yml").read_bytes()
    for folder, template in (("examples/fraud", "fraud"), ("core/cdk_stream/starter/kyc", "kyc")):
        kept = {
            f"cdk_stream/starter/{template}/{path.relative_to(ROOT / folder)}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and not {"target", "__pycache__"} & {*path.parts}
        }
        assert {name for name in shipped if f"/starter/{template}/" in name} == kept
    assert "cdk_stream/starter/workflows/check.yml" in shipped
    assert "cdk_stream/starter/files/pre-commit-config.yaml" in shipped
