"""Numbers nobody uses, to suggest instead of one that is taken."""

from bisect import bisect_left
from itertools import accumulate

from lots.config.claims import Claim, Kind, spelled
from lots.config.gate import HIGHEST_SLOT

Group = tuple[str, int]


class Free:
    """Looks among the claims of what one phone can dial, ordered from low to high in each group."""

    def __init__(self, groups: dict[Group, list[Claim]]) -> None:
        self._groups = groups
        self._reaches = {group: list(accumulate((c.high for c in members), max)) for group, members in groups.items()}

    def instead_of(self, claim: Claim) -> str:
        """The next free dial string above ``claim``, or the first of as many free slots as its lot has."""
        if claim.kind is Kind.SLOTS:
            return str(self._slots(claim))
        if claim.width == 0:
            return f"{claim.head}1"
        return self._code(claim)

    def _code(self, claim: Claim) -> str:
        end = 10**claim.width
        for start in (claim.low + 1, 10 ** (claim.width - 1)):
            value = self._next(claim.group, start, 1, claim)
            if value < end:
                return spelled(claim.head, claim.width, value)
        return spelled(claim.head, claim.width + 1, 10**claim.width)

    def _slots(self, claim: Claim) -> int:
        """Slots of one length are easier to dial: a row that would grow a digit starts at the next length."""
        count = len(claim.lot.slots)
        start = claim.lot.first
        while start <= HIGHEST_SLOT:
            width = len(str(start))
            start = self._next(("", width), start, count, claim)
            if start + count <= 10**width:
                return start
            start = 10**width
        return HIGHEST_SLOT

    def _next(self, group: Group, start: int, count: int, mine: Claim) -> int:
        """The lowest value from ``start`` on with ``count`` free ones; claims of ``mine`` itself will be gone."""
        members = self._groups.get(group, [])
        for claim in members[bisect_left(self._reaches.get(group, []), start) :]:
            if claim.low >= start + count:
                break
            if not _is_same(claim, mine):
                start = max(start, claim.high + 1)
        return start


def _is_same(one: Claim, other: Claim) -> bool:
    return one.lot is other.lot and one.kind is other.kind
