"""Loads matplotlib with its own defaults. Import this module before anything that imports matplotlib.

On its first import matplotlib reads a `matplotlibrc` of the working directory. Another user may have put one there, and
with `text.usetex` it starts LaTeX. Matplotlib is therefore imported from the root directory, and pictures do not depend
on any settings file.
"""

import os
import sys


def _load() -> None:
    if "matplotlib" not in sys.modules:
        here = os.open(".", os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY))
        paths = list(sys.path)
        sys.path[:] = [os.path.abspath(path) for path in paths]  # noqa: PTH100 - "" means the working directory
        os.chdir("/")
        try:
            import matplotlib as mpl  # noqa: PLC0415
        finally:
            os.fchdir(here)
            os.close(here)
            sys.path[:] = paths
    import matplotlib as mpl  # noqa: PLC0415

    mpl.rcdefaults()


_load()
