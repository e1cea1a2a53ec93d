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

from dashboard.routing import websocket_urlpatterns  # noqa: E402
from parkinglot.front import Front  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": Front(django_application),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
