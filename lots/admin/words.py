"""What a lot does, in sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lots.admin.spans import span
from lots.config.public import lamp_covers, parks_natively
from lots.config.setup import Lot, Prefix, Side, Step, StepKind, WhenFull


@dataclass(frozen=True)
class Names:
    """What people call the things Asterisk has names for."""

    lots: Mapping[str, str] = field(default_factory=dict)
    music: Mapping[str, str] = field(default_factory=dict)
    phones: Mapping[str, str] = field(default_factory=dict)
    """By device."""


def sentences(lot: Lot, names: Names) -> list[str]:
    """A short paragraph for each thing a caller or a colleague would notice."""
    told = [_parking(lot), _lamp(lot), _taking(lot), _waiting(lot, names), _full(lot, names), _sounds(lot, names)]
    return [text for text in (*told, _outside(lot), _reach(lot)) if text]


def warnings(lot: Lot) -> list[str]:
    """What is allowed and mostly not meant."""
    told = []
    if not lot.timeout:
        told.append(_("No timeout: a caller whom nobody takes waits without end."))
    if lot.timeout and not lot.ring_parker and not lot.steps:
        told.append(_("A call that waited too long rings nobody: neither the parker nor a fallback is set."))
    if lot.door.numbers and not lot.door.pin_hash:
        told.append(_("Outside number without a PIN: whoever dials it can take the calls parked here."))
    return told


def _parking(lot: Lot) -> str:
    count = len(lot.slots)
    slots = ngettext("the slot %(first)d", "the %(count)d slots %(first)d to %(last)d", count) % {
        "count": count,
        "first": lot.first,
        "last": lot.last,
    }
    how = _("one after the other") if lot.next_slot else _("lowest free one first")
    said = _said(lot)
    text = _("Transfer a call to %(code)s, and it waits in one of %(slots)s (%(how)s).%(said)s")
    if count == 1:
        text = _("Transfer a call to %(code)s, and it waits in %(slots)s.%(said)s")
    return text % {"code": lot.park_code, "slots": slots, "how": how, "said": said}


def _said(lot: Lot) -> str:
    if not lot.announce:
        return ""
    if parks_natively(lot):
        return _(" The parker hears the number.")
    return _(" Room is looked for first, so the parker does not stay on: their phone rings then, and says the number.")


def _lamp(lot: Lot) -> str:
    covered = lamp_covers(lot)
    if len(covered) == len(lot.slots):
        return ""
    text = _("The lamp of %(code)s is on while somebody is in %(first)d to %(last)d: it cannot cover more slots.")
    return text % {"code": lot.park_code, "first": covered[0], "last": covered[-1]}


def _taking(lot: Lot) -> str:
    told = [_("Transfer it to %(slot)d, and it waits right there; dial %(slot)d to take it.") % {"slot": _example(lot)}]
    if lot.retrieve_code:
        text = _("%(code)s%(slot)d takes it too, and %(code)s alone asks for the slot.")
        told.append(text % {"code": lot.retrieve_code, "slot": _example(lot)})
    if lot.next_code:
        told.append(_("%(code)s takes whoever has waited longest.") % {"code": lot.next_code})
    return " ".join(told)


def _example(lot: Lot) -> int:
    return min(lot.first + 2, lot.last)


def _waiting(lot: Lot, names: Names) -> str:
    told = []
    if lot.reminder:
        told.append(_("After %(time)s the parker is reminded.") % {"time": span(lot.reminder)})
    if not lot.timeout:
        return " ".join([*told, _("Callers wait until somebody takes them: nothing sends them back.")])
    chain = list(_chain(lot, names))
    if chain:
        text = _("After %(time)s the call %(steps)s.")
        told.append(text % {"time": span(lot.timeout), "steps": _(", then ").join(chain)})
        told.append(_("If nobody answers, the caller is told so."))
    else:
        told.append(_("After %(time)s the caller is told that nobody answers.") % {"time": span(lot.timeout)})
    return " ".join(told)


def _chain(lot: Lot, names: Names) -> Iterator[str]:
    if lot.ring_parker:
        text = _("rings the parker for %(time)s, shown as “%(shown)s”")
        yield text % {"time": span(lot.ring_parker), "shown": shown_as(lot.prefix, lot.first)}
    if lot.message and lot.steps:
        yield _("plays a message to the caller")
    for step in lot.steps:
        yield _step(step, names)


def shown_as(prefix: Prefix, slot: int) -> str:
    """An example of what a phone's display says: ``P701 Ann: Bob Caller``."""
    head = prefix.text + (str(slot) if prefix.slot else "")
    parts = [head, "205" if prefix.number else "", "Ann" if prefix.name else ""]
    before = " ".join(part for part in parts if part)
    return f"{before}: Bob Caller" if before else "Bob Caller"


def _step(step: Step, names: Names) -> str:
    phones = _(" and ").join(names.phones.get(device, device) for device in step.devices)
    words = {
        StepKind.PHONE: _("rings %(phones)s for %(time)s"),
        StepKind.GROUP: _("rings %(phones)s together for %(time)s"),
        StepKind.VOICEMAIL: _("goes to the voicemail box %(mailbox)s"),
        StepKind.LOT: _("is parked in %(lot)s"),
        StepKind.LOCATION: _("goes to %(place)s in the dialplan"),
    }
    return words[step.kind] % {
        "phones": phones,
        "time": span(step.seconds),
        "mailbox": step.mailbox,
        "lot": names.lots.get(step.lot, step.lot),
        "place": f"{step.context},{step.exten},{step.priority}",
    }


def _full(lot: Lot, names: Names) -> str:
    words = {
        WhenFull.PARKER: _("When every slot is taken, the parker keeps the call."),
        WhenFull.OVERFLOW: _("When every slot is taken, the call is parked in %(lot)s."),
        WhenFull.FALLBACK: _("When every slot is taken, the call goes where calls go that waited too long."),
    }
    return words[lot.when_full] % {"lot": names.lots.get(lot.overflow, lot.overflow)}


def _sounds(lot: Lot, names: Names) -> str:
    music = _("Callers hear %(music)s.") % {"music": names.music.get(lot.music, lot.music)}
    told = [music if lot.music else _("Callers hear the PBX’s own hold music.")]
    hears = {
        Side.CALLER: _("Who takes a call hears %(tone)s first."),
        Side.CALLEE: _("A caller who is taken hears %(tone)s first."),
        Side.BOTH: _("Both hear %(tone)s when a call is taken."),
    }
    if lot.courtesy_tone and lot.courtesy_to in hears:
        told.append(hears[lot.courtesy_to] % {"tone": lot.courtesy_tone})
    return " ".join(told)


def _outside(lot: Lot) -> str:
    if not lot.door.numbers:
        return ""
    text = _("From outside: dial %(numbers)s and then the slot.")
    if lot.door.pin_hash:
        text = _("From outside: dial %(numbers)s, then the PIN, then the slot.")
    return text % {"numbers": _(" or ").join(lot.door.numbers)}


def _reach(lot: Lot) -> str:
    if not lot.separate:
        return ""
    return _("Only phones whose context includes %(context)s reach it.") % {"context": lot.public_context}
