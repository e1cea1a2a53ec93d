"""Telling the web processes from ordinary Django code (admin pages, signals) that something must be read again."""

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from lots.bridge.messages import BOARDS, News

log = logging.getLogger(__name__)


def announce(news: News) -> None:
    """Tell all hubs once the present transaction is written. Boards look again by themselves if this gets lost."""
    transaction.on_commit(lambda: _send(news), robust=True)


def _send(news: News) -> None:
    layer = get_channel_layer()
    async_to_sync(layer.group_send)(BOARDS, {"type": "news", "news": news})
