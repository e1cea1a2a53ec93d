"""The database's managed lots as the values ``lots.config`` works on. Synchronous ORM code, nothing else."""

from django.conf import settings

from lots.config.setup import Door, Lot, Music, MusicKind, Prefix, Setup, Side, Step, StepKind, WhenFull
from lots.models import AudioFile, FallbackStep, HoldMusic, ParkingLot, Pbx


def setup_of(pbx: Pbx) -> Setup:
    """Everything ``pbx`` should be told. Raises ``UnsafeValue`` where a row holds what the gate refuses."""
    lots = pbx.lots.filter(observed=False).select_related("music", "overflow", "message_recording").order_by("name")
    lots = lots.prefetch_related("steps__phones", "steps__target", "outside_numbers")
    music = pbx.music.order_by("name").prefetch_related("tracks__audio")
    return Setup(lots=tuple(lot_of(lot) for lot in lots), music=tuple(music_of(row) for row in music))


def lot_of(row: ParkingLot) -> Lot:
    """One lot."""
    return Lot(
        name=row.name,
        label=row.label,
        park_code=row.park_code,
        retrieve_code=row.retrieve_code,
        next_code=row.next_code,
        first=row.first_slot,
        last=row.last_slot,
        next_slot=row.next_slot,
        separate=row.separate,
        timeout=row.timeout,
        reminder=row.reminder,
        ring_parker=row.ring_parker,
        prefix=Prefix(text=row.prefix_text, slot=row.prefix_slot, number=row.prefix_number, name=row.prefix_name),
        alert_info=row.alert_info,
        steps=tuple(step_of(step) for step in row.steps.all()),
        message=audio_url(row.message_recording) if row.message_recording else row.message,
        when_full=WhenFull(row.when_full),
        overflow=row.overflow.name if row.overflow else "",
        music=row.music.name if row.music else "",
        door=Door(
            numbers=tuple(number.number for number in row.outside_numbers.all()),
            pin_salt=row.pin_salt,
            pin_hash=row.pin_hash,
        ),
        announce=row.announce,
        courtesy_tone=row.courtesy_tone,
        courtesy_to=Side(row.courtesy_to),
        transfers=Side(row.transfers),
        reparking=Side(row.reparking),
    )


def step_of(row: FallbackStep) -> Step:
    """One step of the fallback."""
    context, exten, priority = (*row.location.split(","), "", "", "")[:3] if row.location else ("", "", "")
    return Step(
        kind=StepKind(row.kind),
        devices=tuple(phone.device for phone in row.phones.all()),
        seconds=row.seconds,
        mailbox=row.mailbox,
        lot=row.target.name if row.target else "",
        context=context.strip(),
        exten=exten.strip(),
        priority=priority.strip() or "1",
    )


def music_of(row: HoldMusic) -> Music:
    """One class of hold music; recordings that are not converted (yet) are left out."""
    ready = [track.audio for track in row.tracks.all() if track.audio.state == "ready"]
    return Music(
        name=row.name,
        kind=MusicKind(row.kind),
        urls=tuple(audio_url(audio) for audio in ready),
        directory=row.directory,
        stream=row.stream,
        decoder=row.decoder,
        sort=row.sort,
    )


def audio_url(audio: AudioFile) -> str:
    """Where Asterisk fetches a recording: its content's hash is its name, so it may keep it for ever."""
    return f"{settings.PORTAL_URL}/audio/{audio.digest}.wav"
