"""All settings. The environment is read here and nowhere else; README.md lists the variables."""

import tomllib
from datetime import timedelta
from pathlib import Path

import environ

from lots.telemetry.logs import secrets_in
from parkinglot.env import (
    OFFERED,
    allowed_hosts,
    count,
    database,
    journal_level,
    language,
    log_formatter,
    log_level,
    metrics_access,
    metrics_port,
    networks,
    one_of,
    port,
    redis_url,
    sealing_keys,
    secret_key,
    switch,
    time_zone,
    var_dir,
    whole_days,
)
from parkinglot.oidc_env import oidc

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

PORT = port(env)
BIND = env.str("BIND", default="127.0.0.1")
VAR_DIR = var_dir(env, BASE_DIR / "var")
ASTERISK_AMI_URL = env.str("ASTERISK_AMI_URL", default="")
ASTERISK_AMI_PUBLISH_URL = env.str("ASTERISK_AMI_PUBLISH_URL", default="")
# Where Asterisk reaches this portal for music and messages.
PORTAL_URL = env.str("PORTAL_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
REDIS_URL = redis_url(env)
EMBEDDED_SUITE = env.str("EMBEDDED_SUITE", default="")
DEMO = switch(env, "DEMO", default=not ASTERISK_AMI_URL)

SECRET_KEY = secret_key(env, VAR_DIR)
# What seals the PBXs' passwords in the database (lots/sealed.py): from the environment, else from a file.
SEALING_KEY_FILE = VAR_DIR / "sealing_key"
SEALING_KEYS = sealing_keys(env, SEALING_KEY_FILE)
DEBUG = False
ALLOWED_HOSTS = allowed_hosts(env, BIND)

INSTALLED_APPS = [
    "daphne",  # first: it installs the event loop the whole process shares
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "lots",
    "dashboard",
]

# Static files never reach these: parkinglot/asgi.py answers them first (WhiteNoise's table).
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dashboard.access.devices.remembering",
    "dashboard.access.required.second_factor",
    "axes.middleware.AxesMiddleware",  # last: the page it puts in a locked-out person's way gets the headers, too
]

ROOT_URLCONF = "parkinglot.urls"
ASGI_APPLICATION = "parkinglot.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": database(env, VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One message a web process, not one a browser: see dashboard/hub.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "parkinglot"},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
}

# Which codes were used, and how many wrong ones were tried: for all processes, where there are several.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "parkinglot",
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

LOGIN_URL = "dashboard:login"
LOGIN_REDIRECT_URL = "dashboard:board"
LOGOUT_REDIRECT_URL = "dashboard:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarity", {}),
        ("MinimumLength", {"min_length": 10}),
        ("CommonPassword", {}),
        ("NumericPassword", {}),
    )
]
# Who guesses passwords is held up: dashboard/access/limits.py. The log names who failed, axes itself is silent.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_FAILURES = count(env, "LOGIN_FAILURES", default=10)
LOGIN_LOCK = timedelta(minutes=count(env, "LOGIN_LOCK_MINUTES", default=15))
AXES_HANDLER = "dashboard.access.limits.Limits"
AXES_FAILURE_LIMIT = LOGIN_FAILURES
AXES_COOLOFF_TIME = LOGIN_LOCK
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "dashboard.access.locked.locked"
AXES_CLIENT_STR_CALLABLE = "dashboard.access.limits.described"
AXES_CLIENT_IP_CALLABLE = "dashboard.access.limits.address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False  # a page of our own, for those who may change people
AXES_VERBOSE = False
# A code from an app as the second factor: for whom it is a must. allauth's other ways in and out are not used.
SECOND_FACTOR = one_of(env, "SECOND_FACTOR", ("optional", "administrators", "all"))
ACCOUNT_ADAPTER = "dashboard.access.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}  # wrong codes of one person, from wherever
MFA_ADAPTER = "dashboard.access.adapters.SecondFactor"
MFA_FORMS = {
    name: f"dashboard.access.forms.{form}"
    for name, form in (("authenticate", "Code"), ("reauthenticate", "CodeAgain"), ("activate_totp", "FirstCode"))
}
MFA_TOTP_ISSUER = "Parkinglot"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s that a telephone's clock may be off
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Single sign-on with an OpenID provider; None: there is none. Begun by a link, since forms may lead nowhere else (CSP).
OIDC = oidc(env)
SOCIALACCOUNT_PROVIDERS = OIDC.providers if OIDC else {}
SOCIALACCOUNT_ADAPTER = "dashboard.access.provider.People"
SOCIALACCOUNT_LOGIN_ON_GET = True
# Whose word on where a request comes from counts: reverse proxies of your own, and nobody's when unset.
TRUSTED_PROXIES = networks(env, "TRUSTED_PROXIES")

