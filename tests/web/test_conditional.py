"""Pages alike for everybody: kept while their stamps hold, never for a session, never beyond their bounds."""

import gzip
import threading
from datetime import UTC, datetime, timedelta

import pytest

from consult import clock
from consult.discussion import actions as discussion
from consult.discussion.models import Kind
from consult.extensions import db, transaction
from consult.web.conditional import Shelf
from tests import factories
from tests.documents.ground import a_draft, address, paragraph, publish


@pytest.fixture
def document(app):
    return a_draft()


def _say(document):
    person = factories.a_person()
    with transaction(person):
        discussion.post_comment(
            actor=person, paragraph=paragraph(document, "1"), body="Yes.", kind=Kind.COMMENT
        )


def test_an_anonymous_page_sets_no_cookie_and_may_be_kept_by_anyone(client, document):
    for _ in range(2):  # from Flask, then from the doorstep
        headers = client.get(address(document)).headers
        assert "Set-Cookie" not in headers
        assert headers["Vary"] == "Accept-Encoding"
        assert headers["Cache-Control"] == "public, no-cache"
        assert headers["ETag"].startswith('W/"')


def test_the_doorstep_answers_as_flask_did(client, document):
    first, second = (client.get(address(document)) for _ in range(2))
    different = {"X-Request-Id", "Date"}
    assert {k: v for k, v in first.headers if k not in different} == {
        k: v for k, v in second.headers if k not in different
    }
    assert first.data == second.data
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


def test_a_browser_that_has_the_page_is_told_so_without_a_body(client, document):
    tag = client.get(address(document)).headers["ETag"]
    for _ in range(2):
        response = client.get(address(document), headers={"If-None-Match": tag})
        assert (response.status_code, response.data) == (304, b"")
        assert "Content-Security-Policy" in response.headers


def test_packed_and_plain_are_the_same_page(client, document):
    plain = client.get(address(document))
    for _ in range(2):
        packed = client.get(address(document), headers={"Accept-Encoding": "br, gzip"})
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["ETag"] == plain.headers["ETag"]


def test_a_comment_is_on_the_page_at_once(client, document):
    before = client.get(address(document))
    client.get(address(document))
    _say(document)
    after = client.get(address(document), headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "1 <span" in after.text


def test_a_new_version_is_on_the_page_at_once(client, document):
    client.get(address(document))
    client.get(address(document))
    publish(document, "Quite other words.")
    assert "Quite other words." in client.get(address(document)).text


def test_the_page_knows_when_time_is_up(client, document):
    assert "How to comment" in client.get(address(document)).text
    client.get(address(document))
    closing = document.consultation.closes_at
    clock.replace(lambda: closing)
    assert "The time for comments is over." in client.get(address(document)).text


def test_the_page_counts_days_anew_after_midnight(client, app):
    clock.replace(lambda: datetime(2026, 11, 23, 23, 50, tzinfo=UTC))
    document = a_draft(closes_at=datetime(2026, 11, 30, 12, tzinfo=UTC))
    first = client.get(address(document))
    assert "in 7 days" in first.text
    client.get(address(document))
    clock.replace(lambda: datetime(2026, 11, 24, 0, 10, tzinfo=UTC))
    second = client.get(address(document), headers={"If-None-Match": first.headers["ETag"]})
    assert "in 6 days" in second.text


def test_what_is_no_longer_public_is_not_given_from_the_doorstep(client, document):
    client.get(address(document))
    client.get(address(document))
    document.consultation.opens_at = clock.now() + timedelta(days=1)
    db.session.commit()
    assert client.get(address(document)).status_code == 403


def test_whoever_has_a_session_gets_a_page_of_their_own(sign_in, client, document):
    client.get(address(document))
    person = factories.a_person(name="Priya Nair")
    response = sign_in(person).get(address(document))
    assert "Priya Nair" in response.text
    assert "public" not in response.headers["Cache-Control"]
    assert "Priya Nair" not in client.get(address(document)).text


def test_a_shelf_lets_go_of_what_was_used_least(app):
    shelf = Shelf(10, len)
    for place in "abc":
        shelf.put(place, (1,), "xxxx")
    assert shelf.get("a", (1,)) is None
    assert shelf.get("c", (1,)) == "xxxx"
    assert shelf.bytes <= 10


def test_a_shelf_does_not_keep_what_is_larger_than_itself(app):
    shelf = Shelf(3, len)
    shelf.put("a", (1,), "xxxx")
    assert (shelf.get("a", (1,)), shelf.bytes) == (None, 0)


def test_a_shelf_gives_nothing_for_other_stamps(app):
    shelf = Shelf(100, len)
    shelf.put("a", (1,), "old")
    assert shelf.get("a", (2,)) is None
    shelf.put("a", (2,), "newer")
    assert (shelf.get("a", (2,)), shelf.bytes) == ("newer", 5)


def test_many_who_want_the_same_at_once_have_it_built_once(app):
    shelf = Shelf(100, len)
    built = []
    begun, go_on = threading.Event(), threading.Event()

    def build():
        built.append(1)
        begun.set()
        go_on.wait(5)
        return "page"

    threads = [threading.Thread(target=shelf.get_or_build, args=("a", (1,), build)) for _ in range(6)]
    threads[0].start()
    assert begun.wait(5)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert len(built) == 1


def test_a_page_that_could_not_be_built_is_not_kept(app):
    shelf = Shelf(100, len)
    with pytest.raises(ZeroDivisionError):
        shelf.get_or_build("a", (1,), lambda: 1 // 0)
    assert shelf.get_or_build("a", (1,), lambda: "page") == ("page", (1,))
