"""Whether there is something to publish, in short and cheap: asked for every page of the admin."""

from dataclasses import dataclass

from lots.config.diff import Difference
from lots.models import Pbx
from lots.publish.fingerprint import fingerprint
from lots.publish.publications import Pending, pending


@dataclass(frozen=True, slots=True)
class Unpublished:
    """What is left of a ``Pending`` when texts and words are taken away."""

    found: tuple[Difference, ...]
    problems: int
    """How many keep it from being published."""
    unreadable: bool
    """What was published last cannot be read any more."""

    def __bool__(self) -> bool:
        return bool(self.found or self.problems or self.unreadable)


_kept: dict[int, tuple[str, Unpublished]] = {}
"""By PBX: the newest answer, and the fingerprint of what it was made of. Each process has its own; none can be old."""


def unpublished(pbx: Pbx) -> Unpublished:
    """As of now. Only after a change everything is rendered and compared, once a process."""
    mark = fingerprint(pbx)
    known = _kept.get(pbx.pk)
    if known and known[0] == mark:
        return known[1]
    answer = _short(pending(pbx))
    if fingerprint(pbx) == mark:  # else something was changed meanwhile, and nobody knows which of the two was seen
        _kept[pbx.pk] = mark, answer
    return answer


def _short(now: Pending) -> Unpublished:
    return Unpublished(now.found, len(now.problems), now.unreadable)
