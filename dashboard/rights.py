"""Who may see and do what. Plain synchronous functions; asked again at every command."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from dashboard.audience import ACTS, Audience, audiences
from dashboard.messages import Me
from lots.bridge.facts import person, phone_facts
from lots.bridge.messages import PhoneFacts
from lots.models import Phone


@dataclass(frozen=True, slots=True)
class Viewer:
    """A login: the user and the session it came by."""

    user: int
    session: str


@dataclass(frozen=True, slots=True)
class Rights:
    """What a viewer may do now. Lots are named by primary key; one that is not named is out of reach."""

    name: str
    see: bool
    """Whether they may see a board at all."""
    acts: frozenset[str]
    """What they may do where the lot allows it: names of ``audience.ACTS``."""
    phones: tuple[tuple[int, str, str], ...]
    """Primary key, number and name of the phones that may be rung for them."""
    lots: Audience
    user: int = 0

    @property
    def retrieve(self) -> bool:
        """Whether they may retrieve where the lot allows it."""
        return "retrieve" in self.acts

    @property
    def me(self) -> Me:
        """The viewer as their page is told."""
        return {
            "id": self.user,
            "name": self.name,
            "may_retrieve": self.retrieve,
            "demo": settings.DEMO and self.retrieve,
            "phones": [{"id": pk, "number": number, "name": name} for pk, number, name in self.phones],
        }


def _rights(users: dict[int, User]) -> dict[int, Rights]:
    """The rights of active users: a handful of queries for any number of them."""
    see = _having("lots.view_parkinglot", users)
    acts = {act: _having(f"lots.{permission}", users) for act, permission in ACTS.items()}
    phones: defaultdict[int | None, list[tuple[int, str, str]]] = defaultdict(list)
    for phone in Phone.objects.filter(owner__in=users):
        phones[phone.owner_id].append((phone.pk, phone.number, phone.name))
    lots = audiences(users.values(), see, acts)
    can = {pk: frozenset(act for act, holders in acts.items() if pk in holders) for pk in users}
    return {pk: Rights(person(user), pk in see, can[pk], tuple(phones[pk]), lots[pk], pk) for pk, user in users.items()}


def _having(permission: str, users: Iterable[int]) -> set[int]:
    holders = User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")
    return set(holders.filter(pk__in=users).values_list("pk", flat=True))


def current(viewers: Iterable[Viewer]) -> dict[Viewer, Rights]:
    """The rights of those whose login still counts; the others are left out."""
    asked = set(viewers)
    users = User.objects.filter(pk__in={v.user for v in asked}, is_active=True).in_bulk()
    sessions = Session.objects.filter(pk__in={v.session for v in asked}, expire_date__gt=timezone.now()).in_bulk()
    rights = _rights(users)
    return {
        viewer: rights[viewer.user]
        for viewer in asked
        if viewer.user in rights and _fits(sessions.get(viewer.session), users[viewer.user])
    }


def _fits(session: Session | None, user: User) -> bool:
    """Whether the session still belongs to the user's present password."""
    if session is None:
        return False
    known = session.get_decoded().get(HASH_SESSION_KEY, "")
    return constant_time_compare(known, user.get_session_auth_hash())


def phone_to_ring(user: int, phone: int | None) -> PhoneFacts | None:
    """The phone asked for if it is the user's, their first one when none is asked for."""
    mine = Phone.objects.filter(owner_id=user)
    found = mine.filter(pk=phone).first() if phone is not None else mine.first()
    return phone_facts(found) if found else None
