"""The composition root and command line: the only place that knows every concrete class."""

import os
import sys


def _leave_working_directory() -> None:
    """Takes the working directory out of the import path where an empty entry of PYTHONPATH put it: another user may
    have made modules there. Nothing else of this project is imported before."""
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
