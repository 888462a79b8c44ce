"""Feeds, read as a feed reader reads them."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest

from consult import clock
from consult.consultations.models import Stage
from consult.discussion.models import State
from consult.documents import correcting, withdrawing
from consult.extensions import db, transaction
from tests import factories
from tests.discussion import ground

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def noon_of_a_monday(app):
    clock.replace(lambda: NOON)
    factories.a_site(name="Streets & Places")


def _read(client, url):
    """Fetch a feed and insist on what Atom (RFC 4287) asks of it."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, f"{name} of {element.tag}"
            assert element.find(f"{ATOM}{name}").text
        for link in element.findall(f"{ATOM}link"):
            assert link.get("href").startswith("http://127.0.0.1:8000/")
    ids = [entry.find(f"{ATOM}id").text for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)), "an id twice"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    published = [entry.published for entry in feed.entries]
    assert published == sorted(published, reverse=True)
    return feed


def _draft(**values):
    return ground.a_draft(
        **{"opens_at": NOON - 9 * DAY, "slug": "kerbs", "title": "Kerbs & <trees>", **values}
    )


def _url(document):
    return f"/consultations/kerbs/{document.slug}.atom"


def test_an_empty_site_has_an_empty_feed(client):
    assert _read(client, "/consultations.atom").entries == []


def test_the_feed_of_all_tells_what_opened_and_which_versions_came_out(client):
    document = _draft()
    clock.replace(lambda: NOON + DAY)
    ground.publish(document, "# A plan\n\nOther words.\n", note="Fewer trees & more <oaks>.")
    feed = _read(client, "/consultations.atom")
    titles = [entry.title for entry in feed.entries]
    assert titles[:2] == [f"Version 2: {document.title}", f"Version 1: {document.title}"]
    assert b"<title>Opened: Kerbs &amp; &lt;trees&gt;</title>" in client.get("/consultations.atom").data
    assert feed.entries[0].link == f"http://127.0.0.1:8000/consultations/kerbs/{document.slug}/v/2"
    assert feed.entries[2].author == document.consultation.unit.name
    assert b"Fewer trees &amp; more &lt;oaks&gt;." in client.get("/consultations.atom").data


def test_the_feeds_of_one_tell_of_comments_and_official_replies(client):
    document = _draft()
    clock.replace(lambda: NOON + DAY)
    question = ground.say(
        ground.paragraph(document), "Why *not* & how?", ask=True, by=factories.a_person(name="Ama")
    )
    clock.replace(lambda: NOON + 2 * DAY)
    reply = ground.answer(question, by=factories.an_official(document.consultation.unit, name="Tom"))
    clock.replace(lambda: NOON + 3 * DAY)
    ground.say(ground.paragraph(document, "all"), "On all of it.", by=factories.a_person(name="Ravi"))
    for url in ("/consultations/kerbs.atom", _url(document)):
        feed = _read(client, url)
        said = [(entry.author, entry.title.rpartition(" (")[2]) for entry in feed.entries[:3]]
        assert said == [
            ("Ravi", "on the whole draft)"),
            ("Tom", "on paragraph 1)"),
            ("Ama", "on paragraph 1)"),
        ]
        assert feed.entries[2].content[0].value == "<p>Why <em>not</em> &amp; how?</p>"
        assert feed.entries[2].link == f"http://127.0.0.1:8000/comments/{question.key}"
        assert feed.entries[1].link == f"http://127.0.0.1:8000/comments/{reply.key}"
        assert client.get(f"/comments/{reply.key}").status_code == 302
        assert feed.entries[1].title.startswith("Official reply by Tom")
        assert feed.entries[3].title.startswith("Version 1")


def test_a_comment_elsewhere_is_not_in_this_feed(client):
    document, other = _draft(), ground.a_draft()
    ground.say(ground.paragraph(other), "Elsewhere.")
    for url in ("/consultations/kerbs.atom", _url(document)):
        assert b"Elsewhere." not in client.get(url).data


@pytest.mark.parametrize("act", ["wait", "take down", "withdraw"])
def test_nothing_unpublished_is_ever_in_a_feed(client, act):
    document = _draft(policy=ground.BEFORE) if act == "wait" else _draft()
    comment = ground.say(ground.paragraph(document), "Secret words.")
    urls = ("/consultations/kerbs.atom", _url(document), "/consultations.atom")
    if act == "wait":
        assert comment.state is State.WAITING
    else:
        assert b"Secret words." in client.get(_url(document)).data
        (ground.take_down if act == "take down" else ground.withdraw)(comment)
    for url in urls:
        data = client.get(url).data
        assert b"Secret words." not in data
        assert comment.key.encode() not in data


