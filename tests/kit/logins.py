"""People with roles, phones and logins, made in the database of the running test."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client

from dashboard.rights import Viewer
from lots.models import Pbx, Phone


def make_roles() -> None:
    """The groups of the migrations, with their rights, made again by them."""
    import_module("lots.migrations.0002_roles").make_roles(apps, None)
    for later in ("0004_administrators_may", "0006_console_roles"):
        import_module(f"lots.migrations.{later}").grant(apps, None)


def person(username: str, role: str = "", **fields: Any) -> User:
    """A user called "Rita Desk" for ``rita``-like names, in the group ``role``."""
    names = {"first_name": username.capitalize(), "last_name": "Desk"}
    user = User.objects.create_user(username, **{**names, **fields})
    if role:
        if not Group.objects.filter(name=role).exists():  # a transactional test before this one emptied the tables
            make_roles()
        user.groups.add(Group.objects.get(name=role))
    return user


def phone(pbx: Pbx, number: str, owner: User | None) -> Phone:
    return Phone.objects.create(pbx=pbx, number=number, name=f"Desk {number}", device=f"PJSIP/{number}", owner=owner)


def login(user: User) -> Client:
    """A browser in which ``user`` is logged in."""
    client = Client()
    client.force_login(user)
    return client


def viewer(user: User) -> Viewer:
    """A new login of ``user`` as the hub knows it."""
    return Viewer(user.pk, str(login(user).session.session_key))


def cookie(session: str) -> tuple[bytes, bytes]:
    """The header by which a browser shows its session."""
    return b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()
