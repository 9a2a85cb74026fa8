"""The command line: opens the desk, or does one thing and ends. A failed start is one sentence and exit code 1."""

import argparse
import logging
import os
import resource
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import Crashed
from app.ops.logs import log_path
from core.errors import DeskError

if TYPE_CHECKING:
    from app.engines import Engines
    from app.settings import Settings
    from bot.ui.texts import Catalog

_INTERRUPTED = 130
_MOST_DAYS = 366
_MOST_MINUTES = 10_080
_LARGEST = 2**31 - 1
_LAST_PORT = 65_535


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    _keep_standard_streams()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # memory holds passwords; children inherit the limit
    options = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except DeskError as error:
        return _give_up(error)
    except BaseExceptionGroup as group:
        return _give_up(_desk_error_in(group) or _crashed(group))
    except Exception as error:  # noqa: BLE001 - the end of the line: nobody above would log it
        return _give_up(_crashed(error))


def _keep_standard_streams() -> None:
    """A standard stream that was closed (`<&-`) becomes /dev/null, before a socket gets its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="paperdesk", description="Trade with virtual money at honest prices.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and end")
    parser.set_defaults(run=_open_desk)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", description="none opens the desk here")
    serve = commands.add_parser("serve", help="serve Telegram and Discord without a console, until told to end")
    serve.set_defaults(run=_serve)
    _add_roles(commands)
    monitor = commands.add_parser("monitor", help="watch the pipeline of a running desk in this terminal")
    monitor.add_argument("--once", action="store_true", help="show it once and end, as also where no terminal is")
    monitor.set_defaults(run=_monitor)
    audit = commands.add_parser("audit", help="prove the ledger's promises; exit code 1 when one is broken")
    audit.set_defaults(run=_audit)
    outbox = commands.add_parser("outbox", help="show what the desk has to say and could not, or send it after all")
    outbox.add_argument(
        "--redrive", type=int, metavar="ID", help="send this one again although it is uncertain or dead"
    )
    outbox.set_defaults(run=_outbox)
    backup = commands.add_parser("backup", help="back the database up now, also beside a running desk")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="bring the database back from a backup; no desk may run")
    restore.add_argument("file", type=Path, metavar="FILE", help="as `paperdesk backup` made it")
    restore.add_argument("--force", action="store_true", help="give up what the database holds now")
    restore.add_argument("--trust", action="store_true", help="restore a backup that this desk did not make")
    restore.set_defaults(run=_restore)
    quality = commands.add_parser("quality", help="report gaps, frozen prices, spikes and doubtful quotes, with plots")
    quality.add_argument("recording", nargs="?", type=Path, help="a parquet file of candles (default: the archive)")
    quality.add_argument("--days", type=_days, default=1, metavar="N", help="of the archive (1)")
    quality.add_argument("--symbols", default="", metavar="A,B", help="only these (default: all)")
    quality.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where the page goes (default: here)")
    quality.set_defaults(run=_quality)
    migrate = commands.add_parser("migrate", help="bring the database's schema up to date")
    migrate.set_defaults(run=_migrate)
    kafka = commands.add_parser("kafka", help="run a local Kafka for development in this terminal, until told to end")
    kafka.add_argument("--port", type=_port, default=9092, help="on 127.0.0.1; 0 takes any free one (default: 9092)")
    kafka.set_defaults(run=_kafka)
    _add_evaluate(commands)
    train = commands.add_parser("train", help="learn from the archive now; the desk may run meanwhile")
    train.add_argument(
        "--horizon", type=_minutes, nargs="+", default=(), metavar="N", help="in minutes (default: as the settings say)"
    )
    train.add_argument("--market", default="", metavar="NAME", help="of the archive (default: the running one)")
    train.set_defaults(run=_train)
    _add_models(commands)
    settings = commands.add_parser("settings", help="show the settings in effect, secrets hidden")
    settings.add_argument("--example", action="store_true", help="show every setting with its default instead")
    settings.set_defaults(run=_settings)
    return parser


def _add_roles(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The desk in several processes, which meet on Kafka, PostgreSQL and Redis."""
    roles = {
        "produce": "a role: the market onto Kafka; one leads, others stand by",
        "consume": "a role: Kafka into Redis and PostgreSQL",
        "triggers": "a role: fire alerts",
        "bot": "a role: serve Telegram and Discord",
        "jobs": "a role: the scheduled work; one leads, others stand by",
    }
    for name, about in roles.items():
        role = commands.add_parser(name, help=about)
        role.set_defaults(run=_role, role=name, part=None)
        if name == "consume":
            role.add_argument("part", nargs="?", choices=("writer", "archiver"), help="one of the two (default: both)")
        if name == "jobs":
            verbs = "list them, run one now, or show what was run (default: be the role)"
            role.add_argument("verb", nargs="?", choices=("list", "run", "history"), help=verbs)
            role.add_argument("name", nargs="?", default="", metavar="NAME", help="of the job")
            role.set_defaults(run=_jobs, parser=role)


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


def _add_evaluate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    evaluate = commands.add_parser("evaluate", help="measure how good forecasts on recorded candles are")
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
    evaluate.set_defaults(run=_evaluate)


