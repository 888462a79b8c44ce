"""Guests: what they write waits for a click on the link in the mail, and is theirs to see, correct and withdraw."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.accounts import terms
from consult.accounts.models import Person, RefusedAddress, SignedIn
from consult.audit import AuditEntry
from consult.consultations.models import Policy, Stage
from consult.discussion import recounting
from consult.discussion.models import BodyKind, Comment, Decision, State, UnsentComment
from consult.discussion.routes import sending
from consult.extensions import db
from tests import counting, factories
from tests.accounts.ground import mails
from tests.discussion.ground import a_draft, address, answer, move, paragraph, say
from tests.pages import Visitor

NIA = {"to": "public", "name": "Nia Probert", "email": "nia@mail.example"}


def links_in(mail):
    """The paths of the links in a mail, in order."""
    return [
        line.removeprefix("http://127.0.0.1:8000") for line in mail.body.splitlines() if "127.0.0.1" in line
    ]


def write(visitor, where, body="Plant oaks.", **form):
    """Write on a paragraph as somebody whom nobody knows, up to the page that asks who it is from."""
    return visitor.post(address(where), {"body": body, **form}).location


def send(visitor, where, body="Plant oaks.", who=NIA, **form):
    """Write and send; returns the mail that asks to confirm it."""
    page = visitor.get(write(visitor, where, body, **form))
    keys = [field["value"] for field in page.select('form[action="/unsent/send"] input[name=c]')]
    visitor.post("/unsent/send", {"c": keys, **who})
    return mails(who["email"])[-1]


def confirm(visitor, mail):
    return visitor.post(links_in(mail)[0])


def the_comment():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()


@pytest.fixture
def other(app):
    """Another browser."""
    return Visitor(app.test_client())


def test_from_the_paragraph_to_a_comment_in_its_place(app, visit):
    first = paragraph(a_draft())
    mail = send(visit, first, kind="question")
    assert mail.subject == "Confirm your comment"
    assert the_comment().state is State.UNCONFIRMED
    landed = confirm(visit, mail).location
    said = the_comment()
    assert landed == f"{address(first)}#comment-{said.key}"
    assert (said.state, said.author.name, said.author.is_guest, said.terms) == (
        State.PUBLISHED,
        "Nia Probert",
        True,
        terms.VERSION,
    )
    page = visit.get(landed)
    article = page.find(id=f"comment-{said.key}")
    assert "Nia Probert" in article.text
    assert "Your comment is published." in page.text
    assert [a.text for a in article.select(".c-acts a")] == ["Reply", "Link", "Correct", "Withdraw"]


def test_the_mail_holds_nothing_that_a_stranger_typed(app, visit):
    mail = send(
        visit, paragraph(a_draft()), "Buy pills at https://pills.example", who={**NIA, "name": "Buy Pills"}
    )
    assert "pills" not in (mail.body + mail.subject).lower()


def test_nobody_sees_what_waits_for_its_link_and_nothing_counts_it(app, visit, other, visit_as):
    first = paragraph(a_draft())
    send(visit, first, "Nobody has read this.")
    said = the_comment()
    for reader in (
        visit,
        other,
        visit_as(factories.a_moderator(first.document.consultation.unit.organisation)),
    ):
        assert "Nobody has read this." not in reader.get(address(first)).select_one(".thread").text
        assert reader.client.get(f"/comments/{said.key}").status_code == 404
    assert list(recounting.differences()) == []
    assert first.comment_count == 0


def test_a_look_by_a_mail_scanner_confirms_nothing(app, visit, other):
    mail = send(visit, paragraph(a_draft()))
    for link in links_in(mail)[:2]:
        other.get(link)
        other.client.head(link)
    assert the_comment().state is State.UNCONFIRMED
    confirm(other, mail)
    assert the_comment().state is State.PUBLISHED


def test_a_link_works_once_and_leads_its_owner_home_afterwards(app, visit, other):
    mail = send(visit, paragraph(a_draft()))
    confirm(visit, mail)
    assert visit.client.get(links_in(mail)[0]).headers["Location"] == "/guest"
    page = other.get(links_in(mail)[0], status=404)
    assert "It was used already" in page.text
    other.post(f"{links_in(mail)[0]}/again", status=200)
    assert mails(NIA["email"])[-1].subject == "Your link to what you wrote"


def test_a_link_runs_out_after_48_hours_and_another_can_be_had(app, visit):
    mail = send(visit, paragraph(a_draft()))
    later = clock.now() + timedelta(hours=49)
    clock.replace(lambda: later)
    page = visit.get(links_in(mail)[0], status=404)
    assert "Nothing is lost" in page.text
    visit.post(f"{links_in(mail)[0]}/again", status=200)
    confirm(visit, mails(NIA["email"])[-1])
    assert the_comment().state is State.PUBLISHED


def test_the_next_comment_from_the_same_browser_needs_no_mail(app, visit, other):
    first = paragraph(a_draft())
    confirm(visit, send(visit, first))
    told = len(mails())
    landed = visit.post(address(first), {"body": "And beeches.", "to": "public"}).location
    assert landed.endswith(f"#comment-{the_comment().key}")
    assert len(mails()) == told
    assert first.document.consultation.people_count == 1
    assert write(other, first).startswith("/unsent/send")


def test_a_guest_is_forgotten_after_thirty_days_and_when_they_leave(app, visit):
    first = paragraph(a_draft(closes_at=clock.now() + timedelta(days=90)))
    confirm(visit, send(visit, first))
    visit.post("/sign-out")
    assert write(visit, first).startswith("/unsent/send")
    confirm(visit, send(visit, first, who={**NIA, "name": "Nia P"}))
    later = clock.now() + timedelta(days=31)
    clock.replace(lambda: later)
    assert write(visit, first).startswith("/unsent/send")


def test_the_same_address_and_name_are_one_guest_and_two_names_are_two(app, visit, other):
    first = paragraph(a_draft())
    confirm(visit, send(visit, first, "One."))
    confirm(other, send(other, first, "Two."))
    again = Visitor(app.test_client())
    confirm(again, send(again, first, "Three.", who={**NIA, "name": "Somebody else"}))
    authors = db.session.scalars(select(Comment.author_id).order_by(Comment.id)).all()
    assert authors[0] == authors[1] != authors[2]
    others = select(Person).where(Person.id.not_in(authors))
    assert [(other.name, other.email) for other in db.session.scalars(others)] == [("", "")]
    assert list(recounting.differences()) == []


def test_an_address_with_an_account_is_no_key_to_the_account(app, visit):
    owner = factories.a_person(email=NIA["email"], name="Owner")
    confirm(visit, send(visit, paragraph(a_draft())))
    assert the_comment().author_id != owner.id
    assert visit.client.get("/account").status_code == 303


def test_whoever_is_signed_in_and_opens_a_guests_link_stays_who_they_are(app, visit, visit_as):
    mail, person = send(visit, paragraph(a_draft())), factories.a_person()
    signed_in = visit_as(person)
    assert signed_in.post(links_in(mail)[0]).location == "/account"
    assert "Not shown on the site" in signed_in.get("/account").text


def test_this_was_not_me_removes_and_reports_it(app, visit, other):
    mail = send(visit, paragraph(a_draft()), "Written with an address of somebody else.")
    page = other.get(links_in(mail)[1])
    assert "Nothing has been published" in page.text
    other.post(links_in(mail)[1], status=200)
    said = the_comment()
    assert (said.state, said.body, said.html) == (State.ERASED, "", "")
    assert (said.author.email, said.author.name) == ("", "")
    decision = db.session.scalars(select(Decision).order_by(Decision.id.desc())).first()
    assert (decision.rule, decision.reason) == ("guest.not_me", "not_author")
    assert db.session.scalar(select(AuditEntry.id).where(AuditEntry.act == "guest.refuse"))
    assert NIA["email"] not in db.session.scalars(select(RefusedAddress)).one().digest
    visit.get(links_in(mail)[0], status=404)
    assert the_comment().state is State.ERASED


def test_moderators_learn_that_an_address_was_misused_and_of_nothing_else(app, visit, visit_as, other):
    first = paragraph(a_draft())
    moderator = factories.a_moderator(first.document.consultation.unit.organisation)
    other.post(links_in(send(visit, first, "Words in a false name."))[1], status=200)
    row = visit_as(moderator).get("/moderation/decisions").select_one("tbody tr").text
    assert "not written by this person" in row
    assert "The owner of the email address" in row
    assert "Words in a false name." not in row
    assert NIA["name"] not in row
    elsewhere = factories.a_moderator(factories.an_organisation())
    assert not visit_as(elsewhere).get("/moderation/decisions").select("tbody tr")


def test_an_address_that_was_refused_is_left_alone_and_whoever_asks_is_told_the_same(app, visit, other):
    first = paragraph(a_draft())
    other.post(links_in(send(visit, first))[1], status=200)
    told = len(mails(NIA["email"]))
    seen = []
    for email in (NIA["email"], "ama@mail.example"):
        again = Visitor(app.test_client())
        key = write(again, first).partition("c=")[2]
        steps = [again.post("/unsent/send", {"c": key, **NIA, "email": email}).location]
        steps += [again.get(path).text.replace(email, "…") for path in ("/unsent/check-email", "/unsent")]
        steps.append(again.post("/unsent/check-email").location)
        seen.append(steps)
    assert seen[0] == seen[1]
    assert len(mails(NIA["email"])) == told


def test_sent_twice_it_is_one(app, visit):
    first = paragraph(a_draft())
    key = write(visit, first).partition("c=")[2]
    for _time in range(2):
        assert visit.post("/unsent/send", {"c": key, **NIA}).location == "/unsent/check-email"
    assert (db.session.query(Comment).count(), len(mails())) == (1, 1)


def test_sent_twice_at_the_same_moment_it_is_one_and_both_are_told_the_same(app, visit, monkeypatch):
    """Whoever comes second has looked before the first one sent it, and waits for the lock."""
    first = paragraph(a_draft())
    key = write(visit, first).partition("c=")[2]
    looked = db.session.scalars(select(UnsentComment)).all()
    monkeypatch.setattr(sending, "_chosen", lambda keys: looked)
    for _time in range(2):
        assert visit.post("/unsent/send", {"c": key, **NIA}).location == "/unsent/check-email"
    assert (db.session.query(Comment).count(), len(mails())) == (1, 1)
    monkeypatch.undo()
    later = clock.now() + timedelta(minutes=2)
    clock.replace(lambda: later)
    visit.post("/unsent/check-email")
    assert len(mails("nia@mail.example")) == 2


def at_the_same_moment(monkeypatch, act):
    """Do something else while words are made ready to be sent, as another window of the same browser would."""
    said = sending._words

    def meanwhile(row):
        monkeypatch.setattr(sending, "_words", said)
        words = said(row)
        act()
        return words

    monkeypatch.setattr(sending, "_words", meanwhile)


def same_browser(app, visitor):
    twin = Visitor(app.test_client())
    twin.client.set_cookie("consult", visitor.client.get_cookie("consult").value)
    return twin


def test_words_that_changed_in_another_window_are_shown_before_they_are_sent(app, visit, monkeypatch):
    first = paragraph(a_draft())
    key = write(visit, first).partition("c=")[2]
    twin = same_browser(app, visit)
    at_the_same_moment(
        monkeypatch, lambda: twin.client.post(address(first), data={"body": "Beeches.", "do": "autosave"})
    )
    page = visit.post("/unsent/send", {"c": key, **NIA}, 409).page
    assert "You changed these words in another window." in page.select_one("[role=alert]").text
    assert "Beeches." in page.text
    assert page.find(id="name")["value"] == NIA["name"]
    assert db.session.query(Comment).count() == 0


def test_another_browser_cannot_send_or_read_what_is_kept_in_this_one(app, visit, other):
    key = write(visit, paragraph(a_draft()), "Private until sent.").partition("c=")[2]
    assert other.post("/unsent/send", {"c": key, **NIA}).location == "/unsent"
    for path in (f"/unsent/{key}", f"/unsent/send?c={key}", "/unsent", "/unsent.txt"):
        assert "Private until sent." not in other.client.get(path).get_data(as_text=True)
    assert other.client.post(f"/unsent/{key}/delete").status_code == 404
    assert db.session.query(UnsentComment).count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "nia.mail.example"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a@b.example\r\nBcc: all@mail.example"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "Moderator"}, "name"),
        ({"name": "\u041c\u043e\u0434erator"}, "name"),
        ({"name": "Nia\u202e"}, "name"),
        ({"to": "everybody-but-you"}, "to"),
        ({"organisation": "Oak Society", "organisation_kind": ""}, "organisation_kind"),
        ({"organisation": "x" * 121, "organisation_kind": "charity"}, "organisation"),
        ({"to": "team", "confidential": "x" * 501}, "confidential"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(app, visit, wrong, field):
    key = write(visit, paragraph(a_draft())).partition("c=")[2]
    page = visit.post("/unsent/send", {"c": key, **NIA, **wrong}, 422).page
    assert page.select_one(f'[role=alert] a[href="#{field}"]')
    assert page.title.text.startswith("Error")
    typed = {**NIA, **wrong}
    assert page.find(id="name")["value"] == typed["name"]
    assert "Plant oaks." in page.text
    assert (db.session.query(Comment).count(), len(mails())) == (0, 0)


def test_somebody_who_answers_for_an_organisation_is_shown_so(app, visit):
    first = paragraph(a_draft())
    who = {**NIA, "organisation": "Oak Society", "organisation_kind": "charity"}
    confirm(visit, send(visit, first, who=who))
    said = the_comment()
    assert (said.on_behalf_of, said.on_behalf_kind) == ("Oak Society", BodyKind.CHARITY)
    assert "Oak Society" in visit.get(address(first)).find(id=f"comment-{said.key}").text


def test_what_is_sent_only_to_the_team_is_never_published(app, visit, other):
    first = paragraph(a_draft(policy=Policy.BEFORE))
    who = {**NIA, "to": "team", "confidential": "It names my child."}
    assert confirm(visit, send(visit, first, "My child crosses here.", who=who)).location == "/guest"
    said = the_comment()
    assert (said.state, said.is_team_only, said.confidential_reason) == (
        State.RECEIVED,
        True,
        "It names my child.",
    )
    assert "My child crosses here." in visit.get("/guest").text
    for reader in (visit, other):
        assert "My child crosses here." not in reader.get(address(first)).text


def test_where_a_moderator_looks_first_it_waits_and_its_author_alone_sees_it(app, visit, other):
    first = paragraph(a_draft(policy=Policy.BEFORE))
    landed = confirm(visit, send(visit, first)).location
    said = the_comment()
    assert said.state is State.WAITING
    assert "only you can see this" in visit.get(landed).find(id=f"comment-{said.key}").text
    assert not other.get(address(first)).find(id=f"comment-{said.key}")


def test_each_mail_to_a_guest_holds_a_way_back_to_their_own(app, visit):
    first = paragraph(a_draft(policy=Policy.BEFORE))
    confirm(visit, send(visit, first, kind="question"))
    move(the_comment(), State.PUBLISHED)
    answer(the_comment())
    published, answered = mails(NIA["email"])[-2:]
    assert (published.subject, answered.subject) == (
        "Your comment is published",
        "Your question has been answered",
    )
    elsewhere = Visitor(app.test_client())
    link = next(link for link in links_in(answered) if link.startswith("/guest/come/"))
    elsewhere.get(link)
    assert elsewhere.client.get("/guest").headers["Location"] == "/guest/link"
    assert elsewhere.post(link).location == "/guest"
    page = elsewhere.get("/guest")
    assert "Question · answered" in page.text
    elsewhere.get(link, status=404)
    said = the_comment()
    elsewhere.post(f"/comments/{said.key}/withdraw")
    assert the_comment().state is State.WITHDRAWN


def test_a_guest_corrects_their_own_and_nobody_elses(app, visit):
    first = paragraph(a_draft())
    theirs = say(first, "Somebody else's.")
    confirm(visit, send(visit, first))
    mine = the_comment()
    visit.post(f"/comments/{mine.key}/edit", {"body": "Plant beeches."})
    assert the_comment().body == "Plant beeches."
    assert visit.client.post(f"/comments/{theirs.key}/edit", data={"body": "Mine now."}).status_code == 403


def test_a_link_to_ones_own_is_sent_to_guests_alone_and_the_answer_is_the_same(app, visit, other):
    confirm(visit, send(visit, paragraph(a_draft())))
    factories.a_person(email="owner@mail.example")
    told = len(mails())
    texts = set()
    for email in (NIA["email"], "owner@mail.example", "nobody@mail.example"):
        page = other.post("/guest/link", {"email": email}, 200).page
        texts.add(page.main.text.replace(email, "…") if page.main else page.text.replace(email, "…"))
    assert len(texts) == 1
    assert len(mails()) == told + 1


@pytest.mark.parametrize(
    ("written", "confirmed", "is_late"),
    [(-1, 46, False), (-47, 0.5, False), (-1, 46.9, False), (-30, 17, False)],
)
def test_written_before_the_closing_and_confirmed_within_48_hours_it_counts(
    app, visit, written, confirmed, is_late
):
    closes_at = clock.now() + timedelta(days=3)
    document = a_draft(closes_at=closes_at)
    clock.replace(lambda: closes_at + timedelta(hours=written))
    mail = send(visit, paragraph(document))
    clock.replace(lambda: closes_at + timedelta(hours=confirmed))
    confirm(visit, mail)
    said = the_comment()
    assert (said.state, said.is_late) == (State.PUBLISHED, is_late)


def test_confirmed_later_by_another_link_it_is_recorded_as_late(app, visit):
    closes_at = clock.now() + timedelta(days=3)
    document = a_draft(closes_at=closes_at)
    clock.replace(lambda: closes_at - timedelta(hours=1))
    mail = send(visit, paragraph(document))
    clock.replace(lambda: closes_at + timedelta(hours=49))
    visit.post(f"{links_in(mail)[0]}/again", status=200)
    confirm(visit, mails(NIA["email"])[-1])
    assert the_comment().is_late
    assert "after the closing" in visit.get(address(paragraph(document))).text.lower()


def test_after_the_closing_nothing_can_be_sent_and_what_was_kept_stays(app, visit):
    document = a_draft(closes_at=clock.now() + timedelta(days=1))
    key = write(visit, paragraph(document)).partition("c=")[2]
    later = clock.now() + timedelta(days=2)
    clock.replace(lambda: later)
    page = visit.post("/unsent/send", {"c": key, **NIA}, 409).page
    assert "closed" in page.select_one("[role=alert]").text
    assert "Plant oaks." in visit.get("/unsent").text


def test_several_comments_are_confirmed_by_one_link(app, visit):
    document = a_draft()
    for number in ("1", "2", "3"):
        visit.post(address(paragraph(document, number)), {"body": f"On {number}.", "do": "keep"})
    keys = [box["value"] for box in visit.get("/unsent").select("input[name=c]")]
    visit.post("/unsent/send", {"c": keys, **NIA})
    assert [mail.subject for mail in mails()] == ["Confirm your comments"]
    assert "3 comments" in mails()[0].body
    assert confirm(visit, mails()[0]).location == "/guest"
    assert db.session.query(Comment).filter_by(state=State.PUBLISHED).count() == 3
    assert db.session.query(UnsentComment).count() == 0
    assert "3 comments are sent." in visit.get("/guest").text


def test_a_reply_whose_comment_has_gone_is_kept_and_the_others_are_sent(app, visit):
    document = a_draft()
    said = say(paragraph(document))
    visit.post(address(said.paragraph), {"body": "I agree.", "parent": said.key, "do": "keep"})
    visit.post(address(paragraph(document, "2")), {"body": "Water them.", "do": "keep"})
    move(said, State.TAKEN_DOWN, reason="abuse")
    keys = [box["value"] for box in visit.get("/unsent").select("input[name=c]")]
    visit.post("/unsent/send", {"c": keys, **NIA})
    page = visit.get("/unsent/check-email")
    assert "was not sent" in page.text
    assert "I agree." in visit.get("/unsent").text


def test_a_consultation_that_is_withdrawn_meanwhile_publishes_nothing_new_in_silence(app, visit):
    document = a_draft()
    mail = send(visit, paragraph(document))
    consultation = document.consultation
    consultation.stage, consultation.withdrawn_at = Stage.WITHDRAWN, clock.now()
    db.session.commit()
    confirm(visit, mail)
    assert the_comment().state is State.PUBLISHED  # it was written while it was open, and stays on record


def test_a_guests_session_is_a_row_that_can_be_ended(app, visit):
    confirm(visit, send(visit, paragraph(a_draft())))
    row = db.session.scalars(select(SignedIn)).one()
    person = db.session.get(Person, row.person_id)
    assert (person.is_guest, row.ended_at) == (True, None)
    cookie = visit.client.get_cookie("consult").value
    visit.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("consult", cookie)
    assert thief.get("/guest").headers["Location"] == "/guest/link"


def test_the_page_of_a_link_costs_the_same_number_of_questions_however_much_it_confirms(app, visit):
    document = a_draft("# A plan\n\n" + "\n\n".join(f"Tree {n}." for n in range(12)))
    costs = []
    for numbers in (["1"], [str(number) for number in range(2, 12)]):
        for number in numbers:
            visit.post(address(paragraph(document, number)), {"body": f"On {number}.", "do": "keep"})
        keys = [box["value"] for box in visit.get("/unsent").select("input[name=c]")]
        visit.post("/unsent/send", {"c": keys, **NIA})
        link = links_in(mails()[-1])[0]
        with counting.queries() as asked:
            visit.get(link)
        costs.append(len(asked))
    assert costs[0] == costs[1]
