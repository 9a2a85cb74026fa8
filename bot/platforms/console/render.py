"""Rendering of a reply as text for a terminal of a given width. Pure: the same reply gives the same string."""

from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import assert_never

from rich import box
from rich.cells import cell_len
from rich.console import Console, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Styled

from bot.platforms.console.buttons import buttons_of
from bot.platforms.console.sanitize import many_lines, one_line
from bot.reply import Align, Block, Buttons, Document, Fields, Headline, Link, Picture, Reply, Table, Text, Tone

Say = Callable[..., str]
"""`say(message_id, **variables)` returns a text in the user's language."""

_STYLES = {Tone.PLAIN: "", Tone.TITLE: "bold", Tone.NOTE: "dim", Tone.WARNING: "bold yellow"}
_BUTTON_GAP = "   "
_COLUMN_GAP = 2
_INDENT = 2
_NARROWEST_LABEL = 6


def render(
    reply: Reply,
    width: int,
    *,
    colour: bool,
    say: Say,
    files: Sequence[Path | None] = (),
    links: bool = False,
    first: int = 1,
) -> str:
    """Renders the blocks from top to bottom. A line is at most `width` cells wide, except for paths of files.

    `files` lists the paths of the reply's pictures and documents in order; None, or a missing entry, marks a file that
    could not be written. `links` makes the paths clickable (OSC 8). `first` is the number of the first button. The
    result ends without a line break.
    """
    numbers = range(first, first + len(buttons_of(reply)))
    page = _Page(width, colour=colour, links=links, say=say, files=files, numbers=numbers)
    lines: list[str] = []
    for before, block in zip((None, *reply.blocks), reply.blocks, strict=False):
        drawn = page.draw(block)
        if drawn and lines and not _belongs_to(block, before):
            lines.append("")
        lines.extend(drawn)
    return "\n".join(lines)


def _belongs_to(block: Block, before: Block | None) -> bool:
    """True if no blank line separates the blocks: content after its title, or a note after its block."""
    return (isinstance(before, Text) and (before.tone is Tone.TITLE or isinstance(block, Text))) or (
        isinstance(block, Text) and block.tone is Tone.NOTE
    )


class _Page:
    """State of one rendering. Button numbers and file paths are consumed in the order of the blocks."""

    def __init__(
        self,
        width: int,
        *,
        colour: bool,
        links: bool,
        say: Say,
        files: Iterable[Path | None],
        numbers: Iterable[int],
    ) -> None:
        self.width, self.colour, self.links, self.say = width, colour, links, say
        self.files, self.numbers = iter(files), iter(numbers)

    def draw(self, block: Block) -> list[str]:  # noqa: PLR0911 - one line a kind of block
        match block:
            case Text():
                return self._text(block)
            case Fields():
                return self._lines(_card(block.rows, self.width)) if block.rows else []
            case Table():
                return self._table(block)
            case Picture():
                return self._file(block.alt, "console-picture", "console-picture-not-kept")
            case Document():
                return self._file(block.alt, "console-document", "console-document-not-kept")
            case Link(label, url):
                return self._lines(Styled(f"{one_line(label)}: {one_line(url)}"))
            case Headline():
                return self._headline(block)
            case Buttons():
                return self._buttons(block)
            case _:
                assert_never(block)

    def _text(self, text: Text) -> list[str]:
        # A warning must be recognisable without colour.
        mark = "! " if text.tone is Tone.WARNING else ""
        return self._lines(Styled(mark + many_lines(text.body), style=_STYLES[text.tone]))

    def _headline(self, headline: Headline) -> list[str]:
        """Renders the address last and unbroken, so that a terminal recognises it."""
        lines = self._lines(Styled(one_line(headline.title)))
        return [*lines, *self._lines(Styled(one_line(headline.note), style="dim")), one_line(headline.url)]

    def _table(self, table: Table) -> list[str]:
        for wrap_titles in (False, True):
            widths = _widths(table, wrap_titles=wrap_titles)
            if sum(widths) + _COLUMN_GAP * (len(widths) - 1) <= self.width:
                return self._lines(_grid(table, widths))
        return self._cards(table)

    def _cards(self, table: Table) -> list[str]:
        """Renders a table too wide for the terminal: each row becomes a card, so that no number is broken."""
        lines: list[str] = []
        for row in table.rows:
            filled = [(column.title, cell) for column, cell in zip(table.columns, row, strict=True) if cell.strip()]
            for _, head in filled[:1]:
                lines += self._lines(Styled(one_line(head), style="bold"))
            if len(filled) > 1:
                lines += self._lines(Padding(_card(filled[1:], self.width - _INDENT), (0, 0, 0, _INDENT)))
        return lines

    def _file(self, alt: str, here: str, not_kept: str) -> list[str]:
        lines = self._lines(Styled(many_lines(alt)))
        path = next(self.files, None)
        if path is None:
            return lines + self._lines(Styled("! " + one_line(self.say(not_kept))))
        shown = one_line(str(path))
        if self.links:
            shown = f"\x1b]8;;{path.as_uri()}\x1b\\{shown}\x1b]8;;\x1b\\"
        return [*lines, *self._lines(Styled(one_line(self.say(here)), style="dim")), shown]

    def _buttons(self, buttons: Buttons) -> list[str]:
        lines: list[str] = []
        for row in buttons.rows:
            line = Styled()
            for button, number in zip(row, self.numbers, strict=False):
                face = Styled.assemble((f"[{number}]", "bold cyan"), f" {one_line(button.label)}")
                if line and line.cell_len + len(_BUTTON_GAP) + face.cell_len > self.width:
                    lines += self._lines(line)
                    line = Styled()
                line = Styled.assemble(line, _BUTTON_GAP if line else "", face)
            lines += self._lines(line)
        return lines

    def _lines(self, drawing: RenderableType) -> list[str]:
        canvas = StringIO()
        self._paper(canvas).print(drawing, overflow="fold")
        return [line.rstrip() for line in canvas.getvalue().removesuffix("\n").split("\n")]

    def _paper(self, canvas: StringIO) -> Console:
        return Console(
            file=canvas,
            width=self.width,
            height=100,
            color_system="standard" if self.colour else None,
            force_terminal=self.colour,
            legacy_windows=False,
            highlight=False,
            _environ={},  # the environment must not affect a pure rendering
        )


