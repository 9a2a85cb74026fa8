"""Symbols that the simulated exchange lists, and the kind of market of each.

Names and price levels resemble a real exchange's so that screens look right; nothing here is a quotation.
Liquidity falls with the rank: rank 0 is the busiest market. Prices are in units of a dollar-like quote asset.
"""

import math
import zlib
from dataclasses import dataclass
from decimal import Decimal

from pipeline.market import Symbol
from pipeline.rules import TRADING, LotSize, Notional, PercentPrice, PriceBounds, SymbolRules, TrailingDelta

SECTORS = 6

# name, price level, decimals of the price, decimals of the quantity
_KNOWN = """
BTC 97000 2 5|ETH 3400 2 4|SOL 190 2 3|XRP 2.4 4 1|BNB 690 2 3|DOGE 0.34 5 0|ADA 0.98 4 1|SUI 4.1 4 1|AVAX 37 2 2
LINK 22 2 2|LTC 108 2 3|PEPE 0.0000182 8 0|TRX 0.24 4 1|SHIB 0.0000226 8 0|DOT 7.1 3 2|HBAR 0.29 5 0|NEAR 5.3 3 1
UNI 13.4 3 2|APT 9.2 2 2|BCH 448 1 3|AAVE 312 2 3|PAXG 2680 0 4|ENA 1.05 4 2|FET 1.34 3 1|币安人生 0.21 5 0|ICP 10.4 3 2
XLM 0.43 4 0|ETC 26.5 2 2|ARB 0.78 4 1|FIL 5.2 3 2|FTT 2.9 4 2|OP 1.9 3 2|ATOM 6.6 3 2|BONK 0.0000312 8 0|INJ 21 2 2
WIF 1.9 3 2|TAO 470 1 4|RENDER 7.3 3 2|SEI 0.42 4 1|TIA 5.1 3 2|EUR 1.04 4 1|FDUSD 0.9995 4 0|ALGO 0.36 4 0
RUNE 4.4 3 1|STX 1.6 4 1|LDO 1.9 3 2|IMX 1.4 3 2|GALA 0.036 5 0|SAND 0.56 4 0|MANA 0.47 4 0|GRT 0.22 4 0|CRV 0.9 3 1
MKR 1560 0 4|EGLD 34 2 2|AXS 6.2 2 2|FLOKI 0.000171 8 0|ORDI 24.5 2 2|JUP 0.87 4 1|PYTH 0.36 4 1|WLD 2.1 3 1
YFI 8200 0 5|COMP 78 2 3|ZEC 55 2 3|DASH 37 2 3|XMR 195 1 3|LUNC 0.000112 8 0|BTTC 0.0000011 9 0|WIN 0.000091 8 0
"""

_OTHERS = """
JTO ENS THETA NEO IOTA FLOW CHZ APE DYDX SNX EOS XTZ QNT KAVA ROSE ZIL ONE CFX AR BLUR GMX PENDLE WOO MASK CELO ANKR
HOT IOST ICX ONT QTUM RVN SC STORJ SUSHI UMA VET WAVES XEM ZEN ZRX 1INCH ACH AGLD ALICE ALPHA AMP ARDR ARPA ASTR ATA
AUDIO BAL BAND BAT BICO BNT BSW C98 CAKE CELR CHR CKB CLV COTI CTK CTSI CTXC CVC CVX DAR DCR DEGO DENT DGB DIA DOCK
DODO DUSK EDU ELF ENJ ERN FARM FIDA FIO FIRO FIS FLM FLUX FORTH FRONT FUN FXS GAL GAS GHST GLM GLMR GMT GNO GNS GTC
HARD HFT HIFI HIGH HIVE HOOK ID IDEX ILV IOTX IQ IRIS JASMY JOE JST KEY KLAY KMD KNC KSM LAZIO LEVER LINA LIT LOKA
LPT LQTY LRC LSK LTO MAGIC MAV MBL MBOX MDT MINA MLN MOVR MTL NEXO NKN NMR NTRN OCEAN OG OGN OM OMG ONG ORN OSMO OXT
PEOPLE PERP PHA PHB POLYX POND PORTO POWR PROM PUNDIX PYR QI QUICK RAD RARE RAY RDNT REEF REI REQ RIF RLC RPL RSR
SANTOS SCRT SFP SKL SLP SPELL SSV STEEM STG STMX STRAX SUN SUPER SXP SYN SYS TFUEL TKO TLM TRB TRU TUSD TWT UFT UTK
VIB VIC VITE VOXEL VTHO WAN WAXP WING WRX XAI XEC XVG XVS YGG
"""

