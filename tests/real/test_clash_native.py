"""What Asterisk's parking refuses we refuse, and nothing else: our verdict against that of ``Reload``."""

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from lots.config.conf import EXTENSIONS, PARKING
from lots.config.native import NativeLot, native_conflicts, without_parking
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.dialplans import restored, write_conf

CONTEXTS = st.sampled_from(["c-a", "c-b"])
NUMBERS = st.integers(700, 706)
LOTS = st.builds(
    lambda context, parkext, exclusive, low, size, hints: NativeLot(
        name="", context=context, parkext=parkext, exclusive=exclusive, first=low, last=low + size, hints=hints
    ),
    CONTEXTS,
    st.sampled_from(["", "698", "698", "699", "700"]),
    st.booleans(),
    NUMBERS,
    st.integers(0, 2),
    st.booleans(),
)
NAMES = st.lists(st.sampled_from(["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"]), min_size=4, unique=True)
LINES = st.builds(
    lambda exten, priority: f"exten => {exten},{priority},{'park:1@x' if priority == 'hint' else 'NoOp'}\n",
    st.sampled_from(["698", "700", "701", "705", "_70X", "_70[1-3]", "_6.", "_7!", "_X99", "_69x"]),
    st.sampled_from(["1", "1", "2", "hint"]),
)
PLANS = st.dictionaries(
    CONTEXTS, st.tuples(st.lists(LINES, max_size=2), st.sampled_from(["", "", "include => c-a\n", "include => c-b\n"]))
)
EDITS = count(1)


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    with restored(asterisk, EXTENSIONS, PARKING), asterisk.ami() as session:
        yield session


def dialplan_text(plan: dict[str, tuple[list[str], str]]) -> str:
    return "".join(f"[{name}]\n{''.join(lines)}{more}" for name, (lines, more) in plan.items())


def parking_text(lots: list[NativeLot]) -> str:
    return f"; edit {next(EDITS)}\n" + "".join(
        f"[{lot.name}]\ncontext = {lot.context}\nparkext = {lot.parkext}\nparkpos = {lot.first}-{lot.last}\n"
        f"parkext_exclusive = {'yes' if lot.exclusive else 'no'}\nparkinghints = {'yes' if lot.hints else 'no'}\n"
        for lot in lots
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lots=st.lists(LOTS, min_size=1, max_size=4), names=NAMES, plan=PLANS)
def test_the_same_verdict(asterisk: RealAsterisk, ami: Ami, lots: list[NativeLot], names: list[str], plan):
    lots = [named(lot, name) for lot, name in zip(lots, names, strict=False)]
    write_conf(asterisk, EXTENSIONS, dialplan_text(plan))
    ami.action("Reload", Module="pbx_config.so")
    before = without_parking(ami.items("ShowDialPlan"))
    write_conf(asterisk, PARKING, parking_text(lots))
    refused = ami.request("Reload", Module="res_parking.so")["Response"] == "Error"
    found = native_conflicts(lots, before)
    event(f"refused: {refused}, lots: {len(lots)}")
    assert bool(found) == refused, [clash.sentence for clash in found]
    assert all(clash.sentence and set(clash.lots) <= {lot.name for lot in lots} for clash in found)


def named(lot: NativeLot, name: str) -> NativeLot:
    return NativeLot(
        name=name,
        context=lot.context,
        parkext=lot.parkext,
        exclusive=lot.exclusive,
        first=lot.first,
        last=lot.last,
        hints=lot.hints,
    )
