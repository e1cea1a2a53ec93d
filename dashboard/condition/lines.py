"""Facts in, lines out: nothing is asked here. A line says how one thing is, and what to do where it is not well."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from dashboard.condition.facts import Facts, PbxFacts

SLOW = 0.5
"""Seconds after which a database is slow: a page asks it a dozen times."""
LITTLE, VERY_LITTLE = 0.1, 0.02
"""Parts of the disk."""
ENOUGH, TOO_LITTLE = 5_000_000_000, 500_000_000
"""Bytes that are enough, or too little, whatever the disk's size."""
OLD_BACKUP, VERY_OLD_BACKUP = timedelta(days=8), timedelta(days=35)
"""A weekly one was forgotten; a monthly one, too."""


class Level(IntEnum):
    """How bad it is."""

    WELL = 0
    LOOK = 1
    BROKEN = 2

    @property
    def word(self) -> str:
        """Beside the sign: nobody has to tell colours apart."""
        return _(_WORDS[self])

    @property
    def icon(self) -> str:
        """In ``static/icons.svg``."""
        return ("well", "warn", "close")[self]


_WORDS = {
    Level.WELL: gettext_noop("Well"),
    Level.LOOK: gettext_noop("Look at this"),
    Level.BROKEN: gettext_noop("Broken"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """``at`` stands behind the sentence; ``advice`` says what to do, ``link`` leads where it is done."""

    title: str
    level: Level
    sentence: str
    at: datetime | None = None
    advice: str = ""
    link: str = ""
    link_text: str = ""


def lines(facts: Facts) -> list[Line]:
    """What is worst first, else in the order in which things depend on each other."""
    found = [_database(facts), _between(facts)]
    if not facts.pbxs:
        found.append(_no_pbx())
    for pbx in facts.pbxs:
        found += _of_pbx(pbx, facts)
    found += [_boards(facts), _disk(facts), _backup(facts), _version(facts)]
    return sorted(found, key=lambda line: -line.level)


def verdict(found: list[Line]) -> str:
    """The page's first word."""
    worst = max(line.level for line in found)
    return (_("Everything is well"), _("Something should be looked at"), _("Something is broken"))[worst]


def _database(facts: Facts) -> Line:
    title, name = _("Database"), {"postgresql": "PostgreSQL", "sqlite": "SQLite"}.get(facts.database, facts.database)
    if facts.migrations_missing:
        count, advice = facts.migrations_missing, _("Run “manage.py migrate”, then start the portal again.")
        sentence = ngettext(
            "%(name)s lacks %(count)d step of the last upgrade.",
            "%(name)s lacks %(count)d steps of the last upgrade.",
            count,
        )
        return Line(title, Level.BROKEN, sentence % {"name": name, "count": count}, advice=advice)
    if facts.database_took > SLOW:
        sentence = _("%(name)s is slow: it took %(seconds).1f seconds.") % {
            "name": name,
            "seconds": facts.database_took,
        }
        return Line(
            title,
            Level.LOOK,
            sentence,
            advice=_("See what else keeps that machine busy, and whether its disk is full."),
        )
    return Line(title, Level.WELL, _("%s answers.") % name)


def _between(facts: Facts) -> Line:
    title = _("Between the processes")
    if facts.redis is None:
        return Line(title, Level.WELL, _("The portal is one process; no Redis is needed."))
    if facts.redis:
        return Line(title, Level.WELL, _("Redis answers."))
    advice = _("Start Redis. Until then boards show nothing new, and clicks do nothing; phones work on.")
    return Line(title, Level.BROKEN, _("Redis does not answer."), advice=advice)


def _no_pbx() -> Line:
    link = reverse("admin:lots_pbx_changelist")
    return Line("Asterisk", Level.LOOK, _("No PBX is in use."), advice=_("Name one."), link=link, link_text=_("PBXs"))


def _of_pbx(pbx: PbxFacts, facts: Facts) -> Iterator[Line]:
    several = len(facts.pbxs) > 1

    def titled(title: str) -> str:
        return f"{pbx.name}: {title}" if several else title

    served = pbx.served_until is not None and pbx.served_until > facts.now
    yield _bridge(titled(_("Bridge")), pbx, served=served)
    yield _link(titled("Asterisk"), pbx, served=served)
    yield _published(titled(_("Last publication")), pbx)
    yield _drift(titled(_("Settings on the PBX")), pbx)


def _bridge(title: str, pbx: PbxFacts, *, served: bool) -> Line:
    if served:
        return Line(title, Level.WELL, _("It is at work: what happens on the phones gets here."))
    advice = _(
        "Start the portal’s service on its machine (or “manage.py bridge”). Phones and parked calls work on meanwhile."
    )
    sentence = (
        _("Nothing joins the portal to this PBX. Last at work:")
        if pbx.served_until
        else _("Nothing joins the portal to this PBX.")
    )
    return Line(title, Level.BROKEN, sentence, pbx.served_until, advice)


def _link(title: str, pbx: PbxFacts, *, served: bool) -> Line:
    check = {"link": reverse("admin:lots_check_pbx", args=[pbx.pk]), "link_text": _("Check the PBX")}
    if not served:
        return Line(title, Level.BROKEN, _("Nobody listens to it, since the bridge is not at work."))
    if pbx.link == "hearing":
        return Line(title, Level.WELL, _("It is heard since"), pbx.since)
    reason = f" {pbx.reason.rstrip('.')}." if pbx.reason else ""
    if pbx.link == "refused":
        sentence, advice = (
            _("It refuses the portal’s account since"),
            _("Compare user and password with manager.conf on the PBX."),
        )
    else:
        sentence, advice = (
            _("It is not heard since"),
            _("See whether the PBX runs, and whether the network lets the portal reach it."),
        )
    return Line(title, Level.BROKEN, sentence, pbx.since, advice + reason, **check)


def _published(title: str, pbx: PbxFacts) -> Line:
    if pbx.publication is None:
        return Line(title, Level.WELL, _("Nothing was published so far."))
    look: dict[str, Any] = {
        "link": reverse("admin:lots_publication_change", args=[pbx.publication]),
        "link_text": _("Show it"),
    }
    if pbx.published == "live":
        return Line(title, Level.WELL, _("It went well:"), pbx.published_at, **look)
    if pbx.published == "returned":
        advice = _("What was published before runs on. Read why, and publish again.")
        return Line(title, Level.LOOK, _("It failed, and nothing changed:"), pbx.published_at, advice, **look)
    return Line(title, Level.BROKEN, _("It failed:"), pbx.published_at, _("Read why, and publish again."), **look)


def _drift(title: str, pbx: PbxFacts) -> Line:
    look: dict[str, Any] = {"link": reverse("admin:lots_pbx_drift", args=[pbx.pk]), "link_text": _("Compare")}
    if pbx.drift_error:
        return Line(title, Level.LOOK, _("They could not be compared:") + f" {pbx.drift_error}", pbx.compared, **look)
    if pbx.drift:
        advice = _("Somebody changed them there. Look what differs; then publish again, or take the change over.")
        sentence = _("Other than published: %s. Compared:") % ", ".join(pbx.drift)
        return Line(title, Level.LOOK, sentence, pbx.compared, advice, **look)
    if pbx.compared is None:
        return Line(title, Level.WELL, _("Not compared yet."), **look)
    return Line(title, Level.WELL, _("As published. Compared:"), pbx.compared)


def _boards(facts: Facts) -> Line:
    if facts.redis is False:
        return Line(_("Open boards"), Level.WELL, _("Not known while Redis does not answer."))
    boards = ngettext("%d board", "%d boards", facts.boards) % facts.boards
    walls = ngettext("%d wall screen", "%d wall screens", facts.walls) % facts.walls
    sentence = _("%(boards)s and %(walls)s are open.") % {"boards": boards, "walls": walls}
    return Line(_("Open boards"), Level.WELL, sentence)


def _disk(facts: Facts) -> Line:
    part, words = (
        facts.free / max(1, facts.size),
        {"free": filesizeformat(facts.free), "size": filesizeformat(facts.size)},
    )
    sentence = _("%(free)s of %(size)s are free where the portal keeps its files.") % words
    if facts.free < TOO_LITTLE or (part < VERY_LITTLE and facts.free < ENOUGH):
        advice = _(
            "Make room now: without it calls are not written down and boards stop. Old backups and logs are a start."
        )
        return Line(_("Disk"), Level.BROKEN, sentence, advice=advice)
    if part < LITTLE and facts.free < ENOUGH:
        return Line(_("Disk"), Level.LOOK, sentence, advice=_("Make room, or let “tidy_history” forget old calls."))
    return Line(_("Disk"), Level.WELL, sentence)


def _backup(facts: Facts) -> Line:
    title, advice = (
        _("Last backup"),
        _("Let the machine run “manage.py backup FILE” every night, and keep the file elsewhere."),
    )
    if facts.backup is None:
        return Line(title, Level.LOOK, _("No backup was made so far."), advice=advice)
    age, sentence = facts.now - facts.backup, _("%s, made:") % facts.backup_name
    if age > VERY_OLD_BACKUP:
        return Line(title, Level.BROKEN, sentence, facts.backup, advice)
    if age > OLD_BACKUP:
        return Line(title, Level.LOOK, sentence, facts.backup, advice)
    return Line(title, Level.WELL, sentence, facts.backup)


def _version(facts: Facts) -> Line:
    sentence = _("Parkinglot %s.") % facts.version
    if facts.ami_versions:
        sentence += " " + _("Asterisk’s interface: %s.") % ", ".join(facts.ami_versions)
    return Line(_("Version"), Level.WELL, sentence)
