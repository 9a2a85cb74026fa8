"""Words of fuzzed command lines about orders, in both languages."""

import random
from collections.abc import Mapping

from people.person import Language

FORMS = {
    "limit": "SYMBOL SIDE SIZE @ PRICE END MORE",
    "stop": "SYMBOL SIDE SIZE @ PRICE END MORE",
    "tp": "SYMBOL SIDE SIZE @ PRICE END MORE",
    "trail": "SYMBOL SIDE SIZE DELTA MORE",
    "oco": "SYMBOL SIDE SIZE TP PRICE SL PRICE MORE",
    "bracket": "SYMBOL SIDE SIZE TP PRICE SL PRICE MORE",
    "orders": "SYMBOL",
    "order": "NUMBER MORE",
    "amend": "NUMBER FIELD PRICE MORE",
    "cancel": "WHICH MORE",
    "fills": "WHICH",
    "receipt": "NUMBER MORE",
    "buy": "SYMBOL SIZE",
    "sell": "SYMBOL SIZE",
    "export": "KIND PERIOD",
    "reset": "",
    "history": "",
    "portfolio": "",
}
_ORDERS = 10
"""The first forms: commands that place, show and change orders. They are typed most often."""

_MEANT = 4
"""The first words of each kind, which can be meant."""

_NUMBERS = [
    "0", "-1", "1", "0.1", "0.00000001", "1e-9", "1e18", "9" * 30, "0." + "0" * 40 + "1", "NaN", "Infinity",
    "１２", "٣", "1,000.5", "58000", "57999.99", "58000.001", "100000000000", "999999999999999", "1e400",
    "-0", "+5", "50k", "1m",
]  # fmt: skip
_CHOICES: Mapping[str, list[str]] = {
    "SYMBOL": ["BTC", "BTC", "ETH", "BTCUSDC", "SOL", "XYZ", "", "btc/usdc", "🚀", "x" * 500],
    "SIDE": ["buy", "sell", "buy", "sell", "BUY", "both", "매수", "매도", ""],
    "SIZE": ["0.01", "0.001", "10%", "50%", "100%", "100usdc", "1000usdc", "1e7usdc", "0.1btc", "all", "0%", *_NUMBERS],
    "PRICE": ["-1%", "+1%", "-2%", "+2%", "-99.999999%", "-100%", "+100000%", "57k", "59k", "0%", "1e-12%", *_NUMBERS],
    "TP": ["tp", "tp", "take profit", "target", "tp=", ""],
    "SL": ["sl", "sl", "stop loss", "stop", "sl=", ""],
    "DELTA": ["1%", "0.01%", "99.99%", "20%", "100%", "1e-9%", "500", "500bips", "-1%", "0.015%", *_NUMBERS],
    "END": ["", "1d", "gtc", "ioc", "fok", "maker", "91d", "59s", "60s", "90d", "0d", "2020-01-01", "9999-12-31", ""],
    "FIELD": ["price", "size", "price", "size", "quantity", "to", ""],
    "WHICH": ["BTC", "all", "NUMBER", "NUMBER", "order", "my orders", "ETH", "", "order NUMBER", "NUMBER NUMBER"],
    "KIND": ["fills", "orders", "ledger", "fills", "", "coins"],
    "PERIOD": ["30d", "", "1y", "all", "0d", "99999y", "yesterday"],
    "MORE": [
        "", "", "", "", "limit 58000", "@ 57000", "from 59000", "ioc", "1d", "tp", "sl", "\x00", "@ @ @", "please",
        "»x«", "=1+1", "<b>", "*_`",
    ],
}  # fmt: skip
_KOREAN: Mapping[str, list[str]] = {
    "SYMBOL": ["비트코인", "BTC", "이더리움", "비트코인", "없는코인", "", "비트 코인", "솔라나"],
    "SIDE": ["매수", "매도", "매수", "매도", "사기", "둘다", "buy", ""],
    "SIZE": ["0.01", "0.001개", "10%", "50%", "전량", "절반", "100usdc", "1000달러", "백만원", "0%", *_NUMBERS],
    "PRICE": ["-1%", "+1%", "-2%", "+2%", "5만8천", "5.7만에", "60000에", "천억", "0%", *_NUMBERS],
    "TP": ["익절", "익절", "목표가", "tp", ""],
    "SL": ["손절", "손절", "스탑", "sl", ""],
    "DELTA": ["1%", "0.01%", "폭 3%", "간격 2%", "3퍼센트", "300베이시스포인트", "3", "-1%", *_NUMBERS],
    "END": ["", "1일", "gtc", "메이커", "1일까지", "기한 2일", "91일", "0일", "2020-01-01까지", ""],
    "FIELD": ["가격", "수량", "가격", "수량", "지정가", ""],
    "WHICH": [
        "비트코인",
        "전부",
        "NUMBER번",
        "NUMBER",
        "주문",
        "내 주문",
        "전체",
        "",
        "주문 NUMBER",
        "NUMBER번 NUMBER번",
    ],
    "KIND": ["체결", "주문", "원장", "체결내역", "", "코인"],
    "PERIOD": ["30일", "", "1년", "전체", "0일", "99999년", "어제"],
    "MORE": [
        "",
        "",
        "",
        "",
        "지정가 58000",
        "@ 57000",
        "부터 59000",
        "1일",
        "익절",
        "손절",
        "\u200b",
        "제발",
        "ㅋㅋ",
        "=1",
    ],
}
_KOREAN_NAMES = {
    "limit": ["/지정가", "지정가"], "stop": ["/스탑", "손절"], "tp": ["/익절", "익절"],
    "trail": ["/추적손절", "추적손절"],
    "oco": ["/oco주문", "/oco"], "bracket": ["/브래킷", "브래킷"], "orders": ["/미체결", "미체결"],
    "order": ["/주문", "주문"], "amend": ["/정정", "정정"], "cancel": ["/취소", "취소", "주문 취소", "주문취소"],
    "fills": ["/체결내역", "체결 내역"], "receipt": ["/체결상세", "영수증"], "buy": ["/매수", "매수"],
    "sell": ["/매도", "매도"], "export": ["/내보내기", "내보내기"], "reset": ["/초기화"], "history": ["거래 내역"],
    "portfolio": ["내 자산"],
}  # fmt: skip
WORDS_IN: Mapping[Language, Mapping[str, list[str]]] = {Language.ENGLISH: _CHOICES, Language.KOREAN: _KOREAN}


