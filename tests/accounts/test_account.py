"""A person's own account: what is held, what became of each comment, changing name and password."""

import pytest

from consult.accounts import passwords
from consult.audit import AuditEntry
from consult.discussion import actions as discussion
from consult.discussion.models import State
from consult.extensions import db, transaction
from tests.accounts.ground import PASSWORD, mails, read_again, somebody, with_an_app
from tests.counting import queries
from tests.discussion import ground
from tests.factories import a_moderator, a_person, a_site


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(visit):
    response = visit.client.get("/account")
    assert response.status_code == 303
    assert response.location == "/sign-in?next=/account"


def test_the_page_stands_with_nothing_written_yet(visit_as):
    person = a_person()
    page = visit_as(person).get("/account")
    assert person.name in page.main.text
    assert person.email in page.main.text
    assert "not commented yet" in page.main.text
    assert page.select_one('form[action="/sign-out"] button')


def test_who_has_not_confirmed_is_told_how(visit_as):
    person = somebody(is_confirmed=False)
    visit = visit_as(person)
    assert "not confirmed yet" in visit.get("/account").main.text
    visit.post("/check-email")
    assert mails(person.email)


def test_a_new_name_stands_and_is_on_record(visit_as):
    person = a_person()
    visit_as(person).post("/account/name", {"name": "  Nia   Probert "})
    assert read_again(person).name == "Nia Probert"
    assert db.session.query(AuditEntry).filter_by(act="account.rename", actor_id=person.id).count() == 1


@pytest.mark.parametrize("name", ["", "N" * 81, "N" * 1_000_000, "a\u202eb", "a\u200bb", "\x07bell"])
def test_a_name_that_cannot_be_shown_changes_nothing(visit_as, name):
    person = a_person(name="Nia")
    page = visit_as(person).post("/account/name", {"name": name}, status=422).page
    assert page.select_one("#name")["aria-invalid"] == "true"
    assert read_again(person).name == "Nia"


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(visit_as, sign_in):
    person = somebody()
    here, elsewhere = visit_as(person), sign_in(person)
    here.post("/account/password", {"current": PASSWORD, "password": "quite another one"})
    here.get("/account")
    assert elsewhere.get("/account").status_code == 303
    assert passwords.matches(read_again(person).password_hash, "quite another one")
    assert "password was changed" in mails(person.email)[0].subject


@pytest.mark.parametrize(
    ("current", "password", "field"),
    [
        ("not the one I have", "quite another one", "current"),
        ("", "quite another one", "current"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "p" * 1_000_000, "password"),
        ("p" * 1_000_000, "quite another one", "current"),
    ],
)
def test_a_password_is_not_changed_by_mistake(visit_as, current, password, field):
    person = somebody()
    page = (
        visit_as(person)
        .post("/account/password", {"current": current, "password": password}, status=422)
        .page
    )
    assert page.select_one('[role="alert"] a')["href"] == f"#{field}"
    assert {tag["value"] for tag in page.select('input[type="password"]')} == {""}
    assert passwords.matches(read_again(person).password_hash, PASSWORD)


def test_each_comment_says_what_became_of_it(visit_as):
    draft, person = ground.a_draft(), a_person()
    kept = ground.say(ground.paragraph(draft), "It is *wide* enough.", by=person)
    gone = ground.say(ground.paragraph(draft), "Ask Mr Pugh.", by=person)
    asked = ground.say(ground.paragraph(draft), "How wide?", by=person, ask=True)
    moderator = a_moderator(draft.consultation.unit.organisation)
    with transaction(moderator):
        discussion.change_state(
            actor=moderator,
            comment=gone,
            after=State.TAKEN_DOWN,
            reason="private_person",
            note="Please leave the name out.",
        )
    page = visit_as(person).get("/account")
    words = {row.a["href"]: row.text for row in page.select("tbody tr")}
    assert len(words) == 3
    assert "It is wide enough." in words[f"/comments/{kept.key}"]
    assert "Published" in words[f"/comments/{kept.key}"]
    assert "Nobody has answered yet" in words[f"/comments/{asked.key}"]
    assert "names or shows a private person" in words[f"/comments/{gone.key}"]
    assert "Please leave the name out." in words[f"/comments/{gone.key}"]
    ground.answer(asked)
    assert "Read the answer" in visit_as(person).get("/account").main.text


def test_long_lists_are_turned_page_by_page_at_a_fixed_cost(visit_as):
    draft, person = ground.a_draft(), a_person()
    visit, where = visit_as(person), ground.paragraph(draft)
    ground.say(where, "One.", by=person)
    with queries() as few:
        visit.get("/account")
    for number in range(24):
        ground.say(where, f"Number {number}.", by=person)
    with queries() as many:
        page = visit.get("/account")
    # two of them for how and where one is signed in, one for days on which no clock runs, two for suggestions and drafts
    assert len(many) == len(few) <= 13, many
    assert len(page.select("tbody tr")) == 20
    rest = visit.get(page.select_one('a[href*="after="]')["href"])
    assert len(rest.select("tbody tr")) == 5
    assert visit.get("/account?after=nonsense")


def test_nobody_sees_the_comments_of_another(visit_as):
    ground.say(ground.paragraph(ground.a_draft()), "Mine alone.")
    assert "Mine alone." not in visit_as(a_person()).get("/account").text


def test_the_page_says_how_and_where_one_is_signed_in(visit_as, sign_in):
    person = somebody()
    page = visit_as(person).get("/account")
    words = page.select_one('[aria-labelledby="how"]').text
    assert "off" in words
    assert person.email in words
    assert not page.select('form[action="/account/sessions/end-others"]')
    assert "on every device" not in page.main.text
    sign_in(person)
    with_an_app(person)
    page = visit_as(person).get("/account")
    assert "Change the second step" in page.select_one('[aria-labelledby="how"]').text
    assert page.select('form[action="/account/sessions/end-others"]')
    assert len(page.select('[aria-labelledby="where"] li')) == 3
