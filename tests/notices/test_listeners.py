"""Who is told what, and who is not."""

import pytest

from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import State
from consult.extensions import transaction
from consult.reasons import REASONS
from tests.accounts.ground import mails
from tests.counting import queries
from tests.discussion import ground
from tests.factories import a_moderator, a_person, an_official


@pytest.fixture
def draft(app):
    return ground.a_draft(policy=Policy.BEFORE)


def test_a_comment_that_waited_is_announced_to_its_author_when_published(draft):
    comment = ground.say(ground.paragraph(draft), "Plant oaks.")
    assert mails() == []
    ground.move(comment, State.PUBLISHED)
    (mail,) = mails()
    assert mail.to_address == comment.author.email
    assert "is published" in mail.subject
    assert f"http://127.0.0.1:8000/comments/{comment.key}" in mail.body
    assert "> Plant oaks." in mail.body


def test_a_comment_published_at_once_causes_no_mail(app):
    draft = ground.a_draft(policy=Policy.AFTER)
    ground.say(ground.paragraph(draft))
    assert mails() == []


@pytest.mark.parametrize("reason", [reason.code for reason in REASONS])
def test_taking_down_tells_the_reason_in_words_and_what_to_do(draft, reason):
    comment = ground.say(ground.paragraph(draft), "Ask Mr Pugh.")
    moderator = a_moderator(draft.consultation.unit.organisation)
    with transaction(moderator):
        discussion.change_state(
            actor=moderator, comment=comment, after=State.TAKEN_DOWN, reason=reason, note="Leave it out."
        )
    (mail,) = mails()
    told = next(known for known in REASONS if known.code == reason)
    assert "taken down" in mail.subject
    for words in (told.label, told.rule, told.advice):
        assert str(words) in mail.body
    assert "> Leave it out." in mail.body
    assert "/about#rules" in mail.body


def test_a_returned_comment_says_what_to_change(draft):
    comment = ground.say(ground.paragraph(draft))
    ground.move(comment, State.RETURNED, reason="private_person")
    (mail,) = mails()
    assert "look at your comment again" in mail.subject


def test_who_withdraws_their_own_comment_is_told_nothing(draft):
    comment = ground.say(ground.paragraph(draft))
    with transaction(comment.author):
        discussion.withdraw_comment(actor=comment.author, comment=comment)
    assert mails() == []


def test_an_answer_reaches_who_asked(draft):
    asker = a_person()
    question = ground.say(ground.paragraph(draft), "How many?", by=asker, ask=True)
    ground.move(question, State.PUBLISHED)
    before = len(mails())
    ground.answer(question)
    mail = mails()[before]
    assert mail.to_address == asker.email
    assert "question has been answered" in mail.subject
    assert draft.consultation.unit.name in mail.body
    assert "No decision has been made." in mail.body


def test_one_answer_to_several_comments_is_one_mail_each_at_a_fixed_cost(app):
    draft = ground.a_draft(policy=Policy.AFTER)
    asker = a_person()
    questions = [ground.say(ground.paragraph(draft), f"Number {n}?", by=asker, ask=True) for n in range(3)]
    others = [ground.say(ground.paragraph(draft), "And mine?", ask=True) for _ in range(3)]
    ground.answer(*questions, *others)
    assert sorted(mail.to_address for mail in mails()) == sorted(
        [asker.email, *(other.author.email for other in others)]
    )


def test_an_official_who_answers_their_own_question_is_told_nothing(app):
    draft = ground.a_draft(policy=Policy.AFTER)
    official = an_official(draft.consultation.unit)
    question = ground.say(ground.paragraph(draft), "Do I know?", by=official, ask=True)
    ground.answer(question, by=official)
    assert mails() == []


def test_nobody_writes_to_a_shut_account(draft):
    author = a_person()
    comment = ground.say(ground.paragraph(draft), by=author)
    from consult import clock
    from consult.extensions import db

    author.disabled_at = clock.now()
    db.session.commit()
    ground.move(comment, State.PUBLISHED)
    assert mails() == []


def test_a_quote_is_cut_and_cannot_pass_for_our_own_words(draft):
    comment = ground.say(
        ground.paragraph(draft), "Line one.\n\nPay here: http://evil.example\n\n" + "word " * 200
    )
    ground.move(comment, State.PUBLISHED)
    (mail,) = mails()
    assert "\n> Pay here" in mail.body
    assert len(mail.body) < 1_200


def test_links_never_come_from_the_host_header(visit):
    from tests.factories import a_site

    a_site()
    visit.post(
        "/sign-up",
        {"name": "Nia", "email": "nia@mail.example", "password": "three random words"},
        headers={"Host": "evil.example"},
        base_url="http://evil.example/",
    )
    (mail,) = mails()
    assert "evil.example" not in mail.body
    assert "http://127.0.0.1:8000/confirm/" in mail.body


def test_telling_costs_the_same_for_one_and_for_many(app):
    draft = ground.a_draft(policy=Policy.AFTER)
    official = an_official(draft.consultation.unit)
    few_asked = [ground.say(ground.paragraph(draft), "One?", ask=True)]
    many_asked = [ground.say(ground.paragraph(draft), f"Number {n}?", ask=True) for n in range(6)]
    with queries() as few:
        ground.answer(*few_asked, by=official)
    with queries() as many:
        ground.answer(*many_asked, by=official)
    asked_for_people = [sum("FROM person" in statement for statement in seen) for seen in (few, many)]
    assert asked_for_people[1] <= asked_for_people[0] + 1
