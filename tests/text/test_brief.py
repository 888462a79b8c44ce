"""Long texts made short enough to look over: what differs is always among what is left."""

import re

from hypothesis import given
from hypothesis import strategies as st

from consult.text.brief import brief, brief_diff

WORDS = st.lists(st.sampled_from(["the", "width", "kerb", "stays", "1.5", "metres"]), max_size=400)


def test_a_short_text_is_left_alone():
    assert brief("A kerb.") == "A kerb."


@given(st.text(max_size=900), st.integers(10, 300))
def test_a_long_text_is_cut(text, most):
    assert len(brief(text, most)) <= max(len(text) if len(text) <= most else 0, most + 2)
    assert brief(text, most).startswith(text[: most // 2].rstrip())


def _told(html: str, tag: str) -> str:
    return " ".join(re.findall(rf"<{tag}>(.*?)</{tag}>", html))


@given(WORDS, WORDS)
def test_a_word_put_in_is_shown_wherever_it_is(before, after):
    old, new = " ".join([*before, *after]), " ".join([*before, "never", *after])
    shown = brief_diff(old, new)
    assert "never" in _told(shown, "ins")
    assert len(shown) < 700


def test_far_into_a_very_long_text_the_difference_is_found():
    words = [f"word{number}" for number in range(20_000)]
    new = [*words]
    new[15_000] = "otherwise"
    shown = brief_diff(" ".join(words), " ".join(new))
    assert (_told(shown, "del"), _told(shown, "ins")) == ("word15000", "otherwise")
    assert len(shown) < 700


def test_nothing_but_text_comes_through():
    assert brief_diff("a <b> c", "a <i> c").count("<") == 4
    assert "<script" not in brief_diff("x", "<script>")
    assert "<b>" not in brief_diff("a <b> c", "a <b> c")
