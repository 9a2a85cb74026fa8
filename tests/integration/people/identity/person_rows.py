"""Rows of every table for one person."""

import json
from decimal import Decimal

from bot.platforms.telegram.inbound.inbox import IncomingUpdate
from bot.reply import Reply
from core.outbox import Chat
from people.identity.ports import Identity
from pipeline.market import Interval
from tests.support.people_house import ALICE, BTC, CALM, House, wish
from tests.support.push_house import told
from trading.alerts.condition_alerts import NewConditionAlert
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.forecast_alerts import ForecastDirection, NewForecastAlert
from trading.alerts.forecast_postgres import PostgresForecastAlerts
from trading.alerts.range_alerts import NewRangeAlert
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.orders.types import QuoteAmount, Side
from trading.rules.postgres import PostgresStrategies
from trading.rules.rule import parse_rule
from trading.rules.strategies import NewStrategy
from trading.triggers.conditions import Condition, Measure
from trading.triggers.price_levels import Direction

D = Decimal


def update(number: int, who: Identity, words: str) -> IncomingUpdate:
    said = {"update_id": number, "message": {"from": {"id": int(who.external_id)}, "text": words}}
    return IncomingUpdate(number, f"message:{number}", who.external_id, json.dumps(said))


async def settle_in(house: House, who: Identity) -> int:
    """Somebody with something of every kind."""
    person = await house.person(who)
    account = await house.desk.open(person, f"open-{person}")
    await house.desk.place(account, f"buy-{person}", Side.BUY, BTC, QuoteAmount(D(1000)))
    chat = Chat(who.platform, who.external_id)
    await house.alerts.create(wish(person, f"w{person}", chat))
    foreseen = NewForecastAlert(
        f"f{person}", person, chat, "simulator", BTC, 60, ForecastDirection.UP, D("0.7"), repeat=False, ready=True
    )
    await PostgresForecastAlerts(house.pool, jitter=CALM).create(foreseen)
    ranged = NewRangeAlert(
        f"g{person}", person, chat, "simulator", BTC, D("0.03"), 60, repeat=False, ready=True, market_time=0
    )
    await PostgresRangeAlerts(house.pool, jitter=CALM).create(ranged)
    rsi = Condition(Measure.RSI, Direction.BELOW, D(30), Interval.H1, 14)
    await PostgresConditionAlerts(house.pool, jitter=CALM).create(
        NewConditionAlert(
            f"c{person}", person, chat, "simulator", BTC, rsi, D(32), repeat=False, ready=True, market_time=0, note="n"
        )
    )
    await house.pool.execute(
        "INSERT INTO recurring_buy (command_id, person_id, market, symbol, size_kind, size, every, day, minute,"
        " timezone, next_day, next_at) VALUES ($1, $2, 'simulator', 'BTCUSDC', 'quote', 10, 'daily', 0, 540, 'UTC',"
        " current_date, now())",
        f"r{person}",
        person,
    )
    rule = parse_rule("when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max")
    await PostgresStrategies(house.pool, jitter=CALM).save(
        NewStrategy(person, "simulator", "dip", BTC, Interval.H1, rule)
    )
    await house.pool.execute(
        "INSERT INTO order_group (command_id, person_id, market, body, scheduled, created_at, claimed_until)"
        " VALUES ($1, $2, 'simulator', '{}', false, now(), now())",
        f"group:{person}",
        person,
    )
    await house.pool.execute(
        "WITH target AS (INSERT INTO rebalancing_target (person_id, market, with_cash, band)"
        " VALUES ($1, 'simulator', true, 0.05) RETURNING id)"
        " INSERT INTO rebalancing_weight SELECT id, 'BTCUSDC', 0.5, 0 FROM target",
        person,
    )
    await house.pool.execute(
        "INSERT INTO trading_limit (person_id, kind, value, set_at) VALUES ($1, 'order', 100000, now())", person
    )
    await house.pool.execute(
        "INSERT INTO account_limit_state (account_id, round, adjusted, equity, marks, valued_at, day_start, day_ends,"
        " peak, peak_at) VALUES ($1, 1, 0, 1000000, '{}', now(), 1000000, now(), 1000000, now())",
        account.account_id,
    )
    await house.pool.execute(
        "INSERT INTO backtest_trial VALUES ($1, 'simulator', 'BTCUSDC', decode(repeat('0f', 16), 'hex'), 1.5, now())",
        person,
    )
    await house.ask(who, "/watch BTC")
    await house.code(who)
    await told(house.pool, person, 2, chat=chat, name=f"news-{person}")
    await house.pool.execute("INSERT INTO notification_preference VALUES ($1, 'alert', 'silent')", person)
    await house.pool.execute("INSERT INTO notification_quiet_hours VALUES ($1, 60, 120)", person)
    await house.pool.execute("INSERT INTO notification_digest (person_id, every, hour) VALUES ($1, 'daily', 8)", person)
    await house.pool.execute(
        "INSERT INTO notification_destination (person_id, platform, chat_id) VALUES ($1, $2, $3)",
        person,
        *(chat.platform, chat.chat_id),
    )
    await house.pool.execute(
        "INSERT INTO pending_prompt (platform, chat, external_id, message_id, line) VALUES ($1, $2, $2, 1, 'buy BTC')",
        who.platform,
        who.external_id,
    )
    await house.pool.execute("INSERT INTO link_code_attempt VALUES ($1, $2, 1, now())", who.platform, who.external_id)
    await house.pool.execute(
        "INSERT INTO chat_group_change (command_id, platform, group_id, person_id, change)"
        " VALUES ($1, 'telegram', '-100', $2, 'language ko')",
        f"g{person}",
        person,
    )
    return person


async def deleted_in(house: House) -> Reply:
    preview = await house.ask(ALICE, "privacy_delete", pressed=True)
    return await house.press(ALICE, preview, "forget_me")
