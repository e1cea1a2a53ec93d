"""Who and what the demo consists of."""

from lots.config.setup import Lot, Prefix
from lots.embedded import AsteriskConfig, Phone

RECEPTION = "201"
SOFTPHONE = "202"
COLLEAGUES = {"203": "Tom Front", "204": "Ines Sales", "205": "Omar Service"}

PREFIX = Prefix(text="P", slot=True, name=True)
LOTS = (
    Lot(
        name="reception",
        label="Reception",
        first=701,
        last=710,
        park_code="700",
        retrieve_code="*85",
        next_code="*86",
        timeout=120,
        prefix=PREFIX,
    ),
    Lot(
        name="sales",
        label="Sales",
        first=721,
        last=726,
        park_code="720",
        retrieve_code="*85",
        next_code="*87",
        timeout=90,
        prefix=PREFIX,
    ),
)
"""What the demo sets up, as an administrator would, and publishes."""
FALLBACK = {"reception": "203", "sales": "204"}
"""The phone that rings when nobody took a call and its parker does not answer, by lot."""
SLOT_NAMES = {("reception", 701): "Front desk", ("reception", 702): "Pharmacy", ("sales", 721): "Showroom"}

CALLERS = (
    ("Maria Keller", "+493012345601"),
    ("Jürgen Groß", "+498912345602"),
    ("Zoë O'Brien", "+35312345603"),
    ("Łukasz Nowak", "+48221234504"),
    ("Amélie Dupont", "+33112345605"),
    ("Hardware Hall Ltd", "+442012345606"),
    ("Dr. Anna Lindqvist", "+4681234507"),
    ("Pharmacy North", "+15550123408"),
    ("Kenji Sato", "+81312345609"),
    ("", "+15550199910"),
    ("City Courier", "+15550123411"),
    ("Priya Raman", "+911123456712"),
)
"""Names and numbers; made up, in ranges that belong to nobody."""


def asterisk_config() -> AsteriskConfig:
    """The demo's Asterisk, without lots: those are published.

    Simulated phones ring, answer and hang up by themselves; a softphone may log in.
    """
    colleagues = [Phone(number=number, name=name, kind="simulated") for number, name in COLLEAGUES.items()]
    return AsteriskConfig(
        phones=(
            Phone(number=RECEPTION, name="Reception desk", kind="simulated"),
            Phone(number=SOFTPHONE, name="Softphone", kind="registered"),
            *colleagues,
        ),
    )
