"""The addresses of sockets."""

from django.urls import path

from dashboard.consumers import BoardConsumer

websocket_urlpatterns = [path("ws/board/", BoardConsumer.as_asgi())]
