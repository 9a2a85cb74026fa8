"""What a recipe is: something that learns from a sample and then expects returns."""

from dataclasses import dataclass
from typing import Protocol

from ml.panel import Floats
from ml.samples import Sample


@dataclass(frozen=True, slots=True)
class Means:
    """With what a recipe may work: threads, and the seed of its randomness."""

    threads: int
    seed: int


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
