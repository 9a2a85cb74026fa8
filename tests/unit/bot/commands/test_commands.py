from dataclasses import replace
from decimal import Decimal

import pytest

from bot.reply import Picture, Reply
from bot.views.buttons import PRESS_LIMIT, button
from core.errors import DatabaseUnavailable
from people.person import Language, Theme
from pipeline.market import SourceKind, Symbol
from tests.fakes.bot import FakeDeskBot, FakeMarket
from tests.fakes.transcript import buttons, press_of, transcript
from trading.recurring.ports import PlanState


class Chat:
    """One person's session, with the last reply at hand."""

    def __init__(self, bot: FakeDeskBot | None = None) -> None:
        self.bot = bot or FakeDeskBot()
        self.last = Reply(())

    async def type(self, text: str) -> str:
        self.last = await self.bot.router.answer(self.bot.inbound(text))
        return transcript(self.last)

    async def press(self, prefix: str) -> str:
        return await self.press_text(press_of(self.last, prefix))

    async def press_text(self, text: str, *, external_id: str | None = None) -> str:
        inbound = self.bot.inbound(text, pressed=True, external_id=external_id)
        self.last = await self.bot.router.answer(inbound)
        return transcript(self.last)


@pytest.fixture
def chat() -> Chat:
    return Chat()


# -- first contact -----------------------------------------------------------------------------


async def test_start_opens_the_account_and_leads_to_a_first_trade_in_three_taps(chat: Chat) -> None:
    assert "1,000,000.00 USDC" in await chat.type("/start")
    assert "58,000.00" in await chat.press("price")
    await chat.press("buy BTC")
    await chat.press("buy BTC 1000usdc")
    assert "Bought" in await chat.press("confirm")
    assert await chat.type("/start") == (await chat.type("/start"))
    assert len(chat.bot.desk.accounts) == 1


async def test_start_leads_straight_to_a_preview_too(chat: Chat) -> None:
    await chat.type("/start")
    await chat.press("buy BTC 1000usdc")
    assert "Bought" in await chat.press("confirm")


async def test_the_first_hints_decide_language_and_zone_and_later_ones_do_not(chat: Chat) -> None:
    await chat.type("/start")
    person = chat.bot.people.persons[1]
    assert (person.language, person.timezone) == (Language.ENGLISH, "Asia/Seoul")
    chat.bot.language = Language.KOREAN
    assert "Welcome" in await chat.type("/start")


@pytest.mark.parametrize("line", ["/buy BTC 100usdc", "/portfolio", "/balance", "/history", "/reset"])
async def test_whoever_skips_start_gets_an_account_where_they_need_one(line: str, chat: Chat) -> None:
    assert "just been opened" in await chat.type(line)
    assert "just been opened" not in await chat.type(line)


async def test_prices_need_no_account(chat: Chat) -> None:
    await chat.type("/price BTC")
    assert not chat.bot.desk.accounts


# -- prices ------------------------------------------------------------------------------------


async def test_a_card_tells_everything_and_names_its_source(chat: Chat) -> None:
    text = await chat.type("/price BTC")
    for figure in ("58,000.00 USDC", "+1.75%", "57,999.99 × 1.5 BTC", "0.02 (0.000034%)", "SIMULATION"):
        assert figure in text
    assert [entry.press for entry in buttons(chat.last)] == [
        "chart BTC",
        "buy BTC",
        "sell BTC",
        "alert BTC",
        "forecast BTC 1h",
        "price BTC",
    ]


async def test_live_prices_need_no_source(chat: Chat) -> None:
    live = Chat(FakeDeskBot(market=FakeMarket(label="")))
    for line in ("/price BTC", "/market", "/chart BTC", "/portfolio"):
        assert "simulated" not in await live.type(line)
        assert "simulated" in await chat.type(line)


@pytest.mark.parametrize(
    "line",
    [
        "/price BTC",
        "/price BTC ETH",
        "/chart BTC",
        "/market",
        "/market movers",
        "/market search B",
        "/buy BTC 1",
        "/portfolio",
        "/reset",
    ],
)
async def test_a_replay_names_its_day_under_every_price(line: str) -> None:
    market = FakeMarket("USDT", "REPLAY 2021-04-02")
    market.source = SourceKind.REPLAY
    assert "REPLAY 2021-04-02: these prices are recorded" in await Chat(FakeDeskBot(market=market)).type(line)


async def test_several_symbols_are_a_table_in_which_a_silent_one_has_dashes(chat: Chat) -> None:
    chat.bot.market.silent.add(Symbol("ETHUSDC"))
    text = await chat.type("/price BTC eth BTC 币安人生")
    assert "| ETH/USDC | – | – | –" in text
    assert text.count("BTC/USDC") == 1


