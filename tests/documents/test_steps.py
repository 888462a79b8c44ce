"""From one list of paragraphs to a later one by steps, over any number of versions in between."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.documents.matching import Old
from consult.documents.placing import plan
from consult.documents.steps import Link, apply, steps, trails
from consult.text.blocks import split

WIDTH = (
    "The clear width is 1.5 metres along the whole of the footway, so that two people can pass each other."
)
BINS = "Bins may be put out from seven in the evening before collection, and should be back inside by noon."
BOARDS = (
    "Boards stand against the building, and are taken in at closing time. One board is enough for one shop."
)
TREES = (
    "A tree is not felled only to meet this standard; the footway around it is widened where there is room."
)


class Life:
    """A document whose versions follow each other without a database; a paragraph's first number is its key."""

    def __init__(self, *sources: str) -> None:
        self.page: list[Old] = []
        self.used: set[str] = set()
        self.versions: list[list[dict[str, str]]] = []
        self.links: list[list[Link]] = []
        self.known: list[set[str]] = []
        self.relations: list[dict[str, str]] = []
        for source in sources:
            self.publish(source)

    def publish(self, source: str, confirmed: dict[int, list[int]] | None = None) -> None:
        blocks = split(source, known_numbers=frozenset(self.used))
        planned = plan(self.page, blocks, self.used, confirmed)
        self.links.append(
            [
                Link(link.old.number, link.slot.number if link.slot else None, link.confidence, False)
                for link in planned.links
                if link.old
            ]
        )
        self.versions.append(
            [
                {
                    "key": slot.number,
                    "number": slot.number,
                    "kind": blocks[slot.new].kind,
                    "text": blocks[slot.new].text,
                }
                for slot in planned.slots
                if slot.new is not None
            ]
        )
        self.relations.append({slot.number: slot.relation for slot in planned.slots})
        tables = {slot.number: index for index, slot in enumerate(planned.slots)}
        self.page = [
            Old(
                index,
                slot.number,
                slot.kind,
                slot.old.text if slot.new is None and slot.old else blocks[slot.new or 0].text,
                slot.is_removed,
                tables.get(slot.number.partition(".")[0]) if slot.kind == "row" else None,
            )
            for index, slot in enumerate(planned.slots)
        ]
        self.used |= {slot.number for slot in planned.slots}
        self.known.append(set(self.used))

    def steps(self, before: int, after: int):
        old, new = self.versions[before - 1], self.versions[after - 1]
        found = trails([entry["key"] for entry in old], self.links[before:after])
        return steps(old, new, found, self.known[before - 1])

    def told(self, before: int, after: int) -> dict[str, tuple[str, list[str], list[str]]]:
        return {
            step["key"]: (step["relation"], step["from"], step["to"]) for step in self.steps(before, after)
        }


def _paragraphs(*words: str) -> str:
    return "\n\n".join(words)


def test_what_did_not_change_is_told_without_its_words():
    life = Life(_paragraphs(WIDTH, BINS), _paragraphs(WIDTH, BINS.replace("noon", "eight in the evening")))
    first, second = life.steps(1, 2)
    assert (first["relation"], "text" in first) == ("same", False)
    assert (second["relation"], second["text"][-21:]) == ("edited", "eight in the evening.")


def test_over_two_versions_a_paragraph_is_the_same_that_was_changed_and_changed_back():
    other = WIDTH.replace("1.5", "2.0")
    life = Life(*(_paragraphs(words, BINS) for words in (WIDTH, other, WIDTH)))
    assert life.told(1, 3)["1"] == ("same", ["1"], ["1"])


def test_what_was_removed_and_came_back_is_told_from_either_side():
    life = Life(_paragraphs(WIDTH, BINS), WIDTH, _paragraphs(WIDTH, BINS))
    assert life.told(1, 2)["2"] == ("removed", ["2"], [])
    assert life.told(2, 3)["2"] == ("restored", [], ["2"])
    assert life.told(1, 3)["2"] == ("same", ["2"], ["2"])


