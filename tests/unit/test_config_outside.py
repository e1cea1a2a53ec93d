"""The outside numbers as text. What the text does is tried on a real Asterisk (tests/real/test_lot_outside*.py)."""

import re
from hashlib import sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.config.conf import EXTENSIONS
from lots.config.gate import LONGEST_LINE, UnsafeValue
from lots.config.outside import DOOR, OUTSIDE, OUTSIDE_ROUTINES, outside_sections
from lots.config.pin import ROUNDS, SALT_BYTES, hash_pin
from lots.config.render import render
from lots.config.setup import Door, Lot, Setup

SALT = "0123456789abcdef" * 2
PINS = st.text("0123456789", min_size=4, max_size=12)
SALTS = st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES).map(bytes.hex)


def lot(name: str = "reception", **door: str | tuple[str, ...]) -> Lot:
    return Lot(name=name, first=701, last=710, door=Door(**door))  # type: ignore[arg-type]


def lines(*lots: Lot) -> list[str]:
    (section,) = outside_sections(Setup(lots=lots))
    assert section.name == OUTSIDE
    return [line.text for line in section.lines]


def test_each_number_of_each_lot_leads_to_the_one_routine():
    with_pin = lot("desk", numbers=("+4930100", "4930101"), pin_salt=SALT, pin_hash="ab" * 20)
    assert lines(with_pin, lot("open", numbers=("100",)), lot("none")) == [
        f"exten => +4930100,1,Gosub({DOOR},s,1(+4930100,desk,701,710,{SALT},{'ab' * 20}))",
        f"exten => 4930101,1,Gosub({DOOR},s,1(4930101,desk,701,710,{SALT},{'ab' * 20}))",
        f"exten => 100,1,Gosub({DOOR},s,1(100,open,701,710,,))",
    ]


def test_trunks_can_include_the_context_before_there_is_a_number():
    assert lines(lot()) == []


def test_no_lot_can_be_called_like_the_routine():
    with pytest.raises(UnsafeValue):
        lot(DOOR.removeprefix("parkinglot-"))


def test_every_step_fits_into_one_line_of_ami():
    for section in OUTSIDE_ROUTINES:
        assert max(len(line.value) for line in section.lines) < LONGEST_LINE


def test_every_jump_has_somewhere_to_land():
    """Labels of the same extension, or an extension of the same context."""
    (section,) = OUTSIDE_ROUTINES
    extens: dict[str, list[str]] = {}
    labels: dict[str, set[str]] = {}
    name = ""
    for line in section.lines:
        if line.name == "exten":
            name = line.value.split(",")[0]
            assert name not in extens
            extens[name], labels[name] = [], set()
        if found := re.match(r"(?:[^,]+,1|n)\((\w+)\),", line.value):
            labels[name].add(found[1])
        extens[name].append(line.value)
    for name, steps in extens.items():
        for step in steps:
            for target in re.findall(r"(?:\?|Goto\()([a-z]+)\)", step):
                assert target in labels[name], step
            for target in re.findall(r"(?:\?|Goto\(|Gosub\()([a-z]+),1", step):
                assert target in extens, step


def test_what_callers_send_is_filtered_wherever_it_is_read():
    (section,) = OUTSIDE_ROUTINES
    for line in section.lines:
        for source in ("${CALLERID(num)}", "${PL_TYPED}"):
            if source in line.value:
                assert re.search(rf"FILTER\(0-9(A-Za-z\+)?,{re.escape(source)}\)", line.value), line.value
                assert line.value.count(source) == 1


def test_a_pin_is_hashed_with_its_salt_so_many_times():
    value = "4711"
    for _ in range(ROUNDS + 1):
        value = sha1(f"{SALT}{value}".encode()).hexdigest()
    assert hash_pin("4711", SALT) == value


@given(PINS, PINS, SALTS, SALTS)
def test_another_pin_or_another_salt_is_another_hash(pin: str, other: str, salt: str, other_salt: str):
    assert (hash_pin(pin, salt) == hash_pin(other, other_salt)) == ((pin, salt) == (other, other_salt))


@given(PINS, SALTS)
def test_no_file_has_the_pin(pin: str, salt: str):
    numbers = {"pin_salt": salt, "pin_hash": hash_pin(pin, salt)}
    text = render(Setup(lots=(lot(numbers=("77",), **numbers),)))[EXTENSIONS].text
    assert pin not in text.replace(numbers["pin_hash"], "").replace(salt, "").replace(pin, "", _by_chance(pin))


def _by_chance(pin: str) -> int:
    """How often these digits stand in the dialplan anyway."""
    return render(Setup(lots=(lot(numbers=("77",)),)))[EXTENSIONS].text.count(pin)


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "１２３４", "1234\n", "12 34", "*123"])
def test_a_pin_has_4_to_12_digits_and_is_not_repeated_in_the_refusal(pin: str):
    with pytest.raises(UnsafeValue, match="4 to 12 digits") as refused:
        hash_pin(pin, SALT)
    assert not pin or pin not in str(refused.value).replace("12 digits", "")


@pytest.mark.parametrize("salt", ["", "00", "G" * 32, "a" * 33])
def test_a_salt_is_128_bits(salt: str):
    with pytest.raises(UnsafeValue, match="salt"):
        hash_pin("1234", salt)
