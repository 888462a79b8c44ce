"""What a writer of the toolkit holds, in the order of every writer: the toolkit, people, documents, consultations.

What follows of a save, of the pages and the record, comes after all of these. Whoever closes an account, or takes in
what a guest wrote, goes the same way: or the two would wait for each other. On SQLite a transaction is alone anyway.
"""

from typing import Any

from sqlalchemy import Select, func, select

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.documents.models import Document
from consult.extensions import db
from consult.toolkit.models import Page, Revision
from consult.toolkit.talk.models import PageTalk

LOCK = 4022  # of the toolkit, on PostgreSQL


def hold_the_toolkit(actor: Any = None, page: Page | None = None, *, opens: bool = False) -> None:
    """Let one writer at a time change the toolkit, and the talk of a page that has one, or that is to have one."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    db.session.execute(select(func.pg_advisory_xact_lock(LOCK, 0)))
    if page is None:
        return
    document_id = db.session.scalar(select(PageTalk.document_id).where(PageTalk.page_id == page.id))
    if document_id is None and not opens:
        return
    writers = select(Revision.author_id).where(Revision.id == page.current_revision_id)
    named = Person.id.in_(writers) | (Person.id == (None if actor is None else actor.id))
    people = select(Person.id).where(named).order_by(Person.id)
    _hold(people.with_for_update(read=True, key_share=True))
    _hold(select(Document.id).where(Document.id == document_id).with_for_update(key_share=True))
    _hold(select(Consultation.id).where(Consultation.is_toolkit).with_for_update(key_share=True))


def _hold(rows: Select[Any]) -> None:
    db.session.execute(rows).all()
