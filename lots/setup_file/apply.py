"""A document becomes rows. Faults are collected; the caller undoes everything when there are any."""

from django.utils.translation import gettext as _

from lots.models import HoldMusic, MusicTrack, PagingZone, Phone
from lots.setup_file import fields
from lots.setup_file.apply_lots import apply_found, apply_lots
from lots.setup_file.context import Import, assign
from lots.setup_file.export import Document
from lots.setup_file.recordings import Recordings


def apply(work: Import) -> None:
    """Write everything down, what others name first."""
    _pbx(work)
    _phones(work)
    recordings = Recordings(work)
    _music(work, recordings)
    _zones(work, recordings)
    apply_lots(work, recordings)
    apply_found(work)


def _pbx(work: Import) -> None:
    if assign(work.pbx, work.document["pbx"], fields.PBX) and work.clean(work.pbx, "pbx", ["name"]):
        work.pbx.save(update_fields=fields.PBX)


def _phones(work: Import) -> None:
    known = {phone.number: phone for phone in work.pbx.phones.select_related("owner")}
    work.phones = work.staying("phones", known)
    for place, entry in work.entries("phones"):
        row = work.phones.get(entry["number"]) or Phone(pbx=work.pbx)
        changed = assign(row, entry, fields.PHONE)
        owner = work.users.get(entry["owner"])
        if entry["owner"] and owner is None:
            work.note(f"{place}.owner", _("there is no user “%s”; the phone has no owner.") % entry["owner"])
        if changed or row.owner != owner:
            row.owner = owner
            if not work.clean(row, place, ["pbx", "owner"]):
                continue
            row.save()
        work.phones[row.number] = row


def _music(work: Import, recordings: Recordings) -> None:
    work.music = work.staying("music", {row.name: row for row in work.pbx.music.all()})
    for place, entry in work.entries("music"):
        row = work.music.get(entry["name"]) or HoldMusic(pbx=work.pbx)
        if assign(row, entry, fields.MUSIC):
            if not work.clean(row, place, ["pbx"]):
                continue
            row.save()
        work.music[row.name] = row
        _tracks(row, entry, place, recordings)


def _tracks(row: HoldMusic, entry: Document, place: str, recordings: Recordings) -> None:
    found = [recordings.find(one, f"{place}.tracks[{number}]") for number, one in enumerate(entry["tracks"])]
    wanted = [audio for audio in found if audio]
    if list(row.tracks.values_list("audio", flat=True)) == [audio.pk for audio in wanted]:
        return
    row.tracks.all().delete()
    MusicTrack.objects.bulk_create(
        MusicTrack(music=row, audio=audio, position=number) for number, audio in enumerate(wanted, start=1)
    )


def _zones(work: Import, recordings: Recordings) -> None:
    known = {row.label: row for row in work.pbx.zones.all()}
    for place, entry in work.entries("zones"):
        row = known.get(entry["label"]) or PagingZone(pbx=work.pbx)
        assign(row, entry, fields.ZONE)
        row.recording = recordings.find(entry["recording"], f"{place}.recording")
        if work.clean(row, place, ["pbx", "recording"]):
            row.save()
            numbers = enumerate(entry["members"])
            phones = [work.find(work.phones, number, f"{place}.members[{at}]") for at, number in numbers]
            row.members.set(phone for phone in phones if phone)
