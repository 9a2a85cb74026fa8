"""Reader of feed documents. Pure; runs in a process of its own (`pipeline.news.parse_process`).

A document is decoded here, by an encoding of a short list, and refused if it declares entities or a document type with
an internal subset. feedparser then gets UTF-8 without a declaration: it cannot meet a document that was not checked.
"""

import calendar
import codecs
import io
import re
import time
from collections.abc import Iterator

from pipeline.news.errors import FeedFault, FeedRefused
from pipeline.news.links import story_link
from pipeline.news.records import FeedEntry
from pipeline.news.titles import plain_title

MAX_ENTRIES = 200
"""Entries of one document that are used, from its top."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ENCODINGS = frozenset(
    codecs.lookup(name).name
    for name in (
        *("utf-8", "ascii", "iso-8859-1", "iso-8859-2", "iso-8859-9", "iso-8859-15", "cp1250", "cp1251", "cp1252"),
        *("euc-kr", "cp949", "shift-jis", "euc-jp", "gb2312", "gbk", "gb18030", "big5", "koi8-r"),
    )
)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_SUBSET = re.compile(r"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)|<!DOCTYPE[^>]*\[", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[A-Za-z0-9]{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def decode_document(body: bytes, content_type: str) -> str:
    """Returns the text of a document. Raises FeedRefused for an encoding that is not known, and for entities."""
    encoding = _encoding(body, content_type)
    text = _UNSEEN.sub("", _DECLARATION.sub("", body.decode(encoding, "replace").removeprefix("\ufeff"), count=1))
    if _SUBSET.search(text):
        raise FeedRefused(FeedFault.DTD)
    return text


def _encoding(body: bytes, content_type: str) -> str:
    if body.startswith(_UTF32):
        raise FeedRefused(FeedFault.ENCODING)
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name
    declared, charset = _DECLARED.match(body[:1000]), _CHARSET.search(content_type)
    name = declared[1].decode("ascii") if declared else charset[1] if charset else "utf-8"
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    if found not in _ENCODINGS:
        raise FeedRefused(FeedFault.ENCODING)
    return found


def read_document(body: bytes, content_type: str, address: str) -> list[FeedEntry]:
    """Returns the usable entries of a feed, at most 200 from its top. Raises FeedRefused."""
    import feedparser  # noqa: PLC0415 - only the process that reads a document loads it

    text = decode_document(body, content_type)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    parsed = feedparser.parse(
        io.BytesIO(_shortened(text).encode("utf-8", "replace")),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,  # titles lose all their tags here
    )
    if not (parsed.get("version") or parsed["entries"]):
        raise FeedRefused(FeedFault.UNREADABLE)
    return list(_entries(parsed["entries"][:MAX_ENTRIES]))


def _shortened(text: str) -> str:
    """Returns the document without the entries beyond the 200th, which would take seconds to parse."""
    ends = [match.end() for match in _ENTRY_END.finditer(text)]
    return text if len(ends) <= MAX_ENTRIES else text[: ends[MAX_ENTRIES - 1]] + text[ends[-1] :]


def _entries(found: list[dict[str, object]]) -> Iterator[FeedEntry]:
    for entry in found:
        title, link = plain_title(str(entry.get("title", ""))), story_link(str(entry.get("link", "")))
        if title and link:
            yield FeedEntry(title, link, _published(entry))


def _published(entry: dict[str, object]) -> int | None:
    for name in ("published_parsed", "updated_parsed"):
        found = dict.get(entry, name)  # the library's own `get` takes one date for another, with a warning
        if isinstance(found, time.struct_time):
            try:
                return calendar.timegm(found) * 1000
            except (ValueError, OverflowError):
                return None
    return None
