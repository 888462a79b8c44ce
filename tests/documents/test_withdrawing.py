"""A version that was published in error is withdrawn: the words before it hold again, and nobody's comment moves."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from consult import audit
from consult.discussion import recounting
from consult.discussion.models import Comment
from consult.documents import queries, renumbering, withdrawing
from consult.documents.models import Lineage, Relation, Version
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from tests import factories
from tests.discussion.ground import say
from tests.documents.ground import TEXT, a_draft, address, page, paragraph, publish, publish_as, standing

pytestmark = pytest.mark.usefixtures("app")

LONG = "The clear width is {} metres along the whole of the footway, so that two people can pass each other."
BINS = "Bins may be put out from seven in the evening before collection, and never stand in the clear width."


def _withdraw(document, why="It was the wrong file.", actor=None, **more):
    with transaction():
        return withdrawing.withdraw_version(actor=actor, document=document, why=why, **more)


def _places(document, number=None):
    return {
        row.paragraph_id: (row.number, row.plain, row.html, row.is_removed) for row in page(document, number)
    }


def _stands(document, number=None):
    return [(row.paragraph_id, row.plain, row.html) for row in page(document, number) if not row.is_removed]


# The action


def test_the_words_before_hold_again_by_the_same_paragraphs():
    document = a_draft()
    stood, numbers = _stands(document), standing(document)
    publish(document, TEXT.replace("Second words.", "Wholly other matter.").replace("- two\n", ""))
    version = _withdraw(document)
    assert (version.number, version.restored_from, document.version_count) == (3, 1, 3)
    assert _stands(document) == stood
    assert standing(document) == numbers
    assert queries.version(document, 3).source == TEXT


def test_who_withdrew_it_when_and_why_is_kept_and_on_record():
    document = a_draft()
    publish(document, "Other.")
    official = factories.an_official(document.consultation.unit)
    version = _withdraw(document, "  It was the wrong file.  ", official)
    gone = queries.version(document, 2)
    assert (gone.withdrawn_by, gone.withdrawn_why) == (official.id, "It was the wrong file.")
    assert gone.withdrawn_at
    assert "It was the wrong file." in version.note
    acts = db.session.scalars(
        select(audit.AuditEntry.act).order_by(audit.AuditEntry.id.desc()).limit(2)
    ).all()
    assert acts == ["document.publish", "document.withdraw_version"]


def test_comments_stay_with_their_paragraphs_whatever_became_of_them():
    document = a_draft(f"{LONG.format('1.5')}\n\n{BINS}")
    on_first, on_bins = say(paragraph(document, "1")), say(paragraph(document, "2"))
    publish(document, f"{LONG.format('2.0')}\n\nSomething new about trees and lamps.")
    on_new = say(paragraph(document, "3"))
    _withdraw(document)
    assert list(standing(document)) == ["1", "2"]
    assert paragraph(document, "2").removed_in is None
    assert paragraph(document, "3").removed_in == 3
    for said, number in ((on_first, "1"), (on_bins, "2"), (on_new, "3")):
        assert db.session.get(Comment, said.id).paragraph_id == paragraph(document, number).id
    assert list(recounting.differences()) == []
    relations = {row.number: row.relation for row in page(document)}
    assert relations == {"1": "edited", "2": "restored", "3": "removed"}


def test_joined_paragraphs_stand_again_with_their_own_talk():
    document = a_draft(f"{LONG.format('1.5')}\n\n{BINS}\n\nLast words.")
    say(paragraph(document, "2"))
    publish_as(document, f"{LONG.format('1.5')} {BINS}\n\nLast words.", {"1": [0], "2": [0]})
    joined = paragraph(document, "2")
    assert joined.home_id == paragraph(document, "1").id
    _withdraw(document)
    db.session.expire_all()
    assert (joined.home_id, joined.removed_in, joined.comment_count) == (None, None, 1)


def test_what_had_been_joined_before_is_joined_again():
    first, second = LONG.format("1.5"), BINS
    document = a_draft(f"{first}\n\n{second}\n\nLast words.")
    publish_as(document, f"{first} {second}\n\nLast words.", {"1": [0], "2": [0]})
    assert paragraph(document, "2").home_id == paragraph(document, "1").id
    publish(document, f"{first}\n\n[2] {second}\n\nLast words.")
    assert "2" in standing(document)
    _withdraw(document)
    joined = paragraph(document, "2")
    assert joined.home_id == paragraph(document, "1").id
    link = db.session.scalars(
        select(Lineage.relation).where(
            Lineage.to_version_id == document.current_version_id, Lineage.from_paragraph_id == joined.id
        )
    ).one()
    assert link is Relation.MERGED


def test_equal_paragraphs_are_told_apart_by_name():
    document = a_draft("Same.\n\nSame.\n\nSame.")
    second = paragraph(document, "2")
    publish(document, "Same.\n\nSame.")
    _withdraw(document)
    assert [row.paragraph_id for row in page(document)][1] == second.id
    assert list(standing(document)) == ["1", "2", "3"]


def test_a_corrected_version_stands_again_as_it_was_corrected():
    from consult.documents import correcting

    document = a_draft("The fotway is clear.\n\nSecond words.")
    with transaction():
        correcting.correct_version(
            actor=None, document=document, source="The footway is clear.\n\nSecond words.", note="A letter."
        )
    publish(document, "Other.")
    _withdraw(document)
    assert standing(document)["1"] == "The footway is clear."


def test_a_mark_in_the_words_means_what_it_meant():
    text = "[2] is a literal here.\n\nSecond words."
    document = a_draft(text)
    publish(document, "Other.")
    _withdraw(document)
    assert standing(document)["1"] == "[2] is a literal here."
    publish(document, queries.version(document, 3).source)
    assert standing(document)["1"] == "[2] is a literal here."


def test_what_may_be_commented_on_is_as_it_was():
    document = a_draft("One.\n\n<!-- no comments -->\n\nTwo.")
    publish(document, "One.\n\nTwo.")
    _withdraw(document)
    db.session.expire_all()
    assert not paragraph(document, "2").is_open


def test_a_first_version_cannot_be_withdrawn():
    document = a_draft()
    with pytest.raises(Invalid) as refused:
        _withdraw(document)
    assert "Publish a corrected version" in refused.value.message


def test_withdrawing_again_goes_further_back_and_then_no_further():
    document = a_draft("One.")
    publish(document, "Two.")
    publish(document, "Three.")
    _withdraw(document)
    assert list(standing(document).values()) == ["Two."]
    _withdraw(document)
    assert list(standing(document).values()) == ["One."]
    with pytest.raises(Invalid):
        _withdraw(document)
    db.session.rollback()
    publish(document, "Four.")
    assert _withdraw(document).restored_from == 5
    assert list(standing(document).values()) == ["One."]


def test_a_version_that_only_numbered_anew_is_not_withdrawn():
    document = a_draft("One.\n\nTwo.")
    publish(document, "Two.")
    with transaction():
        renumbering.renumber(actor=None, document=document, note="Gaps.")
    with pytest.raises(Invalid) as refused:
        _withdraw(document)
    assert "numbers" in refused.value.message


def test_words_from_before_new_numbers_come_back_under_new_ones():
    document = a_draft("One.\n\nTwo.")
    publish(document, "[2] Two, changed.")
    with transaction():
        renumbering.renumber(actor=None, document=document, note="Gaps.")
    publish(document, "Three.")
    _withdraw(document)
    _withdraw(document)
    assert sorted(standing(document).values()) == ["One.", "Two."]
    assert not any("/" in number for number in standing(document))
    publish(document, queries.version(document, document.version_count).source)
    assert {row.relation for row in page(document) if not row.is_removed} == {"same"}


@pytest.mark.parametrize("why", ["", "  \n", "w" * 501])
def test_a_reason_is_asked_for(why):
    document = a_draft()
    publish(document, "Other.")
    with pytest.raises(Invalid) as refused:
        _withdraw(document, why)
    assert refused.value.field == "why"


def test_the_longest_reason_fits_into_the_note():
    document = a_draft()
    publish(document, "Other.")
    assert len(_withdraw(document, "w" * 500).note) == 500
    assert queries.version(document, 2).withdrawn_why == "w" * 500


def test_somebody_who_saw_another_version_is_told():
    document = a_draft()
    publish(document, "Other.")
    with pytest.raises(Conflict):
        _withdraw(document, seen=1)


def test_only_an_official_of_the_unit_withdraws():
    document = a_draft()
    publish(document, "Other.")
    with pytest.raises(NotAllowed):
        _withdraw(document, actor=factories.an_official(factories.a_unit()))


def test_comments_posted_at_that_moment_are_kept(app, sign_in):
    document = a_draft()
    publish(document, TEXT.replace("Second words.", "[2] Second and other words."))
    here = address(document, f"/p/{paragraph(document, '2').key}")
    official = factories.an_official(document.consultation.unit)
    speakers = [sign_in(factories.a_person()) for _ in range(4)]
    there = address(document, "/withdraw")
    withdrawer = sign_in(official)
    db.session.rollback()
    start, statuses = threading.Barrier(5), []

    def press(browser, where, form):
        start.wait()
        with app.app_context():
            statuses.append(browser.post(where, data=form).status_code)

    presses = [
        threading.Thread(target=press, args=(each, here, {"body": "Plant oaks."})) for each in speakers
    ]
    presses.append(
        threading.Thread(target=press, args=(withdrawer, there, {"why": "Wrong file.", "seen": "2"}))
    )
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert statuses == [303] * 5
    db.session.expire_all()
    assert paragraph(document, "2").comment_count == 4
    assert standing(document)["2"] == "Second words."
    assert list(recounting.differences()) == []


SENTENCES = ("One way.", "Another way.", "A third.", LONG.format("1.5"), LONG.format("2.0"), BINS, "- item")
DRAFTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map("\n\n".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DRAFTS, min_size=2, max_size=4), st.integers(1, 3))
def test_withdrawing_gives_back_exactly_what_stood(drafts, times):
    document = a_draft(drafts[0])
    say(paragraph(document, "all"))
    for source in drafts[1:]:
        say(paragraph(document, next(iter(standing(document)))))
        publish(document, source)
    for _ in range(times):
        keys = {row.paragraph_id: row.key for row in page(document)}
        earlier = {number: _places(document, number) for number in range(1, document.version_count + 1)}
        comments = db.session.scalar(select(func.count(Comment.id)))
        try:
            version = _withdraw(document)
        except Invalid:
            db.session.rollback()
            break
        assert _stands(document) == _stands(document, version.restored_from)
        assert {number: _places(document, number) for number in earlier} == earlier
        assert keys.items() <= {row.paragraph_id: row.key for row in page(document)}.items()
        for name in ("key", "number"):
            values = [getattr(row, name) for row in page(document)]
            assert len(values) == len(set(values))
        assert db.session.scalar(select(func.count(Comment.id))) == comments
        assert list(recounting.differences()) == []


# The page


def _official(document):
    return factories.an_official(document.consultation.unit, name="Tom Ashworth")


def _two(text="Other."):
    document = a_draft()
    publish(document, text)
    return document


def test_the_page_says_what_will_happen_and_it_does(visit_as, client):
    document = _two()
    say(paragraph(document, "6"))
    visit = visit_as(_official(document))
    shown = visit.get(address(document, "/withdraw"))
    assert shown.h1.text == "Withdraw version 2"
    assert "1 comment" in shown.select_one("ul.losses").text
    form = {"seen": shown.select_one("input[name=seen]")["value"], "why": "It was the wrong file."}
    answer = visit.post(address(document, "/withdraw"), form)
    assert answer.location == address(document)
    assert "Version 2 is withdrawn." in visit.get(answer.location).text
    gone = " ".join(client.get(address(document, "/v/2")).text.split())
    assert "Tom Ashworth" in gone
    assert "It was the wrong file." in gone
    assert "withdrawn" in gone
    assert "noindex" in gone
    assert "noindex" not in client.get(address(document)).text
    assert "Other." in gone


def test_lists_of_versions_say_that_it_is_withdrawn(visit_as, client):
    document = _two()
    _withdraw(document)
    overview = client.get(f"/consultations/{document.consultation.slug}").text
    feed = client.get(address(document, ".atom")).text
    assert "(withdrawn)" in " ".join(client.get(address(document)).text.split())
    assert "<strong>withdrawn</strong>" in overview
    assert "Version 2, withdrawn" in feed
    assert "Version 3:" in feed


@pytest.mark.parametrize("why", ["", "w" * 501, "a\x07b"])
def test_bad_input_is_said_beside_its_field(visit_as, why):
    document = _two()
    visit = visit_as(_official(document))
    page = visit.post(address(document, "/withdraw"), {"seen": "2", "why": why}, 422).page
    assert page.select_one("[role=alert] a[href='#why']")
    assert page.select_one("#why-error")
    assert page.select_one("#why").text.strip() == why.strip()
    assert document.version_count == 2


@pytest.mark.parametrize("seen", ["1", "", "x", "9" * 30])
def test_another_version_is_looked_at_first(visit_as, seen):
    document = _two()
    visit = visit_as(_official(document))
    page = visit.post(address(document, "/withdraw"), {"seen": seen, "why": "Mine."}, 409).page
    assert page.h1.text == "Withdraw version 2"
    assert page.select_one("[role=alert]")
    assert page.select_one("#why").text.strip() == "Mine."
    assert page.select_one("input[name=seen]")["value"] == "2"


def test_two_at_once_the_second_loses_nothing_typed(visit_as):
    document = _two()
    visit = visit_as(_official(document))
    _withdraw(document)
    page = visit.post(address(document, "/withdraw"), {"seen": "2", "why": "Mine."}, 409).page
    assert page.select_one("#why").text.strip() == "Mine."
    assert db.session.scalar(select(func.count(Version.id))) == 3


def test_a_first_version_leads_to_what_can_be_done_instead(visit_as):
    document = a_draft()
    visit = visit_as(_official(document))
    page = visit.get(address(document, "/withdraw"))
    assert not page.select("main form")
    for link in page.select("main ul.bul a"):
        visit.get(link["href"])