def test_before_the_opening_there_is_nothing_to_tell(client):
    document = _draft(opens_at=NOON + DAY)
    assert _read(client, "/consultations.atom").entries == []
    assert _read(client, "/consultations/kerbs.atom").entries == []
    assert client.get(_url(document)).status_code == 404
    clock.replace(lambda: NOON + DAY)
    feed = _read(client, "/consultations.atom")
    assert {entry.published for entry in feed.entries} == {"2026-11-24T12:00:00Z"}
    assert len(_read(client, _url(document)).entries) == 1


def test_what_is_prepared_has_no_feed(client, sign_in):
    document = _draft(stage=Stage.PREPARING)
    official = sign_in(factories.an_official(document.consultation.unit))
    for browser in (client, official):
        for url in ("/consultations/kerbs.atom", _url(document)):
            assert browser.get(url).status_code == 404
    assert _read(client, "/consultations.atom").entries == []


def test_a_withdrawn_one_keeps_its_feed(client):
    document = _draft()
    ground.say(ground.paragraph(document), "Kept.")
    document.consultation.stage = Stage.WITHDRAWN
    db.session.commit()
    assert b"Kept." in client.get("/consultations/kerbs.atom").data


@pytest.mark.parametrize(
    "url", ["/consultations/no-such.atom", "/consultations/kerbs/no-such.atom", "/consultations/.atom"]
)
def test_what_is_not_there_is_not_found(client, url):
    _draft()
    assert client.get(url).status_code == 404


def test_a_document_with_nothing_published_has_no_feed(client):
    document = factories.a_document(factories.a_consultation(slug="kerbs"))
    assert client.get(_url(document)).status_code == 404


def test_a_feed_holds_the_newest_fifty(client):
    document, person = _draft(), factories.a_person()
    for n in range(55):
        clock.replace(lambda n=n: NOON + n * timedelta(minutes=1))
        ground.say(ground.paragraph(document), f"Number {n}.", by=person)
    feed = _read(client, _url(document))
    assert len(feed.entries) == 50
    assert "Number 54." in feed.entries[0].content[0].value


def test_who_has_it_is_told_so_until_something_is_new(client):
    document = _draft()
    for url in ("/consultations.atom", "/consultations/kerbs.atom", _url(document)):
        tag = client.get(url).headers["ETag"]
        answer = client.get(url, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.data) == (304, b"")
        ground.say(ground.paragraph(document), "New.")
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_a_feed_names_the_address_of_the_settings_not_of_the_request(client):
    _draft()
    assert b"evil.example" not in client.get("/consultations.atom", headers={"Host": "evil.example"}).data


def test_characters_that_xml_forbids_do_not_break_a_feed(client):
    document = _draft()
    clock.replace(lambda: NOON + DAY)
    comment = ground.say(ground.paragraph(document), "Words.")
    comment.html = "<p>a\x0bb\ufffe</p>"
    db.session.commit()
    assert "ab" in _read(client, _url(document)).entries[0].content[0].value


def test_a_version_leads_to_what_changed_in_it(client):
    document = _draft()
    clock.replace(lambda: NOON + DAY)
    ground.publish(document, f"{ground.TEXT}\nFourth, we sit under them.\n")
    clock.replace(lambda: NOON + 2 * DAY)
    ground.publish(document, "# A plan\n\nFirst, we count the trees.\n\nFourth, we sit under them.\n")
    feed = _read(client, _url(document))
    base = f"http://127.0.0.1:8000/consultations/kerbs/{document.slug}/compare"
    related = [
        [(link.href, link.title) for link in entry.links if link.rel == "related"] for entry in feed.entries
    ]
    assert related == [
        [(f"{base}/2...3", "See the 2 changes")],
        [(f"{base}/1...2", "See the change")],
        [],
    ]
    newest = _read(client, "/consultations.atom").entries[0]
    assert [(link.href, link.title) for link in newest.links if link.rel == "related"] == [
        (f"{base}/2...3", "Compare with version 2")
    ]


def test_a_withdrawn_version_says_why(client):
    document = _draft()
    clock.replace(lambda: NOON + DAY)
    ground.publish(document, "# A plan\n\nOther words.\n", note="Fewer trees.")
    clock.replace(lambda: NOON + 2 * DAY)
    with transaction():
        withdrawing.withdraw_version(actor=None, document=document, why="Wrong file & all.")
    newest, withdrawn, first = _read(client, _url(document)).entries
    assert newest.title == f"Version 3: {document.title}"
    assert withdrawn.title == f"Version 2, withdrawn: {document.title}"
    assert withdrawn.summary == "This version was withdrawn. Wrong file & all. Fewer trees."
    assert (withdrawn.published, withdrawn.updated) == ("2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z")
    assert first.title == f"Version 1: {document.title}"


def test_a_corrected_version_is_told_anew(client):
    document = _draft()
    clock.replace(lambda: NOON + DAY)
    with transaction():
        correcting.correct_version(
            actor=None, document=document, source=ground.TEXT.replace("plant", "plantt"), note="A letter."
        )
    told = _read(client, _url(document)).entries[0]
    assert told.updated == "2026-11-24T12:00:00Z"
    assert "corrected since" in told.summary
