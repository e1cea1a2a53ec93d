"""Which lots a person may see and take calls from: general permissions, narrowed lot by lot to groups.

A lot without a row of ``LotRight`` is open to all who have the permission in general. With rows a person needs the
permission and, in the row of one of their groups, the right. Superusers need neither. Nobody takes a call they may not
see. People with the same rights share one ``Audience``: what it is told is made once for all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from lots.models import LotRight, ParkingLot


@dataclass(frozen=True, slots=True)
class Audience:
    """Primary keys of lots. A lot made later is in neither set until rights are read again."""

    see: frozenset[int] = frozenset()
    retrieve: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Kind:
    """Everything that decides an audience."""

    superuser: bool
    see: bool
    retrieve: bool
    groups: frozenset[int]


def audiences(users: Iterable[User], see: Collection[int], retrieve: Collection[int]) -> dict[int, Audience]:
    """Each user's audience by primary key. ``see`` and ``retrieve`` hold who has the permission in general."""
    users = list(users)
    groups = _groups(user.pk for user in users)
    rows = _rows()
    made: dict[_Kind, Audience] = {}
    found: dict[int, Audience] = {}
    for user in users:
        kind = _Kind(user.is_superuser, user.pk in see, user.pk in retrieve, frozenset(groups[user.pk]))
        if kind not in made:
            made[kind] = _audience(kind, rows)
        found[user.pk] = made[kind]
    return found


def _groups(users: Iterable[int]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for user, group in User.groups.through.objects.filter(user__in=list(users)).values_list("user", "group"):
        found[user].add(group)
    return found


def _rows() -> dict[int, list[LotRight]]:
    """Every lot with its rows."""
    rows: dict[int, list[LotRight]] = {pk: [] for pk in ParkingLot.objects.values_list("pk", flat=True)}
    for row in LotRight.objects.all():
        rows.setdefault(row.lot_id, []).append(row)
    return rows


def _audience(kind: _Kind, rows: dict[int, list[LotRight]]) -> Audience:
    see = {pk for pk, own in rows.items() if kind.see and _allows(kind, own, "see")}
    retrieve = {pk for pk in see if kind.retrieve and _allows(kind, rows[pk], "retrieve")}
    return Audience(frozenset(see), frozenset(retrieve))


def _allows(kind: _Kind, rows: list[LotRight], right: str) -> bool:
    return not rows or kind.superuser or any(row.group_id in kind.groups and getattr(row, right) for row in rows)
