"""Command line: opens the desk, or runs one command and ends. A failed start prints a sentence; its exit code is 1."""

import argparse
import logging
import os
import resource
import sys
from collections.abc import Callable

from app.cli.commands import catalog
from app.cli.parser import argument_parser
from app.errors import InternalError
from app.ops.logs import log_path
from core.errors import DeskError

_INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    _keep_standard_streams()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # memory holds passwords; children inherit the limit
    options = argument_parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except DeskError as error:
        return _give_up(error)
    except BaseExceptionGroup as group:
        return _give_up(_desk_error_in(group) or _crashed(group))
    except Exception as error:  # noqa: BLE001 - the outermost handler: no caller would log it
        return _give_up(_crashed(error))


def _keep_standard_streams() -> None:
    """Replaces a standard stream that was closed (`<&-`) by /dev/null, before a socket gets its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one


# -- errors ------------------------------------------------------------------------------------


def _give_up(error: DeskError) -> int:
    from app.sentences import start_sentence  # noqa: PLC0415

    sys.stderr.write(start_sentence(error, catalog()) + "\n")
    return 1


def _desk_error_in(group: BaseExceptionGroup[BaseException]) -> DeskError | None:
    for error in group.exceptions:
        if isinstance(error, DeskError):
            return error
        if isinstance(error, BaseExceptionGroup) and (inner := _desk_error_in(error)):
            return inner
    return None


def _crashed(error: BaseException) -> DeskError:
    """Reports a bug: logs the traceback, and prints a sentence. Without a log, prints the traceback."""
    if log := log_path():
        logging.getLogger(__name__).critical("crashed", exc_info=error)
        return InternalError(log)
    raise error


if __name__ == "__main__":
    sys.exit(main())
