"""Slow clients: many connections that send a header line, or a byte of a body, once a second."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from consult.web.server import raise_open_files


@contextmanager
def clients(port: int, count: int, *, in_the_body: bool) -> Iterator[threading.Event]:
    """Hold `count` slow connections open until the end of the block, each sending a little once a second."""
    raise_open_files()
    stop = threading.Event()
    ready = threading.Event()
    thread = threading.Thread(target=_drip, args=(port, count, in_the_body, stop, ready), daemon=True)
    thread.start()
    ready.wait(60)
    try:
        yield stop
    finally:
        stop.set()
        thread.join(10)


def _drip(port: int, count: int, in_the_body: bool, stop: threading.Event, ready: threading.Event) -> None:
    head = b"POST /sign-in HTTP/1.1\r\nHost: slow\r\n"
    if in_the_body:
        head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"
    lines = []
    for _ in range(count):
        line = socket.create_connection(("127.0.0.1", port), timeout=30)
        line.sendall(head)
        line.setblocking(False)
        lines.append(line)
    ready.set()
    number = 0
    while not stop.is_set():
        began = time.monotonic()
        number += 1
        drop = b"a" if in_the_body else b"X-Slow-%d: 1\r\n" % number
        for line in lines:
            try:
                line.send(drop)
            except OSError:
                continue
        stop.wait(max(0.0, 1 - (time.monotonic() - began)))
    for line in lines:
        line.close()
