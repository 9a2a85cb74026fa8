"""Market risk of a portfolio: value at risk, expected shortfall, their parts and their tests. Pure functions of arrays.

Conventions, the same in every module:

- Returns are simple returns of one period as fractions, oldest first: -1.0 is a total loss. Time is the last axis of an
  array of portfolio returns, so a whole table of portfolios, shape (portfolios, periods), is computed at once. A matrix
  of the returns of coins has the shape (periods, coins).
- A risk figure is a loss, as a positive fraction of the value. A negative VaR is a gain even in that bad case.
- `confidence` is the probability that the loss stays below the VaR: 0.95, not 0.05.
- `horizon` is in periods of the returns. A longer horizon is scaled from one period under the assumption that returns
  are independent and identically distributed: means grow with the horizon, standard deviations with its square root.
  Crypto returns cluster, so this is an assumption and not a measurement.
- Figures that the data cannot give, such as the VaR without a return, are NaN.
"""
