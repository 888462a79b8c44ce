from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import NoResultFound

from consult import audit, clock
from consult.accounts.actions import closing
from consult.accounts.models import Person
from consult.audit import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from consult.permissions import Anyone
from consult.toolkit import forgetting, queries
from consult.toolkit.models import Page
from consult.toolkit.suggestions import actions
from consult.toolkit.suggestions.actions import MOST_A_DAY, MOST_WAITING
from consult.toolkit.suggestions.models import State, Suggestion
from consult.toolkit.suggestions.queries import waiting, waiting_count_of
from consult.toolkit.unsaved import actions as unsaved
from consult.toolkit.unsaved.models import Unsaved, Use
from consult.toolkit.unsaved.queries import Place
from tests import factories
from tests.racing import racers, refused
from tests.toolkit.shelf import a_page, resaved, worded
from tests.toolkit.suggestions.made import accepted, declined, suggested


@pytest.fixture(autouse=True)
def _site(app):
    factories.a_site()


@pytest.fixture
def nia(app):
    return factories.a_person(name="Nia Probert", email="nia@mail.example")


@pytest.fixture
def editor(app):
    return factories.an_editor(name="Edda Rhys")


def _acts():
    db.session.rollback()
    wanted = AuditEntry.act.startswith("suggestion.")
    return [each.act for each in db.session.query(AuditEntry).filter(wanted).order_by(AuditEntry.id)]


def _mails():
    return [mail.subject for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)]


def test_a_suggestion_waits_and_changes_nothing(nia):
    page = a_page("First.")
    stamp = page.stamp
    made = suggested(page, "Second.", by=nia)
    db.session.refresh(page)
    assert (made.state, made.based_on, made.source) == (State.WAITING, 1, "Second.")
    assert made.due_at > made.created_at
    assert page.revision_count == 1
    assert (page.stamp, waiting().count, waiting(page.id).count) == (stamp, 1, 1)
    assert _acts() == ["suggestion.make"]


@pytest.mark.parametrize("who", ["nobody", "guest", "unconfirmed"])
def test_who_cannot_be_told_cannot_suggest(app, who):
    person = {
        "nobody": Anyone,
        "guest": factories.a_guest,
        "unconfirmed": lambda: factories.a_person(is_confirmed=False),
    }[who]()
    with pytest.raises(NotAllowed):
        suggested(a_page(), "Other.", by=person)


def test_nothing_changed_is_no_suggestion_and_one_form_makes_one(nia):
    page = a_page("First.")
    with pytest.raises(Invalid):
        suggested(page, "First.", by=nia)
    one, other = (suggested(page, "Second.", by=nia, once="a-form-sent-twice") for _ in range(2))
    assert one.id == other.id
    theirs = suggested(page, "Third.", by=factories.a_person(), once="a-form-sent-twice")
    assert theirs.source == "Third.", "a key of somebody else does not lead to what they suggested"


def test_somebody_may_have_only_so_many_waiting_and_make_so_many_a_day(nia, editor):
    page = a_page("First.")
    made = [suggested(page, f"Number {n}.", by=nia) for n in range(MOST_WAITING)]
    with pytest.raises(Invalid):
        suggested(page, "One more.", by=nia)
    for each in made:
        declined(each, by=editor)
    for n in range(MOST_A_DAY - MOST_WAITING):
        declined(suggested(page, f"Another {n}.", by=nia), by=editor)
    with pytest.raises(Invalid):
        suggested(page, "One more.", by=nia)
    later = clock.now() + timedelta(days=2)
    clock.replace(lambda: later)
    assert suggested(page, "One more.", by=nia).state is State.WAITING


def test_of_forms_that_come_at_once_no_more_may_wait(app, nia):
    page = a_page("First.")
    for n in range(MOST_WAITING - 1):
        suggested(page, f"Number {n}.", by=nia)
    nia_id, page_id = nia.id, page.id

    def suggests(n):
        def act():
            suggested(db.session.get_one(Page, page_id), f"At once {n}.", by=_person(nia_id))

        return act

    with racers(app, 3) as race:
        assert sum(refused(race.run(*map(suggests, range(3))), Invalid)) == 2
    db.session.rollback()
    assert waiting_count_of(nia_id) == MOST_WAITING


def test_an_account_that_closed_a_moment_ago_suggests_nothing(nia):
    page, wording = a_page("First."), worded("Second.")
    with transaction(nia):
        assert nia.is_active
        gone = update(Person).where(Person.id == nia.id).values(closed_at=clock.now())
        db.session.execute(gone.execution_options(synchronize_session=False))  # as another session would
        with pytest.raises(NotAllowed):
            actions.suggest_change(actor=nia, page=page, wording=wording, why="It is clearer.")


