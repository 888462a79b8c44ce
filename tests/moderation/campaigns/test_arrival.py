"""Comments are grouped after they were posted, and leave their campaign when they leave the page."""

import threading

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, State
from consult.errors import Conflict, NotAllowed
from consult.extensions import db, transaction
from consult.moderation.campaigns import actions, arrival, queries, recounting, writing
from consult.moderation.campaigns.models import (
    Campaign,
    CampaignBand,
    CampaignLetter,
    CampaignWaiting,
)
from consult.notices import dispatch
from tests import factories
from tests.counting import queries as counted
from tests.discussion.ground import paragraph as paragraph_of
from tests.discussion.ground import tell_team
from tests.moderation.campaigns.scene import AGAINST, CHANGED, LETTER, OTHER, SHORTER, Street, grouped


def _lead(comment, after, actor=None, **how):
    with transaction(actor):
        discussion.lead(actor=actor, comment=comment, after=after, rule="test", **how)


def _correct(comment, body):
    with transaction(comment.author):
        discussion.correct_comment(actor=comment.author, comment=comment, body=body)


def _bands_of(comment):
    wanted = select(func.count()).select_from(CampaignBand)
    return db.session.scalar(wanted.where(CampaignBand.comment_id == comment.id))


def _is_in_order():
    with transaction():
        assert recounting.recount() == []


def test_copies_are_grouped_across_paragraphs_and_others_are_not(app):
    street = Street()
    first, second = street.says(LETTER), street.says(CHANGED, "2")
    third, other, against = street.says(SHORTER), street.says(OTHER), street.says(AGAINST)
    short = [street.says("I agree."), street.says("I agree.")]
    found = grouped(first, second, third, other, against, *short)
    assert found[0] is not None
    assert found == [found[0]] * 3 + [None] * 4
    assert db.session.get(Campaign, found[0]).letter_count == 3
    assert queries.waiting_count() == 0
    _is_in_order()


def test_another_consultation_has_campaigns_of_its_own(app):
    one, other = Street(), Street()
    assert grouped(one.says(LETTER), other.says(LETTER)) == [None, None]


def test_a_post_writes_one_row_and_compares_nothing(app):
    street = Street()
    street.says(LETTER)
    with counted() as seen:
        said = street.says(CHANGED)
    assert sum("campaign" in statement for statement in seen) == 1
    assert db.session.query(CampaignWaiting).filter_by(comment_id=said.id).count() == 1
    assert db.session.get(CampaignLetter, said.id) is None


def test_what_the_dispatcher_finds_it_groups(app):
    street = Street()
    first, second = street.says(LETTER), street.says(LETTER)

    class Stop:
        turns = 0

        def wait(self, pause):
            self.turns += 1
            return self.turns > 1

    ids = [first.id, second.id]
    dispatch.deliver_until(Stop())
    found = queries.campaigns_of(ids)
    assert len(found) == 2
    assert len(set(found.values())) == 1


def test_what_is_quoted_from_the_draft_or_the_comment_above_does_not_count(app):
    words = (
        "The clear width along the footway is two metres at every point, measured from the kerb to the furniture, and "
        "whoever holds the licence answers for customers who move chairs into it after nine in the evening."
    )
    from tests.discussion.ground import a_draft, say

    draft = a_draft(f"# Tables\n\n{words}\n")
    where = paragraph_of(draft)
    one = say(
        where,
        f"{words} My own view, as a publican, is that nobody can watch chairs all night without hiring.",
    )
    two = say(
        where,
        f"{words} Measured how? A wheelchair turning by the bakery wants more than that on market days.",
    )
    above = say(where, LETTER)
    below = say(
        where,
        f"{LETTER} That is what you say, but ladders, lamps and buses need the room those trunks take.",
        parent=above,
    )
    assert grouped(one, two, above, below) == [None] * 4


def test_what_only_the_team_reads_is_looked_at_by_nobody(app):
    street = Street()
    said = street.says(LETTER)
    private = tell_team(paragraph_of(street.draft), LETTER)
    assert grouped(said, private) == [None, None]
    assert db.session.get(CampaignLetter, private.id) is None
    _is_in_order()


