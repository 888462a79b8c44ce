"""A passage of a text for which a rule asks a moderator to look. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Found:
    """`start` and `end` are places in the text; `kind` is a code for what stands there."""

    start: int
    end: int
    kind: str


def apart(passages: "list[Found]") -> list[Found]:
    """Return passages in the order of the text; of two that overlap only the longer, or the first of two alike."""
    kept: list[Found] = []
    for passage in sorted(passages, key=lambda each: (each.start, -each.end)):
        if not kept or passage.start >= kept[-1].end:
            kept.append(passage)
        elif passage.end - passage.start > kept[-1].end - kept[-1].start:
            kept[-1] = passage
    return kept
