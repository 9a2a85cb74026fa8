"""`paperdesk models`, on a real server: what it prints, and what it changes."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.cli import models
from app.cli.models import run_models
from app.cli.parser import argument_parser
from app.engines import Engines
from app.errors import DatabaseUnreachable
from app.sentences import start_sentence
from bot.ui.texts import load_catalog
from core.errors import DeskError
from ml.errors import AmbiguousMarket, NoModel, NoModelBefore, NotPromotable, UnknownModel
from ml.registry import ModelState, Registry
from people.person import Language
from pipeline.errors import MarketUnavailable
from tests.fakes.registered import MARKET, TRAINED_AT, blob, facts

ENGLISH, KOREAN = load_catalog(Language.ENGLISH), load_catalog(Language.KOREAN)


class Desk:
    """The command line over one database."""

    def __init__(self, dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._dsn = dsn
        self._capsys = capsys

    async def run(self, line: str, language: Language = Language.ENGLISH) -> str:
        """What it printed, with every run of spaces as one."""
        options = argument_parser().parse_args(["models", *line.split()])
        assert await run_models(self._dsn, load_catalog(language), options) == 0
        return " ".join(self._capsys.readouterr().out.split())


@pytest.fixture
def desk(dsn: str, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(dsn, capsys)


@pytest.fixture
def registry(pool: Any) -> Registry:
    return Registry(pool)


async def trained(registry: Registry, count: int, *, market: str = MARKET, horizon: int = 60) -> list[int]:
    return [
        await registry.add(market, horizon, facts(trained_at=TRAINED_AT + number), blob(number))
        for number in range(count)
    ]


async def test_before_anything_was_trained_it_says_so(desk: Desk) -> None:
    assert (await desk.run("list")).startswith("No model has been trained yet.")
    assert "아직 학습한 모델이 없습니다" in await desk.run("list", Language.KOREAN)


async def test_the_list_names_each_model_with_its_state_and_skill(desk: Desk, registry: Registry) -> None:
    first, second = await trained(registry, 2)
    known = facts(metrics={"skill": 0.0042, "coverage": 0.801}, recipe="xgb")
    third = await registry.add("binance", 5, known, blob())
    out = await desk.run("list")
    assert out.index("Models of binance") < out.index(f"Models of {MARKET}")
    span = "2025-12-22 09:20 to 2025-12-29 09:20"
    assert f"{third} 5 champion xgb 2025-12-29 09:20 {span} 2 20,000 +0.42% 80.1% 0 KB" in out
    assert f"{second} 60 challenger ensemble" in out
    assert f"{first} 60 champion ensemble" in out
    only = await desk.run("list --market binance")
    assert MARKET not in only
    assert "챔피언" in await desk.run("list", Language.KOREAN)


async def test_the_list_shows_a_champion_however_many_are_newer(desk: Desk, registry: Registry) -> None:
    versions = await trained(registry, 9)
    out = await desk.run("list")
    assert [f" {version} 60 " in out for version in versions] == [True, *[False] * 3, *[True] * 5]


async def test_a_model_is_shown_with_all_that_is_known_of_it(desk: Desk, registry: Registry) -> None:
    first, second = await trained(registry, 2)
    await registry.promote(second, who="scoring", reason="wins: +1.00% of the loss", over=first)
    out = await desk.run(f"show {first}")
    for words in (
        f"Model {first} ",
        f"market {MARKET}",
        "symbols BTCUSDC, 币安人生USDC",
        "features return_1, momentum_10",
        "parameters rate 0.05, rounds 150",
        "covered 0.8, skill 0.004",
        "code version 0.1.0",
        (await registry.one(first)).sha256,
        f"replaced scoring by model {second}: wins: +1.00% of the loss",
        "added training the first of its market and horizon",
    ):
        assert words in out


async def test_a_promotion_and_a_rollback_by_command(desk: Desk, registry: Registry) -> None:
    first, second = await trained(registry, 2)
    out = await desk.run(f"promote {second} --reason tried")
    assert out.startswith(f"Model {second} now makes the 60-minute forecasts for {MARKET}.")
    assert (await registry.changes(second))[0].reason == "tried"
    assert "Nothing was changed." in await desk.run(f"promote {second}")
    out = await desk.run("rollback 60")
    assert f"Model {first} makes the 60-minute forecasts for {MARKET} again. Model {second} was rolled back" in out
    assert "rolled back" in await desk.run("list")
    champion = await registry.champion(MARKET, 60)
    assert champion is not None
    assert champion.version == first
    with pytest.raises(NotPromotable):
        await desk.run(f"promote {second}")
    with pytest.raises(NoModelBefore):
        await desk.run("rollback 60")


async def test_a_rollback_asks_which_of_several_markets_is_meant(desk: Desk, registry: Registry) -> None:
    await trained(registry, 2)
    first, second = await trained(registry, 2, market="binance")
    await registry.promote(second, who="test", reason="")
    with pytest.raises(AmbiguousMarket) as asked:
        await desk.run("rollback 60")
    assert asked.value.markets == f"binance, {MARKET}"
    await desk.run("rollback 60 --market binance")
    assert (await registry.one(first)).state is ModelState.CHAMPION
    with pytest.raises(NoModel):
        await desk.run("rollback 60 --market elsewhere")
    with pytest.raises(NoModel):
        await desk.run("rollback 15")


async def test_an_unknown_model_is_refused(desk: Desk) -> None:
    for line in ("show 7", "promote 7"):
        with pytest.raises(UnknownModel):
            await desk.run(line)


async def test_words_cannot_steer_the_terminal(desk: Desk, registry: Registry) -> None:
    (version,) = await trained(registry, 1)
    await registry.fail(version, who="\x1b[31mred", reason="\u202eturned\nround")
    out = await desk.run(f"show {version}")
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "turned round" in out


async def test_a_server_that_is_not_there_is_said_so() -> None:
    options = argument_parser().parse_args(["models", "list"])
    with pytest.raises(DatabaseUnreachable):
        await run_models("postgresql://nobody@127.0.0.1:1/none", ENGLISH, options)


async def test_a_server_that_goes_away_meanwhile_is_said_so(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> str:
        raise MarketUnavailable

    monkeypatch.setitem(models._VERBS, "list", gone)
    with pytest.raises(DatabaseUnreachable):
        await run_models(dsn, ENGLISH, argument_parser().parse_args(["models", "list"]))


class Overtaken(Registry):
    """Between the look and the deed somebody else takes the champion back."""

    async def list(self, *args: Any, **more: Any) -> Any:
        rows = await super().list(*args, **more)
        await self.rollback(MARKET, 60, who="somebody else", reason="")
        return rows


async def test_two_rollbacks_at_once_take_back_one_model(pool: Any, registry: Registry) -> None:
    first, second, third = await trained(registry, 3)
    for version in (second, third):
        await registry.promote(version, who="test", reason="")
    assert [row.version for row in await registry.fallbacks(MARKET, 60)] == [second, first]
    options = argument_parser().parse_args(["models", "rollback", "60"])
    said = await models._VERBS["rollback"](Overtaken(pool), ENGLISH, options)
    assert said is not None
    assert said.startswith(f"Model {second} makes the 60-minute forecasts for {MARKET} again.")


@pytest.mark.parametrize("line", ["models", "models show", "models show x", "models show 0", "models rollback -5"])
def test_a_line_that_says_too_little_is_refused_with_its_usage(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        argument_parser().parse_args(line.split())
    assert ended.value.code == 2
    assert "usage: paperdesk models" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "english", "korean"),
    [
        (NotPromotable(7, "rolled-back"), "it was rolled back", "이미 되돌린 모델입니다"),
        (NotPromotable(7, "gone"), "it is too old", "오래되어 설명만 남아 있습니다"),
        (AmbiguousMarket(60, "a, b"), "Several markets have models for 60 minutes: a, b.", "a, b"),
        (NoModelBefore(7, 60), "so that one stays", "현재 모델을 유지합니다"),
    ],
)
def test_what_is_refused_is_said_in_words(error: DeskError, english: str, korean: str) -> None:
    assert english in start_sentence(error, ENGLISH)
    assert korean in start_sentence(error, KOREAN)


async def test_the_command_itself_opens_the_desk_and_ends(
    tmp_path: Path, engines: Engines, dsn: str, redis_url: str, registry: Registry
) -> None:
    first, second = await trained(registry, 2)
    environ = {
        "PAPERDESK_DATA_DIR": str(tmp_path),
        "PAPERDESK_POSTGRES__DSN": dsn,
        "PAPERDESK_REDIS__URL": redis_url,
        "LANG": "ko_KR.UTF-8",
        "PATH": os.environ["PATH"],
    }

    def paperdesk(*words: str) -> "subprocess.CompletedProcess[str]":
        line = [sys.executable, "-m", "app.cli.main", "models", *words]
        return subprocess.run(line, env=environ, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603

    done = paperdesk("promote", str(second))
    assert done.returncode == 0
    assert f"이제 {second}번 모델이 {MARKET}의 60분 예측을 담당합니다." in done.stdout
    again = paperdesk("promote", "4711")
    assert (again.returncode, again.stdout) == (1, "")
    assert "4711번 모델이 없습니다" in again.stderr
    assert (await registry.one(first)).state is ModelState.RETIRED
