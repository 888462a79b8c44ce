"""Which letters are put together, and which are not."""

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.text.campaigns.letters import SHORTEST, letter
from consult.text.campaigns.likeness import likeness
from consult.text.campaigns.memory import grouped
from tests.text.campaigns import made

LIMES = (
    "They were planted in 1911 by the schoolchildren of the town and have outlived every paving scheme since. "
    "Flagstones can be relaid in a week, whereas a lime of that girth takes a century. Please spare the limes and "
    "publish what the contractor was asked to price."
)


def are_together(*texts, background=""):
    found = grouped(texts, background)
    return found[0] is not None and len(set(found)) == 1


def are_apart(*texts, background=""):
    return grouped(texts, background) == [None] * len(texts)


@pytest.mark.parametrize("seed", [1, 2])
def test_on_the_made_set_few_pairs_are_wrong_and_few_are_missed(seed):
    comments = made.everything(seed, size=48)
    found = made.score(comments, grouped(one.text for one in comments))
    assert found.precision >= 0.99
    assert found.recall >= 0.95


@pytest.mark.parametrize("template", [made.TRAFFIC, made.TABLES, made.SCHOOL])
def test_letters_of_alternatives_are_one_campaign_from_a_dozen_on(template):
    comments = made.of_alternatives(template, "one", 14, random.Random(5))
    found = made.score(comments, grouped(one.text for one in comments))
    assert found.recall >= 0.85


@pytest.mark.parametrize(
    "changed",
    [
        LIMES.upper(),
        LIMES.replace(" ", "\n  "),
        "> " + LIMES.replace(". ", ".\n> "),
        f"**{LIMES}**",
        LIMES.replace("planted", "plnated").replace("century", "centurry"),
        " ".join(reversed(LIMES.split(". "))),
        f"{LIMES} My brother and I carved our names into one of them the year before the bypass came, and were caned.",
        "Dear all,\n\nsee what my neighbour wrote, whose bees live of them:\n\n" + LIMES,
    ],
)
def test_a_copy_is_known_however_it_was_changed_on_the_way(changed):
    assert are_together(LIMES, changed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Please spare", "Please do not spare"),
        ("in 1911 by the", "in 1911, alas, by the"),
    ],
)
def test_a_word_that_turns_the_meaning_parts_letters_and_another_does_not(one, other):
    assert are_together(LIMES, LIMES.replace(one, other)) is ("not" not in other)


FRAME = (
    "Having walked the whole length of it twice with my daughter's class, I {} and would like the committee to hear "
    "why: the towpath floods at Beck Lock each spring, and the children cross there."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("support the closure", "oppose the closure"),
        ("think it should be closed", "think it should not be closed"),
        ("want more lamps there", "want fewer lamps there"),
        ("ask you to increase the toll", "ask you to decrease the toll"),
        ("ask for a limit of 20 mph", "ask for a limit of 30 mph"),
        ("prefer option A", "prefer option B"),
        ("prefer the northern route", "prefer the southern route"),
        ("am in favour of the weir", "am against the weir"),
    ],
)
def test_opposite_wishes_in_one_frame_are_two_campaigns(one, other):
    texts = [FRAME.format(one), FRAME.format(other), FRAME.format(one), FRAME.format(other)]
    first, second, third, fourth = grouped(texts)
    assert first is not None
    assert second is not None
    assert (first, second) == (third, fourth)
    assert first != second


def test_people_who_say_where_they_live_are_still_of_one_campaign():
    said = FRAME.format("have lived here for {} years")
    assert are_together(said.format("12"), said.format("34"))


@pytest.mark.parametrize("words", ["I agree.", "Please reconsider this", "No!", "", " ", "👍", "¶ § *** ---"])
def test_short_comments_are_never_grouped(words):
    assert are_apart(*[words] * 5)


def test_long_agreement_that_says_nothing_of_its_own_is_not_grouped():
    words = "I agree with this proposal and I fully support it, so please go ahead with it as soon as possible. Thank you!"
    assert len(words.split()) > SHORTEST
    assert are_apart(*[words] * 3)


def test_what_people_quote_does_not_bring_them_together():
    passage = made.PASSAGES[0]
    one, other = made.OWN_WORDS[0], made.OWN_WORDS[7]
    assert are_apart(f"> {passage}\n\n{one}", f"> {passage}\n\n{other}")
    assert are_apart(f"“{passage}” {one}", f'{other} "{passage}"')
    assert are_apart(f"{passage} {one}", f"{other} {passage}", background=passage)


def test_the_labels_of_a_form_do_not_bring_people_together():
    assert are_apart(*[one.text for one in made.forms(random.Random(1))])


def test_one_letter_that_holds_two_does_not_bring_campaigns_together():
    one, other = made.LETTERS[0], made.LETTERS[2]
    found = grouped([one, other, f"{one}\n\n{other}", one + " Thanks.", other + " Thanks."])
    assert found[0] == found[3]
    assert found[1] == found[4]
    assert found[0] != found[1]


def test_the_order_of_arrival_makes_little_difference():
    comments = made.everything(3, size=24)
    for seed in range(3):
        random.Random(seed).shuffle(comments)
        found = made.score(comments, grouped(one.text for one in comments))
        assert found.precision >= 0.99
        assert found.recall >= 0.93


@pytest.mark.slow
def test_groups_are_the_same_in_every_process():
    program = (
        "from tests.text.campaigns import made; from consult.text.campaigns.memory import grouped;"
        "print(grouped(one.text for one in made.everything(4, 12)))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert "1" in said[0]


def test_numbers_do_not_change_from_version_to_version():
    """They stand in tables: whoever changes them changes SEED."""
    found = letter(LIMES)
    assert (found.mark, found.buckets[:2], len(found.buckets)) == PINNED


PINNED = (1627496303107982004, (765150364091412170, 2015478166276965680), 28)

words = st.sampled_from(
    [
        "alder",
        "beech",
        "cedar",
        "oak",
        "elm",
        "river",
        "stone",
        "gate",
        "lane",
        "mill",
        "of",
        "the",
        "and",
        "to",
        "not",
        "by",
        "20",
    ]
)
texts = st.lists(words, max_size=60).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, max_size=8))
def test_case_and_blanks_make_no_difference(some):
    changed = ["  \n ".join(one.upper().split(" ")) for one in some]
    assert grouped(changed) == grouped(some)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_whatever_is_short_stays_alone(some):
    short = [one for one in some if len(letter(one).words) < SHORTEST]
    assert grouped(short) == [None] * len(short)


@settings(max_examples=80, deadline=None)
@given(texts, texts)
def test_likeness_is_the_same_both_ways(one, other):
    first, second = letter(one), letter(other)
    found, back = likeness(first, second), likeness(second, first)
    assert (found.shared, found.part, found.sentences) == (back.shared, back.part, back.sentences)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_no_text_is_too_odd(text):
    assert letter(text).mark == letter(text).mark
    assert len(grouped([text, text])) == 2
