"""Answers again, before Flask is woken, a page that is alike for everybody and still holds.

Whoever reads without a session gets the same bytes until a stamp moves on. The first answer goes the whole way and
leaves here its headers and the one question that tells whether it still holds; the next ones cost that question.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from consult.errors import DomainError
from consult.extensions import db
from consult.web.headers import log_request, request_id

MOST_TARGETS = (
    4_000  # addresses remembered, each in some hundred bytes; the pages themselves are kept elsewhere
)
MARK = "consult.alike"  # where an answer leaves its Alike in the WSGI environment
CHANGING = frozenset({"content-length", "content-encoding", "content-type", "x-request-id"})

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
Stamps = tuple[object, ...]


@dataclass(slots=True)
class Alike:
    """What an answer leaves behind: its stamps and tag, how to ask for the stamps anew, how to find its bytes."""

    stamps: Stamps
    tag: str
    ask: Callable[[Connection], Stamps]
    find: Callable[[Stamps], Any]  # the kept page for these stamps, or None
    route: str
    headers: tuple[tuple[str, str], ...] = ()


class Doorstep:
    """A WSGI application around ours."""

    def __init__(self, app: Flask, wsgi: Wsgi) -> None:
        self._app = app
        self._wsgi = wsgi
        self._cookie = f"{app.config['SESSION_COOKIE_NAME']}="
        self._known: OrderedDict[tuple[str, str], Alike] = OrderedDict()
        self._engine: Engine | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or self._cookie in environ.get("HTTP_COOKIE", ""):
            return self._wsgi(environ, start_response)
        target = (environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
        known = self._known.get(target)
        if known is not None and self._engine is not None:
            body = self._again(self._engine, known, environ, start_response)
            if body is not None:
                return body
            self._known.pop(target, None)
        return self._learn(target, environ, start_response)

    def _again(
        self, engine: Engine, known: Alike, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        """Answer with what is kept; None where it no longer holds, and Flask must say what is true now."""
        began = time.perf_counter()
        try:
            with engine.connect() as connection:
                stamps = known.ask(connection)
        except (DomainError, SQLAlchemyError):
            return None
        if stamps != known.stamps:
            return None
        given = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = [*known.headers, ("X-Request-Id", given)]
        if known.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            status, body = "304 NOT MODIFIED", b""
        else:
            page = known.find(stamps)
            if page is None:
                return None
            status = "200 OK"
            body, encoding = page.bytes_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
            headers += [
                *encoding,
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(body))),
            ]
        log_request(given, "GET", known.route, int(status[:3]), began)
        start_response(status, headers)
        return [body] if body else []

    def _learn(
        self, target: tuple[str, str], environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let Flask answer, and remember the answer where it says that it may be given again."""

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            alike = environ.get(MARK)
            if alike is not None and status.startswith("200"):
                self._remember(target, alike, headers)
            return start_response(status, headers, *more)

        return self._wsgi(environ, started)

    def _remember(self, target: tuple[str, str], alike: Alike, headers: list[tuple[str, str]]) -> None:
        if any(name.lower() == "set-cookie" for name, _value in headers):
            return
        alike.headers = tuple(pair for pair in headers if pair[0].lower() not in CHANGING)
        if self._engine is None:
            with self._app.app_context():
                self._engine = db.engine
        self._known[target] = alike
        while len(self._known) > MOST_TARGETS:
            self._known.popitem(last=False)
