"""A web process's copy of the boards: read from the database once, then kept by news, so that a page costs no query."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from dashboard.audience import Audience
from dashboard.form import Form, told
from dashboard.messages import ChangeMessage, OwnPhone, ZoneShown
from lots.bridge.facts import board_lots, link_facts, lots_facts, milliseconds, stamp
from lots.bridge.messages import Beat, LinkFacts, LotChange, LotFacts, MissedFacts, NoticeFacts, SlotFacts
from lots.bridge.missed import missed_facts
from lots.bridge.notices import notice_facts
from lots.models import Pbx

SILENT_AFTER = 15.0
"""Seconds without a sign of life after which the bridge counts as silent."""


def now() -> int:
    """Milliseconds since 1970."""
    return round(time.time() * 1000)


def dumps(message: Any) -> str:
    """JSON without spaces."""
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


@dataclass(slots=True)
class LotCopy:
    """A lot and its occupied slots by number."""

    facts: LotFacts
    slots: dict[int, SlotFacts]
    _json: dict[Form, str] = field(default_factory=dict)

    def apply(self, change: LotChange) -> None:
        """Lay changed slots over the copy."""
        for slot in change["slots"]:
            if slot["state"] == "free":
                self.slots.pop(slot["slot"], None)
            else:
                self.slots[slot["slot"]] = slot
        self.facts = {**self.facts, "revision": change["revision"], "slots": list(self.slots.values())}
        self._json.clear()

    def json(self, may: Mapping[str, bool], form: Form) -> str:
        """The lot for a snapshot, with what may be done in it; made once between two changes."""
        if form not in self._json:
            self._json[form] = dumps(told(self.facts, form))[:-1]
        return f"{self._json[form]},{dumps(may)[1:]}"


@dataclass(slots=True)
class Truth:
    """What the database says."""

    lots: list[LotFacts]
    link: LinkFacts
    bridge: str
    """Name of the PBX whose bridge takes orders."""
    colleagues: list[OwnPhone] = field(default_factory=list)
    zones: list[ZoneShown] = field(default_factory=list)
    missed: list[MissedFacts] = field(default_factory=list)
    notices: list[NoticeFacts] = field(default_factory=list)


def read() -> Truth:
    """Read all boards and the link. A link written down by a bridge that is gone is no link."""
    pbx = Pbx.objects.order_by("pk").first()
    lots = lots_facts(board_lots())
    if pbx is None:
        return Truth(lots, silence(timezone.now()), "")
    alive = pbx.lease_until is not None and pbx.lease_until > timezone.now()
    link = link_facts(pbx) if alive else silence(pbx.lease_until or timezone.now())
    colleagues: list[OwnPhone] = [{"id": p.pk, "number": p.number, "name": p.name} for p in pbx.phones.all()]
    zones: list[ZoneShown] = [{"id": z.pk, "label": z.label, "repeats": z.repeats} for z in pbx.zones.all()]
    return Truth(lots, link, pbx.name, colleagues, zones, missed_facts(), notice_facts())


def silence(since: datetime) -> LinkFacts:
    """The link when the bridge itself is not heard."""
    return {"state": "silent", "since": milliseconds(since), "reason": ""}


@dataclass(slots=True)
class Replica:
    """All lots on boards. ``apply`` answers False where news do not fit and the database must be read again."""

    lots: dict[int, LotCopy] = field(default_factory=dict)
    link: LinkFacts = field(default_factory=lambda: silence(timezone.now()))
    bridge: str = ""
    colleagues: list[OwnPhone] = field(default_factory=list)
    zones: list[ZoneShown] = field(default_factory=list)
    missed: list[MissedFacts] = field(default_factory=list)
    notices: list[NoticeFacts] = field(default_factory=list)
    _json: dict[Audience, str] = field(default_factory=dict)

    def load(self, truth: Truth) -> None:
        """Begin from what the database says."""
        self._json.clear()
        self.lots = {lot["id"]: LotCopy(lot, {slot["slot"]: slot for slot in lot["slots"]}) for lot in truth.lots}
        self.link, self.bridge = truth.link, truth.bridge
        self.colleagues, self.zones = truth.colleagues, truth.zones
        self.missed, self.notices = truth.missed, truth.notices

    def knows(self, change: LotChange) -> bool:
        """Whether the copy is as new as the change: there is nothing to say then."""
        copy = self.lots.get(change["lot"])
        return copy is not None and copy.facts["revision"] >= change["revision"]

    def apply(self, change: LotChange) -> bool:
        """Lay a change over the copy; False on a gap."""
        copy = self.lots.get(change["lot"])
        if copy is None or copy.facts["revision"] < change["after"]:
            return False
        copy.apply(change)
        self._json.clear()
        return True

    def is_behind(self, beat: Beat) -> bool:
        """Whether the bridge has written more than we heard of: a change, or the lots themselves."""
        if stamp(copy.facts for copy in self.lots.values()) != beat["lots"]:
            return True
        return any(copy.facts["revision"] < beat["revisions"].get(str(pk), 0) for pk, copy in self.lots.items())

    def revisions(self, audience: Audience) -> dict[str, int]:
        """The revision of each lot that ``audience`` sees, by its id as text."""
        return {str(pk): copy.facts["revision"] for pk, copy in self.lots.items() if pk in audience.see}

    def lots_json(self, audience: Audience) -> str:
        """What ``audience`` sees, for a snapshot; made once between two changes."""
        if audience not in self._json:
            seen = [(pk, copy) for pk, copy in self.lots.items() if pk in audience.see]
            shown = [copy.json(audience.acts(pk), audience.form) for pk, copy in seen]
            self._json[audience] = f"[{','.join(shown)}]"
        return self._json[audience]

    def notices_of(self, user: int) -> list[NoticeFacts]:
        """The notices to ``user`` and from them. What somebody was told on purpose needs no right on the lot."""
        return [notice for notice in self.notices if user in {notice["to"], notice["sender"]}]

    def missed_by(self, audience: Audience) -> list[MissedFacts]:
        """The missed calls that ``audience`` may call back."""
        return [call for call in self.missed if call["lot"] in audience.retrieve]


def merged(first: ChangeMessage | None, change: LotChange) -> ChangeMessage:
    """Two changes of one lot in a row as one: the later word on each slot."""
    earlier = {slot["slot"]: slot for slot in first["slots"]} if first else {}
    slots = {**earlier, **{slot["slot"]: slot for slot in change["slots"]}}
    return {
        "type": "change",
        "lot": change["lot"],
        "after": first["after"] if first else change["after"],
        "revision": change["revision"],
        "slots": list(slots.values()),
    }
