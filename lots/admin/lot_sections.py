"""How the form of a lot is grouped: in the order in which people think about it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lots.models import ParkingLot, Pbx

OBSERVED = [
    (_("On the board"), {"fields": ["label", "on_board", ("long_after", "soon_before")], "classes": ["section-name"]}),
    (
        _("Found on the PBX"),
        {"fields": ["name", "slots", "timeout_words", "present"], "classes": ["section-found", "section-slots"]},
    ),
    (_("Who may"), {"fields": [], "classes": ["section-rights"]}),
]
READ_ONLY = ["name", "slots", "timeout_words", "present"]


def sections(lot: ParkingLot | None) -> Any:
    """Fieldsets of a lot's page; each is named by a class ``section-...`` for the tables that belong into it."""
    if lot is not None and (lot.observed or lot.retired):
        return OBSERVED
    name = ["label", "on_board", "description"]
    if lot is None:
        name.append("pbx")
    else:
        name.append("name")
        name += ["pbx"] if Pbx.objects.count() > 1 else []
    return [
        (_("Name"), {"fields": name, "classes": ["section-name"]}),
        (
            _("Codes and slots"),
            {
                "fields": [("park_code", "retrieve_code", "next_code"), ("first_slot", "count"), "next_slot"],
                "classes": ["section-slots"],
            },
        ),
        (
            _("When nobody takes the call"),
            {
                "fields": [
                    ("timeout", "reminder", "ring_parker"),
                    "prefix_text",
                    ("prefix_slot", "prefix_number", "prefix_name"),
                    ("message", "message_recording"),
                    ("when_full", "overflow"),
                ],
                "classes": ["section-waiting"],
            },
        ),
        (
            _("Outside number"),
            {"fields": ["new_pin", *(["remove_pin"] if lot and lot.has_pin else [])], "classes": ["section-outside"]},
        ),
        (
            _("Music and sounds"),
            {"fields": ["music", "announce", ("courtesy_tone", "courtesy_to")], "classes": ["section-sounds"]},
        ),
        (_("Who may"), {"fields": [], "classes": ["section-rights"]}),
        (_("Ages on the board"), {"fields": [("long_after", "soon_before")], "classes": ["section-ages"]}),
        (
            _("Advanced"),
            {
                "fields": ["separate", ("transfers", "reparking"), "alert_info"],
                "classes": ["section-advanced", "collapse"],
            },
        ),
    ]
