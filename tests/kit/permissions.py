"""Who may do what: the whole expectation, as people would say it. ``docs/permissions.md`` is this, printed.

Tests walk the portal's addresses, the registry of the administration and the kinds of orders, and fail when one of them
stands in none of these tables.
"""

from dataclasses import dataclass

Who = frozenset[str]

ROLES = {
    "stranger": "nobody is logged in",
    "guest": "a login without any right",
    "helper": "may open the administration, and has no right in it",
    "looker": "staff who may only look",
    "other": "receptionist of another lot",
    "receptionist": "receptionist",
    "insider": "a receptionist who may open the administration",
    "administrator": "administrator, by the group",
    "superuser": "may do everything",
    "revoked": "was administrator and receptionist until a moment ago, and is still logged in",
}

EVERYBODY = frozenset(ROLES)
NOBODY: Who = frozenset()
LOGGED_IN = EVERYBODY - {"stranger"}
INSIDE = frozenset({"helper", "insider", "administrator", "superuser"})
"""Whom the administration lets in at all."""
DESK = frozenset({"other", "receptionist", "insider", "administrator", "superuser"})
LOOK = DESK | {"looker"}
ADMIN = frozenset({"administrator", "superuser"})
LOOK_INSIDE = LOOK & INSIDE

LOTS = {
    "lobby": "open to all: no group is named in it",
    "desk": "narrowed: receptionists may do everything, staff may look",
    "front": "narrowed to the group of another desk",
}
SEES = {
    "lobby": LOOK,
    "desk": frozenset({"looker", "receptionist", "insider", "superuser"}),
    "front": frozenset({"other", "superuser"}),
}
"""Who sees each lot, on every channel."""
ACTS_IN = {"lobby": DESK, "desk": SEES["desk"] - {"looker"}, "front": SEES["front"]}
"""Who may act in each lot, where the kind lets them act at all."""

IN_A_LOT = {
    **dict.fromkeys(("retrieve", "take_next", "send", "claim", "unclaim", "note", "notify", "more_time"), DESK),
    **dict.fromkeys(("move", "park", "end", "can_say", "page", "stop_page", "call_back", "settle"), DESK),
}
"""Orders about a lot or a call in it."""
ANYWHERE = {"calls": DESK, "cancel": DESK, "seen": LOOK, "park_demo": DESK}
"""Orders about nothing in a lot. Whose notice is answered, and whose order is cancelled, the bridge checks."""
OTHER_MESSAGES = {"ack": LOOK, "resync": LOOK}
SOCKETS = {"ws/board/": LOOK, "ws/wall/": EVERYBODY}
"""Who is let in; at the wall it is the secret of a link that counts, and no login."""

IN_FRONT = {
    **dict.fromkeys(("/healthz", "/healthz/live", "/healthz/ready", "/healthz/all"), EVERYBODY),
    "/metrics": NOBODY,  # until METRICS_TOKEN or METRICS_ALLOW is set: then who has the one or comes from the other
    "/static/": EVERYBODY,
    "/audio/": EVERYBODY,
}
"""Answered before Django. Recordings are named by a hash of their content, which only the portal tells."""


@dataclass(frozen=True)
class Page:
    """Who may look at an address, and who may send something to it; an address that only does one refuses all else."""

    get: Who = NOBODY
    post: Who = NOBODY