def test_what_waits_for_a_moderator_is_grouped_before_anybody_decides(app):
    street = Street(policy=Policy.BEFORE)
    first, second = street.says(LETTER), street.says(CHANGED)
    assert first.state is State.WAITING
    found = grouped(first, second)
    assert found[0] is not None
    assert found[0] == found[1]


def test_a_corrected_comment_is_grouped_anew(app):
    street = Street()
    first, second, third = street.says(LETTER), street.says(CHANGED), street.says(OTHER)
    campaign = grouped(first, second, third)[0]
    _correct(second, OTHER.replace("father", "mother"))
    _correct(third, SHORTER)
    found = grouped(first, second, third)
    assert found == [found[0], None, found[0]]
    assert campaign is not None
    assert found[0] is not None
    _is_in_order()


def test_what_was_taken_down_stays_in_its_campaign_and_calls_the_next_copy_to_it(app):
    street = Street()
    first, second = street.says(LETTER), street.says(CHANGED)
    campaign = grouped(first, second)[0]
    for each in (first, second):
        _lead(each, State.TAKEN_DOWN, reason="advertising")
    third = street.says(SHORTER)
    assert grouped(first, second, third) == [campaign] * 3
    _is_in_order()


@pytest.mark.parametrize("after", [State.WITHDRAWN, State.ERASED])
def test_what_is_withdrawn_or_erased_is_gone_at_once(app, after):
    street = Street()
    first, second, third = street.says(LETTER), street.says(CHANGED), street.says(SHORTER)
    campaign = grouped(first, second, third)[0]
    _lead(first, after)
    assert db.session.get(CampaignLetter, first.id) is None
    assert _bands_of(first) == 0
    assert db.session.get(Campaign, campaign, populate_existing=True).letter_count == 2
    fourth = street.says(LETTER)
    assert grouped(second, third, fourth) == [campaign] * 3
    _is_in_order()


def test_one_letter_alone_is_no_campaign(app):
    street = Street()
    first, second = street.says(LETTER), street.says(LETTER)
    campaign = grouped(first, second)[0]
    _lead(first, State.WITHDRAWN)
    assert grouped(second) == [None]
    assert db.session.get(Campaign, campaign, populate_existing=True) is None
    third = street.says(CHANGED)
    found = grouped(second, third)
    assert found[0] is not None
    assert found[0] == found[1]
    _is_in_order()


def test_one_of_the_same_words_takes_the_place_of_the_first_that_goes(app):
    street = Street()
    same = [street.says(LETTER) for _ in range(3)]
    grouped(*same)
    assert [db.session.get(CampaignLetter, each.id).is_first for each in same] == [True, False, False]
    _lead(same[0], State.WITHDRAWN)
    later = street.says(CHANGED)
    found = grouped(*same[1:], later)
    assert len(set(found)) == 1
    assert found[0] is not None
    assert _bands_of(same[1]) > 0
    _is_in_order()


def test_nothing_is_kept_of_a_comment_that_is_erased_before_anybody_looked(app):
    street = Street()
    said = street.says(LETTER)
    _lead(said, State.ERASED)
    assert queries.waiting_count() == 0
    assert grouped(said) == [None]
    assert db.session.query(CampaignLetter).count() == 0


def test_what_is_withdrawn_while_it_is_compared_is_not_written(app):
    street = Street()
    first, second = street.says(LETTER), street.says(CHANGED)
    waiting = db.session.query(CampaignWaiting).filter_by(comment_id=second.id).one().id
    consultation = street.draft.consultation_id
    arrival.group(waiting - 1, first.id, consultation)
    write = arrival._decide(second.id, consultation)
    db.session.rollback()
    _lead(second, State.WITHDRAWN)
    with transaction():
        write(waiting)
    assert db.session.get(CampaignLetter, second.id) is None
    assert db.session.query(Campaign).count() == 0


