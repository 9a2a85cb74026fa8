"""Protocols of recipes, which are fitted to a sample, and of models, which return expected log returns."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ml.data.panel import Floats
from ml.models.samples import Sample


@dataclass(frozen=True, slots=True)
class TrainingResources:
    """Resources of a recipe: threads, the seed of its randomness, and a folder for data that need not be in memory.

    Without a `cache` everything is in memory. Files of a recipe in this folder are removed when it is fitted.
    """

    threads: int
    seed: int
    cache: Path | None = None


class Model(Protocol):
    """Fitted recipe."""

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return over the sample's horizon, one for each entry."""


class Recipe(Protocol):
    """Method of making models; the tables show its name."""

    @property
    def name(self) -> str:
        """Name of the recipe in the tables."""

    def fit(self, sample: Sample, means: TrainingResources) -> Model:
        """Returns a model fitted to the sample, for the sample's horizon. Raises NoTrainingData."""
