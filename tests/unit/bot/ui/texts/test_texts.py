import importlib
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from fluent.runtime import FluentResource
from fluent.syntax import ast
from fluent.syntax.visitor import Visitor

from bot.ui import texts
from bot.ui.texts import Catalog, TextMissing, load_catalog, load_catalogs
from core.errors import DeskError, Refused, Unavailable
from core.text import VARIABLE_LIMIT, clean
from people.person import Language

CATALOGS = load_catalogs()
BASES = {"StartError", Refused.__name__, Unavailable.__name__}


class Variables(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.found.add(node.id.name)


def variables(node: ast.BaseNode | None) -> set[str]:
    visitor = Variables()
    if node is not None:
        visitor.visit(node)
    return visitor.found


def shape(message: ast.Message) -> dict[str, set[str]]:
    attributes = {f".{entry.id.name}": variables(entry.value) for entry in message.attributes}
    return {"": variables(message.value), **attributes}


def subclasses(kind: type[DeskError]) -> Iterator[type[DeskError]]:
    for child in kind.__subclasses__():
        if child.__module__.partition(".")[0] != "tests":
            yield child
            yield from subclasses(child)


def all_errors() -> list[type[DeskError]]:
    for floor in ("core", "people", "pipeline", "trading", "ml", "jobs", "bot", "app"):
        package = importlib.import_module(floor)
        for module in pkgutil.walk_packages(package.__path__, f"{floor}."):
            if module.name.endswith("errors"):
                importlib.import_module(module.name)
    return sorted((error for error in subclasses(DeskError) if error.__name__ not in BASES), key=lambda e: e.__name__)


def test_both_languages_have_the_same_texts_with_the_same_variables() -> None:
    english, korean = CATALOGS[Language.ENGLISH].entries, CATALOGS[Language.KOREAN].entries
    assert english.keys() == korean.keys()
    assert {name: shape(entry) for name, entry in english.items()} == {
        name: shape(entry) for name, entry in korean.items()
    }


@pytest.mark.parametrize("error", all_errors(), ids=lambda error: error.__name__)
@pytest.mark.parametrize("language", list(Language))
def test_every_error_has_a_sentence_made_of_its_own_fields(error: type[DeskError], language: Language) -> None:
    entry = CATALOGS[language].entries.get(f"error-{error.code()}")
    assert entry is not None, f"no sentence for {error.__name__}"
    assert variables(entry) <= set(getattr(error, "__dataclass_fields__", {}))


def test_every_error_sentence_belongs_to_an_error() -> None:
    codes = {f"error-{error.code()}" for error in all_errors()}
    assert {name for name in CATALOGS[Language.ENGLISH].entries if name.startswith("error-")} <= codes


def test_a_missing_text_raises_instead_of_falling_back() -> None:
    with pytest.raises(TextMissing):
        CATALOGS[Language.KOREAN].text("no-such-text")
    with pytest.raises(TextMissing):
        CATALOGS[Language.KOREAN].text("command-start.no-such-attribute")


def test_a_missing_variable_raises_instead_of_showing_its_name() -> None:
    with pytest.raises(TextMissing):
        CATALOGS[Language.ENGLISH].text("incident")


def test_a_repeated_text_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Catalog(Language.ENGLISH, {"a.ftl": "hello = Hello\n", "b.ftl": "hello = Hi\n"})


@pytest.mark.parametrize("read", [lambda catalog: catalog.entries, lambda catalog: catalog.text("hello")])
def test_a_text_that_is_no_fluent_is_refused(read: Callable[[Catalog], object]) -> None:
    with pytest.raises(ValueError, match="not Fluent"):
        read(Catalog(Language.ENGLISH, {"a.ftl": "hello = { $open\n"}))


@pytest.mark.parametrize("language", Language)
def test_every_text_is_found_by_its_id(language: Language) -> None:
    catalog = load_catalog(language)
    for name, message in catalog.entries.items():
        assert message.value is None or catalog.has(name)
        assert all(catalog.has(f"{name}.{attribute.id.name}") for attribute in message.attributes)


def test_a_text_is_parsed_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parse(text: str) -> FluentResource:
        parsed.append(text)
        return FluentResource(text)

    monkeypatch.setattr(texts, "FluentResource", parse)
    catalog = load_catalog(Language.ENGLISH)
    assert parsed == []
    catalog.text("button-try-again")
    catalog.text("button-try-again")
    assert len(parsed) == 1


def test_texts_may_refer_to_each_other() -> None:
    source = "-brand = Desk\n-long = The { -brand }\n"
    source += "hello = { there }{ $n ->\n[one] !\n*[other] { -long }\n}\nthere = Hi, \n"
    assert Catalog(Language.ENGLISH, {"a.ftl": source}).text("hello", n=2) == "Hi,The Desk"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("BTC", "BTC"),
        ("币安人生USDC 한국어 é", "币安人生USDC 한국어 é"),
        ("a\x1b[31mb\x00c\x7f", "a[31mbc"),
        ("a\u202eb\u2066c\u200bd\ufeffe\u200f", "abcde"),
        ("a\tb\r\nc\u2028d", "a b  c d"),
        ("Z" + "\u0301" * 50, "Z\u0301\u0301"),
        ("x\ud800y", "xy"),
    ],
)
def test_what_a_person_wrote_cannot_disturb_the_sentence_around_it(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_variable_has_a_bounded_length() -> None:
    text = CATALOGS[Language.ENGLISH].text("incident", id="x" * 10_000_000)
    assert len(text) < VARIABLE_LIMIT + 200
    assert text.endswith("…")
    assert clean("x" * VARIABLE_LIMIT) == "x" * VARIABLE_LIMIT


def test_a_persons_words_are_never_read_as_fluent() -> None:
    said = CATALOGS[Language.ENGLISH].text("error-not-a-number", text="{ $id } { incident }")
    assert "{ $id } { incident }" in said


def test_plurals_follow_the_language() -> None:
    say = CATALOGS[Language.ENGLISH].text
    assert say("fills-more", count=1) == "and one more level"
    assert say("fills-more", count=2) == "and 2 more levels"
