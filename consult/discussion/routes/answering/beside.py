"""What stands beside a comment on the officials' pages: the words it is about, how long it may wait, who answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request

from consult import clock
from consult.accounts.models import Unit
from consult.consultations.election_queries import calendar
from consult.discussion.desk import reading
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment
from consult.discussion.routes.blueprint import bp
from consult.documents import paragraph_queries
from consult.documents.models import Block
from consult.documents.paragraph_queries import Kin
from consult.errors import Closed, Conflict
from consult.extensions import db, transaction
from consult.text.diff import diff_html
from consult.text.markdown import stored_html
from consult.web import access


@dataclass(frozen=True)
class WordsBeside:
    """The words that something was said about, and those that stand there now; None where there are none."""

    kin: Kin
    then: Block | None
    now: Block | None

    @property
    def context(self) -> dict[str, Any]:
        """Return what `discussion/_words_beside.html` needs."""
        then, now = self.then, self.now
        is_changed = then is not None and now is not None and then.plain != now.plain
        diff = diff_html(then.plain, now.plain) if is_changed and then and now else None
        return {"then": then, "now_block": now, "diff": diff}


def words_then_and_now(said: Comment) -> WordsBeside:
    document = said.document
    kin = paragraph_queries.kin(document, said.paragraph.key)
    if kin.home is not None:  # joined with another since: its words of today stand there
        kin = paragraph_queries.kin(document, kin.home.key)
    now = paragraph_queries.block_of(kin.paragraph, document.current_version_id or 0)
    return WordsBeside(kin, said.block, None if now is not None and now.is_removed else now)


def late_before(units: Sequence[Unit]) -> dict[int, datetime]:
    organisations = {unit.organisation_id for unit in units}
    return calendar(organisations).late_before_of(units, clock.now())


def moment_given(given: str | None) -> datetime | None:
    """Return the moment a form carries, or None when it carries none that makes sense."""
    try:
        found = datetime.fromisoformat(given or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def shown_reply(refusal: Closed | Conflict | None) -> Any:
    """Return what a colleague answered meanwhile, to stand beside what was typed."""
    theirs = getattr(refusal, "theirs", None)
    return None if theirs is None else {"author": theirs.author.name, "html": stored_html(theirs.html)}


def note_read(said: Comment) -> None:
    """Write down that an official has it before them, in a transaction of its own, where nobody at the unit had.

    The words must be shown whole on the page that follows. A page that a browser fetches ahead was read by nobody.
    """
    if is_fetched_ahead() or not reading.is_new(said):
        return
    who = access.actor()
    with transaction(who):
        reading.note_read(actor=who, comments=[said])


def is_fetched_ahead() -> bool:
    """Say whether a browser asks for the page before anybody has gone there."""
    return request.headers.get("Sec-Purpose", "").startswith("prefetch")


@bp.app_template_global()
def ledger_entry(said: Comment) -> LedgerEntry | None:
    """Return where a comment stands in the ledger; None for a reply that asks nothing."""
    return db.session.get(LedgerEntry, said.id)
