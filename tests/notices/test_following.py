"""What followers are told: once, at their pace, of what is public when the mail leaves, and until they leave."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.consultations import actions as consultations
from consult.consultations.models import Policy, Stage
from consult.discussion.models import Kind, State
from consult.extensions import db, transaction
from consult.notices import digests, dispatch, fanning, following, targets
from consult.notices.actions import send
from consult.notices.models import Event, Follow, Happening, OutboxMail, Pace, What
from consult.notices.signed import For, sign
from consult.permissions import Anyone
from consult.text.diff import diff_html
from tests import counting, factories
from tests.discussion import ground
from tests.discussion.ground import a_draft, answer, paragraph, record, reply, say, take_down, tell_team
from tests.notices.following_ground import (
    deliver,
    digest,
    follow,
    html_of,
    later,
    morning,
    names_of,
    tell,
    text_of,
    told_at_once,
)

# Days before the next Monday: a weekly digest is due only when a test goes that far.
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.fixture
def draft(app):
    clock.replace(lambda: WEDNESDAY)
    draft = a_draft()
    morning()
    dispatch.tell_followers()  # of the publication, before anybody follows; and the digests of that morning
    deliver()
    return draft


def _happenings():
    db.session.rollback()
    return [row.event for row in db.session.scalars(select(Happening).order_by(Happening.id))]


def test_who_wants_it_at_once_gets_one_mail_for_each(draft):
    ann, place = factories.a_person(), paragraph(draft)
    follow(draft, Pace.AT_ONCE, by=ann)
    follow(place, Pace.AT_ONCE, by=ann)
    follow(draft.consultation, Pace.WEEKLY, by=ann)
    say(place, "Plant **oaks**, not <b>limes</b>.", by=factories.a_person(name="Wilf Thackray"))
    post = told_at_once()
    (mail,) = post.to(ann.email)
    assert mail["Subject"] == f"{draft.title}, paragraph 1"
    assert mail["From"].addresses[0].display_name == draft.consultation.unit.name
    assert "Wilf Thackray wrote" in text_of(mail)
    assert "> Plant **oaks**, not <b>limes</b>." in text_of(mail)
    assert "<strong>oaks</strong>, not &lt;b&gt;limes" in html_of(mail)
    assert mail["References"] == mail["In-Reply-To"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told_at_once().mails == []
    assert digest().to(ann.email) == [], "what was told at once is in no digest"


def test_a_digest_is_grouped_newest_first_and_tells_each_thing_once(draft):
    ann = factories.a_person()
    other = a_draft("# Another\n\nBenches stay.\n")
    for thing in (draft, paragraph(draft), draft.consultation, paragraph(other)):
        follow(thing, by=ann)
    say(paragraph(draft), "First words.")
    later(minutes=5)
    say(paragraph(other), "On benches.")
    later(minutes=5)
    say(paragraph(draft), "Last words.")
    (mail,) = digest().to(ann.email)
    words = text_of(mail)
    assert [words.index(each) for each in ("Last words.", "First words.", "On benches.")] == sorted(
        words.index(each) for each in ("First words.", "Last words.", "On benches.")
    ), "the consultation of the newest comes first, and in it the newest"
    assert words.count("First words.") == 1
    assert "leave-all" in mail["List-Unsubscribe"]
    assert digest().to(ann.email) == []


def test_a_weekly_digest_comes_on_mondays_and_not_what_a_daily_one_has_told(draft):
    ann, bob = factories.a_person(), factories.a_person()
    follow(draft, Pace.WEEKLY, by=ann)
    follow(draft, Pace.WEEKLY, by=bob)
    follow(paragraph(draft), Pace.DAILY, by=bob)
    say(paragraph(draft), "Plant oaks.")
    days = []
    for _day in range(8):
        post = digest()
        days.append((clock.now().weekday(), bool(post.to(ann.email)), bool(post.to(bob.email))))
    assert [weekday for weekday, to_ann, _ in days if to_ann] == [0]
    assert [to_bob for _, _, to_bob in days].count(True) == 1


def test_nobody_is_told_of_what_they_did_or_were_told_directly(draft):
    asker, official = factories.a_person(), factories.an_official(draft.consultation.unit)
    for person in (asker, official):
        follow(draft, Pace.AT_ONCE, by=person)
    question = say(paragraph(draft), "Why oaks?", by=asker, ask=True)
    answer(question, by=official)
    post = told_at_once()
    assert [mail["Subject"] for mail in post.to(asker.email)] == ["Your question has been answered"]
    assert [mail["Subject"] for mail in post.to(official.email)] == [f"{draft.title}, paragraph 1"]
    direct = post.to(asker.email)[0]
    assert "> It is so because of the roots." in text_of(direct), "who asked reads the answer itself"
    assert direct["References"] == post.to(official.email)[0]["References"], "one conversation"
    assert direct["From"].addresses[0].display_name == draft.consultation.unit.name


def test_an_author_follows_their_thread_unless_they_left(draft):
    author = factories.a_person()
    top = say(paragraph(draft), "Plant oaks.", by=author)
    tell()
    (own,) = db.session.scalars(select(Follow))
    assert (own.what, own.target_id, own.pace, own.author_id) == (What.THREAD, top.id, Pace.DAILY, author.id)
    reply(top, "Limes are better.")
    (mail,) = digest().to(author.email)
    assert "Limes are better." in text_of(mail)
    assert "To stop following this:" in text_of(mail)
    with transaction(author):
        following.leave(
            actor=author, follow=db.session.scalars(select(Follow).where(Follow.id == own.id)).one()
        )
    reply(top, "Or so I think.", by=author)
    reply(top, "Both!")
    assert digest().to(author.email) == []
    assert record(paragraph(draft)).author.email == ""
    assert told_at_once().mails == []


def test_a_guest_is_told_once_under_however_many_names(draft):
    first, second = factories.a_guest(email="g@mail.example"), factories.a_guest(email="g@mail.example")
    top = say(paragraph(draft), by=first)
    reply(top, "Me again.", by=second)
    reply(top, "News for both.")
    post = digest()
    assert len(post.to("g@mail.example")) == 1
    assert "News for both." in text_of(post.mails[0])
    assert "Me again." not in text_of(post.mails[0])


def test_what_is_not_public_never_leaves(draft):
    ann, moderated = factories.a_person(), a_draft(policy=Policy.BEFORE)
    for thing in (draft, moderated):
        follow(thing, Pace.AT_ONCE, by=ann)
    tell_team(paragraph(draft), "Our secret.")
    say(paragraph(moderated), "Not looked at.")
    gone = say(paragraph(draft), "Taken down in time.")
    kept = say(paragraph(draft), "Still here.")
    tell()
    take_down(gone)
    sent = " ".join(text_of(mail) for mail in deliver().to(ann.email))
    assert "Still here." in sent
    for words in ("Our secret", "Not looked at", "Taken down in time"):
        assert words not in sent
    assert (
        db.session.scalar(select(OutboxMail.id).where(OutboxMail.sent_at.is_(None), OutboxMail.tells != ""))
        is None
    )
    take_down(kept)
    ground.move(kept, State.PUBLISHED)
    assert told_at_once().to(ann.email) == [], "put back, it is no news"


def test_a_moderated_comment_is_told_once_it_is_published(draft):
    ann, moderated = factories.a_person(), a_draft(policy=Policy.BEFORE)
    later(minutes=5)
    follow(moderated, Pace.AT_ONCE, by=ann)
    said = say(paragraph(moderated), "Looked at.")
    assert told_at_once().to(ann.email) == []
    ground.move(said, State.PUBLISHED)
    assert len(told_at_once().to(ann.email)) == 1


def test_who_leaves_while_a_mail_waits_gets_none(draft):
    ann = factories.a_person()
    own = follow(draft, Pace.AT_ONCE, by=ann)
    say(paragraph(draft))
    tell()
    with transaction(ann):
        following.leave(actor=ann, follow=db.session.get_one(Follow, own.id))
    assert deliver().to(ann.email) == []


def test_nothing_is_lost_and_nothing_twice_when_the_pace_changes(draft):
    ann = factories.a_person()
    own = follow(draft, Pace.WEEKLY, by=ann)
    say(paragraph(draft), "On Friday.")
    assert digest().to(ann.email) == []
    for pace, words in (
        (Pace.DAILY, "Then daily."),
        (Pace.AT_ONCE, "Then at once."),
        (Pace.DAILY, "Daily again."),
    ):
        with transaction(ann):
            following.choose_pace(actor=ann, follow=db.session.get_one(Follow, own.id), pace=pace)
        say(paragraph(draft), words)
        tell()
    sent = [text_of(mail) for mail in [*deliver().to(ann.email), *digest().to(ann.email)]]
    for words in ("On Friday.", "Then daily.", "Then at once.", "Daily again."):
        assert sum(words in mail for mail in sent) == 1, words


def test_the_words_of_a_suggestion_are_in_the_mail(draft):
    ann = factories.a_person()
    follow(draft, Pace.AT_ONCE, by=ann)
    said = say(paragraph(draft), "Count more.")
    said.kind, said.replacement = Kind.SUGGESTION, "First, we count <every> tree."
    said.replacement_html = str(diff_html("First, we count the trees.", said.replacement))
    db.session.commit()
    (mail,) = told_at_once().to(ann.email)
    assert "> First, we count <every> tree." in text_of(mail)
    assert "&lt;every&gt;" in html_of(mail)
    assert "<del>" in html_of(mail)


def test_who_waits_for_a_link_comes_before_digests_and_telling_stops_after_a_while(draft):
    for _ in range(3):
        follow(draft, Pace.AT_ONCE)
    say(paragraph(draft))
    later(minutes=1)
    assert dispatch.tell_followers(0) is False
    assert db.session.scalar(select(OutboxMail.id).where(OutboxMail.tells != "")) is None
    tell()
    with transaction():
        send(to="waiting@mail.example", subject="Your link", body="Words")
    assert dispatch.lease(2)[0].to_address == "waiting@mail.example"


def test_of_what_happened_before_one_followed_nothing_is_told(draft):
    say(paragraph(draft), "Long ago.")
    tell()
    ann = factories.a_person()
    follow(draft, by=ann)
    say(paragraph(draft), "New.")
    (mail,) = digest().to(ann.email)
    assert "New." in text_of(mail)
    assert "Long ago." not in text_of(mail)


def test_what_becomes_of_a_consultation_reaches_everybody_who_follows_any_of_it(draft):
    consultation = draft.consultation
    of_paragraph, of_unit = factories.a_person(), factories.a_person()
    follow(paragraph(draft), Pace.AT_ONCE, by=of_paragraph)
    follow(consultation.unit, Pace.AT_ONCE, by=of_unit)
    with transaction():
        consultations.extend_closing(
            actor=None,
            consultation=consultation,
            closes_at=clock.now() + timedelta(days=60),
            reason="A long post strike.",
        )
    say(paragraph(draft), "Who follows a unit hears of no comment.")
    post = told_at_once()
    for person in (of_paragraph, of_unit):
        assert "A long post strike." in text_of(post.to(person.email)[0])
    assert len(post.to(of_unit.email)) == 1
    later(days=90)
    for html in ("<p>We plant.</p>", "<p>We plant, corrected.</p>"):
        with transaction():
            consultations.publish_outcome(actor=None, consultation=consultation, source="x", html=html)
    post = told_at_once()
    assert [mail["Subject"] for mail in post.to(of_paragraph.email)] == [
        f"{consultation.title}: The outcome is published"
    ]


def test_an_opening_is_told_when_it_opens(app):
    factories.a_ready_site()
    consultation = factories.a_consultation(stage=Stage.PREPARING)
    follow(consultation.unit, Pace.AT_ONCE, by=(ann := factories.a_person()))
    opens_at = clock.now() + timedelta(days=3)
    db.session.add(
        Happening(
            event=Event.OPENED,
            at=opens_at,
            organisation_id=consultation.organisation_id,
            unit_id=consultation.unit_id,
            consultation_id=consultation.id,
        )
    )
    consultation.stage, consultation.opens_at = Stage.OPEN, opens_at
    consultation.closes_at = opens_at + timedelta(days=50)
    db.session.commit()
    assert told_at_once().mails == []
    consultation.opens_at = opens_at + timedelta(days=1)  # put off since
    db.session.commit()
    later(days=3)
    assert told_at_once().mails == []
    later(days=1)
    (mail,) = told_at_once().to(ann.email)
    assert mail["Subject"] == f"{consultation.title}: It is open for comments"


def test_a_version_reaches_followers_and_a_correction_of_spelling_nobody(draft):
    ann, bob = factories.a_person(), factories.a_person()
    follow(draft, Pace.AT_ONCE, by=ann)
    follow(paragraph(draft, "2"), Pace.AT_ONCE, by=bob)
    later(minutes=5)
    ground.publish(
        draft, ground.TEXT.replace("count the trees", "count all trees"), note="Asked for by many."
    )
    post = told_at_once()
    (mail,) = post.to(ann.email)
    assert "Version 2" in mail["Subject"]
    assert "Asked for by many." in text_of(mail)
    assert post.to(bob.email) == [], "the words of paragraph 2 stayed"


def test_posting_writes_one_row_more_and_asks_nothing(draft):
    before = len(_happenings())
    with counting.queries() as seen:
        say(paragraph(draft))
    assert sum("happening" in str(statement) for statement in seen) == 1
    assert len(_happenings()) == before + 1


def test_nothing_is_told_while_it_can_be_undone(draft):
    follow(draft, Pace.AT_ONCE)
    say(paragraph(draft))
    assert fanning.tell_of_happenings() == 0
    later(seconds=31)
    assert fanning.tell_of_happenings() == 1


def test_what_is_set_to_another_pace_while_digests_are_worked_out_is_told_with_the_next(draft, monkeypatch):
    ann, other = factories.a_person(), a_draft("# Another\n\nBenches stay.\n")
    follow(draft, Pace.DAILY, by=ann)
    weekly = follow(other, Pace.WEEKLY, by=ann)
    say(paragraph(draft), "Of today.")
    say(paragraph(other), "Of this week.")
    worked_out = digests._worked_out

    def and_then_it_is_changed(*arguments):
        found = worked_out(*arguments)
        monkeypatch.setattr(digests, "_worked_out", worked_out)
        with transaction():
            own = db.session.get_one(Follow, weekly.id)
            following.choose_pace(actor=ann, follow=own, pace=Pace.DAILY)
        return found

    monkeypatch.setattr(digests, "_worked_out", and_then_it_is_changed)
    words = [text_of(mail) for _day in range(2) for mail in digest().to(ann.email)]
    assert ["Of today." in words[0], "Of this week." in words[0]] == [True, False]
    assert ["Of this week." in each for each in words] == [False, True]


def test_who_opens_an_account_while_it_is_told_is_told_once(draft, monkeypatch):
    monkeypatch.setattr(fanning, "HANDFUL", 1)
    with transaction():
        target = targets.found(names_of(draft))
        following.ask_to_follow(actor=Anyone(), email="ann@mail.example", target=target, pace=Pace.AT_ONCE)
    with transaction():
        asked = db.session.scalars(select(Follow)).one()
        following.confirm(actor=Anyone(), signed=sign(For.CONFIRM, asked.key))
    ann = factories.a_person(email="ann@mail.example")
    follow(paragraph(draft, "2"), by=ann)
    said = say(paragraph(draft))
    later(minutes=1)
    happening = db.session.scalars(select(Happening).where(Happening.comment_id == said.id)).one()
    assert fanning._tell_some(happening), "there are more"
    with transaction(ann):
        following.adopt(ann)
    dispatch.tell_followers()
    assert len([mail for mail in deliver().to(ann.email) if mail["List-Unsubscribe"]]) == 1


def test_two_who_tell_tell_it_once(draft, monkeypatch):
    """Whoever finds that another has gone on puts nothing into the outbox."""
    monkeypatch.setattr(fanning, "HANDFUL", 2)
    monkeypatch.setattr(digests, "HANDFUL", 2)
    people = [factories.a_person() for _ in range(5)]
    for number, person in enumerate(people):
        follow(draft, Pace.AT_ONCE if number % 2 else Pace.DAILY, by=person)
    said = say(paragraph(draft))
    later(minutes=1)
    happening = db.session.scalars(select(Happening).where(Happening.comment_id == said.id)).one()
    original = fanning._mails

    def with_another(*arguments):
        monkeypatch.setattr(fanning, "_mails", original)
        found = original(*arguments)
        while fanning._tell_some(happening):
            pass  # the other one was quicker
        return found

    monkeypatch.setattr(fanning, "_mails", with_another)
    dispatch.tell_followers()
    morning()
    dispatch.tell_followers()
    post = deliver()
    assert sorted(mail["To"] for mail in post.mails if "paragraph 1" in mail["Subject"]) == sorted(
        p.email for p in people
    )
