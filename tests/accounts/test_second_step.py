"""The second step: set up, asked for at the door, held back without it, reset; codes that work once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pyotp
import pytest
from sqlalchemy import select

from consult import clock
from consult.accounts import codes, queries, sealing
from consult.accounts.actions import people as people_actions
from consult.accounts.actions import second_step as actions
from consult.accounts.models import Part, Person, RecoveryCode, SignedIn
from consult.audit import AuditEntry
from consult.errors import Conflict, NotAllowed
from consult.extensions import db, settings, transaction
from tests.accounts.ground import PASSWORD, mails, read_again, somebody, with_an_app
from tests.factories import a_session, a_site, a_unit, an_administrator, an_official
from tests.pages import Visitor

NOON = datetime(2026, 11, 27, 12, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


def _later(**much: int) -> None:
    moment = clock.now() + timedelta(**much)
    clock.replace(lambda: moment)


def _code(secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


def _is_signed_in(visit: Visitor) -> bool:
    return visit.client.get("/account").status_code == 200


def _give_password(visit: Visitor, person: Person, **more: str) -> str:
    return visit.post("/sign-in", {"email": person.email, "password": PASSWORD, **more}).location


def _secret_on(page) -> str:
    return page.select_one("code.key").text.replace(" ", "")


def _official(**values) -> Person:
    return an_official(a_unit(), password_hash=somebody().password_hash, **values)


# ---------- Setting it up ----------


def test_an_app_is_set_up_by_the_key_and_a_code_and_recovery_codes_are_shown_once(visit_as):
    person = somebody()
    visit = visit_as(person)
    page = visit.get("/account/second-step")
    secret = _secret_on(page)
    assert page.select_one(".qr svg path")
    assert _secret_on(visit.get("/account/second-step")) == secret
    page = visit.post("/account/second-step", {"code": _code(secret)}, status=200).page
    shown = [tag.text for tag in page.select(".codes code")]
    assert len(set(shown)) == 10
    for code in shown:
        assert code in page.select_one("a[download]")["href"]
        assert code not in str(visit.get("/account/second-step"))
    stored = db.session.scalars(select(RecoveryCode.digest)).all()
    assert sorted(stored) == sorted(codes.digest_of(code) for code in shown)
    assert secret not in read_again(person).totp_secret
    assert "second step is set up" in mails(person.email)[0].subject
    assert db.session.query(AuditEntry).filter_by(act="second_step.set", actor_id=person.id).count() == 1


@pytest.mark.parametrize("typed", ["", "123", "abcdef", "1" * 61, "１２３４５６"])
def test_a_wrong_code_sets_nothing_up(visit_as, typed):
    person = somebody()
    visit = visit_as(person)
    secret = _secret_on(visit.get("/account/second-step"))
    page = visit.post("/account/second-step", {"code": typed}, status=422).page
    assert page.select_one("#code")["aria-invalid"] == "true"
    assert _secret_on(page) == secret
    assert read_again(person).totp_set_at is None
    assert mails() == []


def test_setting_it_up_ends_the_other_sessions_and_changes_the_cookie(visit_as, sign_in, app):
    person = somebody()
    elsewhere, visit = sign_in(person), visit_as(person)
    secret = _secret_on(visit.get("/account/second-step"))
    before = visit.client.get_cookie("consult").value
    visit.post("/account/second-step", {"code": _code(secret)}, status=200)
    assert _is_signed_in(visit)
    assert elsewhere.get("/account").status_code == 303
    thief = app.test_client()
    thief.set_cookie("consult", before)
    assert thief.get("/account").status_code == 303


def test_a_new_app_takes_the_place_of_the_old(visit_as):
    person, old = with_an_app(somebody())
    with transaction():
        actions.renew_recovery_codes(actor=person)
    visit = visit_as(person)
    assert not visit.get("/account/second-step").select("code.key")
    new = _secret_on(visit.get("/account/second-step?new=1"))
    visit.post("/account/second-step", {"code": _code(new)})
    _later(minutes=2)
    with transaction():
        assert not actions.take_code(actor=read_again(person), typed=_code(old))
        assert actions.take_code(actor=person, typed=_code(new))


def test_new_recovery_codes_end_the_old_ones(visit_as):
    person, _ = with_an_app(somebody())
    with transaction():
        (old, *_rest) = actions.renew_recovery_codes(actor=person)
    page = visit_as(person).post("/account/second-step/codes", status=200).page
    new = page.select_one(".codes code").text
    with transaction():
        assert not actions.take_code(actor=person, typed=old)
        assert actions.take_code(actor=person, typed=new)


def test_recovery_codes_without_a_second_step_are_refused(visit_as):
    visit_as(somebody()).post("/account/second-step/codes", status=409)


def test_it_is_turned_off_with_all_that_belongs_to_it(visit_as, visit):
    person, _ = with_an_app(somebody())
    visit_as(person).post("/account/second-step/off")
    kept = read_again(person)
    assert (kept.totp_secret, kept.totp_set_at) == ("", None)
    assert not queries.ways_of(kept).recovery_codes
    assert "turned off" in mails(person.email)[-1].subject
    _give_password(visit, person)
    assert _is_signed_in(visit)


def test_it_is_not_turned_off_while_a_part_needs_it(visit_as):
    person, _ = with_an_app(_official())
    visit = visit_as(person)
    page = visit.get("/account/second-step")
    assert not page.select('form[action$="/off"]')
    assert "cannot be turned off" in page.main.text
    visit.post("/account/second-step/off")
    assert "cannot be turned off" in visit.get("/account/second-step").main.text
    assert read_again(person).totp_set_at


# ---------- At the door ----------


def test_nobody_is_signed_in_by_the_password_alone(visit):
    person, secret = with_an_app(somebody())
    assert _give_password(visit, person, next="/toolkit") == "/sign-in/second-step"
    assert not _is_signed_in(visit)
    assert db.session.query(SignedIn).count() == 0
    visit.get("/sign-in/second-step")
    assert visit.post("/sign-in/second-step", {"again-code": _code(secret)}).location == "/toolkit"
    assert _is_signed_in(visit)
    assert db.session.scalars(select(SignedIn)).one().second_step_at
    assert visit.client.get("/sign-in/second-step").location == "/sign-in"


@pytest.mark.parametrize("how", ["confirm", "reset"])
def test_a_link_in_a_mail_is_no_way_around_it(visit, how):
    from consult.accounts import links
    from consult.accounts.models import Purpose

    person, _ = with_an_app(somebody())
    purpose = Purpose.CONFIRM_EMAIL if how == "confirm" else Purpose.RESET_PASSWORD
    with transaction():
        token = links.make(purpose, person)
    path = f"/confirm/{token}" if how == "confirm" else f"/choose-password/{token}"
    assert visit.post(path, {"password": "quite another one"}).location == "/sign-in/second-step"
    assert not _is_signed_in(visit)


@pytest.mark.parametrize("typed", ["", "000000", "nonsense", "9" * 10_000])
def test_a_wrong_code_signs_nobody_in(visit, typed):
    person, _ = with_an_app(somebody())
    clock.replace(lambda: NOON)
    _give_password(visit, person)
    page = visit.post("/sign-in/second-step", {"again-code": typed}, status=422).page
    assert page.select_one("#again-code")["aria-invalid"] == "true"
    assert not _is_signed_in(visit)


def test_a_code_is_taken_once(visit, app):
    person, secret = with_an_app(somebody())
    clock.replace(lambda: NOON)
    code = _code(secret)
    _give_password(visit, person)
    visit.post("/sign-in/second-step", {"again-code": code})
    another = Visitor(app.test_client())
    _give_password(another, person)
    another.post("/sign-in/second-step", {"again-code": code}, status=422)
    another.post("/sign-in/second-step", {"again-code": _code(secret, steps=-1)}, status=422)
    another.post("/sign-in/second-step", {"again-code": _code(secret, steps=1)})


@pytest.mark.parametrize(("steps", "passes"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_of_the_step_before_or_after_counts_and_no_other(steps, passes):
    person, secret = with_an_app(somebody())
    clock.replace(lambda: NOON)
    with transaction():
        assert actions.take_code(actor=person, typed=_code(secret, steps=steps)) is passes


def test_two_at_once_with_the_same_code_are_not_both_let_in(app):
    person, secret = with_an_app(somebody())
    clock.replace(lambda: NOON)
    taken, person_id, code = [], person.id, _code(secret)

    def take() -> None:
        with app.app_context(), transaction():
            taken.append(actions.take_code(actor=queries.person(person_id), typed=code))
            db.session.flush()

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, False, False, True]


def test_a_recovery_code_works_once_however_it_is_typed_and_the_owner_is_told(visit, app):
    person, _ = with_an_app(somebody())
    with transaction():
        (code, *_rest) = actions.renew_recovery_codes(actor=person)
    _give_password(visit, person)
    visit.post("/sign-in/second-step", {"again-code": code.upper().replace("-", " ")})
    assert _is_signed_in(visit)
    assert "9 recovery codes are left" in mails(person.email)[-1].body
    another = Visitor(app.test_client())
    _give_password(another, person)
    another.post("/sign-in/second-step", {"again-code": code}, status=422)


def test_a_recovery_code_of_another_is_none(visit):
    person, _ = with_an_app(somebody())
    other, _ = with_an_app(somebody())
    with transaction():
        (code, *_rest) = actions.renew_recovery_codes(actor=other)
    _give_password(visit, person)
    visit.post("/sign-in/second-step", {"again-code": code}, status=422)


def test_the_second_step_must_follow_within_ten_minutes(visit):
    person, secret = with_an_app(somebody())
    _give_password(visit, person)
    _later(minutes=10)
    assert visit.post("/sign-in/second-step", {"again-code": _code(secret)}).location == "/sign-in"
    assert "10 minutes" in visit.get("/sign-in").main.text
    assert not _is_signed_in(visit)


def test_a_password_given_before_it_was_changed_leads_nowhere(visit):
    person, secret = with_an_app(somebody())
    _give_password(visit, person)
    person = read_again(person)
    person.session_version += 1
    db.session.commit()
    assert visit.client.get("/sign-in/second-step").location == "/sign-in"
    visit.post("/sign-in/second-step", {"again-code": _code(secret)})
    assert not _is_signed_in(visit)


def test_signing_in_changes_the_cookie_so_that_none_can_be_planted(visit, app):
    person, secret = with_an_app(somebody())
    visit.get("/sign-in")
    with visit.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    planted = visit.client.get_cookie("consult").value
    _give_password(visit, person)
    pending = visit.client.get_cookie("consult").value
    visit.post("/sign-in/second-step", {"again-code": _code(secret)})
    with visit.client.session_transaction() as session:
        assert "planted" not in session
        assert "pending" not in session
    for old in (planted, pending):
        thief = app.test_client()
        thief.set_cookie("consult", old)
        assert thief.get("/account").status_code == 303


def test_a_secret_opens_with_the_key_of_its_site_and_for_its_owner_alone(app, monkeypatch):
    sealed = sealing.seal("a secret", "person:1")
    assert sealing.seal("a secret", "person:1") != sealed
    assert sealing.unseal(sealed, "person:1") == "a secret"
    assert sealing.unseal(sealed, "person:2") is None
    assert sealing.unseal(sealed[:-4] + "AAA=", "person:1") is None
    assert sealing.unseal("", "person:1") is None
    monkeypatch.setitem(app.config, "CONSULT", replace(settings(), secret_key="z" * 40))
    assert sealing.unseal(sealed, "person:1") is None


@pytest.mark.parametrize("path", ["/account/second-step", "/account/second-step/codes"])
def test_no_browser_keeps_a_page_with_secrets(visit_as, path):
    person, _ = with_an_app(somebody())
    client = visit_as(person).client
    answer = client.get(f"{path}?new=1") if path.endswith("step") else client.post(path)
    assert answer.headers["Cache-Control"] == "no-store"


# ---------- Held back ----------


def test_parts_do_not_count_without_it_and_the_way_leads_on_to_where_one_was_going(app):
    person = _official()
    visit = Visitor(app.test_client())
    location = _give_password(visit, person, next="/desk?show=all")
    assert location == "/account/second-step?next=/desk?show%3Dall"
    assert visit.client.get("/desk").location == "/account/second-step?next=/desk"
    assert visit.client.get("/consultations/new").location.startswith("/account/second-step?next=")
    page = visit.get("/account/second-step?next=/desk")
    assert "needs a second step" in page.main.text
    assert not page.select('nav a[href="/desk"]')
    assert visit.client.get("/admin").status_code == 403
    page = visit.post(
        "/account/second-step", {"code": _code(_secret_on(page)), "next": "/desk"}, status=200
    ).page
    assert page.select_one('main a.btn[href="/desk"]')
    visit.get("/desk")


def test_a_form_that_was_sent_leads_back_to_its_page(app):
    browser = _client_without(app, _official())
    answer = browser.post("/consultations/new", headers={"Referer": "http://localhost/consultations/new?x=1"})
    assert answer.location == "/account/second-step?next=/consultations/new?x%3D1"


def _client_without(app, person: Person):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = a_session(person, with_second_step=False)
    return browser


def test_who_set_it_up_elsewhere_gives_it_here(app):
    person, secret = with_an_app(_official())
    visit = Visitor(_client_without(app, person))
    assert visit.client.get("/account/second-step?next=/desk").location == "/sign-in/again?next=/desk"
    page = visit.get("/sign-in/again?next=/desk")
    assert not page.select('input[type="password"]')
    visit.post("/sign-in/again", {"again-password": PASSWORD, "again-next": "/desk"}, status=422)
    assert (
        visit.post("/sign-in/again", {"again-code": _code(secret), "again-next": "/desk"}).location == "/desk"
    )
    visit.get("/desk")


def test_who_comes_late_to_set_it_up_gives_the_password_first(app):
    visit = Visitor(_client_without(app, _official()))
    moment = clock.now() + timedelta(minutes=20)
    clock.replace(lambda: moment)
    where = visit.client.get("/account/second-step").location
    page = visit.get(where)
    assert page.select('input[type="password"]')
    assert "before the second step was set up" not in page.main.text
    proof = {"again-password": PASSWORD, "again-next": "/account/second-step"}
    assert visit.post("/sign-in/again", proof).location == "/account/second-step"
    assert "again" not in visit.get("/account/second-step").select_one("main form")["action"]
    assert visit.client.get("/desk").status_code == 303  # a password is no second step


def test_who_plays_no_part_is_never_held_back(app):
    assert _client_without(app, somebody()).get("/account").status_code == 200


@pytest.mark.parametrize(
    ("setting", "is_demonstration", "is_required"),
    [
        ("", False, True),
        ("", True, False),
        ("required", True, True),
        ("required", False, True),
        ("optional", False, False),
        ("optional", True, False),
    ],
)
def test_the_setting_decides_and_otherwise_the_kind_of_site(
    app, monkeypatch, setting, is_demonstration, is_required
):
    queries.site().is_demonstration = is_demonstration
    db.session.commit()
    monkeypatch.setitem(app.config, "CONSULT", replace(settings(), second_factor=setting))
    browser = _client_without(app, _official())
    assert browser.get("/desk").status_code == (303 if is_required else 200)


# ---------- Reset ----------


def test_an_administrator_resets_it_and_the_sessions_end(sign_in):
    person, _ = with_an_app(_official())
    browser = sign_in(person)
    administrator = an_administrator()
    with transaction(administrator):
        actions.reset_second_step(actor=administrator, person=person)
    assert not queries.ways_of(read_again(person)).any
    assert browser.get("/account").status_code == 303
    assert "reset" in mails(person.email)[-1].subject
    assert (
        db.session.query(AuditEntry).filter_by(act="second_step.reset", actor_id=administrator.id).count()
        == 1
    )


def test_an_administrator_of_an_organisation_resets_those_of_that_organisation_alone():
    unit, elsewhere = a_unit(), a_unit()
    own, _ = with_an_app(an_official(unit))
    other, _ = with_an_app(an_official(elsewhere))
    outsider, _ = with_an_app(somebody())
    both, _ = with_an_app(an_official(unit))
    with transaction():
        people_actions.give_role(actor=None, person=both, part=Part.EDITOR)
    administrator = an_administrator(unit.organisation)
    for person in (other, outsider, both):
        with pytest.raises(NotAllowed), transaction(administrator):
            actions.reset_second_step(actor=administrator, person=person)
    with transaction(administrator):
        actions.reset_second_step(actor=administrator, person=own)


def test_nobody_resets_their_own_nor_one_that_is_not_there_nor_without_the_part():
    administrator, _ = with_an_app(an_administrator())
    for actor, person, refusal in (
        (administrator, administrator, Conflict),
        (administrator, _official(), Conflict),
        (with_an_app(_official())[0], with_an_app(somebody())[0], NotAllowed),
    ):
        with pytest.raises(refusal), transaction(actor):
            actions.reset_second_step(actor=actor, person=person)
