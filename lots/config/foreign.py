"""What we are about to publish beside what phones and trunks can dial already: who would answer whose number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lots.config.clash import Clash
from lots.config.content import Content
from lots.config.dialplan_view import Context, Dialplan
from lots.config.meant import steps
from lots.config.patterns import plain
from lots.types.words import Said, gettext_noop

COMMON = "parkinglot"
OUTSIDE = "parkinglot-outside"

CAUGHT = gettext_noop(
    "A phone in the context {phones} that dials {number} ({lot}) would reach {exten} in the context {context} instead"
    "{more}. Asterisk looks at a context's own lines before it looks at what it includes: move {exten} into a context "
    "of its own that is included after {ours}, or choose other numbers."
)
HIDDEN = gettext_noop(
    "{number} ({lot}) would hide {exten} in the context {context}, which phones in {phones} dial today{more}. "
    "Choose other numbers, or remove that line from the PBX."
)
LATE = gettext_noop(
    "{file} on the PBX has [{lot}] once more behind the include of our file, and the last one wins. "
    "Put the #tryinclude line at the end of the file."
)
MUSIC_THERE = gettext_noop(
    "The PBX has a class of hold music called {number} of its own in {file}. Choose another name."
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of ours, and the lot it belongs to (Asterisk's name)."""

    dialled: str
    lot: str


def is_ours(context: str) -> bool:
    """A context that only we write."""
    return context == COMMON or context.startswith("parkinglot-")


def numbers(extensions: Content, context: str) -> list[Number]:
    """What dialling reaches in ``context`` of our file, and in those of ours it includes."""
    lines = extensions.get(context, ())
    found = [Number(exten, _lot(context, data)) for exten, step, (_, data), _ in steps(lines) if step == "1"]
    for name, value in lines:
        if name == "include":
            found += numbers(extensions, value)
    return found


def _lot(context: str, data: str) -> str:
    """A lot has a context of its own; at the door for people outside the lot is the second argument."""
    if context != OUTSIDE:
        return context.removeprefix(f"{COMMON}-")
    arguments = data.partition("(")[2].split(",")
    return arguments[1] if len(arguments) > 1 else ""


def clashes_with(
    plan: Dialplan, extensions: Content, contexts: Sequence[str], ours: str, managed: Mapping[str, str]
) -> Iterator[Clash]:
    """Numbers of our context ``ours`` beside what each of ``contexts`` has. ``managed``: labels of our lots by name.

    ``plan`` is without what parking made for lots that are ours now: that goes with the publication.

    A context that does not include ours has no clash: no phone there reaches us.
    """
    mine = numbers(extensions, ours)
    for name in contexts:
        places = list(plan.reach(name))
        at = next((index for index, place in enumerate(places) if place.name == ours), None)
        if at is None:
            continue
        before = [place for place in places[:at] if not is_ours(place.name)]
        after = [place for place in places[at:] if not is_ours(place.name)]
        yield from _caught(mine, before, name, ours, managed)
        yield from _hidden(mine, after, name, managed)


Hit = tuple[str, str]
"""Context and extension of somebody else."""


def _caught(
    mine: list[Number], places: list[Context], phones: str, ours: str, managed: Mapping[str, str]
) -> Iterator[Clash]:
    hits: dict[Hit, list[Number]] = {}
    for number in mine:
        found = next((hit for place in places for hit in _answers(place, number.dialled)), None)
        if found:
            hits.setdefault(found, []).append(number)
    for hit, caught in hits.items():
        yield _clash("live_caught", CAUGHT, hit, caught, {"phones": phones, "ours": ours}, managed)


def _hidden(mine: list[Number], places: list[Context], phones: str, managed: Mapping[str, str]) -> Iterator[Clash]:
    """Only numbers that stand there as such: that a pattern for the world outside is less wide is what is wanted."""
    literals: dict[str, Hit] = {}
    for place in places:
        for exten, played in place.extensions():
            if not exten.startswith("_") and 1 in played:
                literals.setdefault(exten, (place.name, exten))
    hits: dict[Hit, list[Number]] = {}
    for number in mine:
        if hit := literals.get(plain(number.dialled)):
            hits.setdefault(hit, []).append(number)
    for hit, hiding in hits.items():
        yield _clash("live_hidden", HIDDEN, hit, hiding, {"phones": phones}, managed)


def _answers(place: Context, dialled: str) -> Iterator[Hit]:
    for exten, played in place.candidates(dialled):
        if 1 in played:
            yield place.name, exten


def _clash(  # noqa: PLR0913, PLR0917  (what a sentence is made of)
    code: str, template: str, hit: Hit, met: list[Number], words: Mapping[str, str], managed: Mapping[str, str]
) -> Clash:
    lots = tuple(dict.fromkeys(number.lot for number in met))
    params = {
        "number": met[0].dialled,
        "lot": ", ".join(managed.get(lot, lot) for lot in lots[:3]) + (" ..." if len(lots) > 3 else ""),  # noqa: PLR2004
        "exten": hit[1],
        "context": hit[0],
        "more": Said(gettext_noop(" ({count} numbers in all)"), count=len(met)) if len(met) > 1 else "",
        **words,
    }
    return Clash(code, params, lots, tuple("" for _ in lots), template=template)
