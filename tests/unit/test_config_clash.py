"""Two lots may not mean the same number to one phone: checked against every dial string, one by one."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lots.config.clash import MOST_SHARED, Clash, clashes
from lots.config.setup import Door, Lot, Music, MusicKind, Setup, Step, StepKind, WhenFull

CODES = st.sampled_from(["7", "70", "700", "701", "*8", "*85", "*857", "*", "#1", "0701"])


@st.composite
def lots(draw: st.DrawFn, name: str) -> Lot:
    first = draw(st.sampled_from([1, 7, 8, 9, 69, 98, 699, 700, 701, 7001]))
    return Lot(
        name=name,
        park_code=draw(CODES),
        retrieve_code=draw(CODES | st.just("")),
        next_code=draw(CODES | st.just("")),
        first=first,
        last=first + draw(st.integers(0, 4)),
        separate=draw(st.booleans()),
    )


def dialled(lot: Lot) -> list[str]:
    """Every dial string that means something in the lot, the bare retrieve code apart: lots may share it."""
    combined = [f"{lot.retrieve_code}{slot}" for slot in lot.slots] if lot.retrieve_code else []
    return [lot.park_code, *map(str, lot.slots), *([lot.next_code] if lot.next_code else []), *combined]


def collide(setup: Setup) -> bool:
    """By trying each number in each set of lots one phone reaches."""
    together = [[lot for lot in setup.lots if not lot.separate], *([lot] for lot in setup.lots if lot.separate)]
    for reached in together:
        numbers = Counter(number for lot in reached for number in dialled(lot))
        asked = {lot.retrieve_code for lot in reached if lot.retrieve_code}
        if any(times > 1 for times in numbers.values()) or asked & numbers.keys():
            return True
    return False


@settings(max_examples=400, deadline=None)
@given(st.tuples(lots("one"), lots("two"), lots("three")))
def test_it_refuses_what_collides_and_nothing_else(three: tuple[Lot, Lot, Lot]) -> None:
    setup = Setup(lots=three)
    assert bool(clashes(setup)) is collide(setup)


@settings(max_examples=100, deadline=None)
@given(st.tuples(lots("one"), lots("two")))
def test_each_sentence_names_both_sides(two: tuple[Lot, Lot]) -> None:
    for clash in clashes(Setup(lots=two)):
        assert set(clash.lots) <= {"one", "two"}
        for name in clash.lots:
            assert name in clash.sentence
        assert "{" not in clash.sentence


def only(setup: Setup) -> Clash:
    (found,) = clashes(setup)
    return found


DESK = Lot(name="desk", label="Reception", park_code="700", first=701, last=710, retrieve_code="*85", next_code="*86")


def test_a_park_code_among_another_lots_slots() -> None:
    found = only(Setup(lots=(DESK, Lot(name="sales", label="Sales", park_code="705", first=721, last=726))))
    assert found.sentence == "705, the park code of Sales, is one of the slots 701 to 710 of Reception; 711 is free."
    assert (found.lots, found.fields) == (("sales", "desk"), ("park_code", "first_slot"))


def test_slots_that_overlap_say_from_where_they_are_free() -> None:
    found = only(Setup(lots=(DESK, Lot(name="sales", label="Sales", park_code="720", first=708, last=712))))
    assert "701 to 710 are slots of Reception" in found.sentence
    assert "free from 711" in found.sentence


def test_lots_may_share_the_retrieve_code() -> None:
    other = Lot(name="sales", park_code="720", first=721, last=726, retrieve_code="*85")
    assert clashes(Setup(lots=(DESK, other))) == ()


def test_a_separate_lot_may_use_every_number_again() -> None:
    again = Lot(name="again", park_code="700", first=701, last=710, retrieve_code="*85", separate=True)
    assert clashes(Setup(lots=(DESK, again))) == ()


def test_an_outside_number_is_one_lots_even_of_separate_ones() -> None:
    doors = (Lot(name=name, separate=True, door=Door(numbers=("4930123",))) for name in ("one", "two"))
    assert only(Setup(lots=tuple(doors))).sentence == "4930123 is an outside number of both two and one."


@pytest.mark.parametrize(
    "lot",
    [
        Lot(name="one", when_full=WhenFull.OVERFLOW, overflow="nowhere"),
        Lot(name="one", when_full=WhenFull.OVERFLOW, overflow="one"),
        Lot(name="one", steps=(Step(kind=StepKind.LOT, lot="nowhere"),)),
    ],
)
def test_a_lot_that_leads_nowhere_is_named(lot: Lot) -> None:
    assert only(Setup(lots=(lot,))).lots == ("one",)


def many(count: int, *, separate: bool) -> tuple[Lot, ...]:
    return tuple(
        Lot(name=f"lot-{n}", park_code=f"{n}0099", first=n * 10000 + 100, last=n * 10000 + 109, separate=separate)
        for n in range(1, count + 1)
    )


def test_more_lots_than_one_search_of_asterisk_visits_are_refused() -> None:
    assert clashes(Setup(lots=many(MOST_SHARED, separate=False))) == ()
    assert only(Setup(lots=many(MOST_SHARED + 1, separate=False))).code == "too_many"
    assert clashes(Setup(lots=many(1000, separate=True))) == ()


def test_a_thousand_lots_in_one_range_are_each_said_once() -> None:
    same = tuple(Lot(name=f"lot-{n}", park_code=f"9{n:05}", first=701, last=710) for n in range(300))
    found = clashes(Setup(lots=same))
    assert len(found) == len(same) - 1
    assert all(one != other for one, other in pairwise(found))


def test_asterisk_tells_classes_of_music_apart_by_more_than_case() -> None:
    """``moh_class_cmp`` compares without case; lots it compares with, and ours have small letters only."""
    music = tuple(Music(name=name, kind=MusicKind.UPLOADS) for name in ("Jazz", "jazz", "rock"))
    (clash,) = clashes(Setup(music=music))
    assert (clash.code, clash.params["number"]) == ("music_name", "Jazz / jazz")
