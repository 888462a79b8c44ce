from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.consultations.models import Policy, Stage
from consult.discussion import actions as discussion
from consult.discussion.models import State
from consult.documents import correcting
from consult.documents.actions import publish_version
from consult.extensions import db, transaction
from consult.search import indexing
from consult.search.models import Kind, SearchEntry
from tests import factories
from tests.discussion import ground
from tests.search.ground import a_draft, announced, find
from tests.toolkit.shelf import a_page, resaved, restored


def rows():
    """Everything in the index, but for the order and the time in which it came."""
    found = db.session.execute(
        select(
            SearchEntry.kind,
            SearchEntry.ref_id,
            SearchEntry.key,
            SearchEntry.title,
            SearchEntry.words,
            SearchEntry.consultation_id,
            SearchEntry.document_id,
            SearchEntry.paragraph_id,
            SearchEntry.public_from,
        )
    )
    return sorted(map(str, found))


def decide(comment, after, **how):
    with transaction():
        discussion.change_state(actor=None, comment=comment, after=after, rule="test", **how)


def test_a_draft_is_found_by_consultation_and_paragraph(app):
    document = a_draft(
        "# Trees\n\nWe plant oaks.\n\n| Tree | Place |\n|---|---|\n| Elm | Green |\n", title="The woodland"
    )
    assert find("woodland") == {Kind.CONSULTATION: [document.consultation.slug]}
    assert find("oak") == {Kind.PARAGRAPH: [ground.paragraph(document, "1").key]}
    assert len(find("elm")[Kind.PARAGRAPH]) == 1


def test_a_published_comment_and_its_answer_are_found(app):
    document = a_draft()
    comment = ground.say(ground.paragraph(document), "Why not *hornbeam*?", ask=True)
    official = factories.an_official(document.consultation.unit)
    with transaction():
        response = discussion.respond(actor=official, comments=[comment], body="Beech does better.")
    assert find("hornbeam") == {Kind.COMMENT: [comment.key]}
    assert find("beech") == {Kind.RESPONSE: [response.key]}
    with transaction():
        discussion.correct_response(actor=official, response=response, body="Lime does better.")
    assert find("beech") == {}
    assert find("lime") == {Kind.RESPONSE: [response.key]}


@pytest.mark.parametrize("after", [State.TAKEN_DOWN, State.WITHDRAWN, State.ERASED])
def test_what_is_taken_down_leaves_in_the_same_transaction(app, after):
    comment = ground.say(ground.paragraph(a_draft()), "Hornbeam.")
    try:
        with transaction():
            discussion.change_state(actor=None, comment=comment, after=after, rule="test")
            assert find("hornbeam") == {}
            raise RuntimeError  # and comes back with it
    except RuntimeError:
        pass
    assert find("hornbeam") == {Kind.COMMENT: [comment.key]}
    decide(comment, after)
    assert find("hornbeam") == {}
    if after is State.TAKEN_DOWN:
        decide(comment, State.PUBLISHED)
        assert find("hornbeam") == {Kind.COMMENT: [comment.key]}


def test_a_comment_that_waits_is_not_found_until_it_is_published(app):
    comment = ground.say(ground.paragraph(a_draft(policy=Policy.BEFORE)), "Hornbeam.")
    assert find("hornbeam") == {}
    decide(comment, State.PUBLISHED)
    assert find("hornbeam") == {Kind.COMMENT: [comment.key]}


def test_a_corrected_comment_is_found_by_its_new_words_alone(app):
    comment = ground.say(ground.paragraph(a_draft()), "Hornbeam.")
    with transaction():
        discussion.correct_comment(actor=comment.author, comment=comment, body="Beech.")
    assert find("hornbeam") == {}
    assert find("beech") == {Kind.COMMENT: [comment.key]}


def test_only_the_current_words_of_a_draft_are_found(app):
    document = a_draft("We plant oaks.\n\nWe water them.\n")
    kept = db.session.scalar(select(SearchEntry.id).where(SearchEntry.words == "We water them."))
    ground.publish(document, "We plant elms.\n\nWe water them.\n")
    assert find("oaks") == {}
    assert len(find("elms")[Kind.PARAGRAPH]) == 1
    assert db.session.scalar(select(SearchEntry.id).where(SearchEntry.words == "We water them.")) == kept


