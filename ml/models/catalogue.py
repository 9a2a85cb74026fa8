"""Every recipe by its name, in the order of the tables."""

from collections.abc import Sequence
from importlib.util import find_spec

from ml.errors import ExtraMissing, UnknownRecipe
from ml.models.arima import Arima
from ml.models.base import Recipe
from ml.models.ensemble import MEMBERS, NAME
from ml.models.gru import Recurrent
from ml.models.linear import LogisticRecipe, RidgeRecipe
from ml.models.naive import DriftRecipe, Ewma, Naive, SeasonalNaive
from ml.models.original_baseline import Baseline
from ml.models.rivals import RIVALS
from ml.models.xgboost import Boosted

_RECIPES: tuple[Recipe, ...] = (
    Naive(),
    SeasonalNaive(),
    DriftRecipe(),
    Ewma(),
    *RIVALS,
    Baseline(),
    RidgeRecipe(),
    LogisticRecipe(),
    Boosted(),
)
_OPTIONAL: tuple[Recipe, ...] = (Arima(), Recurrent())
"""Recipes that need extras and that did not improve on the others: docs/adr/0009 has the table."""

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (*_RECIPES, *_OPTIONAL)}
NAMES = (*(recipe.name for recipe in _RECIPES), NAME)
"""Recipes that are evaluated by default."""

ALL_NAMES = (*RECIPES, NAME)

SLOW = frozenset((Baseline().name, *(recipe.name for recipe in _OPTIONAL)))
"""Recipes that do not serve and take longer to train than those that do."""

_EXTRAS = {"arima": ("arima", "statsmodels"), "gru": ("deep", "jax")}
"""Extra of the project that a recipe needs, and the library that shows whether it is installed."""


def names_wanted(names: Sequence[str]) -> tuple[str, ...]:
    """Returns the names in the order of the tables, always with the naive forecast.

    Raises UnknownRecipe and ExtraMissing.
    """
    for name in names:
        if name not in ALL_NAMES:
            raise UnknownRecipe(name, ", ".join(ALL_NAMES))
        if (extra := missing_extra(name)) is not None:
            raise ExtraMissing(name, extra)
    return tuple(name for name in ALL_NAMES if name in names or name == "naive")


def missing_extra(name: str) -> str | None:
    """Returns the extra that must be installed to use this recipe, None if nothing is missing."""
    extra, library = _EXTRAS.get(name, ("", ""))
    return extra if library and find_spec(library) is None else None


def recipes_for(names: Sequence[str]) -> list[Recipe]:
    """Returns the recipes to fit for these names; an ensemble needs its members."""
    needed = {*names, *(MEMBERS if NAME in names else ())}
    return [recipe for name, recipe in RECIPES.items() if name in needed]
