"""Placeholders such as `${env:KAFKA_PASSWORD}` in settings, resolved where systems are reached."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cdk_stream.plugin.system import Secrets

_PLACEHOLDER = re.compile(r"\$\{[^{}]+\}")


def holds_secret(text: str) -> bool:
    """Whether the text names something that is kept elsewhere."""
    return _PLACEHOLDER.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether the text is one placeholder and nothing else."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None


def resolved(text: str, secrets: Secrets) -> str:
    """The text with every placeholder replaced; raises `SystemFailed`."""
    return _PLACEHOLDER.sub(lambda found: secrets(found.group()), text)


def resolved_all(settings: Mapping[str, str], secrets: Secrets) -> dict[str, str]:
    """All values of `settings` with their placeholders replaced; raises `SystemFailed`."""
    return {key: resolved(value, secrets) for key, value in settings.items()}
