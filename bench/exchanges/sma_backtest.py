"""backtesting.py on a rule of two averages, in its own environment: seconds of a run, by processor time.

`seconds` is the median of the runs, `least` the best one, and `whole` the median with the constructor, which checks the
candles.

Arguments: a CSV file (time, open, high, low, close, volume), the lengths of the averages, and the number of runs. It
buys with all the cash where the short average crosses above the long one and sells where it crosses below.
"""

import json
import statistics
import sys
import time
import warnings

import pandas as pd
from backtesting import Backtest, Strategy
from backtesting.lib import crossover

warnings.simplefilter("ignore")
path, short, long, runs = sys.argv[1], *map(int, sys.argv[2:5])


def average(values, length):
    return pd.Series(values).rolling(length).mean()


class Cross(Strategy):  # noqa: D101 - one strategy
    def init(self):
        self.short = self.I(average, self.data.Close, short)
        self.long = self.I(average, self.data.Close, long)

    def next(self):
        if crossover(self.short, self.long):
            self.buy()
        elif crossover(self.long, self.short):
            self.position.close()


data = pd.read_csv(path, index_col=0, parse_dates=True)
took, whole, trades = [], [], 0
for _ in range(runs + 1):  # the first one warms up
    began = time.process_time()
    tester = Backtest(data, Cross, cash=1e9, commission=0.001)
    ready = time.process_time()
    trades = int(tester.run()["# Trades"])
    took.append(time.process_time() - ready)
    whole.append(time.process_time() - began)
found = {"seconds": statistics.median(took[1:]), "least": min(took[1:]), "whole": statistics.median(whole[1:])}
print(json.dumps(found | {"trades": trades}))
