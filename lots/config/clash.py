"""What would collide if a setup were published: two lots that one phone reaches may not mean the same number.

Asterisk itself would refuse some of it by deleting every lot's extensions (``native``), and let the rest pass: the
number would then quietly reach only one of the two.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lots.config.claims import FIELDS, Claim, Kind, claims, grouped, outside_claims
from lots.config.free import Free
from lots.config.setup import Lot, Setup, StepKind, WhenFull
from lots.types.words import gettext_noop

SENTENCES = {
    "codes": gettext_noop("{number} is the {what} of {lot} and the {other_what} of {other}; {free} is free."),
    "own_codes": gettext_noop("{lot}: {number} is both the {what} and the {other_what}; {free} is free."),
    "code_in_slots": gettext_noop(
        "{number}, the {what} of {lot}, is one of the slots {first} to {last} of {other}; {free} is free."
    ),
    "code_in_own_slots": gettext_noop(
        "{lot}: {number}, the {what}, is one of its own slots {first} to {last}; {free} is free."
    ),
    "slots": gettext_noop("{first} to {last} are slots of {other}, and {lot} wants {low} to {high}; free from {free}."),
    "combined": gettext_noop(
        "{number} would reach both {lot} (as {what}) and {other} (as {other_what}); change the {field_word}."
    ),
    "outside": gettext_noop("{number} is an outside number of both {lot} and {other}."),
    "outside_twice": gettext_noop("{lot}: the outside number {number} is there twice."),
    "name": gettext_noop("Two lots are called {number} in Asterisk: {lot} and {other}."),
    "music_name": gettext_noop("Two classes of hold music are called {number} in Asterisk."),
    "too_many": gettext_noop(
        "{number} lots share the common context, and Asterisk finds at most {free}: "
        "mark some as for their own phones only."
    ),
    "overflow_missing": gettext_noop("{lot}: its overflow lot {number} is not one of the published lots."),
    "overflow_itself": gettext_noop("{lot}: it cannot be its own overflow lot."),
    "fallback_missing": gettext_noop(
        "{lot}: its fallback leads to the lot {number}, which is not one of the published lots."
    ),
}
"""By code, in English; the admin translates the template and the words in ``what`` and ``other_what``."""


MOST_SHARED = 400
"""Lots one context may include: Asterisk's search ends after 512 contexts (``AST_PBX_MAX_STACK`` in pbx.h), and the
phones' own contexts count too."""


@dataclass(frozen=True, slots=True)
class Clash:
    """One collision. ``lots`` are Asterisk's names of both sides, the one to change first; ``fields`` are theirs."""

    code: str
    params: dict[str, str] = field(hash=False)
    lots: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    template: str = field(default="", compare=False)
    """Of codes that are not in ``SENTENCES``."""

    @property
    def sentence(self) -> str:
        """In English, for logs and scripts."""
        return (self.template or SENTENCES[self.code]).format_map(self.params)

    @property
    def field(self) -> str:
        """The field of the first lot; ``""``: no single one."""
        return self.fields[0] if self.fields else ""

    def field_of(self, lot: str) -> str:
        """The field of ``lot`` (Asterisk's name) that takes part; ``""``: none."""
        return next((field for name, field in zip(self.lots, self.fields, strict=False) if name == lot), "")


def clashes(setup: Setup) -> tuple[Clash, ...]:
    """Everything in ``setup`` that collides with itself; empty: nothing."""
    common = [lot for lot in setup.lots if not lot.separate]
    alone = [[lot] for lot in setup.lots if lot.separate]
    found = [*_names(setup), *_missing(setup), *_too_many(common)]
    for lots in (common, *alone):
        found += _meetings([claim for lot in lots for claim in claims(lot)])
    found += _meetings([claim for lot in setup.lots for claim in outside_claims(lot)])
    return tuple(dict.fromkeys(found))


def _too_many(common: list[Lot]) -> Iterator[Clash]:
    if len(common) > MOST_SHARED:
        params = {"number": str(len(common)), "free": str(MOST_SHARED)}
        yield Clash("too_many", params, (common[-1].name,), ("separate",))


