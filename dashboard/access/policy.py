"""For whom a second factor is a must (``SECOND_FACTOR``), and who lacks it."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User


def must_have(user: User) -> bool:
    """Whether this person has to have one. Who has no password here logs in elsewhere, where such rules are made."""
    if settings.SECOND_FACTOR == "optional" or not user.has_usable_password():
        return False
    return settings.SECOND_FACTOR == "all" or user.is_staff or user.is_superuser


def lacking(users: Iterable[User]) -> set[int]:
    """Which of them must have one and have none."""
    must = {user.pk for user in users if must_have(user)}
    if not must:
        return set()
    having = Authenticator.objects.filter(user__in=must, type=Authenticator.Type.TOTP)
    return must - set(having.values_list("user_id", flat=True))
