"""Settings of groups and the turns of price feeds on PostgreSQL."""

import asyncio
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.groups.cache import REMEMBERED_MS, CachedGroups
from bot.groups.errors import TooManyChannels, TooManyFeeds
from bot.groups.ports import FeedState, Group, SettingChange
from bot.groups.postgres import SQL, PostgresGroups
from bot.groups.settings import GroupSettings, Permission
from core.errors import DatabaseUnavailable
from people.person import Language
from pipeline.market import Symbol
from tests.patience import PATIENCE_SECONDS
from tests.support.push_house import somebody

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

HERE = Group("fake", "g1")
BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")


def groups_of(pool: "Pool") -> PostgresGroups:
    return PostgresGroups(pool, jitter=random.Random(1))  # noqa: S311 - pauses, not secrets


def changed(person_id: int, number: int, words: str = "language ko") -> SettingChange:
    return SettingChange(f"fake:change-{number}", person_id, words)


async def test_a_group_nobody_arranged_has_the_defaults(pool: "Pool") -> None:
    settings = await groups_of(pool).settings(HERE)
    assert settings == GroupSettings()
    assert settings.open_in("anywhere")


async def test_everything_that_is_set_is_kept_and_other_groups_stay_as_they_are(pool: "Pool") -> None:
    groups, person = groups_of(pool), await somebody(pool)
    wanted = GroupSettings(
        Language.KOREAN, "Asia/Seoul", {"-100/5": "거래방 \" ' {", "7": "#b"}, {"trading": Permission.OFF}, 30
    )
    assert await groups.change(HERE, changed(person, 1), lambda _: wanted) == wanted
    assert await groups.settings(HERE) == wanted
    assert await groups.settings(Group("fake", "g2")) == GroupSettings()
    assert await groups.settings(Group("other", "g1")) == GroupSettings()


async def test_rules_under_former_names_hold(pool: "Pool") -> None:
    groups, person = groups_of(pool), await somebody(pool)
    rules = {"dca": Permission.MANAGERS, "repeat": Permission.OFF, "foresee": Permission.OFF}
    await groups.change(HERE, changed(person, 1), lambda before: replace(before, rules=rules))
    found = await groups.settings(HERE)
    assert found.rules == {"dca": Permission.MANAGERS, "forecastalert": Permission.OFF}
    await groups.change(HERE, changed(person, 2), lambda before: before.with_rule("forecastalert", Permission.EVERYONE))
    assert (await groups.settings(HERE)).rules["forecastalert"] is Permission.EVERYONE


async def test_every_change_is_logged_with_who_and_when_and_delivered_again_is_none(pool: "Pool") -> None:
    groups, person = groups_of(pool), await somebody(pool)
    await groups.change(HERE, changed(person, 1, "cooldown 10"), lambda s: replace(s, cooldown=10))
    await groups.change(HERE, changed(person, 2, "cooldown 0"), lambda s: replace(s, cooldown=0))
    again = await groups.change(HERE, changed(person, 1, "cooldown 10"), lambda s: replace(s, cooldown=10))
    assert again.cooldown == 0
    rows = await pool.fetch("SELECT * FROM chat_group_change ORDER BY id")
    assert [(row["person_id"], row["change"]) for row in rows] == [(person, "cooldown 10"), (person, "cooldown 0")]
    assert all(row["changed_at"] is not None for row in rows)


async def test_a_change_that_is_refused_changes_and_logs_nothing(pool: "Pool") -> None:
    groups, person = groups_of(pool), await somebody(pool)

    def refuse(_: GroupSettings) -> GroupSettings:
        raise TooManyChannels(50)

    with pytest.raises(TooManyChannels):
        await groups.change(HERE, changed(person, 1), refuse)
    assert await pool.fetchval("SELECT count(*) FROM chat_group_change") == 0


