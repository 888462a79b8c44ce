"""A bulk act while comments arrive and a colleague decides, each in a thread: one decision each, and the rest is named."""

from collections import Counter

from sqlalchemy import func, select

from consult import audit, clock
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion import recounting as talk
from consult.discussion.models import Comment, Decision, State
from consult.documents.models import Paragraph
from consult.errors import Conflict
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation import queries, recounting
from consult.moderation.actions import Verb
from consult.moderation.several import actions, looking
from consult.moderation.several.models import ModerationActLeft, Why
from consult.moderation.undoing import acts
from consult.moderation.undoing.models import ModerationActItem
from tests import factories
from tests.discussion.ground import a_draft, paragraph
from tests.racing import racers, refused

COUNT, ARRIVE = 24, 6
BY_COLLEAGUE = tuple(reversed(range(1, COUNT, 3)))  # which of them, and they begin at the other end


class Meanwhile:
    """Replies that wait on two drafts, two moderators, and the three that act at once."""

    def __init__(self):
        unit = factories.a_unit()
        self.me, self.colleague = (factories.a_moderator(unit.organisation).id for _ in range(2))
        self.author = factories.a_person().id
        self.places = [paragraph(a_draft(unit=unit, policy=Policy.BEFORE)).id for _ in range(2)]
        with transaction():
            above = [self._says(place, "Above.") for place in self.places]
            for each in above:
                discussion.lead(actor=None, comment=each, after=State.PUBLISHED, rule="test")
            self.keys = [
                self._says(self.places[n % 2], f"Number {n} waits.", above[n % 2]).key for n in range(COUNT)
            ]
        found = looking.looked_at(self._person(self.me), self.keys, now=clock.now())
        self.seen = [actions.Seen(each.comment.key, each.face) for each in found]
        db.session.rollback()

    def _person(self, number):
        return db.session.get_one(factories.Person, number)

    def _says(self, place, words, parent=None):
        where = db.session.get_one(Paragraph, place)
        return discussion.post_comment(
            actor=self._person(self.author), paragraph=where, body=words, parent=parent
        )

    def decides_on_all(self):
        who, order = self._person(self.me), actions.Order(Verb.PUBLISH)
        with transaction(who):
            act, left = actions.begin(actor=who, order=order, wanted=self.seen)
            key = act.key
        while left:
            with transaction(who):
                left = actions.decide_part(actor=who, act=acts.act_of(key, who), order=order, wanted=left)
        return key

    def takes_down_some(self):
        who, done = self._person(self.colleague), []
        for number in BY_COLLEAGUE:
            try:
                with transaction(who):
                    comment = queries.comment_to_decide(self.keys[number])
                    seen = self.seen[number].face
                    moderation.decide(
                        actor=who, comment=comment, verb=Verb.TAKE_DOWN, reason="abuse", seen=seen
                    )
            except Conflict:
                continue
            done.append(self.keys[number])
        return done

    def arrive(self):
        for number in range(ARRIVE):
            with transaction():
                self._says(self.places[number % 2], f"Late number {number}.")


def test_each_is_decided_on_once_and_what_others_did_is_named(app):
    at = Meanwhile()
    with racers(app, 3) as race:
        outcomes = race.run(at.decides_on_all, at.takes_down_some, at.arrive)
    refused(outcomes)
    key, taken_down = outcomes[:2]
    db.session.rollback()
    db.session.expire_all()
    act = acts.act_of(key, db.session.get_one(factories.Person, at.me))
    states = dict(db.session.execute(select(Comment.key, Comment.state)).all())
    assert {each for each in at.keys if states[each] is State.TAKEN_DOWN} == set(taken_down)
    assert Counter(states[each] for each in at.keys)[State.PUBLISHED] == COUNT - len(taken_down)
    assert sum(state is State.WAITING for state in states.values()) == ARRIVE
    decided = select(func.count()).select_from(Decision).where(Decision.actor_id.in_([at.me, at.colleague]))
    assert (
        db.session.scalar(decided.group_by(Decision.comment_id).order_by(func.count().desc()).limit(1)) == 1
    )
    done = select(Comment.key).join(ModerationActItem, ModerationActItem.comment_id == Comment.id)
    done = done.where(ModerationActItem.act_id == act.id)
    left = dict(
        db.session.execute(
            select(Comment.key, ModerationActLeft.why)
            .join(ModerationActLeft, ModerationActLeft.comment_id == Comment.id)
            .where(ModerationActLeft.act_id == act.id)
        ).all()
    )
    assert left == dict.fromkeys(taken_down, Why.DECIDED)
    assert set(db.session.scalars(done)) == set(at.keys) - set(taken_down)
    assert [*recounting.recount(), *talk.recount(), *audit.breaks()] == []
