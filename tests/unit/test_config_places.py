"""Fallbacks that lead to a place in the dialplan: whether the PBX has it."""

import pytest

from lots.config.dialplan_view import Dialplan
from lots.config.places import lost, places
from lots.config.setup import Lot, Setup, Step, StepKind

ITEMS = (
    {"Context": "ivr", "Extension": "s", "Priority": "1", "Application": "NoOp"},
    {"Context": "ivr", "Extension": "s", "Priority": "2", "Application": "NoOp"},
    {"Context": "ivr", "IncludeContext": "numbers"},
    {"Context": "numbers", "Extension": "_2XX", "Priority": "1", "Application": "Dial"},
    {"Context": "switched", "Switch": "Realtime/somewhere"},
)


def leading_to(context: str, exten: str, priority: str = "1") -> Setup:
    step = Step(kind=StepKind.LOCATION, context=context, exten=exten, priority=priority)
    return Setup(lots=(Lot(name="desk", steps=(step,)),))


@pytest.mark.parametrize(
    ("place", "is_lost"),
    [
        (("ivr", "s"), False),
        (("ivr", "s", "2"), False),
        (("ivr", "s", "again"), False),
        (("ivr", "s", "3"), True),
        (("ivr", "t"), True),
        (("ivr", "201"), False),
        (("ivr", "301"), True),
        (("nowhere", "s"), True),
        (("switched", "anything"), False),
        (("parkinglot-desk", "700"), False),
    ],
)
def test_a_place_is_there_or_not(place: tuple[str, ...], is_lost: bool) -> None:
    assert bool(list(lost(leading_to(*place), Dialplan.of(ITEMS)))) is is_lost


def test_only_places_of_others_are_looked_for() -> None:
    assert places(Setup(lots=(Lot(name="desk"),))) == []
    assert places(leading_to("parkinglot", "700")) == []
