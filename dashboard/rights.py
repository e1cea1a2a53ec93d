"""Who may see and do what. Plain synchronous functions; asked again at every command."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from dashboard.access.policy import lacking
from dashboard.audience import ACTS, Audience, audiences
from dashboard.messages import Me, OwnPhone
from lots.bridge.facts import person, phone_facts
from lots.bridge.messages import PhoneFacts
from lots.models import Phone


@dataclass(frozen=True, slots=True)
class Viewer:
    """A login: the user and the session it came by."""

    user: int
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a viewer may do now. Lots are named by primary key; one that is not named is out of reach."""

    name: str
    see: bool
    """Whether they may see a board at all."""
    acts: frozenset[str]
    """What they may do where the lot allows it: names of ``audience.ACTS``."""
    phones: tuple[OwnPhone, ...]
    """The phones that may be rung for them."""
    lots: Audience
    user: int = 0
    report: bool = False
    """Whether they may look back at calls of the past."""

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
            "may_look_back": self.report,
            "demo": settings.DEMO and self.retrieve,
            "phones": list(self.phones),
        }


SEE, REPORT = "view_parkinglot", "report_parkedcall"


def _rights(users: dict[int, User]) -> dict[int, Rights]:
    """The rights of active users: a handful of queries for any number of them."""
    holders = _holders({SEE, REPORT, *ACTS.values()}, users)
    see, report = holders[SEE], holders[REPORT]
    acts = {act: holders[permission] for act, permission in ACTS.items()}
    phones: defaultdict[int | None, list[OwnPhone]] = defaultdict(list)
    for phone in Phone.objects.filter(owner__in=users):
        phones[phone.owner_id].append(phone_shown(phone))
    lots = audiences(users.values(), see, acts)
    can = {pk: frozenset(act for act, holders in acts.items() if pk in holders) for pk in users}
    return {
        pk: Rights(person(user), pk in see, can[pk], tuple(phones[pk]), lots[pk], pk, pk in report)
        for pk, user in users.items()
    }


def _holders(permissions: Iterable[str], users: dict[int, User]) -> dict[str, set[int]]:
    """Who of ``users`` has each permission of ours: by themselves, by a group, or as a superuser.

    As ``User.objects.with_perm`` says it, in two queries instead of a large one for each permission.
    """
    everywhere = {pk for pk, user in users.items() if user.is_superuser}
    found = {permission: set(everywhere) for permission in permissions}
    wanted = {"permission__codename__in": list(found), "permission__content_type__app_label": "lots"}
    own = User.user_permissions.through.objects.filter(user__in=users, **wanted)
    theirs = Group.permissions.through.objects.filter(group__user__in=users, **wanted)
    for pk, permission in own.values_list("user", "permission__codename"):
        found[permission].add(pk)
    for pk, permission in theirs.values_list("group__user", "permission__codename"):
        found[permission] |= {pk} & users.keys()
    return found


def current(viewers: Iterable[Viewer]) -> dict[Viewer, Rights]:
    """The rights of those whose login still counts; the others are left out."""
    asked = set(viewers)
    users = User.objects.filter(pk__in={v.user for v in asked}, is_active=True).in_bulk()
    sessions = Session.objects.filter(pk__in={v.session for v in asked}, expire_date__gt=timezone.now()).in_bulk()
    for pk in lacking(users.values()):
        del users[pk]
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


def phone_shown(phone: Phone) -> OwnPhone:
    """A phone as pages are told of it."""
    return {"id": phone.pk, "pbx": phone.pbx_id, "number": phone.number, "name": phone.name}


def phone_to_ring(user: int, phone: int | None, pbx: int) -> PhoneFacts | None:
    """The phone asked for if it is the user's, their first one when none is asked for; on ``pbx`` in any case.

    A phone of theirs on another PBX stands for the first one here: people choose among the phones on their desk.
    """
    mine = list(Phone.objects.filter(owner_id=user))
    if phone is not None and phone not in {one.pk for one in mine}:
        return None
    here = [one for one in mine if one.pbx_id == pbx]
    here.sort(key=lambda one: one.pk != phone)  # the one asked for before the first
    return phone_facts(here[0]) if here else None
