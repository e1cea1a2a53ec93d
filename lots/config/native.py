"""The collisions Asterisk's own parking refuses, found before it is asked.

After ``parking_lot_cfg_create_extensions`` in res/res_parking.c. One collision makes it delete the extensions of *all*
lots, often without a word in the log; so it must be known before a file is written.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lots.config.clash import Clash
from lots.config.dialplan_view import HINT, Dialplan, Found, Step
from lots.types.words import gettext_noop

OWNER = "res_parking"
"""Registrar of what parking itself writes; the lines of one lot have ``res_parking/<lot>``."""
BUCKETS = 37
"""Asterisk keeps lots in a hash table of that size and walks it bucket by bucket, which is the order of creation."""

PARKS = ("Park", "ParkedCall")
"""The applications parking's own lines run."""

IN_DIALPLAN = gettext_noop(
    "{lot}: Asterisk would refuse {number}, because {exten} in context {context} has that number already ({owner})."
)
IN_LOT = gettext_noop(
    "{lot}: Asterisk would refuse {number}, because the lot {other} has that number in context {context}."
)
IN_SHARED = gettext_noop(
    "{lot}: Asterisk would refuse {number}, a park code that other lots share in context {context}."
)
HINTED = gettext_noop(
    "{lot}: Asterisk would refuse the lamp of {number}; context {context} has a hint for it already ({owner})."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeLot:
    """A lot as res_parking.conf has it, ours or somebody else's. Defaults are Asterisk's."""

    name: str
    context: str = "parkedcalls"
    parkext: str = ""
    exclusive: bool = False
    first: int = 701
    last: int = 750
    hints: bool = False


def with_default(lots: Sequence[NativeLot]) -> list[NativeLot]:
    """Where nobody wrote ``[default]`` Asterisk makes one up, with extensions."""
    if any(lot.name == "default" for lot in lots):
        return list(lots)
    return [*lots, NativeLot(name="default", parkext="700")]


def native_conflicts(lots: Sequence[NativeLot], dialplan: Dialplan) -> tuple[Clash, ...]:
    """What the next load of res_parking would refuse; empty: nothing.

    ``dialplan`` comes from ``without_parking``, and is filled here with the lines to come.
    """
    return tuple(clash for lot in in_asterisks_order(lots) if lot.parkext for clash in _create(lot, dialplan))


def without_parking(items: Iterable[Mapping[str, str]]) -> Dialplan:
    """The dialplan (``ShowDialPlan``) as it stands while parking is loaded anew: without parking's own lines."""
    lines: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for index, item in enumerate(items):
        lines.setdefault((item["Context"], item.get("Extension") or f"include {index}"), []).append(item)
    return Dialplan.of(item for group in lines.values() for item in _left(group))


def _left(lines: list[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """What is left of one extension. Asterisk names one registrar for all its lines, that of the lowest priority.

    So a hint and the line under it may be of two owners, and parking's own are known by what they do.
    """
    suspect = of_parking(lines[0].get("Registrar", "")) or lines[0].get("Priority") == "hint"
    return [line for line in lines if not (suspect and line.get("Application") in PARKS) and not _hint(line)]


def _hint(line: Mapping[str, str]) -> bool:
    return line.get("Priority") == "hint" and of_parking(line.get("Registrar", ""))


def of_parking(registrar: str) -> bool:
    """Whether parking itself wrote a line, and takes it away when it is loaded anew."""
    return registrar.partition("/")[0] == OWNER


def without_lots(
    items: Iterable[Mapping[str, str]], names: Collection[str], others: Iterable[NativeLot]
) -> Iterator[Mapping[str, str]]:
    """The dialplan without what parking made for the lots ``names``; a park code that ``others`` share stays."""
    shared = {(lot.context, lot.parkext) for lot in others if not lot.exclusive and lot.name not in names}
    for item in items:
        owner, _slash, lot = item.get("Registrar", "").partition("/")
        goes = lot in names if lot else (item["Context"], item.get("Extension")) not in shared
        if owner != OWNER or not goes:
            yield item


def in_asterisks_order(lots: Iterable[NativeLot]) -> list[NativeLot]:
    """As Asterisk walks its table."""
    return sorted(lots, key=lambda lot: _hash(lot.name) % BUCKETS)


def _hash(name: str) -> int:
    """``ast_str_hash`` in Asterisk's strings.h."""
    value = 5381
    for byte in name.encode():
        value = (value * 33 ^ byte) & 0xFFFFFFFF
    return value & 0x7FFFFFFF


def _create(lot: NativeLot, plan: Dialplan) -> Iterator[Clash]:
    mine = f"{OWNER}/{lot.name}"
    park = Step("Park", lot.name if lot.exclusive else "", mine if lot.exclusive else OWNER)
    context = plan.context(lot.context)
    existing = plan.find(lot.context, lot.parkext)
    if existing is None:
        context.add(lot.parkext, 1, park)
    elif lot.exclusive or (existing.step.registrar, existing.step.application) != (OWNER, "Park"):
        yield _taken(lot, lot.parkext, existing, "park_code")
    for slot in map(str, range(lot.first, lot.last + 1)):
        taken = plan.find(lot.context, slot)
        hinted = plan.find(lot.context, slot, HINT) if lot.hints else None
        if taken or hinted:  # one slot tells it all
            yield _taken(lot, slot, taken, "first_slot") if taken else _hinted(lot, slot, hinted)
            return
        context.add(slot, 1, Step("ParkedCall", f"{lot.name},{slot}", mine))
        if lot.hints:
            context.add(slot, HINT, Step(f"park:{slot}@{lot.context}", "", mine))


def _taken(lot: NativeLot, number: str, existing: Found, field: str) -> Clash:
    if not of_parking(existing.step.registrar):
        return Clash("native_dialplan", _params(lot, number, existing), (lot.name,), (field,), template=IN_DIALPLAN)
    other = existing.step.registrar.partition("/")[2] or existing.step.data
    code, template = ("native_lot", IN_LOT) if other else ("native_shared", IN_SHARED)
    sides = (lot.name, other) if other else (lot.name,)
    return Clash(code, _params(lot, number, existing) | {"other": other}, sides, (field,), template=template)


def _hinted(lot: NativeLot, slot: str, hint: Found | None) -> Clash:
    assert hint is not None  # noqa: S101 - the caller looked; for the type checker
    return Clash("native_hint", _params(lot, slot, hint), (lot.name,), ("first_slot",), template=HINTED)


def _params(lot: NativeLot, number: str, at: Found) -> dict[str, str]:
    owner = at.step.registrar
    return {"lot": lot.name, "number": number, "exten": at.exten, "context": at.context, "owner": owner}
