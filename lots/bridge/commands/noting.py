"""A note on a parked call, and for whom it is: kept with the call until its row is history, and there too."""

from lots.bridge import notes
from lots.bridge.command import Command, End, Failed, done


class Note(Command):
    """Write what the person typed. The last one who writes wins; the audit log has the earlier ones."""

    async def run(self) -> End:
        """Once it is written every board shows it."""
        self.still_there()
        found = await self.write(notes.write, self.order["uniqueid"], self.order["note"])
        if not found:
            raise Failed("not_parked")
        return done("noted")
