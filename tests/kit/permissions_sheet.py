"""Prints the tables of ``tests.kit.permissions``: ``python -m tests.kit.permissions_sheet`` writes the document."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.kit import permissions as p

FILE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
COLUMNS = list(p.ROLES)

HEAD = """# Who may do what

This is printed from `tests/kit/permissions.py` by `python -m tests.kit.permissions_sheet`; do not edit it. The tests in
`tests/unit/test_permissions_*.py` play every line of it as every one of these people, and fail when the portal has an
address, a kind of order or a thing in the administration that has no line here.

Whoever may not is told the same, byte for byte, whether the thing is there or not.
"""


def document() -> str:
    """All of ``docs/permissions.md``."""
    return "\n".join([HEAD, *_people(), *_board(), *_addresses(), *_administration()])


def _people() -> Iterable[str]:
    yield "## People\n"
    yield from (f"- **{name}**: {words}" for name, words in p.ROLES.items())
    yield ""


def _board() -> Iterable[str]:
    yield "## Lots\n\nWho sees a lot: on boards, in history, reports, files and lists of the administration.\n"
    yield from _table("lot", {f"{lot}: {words}": p.SEES[lot] for lot, words in p.LOTS.items()})
    yield "## Orders in a lot\n\nOn a board, and only in lots one may see.\n"
    for lot in p.LOTS:
        yield from _table(lot, {kind: who & p.ACTS_IN[lot] for kind, who in p.IN_A_LOT.items()})
    yield "## Other messages of a board\n"
    yield from _table("message", {**p.ANYWHERE, **p.OTHER_MESSAGES})
    yield "## Sockets\n\nA wall screen gets in by the secret of its link, sees its lots, and no order of its is done.\n"
    yield from _table("socket", p.SOCKETS)


def _addresses() -> Iterable[str]:
    yield "## Addresses\n\nAnswered before Django:\n"
    yield from _table("address", p.IN_FRONT)
    rows = {}
    for name, page in p.PAGES.items():
        rows |= {f"{name}, {method}": who for method, who in (("look", page.get), ("send", page.post)) if who}
        if not page.get | page.post:
            rows[name] = p.NOBODY
    yield from _table("address", rows)


def _administration() -> Iterable[str]:
    yield "## Things in the administration\n"
    rows = {
        f"{name}, {act}": getattr(thing, act)
        for name, thing in p.THINGS.items()
        for act in ("view", "add", "change", "delete")
    }
    yield from _table("thing", rows)
    yield "What may be done with rows that are ticked:\n"
    yield from _table("action", p.ACTIONS)


def _table(title: str, rows: Mapping[str, p.Who]) -> Iterable[str]:
    yield f"| {title} | {' | '.join(COLUMNS)} |"
    yield f"| --- |{' :-: |' * len(COLUMNS)}"
    for name, who in rows.items():
        shown = name.replace("|", "\\|")
        yield f"| {shown} | {' | '.join('yes' if role in who else '–' for role in COLUMNS)} |"
    yield ""


if __name__ == "__main__":
    FILE.write_text(document())
