"""A web process's copy of the boards: read from the database once, then kept by news, so that a page costs no query."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.audience import Audience
from dashboard.form import Form, returning_told, told
from dashboard.links import Known, Links, read_links
from dashboard.messages import ChangeMessage, OwnPhone, ZoneShown
from dashboard.rights import phone_shown
from lots.bridge.facts import board_lots, lots_facts, stamp
from lots.bridge.messages import (
    Beat,
    LotChange,
    LotFacts,
    MissedFacts,
    NoticeFacts,
    OwnFacts,
    ReturningFacts,
    SlotFacts,
)
from lots.bridge.missed import missed_facts
from lots.bridge.notices import notice_facts
from lots.bridge.own import own_facts
from lots.bridge.returning import returning_facts, returning_stamp
from lots.models import PagingZone, Phone


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
    links: dict[int, Known]
    colleagues: list[OwnPhone] = field(default_factory=list)
    zones: list[ZoneShown] = field(default_factory=list)
    missed: list[MissedFacts] = field(default_factory=list)
    notices: list[NoticeFacts] = field(default_factory=list)
    returning: list[ReturningFacts] = field(default_factory=list)
    own: list[OwnFacts] = field(default_factory=list)


def read() -> Truth:
    """Read all boards, and the links of all PBXs in use."""
    lots, links = lots_facts(board_lots()), read_links()
    colleagues = [phone_shown(phone) for phone in Phone.objects.filter(pbx__in=links)]
    zones: list[ZoneShown] = [
        {"id": zone.pk, "pbx": zone.pbx_id, "label": zone.label, "repeats": zone.repeats}
        for zone in PagingZone.objects.filter(pbx__in=links)
    ]
    return Truth(lots, links, colleagues, zones, missed_facts(), notice_facts(), returning_facts(), own_facts())


@dataclass(slots=True)
class Replica:
    """All lots on boards. ``apply`` answers False where news do not fit and the database must be read again."""

    lots: dict[int, LotCopy] = field(default_factory=dict)
    links: Links = field(default_factory=Links)
    colleagues: list[OwnPhone] = field(default_factory=list)
    zones: list[ZoneShown] = field(default_factory=list)
    missed: list[MissedFacts] = field(default_factory=list)
    notices: list[NoticeFacts] = field(default_factory=list)
    returning: list[ReturningFacts] = field(default_factory=list)
    own: list[OwnFacts] = field(default_factory=list)
    _json: dict[Audience, str] = field(default_factory=dict)

    def load(self, truth: Truth) -> None:
        """Begin from what the database says."""
        self._json.clear()
        self.lots = {lot["id"]: LotCopy(lot, {slot["slot"]: slot for slot in lot["slots"]}) for lot in truth.lots}
        self.links = Links(truth.links, {lot["id"]: lot["pbx"] for lot in truth.lots})
        self.colleagues, self.zones = truth.colleagues, truth.zones
        self.missed, self.notices, self.returning = truth.missed, truth.notices, truth.returning
        self.own = truth.own

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
        if returning_stamp(self.returning) != beat["returning"]:
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

    def own_of(self, user: int) -> list[OwnFacts]:
        """What became of the calls that ``user`` parked. It needs no right on the lot: they know of the call."""
        return [call for call in self.own if call["owner"] == user]

    def returning_by(self, audience: Audience) -> list[Mapping[str, Any]]:
        """The calls on their way back to lots that ``audience`` sees, in its form."""
        return [returning_told(back, audience.form) for back in self.returning if back["lot"] in audience.see]

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
