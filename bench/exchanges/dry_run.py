"""freqtrade's dry run: market orders against an order book of 20 levels. Prints a JSON object of rates.

    python dry_run.py MARKET_ORDERS

It needs nothing of Paperdesk, but freqtrade. Its exchange is made without a connection; what it would ask of one (the
book, the fee, the precision of the pair) is answered from memory.
"""

import json
import sys
import time

from freqtrade.exchange.binance import Binance
from freqtrade.exchange.exchange_utils import amount_to_precision, price_to_precision

TICK_SIZE = 4  # ccxt: precisions are steps
BOOK = {
    "asks": [[100_000 + level * 0.01, 0.75] for level in range(20)],
    "bids": [[99_999.99 - level * 0.01, 0.75] for level in range(20)],
}


class Offline(Binance):
    """Binance's exchange of freqtrade without ccxt."""

    def __init__(self):
        self._dry_run_open_orders = {}

    def __del__(self):
        pass

    def exchange_has(self, _what):
        return True

    def fetch_l2_order_book(self, _pair, _limit=100):
        return BOOK

    def amount_to_precision(self, _pair, amount):
        return amount_to_precision(amount, 0.00001, TICK_SIZE)

    def price_to_precision(self, _pair, price, *, rounding_mode=1):
        return price_to_precision(price, 0.01, TICK_SIZE, rounding_mode=rounding_mode)

    def _amount_to_contracts(self, _pair, amount):
        return amount

    def _contracts_to_amount(self, _pair, amount):
        return amount

    def get_fee(self, *_args, **_options):
        return 0.001

    def get_pair_quote_currency(self, _pair):
        return "USDC"


if __name__ == "__main__":
    count = int(sys.argv[1])
    exchange = Offline()
    begun = time.process_time()
    for number in range(count):
        side = "sell" if number % 2 else "buy"
        order = exchange.create_dry_run_order("BTC/USDC", "market", side, 0.001, 100_000.0, 1.0)
        assert order["status"] == "closed"
    print(json.dumps({"market": count / (time.process_time() - begun)}))
