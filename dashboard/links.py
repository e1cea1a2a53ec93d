"""Whether each PBX can be heard, as the boards of this process know it: one that is lost never greys another."""

import time
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from dashboard.audience import Audience
from dashboard.messages import PbxLink
from lots.bridge.facts import link_facts, milliseconds
from lots.bridge.messages import LinkFacts
from lots.models import Pbx

SILENT_AFTER = 15.0
"""Seconds without a sign of life after which a bridge counts as silent."""
WORST_FIRST = ("silent", "refused", "lost", "hearing")


def silence(since: datetime) -> LinkFacts:
    """The link when the bridge itself is not heard."""
    return {"state": "silent", "since": milliseconds(since), "reason": ""}


@dataclass(slots=True)
class Known:
    """One PBX: its name for bridges, what people call it, its link, and when its bridge was heard last (monotonic)."""

    name: str
    label: str
    link: LinkFacts
    heard: float = field(default_factory=time.monotonic)


def read_links() -> dict[int, Known]:
    """Every PBX in use, by its primary key. A link written down by a bridge that is gone is no link."""
    return {pbx.pk: Known(pbx.name, str(pbx), _link(pbx)) for pbx in Pbx.objects.filter(active=True).order_by("pk")}


def _link(pbx: Pbx) -> LinkFacts:
    alive = pbx.lease_until is not None and pbx.lease_until > timezone.now()
    return link_facts(pbx) if alive else silence(pbx.lease_until or timezone.now())


@dataclass(slots=True)
class Links:
    """The links of all PBXs. ``lots`` says which lot is on which, by primary keys."""

    known: dict[int, Known] = field(default_factory=dict)
    lots: dict[int, int] = field(default_factory=dict)

    def name(self, pbx: int) -> str:
        """The PBX's name, by which its bridge is reached; empty: there is no such PBX."""
        return self.known[pbx].name if pbx in self.known else ""

    def is_silent(self, pbx: int) -> bool:
        """Whether its bridge would not hear an order."""
        return pbx not in self.known or self.known[pbx].link["state"] == "silent"

    def hear(self, pbx: int) -> LinkFacts:
        """Its bridge lives; the link as it is known."""
        self.known[pbx].heard = time.monotonic()
        return self.known[pbx].link

    def set(self, pbx: int, link: LinkFacts) -> bool:
        """Take a link over; False: it is known already, or the PBX is not."""
        if pbx not in self.known or self.known[pbx].link == link:
            return False
        self.known[pbx].link = link
        return True

    def notice_silence(self) -> bool:
        """Whether a bridge has fallen silent since the last look."""
        now = time.monotonic()
        quiet = [one for one in self.known.values() if now - one.heard > SILENT_AFTER and one.link["state"] != "silent"]
        for one in quiet:
            one.link = silence(timezone.now())
        return bool(quiet)

    def silences(self) -> dict[str, float]:
        """Seconds since each PBX's bridge was heard, by the PBX's name."""
        now = time.monotonic()
        return {one.name: now - one.heard for one in self.known.values()}

    def seen_by(self, audience: Audience) -> list[PbxLink]:
        """The PBXs with a lot that ``audience`` sees, and those without any lot; all, where that is none."""
        hidden = set(self.lots.values()) - {pbx for lot, pbx in self.lots.items() if lot in audience.see}
        seen = [pk for pk in self.known if pk not in hidden] or list(self.known)
        return [{"pbx": pk, "name": self.known[pk].label, **self.known[pk].link} for pk in seen]

    def overall(self, audience: Audience) -> LinkFacts:
        """What holds for the whole board: it hears while it hears any PBX, else the worst of them, the latest."""
        seen = self.seen_by(audience)
        if not seen:
            return silence(timezone.now())
        ranked = sorted(seen, key=lambda one: (WORST_FIRST.index(one["state"]), -one["since"]))
        best = next((one for one in ranked if one["state"] == "hearing"), ranked[0])
        return {"state": best["state"], "since": best["since"], "reason": best["reason"]}
