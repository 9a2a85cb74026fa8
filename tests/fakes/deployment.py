"""The deployment files as data, for the tests that read them."""

import re
import shlex
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import yaml

from tests.paths import PROJECT

ONE_SHOTS = frozenset(("migrate",))


def compose() -> dict[str, Any]:
    """docker-compose.yml with its anchors resolved; each caller may change what it gets."""
    return deepcopy(_compose())


@cache
def _compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
    return read


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def roles() -> dict[str, dict[str, Any]]:
    """The services that run Paperdesk's own image."""
    return {name: service for name, service in services().items() if "build" in service}


def dockerfile() -> list[tuple[str, str]]:
    """Its instructions: name and the rest, continued lines joined."""
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines if line and line[0] != "#"]


def image_environment() -> dict[str, str]:
    """What the image sets."""
    assignments = (word for name, rest in dockerfile() if name == "ENV" for word in shlex.split(rest))
    return dict(assignment.split("=", 1) for assignment in assignments)


def copied() -> Iterator[str]:
    """What the image takes from the project."""
    for name, rest in dockerfile():
        if name == "COPY" and not rest.startswith("--from"):
            yield from rest.split()[:-1]


def health_script(service: dict[str, Any]) -> str:
    """What the shell runs to see whether a service is well."""
    kind, script = service["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    return str(re.sub(r"\$\$", "$", script))
