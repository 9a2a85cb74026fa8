"""Plain tables of the command line, wide enough for their cells where the output is no terminal."""

import sys

from rich.console import Console
from rich.table import Table


def plain_table(*names: str) -> Table:
    """Returns a table without lines, with these columns. Long cells are folded."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def plain_console(width: int) -> Console:
    """Returns a console on standard output that shows all text as it is; `width` holds where that is no terminal."""
    console = Console(file=sys.stdout, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = width
    return console