def title(lot: Lot) -> str:
    """What people call it."""
    return lot.label or lot.name


def _meetings(all_claims: list[Claim]) -> Iterator[Clash]:
    groups = grouped(all_claims)
    free = Free(groups)
    for members in groups.values():
        for earlier, later in _overlaps(members):
            yield _clash(earlier, later, free)


def _overlaps(members: list[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Each claim that overlaps one before it, with the one that reaches farthest: at most one pair a claim."""
    reach: Claim | None = None
    for claim in members:
        if reach is not None and claim.low <= reach.high and not _allowed(reach, claim):
            yield reach, claim
        if reach is None or claim.high > reach.high:
            reach = claim


def _allowed(one: Claim, other: Claim) -> bool:
    """Lots may share a retrieve code; where code and slot meet then, the slots do, and that is said already."""
    shared = one.lot.retrieve_code == other.lot.retrieve_code and one.lot is not other.lot
    return shared and one.kind == other.kind and one.kind in {Kind.RETRIEVE, Kind.COMBINED}


def _clash(one: Claim, other: Claim, free: Free) -> Clash:
    """The side that is to change stands first: the code rather than the slots, else the later of the two."""
    changes, stays = (one, other) if other.kind is Kind.SLOTS and one.kind is not Kind.SLOTS else (other, one)
    code = _code(changes, stays)
    number = max(changes, stays, key=lambda claim: claim.low).first
    params = {
        "number": number,
        "lot": title(changes.lot),
        "what": changes.kind.value,
        "other": title(stays.lot),
        "other_what": stays.kind.value,
        "first": str(stays.lot.first),
        "last": str(stays.lot.last),
        "low": str(changes.lot.first),
        "high": str(changes.lot.last),
        "field_word": Kind.RETRIEVE.value,
        "free": free.instead_of(changes),
    }
    return Clash(code, params, (changes.lot.name, stays.lot.name), (FIELDS[changes.kind], FIELDS[stays.kind]))


def _code(changes: Claim, stays: Claim) -> str:
    own = changes.lot is stays.lot
    match changes.kind, stays.kind:
        case Kind.OUTSIDE, _:
            return "outside_twice" if own else "outside"
        case (Kind.COMBINED, _) | (_, Kind.COMBINED):
            return "combined"
        case Kind.SLOTS, Kind.SLOTS:
            return "slots"
        case _, Kind.SLOTS:
            return "code_in_own_slots" if own else "code_in_slots"
        case _:
            return "own_codes" if own else "codes"


def _names(setup: Setup) -> Iterator[Clash]:
    seen: dict[str, Lot] = {}
    for lot in setup.lots:
        first = seen.setdefault(lot.name, lot)
        if first is not lot:
            params = {"number": lot.name, "lot": title(lot), "other": title(first)}
            yield Clash("name", params, (lot.name, first.name), ("name", "name"))
    for name in _twice(music.name for music in setup.music):
        yield Clash("music_name", {"number": name})


def _twice(names: Iterable[str]) -> list[str]:
    """Of classes of music, which Asterisk tells apart by more than case (``moh_class_cmp``); lots it does not."""
    spelled: dict[str, list[str]] = {}
    for name in names:
        spelled.setdefault(name.lower(), []).append(name)
    return [" / ".join(dict.fromkeys(same)) for same in spelled.values() if len(same) > 1]


def _missing(setup: Setup) -> Iterator[Clash]:
    known = {lot.name for lot in setup.lots}
    for lot in setup.lots:
        params = {"lot": title(lot), "number": lot.overflow}
        if lot.when_full is WhenFull.OVERFLOW and lot.overflow == lot.name:
            yield Clash("overflow_itself", params, (lot.name,), ("overflow",))
        elif lot.when_full is WhenFull.OVERFLOW and lot.overflow not in known:
            yield Clash("overflow_missing", params, (lot.name,), ("overflow",))
        targets = {step.lot for step in lot.steps if step.kind is StepKind.LOT} - known
        for target in sorted(targets):
            yield Clash("fallback_missing", {"lot": title(lot), "number": target}, (lot.name,), ("steps",))