def test_a_misprint_put_right_is_found_by_the_right_word_alone(app):
    document = a_draft("# Trees\n\nWe plant ooaks along the whole of the road.\n")
    with transaction():
        correcting.correct_version(
            actor=None,
            document=document,
            source=document.current_version.source.replace("ooaks", "oaks"),
            note="O.",
        )
    assert find("ooaks") == {}
    assert find("oaks") == {Kind.PARAGRAPH: [ground.paragraph(document, "1").key]}


def test_what_was_said_on_a_joined_or_removed_paragraph_is_found_and_leads_there(app, client):
    width, bins = (
        "Two people can pass each other on the footway.",
        "Bins are back inside by noon on the next day.",
    )
    document = a_draft(f"{width}\n\n{bins}\n\nBoards stand against the building.\n")
    joined = ground.say(ground.paragraph(document, "2"), "About foxgloves.")
    gone = ground.say(ground.paragraph(document, "3"), "About hollyhocks.")
    with transaction():
        publish_version(actor=None, document=document, source=f"{width} {bins}\n", note="", doubtful="accept")
    assert joined.paragraph.home_id == ground.paragraph(document, "1").id
    assert gone.paragraph.removed_in == 2
    assert find("bins", Kind.PARAGRAPH) == {Kind.PARAGRAPH: [ground.paragraph(document, "1").key]}
    assert find("boards", Kind.PARAGRAPH) == {}
    for word, comment in (("foxgloves", joined), ("hollyhocks", gone)):
        assert find(word) == {Kind.COMMENT: [comment.key]}
        page = client.get(f"/comments/{comment.key}", follow_redirects=True)
        assert f'id="comment-{comment.key}"' in page.text


def test_what_is_being_prepared_is_never_found(app):
    document = a_draft("We plant oaks.", stage=Stage.PREPARING, title="The woodland")
    assert find("oaks") == find("woodland") == {}
    announced(document.consultation, stage=Stage.OPEN)
    assert set(find("oaks")) == {Kind.PARAGRAPH}
    assert set(find("woodland")) == {Kind.CONSULTATION}


def test_the_text_of_a_coming_consultation_is_found_from_the_minute_it_opens(app):
    opens_at = clock.now() + timedelta(days=2)
    document = a_draft("We plant oaks.", opens_at=opens_at, title="The woodland")
    assert set(find("woodland")) == {Kind.CONSULTATION}
    assert find("oaks") == {}
    clock.replace(lambda: opens_at - timedelta(seconds=1))
    assert find("oaks") == {}
    clock.replace(lambda: opens_at)
    assert set(find("oaks")) == {Kind.PARAGRAPH}
    clock.replace(None)
    announced(document.consultation, opens_at=clock.now() - timedelta(minutes=1))
    assert set(find("oaks")) == {Kind.PARAGRAPH}


@pytest.mark.parametrize("stage", [Stage.ANALYSING, Stage.OUTCOME, Stage.WITHDRAWN])
def test_what_has_ended_stays_to_be_found(app, stage):
    document = a_draft("We plant oaks.")
    comment = ground.say(ground.paragraph(document), "Hornbeam.")
    announced(document.consultation, stage=stage)
    assert set(find("oaks")) == {Kind.PARAGRAPH}
    assert find("hornbeam") == {Kind.COMMENT: [comment.key]}


def test_a_toolkit_page_is_found_by_its_current_revision(app):
    page = a_page("See [[Elsewhere|the hornbeam]].", title="On trees", summary="For foresters.")
    for words in ("hornbeam", "trees", "foresters"):
        assert find(words) == {Kind.PAGE: ["on-trees"]}
    resaved(page, "Beech.")
    assert find("hornbeam") == {}
    restored(page, 1)
    assert find("hornbeam") == {Kind.PAGE: ["on-trees"]}


def test_the_index_made_anew_is_the_same(app):
    document = a_draft("We plant oaks.\n\n## Water\n\nWe water them.")
    comment = ground.say(ground.paragraph(document), "Hornbeam?", ask=True)
    ground.say(ground.paragraph(document), "Taken down.")
    decide(ground.say(ground.paragraph(document), "Spruce."), State.TAKEN_DOWN)
    with transaction():
        discussion.respond(
            actor=factories.an_official(document.consultation.unit), comments=[comment], body="Beech."
        )
    ground.publish(document, "We plant elms.\n\n## Water\n\nWe water them daily.")
    resaved(a_page("One."), "Two.")
    a_draft("Secret.", stage=Stage.PREPARING)
    kept = rows()
    with transaction():
        assert indexing.reindex() == len(kept)
    assert rows() == kept
    assert set(find("hornbeam")) == {Kind.COMMENT}
    assert find("secret") == {}
