"""The one way a PIN becomes what is kept of it. The dialplan (``outside``) does the same with Asterisk's ``SHA1()``."""

import re
from hashlib import sha1

from lots.config.gate import UnsafeValue
from lots.types.words import gettext_noop

SALT_BYTES = 16
"""A salt is so many random bytes, as hexadecimal digits."""
NESTED, TURNS = 8, 128
"""Rounds are written ``NESTED`` in one step of the dialplan, which is taken ``TURNS`` times: 25 ms of Asterisk's time.

One step per round takes six times as long, and ``SHA1()`` in itself more than fifteen times is too deep for Asterisk.
"""
ROUNDS = NESTED * TURNS

_PIN = re.compile(r"[0-9]{4,12}")
_SALT = re.compile(rf"[0-9a-f]{{{2 * SALT_BYTES}}}")


def check_pin(pin: str) -> None:
    """Raise ``UnsafeValue`` unless ``pin`` is one that a telephone can type. The PIN is not repeated."""
    if not _PIN.fullmatch(pin):
        raise UnsafeValue(gettext_noop("PIN"), gettext_noop("use 4 to 12 digits."))


def hash_pin(pin: str, salt: str) -> str:
    """The hash that is kept, 40 hexadecimal digits. ``salt`` is 32 of them, new for each PIN.

    SHA-1 is the best that Asterisk's dialplan has; the rounds make trying all PINs of a stolen hash a thousand times
    dearer. A short PIN does not survive that either: what protects it is that the hash stays on the PBX.
    """
    check_pin(pin)
    if not _SALT.fullmatch(salt):
        raise UnsafeValue(gettext_noop("PIN salt"), gettext_noop("{count} hexadecimal digits."), count=2 * SALT_BYTES)
    value = pin
    for _ in range(1 + ROUNDS):
        value = sha1(f"{salt}{value}".encode()).hexdigest()  # noqa: S324  (all that Asterisk can compute)
    return value
