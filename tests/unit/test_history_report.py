"""Reports: which stays count, for whom, and when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from dashboard.history.report import report
from lots.models import LotRight, ParkingLot, Pbx
from tests.kit.logins import login, person, phone
from tests.kit.stays import NOON, stay

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


@pytest.fixture
def shop(pbx: Pbx) -> ParkingLot:
    return ParkingLot.objects.create(pbx=pbx, name="shop", label="Shop", first_slot=801, last_slot=802)


def page(user: User, **query: str) -> dict[str, Any]:
    client = login(user)
    client.cookies["parkinglot_zone"] = "Europe/Berlin"
    answer = client.get("/reports/", query)
    assert answer.status_code == 200
    return {name: value for layer in answer.context for name, value in layer.flatten().items()}


OWN = {"period": "own", "since": "2025-11-25", "until": "2025-11-25"}


def test_figures_of_all_lots_and_of_one(lot: ParkingLot, shop: ParkingLot, rita: User) -> None:
    stay(lot, seconds=30)
    stay(lot, seconds=90, outcome="abandoned")
    stay(shop, seconds=10, outcome="timed_out")
    stay(lot, NOON - DAY)
    shown = page(rita, **OWN)
    total = shown["total"]
    assert (total.parked, total.retrieved, total.abandoned, total.timed_out) == (3, 1, 1, 1)
    assert (total.median, total.long, total.share) == ("30 s", "1 min 30 s", "33.3 %")
    assert [(line.name, line.parked) for line in shown["lots"]] == [("Desk", 2), ("Shop", 1)]
    alone = page(rita, lot=str(shop.pk), **OWN)
    assert alone["total"].parked == 1
    assert [line.name for line in alone["lots"]] == ["Shop"]
    assert f"&lot={shop.pk}" in alone["history"]


def test_lots_one_may_not_see_are_in_no_figure(lot: ParkingLot, shop: ParkingLot, rita: User) -> None:
    LotRight.objects.create(lot=shop, group=Group.objects.create(name="Directors"))
    stay(lot)
    stay(shop)
    shown = page(rita, **OWN)
    assert shown["total"].parked == 1
    assert [line.name for line in shown["lots"]] == ["Desk"]
    assert "total" not in page(rita, lot=str(shop.pk), **OWN)


def test_an_hour_that_comes_twice_counts_once(lot: ParkingLot) -> None:
    """When clocks go back, 02:30 is two moments; when they go forward it is none."""
    for hour in (0, 1, 2):
        stay(lot, datetime(2026, 10, 25, hour, 30, tzinfo=UTC))
        stay(
            lot, datetime(2026, 3, 29, hour - 1, 30, tzinfo=UTC) if hour else datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
        )
    autumn = report([lot], datetime(2026, 10, 25, tzinfo=BERLIN), datetime(2026, 10, 26, tzinfo=BERLIN), NOON, BERLIN)
    spring = report([lot], datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 3, 30, tzinfo=BERLIN), NOON, BERLIN)
    assert {hour: of.parked for hour, of in enumerate(autumn.hours) if of.parked} == {2: 2, 3: 1}
    assert {hour: of.parked for hour, of in enumerate(spring.hours) if of.parked} == {0: 1, 1: 1, 3: 1}


@pytest.mark.parametrize(("period", "days"), [("today", 1), ("7", 7), ("30", 30), ("", 7)])
def test_periods_are_whole_days_and_end_today(lot: ParkingLot, rita: User, period: str, days: int) -> None:
    first = timezone.now().astimezone(BERLIN).date() - timedelta(days=days - 1)
    begin = datetime(first.year, first.month, first.day, tzinfo=BERLIN)
    stay(lot, begin, 1)
    stay(lot, begin - timedelta(seconds=1), 1)
    shown = page(rita, **({"period": period} if period else {}))
    assert shown["since"] == first
    assert shown["total"].parked == 1


def test_a_range_of_ones_own_needs_both_days(rita: User) -> None:
    shown = page(rita, period="own", since="2025-11-25")
    assert "Choose a day." in str(shown["form"].errors["until"])
    assert "total" not in shown
    assert "total" not in page(rita, period="own", since="x", until="2025-11-25")
    assert page(rita, **OWN)["until"] == date(2025, 11, 25)


def test_full_counts_who_came_before_and_who_is_still_there(shop: ParkingLot) -> None:
    """The lot has two slots. A day begins with both taken, and ends with both taken."""
    begin, now = NOON, NOON + timedelta(hours=1)
    stay(shop, begin - timedelta(minutes=5), 6 * 60, slot=801)
    stay(shop, begin - 2 * DAY, None, slot=802)
    stay(shop, begin - 3 * DAY, 60, slot=801)
    stay(shop, now - timedelta(minutes=2), None, slot=801)
    made = report([shop], begin, begin + DAY, now, BERLIN)
    assert made.lots[0].full == pytest.approx(60 + 120, abs=0.01)
    assert made.total.parked == 1, "who came before is no call of this day"


def test_people_are_one_person_on_the_phone_and_on_the_board(lot: ParkingLot, rita: User, ron: User) -> None:
    """Rita owns the phone 201. A number that another PBX has too says its own name."""
    stay(lot, parker_number="201", parker_name="Desk 201", retrieved_by=rita, retriever_number="999")
    stay(lot, parker_number="201", parker_name="Desk 201", retriever_number="201", retriever_name="Desk 201")
    stay(lot, outcome="abandoned", parker_name="", parker_number="", parker_device="PJSIP/7", retriever_number="")
    stay(lot, parker_name="", parker_number="", retriever_number="")
    made = report([lot], NOON - DAY, NOON + DAY, NOON, BERLIN)
    assert [(line.name, line.count) for line in made.parkers] == [("Rita Desk", 2), ("", 1), ("PJSIP/7", 1)]
    assert [(line.name, line.count) for line in made.takers] == [("Rita Desk", 2), ("", 1)]
    phone(Pbx.objects.create(name="elsewhere"), "201", ron)
    made = report([lot], NOON - DAY, NOON + DAY, NOON, BERLIN)
    assert [line.name for line in made.takers] == ["", "Desk 201 (201)", "Rita Desk"]


def test_many_people_are_cut_short(lot: ParkingLot, rita: User) -> None:
    for number in range(18):
        stay(lot, parker_name=f"P{number:02d}", parker_number="")
    parkers = page(rita, **OWN)["parkers"]
    assert len(parkers["lines"]) == 15
    assert parkers["rest"] == "3"


def test_nobody_parked_is_said(lot: ParkingLot, rita: User) -> None:
    client = login(person("root", is_superuser=True))
    assert "Nobody was parked" in client.get("/reports/").content.decode()
