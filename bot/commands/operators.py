"""Commands of operators; every use is logged, with the line as it was written, or with the number of the user."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec

from bot.arguments.plain_words import LongText, MessageText, Token
from bot.context import Context
from bot.errors import MissingArgument
from bot.reply import Column, Reply, Table, Text, Tone
from bot.views.alerts import announcement
from bot.views.audit import audited_person, whole_ledger
from bot.views.buttons import button, rows
from bot.views.status import status_card
from core.errors import DeskError
from core.text import clean
from people.operators.errors import TextTooLong
from people.operators.ports import BROADCAST_LIMIT, REASON_LIMIT, OperatorAction, OperatorLogEntry, PersonRef, Reach

LAST = 20
DRAFT_MINUTES = 5

_TOKEN_BYTES = 9
_PATIENCE_SECONDS = 8.0
_LINE_SHOWN = 120

Arguments = ParamSpec("Arguments")


def logged(command: Callable[..., Awaitable[Reply]]) -> Callable[..., Awaitable[Reply]]:
    """Decorator that logs a refused use before it is reported. A successful use is logged by the command, with its
    effect.
    """

    @wraps(command)
    async def run(ctx: Context, *values: object) -> Reply:
        try:
            return await command(ctx, *values)
        except DeskError as error:
            use = use_of(ctx, next((value for value in values if isinstance(value, PersonRef)), None))
            # Under an id of its own: a refused command may take effect when it is delivered again.
            refused = replace(use, command_id=f"{use.command_id}:refused")
            await ctx.operations.note(refused, f"refused: {error.code()}")
            raise

    return run


def use_of(ctx: Context, user: PersonRef | None = None) -> OperatorAction:
    """Returns this use of a command as a log entry.

    The line of a command about a `user` has their number at most, so that the log keeps no identity of theirs.
    """
    inbound = ctx.inbound
    line = inbound.text
    if user is not None:
        line = f"{line.split()[0]} {'…' if user.platform else user.external_id}"
    return OperatorAction(ctx.request_id, inbound.platform, inbound.external_id, ctx.person.person_id, line)


@logged
async def status(ctx: Context) -> Reply:
    """Shows the state of the process, its engines and its platforms."""
    await ctx.operations.note(use_of(ctx), "shown")
    return Reply((*await status_card(ctx), *rows([button(ctx.text("button-status"), "status")])))


# -- trading -----------------------------------------------------------------------------------


@logged
async def halt(ctx: Context, reason: LongText | None = None) -> Reply:
    """Halts trading: no order is accepted from now on."""
    changed = await ctx.operations.halt(use_of(ctx), _bounded(reason or "", REASON_LIMIT))
    said = Text(ctx.text("halt-done" if changed else "halt-already"))
    return Reply(
        (said, *rows([button(ctx.text("button-resume"), "resume"), button(ctx.text("button-status"), "status")]))
    )


@logged
async def resume(ctx: Context) -> Reply:
    """Resumes trading."""
    changed = await ctx.operations.resume(use_of(ctx))
    return Reply((Text(ctx.text("resume-done" if changed else "resume-already")),))


# -- messages to everyone ----------------------------------------------------------------------


@logged
async def broadcast(ctx: Context, message: MessageText) -> Reply:
    """Shows the message, its recipients and those left out; nothing is sent before the button is pressed."""
    if not message:
        raise MissingArgument("broadcast", "message")
    body = _bounded(message, BROADCAST_LIMIT)
    token = ctx.services.tokens.token_urlsafe(_TOKEN_BYTES)
    reach = await ctx.operations.draft(use_of(ctx), token, body)
    send = button(ctx.text("button-broadcast-send"), "broadcast_send", token) if reach.people else None
    drop = button(ctx.text("button-broadcast-drop"), "broadcast_drop", token)
    return Reply(
        (
            Text(ctx.text("broadcast-preview", count=reach.people), Tone.NOTE),
            *announcement(body, ctx),
            *_reach_notes(reach, ctx),
            Text(ctx.text("broadcast-expires", minutes=DRAFT_MINUTES), Tone.NOTE),
            *rows([send, drop]),
        )
    )


def _reach_notes(reach: Reach, ctx: Context) -> tuple[Text, ...]:
    """Returns notes on how many users get a direct message, and how many get nothing and why."""
    counts = {"direct": reach.direct, **{f"missed-{reason}": count for reason, count in sorted(reach.missed.items())}}
    return tuple(Text(ctx.text(f"broadcast-{name}", count=count), Tone.NOTE) for name, count in counts.items() if count)


@logged
async def broadcast_send(ctx: Context, token: Token) -> Reply:
    """Sends the shown message, once."""
    sent = await ctx.operations.send(use_of(ctx), token)
    return Reply((Text(ctx.text("broadcast-sent", count=sent)), *rows([button(ctx.text("button-status"), "status")])))


@logged
async def broadcast_drop(ctx: Context, token: Token) -> Reply:
    """Discards the shown message."""
    await ctx.operations.drop(use_of(ctx), token)
    return Reply((Text(ctx.text("broadcast-dropped")),))


# -- users -------------------------------------------------------------------------------------


@logged
async def ban(ctx: Context, user: PersonRef, reason: LongText | None = None) -> Reply:
    """Bans a user, with immediate effect in this process."""
    person = await ctx.operations.ban(use_of(ctx, user), user, _bounded(reason or "", REASON_LIMIT))
    ctx.services.operating.bans_changed()
    return Reply((Text(ctx.text("ban-done", person=str(person))),))


@logged
async def unban(ctx: Context, user: PersonRef) -> Reply:
    """Lifts the ban of a user."""
    person, freed = await ctx.operations.unban(use_of(ctx, user), user)
    ctx.services.operating.bans_changed()
    return Reply((Text(ctx.text("unban-done" if freed else "unban-none", person=str(person or user))),))


# -- audit and log -----------------------------------------------------------------------------


@logged
async def audit(ctx: Context, user: PersonRef | None = None) -> Reply:
    """Audits one user's part of the ledger, or all of it."""
    if user is not None:
        return await _audit_one(ctx, user)
    await ctx.operations.note(use_of(ctx), "begun")
    return whole_ledger(await ctx.services.operating.audits.start(_PATIENCE_SECONDS), ctx)


