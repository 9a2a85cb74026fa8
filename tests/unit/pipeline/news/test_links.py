"""Links of stories: https, bounded, the same for every reader, and compared without what tracks."""

import pytest

from pipeline.news.links import LONGEST_LINK, link_key, source_name, story_link
from pipeline.news.public_addresses import is_public


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("https://news.example.org/a", "https://news.example.org/a"),
        ("http://news.example.org/a", "https://news.example.org/a"),
        ("https://NEWS.example.org", "https://news.example.org/"),
        ("https://news.example.org/a?utm_source=rss&id=7&fbclid=1#top", "https://news.example.org/a?id=7"),
        ("https://news.example.org/a)b[c]<d> e", "https://news.example.org/a%29b%5Bc%5D%3Cd%3E%20e"),
        ("https://bücher.example.org/ü", "https://xn--bcher-kva.example.org/%C3%BC"),
        ("https://news.example.org/뉴스?q=비트", "https://news.example.org/%EB%89%B4%EC%8A%A4?q=%EB%B9%84%ED%8A%B8"),
        ("https://news.example.org:443/a", "https://news.example.org/a"),
    ],
)
def test_links_are_made_plain(raw: str, link: str) -> None:
    assert story_link(raw) == link
    assert story_link(link) == link


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "news.example.org/a",
        "javascript:alert(1)",
        "data:text/html,x",
        "tg://resolve?domain=x",
        "https://",
        "https://localhost/a",
        "https://intranet/a",
        "https://127.0.0.1/a",
        "https://2130706433/a",
        "https://[::1]/a",
        "https://printer.local/a",
        "https://user:pass@example.org/a",
        "https://example.org:8443/a",
        "https://example.org/" + "a" * LONGEST_LINK,
        "https://exa mple.org/a",
        "https://[bad/a",
    ],
)
def test_other_links_are_left_out(raw: str) -> None:
    assert story_link(raw) == ""


def test_links_to_the_same_page_are_the_same() -> None:
    pages = [
        "https://www.example.org/a/?b=1&a=2",
        "https://example.org/a?a=2&b=1",
        "https://m.example.org/a/amp?a=2&b=1",
    ]
    assert len({link_key(story_link(page)) for page in pages}) == 1
    assert link_key("https://example.org/a?id=1") != link_key("https://example.org/a?id=2")


def test_sources_are_named_by_their_host() -> None:
    assert source_name("https://feeds.example.org/rss?key=secret") == "example.org"
    assert source_name("https://www.example.org/rss") == "example.org"


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104
            "192.0.0.8",
        ),
        *(
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "203.0.113.1",
            "::",
            "::1",
            "fe80::1",
            "fe80::1%eth0",
            *("fec0::1", "3fff::1", "5f00::1"),
        ),
        *("fc00::1", "ff02::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00::1"),
        *("2001:db8::1", "", "localhost", "1.2.3", "0x7f.0.0.1"),
    ],
)
def test_local_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_loopback_is_allowed_by_choice_and_nothing_else() -> None:
    assert is_public("127.0.0.1", allow_loopback=True)
    assert is_public("::1", allow_loopback=True)
    assert is_public("::ffff:127.0.0.1", allow_loopback=True)
    assert not is_public("10.0.0.1", allow_loopback=True)
    assert not is_public("169.254.169.254", allow_loopback=True)
