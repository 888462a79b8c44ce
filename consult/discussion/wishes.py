"""What an author asks for a comment besides its words: who may read it, and for whom they answer. Pure."""

from dataclasses import dataclass

from consult.discussion.models import BodyKind


@dataclass(frozen=True)
class Wishes:
    """`is_team_only` with the reason why it is confidential; the organisation that the author answers for."""

    is_team_only: bool = False
    confidential_reason: str = ""
    on_behalf_of: str = ""
    on_behalf_kind: BodyKind | None = None


PLAIN = Wishes()
