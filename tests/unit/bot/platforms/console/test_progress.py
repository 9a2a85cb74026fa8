"""Long work at start-up says so."""

import io
import time

import pytest
from wcwidth import wcswidth

from bot.platforms.console.progress import Progress, progress_line

PATIENCE = 0.05


def shown(*, terminal: bool, work: float, parts: tuple[int, int] | None = None, patience: float = PATIENCE) -> str:
    stream = io.StringIO()
    with Progress(stream, terminal=terminal, patience=patience).step("Loading\x1b[2J history") as report:
        if parts:
            report(*parts)
        time.sleep(work)
    return stream.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_short_work_is_not_worth_a_word(terminal: bool) -> None:  # noqa: FBT001
    assert shown(terminal=terminal, work=0, patience=60) == ""


def test_a_line_that_was_never_shown_has_no_end() -> None:
    """The patience is over, but nothing was redrawn yet."""
    now = iter((0.0, 1.5))
    stream = io.StringIO()
    with Progress(stream, terminal=False, patience=60, seconds=lambda: next(now)).step("x"):
        pass
    assert stream.getvalue() == ""


def test_in_a_log_long_work_has_a_start_and_an_end() -> None:
    start, end, rest = shown(terminal=False, work=0.6).split("\n")
    assert start == "Loading[2J history ..."
    assert end.startswith("Loading[2J history: 0.")
    assert rest == ""


def test_on_a_terminal_one_line_is_redrawn_and_then_wiped() -> None:
    text = shown(terminal=True, work=0.6, parts=(1, 4))
    assert "\n" not in text
    assert text.startswith("\r")
    assert "Loading[2J history [#####...............]  25%" in text
    assert text.endswith("\r\x1b[2K")


def test_work_that_fails_claims_no_end_and_leaves_no_line() -> None:
    for terminal in (True, False):
        stream = io.StringIO()
        with pytest.raises(OSError), Progress(stream, terminal=terminal, patience=PATIENCE).step("x"):  # noqa: PT012
            time.sleep(0.6)
            raise OSError
        if terminal:
            assert stream.getvalue().endswith("\r\x1b[2K")
        else:
            assert stream.getvalue() == "x ...\n"


@pytest.mark.parametrize("width", [10, 40, 80])
@pytest.mark.parametrize("label", ["Loading", "데이터베이스와 시세 저장소를 준비하는 중(처음 한 번만)"])
def test_a_line_never_reaches_the_edge_where_it_would_wrap(label: str, width: int) -> None:
    for done, total in ((0, 0), (1, 3), (9, 3)):
        assert wcswidth(progress_line(label, done, total, 12.3, width)) == width - 1
