"""Discord's settings; `app.settings` reads them from the environment."""

from pydantic import Field, SecretStr, field_validator

from core.network.platform_address import is_safe_address
from core.settings import Section

_API_RULE = "an https:// address, or an http:// address of this machine such as http://127.0.0.1:8081"
_GATEWAY_RULE = "a wss:// address, or a ws:// address of this machine such as ws://127.0.0.1:8081"


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
