"""In which form boards are told things: whole, or as wall screens show them, with numbers or without. Pure.

What wall screens hear is chosen word by word: what boards learn to tell later stays away from walls by itself.
"""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

KEPT = 3
"""Digits of a hidden number that are shown."""
NUMBER = re.compile(r"\+*0(?:[ +]*0)*")
"""A number in the ``_shape`` of a text: digits, however they are grouped."""
MESSAGE = frozenset(
    {"type", "now", "lot", "after", "revision", "id", "pbx", "name", "label", "first", "last", "names"}
) | {
    "long_after",
    "soon_before",
}
SLOT = frozenset({"slot", "state", "uniqueid", "parked_at", "waiting_since", "timeout_at"})
"""Of these nothing is a person's number. ``slots``, ``link``, parties and ``claimed_by`` are looked into."""

BACK = frozenset({"id", "lot", "slot", "uniqueid", "parked_at", "waiting_since", "left_at", "since", "stage"})
"""The same of a call that is on its way back."""


class Form(Enum):
    """Who shares one is told the same text."""

    WHOLE = "whole"
    WALL = "wall"
    MASKED = "masked"


def told(message: Mapping[str, Any], form: Form) -> Mapping[str, Any]:
    """A lot or a ``change`` message in this form."""
    if form is Form.WHOLE:
        return message
    shown = {key: value for key, value in message.items() if key in MESSAGE}
    if "slots" in message:
        shown["slots"] = [_slot(slot, form) for slot in message["slots"]]
    return shown


def links_told(parts: Mapping[str, Any], form: Form) -> Mapping[str, Any]:
    """``link`` and ``links`` of a message in this form."""
    return {"link": link_told(parts["link"], form), "links": [link_told(link, form) for link in parts["links"]]}


def link_told(link: Mapping[str, Any], form: Form) -> Mapping[str, Any]:
    """Why the link is lost names hosts and accounts: not for everybody who walks by."""
    return link if form is Form.WHOLE else {**link, "reason": ""}


def returning_told(back: Mapping[str, Any], form: Form) -> Mapping[str, Any]:
    """A call that is on its way back."""
    if form is Form.WHOLE:
        return back
    shown = {key: value for key, value in back.items() if key in BACK}
    shown |= {who: _party(back[who], form) for who in ("caller", "parker")}
    return {**shown, "ringing": [_name(name, form) for name in back["ringing"]]}


def _slot(slot: Mapping[str, Any], form: Form) -> dict[str, Any]:
    shown = {key: value for key, value in slot.items() if key in SLOT}
    for who in ("caller", "parker"):
        if who in slot:
            shown[who] = _party(slot[who], form)
    if "claimed_by" in slot:
        shown["claimed_by"] = _name(slot["claimed_by"] or "", form) or None
    return shown


def _party(party: Mapping[str, Any], form: Form) -> dict[str, str]:
    return {"name": _name(party["name"], form), "number": _number(party["number"], form)}


def _name(text: str, form: Form) -> str:
    return masked(text) if form is Form.MASKED else text


def _number(text: str, form: Form) -> str:
    """However a number is written, no more than its end."""
    digits = [sign for sign in text if _kind(sign) == "0"]
    return _end(digits) if form is Form.MASKED and len(digits) > KEPT else text


def masked(text: str) -> str:
    """The text with the ends of its numbers only: ``Taxi 030 123-456`` is ``Taxi … 456``."""
    shape, parts, done = "".join(map(_kind, text)), [], 0
    for found in NUMBER.finditer(shape):
        digits = [sign for sign in text[found.start() : found.end()] if _kind(sign) == "0"]
        if len(digits) > KEPT:
            parts += [text[done : found.start()], _end(digits)]
            done = found.end()
    return "".join([*parts, text[done:]])


def _end(digits: list[str]) -> str:
    return f"… {''.join(digits[-KEPT:])}"


def _kind(sign: str) -> str:
    """A digit of any script is 0, a letter a, what begins a number +, all else a space."""
    if sign.isalpha():
        return "a"
    if sign.isnumeric():
        return "0"
    return "+" if sign in "+(" else " "
