"""Taking in what somebody changed by hand in our file of lots, where a lot here can say the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from lots.ami import AmiClient
from lots.config.conf import FILES, PARKING
from lots.config.content import Content, Pair
from lots.config.taking import FIELDS, Taken, changed
from lots.models import ParkingLot, Pbx
from lots.publish.reader import read_contents
from lots.publish.takeover import music_of


@dataclass(frozen=True, slots=True)
class Change:
    """What a hand edit says of one lot (Asterisk's name); ``words`` are its lines."""

    lot: str
    taken: Taken
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakeIn:
    """``changes`` can become settings; ``others`` are sentences about what cannot."""

    changes: tuple[Change, ...] = ()
    others: tuple[str, ...] = field(default=())


async def read_take_in(ami: AmiClient, published: dict[str, Content]) -> TakeIn:
    """Compare our files on the PBX with what was published. Raises ``AmiError``."""
    there = {file: content or {} for file, content in (await read_contents(ami)).items()}
    return compare(published, there)


def compare(published: dict[str, Content], there: dict[str, Content]) -> TakeIn:
    """Both by file."""
    changes: list[Change] = []
    others = [
        _("%(file)s was changed, and nothing here can say the same; publishing ours undoes that.") % {"file": file}
        for file in FILES
        if file != PARKING and published.get(file, {}) != there.get(file, {})
    ]
    was, now = published.get(PARKING, {}), there.get(PARKING, {})
    for name in [*was, *(name for name in now if name not in was)]:
        if was.get(name) == now.get(name):
            continue
        if name not in was or name not in now:
            others.append(_section(name, is_new=name not in was))
            continue
        change, more = _lot(name, was[name], now[name])
        changes += [change] if change else []
        others += more
    return TakeIn(tuple(changes), tuple(others))


def _section(name: str, *, is_new: bool) -> str:
    if is_new:
        words = _("[%(name)s] was added to our file. Move it to res_parking.conf, reload parking, and take it over.")
    else:
        words = _("[%(name)s] was taken out of our file. Remove the lot here if it is to stay away.")
    return words % {"name": name}


def _lot(name: str, was: tuple[Pair, ...], now: tuple[Pair, ...]) -> tuple[Change | None, list[str]]:
    old, new = dict(was), dict(now)
    odd = {key: value for key, value in new.items() if old.get(key) != value}
    gone = [key for key in old if key not in new]
    said = {key: value for key, value in odd.items() if key in FIELDS and (value or key == "parkedmusicclass")}
    found = changed(said)
    others = [_other(name, f"{key} = {value}") for key, value in odd.items() if key not in said]
    others += [_other(name, f"{key} (removed)") for key in gone]
    others += [_other(name, words) for _code, words in found.notes]
    if not found.values and found.music is None:
        return None, others
    return Change(name, found, tuple(f"{key} = {value}" for key, value in said.items())), others


def _other(name: str, what: str) -> str:
    return _("%(name)s: %(what)s cannot be taken in; publishing ours undoes it.") % {"name": name, "what": what}


@transaction.atomic
def take_in(pbx: Pbx, changes: Iterator[Change] | tuple[Change, ...]) -> list[ParkingLot]:
    """Write them into the lots; the lots that were changed. What runs stays until it is published."""
    done: list[ParkingLot] = []
    for change in changes:
        row = ParkingLot.objects.select_for_update().filter(pbx=pbx, name=change.lot, observed=False).first()
        if row is None:
            continue
        for name, value in change.taken.values.items():
            # Asterisk's own timeout is the reminder of a lot that has one
            setattr(row, "reminder" if name == "timeout" and row.reminder else name, value)
        if change.taken.music is not None:
            row.music = music_of(row, change.taken.music)
        row.save()
        done.append(row)
    return done
