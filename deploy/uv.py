"""Runs the pinned uv, which installs Paperdesk's dependencies from the locks.

    python3 deploy/uv.py TOOLS ARGUMENT...

Installs uv into the folder TOOLS when it is missing, from `deploy/uv.lock` with checked hashes, then runs it with the
arguments. The result depends on the locks only: not on the version of pip, on the newest release of any package, on
a configuration file of uv, or on a cache in the user's home. pip's settings for package indexes, proxies and
certificates apply to uv as well.

Needs Python 3.8 or newer and the standard library. uv finds or fetches the Python that the desk runs on.
"""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("uv.lock")
MODULE = """\
import sys
sys.path[:] = filter(None, sys.path)
import runpy
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)"""
FROM_PIP = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
NETWORK = ("INDEX", "LINKS", "HTTP", "OFFLINE", "INSECURE", "TLS", "CERT", "CONCURRENT", "KEYRING", "MIRROR")
NO_PIP = """\
Paperdesk installs its dependencies with pip, and {python} has neither pip nor venv.
Install them (Debian and Ubuntu: apt install python3-venv python3-pip), then try again."""


def module(python: str, name: str) -> "list[str]":
    """Returns the command that runs a module as `-m` does, without the modules of the working directory."""
    return [python, "-c", MODULE, name]


def pip_command(tools: Path) -> "list[str]":
    """Returns the command of this Python's pip, or of the pip that Python bundles. Exits when there is none."""
    own = module(sys.executable, "pip")
    if _succeeds([*own, "--version"]):
        return own
    if _succeeds([*module(sys.executable, "venv"), "--clear", str(tools / "pip")]):
        return module(str(tools / "pip" / "bin" / "python"), "pip")
    sys.exit(NO_PIP.format(python=sys.executable))


def _succeeds(command: "list[str]") -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def install_uv(tools: Path) -> None:
    """Installs uv and writes pip's network settings beside it, in a folder that is renamed when it is complete."""
    made = tools.with_name(f"{tools.name}.{os.getpid()}")
    made.mkdir(parents=True)
    try:
        pip = pip_command(made)
        command = [*pip, "install", "--quiet", "--no-input", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
        # a user's pip.conf may ask for the user's site or for an active environment; --target is neither
        ours = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        ours["PIP_ROOT_USER_ACTION"] = "ignore"
        done = subprocess.run(
            [*command, "--requirement", str(LOCK), "--target", str(made)],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **ours},
            check=False,
        )
        if done.returncode:
            sys.exit("pip could not install uv: see above. A network to a package index is needed the first time.")
        listed = subprocess.run([*pip, "config", "list"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        settings = from_pip(listed.stdout.decode(errors="replace"))
        (made / "environment").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        shutil.rmtree(made / "pip", ignore_errors=True)
        shutil.rmtree(tools, ignore_errors=True)
        made.rename(tools)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def from_pip(listed: str) -> "dict[str, str]":
    """Translates the output of `pip config list` into environment variables of uv."""
    found = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        variable = FROM_PIP.get(name.rpartition(".")[2])
        if variable and value:
            between = "," if name.endswith(".find-links") else " "
            found[variable] = between.join(str(ast.literal_eval(value)).split())
    if "UV_INDEX" in found:
        # pip looks at all indexes; a foreign file is refused by its hash
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found


def environment(tools: Path) -> "dict[str, str]":
    """Returns the variables for uv: the user's, except those that steer resolution, and pip's network settings."""
    users = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("UV_") or any(word in name for word in NETWORK)
    }
    lines = (tools / "environment").read_text().splitlines()
    pips = dict(line.split("=", 1) for line in lines)
    return {**pips, **users, "UV_NO_CONFIG": "1", "UV_CACHE_DIR": str(tools / "cache")}


def main(arguments: "list[str]") -> int:
    """Runs uv and returns its exit status."""
    tools = Path(arguments[0]).absolute()
    uv = tools / "bin" / "uv"
    lock = LOCK.read_text()
    stamp = tools / "lock"
    if not uv.exists() or not stamp.exists() or stamp.read_text() != lock:
        install_uv(tools)
        stamp.write_text(lock)
    try:
        return subprocess.run([str(uv), *arguments[1:]], env=environment(tools), check=False).returncode
    finally:
        shutil.rmtree(tools / "cache", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