async def test_a_source_without_a_book_shows_no_bid_and_ask(chat: Chat) -> None:
    quote = chat.bot.market.quote

    async def flat(symbol: Symbol) -> object:
        return replace(await quote(symbol), bid_size=Decimal(0), ask_size=Decimal(0))

    chat.bot.market.quote = flat  # type: ignore[assignment, method-assign]
    assert "Spread" not in await chat.type("/price BTC")


async def test_an_old_price_is_shown_with_a_warning(chat: Chat) -> None:
    chat.bot.market.age_ms = 120_000
    assert "2 min old" in await chat.type("/price BTC")
    assert "2 min old" in await chat.type("/price BTC ETH")
    await chat.type("/settings confirm off")
    assert "120 seconds old" in await chat.type("/buy BTC 100usdc")
    assert not chat.bot.desk.receipts


async def test_a_halted_symbol_is_named_and_not_traded(chat: Chat) -> None:
    chat.bot.market.status[Symbol("BTCUSDC")] = "HALT"
    assert "HALT" in await chat.type("/price BTC")
    assert "HALT" in await chat.type("/buy BTC 100usdc")


@pytest.mark.parametrize("status", ["HALT", "BREAK"])
@pytest.mark.parametrize("line", ["/price BTC", "/price BTC ETH", "/chart BTC", "/compare BTC ETH", "/watch BTC"])
async def test_every_view_names_the_halted_symbol(chat: Chat, line: str, status: str) -> None:
    chat.bot.market.age_ms = 120_000
    chat.bot.market.status[Symbol("BTCUSDC")] = status
    told = await chat.type(line)
    assert status in told
    assert "BTC/USDC" in told


async def test_a_delisted_symbol_is_not_bought_again_and_again(chat: Chat) -> None:
    market, plans = chat.bot.market, chat.bot.plans
    await chat.type("/dca BTC 50usdc daily 9:00")
    await chat.press("dca_pause 1")
    market.status[Symbol("BTCUSDC")] = "DELISTED"
    assert "delisted" in await chat.type("/dca BTC 70usdc daily 9:00")
    assert "delisted" in await chat.press_text("dca_resume 1")
    assert [plan.state for plan in plans.plans.values()] == [PlanState.PAUSED]
    market.status[Symbol("BTCUSDC")] = "HALT"  # it may come back
    assert "delisted" not in await chat.press_text("dca_resume 1")
    assert [plan.state for plan in plans.plans.values()] == [PlanState.ACTIVE]


@pytest.mark.parametrize("line", ["/alert BTC > 60000", "/forecastalert BTC up 60"])
async def test_nothing_is_set_to_wait_for_a_delisted_symbol(chat: Chat, line: str) -> None:
    await chat.type("/alert BTC > 59000")
    chat.bot.market.status[Symbol("BTCUSDC")] = "DELISTED"  # the last price is still fresh
    assert "has been delisted" in await chat.type(line)
    assert "has been delisted" in await chat.press_text("alert_repeat 1")
    assert len(chat.bot.alerts.alerts) == 1
    assert not chat.bot.alerts.alerts[1].repeat


async def test_an_alert_on_a_halted_symbol_names_the_halt(chat: Chat) -> None:
    chat.bot.market.age_ms = 120_000
    chat.bot.market.status[Symbol("BTCUSDC")] = "HALT"
    assert "HALT" in await chat.type("/alert BTC > 60000")


async def test_a_silent_symbol_offers_to_try_again(chat: Chat) -> None:
    chat.bot.market.silent.add(Symbol("BTCUSDC"))
    assert "no price yet" in await chat.type("/price BTC")
    assert [entry.press for entry in buttons(chat.last)] == ["price BTC"]


async def test_a_chart_is_drawn_in_the_persons_theme_with_words_for_who_cannot_see_it(chat: Chat) -> None:
    await chat.type("/settings theme light")
    await chat.type("/chart BTC 15m")
    drawn, label, style = chat.bot.charts.drawn[-1]
    assert (drawn, label, style.theme) == ("candles BTC/USDC 15m 120", "SIMULATION", Theme.LIGHT)
    picture = next(block for block in chat.last.blocks if isinstance(block, Picture))
    assert "120 candles of 15m" in picture.alt
    assert "low 29,000.00, high 72,500.00" in picture.alt
    await chat.type("/chart BTC")
    assert chat.bot.charts.drawn[-1][0] == "candles BTC/USDC 1h 120"


