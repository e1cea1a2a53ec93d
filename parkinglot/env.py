"""Readers for the environment. A wrong value stops the start with one sentence that names the variable."""

import contextlib
import os
import secrets
import socket
import tempfile
import warnings
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from lots.telemetry.access import Access
from lots.telemetry.logs import Json, Line

HIGHEST_PORT = 65535
MOST_DAYS = 36_500


def port(env: environ.Env) -> int:
    """``PORT``: where the portal listens."""
    text = env.str("PORT", default="8000")
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise ImproperlyConfigured(f"PORT must be a number from 1 to {HIGHEST_PORT}, not {text!r}.")
    return int(text)


def var_dir(env: environ.Env, default: Path) -> Path:
    """``VAR_DIR``: everything that is not code lives there. Made when missing."""
    path = Path(env.str("VAR_DIR", default=str(default))).expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)  # sessions and password hashes live in it
    except OSError as error:
        raise ImproperlyConfigured(f"VAR_DIR {path} cannot be made: {error.strerror}. Name another.") from error
    return path


def secret_key(env: environ.Env, var: Path) -> str:
    """``SECRET_KEY``, or one generated once and kept in ``VAR_DIR/secret_key``, readable by its owner only."""
    given: str = env.str("SECRET_KEY", default="")
    if given:
        return given
    kept = var / "secret_key"
    try:
        if not kept.exists():
            _write_once(kept, secrets.token_urlsafe(50))
        return kept.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{kept} cannot be used: {error.strerror}. Set SECRET_KEY.") from error


def sealing_keys(env: environ.Env, kept: Path) -> list[str]:
    """``SEALING_KEY``: what seals the PBXs' passwords in the database, several with commas between, the first seals.

    Left out, one is generated once and kept in ``kept``, and the list is empty.
    """
    given: list[str] = env.list("SEALING_KEY", default=[])
    try:
        for key in given:
            Fernet(key)
        if not given and not kept.exists():
            _write_once(kept, Fernet.generate_key().decode("ascii"))
    except ValueError:
        raise ImproperlyConfigured(
            "SEALING_KEY must be 32 random bytes in URL-safe base64; "
            "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())' makes one."
        ) from None
    except OSError as error:
        raise ImproperlyConfigured(f"{kept} cannot be used: {error.strerror}. Set SEALING_KEY.") from error
    return given


def _write_once(path: Path, text: str) -> None:
    """All of it or nothing, and never over what another process wrote at the same moment."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:  # made for its owner only
        draft.write(text)
        draft.flush()
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)


def switch(env: environ.Env, name: str, *, default: bool) -> bool:
    """An "on" or "off" such as ``DEMO``."""
    text = env.str(name, default="").strip().lower()
    if text in {"on", "1", "true", "yes"}:
        return True
    if text in {"off", "0", "false", "no"}:
        return False
    if text:
        raise ImproperlyConfigured(f"{name} must be on or off, not {text!r}.")
    return default


def one_of(env: environ.Env, name: str, words: tuple[str, ...]) -> str:
    """One of a few words such as ``SECOND_FACTOR``; the first when unset."""
    text: str = env.str(name, default="").strip().lower() or words[0]
    if text not in words:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(words)}, not {text!r}.")
    return text


def count(env: environ.Env, name: str, *, default: int) -> int:
    """A whole number, 1 or more, such as ``PUBLICATIONS_KEPT``."""
    text = env.str(name, default=str(default)).strip()
    if not text.isascii() or not text.isdigit() or not int(text):
        raise ImproperlyConfigured(f"{name} must be a whole number above 0, not {text!r}.")
    return int(text)


def whole_days(env: environ.Env, name: str, *, default: int = 0) -> int:
    """A number of days such as ``HISTORY_DAYS``; 0: for ever, or never."""
    text = env.str(name, default="") or str(default)
    if not text.isascii() or not text.isdigit() or not _is_at_most(text, MOST_DAYS):
        raise ImproperlyConfigured(f"{name} must be a whole number of days from 0 to {MOST_DAYS}, not {text!r}.")
    return int(text)


def _is_at_most(digits: str, most: int) -> bool:
    """Whether a number is; one of thousands of digits is not even read."""
    return len(digits) <= len(str(most)) and int(digits) <= most


def log_level(env: environ.Env) -> str:
    """``LOG_LEVEL``: how much the portal writes to its log."""
    text: str = env.str("LOG_LEVEL", default="INFO").upper()
    if text not in _LOG_LEVELS:
        raise ImproperlyConfigured(f"LOG_LEVEL must be one of {', '.join(_LOG_LEVELS)}, not {text!r}.")
    return text


def log_formatter(env: environ.Env) -> type[Line] | type[Json]:
    """``LOG_FORMAT``: ``line`` for people, ``json`` for machines."""
    text: str = env.str("LOG_FORMAT", default="").lower() or "line"
    if text not in _LOG_FORMATS:
        raise ImproperlyConfigured(f"LOG_FORMAT must be one of {', '.join(_LOG_FORMATS)}, not {text!r}.")
    return _LOG_FORMATS[text]


def journal_level(env: environ.Env) -> str:
    """A line for each stay and each order is for machines, and for who looks closely."""
    return "INFO" if log_formatter(env) is Json or log_level(env) == "DEBUG" else "WARNING"


_LOG_FORMATS: dict[str, type[Line] | type[Json]] = {"line": Line, "json": Json}
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def language(env: environ.Env) -> str:
    """``LANGUAGE_CODE``: the portal's own language, one of ``OFFERED``."""
    text: str = env.str("LANGUAGE_CODE", default="") or "en"
    codes = [code for code, _ in OFFERED]
    if text not in codes:
        raise ImproperlyConfigured(f"LANGUAGE_CODE must be one of {', '.join(codes)}, not {text!r}.")
    return text


