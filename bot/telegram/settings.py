"""Telegram's settings; `app.settings` reads them from the environment."""

from pydantic import Field, SecretStr

from pipeline.settings import Section


class TelegramSettings(Section):
    """How the desk is reached in Telegram; without a token it is not there."""

    token: SecretStr = Field(SecretStr(""), description="The bot's token from @BotFather; empty: no Telegram")
    api_url: str = Field("https://api.telegram.org", description="The Bot API's server")
    file_url: str = Field("https://api.telegram.org", description="The server that hands out files")
    webhook_url: str = Field("", description="Public https address of the webhook; empty: updates are polled")
    webhook_secret: SecretStr = Field(SecretStr(""), description="The secret Telegram sends with each webhook call")
    webhook_host: str = Field("127.0.0.1", description="Where the webhook listens")
    webhook_port: int = Field(8443, ge=0, le=65535, description="The port on which the webhook listens")
    workers: int = Field(32, ge=1, le=256, description="Chats that are answered at the same time")
    late_seconds: int = Field(
        300, ge=10, le=86_400, description="A command older than this is not run any more but asked for again"
    )
    poll_seconds: int = Field(25, ge=0, le=50, description="How long one poll waits for updates")
    request_seconds: float = Field(10.0, gt=0, le=60, description="How long a call to the Bot API may take")
