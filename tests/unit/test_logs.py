"""Logs say which call, lot, order and user it was about; never a secret, never who called."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from lots.telemetry.logs import FIELDS, Json, Line, about, secrets_in
from lots.types import events
from tests.kit.pbx_model import START
from tests.kit.portal import BASE
from tests.kit.served import BOB, Served

SECRETS = ["tok-en-of-some-length", *secrets_in(["ami://user:pa%20ss%2Fword@host:5038", "redis://host/0", ""])]


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """Everything the portal logs, as JSON, down to the last word."""
    out = io.StringIO()
    handler, log = logging.StreamHandler(out), logging.getLogger("lots")
    handler.setFormatter(Json(SECRETS))
    journal = logging.getLogger("lots.journal")
    levels = log.level, journal.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    journal.setLevel(logging.INFO)
    yield out
    log.removeHandler(handler)
    log.setLevel(levels[0])
    journal.setLevel(levels[1])


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.django_db(transaction=True)
async def test_a_call_and_its_orders_are_found_by_its_id_and_nobody_is_named(
    served: Served, rita: Any, heard: io.StringIO
):
    await served.retrieve(rita.pk, lot_name="nowhere")
    await served.codes("moved")
    await served.hear(events.GaveUp(call=BOB, at=START), events.HungUp(uniqueid="u1", channel="", cause=16, at=START))
    await served.ear.until("change")
    await served.retrieve(rita.pk)
    await served.codes("not_parked")
    await served.ear.next()
    about_bob = [line for line in lines(heard) if line.get("call") == BOB.uniqueid]
    orders = [line for line in about_bob if line["message"] == "Order ended."]
    assert [(line["kind"], line["code"], line["user"], line["slot"]) for line in orders] == [
        ("retrieve", "moved", rita.pk, 703),
        ("retrieve", "not_parked", rita.pk, 703),
    ]
    assert orders[0]["command"] == "c1"
    left = next(line for line in about_bob if line["message"] == "Left the slot.")
    assert (left["pbx"], left["lot"], left["slot"]) == ("main", BOB.lot, 703)
    for word in ("Bob", "5551001", "Rita", rita.username):
        assert word not in heard.getvalue()


def record(message: str, *args: object, error: BaseException | None = None, **extra: Any) -> logging.LogRecord:
    made = logging.LogRecord(
        "lots.x", logging.ERROR, "", 1, message, args, (type(error), error, None) if error else None
    )
    made.__dict__.update(extra)
    return made


@pytest.mark.parametrize("kind", [Line, Json])
def test_secrets_and_rows_a_database_quotes_are_left_out(kind: type[Line] | type[Json]):
    one = kind(SECRETS)
    error = IntegrityError("refused\nDETAIL:  Failing row contains (1, Bob Caller,\n5551001, x).\nCONTEXT:  Bob\n")
    for text in ("pa%20ss%2Fword", "pa ss/word", "tok-en-of-some-length"):
        said = one.format(record("Cannot use %s.", text, error=error))
        assert text not in said
        assert "refused" in said
        assert "Bob" not in said
        assert "5551001" not in said
    assert "a host" in one.format(record("a host: ")), "a secret of no letters hides nothing"


def test_a_line_is_one_line_and_only_known_fields_get_in():
    with about(pbx="main", call="1.2", slot=0, user=None), about(lot="desk", caller="Bob"):
        told = json.loads(Json().format(record("two\nlines", code="done", caller="Bob", taskName="x")))
        plain = Line().format(record("one"))
    assert (told["message"], told["level"], told["logger"]) == ("two\nlines", "ERROR", "lots.x")
    assert {name: told[name] for name in FIELDS if name in told} == {
        "pbx": "main",
        "lot": "desk",
        "slot": 0,
        "call": "1.2",
        "code": "done",
    }
    assert "Bob" not in json.dumps(told)
    assert plain.endswith("ERROR lots.x: one [pbx=main lot=desk slot=0 call=1.2]")
    assert "[" not in Line().format(record("one"))


PRIVATE = {
    *("caller", "caller_name", "caller_number", "parker_name", "parker_number", "retriever_name", "retriever_number"),
    *("note", "for_name", "for_whom", "remark", "secret", "password", "token", "session_key", "pin", "pin_hash"),
    *("watch_sealed", "publish_sealed", "unseal", "user_name", "username", "SECRET_KEY"),
}


def test_no_line_of_ours_is_given_a_name_a_number_or_a_secret():
    found, looked = [], 0
    for file in (file for folder in ("lots", "dashboard", "parkinglot") for file in (BASE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if _logs(node):
                looked += 1
                names = {
                    getattr(part, "attr", getattr(part, "id", getattr(part, "value", ""))) for part in _parts(node)
                }
                found += [(Path(file).name, node.lineno, name) for name in names & PRIVATE]  # type: ignore[attr-defined]
    assert found == []
    assert looked > 40


def _logs(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    return isinstance(called, ast.Attribute) and called.attr in levels and "log" in ast.unparse(called.value)


def _parts(node: ast.AST) -> list[ast.AST]:
    """Names, attributes and keys in what the line is given."""
    kept = (ast.Name, ast.Attribute, ast.Constant)
    return [part for part in ast.walk(node) if isinstance(part, kept) and getattr(part, "value", "") is not None]
