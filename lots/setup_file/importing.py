"""An import from beginning to end: read, look, write, compare; all or nothing."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from lots.bridge.announce import announce
from lots.models import Pbx
from lots.setup_file.apply import apply
from lots.setup_file.check import check
from lots.setup_file.context import Import
from lots.setup_file.differences import Difference, What, differences
from lots.setup_file.export import document, dumps
from lots.setup_file.faults import Fault, WrongFile
from lots.setup_file.fields import PBX
from lots.setup_file.reading import read
from lots.setup_file.removal import remove


@dataclass(frozen=True)
class Report:
    """What an import did, or would do."""

    differences: tuple[Difference, ...]
    notices: tuple[Fault, ...]
    mark: str
    """Of the setup as it was: the same mark again means that nobody changed anything meanwhile."""

    @property
    def changes(self) -> int:
        """How many entries are not what they were."""
        return sum(one.what is not What.STAYS for one in self.differences)


def import_setup(
    pbx: Pbx, file: bytes, *, dry_run: bool = False, removing: bool = False, expected: str | None = None
) -> Report:
    """Take over the setup in ``file``. Raises ``WrongFile``; then, and with ``dry_run``, nothing was changed.

    What the file does not name stays, unless ``removing``. ``expected`` is the ``mark`` of an earlier report: when the
    setup is another by now, that is a fault.
    """
    meant = read(file)
    with transaction.atomic():
        work = Import(Pbx.objects.select_for_update().get(pk=pbx.pk), meant, removing=removing)
        before = document(work.pbx)
        mark = sha256(dumps(before).encode()).hexdigest()
        if expected not in {None, mark}:
            raise WrongFile([Fault("", _("The setup was changed meanwhile. Look at what would change now."))])
        _write(work)
        report = Report(tuple(differences(before, document(work.pbx), meant)), tuple(work.notices), mark)
        if dry_run:
            transaction.set_rollback(True)
        else:
            pbx.refresh_from_db(fields=PBX)
            announce({"kind": "lots"})  # and rights are read with them
    return report


def _write(work: Import) -> None:
    apply(work)
    work.faults.stop()
    if work.removing:
        remove(work)
    check(work)
    work.faults.stop()
