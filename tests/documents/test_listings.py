"""Many documents at once."""

from consult.documents import listings
from consult.documents.actions import publish_version
from consult.documents.models import Paragraph
from consult.extensions import db, transaction
from tests import factories


def _published(about, paragraphs, **values):
    document = factories.a_document(about, **values)
    source = "# A plan\n\n## Part\n\n" + "\n\n".join(f"Paragraph {n}." for n in range(paragraphs)) + "\n"
    with transaction():
        publish_version(actor=None, document=document, source=source, note="First.")
    return document


def _paragraphs(document):
    wanted = db.session.query(Paragraph).filter_by(document_id=document.id, kind="p")
    return wanted.order_by(Paragraph.id).all()


def test_documents_come_in_their_order_with_their_current_version(app):
    about, other = factories.a_consultation(), factories.a_consultation()
    second = _published(about, 2, position=2)
    first = _published(about, 3, position=1)
    factories.a_document(about, position=3)
    _published(other, 1)
    found = listings.documents_of([about.id, other.id])
    assert [row.slug for row in found[about.id]] == [first.slug, second.slug]
    assert [(row.number, row.paragraph_count) for row in found[about.id]] == [(1, 3), (1, 2)]
    assert len(found[other.id]) == 1
    assert len(listings.documents_of([about.id], with_unpublished=True)[about.id]) == 3


def test_versions_come_newest_first_with_their_notes(app):
    about = factories.a_consultation()
    document = _published(about, 1)
    with transaction():
        publish_version(
            actor=None, document=document, source="# A\n\nNew words.\n", note="Second.", doubtful="remove"
        )
    rows = listings.versions_of(about.id)[document.id]
    assert [(row.number, row.note) for row in rows] == [(2, "Second."), (1, "First.")]


def test_a_text_is_there_once_a_version_is_published(app):
    about = factories.a_consultation()
    document = factories.a_document(about)
    assert not listings.has_published(about.id)
    with transaction():
        publish_version(actor=None, document=document, source="# A\n\nWords.\n", note="")
    assert listings.has_published(about.id)


def test_the_talk_is_shown_in_the_order_of_the_text_without_headings(app):
    about = factories.a_consultation()
    paragraphs = _paragraphs(_published(about, 5, position=1))
    more = _paragraphs(_published(about, 2, position=2))
    paragraphs[1].comment_count, paragraphs[4].comment_count, more[0].comment_count = 7, 2, 1
    db.session.commit()
    talk = listings.talk_in([about.id])[about.id]
    assert (talk.bars, talk.busiest, talk.paragraphs) == ([0, 7, 0, 0, 2, 1, 0], 7, 7)


def test_what_was_said_on_a_joined_paragraph_counts_where_it_is_shown(app):
    about = factories.a_consultation()
    paragraphs = _paragraphs(_published(about, 3))
    gone, home = paragraphs[1], paragraphs[2]
    home.comment_count, gone.comment_count, gone.home_id = 2, 5, home.id
    db.session.commit()
    assert listings.talk_in([about.id])[about.id].busiest == 7


def test_a_long_text_has_several_paragraphs_to_a_bar(app):
    about = factories.a_consultation()
    paragraphs = _paragraphs(_published(about, 100))
    paragraphs[0].comment_count, paragraphs[99].comment_count = 3, 9
    db.session.commit()
    talk = listings.talk_in([about.id])[about.id]
    assert len(talk.bars) == listings.BARS
    assert (talk.bars[0], talk.bars[-1], sum(talk.bars), talk.paragraphs) == (3, 9, 12, 100)


def test_no_consultation_has_no_talk(app):
    assert listings.talk_in([]) == {}
    assert listings.documents_of([]) == {}
