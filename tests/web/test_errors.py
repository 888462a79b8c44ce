"""Every error has a page in the site's own face, with its status and without a traceback."""

import pytest
from flask import abort

from consult.errors import Closed, Conflict, Invalid, NotAllowed, NotFound, TooMany, Unavailable
from consult.permissions import May
from consult.web.access import needs
from tests import factories


@pytest.fixture
def visit(app, visit):
    factories.a_site()
    return visit


@pytest.fixture
def faulty(app, monkeypatch):
    """Let the liveness page raise whatever it is given."""

    def raise_instead(error: Exception):
        @needs(May.READ)
        def view():
            raise error

        monkeypatch.setitem(app.view_functions, "health.healthz", view)

    return raise_instead


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (NotAllowed(), 403),
        (Conflict(), 409),
        (Closed(), 409),
        (Invalid("Shorten it."), 422),
        (TooMany(retry_after=90), 429),
        (Unavailable(), 503),
        (ZeroDivisionError("secret detail"), 500),
    ],
)
def test_an_error_has_its_status_and_its_page(visit, faulty, app, error, status):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    faulty(error)
    page = visit.get("/healthz", status)
    assert "Traceback" not in page.text
    assert "secret detail" not in page.text


@pytest.mark.parametrize("status", [403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_what_http_itself_refuses_has_a_page_too(visit, faulty, status):
    try:
        abort(status)
    except Exception as error:
        faulty(error)
    assert visit.get("/healthz", status).h1.text


def test_a_wait_is_told_in_the_header(client, faulty):
    factories.a_site()
    faulty(TooMany(retry_after=90))
    assert client.get("/healthz").headers["Retry-After"] == "90"


def test_an_unknown_address_is_a_page(visit):
    assert "no such page" in visit.get("/nowhere/at/all", 404).h1.text


def test_too_much_at_once_is_a_page(visit):
    answer = visit.post("/sign-in", {"email": "a" * (3 * 1024 * 1024 + 10)}, status=413)
    assert answer.page.h1.text


def test_a_site_that_is_not_set_up_says_so(app, client):
    response = client.get("/")
    assert response.status_code == 503
    assert "not been set up" in response.get_data(as_text=True)
