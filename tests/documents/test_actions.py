"""Begin a document, save drafts, publish versions: what stays, what is kept, what is refused."""

import pytest
from sqlalchemy import func, select

from consult import audit, clock
from consult.announcements import version_published
from consult.discussion.models import Comment, Kind, State
from consult.documents import actions, paragraph_queries, queries
from consult.documents.models import Block, Draft, Lineage, Paragraph, Relation, Version
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.keys import new_key
from tests import factories
from tests.documents.ground import TEXT, a_draft, page, paragraph, publish, standing

pytestmark = pytest.mark.usefixtures("app")


def _comment_on(document, number):
    """Put a published comment on a paragraph, as the discussion room stores it."""
    place = paragraph(document, number)
    comment = Comment(
        key=new_key(10),
        organisation_id=document.consultation.organisation_id,
        document_id=document.id,
        paragraph_id=place.id,
        version_id=document.current_version_id,
        author_id=factories.a_person().id,
        kind=Kind.COMMENT,
        state=State.PUBLISHED,
        body="Yes.",
        html="<p>Yes.</p>",
        created_at=clock.now(),
        was_published=True,
    )
    db.session.add(comment)
    place.comment_count += 1
    db.session.commit()
    return comment


def _save(document, source, based_on, actor=None):
    with transaction():
        return actions.save_draft(actor=actor, document=document, source=source, based_on=based_on)


def _create(consultation, title="A draft", slug="a-draft", actor=None):
    with transaction():
        return actions.create_document(actor=actor, consultation=consultation, title=title, slug=slug)


# Begin


def test_an_official_of_the_unit_begins_a_document():
    consultation = factories.a_consultation()
    official = factories.an_official(consultation.unit)
    document = _create(consultation, "  Clear   footways ", "clear-footways", official)
    assert (document.title, document.slug, document.version_count) == ("Clear footways", "clear-footways", 0)


def test_an_official_of_another_unit_does_not():
    stranger = factories.an_official(factories.a_unit())
    with pytest.raises(NotAllowed):
        _create(factories.a_consultation(), actor=stranger)


@pytest.mark.parametrize("slug", ["", "Big", "a b", "-a", "new", "edit", "x" * 81, "é"])
def test_an_address_that_will_not_do_is_refused_at_its_field(slug):
    with pytest.raises(Invalid) as refused:
        _create(factories.a_consultation(), slug=slug)
    assert refused.value.field == "slug"


def test_two_documents_of_a_consultation_have_two_addresses():
    consultation = factories.a_consultation()
    _create(consultation)
    with pytest.raises(Invalid):
        _create(consultation, "Another")


# Drafts


def test_every_save_is_kept_and_the_latest_is_named():
    document = factories.a_document()
    _save(document, "one", 0)
    _save(document, "two", 1)
    assert [row.source for row in db.session.scalars(select(Draft).order_by(Draft.number))] == ["one", "two"]
    assert document.draft_number == 2


def test_the_same_text_twice_is_one_draft():
    document = factories.a_document()
    first = _save(document, "one", 0)
    assert _save(document, "one", 0).id == first.id


def test_a_stale_save_stores_nothing_and_gives_both_texts():
    document = factories.a_document()
    _save(document, "theirs", 0)
    with pytest.raises(Conflict) as refused:
        _save(document, "mine", 0)
    assert (refused.value.theirs.source, refused.value.yours) == ("theirs", "mine")
    assert document.draft_number == 1


def test_a_draft_on_the_latest_may_put_it_aside():
    document = factories.a_document()
    _save(document, "theirs", 0)
    assert _save(document, "mine", 1).number == 2


def test_a_draft_that_is_no_text_is_refused():
    with pytest.raises(Invalid):
        _save(factories.a_document(), "a\x00b", 0)


# Publish


def test_a_first_version_numbers_every_block_and_stands_for_the_whole():
    document = a_draft()
    assert standing(document) == {
        "s1": "Kerbs",
        "1": "First words.",
        "2": "Second words.",
        "3": "one",
        "4": "two",
        "s2": "More",
        "5": "Last words.",
    }
    assert paragraph_queries.paragraph(document, "all").kind == "document"


def test_keys_and_numbers_are_each_used_once():
    document = a_draft()
    publish(document, TEXT.replace("Second", "Other"))
    publish(document, "All new.\n\n" + TEXT)
    for column in (Paragraph.key, Paragraph.number):
        values = db.session.scalars(select(column).where(Paragraph.document_id == document.id)).all()
        assert len(values) == len(set(values))


def test_a_published_version_stays_as_it_was():
    document = a_draft()
    before = [tuple(row) for row in page(document, 1)]
    publish(document, "Nothing of it.")
    after = [tuple(row) for row in page(document, 1)]
    kept = slice(0, 12)  # what the version says; the rest is what its paragraphs gather
    assert [row[kept] for row in after] == [row[kept] for row in before]
    assert queries.version(document, 1).source == TEXT


