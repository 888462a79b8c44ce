"""Toolkit pages past their review, and words that people looked for and did not find."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from consult.accounts.models import Person
from consult.extensions import db
from consult.monitor.rows import Found, Link, Row, sliced
from consult.monitor.rules import OFTEN
from consult.monitor.scope import Scope
from consult.search import fruitless
from consult.toolkit.models import Page
from consult.toolkit.queries import is_editing

MOST = 1_000  # rows of a list that is read as a whole


def pages(scope: Scope, after: str, limit: int) -> Found:
    """Return the toolkit pages past the day by which they should have been read again, the longest first.

    The toolkit is the whole site's: it stands beside every unit.
    """
    rows = db.session.execute(
        select(*(Page.slug, Page.title, Page.review_by, Page.reviewed_on), *_owner())
        .outerjoin(Person, Person.id == Page.owner_id)
        .where(Page.review_by < scope.today)
        .order_by(Page.review_by, Page.id)
        .limit(MOST)
    )
    return sliced([_page_row(scope, page) for page in rows], after, limit)


def _owner() -> tuple[Any, ...]:
    """Return the columns that say whose a page is, and whether they still see to it."""
    return Person.name.label("owner_name"), is_editing(Person.id).label("owner_edits")


def _page_row(scope: Scope, page: Any) -> Row:
    late_by = (scope.today - page.review_by).days
    return Row(
        what=page.title,
        link=Link("toolkit.page", {"slug": page.slug}),
        since=page.review_by,
        figure=late_by,
        late_by=late_by,
        where=_("Owner: %(name)s", name=page.owner_name) if page.owner_edits else _("Nobody owns it now"),
        mend=_("An editor reads it, puts right what is wrong and sets the day of the next review."),
        cursor=page.slug,
        more={"reviewed_on": page.reviewed_on},
    )


def searches(scope: Scope, after: str, limit: int) -> Found:
    """Return the words that were looked for in vain three times or more in 90 days, the most wanted first."""
    rows = fruitless.often(OFTEN, MOST)
    return sliced([_search_row(row) for row in rows], after, limit)


def _search_row(row: Any) -> Row:
    return Row(
        what=row.words,
        link=Link("search.results", {"q": row.words}),
        since=row.last_day,
        figure=int(row.times),
        mend=_("An editor writes about it in the toolkit, or a unit in its draft."),
        cursor=row.words,
    )


def stamps() -> tuple[Any, ...]:
    """Return what these lists hang on besides the day: toolkit pages and what was looked for."""
    toolkit = db.session.execute(select(func.count(Page.id), func.coalesce(func.sum(Page.stamp), 0))).one()
    owners = db.session.execute(
        select(Person.id, *_owner())
        .where(Person.id.in_(select(Page.owner_id).where(Page.owner_id.is_not(None))))
        .order_by(Person.id)
    )
    return (*toolkit, *map(tuple, owners), *fruitless.stamp())
