"""What tests of following share: people who follow, a round of telling, and the mails as they leave."""

from contextlib import contextmanager
from datetime import timedelta

from consult import clock
from consult.extensions import db, transaction
from consult.notices import dispatch, following, targets
from consult.notices.models import Follow, Pace
from tests import factories
from tests.accounts.ground import mails


class Post:
    """A way out that keeps what it is given."""

    is_real = True

    def __init__(self):
        self.mails = []

    @contextmanager
    def open(self):
        yield self

    def send(self, mail):
        assert not db.session().in_transaction()
        self.mails.append(mail)

    def to(self, address):
        return [mail for mail in self.mails if mail["To"] == address]


def later(**by):
    """Let time pass."""
    now = clock.now() + timedelta(**by)
    clock.replace(lambda: now)
    return now


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def html_of(mail):
    return mail.get_body(("html",)).get_content()


def names_of(thing):
    """What names a thing in the address of the page where one follows it."""
    kind = type(thing).__name__
    if kind == "Consultation":
        return {"consultation": thing.slug}
    if kind == "Document":
        return {"consultation": thing.consultation.slug, "document": thing.slug}
    if kind == "Paragraph":
        return {**names_of(thing.document), "paragraph": thing.key}
    return {
        {"Comment": "comment", "Unit": "unit", "Page": "page"}[kind]: getattr(thing, "key", None)
        or thing.slug
    }


def follow(thing, pace=Pace.DAILY, *, by=None):
    """Let somebody with an account follow something."""
    by = by or factories.a_person()
    with transaction(by):
        return following.follow_as_known(actor=by, target=targets.found(names_of(thing)), pace=pace)


def tell():
    """Wait until nothing can be undone, and tell followers what happened. Digests are told once they are due."""
    later(minutes=1)
    dispatch.tell_followers()


def deliver():
    """Deliver what is due, and return the post."""
    post = Post()
    dispatch.deliver_due(post)
    return post


def morning():
    """Go to the next morning, when digests are due."""
    now = clock.now()
    at = (now + timedelta(days=1)).replace(hour=9, minute=0)
    clock.replace(lambda: at)


def told_at_once(thing=None):
    tell()
    return deliver()


def digest():
    """Tell, go to the next morning, and return the post of then."""
    tell()
    morning()
    dispatch.tell_followers()
    return deliver()


def follows(person_or_address):
    """What somebody follows, read afresh."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.query(Follow).order_by(Follow.id))


def words_to(address):
    """The words of all mails to an address that wait with their words in the outbox."""
    return [mail.body for mail in mails(address)]
