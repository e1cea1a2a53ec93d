"""All settings. The environment is read here and nowhere else; README.md lists the variables."""

from pathlib import Path

import environ

from parkinglot.env import (
    OFFERED,
    allowed_hosts,
    count,
    database,
    language,
    log_level,
    port,
    redis_url,
    secret_key,
    switch,
    time_zone,
    var_dir,
    whole_days,
)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

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

LOGIN_URL = "dashboard:login"
LOGIN_REDIRECT_URL = "dashboard:board"
LOGOUT_REDIRECT_URL = "dashboard:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# Browsers do not keep cookies apart by port; several copies run on one host.
SESSION_COOKIE_NAME = f"parkinglot_session_{PORT}"
CSRF_COOKIE_NAME = f"parkinglot_csrf_{PORT}"

# A reverse proxy that speaks TLS says so in X-Forwarded-Proto; without one, anybody could claim that.
BEHIND_HTTPS = env.bool("BEHIND_HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS

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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "lots": {"level": log_level(env)},
        "dashboard": {"level": log_level(env)},
        "django.request": {"level": "ERROR"},  # a page that does not exist is the visitor's business
    },
}
