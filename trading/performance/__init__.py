"""Statistics of performance: returns, ratios, drawdowns, trades, attribution and their uncertainty. Pure.

Returns are fractions (0.01 is 1 %) of one period each, oldest first; NaN is a period whose return is unknown, and is
left out. Every convention is a parameter: periods per year, degrees of freedom, risk-free and minimum return (both per
period), kurtosis. A figure that the data cannot give is None, never zero or infinity.
"""
