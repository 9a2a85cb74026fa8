"""Settings of the news; `app.settings` reads them from the environment."""

from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from core.network.platform_address import is_loopback
from core.settings import Section

MAX_FEEDS = 20
_LONGEST_ADDRESS = 300
_FEEDS_RULE = (
    f"at most {MAX_FEEDS} addresses separated by commas, such as https://news.example.org/rss,"
    f" each with at most {_LONGEST_ADDRESS} characters and without a user name"
)
_HTTPS_RULE = "addresses that begin with https:// unless PAPERDESK_NEWS__ALLOW_HTTP is set"


class NewsSettings(Section):
    """Feeds of headlines, and how many of them a user is sent."""

    allow_http: bool = Field(default=False, description="Allow news feeds over unencrypted http://")
    allow_loopback: bool = Field(
        default=False, description="Allow news feeds on this machine, also over http://; for tests"
    )
    feeds: str = Field(
        "", description="Addresses of RSS or Atom feeds, separated by commas; empty: no news, everything else works"
    )
    every_minutes: int = Field(10, ge=1, le=1440, description="Minutes between two readings of a feed")
    keep_days: int = Field(180, ge=2, le=730, description="Days for which headlines are kept")
    pushes_a_day: int = Field(5, ge=1, le=50, description="Most messages with headlines that a user is sent a day")

    @field_validator("feeds")
    @classmethod
    def _are_addresses(cls, text: str, info: ValidationInfo) -> str:
        found = split_addresses(text)
        if len(found) > MAX_FEEDS or not all(map(_is_address, found)):
            raise ValueError(_FEEDS_RULE)
        for address in found:
            local = info.data.get("allow_loopback") and is_loopback(urlsplit(address).hostname or "")
            if not (address.startswith("https://") or info.data.get("allow_http") or local):
                raise ValueError(_HTTPS_RULE)
        return text

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of the feeds, each once."""
        return split_addresses(self.feeds)


def split_addresses(text: str) -> tuple[str, ...]:
    """Returns the addresses of a list that is separated by commas or spaces, each once."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def _is_address(text: str) -> bool:
    if len(text) > _LONGEST_ADDRESS or not (text.isascii() and text.isprintable()) or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and parts.scheme in ("https", "http") and parts.username is None and not parts.fragment
