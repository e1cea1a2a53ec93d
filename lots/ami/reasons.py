"""Why there is no connection, in a sentence for a person."""

import socket
import ssl

from lots.ami.address import AmiAddress


def why(error: Exception, address: AmiAddress) -> str:
    """For whatever connecting raises: ``OSError`` (TLS errors are some) or ``TimeoutError``."""
    place = address.place
    match error:
        case TimeoutError():
            sentence = f"Asterisk at {place} did not answer the call for a connection in time."
        case ConnectionRefusedError():
            sentence = f"Nothing listens at {place}: is Asterisk running, and AMI enabled?"
        case ssl.SSLCertVerificationError():
            sentence = f"The TLS certificate of {place} is not trusted: {error.verify_message}."
        case ssl.SSLError():
            sentence = f"TLS with {place} failed ({error.reason}): is it the TLS port, and the ca file in order?"
        case socket.gaierror():
            sentence = f"The host {address.host} is not known: {error.strerror}."
        case FileNotFoundError() | PermissionError() if address.ca:
            sentence = f"The certificate file {address.ca} cannot be read."
        case OSError():
            sentence = f"Asterisk at {place} cannot be reached: {error.strerror or error}."
        case _:
            sentence = f"Connecting to Asterisk at {place} failed ({type(error).__name__})."
    return sentence
