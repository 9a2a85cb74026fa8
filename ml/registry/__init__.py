"""The models that were trained, version by version: which one serves, which one runs in its shadow, and what became of
the others."""

from ml.registry.postgres import Registry
from ml.registry.records import Facts, ModelEvent, ModelRow, ModelState

__all__ = ["Facts", "ModelEvent", "ModelRow", "ModelState", "Registry"]
