"""Signing up, confirming, signing in and out, a forgotten password: as a person does it in a browser."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from consult import clock
from consult.accounts import passwords
from consult.accounts.models import OneTimeLink, Person
from consult.extensions import db
from tests.accounts.ground import PASSWORD, link_in, mails, read_again, somebody
from tests.factories import a_person, a_site, an_organisation
from tests.pages import Visitor

NEW = {"name": "Nia Probert", "email": "nia@mail.example", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


def _people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def _is_signed_in(visit: Visitor) -> bool:
    return visit.client.get("/account").status_code == 200


def test_signing_up_makes_an_account_whose_address_waits(visit):
    assert visit.post("/sign-up", NEW).location == "/check-email"
    person = db.session.scalars(select(Person)).one()
    assert (person.name, person.email, person.is_confirmed) == ("Nia Probert", "nia@mail.example", False)
    assert PASSWORD not in person.password_hash
    page = visit.get("/check-email")
    assert "nia@mail.example" in page.main.text
    assert not _is_signed_in(visit)


def test_the_link_in_the_mail_confirms_by_a_button_and_signs_in(visit):
    visit.post("/sign-up", {**NEW, "next": "/consultations/streets/draft/p/abc"})
    link = link_in(mails("nia@mail.example")[0])
    page = visit.get(link)
    assert page.select_one('form[method="post"] button')
    assert not db.session.scalars(select(Person)).one().is_confirmed
    assert visit.post(link).location == "/consultations/streets/draft/p/abc"
    db.session.rollback()
    assert db.session.scalars(select(Person)).one().is_confirmed
    assert _is_signed_in(visit)


def test_a_mail_scanner_that_opens_the_link_spends_nothing(visit):
    visit.post("/sign-up", NEW)
    link = link_in(mails()[0])
    for _ in range(3):
        visit.get(link)
        visit.client.head(link)
    visit.post(link)


def test_a_link_confirms_once(visit):
    visit.post("/sign-up", NEW)
    link = link_in(mails()[0])
    visit.post(link)
    page = visit.post(link, status=404).page
    assert "does not work" in page.h1.text
    visit.get(link, status=404)


@pytest.mark.parametrize("path", ["/confirm/nonsense", "/choose-password/nonsense", "/start/nonsense"])
def test_a_made_up_link_says_what_to_do_next(visit, path):
    page = visit.get(path, status=404)
    assert page.select_one('main a[href="/sign-in"]')
    visit.post(path, {}, status=404)


def test_a_confirming_link_chooses_no_password(visit):
    visit.post("/sign-up", NEW)
    token = link_in(mails()[0]).rpartition("/")[2]
    visit.post(f"/choose-password/{token}", {"password": "another good one"}, status=404)


def test_an_address_that_is_taken_is_answered_alike_and_told_by_mail(visit, app):
    owner = somebody(email="nia@mail.example", name="The owner")
    answer = visit.post("/sign-up", NEW)
    assert answer.location == "/check-email"
    assert _people() == 1
    assert read_again(owner).name == "The owner"
    (mail,) = mails()
    assert mail.to_address == "nia@mail.example"
    assert "account already" in mail.subject
    assert passwords.matches(read_again(owner).password_hash, PASSWORD)
    fresh = Visitor(app.test_client())
    fresh.post("/sign-up", {**NEW, "email": "new@mail.example"})
    for_new = fresh.get("/check-email").main.text.replace("new@mail.example", "nia@mail.example")
    assert visit.get("/check-email").main.text == for_new


def test_the_address_is_the_same_in_capitals(visit):
    somebody(email="nia@mail.example")
    visit.post("/sign-up", {**NEW, "email": " Nia@MAIL.example "})
    assert _people() == 1


def test_the_form_sent_twice_makes_one_account_and_one_mail(visit):
    visit.post("/sign-up", NEW)
    visit.post("/sign-up", NEW)
    assert _people() == 1
    assert len(mails()) == 1


def test_a_stranger_cannot_choose_the_password_of_an_address_beforehand(visit, app):
    """Who signs up first with another's address must not know its password once the owner has confirmed."""
    stranger = Visitor(app.test_client())
    stranger.post("/sign-up", {**NEW, "password": "the stranger's words"})
    early = link_in(mails()[0])
    visit.post("/sign-up", NEW)
    link = link_in(mails()[1])
    assert link.startswith("/choose-password/")
    visit.get(early, status=404)
    visit.post(link, {"password": "the owner's own words"})
    db.session.rollback()
    person = db.session.scalars(select(Person)).one()
    assert person.is_confirmed
    assert passwords.matches(person.password_hash, "the owner's own words")


