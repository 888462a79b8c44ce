"""What goes by itself in this room when its time is over: what nobody saved or sent, and what no page came to say.

As in `accounts.actions.forgetting`, each function takes one handful and returns how many rows it deleted.
"""

from collections.abc import Sequence

from sqlalchemy import delete

from consult import clock
from consult.accounts.actions.forgetting import delete_some, handful
from consult.accounts.retention import Kept, kept_since
from consult.extensions import db
from consult.toolkit.suggestions.models import State, Suggestion
from consult.toolkit.unsaved.models import Unsaved

OVER = (State.DECLINED, State.WITHDRAWN)


def forget_unsaved(*, actor: None = None) -> int:
    """Delete what somebody began to write and has not touched for a while."""
    return delete_some(Unsaved, Unsaved.updated_at <= kept_since(Kept.UNSENT, clock.now()))


def forget_suggestions(*, actor: None = None) -> int:
    """Delete suggestions that were declined or taken back a while ago; the record keeps that there was one."""
    since = kept_since(Kept.SUGGESTIONS, clock.now())
    ids = handful(
        Suggestion, Suggestion.settled_at <= since, Suggestion.state.in_(OVER), by=Suggestion.settled_at
    )
    delete_suggestions(ids)
    return len(ids)


def delete_suggestions(ids: Sequence[int]) -> None:
    """Delete suggestions, and what editors had begun to make of them."""
    if ids:
        db.session.execute(delete(Unsaved).where(Unsaved.suggestion_id.in_(ids)))
        db.session.execute(delete(Suggestion).where(Suggestion.id.in_(ids)))
