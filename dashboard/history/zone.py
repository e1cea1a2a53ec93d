"""The viewer's time zone. Their browser tells it in a cookie (static/zone.js); what is no zone counts as none."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest
from django.utils import timezone

COOKIE = "parkinglot_zone"

# Names browsers give to zones that a lean system knows by their newer name only (IANA's file "backward").
RENAMED = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Louisville": "America/Kentucky/Louisville",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Truk": "Pacific/Chuuk",
}


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_named(name: str) -> ZoneInfo:
    """The zone, or the portal's own (UTC) for what is none. Names never reach the disk unchecked."""
    for known in (name, RENAMED.get(name, "")):
        if known in _known():
            return ZoneInfo(known)
    return ZoneInfo(timezone.get_default_timezone_name())


def viewer_zone(request: HttpRequest) -> ZoneInfo:
    """Of who asks."""
    return zone_named(request.COOKIES.get(COOKIE, ""))
