"""Model that serves: its expectation for every symbol, with interval and drivers."""

import sys
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.calibration.intervals import REGIMES, regime_at
from ml.calibration.probability import ProbabilityCalibration, still_share
from ml.calibration.volatility import VolatilityModel
from ml.data.feature_groups import USUAL, family_of
from ml.data.feature_reference import Reference
from ml.data.features import Features
from ml.data.order_flow import ORDER_FLOW
from ml.data.panel import Floats, Mask
from ml.errors import ModelUnusable
from ml.forecast import Driver
from ml.models.artifact import ModelParts
from ml.models.fitted_members import LinearMember, TreeMember
from ml.state_check import flag, number, texts, whole

RECIPE = "ensemble"
_TREES = "xgb"
_MAX_HORIZON = 7 * 24 * 60
_MAX_SYMBOLS = 10_000
_MAX_NAMES = 1000
_MAX_MULTIPLE = 1e6
_LARGEST = sys.float_info.max
"""Bounds of a stored model, beyond the values of any training."""

_PART = 20_000


@dataclass(frozen=True, slots=True)
class Prediction:
    """Forecasts of every symbol at one time; arrays have one entry for each.

    `expected`, `low` and `high` (the ends of the 80 % interval) are log returns. `prob_up` is the probability of a
    higher price and `prob_unchanged` that of the same price; the rest is that of a lower one. All of them are NaN where
    `ready` is false: the symbol's last candles are missing, too few, or of a frozen market, or the model was not
    trained on it. `regime` is an index in `intervals.REGIMES`.
    """

    symbols: tuple[str, ...]
    expected: Floats
    low: Floats
    high: Floats
    prob_up: Floats
    prob_unchanged: Floats
    ready: Mask
    regime: int


@dataclass(frozen=True, slots=True)
class Estimates:
    """Expectations and mean sizes of a move in log returns, rows x symbols; NaN where `Prediction.ready` is false."""

    expected: Floats
    sizes: Floats


