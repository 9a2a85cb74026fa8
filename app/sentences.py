"""What keeps the desk from opening, in words."""

from bot.ui.texts import Catalog
from core.errors import DeskError


def start_sentence(error: DeskError, catalog: Catalog) -> str:
    """The error in the person's language; an empty detail is `none`, so that a selector can name it."""
    details = error.details().items()
    variables = {name: value if isinstance(value, int) else str(value) or "none" for name, value in details}
    return catalog.say(f"error-{error.code()}", **variables)
