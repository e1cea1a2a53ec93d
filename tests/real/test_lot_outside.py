"""Callers from outside reach the parked caller, with and without a PIN. Real calls, no portal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lots.config.conf import EXTENSIONS
from lots.config.pin import hash_pin
from lots.config.render import render
from tests.kit.asterisk import RealAsterisk
from tests.kit.outside import PIN, SALT, SETUP, Outside, outside_numbers, publish


@pytest.fixture(scope="module")
def published(asterisk: RealAsterisk) -> RealAsterisk:
    publish(asterisk)
    return asterisk


@pytest.fixture
def outside(published: RealAsterisk, folder: Path) -> Iterator[Outside]:
    with outside_numbers(published, folder) as outside:
        yield outside


@pytest.mark.parametrize("number", ["4930100", "+4930100"])
def test_without_a_pin_the_only_caller_is_connected_at_once(outside: Outside, number: str):
    parked = outside.asterisk.demo_call(outside.ami, lot="open-door")
    with outside.call(number):
        outside.says("opened", Lot="open-door", Number=number, Caller="5551001")
        outside.retrieved(parked)


def test_nobody_is_parked(outside: Outside):
    with outside.call("4930100") as caller:
        outside.says("nothing", Lot="open-door")
        outside.plays("pbx-invalidpark&vm-goodbye")
        caller.hang_up()


def test_of_several_the_caller_chooses_one_by_its_slot(outside: Outside):
    first = outside.asterisk.demo_call(outside.ami, lot="open-door")
    second = outside.asterisk.demo_call(outside.ami, lot="open-door")
    assert (first["ParkingSpace"], second["ParkingSpace"]) == ("6101", "6102")
    with outside.call("4930100") as caller:
        outside.says("opened")
        outside.plays("vm-enter-num-to-call")
        caller.press("6104")
        outside.plays("pbx-invalidpark")
        caller.press("6102")
        outside.retrieved(second)


def test_three_wrong_slots_end_the_call(outside: Outside):
    for _ in range(2):
        outside.asterisk.demo_call(outside.ami, lot="open-door")
    with outside.call("4930100") as caller:
        outside.plays("vm-enter-num-to-call")
        for keys in ("6103", "#", "*0#"):
            caller.press(keys)
            outside.plays("pbx-invalidpark&vm-goodbye" if keys == "*0#" else "pbx-invalidpark")


def test_the_slot_of_another_lot_is_none_of_this_one(outside: Outside):
    parked = outside.asterisk.demo_call(outside.ami, lot="red")
    for _ in range(2):
        outside.asterisk.demo_call(outside.ami, lot="open-door")
    with outside.call("4930100") as caller:
        outside.plays("vm-enter-num-to-call")
        caller.press(parked["ParkingSpace"])
        outside.plays("pbx-invalidpark")


@pytest.mark.parametrize("asterisk", ["sid"], indirect=True)
def test_who_took_a_call_from_outside_cannot_call_on_by_transferring_it(outside: Outside):
    """Though the lot lets both transfer by DTMF; # is Asterisk's key for it."""
    parked = outside.asterisk.demo_call(outside.ami, lot="open-door")
    with outside.asterisk.phone("203") as phone, outside.call("4930100") as caller:
        outside.retrieved(parked)
        caller.press("#")
        started = outside.ami.event("MusicOnHoldStart", Uniqueid=parked["ParkeeUniqueid"])  # the transfer has begun
        caller.press("203")
        outside.ami.event("MusicOnHoldStop", Uniqueid=started["Uniqueid"])  # and is over
        assert phone.invited == []


def test_the_right_pin_connects(outside: Outside):
    parked = outside.asterisk.demo_call(outside.ami, lot="red")
    with outside.call("4930200") as caller:
        outside.asks_for_pin()
        caller.press(f"{PIN}#")
        outside.says("opened", Lot="red", Number="4930200")
        outside.retrieved(parked)
    assert outside.records() == {}


@pytest.mark.parametrize("asterisk", ["sid"], indirect=True)
def test_a_pin_without_the_hash_key_only_takes_longer(outside: Outside):
    parked = outside.asterisk.demo_call(outside.ami, lot="red")
    with outside.call("4930201") as caller:
        outside.asks_for_pin()
        caller.press(PIN)
        outside.retrieved(parked)


def test_other_keys_are_no_guess_and_three_times_nothing_ends_the_call(outside: Outside):
    with outside.call("4930200") as caller:
        outside.asks_for_pin()
        for keys in ("#", "**#", "AB*D#"):
            caller.press(keys)
            outside.plays("auth-incorrect" if keys != "AB*D#" else "vm-incorrect&vm-goodbye")
    assert outside.records() == {}


def test_a_wrong_pin_and_then_the_right_one_is_forgiven(outside: Outside):
    parked = outside.asterisk.demo_call(outside.ami, lot="red")
    with outside.call("4930200") as caller:
        outside.asks_for_pin()
        caller.press("864208#")
        outside.says("wrong")
        outside.plays("auth-incorrect")
        assert set(outside.records()) == {"caller/red/5551001", "lot/red"}
        caller.press(f"{PIN}#")
        outside.retrieved(parked)
    assert outside.records() == {}


def test_the_pin_is_nowhere(outside: Outside):
    """Runs after calls in which it was typed."""
    with outside.call("4930200") as caller:
        outside.asks_for_pin()
        caller.press(f"{PIN}#")
        outside.says("nothing")
    etc = outside.asterisk.pbx.log.parents[1] / "etc"
    texts = [outside.asterisk.pbx.log.read_text(encoding="utf-8", errors="replace")]
    texts += [file.read_text(encoding="utf-8") for file in etc.glob("parkinglot_*.conf")]
    assert all(PIN not in text for text in texts)
    assert hash_pin(PIN, SALT) in render(SETUP)[EXTENSIONS].text
    outside.ami.ping()
    said = [
        event
        for event in outside.ami.events
        if event["Event"] != "VarSet" and any(PIN in value for value in event.values())
    ]
    assert said == []
