"""Writes `app/database/schema.sql`, the result of the migrations: `python -m app.cli.dump_schema`."""

import re
import subprocess
import tempfile
from pathlib import Path

from app.database.migrate import MIGRATIONS, migrate
from app.engines import Engines
from app.engines.postgres import program
from core.system.child_env import program_env

SCHEMA = MIGRATIONS.with_name("schema.sql")

_HEADER = "-- What app/database/migrations amount to. Written by `make schema`; never edited or applied.\n\n"
_NOISE = re.compile(r"^(--.*|\\(un)?restrict .*|SET (?!check_function_bodies).*;)$\n?", re.MULTILINE)


def dump(dsn: str) -> str:
    """Returns the schema of a database without yoyo's own tables, comments, owners and parts that differ by dump."""
    what = ["--schema-only", "--no-owner", "--exclude-table=_yoyo_*", "--exclude-table=yoyo_*"]
    command = [str(program("pg_dump")), *what, f"--dbname={dsn}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=program_env(database=True))  # noqa: S603
    return _HEADER + re.sub(r"\n{3,}", "\n\n", _NOISE.sub("", done.stdout)).strip() + "\n"


def main() -> None:
    """Migrates an empty database in a server of its own and writes the file."""
    with tempfile.TemporaryDirectory() as folder, Engines(Path(folder), postgres_settings={"fsync": "off"}) as engines:
        migrate(engines.postgres_dsn)
        SCHEMA.write_text(dump(engines.postgres_dsn), encoding="utf-8")


if __name__ == "__main__":
    main()
