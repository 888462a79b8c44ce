"""How the constants of `consult/text/matching/weights.py` were obtained, and how well they do.

    python -m tests.benchmarks.train_lineage DEV.jsonl [--write consult/text/matching/weights.py]

Needs numpy and scikit-learn (not dependencies of the product).  Fits the weighted sum of each round on pairs of
blocks from revision pairs with a known mapping, always leaving one repository out to measure.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from consult.text.matching.judge import (
    GONE,
    HOPELESS,
    MATCH,
    SPLIT,
    Sum,
    calibrated,
    certainty,
    judge,
    settle,
)
from consult.text.matching.scene import Pair, Scene
from consult.text.matching.surroundings import Surroundings
from consult.text.matching.weights import MOVING, PRODUCTS, STILL
from tests.benchmarks.lineage import BANDS, CLASSES, classes, verdict
from tests.benchmarks.lineage_edits import Made

NAMES = STILL + MOVING
INVERSE_PENALTY = 0.1
ROUNDS = 3


class Case:
    """One revision pair with its answers."""

    def __init__(self, line: dict) -> None:
        self.id, self.repo = line["pair_id"], line["repo"]
        self.gold = {int(i): js for i, js in line["gold"].items()}
        blocks = [[Made(**b) for b in line[side]] for side in ("old_blocks", "new_blocks")]
        self.scene = Scene(*blocks)
        self.classes = classes(*blocks, self.gold)


def rows(case: Case, links: Sequence[Pair], pairs: Sequence[Pair]) -> np.ndarray:
    around = Surroundings(case.scene, links)
    return np.array([(*case.scene.still[p], *around.features(*p)) for p in pairs]).reshape(-1, len(NAMES))


def widened(x: np.ndarray) -> np.ndarray:
    return np.column_stack([x, *(x[:, NAMES.index(a)] * x[:, NAMES.index(b)] for a, b in PRODUCTS)])


def fit(x: np.ndarray, y: np.ndarray) -> Sum:
    """Logistic regression on standardised features, folded back to plain ones."""
    wide = widened(x)
    mean, spread = wide.mean(0), wide.std(0) + 1e-9
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=5000).fit((wide - mean) / spread, y)
    weights = model.coef_[0] / spread
    constant = float(model.intercept_[0] - (weights * mean).sum())
    cut = len(NAMES)
    products = tuple(
        (NAMES.index(a), NAMES.index(b), float(w)) for (a, b), w in zip(PRODUCTS, weights[cut:], strict=True)
    )
    return Sum(constant, tuple(map(float, weights[:cut])), products)


def train(cases: Sequence[Case]) -> list[Sum]:
    """One sum for each round, fitted on what the matches of the round before show."""
    links: dict[str, list[Pair]] = {c.id: [] for c in cases}
    chances: dict[str, dict[Pair, float]] = {c.id: dict.fromkeys(c.scene.still, 1.0) for c in cases}
    sums = []
    for _ in range(ROUNDS):
        table = {c.id: ([p for p, v in chances[c.id].items() if v >= HOPELESS]) for c in cases}
        x = {c.id: rows(c, links[c.id], table[c.id]) for c in cases}
        known = [(c, n) for c in cases for n, p in enumerate(table[c.id]) if p[0] in c.gold]
        y = np.array([table[c.id][n][1] in c.gold[table[c.id][n][0]] for c, n in known], dtype=float)
        sums.append(fit(np.array([x[c.id][n] for c, n in known]), y))
        for c in cases:
            chances[c.id].update(
                (p, sums[-1].chance(list(map(float, r)))) for p, r in zip(table[c.id], x[c.id], strict=True)
            )
            links[c.id] = settle(chances[c.id])
    return sums


def solve(case: Case, sums: Sequence[Sum]) -> dict[Pair, float]:
    return judge(case.scene, sums)


def outcomes(
    case: Case, chances: dict[Pair, float], match: float = MATCH, split: float = SPLIT
) -> list[tuple]:
    """(index, class, verdict, certainty) of every scored old block."""
    links = settle(chances, match, split)
    got: dict[int, list[int]] = {i: [j] for i, j in case.scene.anchors.items()}
    for i, j in links:
        got.setdefault(i, []).append(j)
    sure = certainty(chances, links, 0)
    return [
        (
            i,
            case.classes[i],
            verdict(got.get(i, []), case.gold[i]),
            1.0 if i in case.scene.anchors else sure.get(i, GONE),
        )
        for i in case.gold
    ]


def left_out(cases: Sequence[Case], folds: Sequence[set[str]] | None = None) -> dict[str, dict[Pair, float]]:
    """Chances of every case by sums that did not see its repository."""
    found = {}
    for fold in folds or [{r} for r in sorted({c.repo for c in cases})]:
        sums = train([c for c in cases if c.repo not in fold])
        found.update({c.id: solve(c, sums) for c in cases if c.repo in fold})
    return found


def table(results: Sequence[tuple]) -> str:
    lines = []
    for name in ["hard", "all", *CLASSES]:
        kept = [v for _, c, v, _ in results if name == "all" or (c and name == "hard") or c == name]
        n = Counter(kept)
        lines.append(
            f"| {name} | {len(kept)} | "
            + " | ".join(f"{100 * n[k] / max(1, len(kept)):.2f}" for k in ("right", "wrong", "orphan"))
            + " |"
        )
    return "\n".join(lines)


def platt(results: Sequence[tuple]) -> tuple[float, float]:
    """Slope and shift that turn stated into real shares of right answers."""
    used = [(c, v == "right") for _, _, v, c in results if c < 1.0]
    x = np.array([np.log(min(0.999, max(0.001, c)) / (1 - min(0.999, max(0.001, c)))) for c, _ in used])
    model = LogisticRegression(C=10.0).fit(x.reshape(-1, 1), [ok for _, ok in used])
    return float(model.coef_[0][0]), float(model.intercept_[0])


def coverage(results: Sequence[tuple], lines: Sequence[float]) -> str:
    out = []
    for line in lines:
        silent = [r for r in results if r[3] >= line]
        n = Counter(r[2] for r in silent)
        total = len(results)
        out.append(
            f"| {line} | {100 * (total - len(silent)) / total:.2f} | {100 * n['wrong'] / total:.3f} | {100 * n['orphan'] / total:.3f} |"
        )
    return "\n".join(out)


def bands(results: Sequence[tuple]) -> str:
    """Stated confidence, answers, share right; equal text left out."""
    out = []
    for low, high in pairwise(BANDS):
        band = [r for r in results if r[3] < 1 and low <= r[3] < high]
        out.append(
            f"| {low:g} to {high:g} | {len(band)} | {sum(r[2] == 'right' for r in band) / max(1, len(band)):.3f} |"
        )
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    cases = [Case(json.loads(line)) for line in args.data.read_text(encoding="utf-8").splitlines() if line]
    chances = left_out(cases)
    results = [o for c in cases for o in outcomes(c, chances[c.id])]
    print(table(results))
    slope, shift = platt(results)
    print("calibration", slope, shift)
    marked = [(i, c, v, s if s == 1.0 else calibrated(s, slope, shift)) for i, c, v, s in results]
    print(bands(marked))
    print(coverage(marked, (0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)))
    if args.write:
        write(args.write, train(cases), slope, shift)


def _column(values: Sequence[float]) -> str:
    return "(" + ", ".join(f"{v:.3f}" for v in values) + ")"


def write(path: Path, sums: Sequence[Sum], slope: float, shift: float) -> None:
    """Put the new numbers in place of the old in the table at the end of the module."""
    head = path.read_text(encoding="utf-8").split("# --- fitted")[0]
    body = [
        "# --- fitted by train_lineage.py; do not edit by hand",
        f"SLOPE, SHIFT = {slope:.3f}, {shift:.3f}",
        "_FITTED: dict[str, tuple[float, ...]] = {",
        f'    "constant": {_column([s.constant for s in sums])},',
    ]
    body += [f'    "{name}": {_column([s.weights[at] for s in sums])},' for at, name in enumerate(NAMES)]
    body += [
        f'    "{a} * {b}": {_column([s.products[at][2] for s in sums])},'
        for at, (a, b) in enumerate(PRODUCTS)
    ]
    body += ["}", "", "ROUNDS = tuple(_sum(number) for number in range(3))", ""]
    path.write_text(head + "\n".join(body), encoding="utf-8")


if __name__ == "__main__":
    main()
