"""Where the desk can be written to on other platforms, as far as this process knows."""

from collections.abc import Callable

from bot.inbound import no_link


class BotAddresses:
    """The names under which the desk is connected; known from the first connection of each platform on."""

    def __init__(self) -> None:
        self._telegram_link: Callable[..., str] = no_link
        self.discord_name = ""
        """As people see it on Discord, '' while it is unknown."""

    def on_telegram(self, link: Callable[..., str]) -> None:
        """`link` makes the address that opens the bot's private chat with the words of a line."""
        self._telegram_link = link

    def on_discord(self, name: str) -> None:
        """The bot's name on Discord."""
        self.discord_name = name

    def telegram_link(self, *words: str) -> str:
        """The address that opens the desk's private chat on Telegram with this line; '' where none is known."""
        return self._telegram_link(*words)
