"""Weights by skfolio of the portfolios that we allocate as well. Prints a JSON object of weights and seconds.

    python with_skfolio.py RETURNS.npy CAP TURNS

It needs nothing of Paperdesk, but skfolio. Its covariance is that of the sample, as ours is here.
"""

import json
import sys
import time

import numpy as np
from skfolio import RiskMeasure
from skfolio.optimization import MeanRisk, ObjectiveFunction, RiskBudgeting


def main(path, cap, turns):
    returns = np.load(path)
    models = {
        "minvar": lambda: MeanRisk(risk_measure=RiskMeasure.VARIANCE, max_weights=cap),
        "sharpe": lambda: MeanRisk(
            objective_function=ObjectiveFunction.MAXIMIZE_RATIO, risk_measure=RiskMeasure.VARIANCE, max_weights=cap
        ),
        "parity": lambda: RiskBudgeting(risk_measure=RiskMeasure.VARIANCE),
        "cvar": lambda: MeanRisk(risk_measure=RiskMeasure.CVAR, cvar_beta=0.95, max_weights=cap),
    }
    print(
        json.dumps(
            {name: timed(lambda make=make: make().fit(returns).weights_, turns) for name, make in models.items()}
        )
    )


def timed(solve, turns):
    weights, took = solve(), []
    for _ in range(turns):
        began = time.process_time()
        solve()
        took.append(time.process_time() - began)
    return {"weights": [float(each) for each in weights], "seconds": min(took)}


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
