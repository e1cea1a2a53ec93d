"""Who needs a recording or a class of music: while somebody does, it cannot be deleted."""

from django.utils.translation import gettext as _

from lots.models import AudioFile, HoldMusic, PagingZone, ParkingLot


def uses_of_recording(audio: AudioFile) -> list[str]:
    """Sentences that name who plays it."""
    music = HoldMusic.objects.filter(tracks__audio=audio).distinct()
    lots = ParkingLot.objects.filter(message_recording=audio, retired=False)
    zones = PagingZone.objects.filter(recording=audio)
    return [
        *(_("hold music %(name)s") % {"name": one} for one in music),
        *(_("message to callers of %(name)s") % {"name": one} for one in lots),
        *(_("announcement in %(name)s") % {"name": one} for one in zones),
    ]


def uses_of_music(music: HoldMusic) -> list[str]:
    """Names of the lots whose callers hear it."""
    return [str(lot) for lot in music.lots.filter(retired=False)]
