"""Settings of a lot read from somebody else's res_parking.conf."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.config.setup import Lot, Side
from lots.config.stock import native_lots, read_sections, split
from lots.config.taking import FIELDS, NOTES, Taken, changed, take


def codes(taken: Taken) -> list[str]:
    return [code for code, _value in taken.notes]


def test_a_lot_that_says_nothing_has_asterisks_defaults() -> None:
    taken = take({"parkext": "700"})
    assert taken.values == {"ring_parker": 30, "park_code": "700", "first_slot": 701, "last_slot": 750, "timeout": 45}
    assert (taken.music, taken.location, codes(taken)) == ("", "", ["context"])


def test_every_option_has_its_place() -> None:
    taken = take(
        {
            "parkext": "*3",
            "parkpos": "10-12",
            "parkingtime": "0",
            "findslot": "next",
            "courtesytone": "beep",
            "parkedplay": "callee",
            "parkedcalltransfers": "both",
            "parkedcallreparking": "caller",
            "parkedmusicclass": "jazz",
            "comebacktoorigin": "no",
            "comebackcontext": "late",
            "parkedcallrecording": "both",
            "whatever": "1",
        }
    )
    assert taken.values == {
        "ring_parker": 0,
        "park_code": "*3",
        "first_slot": 10,
        "last_slot": 12,
        "timeout": 0,
        "next_slot": True,
        "courtesy_tone": "beep",
        "courtesy_to": "callee",
        "transfers": "both",
        "reparking": "caller",
    }
    assert (taken.music, taken.location) == ("jazz", "late,s,1")
    assert codes(taken) == ["place", "context", "stays", "unknown"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"parkext": ""}, "no_code"),
        ({"parkext": "_7XX"}, "code"),
        ({"parkext": "700", "parkpos": "1-5000"}, "slots"),
        ({"parkext": "700", "parkpos": "many"}, "slots"),
        ({"parkext": "700", "parkingtime": "86400"}, "time"),
        ({"parkext": "700", "courtesytone": "../../etc/passwd"}, "left_out"),
        ({"parkext": "700", "parkedmusicclass": "a,b"}, "left_out"),
        ({"parkext": "700", "parkedplay": "parked"}, "left_out"),
    ],
)
def test_what_cannot_be_is_told(options: dict[str, str], code: str) -> None:
    taken = take(options)
    assert code in codes(taken)
    assert all(NOTES[one].format(value=value) for one, value in taken.notes)


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=20) | st.from_regex(r"[0-9]{1,4}-[0-9]{1,4}")))
def test_whatever_stands_there_what_is_taken_passes_the_gate(options: dict[str, str]) -> None:
    values = changed(options).values
    sides = {name: Side(values[name]) for name in ("courtesy_to", "transfers", "reparking") if name in values}
    names = {"first_slot": "first", "last_slot": "last"}
    rest = {names.get(name, name): value for name, value in values.items() if name not in sides}
    Lot(name="desk", **{**rest, **sides})  # type: ignore[arg-type]


def test_a_hand_edit_says_only_what_it_says() -> None:
    assert changed({"parkingtime": "90"}) == Taken({"timeout": 90})
    assert changed({"parkedmusicclass": ""}).music == ""


ANSWER = b"""Response: Success\r
Category-000000: general\r
Category-000001: default\r
Line-000001-000000: parkext=700\r
Category-000002: desk\r
Line-000002-000000: parkpos=1-5\r
Category-000003: desk\r
Line-000003-000000: context=native\r
Category-000004: desk\r
Line-000004-000000: parkpos=7-9\r
\r
"""


def test_theirs_and_ours_in_one_file() -> None:
    stock = split(read_sections(ANSWER), {"desk": (("context", "native"),), "gone": ()})
    assert stock.theirs == {
        "general": (),
        "default": (("parkext", "700"),),
        "desk": (("parkpos", "1-5"), ("parkpos", "7-9")),
    }
    assert stock.late == ("desk",)


def test_lots_of_two_files_together() -> None:
    theirs = {"general": (), "desk": (("parkext", "700"), ("parkpos", "1-5"), ("parkinghints", "yes"))}
    lots = native_lots(theirs, {"desk": (("parkpos", "7-9"),)})
    assert [(lot.name, lot.parkext, lot.first, lot.last, lot.hints) for lot in lots] == [
        ("desk", "700", 7, 9, True),
        ("default", "700", 701, 750, False),
    ], "Asterisk makes a default up where nobody writes one"
