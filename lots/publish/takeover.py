"""Lots the PBX has already become lots that are set up here, with the settings its own files give them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from lots.ami import ActionRefused, AmiClient
from lots.config.conf import PARKING
from lots.config.content import Content, merged
from lots.config.gate import UnsafeValue, check_name
from lots.config.setup import MusicKind, StepKind
from lots.config.stock import read_sections
from lots.config.taking import Taken, take
from lots.models import FallbackStep, HoldMusic, ParkingLot
from lots.publish.live import read_stock
from lots.publish.pipeline import PATIENCE
from lots.publish.translated import translated

FREEPBX = "res_parking_additional.conf"
"""FreePBX writes its lots there, and writes it anew whenever somebody applies a change."""
OWN = (
    "alert_info",
    "message",
    "retrieve_code",
    "next_code",
    "prefix_text",
    "prefix_slot",
    "prefix_number",
    "prefix_name",
)
"""Fields for which a lot of the PBX's has nothing: they begin empty, so that nothing is otherwise than it was."""


@dataclass(frozen=True, slots=True)
class TheirLots:
    """What the PBX's own files say of lots. ``freepbx``: lots of FreePBX's, which stay its own."""

    sections: Content = field(default_factory=dict)
    freepbx: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Offer:
    """A lot that can be taken over, or why it cannot (``refusal``)."""

    taken: Taken = field(default_factory=Taken)
    lines: tuple[tuple[str, str], ...] = ()
    """Of its section, as they stand there."""
    refusal: str = ""


async def read_lots(ami: AmiClient) -> TheirLots:
    """Ask the account that publishes. Raises ``AmiError``."""
    stock = await read_stock(ami, PARKING)
    try:
        reply = await ami.send("GetConfig", [("Filename", FREEPBX)], timeout=PATIENCE)
    except ActionRefused:
        return TheirLots(stock.theirs)
    return TheirLots(stock.theirs, frozenset(merged(read_sections(reply.raw))))


def offer(lot: ParkingLot, there: TheirLots) -> Offer:
    """What taking over ``lot`` would do."""
    lines = there.sections.get(lot.name, ())
    if refusal := _refusal(lot, there):
        return Offer(lines=lines, refusal=refusal)
    # A [default] nobody wrote is one Asterisk makes up, with this code (``verify_default_parking_lot``).
    options: Mapping[str, str] = dict(lines) or {"parkext": "700"}
    return Offer(take(options), lines)


def _refusal(lot: ParkingLot, there: TheirLots) -> str:
    if not lot.observed:
        return _("It is set up here already.")
    if lot.name in there.freepbx or (there.freepbx and lot.name == "default"):
        return _(
            "FreePBX manages this lot and would overwrite every change. It can be watched and its calls can be taken; "
            "its settings are made in FreePBX."
        )
    if lot.name not in there.sections and lot.name != "default":
        return _("It is not in res_parking.conf: the PBX keeps it in a database, or made it for a call.")
    try:
        check_name(_("Name"), lot.name)
    except UnsafeValue as error:
        return _("%(error)s Rename the lot in res_parking.conf first.") % {"error": translated(error)}
    return ""


@transaction.atomic
def take_over(lot: ParkingLot, taken: Taken) -> None:
    """``lot`` is set up here from now on; what runs does not change until it is published."""
    row = ParkingLot.objects.select_for_update().get(pk=lot.pk, observed=True)
    for name, value in {**_beginnings(), **taken.values}.items():
        setattr(row, name, value)
    row.music = music_of(row, taken.music)
    row.observed = False
    row.save()
    row.steps.all().delete()
    if taken.location:
        FallbackStep.objects.create(lot=row, position=1, kind=StepKind.LOCATION.value, location=taken.location)


def _beginnings() -> dict[str, str | bool]:
    return {name: False if name.startswith("prefix_") and name != "prefix_text" else "" for name in OWN}


def music_of(lot: ParkingLot, name: str | None) -> HoldMusic | None:
    """The class called ``name``; one of the PBX's own gets a row that lots can name."""
    if not name:
        return None
    own = {"label": name, "kind": MusicKind.EXISTING.value}
    return HoldMusic.objects.get_or_create(pbx=lot.pbx, name=name, defaults=own)[0]


def leftovers(managed: Mapping[str, str], there: TheirLots) -> dict[str, tuple[tuple[str, str], ...]]:
    """Sections of lots that are set up here which still stand in the PBX's own files: label -> lines.

    Ours come behind them and win, but what ours do not say is still said there.
    """
    found = {name: lines for name, lines in there.sections.items() if name in managed and lines}
    return {managed[name]: lines for name, lines in found.items()}
