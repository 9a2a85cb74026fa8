"""The commands of the command line. They import what they need, so that each starts as fast as it can."""

import argparse
import os
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.engines import Engines
    from app.settings import Settings
    from bot.ui.texts import Catalog


def open_desk(_options: argparse.Namespace) -> int:
    """Opens the desk in this terminal, with the platforms whose tokens are set."""
    from app.startup import faces, run_loop, start_local  # noqa: PLC0415

    settings = _load()
    with start_local(settings, catalog(), warm=faces(settings, console=True), grants=True) as engines:
        from app.wiring.platforms import run_console  # noqa: PLC0415

        run_loop(run_console(settings, engines))
    return 0


def serve(_options: argparse.Namespace) -> int:
    """Serves the platforms without a console, until it receives a signal to end."""
    from app.startup import faces, run_loop, start_local  # noqa: PLC0415

    settings = _load()
    with start_local(settings, catalog(), warm=faces(settings), grants=True) as engines:
        from app.wiring.platforms import run_platforms  # noqa: PLC0415

        run_loop(run_platforms(settings, engines))
    return 0


def run_role(options: argparse.Namespace) -> int:
    """Runs one role of a desk in several processes."""
    from app.ops.heartbeat import with_heartbeat  # noqa: PLC0415
    from app.startup import run_loop, start_local  # noqa: PLC0415
    from app.wiring.roles import check_servers  # noqa: PLC0415

    settings = _load()
    check_servers(settings)
    name = "-".join(filter(None, (options.role, options.part)))
    with start_local(
        settings, catalog(), log=name, redis=options.part != "archiver", grants=options.role == "bot"
    ) as engines:
        run_loop(with_heartbeat(settings.data_dir / f"{name}.alive", _role_named(name)(settings, engines)))
    return 0


def jobs(options: argparse.Namespace) -> int:
    """Lists jobs, runs one or shows its history; without a verb, runs the role."""
    if options.verb is None:
        return run_role(options)
    if options.verb == "run" and not options.name:
        options.parser.error("name a job to run; `paperdesk jobs list` lists them")
    from app.startup import connect, run_loop  # noqa: PLC0415

    with connect(_load(), catalog(), warm=("app.cli.jobs",)) as desk:
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


def monitor(options: argparse.Namespace) -> int:
    """Shows the pipeline of a running desk."""
    from app.cli.monitor.run import run_monitor  # noqa: PLC0415
    from app.startup import run_loop  # noqa: PLC0415

    run_loop(run_monitor(_load(), catalog(), once=options.once))
    return 0


def outbox(options: argparse.Namespace) -> int:
    """Shows undelivered notifications, or sends one again."""
    from app.startup import connect, run_loop  # noqa: PLC0415

    with connect(_load(), catalog(), warm=("app.cli.reports",)) as desk:
        from app.cli.reports import run_outbox  # noqa: PLC0415

        return run_loop(run_outbox(desk.postgres_dsn, options.redrive))


def audit(_options: argparse.Namespace) -> int:
    """Audits the ledger; the exit code is 1 where a promise is broken."""
    from app.startup import connect, run_loop  # noqa: PLC0415

    with connect(_load(), catalog(), warm=("app.cli.reports",)) as desk:
        from app.cli.reports import run_audit  # noqa: PLC0415

        return run_loop(run_audit(desk.postgres_dsn))


def reverse(options: argparse.Namespace) -> int:
    """Reverses an order, an adjustment or another entry of the ledger."""
    from app.startup import connect, run_loop  # noqa: PLC0415

    texts = catalog()
    with connect(_load(), texts, warm=("app.cli.corrections",)) as desk:
        from app.cli.corrections import run_reverse  # noqa: PLC0415

        return run_loop(run_reverse(desk.owner_dsn, texts, options.entry, options.reason))


def adjust(options: argparse.Namespace) -> int:
    """Credits or debits the cash of an account."""
    from app.startup import connect, run_loop  # noqa: PLC0415

    texts = catalog()
    with connect(_load(), texts, warm=("app.cli.corrections",)) as desk:
        from app.cli.corrections import run_adjust  # noqa: PLC0415

        wanted = (options.account, options.amount, options.reason)
        return run_loop(run_adjust(desk.owner_dsn, texts, *wanted, command=options.id))


def corporate_action(options: argparse.Namespace) -> int:
    """Lists, applies or undoes corporate actions, or holds a symbol."""
    from app.startup import connect, run_loop  # noqa: PLC0415

    texts = catalog()
    with connect(_load(), texts, warm=("app.cli.corporate_actions",)) as desk:
        from app.cli.corporate_actions import run_corporate_action  # noqa: PLC0415

        return run_loop(run_corporate_action(desk.owner_dsn, texts, options))


def statement(options: argparse.Namespace) -> int:
    """Prints an account as it was at a moment."""
    from app.startup import connect, run_loop  # noqa: PLC0415

    with connect(_load(), catalog(), warm=("app.cli.statement",)) as desk:
        from app.cli.statement import run_statement  # noqa: PLC0415

        return run_loop(run_statement(desk.postgres_dsn, options.account, options.at))


def backup(_options: argparse.Namespace) -> int:
    """Backs the database up."""
    from app.startup import connect, run_loop  # noqa: PLC0415

    settings = _load()
    with connect(settings, catalog()) as desk:
        from app.backups.backup_and_restore import run_backup  # noqa: PLC0415

        return run_loop(run_backup(settings, desk.reader_dsn))


