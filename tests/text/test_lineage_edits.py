"""What became of made revisions: edits that a drafter makes, and traps, by a seed that nothing was chosen by."""

from collections import Counter
from collections.abc import Iterator

import pytest

from consult.text.blocks import listed, split
from consult.text.lineage import trace
from tests.benchmarks.lineage_edits import USUAL, Drafter, Made, Revision, draft, register

SEEDS = (7001, 7002, 7003)
TRAPS = {**USUAL, "look-alike": 6.0, "replace": 6.0, "remove": 8.0}


def verdicts(revisions: Iterator[Revision] | list[Revision]) -> dict[str, Counter[str]]:
    """For each fate how many blocks were right, wrong or orphaned, and how many of those wrongly in silence."""
    found: dict[str, Counter[str]] = {}
    for made in revisions:
        answer = trace(made.old, made.new)
        for i, gold in made.gold.items():
            # Where the same words stand twice in the new text, either is right.
            texts = {made.new[j].text for j in gold}
            got = answer.targets[i]
            right = all(j in gold or made.new[j].text in texts for j in got) if got else not gold
            verdict = "right" if right else "wrong" if got else "orphan"
            tally = found.setdefault(made.fate.get(i, "same"), Counter())
            tally[verdict] += 1
            tally["asked"] += i in answer.ask
            tally["silent"] += verdict != "right" and i not in answer.ask
    return found


def total(tallies: dict[str, Counter[str]]) -> Counter[str]:
    return sum(tallies.values(), Counter())


def size(tally: Counter[str]) -> int:
    return tally["right"] + tally["wrong"] + tally["orphan"]


def invented(fates: dict[str, float]) -> Iterator[Revision]:
    for seed in SEEDS:
        yield Drafter(draft(seed, 120), draft(seed + 50, 120), seed, fates).revise()


def test_the_edits_of_a_drafter_are_followed() -> None:
    found = verdicts(invented(USUAL))
    assert found["same"]["right"] == size(found["same"])
    for fate in ("light", "heavy", "split", "merge", "to row"):
        assert found[fate]["right"] >= 0.9 * size(found[fate]), fate


def test_no_more_than_one_in_five_hundred_is_wrong_in_silence_among_traps() -> None:
    found = total(verdicts(invented(TRAPS)))
    assert found["silent"] <= size(found) / 500 + 1
    assert found["asked"] <= 0.1 * size(found)


def test_a_row_that_lost_its_name_is_not_taken_for_its_neighbour_in_silence() -> None:
    found = verdicts([register(seed) for seed in SEEDS])
    assert found["field row"]["right"] >= 0.98 * size(found["field row"])
    assert found["field row removed"]["silent"] <= 0.25 * size(found["field row removed"])


@pytest.mark.parametrize("name", ["https-only/v2.md", "authenticators/v2.md", "digital-identity-63b/v1.md"])
def test_a_real_text_with_made_edits(name: str, shared_path) -> None:
    def blocks(path: str) -> list[Made]:
        source = (shared_path / "corpus" / path).read_text(encoding="utf-8")
        return [Made(kind, text) for kind, text in listed(split(source))]

    other = "https-only/v1.md" if "https" not in name else "authenticators/v1.md"
    made = Drafter(blocks(name)[:250], blocks(other), 7010).revise()
    found = total(verdicts([made]))
    assert found["silent"] <= 0.01 * size(found)
    assert found["asked"] <= 0.1 * size(found)
