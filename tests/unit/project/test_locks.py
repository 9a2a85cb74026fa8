"""The locks: every requirement pinned and hashed, extras and the requirements of requirements included."""

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.fakes.package_index import Pin, pins, requirements
from tests.paths import PROJECT

LOCKS = sorted([*PROJECT.glob("requirements*.lock"), *(PROJECT / "deploy").glob("*.lock")])
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = (("linux", "Linux"), ("darwin", "Darwin"))
ENVIRONMENTS = [
    {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": name, "platform_system": system}
    for python, (name, system) in product(PYTHONS, PLATFORMS)
]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_line_is_a_pin_with_hashes(lock: Path) -> None:
    text = re.sub(r"^\s*#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert pins(text)
    rest = re.sub(r"^\S+==\S+( ; [^\\]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", "", text, flags=re.MULTILINE)
    assert rest == ""


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_all_that_its_packages_require(lock: Path) -> None:
    """Old pip (before 23.3) resolves an extra that a lock does not name to the newest release, and refuses its hash."""
    locked = pins(lock.read_text(encoding="utf-8"))
    missing = set()
    for environment in ENVIRONMENTS:
        here = [pin for pin in locked if pin.marker is None or pin.marker.evaluate(environment)]
        named = {canonicalize_name(pin.name): pin.requirement for pin in here}
        for pin in here:
            for required in _required(pin, environment):
                found = named.get(canonicalize_name(required.name))
                if found is None or not required.extras <= found.extras:
                    missing.add(f"{pin.requirement} requires {required}, for Python {environment['python_version']}")
    assert not missing


def _required(pin: Pin, environment: dict[str, str]) -> list[Requirement]:
    """Returns the requirements of a package and of the extras that are asked for, for one environment."""
    read = [Requirement(line) for line in requirements(pin)]
    asked = ({"extra": extra} for extra in ("", *sorted(pin.requirement.extras)))
    return [
        found for extra in asked for found in read if not found.marker or found.marker.evaluate(environment | extra)
    ]


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", ()),
        ("requirements-dev.lock", ("dev",)),
        ("requirements-bench.lock", ("dev", "bench")),
        ("requirements-recipes.lock", ("deep", "arima")),
    ],
)
def test_a_lock_satisfies_the_project(lock: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    locked: dict[str, list[Pin]] = {}
    for pin in pins((PROJECT / lock).read_text(encoding="utf-8")):
        locked.setdefault(canonicalize_name(pin.name), []).append(pin)
    for required in map(Requirement, asked):
        found = locked.get(canonicalize_name(required.name), [])
        assert found, required
        for pin in found:
            assert required.specifier.contains(pin.version, prereleases=True), required
            assert required.extras <= pin.requirement.extras, required
