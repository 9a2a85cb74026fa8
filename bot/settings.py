"""The bot's settings; `app.settings` reads them from the environment."""

from decimal import Decimal

from pydantic import Field

from core.settings import Section
from people.person import Language


class BotSettings(Section):
    """Settings of the user interface: defaults of new users, rate limits, alert pauses and price feeds."""

    language: Language = Field(Language.ENGLISH, description="Language of people who have not chosen one")
    timezone: str = Field("", description="IANA time zone of people who have not chosen one; empty: the machine's")
    preview_seconds: int = Field(30, ge=5, le=600, description="How long a preview waits for its button")
    person_burst: int = Field(20, ge=1, le=1_000_000, description="Commands a person may send at once")
    person_per_second: float = Field(2, gt=0, le=1_000_000, description="Commands of a person each second after that")
    chat_burst: int = Field(60, ge=1, le=1_000_000, description="Commands a chat of a group may send at once")
    chat_per_second: float = Field(5, gt=0, le=1_000_000, description="Commands of such a chat each second after that")
    alert_distance: Decimal = Field(
        Decimal("0.005"),
        ge=0,
        le=Decimal("0.5"),
        description="How far a price must come back before a repeating alert can fire again; 0.005: 0.5 % of its level",
    )
    alert_pause_seconds: int = Field(
        10, ge=0, le=86_400, description="Least time between two messages of a repeating price alert"
    )
    forecast_margin: Decimal = Field(
        Decimal("0.02"),
        ge=0,
        lt=Decimal("0.5"),
        max_digits=4,
        description="How far a chance must come down before a repeating forecast alert can fire again; 0.02: 2 points",
    )
    forecast_pause_minutes: int = Field(
        15, ge=0, le=1440, description="Least time between two messages of such an alert, at most its horizon"
    )
    feed_seconds: int = Field(20, ge=15, le=60, description="How often a price feed is brought up to date")
