"""The ASGI application; any ASGI server may run it.

Static files and health are answered before Django: WhiteNoise's table is ten times faster without its middleware,
and a sync middleware would keep the process from ending while a request runs.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parkinglot.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402  (apps must be loaded first)
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from dashboard.routing import websocket_urlpatterns  # noqa: E402
from parkinglot.front import Front  # noqa: E402
from parkinglot.headers import Headers  # noqa: E402
from parkinglot.origin import SameOrigin  # noqa: E402
from parkinglot.proxies import Proxies  # noqa: E402

http = Headers(Front(django_application), hsts=settings.SECURE_HSTS_SECONDS, behind_https=settings.BEHIND_HTTPS)
sockets = AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
application = Proxies(
    ProtocolTypeRouter({"http": http, "websocket": AllowedHostsOriginValidator(SameOrigin(sockets))}),
    settings.TRUSTED_PROXIES,
)
