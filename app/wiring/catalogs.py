"""Texts of a desk, whose examples name its coins and horizons."""

from functools import partial

from app.settings import Settings
from bot.arguments.horizons import horizon_of
from bot.coins.example_coins import example_coins
from bot.ui.texts import Catalog, load_catalogs
from bot.ui.texts.examples import Examples
from people.person import Language
from pipeline.ports import MarketReader


def catalogs_of(market: MarketReader, settings: Settings) -> dict[Language, Catalog]:
    """Returns the texts of all languages. Coins are looked up when a text names one, since they change."""
    horizons = [horizon_of(minutes).value for minutes in settings.ml.minutes]
    return load_catalogs(Examples(partial(example_coins, market), horizons))
