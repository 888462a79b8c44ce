"""Whoever acts on one comment in the same moment: one state, one decision each, and nothing taken down is public."""

import gzip
import itertools
import random
from collections import defaultdict

import pytest
from sqlalchemy import delete, func, select

from consult import audit
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion import recounting as talk
from consult.discussion.ledger import recounting as ledger
from consult.discussion.models import Comment, Correction, Decision, State
from consult.documents.models import Document
from consult.errors import Conflict
from consult.extensions import db, transaction
from consult.moderation import actions, claims, queries, recounting
from consult.moderation.actions import Verb
from consult.moderation.appeals import actions as appeals
from consult.moderation.appeals.models import Appeal
from consult.moderation.models import QueueItem
from consult.moderation.record import verifying
from consult.moderation.undoing import acts
from consult.moderation.undoing.models import ModerationAct
from consult.notices.models import Happening, OutboxMail, Pace
from consult.search.models import SearchEntry
from tests import factories
from tests.discussion.ground import a_draft, address, paragraph, say
from tests.notices import following_ground as following
from tests.racing import racers, refused

ROUNDS = 200
OF_TWO = 30
TOLD = 20  # happenings that followers are told of at the end


class Round:
    """A comment below another one, with words that stand nowhere else."""

    def __init__(self, where, number, parent, comment):
        self.words, self.new_words = f"Plume{number}qa rests.", f"Plume{number}qb rests."
        self.parent, self.key, self.id = parent.key, comment.key, comment.id
        self.number = number
        self.page = f"{address(where)}?root={parent.key}&fragment=1"

    def forbidden(self, comment, correction):
        """Return which of its words nobody may read now."""
        shown = comment.body if comment.state is State.PUBLISHED else ""
        assert shown in ("", self.words, self.new_words)
        assert correction is None or shown == self.words
        return [words.partition(" ")[0] for words in (self.words, self.new_words) if words != shown]


class Races:
    """Two drafts, of which one shows comments at once; two moderators, two authors, and rounds of comments."""

    def __init__(self, app, rounds):
        self.app = app
        self.unit = factories.a_unit()
        organisation = self.unit.organisation
        self.moderators = [factories.a_moderator(organisation).id for _ in range(2)]
        self.author, self.above = factories.a_person().id, factories.a_person().id
        self.drafts = [a_draft(unit=self.unit, policy=policy) for policy in (Policy.AFTER, Policy.BEFORE)]
        places = [paragraph(draft) for draft in self.drafts]
        self.rounds = []
        for start in range(0, rounds, 50):
            with transaction():
                for number in range(start, min(start + 50, rounds)):
                    self.rounds.append(self._begin(places[number % 2], number))

    def _begin(self, where, number):
        above, author = (db.session.get_one(factories.Person, each) for each in (self.above, self.author))
        parent = discussion.post_comment(actor=above, paragraph=where, body=f"Quill{number} writes.")
        if parent.state is State.WAITING:
            discussion.lead(actor=None, comment=parent, after=State.PUBLISHED, rule="test")
        words = f"Plume{number}qa rests."
        comment = discussion.post_comment(actor=author, paragraph=where, body=words, parent=parent)
        return Round(where, number, parent, comment)

    def decides(self, which, key, verb, seen="", reason=""):
        """Let one of the moderators decide on what they have seen, as the form does it."""

        def act():
            who = db.session.get_one(factories.Person, self.moderators[which])
            comment = queries.comment_to_decide(key)
            with transaction(who):
                return (
                    actions.decide(actor=who, comment=comment, verb=verb, seen=seen, reason=reason) and True
                )

        return act

    def corrects(self, each):
        def act():
            words = discussion.written(each.new_words)
            with transaction():
                comment = queries.comment_to_decide(each.key)
                discussion.correct_comment(actor=comment.author, comment=comment, body=words)

        return act

    def withdraws(self, key):
        def act():
            with transaction():
                comment = queries.comment_to_decide(key)
                discussion.withdraw_comment(actor=comment.author, comment=comment)

        return act

    def seen(self, key):
        comment = queries.comment_to_decide(key)
        return actions.face(
            comment, queries.correction_of(comment.id), queries.history_of(comment.id).decision_id
        )

    def all_is_in_order(self):
        with transaction():
            assert [*talk.recount(), *ledger.recount(), *recounting.recount()] == []
        assert [*audit.breaks(), *verifying.differences()] == []
        waits = select(QueueItem.comment_id).where(QueueItem.settled_at.is_(None)).order_by("comment_id")
        proposed = set(db.session.scalars(select(Correction.comment_id)))
        appealed = set(db.session.scalars(select(Appeal.comment_id).where(Appeal.settled_at.is_(None))))
        waiting = set(db.session.scalars(select(Comment.id).where(Comment.state == State.WAITING)))
        assert db.session.scalars(waits).all() == sorted(waiting | proposed | appealed)


