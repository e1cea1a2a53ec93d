"""The two AMI accounts: whether they log in, and what each may not do.

``ListCommands`` names the actions an account may use; the class an action needs is Asterisk's own (``manager.c``,
``ast_manager_register_xml_core``). Only actions that are always there prove something.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lots.publish.finding import Finding, Level, Paste, ok
from lots.publish.pbx_facts import Account, Facts

AREA = "accounts"
MANAGER = "manager.conf"
RELOAD = "asterisk -rx 'manager reload'"
ENVIRONMENT = gettext_lazy("the portal’s environment")


@dataclass(frozen=True, slots=True)
class Needs:
    """What an account should look like. ``uses``: an action -> the class for it, and what does not work without.

    ``wishes`` are the same for what an account can do without.
    """

    name: str
    read: str
    write: str
    uses: dict[str, tuple[str, Any]]
    wishes: dict[str, tuple[str, Any]] = field(default_factory=dict)


WATCH = Needs(
    name="portal",
    read="call,system,user",
    write="call,message,originate,reporting",
    uses={
        "Setvar": ("call", gettext_lazy("parked calls cannot be listed, and none can be retrieved or ended")),
        "Originate": ("originate", gettext_lazy("a click on the board cannot ring a phone")),
        "ShowDialPlan": ("reporting", gettext_lazy("nobody can tell whether a click takes the very call clicked")),
        "CoreStatus": ("reporting", gettext_lazy("locks of outside numbers cannot be shown")),
    },
    wishes={"MessageSend": ("message", gettext_lazy("phones show no notices; boards do"))},
)
PUBLISH = Needs(
    name="portal-publish",
    read="system",
    write="config,command,system",
    uses={
        "UpdateConfig": ("config", gettext_lazy("nothing can be published")),
        "ModuleCheck": ("system", gettext_lazy("missing modules go unnoticed, and changes take longer")),
        "Command": ("command", gettext_lazy("hold music is not looked up, and recordings are not fetched ahead")),
    },
)
READS = {
    "call": (Level.MISSING, gettext_lazy("boards would not move")),
    "system": (Level.HINT, gettext_lazy("a restart of Asterisk is noticed late")),
    "user": (Level.HINT, gettext_lazy("tries at outside numbers are not logged")),
}
FILTERS = (
    "Event: (Un)?ParkedCall",
    "Event: Hangup[[:cntrl:]]",
    "Event: Dial(Begin|End)[[:cntrl:]]",
    "Event: OriginateResponse",
    "UserEvent: ParkinglotDoor",
    "Event: FullyBooted",
    "Event: Shutdown",
    "Uniqueid: parkinglot-",
)
"""The old way to write them, which every version reads."""
TOO_MUCH = ("UpdateConfig", "Command")
"""Whoever may use these rules the whole PBX."""


def findings(facts: Facts) -> Iterator[Finding]:
    """The one that watches first."""
    for account, needs in ((facts.watch, WATCH), (facts.publish, PUBLISH)):
        if account.works:
            yield from _rights(account, needs)
        else:
            yield _cannot(account, needs)
    if facts.watch.works:
        yield from _reads(facts.watch)
        yield from _habits(facts)


def _cannot(account: Account, needs: Needs) -> Finding:
    told = {
        "setting": account.setting,
        "trouble": account.trouble if account.trouble.endswith((".", "?")) else f"{account.trouble}.",
    }
    if account.address is None:
        words = _("%(setting)s is not set. Make this account, and name it there.")
        if needs is PUBLISH:
            words = _("%(setting)s is not set, so nothing can be published. Make this account, and name it there.")
        return Finding(Level.MISSING, AREA, words % told, _account(account, needs), RELOAD)
    if not account.refused:
        return Finding(Level.MISSING, AREA, _("%(setting)s: %(trouble)s") % told)
    words = _(
        "%(setting)s: %(trouble)s Check user and secret there and in manager.conf, and that its permit lines let the "
        "portal's address in."
    )
    return Finding(Level.MISSING, AREA, words % told, _account(account, needs), RELOAD)


def _account(account: Account, needs: Needs) -> tuple[Paste, ...]:
    user = account.address.user if account.address else needs.name
    lines = ["deny = 0.0.0.0/0.0.0.0", "permit = ADDRESS-OF-THE-PORTAL/255.255.255.255"]
    lines += [f"read = {needs.read}", f"write = {needs.write}", "writetimeout = 5000"]
    if needs is WATCH:
        lines += _filter_lines()
    section = Paste(MANAGER, "\n".join([f"[{user}]", "secret = SECRET", *lines]) + "\n")
    if account.address is not None:
        return (section,)
    return (section, Paste(str(ENVIRONMENT), f"{account.setting}=ami://{user}:SECRET@ADDRESS-OF-THE-PBX:5038\n"))


def _rights(account: Account, needs: Needs) -> Iterator[Finding]:
    user = account.address.user if account.address else needs.name
    lacking = {action: use for action, use in needs.uses.items() if action not in account.actions}
    missed = {action: use for action, use in needs.wishes.items() if action not in account.actions}
    if not lacking:
        yield ok(AREA, _("The account %(user)s logs in and may do all it needs.") % {"user": user})
    for level, without in ((Level.MISSING, lacking), (Level.HINT, missed)):
        if without:
            yield _may_not(level, user, needs, without)


def _may_not(level: Level, user: str, needs: Needs, lacking: dict[str, tuple[str, Any]]) -> Finding:
    words = _("%(user)s may not use %(actions)s: it lacks the class %(classes)s. Without it %(without)s.")
    told = {
        "user": user,
        "actions": ", ".join(lacking),
        "classes": ", ".join(dict.fromkeys(name for name, _without in lacking.values())),
        "without": "; ".join(str(without) for _name, without in lacking.values()),
    }
    return Finding(level, AREA, words % told, (_lines(user, f"write = {needs.write}"),), RELOAD)


def _lines(user: str, *lines: str) -> Paste:
    return Paste(MANAGER, "\n".join([f"[{user}]", *lines]) + "\n")


def _filter_lines() -> list[str]:
    return [f"eventfilter = {line}" for line in FILTERS]


def _reads(account: Account) -> Iterator[Finding]:
    """Nothing is said where it is not known."""
    if account.address is None or account.reads is None or "all" in account.reads:
        return
    user = account.address.user
    for name, (level, without) in READS.items():
        if name not in account.reads:
            words = _("%(user)s does not hear events of the class %(name)s: %(without)s.")
            told = {"user": user, "name": name, "without": without}
            yield Finding(level, AREA, words % told, (_lines(user, f"read = {WATCH.read}"),), RELOAD)


def _habits(facts: Facts) -> Iterator[Finding]:
    """What works and could be safer or cheaper."""
    assert facts.watch.address is not None  # noqa: S101 - it works; for the type checker
    told = {"user": facts.watch.address.user}
    if facts.watch.actions.intersection(TOO_MUCH):
        words = _(
            "%(user)s may change the whole PBX, which is more than its work needs: publishing has its own account."
        )
        paste = _lines(told["user"], f"write = {WATCH.write}")
        yield Finding(Level.HINT, AREA, words % told, (paste,), RELOAD)
    if facts.watch.filtered is False:
        words = _("%(user)s is sent about 25 events for each parked call; these lines leave out what nobody reads.")
        yield Finding(Level.HINT, AREA, words % told, (_lines(told["user"], *_filter_lines()),), RELOAD)
