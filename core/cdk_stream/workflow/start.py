"""A new project from a template: files copied, nothing asked of any system."""

from __future__ import annotations

import shutil
from pathlib import Path

from cdk_stream import __version__
from cdk_stream.git.command import GitFailed, run_git
from cdk_stream.problems import Usage, near

_STARTER = Path(__file__).parents[1] / "starter"
_SHARED = ("files", "workflows")
_ROOT_FILES = {".gitignore": "gitignore", "README.md": "README.md"}
_HOOKS = ".pre-commit-config.yaml"
_SKIPPED = shutil.ignore_patterns("target", "__pycache__")


def templates() -> list[str]:
    """The names of the templates."""
    return sorted(
        path.name for path in _STARTER.iterdir() if path.is_dir() and path.name not in _SHARED
    )


def start(folder: Path, template: str) -> Path | None:
    """Make a project in a folder that is empty or not there.

    Hooks and workflows count at the top of a repository only: they are made there when the folder
    is the top, or in no repository. Otherwise the top is given back, and they are left out.
    Raises Usage for an unknown template, or a folder that holds something.
    """
    if template not in templates():
        raise Usage(f"there is no template '{template}'\n    {near(template, templates())}")
    if folder.exists() and (not folder.is_dir() or _holds_something(folder)):
        raise Usage(f"'{folder}' is not empty\n    name a new folder, or an empty one")
    try:
        shutil.copytree(_STARTER / template, folder, ignore=_SKIPPED, dirs_exist_ok=True)
        for name, file in _ROOT_FILES.items():
            _fill(folder / name, file, folder)
        top = _top(folder)
        if top in (None, folder.resolve()):
            _fill(folder / _HOOKS, "pre-commit-config.yaml", folder)
            workflows = folder / ".github" / "workflows"
            shutil.copytree(_STARTER / "workflows", workflows, ignore=_SKIPPED)
            return None
    except OSError as error:
        raise Usage(f"'{folder}' cannot be written: {error.strerror}") from error
    return top


def _holds_something(folder: Path) -> bool:
    """A repository without a commit holds nothing yet."""
    return any(path.name != ".git" for path in folder.iterdir())


def _fill(path: Path, file: str, folder: Path) -> None:
    text = (_STARTER / "files" / file).read_text(encoding="utf-8")
    filled = text.replace("{project}", folder.resolve().name).replace("{version}", __version__)
    path.write_text(filled, encoding="utf-8", newline="\n")


def _top(folder: Path) -> Path | None:
    try:
        found = run_git(str(folder), "rev-parse", "--show-toplevel")
    except GitFailed:
        return None
    return Path(found.decode("utf-8", "surrogateescape").rstrip("\n")).resolve()
