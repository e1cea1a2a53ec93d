"""Secrets made once and kept in one file only its owner can read."""

import json
import os
import secrets
from dataclasses import replace
from pathlib import Path

from lots.embedded.config import AsteriskConfig


def with_secrets(config: AsteriskConfig, file: Path) -> AsteriskConfig:
    """``config`` with every empty secret filled in from ``file``; new ones are made and added to it."""
    kept = _read(file)
    known = dict(kept)
    accounts = tuple(replace(a, secret=a.secret or _secret(known, f"ami:{a.name}")) for a in config.accounts)
    phones = tuple(
        p if p.kind != "registered" else replace(p, password=p.password or _secret(known, f"phone:{p.number}"))
        for p in config.phones
    )
    if known != kept:
        _write(file, known)
    return replace(config, accounts=accounts, phones=phones)


def _secret(known: dict[str, str], key: str) -> str:
    return known.setdefault(key, secrets.token_hex(16))


def _read(file: Path) -> dict[str, str]:
    try:
        return {str(key): str(value) for key, value in json.loads(file.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _write(file: Path, known: dict[str, str]) -> None:
    """Never readable by others, not even for a moment; and whole or not at all."""
    partial = file.with_suffix(".new")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(known, out)
    partial.replace(file)
