"""The models that were trained, version by version: which one serves, which one runs in its shadow, and what became of
the others."""

from ml.registry.model import Change, Facts, ModelRow, State
from ml.registry.postgres import Registry

__all__ = ["Change", "Facts", "ModelRow", "Registry", "State"]
