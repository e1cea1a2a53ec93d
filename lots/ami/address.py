"""Where Asterisk is and who we are there: ``ami://user:secret@host:5038`` or ``amis://`` for TLS."""

import re
import ssl
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

PORTS = {"ami": 5038, "amis": 5039}
LONGEST = 500
"""Bytes of a user or secret: Asterisk takes no line over 1024."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class AmiAddress:
    """One AMI account. Raises ``ValueError`` with a sentence that never repeats any part of the secret."""

    user: str
    secret: str = field(repr=False)
    host: str
    port: int = PORTS["ami"]
    tls: bool = False
    ca: str = ""
    """Path of a PEM file to trust instead of the system's authorities; ``""``: the system's."""

    def __post_init__(self) -> None:
        _check_word("user", self.user)
        _check_word("secret", self.secret)
        if not self.host or _UNPRINTABLE.search(self.host) or " " in self.host:
            raise ValueError("The AMI address names no host, or one with spaces in it.")
        if not 0 < self.port <= _HIGHEST_PORT:
            raise ValueError(f"The port of the AMI address must be a number from 1 to {_HIGHEST_PORT}.")
        if self.ca and not self.tls:
            raise ValueError("A certificate authority (ca=) only makes sense with amis://.")

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a URL; user and secret are percent-decoded, ``?ca=/path.pem`` goes with ``amis://``."""
        parts = _split(url)
        if parts.scheme not in PORTS:
            raise ValueError("The AMI address must start with ami:// or amis://.")
        if parts.path not in {"", "/"} or parts.fragment:
            raise ValueError(
                "Nothing may follow host and port in the AMI address; write / # ? in a secret as %2F %23 %3F.",
            )
        return cls(
            user=unquote(parts.username or ""),
            secret=unquote(parts.password or ""),
            host=parts.hostname or "",
            port=_port(parts),
            tls=parts.scheme == "amis",
            ca=_ca(parts.query),
        )

    @property
    def place(self) -> str:
        """``host:port``, for people."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext | None:
        """None without TLS. Raises ``OSError`` when the ``ca`` file cannot be read."""
        return ssl.create_default_context(cafile=self.ca or None) if self.tls else None


def _split(url: str) -> SplitResult:
    if _UNPRINTABLE.search(url) or url != url.strip():
        # urlsplit() would remove these silently, and so change the secret.
        raise ValueError("The AMI address holds a line end, a control character, or a space around it.")
    try:
        return urlsplit(url)
    except ValueError:
        # The library's own sentence repeats the part with the secret.
        raise ValueError("The AMI address cannot be read; look at the brackets and the host name.") from None


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise ValueError(
            f"The port of the AMI address must be a number from 1 to {_HIGHEST_PORT}; "
            "write : / # ? @ % in user or secret as %3A %2F %23 %3F %40 %25.",
        ) from None
    return PORTS[parts.scheme] if port is None else port


def _ca(query: str) -> str:
    options = dict(parse_qsl(query, keep_blank_values=True))
    ca = options.pop("ca", "")
    if options:
        raise ValueError("The only option of an AMI address is ca; write ? in a secret as %3F.")
    return ca


def _check_word(what: str, value: str) -> None:
    if not value:
        raise ValueError(f"The AMI address has no {what}: write ami://user:secret@host:port.")
    if _UNPRINTABLE.search(value):
        raise ValueError(f"The {what} of the AMI address holds a line end or another control character.")
    if len(value.encode("utf-8", "replace")) > LONGEST:
        raise ValueError(f"The {what} of the AMI address is longer than {LONGEST} bytes.")
