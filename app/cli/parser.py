"""The grammar of the command line: commands, their options and bounds."""

import argparse
import sys
from pathlib import Path

from app.cli import commands
from app.cli.ledger_parser import add_ledger_commands

_MAX_DAYS = 366
_MAX_MINUTES = 10_080
_LARGEST = 2**31 - 1
_LAST_PORT = 65_535


def argument_parser() -> argparse.ArgumentParser:
    """Returns the parser of the whole command line; `run` of its result is the command."""
    parser = argparse.ArgumentParser(
        prog="paperdesk", description="Paper trading with virtual money and realistic costs."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    parser.set_defaults(run=commands.open_desk)
    verbs = parser.add_subparsers(
        title="commands", metavar="COMMAND", description="without a command, Paperdesk opens in this terminal"
    )
    serve = verbs.add_parser("serve", help="serve Telegram and Discord without a console until stopped")
    serve.set_defaults(run=commands.serve)
    _add_roles(verbs)
    monitor = verbs.add_parser("monitor", help="monitor the pipeline of a running Paperdesk in this terminal")
    monitor.add_argument("--once", action="store_true", help="print it once and exit (default without a terminal)")
    monitor.set_defaults(run=commands.monitor)
    audit = verbs.add_parser("audit", help="verify the ledger; exit code 1 if it is inconsistent")
    audit.set_defaults(run=commands.audit)
    add_ledger_commands(verbs)
    outbox = verbs.add_parser("outbox", help="list the notifications that could not be sent, or send one again")
    outbox.add_argument(
        "--redrive", type=int, metavar="ID", help="send this notification again even if it is uncertain or dead"
    )
    outbox.set_defaults(run=commands.outbox)
    backup = verbs.add_parser("backup", help="back up the database now; Paperdesk may be running")
    backup.set_defaults(run=commands.backup)
    restore = verbs.add_parser("restore", help="restore the database from a backup; Paperdesk must be stopped")
    restore.add_argument("file", type=Path, metavar="FILE", help="a file that `paperdesk backup` created")
    restore.add_argument("--force", action="store_true", help="delete the current contents of the database")
    restore.add_argument("--trust", action="store_true", help="restore a backup that this installation did not create")
    restore.set_defaults(run=commands.restore_backup)
    quality = verbs.add_parser("quality", help="report gaps, frozen prices, spikes and doubtful quotes, with plots")
    quality.add_argument("recording", nargs="?", type=Path, help="a parquet file of candles (default: the archive)")
    quality.add_argument("--days", type=_days, default=1, metavar="N", help="days of the archive (default: 1)")
    quality.add_argument("--symbols", default="", metavar="A,B", help="only these symbols (default: all)")
    quality.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="folder of the page (default: here)")
    quality.set_defaults(run=commands.quality)
    migrate = verbs.add_parser("migrate", help="update the schema of the database")
    migrate.set_defaults(run=commands.migrate)
    kafka = verbs.add_parser(
        "kafka", help="run a local Kafka for development in this terminal; prints the file with its login"
    )
    kafka.add_argument("--port", type=_port, default=9092, help="port on 127.0.0.1; 0 takes a free one (default: 9092)")
    kafka.set_defaults(run=commands.kafka)
    _add_evaluate(verbs)
    _add_judges(verbs)
    train = verbs.add_parser("train", help="train models from the archive now; Paperdesk may be running")
    train.add_argument(
        "--horizon",
        type=_minutes,
        nargs="+",
        default=(),
        metavar="N",
        help="horizons in minutes (default: those of the settings)",
    )
    train.add_argument("--market", default="", metavar="NAME", help="market of the archive (default: the running one)")
    train.set_defaults(run=commands.train)
    _add_models(verbs)
    settings = verbs.add_parser("settings", help="show the current settings, with secrets hidden")
    settings.add_argument("--example", action="store_true", help="show every setting with its default")
    settings.set_defaults(run=commands.settings)
    return parser