class Reader:
    """Somebody without a session, who keeps what they were given with its ETag."""

    def __init__(self, app):
        self.client = app.test_client(use_cookies=False)
        self.kept = defaultdict(dict)

    def reads(self, page, headers=()):
        answer = self.client.get(page, headers={"Accept-Encoding": "gzip", **dict(headers)})
        db.session.remove()  # the next page is read afresh
        assert answer.status_code in (200, 304), (page, answer.status_code)
        if answer.status_code == 304:
            return self.kept[page][answer.headers["ETag"]]
        body = answer.data if "Content-Encoding" not in answer.headers else gzip.decompress(answer.data)
        if tag := answer.headers.get("ETag"):
            self.kept[page][tag] = body.decode()
        return body.decode()

    def reads_again(self, page):
        """Return the page as it is now, as it is given to who has none and to who has one by an ETag of before."""
        tags = list(self.kept[page])
        return [self.reads(page, {"If-None-Match": tag}) for tag in tags[-2:]] or [self.reads(page)]


@pytest.mark.slow
def test_publish_take_down_correct_and_withdraw_in_the_same_moment(app):
    races, reader, chance = Races(app, ROUNDS), Reader(app), random.Random(6)
    readers = [factories.a_person() for _draft in races.drafts]
    addresses = [person.email for person in readers]
    for draft, person in zip(races.drafts, readers, strict=True):
        following.follow(draft, Pace.AT_ONCE, by=person)
    won, gone = defaultdict(int), []
    db.session.remove()
    with racers(app, 5) as line:
        for each in races.rounds:
            seen = races.seen(each.key)
            db.session.remove()
            reader.reads(each.page)
            acts = [
                races.decides(0, each.key, Verb.PUBLISH, seen),
                races.decides(1, each.key, Verb.TAKE_DOWN, seen, "advertising"),
                races.corrects(each),
                races.withdraws(each.parent),
                lambda each=each: [reader.reads(each.page) for _ in range(2)] and None,
            ]
            order = chance.sample(range(5), 5)
            first = None if each.number % 9 else order.index(each.number // 9 % 3)
            outcomes = line.run(*(acts[at] for at in order), first=first)
            outcomes = [
                outcome for _at, outcome in sorted(zip(order, outcomes, strict=True), key=lambda p: p[0])
            ]
            lost = refused(outcomes, Conflict)
            comment = queries.comment_to_decide(each.key)
            forbidden = each.forbidden(comment, queries.correction_of(comment.id))
            gone += forbidden
            assert _decided(comment) == [
                who for who, is_lost in zip(races.moderators, lost, strict=False) if not is_lost
            ]
            assert lost[:2] != [False, False], "two decided on what only one of them had seen"
            assert not lost[3]
            assert comment.parent.state is State.WITHDRAWN
            won["published"] += not lost[0]
            won["taken down"] += not lost[1]
            won["corrected first"] += lost[0] and lost[1]
            db.session.remove()
            for page in _places(each):
                for body in reader.reads_again(page):
                    assert not [words for words in forbidden if words in body], (page, comment.state)
    assert min(won.values()) > 0, won
    races.all_is_in_order()
    _is_nowhere(races, reader, gone, addresses)


def _decided(comment):
    """Return which moderators decided, and hold each decision against the one before it."""
    found = db.session.scalars(
        select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id)
    ).all()
    assert found[0].before is None
    for before, after in itertools.pairwise(found):
        assert after.before is before.after
    assert found[-1].after is comment.state
    return [each.actor_id for each in found if each.actor_id not in (None, comment.author_id)]


