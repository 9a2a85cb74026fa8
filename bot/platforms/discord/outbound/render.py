"""Rendering of a reply as Discord messages within the platform's limits.

Pure: the same reply gives the same messages.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from enum import IntEnum
from typing import assert_never

from bot.platforms.discord.outbound.components import rows_of
from bot.platforms.discord.outbound.markdown import escaped, plain
from bot.platforms.discord.outbound.messages import (
    ALT_LIMIT,
    CARD_FIELDS,
    DESCRIPTION_LIMIT,
    FIELD_NAME_LIMIT,
    FIELD_VALUE_LIMIT,
    FILE_BYTES,
    FOOTER_LIMIT,
    MESSAGE_CARDS,
    MESSAGE_FILES,
    MESSAGE_ROWS,
    MESSAGE_TEXT_LIMIT,
    TITLE_LIMIT,
    Attached,
    Colour,
    DiscordMessage,
    Embed,
    Field,
    units,
)
from bot.platforms.discord.outbound.tables import code_blocks, field_cards
from bot.reply import Block, Buttons, Document, Fields, Headline, Link, Picture, Reply, Table, Text, Tone

_INLINE_VALUE = 28
_WARNING_MARK = "⚠️ "
_EMPTY = "–"
_NOT_A_FILE_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_NOT_AN_ENDING = re.compile(r"[^A-Za-z0-9]+")
_PARAGRAPH = 1500
"""Maximum characters of one paragraph, so that messages stay readable; escaping can double the length."""


def render(reply: Reply, *, owner: int, page: str = "", ask: str = "") -> tuple[DiscordMessage, ...]:
    """Renders the messages from top to bottom. Buttons are under the last one.

    `owner` is the id of the user who may press them (`custom_id.ANYONE` for all users), `page` the command that was
    answered, and `ask` the label of the button that opens a form for the word that the reply asks for.
    """
    stack = _Stack()
    for block in reply.blocks:
        stack.put(block)
    cards_made = [card for card in stack.cards if not card.empty]
    if not cards_made and not stack.documents:
        cards_made = [Embed(description=_EMPTY)]
    messages = _attach(_pack(cards_made), stack.documents)
    rows = rows_of(reply, owner, page, ask)
    if not rows:
        return tuple(messages)
    first, *others = (rows[at : at + MESSAGE_ROWS] for at in range(0, len(rows), MESSAGE_ROWS))
    *before, last = messages
    more = (DiscordMessage((Embed(description=_EMPTY, colour=Colour.QUIET),), rows) for rows in others)
    return (*before, replace(last, rows=first), *more)


class _Part(IntEnum):
    """Parts of an embed in the order in which Discord shows them."""

    NOTHING = 0
    TITLE = 1
    DESCRIPTION = 2
    FIELDS = 3
    PICTURE = 4
    FOOTER = 5


class _Stack:
    """Builder of embeds. A block that belongs above the existing parts of the current embed starts a new embed."""

    def __init__(self) -> None:
        self.cards: list[Embed] = []
        self.documents: list[Attached] = []
        self._reached = _Part.NOTHING

    def put(self, block: Block) -> None:
        match block:
            case Text():
                self._text(block)
            case Fields():
                self._fields([_field(label, value) for label, value in block.rows])
            case Table():
                self._table(block)
            case Picture():
                self._picture(block)
            case Document():
                self._document(block)
            case Link(label, url):
                self._describe(f"[{escaped(label, _PARAGRAPH)}]({url})", None)
            case Headline(title, url, note):
                self._describe(f"[{escaped(title, _PARAGRAPH)}]({url})\n-# {escaped(note, _PARAGRAPH)}", None)
            case Buttons():
                pass
            case _:
                assert_never(block)

    def _text(self, text: Text) -> None:
        match text.tone:
            case Tone.TITLE:
                self._new(Embed(title=escaped(text.body, TITLE_LIMIT)), _Part.TITLE)
            case Tone.NOTE if self._reached > _Part.NOTHING:
                self._note(plain(text.body, _PARAGRAPH))
            case Tone.NOTE:
                self._describe("-# " + escaped(text.body, _PARAGRAPH).replace("\n", "\n-# "), Colour.QUIET)
            case Tone.WARNING:
                self._describe(_WARNING_MARK + _paragraph(text), Colour.WARNING)
            case Tone.PLAIN:
                self._describe(_paragraph(text), None)
            case _:
                assert_never(text.tone)

    def _describe(self, paragraph: str, colour: Colour | None) -> None:
        card = self._card(_Part.DESCRIPTION, colour)
        longer = "\n\n".join(filter(None, (card.description, paragraph)))
        if units(longer) > DESCRIPTION_LIMIT:
            self._new(Embed(description=paragraph, colour=card.colour), _Part.DESCRIPTION)
        else:
            self.cards[-1] = replace(card, description=longer, colour=colour or card.colour)

    def _note(self, note: str) -> None:
        card = self._card(_Part.FOOTER, None)
        self.cards[-1] = replace(card, footer=plain("\n".join(filter(None, (card.footer, note))), FOOTER_LIMIT))

    def _fields(self, fields: list[Field]) -> None:
        for field in fields:
            card = self._card(_Part.FIELDS, None)
            larger = replace(card, fields=(*card.fields, field))
            if len(larger.fields) > CARD_FIELDS or larger.characters() > MESSAGE_TEXT_LIMIT:
                self._new(Embed(fields=(field,), colour=card.colour), _Part.FIELDS)
            else:
                self.cards[-1] = larger

    def _table(self, table: Table) -> None:
        if not table.rows:
            return
        blocks = code_blocks(table, DESCRIPTION_LIMIT // 2)
        for block in blocks:
            self._describe(block, None)
        if not blocks:
            self._fields(field_cards(table))

    def _picture(self, picture: Picture) -> None:
        if len(picture.png) > FILE_BYTES:
            self._describe(escaped(picture.alt, _PARAGRAPH), None)
            return
        card = self._card(_Part.PICTURE, None)
        if card.picture is not None:
            card = self._new(Embed(colour=card.colour), _Part.PICTURE)
        name = _NOT_A_FILE_NAME.sub("", picture.name)[:60] or "chart"
        number = 1 + sum(1 for other in self.cards if other.picture is not None)
        attached = Attached(picture.png, f"{number}-{name}.png", plain(picture.alt, ALT_LIMIT))
        self.cards[-1] = replace(card, picture=attached)

    def _document(self, document: Document) -> None:
        if len(document.data) > FILE_BYTES:
            sizes = f"{len(document.data) / 2**20:.1f} MiB > {FILE_BYTES >> 20} MiB"
            told = escaped(f"{document.alt} ({document.name}: {sizes})", _PARAGRAPH)
            self._describe(_WARNING_MARK + told, Colour.WARNING)
            return
        stem, _, ending = document.name.rpartition(".")
        name = _NOT_A_FILE_NAME.sub("", stem)[:60] or "file"
        ending = _NOT_AN_ENDING.sub("", ending)[:10] or "bin"
        number = 1 + len(self.documents)
        file_name = f"{name}.{ending}" if number == 1 else f"{name}-{number}.{ending}"
        self.documents.append(Attached(document.data, file_name, plain(document.alt, ALT_LIMIT)))

    def _card(self, part: _Part, colour: Colour | None) -> Embed:
        if not self.cards or self._reached > part:
            return self._new(Embed(colour=colour or Colour.DESK), part)
        self._reached = part
        return self.cards[-1]

    def _new(self, card: Embed, part: _Part) -> Embed:
        self.cards.append(card)
        self._reached = part
        return card


def _paragraph(text: Text) -> str:
    """Returns the escaped text with moments as Discord timestamps, shown in each reader's language and time zone."""
    rest, done = text.body, ""
    for moment in text.moments:
        before, found, after = rest.partition(moment.text)
        if not found:
            continue
        seconds = moment.at // 1000
        done += f"{_spaced(before)}<t:{seconds}:f> (<t:{seconds}:R>)"
        rest = after
    return done + (_spaced(rest) if done else escaped(rest, _PARAGRAPH))


