"""What a recipe is: something that learns from a sample and then expects returns."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ml.data.panel import Floats
from ml.models.samples import Sample


@dataclass(frozen=True, slots=True)
class Means:
    """With what a recipe may work: threads, the seed of its randomness, and a folder for what need not be in memory.

    Without a `cache` everything is in memory; what a recipe puts there is gone when it has learnt.
    """

    threads: int
    seed: int
    cache: Path | None = None


class Model(Protocol):
    """Something that was fitted."""

    def expect(self, sample: Sample) -> Floats:
        """The expected log return over the sample's horizon, one for each entry."""


class Recipe(Protocol):
    """A way to make models; the name stands in the tables."""

    @property
    def name(self) -> str:
        """As in the tables."""

    def fit(self, learnt: Sample, means: Means) -> Model:
        """A model of what the sample shows; its horizon is the sample's. Raises NoTrainingData."""
