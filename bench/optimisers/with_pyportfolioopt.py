"""PyPortfolioOpt's weights of the portfolios that we allocate as well. Prints a JSON object of weights and seconds.

    python with_pyportfolioopt.py RETURNS.npy CAP TURNS

It needs nothing of Paperdesk, but pyportfolioopt. The covariance is that of the sample, as ours is here.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
from pypfopt import EfficientCVaR, EfficientFrontier, HRPOpt


def main(path, cap, turns):
    returns = pd.DataFrame(np.load(path))
    mean, covariance = returns.mean(), returns.cov()
    bounds = (0, cap)

    def frontier(solve):
        found = EfficientFrontier(mean, covariance, weight_bounds=bounds)
        solve(found)
        return found.weights

    def tail():
        found = EfficientCVaR(None, returns, beta=0.95, weight_bounds=bounds)
        found.min_cvar()
        return found.weights

    solvers = {
        "minvar": lambda: frontier(lambda each: each.min_volatility()),
        "sharpe": lambda: frontier(lambda each: each.max_sharpe(risk_free_rate=0.0)),
        "hrp": lambda: list(HRPOpt(returns=returns, cov_matrix=covariance).optimize().values()),
        "cvar": tail,
    }
    print(json.dumps({name: timed(solve, turns) for name, solve in solvers.items()}))


def timed(solve, turns):
    weights, took = solve(), []
    for _ in range(turns):
        began = time.process_time()
        solve()
        took.append(time.process_time() - began)
    return {"weights": [float(each) for each in weights], "seconds": min(took)}


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
