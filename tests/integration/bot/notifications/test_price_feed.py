"""Price feeds on PostgreSQL: one message a channel, edited only when something moved, by exactly one desk."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.groups.ports import FeedState, Group, SettingChange
from bot.groups.postgres import PostgresGroups
from bot.notifications.courier import Delivered, Outcome, OutcomeUnknown, PermanentFailure, RetryLater
from bot.notifications.price_feed import MAX_POSTS, FeedRunner, FeedWriter
from bot.reply import Reply
from bot.settings import BotSettings
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.transcript import transcript
from tests.patience import PATIENCE_SECONDS
from tests.support.push_house import running, somebody, until

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

HERE = Group("fake", "g1")
NUMBERS = count()
BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")


@dataclass
class Screen:
    """A courier that shows messages as a channel would; `posting` and `editing` decide otherwise."""

    platform: str = "fake"
    shown: dict[str, Reply] = field(default_factory=dict)
    nonces: list[str] = field(default_factory=list)
    edits: int = 0
    tried: int = 0
    posting: Callable[[], Outcome | None] = lambda: None
    editing: Callable[[], Outcome | None] = lambda: None

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        assert silent
        self.tried += 1
        if refused := self.posting():
            return refused
        self.nonces.append(nonce)
        number = f"{chat_id}:{len(self.nonces)}"
        self.shown[number] = reply
        return Delivered(number)

    async def edit(self, chat_id: str, message_id: str, reply: Reply) -> Outcome:
        self.tried += 1
        if refused := self.editing():
            return refused
        if message_id not in self.shown or not message_id.startswith(f"{chat_id}:"):
            return PermanentFailure("message not found", chat_gone=False)
        self.edits += 1
        self.shown[message_id] = reply
        return Delivered(message_id)

    def text(self) -> str:
        (reply,) = self.shown.values()
        return transcript(reply)


def groups_of(pool: "Pool") -> PostgresGroups:
    return PostgresGroups(pool, jitter=random.Random(1))  # noqa: S311 - pauses, not secrets


async def started(pool: "Pool", chat_id: str = "c1", symbols: tuple[Symbol, ...] = (BTC, ETH)) -> None:
    person = await somebody(pool)
    await groups_of(pool).start_feed(
        HERE, SettingChange(f"start:{chat_id}:{next(NUMBERS)}", person, "feed"), chat_id, symbols, 99
    )


def runner(pool: "Pool", bot: FakeDeskBot, screen: Screen) -> FeedRunner:
    writer = FeedWriter(bot.services, CATALOGS)
    return FeedRunner(
        groups_of(pool), writer, screen, BotSettings(feed_seconds=15), edits_a_second=200, poll_seconds=0.01
    )


async def round_of(pool: "Pool", feeds: FeedRunner, screen: Screen) -> None:
    """Lets every feed have one more turn."""
    async with running(feeds.run()):
        await another(pool)


async def another(pool: "Pool") -> None:
    """Until every feed had a turn. One lapses where PostgreSQL did not answer in time; then another is due."""
    before = await pool.fetchval("SELECT sum(turn) FROM price_feed")
    soon = "next_at BETWEEN now() AND now() + interval '140 s'"
    query = f"SELECT count(*) FROM price_feed WHERE state <> 'off' AND {soon}"  # noqa: S608
    async with asyncio.timeout(PATIENCE_SECONDS):
        for attempt in count():
            if attempt % 500 == 0:
                await pool.execute("UPDATE price_feed SET next_at = now()")
            turns = await pool.fetchval("SELECT sum(turn) FROM price_feed")
            on = await pool.fetchval("SELECT count(*) FROM price_feed WHERE state <> 'off'")
            if (turns > before or not on) and await pool.fetchval(query) == on:
                return
            await asyncio.sleep(0.01)


async def row(pool: "Pool") -> "asyncpg.Record":
    found = await pool.fetchrow("SELECT * FROM price_feed")
    assert found is not None
    return found


async def test_a_feed_names_a_halt_as_soon_as_it_is_known(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    feeds = runner(pool, bot, screen)
    await round_of(pool, feeds, screen)
    for status in ("HALT", "BREAK"):
        bot.market.status[BTC] = status  # the price is still fresh
        await round_of(pool, feeds, screen)
        assert f"{status})" in screen.text()
        assert "BTC/USDC" in screen.text()


async def test_a_feed_is_posted_once_and_edited_only_when_something_moved(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    async with running(runner(pool, bot, screen).run()):
        await another(pool)
        assert "58,000.00" in screen.text()
        assert (len(screen.nonces), screen.edits) == (1, 0)
        await another(pool)
        assert screen.tried == 1, "nothing moved"
        bot.market.prices[BTC] = Decimal("58123.00")
        await another(pool)
        assert "58,123.00" in screen.text()
        assert (len(screen.nonces), screen.edits) == (1, 1)


async def test_a_feed_survives_a_restart_in_the_same_message(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    await round_of(pool, runner(pool, bot, screen), screen)
    bot.market.prices[BTC] = Decimal("59000.00")
    await round_of(pool, runner(pool, bot, screen), screen)
    assert "59,000.00" in screen.text()
    assert len(screen.nonces) == 1


async def test_two_desks_keep_one_message(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    async with running(runner(pool, bot, screen).run(), runner(pool, bot, screen).run()):
        for price in ("58001.00", "58002.00", "58003.00"):
            bot.market.prices[BTC] = Decimal(price)
            await another(pool)
    assert len(screen.nonces) == 1
    assert "58,003.00" in screen.text()


@pytest.mark.parametrize("language", list(Language))
async def test_a_feed_speaks_the_groups_language_and_tells_its_time(pool: "Pool", language: Language) -> None:
    person = await somebody(pool)
    await groups_of(pool).change(
        HERE, SettingChange("c", person, "x"), lambda s: replace(s, language=language, timezone="America/New_York")
    )
    await started(pool)
    screen = Screen()
    await round_of(pool, runner(pool, FakeDeskBot(), screen), screen)
    say = CATALOGS[language].text
    assert say("feed-title") in screen.text()
    assert "America/New_York" in screen.text()
    assert "14:00:00" in screen.text()


async def test_stale_prices_are_marked_and_the_mark_goes_when_they_are_fresh(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    async with running(runner(pool, bot, screen).run()):
        await another(pool)
        assert "Prices are delayed" not in screen.text()
        bot.market.age_ms = 600_000
        await another(pool)
        assert "Prices are delayed" in screen.text()
        bot.market.age_ms = 1000
        await another(pool)
        assert "Prices are delayed" not in screen.text()


async def test_a_deleted_message_is_posted_anew(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    async with running(runner(pool, bot, screen).run()):
        await another(pool)
        screen.shown.clear()
        bot.market.prices[BTC] = Decimal("58001.00")
        await another(pool)
    assert "58,001.00" in screen.text()
    assert len(set(screen.nonces)) == 2
    assert (await row(pool))["state"] == "on"


async def test_people_may_delete_the_message_as_often_as_they_like(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    async with running(runner(pool, bot, screen).run()):
        for number in range(2 * MAX_POSTS):
            screen.shown.clear()
            for price in (60_000, 70_000):
                bot.market.prices[BTC] = Decimal(price + number)
                await another(pool)
    assert (await row(pool))["state"] == "on"
    assert len(screen.nonces) == 2 * MAX_POSTS


async def test_messages_that_can_never_be_edited_end_the_feed_instead_of_flooding_the_channel(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen(editing=lambda: PermanentFailure("nothing can be edited", chat_gone=False))
    async with running(runner(pool, bot, screen).run()):
        for number in range(10):
            bot.market.prices[BTC] = Decimal(60_000 + number)
            await another(pool)
    assert len(screen.nonces) == MAX_POSTS
    assert ((await row(pool))["state"], (await row(pool))["reason"]) == ("off", "nothing can be edited")


@pytest.mark.parametrize("gone", [True, False])
async def test_where_posting_is_forbidden_the_feed_is_off_with_its_reason(pool: "Pool", *, gone: bool) -> None:
    await started(pool)
    screen = Screen(posting=lambda: PermanentFailure("missing permissions", chat_gone=gone))
    await round_of(pool, runner(pool, FakeDeskBot(), screen), screen)
    (feed,) = await groups_of(pool).feeds(HERE)
    assert (feed.state, feed.reason) == (FeedState.OFF, "missing permissions")
    assert screen.tried == 1


async def test_a_chat_that_is_gone_ends_the_feed_without_another_post(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    async with running(runner(pool, bot, screen).run()):
        await another(pool)
        screen.editing = lambda: PermanentFailure("kicked", chat_gone=True)
        bot.market.prices[BTC] = Decimal("58001.00")
        await another(pool)
    assert (await row(pool))["state"] == "off"
    assert len(screen.nonces) == 1


async def test_a_platform_in_trouble_is_asked_again_later_and_nothing_is_posted_twice(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    async with running(runner(pool, bot, screen).run()):
        await another(pool)
        for trouble in (RetryLater("429", 100.0), OutcomeUnknown("502")):
            screen.editing = lambda trouble=trouble: trouble  # type: ignore[misc]
            bot.market.prices[BTC] += 1
            await another(pool)
            ahead = await pool.fetchval("SELECT extract(epoch FROM next_at - now()) FROM price_feed")
            assert ahead > (90 if isinstance(trouble, RetryLater) else 50)
        screen.editing = lambda: None
        await another(pool)
    assert len(screen.nonces) == 1
    assert "58,002.00" in screen.text()


async def test_an_ended_feed_says_so_in_its_message_and_a_new_one_begins_below(pool: "Pool") -> None:
    await started(pool)
    bot, screen = FakeDeskBot(), Screen()
    async with running(runner(pool, bot, screen).run()):
        await another(pool)
        assert await groups_of(pool).stop_feed(HERE, SettingChange("stop", await somebody(pool), "feed off"), "c1")
        await until(lambda: "stopped" in screen.text())
        await another(pool)
        assert (await row(pool))["state"] == "off"
        await started(pool)
        await another(pool)
    assert len(screen.shown) == 2
    assert len(set(screen.nonces)) == 2


async def test_a_symbol_that_left_the_market_is_a_dash_and_the_others_go_on(pool: "Pool") -> None:
    await started(pool, symbols=(BTC, Symbol("GONEUSDC")))
    screen = Screen()
    await round_of(pool, runner(pool, FakeDeskBot(), screen), screen)
    assert "58,000.00" in screen.text()
    assert "GONEUSDC | –" in screen.text()


async def test_many_feeds_share_a_bounded_number_of_calls_a_second(pool: "Pool") -> None:
    for number in range(12):
        await started(pool, f"c{number}", (BTC,))
    screen = Screen()
    writer = FeedWriter(FakeDeskBot().services, CATALOGS)
    feeds = FeedRunner(groups_of(pool), writer, screen, BotSettings(), edits_a_second=10, poll_seconds=0.01)
    begun = asyncio.get_running_loop().time()
    async with running(feeds.run()):
        await until(lambda: len(screen.nonces) == 12)
    assert asyncio.get_running_loop().time() - begun >= 11 / 10
