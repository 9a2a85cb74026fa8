"""Settings of forecasting; `app.settings` reads them from the environment."""

from pydantic import Field, field_validator

from core.settings import Section
from ml.forecast import HORIZONS

_HORIZONS_RULE = f"some of {','.join(map(str, HORIZONS))}, separated by commas"


class MlSettings(Section):
    """Settings of the training data, of the resources of training and of the lifetime of models."""

    threads: int = Field(0, ge=0, le=256, description="Threads of training; 0: all that this process may use")
    memory_mib: int = Field(
        3072,
        ge=512,
        le=1_048_576,
        description="Memory limit of training in MiB; to stay below it, fewer days are used",
    )
    expiry_days: float = Field(3.0, gt=0, le=365, description="Age in days after which a model makes no forecasts")
    days: int = Field(14, ge=1, le=366, description="Days of history for training; fetched from the source if missing")
    symbols: int = Field(250, ge=1, le=5000, description="Symbols for training, those with the highest turnover first")
    horizons: str = Field(",".join(map(str, HORIZONS)), description="Horizons of the forecasts in minutes")
    external_memory: bool = Field(
        default=False,
        description="Keep features on disk during training: allows more history than fits in memory, but is slower",
    )
    order_flow: bool = Field(
        default=False,
        description="Train on the side, number and size of trades too; what was measured of it is in docs/forecasts.md",
    )
    rows: int = Field(400_000, ge=10_000, le=1_000_000_000, description="Maximum rows of a fit, chosen evenly")

    @field_validator("horizons")
    @classmethod
    def _are_horizons(cls, horizons: str) -> str:
        known = {str(minutes) for minutes in HORIZONS}
        if {text.strip() for text in horizons.split(",")} <= known:
            return horizons
        raise ValueError(_HORIZONS_RULE)

    @property
    def minutes(self) -> tuple[int, ...]:
        """Horizons in minutes, shortest first."""
        return tuple(sorted({int(text) for text in self.horizons.split(",")}))
