"""Replies as plain text, for golden files and for looking into them."""

from typing import assert_never

from bot.reply import Block, Button, Buttons, Document, Fields, Headline, Link, Picture, Reply, Table, Text, Tone


def transcript(reply: Reply) -> str:
    """Every block, one below the other; buttons with what they press."""
    head = ["(private)"] if reply.private else []
    return "\n".join((*head, *(_block(block) for block in reply.blocks)))


def _block(block: Block) -> str:  # noqa: PLR0911 - one line a kind of block
    match block:
        case Text(body, tone):
            return body if tone is Tone.PLAIN else f"{tone.value.upper()}: {body}"
        case Fields(rows):
            return "\n".join(f"  {label}: {value}" for label, value in rows)
        case Table(columns, rows):
            lines = (tuple(column.title for column in columns), *rows)
            return "\n".join("  | " + " | ".join(line) for line in lines)
        case Picture(_, alt, name):
            return f"[picture {name}: {alt}]"
        case Document(_, alt, name):
            return f"[document {name}: {alt}]"
        case Link(label, url):
            return f"[{label}: {url}]"
        case Headline(title, url, note):
            return f"* {title}\n  {note}\n  {url}"
        case Buttons(rows):
            return "\n".join("  " + "  ".join(f"[{entry.label} -> {entry.press}]" for entry in row) for row in rows)
        case _:
            assert_never(block)


def buttons(reply: Reply) -> list[Button]:
    """All buttons from top to bottom."""
    return [entry for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for entry in row]


def press_of(reply: Reply, prefix: str) -> str:
    """What the first button whose press begins with `prefix` presses."""
    return next(entry.press for entry in buttons(reply) if entry.press.startswith(prefix))
