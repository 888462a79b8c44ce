"""What was sent only to the team has a life of its own: whatever anybody does, the public never comes to it."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from consult.consultations.models import Policy
from consult.discussion import actions, recounting
from consult.discussion.answering import replying
from consult.discussion.models import Comment, Decision, Kind, State
from consult.discussion.states import ACTS, LEADS_TO, TEAM_ONLY, leads_to
from consult.discussion.wishes import Wishes
from consult.errors import DomainError
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation.models import QueueItem, Report
from consult.search.models import SearchEntry
from tests import factories
from tests.discussion.ground import BEFORE, a_draft, paragraph, tell_team

SHOWN = {State.WAITING, State.PUBLISHED, State.RETURNED, State.TAKEN_DOWN}


def test_every_state_has_its_way_on_and_its_act():
    assert set(LEADS_TO) == set(ACTS) == set(State)


@pytest.mark.parametrize("before", [None, *State])
@pytest.mark.parametrize("after", State)
def test_the_team_only_never_becomes_what_others_see_and_the_public_never_the_teams(before, after):
    if after in SHOWN:
        assert not leads_to(before, after, is_team_only=True)
    if after is State.RECEIVED:
        assert not leads_to(before, after, is_team_only=False)


@pytest.mark.parametrize("after", [State.RECEIVED, State.WITHDRAWN, State.ERASED])
def test_what_waits_for_its_author_can_reach_the_team(after):
    assert leads_to(State.UNCONFIRMED, after, is_team_only=True)


def test_what_the_team_has_can_be_withdrawn_and_erased_and_no_more():
    ways = {after for after in State if leads_to(State.RECEIVED, after, is_team_only=True)}
    assert ways == {State.WITHDRAWN, State.ERASED}


@pytest.mark.parametrize("policy", Policy)
def test_it_goes_to_the_team_whatever_the_policy_is(app, policy):
    sent = tell_team(paragraph(a_draft(policy=policy)))
    assert sent.state is State.RECEIVED
    assert [row.after for row in db.session.scalars(select(Decision))] == [State.RECEIVED]


ACTORS = ("author", "another", "official", "official elsewhere", "moderator", "administrator", "a rule")
ALL_ACTS = st.one_of(
    st.tuples(st.just("change"), st.sampled_from(ACTORS), st.sampled_from(list(State))),
    st.tuples(st.just("change"), st.just("a rule"), st.sampled_from(list(State))),
    st.tuples(st.just("decide"), st.sampled_from(ACTORS), st.sampled_from(list(moderation.Verb))),
    st.tuples(
        st.sampled_from(("correct", "withdraw", "settle", "report", "answer", "reply", "mail")),
        st.sampled_from(ACTORS[:-1]),
        st.booleans(),
    ),
)


class Everybody:
    """A draft whose comments a moderator looks at first, and all who could touch what was sent only to the team."""

    def __init__(self) -> None:
        self.place = paragraph(a_draft(policy=BEFORE))
        consultation = self.place.document.consultation
        organisation = consultation.unit.organisation
        self.people = {
            "author": factories.a_person(),
            "another": factories.a_person(),
            "official": factories.an_official(consultation.unit),
            "official elsewhere": factories.an_official(factories.a_unit(organisation)),
            "moderator": factories.a_moderator(organisation),
            "administrator": factories.an_administrator(),
            "a rule": None,
        }

    def sends(self, *, is_confirmed: bool) -> Comment:
        """Let the author ask the team something; unless confirmed, it waits for the link in their mail."""
        author = self.people["author"]
        if is_confirmed:
            return tell_team(self.place, by=author, ask=True)
        with transaction(author):
            comment = actions.write_comment(
                author=author,
                paragraph=self.place,
                words=actions.written("Are the trees sick?"),
                kind=Kind.QUESTION,
                parent=None,
                response=None,
                version=None,
                wishes=Wishes(is_team_only=True),
            )
            actions.begin(
                actor=author, comment=comment, after=State.UNCONFIRMED, rule="guest", act="comment.post"
            )
        return comment

    def do(self, comment: Comment, act: str, who: str, how: object) -> None:
        """Try one act in a transaction of its own; a refusal leaves everything as it was."""
        actor = self.people[who]
        with suppress(DomainError), transaction(actor):
            self._act(comment, act, actor, how)

    def _act(self, comment: Comment, act: str, actor: object, how: object) -> None:
        if act == "change":
            rule = "" if actor is not None else "any"
            actions.change_state(actor=actor, comment=comment, after=how, rule=rule)
        elif act == "decide":
            if actor is None:
                return
            moderation.decide(actor=actor, comment=comment, verb=how, reason="abuse", message="Mend it.")
        elif act == "correct":
            actions.correct_comment(actor=actor, comment=comment, body=f"Other words, {how}.")
        elif act == "withdraw":
            actions.withdraw_comment(actor=actor, comment=comment)
        elif act == "settle":
            actions.settle_correction(actor=actor, comment=comment, accept=bool(how))
        elif act == "report":
            moderation.report_comment(actor=actor, comment=comment, reason="abuse", note="")
        elif act == "answer":
            actions.respond(actor=actor, comments=[comment], body="It is so.")
        elif act == "reply":
            actions.post_comment(actor=actor, paragraph=comment.paragraph, body="I agree.", parent=comment)
        else:
            replying.reply_to_sender(actor=actor, comment=comment, body="To you alone.")


@pytest.mark.slow
def test_whatever_anybody_does_it_is_never_shown(app):
    everybody = Everybody()

    @settings(max_examples=120, deadline=None, derandomize=True)
    @given(is_confirmed=st.booleans(), acts=st.lists(ALL_ACTS, min_size=1, max_size=7))
    def live(is_confirmed: bool, acts: list[tuple[str, str, object]]) -> None:
        comment = everybody.sends(is_confirmed=is_confirmed)
        count = db.session.scalar(select(func.count()).select_from(Comment))
        for act, who, how in acts:
            everybody.do(comment, act, who, how)
            assert comment.is_team_only
            assert comment.state in TEAM_ONLY
            assert not comment.was_published
            assert comment.published_at is None
        for others in (QueueItem, Report):
            assert not db.session.scalar(select(func.count()).where(others.comment_id == comment.id))
        assert not db.session.scalar(select(func.count()).where(SearchEntry.key == comment.key))
        assert db.session.scalar(select(func.count()).select_from(Comment)) == count
        assert list(recounting.differences()) == []

    live()
