"""The models that were trained, version by version: which one serves, which one runs in its shadow, and what became of
the others."""

from ml.registry.postgres import Registry
from ml.registry.records import Change, Facts, ModelRow, State

__all__ = ["Change", "Facts", "ModelRow", "Registry", "State"]
