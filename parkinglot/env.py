"""Readers for the environment. A wrong value stops the start with one sentence that names the variable."""

import secrets
import socket
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

HIGHEST_PORT = 65535


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
        path.mkdir(parents=True, exist_ok=True)
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
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(50))
        return kept.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{kept} cannot be used: {error.strerror}. Set SECRET_KEY.") from error


def allowed_hosts(env: environ.Env, bind: str) -> list[str]:
    """``ALLOWED_HOSTS``: names people type to reach the portal. This machine's own are always among them."""
    own = {"localhost", "127.0.0.1", "[::1]", socket.gethostname(), bind}
    return sorted(own | set(env.list("ALLOWED_HOSTS", default=[])))


def database(env: environ.Env, var: Path) -> dict[str, Any]:
    """``DATABASE_URL``: PostgreSQL, or SQLite in ``VAR_DIR`` when unset."""
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{var / 'parkinglot.sqlite3'}"
    try:
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
    else:
        raise ImproperlyConfigured(_BAD_URL)
    config["CONN_MAX_AGE"] = 0
    return config


_BAD_URL = (
    "DATABASE_URL is not understood. Write postgres://user:password@host:5432/name (percent-encode special "
    "characters), sqlite:////absolute/path, or leave it out for SQLite in VAR_DIR."
)
