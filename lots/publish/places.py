"""Asking the PBX for the places that fallbacks lead to."""

from django.utils.translation import gettext as _

from lots.ami import AmiClient
from lots.config.clash import title
from lots.config.dialplan_view import Dialplan
from lots.config.places import lost, places
from lots.config.setup import Setup
from lots.publish.live import around


async def lost_places(ami: AmiClient, setup: Setup) -> tuple[str, ...]:
    """Sentences: whose fallback leads to where nothing is. Asks nothing when none leads there. Raises ``AmiError``."""
    contexts = dict.fromkeys(step.context for _lot, step in places(setup))
    if not contexts:
        return ()
    plan = Dialplan.of(await around(ami, contexts))
    words = _(
        "%(lot)s: its fallback leads to %(place)s in the dialplan, and the PBX has no such place: "
        "callers go on to the next step, or are told that nobody answers."
    )
    return tuple(
        words % {"lot": title(lot), "place": f"{step.context},{step.exten},{step.priority}"}
        for lot, step in lost(setup, plan)
    )
