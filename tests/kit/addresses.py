"""Every address the portal's URL configuration has, and one row for those that want one."""

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver

from tests.kit.cast import Cast, content_type

NOT_THERE = 10**8 + 7
"""The key of no row."""
WANT_OTHERS = {"lots_parkinglot_bring_back": "removed", "lots_takeover_confirm": "found"}
WANT_LOT = {"lots_phone_keys_lot", "lots_doortry_lot"}
WANT_PBX = {"lots_take_in", "lots_check_pbx", "lots_publication_preview"}


def addresses() -> dict[str, str]:
    """Name, or address where there is none -> the address with its holes."""
    return dict(_walk(get_resolver()))


def _walk(resolver: Any, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern, route, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield (f"{space}{pattern.name}" if pattern.name else route), route


def filled(name: str, route: str, cast: Cast, key: object = None) -> str:
    """The path of ``route`` with a row's key in it; ``key``: another."""
    own = key or _row(name, route, cast)
    lot_type = key or content_type(cast)
    holes = {
        "<path:content_type_id>": lot_type,
        "<path:object_id>": own,
        "<int:pk>": own,
        "<id>": own,
        "^(?P<app_label>lots|auth)/$": "lots/",
        "^(?P<app_label>auth|lots)/$": "lots/",
        "(?P<url>.*)$": "no-such-page/",
    }
    for hole, value in holes.items():
        route = route.replace(hole, str(value))
    assert not set("<>^$") & set(route), f"Say in tests.kit.addresses what stands in {route}"
    asked = f"?lot={cast.lots['lobby'].pk}&call=open-lobby" if name == "dashboard:earlier" else ""
    return f"/{route}{asked}"


def has_holes(route: str) -> bool:
    """Whether a row is named in it."""
    return "<" in route and "app_label" not in route and "url>" not in route


def _row(name: str, route: str, cast: Cast) -> Any:
    """The key of what the address is about."""
    short = name.removeprefix("admin:")
    if short in WANT_LOT or short == "view_on_site":
        return cast.lots["lobby"].pk
    if short in WANT_OTHERS:
        return cast.others[WANT_OTHERS[short]].pk
    if short in {"access_factor", "access_sso"}:
        return cast.things["auth.user"].pk
    if short in WANT_PBX:
        return cast.pbx.pk
    for label, thing in cast.things.items():
        app, model = label.split(".")
        if f"/{app}/{model}/" in f"/{route}":
            return thing.pk
    return None
