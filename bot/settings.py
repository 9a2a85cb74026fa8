"""The bot's settings; `app.settings` reads them from the environment."""

from pydantic import Field

from bot.ports import Language
from pipeline.settings import Section


class BotSettings(Section):
    """What people meet first."""

    language: Language = Field(Language.ENGLISH, description="Language of people who have not chosen one")
    timezone: str = Field("", description="IANA time zone of people who have not chosen one; empty: the machine's")
    preview_seconds: int = Field(30, ge=5, le=600, description="How long a preview waits for its button")
    person_burst: int = Field(20, ge=1, le=1_000_000, description="Commands a person may send at once")
    person_per_second: float = Field(2, gt=0, le=1_000_000, description="Commands of a person each second after that")
    chat_burst: int = Field(60, ge=1, le=1_000_000, description="Commands a chat of a group may send at once")
    chat_per_second: float = Field(5, gt=0, le=1_000_000, description="Commands of such a chat each second after that")
    feed_seconds: int = Field(20, ge=15, le=60, description="How often a price feed is brought up to date")