async def test_changes_at_once_all_take_effect(pool: "Pool") -> None:
    groups, person = groups_of(pool), await somebody(pool)
    await asyncio.gather(
        *(
            groups.change(HERE, changed(person, number), lambda s, n=number: s.with_channel(str(n), f"#{n}"))  # type: ignore[misc]
            for number in range(12)
        )
    )
    assert set((await groups.settings(HERE)).channels) == {str(number) for number in range(12)}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chat_group_change SET change = 'nothing'",
        "DELETE FROM chat_group_change",
        "TRUNCATE chat_group_change",
    ],
)
async def test_the_application_may_not_rewrite_the_log(pool: "Pool", statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(statement)


# -- remembered --------------------------------------------------------------------------------


async def test_settings_are_asked_for_once_in_a_while_and_ones_own_changes_hold_at_once(pool: "Pool") -> None:
    now = [0]
    person, other = await somebody(pool), groups_of(pool)
    groups = CachedGroups(other, lambda: now[0])
    assert (await groups.settings(HERE)).cooldown == 0
    await other.change(HERE, changed(person, 1), lambda s: replace(s, cooldown=5))
    assert (await groups.settings(HERE)).cooldown == 0, "another desk's change is noticed later"
    now[0] = REMEMBERED_MS
    assert (await groups.settings(HERE)).cooldown == 5
    await groups.change(HERE, changed(person, 2), lambda s: replace(s, cooldown=9))
    assert (await groups.settings(HERE)).cooldown == 9


class Broken(PostgresGroups):
    down = False

    async def settings(self, group: Group) -> GroupSettings:
        if self.down:
            raise DatabaseUnavailable
        return await super().settings(group)


async def test_while_the_ledger_is_down_what_held_last_holds_and_the_unknown_is_not_guessed(pool: "Pool") -> None:
    now, there = [0], Broken(pool)
    await there.change(HERE, changed(await somebody(pool), 1), lambda s: s.with_rule("trading", Permission.OFF))
    groups = CachedGroups(there, lambda: now[0], max_size=2)
    await groups.settings(HERE)
    there.down, now[0] = True, 10 * REMEMBERED_MS
    assert (await groups.settings(HERE)).rules == {"trading": Permission.OFF}
    with pytest.raises(DatabaseUnavailable):
        await groups.settings(Group("fake", "unknown"))


# -- feeds -------------------------------------------------------------------------------------


async def test_a_feed_is_claimed_by_one_desk_and_by_another_only_when_its_turn_lapsed(pool: "Pool") -> None:
    groups, person = groups_of(pool), await somebody(pool)
    await groups.change(HERE, changed(person, 1), lambda s: replace(s, language=Language.KOREAN, timezone="Asia/Seoul"))
    await groups.start_feed(HERE, changed(person, 2), "c1", [BTC, ETH], 3)
    claims = await asyncio.gather(*(groups_of(pool).claim("fake", 5) for _ in range(6)))
    (turn,) = [turn for claim in claims for turn in claim]
    assert (turn.chat_id, turn.symbols, turn.message_id) == ("c1", (BTC, ETH), "")
    assert (turn.language, turn.timezone) == (Language.KOREAN, "Asia/Seoul")
    assert await groups.claim("other", 5) == []
    await pool.execute("UPDATE price_feed SET next_at = now()")
    (later,) = await groups.claim("fake", 5)
    await groups.shown(turn, "late", 1, 20)
    assert await pool.fetchval("SELECT message_id FROM price_feed") is None, "who comes back late writes nothing"
    assert later.nonce == turn.nonce, "the same post under the same name"
    await groups.shown(later, "m1", 1, 20)
    assert await groups.claim("fake", 5) == [], "the next turn is not due yet"
    await pool.execute("UPDATE price_feed SET next_at = now()")
    (third,) = await groups.claim("fake", 5)
    assert third.message_id == "m1"
    assert third.nonce != turn.nonce


async def test_a_feed_that_another_desk_is_just_claiming_is_passed_over_without_waiting(pool: "Pool") -> None:
    groups, person = groups_of(pool), await somebody(pool)
    await groups.start_feed(HERE, changed(person, 1), "c1", [BTC], 3)
    async with pool.acquire() as connection, connection.transaction():
        assert len(await connection.fetch(SQL["claim"], "fake", 5, 60.0, [], [], 2)) == 1
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await groups.claim("fake", 5) == []
    assert await groups.claim("fake", 5) == []


async def test_a_group_has_a_bounded_number_of_feeds_and_a_chat_has_one(pool: "Pool") -> None:
    groups, person = groups_of(pool), await somebody(pool)
    await groups.start_feed(HERE, changed(person, 1), "c1", [BTC], 2)
    await groups.start_feed(HERE, changed(person, 2), "c2", [BTC], 2)
    with pytest.raises(TooManyFeeds):
        await groups.start_feed(HERE, changed(person, 3), "c3", [BTC], 2)
    await groups.start_feed(HERE, changed(person, 4), "c2", [ETH], 2)
    assert [(feed.chat_id, feed.symbols) for feed in await groups.feeds(HERE)] == [("c1", (BTC,)), ("c2", (ETH,))]
    assert await groups.stop_feed(HERE, changed(person, 5), "c1")
    assert not await groups.stop_feed(HERE, changed(person, 6), "c1")
    await groups.start_feed(HERE, changed(person, 7), "c3", [BTC], 2)
    states = {feed.chat_id: feed.state for feed in await groups.feeds(HERE)}
    assert states == {"c1": FeedState.ENDING, "c2": FeedState.ON, "c3": FeedState.ON}


async def test_the_log_of_a_group_keeps_its_newest_thousand_changes(pool: "Pool") -> None:
    log = """INSERT INTO chat_group_change (command_id, platform, group_id, change)
        SELECT $1 || '-' || n, 'telegram', $1, n::text FROM generate_series(1, $2) AS n"""
    await pool.execute(log, "other", 3)
    await pool.execute(log, "busy", 1010)
    kept = await pool.fetch("SELECT group_id, change FROM chat_group_change ORDER BY id")
    assert [row["change"] for row in kept if row["group_id"] == "other"] == ["1", "2", "3"]
    assert [row["change"] for row in kept if row["group_id"] == "busy"] == [str(n) for n in range(11, 1011)]
