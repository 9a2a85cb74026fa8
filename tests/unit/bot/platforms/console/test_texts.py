"""The console's own sentences, in every language."""

import re

import pytest

from bot.platforms.console.receive import LineFault
from people.person import Language
from tests.fakes.console_desk import console_catalogs
from tests.paths import PROJECT

CONSOLE = PROJECT / "bot" / "platforms" / "console"


def test_every_sentence_stands_in_every_language() -> None:
    english, korean = (set(console_catalogs()[language].entries) for language in Language)
    assert english == korean


def test_every_sentence_the_code_speaks_is_there() -> None:
    code = "".join(path.read_text("utf-8") for path in CONSOLE.glob("*.py"))
    spoken = set(re.findall(r'"(console-[a-z0-9-]+)"', code))
    assert {fault.value for fault in LineFault} <= spoken
    written = set(console_catalogs()[Language.ENGLISH].entries)
    assert {name for name in written if not name.startswith("console-progress-")} == spoken


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("count", "hint"), [(0, "/help"), (1, "[1]"), (3, "[3]")])
def test_a_missing_button_is_explained_by_what_there_is(language: Language, count: int, hint: str) -> None:
    assert hint in console_catalogs()[language].text("console-no-such-button", number=7, count=count)


@pytest.mark.parametrize("language", Language)
def test_a_path_is_said_whole(language: Language) -> None:
    for name in ("console-opened", "console-no-viewer"):
        assert "/a b/c.png" in console_catalogs()[language].text(name, path="/a b/c.png")