async def test_movers_are_ranked_by_their_change(chat: Chat) -> None:
    text = await chat.type("/market movers")
    gains, losses = text.split("Top losers")
    assert gains.index("币安人生") < gains.index("SOL") < gains.index("BTC")
    assert "ETH" in losses
    assert "DOGE" not in text


async def test_search_finds_a_part_of_a_name(chat: Chat) -> None:
    assert "DOGE/USDC" in await chat.type("/market search oge")
    assert "币安人生/USDC" in await chat.type("/market search 人生")
    assert "No symbol contains" in await chat.type("/market search zzz")
    assert "TEXT" in await chat.type("/market search")


# -- orders ------------------------------------------------------------------------------------


async def test_details_of_a_preview_are_exact_and_order_nothing(chat: Chat) -> None:
    brief = await chat.type("/buy BTC 1000usdc")
    assert "You pay: 1,000.00 USDC" in brief
    assert "You receive" not in brief
    details = await chat.press("preview_details")
    assert "You pay: 1,000.00004 USDC" in details
    assert "You receive: 0.01722414 BTC" in details
    assert not chat.bot.desk.receipts
    assert "Bought" in await chat.press("confirm")


async def test_details_of_an_expired_preview_offer_it_again(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    press = press_of(chat.last, "preview_details")
    chat.bot.previews.expire()
    assert "has expired" in await chat.press_text(press)
    assert press_of(chat.last, "buy") == "buy BTC 1000usdc"


async def test_a_price_is_never_shown_later_than_its_order(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    owner, stored = chat.bot.desk.receipts[1]
    ahead = replace(stored, execution=replace(stored.execution, price_time=int(stored.at.timestamp() * 1000) + 1500))
    chat.bot.desk.receipts[1] = (owner, ahead)
    details = await chat.press("receipt_details")
    shown = dict(line.strip().split(": ", 1) for line in details.splitlines() if ": " in line)
    assert shown["Price time"] == shown["Time"]


async def test_a_preview_orders_nothing_and_a_press_orders_once(chat: Chat) -> None:
    text = await chat.type("/buy BTC 1000usdc")
    assert "USDC balance after: 999,000.00 USDC" in text
    assert not chat.bot.desk.receipts
    press = press_of(chat.last, "confirm")
    first = await chat.press_text(press)
    assert "Bought 0.0172413 BTC" in first
    assert await chat.press_text(press) == first
    assert await chat.press_text(press) == first
    assert len(chat.bot.desk.receipts) == 1


@pytest.mark.parametrize("size", ["1000 usdc", "1000 USDC", "0.01 btc", "10 %"])
async def test_a_size_may_stand_apart_from_its_unit(size: str, chat: Chat) -> None:
    await chat.type("/start")
    apart = await chat.type(f"/buy BTC {size}")
    together = await chat.type(f"/buy BTC {size.replace(' ', '')}")
    assert "Confirm" in together
    assert together.replace("tok000000002", "tok000000001") == apart


async def test_a_receipt_shows_what_the_price_was_made_of(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    receipt = await chat.press("confirm")
    for figure in ("Order: 1", "Bought: 0.0172413 BTC", "Paid: 1,000.00 USDC", "Fee: 0.00001724 BTC", "0.04%"):
        assert figure in receipt
    for figure in ("Mid price", "Price age", "Filled according to", "You "):
        assert figure not in receipt
    text = await chat.press("receipt_details")
    for figure in (
        "Order: 1",
        "Bought: 0.01724138 BTC",
        "Paid: 1,000.00004 USDC",
        "Received: 0.01722414 BTC",
        "Mid price",
        "Slippage: 0.04%",
        "Fee: 0.00001724 BTC",
        "Price age: 1 sec",
        "USDC balance",
    ):
        assert figure in text
    assert "Realised" not in text
    await chat.type("/sell BTC max")
    assert "Realised P&L: -1.25 USDC" in await chat.press("confirm")
    assert chat.bot.desk.coins[101]["BTC"] == 0


async def test_a_partial_fill_is_announced_and_told(chat: Chat) -> None:
    chat.bot.desk.unfilled = Decimal("0.5")
    assert "0.5 BTC would expire" in await chat.type("/buy BTC 1000usdc")
    assert "0.5 BTC expired" in await chat.press("confirm")


async def test_another_person_cannot_press_the_button(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    press = press_of(chat.last, "confirm")
    assert "has expired" in await chat.press_text(press, external_id="8")
    assert "has expired" in await chat.press_text(press.replace("confirm", "cancel").split(" buy")[0], external_id="8")
    assert "Bought" in await chat.press_text(press)


async def test_cancelling_says_so_only_when_it_is_true(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    confirm, cancel = press_of(chat.last, "confirm"), press_of(chat.last, "cancel")
    assert "Nothing was ordered" in await chat.press_text(cancel)
    assert "has expired" in await chat.press_text(confirm)
    assert not chat.bot.desk.receipts
    await chat.type("/buy BTC 1000usdc")
    cancel = press_of(chat.last, "cancel")
    await chat.press("confirm")
    assert "Nothing was ordered" not in await chat.press_text(cancel)
    assert len(chat.bot.desk.receipts) == 1


async def test_an_expired_preview_offers_the_same_order_again(chat: Chat) -> None:
    await chat.type("/sell BTC 25%")
    await chat.type("/buy BTC 1000usdc")
    chat.bot.previews.expire()
    assert "has expired" in await chat.press("confirm")
    assert [entry.press for entry in buttons(chat.last)] == ["buy BTC 1000usdc", "history"]
    await chat.press("buy")
    assert "Bought" in await chat.press("confirm")


async def test_a_price_that_moved_is_shown_with_a_fresh_preview(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    old = press_of(chat.last, "confirm")
    chat.bot.market.prices[Symbol("BTCUSDC")] = Decimal("59000.00")
    text = await chat.press_text(old)
    assert "from 58,000.00 to 59,000.00" in text
    assert "0.5%" in text
    assert not chat.bot.desk.receipts
    fresh = press_of(chat.last, "confirm")
    assert fresh != old
    assert "Bought" in await chat.press_text(fresh)
    assert "has expired" in await chat.press_text(old)
    assert len(chat.bot.desk.receipts) == 1


async def test_selling_all_stays_selling_all_when_the_price_moved(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    await chat.press("confirm")
    await chat.type("/sell BTC max")
    chat.bot.market.prices[Symbol("BTCUSDC")] = Decimal("50000.00")
    await chat.press("confirm")
    assert press_of(chat.last, "confirm").endswith("sell BTC max")
    await chat.press("confirm")
    assert chat.bot.desk.coins[101]["BTC"] == 0


async def test_a_confirmation_lost_in_the_ledger_may_be_pressed_again(chat: Chat) -> None:
    await chat.type("/buy BTC 1000usdc")
    press = press_of(chat.last, "confirm")
    confirm = chat.bot.desk.confirm

    async def lost(*arguments: object, **named: object) -> object:
        await confirm(*arguments, **named)  # type: ignore[arg-type]
        raise DatabaseUnavailable

    chat.bot.desk.confirm = lost  # type: ignore[assignment, method-assign]
    assert "ledger is unavailable" in await chat.press_text(press)
    chat.bot.desk.confirm = confirm  # type: ignore[method-assign]
    assert "Bought" in await chat.press("confirm")
    assert len(chat.bot.desk.receipts) == 1


async def test_a_refused_confirmation_ends_its_preview(chat: Chat) -> None:
    await chat.type("/buy BTC max")
    press = press_of(chat.last, "confirm")
    chat.bot.desk.cash[101] = Decimal(0)
    assert "WARNING" in await chat.press_text(press)
    assert not chat.bot.previews.kept


async def test_without_confirmation_the_line_itself_is_the_order(chat: Chat) -> None:
    await chat.type("/start")
    await chat.type("/settings confirm off")
    inbound = chat.bot.inbound("/buy BTC 1000usdc")
    first = transcript(await chat.bot.router.answer(inbound))
    assert "Bought" in first
    assert transcript(await chat.bot.router.answer(inbound)) == first
    assert list(chat.bot.desk.done) == [f"fake:{inbound.command_id}"]


async def test_what_is_missing_is_said(chat: Chat) -> None:
    assert "short by 4,800,000.00 USDC" in await chat.type("/buy BTC 100")
    assert "hold any BTC" in await chat.type("/sell BTC 1")


async def test_a_receipt_opens_from_history_and_only_for_its_owner(chat: Chat) -> None:
    await chat.type("/start")
    await chat.type("/settings confirm off")
    receipt = await chat.type("/buy BTC 1000usdc")
    await chat.type("/history")
    assert await chat.press("receipt 1") == receipt
    assert "no order 1" in await chat.press_text("receipt 1", external_id="8")
    assert "no order 99" in await chat.press_text("receipt 99")


async def test_an_old_receipt_keeps_the_name_of_its_own_source(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    chat.bot.market.source, chat.bot.market.label = SourceKind.BINANCE, ""
    assert "SIMULATOR: these prices are simulated" in await chat.press_text("receipt 1")


async def test_a_receipt_outlives_its_symbol(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy SOL 1000usdc")
    del chat.bot.market.prices[Symbol("SOLUSDC")]
    assert "Bought" in await chat.press_text("receipt 1")
    assert "SOL" in await chat.type("/history")


# -- the account -------------------------------------------------------------------------------


async def test_the_equity_is_drawn_once_there_was_a_trade(chat: Chat) -> None:
    chat.bot.market.prices[Symbol("BTCUSDC")] = Decimal("58000.00")
    await chat.type("/portfolio")
    assert [drawn for drawn, *_ in chat.bot.charts.drawn] == ["allocation"]
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    text = await chat.type("/portfolio")
    assert [drawn for drawn, *_ in chat.bot.charts.drawn[1:]] == ["allocation", "equity"]
    assert "| BTC | 0.01722414 |" in text


async def test_history_has_pages(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    for _ in range(12):
        await chat.type("/buy BTC 100usdc")
    assert "| 12 |" in await chat.type("/history")
    assert len([entry for entry in buttons(chat.last) if entry.press.startswith("receipt")]) == 10
    older = await chat.press("history_before")
    assert "| 2 |" in older
    assert "| 3 |" not in older
    assert "Grant" in older
    assert not [entry for entry in buttons(chat.last) if entry.press.startswith("history_before")]


async def test_reset_says_what_is_lost_and_one_press_resets_once(chat: Chat) -> None:
    await chat.type("/settings confirm off")
    await chat.type("/buy BTC 1000usdc")
    text = await chat.type("/reset")
    assert "one position" in text
    assert not chat.bot.desk.resets
    press = press_of(chat.last, "reset_now")
    assert "another account" in await chat.press_text(press, external_id="8")
    assert "start again" in await chat.press_text(press)
    assert "another account" in await chat.press_text(press)
    assert chat.bot.desk.resets == ["reset:101:1"]


# -- settings ----------------------------------------------------------------------------------


async def test_every_setting_can_be_chosen_with_buttons_alone(chat: Chat) -> None:
    for setting in ("language", "timezone", "confirm", "theme"):
        await chat.type("/settings")
        await chat.press(f"settings {setting}")
        for choice in [entry.press for entry in buttons(chat.last)]:
            assert "WARNING" not in await chat.press_text(choice)
    person = chat.bot.people.persons[1]
    assert person.language is Language.KOREAN
    assert (person.confirm, person.theme) == (False, Theme.LIGHT)


async def test_a_new_language_is_spoken_at_once(chat: Chat) -> None:
    assert "저장했습니다" in await chat.type("/settings language 한국어")
    assert "현재가" in await chat.type("/price BTC")


async def test_a_new_zone_moves_the_clock(chat: Chat) -> None:
    await chat.type("/start")
    assert "Apr 2, 03:00" in await chat.type("/history")
    await chat.type("/settings timezone new york")
    assert "Apr 1, 14:00" in await chat.type("/history")


@pytest.mark.parametrize("line", ["/settings theme blue", "/settings timezone Asia/Soul", "/settings nope"])
async def test_a_wrong_choice_offers_the_right_ones(line: str, chat: Chat) -> None:
    assert "WARNING" in await chat.type(line)
    await chat.press("settings")
    assert "WARNING" not in transcript(chat.last)


def test_a_button_is_measured_in_bytes_and_left_out_when_it_is_too_long() -> None:
    assert button("price", "price", "币" * 19) is not None
    assert button("price", "price", "币" * 20) is None


# -- all of them -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
async def test_every_button_leads_on_and_fits_the_platforms(language: Language) -> None:
    """Walks the buttons from /start, a few hundred presses far: no press is too long, unknown or our mistake."""
    chat = Chat(FakeDeskBot(language))
    await chat.type("/start")
    await chat.type("/help")
    waiting = ["start", "help", "help settings", "price BTC ETH 币安人生", "market search B", "reset"]
    waiting += ["buy 币安人生 0.000000000000000001", "buy BTC", "history", "settings"]
    seen: set[str] = set()
    while waiting and len(seen) < 300:
        press = waiting.pop(0)
        if press in seen or press.startswith("settings language"):
            continue
        seen.add(press)
        text = await chat.press_text(press)
        assert not any(
            word in text for word in ("Something went wrong", "일시적인 오류", "no command", "명령이 없습니다")
        )
        for row in (
            block.rows for block in chat.last.blocks if hasattr(block, "rows") and block.__class__.__name__ == "Buttons"
        ):
            assert all(len(line) <= 5 for line in row)
            assert len(row) <= 5
        for entry in buttons(chat.last):
            assert 0 < len(entry.press.encode()) <= PRESS_LIMIT
            assert 0 < len(entry.label) <= 80
            waiting.append(entry.press)
    assert len(seen) > 50
