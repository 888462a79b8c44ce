"""What the pages ask of the database: a small constant, however long the talk."""

import pytest
from flask import current_app
from sqlalchemy import text

from consult import clock
from consult.discussion import reads, talk
from consult.discussion.models import Comment
from consult.extensions import db, transaction
from tests import factories
from tests.counting import queries
from tests.discussion.ground import a_draft, address, answer, paragraph, reply, say

PARAGRAPH_PAGE = (
    12  # stamps, site, document, paragraph, words, threads (3), letters, officials, neighbours, elections
)
SESSION = (
    4  # the person and their roles, their corrections that wait, and the site for their demonstration mails
)


def _much_talk(place, threads: int, replies: int) -> None:
    """Fill a paragraph by rows: `threads` at the top, and `replies` in one chain below the first."""
    person, like = factories.a_person(), say(place, ask=True)
    with transaction():
        said = [_copy(like, person, n) for n in range(threads)]
        db.session.add_all(said)
        db.session.flush()
        parent = said[0]
        for number in range(replies):
            below = _copy(like, person, threads + number)
            below.parent_id, below.root_id, below.depth = parent.id, said[0].id, parent.depth + 1
            db.session.add(below)
            db.session.flush()
            parent = below
        said[0].reply_count = replies
        place.comment_count += threads + replies
    answer(like)


def _copy(like: Comment, person, number: int) -> Comment:
    return Comment(
        key=f"k{number:07}",
        organisation_id=like.organisation_id,
        document_id=like.document_id,
        paragraph_id=like.paragraph_id,
        version_id=like.version_id,
        author_id=person.id,
        kind=like.kind,
        state=like.state,
        was_published=True,
        body=like.body,
        html=like.html,
        created_at=like.created_at,
    )


def _asked(fetch) -> int:
    """Count in a session of its own: what the test has in hand would spare the page its questions."""
    db.session.rollback()
    with current_app._get_current_object().app_context(), queries() as seen:
        fetch()
    return len(seen)


def _only(fetch, *held) -> int:
    """Count in the session of the test, where these things have been read already."""
    for thing in held:
        db.session.refresh(thing)
    with queries() as seen:
        fetch()
    return len(seen)


@pytest.mark.parametrize(("threads", "replies"), [(1, 0), (60, 0), (60, 60)])
def test_the_page_of_a_paragraph_asks_no_more_when_more_is_said(app, client, threads, replies):
    place = paragraph(a_draft())
    _much_talk(place, threads, replies)
    for query in ("", "?show=questions", "?show=waiting", "?show=official", "?fragment=1", "?root=k0000000"):
        url = address(place) + query
        assert _asked(lambda url=url: client.get(url)) <= PARAGRAPH_PAGE, query


def test_a_page_that_the_browser_has_is_answered_from_one_read(app, client):
    place = paragraph(a_draft())
    here = address(place)
    tag = client.get(here).headers["ETag"]
    assert _asked(lambda: client.get(here, headers={"If-None-Match": tag})) == 1


def test_signing_in_adds_who_is_reading_and_no_more(app, sign_in):
    place, person = paragraph(a_draft()), factories.a_person()
    _much_talk(place, 60, 60)
    say(place, by=person)
    browser, here = sign_in(person), address(place)
    assert _asked(lambda: browser.get(here)) <= PARAGRAPH_PAGE + SESSION


@pytest.mark.slow
def test_a_thread_is_four_reads_at_most(app):
    place, person = paragraph(a_draft()), factories.a_person()
    _much_talk(place, 60, 60)
    reply(say(place, by=person), by=person)
    for show in talk.SHOWS:
        assert _only(lambda show=show: talk.thread(place, viewer=person, show=show), place, person) <= 4


def test_posting_costs_the_same_on_a_long_thread_and_on_a_short_one(app, sign_in):
    place, person = paragraph(a_draft()), factories.a_person()
    browser, here = sign_in(person), address(place)
    browser.post(here, data={"body": "First."})

    def post() -> None:
        assert browser.post(here, data={"body": "Again."}).status_code == 303

    short = _asked(post)
    _much_talk(place, 60, 60)
    # one asks whether this is a wave, once the hour has had some more than usual
    assert _asked(post) <= short + 1
    # one asks whether something was kept here unsent, and lets it go, one for elections, one is the ledger's, one for
    # those who follow, one for its campaign, one counts the hour, one asks whether it must wait; on PostgreSQL one more
    # holds the record's chain
    assert short <= 23 + (db.engine.dialect.name == "postgresql")


def test_the_desk_asks_no_more_when_more_waits(app, sign_in):
    place = paragraph(a_draft())
    browser = sign_in(factories.an_official(place.document.consultation.unit))
    say(place, ask=True)
    few = _asked(lambda: browser.get("/desk"))
    _much_talk(place, 60, 0)
    assert _asked(lambda: browser.get("/desk")) == few
    assert few <= 17  # six lists have a count, and there are points, colleagues, what is in hand and the help


def _plan(statement) -> str:
    compiled = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    return "\n".join(row[-1] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")))


def test_threads_are_read_in_the_order_of_their_index(app):
    """No page of a thread sorts what it does not show: the plan holds no temporary tree."""
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL plans by the size of its tables, and these are small
    place = paragraph(a_draft())
    for read in (
        reads.heads("all", 21, with_own=False, has_cursor=False),
        reads.heads("all", 21, with_own=True, has_cursor=True),
        reads.heads("questions", 21, with_own=False, has_cursor=False),
        reads.heads("questions", 21, with_own=False, has_cursor=True),
        reads.branch(51, with_own=True, has_cursor=True),
        reads.keys_before(in_branch=False, limit=20, with_own=True),
        reads.keys_before(in_branch=True, limit=50, with_own=True),
    ):
        values = {
            "paragraph": place.id,
            "viewer": 1,
            "after": "k0000000",
            "top": 1,
            "at": clock.now(),
            "id": 1,
        }
        assert "TEMP B-TREE" not in _plan(
            read.params({name: values[name] for name in read.compile().params if name in values})
        )


def test_the_questions_of_a_paragraph_are_found_without_looking_at_what_else_was_said(app):
    if db.engine.dialect.name != "sqlite":
        return
    read = reads.heads("questions", 21, with_own=False, has_cursor=False)
    assert "ix_comment_asked (paragraph_id=? AND kind=?" in _plan(read.params({"paragraph": 1}))


def test_a_page_with_a_long_thread_looks_through_no_other_comments(app):
    if db.engine.dialect.name != "sqlite":
        return
    read = reads.below(2, 5, 320, with_own=False)
    plan = _plan(read.params({"tops": [0], "top_0": 1, "top_1": 2}))
    assert "SCAN comment" not in plan
    assert plan.count("ix_comment_branch") == 3
