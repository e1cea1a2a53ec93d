"""Asterisk's patterns: examples, and the corners people meet. A real Asterisk is asked elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.config.dialplan_view import HINT, MOST_CONTEXTS, Dialplan, Step
from lots.config.patterns import matches, rank

STEP = Step("NoOp", "", "pbx_config")
NUMBERS = st.text("0123456789*#", min_size=1, max_size=8)
PATTERNS = st.text("XZN0123456789*#", min_size=1, max_size=6).map(lambda text: f"_{text}")


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("701", ["701", "70-1", "7-0-1"], ["70", "7011", "_701"]),
        ("70-1", ["701"], ["7001"]),
        ("_7XX", ["700", "79-9"], ["70", "7000", "7a0", "800"]),
        ("_7xz", ["701", "709"], ["700"]),
        ("_N.", ["20", "2x"], ["2", "10", ""]),
        ("_N!", ["2", "20"], ["1"]),
        ("_70[1-35]", ["701", "703", "705"], ["704", "70-", "70]"]),
        ("_70[-1]", ["701"], ["702"]),
        ("_7[]01", ["701"], ["7]01"]),
        ("_70[1", [], ["701", "70[1"]),
        ("_[5-2]", [], ["3", "5", "2"]),
        ("_70X/100", ["701"], ["701/100"]),
        ("_X.99", ["10", "1234"], ["1"]),
        ("_-7-0X", ["701"], ["70"]),
        ("_*8X.", ["*81", "*8123"][1:], ["*8", "*81", "881"]),
    ],
)
def test_what_matches(pattern: str, yes: list[str], no: list[str]) -> None:
    assert [number for number in yes if not matches(pattern, number)] == []
    assert [number for number in no if matches(pattern, number)] == []


def test_a_pattern_finds_itself() -> None:
    assert matches("_7XX", "_7XX")
    assert matches("_7xX", "_7Xx")
    assert not matches("_7XX", "_7ZX")


@given(NUMBERS, st.lists(PATTERNS, min_size=1, unique=True))
def test_a_number_comes_before_every_pattern(number: str, patterns: list[str]) -> None:
    assert min([*patterns, number], key=rank) == number


@given(st.text("XZN01", min_size=1, max_size=6), st.data())
def test_the_narrower_of_two_patterns_wins(places: str, data: st.DataObject) -> None:
    """They differ in one place, where one takes fewer digits."""
    at = data.draw(st.integers(0, len(places) - 1))
    for narrow, wide in ("NZ", "ZX", "NX", "1X", "X.", ".!"):
        tail = "" if wide in ".!" else places[at + 1 :]
        first, second = (f"_{places[:at]}{sign}{tail}" for sign in (narrow, wide))
        assert rank(first) < rank(second)


def test_includes_are_looked_at_after_everything_of_a_context_itself() -> None:
    plan = Dialplan()
    plan.context("phones").includes = ["a", "b"]
    plan.context("phones").add("_X.", 1, STEP)
    plan.context("a").add("701", 1, STEP)
    found = plan.find("phones", "701")
    assert found is not None
    assert (found.context, found.exten) == ("phones", "_X.")


def test_an_extension_without_that_priority_is_passed_over() -> None:
    plan = Dialplan()
    plan.context("phones").add("701", HINT, STEP)
    plan.context("phones").add("_7XX", 1, STEP)
    found = plan.find("phones", "701")
    assert found is not None
    assert found.exten == "_7XX"


def test_includes_in_a_circle_end() -> None:
    plan = Dialplan()
    plan.context("a").includes = ["b"]
    plan.context("b").includes = ["A", "a"]
    plan.context("A").includes = ["a"]
    assert [place.name for place in plan.reach("a")] == ["a", "b"]


def test_asterisk_looks_no_further_than_so_many_contexts() -> None:
    plan = Dialplan()
    plan.context("all").includes = [f"c{number}" for number in range(MOST_CONTEXTS + 10)]
    for number in range(MOST_CONTEXTS + 10):
        plan.context(f"c{number}").add(f"{1000 + number}", 1, STEP)
    assert plan.find("all", f"{1000 + MOST_CONTEXTS - 2}")
    assert plan.find("all", f"{1000 + MOST_CONTEXTS - 1}") is None


def test_lines_of_show_dialplan() -> None:
    plan = Dialplan.of(
        [
            {"Context": "phones", "Extension": "701", "Priority": "hint", "Application": "park:701@x"},
            {"Context": "phones", "Extension": "701", "Priority": "1", "Application": "NoOp", "AppData": "x"},
            {"Context": "phones", "IncludeContext": "night,18:00-8:00,*,*,*"},
            {"Context": "phones", "Switch": "Realtime/x"},
            {"Context": "phones", "IgnorePattern": "9"},
            {"Context": "night", "Extension": "_8XX", "Priority": "1", "Application": "NoOp"},
        ]
    )
    found = plan.find("phones", "801")
    assert found is not None
    assert found.context == "night"
    assert plan.includes("phones", "night")
    assert plan.find("phones", "701", HINT)