def _places(each):
    """Return where to look after a round: at its thread, and now and then at another page besides."""
    draft = each.page.partition("/p/")[0]
    overview, thread = draft.rpartition("/")[0], each.page.partition("&")[0]
    others = [f"{draft}.atom", f"{overview}.atom", "/search?q=rests&in=comment", draft, thread]
    return [each.page, others[each.number // 4 % len(others)]] if each.number % 4 < 1 else [each.page]


def _is_nowhere(races, reader, gone, addresses):
    """Look everywhere else at once: what was written down for the search, long pages, and mails to whoever follows."""
    texts = list(db.session.scalars(select(SearchEntry.words)))
    for each in races.rounds[:2]:
        draft = each.page.partition("/p/")[0]
        ledger = draft.rpartition("/")[0] + "/ledger"
        for page in (
            f"{draft}/print",
            each.page.partition("?")[0],
            f"{ledger}.json",
            f"{ledger}.csv",
            f"{draft}.md",
        ):
            texts.append(reader.reads(page))
    shown_at_once = db.session.scalars(select(Document).order_by(Document.id)).first()
    say(paragraph(shown_at_once), "The last word.")  # so that there is a mail, whoever won the last rounds
    newest = db.session.scalar(select(func.max(Happening.id)))
    with transaction():  # of the last rounds alone: they are told one by one
        db.session.execute(delete(Happening).where(Happening.id <= newest - TOLD))
        db.session.execute(delete(OutboxMail))
    post = following.told_at_once()
    told = [following.text_of(mail) for to in addresses for mail in post.to(to)]
    assert told
    said = "\n".join([*texts, *told])
    assert not [words for words in gone if words in said]


def test_undoing_while_another_decides(app):
    races, won = Races(app, OF_TWO), defaultdict(int)
    db.session.remove()
    with racers(app, 2) as line:
        for each in races.rounds:
            races.decides(0, each.key, Verb.TAKE_DOWN, reason="advertising")()
            act = db.session.scalars(select(ModerationAct).order_by(ModerationAct.id.desc())).first().key
            seen = races.seen(each.key)
            db.session.remove()

            def undo(act=act):
                who = db.session.get_one(factories.Person, races.moderators[0])
                with transaction(who):
                    acts.undo(actor=who, act=acts.act_of(act, who))

            lost = refused(line.run(undo, races.decides(1, each.key, Verb.PUBLISH, seen)), Conflict)
            assert lost.count(True) == 1
            won[lost[0]] += 1
            _decided(queries.comment_to_decide(each.key))
            db.session.remove()
    races.all_is_in_order()


def test_appealing_while_another_decides(app):
    races = Races(app, OF_TWO)
    db.session.remove()
    with racers(app, 2) as line:
        for each in races.rounds:
            races.decides(0, each.key, Verb.TAKE_DOWN, reason="advertising")()
            seen = races.seen(each.key)
            db.session.remove()

            def appeal(key=each.key):
                with transaction():
                    comment = queries.comment_to_decide(key)
                    appeals.make_appeal(actor=comment.author, comment=comment, why="It is not.")

            lost = refused(line.run(appeal, races.decides(1, each.key, Verb.PUBLISH, seen)), Conflict)
            comment = queries.comment_to_decide(each.key)
            _decided(comment)
            made = db.session.scalars(select(Appeal).where(Appeal.comment_id == comment.id)).all()
            assert len(made) == (not lost[0])
            assert all(one.settled_at is not None for one in made) is (comment.state is State.PUBLISHED)
            assert (comment.state is State.PUBLISHED) is not lost[1]
            db.session.remove()
    races.all_is_in_order()


def test_two_who_open_one_item_at_once(app):
    races = Races(app, OF_TWO)
    waiting = [each for each in races.rounds if queries.comment_to_decide(each.key).state is State.WAITING]
    db.session.remove()
    with racers(app, 2) as line:
        for each in waiting:

            def claim(which, each=each):
                who = db.session.get_one(factories.Person, races.moderators[which])
                with transaction(who):
                    return claims.claim(actor=who, comment_id=each.id)

            has_it = line.run(lambda: claim(0), lambda: claim(1))
            holder = db.session.scalar(select(QueueItem.claimed_by).where(QueueItem.comment_id == each.id))
            assert sorted(has_it) == [False, True]
            assert holder == races.moderators[has_it.index(True)]
            db.session.remove()
