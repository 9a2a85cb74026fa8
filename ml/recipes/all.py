"""Every recipe by its name, in the order of the tables."""

from collections.abc import Sequence

from ml.ensemble import MEMBERS, NAME
from ml.errors import UnknownRecipe
from ml.recipes.base import Recipe
from ml.recipes.baseline import Baseline
from ml.recipes.boosted import Boosted
from ml.recipes.linear import LogisticRecipe, RidgeRecipe
from ml.recipes.simple import Drift, Ewma, Naive, SeasonalNaive

_RECIPES: tuple[Recipe, ...] = (
    Naive(),
    SeasonalNaive(),
    Drift(),
    Ewma(),
    Baseline(),
    RidgeRecipe(),
    LogisticRecipe(),
    Boosted(),
)
RECIPES = {recipe.name: recipe for recipe in _RECIPES}
NAMES = (*RECIPES, NAME)


def names_wanted(names: Sequence[str]) -> tuple[str, ...]:
    """In the order of the tables, the naive forecast always among them. Raises UnknownRecipe."""
    for name in names:
        if name not in NAMES:
            raise UnknownRecipe(name, ", ".join(NAMES))
    return tuple(name for name in NAMES if name in names or name == "naive")


def recipes_for(names: Sequence[str]) -> list[Recipe]:
    """What must be fitted for these: an ensemble needs its members."""
    needed = {*names, *(MEMBERS if NAME in names else ())}
    return [recipe for name, recipe in RECIPES.items() if name in needed]
