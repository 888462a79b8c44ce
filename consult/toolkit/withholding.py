"""Taking the words of an earlier revision out of sight, and showing them again. They stay stored, and both on record."""

from typing import Any

from flask_babel import gettext as _

from consult import audit, clock
from consult.errors import Conflict
from consult.extensions import db
from consult.permissions import May, require
from consult.toolkit import linking, queries
from consult.toolkit.models import Page, Revision
from consult.toolkit.talk.locking import hold_the_toolkit
from consult.toolkit.talk.withheld import follow_withholding


def withhold(*, actor: Any, page: Page, number: int, why: str) -> Revision:
    """Let nobody read an earlier revision; in its place readers see when it was withheld, and why.

    Raises Conflict for the page as it stands: that is saved without the words first.
    """
    revision = _held(actor, page, number)
    if number == page.revision_count:
        raise Conflict(
            _("This is the page as it stands: save it without these words, then withhold this revision.")
        )
    if revision.withheld_at is None:
        revision.withheld_at, revision.withheld_by, revision.withheld_why = clock.now(), actor.id, why
        _tell("toolkit.withhold", actor, page, number)
    return revision


def show_again(*, actor: Any, page: Page, number: int) -> Revision:
    """Let everybody read a revision again that was withheld."""
    revision = _held(actor, page, number)
    if revision.withheld_at is not None:
        revision.withheld_at, revision.withheld_by, revision.withheld_why = None, None, ""
        _tell("toolkit.show_again", actor, page, number)
    return revision


def _held(actor: Any, page: Page, number: int) -> Revision:
    require(May.EDIT_TOOLKIT, actor)
    hold_the_toolkit(actor, page)
    db.session.refresh(page)
    revision = queries.revision(page.id, number)
    db.session.refresh(revision)
    return revision


def _tell(act: str, actor: Any, page: Page, number: int) -> None:
    db.session.flush()
    follow_withholding(page.id)
    linking.raise_stamps(page, frozenset())
    audit.record(act, f"page:{page.id}", actor_id=actor.id, after=str(number))
