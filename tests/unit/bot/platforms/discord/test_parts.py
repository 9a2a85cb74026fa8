"""The small parts of the adapter."""

import asyncio

import aiohttp
import pytest

from bot.notifications.courier import OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.discord import discord
from bot.platforms.discord.errors import judge
from bot.platforms.discord.identify_limit import IdentifyBudget
from bot.platforms.discord.outbound.custom_id import ANYONE, PressedButton, ReplyTarget, pack, unpack
from bot.platforms.discord.user_queue import PerUserQueue
from bot.views.buttons import PRESS_LIMIT


def test_a_button_carries_its_owner_and_its_press() -> None:
    packed = pack("price BTC", position=3, owner=7, page="price")
    assert unpack(packed) == PressedButton(ReplyTarget.UPDATE, 7, "price BTC")


def test_the_longest_press_of_the_longest_owner_fits() -> None:
    packed = pack("x" * PRESS_LIMIT, position=99, owner=2**64 - 1, page="history_before")
    assert len(packed) <= 100
    assert unpack(packed) == PressedButton(ReplyTarget.NEW, 2**64 - 1, "x" * PRESS_LIMIT)
    with pytest.raises(ValueError, match="x"):
        pack("x" * 90, position=0, owner=2**64 - 1, page="")


@pytest.mark.parametrize("forged", ["", "price BTC", "u0:1:x", "z00:1:x", "u00::x", "u00:1:", "u00:１:x", "u00:-1:x"])
def test_what_we_never_packed_is_refused(forged: str) -> None:
    assert unpack(forged) is None


@pytest.mark.parametrize(
    ("page", "press", "place"),
    [
        ("price", "price BTC", ReplyTarget.UPDATE),
        ("price", "chart BTC", ReplyTarget.NEW),
        ("history", "history_before 5", ReplyTarget.UPDATE),
        ("history_before", "history", ReplyTarget.UPDATE),
        ("history", "receipt 5", ReplyTarget.NEW),
        ("buy", "confirm tok", ReplyTarget.FINISH),
        ("alerts", "alert_cancel 5", ReplyTarget.FINISH),
        ("confirm", "portfolio", ReplyTarget.NEW),
        ("", "price BTC", ReplyTarget.NEW),
        ("", "confirm tok", ReplyTarget.NEW),
    ],
)
def test_pages_are_turned_in_place_and_other_answers_are_new(page: str, press: str, place: ReplyTarget) -> None:
    found = unpack(pack(press, position=0, owner=ANYONE, page=page))
    assert found is not None
    assert found.place is place


def test_greetings_are_bounded_over_a_day() -> None:
    budget, now, greeted = IdentifyBudget(0.0), 0.0, 0
    while now < 86_400:
        wait = budget.wait(now)
        now += wait + 0.1
        greeted += 1
    assert 800 < greeted < 1000


def test_a_permission_that_is_given_back_is_there_again() -> None:
    budget = IdentifyBudget(0.0, burst=1, seconds_each=100)
    assert budget.wait(0.0) == 0
    budget.give_back()
    assert budget.wait(0.0) == 0
    assert budget.wait(0.0) == 100


async def test_a_persons_commands_run_in_order_and_others_beside_them() -> None:
    turns, done = PerUserQueue(at_once=2), []

    async def work(user: int, number: int, seconds: float) -> None:
        async with turns.of(user):
            await asyncio.sleep(seconds)
            done.append((user, number))

    await asyncio.gather(work(1, 1, 0.05), work(1, 2, 0), work(1, 3, 0), work(2, 1, 0.01))
    assert done == [(2, 1), (1, 1), (1, 2), (1, 3)]


def test_too_many_of_one_person_are_refused_and_nobody_elses() -> None:
    turns = PerUserQueue(each=2)
    assert [turns.enter(1) for _ in range(3)] == [True, True, False]
    assert turns.enter(2)
    turns.leave(1)
    assert turns.enter(1)


class Answer:
    reason = "x"

    def __init__(self, status: int) -> None:
        self.status = status
        self.headers: dict[str, str] = {}


def refused(status: int, code: int = 0) -> discord.HTTPException:
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(Answer(status), {"code": code, "message": "m"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (refused(404, 10003), PermanentFailure("404 10003", chat_gone=True)),
        (refused(403, 50001), PermanentFailure("403 50001", chat_gone=True)),
        (refused(403, 50007), PermanentFailure("403 50007", chat_gone=True)),
        (refused(400, 50035), PermanentFailure("400 50035", chat_gone=False)),
        (refused(429), RetryLater("429", 5.0)),
        (refused(401), RetryLater("401", 5.0)),
        (discord.RateLimited(77.0), RetryLater("429", 77.0)),
        (refused(503), OutcomeUnknown("503")),
        (TimeoutError(), OutcomeUnknown("TimeoutError")),
        (aiohttp.ServerDisconnectedError(), OutcomeUnknown("ServerDisconnectedError")),
        (ConnectionResetError(), OutcomeUnknown("ConnectionResetError")),
    ],
)
def test_every_refusal_has_one_meaning(error: Exception, outcome: object) -> None:
    assert judge(error) == outcome


def test_our_own_mistakes_are_not_judged() -> None:
    with pytest.raises(ZeroDivisionError):
        judge(ZeroDivisionError())
