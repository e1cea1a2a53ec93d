"""The short form of ``make chaos``: a few faults, once each, by the same code (tests/chaos)."""

from collections.abc import Iterator

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.rounds import Fault, attempt
from tests.chaos.world import World, serve_world

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with serve_world(tmp_path_factory.mktemp("chaos")) as running:
        yield running


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.short], ids=lambda fault: fault.name)
def test_the_board_is_true_again_and_history_tells_no_lies(world: World, fault: Fault):
    result = attempt(world, fault)
    assert (result.missing, result.ghosts, result.wrong, result.doubled) == (0, 0, [], [])
