"""Changing the address of an account: both addresses told, the new one confirmed once, by its owner, by a button."""

from datetime import timedelta
from threading import Thread

import pytest

from consult import clock
from consult.accounts import links, queries
from consult.accounts.actions import changing_address
from consult.accounts.models import Purpose
from consult.errors import NotFound
from consult.extensions import transaction
from tests.accounts.ground import PASSWORD, link_in, mails, read_again, somebody
from tests.factories import a_person, a_site
from tests.pages import Visitor

OLD, NEW = "nia@mail.example", "nia.probert@post.example"


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


@pytest.fixture
def nia(app):
    return somebody(email=OLD, name="Nia Probert")


def _ask(visit: Visitor, email: str = NEW, status: int = 200):
    return visit.post("/account/email", {"email": email, "current": PASSWORD}, status=status).page


def test_the_new_address_gets_a_link_and_the_old_one_word_of_it(visit_as, nia):
    visit = visit_as(nia)
    visit.get("/account/email")
    assert NEW in _ask(visit).main.text
    assert read_again(nia).email == OLD
    assert link_in(mails(NEW)[0]).startswith("/account/email/")
    assert "wants to change" in mails(OLD)[0].subject
    assert NEW not in mails(OLD)[0].body


def test_it_changes_by_a_button_and_both_are_told_and_others_signed_out(visit_as, sign_in, nia):
    elsewhere, visit = sign_in(nia), visit_as(nia)
    _ask(visit)
    link = link_in(mails(NEW)[0])
    page = visit.get(link)
    visit.client.head(link)
    assert NEW in page.main.text
    assert read_again(nia).email == OLD
    assert visit.post(link).location == "/account#secure"
    assert read_again(nia).email == NEW
    assert read_again(nia).pending_email == ""
    assert NEW in visit.get("/account").main.text
    assert elsewhere.get("/account").status_code == 303
    for address in (OLD, NEW):
        assert "was changed" in mails(address)[-1].subject
    visit.get(link, status=404)
    visit.post(link, status=404)


def test_a_taken_address_is_answered_alike_and_told_by_mail(visit_as, nia):
    owner = somebody(email=NEW)
    visit = visit_as(nia)
    page = _ask(visit)
    other = _ask(visit, "free@post.example")
    assert page.main.text.replace(NEW, "") == other.main.text.replace("free@post.example", "")
    (mail,) = mails(NEW)
    assert "account already" in mail.subject
    assert "/account/email/" not in mail.body
    assert read_again(owner).email == NEW


def test_an_address_taken_meanwhile_is_refused_in_words(visit_as, nia):
    visit = visit_as(nia)
    _ask(visit)
    somebody(email=NEW)
    page = visit.post(link_in(mails(NEW)[0]), status=404).page
    assert "does not work" in page.h1.text
    assert read_again(nia).email == OLD


def test_of_two_links_the_newer_works(visit_as, nia):
    visit = visit_as(nia)
    _ask(visit, "first@post.example")
    _ask(visit)
    visit.post(link_in(mails("first@post.example")[0]), status=404)
    visit.post(link_in(mails(NEW)[0]))
    assert read_again(nia).email == NEW


def test_the_link_of_another_person_is_refused(visit_as, nia):
    _ask(visit_as(nia))
    link = link_in(mails(NEW)[0])
    stranger = visit_as(somebody())
    stranger.get(link, status=404)
    stranger.post(link, status=404)
    visit_as(nia).post(link)


def test_whoever_gets_the_link_by_mistake_must_sign_in_first(visit, visit_as, nia):
    _ask(visit_as(nia))
    link = link_in(mails(NEW)[0])
    assert visit.client.get(link).location == f"/sign-in?next={link}"
    assert visit.client.post(link).status_code == 303
    assert read_again(nia).email == OLD


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.CHANGE_EMAIL])
def test_a_link_of_another_purpose_is_refused(visit_as, nia, purpose):
    visit = visit_as(nia)
    _ask(visit)
    with transaction():
        token = links.make(purpose, nia)
    visit.get(f"/account/email/{token}", status=404)
    visit.post(f"/account/email/{token}", status=404)
    assert read_again(nia).email == OLD


def test_a_link_expires_after_two_days(visit_as, nia):
    _ask(visit_as(nia))
    link = link_in(mails(NEW)[0])
    moment = clock.now() + timedelta(hours=48)
    clock.replace(lambda: moment)
    visit_as(nia).post(link, status=404)
    assert read_again(nia).email == OLD


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "", "current": PASSWORD}, "email"),
        ({"email": "nobody", "current": PASSWORD}, "email"),
        ({"email": "a@b.example\r\nBcc: c@d.example", "current": PASSWORD}, "email"),
        ({"email": f" {OLD.upper()} ", "current": PASSWORD}, "email"),
        ({"email": NEW, "current": ""}, "current"),
        ({"email": NEW, "current": "a wrong password"}, "current"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_sends_nothing(visit_as, nia, typed, field):
    page = visit_as(nia).post("/account/email", typed, status=422).page
    assert page.select_one(f"#{field}")["aria-invalid"] == "true"
    assert mails() == []
    assert read_again(nia).pending_email == ""


def test_older_links_to_the_old_address_work_no_more(visit_as, visit, nia):
    visit.post("/forgotten-password", {"email": OLD}, status=200)
    reset = link_in(mails(OLD)[0])
    owner = visit_as(nia)
    _ask(owner)
    owner.post(link_in(mails(NEW)[0]))
    visit.get(reset, status=404)


def test_who_has_no_password_is_asked_for_none(visit_as):
    person = a_person()
    visit = visit_as(person)
    assert not visit.get("/account/email").select('input[type="password"]')
    visit.post("/account/email", {"email": NEW}, status=200)
    assert read_again(person).pending_email == NEW


def test_two_at_once_change_it_once(app, visit_as, nia):
    _ask(visit_as(nia))
    token = link_in(mails(NEW)[0]).rpartition("/")[2]
    outcomes, person_id = [], nia.id

    def press() -> None:
        try:
            with app.app_context(), transaction():
                changing_address.change_address(actor=queries.person(person_id), token=token)
            outcomes.append("changed")
        except NotFound:
            outcomes.append("refused")

    threads = [Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["changed", "refused", "refused"]
    assert len([mail for mail in mails(OLD) if "was changed" in mail.subject]) == 1
