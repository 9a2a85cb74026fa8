"""The heat map: whatever is traded and however much, every field tells its change, and texts stay inside."""

import csv
from collections import Counter
from decimal import Decimal
from importlib import resources

from hypothesis import example, given, seed, settings
from hypothesis import strategies as st

from bot.ui.charts.kinds.heatmap import signed
from bot.ui.charts.ports import HeatmapTile
from tests.charts_ruler import ruled
from tests.charts_specs import heatmap_spec, style

with (resources.files("bot.coins") / "names.csv").open(encoding="utf-8") as lines:
    RECORDED = [row[0] for row in csv.reader(line for line in lines if not line.startswith("#"))][1:]
LONG = ["1000CHEEMS", "1MBABYDOGE", "BANANA", "1000SATS", "1000CAT", "币安人生", "USDTUSDC"]
names = st.sampled_from(RECORDED + LONG * 10)
LEGEND = 84
changes = st.decimals(Decimal("-0.99"), Decimal("0.99"), places=4) | st.just(Decimal("12345.678"))
maps = st.lists(st.tuples(names, changes), min_size=1, max_size=40)


@seed(20261129)
@settings(max_examples=40, deadline=None)
@example([(name, Decimal("-0.1234")) for name in LONG * 6][:40], 0.0)
@example([(name, Decimal("-0.1234")) for name in LONG * 6][:40], 1.1)
@given(maps, st.floats(0, 4))
def test_every_field_of_the_map_tells_its_change(fields: list[tuple[str, Decimal]], steep: float) -> None:
    tiles = [
        HeatmapTile(name, Decimal(10**15) / Decimal((n + 1) ** steep), change)
        for n, (name, change) in enumerate(fields)
    ]
    sheet = ruled(heatmap_spec(tiles, looks=style()))
    wanted = Counter(signed(float(change)) for _, change in fields)
    assert not wanted - Counter(text for text, _, bottom, *_ in sheet.texts if bottom > LEGEND)
    assert sheet.meeting() == []
    assert sheet.outside() == []


def test_long_names_are_told_in_small_fields() -> None:
    tiles = [HeatmapTile(name, Decimal(1), Decimal("0.0123")) for name in (LONG * 6)[:36]]
    told = Counter(text for text, *_ in ruled(heatmap_spec(tiles)).texts)
    assert told["+1.2%"] == 36
    for tile in tiles:
        assert any(text in {tile.name, f"…{tile.name[4:]}", f"…{tile.name[2:]}"} for text in told), tile.name
