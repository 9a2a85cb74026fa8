"""Language and time zone of a user, guessed from the settings of their Telegram client."""

from bot.platforms.telegram.inbound.updates import User
from people.person import Language


def language_of(user: User, otherwise: Language) -> Language:
    """Returns the language of the user's Telegram client, if it is supported, otherwise `otherwise`."""
    code = user.language_code.partition("-")[0].casefold()
    return Language(code) if code in tuple(Language) else otherwise


def zone_of(language: Language, otherwise: str) -> str:
    """Returns a guess of the time zone, which Telegram does not report."""
    return otherwise or ("Asia/Seoul" if language is Language.KOREAN else "UTC")
