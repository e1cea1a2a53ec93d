"""A paging zone as it is set up now. Plain synchronous functions."""

from lots.config.autoanswer import header_of
from lots.config.paging import Speaker, Zone, multicast
from lots.models import PagingZone, Pbx
from lots.publish.setup import audio_url


def zone_of(pbx: Pbx, pk: int) -> Zone | None:
    """The zone, or None when it was deleted meanwhile."""
    row = pbx.zones.filter(pk=pk).select_related("recording").first()
    if row is None:
        return None
    recording = row.recording
    return Zone(
        id=row.pk,
        label=row.label,
        speakers=tuple(_speakers(row)),
        text=row.text,
        recording=audio_url(recording) if recording and recording.digest else "",
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        gap=row.gap,
        repeats=row.repeats,
    )


def _speakers(row: PagingZone) -> list[Speaker]:
    phones = row.members.order_by("number")
    found = [Speaker(channel=p.device, device=p.device, header=header_of(p.brand)) for p in phones]
    if row.overhead:
        found.append(Speaker(channel=row.overhead, device=row.overhead))
    if row.multicast:
        found.append(multicast(row.multicast))
    return found
