"""Sentences about errors that prevent the desk from opening."""

from bot.ui.texts import Catalog
from core.errors import DeskError


def start_sentence(error: DeskError, catalog: Catalog) -> str:
    """Returns the error in the user's language; an empty detail becomes `none`, so that a selector can name it."""
    details = error.details().items()
    variables = {name: value if isinstance(value, int) else str(value) or "none" for name, value in details}
    return catalog.text(f"error-{error.code()}", **variables)