def test_the_link_can_be_sent_again_but_not_at_once(visit, app):
    visit.post("/sign-up", NEW)
    visit.post("/check-email")
    assert len(mails()) == 1
    db.session.execute(OneTimeLink.__table__.delete())
    db.session.commit()
    visit.post("/check-email")
    assert len(mails()) == 2
    visit.post(link_in(mails()[1]))


def test_nobody_is_asked_to_check_mail_before_signing_up(visit):
    assert visit.client.get("/check-email").location == "/sign-up"


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Enter the name"),
        ("name", " \t ", "Enter the name"),
        ("name", "N" * 81, "80 characters or fewer"),
        ("name", "N" * 1_000_000, "80 characters or fewer"),
        ("name", "Nia\u202egnp.exe", "cannot be shown"),
        ("name", "Nia\u200bProbert", "cannot be shown"),
        ("name", "Nia\x00Probert", "cannot be shown"),
        ("name", "Nia\nProbert", "cannot be shown"),
        ("name", "N" + "\u0301" * 40, "too many accents"),
        ("name", "…!?", "a letter or a number"),
        ("email", "", "Enter your email address"),
        ("email", "nia.mail.example", "with an @"),
        ("email", "nia@mail.example\r\nBcc: x@mail.example", "with an @"),
        ("email", "a" * 1_000_000, "254 characters or fewer"),
        ("password", "", "Choose a password"),
        ("password", "short", "12 characters or more"),
        ("password", "p" * 129, "128 characters or fewer"),
        ("password", "p" * 1_000_000, "128 characters or fewer"),
        ("password", "password1234", "easy to guess"),
        ("password", "nia@mail.example", "easy to guess"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_the_rest_is_kept(visit, field, typed, says):
    page = visit.post("/sign-up", {**NEW, field: typed}, status=422).page
    summary = page.select_one('[role="alert"]')
    assert says in summary.text
    control = page.select_one(summary.a["href"])
    assert control["name"] == field
    assert control["aria-invalid"] == "true"
    assert says in page.select_one(f"#{field}-error").text
    for name in {"name", "email"} - {field}:
        assert page.select_one(f"#{name}")["value"] == NEW[name]
    assert page.select_one("#password")["value"] == ""
    assert _people() == 0
    assert mails() == []


def test_an_empty_form_and_a_form_of_files_are_mistakes_and_no_errors(visit):
    page = visit.post("/sign-up", {}, status=422).page
    assert len(page.select('[role="alert"] a')) == 3
    from io import BytesIO

    files = {name: (BytesIO(b"\xff\x00"), "x.bin") for name in NEW}
    visit.post("/sign-up", files, status=422, content_type="multipart/form-data")
    response = visit.client.post("/sign-up", json=["wrong"])
    assert response.status_code == 422


def test_fields_that_the_form_does_not_have_change_nothing(visit):
    visit.post(
        "/sign-up", {**NEW, "confirmed_at": "2026-01-01", "session_version": "9", "roles": "administrator"}
    )
    person = db.session.scalars(select(Person)).one()
    assert (person.is_confirmed, person.session_version, person.roles) == (False, 1, [])


def test_signing_in_leads_on_to_where_the_person_was_going(visit):
    person = somebody()
    answer = visit.post("/sign-in", {"email": person.email, "password": PASSWORD, "next": "/toolkit?x=1"})
    assert answer.location == "/toolkit?x=1"
    assert _is_signed_in(visit)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x=y",
        "evil",
        "/" + "a" * 5_000,
    ],
)
def test_signing_in_never_leads_to_another_site(visit, target):
    person = somebody()
    page = visit.get("/sign-in", query_string={"next": target})
    assert page.select_one('input[name="next"]')["value"] == ""
    answer = visit.post("/sign-in", {"email": person.email, "password": PASSWORD, "next": target})
    assert answer.location == "/account"


