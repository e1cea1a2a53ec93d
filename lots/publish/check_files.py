"""Includes: our files in the PBX's own, our contexts in those of phones and trunks. And what is in the way there."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lots.config.conf import EXTENSIONS, INCLUDED_BY, MUSIC, PARKING
from lots.config.foreign import COMMON
from lots.publish.finding import Finding, Level, Paste, ok
from lots.publish.pbx_facts import Facts, Inclusion
from lots.publish.translated import clash_words

FREEPBX_FILES = {
    PARKING: "res_parking_custom.conf",
    EXTENSIONS: "extensions_custom.conf",
    MUSIC: "musiconhold_custom.conf",
}
"""The files FreePBX leaves to people; it writes all others anew."""
FREEPBX_CONTEXTS = {"from-internal": "from-internal-custom", "from-trunk": "from-trunk-custom"}
AREA, DIALPLAN = "files", "dialplan"
RELOADS = {PARKING: "module reload res_parking", EXTENSIONS: "dialplan reload", MUSIC: "moh reload"}


def findings(facts: Facts) -> Iterator[Finding]:
    """Files, contexts, clashes."""
    if facts.freepbx:
        yield ok(
            AREA,
            _(
                "This PBX is managed by FreePBX. Its own files are left alone: its lots can be watched and their calls "
                "taken; lots set up here come beside them."
            ),
        )
    yield from _included(facts)
    for inclusion in facts.inclusions:
        if inclusion.reaches or inclusion.ours == COMMON or facts.outside:
            yield _inclusion(inclusion, freepbx=facts.freepbx)
    if facts.setup_trouble:
        yield Finding(Level.MISSING, DIALPLAN, facts.setup_trouble)
    for clash in facts.clashes:
        yield Finding(Level.MISSING, DIALPLAN, clash_words(clash))
    for sentence in facts.lost_places:
        yield Finding(Level.HINT, DIALPLAN, sentence)


def _included(facts: Facts) -> Iterator[Finding]:
    missing = [file for file, included in facts.included.items() if included is False]
    if facts.included and all(facts.included.values()):
        yield ok(AREA, _("The PBX's own files include all three of ours."))
    for file in missing:
        stock = FREEPBX_FILES[file] if facts.freepbx else INCLUDED_BY[file]
        words = _("%(stock)s does not include our file %(file)s. Put this line at its very end.")
        paste = Paste(stock, f"#tryinclude {file}\n")
        after = f"asterisk -rx '{RELOADS[file]}'"
        yield Finding(Level.MISSING, AREA, words % {"stock": stock, "file": file}, (paste,), after)
    unknown = [file for file, included in facts.included.items() if included is None]
    if unknown:
        words = _(
            "Whether the PBX includes %(files)s cannot be told before something was published: until then our files "
            "are empty there, or missing."
        )
        if facts.busy:
            words = _("Whether the PBX includes %(files)s was not tried, for something is being published.")
        yield Finding(Level.HINT, AREA, words % {"files": ", ".join(unknown)})
    if facts.made:
        words = _("To see that, these files of ours were made on the PBX, empty: %(files)s. Nothing was loaded.")
        yield Finding(Level.HINT, AREA, words % {"files": ", ".join(facts.made)})


def _inclusion(one: Inclusion, *, freepbx: bool) -> Finding:
    told = {"context": one.context, "ours": one.ours}
    if one.reaches:
        return ok(DIALPLAN, _("The context %(context)s includes %(ours)s.") % told)
    where = FREEPBX_CONTEXTS.get(one.context, one.context) if freepbx else one.context
    paste = Paste(
        FREEPBX_FILES[EXTENSIONS] if freepbx else INCLUDED_BY[EXTENSIONS], f"[{where}]\ninclude => {one.ours}\n"
    )
    words = _("The context %(context)s does not include %(ours)s: nobody who dials there reaches the lots.")
    if one.ours != COMMON:
        words = _("The context %(context)s does not include %(ours)s: the lots' outside numbers are not reached.")
    if not one.exists:
        words = _(
            "The PBX has no context %(context)s. Name the contexts your phones and trunks use on the PBX's page here, "
            "or make it."
        )
    return Finding(Level.MISSING, DIALPLAN, words % told, (paste,), f"asterisk -rx '{RELOADS[EXTENSIONS]}'")
