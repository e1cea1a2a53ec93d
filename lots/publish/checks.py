"""What is missing on a PBX, in sentences, with the lines to paste. Facts in, findings out: nothing is asked here."""

from lots.publish import check_accounts, check_files, check_phones, check_version
from lots.publish.finding import Finding, Level
from lots.publish.pbx_facts import Facts

FINE, MISSING, CANNOT_CONNECT = 0, 1, 2


def findings(facts: Facts) -> list[Finding]:
    """All of them, in the order in which a person would mend them."""
    found = [*check_accounts.findings(facts)]
    if facts.watch.works or facts.publish.works:
        found += [*check_version.findings(facts), *check_files.findings(facts), *check_phones.findings(facts)]
    return found


def exit_status(facts: Facts, found: list[Finding]) -> int:
    """0: nothing that is needed is missing; 1: something is; 2: Asterisk cannot be reached or refuses an account."""
    if not facts.watch.works or (facts.publish.address is not None and not facts.publish.works):
        return CANNOT_CONNECT
    return MISSING if any(one.level is Level.MISSING for one in found) else FINE
