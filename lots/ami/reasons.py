"""Why there is no connection, in a sentence for a person."""

import socket
import ssl

from lots.ami.address import AmiAddress
from lots.types.words import Said, gettext_noop


def why(error: Exception, address: AmiAddress) -> Said:
    """For whatever connecting raises: ``OSError`` (TLS errors are some) or ``TimeoutError``."""
    params: dict[str, object] = {"place": address.place}
    match error:
        case TimeoutError():
            words = gettext_noop("Asterisk at {place} did not answer the call for a connection in time.")
        case ConnectionRefusedError():
            words = gettext_noop("Nothing listens at {place}: is Asterisk running, and AMI enabled?")
        case ssl.SSLCertVerificationError():
            words = gettext_noop("The TLS certificate of {place} is not trusted: {why}.")
            params |= {"why": error.verify_message}
        case ssl.SSLError():
            words = gettext_noop("TLS with {place} failed ({why}): is it the TLS port, and the ca file in order?")
            params |= {"why": error.reason}
        case socket.gaierror():
            words = gettext_noop("The host {host} is not known: {why}.")
            params |= {"host": address.host, "why": error.strerror}
        case FileNotFoundError() | PermissionError() if address.ca:
            words = gettext_noop("The certificate file {file} cannot be read.")
            params |= {"file": address.ca}
        case OSError():
            words = gettext_noop("Asterisk at {place} cannot be reached: {why}.")
            params |= {"why": error.strerror or error}
        case _:
            words = gettext_noop("Connecting to Asterisk at {place} failed ({why}).")
            params |= {"why": type(error).__name__}
    return Said(words, **params)
