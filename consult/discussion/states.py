"""Which state of a comment leads to which, and who may lead it there. Pure."""

from consult.discussion.models import State

# From each state, the states it can be led to. An author's withdrawal is final: nobody else undoes it.
LEADS_TO: dict[State, frozenset[State]] = {
    State.UNCONFIRMED: frozenset({State.WAITING, State.PUBLISHED, State.WITHDRAWN, State.ERASED}),
    State.WAITING: frozenset(
        {State.PUBLISHED, State.RETURNED, State.TAKEN_DOWN, State.WITHDRAWN, State.ERASED}
    ),
    State.PUBLISHED: frozenset(
        {State.WAITING, State.RETURNED, State.TAKEN_DOWN, State.WITHDRAWN, State.ERASED}
    ),
    State.RETURNED: frozenset(
        {State.WAITING, State.PUBLISHED, State.TAKEN_DOWN, State.WITHDRAWN, State.ERASED}
    ),
    State.TAKEN_DOWN: frozenset({State.WAITING, State.PUBLISHED, State.RETURNED, State.ERASED}),
    State.WITHDRAWN: frozenset({State.ERASED}),
    State.ERASED: frozenset(),
}
CORRECTABLE = frozenset({State.WAITING, State.PUBLISHED, State.RETURNED})
AUTHORS_OWN = frozenset({State.WITHDRAWN})  # where an author leads a comment without a moderator
ACTS: dict[State, str] = {
    State.UNCONFIRMED: "comment.hold",
    State.WAITING: "comment.hold",
    State.PUBLISHED: "comment.publish",
    State.RETURNED: "comment.return",
    State.TAKEN_DOWN: "comment.take_down",
    State.WITHDRAWN: "comment.withdraw",
    State.ERASED: "comment.erase",
}


def leads_to(before: State | None, after: State) -> bool:
    """Say whether a comment in `before` (None: only just written) can become `after`."""
    return before is None or after in LEADS_TO[before]
