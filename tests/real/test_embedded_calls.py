"""What the private Asterisk does with calls; the telephones are real SIP user agents."""

from collections.abc import Iterator

import pytest

from tests.kit import sip
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.published import talking
from tests.kit.sipp import free_udp_port


@pytest.fixture(name="ami")
def ami_fixture(asterisk: RealAsterisk) -> Iterator[Ami]:
    """A session of the runtime account; afterwards no call is left."""
    with asterisk.ami("runtime") as ami:
        yield ami
    asterisk.hang_up_all()


def click(ami: Ami, parked: Event, *, uniqueid: str | None = None, phone: str = "203", name: str = "Rita Desk") -> str:
    """Retrieve by click, as the bridge does; the Uniqueid of the telephone's leg."""
    leg = f"parkinglot-{parked['ParkeeUniqueid']}"
    ami.send(
        "Originate",
        Channel=f"PJSIP/{phone}",
        Context="parkinglot-retrieve",
        Exten="s",
        Priority="1",
        CallerID=f'"{parked["ParkeeCallerIDName"]}" <{parked["ParkeeCallerIDNum"]}>',
        ChannelId=leg,
        Async="true",
        Variable=[
            f"PL_LOT={parked['Parkinglot']}",
            f"PL_SLOT={parked['ParkingSpace']}",
            f"PL_UNIQUEID={parked['ParkeeUniqueid'] if uniqueid is None else uniqueid}",
            f"PL_NUMBER={phone}",
            f"PL_NAME={name}",
        ],
    )
    return leg


