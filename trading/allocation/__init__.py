"""Allocation of money to coins: weights that are best by a stated objective. Pure functions of arrays.

Weights sum to 1, none is below its lower bound (0: no shorts) or above its cap. Returns and covariances are of one
period, or all of a year; objectives do not depend on it, but means, covariances and the risk-free rate must agree.
"""
