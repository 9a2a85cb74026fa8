"""Orders that are accepted at any price of the market, and what is done with one of them, as each platform says it."""

import re

from people.person import Language

PLACED = (
    ("limit", {"symbol": "BTC", "side": "buy", "size": "100usdc", "price": "-3%", "life": "1d"}),
    ("stop", {"symbol": "BTC", "side": "sell", "size": "20%", "price": "-3%"}),
    ("tp", {"symbol": "BTC", "side": "sell", "size": "20%", "price": "+3%"}),
    ("trail", {"symbol": "BTC", "side": "sell", "size": "20%", "distance": "3%"}),
    ("oco", {"symbol": "BTC", "side": "sell", "size": "20%", "take_profit": "+5%", "stop_loss": "-5%"}),
    (
        "bracket",
        {"symbol": "BTC", "side": "buy", "size": "100usdc", "take_profit": "+5%", "stop_loss": "-5%", "entry": "-2%"},
    ),
    ("limit", {"symbol": "BTC", "side": "buy", "size": "100usdc", "price": "-4%"}),
)
"""Commands with their options. The last one is amended and cancelled."""

_MARKS = {"price": "@", "entry": "@", "take_profit": "tp", "stop_loss": "sl"}
_KOREAN = {"buy": "매수", "sell": "매도", "BTC": "비트코인"}
_NUMBER = re.compile(r"Order (\d+): Limit order|(\d+)번 지정가 주문")

EVENTS = {"accepted", "amended", "canceled"}
TYPES = {"LIMIT", "LIMIT_MAKER", "STOP_LOSS", "TAKE_PROFIT"}
KINDS = """
SELECT i.platform, array_agg(DISTINCT t.type::text) AS types, array_agg(DISTINCT v.kind::text) AS events,
       bool_or(t.trailing_delta IS NOT NULL) AS trails, array_agg(DISTINCT l.kind::text) AS lists
FROM order_terms t
JOIN account a ON a.id = t.account_id
JOIN identity i ON i.person_id = a.person_id
JOIN order_event v ON v.order_id = t.id
LEFT JOIN order_list l ON l.id = t.list_id
GROUP BY i.platform
"""
"""What became of orders, by platform."""


def typed(language: Language) -> list[str]:
    """The orders as lines."""
    return [f"/{name} {_words(options, language)}" for name, options in PLACED]


def _words(options: dict[str, str], language: Language) -> str:
    words = (f"{_MARKS.get(name, '')} {value}".strip() for name, value in options.items())
    return " ".join(_KOREAN.get(word, word) if language is Language.KOREAN else word for word in words)


def number_in(text: str) -> str:
    """The number of the limit order that was shown last."""
    return ["".join(found) for found in _NUMBER.findall(text)][-1]


def then(number: str) -> list[str]:
    """What is done with the order of this number."""
    return [f"/order {number}", f"/amend {number} price -5%", "/orders", f"/cancel {number}", "/orders BTC"]
