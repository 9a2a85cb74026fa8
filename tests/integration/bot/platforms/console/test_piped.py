"""Whole sessions at the end of a pipe."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.platforms.console.files import MAX_FILES
from people.person import Language
from tests.fakes.console_desk import FakeRouter, console
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

DESK = [sys.executable, "-m", "tests.fakes.console_desk"]


async def session(data: bytes, folder: Path, router: FakeRouter | None = None) -> str:
    """What standard output holds after these bytes came through a pipe, greeting left out."""
    source, sink = os.pipe()
    target = os.open(folder / "out", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    writing = asyncio.create_task(asyncio.to_thread(_feed, sink, data))
    try:
        await console(router or FakeRouter(), folder, source, target, {"LANG": "en_US.UTF-8"}).run()
    finally:
        os.close(source)
        os.close(target)
        await writing
    return (folder / "out").read_text("utf-8").partition("\n\n")[2]


def _feed(sink: int, data: bytes) -> None:
    with os.fdopen(sink, "wb") as stream:
        stream.write(data)


async def test_a_transcript_reads_like_a_session(tmp_path: Path) -> None:
    text = await session(b"/price BTC\nnext\n", tmp_path)
    assert text == "> /price BTC\nasked: /price BTC\n\n> next\nasked: next\n\n"


async def test_the_greeting_names_the_source_of_prices_and_the_way_to_help(tmp_path: Path) -> None:
    await session(b"", tmp_path)
    greeting = (tmp_path / "out").read_text("utf-8")
    assert "Paperdesk" in greeting
    assert "Market: SIMULATION" in greeting
    assert "/help" in greeting
    assert "[1]" in greeting


async def test_every_inbound_has_an_id_of_its_own_and_the_machines_hints(tmp_path: Path) -> None:
    router = FakeRouter()
    await session(b"a\nbuy\n1\n", tmp_path, router)
    await session(b"a\n", tmp_path, router)
    ids = [inbound.command_id for inbound in router.seen]
    assert len(set(ids)) == 4
    assert all(name.startswith("console:") and name.count(":") == 2 for name in ids)
    first = router.seen[0]
    assert (first.platform, first.external_id, first.timezone) == ("console", "local", "Asia/Seoul")
    assert first.language is Language.ENGLISH


async def test_a_button_is_pressed_by_number_or_words_until_others_take_its_place(tmp_path: Path) -> None:
    router = FakeRouter()
    text = await session("buy\nprice\n2\nconfirm\nkorean\nbuy\n확인\nconfirm\n3\n".encode(), tmp_path, router)
    pressed = [inbound.text for inbound in router.seen if inbound.pressed]
    assert pressed == ["press 1", "press 0", "press 0"]
    assert "asked: confirm" in text
    assert "3번 버튼이 없습니다" in text


async def test_a_number_before_any_button_is_explained(tmp_path: Path) -> None:
    router = FakeRouter()
    assert "There are no buttons right now." in await session(b"1\n", tmp_path, router)
    assert not router.seen


async def test_help_ends_with_how_buttons_are_typed(tmp_path: Path) -> None:
    text = await session(b"/help\n/help buy\n", tmp_path)
    before, after = text.split("> /help buy")
    assert "Buttons look like [1]" in before
    assert "Buttons look like [1]" not in after


async def test_hostile_lines_get_a_sentence_each_and_the_session_goes_on(tmp_path: Path) -> None:
    router = FakeRouter()
    data = b"\xc3\x28\n" + b"x" * 3_000_000 + b"\na\0b\n\x1b[2J\xe2\x80\xaeabc\n\nlast"
    text = await session(data, tmp_path, router)
    assert [inbound.text for inbound in router.seen] == ["\x1b[2J\u202eabc", "", "last"]
    for sentence in ("not valid UTF-8", "longer than 10,000 characters", "NUL byte", "asked: last"):
        assert sentence in text
    assert all(character == "\n" or character.isprintable() for character in text)
    assert len(text) < 2_000


async def test_what_commands_answer_cannot_steer_the_terminal(tmp_path: Path) -> None:
    text = await session(b"hostile\n", tmp_path)
    assert all(character == "\n" or character.isprintable() for character in text)


async def test_a_picture_lies_where_the_answer_says(tmp_path: Path) -> None:
    text = await session(b"/chart BTC\n/chart BTC\n", tmp_path)
    paths = [Path(line) for line in text.split("\n") if line.endswith(".png")]
    assert len(set(paths)) == 2
    assert all(path.is_absolute() and path.read_bytes().startswith(b"\x89PNG") for path in paths)
    assert "BTC, one hour" in text


async def test_only_the_newest_pictures_are_kept(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    for number in range(MAX_FILES + 3):
        (tmp_path / "charts" / f"19990101-000000-{number:03}-old.png").write_bytes(b"")
    (tmp_path / "charts" / "not a chart.txt").write_text("mine")
    await session(b"/chart\n", tmp_path)
    names = sorted(path.name for path in (tmp_path / "charts").iterdir())
    assert len(names) == MAX_FILES + 1
    assert "19990101-000000-003-old.png" not in names
    assert "19990101-000000-004-old.png" in names
    assert names[-1] == "not a chart.txt"


async def test_a_picture_that_cannot_be_written_costs_no_more_than_the_picture(tmp_path: Path) -> None:
    (tmp_path / "charts").write_text("a file where the folder should be")
    text = await session(b"/chart\nopen\n", tmp_path)
    assert "could not be saved" in text
    assert "BTC, one hour" in text
    assert "There is no picture yet" in text


@pytest.mark.parametrize(
    ("script", "sentence"), [("exit 0", "Opening"), ("exit 3", "No image viewer"), (None, "No image viewer")]
)
async def test_open_shows_the_last_picture_or_says_why_not(
    script: str | None, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if script is not None:
        opener = tmp_path / ("open" if sys.platform == "darwin" else "xdg-open")
        opener.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n{script}\n')
        opener.chmod(0o755)
    text = await session(b"/open\n/chart\nopen\n", tmp_path)
    assert "There is no picture yet" in text
    assert sentence in text.partition("> open")[2]
    if script is not None:
        assert (tmp_path / "opened").read_text().strip() in text.replace("\n", "")


async def test_while_the_ledger_is_down_the_language_spoken_last_is_kept(tmp_path: Path) -> None:
    text = await session(b"korean\ndown\n7\n", tmp_path)
    assert "현재 누를 수 있는 버튼이 없습니다" in text


async def test_exit_leaves_the_lines_after_it_unread(tmp_path: Path) -> None:
    router = FakeRouter()
    await session(b"one\n/exit\ntwo\n", tmp_path, router)
    assert [inbound.text for inbound in router.seen] == ["one"]


async def test_the_loop_turns_while_the_pipe_is_silent_and_a_stop_is_immediate(tmp_path: Path) -> None:
    source, sink = os.pipe()
    target = os.open(os.devnull, os.O_WRONLY)
    running = asyncio.create_task(console(FakeRouter(), tmp_path, source, target, {}).run())
    await asyncio.sleep(0.05)
    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(running, PATIENCE_SECONDS)
    for fd in (source, sink, target):
        os.close(fd)


async def test_a_reader_that_pauses_does_not_hold_the_loop(tmp_path: Path) -> None:
    """A write that waited for the reader would hold the loop for good, and this test until it is ended."""
    read_in, write_in = os.pipe()
    read_out, write_out = os.pipe()
    os.write(write_in, b"long\n")
    running = asyncio.create_task(console(FakeRouter(), tmp_path, read_in, write_out, {}).run())
    while select.select([], [write_out], [], 0)[1]:  # noqa: ASYNC110 - until the pipe is full
        await asyncio.sleep(0.01)
    for _ in range(100):
        await asyncio.sleep(0)
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])
    for fd in (read_in, write_in, read_out, write_out):
        os.close(fd)


def piped(shell: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """A session in a real shell pipeline, on the event loop the desk runs on."""
    command = shell.replace("DESK", f"'{sys.executable}' -m tests.fakes.console_desk '{folder}'")
    environment = os.environ | {"PYTHONWARNINGS": "error", "LANG": "C"}
    return subprocess.run(  # noqa: S603  # our own command lines
        ["/bin/bash", "-c", f"set -o pipefail; {command}"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_end_of_a_pipe_is_a_clean_exit(tmp_path: Path) -> None:
    done = piped("printf '/start\\nlast' | DESK", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("> last\nasked: last\n\n")


def test_a_reader_that_leaves_ends_the_session_quietly(tmp_path: Path) -> None:
    done = piped("printf 'long\\nlong\\n' | DESK | head -1", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Paperdesk")


def test_a_stop_while_the_pipe_is_silent_ends_the_process_at_once(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603  # our own program
        [*DESK, str(tmp_path)], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as desk:
        assert desk.stdout is not None
        desk.stdout.readline()
        desk.send_signal(signal.SIGINT)
        desk.wait(60)  # its input never ends


def test_a_file_is_read_like_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("one\ntwo\n")
    done = piped(f"DESK < '{tmp_path}/lines'", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "asked: one" in done.stdout
    assert "asked: two" in done.stdout
    assert piped("DESK < /dev/null", tmp_path).returncode == 0


def test_nothing_is_left_open_in_a_piped_session(tmp_path: Path) -> None:
    done = piped("printf 'hostile\\n' | DESK | cat", tmp_path)
    assert "\x1b" not in done.stdout
    assert not (tmp_path / "console_history").exists()
