"""Results of an audit, of one user or of the whole ledger."""

from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Align, Block, Column, Fields, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from core.text import clean
from people.operators.ports import LedgerAudit
from trading.ledger.account_report import AccountAudit, AccountReport
from trading.ledger.audit_process import AuditResult

_FINDINGS_SHOWN = 5
_FINDING_SHOWN = 300
_BALANCES_SHOWN = 20


def audited_person(person: int, found: AccountReport, ctx: Context) -> Reply:
    """Returns the findings, balances and last entries of each account."""
    title = Text(ctx.text("audit-title", person=str(person)), Tone.TITLE)
    if not found.accounts:
        return Reply((title, Text(ctx.text("audit-no-accounts"))))
    return Reply((title, *(block for account in found.accounts for block in _account(account, ctx))))


def _account(audited: AccountAudit, ctx: Context) -> tuple[Block, ...]:
    account, say = audited.account, ctx.text
    facts = Fields(
        (
            (say("label-account-round"), str(account.round)),
            (say("label-granted"), ctx.format.money(account.granted, account.quote_asset)),
            (say("label-opened"), ctx.format.moment(account.opened_at)),
            (say("label-entries"), ctx.format.count(audited.entries)),
        )
    )
    name = say("audit-account", account=str(account.account_id), market=account.market)
    return (Text(name, Tone.TITLE), facts, *_findings(audited, ctx), *_balances(audited, ctx), _entries(audited, ctx))


def _findings(audited: AccountAudit, ctx: Context) -> tuple[Text, ...]:
    if not audited.findings:
        return (Text(ctx.text("audit-clean")),)
    shown = (Text(clean(finding, _FINDING_SHOWN)) for finding in audited.findings[:_FINDINGS_SHOWN])
    return (Text(ctx.text("audit-broken", count=len(audited.findings)), Tone.WARNING), *shown)


def _balances(audited: AccountAudit, ctx: Context) -> tuple[Table, ...]:
    if not audited.balances:
        return ()
    columns = (
        Column(ctx.text("label-asset")),
        Column(ctx.text("label-available"), Align.RIGHT),
        Column(ctx.text("label-held"), Align.RIGHT),
    )
    rows_ = tuple(
        (balance.asset, ctx.format.amount(balance.available), ctx.format.amount(balance.held))
        for balance in audited.balances[:_BALANCES_SHOWN]
    )
    return (Table(columns, rows_),)


def _entries(audited: AccountAudit, ctx: Context) -> Table:
    columns = (
        Column(ctx.text("label-time")),
        Column(ctx.text("label-entry")),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-amount"), Align.RIGHT),
    )
    now = ctx.services.clock()
    lines = tuple(
        (
            ctx.format.brief_moment(line.at, now),
            line.kind,
            pair_of(line.symbol, ctx) if line.symbol else "",
            ctx.format.money(line.quote_amount, audited.account.quote_asset),
        )
        for line in audited.last
    )
    return Table(columns, lines)


def whole_ledger(audit: LedgerAudit, ctx: Context) -> Reply:
    """Returns the verdict, or the time for which the audit has been running."""
    age = ctx.format.age(round(audit.seconds * 1000))
    if audit.slow:
        return Reply((Text(ctx.text("audit-all-slow", age=age), Tone.WARNING),))
    if audit.verdict is None:
        result = button(ctx.text("button-audit-result"), "audit_result")
        return Reply((Text(ctx.text("audit-all-running", age=age)), *rows([result])))
    return Reply(_verdict(audit.verdict, age, ctx))


def _verdict(verdict: AuditResult, age: str, ctx: Context) -> tuple[Block, ...]:
    if verdict.failed:
        return (Text(ctx.text("audit-all-failed", why=verdict.failed), Tone.WARNING),)
    counted = [(ctx.text("label-entries"), ctx.format.count(verdict.entries)), (ctx.text("label-duration"), age)]
    if verdict.uncompared:
        counted.append((ctx.text("label-uncompared-orders"), ctx.format.count(verdict.uncompared)))
    facts = Fields(tuple(counted))
    if not verdict.findings:
        return (Text(ctx.text("audit-all-clean")), facts)
    shown = (Text(clean(finding, _FINDING_SHOWN)) for finding in verdict.first)
    return (Text(ctx.text("audit-all-broken", count=verdict.findings), Tone.WARNING), *shown, facts)