def test_who_finds_that_something_has_changed_begins_again(app):
    street = Street()
    first, second = street.says(LETTER), street.says(CHANGED)
    waiting = db.session.query(CampaignWaiting).order_by(CampaignWaiting.id).all()
    consultation = street.draft.consultation_id
    write = arrival._decide(second.id, consultation)
    db.session.rollback()
    arrival.group(waiting[0].id, first.id, consultation)
    with pytest.raises(writing.Stale), transaction():
        write(waiting[1].id)
    assert queries.waiting_count() == 1
    found = grouped(first, second)
    assert found[0] is not None
    assert found[0] == found[1]


def test_who_is_stopped_while_writing_has_lost_nothing_and_written_nothing(app, monkeypatch):
    street = Street()
    first, second = street.says(LETTER), street.says(CHANGED)
    monkeypatch.setattr(writing.Plan, "_write_bands", _stopped)
    for _attempt in range(2):
        waiting = db.session.query(CampaignWaiting).order_by(CampaignWaiting.id).first()
        with pytest.raises(KeyboardInterrupt):
            arrival.group(waiting.id, waiting.comment_id, street.draft.consultation_id)
        assert queries.waiting_count() == 2
        assert db.session.query(CampaignLetter).count() == db.session.query(CampaignBand).count() == 0
    monkeypatch.undo()
    found = grouped(first, second)
    assert found[0] is not None
    assert found[0] == found[1]
    _is_in_order()


def _stopped(plan):
    raise KeyboardInterrupt


def test_several_may_group_at_the_same_time(app):
    street = Street()
    said = [street.says(text) for text in (LETTER, CHANGED, SHORTER, OTHER) * 4]
    ids = [each.id for each in said]
    db.session.remove()
    errors = []

    def work():
        try:
            with app.app_context():
                arrival.group_waiting()
                db.session.remove()
        except Exception as error:
            errors.append(error)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert errors == []
    assert queries.waiting_count() == 0
    found = queries.campaigns_of(ids)
    assert len({found[number] for at, number in enumerate(ids) if at % 4 != 3}) == 1
    assert len({found[number] for at, number in enumerate(ids) if at % 4 == 3}) == 1
    assert {campaign.letter_count for campaign in db.session.query(Campaign)} == {12, 4}
    _is_in_order()


def test_a_comment_that_cannot_be_grouped_does_not_hold_up_the_others(app, monkeypatch):
    street = Street()
    bad, first, second = street.says(OTHER), street.says(LETTER), street.says(LETTER)
    decide = arrival._decide

    def fail(comment_id, consultation_id):
        if comment_id == bad.id:
            raise RuntimeError
        return decide(comment_id, consultation_id)

    monkeypatch.setattr(arrival, "_decide", fail)
    found = grouped(bad, first, second)
    assert found[0] is None
    assert found[1] is not None
    assert found[1] == found[2]
    assert queries.waiting_count() == 1
    monkeypatch.undo()
    with transaction():
        assert recounting.recount() == [f"comment {bad.id}: could not be grouped, and waits again"]
    arrival.group_waiting()
    assert queries.waiting_count() == 0


def test_two_campaigns_that_are_one_are_brought_together(app):
    street = Street()
    both = [street.says(LETTER), street.says(CHANGED)]
    one = grouped(*both)[0]
    others = [street.says(SHORTER), street.says(SHORTER + " Thank you.")]
    # as if they had been found apart
    arrival.group_waiting()
    with transaction():
        made = Campaign(consultation_id=street.draft.consultation_id, made_at=clock.now(), letter_count=2)
        db.session.add(made)
        db.session.flush()
        for each in others:
            db.session.get(CampaignLetter, each.id).campaign_id = made.id
        db.session.get(Campaign, one, populate_existing=True).letter_count = 2
        arrival.wait(others[0].id)
        arrival.wait(others[1].id)
        arrival.wait(both[0].id)
    found = grouped(*both, *others)
    assert len(set(found)) == 1
    assert db.session.query(Campaign).count() == 1
    _is_in_order()


