"""The bot's settings; `app.settings` reads them from the environment."""

from pydantic import Field

from bot.ports import Language
from pipeline.settings import Section


class BotSettings(Section):
    """What people meet first."""

    language: Language = Field(Language.ENGLISH, description="Language of people who have not chosen one")
    timezone: str = Field("", description="IANA time zone of people who have not chosen one; empty: the machine's")
    preview_seconds: int = Field(30, ge=5, le=600, description="How long a preview waits for its button")