def test_what_is_accepted_is_the_page_and_names_both(nia, editor):
    page = a_page("First.")
    made = accepted(suggested(page, "Second.", by=nia), by=editor, word="Thank you.")
    db.session.refresh(page)
    change = queries.history(page.id)[0]
    assert (change.number, change.author_name, change.suggester_name) == (2, "Edda Rhys", "Nia Probert")
    assert (made.state, made.revision.number, made.word) == (State.ACCEPTED, 2, "Thank you.")
    assert _mails() == ["Your suggestion is accepted"]
    assert "Thank you." in db.session.query(OutboxMail).one().body
    assert _acts() == ["suggestion.make", "suggestion.accept"]
    assert waiting().count == 0


def test_what_an_editor_amends_stays_on_record_beside_it(nia, editor):
    page = a_page("First.")
    made = accepted(suggested(page, "Second.", by=nia), by=editor, source="Second, then.")
    assert (made.state, made.source, made.revision.source) == (State.AMENDED, "Second.", "Second, then.")
    assert _acts()[-1] == "suggestion.amend"


def test_a_suggested_page_comes_into_being(nia, editor):
    made = suggested(None, "New words.", by=nia, title="Clear kerbs")
    assert queries.pages_named(["clear-kerbs"]) == {}
    accepted(made, by=editor, slug="clear-kerbs")
    assert queries.pages_named(["clear-kerbs"]) == {"clear-kerbs": "clear-kerbs"}
    assert queries.readable("clear-kerbs").suggester_name == "Nia Probert"


def test_what_the_page_says_already_credits_nobody(nia, editor):
    page = a_page("First.")
    made = suggested(page, "Second.", by=nia)
    resaved(page, "Second.", actor=editor)
    accepted(made, by=editor)
    assert queries.readable(page.slug).suggester_name is None
    assert (made.state, made.revision_id) == (State.ACCEPTED, None)


def test_a_page_that_moved_on_since_the_editor_looked_is_a_conflict(nia, editor):
    page = a_page("First.")
    made = suggested(page, "Second.", by=nia)
    resaved(page, "Third.", actor=editor)
    with pytest.raises(Conflict):
        accepted(made, by=editor, seen=1)
    db.session.refresh(made)
    assert made.state is State.WAITING


def test_a_decline_needs_a_word_and_can_be_taken_back_before_anybody_is_told(nia, editor):
    made = suggested(a_page("First."), "Second.", by=nia)
    with pytest.raises(Invalid):
        declined(made, by=editor, word=" ")
    declined(made, by=editor)
    assert _mails() == ["Your suggestion is declined"]
    with transaction(editor):
        actions.reopen(actor=editor, suggestion=made)
    assert _mails() == []
    assert (made.state, made.settled_at, made.word, waiting().count) == (State.WAITING, None, "", 1)
    assert _acts() == ["suggestion.make", "suggestion.decline", "suggestion.reopen"]
    assert not list(audit.breaks())


def test_whoever_was_told_of_a_decline_is_told_that_it_is_open_again(nia, editor):
    made = declined(suggested(a_page("First."), "Second.", by=nia), by=editor)
    db.session.query(OutboxMail).update({"sent_at": clock.now()})
    db.session.commit()
    later = clock.now() + timedelta(hours=1)
    clock.replace(lambda: later)
    with transaction(editor):
        actions.reopen(actor=editor, suggestion=made)
    assert _mails() == ["Your suggestion is declined", "Your suggestion is looked at again"]


def test_only_its_author_takes_a_suggestion_back_and_only_while_it_waits(nia, editor):
    made = suggested(a_page("First."), "Second.", by=nia)
    with pytest.raises(NotAllowed), transaction(editor):
        actions.withdraw(actor=editor, suggestion=made)
    with transaction(nia):
        actions.withdraw(actor=nia, suggestion=made)
    assert (made.state, made.settled_by) == (State.WITHDRAWN, None)
    with pytest.raises(Conflict):
        accepted(made, by=editor)
    assert _mails() == []


def test_only_editors_settle(nia):
    made = suggested(a_page("First."), "Second.", by=nia)
    other = factories.a_moderator(factories.an_organisation())
    with pytest.raises(NotAllowed):
        accepted(made, by=other)
    with pytest.raises(NotAllowed):
        declined(made, by=nia)
    with pytest.raises(NotAllowed), transaction(other):
        actions.reopen(actor=other, suggestion=made)


def _person(person_id):
    return db.session.get_one(Person, person_id)


