"""What could be published, what is wanted, what runs. Synchronous ORM code; the publisher does the work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from lots.config.clash import clashes
from lots.config.conf import ConfFile
from lots.config.diff import Difference, Kind, differences, texts
from lots.config.gate import UnsafeValue
from lots.config.render import render
from lots.config.setup import Setup
from lots.models import Pbx, Publication
from lots.publish.setup import setup_of
from lots.publish.stored import Unreadable, files_of, setup_of_publication, setup_stored, stored
from lots.publish.translated import clash_words, translated
from lots.publish.words import sentences

State = Publication.State
UNDER_WAY = (State.WANTED, State.RUNNING)
LONGEST_NAME = 150
"""Characters of an author's name that are kept: PostgreSQL refuses more, and a full name may have 301."""
STALE = timedelta(minutes=5)
"""A wish this old is nobody's any more: who made it has seen that nothing happened."""


EMPTY = Setup()


class CannotPublish(Exception):  # noqa: N818  (an answer)
    """One sentence for the person who wants to publish."""


@dataclass(frozen=True, slots=True)
class Change:
    """``owner`` is ``lot:<name>``, ``music:<name>``, or ``""`` for what all lots share."""

    owner: str
    kind: Kind
    sentence: str


@dataclass(frozen=True)
class Pending:
    """What publishing now would change, against what was published last."""

    pbx: Pbx
    before: Mapping[str, ConfFile]
    after: Mapping[str, ConfFile]
    """Equal to ``before`` when there are problems that let nothing be rendered."""
    problems: tuple[str, ...] = ()
    """Sentences; while there are any nothing can be published."""
    was: Setup = EMPTY
    now: Setup = EMPTY
    """What ``before`` and ``after`` were made of."""
    unreadable: bool = False
    """What was published last cannot be read any more; ``before`` is empty then, and nobody knows what differs."""

    def __bool__(self) -> bool:
        return bool(self.found or self.problems or self.unreadable)

    @cached_property
    def found(self) -> tuple[Difference, ...]:
        """Whose configuration differs. Who only watches, and never published, has nothing to publish."""
        if self.unreadable or (not self.before and self.now == EMPTY):
            return ()
        return differences(self.before, self.after)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The same with words."""
        if self.unreadable:
            told = _("What was published last cannot be read any more, so everything is written anew.")
            return (Change("", "changed", told),)
        words = sentences(self.pbx, self.found, self.was, self.now)
        return tuple(Change(one.owner, one.kind, text) for one, text in zip(self.found, words, strict=True))

    @cached_property
    def diffs(self) -> dict[str, str]:
        """File name -> unified diff, of files that differ."""
        return texts(self.before, self.after)


def pending(pbx: Pbx) -> Pending:
    """Compare what the database says now with the newest live publication."""
    last = live(pbx)
    before, unreadable = _published(last)
    try:
        setup = setup_of(pbx)
        problems = tuple(clash_words(clash) for clash in clashes(setup))
        return Pending(pbx, before, render(setup), problems, setup_of_publication(last), setup, unreadable)
    except UnsafeValue as error:
        return Pending(pbx, before, before, (translated(error),), unreadable=unreadable)


def _published(last: Publication | None) -> tuple[Mapping[str, ConfFile], bool]:
    """Its files, and whether they cannot be read any more."""
    try:
        return files_of(last), False
    except Unreadable:
        return {}, True


def returning(pbx: Pbx, older: Publication) -> Pending:
    """What bringing back ``older`` would change. Raises ``CannotPublish`` when nobody can."""
    if older.pbx_id != pbx.pk:
        raise CannotPublish(_("That publication was not one of this PBX."))
    if not older.files:
        raise CannotPublish(_("That publication is too old: its text is not kept any more."))
    try:
        after = files_of(older)
    except Unreadable as error:
        raise CannotPublish(_("That publication cannot be used any more: %s") % error) from error
    last = live(pbx)
    before, unreadable = _published(last)
    return Pending(pbx, before, after, (), setup_of_publication(last), setup_of_publication(older), unreadable)


def live(pbx: Pbx) -> Publication | None:
    """What was published last and works."""
    return pbx.publications.filter(state=State.LIVE).first()


def want(pbx: Pbx, user: User | None, returns_to: Publication | None = None, *, name: str = "") -> Publication:
    """Ask for a publication (of an older one's files, when that is named); the bridge does it.

    ``name`` stands for the author when there is no user. Raises ``CannotPublish`` when one is under way, when
    something is wrong with the lots, or nobody would do it.
    """
    if not is_served(pbx):
        raise CannotPublish(_("The bridge does not run, so nothing can be published. Start it (manage.py bridge)."))
    return make(pbx, user, returns_to, name=name)


def is_served(pbx: Pbx) -> bool:
    """Whether a bridge serves it at this moment."""
    return Pbx.objects.filter(~Q(lease_holder=""), pk=pbx.pk, lease_until__gt=Now()).exists()


@transaction.atomic
def make(pbx: Pbx, user: User | None, returns_to: Publication | None = None, *, name: str = "") -> Publication:
    """The row, waiting to be done; ``name`` when there is no user. Raises ``CannotPublish``."""
    Pbx.objects.select_for_update().get(pk=pbx.pk)
    close_interrupted(pbx)
    refuse_second(pbx)
    what = returning(pbx, returns_to) if returns_to else pending(pbx)
    if what.problems:
        raise CannotPublish(" ".join(what.problems))
    return Publication.objects.create(
        pbx=pbx,
        author=user,
        author_name=((user.get_full_name() or user.get_username()) if user else name)[:LONGEST_NAME],
        files=stored(what.after),
        setup=setup_stored(what.now),
        summary=[change.sentence for change in what.changes],
        returns_to=returns_to,
    )


def refuse_second(pbx: Pbx) -> None:
    """Raise ``CannotPublish`` with the name of who is at it."""
    other = pbx.publications.filter(state__in=UNDER_WAY).first()
    if other:
        who = other.author_name or _("Somebody")
        raise CannotPublish(_("%s is publishing at this moment. Try again when that is done.") % who)


def close_interrupted(pbx: Pbx, *, lock_is_ours: bool = False) -> None:
    """End publications nobody will end: whose process has died, and wishes nobody heard in time.

    While somebody else has the publisher's lock, one that runs is theirs.
    """
    rows = pbx.publications.filter(state=State.RUNNING)
    if not lock_is_ours:
        rows = rows.exclude(pbx__publisher_until__gt=Now())
    message = _(
        "Interrupted: the process that published has ended, or could not reach the database. "
        "What the PBX has is compared and shown."
    )
    rows.update(state=State.FAILED, ended_at=timezone.now(), message=message)
    late = pbx.publications.filter(state=State.WANTED, made_at__lt=Now() - STALE)
    message = _("Nobody was there to publish it within five minutes. Try again.")
    late.update(state=State.FAILED, ended_at=timezone.now(), message=message)


def progress(publication: Publication) -> dict[str, Any]:
    """How it goes, as of now."""
    publication.refresh_from_db(fields=["state", "step", "done", "total", "message", "ended_at"])
    return {
        "state": publication.state,
        "step": publication.step,
        "done": publication.done,
        "total": publication.total,
        "message": publication.message,
        "ended": publication.ended_at is not None,
    }
