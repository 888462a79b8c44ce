"""Which state of a comment leads to which, and who may lead it there. Pure.

What was sent only to the team has a life of its own: it is received, and then withdrawn by its author or erased. No
state in which the public, or a moderator, would see it can ever follow.
"""

from consult.discussion.models import State

# From each state, the states it can be led to. An author's withdrawal is final: nobody else undoes it.
LEADS_TO: dict[State, frozenset[State]] = {
    State.UNCONFIRMED: frozenset(
        {State.RECEIVED, State.WAITING, State.PUBLISHED, State.WITHDRAWN, State.ERASED}
    ),
    State.RECEIVED: frozenset({State.WITHDRAWN, State.ERASED}),
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
TEAM_ONLY = frozenset({State.UNCONFIRMED, State.RECEIVED, State.WITHDRAWN, State.ERASED})
SENT_BACK = frozenset(
    {State.RETURNED, State.TAKEN_DOWN}
)  # its author can correct it, and a moderator looks again
CORRECTABLE = frozenset({State.RECEIVED, State.WAITING, State.PUBLISHED}) | SENT_BACK
AUTHORS_OWN = frozenset({State.WITHDRAWN})  # where an author leads a comment without a moderator
ACTS: dict[State, str] = {
    State.UNCONFIRMED: "comment.hold",
    State.RECEIVED: "comment.receive",
    State.WAITING: "comment.hold",
    State.PUBLISHED: "comment.publish",
    State.RETURNED: "comment.return",
    State.TAKEN_DOWN: "comment.take_down",
    State.WITHDRAWN: "comment.withdraw",
    State.ERASED: "comment.erase",
}


def leads_to(before: State | None, after: State, *, is_team_only: bool) -> bool:
    """Say whether a comment in `before` (None: only just written) can become `after`."""
    may_stand = after in TEAM_ONLY if is_team_only else after is not State.RECEIVED
    return may_stand and (before is None or after in LEADS_TO[before])
