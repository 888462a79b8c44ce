"""The desk with few and with very many comments: each of its lists, its first page and its last."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import insert, select

from consult import clock
from consult.discussion.desk import listing
from consult.discussion.desk.asked import Desk
from consult.discussion.desk.models import Point, PointComment
from consult.discussion.desk.sieve import Order, Sieve, View
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Comment, Kind, State
from consult.documents import page_queries
from consult.documents.models import Document
from consult.extensions import db
from consult.keys import new_key
from tests import factories
from tests.benchmarks import filling

KINDS = (Kind.QUESTION, Kind.COMMENT, Kind.CONCERN, Kind.SUPPORT, Kind.SUGGESTION, Kind.EVIDENCE)
PLACES = (Place.NEW, Place.READ, Place.IN_PROGRESS, Place.ANSWERED)


def fill(of: Document, count: int, official: Any) -> None:
    """Write comments of every kind and place, some with an official, some under a point, some only for the team."""
    consultation = of.consultation
    point = Point(
        key=new_key(10),
        consultation_id=consultation.id,
        title="Width",
        position=1,
        created_by=official.id,
        created_at=clock.now(),
    )
    db.session.add(point)
    db.session.flush()
    places = [row for row in page_queries.blocks(of.current_version_id) if not row.kind.startswith("h")]
    author, began = factories.a_person().id, clock.now() - timedelta(days=20)
    for start in range(0, count, filling.BATCH):
        numbers = range(start, min(start + filling.BATCH, count))
        rows = [
            {
                **filling._row(of, consultation, places[n % len(places)], author, State.PUBLISHED, began, n),
                "kind": KINDS[n % len(KINDS)],
                "is_team_only": n % 50 == 0,
            }
            for n in numbers
        ]
        db.session.execute(insert(Comment), rows)
        ids = dict(
            db.session.execute(select(Comment.key, Comment.id).where(Comment.key >= rows[0]["key"])).all()
        )
        entries = [
            _entry(row, ids[row["key"]], consultation, official.id, start + n) for n, row in enumerate(rows)
        ]
        db.session.execute(insert(LedgerEntry), entries)
        under = [
            {"point_id": point.id, "comment_id": entry["comment_id"]}
            for entry in entries[:: max(1, count // 200)]
        ]
        db.session.execute(insert(PointComment), under)
        db.session.commit()
    db.session.execute(db.text("ANALYZE" if db.engine.dialect.name == "postgresql" else "SELECT 1"))
    db.session.commit()


def addresses(official: Any, of: Document) -> dict[str, str]:
    """Return the addresses to measure, by what they show: every list, its last page, and lists in every order."""
    unit = of.consultation.unit
    now = clock.now()
    at = Desk(official.id, [unit], {unit.id: now - timedelta(days=7)})
    found: dict[str, str] = {}
    for view in View:
        for order in (Order.OLDEST, Order.PARAGRAPH):
            asked = Sieve(view=view, order=order)
            name = f"{view.value}, {order.value}"
            found[f"{name}, first page"] = f"/desk?{urlencode(asked.asked)}"
        backwards = listing.keys_of(at, Sieve(view=view, order=Order.NEWEST), listing.PAGE)
        query = urlencode({**Sieve(view=view).asked, "after": backwards[-1]})
        found[f"{view.value}, last page"] = f"/desk?{query}"
    for name, query in (
        ("waiting, of one consultation", {"consultation": of.consultation.slug}),
        ("waiting, with nobody", {"with": "nobody"}),
        ("waiting, too late", {"age": "late"}),
        ("all, sent only to the team", {"show": "all", "team": "1"}),
        ("all, of one kind", {"show": "all", "kind": "evidence"}),
    ):
        found[name] = f"/desk?{urlencode(query)}"
    return found


def _entry(
    row: dict[str, Any], comment_id: int, consultation: Any, official_id: int, n: int
) -> dict[str, Any]:
    place = PLACES[n // len(KINDS) % len(PLACES)]
    if place is Place.IN_PROGRESS and row["kind"] is not Kind.QUESTION:
        place = Place.READ
    return {
        "comment_id": comment_id,
        "unit_id": consultation.unit_id,
        "consultation_id": consultation.id,
        "document_id": row["document_id"],
        "paragraph_id": row["paragraph_id"],
        "kind": row["kind"],
        "place": place,
        "is_shown": True,
        "is_team_only": row["is_team_only"],
        "waits": row["kind"] is Kind.QUESTION and place is not Place.ANSWERED,
        "since": row["created_at"],
        "asked_at": row["created_at"] if row["kind"] is Kind.QUESTION else None,
        "assignee_id": official_id if n % 5 == 0 else None,
    }
