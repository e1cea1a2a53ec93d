"""Asking a PBX for the facts. Everything is tried by doing something harmless, nothing is believed by its settings."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace

from channels.db import database_sync_to_async
from django.conf import settings

from lots.ami import AccountRefused, ActionRefused, AmiAddress, AmiClient, AmiError
from lots.config.conf import FILES
from lots.config.dialplan_view import Dialplan
from lots.config.foreign import COMMON, OUTSIDE
from lots.config.gate import UnsafeValue
from lots.config.music_check import music_problems, read_classes
from lots.config.render import render
from lots.config.setup import MusicKind, Setup, StepKind
from lots.models import Pbx
from lots.publish import lock
from lots.publish.accounts import where_set
from lots.publish.live import around, live_problems
from lots.publish.needed_modules import needed_modules
from lots.publish.pbx_facts import Account, Facts, Inclusion
from lots.publish.places import lost_places
from lots.publish.probe import is_included
from lots.publish.publications import UNDER_WAY
from lots.publish.reader import read_content_of
from lots.publish.setup import setup_of
from lots.publish.translated import translated
from lots.publish.versions import version_of

WATCH, PUBLISH = "ASTERISK_AMI_URL", "ASTERISK_AMI_PUBLISH_URL"
MOST_PHONES = 60
"""Endpoints looked at one by one."""
FREEPBX = ("res_parking_additional.conf", "extensions_additional.conf")
"""Files that FreePBX writes, and nobody else."""
_READS = re.compile(r"read perm: (.*)")


async def gather(pbx: Pbx, watch: AmiAddress | None, publish: AmiAddress | None, *, create: bool) -> Facts:
    """Never raises for what the PBX is or says: that is what is asked for.

    ``create``: where files of ours are not there, or empty, they are made and touched to see whether the PBX's own
    include them, unless somebody publishes; without it nothing is written.
    """
    setup, trouble, busy = await database_sync_to_async(_from_database)(pbx)
    facts = Facts(
        watch=Account(setting=where_set(pbx, WATCH), address=watch),
        publish=Account(setting=where_set(pbx, PUBLISH), address=publish),
        setup_trouble=trouble,
        busy=busy,
        uploads=any(music.kind is MusicKind.UPLOADS for music in setup.music),
        outside=any(lot.door.numbers for lot in setup.lots),
        portal_url=str(settings.PORTAL_URL),
    )
    facts = replace(facts, watch=await _account(facts.watch), publish=await _account(facts.publish))
    for account in (facts.publish, facts.watch):
        if account.works and account.address is not None:
            try:
                async with AmiClient(account.address) as ami:
                    return await _Asker(ami, account, facts, create=create).ask(pbx, setup)
            except AmiError as error:
                broken = replace(account, trouble=str(error))
                is_publish = account is facts.publish
                return replace(facts, publish=broken) if is_publish else replace(facts, watch=broken)
    return facts


def _from_database(pbx: Pbx) -> tuple[Setup, str, bool]:
    busy = pbx.publications.filter(state__in=UNDER_WAY).exists()
    try:
        return setup_of(pbx), "", busy
    except UnsafeValue as error:
        return Setup(), translated(error), busy


async def _account(account: Account) -> Account:
    if account.address is None:
        return account
    try:
        async with AmiClient(account.address) as ami:
            commands = await ami.send("ListCommands")
            actions = frozenset(commands.headers) - {"Response", "ActionID"}
            return replace(account, actions=actions, filtered=await _filtered(ami, account.address.user))
    except AccountRefused as error:
        return replace(account, trouble=str(error), refused=True)
    except AmiError as error:
        return replace(account, trouble=str(error))


async def _filtered(ami: AmiClient, user: str) -> bool | None:
    """By its own section alone, for nothing shows it; the portal knows what else stands there."""
    try:
        reply = await ami.send("GetConfig", [("Filename", "manager.conf"), ("Category", user)])
    except AmiError:
        return None
    return re.search(rb"^Line-[0-9-]+: eventfilter", reply.raw, re.MULTILINE) is not None


class _Asker:
    """Asks on one connection; what the account may not ask stays unknown."""

    def __init__(self, ami: AmiClient, account: Account, facts: Facts, *, create: bool) -> None:
        self._ami, self._account, self._facts, self._create = ami, account, facts, create

    async def ask(self, pbx: Pbx, setup: Setup) -> Facts:
        """Everything, one after the other."""
        core = await self._headers("CoreSettings")
        text = core.get("AsteriskVersion", "")
        facts = replace(self._facts, version_text=text, version=version_of(text, self._ami.version))
        facts = replace(facts, watch=await self._reads(facts.watch), freepbx=await self._is_freepbx())
        facts = await self._with_included(pbx, replace(facts, modules=await self._modules(setup)))
        facts = replace(facts, inclusions=await self._inclusions(pbx), music=await self._music(setup))
        facts = replace(facts, silent_phones=await self._silent_phones(pbx))
        if self._may("ShowDialPlan", "GetConfig"):
            facts = replace(facts, clashes=await live_problems(self._ami, setup, pbx))
        if self._may("ShowDialPlan"):
            facts = replace(facts, lost_places=await lost_places(self._ami, setup))
        return facts

    def _may(self, *actions: str) -> bool:
        return all(action in self._account.actions for action in actions)

    async def _headers(self, action: str, *headers: tuple[str, str]) -> dict[str, str]:
        """Of the answer; empty: refused."""
        try:
            return dict((await self._ami.send(action, headers)).headers)
        except ActionRefused:
            return {}

    async def _command(self, line: str) -> list[str] | None:
        if not self._may("Command"):
            return None
        output = await self._headers("Command", ("Command", line))
        return output.get("Output", "").split("\n")

    async def _reads(self, watch: Account) -> Account:
        """Which events it hears: there is nothing harmless that would make Asterisk send one."""
        if watch.address is None or not (lines := await self._command(f"manager show user {watch.address.user}")):
            return watch
        found = next((match[1] for line in lines if (match := _READS.search(line))), None)
        return watch if found is None else replace(watch, reads=frozenset(re.split(r"[,\s]+", found.strip())))

    async def _is_freepbx(self) -> bool:
        found = [await self._headers("GetConfig", ("Filename", name)) for name in FREEPBX]
        return all(found)

    async def _modules(self, setup: Setup) -> dict[str, bool]:
        if not self._may("ModuleCheck"):
            return {}
        voicemail = any(step.kind is StepKind.VOICEMAIL for lot in setup.lots for step in lot.steps)
        wanted = needed_modules(render(setup), voicemail=voicemail)
        answers = [await self._headers("ModuleCheck", ("Module", name.removesuffix(".so"))) for name in wanted]
        return {name: bool(answer) for name, answer in zip(wanted, answers, strict=True)}

    async def _with_included(self, pbx: Pbx, facts: Facts) -> Facts:
        """As nobody publishes: who does holds the lock we write under."""
        if not self._may("GetConfig"):
            return facts
        if not (self._create and not facts.busy and self._may("CreateConfig", "UpdateConfig")):
            return replace(facts, included=await self._included(may_write=False))
        me = lock.token("check")
        try:
            await database_sync_to_async(lock.take)(pbx, me)
        except lock.Busy:
            return replace(facts, busy=True, included=await self._included(may_write=False))
        try:
            made = tuple([file for file in FILES if await read_content_of(self._ami, file) is None])
            return replace(facts, made=made, included=await self._included(may_write=True))
        finally:
            await database_sync_to_async(lock.give_back)(pbx, me)

    async def _included(self, *, may_write: bool) -> dict[str, bool | None]:
        return {file: await is_included(self._ami, file, may_write=may_write) for file in FILES}

    async def _inclusions(self, pbx: Pbx) -> tuple[Inclusion, ...]:
        if not self._may("ShowDialPlan"):
            return ()
        wanted = [(name, COMMON) for name in pbx.phone_contexts.split()]
        wanted += [(name, OUTSIDE) for name in pbx.trunk_contexts.split()]
        plan = Dialplan.of(await around(self._ami, [name for name, _ours in wanted]))
        exist = set(plan.contexts)
        for ours in (COMMON, OUTSIDE):
            plan.context(ours)  # an include may stand there before what it includes does
        return tuple(Inclusion(name, ours, name in exist, plan.includes(name, ours)) for name, ours in wanted)

    async def _music(self, setup: Setup) -> tuple[str, ...]:
        """What is wrong with the music of lots, as sentences."""
        classes, files = await self._command("moh show classes"), await self._command("moh show files")
        known = None if classes is None or files is None else read_classes("\n".join(classes), "\n".join(files))
        return tuple(map(translated, music_problems(setup, known)))

    async def _silent_phones(self, pbx: Pbx) -> tuple[str, ...]:
        if not self._may("PJSIPShowEndpoints", "PJSIPShowEndpoint"):
            return ()
        reply = await self._ami.send("PJSIPShowEndpoints")
        names = [item["ObjectName"] for item in reply.items if "ObjectName" in item][:MOST_PHONES]
        contexts = pbx.phone_contexts.split()
        silent = await asyncio.gather(*(self._is_silent(name, contexts) for name in names))
        return tuple(name for name, is_silent in zip(names, silent, strict=True) if is_silent)

    async def _is_silent(self, name: str, contexts: Sequence[str]) -> bool:
        try:
            reply = await self._ami.send("PJSIPShowEndpoint", [("Endpoint", name)])
        except ActionRefused:
            return False
        for item in reply.items:
            if item.get("Event") == "EndpointDetail":
                told = item.get("SendPai") == "true" or item.get("SendRpid") == "true"
                return item.get("Context") in contexts and not told
        return False
