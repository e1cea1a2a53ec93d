"""Who may see which lot and take calls from it: every combination of permission, group and row."""

from dataclasses import dataclass
from itertools import product

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries

from dashboard.audience import ACTS, Audience
from dashboard.orders import Refused, order_of
from dashboard.rights import Viewer, current
from lots.models import LotRight, ParkingLot, Pbx
from tests.kit.logins import person, phone, viewer

pytestmark = pytest.mark.django_db

Row = tuple[bool, bool] | None
"""See and retrieve as a group's row says; None: the group has no row."""
ROWS: list[Row] = [None, *product([True, False], repeat=2)]


@dataclass(frozen=True)
class Kind:
    """What a user is: in which of the two groups, with which permissions."""

    groups: tuple[bool, bool]
    see: bool
    retrieve: bool
    superuser: bool

    def may(self, rows: tuple[Row, Row]) -> tuple[bool, bool]:
        """The rule once more, in words of its own."""
        if self.superuser:
            return True, True
        mine = [row for row, member in zip(rows, self.groups, strict=True) if row is not None and member]
        open_to_all = rows == (None, None)
        see = self.see and (open_to_all or any(row[0] for row in mine))
        return see, see and self.retrieve and (open_to_all or any(row[1] for row in mine))


KINDS = [
    Kind(groups, see, retrieve, superuser)
    for groups in product([True, False], repeat=2)
    for see, retrieve, superuser in product([True, False], repeat=3)
]


@pytest.fixture
def teams(db: None) -> list[Group]:
    return [Group.objects.create(name=name) for name in ("North", "South")]


@pytest.fixture
def lots(pbx: Pbx, teams: list[Group]) -> dict[tuple[Row, Row], ParkingLot]:
    """One lot for every combination of rows."""
    made = {}
    for number, rows in enumerate(product(ROWS, repeat=2)):
        lot = ParkingLot.objects.create(pbx=pbx, name=f"l{number}", label=f"L{number}", first_slot=1, last_slot=2)
        for team, row in zip(teams, rows, strict=True):
            if row is not None:
                LotRight.objects.create(lot=lot, group=team, see=row[0], **dict.fromkeys(ACTS, row[1]))
        made[rows] = lot
    return made


def someone(kind: Kind, teams: list[Group], name: str) -> Viewer:
    user = person(name, is_superuser=kind.superuser)
    user.groups.set([team for team, member in zip(teams, kind.groups, strict=True) if member])
    acts = dict.fromkeys(ACTS.values(), kind.retrieve)
    wanted = {"view_parkinglot": kind.see, **acts}
    user.user_permissions.set(Permission.objects.filter(codename__in=[c for c, given in wanted.items() if given]))
    return viewer(user)


def test_every_combination(lots: dict[tuple[Row, Row], ParkingLot], teams: list[Group]) -> None:
    people = {kind: someone(kind, teams, f"p{number}") for number, kind in enumerate(KINDS)}
    rights = current(people.values())
    for kind, who in people.items():
        audience = rights[who].lots
        for rows, lot in lots.items():
            for act in ACTS:
                assert (lot.pk in audience.see, audience.may(act, lot.pk)) == kind.may(rows), (kind, rows, act)


def test_people_with_the_same_rights_are_one_audience(
    lots: dict[tuple[Row, Row], ParkingLot], teams: list[Group], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    north = Kind((True, False), see=True, retrieve=True, superuser=False)
    people = [someone(north, teams, f"p{number}") for number in range(30)]
    with django_assert_max_num_queries(12):
        rights = current(people)
    assert len({id(rights[who].lots) for who in people}) == 1


def test_a_lot_that_is_not_known_is_out_of_reach() -> None:
    assert 1 not in Audience().see


def test_a_group_that_narrows_a_lot_cannot_be_deleted(lot: ParkingLot, teams: list[Group]) -> None:
    """Without its rows the lot would be open to everybody."""
    LotRight.objects.create(lot=lot, group=teams[0])
    with pytest.raises(ProtectedError):
        teams[0].delete()


def refusal(who: Viewer, lot: int) -> str:
    message = {"type": "retrieve", "command": "c1", "lot": lot, "slot": 703, "uniqueid": "u1", "phone": None}
    try:
        order_of(who, message, "socket", "channel")
    except Refused as refused:
        return str(refused)
    return ""


def test_every_combination_at_the_click(
    lots: dict[tuple[Row, Row], ParkingLot], teams: list[Group], pbx: Pbx, roles: None
) -> None:
    for number, groups in enumerate(product([True, False], repeat=2)):
        kind = Kind(groups, see=True, retrieve=True, superuser=False)
        who = someone(kind, teams, f"p{number}")
        phone(pbx, f"30{number}", User.objects.get(pk=who.user))
        for rows, lot in lots.items():
            assert refusal(who, lot.pk) == ("" if kind.may(rows)[1] else "forbidden"), (kind, rows)
        assert refusal(who, 10**9) == "forbidden", "a lot that is not there is refused in the same words"


def test_a_row_taken_away_counts_at_the_next_click(lot: ParkingLot, rita: User) -> None:
    """Whether or not any hub has heard of it."""
    who = viewer(rita)
    assert not refusal(who, lot.pk)
    row = LotRight.objects.create(lot=lot, group=Group.objects.get(name="Receptionists"))
    assert not refusal(who, lot.pk)
    LotRight.objects.filter(pk=row.pk).update(retrieve=False)
    assert refusal(who, lot.pk) == "forbidden"
    LotRight.objects.filter(pk=row.pk).update(retrieve=True, see=False)
    assert refusal(who, lot.pk) == "forbidden"
