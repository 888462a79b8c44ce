"""What looks like spam waits, named with its signs; who types, pastes or hears a page never trips over it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from consult import clock
from consult.consultations.models import Policy
from consult.discussion.manner import Manner
from consult.discussion.models import Comment, State
from consult.extensions import db
from consult.moderation.holds import names, queries, spam
from consult.moderation.models import QueueItem
from consult.web import begun
from tests import factories
from tests.discussion.test_guests import NIA, confirm, send, the_comment
from tests.moderation.holds.test_holding import _set
from tests.moderation.scene import Scene

LINKS = " ".join(f"https://shop{number}.example/" for number in range(14))
LINK = "Look at https://shop.example/ for it."


@pytest.fixture
def scene(app) -> Scene:
    scene = Scene(Policy.AFTER)
    _set(scene, spam=True)
    return scene


def _address(scene) -> str:
    return f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}"


def _posts(page, scene, body, *, after=0, **fields) -> Comment:
    """Let somebody who is signed in open the form and send it so many seconds later."""
    moment = clock.now()
    clock.replace(lambda: moment)
    form = page.get(_address(scene)).select_one("#reply form")
    mark = form.select_one("[name=begun]")["value"]
    clock.replace(lambda: moment + timedelta(seconds=after))
    once = form.select_one("[name=once]")["value"]
    page.post(
        _address(scene),
        {"do": "post", "body": body, "kind": "comment", "begun": mark, "once": once, **fields},
    )
    return db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()


@given(st.builds(Manner, st.none() | st.integers(0, 2), st.booleans(), st.booleans()))
def test_what_is_noticed_is_read_back_as_it_was(manner):
    assert Manner.read(str(manner)) == manner
    assert len(str(manner)) <= 40


@given(st.text(max_size=300), st.none() | st.integers(0, 2))
def test_no_words_without_a_link_look_like_spam_however_soon_they_came(text, seconds):
    if not spam.links_in(text):
        assert spam.signs(text, str(Manner(seconds))) == {}


def test_the_mark_of_a_form_is_ours_alone_and_grows_old(app):
    moment = clock.now()
    clock.replace(lambda: moment)
    mark = begun.new_mark()
    clock.replace(lambda: moment + timedelta(seconds=5))
    assert 4.8 < begun.seconds_since(mark) < 5.2
    assert begun.seconds_since("9" + mark) is None
    assert begun.seconds_since("") is None
    clock.replace(lambda: moment + timedelta(days=2))
    assert begun.seconds_since(mark) is None


def test_a_link_sent_at_once_waits_and_the_moderator_reads_why(scene, visit_as):
    page = visit_as(factories.a_person(name="Ann"))
    said = _posts(page, scene, LINKS, after=1)
    assert (said.state, said.manner) == (State.WAITING, "quick.1")
    item = db.session.scalars(select(QueueItem).where(QueueItem.comment_id == said.id)).one()
    assert item.holds == "hold.spam"
    assert names.told(item.holds) == []  # no more than that a moderator looks first
    fired = queries.fired_for(scene.consultation, item.holds, said.body, how=said.manner)
    assert fired[0].signs == {"links": 14, "quick": 1}
    shown = visit_as(scene.moderator).get(f"/moderation/{said.key}").select_one('li[data-hold="spam"]')
    assert shown.get_text(strip=True) == "Looks like spam: 14 links, sent after 1 second"


def test_time_alone_or_a_link_alone_holds_nobody(scene, visit_as):
    page = visit_as(factories.a_person(name="Ann"))
    assert (
        _posts(page, scene, "Typed before, and given back by my browser.", after=0).state is State.PUBLISHED
    )
    assert _posts(page, scene, LINK, after=60).state is State.PUBLISHED
    assert _posts(page, scene, LINK, after=1).state is State.WAITING
    assert _posts(page, scene, LINK, after=1, begun="").state is State.PUBLISHED  # no mark, no sign


def test_a_field_that_nobody_can_reach_holds_when_it_is_filled(scene, visit_as):
    page = visit_as(factories.a_person(name="Ann"))
    field = page.get(_address(scene)).select_one("#reply form [name=topic]")
    assert (field["tabindex"], field["autocomplete"]) == ("-1", "off")
    assert field.find_parent(attrs={"aria-hidden": "true"})
    said = _posts(page, scene, "I have read it.", after=60, topic="Cheap boards")
    assert (said.state, said.manner) == (State.WAITING, "trap")


def test_pages_that_are_kept_and_alike_for_all_hold_no_mark(scene, client):
    text = client.get(_address(scene)).text
    assert 'name="topic"' in text
    assert 'name="begun"' not in text


def test_a_guest_who_is_a_machine_waits_once_the_link_is_opened(scene, visit):
    mail = send(visit, scene.paragraph, LINK, who={**NIA, "topic": "x"})
    confirm(visit, mail)
    assert (the_comment().state, Manner.read(the_comment().manner).is_trapped) == (State.WAITING, True)


def test_the_same_words_again_and_again_wait(limited):
    scene, browser = Scene(Policy.AFTER), limited.test_client()
    _set(scene, spam=True)
    with browser.session_transaction() as session:
        session["_user_id"] = factories.a_session(factories.a_person(name="Ann"))
        session["_fresh"] = True

    def states(words):
        for _each in range(4):
            browser.post(_address(scene), data={"do": "post", "body": words, "kind": "comment"})
        rows = db.session.scalars(select(Comment).order_by(Comment.id.desc()).limit(4))
        return [row.state for row in rows][::-1]

    again = states("The same forty characters and a few more, every time.")
    assert again == [State.PUBLISHED] * 3 + [State.WAITING]
    assert set(states("I agree.")) == {State.PUBLISHED}