# Browsers do not keep cookies apart by port; several copies run on one host.
SESSION_COOKIE_NAME = f"parkinglot_session_{PORT}"
CSRF_COOKIE_NAME = f"parkinglot_csrf_{PORT}"
DEVICE_COOKIE_NAME = f"parkinglot_device_{PORT}"

# A reverse proxy that speaks TLS says so in X-Forwarded-Proto; without one, anybody could claim that.
BEHIND_HTTPS = switch(env, "BEHIND_HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_HTTPS
CSRF_COOKIE_HTTPONLY = True
# How long browsers insist on TLS once they have seen it. Other hosts of the domain are not ours to decide about.
SECURE_HSTS_SECONDS = whole_days(env, "HSTS_DAYS", default=30) * 24 * 60 * 60 if BEHIND_HTTPS else 0
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# What the portal itself writes down, and whoever's browser asks for no language of these.
LANGUAGE_CODE = language(env)
LANGUAGES = OFFERED
LANGUAGE_COOKIE_NAME = f"parkinglot_language_{PORT}"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = BEHIND_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "parkinglot" / "locale"]
FORMAT_MODULE_PATH = "parkinglot.formats"
USE_TZ = True
TIME_ZONE = time_zone(env)

MEDIA_ROOT = VAR_DIR / "media"
# Publications whose whole text is kept, to go back to; older ones keep who, when and what.
PUBLICATIONS_KEPT = count(env, "PUBLICATIONS_KEPT", default=50)
# Recordings people upload: how large (as they come) and how long they may be.
AUDIO_MAX_BYTES = env.int("AUDIO_MAX_MB", default=50) * 1_000_000
AUDIO_MAX_SECONDS = env.int("AUDIO_MAX_MINUTES", default=60) * 60
# Internet streams as hold music: whether one may come from inside the PBX's network, and where its decoder is.
STREAMS_FROM_LAN = switch(env, "STREAMS_FROM_LAN", default=False)
DECODER_DIR = env.str("DECODER_DIR", default="/usr/bin")
# After how many days calls of the past are forgotten, and after how many only their figures are left; 0: never.
HISTORY_DAYS = whole_days(env, "HISTORY_DAYS")
ANONYMISE_DAYS = whole_days(env, "ANONYMISE_DAYS")
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 0  # names carry no hash: browsers ask each time, the answer is mostly "not modified"

# Who may read /metrics; of the bridge where it is a process of its own, on a port of its own.
METRICS_ACCESS = metrics_access(env, behind_proxy=bool(TRUSTED_PROXIES))
METRICS_BIND = env.str("METRICS_BIND", default="127.0.0.1")
METRICS_PORT = metrics_port(env, METRICS_ACCESS)

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "media-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# What a log line must never hold, wherever it comes from.
SECRETS = [
    SECRET_KEY,
    METRICS_ACCESS.token,
    env.str("OIDC_CLIENT_SECRET", default=""),
    str(DATABASES["default"].get("PASSWORD", "")),
    *SEALING_KEYS,
    *secrets_in([ASTERISK_AMI_URL, ASTERISK_AMI_PUBLISH_URL, REDIS_URL, env.str("DATABASE_URL", default="")]),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": log_formatter(env), "secrets": SECRETS}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "lots": {"level": log_level(env)},
        "dashboard": {"level": log_level(env)},
        "lots.journal": {"level": journal_level(env)},
        "django.request": {"level": "ERROR"},  # a page that does not exist is the visitor's business
    },
}
