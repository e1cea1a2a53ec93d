"""What Asterisk is asked for, and how its answers are read."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.words import PROGRESS
from lots.ami import ActionRefused, AmiLink, Reply
from lots.ami.wire import build, encode
from lots.bridge.causes import GUARD_REFUSED, failure_of_hangup
from lots.bridge.originate import GUARDS, Leg, caller_id, caller_name, device_state, originate_headers, plain
from lots.config.extensions import extensions_file
from lots.config.setup import Setup
from lots.types.calls import Call, Party
from tests.kit.fake_link import FakeLink
from tests.kit.served import BOB, order_of

NASTY = st.text(st.one_of(st.characters(), st.sampled_from('"\\<>,;${}[]()|&\r\n\0\x85\u2028')), max_size=200)


def link(**answers: Reply | Exception) -> AmiLink:
    fake = FakeLink()
    fake.answers.update(answers)
    return cast("AmiLink", fake)


def leg(name: str = "Rita Desk") -> Leg:
    return Leg(order_of()["phone"], "leg", caller_name(BOB), name)


def calling(name: str, number: str) -> Call:
    return replace(BOB, caller=Party(number, name))


@pytest.mark.parametrize(
    ("name", "number", "shown"),
    [
        ("Bob", "5551001", '"Bob" <5551001>'),
        ("Zoë O'Brien", "+35312345603", '"Zoë O\'Brien" <+35312345603>'),
        ("", "+1555", '"+1555" <+1555>'),
        ("", "", '"703" <>'),
        ('"><script>', "1", '"script" <1>'),
        ("a\r\nAction: Logoff", "1\r\n2", '"a  Action: Logoff" <12>'),
        ("${SHELL(id)}", "1;2,3&4", '"SHELL id" <1234>'),
    ],
)
def test_the_caller_as_a_phone_shows_them(name: str, number: str, shown: str) -> None:
    assert caller_id(caller_name(calling(name, number)), number) == shown


@given(NASTY, NASTY)
async def test_no_name_or_number_breaks_out_of_the_caller_id(name: str, number: str) -> None:
    shown = caller_id(caller_name(calling(name, number)), number)
    assert re.fullmatch(r'"[^"\\<>,;${}\[\]()\x00-\x1f\x7f]{1,60}" <[\w+*#]*>', shown), shown
    sent = encode(build("Originate", [("CallerID", shown)]))
    assert sent.count(b"\r\n") == 4, "one action of three lines"


@given(NASTY)
def test_a_plain_text_stays_one_value(text: str) -> None:
    made = plain(text)
    assert not set(made) & set('"\\<>,;${}[]()\r\n\0')
    assert made.isprintable()
    assert len(made) <= 60
    assert made == made.strip()
    assert plain(made) == made


@given(st.text("abc äß'.-@", max_size=60))
def test_a_harmless_name_is_shown_as_it_is(text: str) -> None:
    assert plain(text) == text.strip()


@given(NASTY)
async def test_the_users_name_cannot_become_another_variable(name: str) -> None:
    headers = await originate_headers(link(), BOB, leg(name), 30)
    sent = encode(build("Originate", headers)).decode().split("\r\n")
    assert len([line for line in sent if line.startswith("Variable: ")]) == 5
    (told,) = [line.removeprefix("Variable: PL_NAME=") for line in sent if line.startswith("Variable: PL_NAME=")]
    assert not set(told) & set(',;${}"<>')


async def test_with_a_guard_the_phone_is_rung_into_it() -> None:
    headers = await originate_headers(link(), BOB, leg(), 30)
    assert headers == [
        ("Channel", "PJSIP/201"),
        ("ChannelId", "leg"),
        ("OtherChannelId", "leg-2"),
        ("CallerID", '"Bob" <5551001>'),
        ("Timeout", "30000"),
        ("Async", "true"),
        ("Context", "parkinglot-guard"),
        ("Exten", "s"),
        ("Priority", "1"),
        ("Variable", "PL_LOT=desk"),
        ("Variable", "PL_SLOT=703"),
        ("Variable", "PL_UNIQUEID=u1"),
        ("Variable", "PL_NUMBER=201"),
        ("Variable", "PL_NAME=Rita Desk"),
    ]


async def test_without_a_guard_the_parking_application_is_used() -> None:
    bare = link(ShowDialPlan=ActionRefused("ShowDialPlan", "Did not find context"))
    headers = await originate_headers(bare, BOB, leg(), 1.5)
    assert headers[4:] == [("Timeout", "1500"), ("Async", "true"), ("Application", "ParkedCall"), ("Data", "desk,703")]


@pytest.mark.parametrize(
    ("there", "asked_for"),
    [(GUARDS, GUARDS[0]), (GUARDS[:1], GUARDS[0]), (GUARDS[1:], GUARDS[1]), ((), "")],
)
async def test_the_published_guard_is_taken_before_one_written_by_hand(there: tuple[str, ...], asked_for: str) -> None:
    class Pbx(FakeLink):
        async def send(self, action: str, headers: Sequence[tuple[str, str]] = ()) -> Reply:
            if action == "ShowDialPlan" and dict(headers)["Context"] not in there:
                raise ActionRefused(action, "Did not find context")
            return await super().send(action, headers)

    headers = await originate_headers(cast("AmiLink", Pbx()), BOB, leg(), 30)
    assert dict(headers).get("Context", "") == asked_for


def test_the_published_dialplan_has_the_guard_that_is_asked_for() -> None:
    assert GUARDS[0] in {section.name for section in extensions_file(Setup()).sections}


async def test_who_may_not_look_is_sent_into_the_guard() -> None:
    blind = link(ShowDialPlan=ActionRefused("ShowDialPlan", "Permission denied"))
    headers = await originate_headers(blind, BOB, leg(), 30)
    assert ("Context", GUARDS[-1]) in headers


async def test_the_state_of_a_phone() -> None:
    asked = link(Getvar=Reply({"Value": "INUSE"}))
    assert await device_state(asked, "PJSIP/201") == "INUSE"
    assert cast("FakeLink", asked).sent == [("Getvar", [("Variable", "DEVICE_STATE(PJSIP/201)")])]
    assert await device_state(link(Getvar=Reply({"Value": "INVALID"})), "Local/1@x") == "UNKNOWN"
    assert await device_state(link(Getvar=Reply({})), "PJSIP/201") == "UNKNOWN"


@pytest.mark.parametrize(
    ("cause", "state", "code"),
    [
        (17, "Ringing", "phone_busy"),
        (18, "", "phone_no_answer"),
        (19, "Ringing", "phone_no_answer"),
        (20, "", "phone_unregistered"),
        (21, "Ringing", "phone_declined"),
        (3, "", "phone_unregistered"),
        (GUARD_REFUSED, "Up", "not_parked"),
        (0, "Ringing", "phone_no_answer"),
        (16, "Up", "phone_declined"),
        (0, "", "phone_unregistered"),
        (127, "Down", "phone_unregistered"),
    ],
)
def test_why_a_phone_was_not_reached(cause: int, state: str, code: str) -> None:
    assert failure_of_hangup(cause, state) == code


@given(st.integers(0, 127), st.sampled_from(["", "Ringing", "Up", "Down", "Ring", "Busy"]))
def test_every_reason_has_a_sentence(cause: int, state: str) -> None:
    assert failure_of_hangup(cause, state) in PROGRESS