def test_what_is_set_apart_by_hand_stays_so_when_it_is_corrected(app):
    street = Street()
    moderator = factories.a_moderator(street.draft.consultation.unit.organisation)
    first, second, third = street.says(LETTER), street.says(CHANGED), street.says(SHORTER)
    campaign = grouped(first, second, third)[0]
    with transaction(moderator):
        actions.set_apart(actor=moderator, comment=second)
    assert queries.is_set_apart(second.id)
    _correct(second, LETTER)
    fourth = street.says(CHANGED)
    assert grouped(first, second, third, fourth) == [campaign, None, campaign, campaign]
    assert db.session.query(AuditEntry).filter_by(act="campaign.set_apart").count() == 1
    with transaction(moderator):
        actions.let_group(actor=moderator, comment=second)
    assert grouped(second) == [campaign]
    _is_in_order()


def test_only_a_moderator_of_the_organisation_sets_apart_and_only_what_is_in_a_campaign(app):
    street = Street()
    moderator = factories.a_moderator(street.draft.consultation.unit.organisation)
    alone, stranger = street.says(OTHER), factories.a_moderator(factories.a_unit().organisation)
    grouped(alone)
    with pytest.raises(NotAllowed), transaction(stranger):
        actions.set_apart(actor=stranger, comment=alone)
    for act in (actions.set_apart, actions.let_group):
        with pytest.raises(Conflict), transaction(moderator):
            act(actor=moderator, comment=alone)


def test_a_campaign_tells_its_size_its_sample_and_what_people_added(app):
    street = Street()
    ann = factories.a_person()
    first, second = street.says(LETTER, by=ann), street.says(LETTER, "2", by=ann)
    third = street.says(CHANGED)
    grouped(first, second, third)
    campaign = queries.campaign_of(third.id)
    assert queries.size_of(campaign) == queries.Size(letters=3, people=2, paragraphs=2)
    assert queries.sample_of(campaign) == first
    members = queries.members_of(campaign)
    assert [member.comment for member in members] == [first, second, third]
    assert members[0].own_words == members[1].own_words == []
    assert members[2].own_words[0].startswith("My grandmother sold eggs")
    assert "1911" not in " ".join(members[2].own_words)
    assert [member.comment for member in queries.members_of(campaign, after=first.id, limit=1)] == [second]
    assert queries.campaigns_in(street.draft.consultation) == [campaign]


def test_recounting_finds_and_mends_what_differs(app):
    street = Street()
    first, second = street.says(LETTER), street.says(CHANGED)
    campaign = grouped(first, second)[0]
    new = street.says(SHORTER)
    with transaction():
        db.session.query(CampaignWaiting).delete()
        db.session.get(Campaign, campaign).letter_count = 7
        db.session.get(Comment, second.id).state = State.WITHDRAWN
    with transaction():
        found = recounting.recount()
    assert [line.partition(":")[0] for line in found] == [
        f"campaign_letter {second.id}",
        f"comment {new.id}",
        f"campaign {campaign}",
    ]
    assert db.session.get(Campaign, campaign, populate_existing=True) is None, "of one letter alone"
    found = grouped(first, new)
    assert found[0] is not None
    assert found[0] == found[1]
    _is_in_order()


def test_a_consultation_can_be_grouped_anew(app):
    street = Street()
    said = [street.says(LETTER), street.says(CHANGED), street.says(OTHER)]
    grouped(*said)
    with transaction():
        assert recounting.regroup(street.draft.consultation_id) == 3
    found = grouped(*said)
    assert found[0] is not None
    assert found == [found[0], found[0], None]
    _is_in_order()


def test_the_next_that_waits_is_found_without_looking_through_what_was_said(app):
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL plans by the size of its tables, and these are small
    street = Street()
    street.says(LETTER)
    asked = f"EXPLAIN QUERY PLAN {arrival.OLDEST.compile(db.engine)}"
    values = (0, 1, 0)  # attempts, and one from the beginning
    plan = "\n".join(row[-1] for row in db.session.connection().exec_driver_sql(asked, values))
    assert "TEMP B-TREE" not in plan
    assert "SCAN comment" not in plan
    assert "SCAN document" not in plan
