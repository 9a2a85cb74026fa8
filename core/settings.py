"""The base of every section of the settings."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A section of the settings: frozen, unknown names forbidden."""

    model_config = ConfigDict(frozen=True, extra="forbid")
