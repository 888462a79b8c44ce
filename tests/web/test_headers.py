"""What every answer carries."""

import json
import logging

import pytest

from consult.web.logs import JsonLines
from tests import factories


@pytest.fixture(autouse=True)
def _site(app):
    factories.a_site()


def test_every_page_forbids_inline_script_framing_and_guessing(client):
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "address", ["/", "/consultations", "/toolkit", "/about", "/privacy", "/monitor", "/healthz"]
)
def test_pages_for_anybody_set_no_cookie(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_a_page_that_hangs_on_a_session_is_kept_by_no_proxy(sign_in):
    response = sign_in(factories.a_person()).get("/account")
    assert "private" in response.headers["Cache-Control"] or "no-store" in response.headers["Cache-Control"]


def test_the_id_of_a_request_comes_back(client):
    assert (
        client.get("/healthz", headers={"X-Request-Id": "abcdef0123456789"}).headers["X-Request-Id"]
        == "abcdef0123456789"
    )
    assert client.get("/healthz", headers={"X-Request-Id": "<script>"}).headers["X-Request-Id"] != "<script>"


def test_a_demonstration_is_not_indexed(app, client):
    from consult.accounts.models import Site
    from consult.extensions import db

    db.session.get(Site, 1).is_demonstration = True
    db.session.commit()
    response = client.get("/about")
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "This is a demonstration" in response.get_data(as_text=True)


def test_a_line_of_the_log_is_json_with_the_id():
    record = logging.makeLogRecord(
        {"msg": "request", "name": "consult.requests", "levelname": "INFO", "request_id": "abc"}
    )
    line = json.loads(JsonLines().format(record))
    assert line["request_id"] == "abc"
    assert line["message"] == "request"
