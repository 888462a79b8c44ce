"""Forms from other sites are refused; a page without a token can begin a comment, and do nothing else."""

import pytest

from consult import config, create_app
from consult.discussion.ledger.models import AlsoAsked
from consult.discussion.models import Comment, UnsentComment
from consult.extensions import db
from tests import factories
from tests.discussion.ground import a_draft, address, paragraph, say


@pytest.fixture
def guarded(app, tmp_path):
    """The same database behind an application that checks tokens."""
    settings = config.load(
        tmp_path,
        {"CONSULT_SECRET_KEY": "k" * 40, "CONSULT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]},
        testing=True,
        extra={"WTF_CSRF_ENABLED": True, "RATELIMIT_ENABLED": False},
    )
    checking = create_app(settings)
    checking.test_client_class = app.test_client_class
    with checking.app_context():
        yield checking
        db.session.remove()
        db.engine.dispose()


def _count(table):
    return db.session.query(table).count()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),  # no browser that a site could use
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://elsewhere.example"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://127.0.0.1:8000"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Sec-Fetch-Site": ""}, 400),
        ({"Origin": "http://elsewhere.example"}, 400),
        ({"Origin": "null"}, 400),
    ],
)
def test_a_comment_is_begun_without_a_token_from_our_own_pages_alone(guarded, headers, status):
    here = address(paragraph(a_draft()))
    response = guarded.test_client().post(here, data={"body": "Plant oaks."}, headers=headers)
    assert response.status_code == status
    assert (_count(UnsentComment), _count(Comment)) == (1 if status == 303 else 0, 0)


def test_without_a_token_nothing_is_posted_in_the_name_of_whoever_is_signed_in(guarded):
    here, person = address(paragraph(a_draft())), factories.a_person()
    browser = guarded.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = factories.a_session(person)
    response = browser.post(here, data={"body": "Plant oaks."})
    assert response.headers["Location"].startswith("/unsent/send")
    assert (_count(UnsentComment), _count(Comment)) == (1, 0)
    assert browser.post("/unsent/send", data={"c": "x"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-up", "/sign-out", "/unsent/send", "/unsent/paste", "/guest/link"]
)
def test_every_other_form_asks_for_its_token(guarded, path):
    factories.a_site()
    response = guarded.test_client().post(path, data={}, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 400


def test_a_wrong_token_is_not_the_same_as_none(guarded):
    here = address(paragraph(a_draft()))
    response = guarded.test_client().post(
        here, data={"body": "Oaks.", "csrf_token": "made-up"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert response.status_code == 400


def test_routes_that_need_no_token_are_few_and_known(app):
    found = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if getattr(view, "begins_without_token", False)
    }
    of_links_in_mails = {"notices.confirm_follow", "notices.leave", "notices.leave_all", "notices.choose"}
    assert found == {
        "discussion.post",
        "discussion.keep_letter",
        "discussion.join_question",
        "toolkit.open_talk",
        *of_links_in_mails,
    }


@pytest.mark.parametrize(("site", "status", "count"), [("same-origin", 303, 1), ("cross-site", 400, 0)])
def test_a_browser_says_from_our_own_pages_alone_that_it_has_a_question_too(guarded, site, status, count):
    question = say(paragraph(a_draft()), ask=True)
    url, browser = f"/comments/{question.key}/also", guarded.test_client()
    assert browser.post(url, headers={"Sec-Fetch-Site": site}).status_code == status
    assert _count(AlsoAsked) == count


def test_without_a_token_nobody_who_is_signed_in_is_counted(guarded):
    question, person = say(paragraph(a_draft()), ask=True), factories.a_person()
    browser = guarded.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = factories.a_session(person)
    response = browser.post(f"/comments/{question.key}/also")
    assert response.status_code == 422
    assert 'name="csrf_token"' in response.get_data(as_text=True)
    assert _count(AlsoAsked) == 0
