"""An authenticator app in a test's hand."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User


def code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or ``steps`` of 30 s later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def other_than(*codes: str) -> str:
    """A code that is none of these."""
    return next(f"{number:06}" for number in range(1_000_000) if f"{number:06}" not in codes)


def wrong(secret: str) -> str:
    """A code that does not fit now, whatever clocks do."""
    return other_than(*(code(secret, step) for step in range(-3, 4)))


def give(user: User) -> tuple[str, list[str]]:
    """Switch it on for somebody: the secret and the recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes: Any = RecoveryCodes.activate(user)
    return secret, codes.get_unused_codes()


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type="totp").exists())