def test_comments_stay_with_the_paragraph_of_the_same_words():
    document = a_draft()
    comment = _comment_on(document, "2")
    publish(document, "New at the top.\n\n" + TEXT)
    place = db.session.get_one(Paragraph, comment.paragraph_id)
    assert (place.number, place.removed_in) == ("2", None)
    assert standing(document)["2"] == "Second words."


def test_publishing_touches_no_comment():
    document = a_draft()
    comment = _comment_on(document, "2")
    before = {name: getattr(comment, name) for name in Comment.__table__.c.keys()}  # noqa: SIM118
    publish(document, "Nothing of it.")
    db.session.refresh(comment)
    assert {name: getattr(comment, name) for name in before} == before


def test_a_removed_paragraph_keeps_its_place_its_number_and_its_last_words():
    document = a_draft()
    publish(document, TEXT.replace("Second words.\n\n", ""))
    rows = [(row.number, row.is_removed) for row in page(document)]
    assert rows[1:4] == [("1", False), ("2", True), ("3", False)]
    place = paragraph(document, "2")
    assert place.removed_in == 2
    assert db.session.get_one(Block, place.last_block_id).plain == "Second words."


def test_a_removed_paragraph_comes_back_with_its_words():
    document = a_draft()
    publish(document, TEXT.replace("Second words.\n\n", ""))
    publish(document, TEXT)
    place = paragraph(document, "2")
    assert place.removed_in is None
    assert standing(document)["2"] == "Second words."
    assert len(db.session.scalars(select(Paragraph).where(Paragraph.document_id == document.id)).all()) == 8


def test_a_mark_keeps_a_reworded_paragraph():
    document = a_draft()
    publish(document, TEXT.replace("Second words.", "[2] Quite other words."))
    assert standing(document)["2"] == "Quite other words."


def test_a_mark_nobody_gave_is_only_text():
    document = a_draft()
    publish(document, TEXT.replace("Second words.", "[99] Second words."))
    assert "[99] Second words." in standing(document).values()


def test_what_became_of_each_paragraph_is_on_record():
    document = a_draft("One.\n\nTwo.\n\nThree.")
    publish(document, "Three.\n\n[2] Zwei.\n\nFour.")
    last = queries.version(document, 2).id
    rows = db.session.execute(
        select(Lineage.relation, func.count()).where(Lineage.to_version_id == last).group_by(Lineage.relation)
    )
    assert dict(rows.all()) == {
        Relation.MOVED: 1,
        Relation.EDITED: 1,
        Relation.REMOVED: 1,
        Relation.ADDED: 1,
    }


def test_publishing_raises_the_stamps_announces_and_is_on_record():
    document = a_draft()
    stamps = (document.stamp, document.consultation.stamp)
    heard = []
    with version_published.connected_to(lambda sender, **said: heard.append(said["version"].number)):
        publish(document, "Again.")
    db.session.refresh(document)
    db.session.refresh(document.consultation)
    assert (document.stamp, document.consultation.stamp) == (stamps[0] + 1, stamps[1] + 1)
    assert heard == [2]
    entry = db.session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.id.desc())).first()
    assert (entry.act, entry.before, entry.after) == ("document.publish", "1", "2")


def test_only_an_official_of_the_unit_publishes():
    document = a_draft()
    with pytest.raises(NotAllowed), transaction():
        actions.publish_version(
            actor=factories.an_official(factories.a_unit()), document=document, source="x", note=""
        )


def test_of_two_who_publish_at_once_the_second_is_told():
    document = a_draft()
    publish(document, "Second version.")
    with pytest.raises(Conflict), transaction():
        actions.publish_version(actor=None, document=document, source="Mine.", note="", seen=1)
    assert document.version_count == 2


@pytest.mark.parametrize(
    "source",
    ["", "   \n", "<!-- nothing -->", "[" * 2_000, "> " * 40 + "deep", "x" * 130_000, "a\x00b", "# \n" * 10],
)
def test_text_that_cannot_be_published_is_refused_and_nothing_is_stored(source):
    document = a_draft()
    with pytest.raises(Invalid) as refused:
        publish(document, source)
    assert refused.value.field == "source"
    assert refused.value.message
    db.session.rollback()
    assert document.version_count == 1
    assert db.session.scalar(select(func.count(Version.id))) == 1


def test_a_note_that_is_too_long_is_refused_at_its_field():
    with pytest.raises(Invalid) as refused:
        publish(a_draft(), "x", "n" * 501)
    assert refused.value.field == "note"


def test_a_paragraph_may_be_closed_to_comments_and_opened_again():
    document = a_draft("One.\n\n<!-- no comments -->\n\nTwo.")
    assert [paragraph(document, number).is_open for number in "12"] == [True, False]
    publish(document, "One.\n\nTwo.")
    db.session.expire_all()
    assert paragraph(document, "2").is_open


def test_identical_paragraphs_stay_apart():
    document = a_draft("Same.\n\nSame.\n\nSame.")
    publish(document, "Same.\n\nSame.\n\nSame.\n\nSame.")
    numbers = list(standing(document))
    assert len(set(numbers)) == 4
    assert [number for number in numbers if number in ("1", "2", "3")] == ["1", "2", "3"]
