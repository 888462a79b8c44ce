"""What officials say became of doubtful paragraphs, and what is published then."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consult import audit
from consult.discussion import recounting
from consult.discussion.models import Comment
from consult.documents import actions, confirming, page_queries, queries
from consult.documents.matching import fingerprints
from consult.documents.models import Confirmation, Lineage, Relation
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from tests import factories
from tests.discussion.ground import say
from tests.documents.ground import a_draft, paragraph, publish, standing

pytestmark = pytest.mark.usefixtures("app")
TEXT = "First words.\n\nSecond words.\n\nThird words."
OTHER = "A lamp at every crossing."


def _drafted(source, text=TEXT):
    """A published document, a draft over it, and the official who wrote that."""
    document = a_draft(text)
    official = factories.an_official(document.consultation.unit)
    _save(document, official, source)
    return document, official


def _save(document, official, source):
    with transaction(official):
        actions.save_draft(actor=official, document=document, source=source, based_on=document.draft_number)


def _planned(document):
    prepared = actions.prepare(document, queries.latest_draft(document).source)
    return actions.plan_of(document, prepared), prepared, fingerprints(prepared.text.blocks)


def _say(document, official, said, seen=None):
    with transaction(official):
        return confirming.confirm_matches(
            actor=official, document=document, said=said, seen=seen or document.version_count
        )


def _publish(document, official, doubtful="refuse"):
    with transaction(official):
        return actions.publish_version(
            actor=official,
            document=document,
            source=queries.latest_draft(document).source,
            note="Why.",
            seen=document.version_count,
            doubtful=doubtful,
        )


def _key(document, number):
    return paragraph(document, number).key


def _lineage(document, number):
    return db.session.scalars(
        select(Lineage).where(
            Lineage.from_paragraph_id == paragraph(document, number).id,
            Lineage.to_version_id == document.current_version_id,
        )
    ).all()


def test_what_is_confirmed_is_published_and_says_by_whom():
    document, official = _drafted(f"First words.\n\n[2] {OTHER}\n\nThird words.")
    with pytest.raises(Invalid, match="1 match is"):
        _publish(document, official)
    names = _planned(document)[2]
    assert _say(document, official, {_key(document, "2"): [names[1]]}) == 1
    _publish(document, official)
    assert standing(document) == {"1": "First words.", "2": OTHER, "3": "Third words."}
    (link,) = _lineage(document, "2")
    assert (link.relation, link.confirmed_by) == (Relation.EDITED, official.id)
    assert link.confirmed_at is not None
    assert _lineage(document, "1")[0].confirmed_by is None


def test_a_mark_may_be_said_to_be_a_mistake():
    document, official = _drafted(f"First words.\n\n[2] {OTHER}\n\nThird words.")
    _say(document, official, {_key(document, "2"): []})
    _publish(document, official)
    assert paragraph(document, "2").removed_in == 2
    assert standing(document)["2A"] == OTHER


def test_any_paragraph_may_be_split_by_hand():
    document, official = _drafted("First words.\n\nTrees in autumn.\n\nLamps at night.\n\nThird words.")
    names = _planned(document)[2]
    _say(document, official, {_key(document, "2"): [names[1], names[2]]})
    _publish(document, official)
    assert standing(document)["2"] == "Trees in autumn."
    assert paragraph(document, "2A").split_from_id == paragraph(document, "2").id
    assert {link.relation for link in _lineage(document, "2")} == {Relation.SPLIT}


def test_two_may_be_joined_by_hand_and_the_talk_goes_along():
    document, official = _drafted("First words.\n\nThird words.")
    comment = say(paragraph(document, "2"))
    names = _planned(document)[2]
    _say(document, official, {_key(document, "2"): [names[0]]})
    _publish(document, official)
    assert paragraph(document, "2").home_id == paragraph(document, "1").id
    assert page_queries.talk_of(document.id) == {"1": 1}
    assert db.session.get(Comment, comment.id).paragraph_id == paragraph(document, "2").id


def test_what_had_been_removed_may_be_brought_back_under_other_words():
    document, official = _drafted("First words.", text=TEXT)
    publish(document, "First words.\n\nThird words.")
    _save(document, official, f"First words.\n\n{OTHER}\n\nThird words.")
    names = _planned(document)[2]
    _say(document, official, {_key(document, "2"): [names[1]]})
    _publish(document, official)
    assert standing(document)["2"] == OTHER
    assert paragraph(document, "2").removed_in is None


def test_the_latest_counts_and_can_be_taken_back():
    document, official = _drafted(f"First words.\n\n[2] {OTHER}\n\nThird words.")
    colleague = factories.an_official(document.consultation.unit)
    key, names = _key(document, "2"), _planned(document)[2]
    _say(document, official, {key: []})
    _say(document, colleague, {key: [names[1]]})
    assert queries.confirmations(document)[paragraph(document, "2").id].confirmed_by == colleague.id
    with transaction(official):
        confirming.reopen_match(actor=official, document=document, key=key, seen=1)
    assert queries.confirmations(document) == {}
    assert len(_planned(document)[0].doubts) == 1
    assert db.session.query(Confirmation).count() == 3, "rows are added, never changed"


def test_saying_the_same_again_is_no_act():
    document, official = _drafted(f"First words.\n\n[2] {OTHER}\n\nThird words.")
    key = _key(document, "2")
    assert _say(document, official, {key: []}) == 1
    assert _say(document, official, {key: []}) == 0
    acts = select(audit.AuditEntry).where(audit.AuditEntry.act == "paragraph.confirm")
    (entry,) = db.session.scalars(acts).all()
    assert (entry.actor_id, entry.after) == (official.id, "removed")
    assert list(audit.breaks()) == []


def test_a_confirmation_ends_where_its_words_leave_the_draft():
    document, official = _drafted(f"First words.\n\n[2] {OTHER}\n\nThird words.")
    names = _planned(document)[2]
    _say(document, official, {_key(document, "2"): [names[1]]})
    _save(document, official, "First words.\n\n[2] Shops may put tables out.\n\nThird words.")
    assert len(_planned(document)[0].doubts) == 1
    _publish(document, official, doubtful="accept")
    assert [link.confirmed_by for link in _lineage(document, "2")] == [None], "nobody saw these words"


@pytest.mark.parametrize("words", ["[2] A lamp at every crossing.", "- [2] a lamp"])
def test_typing_between_does_not_end_it(words):
    document, official = _drafted(f"First words.\n\n{words}\n\nThird words.")
    names = _planned(document)[2]
    _say(document, official, {_key(document, "2"): [names[1]]})
    _save(document, official, f"An opening.\n\nFirst  words.\n\n{words}\n\nThird words.\n\nAn end.")
    assert _planned(document)[0].doubts == ()


@pytest.mark.parametrize("said", [{"nothere": []}, {"KEY": ["0123456789abcdef.1"]}, {"KEY": [""]}])
def test_what_is_not_there_cannot_be_confirmed(said):
    document, official = _drafted(f"First words.\n\n[2] {OTHER}")
    said = {_key(document, "2") if key == "KEY" else key: names for key, names in said.items()}
    with pytest.raises(Invalid):
        _say(document, official, said)
    assert queries.confirmations(document) == {}


def test_all_or_nothing_of_one_act_is_kept():
    document, official = _drafted(f"First words.\n\n[2] {OTHER}")
    with pytest.raises(Invalid):
        _say(document, official, {_key(document, "2"): [], _key(document, "3"): ["unknown"]})
    assert queries.confirmations(document) == {}


def test_what_was_said_of_another_version_is_a_conflict():
    document, official = _drafted(f"First words.\n\n[2] {OTHER}")
    publish(document, TEXT + "\n\nFourth words.")
    with pytest.raises(Conflict):
        _say(document, official, {_key(document, "2"): []}, seen=1)
    with pytest.raises(Conflict), transaction(official):
        confirming.reopen_match(actor=official, document=document, key=_key(document, "2"), seen=1)


def test_only_officials_of_the_unit_confirm():
    document, _official = _drafted(f"First words.\n\n[2] {OTHER}")
    for stranger in (factories.a_person(), factories.an_official(factories.a_unit())):
        with pytest.raises(NotAllowed):
            _say(document, stranger, {_key(document, "2"): []})


def test_a_confirmation_holds_for_the_next_version_alone():
    document, official = _drafted(f"First words.\n\n[2] {OTHER}\n\nThird words.")
    _say(document, official, {_key(document, "2"): []})
    _publish(document, official)
    assert queries.confirmations(document) == {}


PARTS = st.lists(
    st.sampled_from(
        [
            "First words.",
            "[2] Second words, and a lamp at every crossing of the street.",
            "[1] Shops may put tables out in summer.",
            "[3] Nobody parks on a footway that is narrower than two metres.",
            "A footway narrower than two metres has no tables on it, nor boards, nor lamps.",
            "Trees stand in pits that are level with the paving.",
            "# A heading",
            "- [2] an item",
            "| a | b |\n|---|---|\n| [3] 1 | 2 |",
        ]
    ),
    min_size=1,
    max_size=6,
)
BEGINNING = "First words.\n\nShops may put tables out in summer, and boards.\n\nNobody parks on a footway."


@given(PARTS, st.lists(st.integers(0, 99), min_size=12, max_size=12))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@pytest.mark.slow
def test_once_all_is_confirmed_some_way_it_is_published_and_no_comment_is_lost(parts, choices):
    document, official = _drafted("\n\n".join(parts), text=BEGINNING)
    comments = [say(paragraph(document, number)) for number in "123"]
    confirmed = set()
    for turn in range(4):
        planned, _prepared, names = _planned(document)
        if not planned.doubts:
            break
        old = queries.current_page(document)
        asked = {old[doubt.old].key for doubt in planned.doubts}
        assert not asked & confirmed, "nobody is asked twice"
        said = {
            key: _chosen(names, choices[(turn * 3 + place) % len(choices)]) for place, key in enumerate(asked)
        }
        _say(document, official, said)
        confirmed |= asked
    _publish(document, official)
    links = [link for number in "123" for link in _lineage(document, number)]
    by_id = {paragraph(document, number).id: paragraph(document, number).key for number in "123"}
    assert {by_id[link.from_paragraph_id] for link in links if link.confirmed_by == official.id} == confirmed
    assert {link.confirmed_by for link in links if by_id[link.from_paragraph_id] not in confirmed} <= {None}
    assert sum(page_queries.talk_of(document.id).values()) == len(comments)
    with transaction():
        assert not recounting.recount()


def _chosen(names, number):
    """One block, two, or none."""
    if number % 4 == 0:
        return []
    first = names[number % len(names)]
    return [first] if number % 3 else list(dict.fromkeys([first, names[(number + 1) % len(names)]]))
