"""Applications under the production server, in processes of their own, and what those processes use."""

import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from flask import Flask, request
from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, event, insert

from consult import config, create_app
from consult.web import server

WORKERS = 2


@dataclass(frozen=True)
class Running:
    """A server that answers: its port and its processes."""

    port: int
    process: psutil.Process

    def _all(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def cpu(self) -> float:
        """Return the processor time, in seconds, that its processes have used so far."""
        return sum(times.user + times.system for times in (p.cpu_times() for p in self._all()))

    def memory(self) -> float:
        """Return the sum of the proportional set sizes of its processes, in MB."""
        return sum(p.memory_full_info().pss for p in self._all()) / 1e6


def hello(settings: config.Settings) -> Flask:
    """The yardstick for reading: an application that says hello."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "hello")
    return app


def one_row(settings: config.Settings) -> Flask:
    """The yardstick for writing: a form that becomes one durable row, by Core, and nothing else."""
    app = Flask("one_row")
    engine = create_engine(f"sqlite:///{settings.instance / 'rows.sqlite3'}")
    table = Table("row", MetaData(), Column("id", Integer, primary_key=True), Column("body", Text))

    @event.listens_for(engine, "connect")
    def durable(connection: object, record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    table.metadata.create_all(engine)

    def write() -> tuple[str, int, dict[str, str]]:
        with engine.begin() as connection:
            connection.execute(insert(table).values(body=request.form["body"]))
        return "", 303, {"Location": "/"}

    app.add_url_rule("/", "write", write, methods=["POST"])
    return app


def _serve(settings: config.Settings, port: int, make_app: server.MakeApp, workers: int) -> None:
    os.setpgrp()
    server.serve(settings, host="127.0.0.1", port=port, workers=workers, make_app=make_app)


@contextmanager
def running(
    settings: config.Settings, make_app: server.MakeApp = create_app, workers: int = WORKERS
) -> Iterator[Running]:
    """Serve an application until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(settings, port, make_app, workers)
    )
    process.start()
    try:
        _wait(port)
        yield Running(port, psutil.Process(process.pid))
    finally:
        os.kill(int(process.pid or 0), signal.SIGTERM)
        process.join(15)


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
                line.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                if line.recv(1):
                    return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server did not answer within 30 seconds")


def settings_in(folder: Path, **values: str) -> config.Settings:
    """Return settings for a site of its own in `folder`."""
    return config.load(folder, {"CONSULT_SECRET_KEY": "b" * 40, "CONSULT_LOG_LEVEL": "ERROR", **values})