@logged
async def audit_result(ctx: Context) -> Reply:
    """Shows the result of the audit of the whole ledger."""
    await ctx.operations.note(use_of(ctx), "shown")
    return whole_ledger(await ctx.services.operating.audits.last(_PATIENCE_SECONDS), ctx)


async def _audit_one(ctx: Context, user: PersonRef) -> Reply:
    person, found = await ctx.operations.account_report(user)
    findings = sum(len(account.findings) for account in found.accounts)
    await ctx.operations.note(use_of(ctx, PersonRef("", str(person))), f"person {person}: {findings} findings")
    return audited_person(person, found, ctx)


@logged
async def adminlog(ctx: Context) -> Reply:
    """Shows the last uses; this one is not yet among them."""
    entries = await ctx.operations.log(LAST)
    await ctx.operations.note(use_of(ctx), "shown")
    title = Text(ctx.text("operations-title"), Tone.TITLE)
    if not entries:
        return Reply((title, Text(ctx.text("operations-none"))))
    columns = tuple(Column(ctx.text(f"label-{name}")) for name in ("time", "operator", "line", "result"))
    return Reply((title, Table(columns, tuple(_row(entry, ctx) for entry in entries))))


def _row(entry: OperatorLogEntry, ctx: Context) -> tuple[str, ...]:
    who = f"{entry.platform}:{entry.external_id}"
    at = ctx.format.brief_moment(entry.at, ctx.services.clock())
    return (at, clean(who, _LINE_SHOWN), clean(entry.line, _LINE_SHOWN), entry.result)


def _bounded(text: str, limit: int) -> str:
    """Returns the text without invisible characters, line by line. Raises TextTooLong."""
    if len(text) > limit:
        raise TextTooLong(len(text), limit)
    return "\n".join(clean(line, limit) for line in text.split("\n"))
