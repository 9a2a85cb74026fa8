"""Names and addresses of Paperdesk on its platforms, as far as this process knows them."""

from collections.abc import Callable

from bot.inbound import no_link


class BotAddresses:
    """Names under which Paperdesk is connected; each is known after the first connection to its platform."""

    def __init__(self) -> None:
        self._telegram_link: Callable[..., str] = no_link
        self.discord_name = ""
        """Name shown on Discord, '' while it is unknown."""

    def on_telegram(self, link: Callable[..., str]) -> None:
        """Stores `link`, which makes the address that opens the bot's private chat with the words of a line."""
        self._telegram_link = link

    def on_discord(self, name: str) -> None:
        """Stores the bot's name on Discord."""
        self.discord_name = name

    def telegram_link(self, *words: str) -> str:
        """Returns the address that opens the bot's private chat on Telegram with this line; '' if none is known."""
        return self._telegram_link(*words)
