"""What a moderator reads before a bulk act: how many, of which kinds, which are left out and why, and a few of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.discussion.models import State
from consult.moderation.due import HIGH
from consult.moderation.holds.names import names_in
from consult.moderation.several.looking import Looked
from consult.moderation.several.models import Why

SAMPLES = 5
LEFT_SHOWN = 5  # of those left out for one reason


@dataclass(frozen=True)
class Preview:
    """What an act would do. `beyond` is how many more there are than one act takes."""

    looked: Sequence[Looked]
    beyond: int = 0

    @property
    def taken(self) -> list[Looked]:
        """Return what is decided on."""
        return [each for each in self.looked if each.why is None]

    @property
    def left(self) -> dict[Why, list[Looked]]:
        """Return what is left out, by the reason for it."""
        return {why: found for why in Why if (found := [each for each in self.looked if each.why is why])}

    @property
    def published_count(self) -> int:
        """Return how many of those that are decided on can be read now: somebody reported them."""
        return sum(each.comment.state is State.PUBLISHED for each in self.taken)

    @property
    def risky_count(self) -> int:
        """Return how many may harm somebody while they wait."""
        return sum(_is_risky(each) for each in self.taken)

    @property
    def holds(self) -> Counter[str]:
        """Return which holds fired, and for how many."""
        return Counter(name for each in self.taken if each.item for name in names_in(each.item.holds))

    @property
    def consultations(self) -> Counter[str]:
        """Return in which consultations they stand, by title, and how many in each."""
        return Counter(each.comment.document.consultation.title for each in self.taken)

    @property
    def samples(self) -> list[Looked]:
        """Return a few that show what is decided on: what may harm somebody first, then spread over the rest."""
        risky = [each for each in self.taken if _is_risky(each)][:SAMPLES]
        rest = [each for each in self.taken if each not in risky]
        return [*risky, *_spread(rest, SAMPLES - len(risky))]

    @property
    def these(self) -> str:
        """Return what binds the act to this preview: the key of each comment, and its face as it is shown here."""
        return " ".join(f"{each.comment.key}.{each.face}" for each in self.taken)


def _is_risky(each: Looked) -> bool:
    return each.item is not None and each.item.risk == HIGH


def _spread(found: Sequence[Looked], most: int) -> Iterator[Looked]:
    """Yield some that lie evenly, from first to last."""
    if len(found) <= most:
        yield from found
    else:
        yield from (found[at * len(found) // most] for at in range(most))
