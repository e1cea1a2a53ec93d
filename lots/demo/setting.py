"""Who and what the demo consists of."""

from lots.embedded import AsteriskConfig, ParkingLot, Phone

RECEPTION = "201"
SOFTPHONE = "202"
COLLEAGUES = {"203": "Tom Front", "204": "Ines Sales", "205": "Omar Service"}

LOTS = (
    ParkingLot(name="reception", first=701, last=710, timeout=120, park_code="700"),
    ParkingLot(name="sales", first=721, last=726, timeout=90, park_code="720"),
)

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
    """The demo's Asterisk. Simulated phones ring, answer and hang up by themselves; a softphone may log in."""
    colleagues = [Phone(number=number, name=name, kind="simulated") for number, name in COLLEAGUES.items()]
    return AsteriskConfig(
        lots=LOTS,
        phones=(
            Phone(number=RECEPTION, name="Reception desk", kind="simulated"),
            Phone(number=SOFTPHONE, name="Softphone", kind="registered"),
            *colleagues,
        ),
    )
