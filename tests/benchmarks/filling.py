"""Sites to measure: a document of 200 paragraphs, and as many comments as are asked for, written by Core."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert

from consult import clock, config, create_app
from consult.consultations.models import Consultation, Policy
from consult.discussion import recounting
from consult.discussion.models import Comment, State
from consult.documents import actions, page_queries
from consult.documents.models import Document
from consult.extensions import db, transaction
from consult.keys import new_key
from consult.moderation.models import Cause, QueueItem, QueueTally
from tests import factories

PARAGRAPHS = 200
WORDS = 75  # a paragraph
BATCH = 5_000
_STOCK = [
    "footway",
    "width",
    "council",
    "standard",
    "comment",
    "clear",
    "people",
    "passing",
    "table",
    "chair",
    "board",
    "kerb",
    "crossing",
    "licence",
    "rule",
    "street",
    "should",
    "must",
    "may",
    "where",
    "while",
    "because",
    "measure",
    "metre",
    "person",
    "wheelchair",
    "delivery",
    "business",
    "resident",
    "plan",
    "month",
    "year",
]


def text(paragraphs: int = PARAGRAPHS, seed: int = 7) -> str:
    """Return Markdown of so many paragraphs, with a heading before every tenth; always the same for a seed."""
    chance = random.Random(seed)
    parts = []
    for number in range(paragraphs):
        if number % 10 == 0:
            parts.append(f"## Section {number // 10 + 1}")
        parts.append(" ".join(chance.choices(_STOCK, k=WORDS)).capitalize() + ".")
    return "\n\n".join(parts)


def site(settings: config.Settings) -> Flask:
    """Return an application with a database made and a site in it."""
    app = create_app(settings)
    with app.app_context():
        db.create_all()
        factories.a_site(name="Bench")
    return app


def document(policy: Policy = Policy.AFTER, source: str | None = None) -> Document:
    """Publish a document in an open consultation and return it."""
    unit = factories.a_unit()
    consultation = factories.a_consultation(unit, policy=policy, slug=f"bench-{new_key(5)}")
    made = factories.a_document(consultation, slug="draft")
    official = factories.an_official(unit)
    with transaction(official):
        actions.publish_version(actor=official, document=made, source=source or text(), note="First version.")
    return made


def comments(of: Document, count: int, *, state: State = State.PUBLISHED, people: int = 200) -> None:
    """Write comments spread over the paragraphs, and bring the counts and the queue up to date."""
    if count == 0:
        return
    authors = [factories.a_person().id for _ in range(people)]
    places = [row for row in page_queries.blocks(of.current_version_id) if not row.kind.startswith("h")]
    consultation: Consultation = of.consultation
    began = clock.now() - timedelta(hours=20)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        rows = [
            _row(of, consultation, places[n % len(places)], authors[n % people], state, began, n)
            for n in numbers
        ]
        db.session.execute(insert(Comment), rows)
        db.session.commit()
    if state is State.WAITING:
        _queue(of, consultation)
    with transaction():
        recounting.recount()


def _row(
    of: Document, consultation: Consultation, place: Any, author: int, state: State, began: Any, number: int
) -> dict[str, Any]:
    at = began + timedelta(milliseconds=number)
    words = " ".join(random.Random(number).choices(_STOCK, k=40))
    return {
        "key": f"b{of.id}x{number:07d}"[:12],
        "organisation_id": consultation.organisation_id,
        "document_id": of.id,
        "paragraph_id": place.paragraph_id,
        "version_id": of.current_version_id,
        "block_id": place.id,
        "author_id": author,
        "state": state,
        "body": words,
        "html": f"<p>{words}</p>",
        "created_at": at,
        "published_at": at if state is State.PUBLISHED else None,
        "was_published": state is State.PUBLISHED,
    }


def _queue(of: Document, consultation: Consultation) -> None:
    waiting = db.session.query(Comment.id, Comment.created_at).filter_by(
        document_id=of.id, state=State.WAITING
    )
    rows = [
        {
            "organisation_id": consultation.organisation_id,
            "consultation_id": consultation.id,
            "comment_id": comment_id,
            "cause": Cause.WAITING,
            "since": created_at,
            "due_at": created_at + timedelta(hours=(12, 24, 48)[number % 3]),
            "risk": number % 7 % 3,
        }
        for number, (comment_id, created_at) in enumerate(waiting)
    ]
    db.session.execute(insert(QueueItem), rows)
    db.session.add(
        QueueTally(organisation_id=consultation.organisation_id, cause=Cause.WAITING, open_count=len(rows))
    )
    db.session.commit()


def cookie(app: Flask, person: Any) -> str:
    """Return the Cookie header of somebody who is signed in."""
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = factories.a_session(person)
        session["_fresh"] = True
    kept = browser.get_cookie(str(app.config["SESSION_COOKIE_NAME"]))
    return f"{kept.key}={kept.value}" if kept else ""


def corpus(shared: Path) -> str | None:
    """Return the long real document, where it is there."""
    path = shared / "corpus" / "digital-identity-63b" / "v1.md"
    return path.read_text("utf-8") if path.is_file() else None
