"""From one list of paragraphs to a later one, step by step: what is given out as the lineage of a document. Pure.

`trails` follows each old paragraph through the versions in between, `steps` says of each old and new one what became of
it, and `apply` goes from the old list to the new by the steps alone. Plain values in, plain values out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple, NotRequired, TypedDict

from consult.documents.placing import moved
from consult.text import sameness


class Standing(TypedDict):
    """A paragraph as it stands in a version."""

    key: str
    number: str
    kind: str
    text: str


Step = TypedDict(
    "Step",
    {
        "key": str,
        "relation": str,
        "from": list[str],  # keys in the old version of what it was made of
        "to": list[str],  # keys in the new version of what it lives on in, where it stood in the old
        "before": str | None,  # its number in the old version
        "after": str | None,  # its number in the new one; None for what does not stand there
        "position": int | None,  # its place in the new one, from 0
        "is_moved": bool,
        "confidence": float,
        "is_confirmed": bool,
        "kind": NotRequired[str],  # where it is not as it was
        "text": NotRequired[str],  # where it is not as it was
    },
)


class _Sure(TypedDict):
    confidence: float
    is_confirmed: bool


class Link(NamedTuple):
    """One record of what a version did to one paragraph, by keys."""

    came: str
    went: str | None
    confidence: float
    is_confirmed: bool


@dataclass(frozen=True)
class Trail:
    """Where the words of one old paragraph are by now.

    `now` has each paragraph that bears them, with those it was left for on the way: when one of these has its own
    place again, the words are there. `gone` are the paragraphs on the way that have no place now.
    """

    now: Mapping[str, tuple[str, ...]]
    gone: frozenset[str] = field(default=frozenset())
    confidence: float = 1.0
    is_confirmed: bool = False


def trails(old: Iterable[str], versions: Iterable[Sequence[Link]]) -> dict[str, Trail]:
    """Follow each of these keys through the links of one version after the other."""
    found = {key: Trail({key: ()}) for key in old}
    for links in versions:
        by_key: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            by_key[link.came].append(link)
        found = {key: _onward(trail, by_key) for key, trail in found.items()}
    return found


def _onward(trail: Trail, links: Mapping[str, list[Link]]) -> Trail:
    now: dict[str, tuple[str, ...]] = {}
    gone = set(trail.gone)
    for key, way in trail.now.items():
        targets = [link.went for link in links[key] if link.went] if key in links else [key]
        if key not in targets:
            gone.add(key)
            way = (*way, key)
        for target in targets:
            now.setdefault(target, way)
    for key in sorted(trail.gone & links.keys()):
        targets = [link.went for link in links[key] if link.went]
        now = {target: way for target, way in now.items() if key not in way} | dict.fromkeys(targets, ())
        gone -= set(targets)
    taken = [links[key][0] for key in (*trail.now, *trail.gone) if key in links]
    return Trail(
        now,
        frozenset(gone),
        prod((link.confidence for link in taken), start=trail.confidence),
        trail.is_confirmed or any(link.is_confirmed for link in taken),
    )


def steps(
    old: Sequence[Standing],
    new: Sequence[Standing],
    found: Mapping[str, Trail],
    known: Collection[str] = (),
) -> list[Step]:
    """Say of every paragraph what became of it: first those of the new version in order, then those that left.

    `known` are keys given before the old version was published, whether they stand in it or not.
    """
    both = _Both(old, new, found, known)
    told = [both.standing(entry, position) for position, entry in enumerate(new)]
    return told + [both.left(entry) for entry in old if entry["key"] not in both.stands]


class _Both:
    """The two lists and the trails between them, at hand for making the steps."""

    def __init__(
        self,
        old: Sequence[Standing],
        new: Sequence[Standing],
        found: Mapping[str, Trail],
        known: Collection[str],
    ) -> None:
        self.found, self.known = found, known
        self.was = {entry["key"]: entry for entry in old}
        self.stands = {entry["key"] for entry in new}
        self.place = {entry["key"]: place for place, entry in enumerate(old)}
        self.moved = moved([self.place[entry["key"]] for entry in new if entry["key"] in self.place])
        self.made_of: dict[str, list[str]] = defaultdict(list)
        for entry in old:
            for key in found[entry["key"]].now:
                self.made_of[key].append(entry["key"])

    def standing(self, entry: Standing, position: int) -> Step:
        key = entry["key"]
        before, sources = self.was.get(key), self.made_of[key]
        targets = self._targets(key) if before else [key]
        is_moved = self.place.get(key) in self.moved
        relation = self._kept(before, entry, sources, targets) if before else self._come(key, sources)
        step: Step = {
            "key": key,
            "relation": "moved" if relation == "same" and is_moved else relation,
            "from": sources,
            "to": targets,
            "before": before["number"] if before else None,
            "after": entry["number"],
            "position": position,
            "is_moved": is_moved,
            **self._sure([key] if before else sources),  # type: ignore[typeddict-item]
        }
        if before is None or before["kind"] != entry["kind"]:
            step["kind"] = entry["kind"]
        if before is None or before["text"] != entry["text"]:
            step["text"] = entry["text"]
        return step

    def left(self, entry: Standing) -> Step:
        targets = self._targets(entry["key"])
        return {
            "key": entry["key"],
            "relation": "merged" if targets else "removed",
            "from": [entry["key"]],
            "to": targets,
            "before": entry["number"],
            "after": None,
            "position": None,
            "is_moved": False,
            **self._sure([entry["key"]]),  # type: ignore[typeddict-item]
        }

    def _targets(self, key: str) -> list[str]:
        """Return where the words of an old paragraph are, its own place first."""
        targets = [target for target in self.found[key].now if target in self.stands]
        return sorted(targets, key=lambda target: target != key)

    def _sure(self, keys: Iterable[str]) -> _Sure:
        ways = [self.found[key] for key in keys]
        return {
            "confidence": round(min((way.confidence for way in ways), default=1.0), 4),
            "is_confirmed": any(way.is_confirmed for way in ways),
        }

    def _kept(
        self, before: Standing, after: Standing, sources: Collection[str], targets: Collection[str]
    ) -> str:
        """Name what became of a paragraph that stands in both, as the record does (`placing`)."""
        if sameness.same_words(before["text"]) == sameness.same_words(after["text"]):
            return "same"
        if len(targets) > 1:
            return "split"
        return "merged" if any(source not in self.stands for source in sources) else "edited"

    def _come(self, key: str, sources: Collection[str]) -> str:
        """Name whence a paragraph came that does not stand in the old version."""
        if key in self.known:
            return "restored"
        if not sources:
            return "added"
        return "split" if any(source in self.stands for source in sources) else "merged"


def apply(old: Sequence[Standing], told: Sequence[Step]) -> list[Standing]:
    """Return the new list that the steps make of the old. Raises ValueError where they do not fit it."""
    was = {entry["key"]: entry for entry in old}
    silent = was.keys() - {step["key"] for step in told}
    if silent:
        raise ValueError(f"no step says what became of {sorted(silent)}")
    placed = {step["position"]: step for step in told if step["position"] is not None}
    if sorted(placed) != list(range(sum(step["position"] is not None for step in told))):
        raise ValueError("the places of the new list are not each taken once")
    return [_applied(was.get(placed[place]["key"]), placed[place]) for place in range(len(placed))]


def _applied(before: Standing | None, step: Step) -> Standing:
    if before is None and not {"kind", "text"} <= step.keys():
        raise ValueError(f"{step['key']} is not in the old list")
    if (before["number"] if before else None) != step["before"] or step["after"] is None:
        raise ValueError(f"{step['key']} is not numbered as in the old list")
    kept: Mapping[str, Any] = before or {}
    return {
        "key": step["key"],
        "number": step["after"],
        "kind": step.get("kind", kept.get("kind", "")),
        "text": step.get("text", kept.get("text", "")),
    }
