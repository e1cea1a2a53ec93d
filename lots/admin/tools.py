"""Links to pages that are no model's list: who makes such a page registers it here, and it is linked where it belongs.

Places: ``index`` (the first page), ``lot`` (a lot's page; the address takes the lot's key), ``pbx`` (likewise).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse

Place = Literal["index", "lot", "pbx"]


@dataclass(frozen=True, slots=True)
class Tool:
    """One link. ``shown`` decides by the row (None for ``index``) whether it makes sense."""

    url_name: str
    label: Any
    """Text, mostly lazily translated."""
    description: Any
    place: Place = "index"
    permission: str = "lots.change_parkinglot"
    shown: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class ToolLink:
    """A tool as a template shows it."""

    url: str
    label: Any
    description: Any


_tools: list[Tool] = []


def register_tool(  # noqa: PLR0913  (a tool has as many sides)
    url_name: str,
    label: Any,
    description: Any,
    *,
    place: Place = "index",
    permission: str = "lots.change_parkinglot",
    shown: Callable[[Any], bool] | None = None,
) -> None:
    """Link the page ``url_name`` (``admin:...``) at ``place`` for those who have ``permission``."""
    _tools.append(Tool(url_name, label, description, place, permission, shown))


def tools_for(request: HttpRequest, place: Place, row: Any = None) -> list[ToolLink]:
    """The links this person gets here, in the order in which they were registered."""
    args = [] if row is None else [row.pk]
    return [
        ToolLink(reverse(tool.url_name, args=args), tool.label, tool.description)
        for tool in _tools
        if tool.place == place and request.user.has_perm(tool.permission) and (tool.shown is None or tool.shown(row))
    ]