def test_the_next_page_comes_through_the_form(visit):
    page = visit.get("/sign-in?next=/consultations/x")
    assert page.select_one('input[name="next"]')["value"] == "/consultations/x"
    assert page.select_one('a[href="/sign-up?next=/consultations/x"]')


@pytest.mark.parametrize("email", ["somebody@mail.example", "nobody@mail.example"])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(visit, email):
    somebody(email="somebody@mail.example")
    page = visit.post("/sign-in", {"email": email, "password": "not the right one"}, status=422).page
    assert "Email or password is not right" in page.select_one('[role="alert"]').text
    assert page.select_one("#email")["value"] == email
    assert page.select_one("#password")["value"] == ""
    assert not _is_signed_in(visit)


def test_a_person_without_a_password_cannot_sign_in(visit):
    person = a_person()
    visit.post("/sign-in", {"email": person.email, "password": "nobody has this password"}, status=422)


def test_a_shut_account_cannot_be_signed_in_to_nor_reset(visit):
    from consult import clock

    person = somebody(disabled_at=clock.now())
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD}, status=422)
    visit.post("/forgotten-password", {"email": person.email}, status=200)
    visit.post("/sign-up", {**NEW, "email": person.email})
    assert mails() == []


def test_signing_out_is_real(visit, app):
    person = somebody()
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    cookie = visit.client.get_cookie("consult")
    visit.post("/sign-out")
    assert not _is_signed_in(visit)
    thief = app.test_client()
    thief.set_cookie("consult", cookie.value)
    assert thief.get("/account").status_code == 303


def test_signing_out_is_no_link(visit):
    assert visit.client.get("/sign-out").status_code == 405


def test_a_hash_of_old_parameters_is_renewed_at_sign_in(visit):
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    person = a_person(password_hash=weak)
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    kept = read_again(person).password_hash
    assert kept != weak
    assert not passwords.is_stale(kept)
    assert passwords.matches(kept, PASSWORD)


def test_a_forgotten_password_is_chosen_anew_and_ends_every_session(visit, sign_in):
    person = somebody()
    elsewhere = sign_in(person)
    page = visit.post("/forgotten-password", {"email": person.email}, status=200).page
    assert person.email in page.main.text
    link = link_in(mails()[0])
    visit.get(link)
    visit.post(link, {"password": "short"}, status=422)
    assert visit.post(link, {"password": "quite another one"}).location == "/account"
    assert _is_signed_in(visit)
    assert elsewhere.get("/account").status_code == 303
    assert passwords.matches(read_again(person).password_hash, "quite another one")
    visit.post(link, {"password": "quite another one"}, status=404)
    assert "password was changed" in mails()[-1].subject


def test_asking_for_a_password_says_the_same_of_an_unknown_address(visit):
    known = somebody()
    one = visit.post("/forgotten-password", {"email": known.email}, status=200).page
    two = visit.post("/forgotten-password", {"email": "nobody@mail.example"}, status=200).page
    assert one.main.text.replace(known.email, "") == two.main.text.replace("nobody@mail.example", "")
    assert [mail.to_address for mail in mails()] == [known.email]


def test_a_newer_reset_link_replaces_the_older(visit):
    person = somebody()
    visit.post("/forgotten-password", {"email": person.email}, status=200)
    visit.post("/forgotten-password", {"email": person.email}, status=200)
    first, second = (link_in(mail) for mail in mails())
    visit.get(first, status=404)
    visit.get(second)


def test_pages_for_signing_in_ask_few_questions_of_the_database(visit):
    from tests.counting import queries

    for path in ("/sign-in", "/sign-up", "/forgotten-password"):
        with queries() as asked:
            visit.get(path)
        assert len(asked) <= 2, asked


def test_words_of_the_site_are_no_password(visit):
    an_organisation(name="Department for Streets")
    for password in ("Streets2026!!", "department-123", "consult-1234"):
        typed = {"name": "Ann", "email": "ann@mail.example", "password": password}
        page = visit.post("/sign-up", typed, status=422).page
        assert "easy to guess" in page.select_one('[role="alert"]').text


def test_a_password_does_not_run_out(visit):
    person = somebody()
    later = clock.now() + timedelta(days=3_650)
    clock.replace(lambda: later)
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert _is_signed_in(visit)
