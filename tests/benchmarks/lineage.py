"""How well and how fast paragraphs are found again: against real revision pairs, and in long documents.

The pairs are read from the shared folder, `anchoring/dev.jsonl`, and the figures of other methods from the README
beside them.  The weights were fitted on these same pairs, so what is printed here flatters them;
`train_lineage` prints what comes out with each repository left out of the fit.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import Any

from rapidfuzz import fuzz

from consult.text.lineage import Lineage, trace
from tests.benchmarks.lineage_edits import Drafter, Made, Revision, draft, register

Table = tuple[str, list[str], list[list[Any]]]
Answer = tuple[str | None, str, float, bool]
"""Of an old block its class (none: equal text once on each side), verdict, confidence, and whether it is asked about."""

CLASSES = ["light edit", "heavy edit", "split", "merge", "repeated", "removed"]
OUTCOMES = ("right", "wrong", "orphan")
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.999)
LINES = (0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97)
BLOCKS = 5_000


@dataclass(frozen=True)
class Pair:
    """Two texts and the right answer: for old indices the new ones; and the class of each scored old block."""

    old: list[Made]
    new: list[Made]
    gold: dict[int, list[int]]
    classes: dict[int, str | None]


def tables(folder: Path) -> Iterator[Table]:
    """Every table of this section, in order."""
    pairs, source, others = _material(folder)
    began = time.process_time()
    found = [trace(pair.old, pair.new) for pair in pairs]
    cost = 1000 * (time.process_time() - began) / len(pairs)
    answers = [a for pair, lineage in zip(pairs, found, strict=True) for a in _answers(pair, lineage)]
    yield from _accuracy(source, answers, others)
    yield _calibration(source, answers)
    yield _coverage(source, answers)
    yield _speed(pairs, cost)


def read_pairs(file: Path) -> list[Pair]:
    """The pairs of a file as `../shared/anchoring` has them."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_pair(json.loads(line)) for line in lines if line.strip()]


def _pair(line: Mapping[str, Any]) -> Pair:
    old, new = ([Made(b["kind"], b["text"]) for b in line[side]] for side in ("old_blocks", "new_blocks"))
    gold = {int(i): targets for i, targets in line["gold"].items()}
    return Pair(old, new, gold, classes(old, new, gold))


def classes(
    old: Sequence[Made], new: Sequence[Made], gold: Mapping[int, Sequence[int]]
) -> dict[int, str | None]:
    """What became of each old block, by the rule of the README beside the pairs; None for unique equal text."""
    in_old, in_new = Counter(b.text for b in old), Counter(b.text for b in new)
    claimed = Counter(j for targets in gold.values() for j in targets)

    def name(text: str, targets: Sequence[int]) -> str | None:
        if in_old[text] == 1 == in_new[text]:
            return None
        if len(targets) != 1:
            return "split" if targets else "removed"
        if new[targets[0]].text == text:
            return "repeated"
        if claimed[targets[0]] > 1:
            return "merge"
        ratio = SequenceMatcher(None, text, new[targets[0]].text, autojunk=False).ratio()
        return "light edit" if ratio >= 0.8 else "heavy edit"

    return {i: name(old[i].text, targets) for i, targets in gold.items()}


def verdict(got: Sequence[int], gold: Sequence[int]) -> str:
    """`right`, `wrong` (on another paragraph) or `orphan` (given up though it lives on)."""
    if not got:
        return "orphan" if gold else "right"
    return "right" if set(got) <= set(gold) else "wrong"


def _material(folder: Path) -> tuple[list[Pair], str, list[list[str]]]:
    """The pairs, what to call them, and the rows of other methods."""
    if (folder / "dev.jsonl").is_file():
        pairs = read_pairs(folder / "dev.jsonl")
        return pairs, f"{len(pairs)} real pairs, on which the weights were fitted", _baselines(folder)
    made = [Drafter(draft(seed, 150), draft(seed + 50, 150), seed).revise() for seed in range(12)]
    made += [register(seed) for seed in range(3)]
    return [_made_pair(m) for m in made], f"{len(made)} made pairs: the real ones are not here", []


def _made_pair(made: Revision) -> Pair:
    return Pair(made.old, made.new, made.gold, classes(made.old, made.new, made.gold))


