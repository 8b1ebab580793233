from __future__ import annotations

import pytest

from tests.plugins.flink.targets.forms import Same, same_as_golden


@pytest.fixture
def same_form() -> Same:
    return same_as_golden
