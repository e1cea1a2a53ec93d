"""A sentence before the end through the published guard, also in lots with a courtesy tone. No portal runs here."""

import pytest

from lots.bridge import farewell
from lots.config.guard import GUARD
from lots.config.setup import Lot, Setup, Side
from lots.types.calls import Call
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.ear import Ear
from tests.kit.pbx_model import START
from tests.kit.published import publish_directly, talking

LOTS = (
    Lot(name="plain", park_code="500", first=501, last=502),
    Lot(name="toned", park_code="530", first=531, last=532, courtesy_tone="beep", courtesy_to=Side.BOTH),
)
ADDRESS = f"http://127.0.0.1:1/audio/{'a' * 64}.wav"


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_directly(asterisk, Setup(lots=LOTS))


def say(ami: Ami, lot: str, slot: str, uniqueid: str, leg: str) -> None:
    """As the portal asks for it, with a sound that is there without a portal."""
    call = Call(uniqueid=uniqueid, channel="", lot=lot, slot=int(slot), parked_at=START)
    headers = farewell.originate(GUARD, call, leg, ADDRESS)
    variables = [value for name, value in headers if name == "Variable"]
    data = f"{farewell.BEFORE}&vm-goodbye"
    ami.action("Originate", **(dict(headers) | {"Variable": variables, "Data": data}))


@pytest.mark.parametrize(("lot", "slot"), [("plain", "501"), ("toned", "531")])
def test_the_caller_hears_it_and_is_hung_up_on(asterisk: RealAsterisk, lot: str, slot: str) -> None:
    leg = f"{farewell.FAREWELL}{lot}"
    with asterisk.ami() as ami, Ear() as ear:
        with asterisk.phone("203") as phone, asterisk.caller(to="203", ear=ear.port) as caller:
            talking(ami, phone)
            phone.blind_transfer(slot)
            parked = ami.event("ParkedCall", ParkingSpace=slot)
            say(ami, lot, slot, "of somebody else", f"{leg}-late")
            assert ami.event("OriginateResponse", Uniqueid=f"{leg}-late")["Response"] == "Failure"
            say(ami, lot, slot, parked["ParkeeUniqueid"], leg)
            taken = ami.event("UnParkedCall")
            assert taken["RetrieverUniqueid"] == farewell.other_half(leg)
            ear.forget()
            caller.received("BYE", timeout=10)
            assert ear.loud() > 0.5
            assert ami.event("Hangup", Uniqueid=leg)["Cause"] == "0", "it had nothing more to say"
            assert not ami.items("ParkedCalls")
    asterisk.hang_up_all()
