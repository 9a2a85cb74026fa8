"""Each statement that writes to the outbox, the kinds that it writes, and the chats that they may go to.

A chat that others read is chosen under a question that names what it gets. A kind is decided on here, and by the
function `notice_chat` of the database, before the project can write it.
"""

import re
from typing import get_args

from core.outbox import kind_of
from people.notifications.notices import Notice
from tests.paths import PROJECT

PUBLIC = {
    "fill": "fills",
    "order-triggered": "orders that are triggered",
    "order-ended": "end",
    "expiry": "expire",
    "repeat": "failed recurring buys",
    "repeat-missed": "failed recurring buys",
    "robot": "robots",
    "order-group": "order groups",
    "rebalance-drift": "rebalancing",
    "rebalance-failed": "rebalancing",
    "corporate-action": "corporate actions",
    "delisted": "delistings",
    "limit": "pauses by limits",
    "correction": "corrections",
    "scan": "scans",
    "headline": "headlines",
    "digest": "digests",
}
"""Kinds that a chosen chat gets although others read it, and the words of the question that name them."""

PRIVATE = {"symbol-held", "quality", "drift", "chat-gone", "broadcast", "link-asked", "link-joined", "link-undone"}
"""Kinds that go to private chats."""

WHERE_SET = {"alert", "range", "condition", "forecast"}
"""Kinds that go to the chat in which the user set them; so does `delisted` for them."""

ORDERS = {"fill", "order-triggered", "order-ended", "expiry"}

STATEMENTS = {
    "bot/platforms/telegram/chats.sql:away": {"chat-gone"},
    "jobs/delistings.sql:tell": {"delisted"},
    "jobs/digests.sql:tell": {"digest"},
    "jobs/market/scan_digests.sql:tell": {"scan"},
    "jobs/news/push.sql:tell": {"headline"},
    "jobs/operator_notices.sql:tell": {"quality", "drift"},
    "people/identity/queries.sql:ask_host": {"link-asked"},
    "people/identity/queries.sql:tell_joined": {"link-joined"},
    "people/identity/queries.sql:tell_undone": {"link-undone"},
    "people/operators/queries.sql:spread": {"broadcast"},
    "trading/alerts/condition_alerts.sql:fire": {"condition"},
    "trading/alerts/forecast_alerts.sql:fire": {"forecast"},
    "trading/alerts/queries.sql:fire": {"alert"},
    "trading/alerts/range_alerts.sql:fire": {"range"},
    "trading/ledger/corporate_actions.sql:tell": {"corporate-action", "symbol-held"},
    "trading/ledger/corrections.sql:tell": {"correction"},
    "trading/ledger/queries.sql:tell": ORDERS,
    "trading/limits/queries.sql:tell": {"limit"},
    "trading/order_groups/queries.sql:finish": {"order-group"},
    "trading/rebalancing/queries.sql:advance": {"rebalance-failed"},
    "trading/rebalancing/queries.sql:check": {"rebalance-drift"},
    "trading/recurring/queries.sql:move_on": {"repeat", "repeat-missed"},
    "trading/strategies/queries.sql:tell": {"robot"},
}

MOVING = {"people/notifications/outbox.sql:redirect", "people/notifications/outbox.sql:retire"}
"""Statements that write again, in a private chat, what could not be sent elsewhere."""

READ_BEFORE = {
    "jobs/delistings.sql:tell": ("repeats", "holders"),
    "jobs/news/push.sql:tell": ("readers",),
    "trading/strategies/queries.sql:tell": ("untold",),
}
"""Statements whose chat other statements of their file chose."""

FOLDERS = ("app", "bot", "core", "jobs", "ml", "people", "pipeline", "trading")
_INSERT = re.compile(r"INSERT\s+INTO\s+(?:public\.)?outbox\b", re.IGNORECASE)
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def queries() -> dict[str, str]:
    """Statements by file and name; a file without named ones, such as a module, is one."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((PROJECT / folder).rglob("*")):
            place = path.relative_to(PROJECT).as_posix()
            if path.suffix not in (".sql", ".py") or "/migrations/" in place:
                continue
            first, *named = _NAME.split(path.read_text(encoding="utf-8"))
            found[place] = first
            found |= {f"{place}:{name}": text for name, text in zip(named[::2], named[1::2], strict=True)}
    return found


QUERIES = queries()


def test_every_statement_that_writes_to_the_outbox_is_decided_on() -> None:
    assert {place for place, text in QUERIES.items() if _INSERT.search(text)} == STATEMENTS.keys() | MOVING


def test_every_kind_is_on_one_list_and_some_statement_writes_it() -> None:
    kinds = {kind_of(notice) for notice in get_args(Notice)}
    assert sorted([*PUBLIC, *PRIVATE, *WHERE_SET]) == sorted(kinds)
    assert set().union(*STATEMENTS.values()) == kinds


def test_the_database_lets_these_kinds_into_a_public_chat_and_no_others() -> None:
    schema = QUERIES["app/database/schema.sql"]
    body = schema[schema.index("FUNCTION public.notice_chat(") :].partition("$$;")[0]
    assert sorted(re.findall(r"'([a-z-]+)'", body.partition("ALL (ARRAY[")[2].partition("]")[0])) == sorted(PUBLIC)


def test_what_is_about_an_account_goes_where_the_database_says() -> None:
    for place, kinds in STATEMENTS.items():
        path = place.partition(":")[0]
        for name in READ_BEFORE.get(place, (place.partition(":")[2],)):
            if kinds & PUBLIC.keys() and kinds != ORDERS:
                assert "notice_chat(" in QUERIES[f"{path}:{name}"], place
    own = [place for place, text in QUERIES.items() if "LEFT JOIN notification_destination" in text]
    assert own in ([], ["app/database/schema.sql"]), "no statement chooses for itself"
    for name in ("apply", "expire"):
        assert "notice_chat(account.person_id, 'fill')" in QUERIES[f"trading/ledger/order_store.sql:{name}"]


def test_private_kinds_go_to_no_chat_that_others_read() -> None:
    for place, kinds in STATEMENTS.items():
        if kinds & PRIVATE and place != "people/identity/queries.sql:tell_joined":
            text = QUERIES[place]
            assert any(
                words in text for words in ("notice_chat(", "NOT chat.public", "NOT public", "broadcast_reach")
            ), place
    assert "NOT public" in QUERIES["people/identity/queries.sql:host_chat"]


def test_the_question_names_every_kind_that_it_lets_in() -> None:
    texts = (PROJECT / "bot/ui/texts/en/notices.ftl").read_text(encoding="utf-8")
    question = next(line for line in texts.splitlines() if line.startswith("notify-here-public"))
    assert [words for words in PUBLIC.values() if words not in question] == []
