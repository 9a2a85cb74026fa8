"""Attribution of a time-weighted return to its parts, such as coins, so that the contributions add up to the whole.

The contribution of a part in one sub-period is its profit over the value at the start of that sub-period. Over several
sub-periods each is scaled by the growth of the whole before it (Frongello 2002): the parts of the linked return are
exact, without a residual.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from trading.performance.returns import Floats


def linked_contributions(profits: Mapping[str, ArrayLike], starts: ArrayLike) -> dict[str, float]:
    """Returns the contribution of each part to the linked return.

    `profits[part][i]` is its profit in sub-period i, `starts[i]` the value of the whole at its start; sub-periods that
    start with nothing, or whose figures are unknown, contribute nothing. The sum is the product of 1 + profit / start
    over all sub-periods, less 1.
    """
    bases = np.asarray(starts, float)
    parts = {name: np.asarray(values, float) for name, values in profits.items()}
    if not parts or not bases.size:
        return dict.fromkeys(parts, 0.0)
    table: Floats = np.vstack(list(parts.values()))
    usable = np.isfinite(bases) & (bases > 0) & np.isfinite(table).all(axis=0)
    shares = np.where(usable, table / np.where(usable, bases, 1.0), 0.0)
    growth = np.concatenate([[1.0], np.cumprod(1.0 + shares.sum(axis=0))[:-1]])
    return {name: float(np.dot(row, growth)) for name, row in zip(parts, shares, strict=True)}
