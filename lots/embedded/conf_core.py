"""asterisk.conf, modules.conf, logger.conf, manager.conf and their small neighbours, as text."""

from lots.embedded.config import LOOPBACK, Account, Place

PORTS = "chan_iax2 chan_unistim chan_mgcp chan_skinny chan_sip chan_ooh323 chan_websocket pbx_dundi res_xmpp res_snmp"
"""They listen, or call out."""
HARDWARE = "chan_console chan_alsa chan_oss chan_phone chan_dahdi chan_motif chan_mobile app_jack"
DATABASES = (
    "res_odbc res_odbc_transaction res_config_odbc func_odbc res_config_pgsql res_config_sqlite3 res_config_ldap "
    "res_config_curl res_config_mysql res_realtime pbx_realtime res_sorcery_realtime app_voicemail_odbc "
    "app_voicemail_imap"
)
RECORDS = (
    "cdr_adaptive_odbc cdr_csv cdr_custom cdr_manager cdr_odbc cdr_pgsql cdr_radius cdr_sqlite3_custom cdr_tds "
    "cdr_syslog cdr_beanstalkd cel_custom cel_manager cel_odbc cel_pgsql cel_radius cel_sqlite3_custom cel_tds "
    "cel_beanstalkd res_cdrel_custom app_cdr app_forkcdr"
)
SERVICES = (
    "res_ari res_ari_applications res_ari_asterisk res_ari_bridges res_ari_channels res_ari_device_states "
    "res_ari_endpoints res_ari_events res_ari_mailboxes res_ari_model res_ari_playbacks res_ari_recordings "
    "res_ari_sounds res_phoneprov res_pjsip_phoneprov_provider res_hep res_hep_pjsip res_hep_rtcp res_statsd "
    "res_endpoint_stats res_chan_stats res_prometheus res_calendar res_calendar_caldav res_calendar_ews "
    "res_calendar_exchange res_calendar_icalendar res_geolocation res_pjsip_geolocation res_stir_shaken "
    "res_pjsip_stir_shaken res_aeap res_speech_aeap res_websocket_client res_resolver_unbound res_stun_monitor "
    "res_fax res_fax_spandsp res_pjsip_t38 res_pjsip_config_wizard res_pjsip_notify res_clialiases res_smdi"
)
UNUSED = (
    "app_adsiprog app_getcpeid res_adsi app_agent_pool app_alarmreceiver app_amd app_festival app_followme app_minivm "
    "app_queue app_sms app_macro app_meetme pbx_lua pbx_ael res_ael_share res_monitor app_image app_url app_ices "
    "app_nbscat app_dahdiras app_osplookup res_config_sqlite cdr_sqlite3 func_enum res_corosync "
    "app_stasis app_stasis_broadcast res_stasis_broadcast"
)
"""Nothing here needs them, and most complain about a missing file or their own age."""
USELESS = f"{PORTS} {HARDWARE} {DATABASES} {RECORDS} {SERVICES} {UNUSED}".split()
"""Modules not to load. Names a version does not have do no harm."""
BARE = "acl ccss cel features pjproject res_http_media_cache stasis udptl"
"""Files Asterisk misses when they are not there and is content to find empty."""


INDICATIONS = """\
[general]
country = us

[us]
description = North America
ringcadence = 2000,4000
dial = 350+440
busy = 480+620/500,0/500
ring = 440+480/2000,0/4000
congestion = 480+620/250,0/250
callwaiting = 440/300,0/10000
dialrecall = !350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440
record = 1400/500,0/15000
info = !950/330,!1400/330,!1800/330,0
stutter = !350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440
"""
"""The tones a caller hears: ringing, busy."""


def asterisk_conf(place: Place) -> str:
    """Directories of this instance alone; sounds, modules and documentation stay where the package put them."""
    home = place.home
    return f"""\
[directories]
astetcdir => {place.etc}
astdbdir => {home}/db
astkeydir => {home}/db
astspooldir => {home}/spool
astcachedir => {home}/cache
astrundir => {home}/run
astlogdir => {home}/log

[options]
verbose = 0
debug = 0
maxfiles = {place.max_files}
documentation_language = en_US
"""


def modules_conf() -> str:
    """Load everything but the useless: an explicit list of the useful is longer and differs per version."""
    return "[modules]\nautoload = yes\n" + "".join(f"noload = {name}.so\n" for name in USELESS)


def logger_conf() -> str:
    """One file, nothing on the console."""
    return """\
[general]
dateformat = %F %T.%3q

[logfiles]
console =
messages = notice,warning,error
"""


def manager_conf(accounts: tuple[Account, ...], port: int) -> str:
    """AMI on loopback, one section per account."""
    head = f"[general]\nenabled = yes\nwebenabled = no\nbindaddr = {LOOPBACK}\nport = {port}\n"
    return head + "".join(_account(account) for account in accounts)


def _account(account: Account) -> str:
    lines = [
        f"\n[{account.name}]",
        f"secret = {account.secret}",
        "deny = 0.0.0.0/0.0.0.0",
        "permit = 127.0.0.0/255.0.0.0",
        f"read = {account.read}",
        f"write = {account.write}",
        # a reader that is busy for a moment must not lose its session (Asterisk's own limit is 100 ms)
        "writetimeout = 5000",
        *(f"eventfilter = {line}" for line in account.filters),
    ]
    return "\n".join(lines) + "\n"


def small_files() -> dict[str, str]:
    """What the core reads at every start, by file name.

    Call records are kept and written nowhere (take next reads them), tones are of one country, no options else.
    """
    return {
        **{f"{name}.conf": "; nothing but defaults\n" for name in BARE.split()},
        "cdr.conf": "[general]\nenable = yes\n",
        "voicemail.conf": "[general]\nformat = wav\n",
        "confbridge.conf": "[general]\n\n[default_bridge]\ntype = bridge\n\n[default_user]\ntype = user\n",
        "indications.conf": INDICATIONS,
    }
