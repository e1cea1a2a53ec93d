"""A file with something wrong in it changes nothing, and every fault is told with its place."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import Group
from hypothesis import given, settings
from hypothesis import strategies as st

from lots.models import ParkingLot, Pbx, Phone
from lots.setup_file.export import document, dumps, exported
from lots.setup_file.faults import WrongFile
from lots.setup_file.importing import import_setup
from lots.setup_file.reading import LONGEST, read

pytestmark = pytest.mark.django_db
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def pbx(db: None) -> Pbx:
    pbx = Pbx.objects.create(name="main")
    Phone.objects.create(pbx=pbx, number="201", name="Desk", device="PJSIP/201")
    for name, first in (("desk", 701), ("hall", 721), ("shop", 741)):
        lot = ParkingLot.objects.create(
            pbx=pbx, name=name, label=name, observed=False, first_slot=first, last_slot=first + 9
        )
        ParkingLot.objects.filter(pk=lot.pk).update(park_code=str(first - 1))
    return pbx


def faults(pbx: Pbx, file: bytes) -> list[str]:
    before = exported(pbx)
    with pytest.raises(WrongFile) as caught:
        import_setup(pbx, file)
    assert exported(pbx) == before
    return [str(fault) for fault in caught.value.faults]


def lot(at: int, **settings: Any) -> Change:
    return lambda found: found["lots"][at].update(settings)


def step(**settings: Any) -> Change:
    return lot(0, fallback=[{"kind": "phone", "phones": ["201"]}, {"kind": "phone", **settings}])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lot(2, first_slot="701"), "lots[2].first_slot: write a whole number, 0 or more, without quotes."),
        (lot(2, first_slot=True), "lots[2].first_slot: write a whole number, 0 or more, without quotes."),
        (lot(2, first_slot=2**31), "lots[2].first_slot: write a whole number, 0 or more, without quotes."),
        (lot(2, label="two\nlines"), "lots[2].label: write one line of plain text between quotes."),
        (lot(2, label=""), "lots[2].label: This field cannot be blank."),
        (lot(2, label="x" * 81), "lots[2].label: Ensure this value has at most 80 characters (it has 81)."),
        (lot(2, announce="yes"), "lots[2].announce: write true or false, without quotes."),
        (lot(2, when_full="explode"), "lots[2].when_full: write one of: parker, overflow, fallback."),
        (lot(2, timeuot=5), "lots[2].timeuot: there is no such setting; do you mean “timeout”?"),
        (lot(2, pin_hash="00"), "lots[2].pin_hash: there is no such setting."),
        (lot(2, timeout=5), "lots[2].timeout: at least 10 seconds, or 0 for never."),
        (lot(2, reminder=120), "lots[2].reminder: must come before the timeout."),
        (lot(2, when_full="overflow"), "lots[2].overflow: name the lot that takes the calls."),
        (lot(2, overflow="nowhere"), "lots[2].overflow: there is no “nowhere”."),
        (lot(2, music="silence"), "lots[2].music: there is no “silence”."),
        (lot(2, name=""), "lots[2].name: may not be empty."),
        (lot(2, name="desk"), "lots[2].name: “desk” is the same as in lots[0]."),
        (lot(2, name="Shop"), "lots[2].name: use 1 to 30 small letters, digits and -, a letter first."),
        (lot(2, park_code="7 0"), "lots[2].park_code: use 1 to 12 digits, * and #."),
        (lot(2, alert_info="x\\n"), "lots[2].alert_info: use plain letters, digits and < > : / . _ = ; @ ? -."),
        (lot(2, message="${SHELL(x)}"), "lots[2].message: use Asterisk's name of the sound, such as vm-goodbye."),
        (lot(2, last_slot=700), "lots[2].last_slot: must not be below the first."),
        (lot(2, first_slot=0), "lots[2].first_slot: "),
        (lot(2, last_slot=1900), "lots[2].first_slot: at most 1000 in one lot."),
        (lot(2, slot_names={"x": "y"}), "lots[2].slot_names.x: “x” is no slot's number."),
        (lot(2, slot_names={"701": "y"}), "lots[2].slot_names.701: this lot has the slots 741 to 750."),
        (lot(2, outside_numbers=["12", "_X."]), "lots[2].outside_numbers[1]: "),
        (lot(2, rights=[{"group": "Ghosts"}]), "lots[2].rights[0].group: there is no “Ghosts”."),
        (lot(2, rights=[{"group": "G"}, {"group": "G"}]), "lots[2].rights[1].group: “G” is there twice."),
        (lot(2, rights=[{"see": True}]), "lots[2].rights[0].group: is missing."),
        (step(phones=["999"]), "lots[0].fallback[1].phones[0]: there is no “999”."),
        (step(phones=[]), "lots[0].fallback[1]: Phones: choose at least one."),
        (step(kind="voicemail", mailbox="a b"), "lots[0].fallback[1]: Voicemail box: write the box, or box@context."),
        (step(seconds=0), "lots[0].fallback[1].seconds: Ensure this value is greater than or equal to 1."),
        (step(kind="lot", lot="nowhere"), "lots[0].fallback[1].lot: there is no “nowhere”."),
        (lambda f: f["phones"][0].update(device="PJSIP/1&2"), "phones[0].device: Write it as Asterisk does"),
        (lambda f: f["pbx"].update(phone_contexts="ok ba;d"), "pbx.phone_contexts: ba;d: use letters, digits"),
        (
            lambda f: f.update(zones=[{"label": "Hall", "quiet_from": "8 o'clock", "quiet_until": "09:00"}]),
            "zones[0].quiet_from: ",
        ),
        (lambda f: f.update(zones=[{"label": "Hall", "members": ["1"]}]), "zones[0].members[0]: there is no “1”."),
        (lambda f: f.update(music=[{"name": "x", "label": "X", "kind": "stream", "stream": "ftp://x"}]), "music[0]"),
        (lambda f: f.update(music=[{"name": "a b", "label": "X"}]), "music[0].name: use letters, digits, _ and -."),
        (lambda f: f.update(lots={}), "lots: write a list, in [ ]."),
        (lambda f: f.update(lots=[1]), "lots[0]: write an object, in { }."),
        (lambda f: f.update(found_lots=[{"name": "desk", "label": "x"}]), "found_lots[0].name: “desk” is one of"),
        (lambda f: f.update(version=2), "version: this Parkinglot reads version 1, the file has 2."),
        (lambda f: f.update(format="other"), "This is not a setup file of Parkinglot"),
    ],
)
def test_the_place_is_named(pbx: Pbx, change: Change, said: str) -> None:
    Group.objects.create(name="G")
    found = document(pbx)
    change(found)
    told = faults(pbx, dumps(found).encode())
    assert told[0].startswith(said), told
    assert len(told) == 1


def test_clashes_are_told_at_the_lot_of_the_file(pbx: Pbx) -> None:
    found = document(pbx)
    found["lots"] = [{**found["lots"][2], "first_slot": 705, "last_slot": 722}]
    told = faults(pbx, dumps(found).encode())
    assert {said.partition(":")[0] for said in told} == {"lots[0].first_slot"}
    for other in ("slots of desk", "hall wants 721", "the park code of hall"):
        assert any(other in said for said in told), told


def test_clashes_with_what_goes_are_none(pbx: Pbx) -> None:
    found = document(pbx)
    found["lots"] = [{**found["lots"][2], "first_slot": 705, "last_slot": 730}]
    import_setup(pbx, dumps(found).encode(), removing=True)
    assert [row.last_slot for row in pbx.lots.filter(retired=False)] == [730]


def test_what_goes_cannot_be_named(pbx: Pbx) -> None:
    found = document(pbx)
    found["phones"] = []
    found["lots"] = [{**found["lots"][0], "overflow": "shop", "fallback": [{"kind": "phone", "phones": ["201"]}]}]
    file = dumps(found).encode()
    with pytest.raises(WrongFile) as caught:
        import_setup(pbx, file, removing=True)
    assert {fault.place for fault in caught.value.faults} == {"lots[0].overflow", "lots[0].fallback[0].phones[0]"}
    import_setup(pbx, file)
    found = document(pbx)
    found["phones"] = []  # and the fallback stays as it is
    with pytest.raises(WrongFile) as caught:
        import_setup(pbx, dumps(found).encode(), removing=True)
    assert "there is no “201”." in [fault.sentence for fault in caught.value.faults]


def test_all_faults_are_told_at_once(pbx: Pbx) -> None:
    found = document(pbx)
    for at in range(3):
        found["lots"][at]["timeout"] = "soon"
    assert len(faults(pbx, dumps(found).encode())) == 3


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "This is no JSON from line 1, column 1 on"),
        (b"{", "This is no JSON from line 1"),
        (b"\xff\xfe", "The file is no text in UTF-8."),
        (b"[]", "This is not a setup file"),
        (b"null", "This is not a setup file"),
        (b'{"format": "parkinglot-setup", "version": NaN}', "This is no JSON that can be read: NaN is no number."),
        (b'{"a": 1, "a": 2}', "This is no JSON that can be read: “a” is there twice in one object."),
        (b"[" * 100_000, "This is no JSON that can be read"),
        (b"1" * 5000, "This is no JSON that can be read"),
        (b" " * (LONGEST + 1), "The file is larger than 10 MB."),
    ],
)
def test_what_is_no_setup_file(pbx: Pbx, file: bytes, said: str) -> None:
    (told,) = faults(pbx, file)
    assert told.startswith(said)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["pbx", "phones", "music", "zones", "lots", "found_lots", "version", "other"])


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, JSON))
def test_nothing_that_is_read_raises_anything_else(found: dict[str, Any]) -> None:
    with suppress(WrongFile):
        read(json.dumps({"version": 1, **found, "format": "parkinglot-setup"}).encode())


def test_a_setup_that_was_changed_meanwhile_is_looked_at_again(pbx: Pbx) -> None:
    file = exported(pbx).replace('"label": "desk"', '"label": "Front"').encode()
    seen = import_setup(pbx, file, dry_run=True)
    ParkingLot.objects.filter(name="hall").update(label="Changed")
    with pytest.raises(WrongFile, match="changed meanwhile"):
        import_setup(pbx, file, expected=seen.mark)
    seen = import_setup(pbx, file, dry_run=True)
    assert import_setup(pbx, file, expected=seen.mark).changes == 2
