"""Letters of one frame that ask for opposite things are two campaigns, whatever the frame; other wordings part nobody."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.text.campaigns.letters import letter
from consult.text.campaigns.memory import grouped
from consult.text.campaigns.stance import differ

OPPOSITES = [
    ("support the closure", "oppose the closure"),
    ("agree with the draft", "disagree with the draft"),
    ("fully support it", "do not support it"),
    ("have no objection to it", "have a strong objection to it"),
    ("think it should be closed", "think it shouldn't be closed"),
    ("believe that it can be mended", "believe that it cannot be mended"),
    ("will use the new stop", "won't use the new stop"),
    ("would always vote for it", "would never vote for it"),
    ("see a need for it", "see no need for it"),
    ("say yes to the market", "say no to the market"),
    ("find the plan acceptable", "find the plan unacceptable"),
    ("find the new rule fair", "find the new rule unfair"),
    ("consider it legal", "consider it illegal"),
    ("consider it possible", "consider it impossible"),
    ("consider it appropriate", "consider it inappropriate"),
    ("like the idea", "dislike the idea"),
    ("am satisfied with the plan", "am dissatisfied with the plan"),
    ("want more lamps there", "want fewer lamps there"),
    ("want the road wider", "want the road narrower"),
    ("say the fee is too high", "say the fee is too low"),
    ("would raise the rent", "would lower the rent"),
    ("want the gate shut before nine", "want the gate shut after nine"),
    ("want it to open earlier", "want it to open later"),
    ("ask you to start the works", "ask you to stop the works"),
    ("ask that dogs be allowed", "ask that dogs be banned"),
    ("want the market with cars", "want the market without cars"),
    ("want it made compulsory", "want it made voluntary"),
    ("want it to apply to everyone", "want it to apply to nobody"),
    ("lack confidence in it", "have confidence in it"),
    ("ask for a limit of 20 mph", "ask for a limit of 30 mph"),
    ("ask for a 20mph limit", "ask for a 30mph limit"),
    ("ask for two storeys", "ask for six storeys"),
    ("want it finished by 2027", "want it finished by 2035"),
    ("ask for 10% of the homes to be cheap", "ask for 50% of the homes to be cheap"),
    ("yn cefnogi'r cynllun", "yn gwrthwynebu'r cynllun"),
]
ALIKE = [
    ("It has not stopped the disease.", "It does nothing to stop the disease."),
    ("It will never end the disease.", "It does nothing to stop the disease."),
    ("Each year the herons return.", "Every year the herons return."),
    ("They live in an old unit there.", "They live in it there."),
    ("It was settled in 1999.", "It was settled in 2004."),
]
NEUTRAL = [
    "heron",
    "canal",
    "bakery",
    "chapel",
    "mill",
    "bridge",
    "orchard",
    "ferry",
    "kiln",
    "cobbler",
    "weir",
    "lantern",
    "parish",
    "quay",
    "barley",
    "saddler",
    "tannery",
    "gorse",
    "meadow",
    "loft",
    "cooper",
    "wharf",
    "hamlet",
    "plough",
]


def _frame(seed: int) -> tuple[str, str]:
    """Return two sentences of words that take no side, one to stand before and one behind."""
    chance = random.Random(seed)
    said = [chance.sample(NEUTRAL, 8) for _ in range(2)]
    first, second = (
        f"The {' and the '.join(words[:4])} stood by the {' beyond the '.join(words[4:])}" for words in said
    )
    return f"{first}, and so I", f". {second}."


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(OPPOSITES), st.booleans())
def test_opposites_in_one_frame_are_never_together(seed, pair, is_turned):
    before, behind = _frame(seed)
    one, other = (f"{before} {wish}{behind}" for wish in (reversed(pair) if is_turned else pair))
    found = grouped([one, other, one, other])
    assert found[0] is not None
    assert found[1] is not None
    assert found == [found[0], found[1], found[0], found[1]]
    assert found[0] != found[1]


@pytest.mark.parametrize("pair", ALIKE)
def test_other_wordings_of_the_same_are_no_opposites(pair):
    before, behind = _frame(1)
    assert not differ(*(letter(f"{before} say this. {said} {behind}") for said in pair))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([pair[0] for pair in OPPOSITES]))
def test_what_only_agrees_in_a_few_words_is_never_grouped(seed, wish):
    chance = random.Random(seed)
    words = [f"I {wish}.", f"I {wish}!", f"i {wish}", f"Yes, I {wish}, {chance.choice(NEUTRAL)} and all."]
    assert grouped(words) == [None] * len(words)