def test_of_those_who_settle_at_once_one_is_first_and_the_others_are_told(app, nia, editor):
    page = a_page("First.")
    second = factories.an_editor()
    ids = (nia.id, editor.id, second.id)
    with racers(app, 3) as race:
        for n in range(12):
            made_id = suggested(page, f"Round {n}.", by=nia).id

            def accepts(made_id=made_id):
                accepted(db.session.get_one(Suggestion, made_id), by=_person(ids[1]))

            def declines(made_id=made_id):
                declined(db.session.get_one(Suggestion, made_id), by=_person(ids[2]))

            def withdraws(made_id=made_id):
                author = _person(ids[0])
                with transaction(author):
                    actions.withdraw(actor=author, suggestion=db.session.get_one(Suggestion, made_id))

            outcomes = race.run(accepts, declines, withdraws)
            assert sum(refused(outcomes, Conflict)) == 2
    db.session.rollback()
    db.session.expire_all()
    made = db.session.query(Suggestion).order_by(Suggestion.id).all()
    published = [each for each in made if each.state is State.ACCEPTED]
    assert all(each.settled_at for each in made)
    assert len(published) == page.revision_count - 1
    assert {each.revision.number for each in published} == set(range(2, page.revision_count + 1))
    assert not list(audit.breaks())


def test_an_author_who_goes_at_that_moment_takes_it_along_or_leaves_it_published(app, editor):
    page = a_page("First.")
    with racers(app, 2) as race:
        for n in range(8):
            author_id = factories.a_person(name=f"Author {n}").id
            made_id = suggested(page, f"Round {n}.", by=_person(author_id)).id

            def accepts(made_id=made_id):
                accepted(db.session.get_one(Suggestion, made_id), by=_person(editor.id))

            def goes(author_id=author_id):
                author = _person(author_id)
                with transaction(author):
                    closing.close_account(actor=author, withdraws=True)

            refused(race.run(accepts, goes), NotFound, NoResultFound)
            db.session.rollback()
            db.session.expire_all()
            left = db.session.get(Suggestion, made_id)
            assert left is None or left.state is State.ACCEPTED
            assert _person(author_id).name == "Name removed"
    assert not list(audit.breaks())


def test_whoever_takes_all_back_leaves_no_words_but_those_that_a_page_says(nia, editor):
    page = a_page("First.")
    accepted(suggested(page, "Second.", by=nia), by=editor, word="Thank you.")
    db.session.refresh(page)
    accepted(suggested(page, "Third.", by=nia), by=editor, source="Third, then.", word="Shorter.")
    db.session.refresh(page)
    resaved(page, "Fourth.", actor=editor)
    accepted(suggested(page, "Fourth.", by=nia, based_on=1), by=editor)
    with transaction(nia):
        closing.close_account(actor=nia, withdraws=True)
    left = db.session.query(Suggestion).order_by(Suggestion.id).all()
    assert [(each.state, each.title, each.source, each.why, each.word) for each in left] == [
        (State.ACCEPTED, "A page", "Second.", "", ""),
        (State.AMENDED, "", "", "", ""),
    ]
    assert left[1].summary == ""
    assert queries.revision(page.id, 4).source == "Fourth."


@pytest.mark.parametrize("withdraws", [True, False])
def test_whoever_closes_their_account_leaves_no_name_behind(nia, editor, withdraws):
    page = a_page("First.")
    accepted(suggested(page, "Second.", by=nia), by=editor)
    db.session.refresh(page)
    suggested(page, "Third.", by=nia)
    with transaction(nia):
        unsaved.keep(actor=nia, place=Place(Use.SUGGEST, page_id=page.id), fields={"source": "Fourth."})
    stamp = page.stamp
    with transaction(nia):
        closing.close_account(actor=nia, withdraws=withdraws)
    db.session.refresh(page)
    assert db.session.query(Unsaved).count() == 0
    assert waiting().count == (0 if withdraws else 1)
    assert queries.readable(page.slug).suggester_name == "Name removed"
    assert page.stamp > stamp


def test_an_official_who_goes_leaves_suggestions_to_nobody(editor):
    official = factories.an_official(factories.a_unit(), name="Tom Ashdown")
    page = a_page("First.")
    accepted(suggested(page, "Second.", by=official), by=editor)
    with transaction(official):
        closing.close_account(actor=official, withdraws=False)
    assert official.name == "Tom Ashdown"
    assert queries.readable(page.slug).suggester_name == "Name removed"
    assert db.session.query(Suggestion).one().author_id != official.id


def test_what_was_declined_goes_after_a_year_and_what_was_accepted_stays(nia, editor):
    page = a_page("First.")
    refused_one = declined(suggested(page, "No.", by=nia), by=editor)
    accepted(suggested(page, "Yes.", by=nia), by=editor)
    with transaction(editor):
        unsaved.keep(
            actor=editor, place=Place(Use.AMEND, suggestion_id=refused_one.id), fields={"source": "So."}
        )
    for days, left in ((364, 2), (366, 1)):
        moment = clock.now() + timedelta(days=days)
        clock.replace(lambda moment=moment: moment)
        with transaction():
            forgetting.forget_suggestions()
        clock.replace(None)
        assert db.session.query(Suggestion).count() == left
    assert db.session.query(Suggestion).one().state is State.ACCEPTED