def line(chance: random.Random, newest: int, language: Language) -> str:
    """Returns a command line; its numbers of orders are near the newest."""
    name = chance.choice(list(FORMS)[: _ORDERS if chance.random() < 0.8 else None])
    words = [_word(kind, chance, newest, language) for kind in FORMS[name].split()]
    if chance.random() < 0.1:
        chance.shuffle(words)
    if words and chance.random() < 0.1:
        del words[chance.randrange(len(words))]
    return " ".join([_name(name, chance, language), *words])


def _name(name: str, chance: random.Random, language: Language) -> str:
    plain = [f"/{name}", name]
    return (
        chance.choice([*_KOREAN_NAMES[name], *plain])
        if language is Language.KOREAN
        else chance.choices(plain, (9, 1))[0]
    )


def _word(kind: str, chance: random.Random, newest: int, language: Language) -> str:
    """Returns a word of a kind, mostly one that can be meant."""
    known = WORDS_IN[language].get(kind)
    if known is not None:
        word = chance.choice(known[:_MEANT] if chance.random() < 0.88 else known)
    else:
        word = kind if kind != "NUMBER" or chance.random() < 0.8 else chance.choice(_NUMBERS)
    while "NUMBER" in word:
        word = word.replace("NUMBER", str(max(newest - chance.randint(-1, 12), 0)), 1)
    return word
