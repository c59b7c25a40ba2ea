"""As much of SQL Server's protocol (TDS) as comes before a login: whether TLS is asked for, and a
handshake. It hears the first packet behind that and hangs up."""

from __future__ import annotations

import socket
import ssl
import struct

__all__ = ["PRELOGIN", "listen"]

PRELOGIN = 0x12
_OFFERED, _NOT_THERE = 1, 2


def listen(listener: socket.socket, context: ssl.SSLContext | None, heard: list[bytes]) -> None:
    """Serve one connection; `heard` gets what came after the handshake, or, where `context` is
    None and no TLS is offered, after the answer that says so."""
    connection = listener.accept()[0]
    connection.settimeout(10)
    try:
        _packet(connection)
        answer = _OFFERED if context else _NOT_THERE
        body = struct.pack(">BHHBHHB", 0, 11, 6, 1, 17, 1, 0xFF) + b"\x0f" + b"\0" * 5
        _send(connection, 0x04, body + bytes([answer]))
        if context is None:
            heard.append(connection.recv(4096))
        else:
            heard.append(_after_handshake(connection, context))
    except (OSError, EOFError):
        pass
    finally:
        connection.close()


def _after_handshake(connection: socket.socket, context: ssl.SSLContext) -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    while True:
        try:
            tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            if said := outgoing.read():
                _send(connection, PRELOGIN, said)
            incoming.write(_packet(connection))
    if said := outgoing.read():
        _send(connection, PRELOGIN, said)
    while True:  # from here on TLS is not wrapped any more
        try:
            return tls.read(4096)
        except ssl.SSLWantReadError:
            received = connection.recv(4096)
            if not received:
                return b""
            incoming.write(received)


def _send(connection: socket.socket, kind: int, body: bytes) -> None:
    connection.sendall(struct.pack(">BBHHBB", kind, 1, 8 + len(body), 0, 1, 0) + body)


def _packet(connection: socket.socket) -> bytes:
    """The body of one packet."""
    header = _exactly(connection, 8)
    return _exactly(connection, struct.unpack(">H", header[2:4])[0] - 8)


def _exactly(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        part = connection.recv(count - len(received))
        if not part:
            raise EOFError
        received += part
    return received
