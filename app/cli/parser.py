"""The grammar of the command line: commands, their options and bounds."""

import argparse
import sys
from pathlib import Path

from app.cli import commands

_MOST_DAYS = 366
_MOST_MINUTES = 10_080
_LARGEST = 2**31 - 1
_LAST_PORT = 65_535


def argument_parser() -> argparse.ArgumentParser:
    """Returns the parser of the whole command line; `run` of its result is the command."""
    parser = argparse.ArgumentParser(prog="paperdesk", description="Trade with virtual money at honest prices.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and end")
    parser.set_defaults(run=commands.open_desk)
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", description="none opens the desk here")
    serve = verbs.add_parser("serve", help="serve Telegram and Discord without a console, until told to end")
    serve.set_defaults(run=commands.serve)
    _add_roles(verbs)
    monitor = verbs.add_parser("monitor", help="watch the pipeline of a running desk in this terminal")
    monitor.add_argument("--once", action="store_true", help="show it once and end, as also where no terminal is")
    monitor.set_defaults(run=commands.monitor)
    audit = verbs.add_parser("audit", help="prove the ledger's promises; exit code 1 when one is broken")
    audit.set_defaults(run=commands.audit)
    outbox = verbs.add_parser("outbox", help="show what the desk has to say and could not, or send it after all")
    outbox.add_argument(
        "--redrive", type=int, metavar="ID", help="send this one again although it is uncertain or dead"
    )
    outbox.set_defaults(run=commands.outbox)
    backup = verbs.add_parser("backup", help="back the database up now, also beside a running desk")
    backup.set_defaults(run=commands.backup)
    restore = verbs.add_parser("restore", help="bring the database back from a backup; no desk may run")
    restore.add_argument("file", type=Path, metavar="FILE", help="as `paperdesk backup` made it")
    restore.add_argument("--force", action="store_true", help="give up what the database holds now")
    restore.add_argument("--trust", action="store_true", help="restore a backup that this desk did not make")
    restore.set_defaults(run=commands.restore_backup)
    quality = verbs.add_parser("quality", help="report gaps, frozen prices, spikes and doubtful quotes, with plots")
    quality.add_argument("recording", nargs="?", type=Path, help="a parquet file of candles (default: the archive)")
    quality.add_argument("--days", type=_days, default=1, metavar="N", help="of the archive (1)")
    quality.add_argument("--symbols", default="", metavar="A,B", help="only these (default: all)")
    quality.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where the page goes (default: here)")
    quality.set_defaults(run=commands.quality)
    migrate = verbs.add_parser("migrate", help="bring the database's schema up to date")
    migrate.set_defaults(run=commands.migrate)
    kafka = verbs.add_parser(
        "kafka", help="run a local Kafka for development in this terminal; names the file with its login"
    )
    kafka.add_argument("--port", type=_port, default=9092, help="on 127.0.0.1; 0 takes any free one (default: 9092)")
    kafka.set_defaults(run=commands.kafka)
    _add_evaluate(verbs)
    train = verbs.add_parser("train", help="learn from the archive now; the desk may run meanwhile")
    train.add_argument(
        "--horizon", type=_minutes, nargs="+", default=(), metavar="N", help="in minutes (default: as the settings say)"
    )
    train.add_argument("--market", default="", metavar="NAME", help="of the archive (default: the running one)")
    train.set_defaults(run=commands.train)
    _add_models(verbs)
    settings = verbs.add_parser("settings", help="show the settings in effect, secrets hidden")
    settings.add_argument("--example", action="store_true", help="show every setting with its default instead")
    settings.set_defaults(run=commands.settings)
    return parser


def _add_roles(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The desk in several processes, which meet on Kafka, PostgreSQL and Redis."""
    roles = {
        "produce": "a role: the market onto Kafka; one leads, others stand by",
        "consume": "a role: Kafka into Redis and PostgreSQL",
        "triggers": "a role: fire alerts",
        "bot": "a role: serve Telegram and Discord",
        "jobs": "a role: the scheduled work; one leads, others stand by",
    }
    for name, about in roles.items():
        role = verbs.add_parser(name, help=about)
        role.set_defaults(run=commands.run_role, role=name, part=None)
        if name == "consume":
            role.add_argument("part", nargs="?", choices=("writer", "archiver"), help="one of the two (default: both)")
        if name == "jobs":
            about_verbs = "list them, run one now, or show what was run (default: be the role)"
            role.add_argument("verb", nargs="?", choices=("list", "run", "history"), help=about_verbs)
            role.add_argument("name", nargs="?", default="", metavar="NAME", help="of the job")
            role.set_defaults(run=commands.jobs, parser=role)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_DAYS):
        raise argparse.ArgumentTypeError(f"a whole number of days from 1 to {_MOST_DAYS}, not {text}")
    return int(text)


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_MINUTES):
        raise argparse.ArgumentTypeError(f"a whole number of minutes from 1 to {_MOST_MINUTES}, not {text}")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_PORT)) and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"a port from 0 to {_LAST_PORT}, not {text}")
    return int(text)


def _add_evaluate(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    evaluate = verbs.add_parser("evaluate", help="measure how good forecasts on recorded candles are")
    evaluate.add_argument(
        "file", type=Path, metavar="FILE", help="parquet: symbol, open_time, open, high, low, close, ..."
    )
    evaluate.add_argument(
        "--horizons", type=int, nargs="+", metavar="N", help="in candles (default: 1 5 15 60; 240 and 1440 take longer)"
    )
    evaluate.add_argument("--recipes", nargs="+", metavar="NAME", help="some recipes only, such as: xgb ensemble")
    evaluate.add_argument("--out", type=Path, metavar="DIR", help="for the report (default: evaluation/FILE)")
    evaluate.add_argument(
        "--search", type=int, default=0, metavar="N", help="try N sets of parameters before the test quarter instead"
    )
    evaluate.set_defaults(run=commands.evaluate)


def _add_models(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    models = verbs.add_parser("models", help="show the trained models, promote one, or take one back")
    actions = models.add_subparsers(dest="verb", metavar="list|show|promote|rollback", required=True)
    listed = actions.add_parser("list", help="the newest of each market and horizon")
    listed.add_argument("--market", metavar="NAME", help="only of this market")
    show = actions.add_parser("show", help="one model, and what became of it")
    promote = actions.add_parser("promote", help="let a model make the forecasts of its horizon")
    rollback = actions.add_parser("rollback", help="return to the model before, for good")
    rollback.add_argument("horizon", type=_whole, metavar="HORIZON", help="in minutes")
    rollback.add_argument("--market", metavar="NAME", help="needed where several markets have models")
    for verb in (show, promote):
        verb.add_argument("version", type=_whole, metavar="VERSION", help="its number")
    for verb in (promote, rollback):
        verb.add_argument("--reason", default="", metavar="WORDS", help="for the history")
    models.set_defaults(run=commands.models)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:20]) <= _LARGEST):
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {_LARGEST}, not {text}")
    return int(text)


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415

        sys.stdout.write(f"paperdesk {version('paperdesk')}\n")
        parser.exit()
