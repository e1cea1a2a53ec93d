"""Which Asterisk it is, and what that one can do. The releases are those of Asterisk's own change logs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

Version = tuple[int, int, int]
AMI_BRANCHES = {5: 16, 6: 17, 7: 18, 8: 19, 9: 20, 10: 21, 11: 22, 12: 23, 13: 24}
"""First number of the AMI version, as the greeting has it -> branch of Asterisk."""
OLDEST = 16
"""The oldest branch the portal is tried with."""
SUPPORTED = 20
"""Older branches get no fixes any more, not even for security."""
_NUMBER = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Feature:
    """In branches of ``since`` from that release on; in every branch from ``everywhere`` on."""

    since: Mapping[int, tuple[int, int]]
    everywhere: int

    def is_in(self, version: Version) -> bool:
        """Whether that release has it."""
        branch, *release = version
        return branch >= self.everywhere or (branch in self.since and tuple(release) >= self.since[branch])


CHOSEN_SLOT = Feature({18: (19, 0), 20: (4, 0)}, 21)
"""AMI's Park may name the slot."""
FULL_LOT = Feature({18: (23, 0), 20: (8, 0), 21: (3, 0)}, 22)
"""``Park`` goes on in the dialplan when the lot is full, instead of hanging up."""
PLAYLIST = Feature({16: (7, 0)}, 17)
"""Hold music may be a list of addresses."""
FORGETS = Feature({16: (30, 0), 18: (16, 0), 20: (1, 0)}, 21)
"""``func_export``: a parked call can be made to forget where it was parked before."""
GUARDED = Feature({18: (24, 2), 20: (9, 2), 21: (4, 2)}, 22)
"""An account that may only originate calls cannot write files any more (GHSA-c4cg-9275-6w44)."""


def version_of(text: str, ami: str = "") -> Version | None:
    """``22.10.1~dfsg`` or ``certified/18.9-cert5`` as numbers; by the AMI version where the text has none."""
    if match := _NUMBER.search(text):
        return int(match[1]), int(match[2]), int(match[3] or 0)
    first = ami.partition(".")[0]
    branch = AMI_BRANCHES.get(int(first)) if first.isdigit() else None
    return (branch, 0, 0) if branch else None
