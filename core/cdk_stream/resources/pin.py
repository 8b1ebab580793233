"""Where a policy bundle lies, and the very content of it that the project wants."""

from __future__ import annotations

import re

from pydantic import model_validator

from cdk_stream.resources.authoring import Authored

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_GIT, _OCI, _FOLDER = ("commit", "ref", "path"), ("digest", "tag"), ("digest",)
_KEYS = {"git": _GIT, "oci": _OCI, "folder": _FOLDER}


class BundlePin(Authored):
    """A policy bundle: exactly one of `git`, `oci` and `folder`, with the pin of its content."""

    git: str | None = None
    """The address of a Git repository: `https://github.com/acme/stream-rules.git`."""
    commit: str = ""
    """For `git`: the full id of the commit; no branch and no tag, for those move."""
    ref: str | None = None
    """For `git`: the branch or tag that `policy fetch --update` follows; left out, the default."""
    path: str = ""
    """For `git`: the folder of the bundle in the repository; left out, its top."""
    oci: str | None = None
    """A repository of an OCI registry: `registry.acme.io/rules/streams`."""
    tag: str | None = None
    """For `oci`: the tag that `policy fetch --update` follows; left out, `latest`."""
    folder: str | None = None
    """A folder, relative to the project's: `../rules`."""
    digest: str = ""
    """For `oci`: that of the manifest; for `folder`: that of its files, `sha256:...`."""

    @model_validator(mode="after")
    def _names_one(self) -> BundlePin:
        named = [kind for kind in _KEYS if getattr(self, kind) is not None]
        if len(named) != 1:
            raise ValueError("a bundle has exactly one of `git:`, `oci:` and `folder:`")
        for key in self.model_fields_set - {named[0], *_KEYS[named[0]]}:
            raise ValueError(f"`{key}:` is not for a bundle with `{named[0]}:`")
        return self

    @property
    def kind(self) -> str:
        """`git`, `oci` or `folder`."""
        return next(kind for kind in _KEYS if getattr(self, kind) is not None)

    @property
    def source(self) -> str:
        """The address as it is written."""
        found: str = getattr(self, self.kind)
        return found

    @property
    def pin_key(self) -> str:
        """The key that the pin is written under."""
        return _KEYS[self.kind][0]

    @property
    def pin(self) -> str:
        """The commit or digest as it is written; "" for none."""
        return self.commit or self.digest

    @property
    def pinned(self) -> bool:
        """Whether the pin names one content for ever."""
        form = _COMMIT if self.kind == "git" else _DIGEST
        return form.fullmatch(self.pin) is not None

    @property
    def short(self) -> str:
        """The pin as people say it: seven digits."""
        return self.pin.removeprefix("sha256:")[:7]

    def __str__(self) -> str:
        return f"{self.source}{f' ({self.path})' if self.path else ''}"
