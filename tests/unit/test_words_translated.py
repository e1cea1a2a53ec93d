"""What the rules say is English where they say it, and the reader's language where it is read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import trans_real

from lots.config import clash, summary
from lots.config.clash import clashes
from lots.config.content import difference
from lots.config.gate import UnsafeValue, check_name, check_range, check_text
from lots.config.meant import Shown, wrong_context
from lots.config.setup import Lot, Setup
from lots.models import ParkingLot, Pbx
from lots.publish.publications import pending
from lots.publish.translated import clash_words, rule, translated
from lots.types.words import Said, gettext_noop

GERMAN = {
    "use 1 to 12 digits, * and #.": "1 bis 12 Ziffern, * und #.",
    "Park code": "Parknummer",
    "park code": "Parknummer",
    "at most {most} in one lot.": "höchstens {most} in einem Parkplatz.",
    "{number} is the {what} of {lot} and the {other_what} of {other}; {free} is free.": (
        "{other_what} von {other} und {what} von {lot} sind beide {number}; frei ist {free}."
    ),
    "{lot} is {state}.": "{lot} ist {state}.",
    "full": "voll",
    "line {number} should be {meant} and is {found}": "Zeile {number} müsste {meant} sein, ist {found}",
    "nothing": "nichts",
}


@pytest.fixture
def german() -> Iterator[None]:
    """As if somebody had translated some of it."""
    with translation.override("de"):
        catalog: Any = trans_real.catalog()
        for text, german_text in GERMAN.items():
            catalog._catalog[text] = german_text
        yield
    loaded: Any = vars(trans_real)["_translations"]
    loaded.pop("de")


def refused(check: Any, *args: Any, **how: Any) -> UnsafeValue:
    with pytest.raises(UnsafeValue) as raised:
        check(*args, **how)
    return raised.value


def test_a_sentence_is_english_until_it_is_translated(german: None) -> None:
    text = Said(gettext_noop("{lot} is {state}."), lot="full", state=Said("full"))
    assert (text, f"{text}") == ("full is full.",) * 2
    assert translated(text) == "full ist voll.", "a name is no word"
    assert translated("Asterisk's own {words}") == "Asterisk's own {words}"


def test_the_gate_is_read_in_the_reader_s_language(german: None) -> None:
    error = refused(Lot, name="desk", park_code="7 00")
    assert str(error) == "Park code: use 1 to 12 digits, * and #."
    assert translated(error) == "Parknummer: 1 bis 12 Ziffern, * und #."
    assert rule(error) == "1 bis 12 Ziffern, * und #."
    assert rule(refused(check_range, "Slots", 1, 2000)) == "höchstens 1000 in einem Parkplatz."


@pytest.mark.parametrize("value", ["{x}", "a{0}", "%s", "general"])
def test_what_was_typed_is_never_taken_for_a_template(value: str) -> None:
    error = refused(check_name, "{y}", value)
    assert translated(error) == str(error)
    assert str(error).startswith("{y}: ")
    assert translated(UnsafeValue(value)) == value
    assert rule(refused(check_text, "", "x" * 9, longest=5)) == "at most 5 characters."


def test_a_clash_is_read_in_the_reader_s_language(german: None) -> None:
    (found,) = clashes(Setup(lots=(Lot(name="a", label="park code"), Lot(name="b", first=801, last=810))))
    assert found.sentence.startswith("700 is the park code of b and the park code of park code")
    assert clash_words(found).startswith("Parknummer von park code und Parknummer von b sind beide 700")


def test_what_differs_on_the_pbx_is_read_in_the_reader_s_language(german: None) -> None:
    found = difference({"a": (("{x}", "1"),)}, {"a": (("{x}", "2"),)})
    assert found == "[a] line 1 should be “{x} = 1” and is “{x} = 2”"
    assert translated(found) == "[a] Zeile 1 müsste “{x} = 1” sein, ist “{x} = 2”"
    wrong = wrong_context("a", [("exten", "1,1,NoOp(x)")], Shown())
    assert wrong == "1 with priority 1 in the context a should be NoOp(x) and is nothing."
    assert translated(wrong).endswith("müsste NoOp(x) sein, ist aber nichts.")


@pytest.mark.django_db
def test_problems_stand_in_the_preview_in_the_reader_s_language(german: None, pbx: Pbx, alex: User) -> None:
    row = ParkingLot.objects.create(pbx=pbx, name="desk", park_code="7 00", observed=False)
    assert pending(pbx).problems == ("Parknummer: 1 bis 12 Ziffern, * und #.",)
    ParkingLot.objects.filter(pk=row.pk).update(park_code="700")
    ParkingLot.objects.create(pbx=pbx, name="hall", label="Hall", first_slot=801, last_slot=810, observed=False)
    assert "sind beide 700" in " ".join(pending(pbx).problems)


def test_every_sentence_by_code_is_marked_for_translators() -> None:
    """A dict of sentences is marked as a whole or not at all; a new one must not be forgotten."""
    for module in (clash, summary):
        text = Path(module.__file__ or "").read_text(encoding="utf-8")
        for sentence in module.SENTENCES.values():
            start = sentence[:20]
            assert f'gettext_noop("{start}' in text or f'gettext_noop(\n        "{start}' in text, sentence
