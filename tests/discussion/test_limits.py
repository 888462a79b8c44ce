"""Nobody floods a draft: one person's posts are counted, previews are not."""

import pytest

from consult.extensions import limiter
from tests import factories
from tests.discussion.ground import a_draft, address, paragraph


def _browser(app, person):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = factories.a_session(person)
    return browser


@pytest.mark.slow
def test_somebody_who_posts_too_much_is_told_when_to_try_again(limited):
    browser, here = _browser(limited, factories.a_person()), address(paragraph(a_draft()))
    answers = [browser.post(here, data={"body": f"Oak {n}."}).status_code for n in range(30)]
    assert answers == [303] * 30
    last = browser.post(here, data={"body": "Elm."})
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0
    assert browser.post(here, data={"body": "Elm.", "do": "preview"}).status_code == 200
    assert _browser(limited, factories.a_person()).post(here, data={"body": "Elm."}).status_code == 303


def test_a_network_begins_so_many_comments_without_a_name_and_one_browser_goes_on(limited):
    here = address(paragraph(a_draft()))
    typed = {"body": "Oak.", "do": "autosave"}
    answers = [limited.test_client().post(here, data=typed).status_code for _browser in range(21)]
    assert answers == [204] * 20 + [429]
    limiter.reset()
    browser = limited.test_client()
    assert [browser.post(here, data=typed).status_code for _time in range(40)] == [204] * 40
