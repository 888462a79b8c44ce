"""Following on the web: asked for by an address, confirmed by a click, chosen, left by one click without signing in."""

import re

import pytest
from sqlalchemy import select

from consult import clock
from consult.accounts.models import RefusedAddress
from consult.consultations.models import Stage
from consult.extensions import db, transaction
from consult.notices.actions import send
from consult.notices.models import Follow, Follower, Pace, What
from consult.toolkit.seeding import seed
from tests import factories
from tests.accounts.ground import mails
from tests.discussion.ground import a_draft, address, paragraph, say
from tests.notices.following_ground import digest, follow, later, names_of, text_of
from tests.pages import Visitor

ANN = "ann@mail.example"


@pytest.fixture
def draft(app):
    return a_draft()


@pytest.fixture
def visitor(app):
    return Visitor(app.test_client())


def follow_address(thing):
    return "/follow?" + "&".join(f"{name}={value}" for name, value in names_of(thing).items())


def links_in(words):
    return [link.removeprefix("http://127.0.0.1:8000") for link in re.findall(r"^http\S+$", words, re.M)]


def the_follow():
    """The newest follow that somebody asked for, read afresh."""
    db.session.rollback()
    db.session.expire_all()
    asked = select(Follow).where(Follow.author_id.is_(None))
    return db.session.scalars(asked.order_by(Follow.id.desc())).first()


def news_to(address):
    """The mails of the next morning that tell something."""
    return [mail for mail in digest().to(address) if mail["List-Unsubscribe"]]


def press(visitor, address, data=None):
    """Send a form that is answered by a page."""
    return visitor.post(address, data or {}, status=200).page


def ask(visitor, thing, email=ANN, pace="daily"):
    return press(visitor, follow_address(thing), {"email": email, "pace": pace})


def test_every_kind_of_page_leads_to_where_it_is_followed_without_a_cookie(draft, app):
    said = say(paragraph(draft))
    where = address(paragraph(draft))
    base = f"/consultations/{draft.consultation.slug}"
    pages = {
        base: draft.consultation,
        f"{base}/{draft.slug}": draft,
        where: paragraph(draft),
        f"{where}?root={said.key}": said,
        f"/units/{draft.consultation.unit.slug}": draft.consultation.unit,
    }
    for page, thing in pages.items():
        client = app.test_client()
        response = client.get(page)
        link = follow_address(thing).replace("&", "&amp;")
        assert f'href="{link}"' in response.text, page
        assert "Set-Cookie" not in response.headers
        assert "Follow by email" in client.get(follow_address(thing)).text


def test_an_address_is_asked_first_and_counts_once_it_is_confirmed(draft, visitor):
    page = ask(visitor, draft)
    assert "Check your email" in page.text
    (asked,) = mails(ANN)
    assert draft.title in asked.body
    link = links_in(asked.body)[0]
    before = the_follow()
    assert (before.what, before.target_id, before.confirmed_at) == (What.DOCUMENT, draft.id, None)
    say(paragraph(draft), "Too early.")
    assert news_to(ANN) == [], "nothing but the question comes to an address that nobody confirmed"
    assert visitor.get(link).select("form button")[0].text == "Yes, follow it"
    assert the_follow().confirmed_at is None, "a scanner that opens the link confirms nothing"
    assert "You follow it now" in press(visitor, link).text
    say(paragraph(draft), "In time.")
    (mail,) = news_to(ANN)
    assert "In time." in text_of(mail)
    assert "Too early." not in text_of(mail)


def test_somebody_elses_address_gets_three_mails_a_day_and_none_once_they_say_so(draft, visitor):
    for number in range(5):
        page = ask(visitor, [draft, draft.consultation, paragraph(draft)][number % 3])
        assert "Check your email" in page.text, "whoever asks sees no difference"
    assert len(mails(ANN)) == 3
    later(hours=25)
    ask(visitor, draft)
    assert len(mails(ANN)) == 4
    page = press(visitor, links_in(mails(ANN)[-1].body)[0], {"do": "refuse"})
    assert "Thank you for telling us" in page.text
    assert db.session.scalar(select(RefusedAddress.id))
    later(hours=25)
    assert "Check your email" in ask(visitor, draft).text
    assert len(mails(ANN)) == 4


def test_bad_input_is_said_beside_its_field_and_nothing_typed_is_lost(draft, visitor):
    page = visitor.post(follow_address(draft), {"email": "no address", "pace": "weekly"}, status=422).page
    assert page.select("[role=alert] a[href='#email']")
    assert page.select("#email")[0]["value"] == "no address"
    assert page.select("input[value=weekly][checked]")
    visitor.post(follow_address(draft), {"email": ANN, "pace": "hourly"}, status=422)
    assert mails(ANN) == []


@pytest.mark.parametrize(
    "query", ["consultation=nothing", "comment=x", "unit=x", "page=x", "consultation=%00"]
)
def test_what_is_not_there_cannot_be_followed(draft, client, query):
    assert client.get(f"/follow?{query}").status_code == 404


def test_what_is_not_public_cannot_be_followed(app, client):
    hidden = factories.a_consultation(stage=Stage.PREPARING)
    factories.a_site()
    assert client.get(f"/follow?consultation={hidden.slug}").status_code == 404


