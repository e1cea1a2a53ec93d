"""The real pip-audit with a database of vulnerabilities that knows one: what `make check` would say."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.kit.portal import free_port
from tests.supply import audit
from tests.supply.locked import RUN

needs_tools = pytest.mark.skipif(not audit.TOOL.exists(), reason="pip-audit comes with `make tools` or `make check`")


@contextmanager
def database(package: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Answers as OSV's public one does (its version 1 of ``query``); and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(question)
            body = json.dumps(_known(package) if question["package"]["name"] == package else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class's signature)
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
        server.shutdown()


def _known(package: str) -> dict[str, Any]:
    events = [{"introduced": "0"}, {"fixed": "9999.1"}]
    affected = {
        "package": {"name": package, "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    return {"vulns": [{"id": "PYSEC-2026-1", "details": "It falls over.", "aliases": [], "affected": [affected]}]}


@needs_tools
def test_a_known_vulnerability_of_what_is_installed_is_named(tmp_path: Path) -> None:
    with database("django") as (url, asked):
        found = audit.audited(RUN, "--osv-url", url, "--cache-dir", str(tmp_path))
    assert found is not None
    (sentence,) = found
    assert sentence.startswith("django 5.2.")
    assert sentence.endswith(": PYSEC-2026-1, mended in 9999.1")
    assert {"channels", "daphne", "panoramisk"} <= {question["package"]["name"] for question in asked}


@needs_tools
def test_nothing_known_is_nothing_said_and_nobody_there_is_no_clean_bill(tmp_path: Path) -> None:
    with database("nothing of ours") as (url, _asked):
        assert audit.audited(RUN, "--osv-url", url, "--cache-dir", str(tmp_path)) == []
    gone = f"http://127.0.0.1:{free_port()}/v1/query"
    assert audit.audited(RUN, "--osv-url", gone, "--cache-dir", str(tmp_path)) is None
