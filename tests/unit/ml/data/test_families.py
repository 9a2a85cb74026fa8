"""Every feature has a family, and every family has a feature."""

import pytest

from bot.ui.texts import load_catalogs
from ml.data.feature_groups import FAMILIES, family_of
from ml.data.features import feature_names


def test_every_feature_belongs_to_a_family_and_every_family_has_one() -> None:
    assert {family_of(name) for name in feature_names(flow=True)} == set(FAMILIES)


def test_a_feature_without_a_family_is_told_at_once() -> None:
    with pytest.raises(KeyError):
        family_of("moon_phase")


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("return_3", "reversal"),
        ("momentum_60", "momentum"),
        ("market_volatility", "volatility"),
        ("relative_5", "rank"),
    ],
)
def test_features_are_where_they_belong(name: str, family: str) -> None:
    assert family_of(name) == family


def test_every_family_has_its_words_in_every_language() -> None:
    for catalog in load_catalogs().values():
        for family in FAMILIES:
            assert catalog.text(f"driver-{family}")
