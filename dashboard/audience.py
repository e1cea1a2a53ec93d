"""Which lots a person may see and take calls from: general permissions, narrowed lot by lot to groups.

A lot without a row of ``LotRight`` is open to all who have the permission in general. With rows a person needs the
permission and, in the row of one of their groups, the right. Superusers need neither. Nobody takes a call they may not
see. People with the same rights share one ``Audience``: what it is told is made once for all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User

from dashboard.form import Form
from lots.models import LotRight, ParkingLot

ACTS = {
    "retrieve": "retrieve_parkedcall",
    "park": "park_parkedcall",
    "page": "page_parkedcall",
    "end": "end_parkedcall",
}
"""What may be done in a lot, as ``LotRight`` names it, and the general permission for it."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Primary keys of lots. A lot made later is in none of the sets until rights are read again."""

    see: frozenset[int] = frozenset()
    retrieve: frozenset[int] = frozenset()
    park: frozenset[int] = frozenset()
    page: frozenset[int] = frozenset()
    end: frozenset[int] = frozenset()
    form: Form = Form.WHOLE
    """How it is told what it sees."""

    def may(self, act: str, lot: int) -> bool:
        """Whether ``act``, a name of ``ACTS``, may be done in ``lot``."""
        allowed: frozenset[int] = getattr(self, act)
        return lot in allowed

    def acts(self, lot: int) -> dict[str, bool]:
        """All of them, as a page is told."""
        return {f"may_{act}": self.may(act, lot) for act in ACTS}


@dataclass(frozen=True, slots=True)
class _Kind:
    """Everything that decides an audience."""

    superuser: bool
    see: bool
    acts: frozenset[str]
    groups: frozenset[int]


def audiences(users: Iterable[User], see: Collection[int], acts: Mapping[str, Collection[int]]) -> dict[int, Audience]:
    """Each user's audience by primary key. ``see`` and ``acts`` say who has the permission in general."""
    users = list(users)
    groups = _groups(user.pk for user in users)
    rows = _rows()
    made: dict[_Kind, Audience] = {}
    found: dict[int, Audience] = {}
    for user in users:
        mine = frozenset(act for act, holders in acts.items() if user.pk in holders)
        kind = _Kind(user.is_superuser, user.pk in see, mine, frozenset(groups[user.pk]))
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
    can = {act: frozenset(pk for pk in see if _allows(kind, rows[pk], act)) for act in kind.acts}
    return Audience(frozenset(see), form=Form.WHOLE, **can)


def _allows(kind: _Kind, rows: list[LotRight], right: str) -> bool:
    return not rows or kind.superuser or any(row.group_id in kind.groups and getattr(row, right) for row in rows)
