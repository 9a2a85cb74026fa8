"""Every error that keeps the desk from opening has a sentence in both languages."""

import inspect
from dataclasses import fields
from typing import Literal, get_args, get_origin

import pytest

from app import errors, server_errors
from app.backups import errors as backup_errors
from app.database import errors as database_errors
from app.errors import BadSetting, PortTaken, StartError, UnknownSetting
from app.sentences import start_sentence
from bot.ui.texts import load_catalog
from core.errors import DeskError
from people.person import Language
from pipeline.errors import KafkaDenied

STARTS: list[type[DeskError]] = [
    kind
    for module in (errors, server_errors, backup_errors, database_errors)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, DeskError) and kind not in (DeskError, StartError)
] + [KafkaDenied]


def _example(kind: type[DeskError]) -> DeskError:
    return kind(**{field.name: 7 if field.type is int else f"<{field.name}>" for field in fields(kind)})


@pytest.mark.parametrize("kind", STARTS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("language", list(Language))
def test_it_is_one_line_that_ends_and_tells_what_there_is_to_know(kind: type[DeskError], language: Language) -> None:
    sentence = start_sentence(_example(kind), load_catalog(language))
    assert sentence
    assert "\n" not in sentence
    for field in fields(kind):
        if Literal not in (get_origin(field.type), *map(get_origin, get_args(field.type))):
            assert ("7" if field.type is int else f"<{field.name}>") in sentence


@pytest.mark.parametrize("language", list(Language))
def test_no_sentence_is_left_without_its_error(language: Language) -> None:
    codes = {f"error-{kind.code()}" for kind in STARTS}
    from importlib.resources import files  # noqa: PLC0415

    text = files("bot.ui.texts").joinpath(language.value, "start.ftl").read_text(encoding="utf-8")
    written = {line.split(" =")[0] for line in text.splitlines() if line.startswith("error-")}
    assert written == codes


def test_the_sentences_say_what_to_do() -> None:
    english, korean = load_catalog(Language.ENGLISH), load_catalog(Language.KOREAN)
    near = UnknownSetting("PAPERDESK_MARKT", "PAPERDESK_MARKET")
    assert start_sentence(near, english) == "There is no setting PAPERDESK_MARKT. Did you mean PAPERDESK_MARKET?"
    assert start_sentence(near, korean).startswith("PAPERDESK_MARKT 설정은 없습니다.")
    far = start_sentence(UnknownSetting("PAPERDESK_X", ""), english)
    assert far == "There is no setting PAPERDESK_X. Remove it; “paperdesk settings” lists all settings."
    bad = start_sentence(BadSetting("PAPERDESK_MARKET", "one of a, b"), english)
    assert bad == "The value of PAPERDESK_MARKET is not allowed: it must be one of a, b."
    assert "15432" in start_sentence(PortTaken(15432), english), "a port is not written as 15,432"
