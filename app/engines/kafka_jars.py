"""Apache Kafka's jars from Maven Central: resolved once by Maven, checked against pinned checksums, kept in a cache."""

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

from app.errors import KafkaUnavailable
from pipeline.child_env import program_env

VERSION = "4.1.1"
OLDEST_JAVA = 17

_CHECKSUMS = Path(__file__).with_name("kafka_jars.sha256")
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_MAVEN_SECONDS = 600.0
_MAVEN_NAMES = ("JAVA_HOME", "MAVEN_OPTS", "MAVEN_ARGS", "M2_HOME")
# the second brings errors into the log: without it Kafka says nothing
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


def default_cache() -> Path:
    """Where the jars are kept for every desk of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "paperdesk", f"kafka-{VERSION}")


def find_java() -> str:
    """The path of a Java that runs Kafka; raises KafkaUnavailable."""
    java = shutil.which("java")
    if java is None:
        raise KafkaUnavailable("there is no Java")
    command = [java, "-version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env=program_env())  # noqa: S603
    found = re.search(r'version "(\d+)', done.stderr)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise KafkaUnavailable(f"Java is older than {OLDEST_JAVA}")
    return java


def resolve_jars(cache: Path | None = None) -> Path:
    """The folder of the jars; the first time, Maven fetches 43 MB. Raises KafkaUnavailable."""
    folder = cache or default_cache()
    if _differing(folder) is None:
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable("there is no Maven")
    folder.parent.mkdir(parents=True, exist_ok=True)
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
    """Keeps other processes from fetching into the folder meanwhile."""
    with (folder / "kafka.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(maven: str, work: Path, jars: Path) -> None:
    pom = work / "pom.xml"
    pom.write_text(_POM, encoding="utf-8")
    command = [maven, "-B", "-q", "-f", str(pom), _COPY, f"-DoutputDirectory={jars}", "-DincludeScope=runtime"]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            text=True,
            timeout=_MAVEN_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            env=program_env({name: os.environ[name] for name in _MAVEN_NAMES if name in os.environ}),
        )
    except subprocess.TimeoutExpired as error:
        raise KafkaUnavailable("Maven takes too long") from error
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if "ERROR" in line]
        raise KafkaUnavailable(f"Maven failed ({lines[0][:200] if lines else done.returncode})")


def _differing(folder: Path) -> str | None:
    """The first jar that is missing, of other content or not known; None where all is as pinned."""
    lines = _CHECKSUMS.read_text(encoding="ascii").splitlines()
    pinned: dict[str, str] = {name: checksum for checksum, name in (line.split() for line in lines)}
    there = {path.name for path in folder.glob("*")} if folder.is_dir() else set[str]()
    if odd := sorted(there ^ pinned.keys()):
        return odd[0]
    for name, checksum in pinned.items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != checksum:
                return name
    return None