def _baselines(folder: Path) -> list[list[str]]:
    """The table of other methods in the README: name, hard and all (right, wrong, orphan), classes, seconds."""
    rows = [
        [cell.strip() for cell in line.strip("| \n").split("|")]
        for line in (folder / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    width = 1 + 2 * len(OUTCOMES) + len(CLASSES) + 1
    return [row for row in rows if len(row) == width and row[1].replace(".", "").isdigit()]


def _answers(pair: Pair, found: Lineage) -> Iterator[Answer]:
    asked = set(found.ask)
    for i, gold in pair.gold.items():
        yield pair.classes[i], verdict(found.targets[i], gold), found.confidence[i], i in asked


def _accuracy(source: str, answers: Sequence[Answer], others: Sequence[list[str]]) -> Iterator[Table]:
    changed = [a for a in answers if a[0]]
    shares = [_share(part, name) for part in (changed, answers) for name in OUTCOMES]
    shares += [_share([a for a in changed if a[0] == name], "right") for name in CLASSES]
    heads = ["method", *(f"{part}: {name} %" for part in ("changed", "all") for name in OUTCOMES), *CLASSES]
    rows: list[list[Any]] = [row[: len(heads)] for row in others]
    rows.append([f"consult ({len(changed)} changed of {len(answers)})", *shares])
    yield f"Paragraphs found again: {source}", heads, rows


def _share(answers: Sequence[Answer], name: str) -> str:
    return f"{100 * sum(a[1] == name for a in answers) / max(1, len(answers)):.1f}"


def _calibration(source: str, answers: Sequence[Answer]) -> Table:
    rows: list[list[Any]] = []
    for low, high in zip(BANDS, (*BANDS[1:], 1.01), strict=True):
        band = [a for a in answers if low <= a[2] < high]
        right = f"{sum(a[1] == 'right' for a in band) / len(band):.3f}" if band else "-"
        rows.append([f"{low:g} to {min(high, 1):g}", len(band), right])
    return f"What confidence means: {source}", ["stated", "answers", "share right"], rows


def _coverage(source: str, answers: Sequence[Answer]) -> Table:
    rules: list[tuple[str, Callable[[Answer], bool]]] = [("as the product asks", lambda a: a[3])]
    rules += [(f"below {line}", lambda a, line=line: a[2] < line) for line in LINES]  # type: ignore[misc]
    rows = []
    for name, rule in rules:
        silent = Counter(a[1] for a in answers if not rule(a))
        figures = (len(answers) - silent.total(), silent["wrong"], silent["orphan"])
        rows.append([name, *(f"{100 * figure / len(answers):.2f}" for figure in figures)])
    return (
        f"Asking a person, in % of all blocks: {source}",
        ["ask", "asked", "wrong unasked", "given up unasked"],
        rows,
    )


def _speed(pairs: Sequence[Pair], cost: float) -> Table:
    """CPU seconds, and how many times what the plain ratios of the longest pair, block by block, take."""
    longest = max(pairs, key=lambda pair: len(pair.old) * len(pair.new))
    yardstick = _timed(lambda: _ratios(longest))
    known = {i: i for i in range(BLOCKS) if i != BLOCKS // 2}
    rows: list[list[Any]] = [
        ["a pair, on average", cost / 1000, cost / 1000 / yardstick],
        [f"all ratios of the longest pair ({len(longest.old)} by {len(longest.new)})", yardstick, 1.0],
    ]
    for name, share, sure in (
        ("one changed, the others known", 0.0, known),
        ("one changed", 0.0, None),
        ("a quarter changed", 0.25, None),
        ("all changed", 1.0, None),
    ):
        old, new = long_documents(share)
        seconds = _timed(lambda: trace(old, new, sure))  # noqa: B023
        rows.append([f"{BLOCKS:,} blocks, {name}", seconds, seconds / yardstick])
    return "Time to find paragraphs again", ["what", "CPU s", "ratio"], rows


def _ratios(pair: Pair) -> None:
    for before in pair.old:
        for after in pair.new:
            fuzz.ratio(before.text, after.text)


def _timed(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def long_documents(share: float, size: int = BLOCKS) -> tuple[list[Made], list[Made]]:
    """A long text and the same with this share of its blocks reworded, one at least."""
    old = draft(1, size)
    draw = Random(2)
    drafter = Drafter(old, draft(3, 200), 2)
    new = list(old)
    for i in {size // 2, *draw.sample(range(size), round(share * size))}:
        new[i] = drafter.reworded(old[i])
    return old, new
