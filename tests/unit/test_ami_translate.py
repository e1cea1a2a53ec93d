"""Asterisk's own words, recorded from 16 and 22, in our types."""

from datetime import UTC, datetime, timedelta

import pytest

from lots.ami.message import Headers
from lots.ami.translate import call, event, lot, unescape
from lots.types.calls import Leg, Lot, Party
from lots.types.events import (
    GaveUp,
    HungUp,
    Originated,
    Parked,
    RangOut,
    Ringing,
    StateChanged,
    Swapped,
    TimedOut,
    Unparked,
)
from tests.recordings import VERSIONS, events, messages

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
JOERG = Party("+4930123", 'Jörg "Jo" \\\\ O\'Neil')

pytestmark = pytest.mark.parametrize("version", VERSIONS)


def story(version: str, section: str) -> list:
    """Everything the section means to the board, in order."""
    return [heard for message in messages(version, section) if (heard := event(message, AT))]


def test_a_park(version: str) -> None:
    parked = next(heard for heard in story(version, "retrieve") if isinstance(heard, Parked))
    assert parked.at == AT
    assert parked.call.caller == JOERG
    assert parked.call.parker == Party("201", "Rita")
    assert parked.call.parker_device == "Local/wait@caller"
    assert parked.call.place == ("default", 701)
    assert parked.call.channel.startswith("Local/wait@caller-")
    assert parked.call.uniqueid == parked.call.linkedid != ""
    assert parked.call.parked_at == AT
    assert parked.call.timeout_at == AT + timedelta(seconds=45)


def test_a_retrieval_names_the_retriever(version: str) -> None:
    heard = story(version, "retrieve")
    parked = next(one for one in heard if isinstance(one, Parked))
    taken = next(one for one in heard if isinstance(one, Unparked))
    assert taken.call.uniqueid == parked.call.uniqueid
    assert taken.retriever == Party("201", 'Rita "R" Reception')
    assert taken.retriever_channel.startswith("Local/wait@caller-")
    assert taken.retriever_uniqueid == "parkinglot-get"
    assert 1 <= (AT - taken.call.parked_at).seconds <= 2
    assert taken.call.timeout_at == taken.call.parked_at + timedelta(seconds=45)


def test_a_caller_who_hangs_up(version: str) -> None:
    heard = [one for one in story(version, "give up") if isinstance(one, (Parked, GaveUp, HungUp))]
    parked, gone, *hangups = heard
    assert (type(parked), type(gone)) == (Parked, GaveUp)
    assert gone.call.uniqueid == parked.call.uniqueid
    assert HungUp(uniqueid=gone.call.uniqueid, channel=gone.call.channel, cause=16, at=AT) in hangups


def test_a_move_and_a_timeout(version: str) -> None:
    heard = [one for one in story(version, "move and time out") if isinstance(one, (Parked, GaveUp, TimedOut))]
    assert [(type(one), one.call.lot) for one in heard] == [
        (Parked, "default"),
        (GaveUp, "default"),
        (Parked, "sales"),
        (TimedOut, "sales"),
    ]
    assert len({one.call.uniqueid for one in heard}) == 1
    assert heard[2].call.timeout_at == AT + timedelta(seconds=3)
    assert heard[2].call.parker_device == "PJSIP/201"


def test_a_redirect_gives_up_without_a_hangup_before_it(version: str) -> None:
    heard = [type(one) for one in story(version, "redirect") if isinstance(one, (Parked, GaveUp, HungUp))]
    assert heard[:3] == [Parked, GaveUp, HungUp]


def test_a_swap_is_the_new_caller_in_the_same_slot(version: str) -> None:
    parked, swapped = (one for one in story(version, "swap") if isinstance(one, (Parked, Swapped)))
    assert (type(parked), type(swapped)) == (Parked, Swapped)
    assert parked.call.place == swapped.call.place
    assert parked.call.uniqueid != swapped.call.uniqueid
    assert swapped.call.channel.startswith("Local/tone@caller-")


def test_an_endless_call_has_no_end_from_its_first_second_on(version: str) -> None:
    """Also in a lot with a limit: the second park here is ``Park(default,t(0))``."""
    heard = events(version, "endless", "ParkedCall", "ParkedCallGiveUp")
    assert {message["ParkingTimeout"] for message in heard} >= {"0", "18446744073709551614"}
    assert {message["Parkinglot"] for message in heard} == {"endless", "default"}
    assert {call(message, AT).timeout_at for message in heard} == {None}


@pytest.mark.parametrize(
    ("left", "waited", "seconds"),
    [
        ("45", "0", 45),
        ("0", "45", 0),  # the last second
        ("18446744073709551615", "46", -1),  # a second late
        ("4294967295", "46", -1),  # and on a 32-bit machine
        ("0", "0", None),
        ("18446744073709551576", "40", None),
        ("4294967256", "40", None),
    ],
)
def test_the_time_left(version: str, left: str, waited: str, seconds: int | None) -> None:
    headers = dict(events(version, "retrieve", "ParkedCall")[0]) | {"ParkingTimeout": left, "ParkingDuration": waited}
    parked = call(Headers(headers), AT)
    assert parked.timeout_at == (None if seconds is None else AT + timedelta(seconds=seconds))
    assert parked.parked_at == AT - timedelta(seconds=int(waited))


