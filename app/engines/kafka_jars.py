"""Jars of Apache Kafka from Maven Central.

Maven resolves them once, they are kept in a cache, and they are checked against pinned checksums at every start. A jar
that another user could replace is never run.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.engines.accounts import EngineAccount
from app.errors import DataDirExposed, DataFileForeign, DataPathForeign, KafkaCacheExposed, KafkaUnavailable
from app.own_files import open_own, own_folder, safe_path
from core.system.child_env import program_env

VERSION = "4.1.1"
OLDEST_JAVA = 17

_CHECKSUMS = Path(__file__).with_name("kafka_jars.sha256")
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_MAVEN_SECONDS = 600.0
_FOLDER_MODE, _JAR_MODE = 0o755, 0o644
_MAVEN_NAMES = ("JAVA_HOME", "MAVEN_OPTS", "MAVEN_ARGS", "M2_HOME")
# without the second dependency, Kafka logs no errors
_POM = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>paperdesk</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.24.3</version>
    </dependency>
  </dependencies>
</project>
"""


_THIS_USER = EngineAccount()


def default_cache() -> Path:
    """Returns the folder of the jars, shared by every desk of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "paperdesk", f"kafka-{VERSION}")


def find_java(account: EngineAccount = _THIS_USER) -> str:
    """Returns the path of a Java that runs Kafka under `account`. Raises KafkaUnavailable."""
    java = shutil.which("java")
    if java is None:
        raise KafkaUnavailable("there is no Java")
    if not account.can_run(Path(java).resolve()):
        raise KafkaUnavailable(f"the account that the servers of root run under cannot execute {java}")
    uid, gid = account.ids or (None, None)
    done = subprocess.run(  # noqa: S603
        [java, "-version"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=program_env(),
        cwd="/",
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
    )
    found = re.search(r'version "(\d+)', done.stderr)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise KafkaUnavailable(f"Java is older than {OLDEST_JAVA}")
    return java


def readable_jars(account: EngineAccount, home: Path, cache: Path | None = None) -> Path:
    """Returns the folder of the jars for `account`; it cannot read root's cache, so they are copied to `home` once.

    Raises KafkaUnavailable, KafkaCacheExposed, DataFileForeign, DataDirExposed.
    """
    if account.ids is None:
        return resolve_jars(cache)
    jars = home / f"jars-{VERSION}"
    if _differing(jars) is not None:
        source = resolve_jars(cache)
        for outdated in home.glob("jars-*"):
            shutil.rmtree(outdated, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="jars-", dir=home) as draft:
            shutil.copytree(source, Path(draft, "jars")).rename(jars)
        if wrong := _differing(jars):
            raise KafkaUnavailable(f"the copy of {wrong} differs")
    return jars


def resolve_jars(cache: Path | None = None) -> Path:
    """Returns the folder of the jars, which only this user can change; the first time, Maven downloads 43 MB.

    Raises KafkaUnavailable, KafkaCacheExposed.
    """
    try:
        return _resolve(cache or default_cache())
    except (DataDirExposed, DataPathForeign) as error:
        raise KafkaCacheExposed(error.folder) from error
    except DataFileForeign as error:
        raise KafkaCacheExposed(error.path) from error


def _resolve(cache: Path) -> Path:
    folder = safe_path(cache.absolute())
    if _differing(folder) is None:
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable("there is no Maven")
    folder.parent.mkdir(parents=True, exist_ok=True)
    safe_path(folder)  # including the new folders, regardless of the umask
    with _alone(folder.parent), tempfile.TemporaryDirectory(prefix="kafka-", dir=folder.parent) as draft:
        if _differing(folder) is None:
            return folder  # fetched while this process waited; a broker may run from it already
        jars = Path(draft, "jars")
        _fetch(maven, Path(draft), jars)
        if wrong := _differing(jars):
            raise KafkaUnavailable(f"Maven brought another {wrong} than the one that is pinned")
        shutil.rmtree(folder, ignore_errors=True)
        jars.rename(folder)
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Prevents other processes from downloading into the folder in the meantime."""
    with os.fdopen(open_own(folder / "kafka.lock", os.O_RDWR | os.O_CREAT), "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(maven: str, work: Path, jars: Path) -> None:
    pom = work / "pom.xml"
    pom.write_text(_POM, encoding="utf-8")
    (work / ".mvn").mkdir()  # Maven reads JVM options from the nearest such folder above, even of another user
    command = [maven, "-B", "-q", "-f", str(pom), _COPY, f"-DoutputDirectory={jars}", "-DincludeScope=runtime"]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            text=True,
            timeout=_MAVEN_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=work,
            env=program_env({name: os.environ[name] for name in _MAVEN_NAMES if name in os.environ}),
        )
    except subprocess.TimeoutExpired as error:
        raise KafkaUnavailable("Maven takes too long") from error
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if "ERROR" in line]
        raise KafkaUnavailable(f"Maven failed ({lines[0][:200] if lines else done.returncode})")


def _differing(folder: Path) -> str | None:
    """Returns the first jar that is missing, has other content or is unknown. None if all are as pinned.

    Removes write access of others to the folder and the jars. Raises DataFileForeign for a link and for files of
    another user, DataDirExposed.
    """
    lines = _CHECKSUMS.read_text(encoding="ascii").splitlines()
    pinned: dict[str, str] = {name: checksum for checksum, name in (line.split() for line in lines)}
    if not folder.is_symlink() and not folder.exists():
        return min(pinned)
    with own_folder(folder, _FOLDER_MODE):
        if odd := sorted({path.name for path in folder.iterdir()} ^ pinned.keys()):
            return odd[0]
        for name, checksum in pinned.items():
            with os.fdopen(open_own(folder / name, os.O_RDONLY), "rb") as file:
                os.fchmod(file.fileno(), _JAR_MODE)
                if hashlib.file_digest(file, "sha256").hexdigest() != checksum:
                    return name
    return None
