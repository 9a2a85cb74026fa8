"""Base class of every section of the settings."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Section of the settings: frozen, and without unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")