@dataclass(frozen=True, slots=True)
class ForecastModel:
    """Trained ensemble for one horizon (minutes).

    Features passed to it must have its `symbols` as their columns, in that order: `columns_of(panel, symbols)`. It was
    trained on `rows` rows of candles, counted over times and symbols, from `start` to `end` (UTC ms); `seen` is true
    for the symbols it was trained on. `weights` are those of ridge, logistic and xgb; `multiples` of the size of a move
    give the interval in each regime by the outcomes known at `end`, from which the desk goes on
    (`ml.serving.online_calibration`). `metrics` are those of forecasts out of sample, and `skilled` is derived from
    them. `reference` is the distribution of the features.
    """

    horizon: int
    symbols: tuple[str, ...]
    names: tuple[str, ...]
    start: int
    end: int
    rows: int
    skilled: bool
    metrics: dict[str, float]
    parameters: dict[str, object]
    seen: tuple[bool, ...]
    spread: VolatilityModel
    weights: tuple[float, ...]
    odds: ProbabilityCalibration
    multiples: tuple[float, ...]
    ridge: LinearMember
    logistic: LinearMember
    trees: TreeMember
    reference: Reference | None = None
    version: int = 0

    @property
    def flow(self) -> bool:
        """Whether the features have the order flow."""
        return self.names[-len(ORDER_FLOW) :] == ORDER_FLOW

    def outlook(
        self, features: Features, row: int = -1, *, multiples: Floats | None = None, estimates: Estimates | None = None
    ) -> Prediction:
        """Returns the outlook at row `row`. Raises ModelUnusable if the features differ from those of the training.

        `multiples` are those of the regimes at that row, if they have learnt since the training. `estimates` are those
        of that row, if they are already computed.
        """
        row %= len(features.volatility)
        found = self.estimates(features, np.array([row])) if estimates is None else estimates
        expected, sizes = found.expected[0], found.sizes[0]
        regime = regime_at(features, row)
        reach = (self.multiples if multiples is None else multiples)[regime] * sizes
        ready = np.isfinite(sizes)
        every = np.arange(len(sizes))
        still = np.where(ready, still_share(features, np.full(len(sizes), row), every), np.nan)
        return Prediction(
            self.symbols,
            expected,
            expected - reach,
            expected + reach,
            self.odds.prob_up(expected / sizes, still),
            self.odds.prob_unchanged(still),
            ready,
            regime,
        )

    def estimates(self, features: Features, rows: NDArray[np.int64]) -> Estimates:
        """Returns what the members say at these rows. Raises ModelUnusable if the features differ."""
        self._check(features)
        ready = features.ready[rows] & np.array(self.seen)
        places = np.nonzero(ready)
        found = Estimates(np.full(ready.shape, np.nan), np.full(ready.shape, np.nan))
        for start in range(0, len(places[0]), _PART):
            at, symbol_index = (part[start : start + _PART] for part in places)
            sizes = self.spread.sizes(features, rows[at], symbol_index, self.horizon)
            scale = self.spread.signal_scale(sizes, symbol_index)
            found.expected[at, symbol_index] = self._says(_values(features, rows[at], symbol_index)) * scale
            found.sizes[at, symbol_index] = sizes
        return found

    def drivers(self, features: Features, place: int, row: int = -1) -> tuple[Driver, ...]:
        """Returns the drivers of the expectation for one symbol, the strongest first.

        They are the parts of families of features, and their sum is the expectation. Empty if the symbol is not ready.
        Raises ModelUnusable.
        """
        self._check(features)
        row %= len(features.volatility)
        if not (features.ready[row, place] and self.seen[place]):
            return ()
        at, symbol_index = np.array([row]), np.array([place])
        values = _values(features, at, symbol_index)
        sizes = self.spread.sizes(features, at, symbol_index, self.horizon)
        stake = float(self.spread.signal_scale(sizes, symbol_index)[0])
        shares: dict[str, float] = {}
        for weight, member in zip(self.weights, self._members, strict=True):
            parts, rest = member.contributions(values)
            shares[USUAL] = shares.get(USUAL, 0.0) + weight * rest * stake
            for name, part in zip(self.names, parts.tolist(), strict=True):
                family = family_of(name)
                shares[family] = shares.get(family, 0.0) + weight * part * stake
        found = [Driver(family, share) for family, share in shares.items() if share]
        return tuple(sorted(found, key=lambda driver: -abs(driver.share)))

    @property
    def _members(self) -> tuple[LinearMember | TreeMember, ...]:
        return self.ridge, self.logistic, self.trees

    def _check(self, features: Features) -> None:
        if features.names != self.names or features.volatility.shape[1] != len(self.symbols):
            raise ModelUnusable(self.version, "features")

    def _says(self, values: NDArray[np.float32]) -> Floats:
        said = np.zeros(len(values))
        for weight, member in zip(self.weights, self._members, strict=True):
            said += weight * member.predict(values)
        return said

    # -- kept and read back --------------------------------------------------------------------

    def parts(self) -> ModelParts:
        """Returns the whole model, as numbers and UBJSON."""
        plain = ("horizon", "symbols", "names", "start", "end", "rows", "skilled", "metrics", "parameters", "seen")
        state: dict[str, object] = {name: getattr(self, name) for name in (*plain, "weights", "multiples")}
        state |= {"ridge": self.ridge.state(), "logistic": self.logistic.state()}
        state |= self.odds.state()
        state["spread"] = self.spread.state()
        state["reference"] = None if self.reference is None else self.reference.state()
        state["trees"] = self.trees.state()
        return ModelParts(state, {_TREES: self.trees.raw})

    @classmethod
    def from_parts(cls, parts: ModelParts, version: int = 0) -> Self:
        """Returns a model with the same outputs as the stored one, to the last bit.

        Raises ModelUnusable for invalid parts.
        """
        try:
            return cls._of(parts.state, parts.blobs[_TREES], version)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ModelUnusable(version, "foreign") from error

    @classmethod
    def _of(cls, state: dict[str, Any], raw: bytes, version: int) -> Self:
        read = cls(
            horizon=whole(state["horizon"], low=1, high=_MAX_HORIZON),
            symbols=texts(state["symbols"], limit=_MAX_SYMBOLS),
            names=texts(state["names"], limit=_MAX_NAMES),
            start=whole(state["start"]),
            end=whole(state["end"]),
            rows=whole(state["rows"]),
            skilled=flag(state["skilled"]),
            metrics={name: number(value, low=-_LARGEST, high=_LARGEST) for name, value in state["metrics"].items()},
            parameters=dict(state["parameters"]),
            seen=tuple(map(flag, state["seen"])),
            spread=VolatilityModel.from_state(state["spread"]),
            weights=tuple(number(weight, low=0, high=1) for weight in state["weights"]),
            odds=ProbabilityCalibration.from_state(state),
            multiples=tuple(number(multiple, low=0, high=_MAX_MULTIPLE) for multiple in state["multiples"]),
            ridge=LinearMember.from_state(state["ridge"]),
            logistic=LinearMember.from_state(state["logistic"]),
            trees=TreeMember.from_state(state["trees"], raw),
            reference=None if state.get("reference") is None else Reference.from_state(state["reference"]),
            version=version,
        )
        read._check_sizes()
        return read

    def _check_sizes(self) -> None:
        symbols = {len(self.symbols), len(self.seen), len(self.spread.known), len(self.spread.offsets)}
        columns = [self.ridge.scaler.columns, self.logistic.scaler.columns, self.trees.columns]
        inside = all(len(own) and own.min() >= 0 and own.max() < len(self.names) for own in columns)
        parts = len(self.weights) == len(self._members) and len(self.multiples) == len(REGIMES)
        watched = self.reference is None or self.reference.names == self.names
        if len(symbols) > 1 or not inside or not parts or not watched:
            raise ValueError("parts that do not belong together")


def _values(features: Features, rows: NDArray[np.int64], symbol_index: NDArray[np.int64]) -> NDArray[np.float32]:
    """Returns the features, entries x names."""
    values: NDArray[np.float32] = np.ascontiguousarray(features.table[:, rows, symbol_index].T)
    return values
