"""The fake exchange's market: every figure is a function of symbol and time, so REST and streams always agree."""

import math
import zlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.market import MINUTE_MS
from pipeline.quote_assets import base_of, choose_quote

DAY_MS = 86_400_000
_TRAILING = [(bound, side) for bound in ("min", "max") for side in ("Above", "Below")]


def _share(*parts: object) -> float:
    return zlib.crc32(":".join(map(str, parts)).encode()) / 2**32


def _text(value: float) -> str:
    return f"{value:.8f}"


@dataclass
class FakeMarket:
    statuses: dict[str, str] = field(default_factory=dict)

    def set_status(self, symbol: str, status: str, now: int) -> None:
        self.statuses[symbol] = status

    def price(self, symbol: str, time: int) -> str:
        second = time // 1000
        base = 10 ** (1 + 3 * _share(symbol))
        wave = math.sin(second / 300 + 6 * _share(symbol, "phase"))
        return _text(round(base * (1 + 0.02 * wave + 0.002 * _share(symbol, second)), 2))

    def top(self, symbol: str, time: int) -> tuple[str, str, str, str]:
        """Bid, its size, ask, its size."""
        price = Decimal(self.price(symbol, time))
        sizes = [_text(1 + 9 * _share(symbol, time // 1000, side)) for side in ("bid", "ask")]
        return f"{price - Decimal('0.01'):.8f}", sizes[0], f"{price + Decimal('0.01'):.8f}", sizes[1]

    def exchange_info(self, now: int) -> dict[str, Any]:
        limits = [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000},
            {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 61000},
        ]
        symbols = [self._symbol_info(symbol, status) for symbol, status in self.statuses.items()]
        return {
            "timezone": "UTC",
            "serverTime": now,
            "rateLimits": limits,
            "exchangeFilters": [],
            "symbols": symbols,
        }

    def depth(self, symbol: str, now: int, limit: int) -> dict[str, Any]:
        bid, bid_size, ask, ask_size = self.top(symbol, now)
        rows = range(min(limit, 200))
        return {
            "lastUpdateId": now,
            "bids": [[f"{Decimal(bid) - n * Decimal('0.01'):.8f}", bid_size] for n in rows],
            "asks": [[f"{Decimal(ask) + n * Decimal('0.01'):.8f}", ask_size] for n in rows],
        }

    def kline(self, symbol: str, open_time: int, now: int) -> list[Any]:
        """A row of /api/v3/klines; the minute under way is seen up to `now`."""
        end = min(now, open_time + MINUTE_MS - 1)
        times = [*range(open_time, end, 5000), end]
        prices = [self.price(symbol, time) for time in times]
        volume = 100 * _share(symbol, open_time, "volume")
        return [
            open_time,
            prices[0],
            max(prices, key=Decimal),
            min(prices, key=Decimal),
            prices[-1],
            _text(volume),
            open_time + MINUTE_MS - 1,
            _text(volume * float(prices[0])),
            len(times),
            _text(volume / 2),
            _text(volume * float(prices[0]) / 2),
            "0",
        ]

    def klines(self, params: dict[str, str], now: int) -> list[list[Any]]:
        width = {"1m": 1, "5m": 5, "15m": 15, "1h": 60, "4h": 240, "1d": 1440}[params["interval"]] * MINUTE_MS
        limit = min(int(params.get("limit", "500")), 1000)
        last = min(int(params.get("endTime", str(now))), now)
        start = int(params.get("startTime", str(last - (limit - 1) * width)))
        first = -(-start // width) * width
        opens = range(first, last + 1, width)[:limit]
        return [self.kline(params["symbol"], open_time, now) for open_time in opens]

    def ticker(self, symbol: str, now: int, *, full: bool) -> dict[str, Any]:
        last, day_ago = self.price(symbol, now), self.price(symbol, now - DAY_MS)
        row: dict[str, Any] = {
            "symbol": symbol,
            "openPrice": day_ago,
            "highPrice": max(last, day_ago, key=Decimal),
            "lowPrice": min(last, day_ago, key=Decimal),
            "lastPrice": last,
            "volume": "1000.00000000",
            "quoteVolume": _text(1000 * float(last)),
            "openTime": now - DAY_MS,
            "closeTime": now,
            "firstId": 1,
            "lastId": 100,
            "count": 100,
        }
        if full:
            bid, bid_size, ask, ask_size = self.top(symbol, now)
            change = Decimal(last) - Decimal(day_ago)
            row |= {
                "priceChange": str(change),
                "priceChangePercent": f"{change / Decimal(day_ago) * 100:.3f}",
                "prevClosePrice": day_ago,
                "lastQty": "1.00000000",
                "bidPrice": bid,
                "bidQty": bid_size,
                "askPrice": ask,
                "askQty": ask_size,
            }
        return row

    def book_ticker(self, symbol: str, now: int) -> dict[str, Any]:
        names = ("bidPrice", "bidQty", "askPrice", "askQty")
        return {"symbol": symbol, **dict(zip(names, self.top(symbol, now), strict=True))}

    def mini_event(self, symbol: str, now: int) -> dict[str, Any]:
        row = self.ticker(symbol, now, full=False)
        names = {
            "c": "lastPrice",
            "o": "openPrice",
            "h": "highPrice",
            "l": "lowPrice",
            "v": "volume",
            "q": "quoteVolume",
        }
        return {"e": "24hrMiniTicker", "E": now, "s": symbol, **{short: row[name] for short, name in names.items()}}

    def book_event(self, symbol: str, now: int) -> dict[str, Any]:
        bid, bid_size, ask, ask_size = self.top(symbol, now)
        return {"u": now, "s": symbol, "b": bid, "B": bid_size, "a": ask, "A": ask_size}

    def kline_event(self, symbol: str, open_time: int, now: int) -> dict[str, Any]:
        row = self.kline(symbol, open_time, now)
        names = ("t", "o", "h", "l", "c", "v", "T", "q", "n", "V", "Q", "B")
        closed = open_time + MINUTE_MS <= now
        bar = {**dict(zip(names, row, strict=True)), "s": symbol, "i": "1m", "f": 1, "L": 2, "x": closed}
        return {"e": "kline", "E": now, "s": symbol, "k": bar}

    def events(self, since: int, now: int) -> list[tuple[str, Any]]:
        """What the streams say of the time after `since` up to `now`: (stream, data), or (stream, a frame as bytes)."""
        events: list[tuple[str, Any]] = []
        trading = [symbol for symbol, status in self.statuses.items() if status == "TRADING"]
        for symbol in trading:
            events.append((f"{symbol.lower()}@bookTicker", self.book_event(symbol, now)))
            events += self.kline_events(symbol, since, now)
            events += self.trade_events(symbol, since, now)
        return [*events, ("!miniTicker@arr", [self.mini_event(symbol, now) for symbol in trading])]

    def trade_events(self, symbol: str, since: int, now: int) -> list[tuple[str, Any]]:
        """One trade a second, whose id is the second."""
        seconds = range(since // 1000 + 1, now // 1000 + 1)
        return [(f"{symbol.lower()}@aggTrade", self.trade_event(symbol, second)) for second in seconds]

    def trade_event(self, symbol: str, second: int) -> dict[str, Any]:
        time, price = second * 1000, self.price(symbol, second * 1000)
        ids = {"a": second, "f": second, "l": second}
        return {"e": "aggTrade", "E": time, "s": symbol, **ids, "p": price, "q": "0.5", "T": time, "m": True, "M": True}

    def kline_events(self, symbol: str, since: int, now: int) -> list[tuple[str, Any]]:
        """The minutes that closed after `since`, and the one under way."""
        stream = f"{symbol.lower()}@kline_1m"
        opens = range(since - since % MINUTE_MS, now + 1, MINUTE_MS)
        return [(stream, self.kline_event(symbol, open_time, now)) for open_time in opens]

    def _symbol_info(self, symbol: str, status: str) -> dict[str, Any]:
        quote = choose_quote([symbol]) or "USDC"
        base = base_of(symbol, quote) or symbol
        names = ("baseAsset", "quote", "quoteAsset", "baseCommission", "quoteCommission")
        precision = {f"{name}Precision": 8 for name in names}
        flags = ("icebergAllowed", "ocoAllowed", "otoAllowed", "quoteOrderQtyMarketAllowed", "allowTrailingStop")
        more_flags = ("cancelReplaceAllowed", "isSpotTradingAllowed", "isMarginTradingAllowed")
        lot = {"minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"}
        notional = {"minNotional": "5.00000000", "applyMinToMarket": True, "maxNotional": "9000000.00000000"}
        sides = {"bidMultiplierUp": "5", "bidMultiplierDown": "0.2", "askMultiplierUp": "5", "askMultiplierDown": "0.2"}
        trailing = {f"{bound}Trailing{side}Delta": 10 if bound == "min" else 2000 for bound, side in _TRAILING}
        return {
            "symbol": symbol,
            "status": status,
            "baseAsset": base,
            "quoteAsset": quote,
            **precision,
            "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
            **dict.fromkeys((*flags, *more_flags), True),
            "filters": [
                {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000.00", "tickSize": "0.01"},
                {"filterType": "LOT_SIZE", **lot},
                {"filterType": "MARKET_LOT_SIZE", **lot, "minQty": "0.00000000", "stepSize": "0.00000000"},
                {"filterType": "NOTIONAL", **notional, "applyMaxToMarket": False, "avgPriceMins": 5},
                {"filterType": "PERCENT_PRICE_BY_SIDE", **sides, "avgPriceMins": 5},
                {"filterType": "TRAILING_DELTA", **trailing},
                {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
                {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 5},
            ],
            "permissions": ["SPOT"],
            "permissionSets": [["SPOT"]],
            "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
            "allowedSelfTradePreventionModes": ["EXPIRE_MAKER"],
        }
