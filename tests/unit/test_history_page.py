"""The history page: who sees which stays, searching and filtering, whole days of the viewer's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lots.models import LotRight, ParkingLot, Pbx
from tests.kit.logins import login, person
from tests.kit.stays import NOON, stay

pytestmark = pytest.mark.django_db
PAGES = ["/history/", "/history/stays.csv", "/reports/", "/reports/figures.csv"]


@pytest.fixture
def secret(pbx: Pbx, rita: User) -> ParkingLot:
    """A lot of others than Rita's."""
    lot = ParkingLot.objects.create(pbx=pbx, name="board", label="Boardroom", first_slot=801, last_slot=802)
    LotRight.objects.create(lot=lot, group=Group.objects.create(name="Directors"))
    return lot


def browser(user: User, zone: str = "") -> Client:
    client = login(user)
    if zone:
        client.cookies["parkinglot_zone"] = zone
    return client


def found(client: Client, **query: Any) -> set[str]:
    """Names of the callers on the page."""
    answer = client.get("/history/", query)
    assert answer.status_code == 200
    assert not answer.context["form"].errors, answer.context["form"].errors
    return {row.caller_name for row in answer.context["page"].rows}


@pytest.mark.parametrize("page", PAGES)
def test_only_who_may_looks_back(page: str, rita: User, sam: User) -> None:
    assert Client().get(page).headers["Location"] == f"/login/?next={page}"
    assert login(sam).get(page).status_code == 403
    assert login(rita).get(page).status_code == 200
    assert login(rita).post(page).status_code == 405
    assert "no-store" in login(rita).get(page).headers["Cache-Control"]


def test_the_menu_leads_there_only_who_may(rita: User, sam: User) -> None:
    assert 'href="/history/"' in login(rita).get("/").content.decode()
    assert 'href="/history/"' not in login(sam).get("/").content.decode()


def test_a_lot_one_may_not_see_has_no_past_either(lot: ParkingLot, secret: ParkingLot, rita: User) -> None:
    stay(lot, caller_name="Ours")
    hidden = stay(secret, caller_name="Theirs", caller_number="555")
    client = browser(rita)
    assert found(client) == {"Ours"}
    for guess in ({"q": "Theirs"}, {"caller": "555"}, {"call": hidden.uniqueid}):
        assert found(client, **guess) == set(), guess
    answer = client.get("/history/", {"lot": secret.pk})
    assert "There is no such lot, or you may not see it." in answer.content.decode()
    assert answer.context["page"].rows == []
    assert "Boardroom" not in answer.content.decode()
    assert client.get("/history/stays.csv", {"lot": secret.pk}).status_code == 302


def test_who_has_lost_the_right_to_see_sees_nothing_of_the_past(lot: ParkingLot, rita: User) -> None:
    stay(lot)
    Group.objects.get(name="Receptionists").permissions.remove(Permission.objects.get(codename="view_parkinglot"))
    assert found(browser(rita)) == set()


def test_directors_and_superusers_see_their_lots(lot: ParkingLot, secret: ParkingLot, rita: User) -> None:
    stay(lot, caller_name="Ours")
    stay(secret, caller_name="Theirs")
    rita.groups.add(Group.objects.get(name="Directors"))
    assert found(browser(rita)) == found(browser(person("root", is_superuser=True))) == {"Ours", "Theirs"}
    assert found(browser(rita), lot=secret.pk) == {"Theirs"}


def test_a_removed_lot_keeps_its_past(lot: ParkingLot, rita: User) -> None:
    stay(lot, caller_name="Ours")
    ParkingLot.objects.update(retired=True, present=False, on_board=False)
    assert found(browser(rita), lot=lot.pk) == {"Ours"}


@pytest.mark.parametrize("kept", ["+493012345", "00493012345", "03012345", "+49 (30) 123-45"])
@pytest.mark.parametrize("typed", ["+493012345", "+49 (0)30 / 123 45", "0049 30 12345", "030-12345", "12345"])
def test_a_number_is_found_in_any_spelling(lot: ParkingLot, rita: User, kept: str, typed: str) -> None:
    stay(lot, caller_name="Wanted", caller_number=kept)
    stay(lot, caller_name="Other", caller_number="+498912399")
    assert found(browser(rita), q=typed) == {"Wanted"}


