"""Pressing buttons by typing."""

import unicodedata

import pytest

from bot.platforms.console.buttons import NoSuchButton, buttons_of, pressed
from bot.reply import Button, Buttons, Reply, Text

CONFIRM = Button("\N{WHITE HEAVY CHECK MARK} Confirm", "confirm 1")
CANCEL = Button("Not now", "cancel 1")
KOREAN = Button("확인", "confirm 2")
LIVE = (CONFIRM, CANCEL, KOREAN)


@pytest.mark.parametrize("text", ["1", " 1 ", "[1]", "confirm", "CONFIRM", "Confirm!"])
def test_a_button_is_pressed_by_its_number_or_its_words(text: str) -> None:
    assert pressed(text, LIVE) is CONFIRM


@pytest.mark.parametrize("text", ["3", "확인", unicodedata.normalize("NFD", "확인")])
def test_words_match_in_any_language_and_however_their_letters_are_composed(text: str) -> None:
    assert pressed(text, LIVE) is KOREAN


def test_several_words_are_one_button() -> None:
    assert pressed("not  NOW", LIVE) is CANCEL


@pytest.mark.parametrize("text", ["0", "4", "999"])
def test_a_number_without_a_button_is_told_apart_from_a_command(text: str) -> None:
    assert pressed(text, LIVE) == NoSuchButton(int(text), 3)
    assert pressed("1", ()) == NoSuchButton(1, 0)


@pytest.mark.parametrize("text", ["/confirm", "confirm it", "price BTC", "", "...", "１", "12345", "1 2", "-1"])
def test_anything_else_is_no_press(text: str) -> None:
    assert pressed(text, LIVE) is None


def test_a_label_without_letters_is_pressed_by_number_only() -> None:
    arrow = Button("\N{RIGHTWARDS ARROW}", "next")
    assert pressed("\N{RIGHTWARDS ARROW}", (arrow,)) is None
    assert pressed("1", (arrow,)) is arrow


@pytest.mark.parametrize(
    ("text", "press"), [("-5%", "down"), ("−5%", "down"), ("– 5 %", None), ("+5%", "up"), ("5%", None)]
)
def test_the_sign_of_a_number_tells_buttons_apart(text: str, press: str | None) -> None:
    found = pressed(text, (Button("+5%", "up"), Button("-5%", "down")))
    assert (found.press if isinstance(found, Button) else found) == press


def test_numbers_follow_the_order_of_the_reply() -> None:
    reply = Reply((Buttons(((CONFIRM, CANCEL),)), Text("or"), Buttons(((KOREAN,),))))
    assert buttons_of(reply) == LIVE
