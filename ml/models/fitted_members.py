"""Members of the ensemble in the form in which they serve.

They do not use the libraries' own model objects, except for the booster, so that they can be stored as numbers and
UBJSON and restored to the last bit. Their outputs are in sizes of the expected move. `values` are features, entries x
names, of which each member uses its own columns. Contributions are the parts of an output by name, and the rest, which
is the output without any information.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import xgboost
from numpy.typing import NDArray

from ml import state_check
from ml.data.panel import Floats
from ml.models.artifact import digest
from ml.models.booster_check import check_booster
from ml.models.linear import LinearModel, LogisticModel, StandardScaler
from ml.models.xgboost import BoostedModel, filled
from ml.state_check import array, number

Values = NDArray[np.float32]

_MIN_DEVIATION = 1e-9
_MAX_SLOPE = 1e6
"""Bounds of a stored line, far beyond the values of a training: features have a deviation of 1e-6 at least."""


@dataclass(frozen=True, slots=True)
class LinearMember:
    """Weighted sum of standardised features.

    With `usual`, the mean size of a move, the sum is the log odds of rising, and the output is the expected part of the
    usual move at these odds.
    """

    scaler: StandardScaler
    slopes: Floats
    intercept: float
    usual: float | None = None

    @classmethod
    def of(cls, model: LinearModel | LogisticModel) -> Self:
        """Returns the member for a fitted model."""
        slopes = np.asarray(model.fitted.coef_, np.float64).ravel()
        intercept = float(np.ravel(model.fitted.intercept_)[0])
        return cls(model.scaler, slopes, intercept, model.usual if isinstance(model, LogisticModel) else None)

    def predict(self, values: Values) -> Floats:
        """Returns one number for each entry."""
        return self._moved(self._scaled(values) @ self.slopes + self.intercept)

    def contributions(self, values: Values) -> tuple[Floats, float]:
        """Returns the contributions to the output of one entry: an addend for each of the names, and the rest.

        Their sum is the output. Odds are not a sum, so the output is divided in proportion to the log odds.
        """
        addends = self._scaled(values)[0] * self.slopes
        total = float(addends.sum()) + self.intercept
        share = 1.0 if self.usual is None else self.usual / 2
        if self.usual is not None and total:
            share = float(self._moved(np.array([total]))[0]) / total
        return _spread(addends * share, self.scaler.columns, values.shape[1]), self.intercept * share

    def _scaled(self, values: Values) -> Floats:
        return self.scaler.scale(values[:, self.scaler.columns]).astype(np.float64)

    def _moved(self, total: Floats) -> Floats:
        return total if self.usual is None else np.tanh(total / 2) * self.usual

    def state(self) -> dict[str, object]:
        """Returns the values as plain numbers; the inverse of `from_state`."""
        return {
            "columns": self.scaler.columns.tolist(),
            "mean": self.scaler.mean.tolist(),
            "deviation": self.scaler.deviation.tolist(),
            "slopes": self.slopes.tolist(),
            "intercept": self.intercept,
            "usual": self.usual,
        }

    @classmethod
    def from_state(cls, state: Any) -> Self:
        """Returns the member with this state. Raises KeyError, TypeError and ValueError for an invalid state."""
        columns = state_check.columns(state["columns"])
        mean = array(state["mean"], np.float32)
        deviation = array(state["deviation"], np.float32, low=_MIN_DEVIATION)
        slopes = array(state["slopes"], np.float64, low=-_MAX_SLOPE, high=_MAX_SLOPE)
        if not columns.shape == mean.shape == deviation.shape == slopes.shape:
            raise ValueError("as many means, deviations and slopes as columns")
        intercept = number(state["intercept"], low=-_MAX_SLOPE, high=_MAX_SLOPE)
        usual = state["usual"]
        return cls(
            StandardScaler(columns, mean, deviation),
            slopes,
            intercept,
            None if usual is None else number(usual, low=0, high=_MAX_SLOPE),
        )


@dataclass(frozen=True, slots=True)
class TreeMember:
    """Boosted trees: their UBJSON, the same as a booster, their columns, and the share of their output that is used."""

    raw: bytes
    booster: xgboost.Booster
    columns: NDArray[np.int64]
    share: float

    @classmethod
    def of(cls, model: BoostedModel) -> Self:
        """Returns the member for a fitted model, read back from its bytes, so that the stored booster serves."""
        return cls.read(bytes(model.booster.save_raw("ubj")), model.columns.tolist(), model.share)

    def state(self) -> dict[str, object]:
        """Returns the values that are stored in addition to the UBJSON, including its digest."""
        return {"columns": self.columns.tolist(), "share": self.share, "sha256": digest(self.raw)}

    @classmethod
    def from_state(cls, state: Any, raw: bytes) -> Self:
        """Returns the member with this state and these bytes.

        Raises KeyError, TypeError and ValueError if the state is invalid, or the bytes are not those of the state.
        """
        if digest(raw) != state["sha256"]:
            raise ValueError("other bytes than were kept")
        return cls.read(raw, state["columns"], state["share"])

    @classmethod
    def read(cls, raw: bytes, columns: list[int], share: float) -> Self:
        """Returns the member for the UBJSON of a booster. Raises ValueError if it is damaged or has other columns.

        XGBoost reads outside its memory if a number is out of range, so it receives only bytes that were checked.
        """
        chosen, believed = state_check.columns(columns), number(share, low=0, high=1)
        check_booster(raw, len(chosen))
        with xgboost.config_context(nthread=1):  # a second thread would only wait
            booster = xgboost.Booster({"nthread": 1})
            booster.load_model(bytearray(raw))
        return cls(raw, booster, chosen, believed)

    def predict(self, values: Values) -> Floats:
        """Returns one number for each entry."""
        said = self.booster.inplace_predict(filled(values[:, self.columns]))
        return self.share * np.asarray(said, np.float64)

    def contributions(self, values: Values) -> tuple[Floats, float]:
        """Returns the Shapley values of the output of one entry, and the rest (Lundberg and others, 2020)."""
        matrix = xgboost.DMatrix(filled(values[:, self.columns]), nthread=1)
        found = self.share * self.booster.predict(matrix, pred_contribs=True)[0].astype(np.float64)
        return _spread(found[:-1], self.columns, values.shape[1]), float(found[-1])


def _spread(addends: Floats, columns: NDArray[np.int64], names: int) -> Floats:
    found = np.zeros(names)
    found[columns] = addends
    return found
