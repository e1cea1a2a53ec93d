"""Times, spans and people as the pages say them."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lots.bridge.facts import person
from lots.models import ParkedCall

MINUTE, HOUR = 60, 3600


def span(seconds: float | None) -> str:
    """``95`` is "1 min 35 s", ``3725`` is "1 h 2 min"; None is a dash."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < MINUTE:
        return _("%d s") % whole
    if whole < HOUR:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": whole // MINUTE, "seconds": whole % MINUTE}
    return _("%(hours)d h %(minutes)d min") % {"hours": whole // HOUR, "minutes": whole % HOUR // MINUTE}


def count(number: int) -> str:
    """``16241`` is "16,241" in English."""
    return number_format(number, 0, force_grouping=True)


def party(name: str, number: str) -> str:
    """Somebody on the phone, as far as Asterisk told."""
    if name and number and name != number:
        return f"{name} ({number})"
    return name or number


def parker(call: ParkedCall) -> str:
    """Who parked the call; their device when nothing better is known."""
    return party(call.parker_name, call.parker_number) or call.parker_device


def answerer(call: ParkedCall) -> str:
    """Who answered a call that had waited too long and went back."""
    return party(call.came_name, call.came_number)


def taker(call: ParkedCall) -> str:
    """Whose click took it, else whose phone."""
    if call.retrieved_by:
        return person(call.retrieved_by)
    return party(call.retriever_name, call.retriever_number)
