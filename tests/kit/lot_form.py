"""What a browser sends when somebody saves the form of a lot."""

from typing import Any

PARTS = ("slot_names", "steps", "outside_numbers", "rights")
LOT: dict[str, Any] = {
    "label": "Front desk",
    "description": "",
    "on_board": "on",
    "park_code": "700",
    "retrieve_code": "*85",
    "next_code": "",
    "first_slot": "701",
    "count": "10",
    "timeout": "120",
    "reminder": "0",
    "ring_parker": "20",
    "prefix_text": "P",
    "prefix_slot": "on",
    "prefix_name": "on",
    "alert_info": "",
    "message": "",
    "message_recording": "",
    "when_full": "parker",
    "overflow": "",
    "music": "",
    "announce": "on",
    "courtesy_tone": "",
    "courtesy_to": "caller",
    "transfers": "no",
    "reparking": "no",
    "new_pin": "",
}


def typed(pbx: int | None = None, /, **changes: Any) -> dict[str, Any]:
    """The form as filled in; ``steps=[{...}]`` and so on are rows of its tables. None leaves a field out."""
    sent = {**LOT, **({"pbx": str(pbx)} if pbx else {})}
    for part in PARTS:
        rows: list[dict[str, Any]] = changes.pop(part, [])
        old = sum("id" in row for row in rows)
        sent |= {f"{part}-TOTAL_FORMS": str(len(rows)), f"{part}-INITIAL_FORMS": str(old)}
        sent |= {f"{part}-{at}-{name}": value for at, row in enumerate(rows) for name, value in row.items()}
    sent |= changes
    return {name: value for name, value in sent.items() if value is not None}


def step(kind: str, **fields: Any) -> dict[str, Any]:
    """A row of the fallback."""
    return {"position": "1", "kind": kind, "seconds": "20", "mailbox": "", "target": "", "location": "", **fields}