class TestGuard:
    def test_right_caller_is_retrieved(self, asterisk: RealAsterisk, ami: Ami) -> None:
        parked = asterisk.demo_call(ami)
        with asterisk.phone("203") as phone:
            leg = click(ami, parked)
            taken = ami.event("UnParkedCall")
            assert taken["ParkeeUniqueid"] == parked["ParkeeUniqueid"]
            assert taken["RetrieverUniqueid"] == leg
            assert phone.received("INVITE").display() == "Maria Keller"
            assert phone.received("INVITE").user() == "+4930123456"

    def test_caller_sees_the_receptionist(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.dial("204", to="700") as parkee, asterisk.phone("203"):
            click(ami, ami.event("ParkedCall"), name="Rita Desk")
            ami.event("UnParkedCall")
            update = parkee.message(lambda m: not m.sent and bool(m.header("P-Asserted-Identity")), "connected line")
            assert update.display("P-Asserted-Identity") == "Rita Desk"
            assert update.user("P-Asserted-Identity") == "203"

    @pytest.mark.parametrize("other", ["1.1", ""])
    def test_another_caller_is_left_alone(self, asterisk: RealAsterisk, ami: Ami, other: str) -> None:
        parked = asterisk.demo_call(ami)
        with asterisk.phone("203") as phone:
            leg = click(ami, parked, uniqueid=other)
            gone = ami.event("Hangup", Uniqueid=leg)
            assert gone["Cause"] == "26"
            phone.received("BYE")
        assert [call["ParkeeUniqueid"] for call in ami.items("ParkedCalls")] == [parked["ParkeeUniqueid"]]

    @pytest.mark.parametrize("uniqueid", [None, ""])
    def test_empty_slot_hangs_up(self, asterisk: RealAsterisk, ami: Ami, uniqueid: str | None) -> None:
        parked = asterisk.demo_call(ami, patience=0.1)
        ami.event("ParkedCallGiveUp")
        with asterisk.phone("203"):
            leg = click(ami, parked, uniqueid=uniqueid)
            assert ami.event("Hangup", Uniqueid=leg)["Cause"] == "26"


class TestParking:
    def test_demo_caller_has_a_name_a_parker_and_limited_patience(self, asterisk: RealAsterisk, ami: Ami) -> None:
        parked = asterisk.demo_call(ami, patience=0.5)
        assert parked["ParkeeCallerIDName"] == "Maria Keller"
        assert parked["ParkeeCallerIDNum"] == "+4930123456"
        assert parked["ParkeeConnectedLineName"] == "Desk 203"
        assert parked["ParkerDialString"] == "PJSIP/203"
        gone = ami.event("ParkedCallGiveUp")
        assert gone["ParkeeUniqueid"] == parked["ParkeeUniqueid"]
        ami.event("Hangup", Uniqueid=parked["ParkeeUniqueid"])

    def test_blind_transfer_to_the_park_code(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with (
            asterisk.ami() as observer,
            asterisk.phone("203") as phone,
            asterisk.caller(to="203", name="Bob Caller") as caller,
        ):
            talking(observer, phone)
            phone.blind_transfer("700")
            parked = ami.event("ParkedCall")
            assert (parked["ParkeeCallerIDName"], parked["ParkeeCallerIDNum"]) == ("Bob Caller", "5551001")
            assert (parked["ParkerDialString"], parked["ParkingSpace"]) == ("PJSIP/203", "701")
            caller.hang_up()
            ami.event("ParkedCallGiveUp")

    def test_blind_transfer_to_a_slot_parks_there_and_dialling_it_retrieves(
        self, asterisk: RealAsterisk, ami: Ami
    ) -> None:
        with asterisk.ami() as observer, asterisk.phone("203") as phone, asterisk.caller(to="203"):
            talking(observer, phone)
            phone.blind_transfer("705")
            parked = ami.event("ParkedCall")
            assert parked["ParkingSpace"] == "705"
            with asterisk.dial("204", to="705") as colleague:
                taken = ami.event("UnParkedCall")
                assert taken["RetrieverChannel"].startswith("PJSIP/204-")
                assert taken["ParkeeUniqueid"] == parked["ParkeeUniqueid"]
                colleague.received("UPDATE")
                assert colleague.received("UPDATE").display("P-Asserted-Identity") == "Bob Caller"

    def test_attended_transfer_swaps_the_parked_call(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.phone("203") as phone, asterisk.caller(to="203") as caller:
            phone.received("ACK")
            with asterisk.dial("203", to="700") as second:
                parked = ami.event("ParkedCall")
                assert parked["ParkeeCallerIDNum"] == "203"
                phone.attended_transfer(second, "700")
                swapped = ami.event("ParkedCallSwap")
                assert swapped["ParkingSpace"] == parked["ParkingSpace"]
                assert swapped["ParkeeCallerIDName"] == "Bob Caller"
                assert swapped["ParkeeUniqueid"] != parked["ParkeeUniqueid"]
                second.received("BYE")
            phone.hang_up()
            phone.answered(200, "BYE")
            caller.hang_up()
            assert ami.event("ParkedCallGiveUp")["ParkeeUniqueid"] == swapped["ParkeeUniqueid"]

    def test_waited_too_long_rings_the_parker_with_the_callers_name(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.phone("203", answer_ms=None) as phone:
            parked = asterisk.demo_call(ami, lot="quick")
            assert ami.event("ParkedCallTimeOut")["ParkeeUniqueid"] == parked["ParkeeUniqueid"]
            assert phone.received("INVITE").display() == "Maria Keller"
            phone.answer()
            phone.received("ACK")

    def test_lamp_of_a_slot_follows_it(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.ami() as eyes:
            asterisk.demo_call(ami, patience=0.3)
            eyes.event("ExtensionStatus", Exten="701", Context="parking-reception", StatusText="InUse")
            eyes.event("ExtensionStatus", Exten="701", Context="parking-reception", StatusText="Idle")

    def test_parked_caller_hears_the_tune(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.ami() as eyes:
            parked = asterisk.demo_call(ami)
            assert eyes.event("MusicOnHoldStart", Channel=parked["ParkeeChannel"])["Class"] == "default"
        assert "/moh/parkinglot\n" in asterisk.pbx.cli("moh show files")


@pytest.mark.usefixtures("ami")
class TestTelephones:
    def test_simulated_phone_rings_answers_and_hangs_up(self, asterisk: RealAsterisk) -> None:
        with asterisk.caller(to="201") as caller:
            caller.answered(180)
            caller.answered(200)
            caller.received("BYE")
            assert caller.process.wait(5) == 0

    def test_simulated_phone_is_told_who_calls(self, asterisk: RealAsterisk) -> None:
        with asterisk.ami() as eyes, asterisk.caller(to="201", name="Bob Caller"):
            answering = eyes.event(lambda e: e["Event"] == "Newchannel" and "simulator" in e["Channel"])
            assert (answering["CallerIDName"], answering["CallerIDNum"]) == ("Bob Caller", "5551001")
            eyes.event("DeviceStateChange", Device="PJSIP/201", State="RINGING")
            eyes.event("DeviceStateChange", Device="PJSIP/201", State="INUSE")

    def test_a_phone_called_from_its_own_number_answers_and_does_not_call_itself(
        self, asterisk: RealAsterisk, ami: Ami
    ) -> None:
        headers = {"Context": "phones", "Exten": "203", "Priority": "1", "CallerID": '"Rita Desk" <201>'}
        with asterisk.phone("203"), asterisk.ami() as eyes:
            ami.send("Originate", Channel="PJSIP/201", Async="true", **headers)
            assert eyes.event("OriginateResponse")["Response"] == "Success"
            eyes.ping()
            made = [e["Channel"].split("-")[0] for e in eyes.events if e["Event"] == "Newchannel"]
            assert made.count("PJSIP/201") == 1
            assert made.count("PJSIP/simulator") == 1

    @pytest.mark.parametrize(("status", "cause"), [(486, "17"), (603, "21")])
    def test_refusal_reaches_the_caller(self, asterisk: RealAsterisk, ami: Ami, status: int, cause: str) -> None:
        with asterisk.phone("203", status=status), asterisk.caller(to="203") as caller:
            assert caller.process.wait(5) == 0
            assert ami.event("Hangup")["Cause"] == cause

    def test_caller_gives_up_while_it_rings(self, asterisk: RealAsterisk) -> None:
        with asterisk.phone("203", answer_ms=None) as phone, asterisk.caller(to="203") as caller:
            caller.answered(180)
            caller.hang_up()
            phone.received("CANCEL")
            phone.answered(487)
            assert caller.process.wait(5) == 0

    def test_phone_hangs_up(self, asterisk: RealAsterisk) -> None:
        with asterisk.ami() as eyes, asterisk.phone("203") as phone, asterisk.caller(to="203") as caller:
            phone.received("ACK")
            eyes.event("BridgeEnter", BridgeType="basic", BridgeNumChannels="2")  # no person hangs up before that
            phone.hang_up()
            caller.received("BYE")

    def test_registered_phone_comes_and_goes(self, asterisk: RealAsterisk) -> None:
        asterisk.hang_up_all()  # an earlier test's call, which is repeated for half a minute, is not 203's
        port = free_udp_port()
        with sip.phone(asterisk.folder, port) as phone:
            with asterisk.caller(to="202") as caller:
                assert caller.process.wait(5) == 0  # refused: it is not there
                assert 200 not in [message.status for message in caller.messages]
            asterisk.register("202", port)
            with asterisk.caller(to="202") as caller:
                caller.answered(200)
                phone.received("ACK")
            with asterisk.dial("202", to="203"), asterisk.phone("203") as other:
                assert other.received("INVITE").display() == "Sam Soft"
            asterisk.register("202", port, expires=0)

    def test_wrong_password_is_refused(self, asterisk: RealAsterisk) -> None:
        with pytest.raises(AssertionError):
            sip.register(asterisk.folder, asterisk.pbx.sip_port, free_udp_port(), ("202", "wrong"))


class TestAccounts:
    def test_runtime_hears_what_it_needs_and_little_else(self, asterisk: RealAsterisk, ami: Ami) -> None:
        asterisk.demo_call(ami, patience=0.1)
        ami.event("ParkedCallGiveUp")
        ami.event("Hangup")
        ami.event("Hangup")
        ami.ping()
        assert sorted(event["Event"] for event in ami.events) == [
            "DialBegin",
            "DialEnd",
            "FullyBooted",
            "OriginateResponse",
        ]

    @pytest.mark.parametrize(
        ("action", "headers"),
        [
            ("UpdateConfig", {"SrcFilename": "manager.conf", "DstFilename": "manager.conf"}),
            ("Command", {"Command": "core stop now"}),
            ("DBPut", {"Family": "a", "Key": "b", "Val": "c"}),
            ("Reload", {"Module": "res_parking"}),
        ],
    )
    def test_runtime_cannot_change_the_configuration(self, ami: Ami, action: str, headers: dict[str, str]) -> None:
        assert ami.request(action, **headers)["Message"] == "Permission denied"

    @pytest.mark.parametrize(
        ("action", "headers"), [("Originate", {"Channel": "Local/700@phones"}), ("ParkedCalls", {})]
    )
    def test_publish_touches_no_call(self, asterisk: RealAsterisk, action: str, headers: dict[str, str]) -> None:
        with asterisk.ami("publish") as publish:
            assert publish.request(action, **headers)["Message"] == "Permission denied"
