from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.ami.errors import UnsafeValue
from lots.ami.message import Headers, parse
from lots.ami.wire import LONGEST_MESSAGE, BadStream, Splitter, build, encode
from tests.recordings import sections

GREETING = b"Asterisk Call Manager/11.0.0\r\n"


def read(pieces: Iterable[bytes]) -> list[Headers | None]:
    splitter = Splitter()
    return [parse(block) for piece in pieces for block in splitter.feed(piece)]


STREAM = GREETING + b"".join(sections("22")[name] for name in ("login refused", "retrieve", "four calls"))
WHOLE = read([STREAM])


@given(st.lists(st.integers(0, len(STREAM)), max_size=60).map(sorted))
def test_no_cutting_of_the_stream_changes_what_is_read(cuts: list[int]) -> None:
    pieces = [STREAM[start:end] for start, end in zip([0, *cuts], [*cuts, len(STREAM)], strict=True)]
    assert read(pieces) == WHOLE


def test_byte_by_byte_is_the_same_too() -> None:
    assert read(STREAM[place : place + 1] for place in range(len(STREAM))) == WHOLE
    assert len(WHOLE) > 15
    assert any("Jörg" in (message or {}).get("ParkeeCallerIDName", "") for message in WHOLE)


def test_a_character_cut_by_the_network_stays_whole() -> None:
    message = b"Event: X\r\nName: J\xc3\xbcrgen\r\n\r\n"
    for cut in range(len(message)):
        splitter = Splitter()
        blocks = [*splitter.feed(GREETING + message[:cut]), *splitter.feed(message[cut:])]
        assert [parse(block)["Name"] for block in blocks] == ["Jürgen"]


def test_bytes_that_are_no_text_harm_nobody() -> None:
    assert read([GREETING + b"Event: X\r\nName: \xff\xfe\r\n\r\n"]) == [Headers({"Event": "X", "Name": "��"})]


def test_greeting_and_first_message_may_come_together() -> None:
    splitter = Splitter()
    assert [*splitter.feed(GREETING + b"Event: X\r\n\r\n")] == [b"Event: X"]
    assert splitter.version == "11.0.0"


@pytest.mark.parametrize(
    "stranger",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 400 Bad Request\r\n",
        b"\r\n",
        b"Asterisk Call M\r\n",
        b"Asterisk Call Manager/" + b"1" * 500,
    ],
)
def test_a_stranger_s_greeting_is_refused(stranger: bytes) -> None:
    with pytest.raises(BadStream, match="is it the right port"):
        [*Splitter().feed(stranger)]


@pytest.mark.parametrize("ending", [b"", b"\r\n\r\n"])
@pytest.mark.parametrize("size", [65536, 2 * LONGEST_MESSAGE])
def test_a_message_without_end_is_refused_however_it_comes(ending: bytes, size: int) -> None:
    stream = GREETING + b"Event: X\r\nA: " + b"x" * LONGEST_MESSAGE + ending
    pieces = (stream[place : place + size] for place in range(0, len(stream), size))
    with pytest.raises(BadStream, match="without end"):
        read(pieces)


def test_headers_have_no_case_and_repeated_ones_are_joined() -> None:
    message = parse(b"Response: Success\r\nOutput: a\r\nOutput: b\r\nEmpty: ")
    assert message == Headers({"Response": "Success", "Output": "a\nb", "Empty": ""})
    assert message["OUTPUT"] == message["output"] == "a\nb"
    assert "nothing" not in message


# --- out


async def test_an_action_goes_out_as_lines() -> None:
    data = encode(
        build("Originate", [("Channel", "PJSIP/ü"), ("Variable", "b=1"), ("variable", "a=2"), ("ActionID", "my-1")])
    )
    assert data.endswith(b"\r\n\r\n")
    assert set(data.decode().strip().split("\r\n")) == {
        "Action: Originate",
        "ActionID: my-1",
        "Channel: PJSIP/ü",
        "Variable: b=1",
        "Variable: a=2",
    }
    assert data.index(b"b=1") < data.index(b"a=2")


async def test_every_action_has_an_id_of_its_own() -> None:
    assert build("Ping", ()).id != build("Ping", ()).id


@pytest.mark.parametrize("bad", ["a\r\nAction: Originate", "a\n", "\r", "a\0b", "\udcff"])
@pytest.mark.parametrize("place", ["value", "name", "action"])
async def test_no_value_can_end_its_line(bad: str, place: str) -> None:
    with pytest.raises(UnsafeValue) as caught:
        build(
            bad if place == "action" else "Ping", [(bad if place == "name" else "X", bad if place == "value" else "y")]
        )
    assert bad not in str(caught.value)


@pytest.mark.parametrize("name", ["", "A: b", "A b", "Ünt", "Action", "ACTION"])
async def test_no_name_can_pretend_to_be_another_header(name: str) -> None:
    with pytest.raises(UnsafeValue):
        build("Ping", [(name, "x")])


async def test_one_action_id_only() -> None:
    with pytest.raises(UnsafeValue):
        build("Ping", [("ActionID", "1"), ("actionid", "2")])


async def test_a_line_may_be_as_long_as_asterisk_reads() -> None:
    """1022 bytes and the line end pass a real Asterisk 16 and 22, one more does not."""
    fits = "ü" * 509 + "x"  # "X: " and 1019 bytes
    assert encode(build("Ping", [("X", fits)]))
    with pytest.raises(UnsafeValue, match="1024"):
        encode(build("Ping", [("X", fits + "x")]))


async def test_an_action_may_have_as_many_lines_as_asterisk_reads() -> None:
    """126 headers beside Action and ActionID pass a real Asterisk 16 and 22, one more does not."""
    assert encode(build("Ping", [("X", "y")] * 126))
    with pytest.raises(UnsafeValue, match="128"):
        encode(build("Ping", [("X", "y")] * 127))
