"""Where the log goes, and what it never says."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.logs import hide, log_path, log_to, log_to_stderr


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in [known for known in root.handlers if known not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_the_log_is_a_file_of_the_process(tmp_path: Path) -> None:
    log_to(tmp_path, "INFO", "produce")
    assert log_path() == str(tmp_path / "produce.log")
    logging.getLogger("a").info("it leads")
    assert "INFO a: it leads" in Path(log_path()).read_text(encoding="utf-8")


def test_under_a_supervisor_the_log_is_standard_error_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to(tmp_path, "INFO")
    log_to_stderr("INFO")
    assert log_path() == "stderr"
    hide("geheimnis")
    logging.getLogger("a").info("it leads with geheimnis")
    assert "INFO a: it leads with ***\n" in capsys.readouterr().err
    assert (tmp_path / "desk.log").read_text(encoding="utf-8") == ""