def _add_models(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    models = commands.add_parser("models", help="show the trained models, promote one, or take one back")
    verbs = models.add_subparsers(dest="verb", metavar="list|show|promote|rollback", required=True)
    listed = verbs.add_parser("list", help="the newest of each market and horizon")
    listed.add_argument("--market", metavar="NAME", help="only of this market")
    show = verbs.add_parser("show", help="one model, and what became of it")
    promote = verbs.add_parser("promote", help="let a model make the forecasts of its horizon")
    rollback = verbs.add_parser("rollback", help="return to the model before, for good")
    rollback.add_argument("horizon", type=_whole, metavar="HORIZON", help="in minutes")
    rollback.add_argument("--market", metavar="NAME", help="needed where several markets have models")
    for verb in (show, promote):
        verb.add_argument("version", type=_whole, metavar="VERSION", help="its number")
    for verb in (promote, rollback):
        verb.add_argument("--reason", default="", metavar="WORDS", help="for the history")
    models.set_defaults(run=_models)


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


# -- commands; they import what they need, so that each starts as fast as it can ----------------


def _open_desk(_options: argparse.Namespace) -> int:
    from app.startup import faces, opened, run_loop  # noqa: PLC0415

    settings = _load()
    with opened(settings, _catalog(), warm=faces(settings, console=True), grants=True) as engines:
        from app.wiring.platforms import run_console  # noqa: PLC0415

        run_loop(run_console(settings, engines))
    return 0


def _serve(_options: argparse.Namespace) -> int:
    from app.startup import faces, opened, run_loop  # noqa: PLC0415

    settings = _load()
    with opened(settings, _catalog(), warm=faces(settings), grants=True) as engines:
        from app.wiring.platforms import run_platforms  # noqa: PLC0415

        run_loop(run_platforms(settings, engines))
    return 0


def _role(options: argparse.Namespace) -> int:
    from app.ops.heartbeat import beating  # noqa: PLC0415
    from app.startup import opened, run_loop  # noqa: PLC0415
    from app.wiring.roles import check_servers  # noqa: PLC0415

    settings = _load()
    check_servers(settings)
    name = "-".join(filter(None, (options.role, options.part)))
    with opened(
        settings, _catalog(), log=name, redis=options.part != "archiver", grants=options.role == "bot"
    ) as engines:
        run_loop(beating(settings.data_dir / f"{name}.alive", _role_named(name)(settings, engines)))
    return 0


def _jobs(options: argparse.Namespace) -> int:
    if options.verb is None:
        return _role(options)
    if options.verb == "run" and not options.name:
        options.parser.error("run which job? `paperdesk jobs list` names them")
    from app.startup import joined, run_loop  # noqa: PLC0415

    with joined(_load(), _catalog(), warm=("app.cli.jobs",)) as desk:
        from app.cli.jobs import run_verb  # noqa: PLC0415

        return run_loop(run_verb(desk.postgres_dsn, options.verb, options.name))


def _role_named(name: str) -> "Callable[[Settings, Engines], Coroutine[object, object, None]]":
    from app.wiring import roles  # noqa: PLC0415

    if name == "bot":
        from app.wiring.platforms import run_bot  # noqa: PLC0415 - the others need none of it

        return run_bot
    known: dict[str, Callable[[Settings, Engines], Coroutine[object, object, None]]] = {
        "produce": roles.run_producer,
        "consume": roles.run_consumer,
        "consume-writer": partial(roles.run_consumer, archiver=False),
        "consume-archiver": partial(roles.run_consumer, writer=False),
        "triggers": roles.run_triggers,
        "jobs": roles.run_jobs,
    }
    return known[name]


def _monitor(options: argparse.Namespace) -> int:
    from app.cli.monitor.run import run_monitor  # noqa: PLC0415
    from app.startup import run_loop  # noqa: PLC0415

    run_loop(run_monitor(_load(), _catalog(), once=options.once))
    return 0


def _outbox(options: argparse.Namespace) -> int:
    from app.startup import joined, run_loop  # noqa: PLC0415

    with joined(_load(), _catalog(), warm=("app.cli.reports",)) as desk:
        from app.cli.reports import run_outbox  # noqa: PLC0415

        return run_loop(run_outbox(desk.postgres_dsn, options.redrive))


def _audit(_options: argparse.Namespace) -> int:
    from app.startup import joined, run_loop  # noqa: PLC0415

    with joined(_load(), _catalog(), warm=("app.cli.reports",)) as desk:
        from app.cli.reports import run_audit  # noqa: PLC0415

        return run_loop(run_audit(desk.postgres_dsn))


def _backup(_options: argparse.Namespace) -> int:
    from app.startup import joined, run_loop  # noqa: PLC0415

    settings = _load()
    with joined(settings, _catalog()) as desk:
        from app.backups.backup_and_restore import run_backup  # noqa: PLC0415

        return run_loop(run_backup(settings, desk.reader_dsn))


def _restore(options: argparse.Namespace) -> int:
    from app.backups.backup_and_restore import check_backup, private_copy, restore  # noqa: PLC0415
    from app.backups.key import check_origin  # noqa: PLC0415
    from app.database.opening_grant import set_opening_grant  # noqa: PLC0415
    from app.engines.datadir import make_data_dir  # noqa: PLC0415
    from app.startup import opened, run_loop  # noqa: PLC0415

    settings = _load()
    file: Path = options.file.expanduser()
    folder = make_data_dir(settings.data_dir, engines=not settings.postgres.dsn.get_secret_value())
    with private_copy(file, folder) as copy:
        if not options.trust:
            check_origin(copy, settings)
        check_backup(copy)
        with opened(settings, _catalog(), migrated=False, redis=False) as engines:
            restore(copy, engines.owner_dsn, force=options.force)
            if settings.trading.names_grant:
                set_opening_grant(engines.owner_dsn, settings.trading.opening_grant)
            from app.cli.reports import run_audit  # noqa: PLC0415

            return run_loop(run_audit(engines.postgres_dsn))


def _quality(options: argparse.Namespace) -> int:
    from app.cli.quality import QualityRequest, report_desk, report_recording  # noqa: PLC0415

    asked = QualityRequest.of(options.days, options.symbols, options.out)
    if options.recording is not None:
        return report_recording(options.recording.expanduser(), asked)
    from app.startup import joined, run_loop  # noqa: PLC0415

    with joined(_load(), _catalog()) as desk:
        return run_loop(report_desk(desk, asked))


def _migrate(_options: argparse.Namespace) -> int:
    from app.startup import opened  # noqa: PLC0415

    settings = _load()
    with opened(settings, _catalog(), grants=settings.trading.names_grant):
        return 0


def _kafka(options: argparse.Namespace) -> int:
    from app.engines.kafka import serve  # noqa: PLC0415

    return serve(_load().data_dir, options.port)


def _evaluate(options: argparse.Namespace) -> int:
    from app.cli.evaluate import run_evaluate  # noqa: PLC0415
    from ml.evaluation.backtest import HORIZONS  # noqa: PLC0415
    from ml.models.catalogue import NAMES  # noqa: PLC0415

    file: Path = options.file
    return run_evaluate(
        file,
        horizons=options.horizons or HORIZONS,
        recipes=options.recipes or NAMES,
        folder=options.out or Path("evaluation") / file.stem,
        trials=options.search,
    )


def _models(options: argparse.Namespace) -> int:
    from app.startup import joined, run_loop  # noqa: PLC0415

    catalog = _catalog()
    with joined(_load(), catalog, warm=("app.cli.models",)) as desk:
        from app.cli.models import run_models  # noqa: PLC0415

        return run_loop(run_models(desk.postgres_dsn, catalog, options))


def _train(options: argparse.Namespace) -> int:
    from app.startup import joined, run_loop  # noqa: PLC0415

    settings = _load()
    with joined(settings, _catalog(), warm=("app.training.launcher",)) as desk:
        from app.training.launcher import run_train  # noqa: PLC0415

        return run_loop(run_train(settings, desk, options.market, options.horizon))


def _settings(options: argparse.Namespace) -> int:
    from app.settings import effective_settings, env_example  # noqa: PLC0415

    sys.stdout.write(env_example() if options.example else effective_settings(_load()))
    return 0


def _load() -> "Settings":
    from app.backups.folder import backup_folder_notices  # noqa: PLC0415
    from app.exposure import exposure_notices  # noqa: PLC0415
    from app.sentences import start_sentence  # noqa: PLC0415
    from app.settings import load_settings, settings_notices  # noqa: PLC0415

    for line in settings_notices():
        sys.stderr.write(start_sentence(line, _catalog()) + "\n")
    settings = load_settings()
    for notice in (*exposure_notices(settings), *backup_folder_notices(settings)):
        sys.stderr.write(start_sentence(notice, _catalog()) + "\n")
    return settings


def _catalog() -> "Catalog":
    from bot.platforms.console.locale_hints import language_hint  # noqa: PLC0415
    from bot.ui.texts import load_catalog  # noqa: PLC0415
    from people.person import Language  # noqa: PLC0415

    return load_catalog(language_hint(os.environ, Language.ENGLISH))


# -- when it does not work ---------------------------------------------------------------------


def _give_up(error: DeskError) -> int:
    from app.sentences import start_sentence  # noqa: PLC0415

    sys.stderr.write(start_sentence(error, _catalog()) + "\n")
    return 1


def _desk_error_in(group: BaseExceptionGroup[BaseException]) -> DeskError | None:
    for error in group.exceptions:
        if isinstance(error, DeskError):
            return error
        if isinstance(error, BaseExceptionGroup) and (inner := _desk_error_in(error)):
            return inner
    return None


def _crashed(error: BaseException) -> DeskError:
    """Our own mistake: the log keeps all of it, the person gets a sentence. Without a log the traceback must do."""
    if log := log_path():
        logging.getLogger(__name__).critical("crashed", exc_info=error)
        return Crashed(log)
    raise error


if __name__ == "__main__":
    sys.exit(main())