OFFERED = (("en", "English"), ("de", "Deutsch"))


def time_zone(env: environ.Env) -> str:
    """``TIME_ZONE``: the clock on the wall there, such as Europe/Berlin; quiet hours of paging go by it."""
    text: str = env.str("TIME_ZONE", default="") or "UTC"
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(f"TIME_ZONE must be a time zone such as Europe/Berlin, not {text!r}.") from None
    return text


def redis_url(env: environ.Env) -> str:
    """``REDIS_URL``: needed when web and bridge are processes of their own; ``""`` when unset."""
    text: str = env.str("REDIS_URL", default="")
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured("REDIS_URL is not understood. Write redis://host:6379/0, or leave it out.")
    return text


def allowed_hosts(env: environ.Env, bind: str) -> list[str]:
    """``ALLOWED_HOSTS``: names people type to reach the portal. This machine's own are always among them."""
    own = {"localhost", "127.0.0.1", "[::1]", socket.gethostname(), bind}
    return sorted(own | set(env.list("ALLOWED_HOSTS", default=[])))


def networks(env: environ.Env, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses or networks such as ``TRUSTED_PROXIES``, comma-separated; none when unset."""
    texts = [text.strip() for text in env.str(name, default="").split(",")]
    try:
        return tuple(ip_network(text) for text in texts if text)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} must be addresses or networks such as 10.0.0.5,192.168.7.0/24, not {','.join(texts)!r}."
        ) from None


def metrics_access(env: environ.Env, *, behind_proxy: bool) -> Access:
    """``METRICS_TOKEN`` and ``METRICS_ALLOW``: who may read figures; nobody when unset."""
    token: str = env.str("METRICS_TOKEN", default="")
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise ImproperlyConfigured(f"METRICS_TOKEN must be {SHORTEST_TOKEN} or more letters, digits and signs.")
    return Access(token, networks(env, "METRICS_ALLOW"), behind_proxy)


SHORTEST_TOKEN = 20


def metrics_port(env: environ.Env, access: Access) -> int:
    """``METRICS_PORT``: where the bridge answers Prometheus; 0 when unset."""
    found = count(env, "METRICS_PORT", default=1) if env.str("METRICS_PORT", default="") else 0
    if found > HIGHEST_PORT:
        raise ImproperlyConfigured(f"METRICS_PORT must be a number from 1 to {HIGHEST_PORT}, not {found}.")
    if found and not access:
        raise ImproperlyConfigured("METRICS_PORT needs METRICS_TOKEN or METRICS_ALLOW: who may ask there?")
    return found


def database(env: environ.Env, var: Path) -> dict[str, Any]:
    """``DATABASE_URL``: PostgreSQL, or SQLite in ``VAR_DIR`` when unset."""
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{var / 'parkinglot.sqlite3'}"
    try:
        with warnings.catch_warnings(action="ignore"):  # they repeat the password
            config: dict[str, Any] = environ.Env.db_url_config(url)
    except Exception as error:
        raise ImproperlyConfigured(_BAD_URL) from error
    engine = config.get("ENGINE", "")
    if engine.endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        config["TEST"] = {"NAME": str(var / "test.sqlite3")}
    elif engine.endswith("postgresql") and config.get("NAME"):
        # A thread serves each request: connections are pooled, never kept by a thread.
        config["OPTIONS"] = {"pool": {"min_size": 2, "max_size": 10, "timeout": 10}, "connect_timeout": 5}
        config["CONN_HEALTH_CHECKS"] = True  # or after a restart of the database each old connection is one error page
    else:
        raise ImproperlyConfigured(_BAD_URL)
    config["CONN_MAX_AGE"] = 0
    return config


_BAD_URL = (
    "DATABASE_URL is not understood. Write postgres://user:password@host:5432/name (percent-encode special "
    "characters), sqlite:////absolute/path, or leave it out for SQLite in VAR_DIR."
)
