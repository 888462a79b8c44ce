"""The headers of every answer, and the id and log line of every request."""

import logging
import re
import secrets
import time

from flask import Flask, Response, current_app, g, request, session

log = logging.getLogger("consult.requests")

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'{images}; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def set_headers(app: Flask) -> None:
    """Give requests an id and answers their headers and their line in the log."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    g.request_id = request_id(request.headers.get("X-Request-Id", ""))
    g.began = time.perf_counter()


def request_id(given: str) -> str:
    """Return the id that a proxy in front gave a request, where it is one; otherwise a new one."""
    return given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)


def _finish(response: Response) -> Response:
    headers = response.headers
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    hosts = "".join(f" https://{host}" for host in sorted(g.get("image_hosts", ())))
    headers.setdefault("Content-Security-Policy", POLICY.format(images=hosts))
    headers["X-Request-Id"] = g.get("request_id", "-")
    if current_app.config.get("CONSULT_HTTPS"):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if g.get("is_demonstration"):
        headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    elif g.get("is_unlisted"):
        headers.setdefault("X-Robots-Tag", "noindex")
    _forget_cookie(response)
    _log(response)
    return response


def _forget_cookie(response: Response) -> None:
    """Keep answers that do not hang on a session free of it, so that any proxy may keep them.

    Flask-Login looks into the session for every answer, which adds `Vary: Cookie` where nothing was read.
    """
    if g.get("is_alike_for_all"):
        session.modified = False
        session.accessed = False  # last: looking at the session by its proxy counts as reading it
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"


def _log(response: Response) -> None:
    log_request(
        g.get("request_id", "-"),
        request.method,
        request.url_rule.rule if request.url_rule else "-",
        response.status_code,
        g.get("began", time.perf_counter()),
    )


def log_request(given: str, method: str, route: str, status: int, began: float) -> None:
    """Write the line of one request; `began` is of time.perf_counter."""
    milliseconds = (time.perf_counter() - began) * 1000
    log.info(
        "request",
        extra={
            "request_id": given,
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(milliseconds, 1),
        },
    )
