"""A local package index of stub wheels: the names, versions and requirements of real packages without their code.

It answers one question without a network: does an installer, given a lock, ever look for a release that the lock does
not name? Each package is offered in its locked version and in a later one.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement

LATER = "9999.0"
_PIN = re.compile(r"^([A-Za-z0-9][^ ;\\]*==[^ ;\\]+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock: a requirement with `==`, and the environments that it is for."""

    requirement: Requirement
    marker: Marker | None

    @property
    def name(self) -> str:
        return self.requirement.name

    @property
    def version(self) -> str:
        (only,) = self.requirement.specifier
        return only.version

    def applies(self) -> bool:
        """Tells whether this environment is one of those."""
        return self.marker is None or self.marker.evaluate()


def pins(lock: str) -> list[Pin]:
    """Reads the text of a lock."""
    return [Pin(Requirement(text), Marker(marker) if marker else None) for text, marker in _PIN.findall(lock)]


def requirements(pin: Pin) -> list[str]:
    """Returns the `Requires-Dist` lines of a pinned release, and none for one that is not installed."""
    try:
        installed = distribution(pin.name)
    except PackageNotFoundError:
        return []
    return installed.requires or [] if installed.version == pin.version else []


def write_stub(folder: Path, name: str, version: str, requires: list[str], extras: frozenset[str]) -> Path:
    """Writes a wheel that holds metadata and nothing else."""
    plain = re.sub(r"[-_.]+", "_", name).lower()
    info = f"{plain}-{version}.dist-info"
    metadata = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Provides-Extra: {extra}" for extra in sorted(extras)),
        *(f"Requires-Dist: {requirement}" for requirement in requires),
    ]
    files = {
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: stub\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    wheel = folder / f"{plain}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)  # a fixed time: the same wheel has the same hash
    return wheel


def stub_lock(lock: str, folder: Path) -> str:
    """Writes two stubs for each pin that applies here, and returns the lock with the hashes of the locked ones."""
    return "".join(_stub_lines(lock, folder))


def _stub_lines(lock: str, folder: Path) -> Iterator[str]:
    for pin in pins(lock):
        if not pin.applies():
            continue
        requires = requirements(pin)
        extras = frozenset(re.findall(r"extra == ['\"]([^'\"]+)['\"]", " ".join(requires)))
        wheel = write_stub(folder, pin.name, pin.version, requires, extras)
        write_stub(folder, pin.name, LATER, requires, extras)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        yield f"{pin.requirement} \\\n    --hash=sha256:{digest}\n"