def _add_roles(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the roles of a desk in several processes, which are connected by Kafka, PostgreSQL and Redis."""
    roles = {
        "produce": "role: publish the market to Kafka; one leads, others stand by",
        "consume": "role: write from Kafka to Redis and PostgreSQL",
        "triggers": "role: fire alerts",
        "bot": "role: serve Telegram and Discord",
        "jobs": "role: run scheduled jobs; one leads, others stand by",
    }
    for name, about in roles.items():
        role = verbs.add_parser(name, help=about)
        role.set_defaults(run=commands.run_role, role=name, part=None)
        if name == "consume":
            role.add_argument("part", nargs="?", choices=("writer", "archiver"), help="one of the two (default: both)")
        if name == "jobs":
            about_verbs = "list jobs, run one now, or show the latest runs (default: run the role)"
            role.add_argument("verb", nargs="?", choices=("list", "run", "history"), help=about_verbs)
            role.add_argument("name", nargs="?", default="", metavar="NAME", help="name of the job")
            role.set_defaults(run=commands.jobs, parser=role)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MAX_DAYS):
        raise argparse.ArgumentTypeError(f"a whole number of days from 1 to {_MAX_DAYS}, not {text}")
    return int(text)


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MAX_MINUTES):
        raise argparse.ArgumentTypeError(f"a whole number of minutes from 1 to {_MAX_MINUTES}, not {text}")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_PORT)) and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"a port from 0 to {_LAST_PORT}, not {text}")
    return int(text)


def _add_judges(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    coverage = verbs.add_parser("coverage", help="judge the nightly value at risk of recorded candles")
    coverage.add_argument("file", type=Path, metavar="FILE", help="parquet file of candles, as for evaluate")
    coverage.add_argument("--without", default="", metavar="A,B", help="leave out these symbols")
    coverage.set_defaults(run=commands.coverage)
    mood = verbs.add_parser("mood", help="show the mood of recorded candles, and what followed each band of it")
    mood.add_argument("file", type=Path, metavar="FILE", help="parquet file of candles, as for evaluate")
    mood.set_defaults(run=commands.mood)


def _add_evaluate(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    evaluate = verbs.add_parser("evaluate", help="evaluate forecasts on recorded candles")
    evaluate.add_argument(
        "file", type=Path, metavar="FILE", help="parquet file with symbol, open_time, open, high, low, close, ..."
    )
    evaluate.add_argument(
        "--horizons",
        type=int,
        nargs="+",
        metavar="N",
        help="horizons in candles (default: 5, 15, 60 and 240 minutes, where the candles allow it)",
    )
    evaluate.add_argument("--recipes", nargs="+", metavar="NAME", help="only these recipes, such as: xgb ensemble")
    evaluate.add_argument("--out", type=Path, metavar="DIR", help="folder of the report (default: evaluation/FILE)")
    evaluate.add_argument(
        "--keep", type=Path, metavar="FILE", help="write every forecast with its outcome to this parquet file"
    )
    evaluate.add_argument(
        "--search",
        type=int,
        default=0,
        metavar="N",
        help="try N parameter sets on the data before the test quarter instead",
    )
    evaluate.add_argument(
        "--ranges", action="store_true", help="compare the 80 %% ranges with those of EWMA, HAR and GARCH instead"
    )
    evaluate.add_argument(
        "--order-flow", action="store_true", help="add the features of the order flow: columns trades and taker_base"
    )
    evaluate.set_defaults(run=commands.evaluate)


def _add_models(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    models = verbs.add_parser("models", help="list or show trained models, promote one, or roll one back")
    actions = models.add_subparsers(dest="verb", metavar="list|show|promote|rollback", required=True)
    listed = actions.add_parser("list", help="list the newest models of each market and horizon")
    listed.add_argument("--market", metavar="NAME", help="only this market")
    show = actions.add_parser("show", help="show one model and its history")
    promote = actions.add_parser("promote", help="use a model for the forecasts of its horizon")
    rollback = actions.add_parser("rollback", help="return to the previous model permanently")
    rollback.add_argument("horizon", type=_whole, metavar="HORIZON", help="horizon in minutes")
    rollback.add_argument("--market", metavar="NAME", help="required if several markets have models")
    for verb in (show, promote):
        verb.add_argument("version", type=_whole, metavar="VERSION", help="number of the model")
    for verb in (promote, rollback):
        verb.add_argument("--reason", default="", metavar="WORDS", help="reason, for the history")
    models.set_defaults(run=commands.models)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:20]) <= _LARGEST):
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {_LARGEST}, not {text}")
    return int(text)


class _Version(argparse.Action):
    """Looks the version up only when it is requested."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415

        sys.stdout.write(f"paperdesk {version('paperdesk')}\n")
        parser.exit()
