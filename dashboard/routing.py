"""The addresses of sockets."""

from django.urls import path

from dashboard.consumers import BoardConsumer
from dashboard.wall_consumer import WallConsumer

websocket_urlpatterns = [
    path("ws/board/", BoardConsumer.as_asgi()),
    path("ws/wall/", WallConsumer.as_asgi()),
]
