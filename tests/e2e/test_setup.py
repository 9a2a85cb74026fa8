"""Setting up a clone with the pip of each supported Python, where the index holds a later release of every package.

The packages are stubs in a local folder; pip, uv, setuptools and the set-up itself are real.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.package_index import LATER, pins, stub_lock
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.xdist_group("setup"), pytest.mark.long]

PIPS = {
    "23.0.1": "236bcb61156d76c4b8a05821b988c7b8c35bf0da28a4b614e8d6ab5212c25c6f",
    "23.2.1": "7ccf472345f20d35bdc9d1841ff5f313260c2c33fe417f48c30ac46cccabf5be",
    "26.3": "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
}
"""By version, the hash of its wheel: Debian 12's, that of Python 3.11.4 to 3.11.7, and a recent one."""
_LIST = """
from importlib.metadata import distributions
print(*sorted(f"{found.name}=={found.version}" for found in distributions()))
"""
_UNREACHABLE = ("NewConnectionError", "NameResolutionError", "error sending request", "Failed to fetch", "dns error")


def run(*command: object, check: bool = True, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command without the user's settings of pip and uv."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    done = subprocess.run(  # noqa: S603
        [str(word) for word in command],
        env=clean | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    if done.returncode and any(word in done.stderr for word in _UNREACHABLE):
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0 or not check, done.stderr
    return done


@dataclass(frozen=True, slots=True)
class Index:
    """A folder of wheels: stubs of all that is locked, and what is really needed to install them."""

    folder: Path
    locks: dict[str, str]

    def settings(self) -> dict[str, str]:
        return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder), "PIP_CONFIG_FILE": os.devnull}


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pinned uv is."""
    return tmp_path_factory.mktemp("tools") / "uv"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("index")
    names = ("requirements.lock", "requirements-dev.lock")
    return Index(folder, {name: stub_lock((PROJECT / name).read_text("utf-8"), folder) for name in names})


@pytest.fixture(scope="module", params=PIPS)
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tools: Path) -> Path:
    """A Python whose pip has a given version."""
    folder = tmp_path_factory.mktemp("python")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    lock = folder / "pip.lock"
    lock.write_text(f"pip=={request.param} --hash=sha256:{PIPS[request.param]}\n", "ascii")
    command = ("pip", "install", "--require-hashes", "--python", folder / "bin" / "python", "-r", lock)
    run(sys.executable, PROJECT / "deploy" / "uv.py", tools, *command)
    return folder / "bin" / "python"


def dry_run(python: Path, lock: Path, index: Index, *, check: bool = True) -> "subprocess.CompletedProcess[str]":
    """Asks pip what it would install from a lock into an empty prefix."""
    command = ("install", "--dry-run", "--quiet", "--ignore-installed", "--require-hashes", "--report", "-", "-r", lock)
    return run(python, "-m", "pip", *command, check=check, **index.settings())


def test_pip_chooses_the_locked_releases_only(python: Path, index: Index, tmp_path: Path) -> None:
    stubs = tmp_path / "stubs.lock"
    stubs.write_text(index.locks["requirements-dev.lock"], "utf-8")
    chosen = [found["metadata"]["version"] for found in json.loads(dry_run(python, stubs, index).stdout)["install"]]
    assert chosen
    assert LATER not in chosen


def test_old_pip_refuses_a_lock_without_its_extras(python: Path, index: Index, tmp_path: Path) -> None:
    """Proves that the test above can fail."""
    version = run(python, "-m", "pip", "--version").stdout.split()[1]
    stubs = tmp_path / "stubs.lock"
    stubs.write_text(index.locks["requirements-dev.lock"].replace("coverage[toml]", "coverage"), "utf-8")
    done = dry_run(python, stubs, index, check=False)
    assert ("must have their versions pinned" in done.stderr) == version.startswith("23."), done.stderr


def test_make_sets_up_exactly_what_is_locked(python: Path, index: Index, tmp_path: Path) -> None:
    """`make` in a clone, with nothing but the index: an empty home, no cache, later releases of everything."""
    clone, home, wheels = tmp_path / "clone", tmp_path / "home", tmp_path / "wheels"
    for folder in (home, wheels, clone / "deploy", clone / "app"):
        folder.mkdir(parents=True)
    for name in ("uv.lock", "build.lock"):
        run(python, "-m", "pip", "download", "-d", wheels, "--require-hashes", "-r", PROJECT / "deploy" / name)
    for name in ("Makefile", "README.md", "pyproject.toml", "deploy/uv.py", "deploy/uv.lock", "deploy/build.lock"):
        (clone / name).write_bytes((PROJECT / name).read_bytes())
    for path in PROJECT.glob("requirements*.lock"):
        (clone / path.name).write_text(index.locks.get(path.name, ""), "utf-8")
    (clone / "app" / "__init__.py").touch()

    settings = index.settings() | {"PIP_FIND_LINKS": f"{index.folder} {wheels}", "HOME": str(home)}
    done = run("make", "-C", clone, f"PYTHON={python}", ".venv/.dev", **settings)

    listed = run(clone / ".venv" / "bin" / "python", "-c", _LIST).stdout.split()
    locked = {f"{pin.name}=={pin.version}" for pin in pins(index.locks["requirements-dev.lock"])}
    assert {line for line in listed if not line.startswith("paperdesk==")} == locked
    assert "Installing the dev dependencies" in done.stderr
    assert not (home / ".cache" / "uv").exists()
