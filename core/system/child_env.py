"""Environment of child processes: an allow-list, so that tokens, passwords and settings are not passed on.

A child's environment can be read by every process of its account for as long as the child runs. Settings that a child
needs are sent to its standard input.
"""

import os
from collections.abc import Mapping
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]

_ANY = (
    *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH"),
    *("DYLD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)
_PYTHON = ("PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")
_DATABASE = (
    *("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSFILE", "PGPASSWORD"),
    *("PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGSSLCRL"),
)
_SCREEN = (
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "DESKTOP_SESSION", "BROWSER", "SHELL"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "XDG_CURRENT_DESKTOP", "XDG_DATA_DIRS", "XDG_DATA_HOME"),
    *(
        "XDG_RUNTIME_DIR",
        "XDG_SESSION_TYPE",
        "KDE_FULL_SESSION",
        "KDE_SESSION_VERSION",
        "WSL_DISTRO_NAME",
        "WSL_INTEROP",
    ),
)


def program_env(extra: Mapping[str, str] | None = None, *, database: bool = False) -> dict[str, str]:
    """Returns the environment of another program, with its messages in English; `extra` is added to it.

    With `database`, it includes the defaults of PostgreSQL's clients, since an address may rely on them.
    """
    return {**_inherited(_ANY, _DATABASE if database else ()), "LC_ALL": "C", **(extra or {})}


def python_env(extra: Mapping[str, str] | None = None, *, database: bool = False) -> dict[str, str]:
    """Returns the environment of a Python process that imports this project's modules; `extra` is added to it.

    The process imports nothing from its working directory, where another user may have put modules of the same names.
    """
    chosen = [str(Path(path).absolute()) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    kept = _inherited(_ANY, _PYTHON, _DATABASE if database else ())
    return {**kept, "PYTHONPATH": os.pathsep.join((str(_PROJECT), *chosen)), "PYTHONSAFEPATH": "1", **(extra or {})}


def screen_env() -> dict[str, str]:
    """Returns the environment of a program that opens a window on the user's screen."""
    return _inherited(_ANY, _SCREEN)


def _inherited(*groups: tuple[str, ...]) -> dict[str, str]:
    return {name: os.environ[name] for names in groups for name in names if name in os.environ}
