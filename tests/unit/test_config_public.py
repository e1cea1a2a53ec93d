"""The numbers of a lot, as the dialplan has them."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lots.config.clash import clashes
from lots.config.conf import ConfFile, Section
from lots.config.extensions import extensions_file
from lots.config.gate import LONGEST_LINE, UnsafeValue, check_name
from lots.config.public import lamp_covers, parks_natively, public_section
from lots.config.setup import Lot, Setup, WhenFull

DESK = Lot(name="desk", park_code="700", first=701, last=702, retrieve_code="*85", next_code="*86")


def text(lot: Lot, *others: Lot) -> str:
    return public_section(lot, {other.name: other for other in (lot, *others)}).text


def test_a_lot_as_a_whole() -> None:
    assert text(DESK) == (
        "[parkinglot-desk]\n"
        "exten => 700,hint,park:701@parkinglot-native-desk&park:702@parkinglot-native-desk\n"
        "exten => 700,1,Park(desk)\n"
        "same => n,Gosub(parkinglot-calls,unparked,1(desk,701,702,yes,parker,,,))\n"
        "exten => 701,hint,park:701@parkinglot-native-desk\n"
        "exten => 701,1,Gosub(parkinglot-calls,slot,1(desk,701,702,yes,parker,,,,701))\n"
        "exten => 702,hint,park:702@parkinglot-native-desk\n"
        "exten => 702,1,Gosub(parkinglot-calls,slot,1(desk,701,702,yes,parker,,,,702))\n"
        "exten => *85,1,Gosub(parkinglot-calls,ask,1(parkinglot,*85,3))\n"
        "exten => *85701,1,Gosub(parkinglot-calls,pick-up,1(desk,701))\n"
        "exten => *85702,1,Gosub(parkinglot-calls,pick-up,1(desk,702))\n"
        "exten => *86,1,Gosub(parkinglot-calls,next,1(desk,701,702))\n"
    )


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({}, "Park(desk)"),
        ({"announce": False}, "Gosub(parkinglot-calls,park,1(desk,701,702,,parker,,,))"),
        ({"when_full": WhenFull.FALLBACK}, "Gosub(parkinglot-calls,park,1(desk,701,702,yes,fallback,,,))"),
        (
            {"when_full": WhenFull.OVERFLOW, "overflow": "annex"},
            "Gosub(parkinglot-calls,park,1(desk,701,702,yes,overflow,annex,801,810))",
        ),
        (
            {"when_full": WhenFull.OVERFLOW, "overflow": "elsewhere"},
            "Gosub(parkinglot-calls,park,1(desk,701,702,yes,parker,,,))",
        ),
    ],
)
def test_asterisk_parks_by_itself_only_where_nothing_is_looked_at_first(changes: dict[str, object], step: str) -> None:
    lot = replace(DESK, **changes)  # type: ignore[arg-type]
    shown = text(lot, Lot(name="annex", park_code="800", first=801, last=810))
    assert f"exten => 700,1,{step}\n" in shown
    assert parks_natively(lot) == (step == "Park(desk)")


def test_the_prompt_of_a_separate_lot_stays_in_it() -> None:
    assert "ask,1(parkinglot-desk,*85,3))" in text(replace(DESK, separate=True))


def test_without_codes_there_are_none() -> None:
    assert "*" not in text(replace(DESK, retrieve_code="", next_code=""))


def test_phones_reach_every_lot_that_is_not_separate() -> None:
    apart = Lot(name="apart", park_code="800", first=801, last=802, separate=True)
    common = extensions_file(Setup(lots=(apart, DESK))).section("parkinglot")
    assert common is not None
    assert common.text == "[parkinglot]\ninclude => parkinglot-desk\n"


@given(st.integers(1, 30), st.integers(1, 999_999), st.integers(0, 999))
def test_the_lots_lamp_covers_as_much_as_fits_and_says_so(length: int, first: int, more: int) -> None:
    lot = Lot(name="x" * length, park_code="1", first=first, last=first + more)
    covered = lamp_covers(lot)
    hint = public_section(lot, {}).lines[0].value
    assert list(covered) == list(lot.slots)[: len(covered)]
    assert hint.count("park:") == len(covered) >= min(12, len(lot.slots))
    assert len(hint.encode()) <= LONGEST_LINE
    assert len(covered) == len(lot.slots) or len(hint) + len(f"&park:{lot.last}@{lot.native_context}") > LONGEST_LINE


def _is_name(name: str) -> bool:
    try:
        check_name("", name)
    except UnsafeValue:
        return False
    return True


NAMES = st.one_of(
    st.from_regex(r"[a-z][a-z0-9-]{0,29}", fullmatch=True),
    st.sampled_from([f"{word}{tail}" for word in ("comeback", "native", "calls", "x") for tail in ("", "-x", "x")]),
).filter(_is_name)
CODES = st.text("0123456789*#", min_size=1, max_size=4)


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """Up to four lots of any shape that do not clash."""
    names = draw(st.lists(NAMES, max_size=4, unique=True))
    return Setup(lots=tuple(draw(lots(name, [*names, "elsewhere"])) for name in names))


@st.composite
def lots(draw: st.DrawFn, name: str, others: list[str]) -> Lot:
    first = draw(st.integers(1, 9999))
    return Lot(
        name=name,
        park_code=draw(CODES),
        retrieve_code=draw(st.one_of(st.just(""), CODES)),
        next_code=draw(st.one_of(st.just(""), CODES)),
        first=first,
        last=first + draw(st.integers(0, 30)),
        separate=draw(st.booleans()),
        announce=draw(st.booleans()),
        when_full=draw(st.sampled_from(WhenFull)),
        overflow=draw(st.sampled_from(others)),
    )


@settings(deadline=None)
@given(setups())
def test_no_context_comes_twice_and_no_step_of_one(setup: Setup) -> None:
    assume(not clashes(setup))
    file = extensions_file(setup)
    assert [name for name, count in Counter(section.name for section in file.sections).items() if count > 1] == []
    assert [step for section in file.sections for step in repeated(section)] == []


@settings(deadline=None)
@given(setups())
def test_the_same_setup_gives_the_same_text(setup: Setup) -> None:
    assert extensions_file(setup).text == extensions_file(setup).text


def repeated(section: Section) -> list[tuple[str, str]]:
    """Extension and priority (or label) that are in ``section`` more than once."""
    steps: Counter[tuple[str, str]] = Counter()
    exten = ""
    for line in section.lines:
        if line.name == "exten":
            exten, priority, _ = line.value.split(",", 2)
            steps[exten, priority] += 1
        elif line.name == "same" and line.value.startswith("n("):
            steps[exten, line.value.partition("(")[2].partition(")")[0]] += 1
    return [step for step, count in steps.items() if count > 1]


def test_lots_of_any_name_meet_no_context_that_is_shared() -> None:
    shared = {section.name.removeprefix("parkinglot-") for section in extensions_file(Setup()).sections}
    for word in shared - {"parkinglot"}:
        assert not _is_name(word), f"a lot called {word} would be that context"


def test_a_thousand_lots_stay_small() -> None:
    many = tuple(
        Lot(name=f"lot{n}", park_code=f"{n}00", first=n * 100 + 1, last=n * 100 + 10, retrieve_code="*85")
        for n in range(1, 1001)
    )
    file: ConfFile = extensions_file(Setup(lots=many))
    mine = [len(section.lines) for section in file.sections if section.name == "parkinglot-lot500"]
    assert mine == [2 + 1 + 10 * 3 + 1]
