"""Passwords at rest: sealed with a key that is not in the database, so a stolen copy of it opens no PBX.

The first key seals, all of them open; ``manage.py rotate_secrets`` seals everything anew with the first. Fernet
(AES-128-CBC with HMAC-SHA256) is the ``cryptography`` package's ready-made way. The file of keys is read each time, so
that processes which run meanwhile follow a rotation.
"""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _


class CannotOpen(Exception):  # noqa: N818  (an answer)
    """What was sealed cannot be opened with the keys there are; the sentence says what to do."""


def seal(text: str) -> str:
    """``text`` as it is kept in the database; nothing stays nothing."""
    return _keys().encrypt(text.encode()).decode("ascii") if text else ""


def unseal(kept: str) -> str:
    """What ``seal`` was given. Raises ``CannotOpen``."""
    try:
        return _keys().decrypt(kept.encode()).decode() if kept else ""
    except InvalidToken:
        raise CannotOpen(
            _("The stored password was sealed with a key that is not there any more. Type it again.")
        ) from None


def reseal(kept: str) -> str:
    """The same, sealed with the first key. Raises ``CannotOpen``."""
    return seal(unseal(kept))


def new_key_in_file() -> None:
    """Put a new key before those in the file. Raises ``OSError``."""
    _write([Fernet.generate_key().decode("ascii"), *_in_file()])


def forget_old_keys() -> None:
    """Leave only the first key in the file. Raises ``OSError``."""
    _write(_in_file()[:1])


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SEALING_KEYS or _in_file()])


def _in_file() -> list[str]:
    return Path(settings.SEALING_KEY_FILE).read_text(encoding="ascii").split()


def _write(keys: list[str]) -> None:
    """All of it or nothing, readable by its owner only."""
    path = Path(settings.SEALING_KEY_FILE)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text("\n".join(keys) + "\n", encoding="ascii")
    os.replace(draft, path)  # noqa: PTH105  (atomic)
