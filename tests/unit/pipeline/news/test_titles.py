"""Titles: plain text whatever a feed writes, and the same story under other words."""

import pytest

from pipeline.news.titles import LONGEST_TITLE, plain_title, same_story, title_words


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("Bitcoin <b>rises</b>", "Bitcoin rises"),
        ("<script>alert(1)</script>Bitcoin rises", "Bitcoin rises"),
        ("<style>p{}</style>Bitcoin <img src=x onerror=alert(1)> rises", "Bitcoin rises"),
        ("Bitcoin &amp;lt;b&amp;gt; rises", "Bitcoin <b> rises"),
        ("Bitcoin\nrises\tagain", "Bitcoin rises again"),
        ("Bitcoin \u202egnp.exe\u202c rises", "Bitcoin gnp.exe rises"),
        ("Bit\u200bcoin\ufeff rises\u2066", "Bitcoin rises"),
        ("Visit https://evil.example.org/x?y=z for Bitcoin", "Visit for Bitcoin"),
        ("tg://resolve?domain=x Bitcoin rises", "Bitcoin rises"),
        ("@everyone Bitcoin rises", "@everyone Bitcoin rises"),
        ("Bitcoin r\u0301\u0301\u0301\u0301\u0301ises", "Bitcoin \u0155\u0301\u0301ises"),
        ("\x1b[31mBitcoin rises\x07", "[31mBitcoin rises"),
        ("비트코인 <br/>급락", "비트코인 급락"),
        ("BTC!", ""),
        ("<p></p>", ""),
        ("12345678 9!", ""),
    ],
)
def test_titles_are_plain_text(raw: str, plain: str) -> None:
    assert plain_title(raw) == plain


@pytest.mark.parametrize(
    "raw", ["a b " * 5_000, "<b>" * 5_000 + "Bitcoin", "<" * 20_000, "&" * 20_000, "Bitcoin" * 100]
)
def test_titles_are_bounded(raw: str) -> None:
    assert len(plain_title(raw)) <= LONGEST_TITLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bitcoin falls below $60,000", "bitcoin Falls below $60,000!"),
        ("Exchange halts withdrawals after attack", "Exchange halted withdrawals after attack"),
        ("Regulator approves spot ether ETF", "Regulator approves spot ether ETF - Example News"),
    ],
)
def test_the_same_story_is_recognised(one: str, other: str) -> None:
    assert same_story(title_words(one), title_words(other))
    assert same_story(title_words(other), title_words(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bitcoin falls below $60,000", "Bitcoin falls below $50,000"),
        ("Bitcoin rises before the meeting of the bank today", "Bitcoin falls before the meeting of the bank today"),
        ("Large exchange wallets hacked on Monday evening", "Large exchange wallets not hacked on Monday evening"),
        ("Binance lists token ABC today", "Binance lists token XYZ today"),
        ("Bitcoin rises", "Bitcoin rises as inflows return"),
        ("대형 거래소 지갑 해킹 사실", "대형 거래소 지갑 해킹 사실 부인"),
    ],
)
def test_another_story_stays_another(one: str, other: str) -> None:
    assert not same_story(title_words(one), title_words(other))
