"""Places in the dialplan that fallbacks lead to and that the PBX does not have."""

from collections.abc import Iterator

from lots.config.dialplan_view import Dialplan
from lots.config.foreign import is_ours
from lots.config.setup import Lot, Setup, Step, StepKind


def places(setup: Setup) -> list[tuple[Lot, Step]]:
    """Lots, each with a step that leads to somebody else's part of the dialplan; ours comes with a publication."""
    return [
        (lot, step)
        for lot in setup.lots
        for step in lot.steps
        if step.kind is StepKind.LOCATION and not is_ours(step.context)
    ]


def lost(setup: Setup, plan: Dialplan) -> Iterator[tuple[Lot, Step]]:
    """Those of which ``plan``, what the PBX has of their contexts, knows nothing. A switch might know the place."""
    for lot, step in places(setup):
        if any(place.switches for place in plan.reach(step.context)):
            continue
        priority = int(step.priority) if step.priority.isdecimal() else 1  # AMI tells labels of some steps only
        if plan.find(step.context, step.exten, priority) is None:
            yield lot, step