PAGES = {
    "dashboard:board": Page(get=LOOK),
    "dashboard:history": Page(get=DESK),
    "dashboard:history_sheet": Page(get=DESK),
    "dashboard:earlier": Page(get=DESK),
    "dashboard:reports": Page(get=DESK),
    "dashboard:reports_sheet": Page(get=DESK),
    "dashboard:wall": Page(get=EVERYBODY),
    "dashboard:login": Page(EVERYBODY, EVERYBODY),
    "dashboard:logout": Page(post=EVERYBODY),
    "dashboard:logged_out": Page(get=EVERYBODY),
    "set_language": Page(EVERYBODY, EVERYBODY),
    "favicon.ico": Page(EVERYBODY, EVERYBODY),
    "admin:index": Page(INSIDE, INSIDE),
    "admin:login": Page(INSIDE, INSIDE),
    "dashboard:account": Page(get=LOGGED_IN),
    "dashboard:password": Page(LOGGED_IN, LOGGED_IN),
    "account_login": Page(EVERYBODY, EVERYBODY),
    "mfa_authenticate": Page(LOGGED_IN, LOGGED_IN),  # who is logged in is led on; else only between password and code
    "mfa_index": Page(get=LOGGED_IN),
    "account_reauthenticate": Page(LOGGED_IN, LOGGED_IN),
    "mfa_activate_totp": Page(LOGGED_IN, LOGGED_IN),
    "mfa_reauthenticate": Page(LOGGED_IN, LOGGED_IN),
    "mfa_generate_recovery_codes": Page(LOGGED_IN, LOGGED_IN),
    **dict.fromkeys(("mfa_deactivate_totp", "mfa_view_recovery_codes"), Page()),  # once one has a second factor
    "admin:access_factor": Page(ADMIN, ADMIN),
    "admin:access_sso": Page(ADMIN, ADMIN),
    **dict.fromkeys(("sso_start", "sso_callback"), Page()),  # lead to a provider, which does not answer here
    "sso_end": Page(get=EVERYBODY),
    "admin/login/": Page(INSIDE, INSIDE),  # to the one login of all, or on
    "admin/password_change/": Page(EVERYBODY, EVERYBODY),  # leads to the page above
    "admin:access_locks": Page(ADMIN, ADMIN),
    "admin:dashboard_status": Page(get=ADMIN),
    "admin:logout": Page(get=EVERYBODY - INSIDE, post=EVERYBODY),  # whom it does not know it leads to the index
    "admin:password_change": Page(EVERYBODY, EVERYBODY),
    "admin:password_change_done": Page(get=INSIDE),
    "admin:jsi18n": Page(get=INSIDE),
    "admin:app_list": Page(LOOK_INSIDE, LOOK_INSIDE),
    "admin:autocomplete": Page(),
    "admin:view_on_site": Page(),
    "admin/(?P<url>.*)$": Page(),
    "admin:auth_user_password_change": Page(ADMIN, ADMIN),
    "admin:lots_setup_file": Page(ADMIN, ADMIN),
    "admin:lots_setup_file_download": Page(get=ADMIN),
    "admin:lots_setup_file_confirm": Page(post=ADMIN),
    "admin:lots_takeover": Page(get=ADMIN),
    "admin:lots_takeover_confirm": Page(post=ADMIN),
    "admin:lots_take_in": Page(ADMIN, ADMIN),
    "admin:lots_phone_keys": Page(get=LOOK_INSIDE),
    "admin:lots_phone_keys_lot": Page(get=LOOK_INSIDE),
    "admin:lots_check": Page(ADMIN, ADMIN),
    "admin:lots_check_pbx": Page(ADMIN, ADMIN),
    "admin:lots_doortry_locks": Page(ADMIN, ADMIN),
    "admin:lots_doortry_lot": Page(ADMIN, ADMIN),
    "admin:lots_doortry_lift": Page(post=ADMIN),
    "admin:lots_parkinglot_live_new": Page(post=ADMIN),
    "admin:lots_parkinglot_live": Page(post=ADMIN),
    "admin:lots_parkinglot_bring_back": Page(post=ADMIN),
    "admin:lots_pbx_drift": Page(ADMIN, ADMIN),
    "admin:lots_pbx_compare": Page(post=ADMIN),
    "admin:lots_pbx_publish": Page(post=ADMIN),
    "admin:lots_publication_preview": Page(ADMIN, ADMIN),
    "admin:lots_publication_progress": Page(ADMIN, ADMIN),
    "admin:lots_publication_state": Page(ADMIN, ADMIN),
    "admin:lots_publication_again": Page(post=ADMIN),
    "admin:lots_audiofile_status": Page(get=ADMIN),
    "admin:lots_wallscreen_revoke": Page(ADMIN, ADMIN),
    "admin:lots_wallscreen_new_link": Page(ADMIN, ADMIN),
}
"""Every address but those the administration makes for each kind of thing by itself; these are in ``THINGS``."""


@dataclass(frozen=True)
class Thing:
    """Who may do what with a kind of thing in the administration."""

    view: Who = ADMIN
    add: Who = ADMIN
    change: Who = ADMIN
    delete: Who = ADMIN

    def pages(self) -> dict[str, Page]:
        """Django's own pages for it."""
        return {
            "changelist": Page(self.view, self.view),
            "add": Page(self.add, self.add),
            "change": Page(self.view, self.change),
            "history": Page(self.view, self.view),
            "delete": Page(self.delete, self.delete),
        }


TO_READ = Thing(add=NOBODY, change=NOBODY, delete=NOBODY)
THINGS = {
    "lots.parkinglot": Thing(view=LOOK_INSIDE),
    "lots.parkedcall": Thing(LOOK_INSIDE, NOBODY, NOBODY, NOBODY),
    "lots.act": TO_READ,
    "lots.doortry": TO_READ,
    "lots.publication": TO_READ,
    "lots.pbx": Thing(),
    "lots.phone": Thing(),
    "lots.holdmusic": Thing(),
    "lots.audiofile": Thing(),
    "lots.pagingzone": Thing(),
    "lots.wallscreen": Thing(),
    "auth.user": Thing(),
    "auth.group": Thing(),
}
ACTIONS = {
    "lots.audiofile again": ADMIN,
    **{f"{name} delete_selected": thing.delete for name, thing in THINGS.items() if thing.delete},
}
"""What may be done with rows that are ticked in a list."""


def pages() -> dict[str, Page]:
    """All of them, by the address's name, else by the address."""
    found = dict(PAGES)
    for name, thing in THINGS.items():
        kind = name.replace(".", "_")
        found |= {f"admin:{kind}_{page}": who for page, who in thing.pages().items()}
        found[f"admin/{name.replace('.', '/')}/<path:object_id>/"] = Page(INSIDE, INSIDE)  # leads to the change page
    return found
