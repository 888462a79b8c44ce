"""Nobody floods a draft: one person's posts are counted, previews are not."""

import pytest

from consult import config, create_app
from consult.extensions import db, limiter
from tests import factories
from tests.discussion.ground import a_draft, address, paragraph


@pytest.fixture
def limited(app, tmp_path):
    """The same database behind an application that counts."""
    settings = config.load(
        tmp_path,
        {"CONSULT_SECRET_KEY": "k" * 40, "CONSULT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]},
        testing=True,
        extra={"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": True},
    )
    counting = create_app(settings)
    counting.test_client_class = app.test_client_class
    with counting.app_context():
        limiter.reset()
        yield counting
        limiter.reset()
        limiter.enabled = False
        db.session.remove()
        db.engine.dispose()


def _browser(app, person):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = person.get_id()
    return browser


def test_somebody_who_posts_too_much_is_told_when_to_try_again(limited):
    browser, here = _browser(limited, factories.a_person()), address(paragraph(a_draft()))
    answers = [browser.post(here, data={"body": f"Oak {n}."}).status_code for n in range(30)]
    assert answers == [303] * 30
    last = browser.post(here, data={"body": "Elm."})
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0
    assert browser.post(here, data={"body": "Elm.", "do": "preview"}).status_code == 200
    assert _browser(limited, factories.a_person()).post(here, data={"body": "Elm."}).status_code == 303
