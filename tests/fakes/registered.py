"""Models that were never trained: what the registry is asked to keep."""

from dataclasses import replace
from typing import Any

from ml.models.artifact import ModelParts, pack
from ml.registry import ModelMetadata

MARKET = "simulator:7"
TRAINED_AT = 1_767_000_000_000
DAY = 86_400_000


def facts(**changes: Any) -> ModelMetadata:
    """Of a small ensemble."""
    plain = ModelMetadata(
        recipe="ensemble",
        trained_at=TRAINED_AT,
        start=TRAINED_AT - 7 * DAY,
        end=TRAINED_AT,
        symbols=("BTCUSDC", "币安人生USDC"),
        rows=20_000,
        features=("return_1", "momentum_10"),
        parameters={"rounds": 150, "rate": 0.05},
        code_version="0.1.0",
        metrics={"skill": 0.004, "covered": 0.8},
    )
    return replace(plain, **changes)


def blob(number: int = 0) -> bytes:
    """Another one for another number."""
    return pack(ModelParts({"number": number, "weights": [0.1, 0.2]}, {"xgb": bytes([number % 256]) * 50}))
