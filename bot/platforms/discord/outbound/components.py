"""Components under a reply: buttons, and a menu in place of many buttons of a kind. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.platforms.discord.outbound.custom_id import menu_id, pack, style_of
from bot.platforms.discord.outbound.markdown import plain
from bot.platforms.discord.outbound.messages import (
    CHOICE_LABEL_LIMIT,
    LABEL_LIMIT,
    MENU_CHOICES,
    PLACEHOLDER_LIMIT,
    ROW_BUTTONS,
    ButtonComponent,
    Menu,
    Row,
)
from bot.reply import Button, Buttons, Reply
from bot.views.buttons import PRESS_LIMIT

T = TypeVar("T")

MANY = 8
"""Number of buttons of a kind that become a menu: they would take two rows and leave almost no room for others."""

_EMPTY = "–"
_SHORTEST_HINT = 2
_NUMBERS = " #0123456789"


def rows_of(reply: Reply, owner: int, page: str, ask: str) -> tuple[Row, ...]:
    """Returns the rows from top to bottom. `ask` labels the button that opens a form; '' for no such button."""
    made = _Rows(owner, page)
    for block in reply.blocks:
        if isinstance(block, Buttons):
            made.put(block)
    if ask and reply.asks and len(reply.asks) <= PRESS_LIMIT:
        made.ask(reply.asks, ask)
    return tuple(made.rows)


class _Rows:
    """Builder of rows. It numbers the components, because their ids must differ even if their presses are equal."""

    def __init__(self, owner: int, page: str) -> None:
        self.rows: list[Row] = []
        self._owner = owner
        self._page = page
        self._position = 0

    def put(self, block: Buttons) -> None:
        counted = Counter(_kind(button) for row in block.rows for button in row)
        many = {kind for kind, count in counted.items() if kind and count >= MANY}
        for row in block.rows:
            single: list[ButtonComponent] = []
            for button in row:
                kind = _kind(button)
                if kind in many:
                    many.remove(kind)
                    self._menus(kind, [one for line in block.rows for one in line if _kind(one) == kind])
                elif counted[kind] < MANY or not kind:
                    single.append(self._push(button, LABEL_LIMIT))
            self.rows += map(tuple, _parts(single, ROW_BUTTONS))

    def ask(self, press: str, label: str) -> None:
        custom_id = pack(press, position=self._next(), owner=self._owner, page=self._page, asks=True)
        push = ButtonComponent(plain(label, LABEL_LIMIT), custom_id, style_of(""))
        last = self.rows[-1] if self.rows else None
        if isinstance(last, tuple) and len(last) < ROW_BUTTONS:
            self.rows[-1] = (*last, push)
        else:
            self.rows.append((push,))

    def _menus(self, kind: str, buttons: list[Button]) -> None:
        hint = _hint([button.label for button in buttons])
        for some in _parts(buttons, MENU_CHOICES):
            choices = tuple(self._push(button, CHOICE_LABEL_LIMIT) for button in some)
            self.rows.append(Menu(menu_id(kind, position=self._next(), owner=self._owner), choices, hint))

    def _push(self, button: Button, limit: int) -> ButtonComponent:
        custom_id = pack(button.press, position=self._next(), owner=self._owner, page=self._page)
        return ButtonComponent(plain(button.label, limit) or _EMPTY, custom_id, style_of(button.press))

    def _next(self) -> int:
        self._position += 1
        return (self._position - 1) % 100


def _parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (whole[at : at + size] for at in range(0, len(whole), size))


def _kind(button: Button) -> str:
    """Returns the press without its last word, which is equal for all buttons of a kind."""
    return button.press.rpartition(" ")[0]


def _hint(labels: list[str]) -> str:
    """Returns the common prefix or suffix of all labels, such as `Cancel …` for `Cancel #5` and `Cancel #7`."""
    begin = _beginning(labels).rstrip(_NUMBERS)
    end = _beginning([label[::-1] for label in labels])[::-1].lstrip(_NUMBERS)
    hint = f"{begin} …" if len(begin) >= _SHORTEST_HINT else f"… {end}" if len(end) >= _SHORTEST_HINT else ""
    return plain(hint, PLACEHOLDER_LIMIT)


def _beginning(labels: Sequence[str]) -> str:
    """Returns the common prefix of all labels, which is that of the smallest and the largest."""
    least, most = min(labels), max(labels)
    shared = next((at for at, (one, other) in enumerate(zip(least, most, strict=False)) if one != other), len(least))
    return least[:shared]
