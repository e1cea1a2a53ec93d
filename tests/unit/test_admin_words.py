"""What a lot does, in words; names for Asterisk; numbers that are free."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.admin.diffs import lines
from lots.admin.spans import short_span, span
from lots.admin.words import Names, sentences, shown_as, warnings
from lots.config.gate import check_name
from lots.config.naming import name_for
from lots.config.public import lamp_covers
from lots.config.setup import Door, Lot, Prefix, Setup, Step, StepKind, WhenFull
from lots.config.suggest import suggest

NAMES = Names({"sales": "Sales"}, {"jazz": "Quiet jazz"}, {"PJSIP/201": "201 Ann"})


def told(**fields: object) -> str:
    return " ".join(sentences(Lot(name="front", **fields), NAMES))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "one of the 10 slots 701 to 710 (lowest free one first). The parker hears the number."),
        ({"next_slot": True, "announce": False}, "701 to 710 (one after the other)."),
        ({"last": 701}, "it waits in the slot 701."),
        (
            {"when_full": WhenFull.OVERFLOW, "overflow": "sales"},
            "(lowest free one first). Room is looked for first, so the parker does not stay on: their phone rings",
        ),
        ({"retrieve_code": "*85"}, "*85703 takes it too, and *85 alone asks for the slot."),
        ({"next_code": "*86"}, "*86 takes whoever has waited longest."),
        ({"reminder": 60}, "After 1 minute the parker is reminded."),
        ({"timeout": 0}, "nothing sends them back"),
        ({"ring_parker": 0}, "After 2 minutes the caller is told that nobody answers."),
        ({"steps": (Step(kind=StepKind.PHONE, devices=("PJSIP/201",)),)}, "then rings 201 Ann for 20 seconds."),
        ({"steps": (Step(kind=StepKind.LOT, lot="sales"),)}, "then is parked in Sales."),
        ({"steps": (Step(kind=StepKind.LOCATION, context="ivr", exten="s"),)}, "goes to ivr,s,1 in the dialplan"),
        (
            {"when_full": WhenFull.OVERFLOW, "overflow": "sales"},
            "When every slot is taken, the call is parked in Sales.",
        ),
        ({"music": "jazz"}, "Callers hear Quiet jazz."),
        ({"door": Door(numbers=("4930",), pin_hash="ab", pin_salt="cd")}, "dial 4930, then the PIN, then the slot."),
        ({"separate": True}, "Only phones whose context includes parkinglot-front reach it."),
    ],
)
def test_what_a_lot_does_is_said(fields: dict[str, object], words: str) -> None:
    assert words in told(**fields)


def test_a_lamp_that_cannot_cover_all_slots_says_which() -> None:
    lot = Lot(name="front", last=999)
    covered = lamp_covers(lot)
    assert covered[-1] < 999
    assert f"The lamp of 700 is on while somebody is in 701 to {covered[-1]}: it cannot" in told(last=999)
    assert "The lamp" not in told()


def test_the_prefix_is_shown_as_phones_show_it() -> None:
    assert shown_as(Prefix(text="P", slot=True, name=True), 701) == "P701 Ann: Bob Caller"
    assert shown_as(Prefix(), 701) == "Bob Caller"


def test_what_is_mostly_not_meant_is_warned_of() -> None:
    assert warnings(Lot(name="front")) == []
    assert len(warnings(Lot(name="front", timeout=0, door=Door(numbers=("49",))))) == 2
    assert "rings nobody" in warnings(Lot(name="front", ring_parker=0))[0]


def test_spans() -> None:
    assert [span(seconds) for seconds in (0, 1, 60, 150)] == [
        "0 seconds",
        "1 second",
        "1 minute",
        "2 minutes 30 seconds",
    ]
    assert [short_span(seconds) for seconds in (0, 60, 150)] == ["0 s", "1 min", "2 min 30 s"]


@given(st.text(max_size=80), st.sets(st.sampled_from(["lot", "lot-2", "front-desk"])))
def test_every_label_has_a_name_that_passes_the_gate(label: str, taken: set[str]) -> None:
    name = name_for(label, taken)
    check_name("Name", name)
    assert name not in taken


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Front desk", "front-desk"),
        ("Straße & Über", "strasse-uber"),
        ("Приёмная", "lot"),
        ("2nd floor", "lot-2nd-floor"),
        ("Default", "lot-default"),
        ("Profile systems", "prof-ile-s-ystems"),
    ],
)
def test_names_stay_readable(label: str, name: str) -> None:
    assert name_for(label) == name


@given(
    st.lists(st.integers(1, 60).map(lambda at: Lot(name="x", park_code=str(700 + at), first=701 + at, last=705 + at)))
)
def test_suggested_numbers_are_free(lots: list[Lot]) -> None:
    numbers = suggest(Setup(lots=tuple(lots)))
    wanted = {int(numbers.park_code), *range(numbers.first, numbers.first + numbers.count)}
    assert not [lot for lot in lots if wanted & {int(lot.park_code), *lot.slots}]


def test_a_diff_keeps_its_signs_and_says_them() -> None:
    diff = "--- a.conf\n+++ a.conf\n@@ -1,2 +1,2 @@ [x]\n [x]\n-a = 1\n+a = 2\nNo diff, a sentence.\n"
    seen = [(line.kind, line.sign, line.text) for line in lines(diff)]
    assert seen == [
        ("place", "", ""),
        ("same", " ", "[x]"),
        ("removed", "-", "a = 1"),
        ("added", "+", "a = 2"),
        ("said", "", "No diff, a sentence."),
    ]