@pytest.mark.parametrize(
    "typed",
    [
        "wanted",
        "WANTED özgür",
        "ÖZGÜR",
        "özg",
        "front",
        "front 203",
        "203",
        "ute",
        "Ute Click",
        "weber",
        "100% sure",
        "201",
    ],
)
def test_words_are_found_wherever_they_stand(lot: ParkingLot, rita: User, typed: str) -> None:
    stay(
        lot,
        caller_name="Wanted Özgür",
        retriever_number="201",
        retrieved_by=person("ute", last_name="Click"),
        note="It is 100% sure",
        for_name="Dr. Weber",
    )
    stay(lot, caller_name="Other", parker_name="Ann", parker_number="204", note="100 times sure")
    assert found(browser(rita), q=typed) == {"Wanted Özgür"}


def test_words_must_all_be_there(lot: ParkingLot, rita: User) -> None:
    stay(lot, caller_name="Maria Keller", note="invoice")
    stay(lot, caller_name="Maria Lee")
    assert found(browser(rita), q="maria invoice") == {"Maria Keller"}
    assert found(browser(rita), q="maria nobody") == set()


def test_by_ending_and_by_waiting(lot: ParkingLot, rita: User) -> None:
    now = timezone.now()
    stay(lot, now - timedelta(minutes=9), 119, caller_name="Short")
    stay(lot, now - timedelta(minutes=9), 121, caller_name="Long", outcome="abandoned")
    stay(lot, now - timedelta(minutes=9), None, caller_name="Waits long")
    stay(lot, now - timedelta(minutes=1), None, caller_name="Waits short")
    client = browser(rita)
    assert found(client, outcome="abandoned") == {"Long"}
    assert found(client, outcome="open") == {"Waits long", "Waits short"}
    assert found(client, waited=120) == {"Long", "Waits long"}
    assert found(client, waited=120, outcome="abandoned", q="long") == {"Long"}


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        ("Europe/Berlin", "2025-11-25", (2025, 11, 24, 23), (2025, 11, 25, 23)),
        ("Europe/Berlin", "2026-03-29", (2026, 3, 28, 23), (2026, 3, 29, 22)),  # a day of 23 hours
        ("Europe/Berlin", "2026-10-25", (2026, 10, 24, 22), (2026, 10, 25, 23)),  # a day of 25 hours
        ("America/Los_Angeles", "2025-11-25", (2025, 11, 25, 8), (2025, 11, 26, 8)),
        ("Asia/Calcutta", "2025-11-25", (2025, 11, 24, 18, 30), (2025, 11, 25, 18, 30)),
        ("", "2025-11-25", (2025, 11, 25), (2025, 11, 26)),
        ("../../etc/passwd", "2025-11-25", (2025, 11, 25), (2025, 11, 26)),
    ],
)
def test_a_day_is_the_viewers(
    lot: ParkingLot, rita: User, zone: str, day: str, first: tuple[int, ...], last: tuple[int, ...]
) -> None:
    begin, end = (datetime(*moment, tzinfo=UTC) for moment in (first, last))  # type: ignore[arg-type, misc]
    moment = timedelta(microseconds=1)
    for name, at in {"too early": begin - moment, "first": begin, "last": end - moment, "too late": end}.items():
        stay(lot, at, caller_name=name)
    assert found(browser(rita, zone), since=day, until=day) == {"first", "last"}


def test_times_are_written_in_the_viewers_zone(lot: ParkingLot, rita: User) -> None:
    stay(lot, datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    text = browser(rita, "Europe/Berlin").get("/history/").content.decode()
    assert "2 Jul 2026, 00:30" in text
    assert "Times are those of Europe/Berlin." in text
    assert timezone.get_current_timezone_name() == "UTC", "the next visitor has a zone of their own"


def test_pages_of_fifty_newest_first(lot: ParkingLot, rita: User) -> None:
    for number in range(101):
        stay(lot, NOON + timedelta(seconds=number), caller_name=f"{number}")
    client = browser(rita)
    first = client.get("/history/", {"lot": lot.pk})
    names = [row.caller_name for row in first.context["page"].rows]
    assert names == [str(number) for number in range(100, 50, -1)]
    assert "1–50 of 101 stays" in first.content.decode()
    assert first.context["page"].newer == ""
    last = client.get("/history/" + first.context["page"].older.replace("page=2", "page=3"))
    assert [row.caller_name for row in last.context["page"].rows] == ["0"]
    assert "101–101 of 101 stays" in last.content.decode()
    assert (last.context["page"].older, last.context["page"].newer) == ("", f"?lot={lot.pk}&page=2")


@pytest.mark.parametrize("page", ["0", "-1", "x", "٣", "99999999999999999999", "99999", ""])
def test_pages_that_are_none_hurt_nobody(lot: ParkingLot, rita: User, page: str) -> None:
    stay(lot)
    assert browser(rita).get("/history/", {"page": page}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-13-01"},
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"since": "2026-02-01", "until": "2026-01-01"},
        {"lot": "x"},
        {"lot": "99999999999999999999999"},
        {"outcome": "x"},
        {"waited": "-1"},
        {"q": "x" * 101},
        {"q": "a\0b"},
        {"caller": "\0"},
    ],
)
def test_a_filter_that_is_none_is_said_and_shows_nothing(lot: ParkingLot, rita: User, query: dict[str, str]) -> None:
    stay(lot)
    answer = browser(rita).get("/history/", query)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert answer.context["page"].rows == []
    assert browser(rita).get("/history/stays.csv", query).status_code == 302