def _spaced(part: str) -> str:
    """Escapes a part of a paragraph and keeps the spaces around it."""
    bare = part.strip(" ")
    if not bare:
        return part
    front, _, end = part.partition(bare)
    return f"{front}{escaped(bare, _PARAGRAPH)}{end}"


def _field(label: str, value: str) -> Field:
    name = escaped(label, FIELD_NAME_LIMIT) or _EMPTY
    shown = escaped(value, FIELD_VALUE_LIMIT) or _EMPTY
    return Field(name, shown, inline=len(value) <= _INLINE_VALUE and len(label) <= _INLINE_VALUE and "\n" not in value)


def _pack(made: Iterable[Embed]) -> list[DiscordMessage]:
    """Distributes embeds over as few messages as the limits allow."""
    messages: list[list[Embed]] = []
    for card in made:
        if not messages or not _fits([*messages[-1], card]):
            messages.append([])
        messages[-1].append(card)
    return [DiscordMessage(tuple(page)) for page in messages]


def _fits(page: list[Embed]) -> bool:
    return (
        len(page) <= MESSAGE_CARDS
        and sum(card.characters() for card in page) <= MESSAGE_TEXT_LIMIT
        and sum(len(card.picture.data) for card in page if card.picture) <= FILE_BYTES
    )


def _attach(messages: list[DiscordMessage], documents: Iterable[Attached]) -> list[DiscordMessage]:
    """Adds each document to the last message, or to a new one if it does not fit."""
    for document in documents:
        files = messages[-1].files() if messages else ()
        heavy = sum(len(file.data) for file in files) + len(document.data) > FILE_BYTES
        if not messages or heavy or len(files) == MESSAGE_FILES:
            messages.append(DiscordMessage())
        messages[-1] = replace(messages[-1], documents=(*messages[-1].documents, document))
    return messages
