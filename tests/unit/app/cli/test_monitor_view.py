"""What the monitor shows, as text: RECORD_GOLDEN=1 writes the golden pictures anew."""

import os
from dataclasses import replace
from io import StringIO

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from app.cli.monitor.snapshot import ArchiveSnapshot, DeskSnapshot, Down, Leader, Prices, StreamSnapshot, Unusable
from app.cli.monitor.view import sparkline, view
from bot.ui.format import Formatter
from bot.ui.texts import load_catalog
from people.person import Language
from pipeline.market import MarketInfo, SourceKind
from pipeline.quality.publisher import QualitySnapshot
from tests.paths import GOLDEN

FOLDER = GOLDEN / "monitor"
AT = 1_790_157_824_000
SIZES = [(80, 24), (140, 40)]

INFO = MarketInfo(SourceKind.BINANCE, "USDC", 1000, 15_000, AT, AT, label="LIVE")
QUALITY = QualitySnapshot(
    "binance", AT, AT - 10**7, AT, 10**6, 10**4, 250, {}, {"2026-09-23": {"spike": 3, "confirmed": 2, "duplicate": 41}},
    {"bad-json": 2}, {"stale": 2, "frozen": 1, "disagreeing": 0, "waiting": 1}, {}, (),
)  # fmt: skip
PRICES = Prices(
    INFO, 243, 2, 0, 5, 212, 31_000, (240.0, 243.0, 250.0, 120.0, 243.0, 0.0, 243.0, 251.0), 47_185_920, 259,
    {"produce": QUALITY},
)  # fmt: skip
ARCHIVE = ArchiveSnapshot(
    3_221_225_472, 2_147_483_648, 18_250_311, 25, AT - 44_000, 12, 3, {"discord": 4, "telegram": 1_204}, {},
    (Leader("produce", AT - 7_200_000), Leader("jobs", AT - 7_100_000)),
)  # fmt: skip
STREAM = StreamSnapshot(
    {"market-writer": {0: 0, 1: 2, 2: 0, 3: 1}, "candle-archiver": {0: 300, 1: 12, 2: 9, 3: 41}, "alert-triggers": {}},
    {"bad-json": 3, "unsound-candle": 1},
)
WHOLE = DeskSnapshot(AT, PRICES, ARCHIVE, STREAM)
DOWN = DeskSnapshot(AT, Down(AT - 95_000), Down(AT - 4_000), Down(AT - 3_600_000))
ONE_PROCESS = DeskSnapshot(
    AT,
    replace(PRICES, info=msgspec.structs.replace(INFO, source=SourceKind.SIMULATOR, label="SIMULATION"), stale=0),
    replace(ARCHIVE, missing=0, gappy=0, leaders=(), outbox={}),
    in_memory=True,
)


def text(snapshot: DeskSnapshot, width: int, height: int, language: Language = Language.ENGLISH) -> str:
    console = Console(file=StringIO(), width=width, height=height, color_system=None, highlight=False)
    with console.capture() as drawn:
        console.print(view(snapshot, load_catalog(language).text, Formatter(language, "UTC"), width, height))
    return "\n".join(line.rstrip() for line in drawn.get().splitlines()) + "\n"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("name", ["whole", "down", "one_process"])
def test_the_picture_is_as_recorded(name: str, width: int, height: int, language: Language) -> None:
    snapshot = {"whole": WHOLE, "down": DOWN, "one_process": ONE_PROCESS}[name]
    drawn = text(snapshot, width, height, language)
    path = FOLDER / f"{name}-{width}-{language.value}.txt"
    if os.environ.get("RECORD_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawn, "utf-8")
    assert drawn == path.read_text("utf-8")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "height"), [*SIZES, (100, 30), (116, 24)])
@pytest.mark.parametrize("snapshot", [WHOLE, DOWN, ONE_PROCESS, DeskSnapshot(AT)])
def test_it_fits_the_terminal(snapshot: DeskSnapshot, width: int, height: int, language: Language) -> None:
    lines = text(snapshot, width, height, language).splitlines()
    assert len(lines) <= height
    assert max(map(cell_len, lines)) <= width


def test_lag_is_shown_by_group_and_partition() -> None:
    lines = text(WHOLE, 80, 24).splitlines()
    assert any(line.split()[-6:] == ["candle-archiver", "362", "300", "12", "9", "41"] for line in lines)


def test_many_partitions_are_cut_and_counted() -> None:
    many = replace(WHOLE, stream=StreamSnapshot({"market-writer": dict.fromkeys(range(40), 1)}, {}))
    assert "40   1 1 1 1 1 1 1 1 1 1 1 1 +28" in text(many, 80, 24)


def test_an_engine_that_is_down_takes_nothing_of_the_others_away() -> None:
    drawn = text(replace(WHOLE, prices=Down(AT - 95_000)), 80, 24)
    assert "not responding (2 min)" in drawn
    assert "gaps today" in drawn
    assert "market-writer" in drawn


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("why", list(Unusable))
def test_why_an_engine_that_answers_tells_nothing_is_said_in_full(
    why: Unusable, width: int, height: int, language: Language
) -> None:
    said = load_catalog(language).text(f"monitor-{why}")
    assert text(replace(WHOLE, archive=why), width, height, language).count(said) == 2


def test_a_candle_is_late_by_the_markets_own_clock() -> None:
    replay = MarketInfo(SourceKind.REPLAY, "USDC", 1000, 15_000, 10**12, AT, 60.0)
    snapshot = DeskSnapshot(AT, replace(PRICES, info=replay), replace(ARCHIVE, newest=10**12 - 5_000))
    assert "(5 s)" in text(snapshot, 80, 24)
    assert "× 60" in text(snapshot, 80, 24)


def test_what_others_wrote_cannot_steer_the_terminal() -> None:
    hostile = "\x1b[2J[bold]x\u202e"
    stream = StreamSnapshot({"market-writer": {0: 0}}, {hostile: 1})
    drawn = text(replace(WHOLE, stream=stream, archive=replace(ARCHIVE, outbox={hostile: 1})), 80, 24)
    assert "\x1b" not in drawn
    assert "\u202e" not in drawn
    assert "[bold]x" in drawn


def test_bars_stand_between_zero_and_the_highest() -> None:
    assert sparkline((0, 50, 100), 24) == "▁▅█"
    assert sparkline((0, 0), 24) == "▁▁"
    assert sparkline(tuple(range(100)), 4) == "████"
    assert sparkline((), 4) == ""
