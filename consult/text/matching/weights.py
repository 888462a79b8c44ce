"""The features of a pair of blocks, what each is for, and how much it counts.

Fitted by logistic regression (see `tests/benchmarks`), which chose them by leaving one repository out: a feature
is here because texts of organisations that the fit had not seen came out better with it.  Each round has weights of its
own: the first sees equal text alone, the second the first matches, the third settles what the second turned.
`SLOPE` and `SHIFT` turn stated into real shares of right answers (`judge.calibrated`).
"""

from consult.text.matching.judge import Sum

# Features that no other match can change (`Scene.still`), in order.
STILL = (
    "old kept",  # weight of the old block's words found in the new one
    "new known",  # weight of the new block's words found in the old one
    "old pieces",  # the same by pieces of four letters, for languages that inflect and compound
    "new pieces",
    "pairs",  # neighbouring words kept together
    "missing",  # the rarest word that one has and the other lacks: boilerplate about something else
    "same kind",  # paragraph to paragraph, row to row
    "heading to text",  # a heading seldom becomes a paragraph
    "old length",  # in short blocks a share of words says less
    "new length",
    "old sibling",  # by how much another old block resembles the old one more than the new one does
    "new sibling",  # the same among new blocks: look-alikes of each other
    "old lead",  # by how much this target is better than the old block's next best
    "new lead",  # by how much this source is better than the new block's next best
)
# Features that the matches of the round before decide (`Surroundings.features`), in order.
MOVING = (
    "near",  # stands where it would if nothing had moved
    "joins previous",  # the block before went to the block before
    "joins next",
    "previous alike",  # the block before resembles the block before, matched or not
    "next alike",
    "keeps distance before",  # as many blocks from the last matched one, in both texts
    "keeps distance after",
    "same rank",  # the same number of unmatched blocks on both sides, and the same one among them
    "keeps order",  # matched neighbours stay on their side
    "section",  # the heading above, and the blocks under it, went there too
    "taken",  # another old block lives there already (then it would be a merge)
    "left over",  # and what of the old block is in the part that the other does not explain
    "shared out",  # the old block has another place already (then it would be a split)
    "left behind",  # and what of the new block is in the part that did not go there
)
# Products: what is said of short blocks is not true of long ones, and of merges and splits not of the rest.
PRODUCTS = (
    ("old length", "old pieces"),
    ("new length", "new pieces"),
    ("old length", "old kept"),
    ("new length", "new known"),
    ("taken", "old pieces"),
    ("taken", "new known"),
    ("shared out", "old kept"),
    ("shared out", "new pieces"),
)


def _sum(number: int) -> Sum:
    names = STILL + MOVING
    return Sum(
        constant=_FITTED["constant"][number],
        weights=tuple(_FITTED[name][number] for name in names),
        products=tuple(
            (names.index(one), names.index(other), _FITTED[f"{one} * {other}"][number])
            for one, other in PRODUCTS
        ),
    )


# --- fitted by train.py; do not edit by hand
SLOPE, SHIFT = 1.162, 0.312
_FITTED: dict[str, tuple[float, ...]] = {
    "constant": (-3.865, -5.586, -5.541),
    "old kept": (0.150, 0.798, 0.827),
    "new known": (0.411, 0.797, 0.485),
    "old pieces": (0.154, 0.943, 1.049),
    "new pieces": (2.023, 2.289, 1.988),
    "pairs": (-1.236, 0.527, 0.446),
    "missing": (-0.387, 0.033, 0.063),
    "same kind": (-0.226, -0.004, 0.088),
    "heading to text": (-2.000, -2.160, -2.461),
    "old length": (1.347, 0.543, 0.669),
    "new length": (-0.296, -0.765, -0.660),
    "old sibling": (-1.672, -0.294, -0.315),
    "new sibling": (-2.137, -1.545, -1.368),
    "old lead": (3.409, 0.969, 1.290),
    "new lead": (2.876, 1.261, 1.221),
    "near": (0.626, 0.440, 0.819),
    "joins previous": (1.207, 0.303, 0.330),
    "joins next": (-0.176, 0.261, 0.390),
    "previous alike": (0.934, 0.774, 0.550),
    "next alike": (1.137, 0.159, 0.096),
    "keeps distance before": (0.370, 0.207, 0.324),
    "keeps distance after": (1.674, 2.175, 1.563),
    "same rank": (0.831, 0.073, 0.248),
    "keeps order": (0.040, 0.052, 0.067),
    "section": (0.364, 0.606, 0.649),
    "taken": (0.000, -1.185, -1.063),
    "left over": (0.000, 7.247, 6.197),
    "shared out": (0.000, -0.804, -0.650),
    "left behind": (0.000, 5.041, 4.990),
    "old length * old pieces": (0.074, 1.405, 1.282),
    "new length * new pieces": (0.326, 2.207, 1.962),
    "old length * old kept": (0.393, 1.318, 1.133),
    "new length * new known": (-0.878, 1.136, 0.902),
    "taken * old pieces": (0.000, -2.024, -1.637),
    "taken * new known": (0.000, -1.097, -1.288),
    "shared out * old kept": (0.000, -1.861, -1.284),
    "shared out * new pieces": (0.000, -2.356, -2.064),
}

ROUNDS = tuple(_sum(number) for number in range(3))
