"""A registry of models on a real server."""

from typing import Any

import pytest

from ml.registry import Registry

Pool = Any


@pytest.fixture
def registry(pool: Pool) -> Registry:
    return Registry(pool)
