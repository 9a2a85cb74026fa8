"""/news: headlines, their record, what operators see, and titles that are made against the platforms."""

from dataclasses import replace

import pytest

from bot.notifications.composer import Composer
from bot.platforms.console.render import render as console
from bot.platforms.discord.outbound.custom_id import ANYONE
from bot.platforms.discord.outbound.render import render as discord
from bot.platforms.telegram.outbound.markup import TextStyle
from bot.platforms.telegram.outbound.render import TextMessage
from bot.platforms.telegram.outbound.render import render as telegram
from bot.reply import Headline, Reply, Table
from bot.router import Router
from ml.news.headline_model import HeadlineModel
from people.person import Language
from pipeline.market import DAY_MS
from pipeline.news.notices import HeadlinesFound, PushedHeadline
from pipeline.news.records import FeedReading, NewsEvent, Story
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.fakes.operations import OPERATOR
from tests.fakes.transcript import buttons, transcript
from tests.unit.bot.notifications.test_notices import parcel

HOSTILE = "@everyone <@1> [x](https://evil.example.org) **b** `c` ||d|| </a><b>e & \u202egnp @admin #tag /buy"
LINK = "https://news.example.org/a%29b"


async def said(bot: FakeDeskBot, line: str) -> Reply:
    return await bot.router.answer(bot.inbound(line))


def story(title: str, *, tone: float = 0.5, asset: str = "BTC") -> Story:
    return Story(9, title, LINK, "news.example.org", NOW - 60_000, NOW - 60_000, (asset,), tone)


async def test_without_feeds_a_sentence_and_the_rest_works() -> None:
    bot = FakeDeskBot()
    services = replace(bot.services, news=None)
    router = Router(services, catalogs=CATALOGS)
    reply = await router.answer(bot.inbound("/news"))
    assert "the operator has listed no feeds" in transcript(reply)
    assert "BTC/USDC" in transcript(await router.answer(bot.inbound("/price BTC")))


async def test_old_headlines_are_not_shown() -> None:
    bot = FakeDeskBot()
    bot.news.stories = [replace(story("Bitcoin long ago"), published=NOW - 8 * DAY_MS)]
    assert "No headline was published in the last 2 days" in transcript(await said(bot, "/news"))
    assert "No headline named this coin in the last 7 days" in transcript(await said(bot, "/news btc"))


def events(*, right: bool) -> list[NewsEvent]:
    found = []
    for day in range(40):
        move = 0.01 if day % 2 else -0.01
        tone = 0.8 if (move > 0) == right else -0.8
        found += [NewsEvent(day, asset, "t", tone, day * DAY_MS, move) for asset in ("BTC", "ETH")]
    return found


@pytest.mark.parametrize(("right", "verdict"), [(True, "more often than the base rate says"), (False, "no edge found")])
async def test_the_record_says_what_came_of_the_tone(*, right: bool, verdict: str) -> None:
    bot = FakeDeskBot()
    bot.news.judged = events(right=right)
    reply = await said(bot, "/news record")
    (table,) = [block for block in reply.blocks if isinstance(block, Table)]
    assert table.rows[0][:3] == ("Rules", "100%" if right else "0%", "50%")
    assert table.rows[0][-1] == "80 / 40"
    assert verdict in transcript(reply)
    assert "Model: 0 events" in transcript(reply)


@pytest.mark.parametrize("shown", [True, False])
async def test_a_model_speaks_only_when_it_beats_the_base_rate(*, shown: bool) -> None:
    bot = FakeDeskBot()
    bot.news.trained = HeadlineModel({"bitcoin": (1.0, 1.0)}, 0.0, 400, 240, 40, 0.6, 0.52, 0.01, 0.15, shown)
    told = transcript(await said(bot, "/news BTC"))
    assert ("gives the newest one a 73% probability" in told) == shown
    assert "probability" not in transcript(await said(bot, "/news"))
    record = transcript(await said(bot, "/news record"))
    assert ("so its probability is shown" in record) == shown
    assert ("so its probability is not shown" in record) != shown


async def test_operators_see_failing_feeds() -> None:
    bot = FakeDeskBot(external_id=OPERATOR)
    bot.news.states = {
        "a" * 16: FeedReading("a" * 16, "news.example.org", worked_at=NOW),
        "b" * 16: FeedReading("b" * 16, "other.example.org", failures=3, fault="slow"),
    }

    told = transcript(await said(bot, "/status"))
    assert "News feeds: 1 of 2 work" in told
    assert "other.example.org: answers too slowly; 3 in a row, last worked: –" in told


async def test_a_push_has_headlines_and_a_way_out() -> None:
    bot = FakeDeskBot()
    headline = PushedHeadline("Bitcoin climbs", LINK, "news.example.org", ("BTC", "NOPE"), 0.8, NOW - 60_000)
    notice = HeadlinesFound((headline, headline))
    reply = await Composer(bot.services, CATALOGS).compose(parcel(notice))
    told = transcript(reply)
    assert "TITLE: Headlines about your coins" in told
    assert "[BTC -> price BTC]" in told
    assert "NOPE ->" not in told
    assert "notifications headlines off" in told
    korean = await Composer(bot.services, CATALOGS).compose(parcel(notice, language=Language.KOREAN))
    assert "TITLE: 내 코인 뉴스 2건" in transcript(korean)


# -- platforms ---------------------------------------------------------------------------------


async def hostile() -> Reply:
    bot = FakeDeskBot()
    bot.news.stories = [story(HOSTILE)]
    return await said(bot, "/news BTC")


async def test_a_hostile_title_is_text_on_telegram() -> None:
    (message,) = telegram(await hostile())
    assert isinstance(message, TextMessage)
    body = message.body
    (link,) = [entity for entity in body.entities if entity.kind is TextStyle.LINK]
    assert link.url == LINK
    units = body.text.encode("utf-16-le")
    title = units[2 * link.offset : 2 * (link.offset + link.length)].decode("utf-16-le")
    assert title.replace("\u2060", "") == HOSTILE.replace("\u202e", "")
    assert "@everyone" not in title
    assert "@admin" not in title
    assert "\u202e" not in body.text


async def test_a_hostile_title_is_text_on_discord() -> None:
    (message,) = discord(await hostile(), owner=ANYONE)
    told = " ".join(embed.description or "" for embed in message.cards)
    assert f"]({LINK})" in told
    assert told.count("](") == told.count("\\](") + 1, "only our own link is one"
    assert "@everyone" not in told
    assert "<@1>" not in told
    assert "\\*\\*b\\*\\*" in told
    assert "\u202e" not in told


async def test_a_hostile_title_is_text_in_a_terminal() -> None:
    reply = Reply((Headline("\x1b]8;;https://evil.example.org\x07Bitcoin\x1b[31m\u202e", LINK, "note"),))
    drawn = console(reply, 60, colour=False, say=lambda key, **_: key)
    assert drawn.splitlines() == ["]8;;https://evil.example.orgBitcoin[31m", "note", LINK]


@pytest.mark.parametrize("line", ["/news", "/news bitcoin"])
async def test_an_answer_that_others_read_does_not_show_who_gets_headlines(line: str) -> None:
    bot = FakeDeskBot()
    for asked in ("on", "off"):
        alone = await bot.router.answer(bot.inbound(line))
        assert [each for each in buttons(alone) if "notifications" in each.press]
        shown = await bot.router.answer(replace(bot.inbound(line), public=True, group="-100", chat_id="-100"))
        assert not [each for each in buttons(shown) if "notifications" in each.press]
        await bot.router.answer(bot.inbound(f"/notifications headlines {asked}"))
