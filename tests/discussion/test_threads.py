"""Threads as they are shown, whatever shape the talk has."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consult.discussion import threads
from consult.discussion.models import Kind, State


def _said(number: int, parent: Any = None, **values: Any) -> SimpleNamespace:
    filled = {
        "id": number,
        "key": f"k{number}",
        "parent_id": parent.id if parent else None,
        "root_id": (parent.root_id or parent.id) if parent else None,
        "author_id": number,
        "kind": Kind.COMMENT,
        "state": State.PUBLISHED,
        "reply_count": 0,
    }
    return SimpleNamespace(**{**filled, **values})


def _shape(nodes: list[threads.Node]) -> list[Any]:
    return [(node.comment.id, _shape(node.replies)) if node.replies else node.comment.id for node in nodes]


def test_replies_nest_three_deep_and_then_lie_flat():
    one = _said(1)
    two = _said(2, one)
    three = _said(3, two)
    four = _said(4, three)
    five = _said(5, four)
    nodes = threads.build([one], [two, three, four, five])
    assert _shape(nodes) == [(1, [(2, [3, 4, 5])])]
    assert [node.quotes for node in threads.walk(nodes)] == [False, False, False, True, True]


def test_ten_thousand_replies_deep_is_no_trouble():
    said = [_said(1)]
    for number in range(2, 10_002):
        said.append(_said(number, said[-1]))
    nodes = list(threads.walk(threads.build(said[:1], said[1:])))
    assert len(nodes) == 10_001
    assert max(node.level for node in nodes) == threads.DEEPEST


def test_a_reply_whose_parent_is_on_another_page_stands_under_the_top_and_quotes():
    top = _said(1)
    elsewhere = _said(2, top)
    reply = _said(3, elsewhere)
    (node,) = threads.build([top], [reply])
    assert _shape([node]) == [(1, [3])]
    assert node.replies[0].quotes


def test_a_reply_without_a_thread_here_is_left_out():
    assert threads.build([], [_said(2, _said(1))]) == []


def test_the_asker_is_known_in_their_own_thread():
    asked = _said(1, kind=Kind.QUESTION, author_id=7)
    thanks, other = _said(2, asked, author_id=7), _said(3, asked, author_id=8)
    (node,) = threads.build([asked], [thanks, other])
    assert [reply.is_askers for reply in node.replies] == [True, False]


def test_a_response_is_in_full_once_and_referred_to_afterwards():
    one, two = _said(1), _said(2)
    answers = [SimpleNamespace(id=9, comment_id=2), SimpleNamespace(id=9, comment_id=1)]
    first, second = threads.build([one, two], [], answers)
    assert [first.answers[0].in_full, second.answers[0].in_full] == [True, False]


def test_what_is_folded_is_counted():
    top = _said(1, reply_count=9)
    shown = [_said(2, top), _said(3, top), _said(4, top, state=State.TAKEN_DOWN)]
    (node,) = threads.build([top], shown)
    assert node.more == 7


def test_only_the_author_sees_their_own_waiting_words():
    waiting = _said(1, state=State.WAITING, author_id=7)
    (own,) = threads.build([waiting], viewer_id=7)
    (others,) = threads.build([waiting], viewer_id=8)
    (nobodys,) = threads.build([waiting])
    assert (own.is_pending, own.is_withheld) == (True, False)
    assert (others.is_pending, others.is_withheld) == (False, True)
    assert (nobodys.is_pending, nobodys.is_withheld) == (False, True)


@given(st.lists(st.integers(min_value=0, max_value=10_000), max_size=60), st.randoms())
def test_nothing_is_lost_nothing_is_twice_and_nobody_answers_the_future(parents, random):
    """Whatever hangs on whatever: every comment appears once, no deeper than the third level, after its parent."""
    said = [_said(number) for number in range(1, 4)]
    for number, pick in enumerate(parents, len(said) + 1):
        said.append(_said(number, said[pick % len(said)]))
    tops, below = said[:3], said[3:]
    shown = list(threads.walk(threads.build(tops, below)))
    assert Counter(node.comment.id for node in shown) == Counter(row.id for row in said)
    place = {node.comment.id: position for position, node in enumerate(shown)}
    for node in shown:
        assert 0 <= node.level <= threads.DEEPEST
        if node.host is not None:
            assert node.level == node.host.level + 1
            assert node in node.host.replies
        if node.comment.parent_id is not None:
            assert place[node.comment.parent_id] < place[node.comment.id]
            assert node.quotes or node.host.comment.id == node.comment.parent_id