def test_a_join_is_told_for_both_and_followed_through_the_versions_after_it():
    life = Life(_paragraphs(WIDTH, BINS))
    life.publish(f"{WIDTH} {BINS}", {0: [0], 1: [0]})
    life.publish(_paragraphs(TREES, f"{WIDTH} {BINS}"))
    for after in (2, 3):
        told = life.told(1, after)
        assert told["1"] == ("merged", ["1", "2"], ["1"])
        assert told["2"] == ("merged", ["2"], ["1"])


def test_a_paragraph_that_has_its_own_place_again_is_joined_no_more():
    life = Life(_paragraphs(WIDTH, BINS))
    life.publish(f"{WIDTH} {BINS}", {0: [0], 1: [0]})
    life.publish(_paragraphs(WIDTH, BINS), {0: [0], 1: [1]})
    assert life.told(1, 3) == {"1": ("same", ["1"], ["1"]), "2": ("same", ["2"], ["2"])}


def test_a_split_is_told_for_both_parts():
    life = Life(_paragraphs(f"{WIDTH} {BINS}", BOARDS))
    life.publish(_paragraphs(WIDTH, BINS, BOARDS), {0: [0, 1]})
    assert life.told(1, 2)["1"] == ("split", ["1"], ["1", "1A"])
    assert life.told(1, 2)["1A"] == ("split", ["1"], ["1A"])


def test_a_move_is_told_also_of_what_was_reworded_on_the_way():
    life = Life(
        _paragraphs(WIDTH, BINS, BOARDS), _paragraphs(f"[3] {BOARDS.replace('One', 'Half a')}", WIDTH, BINS)
    )
    step = life.steps(1, 2)[0]
    assert (step["key"], step["relation"], step["is_moved"]) == ("3", "edited", True)


def test_a_list_that_is_not_the_old_one_is_refused():
    life = Life(_paragraphs(WIDTH, BINS), _paragraphs(WIDTH, TREES))
    told = life.steps(1, 2)
    old = life.versions[0]
    for wrong in (
        [*old, {"key": "9", "number": "9", "kind": "p", "text": "Of this nothing is said."}],
        old[1:],
        [{**old[0], "number": "7"}, old[1]],
    ):
        with pytest.raises(ValueError):
            apply(wrong, told)
    with pytest.raises(ValueError):
        apply(old, told[1:])
    with pytest.raises(ValueError):
        apply(old, [{**step, "position": 0} if step["position"] is not None else step for step in told])


WORDS = (
    WIDTH,
    BINS,
    BOARDS,
    TREES,
    "One.",
    "Two.",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "- one\n- two",
    "## Head",
)
PART = st.sampled_from((*WORDS, f"{WIDTH} {BINS}", f"{BOARDS} {TREES}", f"[1] {TREES}", f"[2] {WIDTH}"))
TURNS = st.sampled_from((lambda words: words, lambda words: words.replace(" is ", " is not ")))
SOURCE = st.lists(st.builds(lambda turn, words: turn(words), TURNS, PART), min_size=1, max_size=7)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(sources=st.lists(SOURCE, min_size=2, max_size=4))
def test_the_steps_applied_to_the_old_give_the_new(sources):
    life = Life(*("\n\n".join(parts) for parts in sources))
    for before in range(1, len(sources)):
        for after in range(before + 1, len(sources) + 1):
            old = copy.deepcopy(life.versions[before - 1])
            told = life.steps(before, after)
            assert apply(old, told) == life.versions[after - 1]
            keys = {entry["key"] for entry in [*old, *life.versions[after - 1]]}
            assert sorted(step["key"] for step in told) == sorted(keys), "each paragraph is told of once"
            assert old == life.versions[before - 1]


@settings(max_examples=120, deadline=None, derandomize=True)
@given(sources=st.lists(SOURCE, min_size=2, max_size=4))
def test_from_one_version_to_the_next_the_steps_say_what_the_page_says(sources):
    life = Life(*("\n\n".join(parts) for parts in sources))
    for after in range(2, len(sources) + 1):
        told = {step["key"]: step["relation"] for step in life.steps(after - 1, after)}
        assert told == {key: life.relations[after - 1][key] for key in told}
