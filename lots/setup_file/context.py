"""What an import knows while it goes on: the rows that entries may name, the faults, and what people should know."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import Any, TypeVar

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from lots.models import HoldMusic, ParkingLot, Pbx, Phone
from lots.setup_file.export import Document
from lots.setup_file.faults import Fault, Faults
from lots.setup_file.fields import KEYS

Row = TypeVar("Row")


@dataclass
class Import:
    """One import. Rows are found by what tells them apart in the file (``fields.KEYS``)."""

    pbx: Pbx
    document: Document
    removing: bool = False
    """What the file does not name goes."""
    faults: Faults = field(default_factory=Faults)
    notices: list[Fault] = field(default_factory=list)
    """What is allowed, and people should know."""
    phones: dict[str, Phone] = field(default_factory=dict)
    music: dict[str, HoldMusic] = field(default_factory=dict)
    lots: dict[str, ParkingLot] = field(default_factory=dict)
    """Lots that are set up here, those of the file among them."""
    groups: dict[str, Group] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.groups = {group.name: group for group in Group.objects.all()}
        owners = {entry["owner"] for entry in self.document["phones"]} - {None}
        self.users = {user.get_username(): user for user in User.objects.filter(username__in=owners)}

    def entries(self, section: str) -> Iterator[tuple[str, Document]]:
        """The entries of a section with their places."""
        for number, entry in enumerate(self.document[section]):
            yield f"{section}[{number}]", entry

    def named(self, section: str) -> set[str]:
        """What tells the entries of a section apart."""
        return {entry[KEYS[section]] for entry in self.document[section]}

    def staying(self, section: str, rows: dict[str, Row]) -> dict[str, Row]:
        """The rows that will still be there: those that entries may name."""
        named = self.named(section)
        return {key: row for key, row in rows.items() if not self.removing or key in named}

    def note(self, place: str, sentence: str) -> None:
        """Tell people something that is no fault."""
        self.notices.append(Fault(place, sentence))

    def find(self, rows: dict[str, Any], name: str | None, place: str) -> Any:
        """The row an entry names; complain when there is none."""
        if name is None:
            return None
        if name not in rows:
            self.faults.say(place, _("there is no “%s”.") % name)
        return rows.get(name)

    def clean(self, row: models.Model, place: str, leave_out: list[str]) -> bool:
        """Let the model look at ``row``. What tells rows apart was compared in the file already."""
        try:
            row.full_clean(exclude=leave_out, validate_unique=False)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                where = place if name == "__all__" else f"{place}.{name}"
                self.faults.say(where, " ".join(sentences))
            return False
        return True


def assign(row: models.Model, entry: Document, names: tuple[str, ...]) -> bool:
    """Take over plain settings; whether that changed any."""
    changed = row.pk is None
    for name in names:
        value = _value(row, name, entry[name])
        changed |= getattr(row, name) != value
        setattr(row, name, value)
    return changed


def _value(row: models.Model, name: str, value: Any) -> Any:
    if value is not None and isinstance(row._meta.get_field(name), models.TimeField):  # noqa: SLF001  (documented API)
        try:
            return time.fromisoformat(value)
        except ValueError:
            return value  # the model says what is wrong with it
    return value
