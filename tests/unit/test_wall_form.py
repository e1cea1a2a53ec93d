"""What wall screens are told: no number longer than three digits, no note, nothing about hosts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.audience import Audience
from dashboard.form import Form, links_told, masked, told
from dashboard.texts import texts

DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩²⑦"
NUMBERS = st.lists(st.sampled_from(DIGITS), min_size=4, max_size=16)
BETWEEN = st.sampled_from(["", "", "", " ", "-", "/", ".", ") ", "\u200b", "\u00a0", " / ", "_"])


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """A telephone number of over three digits as people and phones write it, and its digits."""
    digits = draw(NUMBERS)
    written = "".join(sign + draw(BETWEEN) for sign in digits)
    return draw(st.sampled_from(["", "+", "(", "+("])) + written, "".join(digits)


WORDS = st.text(st.characters(categories=["L", "P", "Z"]), max_size=12)


def slot(name: str, number: str, parker: str, **more: Any) -> dict[str, Any]:
    return {
        "slot": 70123,
        "state": "parked",
        "uniqueid": "1764000000.42",
        "caller": {"name": name, "number": number},
        "parker": {"name": parker, "number": number, "device": f"PJSIP/{number}"},
        "parked_at": 1764000000000,
        "waiting_since": 1763999000000,
        "timeout_at": None,
        "claimed_by": parker,
        **more,
    }


def sayings(text: str) -> list[str]:
    """Every text in a frame but Asterisk's name of the call, which is nobody's number."""

    def walk(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [text for key, each in value.items() if key != "uniqueid" for text in walk(each)]
        if isinstance(value, list):
            return [text for each in value for text in walk(each)]
        return [value] if isinstance(value, str) else []

    return walk(json.loads(text))


def digits_of(text: str) -> str:
    return "".join(sign for sign in text if sign.isnumeric() and not sign.isalpha())


@given(number=numbers(), before=WORDS, after=WORDS)
def test_no_frame_holds_more_than_three_digits_of_a_number(number: tuple[str, str], before: str, after: str) -> None:
    written, digits = number
    call = slot(before + written + after, written, written + after, note=written, for_name=written, new={"x": written})
    lot = {"id": 1, "name": "desk", "label": "Desk", "first": 1, "last": 2, "names": {}, "revision": 1, "slots": [call]}
    change = {"type": "change", "lot": 1, "after": 0, "revision": 1, "slots": [call]}
    link = {"state": "lost", "since": 1, "reason": written}
    links = json.dumps(links_told({"link": link, "links": [link]}, Form.MASKED))
    audience = Audience(frozenset({1}), form=Form.MASKED)
    for text in (texts(lot)(audience), texts(change)(audience), links):
        for said in sayings(text):
            found = digits_of(said)
            assert len(found) <= 3, (said, written)
            assert digits.endswith(found)


@given(st.text(max_size=30))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = masked(text)
    assert masked(once) == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Maria Keller", "Maria Keller"),
        ("+493012345", "… 345"),
        ("Taxi (030) 123-456, cab 7", "Taxi … 456, cab 7"),
        ("Room 12", "Room 12"),
        ("203", "203"),
        ("Agent 007", "Agent 007"),
        ("三浦", "三浦"),
        ("", ""),
    ],
)
def test_names_stay_and_numbers_in_them_go(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_number_is_hidden_however_it_is_written() -> None:
    shown = told({"slots": [slot("", "0a3b0c1d2", "")]}, Form.MASKED)["slots"][0]
    assert shown["caller"] == {"name": "", "number": "… 012"}


def test_a_screen_that_shows_numbers_still_hears_no_notes_and_no_reasons() -> None:
    call = slot("Maria", "+493012345", "Tom", earlier=2, note="angry", for_name="Ann", for_phone=3, claimer=4)
    shown = told({"slots": [call]}, Form.WALL)["slots"][0]
    assert shown["caller"] == {"name": "Maria", "number": "+493012345"}
    assert shown["parker"] == {"name": "Tom", "number": "+493012345"}
    assert set(shown) == set(slot("", "", ""))
    link = {"state": "lost", "since": 1, "reason": "Connect call failed ('192.0.2.20', 5038)"}
    hushed = {**link, "reason": ""}
    assert links_told({"link": link, "links": [link]}, Form.WALL) == {"link": hushed, "links": [hushed]}
    assert links_told({"link": link, "links": [link]}, Form.WHOLE) == {"link": link, "links": [link]}


def test_a_free_slot_is_a_free_slot() -> None:
    free = {"slot": 701, "state": "free"}
    assert told({"slots": [free]}, Form.MASKED)["slots"] == [free]


def test_boards_hear_everything_and_each_form_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Form] = []
    monkeypatch.setattr("dashboard.texts.told", lambda message, form: made.append(form) or told(message, form))
    message = {"type": "change", "slots": [slot("Maria", "+493012345", "Tom", note="angry")]}
    text_for = texts(message)
    for lots in (frozenset({1}), frozenset({2}), frozenset({1, 2})):
        assert json.loads(text_for(Audience(lots))) == message
        text_for(Audience(lots, form=Form.MASKED))
    assert made == [Form.WHOLE, Form.MASKED]
