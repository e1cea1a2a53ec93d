"""Free loopback ports, chosen once and kept, so that a softphone's settings outlive a restart."""

import json
import socket
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from lots.embedded.config import LOOPBACK, SIMULATED, Ports

RTP_BLOCK = 2000
"""RTP ports per instance: four per bridged call."""
RTP_FROM = 10000
RTP_BLOCKS = 11
"""Blocks from 10000 to 31999, below the ports the kernel hands out by itself."""


def remembered_ports(file: Path) -> Ports:
    """The ports in ``file`` while they are free, else new ones, which are then written to it."""
    ports = _read(file)
    if ports is None or not _all_free(ports):
        ports = _choose()
        file.write_text(json.dumps(asdict(ports)))
    return ports


def _read(file: Path) -> Ports | None:
    try:
        return Ports(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        return None  # first start, or a file somebody damaged: choose again


def _choose() -> Ports:
    with ExitStack() as held:  # held together, so that no two are the same
        ami = _bound(held, socket.SOCK_STREAM, LOOPBACK)
        sip = _bound(held, socket.SOCK_DGRAM, LOOPBACK)
        simulated = _bound(held, socket.SOCK_DGRAM, SIMULATED)
    first = RTP_FROM + sip % RTP_BLOCKS * RTP_BLOCK
    return Ports(ami=ami, sip=sip, simulated=simulated, rtp_first=first, rtp_last=first + RTP_BLOCK - 1)


def _bound(held: ExitStack, kind: socket.SocketKind, address: str, port: int = 0) -> int:
    """Bind ``port`` (0: any) until ``held`` closes and return its number; OSError when it is taken."""
    sock = held.enter_context(socket.socket(socket.AF_INET, kind))
    if kind is socket.SOCK_STREAM:
        # as Asterisk does: connections of the last run that still linger do not make the port taken
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    return int(sock.getsockname()[1])


def _all_free(ports: Ports) -> bool:
    try:
        with ExitStack() as held:
            _bound(held, socket.SOCK_STREAM, LOOPBACK, ports.ami)
            _bound(held, socket.SOCK_DGRAM, LOOPBACK, ports.sip)
            _bound(held, socket.SOCK_DGRAM, SIMULATED, ports.simulated)
    except OSError:
        return False
    return True
