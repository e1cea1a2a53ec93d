"""A caller who hung up before anybody took the call is called back, or dealt with: the list of missed calls."""

from lots.bridge import missed
from lots.bridge.command import Command, End, Failed, done


class Settle(Command):
    """Somebody says that a missed call is dealt with, and how. Or that it is not, after all."""

    async def run(self) -> End:
        """Two who settle it at once are both content; the first is written down."""
        missed_call, remark, undo = self.order["missed"], self.order.get("remark", ""), self.order.get("undo", False)
        found = await self.write(missed.settle, missed_call, self.order["user"], remark, undo)
        if not found:
            raise Failed("not_missed")
        return done("unsettled" if undo else "settled")