def restore_backup(options: argparse.Namespace) -> int:
    """Restores a backup, then audits the ledger."""
    from app.backups.backup_and_restore import check_backup, private_copy, restore  # noqa: PLC0415
    from app.backups.key import check_origin  # noqa: PLC0415
    from app.database.opening_grant import set_opening_grant  # noqa: PLC0415
    from app.engines.datadir import make_data_dir  # noqa: PLC0415
    from app.ops.stop_signals import record_stop_signals  # noqa: PLC0415
    from app.startup import run_loop, start_local  # noqa: PLC0415

    record_stop_signals()  # the copy is also removed
    settings = _load()
    file: Path = options.file.expanduser()
    folder = make_data_dir(settings.data_dir, engines=not settings.postgres.dsn.get_secret_value())
    with private_copy(file, folder, None if options.trust else partial(check_origin, settings=settings)) as copy:
        check_backup(copy)
        with start_local(settings, catalog(), migrated=False, redis=False) as engines:
            restore(copy, engines.owner_dsn, force=options.force)
            if settings.trading.names_grant:
                set_opening_grant(engines.owner_dsn, settings.trading.opening_grant)
            from app.cli.reports import run_audit  # noqa: PLC0415

            return run_loop(run_audit(engines.postgres_dsn))


def quality(options: argparse.Namespace) -> int:
    """Reports the quality of the archive or of a recording."""
    from app.cli.quality import QualityRequest, report_desk, report_recording  # noqa: PLC0415

    asked = QualityRequest.of(options.days, options.symbols, options.out)
    if options.recording is not None:
        return report_recording(options.recording.expanduser(), asked)
    from app.startup import connect, run_loop  # noqa: PLC0415

    with connect(_load(), catalog()) as desk:
        return run_loop(report_desk(desk, asked))


def migrate(_options: argparse.Namespace) -> int:
    """Brings the schema up to date."""
    from app.startup import start_local  # noqa: PLC0415

    settings = _load()
    with start_local(settings, catalog(), grants=settings.trading.names_grant):
        return 0


def kafka(options: argparse.Namespace) -> int:
    """Runs a local Kafka broker for development."""
    from app.engines.kafka import serve  # noqa: PLC0415

    return serve(_load().data_dir, options.port)


def evaluate(options: argparse.Namespace) -> int:
    """Evaluates forecasts on recorded candles."""
    from app.cli.evaluate import run_evaluate  # noqa: PLC0415
    from ml.models.catalogue import NAMES  # noqa: PLC0415

    file: Path = options.file
    if options.ranges:
        from app.cli.evaluate_ranges import run_ranges  # noqa: PLC0415

        return run_ranges(file, options.horizons)
    return run_evaluate(
        file,
        horizons=options.horizons or (),
        recipes=options.recipes or NAMES,
        folder=options.out or Path("evaluation") / file.stem,
        keep=options.keep,
        trials=options.search,
        flow=options.order_flow,
    )


def coverage(options: argparse.Namespace) -> int:
    """Judges the nightly VaR of an equal-weight portfolio of recorded candles."""
    from app.cli.coverage import run_coverage  # noqa: PLC0415

    return run_coverage(options.file, [name for name in options.without.split(",") if name])


def mood(options: argparse.Namespace) -> int:
    """Shows the mood of recorded candles and its record."""
    from app.cli.mood import run_mood  # noqa: PLC0415

    return run_mood(options.file)


def models(options: argparse.Namespace) -> int:
    """Lists, shows, promotes or rolls back models."""
    from app.startup import connect, run_loop  # noqa: PLC0415

    texts = catalog()
    with connect(_load(), texts, warm=("app.cli.models",)) as desk:
        from app.cli.models import run_models  # noqa: PLC0415

        return run_loop(run_models(desk.postgres_dsn, texts, options))


def train(options: argparse.Namespace) -> int:
    """Trains models now."""
    from app.startup import connect, run_loop  # noqa: PLC0415

    settings = _load()
    with connect(settings, catalog(), warm=("app.training.launcher",)) as desk:
        from app.training.launcher import run_train  # noqa: PLC0415

        return run_loop(run_train(settings, desk, options.market, options.horizon))


def settings(options: argparse.Namespace) -> int:
    """Prints the settings in effect, or every setting with its default."""
    from app.settings import effective_settings, env_example  # noqa: PLC0415

    sys.stdout.write(env_example() if options.example else effective_settings(_load()))
    return 0


def _load() -> "Settings":
    from app.backups.folder import backup_folder_notices  # noqa: PLC0415
    from app.env_file import read_env_file  # noqa: PLC0415
    from app.exposure import exposure_notices  # noqa: PLC0415
    from app.sentences import start_sentence  # noqa: PLC0415
    from app.settings import ENV_FILE, load_settings, secret_names  # noqa: PLC0415

    file = read_env_file(ENV_FILE)
    for line in file.notices(secret_names()):
        sys.stderr.write(start_sentence(line, catalog()) + "\n")
    settings = load_settings(file)
    for notice in (*exposure_notices(settings), *backup_folder_notices(settings)):
        sys.stderr.write(start_sentence(notice, catalog()) + "\n")
    return settings


def catalog() -> "Catalog":
    """Returns the text catalog of the language that the environment suggests."""
    from bot.platforms.console.locale_hints import language_hint  # noqa: PLC0415
    from bot.ui.texts import load_catalog  # noqa: PLC0415
    from people.person import Language  # noqa: PLC0415

    return load_catalog(language_hint(os.environ, Language.ENGLISH))
