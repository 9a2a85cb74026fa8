"""The line editor of an interactive session: history, suggestions while typing, the source's name below."""

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
"""The history file is cut to its newer half when it grows beyond this."""

_TOOLBAR_SECONDS = 1.0
_LAST_WORD = re.compile(r"\S+\Z")


class BoundedHistory(FileHistory):
    """What was typed in earlier sessions, for this person's eyes only, in a file of bounded size."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._path = path

    def store_string(self, string: str) -> None:
        """Appends an entry; a full disk may cost the history, never the session."""
        with suppress(OSError):
            self._path.touch(mode=0o600)
            super().store_string(string)
            if self._path.stat().st_size > HISTORY_BYTES:
                self._halve()

    def _halve(self) -> None:
        newer = self._path.read_bytes()[-HISTORY_BYTES // 2 :]
        part = self._path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_bytes(newer[newer.find(b"\n# ") :])  # from where an entry begins
        part.replace(self._path)


class Suggester(Completer):
    """Asks `suggest`, given the line up to the cursor, what its last word may become."""

    def __init__(self, suggest: Callable[[str], Awaitable[Sequence[Suggestion]]]) -> None:
        self._suggest = suggest

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> list[Completion]:
        """Nothing: suggestions come only through the event loop."""
        del document, complete_event
        return []

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """Replacements of the last word."""
        del complete_event  # asked for or while typing: the same
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
    """A prompt whose Ctrl-C clears the line; `source_note` is asked for the toolbar's text, '' for none."""
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
    """What is entered, until Ctrl-D or the terminal is gone; pasted lines one by one, empty ones not at all."""
    while True:
        try:
            # Signals stay the desk's own, and so do errors of the loop.
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
    """Hides the line being typed, if one is, and draws it again below what was printed meanwhile."""
    return in_terminal()


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.reset()

    return keys