def test_a_mail_program_leaves_by_one_post_and_a_person_by_one_button(draft, app, visitor):
    person = factories.a_person()
    follow(draft, by=person)
    say(paragraph(draft))
    (mail,) = digest().to(person.email)
    leave = mail["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        bare = app.test_client()
        assert the_follow().left_at is None
        assert bare.get(leave).status_code == 200
        assert the_follow().left_at is None, "a scanner leaves nothing"
        response = bare.post(leave, data={"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert the_follow().left_at is not None
    page = press(visitor, leave)
    assert "You no longer follow it" in page.text
    assert "You follow it again" in press(visitor, leave, {"do": "again"}).text
    assert the_follow().left_at is None
    say(paragraph(draft), "Welcome back.")
    assert "Welcome back." in text_of(digest().to(person.email)[0])


def test_all_is_left_together_and_comes_back_together(draft, visitor):
    person = factories.a_person()
    for thing in (draft, paragraph(draft), draft.consultation):
        follow(thing, by=person)
    say(paragraph(draft))
    (mail,) = digest().to(person.email)
    leave = mail["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    assert "You follow nothing any more" in press(visitor, leave).text
    say(paragraph(draft))
    assert digest().to(person.email) == []
    press(visitor, leave, {"do": "again"})
    assert db.session.scalars(select(Follow).where(Follow.left_at.is_not(None))).all() == []


def test_forged_links_open_nothing(draft, client):
    own = follow(draft)
    for path in ("confirm", "leave", "leave-all", "choose"):
        for signed in ("x", own.key, own.key + "0" * 32, "é", "a" * 5_000, "%00"):
            assert client.get(f"/follow/{path}/{signed}").status_code == 404
            assert client.post(f"/follow/{path}/{signed}").status_code == 404


def test_a_link_for_one_purpose_is_refused_for_another(draft, visitor):
    ask(visitor, draft)
    link = links_in(mails(ANN)[0].body)[0]
    visitor.get(link.replace("/confirm/", "/leave/"), status=404)


def test_one_chooses_by_the_link_in_a_mail_without_an_account(draft, visitor, app):
    ask(visitor, draft)
    press(visitor, links_in(mails(ANN)[0].body)[0])
    ask(visitor, paragraph(draft))
    press(visitor, links_in(mails(ANN)[1].body)[0])
    say(paragraph(draft))
    choose = next(link for link in links_in(text_of(news_to(ANN)[0])) if "/choose/" in link)
    page = Visitor(app.test_client()).get(choose)
    names = [field["name"] for field in page.select("select")]
    assert len(names) == 2
    page = press(visitor, choose, {names[0]: "weekly", names[1]: "never", "pace-other": "daily"})
    assert "Saved." in page.text
    kept = {
        follow.key: (follow.pace, follow.left_at is None) for follow in db.session.scalars(select(Follow))
    }
    assert kept[names[0].removeprefix("pace-")] == (Pace.WEEKLY, True)
    assert kept[names[1].removeprefix("pace-")][1] is False
    page = press(visitor, choose, {"stop": names[0].removeprefix("pace-")})
    assert "You no longer follow it." in page.text


def test_who_is_known_follows_by_one_button_and_sees_it_in_the_account(draft, sign_in):
    person = factories.a_person()
    browser = Visitor(sign_in(person))
    page = browser.get(follow_address(draft))
    assert not page.select("input[type=email]")
    browser.post(follow_address(draft), {"pace": "weekly"})
    page = browser.get(follow_address(draft))
    assert page.select("input[value=weekly][checked]")
    assert "Stop following" in page.text
    account = browser.get("/account")
    assert draft.title in account.text
    name = account.select("section[aria-labelledby=following] select")[0]["name"]
    browser.post("/account/following", {name: "at_once"})
    assert the_follow().pace is Pace.AT_ONCE
    other = Visitor(sign_in(factories.a_person()))
    other.post("/account/following", {"stop": name.removeprefix("pace-")})
    assert the_follow().left_at is None, "nobody stops what others follow"
    browser.post(follow_address(draft), {"do": "stop", "pace": "daily"})
    assert the_follow().left_at is not None
    assert browser.get("/account/following").select("option[value=never][selected]")


def test_an_account_takes_over_what_its_address_follows(draft, visitor, sign_in):
    person = factories.a_person(email=ANN)
    own = follow(draft, Pace.WEEKLY, by=person)
    ask(visitor, paragraph(draft))
    ask(visitor, draft)
    press(visitor, links_in(mails(ANN)[0].body)[0])
    db.session.expire_all()
    assert {one.follower_id for one in db.session.scalars(select(Follow))} == {own.follower_id}
    assert [one.person_id for one in db.session.scalars(select(Follower))] == [person.id]


def test_toolkit_pages_are_followed_too(app, visitor, sign_in):
    factories.a_site()
    with transaction():
        seed()
    page = visitor.get("/toolkit/answering-well")
    assert page.select('a[href="/follow?page=answering-well"]')
    assert "Follow by email" in visitor.get("/follow?page=answering-well").text


def test_given_up_mails_are_seen_tried_again_and_dropped(app, sign_in):
    admin = factories.an_administrator()
    factories.a_site()
    for number in range(2):
        mail = send(to=f"gone{number}@mail.example", subject=f"Lost {number}", body="Secret words")
        mail.dead_at, mail.last_error, mail.attempts = clock.now(), "address refused 550", 1
    db.session.commit()
    browser = Visitor(sign_in(admin))
    page = browser.get("/admin/mail/given-up")
    assert "g…@mail.example" in page.text
    assert "address refused 550" in page.text
    assert "gone0@mail.example" not in page.text
    assert "Secret words" not in page.text
    again, drop = mails()
    browser.post(f"/admin/mail/{again.id}/retry")
    browser.post(f"/admin/mail/{drop.id}/drop")
    (left,) = mails()
    assert (left.subject, left.dead_at, left.attempts) == ("Lost 0", None, 0)
    browser.post(f"/admin/mail/{left.id}/drop", status=404)
