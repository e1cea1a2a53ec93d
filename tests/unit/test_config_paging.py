"""Paging's rules: what is said, who is rung, and when nobody may be disturbed."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.ami.wire import build, encode
from lots.config.autoanswer import header_of
from lots.config.gate import UnsafeValue
from lots.config.paging import Speaker, Zone, announcement, multicast, originate, phrase, spoken


def zone(begin: time | None, end: time | None) -> Zone:
    return Zone(id=1, label="Hall", speakers=(), quiet_from=begin, quiet_until=end)


@pytest.mark.parametrize(
    ("begin", "end", "now", "quiet"),
    [
        (None, None, time(3), False),
        (time(20), time(7), time(19, 59, 59), False),
        (time(20), time(7), time(20), True),
        (time(20), time(7), time(0), True),
        (time(20), time(7), time(6, 59), True),
        (time(20), time(7), time(7), False),
        (time(12), time(13), time(12, 30), True),
        (time(12), time(13), time(13), False),
        (time(12), time(13), time(11, 59), False),
    ],
)
def test_quiet_hours(begin: time | None, end: time | None, now: time, quiet: bool) -> None:
    assert zone(begin, end).is_quiet(now) is quiet


@given(st.times(), st.times(), st.times())
def test_quiet_hours_turned_round_are_the_rest_of_the_day(begin: time, end: time, now: time) -> None:
    if begin != end:
        assert zone(begin, end).is_quiet(now) is not zone(end, begin).is_quiet(now)


def test_a_slot_is_said_digit_by_digit() -> None:
    assert spoken(701) == ("digits/7", "digits/0", "digits/1")
    assert announcement(71) == "beep&digits/7&digits/1&silence/1&digits/7&digits/1"
    assert announcement(7, "http://p/a.wav") == "beep&http://p/a.wav&digits/7&silence/1&digits/7"
    assert announcement(7, "http://p/a.wav", "http://p/s.wav") == "beep&http://p/s.wav"


@pytest.mark.parametrize("address", ["http://p/a.wav&tt-weasels", "http://p/a.wav,skip"])
def test_an_address_is_one_sound(address: str) -> None:
    with pytest.raises(UnsafeValue):
        announcement(7, address)


def test_a_phrase_is_filled() -> None:
    text = "call for {name}, line {slot}, from {number} in {lot}"
    said = phrase(text, name="Tom", number="5551", slot=701, lot="Desk")
    assert said == "call for Tom, line 7 0 1, from 5 5 5 1 in Desk"
    assert phrase("for {name}", name="", number="", slot=1, lot="") == "for a caller"


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_a_caller_is_called_the_phrase_is_one_printable_line(name: str, number: str) -> None:
    said = phrase("for {name} {number} {slot}", name=name, number=number, slot=7, lot="x")
    assert said.isprintable()
    assert said == said.strip()


async def test_a_phone_is_made_to_answer_and_a_loudspeaker_is_just_called() -> None:
    phone = Speaker(channel="PJSIP/203", device="PJSIP/203", header=header_of("yealink"))
    headers = originate(phone, "parkinglot-page-1", "beep", '"Hall" <701>')
    assert ("Variable", "PJSIP_HEADER(add,Alert-Info)=<http://localhost>;info=alert-autoanswer") in headers
    assert ("Application", "Playback") in headers
    radio = multicast("239.255.0.1:5004")
    assert radio.multicast
    assert dict(originate(radio, "x", "beep", ""))["Channel"] == "MulticastRTP/basic/239.255.0.1:5004//c(ulaw)"
    assert "Variable" not in dict(originate(Speaker(channel="SIP/horn"), "x", "beep", ""))
    assert encode(build("Originate", headers)).count(b"\r\n") == len(headers) + 3


@pytest.mark.parametrize("channel", ["PJSIP/203&PJSIP/204", "Local/x@y,s", "PJSIP/203\r\nAction: Logoff", ""])
def test_a_speaker_is_one_device(channel: str) -> None:
    with pytest.raises(UnsafeValue):
        Speaker(channel=channel)
