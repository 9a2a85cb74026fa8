"""Registry of trained models by version: the one that serves, the challenger, and the former ones."""

from ml.registry.postgres import Registry
from ml.registry.records import ModelEvent, ModelMetadata, ModelRow, ModelState

__all__ = ["ModelEvent", "ModelMetadata", "ModelRow", "ModelState", "Registry"]
