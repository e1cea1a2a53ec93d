"""How the portal is: each thing that is not well is said, with what to do; nobody else may look."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation

from dashboard.condition.facts import Facts, PbxFacts, gather
from dashboard.condition.lines import Level, Line, lines, verdict
from lots.models import BackupMade, Pbx, Publication
from tests.kit.logins import login

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
AGO = NOW - timedelta(hours=3)
GIGABYTE = 1_000_000_000
PBX = PbxFacts(
    pk=1,
    name="Berlin",
    link="hearing",
    since=AGO,
    reason="",
    served_until=NOW + timedelta(seconds=9),
    drift=(),
    compared=AGO,
    drift_error="",
    published="live",
    published_at=AGO,
    publication=7,
)
FINE = Facts(
    now=NOW,
    pbxs=(PBX,),
    database="sqlite",
    database_took=0.001,
    migrations_missing=0,
    redis=None,
    boards=3,
    walls=1,
    free=50 * GIGABYTE,
    size=100 * GIGABYTE,
    backup=NOW - timedelta(days=1),
    backup_name="b.zip",
    version="0.1.0",
)


def line(title: str, **changes: Any) -> Line:
    """One line, of facts that are otherwise fine; changes of the PBX begin with pbx_."""
    pbx = replace(PBX, **{name[4:]: value for name, value in changes.items() if name.startswith("pbx_")})
    facts = replace(FINE, **{name: value for name, value in changes.items() if not name.startswith("pbx_")})
    return next(one for one in lines(replace(facts, pbxs=(pbx,))) if one.title == title)


def test_boards_are_not_counted_as_none_when_nobody_can_be_asked():
    assert line("Open boards").sentence == "3 boards and 1 wall screen are open."
    assert line("Open boards", redis=False).sentence == "Not known while Redis does not answer."


def test_all_is_well():
    found = lines(FINE)
    assert {one.level for one in found} == {Level.WELL}
    assert verdict(found) == "Everything is well"
    assert not any(one.advice for one in found)


@pytest.mark.parametrize(
    ("title", "changes", "level", "says"),
    [
        ("Database", {"migrations_missing": 2}, Level.BROKEN, "SQLite lacks 2 steps"),
        ("Database", {"database_took": 1.25, "database": "postgresql"}, Level.LOOK, "took 1.2 seconds"),
        ("Between the processes", {"redis": False}, Level.BROKEN, "does not answer"),
        ("Between the processes", {"redis": True}, Level.WELL, "Redis answers"),
        ("Bridge", {"pbx_served_until": NOW - timedelta(1)}, Level.BROKEN, "Last at work"),
        ("Bridge", {"pbx_served_until": None}, Level.BROKEN, "Nothing joins"),
        ("Asterisk", {"pbx_served_until": None}, Level.BROKEN, "Nobody listens"),
        ("Asterisk", {"pbx_link": "lost", "pbx_reason": "No route."}, Level.BROKEN, "not heard since"),
        ("Asterisk", {"pbx_link": "refused"}, Level.BROKEN, "refuses"),
        ("Last publication", {"pbx_publication": None}, Level.WELL, "Nothing was published"),
        ("Last publication", {"pbx_published": "returned"}, Level.LOOK, "nothing changed"),
        ("Last publication", {"pbx_published": "failed"}, Level.BROKEN, "It failed"),
        ("Settings on the PBX", {"pbx_drift": ("a.conf",)}, Level.LOOK, "Other than published: a.conf"),
        ("Settings on the PBX", {"pbx_drift_error": "Gone."}, Level.LOOK, "could not be compared: Gone."),
        ("Settings on the PBX", {"pbx_compared": None}, Level.WELL, "Not compared yet"),
        ("Disk", {"free": GIGABYTE // 10}, Level.BROKEN, "are free"),
        ("Disk", {"free": GIGABYTE}, Level.BROKEN, "are free"),
        ("Disk", {"free": 4 * GIGABYTE}, Level.LOOK, "are free"),
        ("Disk", {"free": GIGABYTE, "size": 2 * GIGABYTE}, Level.WELL, "are free"),
        ("Disk", {"free": 30 * GIGABYTE, "size": 9000 * GIGABYTE}, Level.WELL, "are free"),
        ("Last backup", {"backup": None}, Level.LOOK, "No backup"),
        ("Last backup", {"backup": NOW - timedelta(days=9)}, Level.LOOK, "b.zip"),
        ("Last backup", {"backup": NOW - timedelta(days=40)}, Level.BROKEN, "b.zip"),
    ],
)
def test_what_is_not_well_is_said_with_what_to_do(title: str, changes: dict[str, Any], level: Level, says: str):
    one = line(title, **changes)
    assert one.level is level
    assert says in one.sentence
    alone = {"Nobody listens", "could not be compared: Gone."}
    assert bool(one.advice) == (level is not Level.WELL and says not in alone), one
    if "pbx_reason" in changes:
        assert one.advice.endswith("No route.")


def test_several_pbxs_are_told_apart_and_none_is_said():
    two = lines(replace(FINE, pbxs=(PBX, replace(PBX, pk=2, name="Rome", link="lost"))))
    assert [(one.title, one.level) for one in two if one.title.endswith("Asterisk")] == [
        ("Rome: Asterisk", Level.BROKEN),
        ("Berlin: Asterisk", Level.WELL),
    ]
    assert two[0].title == "Rome: Asterisk"
    assert verdict(two) == "Something is broken"
    assert verdict(lines(replace(FINE, pbxs=()))) == "Something should be looked at"


@pytest.mark.django_db(transaction=True)
def test_the_page_says_what_is_so_in_the_readers_language_and_only_to_administrators(pbx: Pbx, alex: User, rita: User):
    Publication.objects.create(pbx=pbx, state="live", ended_at=timezone.now())
    Pbx.objects.update(drift={"a.conf": "-x"}, drift_checked_at=timezone.now())
    BackupMade.objects.create(at=timezone.now(), name="b.zip", bytes=1, seconds=1)
    facts = gather()
    assert (facts.migrations_missing, facts.redis, facts.pbxs[0].published) == (0, None, "live")
    page = login(alex).get("/admin/status/").content.decode()
    for text in ("Something should be looked at", "It is heard since", "Other than published: a.conf", "b.zip"):
        assert text in page
    german = login(alex).get("/admin/status/", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert "Etwas sollten Sie sich ansehen" in german
    assert "Zu hören seit" in german
    User.objects.filter(pk=rita.pk).update(is_staff=True)
    assert login(rita).get("/admin/status/").status_code == 403
    assert login(alex).post("/admin/status/").status_code == 405
    with translation.override("en"):
        assert "How the portal is" in login(alex).get("/admin/").content.decode()
