"""What the file does not name goes, when that was asked for."""

from lots.models import ParkingLot, Publication
from lots.setup_file.context import Import


def remove(work: Import) -> None:
    """Lots first, for what they name goes after them. Lots that were found on the PBX, and recordings, stay."""
    for lot in work.pbx.lots.filter(observed=False, retired=False).exclude(name__in=work.named("lots")):
        _remove(lot)
    work.pbx.zones.exclude(label__in=work.named("zones")).delete()
    work.pbx.music.exclude(name__in=work.named("music")).delete()
    work.pbx.phones.exclude(number__in=work.named("phones")).delete()


def _remove(lot: ParkingLot) -> None:
    """A lot that the PBX or the history may know is marked, and its name stays taken."""
    published = Publication.objects.filter(pbx=lot.pbx, state__in=[Publication.State.LIVE, Publication.State.RUNNING])
    if lot.present or lot.calls.exists() or published.exists():
        ParkingLot.objects.filter(pk=lot.pk).update(retired=True)
    else:
        lot.delete()
