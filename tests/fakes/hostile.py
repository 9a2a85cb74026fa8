"""Two hundred strings that people write to see what breaks, one list for every place where free text comes in.

Through the fake platforms each place gets a share of them, another one each; with HOSTILE=all in the environment every
place gets every string, which takes minutes.
"""

import os

_MARKUP = (
    "<b>bold</b>", "<a href='tg://user?id=1'>x</a>", "<script>alert(1)</script>", "</pre><b>", "<b", "<!--", "-->",
    "&lt;b&gt;", "&amp;", "&#64;everyone", "&nbsp;", "&", "<", ">", "<tg-spoiler>x</tg-spoiler>", "<code>x",
    "*bold*", "**bold**", "_it_", "__under__", "~~gone~~", "||spoiler||", "`code`", "```block```", "```py\nx```", "`",
    "[click](https://evil.example)", "[x](tg://user?id=1)", "![x](https://evil.example/a.png)", "# heading", "## h",
    "-# sub", "> quote", ">>> all", "- list", "1. one", "\\", "\\*", "\\\\", "(", ")", "[", "]", "{", "}", "|",
    "https://evil.example", "http://127.0.0.1/x", "javascript:alert(1)", "t.me/durov", "tg://resolve?domain=durov",
)  # fmt: skip

_MENTIONS = (
    "@everyone", "@here", "@durov", "@", "@@everyone", "<@1>", "<@!1>", "<@&1>", "<#1>", "</price:1>", "<t:1:R>",
    "<:emoji:1>", "<a:emoji:1>", "<@900000000000000000>", "<id:customize>", "@\u200beveryone", "@ everyone",
    "hello@everyone", "@everyone@here", "＠everyone", "@paperdesk_bot", "/price@paperdesk_bot", "#tag", "$BTC",
    "@e\u0301veryone", "<@1", "discord.gg/abc",
)  # fmt: skip

_UNSEEN = (
    "\u200b", "a\u200bb", "\u200dx", "\ufeffBTC", "\u2060", "\u202eevil", "\u202dx\u202c", "\u2066x\u2069", "\u200f",
    "\u061c", "\u00ad", "x\x00y", "\x00", "\x1b[31mred", "\x07", "\x7f", "\x85", "\u2028", "\u2029", "a\nb", "a\r\nb",
    "\t", "\ud800", "\udfff", "x\ud83dy", "\udc00\ud800", "\ue000", "\U000f0000", "\U0010ffff", "\ufffe", "\U000e0041",
    "\u3164", "\u115f", "\u2800", "\u00a0", "\u3000",
)  # fmt: skip

_LETTERS = (
    "Z" + "\u0301" * 50, "Z" + "\u0301" * 900, "\u0301", "e\u0301", "\u0e33" * 40, "B\u0336T\u0336C\u0336",
    "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇰🇷", "🇰", "#️⃣", "🎉" * 16, "🎉" * 300, "ᄀᄁᆨ", "각", "ﷺ", "ﬃ", "İ", "ı", "ß", "Σς",
    "ＢＴＣ", "１００", "½", "²", "٣", "Ⅷ", "币安人生", "𝕭𝖎𝖙", "עברית", "العربية", "btс",
)  # fmt: skip

_SHARES = 20

_CODE = (
    "{0}", "{}", "{x!r}", "{0.__class__}", "{ $x }", "{ $reason }", "{ incident }", "{ -term }", '{ "x" }', "%s", "%n",
    "%(x)s", "%d%d%d", "${jndi:ldap://evil.example/a}", "${x}", "$(reboot)", "`reboot`", "; DROP TABLE person; --",
    "' OR '1'='1", '" OR 1=1 --', "'; SELECT pg_sleep(9); --", "1; --", "%27", "../../etc/passwd", "C:\\x", "~root",
    '{"a": 1}', '{"kind":"broadcast"}', "[1,2]", "null", "None", "true", "NaN", "Infinity", "-1", "1e309", "0x1f",
    "9" * 400,
)  # fmt: skip

_SIZES = ("x" * 63, "x" * 64, "x" * 65, "한" * 21, "한" * 22, "é" * 32, "x" * 900, "x" * 990, "x" * 9000, "*" * 900,
          "@everyone " * 90, "a " * 450, "<b>" * 300, "", " ")  # fmt: skip

HOSTILE: tuple[str, ...] = (*_MARKUP, *_MENTIONS, *_UNSEEN, *_LETTERS, *_CODE, *_SIZES)
"""Each once. Some are empty, some cannot be encoded, some are longer than a message."""


def share(number: int, shares: int = _SHARES) -> tuple[str, ...]:
    """Those for the place of this number: one share of every sort, so that `shares` places in a row get all of them."""
    return HOSTILE if os.environ.get("HOSTILE") == "all" else HOSTILE[number % shares :: shares]
