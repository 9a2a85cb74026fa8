"""Bounds of rules: what is typed is of bounded length, and so is the work it causes."""

MAX_TEXT = 500
"""Characters of a rule."""
MAX_DEPTH = 16
"""Parentheses, `not` and signs in each other."""
MAX_NODES = 80
"""Figures, numbers and operators of a rule."""
MAX_LAG = 500
"""Candles of a lag."""
MAX_WITHIN = 500
"""Candles of `within`."""
MAX_NUMBER = 10**12
MAX_DECIMALS = 12
MAX_TAKE_PROFIT = 10
"""Greatest take-profit, as a fraction of the entry price."""
MAX_RULES = 400
"""Rules of a grid."""
MAX_WARM_UP = 20_000
"""Closed candles before the first possible signal."""
