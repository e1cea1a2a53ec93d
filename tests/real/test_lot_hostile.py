"""Names that are more than names: of channels (a Local channel's holds a number somebody dialled) and of callers."""

from collections.abc import Iterator

import pytest

from lots.config.setup import Lot, Prefix, Setup
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.published import publish_directly
from tests.kit.waiting import parked_again, ran, ring, talking

DESK = Lot(name="desk", park_code="500", first=501, last=503, retrieve_code="*85", next_code="*86", timeout=60)
QUIET = Lot(name="quiet", park_code="600", first=601, last=602, announce=False)
LATE = Lot(
    name="late",
    park_code="650",
    first=651,
    last=652,
    reminder=1,
    timeout=2,
    ring_parker=1,
    prefix=Prefix(text="P", slot=True, number=True, name=True),
    steps=(ring("PJSIP/203", seconds=10),),
)
SETUP = Setup(lots=(DESK, QUIET, LATE))
MARK = "M"
"""A global variable; what is run in such a name sets the channel's."""
QUOTE = f'5"|INC({MARK})|"'
"""Read in an expression it calls a function."""
COLON = f"5)):Set({MARK}=2"
"""Read by ``ExecIf`` it is what to do otherwise."""
BRACKET = "5):9,(x"
"""Read between brackets it is an end and a part of nothing."""
NUMBERS = [QUOTE, COLON, BRACKET]
ODD = "odd"
"""The context that somebody's dialplan calls with numbers as they were dialled."""


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_directly(asterisk, SETUP)
    with asterisk.ami() as ami:
        ami.action("Setvar", Variable=MARK, Value="1")
        for priority, application, data in (("1", "Answer", ""), ("2", "Wait", "60")):
            step = {"Priority": priority, "Application": application, "ApplicationData": data}
            ami.action("DialplanExtensionAdd", Context=ODD, Extension="_5.", **step)


@pytest.fixture(name="ami")
def ami_fixture(asterisk: RealAsterisk) -> Iterator[Ami]:
    """Whatever happens, nothing that a name says was done."""
    with asterisk.ami() as ami:
        yield ami
        asterisk.hang_up_all()
        assert not done(ami)


def done(ami: Ami) -> bool:
    """Whether something was, until now."""
    ami.ping()
    return any(event["Event"] == "VarSet" and event["Variable"] == MARK for event in ami.events)


def call(ami: Ami, number: str, context: str, exten: str, *variables: str) -> None:
    """A channel that is called ``Local/number@...``, its caller too, goes to that place of the dialplan."""
    ami.send(
        "Originate",
        Channel=f"Local/{number}@{ODD}/n",
        Context=context,
        Exten=exten,
        Priority="1",
        Async="true",
        Variable=["CHANNEL(parkinglot)=desk", 'CALLERID(name)=x):9"|INC(M)|"', *variables],
    )


def park(ami: Ami, number: str, lot: str, parker: str = "203") -> Event:
    """It is parked in ``lot`` by that phone, ``""``: by nobody; the event."""
    call(ami, number, "demo-park", lot, f"DEMO_PARKER={parker}")
    return ami.event("ParkedCall", Parkinglot=lot)


@pytest.mark.parametrize(
    ("number", "application", "data"),
    [(QUOTE, "GotoIf", '$["${CHANNEL(name)}" = ""]?9'), (COLON, "ExecIf", "0?NoOp(${CHANNEL(name)})")],
)
def test_such_a_name_does_what_it_says_where_it_is_read_twice(
    asterisk: RealAsterisk, number: str, application: str, data: str
) -> None:
    """Or all else here would prove nothing."""
    step = {"Application": application, "ApplicationData": data}
    with asterisk.ami() as ami:
        ami.action("DialplanExtensionAdd", Context=ODD, Extension=application, Priority="1", **step)
        call(ami, number, ODD, application)
        ami.event("Newexten", Application=application)
        ami.event("Hangup", Context=ODD, Exten=application)
        assert done(ami)
    asterisk.hang_up_all()


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("dialled", ["501", "*85501", "*86"])
def test_such_a_call_is_picked_up(asterisk: RealAsterisk, ami: Ami, number: str, dialled: str) -> None:
    parked = park(ami, number, "desk")
    assert number in parked["ParkeeChannel"]
    with asterisk.dial("204", to=dialled):
        assert ami.event("UnParkedCall")["ParkeeUniqueid"] == parked["ParkeeUniqueid"]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_click_on_such_a_call_connects_with_nobody(asterisk: RealAsterisk, ami: Ami, number: str) -> None:
    """Whether it is the call that was drawn cannot be asked of a channel called so."""
    parked = park(ami, number, "desk")
    drawn = [f"PL_UNIQUEID={parked['ParkeeUniqueid']}", "PL_LOT=desk", f"PL_SLOT={parked['ParkingSpace']}"]
    with asterisk.phone("204"):
        ami.send(
            "Originate",
            Channel="PJSIP/204",
            Context="parkinglot-guard",
            Exten="s",
            Priority="1",
            ChannelId="parkinglot-click",
            Async="true",
            Variable=drawn,
        )
        assert ami.event("Hangup", Uniqueid="parkinglot-click")["Cause"] == "26"
    assert [one["ParkeeUniqueid"] for one in ami.items("ParkedCalls")] == [parked["ParkeeUniqueid"]]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("how", ["BLINDTRANSFER", "ATTENDEDTRANSFER"])
def test_a_transfer_by_such_a_channel_parks(ami: Ami, number: str, how: str) -> None:
    """To a slot that is taken, in a lot that looks for room first: all that could be said to the parker is weighed."""
    park(ami, number, "quiet")
    call(ami, number, "parkinglot", "601", f"{how}=Local/{number}@{ODD}-00000001;1")
    assert ami.event("ParkedCall", Parkinglot="quiet")["ParkingSpace"] == "602"


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("parker", ["205", ""])
def test_such_a_call_comes_back(asterisk: RealAsterisk, ami: Ami, number: str, parker: str) -> None:
    """Reminder, parker and fallback; parked by nobody it is its own parker, to Asterisk."""
    parked = park(ami, number, "late", parker)
    parked_again(ami, parked)
    ami.event("ParkedCallTimeOut", ParkeeUniqueid=parked["ParkeeUniqueid"])
    if parker:
        assert "PJSIP/205" in ran(ami, "Dial", parked["ParkeeUniqueid"])["AppData"]
    with asterisk.phone("203", answer_ms=100) as fallback:
        talking(ami, parked["ParkeeUniqueid"])
        invite = fallback.received("INVITE")
        assert invite.display().startswith("P651")
        assert "x):9" in invite.display()
