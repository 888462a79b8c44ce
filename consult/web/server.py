"""The production server: waitress processes that share one listening socket.

Waitress reads requests and writes answers in one loop and gives a thread only to a request that has arrived whole,
so that any number of slow clients holds up nobody else. Three settings matter: `asyncore_use_poll` (select() dies at
1,024 sockets), a connection limit above the usual 100, and room for as many open files.
"""

import contextlib
import ctypes
import gc
import logging
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

from flask import Flask
from waitress.server import create_server

from consult import config, create_app
from consult.notices import dispatch
from consult.web.logs import set_up_logs

CONNECTIONS = 2_000  # held at once by each process
THREADS = 8  # requests worked on at once by each process
BODY_LIMIT = (
    4 * 1024 * 1024
)  # bytes; the application refuses more than 3 MB with a page, this is the wall behind it
BACKLOG = 1_024
GRACE = 10.0  # seconds that a process is given to finish its answers
M_ARENA_MAX = -8  # malloc.h
MakeApp = Callable[[config.Settings], Flask]
log = logging.getLogger("consult.server")


def serve(
    settings: config.Settings, *, host: str, port: int, workers: int, make_app: MakeApp = create_app
) -> None:
    """Listen on host and port and serve with `workers` processes until SIGTERM or SIGINT. Raises OSError.

    The application is made once, before the processes part, so that they share its memory; it opens no connection
    to the database by then. `make_app` makes it; the benchmarks serve others by the same server.
    """
    set_up_logs(settings.log_level)
    listener = listen(host, port)
    raise_open_files()
    app = make_app(settings)
    _keep_memory_together()
    if workers == 1:
        work(app, listener, dispatches=True)
        return
    gc.freeze()  # what all share is not looked at by the collector, and so stays shared
    _supervise(lambda place: work(app, listener, dispatches=place == 0), workers)


def _keep_memory_together() -> None:
    """Let the threads of a process share one pool of memory instead of having one each, where libc is glibc.

    A pool keeps what its largest request took; with eight of them a few long pages for paper filled each in turn.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket that child processes inherit."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    listener.setblocking(False)
    listener.set_inheritable(True)
    return listener


def raise_open_files() -> None:
    """Ask for room for every connection and then some; take what the machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS + 500
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def work(app: Flask, listener: socket.socket, *, dispatches: bool) -> None:
    """Serve from this process until it is told to stop; the one that `dispatches` sends the mails too."""
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
        max_request_body_size=BODY_LIMIT,
        channel_timeout=60,
        backlog=BACKLOG,
        ident="",
        clear_untrusted_proxy_headers=False,  # ProxyFix reads them, for as many proxies as the setting trusts
    )
    # A request makes some thousand objects: look for rubbish every few requests, not several times in each.
    gc.set_threshold(20_000, 20, 50)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    if dispatches and "sqlalchemy" in app.extensions:
        dispatch.start_dispatcher(app)
    try:
        server.run()
    except SystemExit:
        pass
    finally:
        server.task_dispatcher.shutdown(timeout=GRACE / 2)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


class _Stopped(Exception):
    """The supervisor was told to stop."""


def _supervise(run: Callable[[int], None], workers: int) -> None:
    """Keep `workers` processes running; start another in place of one that died. `run` is told its place."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stopped

    places: dict[int, int] = {}
    try:
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        for place in range(workers):
            places[_start(run, place)] = place
        while True:
            dead, status = os.wait()
            if dead in places:
                place = places.pop(dead)
                log.error(
                    "a server process ended and is started again", extra={"status": status, "place": place}
                )
                time.sleep(1)  # a fault at every start must not spin
                places[_start(run, place)] = place
    except (_Stopped, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end(list(places))


def _start(run: Callable[[int], None], place: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        run(place)
        os._exit(0)
    except BaseException:
        log.exception("a server process failed")
        os._exit(1)


def _end(children: list[int]) -> None:
    """Ask the processes to stop, wait, and make an end of those that do not."""
    for child in children:
        os.kill(child, signal.SIGTERM)
    until = time.monotonic() + GRACE
    waiting = set(children)
    while waiting and time.monotonic() < until:
        ended, _ = os.waitpid(-1, os.WNOHANG)
        waiting.discard(ended)
        if not ended:
            time.sleep(0.05)
    for child in waiting:
        os.kill(child, signal.SIGKILL)
