"""Line editor of an interactive session: history, suggestions while typing, and a toolbar with the source's name."""

import errno
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application, in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import Output

from bot.inbound import Suggestion
from bot.platforms.console.receive import PROMPT, Line, judge_text
from bot.platforms.console.sanitize import one_line

HISTORY_BYTES = 256 * 1024
"""Size above which the history file is cut to its newer half."""

_TOOLBAR_SECONDS = 1.0
_LAST_WORD = re.compile(r"\S+\Z")


class BoundedHistory(FileHistory):
    """History of lines typed in earlier sessions, in a file of bounded size that only its owner can read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._path = path

    def store_string(self, string: str) -> None:
        """Appends an entry. Write errors, such as a full disk, are ignored so that the session continues."""
        with suppress(OSError):
            self._path.touch(mode=0o600)
            super().store_string(string)
            if self._path.stat().st_size > HISTORY_BYTES:
                self._halve()

    def _halve(self) -> None:
        newer = self._path.read_bytes()[-HISTORY_BYTES // 2 :]
        part = self._path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_bytes(newer[newer.find(b"\n# ") :])  # from the start of an entry
        part.replace(self._path)


class Suggester(Completer):
    """Completer that calls `suggest` with the line up to the cursor to complete its last word."""

    def __init__(self, suggest: Callable[[str], Awaitable[Sequence[Suggestion]]]) -> None:
        self._suggest = suggest

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> list[Completion]:
        """Returns no completions: they are provided only through the event loop."""
        del document, complete_event
        return []

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """Yields replacements of the last word."""
        del complete_event  # explicit and automatic completion are the same
        line = document.text_before_cursor
        word = _LAST_WORD.search(line)
        for suggestion in await self._suggest(line):
            meta = "" if suggestion.label == suggestion.text else one_line(suggestion.label)
            yield Completion(one_line(suggestion.text), start_position=-len(word[0]) if word else 0, display_meta=meta)


def prompt_session(
    history: Path,
    suggester: Suggester,
    source_note: Callable[[], str],
    *,
    terminal_input: Input | None = None,
    terminal_output: Output | None = None,
) -> PromptSession[str]:
    """Returns a prompt whose Ctrl-C clears the line.

    `source_note` returns the toolbar's text, '' for no toolbar.
    """
    session: PromptSession[str] = PromptSession(
        PROMPT,
        history=BoundedHistory(history),
        completer=suggester,
        complete_while_typing=True,
        key_bindings=_keys(),
        refresh_interval=_TOOLBAR_SECONDS,
        input=terminal_input,
        output=terminal_output,
    )

    def name_source(_: Application[str]) -> None:
        session.bottom_toolbar = one_line(source_note()) or None  # an empty text would still draw a bar

    session.app.before_render += name_source
    return session


async def typed_lines(session: PromptSession[str]) -> AsyncGenerator[Line, None]:
    """Yields entered lines until Ctrl-D or until the terminal is closed.

    Pasted lines are split; empty ones are skipped.
    """
    while True:
        try:
            # The application handles signals and errors of the event loop itself.
            text = await session.prompt_async(handle_sigint=False, set_exception_handler=False)
        except EOFError:
            return
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return  # the terminal was closed
        for line in text.split("\n"):
            if line.strip():
                yield judge_text(line)


def above_the_prompt() -> AbstractAsyncContextManager[None]:
    """Hides the line being typed, and redraws it below the output printed meanwhile."""
    return in_terminal()


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.reset()

    return keys
