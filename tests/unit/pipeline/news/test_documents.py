"""Feed documents: what is read of them, and what is refused before a parser sees it."""

import codecs

import pytest

from pipeline.news.documents import MAX_ENTRIES, decode_document, read_document
from pipeline.news.errors import FeedFault, FeedRefused
from tests.fakes.feed_server import item, rss

ADDRESS = "https://news.example.org/rss"
XML = "application/rss+xml"
AT = 1_617_278_400_000
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title>
<entry><title type="html">Ether &lt;b&gt;rises&lt;/b&gt; &amp;amp; falls</title>
<link href="/story?utm_source=x&amp;id=7"/><updated>2021-04-01T12:00:00Z</updated></entry></feed>"""
BILLION = "".join(f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" * 10 if n else "lol"}">' for n in range(10))


def titles(body: bytes, kind: str = XML) -> list[str]:
    return [entry.title for entry in read_document(body, kind, ADDRESS)]


def fault(body: bytes, kind: str = XML) -> FeedFault:
    with pytest.raises(FeedRefused) as refused:
        read_document(body, kind, ADDRESS)
    return refused.value.fault


def test_entries_of_rss_have_title_link_and_time() -> None:
    (entry,) = read_document(rss(item("Bitcoin climbs")), XML, ADDRESS)
    assert (entry.title, entry.link, entry.published) == ("Bitcoin climbs", "https://news.example.org/a", AT)


def test_entries_of_atom_have_title_link_and_time() -> None:
    (entry,) = read_document(ATOM.encode(), "application/atom+xml", ADDRESS)
    assert (entry.title, entry.link, entry.published) == (
        "Ether rises & falls",
        "https://news.example.org/story?id=7",
        AT,
    )


@pytest.mark.parametrize("date", ["", "soon", "Thu, 99 Apr 2021 12:00:00 GMT"])
def test_a_date_that_cannot_be_read_is_none(date: str) -> None:
    (entry,) = read_document(rss(item("Bitcoin climbs", date=date)), XML, ADDRESS)
    assert entry.published is None


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "https://127.0.0.1/a", "https://user@example.org/", "ftp://x.org"]
)
def test_an_entry_without_a_usable_link_is_left_out(link: str) -> None:
    assert titles(rss(item("Bitcoin climbs", link), item("Ether climbs too"))) == ["Ether climbs too"]


def test_only_so_many_entries_are_used() -> None:
    body = rss(*(item(f"Headline number {n}", f"https://news.example.org/{n}") for n in range(10_000)))
    assert len(titles(body)) == MAX_ENTRIES


@pytest.mark.parametrize(
    "prolog",
    [
        f"<!DOCTYPE rss [{BILLION}]>",
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!doctype rss [<!entity x "y">]>',
        '<!DOCTYPE rss PUBLIC "a" "b" [ ]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd" [\n<!ELEMENT rss ANY>]>',
        '<!ENTITY x "y">',
    ],
)
def test_a_document_that_declares_something_is_refused(prolog: str) -> None:
    body = rss(item("&l9; bitcoin"), prolog=prolog)
    assert fault(body) is FeedFault.DTD
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        assert fault(mark + body.decode().encode(name)) is FeedFault.DTD


@pytest.mark.parametrize("name", ["utf-7", "utf-32", "cp037", "hex", "rot13", "punycode", "unicode_escape", "no-such"])
def test_an_encoding_that_hides_text_is_refused(name: str) -> None:
    assert fault(f'<?xml version="1.0" encoding="{name}"?><rss/>'.encode()) is FeedFault.ENCODING
    assert fault(b"<rss/>", f"text/xml; charset={name}") is FeedFault.ENCODING


def test_utf_32_is_refused() -> None:
    assert fault(codecs.BOM_UTF32_LE + "<rss/>".encode("utf-32-le")) is FeedFault.ENCODING


@pytest.mark.parametrize("name", ["euc-kr", "cp949", "utf-8"])
def test_korean_encodings_are_read(name: str) -> None:
    body = rss(item("비트코인 사상 최고가"), prolog=f'<?xml version="1.0" encoding="{name}"?>').decode().encode(name)
    assert titles(body) == ["비트코인 사상 최고가"]


def test_invalid_utf_8_is_replaced() -> None:
    (title,) = titles(rss(item("Bitcoin XX climbs")).replace(b"XX", b"\xff\xfe\xc3"))
    assert title.startswith("Bitcoin ")
    assert title.endswith(" climbs")


def test_control_characters_do_not_reach_the_parser() -> None:
    text = decode_document(b"<rss>\x00\x01\x08\x0b\x1f</rss>", XML)
    assert text == "<rss></rss>"


@pytest.mark.parametrize(
    "body", [b"<html><body>No feed</body></html>", b"", b"{}", b"\x89PNG\r\n", b"<" * 5000], ids=range(5)
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    assert fault(body) in (FeedFault.UNREADABLE, FeedFault.ENCODING)


def test_a_broken_document_gives_what_can_be_read() -> None:
    body = rss(item("Bitcoin climbs"))[:-30] + b"<item><title>cut"
    assert titles(body)[0] == "Bitcoin climbs"