def _card(rows: Sequence[tuple[str, str]], width: int) -> Grid:
    """Renders labels and values side by side. Labels are narrowed if there is not enough room for both, but not below
    their longest word or a third of the width.
    """
    labels, values = (max((cell_len(one_line(text)) for text in texts), default=1) for texts in zip(*rows, strict=True))
    word = max(cell_len(word) for label, _ in rows for word in one_line(label).split() or [""])
    least = max(_NARROWEST_LABEL, width // 3, min(word, width // 2))
    label_width = max(1, min(labels, max(least, width - _COLUMN_GAP - values)))
    grid = Grid.grid(padding=(0, _COLUMN_GAP, 0, 0))
    grid.add_column(style="dim", overflow="fold", width=label_width)
    grid.add_column(overflow="fold", width=max(1, min(values, width - _COLUMN_GAP - label_width)))
    for label, value in rows:
        grid.add_row(Styled(one_line(label)), _cell(value))
    return grid


def _widths(table: Table, *, wrap_titles: bool) -> list[int]:
    """Returns the widths of columns in cells such that no value is broken and titles break only between words, if at
    all.
    """
    widths: list[int] = []
    for position, column in enumerate(table.columns):
        title = one_line(column.title)
        parts = title.split() if wrap_titles else [title]
        texts = [*parts, *(one_line(row[position]) for row in table.rows)]
        widths.append(max(1, *(cell_len(text) for text in texts)))
    return widths


def _grid(table: Table, widths: Sequence[int]) -> Grid:
    padding = (0, _COLUMN_GAP - 1, 0, 0)  # one blank of the gap is drawn by the box
    grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=padding, header_style="bold")
    for column, width in zip(table.columns, widths, strict=True):
        justify: JustifyMethod = "right" if column.align is Align.RIGHT else "left"
        grid.add_column(Styled(one_line(column.title)), justify=justify, width=width, vertical="bottom")
    for row in table.rows:
        grid.add_row(*(_cell(cell) for cell in row))
    return grid


def _cell(value: str) -> Styled:
    """Styles a value: gains green and losses red, if colour is available."""
    text = one_line(value)
    style = {"+": "green", "-": "red", "\N{MINUS SIGN}": "red"}.get(text[:1], "") if text[1:2].isdigit() else ""
    return Styled(text, style=style)
