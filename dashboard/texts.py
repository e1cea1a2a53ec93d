"""One message as text for every audience: made once for each form, and only when somebody needs it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from dashboard.audience import Audience
from dashboard.form import Form, told
from dashboard.replica import dumps


def texts(message: Mapping[str, Any]) -> Callable[[Audience], str]:
    """What an audience is sent."""

    @cache
    def made(form: Form) -> str:
        return dumps(told(message, form))

    return lambda audience: made(audience.form)
