"""I'm on it: a claim without a ringing phone. It tells colleagues to leave the call, and it expires."""

from lots.bridge import claims
from lots.bridge.command import Command, End, Failed, done


class Hold(Command):
    """Claim the call for a while."""

    async def run(self) -> End:
        """Once it is written every board shows it."""
        self.still_there()
        answer = await self.write(claims.claim, self.order["uniqueid"], self.order["user"], claims.HELD)
        if not answer.ours:
            raise Failed("claimed_by", by=answer.holder) if answer.holder else Failed("not_parked")
        return done("held")


class GiveBack(Command):
    """End one's own claim; that of somebody else stays."""

    async def run(self) -> End:
        """Nothing to give back is no failure: it has expired."""
        if self.bridge.orders.is_held(self):
            raise Failed("busy_call")
        await self.write(claims.release, self.order["uniqueid"], self.order["user"])
        return done("given_back")