_QUIET = {"EUR": 0.004, "FDUSD": 0.0006, "TUSD": 0.0008, "PAXG": 0.008}
_HALTED = {"FTT": "BREAK"}
_MIN_NOTIONAL = Decimal(5)
_PERCENT_PRICE = PercentPrice(Decimal(5), Decimal("0.2"), Decimal(5), Decimal("0.2"))
_TRAILING_DELTA = TrailingDelta(10, 2000, 10, 2000)
_MAX_OPEN_ORDERS = 200
_MAX_ALGO_ORDERS = 5
_MAX_PRICE_TICKS = 100_000_000


@dataclass(frozen=True, slots=True)
class SimulatedSymbol:
    """One simulated market.

    `price` is the level it returns to; a price is a whole number of ticks of 10**-price_scale, a quantity of steps
    of 10**-step_scale. `volatility` is a day's, as a fraction; `market_share` and `sector_share` are the parts of
    the variance that come from the market and from `sector`. `spread` is a fraction of the price; `top_value`
    (displayed at the best price) and `day_value` (turnover) are in the quote asset. `place` addresses its numbers.
    """

    symbol: Symbol
    base: str
    quote: str
    status: str
    price: float
    price_scale: int
    step_scale: int
    volatility: float
    market_share: float
    sector_share: float
    sector: int
    spread: float
    top_value: float
    day_value: float
    place: int

    @property
    def trading(self) -> bool:
        """False for a halted market, which gets no ticks."""
        return self.status == TRADING

    def rules(self) -> SymbolRules:
        """Returns exchange rules as Binance would state them."""
        step = Decimal(1).scaleb(-self.step_scale)
        lot = LotSize(step, Decimal(9_000_000_000), step)
        tick = Decimal(1).scaleb(-self.price_scale)
        biggest = Decimal(round(self.day_value / self.price / 20) + 1)
        return SymbolRules(
            symbol=self.symbol,
            base=self.base,
            quote=self.quote,
            status=self.status,
            tick_size=tick,
            lot=lot,
            market_lot=LotSize(Decimal(0), biggest, Decimal(0)),
            notional=Notional(_MIN_NOTIONAL, Decimal(9_000_000)),
            price_bounds=PriceBounds(tick, tick * _MAX_PRICE_TICKS),
            percent_price=_PERCENT_PRICE,
            max_open_orders=_MAX_OPEN_ORDERS,
            max_algo_orders=_MAX_ALGO_ORDERS,
            trailing_delta=_TRAILING_DELTA,
        )


def universe(count: int, quote: str) -> tuple[SimulatedSymbol, ...]:
    """Returns the first `count` listings in `quote`, busiest first; beyond the names known here they are called SIM0001
    etc.
    """
    known = [tuple(row.split()) for row in _KNOWN.replace("\n", "|").split("|") if row]
    rows = [(name, float(price), int(ticks), int(steps)) for name, price, ticks, steps in known]
    rows += [_invented(name) for name in _OTHERS.split()]
    rows += [_invented(f"SIM{number:04d}") for number in range(1, count + 1)]
    listed = [row for row in rows if row[0] != quote][:count]
    return tuple(_listing(rank, *row, quote=quote) for rank, row in enumerate(listed))


def _hashed(name: str, salt: str) -> float:
    """Returns a fixed number in [0, 1) for a name."""
    return zlib.crc32(f"{salt}:{name}".encode()) / 2**32


def _invented(name: str) -> tuple[str, float, int, int]:
    price = 1.0 if name == "TUSD" else float(f"{10 ** (3.4 * _hashed(name, 'price') - 2.3):.2g}")
    magnitude = math.floor(math.log10(price))
    return name, price, max(2, 4 - magnitude), max(0, magnitude + 1)


def _listing(rank: int, base: str, price: float, price_scale: int, step_scale: int, *, quote: str) -> SimulatedSymbol:
    quiet = _QUIET.get(base)
    wild = 0.025 + 0.04 * min(rank / 120, 1.0) + 0.012 * _hashed(base, "volatility")
    return SimulatedSymbol(
        symbol=Symbol(base + quote),
        base=base,
        quote=quote,
        status=_HALTED.get(base, TRADING),
        price=price,
        price_scale=price_scale,
        step_scale=step_scale,
        volatility=wild if quiet is None else quiet,
        market_share=0.66 - 0.26 * min(rank / 150, 1.0) if quiet is None else 0.0,
        sector_share=0.12 if quiet is None else 0.0,
        sector=zlib.crc32(base.encode()) % SECTORS,
        spread=0.00005 * (rank + 1) ** 0.78,
        top_value=120_000 / (rank + 1) ** 0.9,
        day_value=1.5e9 / (rank + 1) ** 1.5,
        place=zlib.crc32(base.encode()),
    )
