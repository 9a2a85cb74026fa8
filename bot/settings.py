"""The bot's settings; `app.settings` reads them from the environment."""

from decimal import Decimal

from pydantic import Field, SecretStr, field_validator

from core.network.platform_address import is_safe_address
from core.settings import Section
from people.person import Language

_API_RULE = "an https:// address, or an http:// address of this machine such as http://127.0.0.1:8081"
_GATEWAY_RULE = "a wss:// address, or a ws:// address of this machine such as ws://127.0.0.1:8081"


class BotSettings(Section):
    """Settings of the user interface: defaults of new users, rate limits, alert pauses and price feeds."""

    language: Language = Field(Language.ENGLISH, description="Language of users who have not chosen one")
    timezone: str = Field("", description="IANA time zone of users who have not chosen one; empty: the machine's")
    preview_seconds: int = Field(30, ge=5, le=600, description="Seconds for which an order preview can be confirmed")
    person_burst: int = Field(20, ge=1, le=1_000_000, description="Commands that a user may send at once")
    person_per_second: float = Field(2, gt=0, le=1_000_000, description="Commands of a user per second after that")
    chat_burst: int = Field(60, ge=1, le=1_000_000, description="Commands that a group chat may send at once")
    chat_per_second: float = Field(5, gt=0, le=1_000_000, description="Commands of a group chat per second after that")
    alert_distance: Decimal = Field(
        Decimal("0.005"),
        ge=0,
        le=Decimal("0.5"),
        description="Distance that a price must move back before a repeating alert can fire again; 0.005: 0.5 %",
    )
    alert_pause_seconds: int = Field(
        10, ge=0, le=86_400, description="Minimum seconds between two messages of a repeating price alert"
    )
    forecast_margin: Decimal = Field(
        Decimal("0.02"),
        ge=0,
        lt=Decimal("0.5"),
        max_digits=4,
        description="Drop of the probability before a repeating forecast alert can fire again; 0.02: 2 points",
    )
    forecast_pause_minutes: int = Field(
        15,
        ge=0,
        le=1440,
        description="Minimum minutes between two messages of a repeating forecast alert, at most its horizon",
    )
    feed_seconds: int = Field(20, ge=15, le=60, description="Interval in seconds of the updates of a price feed")


class DiscordSettings(Section):
    """Settings of the Discord platform. Without a token it is disabled."""

    token: SecretStr = Field(SecretStr(""), description="Bot token from the developer portal; empty: no Discord")
    api_url: str = Field("https://discord.com/api/v10", description="Address of the HTTP API")
    gateway_url: str = Field("wss://gateway.discord.gg", description="Address of the gateway")

    @field_validator("api_url")
    @classmethod
    def _is_safe_api(cls, url: str) -> str:
        if is_safe_address(url, "https"):
            return url
        raise ValueError(_API_RULE)

    @field_validator("gateway_url")
    @classmethod
    def _is_safe_gateway(cls, url: str) -> str:
        if is_safe_address(url, "wss"):
            return url
        raise ValueError(_GATEWAY_RULE)