def test_a_row_leads_to_the_callers_other_stays(lot: ParkingLot, rita: User) -> None:
    stay(lot, caller_name="Now")
    stay(lot, NOON - timedelta(days=9), caller_name="Then")
    nameless = [stay(lot, caller_name="", caller_number="", uniqueid="u.1", note="a"), stay(lot, caller_number="7")]
    client = browser(rita)
    rows = {row.note or row.caller_name: row for row in client.get("/history/").context["page"].rows}
    assert found(client, caller="+493012345") == {"Now", "Then"}
    assert rows["Now"].earlier == "caller=%2B493012345"
    assert rows["a"].earlier == f"call={nameless[0].uniqueid}"
    assert "Only the stays of +493012345." in client.get("/history/", {"caller": "+493012345"}).content.decode()


def test_a_missed_call_that_was_settled_says_by_whom_and_how(lot: ParkingLot, rita: User) -> None:
    stay(lot, outcome="abandoned", called_back_at=NOON, called_back_by=rita, remark="gets the invoice")
    text = browser(rita).get("/history/").content.decode()
    assert "25 Nov 2025, 12:00</time>, Rita Desk" in text
    assert "gets the invoice" in text


def test_what_became_of_a_call_that_waited_too_long_is_told(lot: ParkingLot, rita: User) -> None:
    back = {"outcome": "timed_out", "came_at": datetime(2025, 11, 25, 12, 5, tzinfo=UTC)}
    stay(lot, came="answered", came_name="Eva Desk", came_number="204", parker_name="Ann", **back)
    assert "Answered by Eva Desk (204)" in browser(rita).get("/history/").content.decode()
    assert found(browser(rita), q="eva desk") == {"Maria Keller"}
    stay(lot, came="hung_up", **back)
    stay(lot, came="unanswered", **back)
    text = browser(rita).get("/history/").content.decode()
    assert "Caller hung up, " in text
    assert "Nobody answered, " in text


def test_who_was_moved_has_waited_longer_than_in_the_last_slot(lot: ParkingLot, rita: User) -> None:
    stay(lot, seconds=60)
    assert "in all" not in browser(rita).get("/history/").content.decode()
    stay(lot, seconds=60, waiting_since=NOON - timedelta(seconds=65))
    assert '1 min 0 s<span class="settled">2 min 5 s in all' in browser(rita).get("/history/").content.decode()


def test_what_callers_are_called_is_never_markup(lot: ParkingLot, rita: User) -> None:
    evil = "<script>alert(1)</script>"
    stay(lot, caller_name=evil, note=evil, for_name=evil, parker_name=evil, retriever_name=evil)
    for page in ("/history/", "/reports/?period=own&since=2025-11-25&until=2025-11-25"):
        text = browser(rita).get(page).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text
        assert " style=" not in text


def test_empty_pages_say_why(lot: ParkingLot, rita: User) -> None:
    assert "Nothing to look back on yet" in browser(rita).get("/history/").content.decode()
    assert "Nothing fits" in browser(rita).get("/history/", {"q": "x"}).content.decode()


def test_fifty_rows_cost_no_more_queries_than_one(
    lot: ParkingLot, rita: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        stay(lot, NOON + timedelta(seconds=number), retrieved_by=rita, outcome="abandoned", called_back_by=rita)
    client = browser(rita)
    with django_assert_max_num_queries(14):
        client.get("/history/")