def test_a_list_of_lots(version: str) -> None:
    assert [lot(item) for item in events(version, "lots", "Parkinglot")] == [
        Lot(name="default", first=701, last=720, timeout=45),
        Lot(name="endless", first=801, last=809, timeout=0),
        Lot(name="sales", first=701, last=702, timeout=3),
    ]


def test_a_list_of_calls(version: str) -> None:
    calls = [call(item, AT) for item in events(version, "four calls", "ParkedCall")]
    assert [(one.lot, one.caller.name, one.timeout_at is None) for one in calls] == [
        ("default", JOERG.name, False),
        ("default", "Jürgen Müller", False),
        ("default", "", True),
        ("endless", "", True),
    ]


@pytest.mark.parametrize(
    ("section", "uniqueid", "answered", "reason"),
    [
        ("originate answered", "parkinglot-1", True, 4),
        ("originate busy", "parkinglot-2", False, 5),
        ("originate nobody", "parkinglot-3", False, 0),
    ],
)
def test_how_an_originate_ended(version: str, section: str, uniqueid: str, answered: bool, reason: int) -> None:
    (ended,) = (one for one in story(version, section) if isinstance(one, Originated))
    assert (ended.uniqueid, ended.answered, ended.reason) == (uniqueid, answered, reason)
    assert (
        ended.action_id
        == {"parkinglot-1": "rec-ring", "parkinglot-2": "rec-busy", "parkinglot-3": "rec-nobody"}[uniqueid]
    )


def test_states_of_our_own_channels_only(version: str) -> None:
    states = [one for one in story(version, "originate answered") if isinstance(one, StateChanged)]
    assert [one.state for one in states if one.uniqueid == "parkinglot-1"] == ["Ringing", "Up"]
    foreign = dict(events(version, "originate answered", "Newstate")[0]) | {"Uniqueid": "1700000000.1"}
    assert event(Headers(foreign), AT) is None


def test_unknown_is_nothing(version: str) -> None:
    parked = call(events(version, "endless", "ParkedCall")[0], AT)
    assert (parked.caller, parked.parker) == (Party(), Party())


def test_spelling_of_headers_does_not_matter(version: str) -> None:
    message = events(version, "retrieve", "ParkedCall")[0]
    shouted = Headers({name.upper(): value for name, value in message.items()})
    assert event(shouted, AT) == event(message, AT)


def test_a_message_about_something_else_means_nothing(version: str) -> None:
    assert story(version, "shutdown") == []
    assert story(version, "ping") == []


@pytest.mark.parametrize("header", ["ParkeeUniqueid", "Parkinglot", "ParkingSpace"])
@pytest.mark.parametrize("value", [None, "", "<unknown>"])
def test_a_park_without_its_identity_is_an_error(version: str, header: str, value: str | None) -> None:
    headers = dict(events(version, "retrieve", "ParkedCall")[0])
    headers[header] = value or ""
    if value is None:
        del headers[header]
    with pytest.raises((KeyError, ValueError)):
        event(Headers(headers), AT)


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        (r"plain", "plain"),
        (r"\"Jo\"", '"Jo"'),
        (r"back\\slash", "back\\slash"),
        (r"\\n is not a line end", r"\n is not a line end"),
        (r"two\nlines\tand\rmore", "two lines and more"),
        ("bell\x07\x9b", "bell"),
        ("end\\", "end\\"),
        (r"O\'Neil\?", "O'Neil?"),
        ("a\u2028b", "a b"),
    ],
)
def test_names_are_unescaped(version: str, escaped: str, plain: str) -> None:
    assert unescape(escaped) == plain


def dialled(name: str, **more: str) -> Headers:
    """As 16 and 22 say it of a caller who waited too long."""
    who = {"DestCallerIDNum": "203", "DestCallerIDName": r"J\"o"}
    dest = {"DestChannel": "PJSIP/203-0000001a", "DestUniqueid": "2.1", **who}
    return Headers({"Event": name, "Channel": "PJSIP/trunk-1", "Uniqueid": "1.1", **dest, **more})


def test_who_is_rung_for_a_waiting_channel(version: str) -> None:
    leg = Leg(uniqueid="2.1", channel="PJSIP/203-0000001a", party=Party("203", 'J"o'))
    assert leg.device == "PJSIP/203"
    assert event(dialled("DialBegin"), AT) == Ringing(uniqueid="1.1", leg=leg, at=AT)
    ended = RangOut(uniqueid="1.1", leg=leg, status="NOANSWER", at=AT)
    assert event(dialled("DialEnd", DialStatus="NOANSWER"), AT) == ended


def test_an_originate_rings_for_nobody(version: str) -> None:
    for name in ("DialBegin", "DialEnd"):
        assert event(dialled(name, Uniqueid=""), AT) is None
