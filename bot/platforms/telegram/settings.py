"""Telegram's settings; `app.settings` reads them from the environment."""

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from core.network.platform_address import is_safe_address
from core.settings import Section

_SERVER_RULE = (
    "an https:// address, or an http:// address of this machine such as http://127.0.0.1:8081;"
    " PAPERDESK_TELEGRAM__ALLOW_HTTP=true allows other hosts"
)


class TelegramSettings(Section):
    """Settings of the Telegram platform. Without a token it is disabled."""

    token: SecretStr = Field(SecretStr(""), description="Bot token from @BotFather; empty: no Telegram")
    allow_http: bool = Field(
        default=False,
        description="Allow sending the token unencrypted to a Bot API server on another host of a trusted network",
    )
    api_url: str = Field("https://api.telegram.org", description="Server of the Bot API")
    file_url: str = Field("https://api.telegram.org", description="Server of the files")
    webhook_url: str = Field("", description="Public https address of the webhook; empty: updates are polled")
    webhook_secret: SecretStr = Field(SecretStr(""), description="Secret that Telegram sends with each webhook call")
    webhook_host: str = Field("127.0.0.1", description="Address on which the webhook listens")
    webhook_port: int = Field(8443, ge=0, le=65535, description="Port on which the webhook listens")
    webhook_socket: str = Field(
        "", description="Unix socket on which the webhook listens instead, so that no other program can take its port"
    )
    workers: int = Field(32, ge=1, le=256, description="Chats that are answered concurrently")
    max_waiting: int = Field(
        100, ge=1, le=100_000, description="Maximum waiting updates of one user; more are rejected with a message"
    )
    late_seconds: int = Field(
        300, ge=10, le=86_400, description="Age in seconds after which a command is not run until the user confirms it"
    )
    poll_seconds: int = Field(25, ge=0, le=50, description="Seconds that one poll waits for updates")
    request_seconds: float = Field(10.0, gt=0, le=60, description="Time limit in seconds of a call to the Bot API")

    @field_validator("api_url", "file_url")
    @classmethod
    def _is_safe(cls, url: str, info: ValidationInfo) -> str:
        if is_safe_address(url, "https", allow_plain=bool(info.data.get("allow_http"))):
            return url
        raise ValueError(_SERVER_RULE)
