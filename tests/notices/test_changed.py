"""The paragraph you commented on has changed: one mail a person and version, with the words that changed, at their pace."""

import pytest

from consult.documents.withdrawing import withdraw_version
from consult.extensions import db, transaction
from consult.notices import following
from consult.notices.models import Follow, Pace, ParagraphEvent
from tests import factories
from tests.discussion.ground import TEXT, a_draft, paragraph, publish, say, take_down
from tests.notices.following_ground import (
    deliver,
    digest,
    follow,
    html_of,
    later,
    tell,
    text_of,
    told_at_once,
)

SECOND = TEXT.replace("count the trees", "count elms & oaks").replace("plant more", "plant ten more")


@pytest.fixture
def draft(app):
    draft = a_draft()
    later(minutes=5)
    return draft


def _at_once(person, draft):
    follow(draft, Pace.AT_ONCE, by=person)
    later(minutes=5)


def test_who_commented_on_two_paragraphs_gets_one_mail_with_both(draft):
    person = factories.a_person()
    _at_once(person, draft)
    say(paragraph(draft, "1"), "Count limes too.", by=person)
    say(paragraph(draft, "2"), "How many?", by=person)
    told_at_once()
    publish(draft, SECOND, note="Asked for by many.")
    (mail,) = told_at_once().to(person.email)
    assert mail["Subject"].startswith("2 paragraphs you commented on have changed")
    words, html = text_of(mail), html_of(mail)
    for each in (
        "Asked for by many.",
        "Before:",
        "> First, we count the trees.",
        "Now:",
        "> Count limes too.",
    ):
        assert each in words, each
    assert "> First, we count elms & oaks." in words
    assert "<ins>" in html
    assert "<del>" in html
    assert "elms &amp; oaks" in html
    assert mail["List-Unsubscribe-Post"]
    assert digest().to(person.email) == [], "the version itself is not told again"
    assert all(event.mailed_at for event in db.session.query(ParagraphEvent))


def test_it_comes_with_the_digest_to_who_follows_daily(draft):
    person, guest = factories.a_person(), factories.a_guest(email="g@mail.example")
    for who in (person, guest):
        say(paragraph(draft), "Count limes.", by=who)
    digest()
    publish(draft, SECOND)
    assert told_at_once().mails == []
    post = digest()
    for address in (person.email, "g@mail.example"):
        (mail,) = post.to(address)
        assert mail["Subject"].startswith("The paragraph you commented on has changed")
    assert digest().mails == []


def test_who_left_the_thread_is_told_nothing_and_who_wrote_before_there_was_following_is(draft):
    left, early = factories.a_person(), factories.a_person()
    for who in (left, early):
        say(paragraph(draft), "Count limes.", by=who)
    tell()
    for follow_ in db.session.query(Follow).all():
        if follow_.author_id == left.id:
            with transaction(left):
                following.leave(actor=left, follow=db.session.get_one(Follow, follow_.id))
        else:
            db.session.delete(follow_)
            db.session.commit()
    publish(draft, SECOND)
    post = digest()
    assert post.to(left.email) == []
    assert len(post.to(early.email)) == 1


def test_what_was_taken_down_or_withdrawn_meanwhile_is_not_told(draft):
    person, other = factories.a_person(), factories.a_person()
    _at_once(person, draft)
    _at_once(other, draft)
    gone = say(paragraph(draft), "Gone in time.", by=person)
    say(paragraph(draft), "Stays.", by=other)
    told_at_once()
    publish(draft, SECOND)
    tell()
    take_down(gone)
    post = deliver()
    assert not [mail for mail in post.to(person.email) if "have changed" in text_of(mail)]
    assert "Gone in time." not in " ".join(
        text_of(mail) for mail in post.mails if "moderator" not in text_of(mail)
    )
    assert len(post.to(other.email)) == 1
    publish(draft, TEXT)
    tell()
    official = factories.an_official(draft.consultation.unit)
    with transaction(official):
        withdraw_version(actor=official, document=draft, why="A slip.")
    assert deliver().to(other.email) == []
