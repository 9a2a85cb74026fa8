"""Composition root and command line: the only package that refers to every concrete class."""

import os
import sys


def _leave_working_directory() -> None:
    """Removes the working directory from the import path, to which an empty entry of PYTHONPATH adds it: another user
    may have created modules there. No other module of this project is imported before.
    """
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if len(named) == 1 or "" not in named:
        return
    try:
        here = os.getcwd()  # noqa: PTH109 - pathlib could be one of those modules
    except OSError:  # it is gone
        return
    standard, project = os.path.dirname(os.__file__), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    wanted = (standard, project, *map(os.path.abspath, filter(None, named)))
    libraries = os.path.basename(here) in ("site-packages", "dist-packages", "lib-dynload")  # noqa: PTH119
    if here not in wanted and not libraries:
        sys.path[:] = [path for path in sys.path if path != here]


_leave_working_directory()
