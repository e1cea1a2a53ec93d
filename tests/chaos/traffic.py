"""Callers, of each of whom the script knows what becomes of them; what Asterisk itself says of them decides."""

from contextlib import suppress

from websockets.exceptions import ConnectionClosed

from tests.chaos.witness import Stay
from tests.chaos.world import World

LONG = 300.0


def call(world: World, patience: float = LONG, lot: str = "reception") -> str:
    """Somebody is parked who hangs up by themselves after ``patience`` seconds; their name, without waiting."""
    name = f"Caller {next(world.names)}"
    world.hands.send(
        "Originate",
        Channel="Local/call@demo-callers/n",
        Context="demo-park",
        Exten=lot,
        Priority="1",
        CallerID=f'"{name}" <+4930123456>',
        Variable=[f"PATIENCE={patience}", "DEMO_PARKER=201"],
        Async="true",
    )
    return name


def park(world: World, patience: float = LONG, lot: str = "reception") -> Stay:
    """The same, once Asterisk says that they are in their slot."""
    return world.witness.parked(call(world, patience, lot))


def hang_up(world: World, *stays: Stay) -> None:
    """These callers hang up."""
    for stay in stays:
        world.hands.send("Hangup", Channel=stay.channel)
    world.witness.until(lambda: all(stay.outcome for stay in stays), "they are gone")


def dial(world: World, stay: Stay) -> None:
    """A phone that the portal knows nothing of dials the slot."""
    ring_up(world, stay)
    world.witness.until(lambda: stay.outcome, f"{stay.name} is taken")


def ring_up(world: World, stay: Stay, seconds: float = 3) -> None:
    """The same, without waiting; they talk for so long."""
    channel = f"Local/{stay.slot}@phones/n"
    world.hands.send("Originate", Channel=channel, Application="Wait", Data=f"{seconds}", Async="true", Timeout="5000")


def click(world: World, stay: Stay) -> str:
    """Somebody clicks Retrieve; the order's name, without waiting. "" when their board does not show the call."""
    board = world.look()
    if board is None or board.slots.get((stay.lot, stay.slot), {}).get("uniqueid") != stay.uniqueid:
        return ""
    with suppress(ConnectionClosed):  # this very moment
        order = board.retrieve(stay.slot, stay.lot, stay.uniqueid)
        world.orders[stay.uniqueid] += 1
        return order
    return ""


def shown(world: World, stay: Stay) -> None:
    """Wait until the board shows them."""
    place = stay.lot, stay.slot
    world.until(lambda: (b := world.look()) and b.slots.get(place, {}).get("uniqueid") == stay.uniqueid, "such a card")


def before(world: World) -> list[Stay]:
    """Some of each fate; who of them are parked on."""
    waiting = [park(world) for _ in range(4)]
    park(world, patience=4)
    park(world, lot="quick")
    dial(world, waiting.pop())
    shown(world, waiting[-1])
    taken = waiting.pop()
    click(world, taken)
    world.witness.until(lambda: taken.outcome, "a click retrieves")
    assert len(world.witness.rung[taken.uniqueid]) == 1, "the witness hears each ringing"
    return waiting


def during(world: World, waiting: list[Stay]) -> None:
    """Calls go on while something is broken, for calls never depend on the portal."""
    new = [park(world), park(world)]
    park(world, patience=1.5)
    park(world, lot="quick")
    hang_up(world, waiting[0])
    dial(world, new[0])


def after(world: World) -> None:
    """And once more when all is well again: a click works, and the rest hang up."""
    taken = park(world)
    shown(world, taken)
    click(world, taken)
    world.witness.until(lambda: taken.outcome, "a click retrieves again")
    dial(world, park(world))
    hang_up(world, *[stay for stay in world.witness.open() if stay.lot == "reception"])
    world.witness.until(lambda: not world.witness.open(), "nobody is parked", 30)
