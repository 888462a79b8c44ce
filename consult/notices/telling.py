"""Making the words of a mail to a follower, when it leaves: from what is public then, and what they follow then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from consult import clock
from consult.accounts import queries as accounts
from consult.consultations.election_models import Effect
from consult.consultations.election_queries import organisations_with
from consult.extensions import db, link_to
from consult.notices import mails, targets, told, wordings
from consult.notices.followers import Reader, readers
from consult.notices.items import Item, items
from consult.notices.letters import foot
from consult.notices.models import Follow, Happening
from consult.notices.paper import Block, Foot, Heading, Link, Words, as_html, as_text
from consult.notices.reach import reaches
from consult.notices.signed import For, sign


@dataclass(frozen=True)
class Told:
    """A mail in words. `leave` is where it is left by one click, `thread` ties it to others about the same thing."""

    to_address: str
    subject: str
    body: str
    html: str
    unit_name: str
    thread: str
    leave: str


def in_words(follower_id: int, tells: str) -> Told | None:
    """Return what a mail tells a follower, in words; None where there is nothing to tell (any more).

    Nothing is to be told of what was taken down meanwhile, or to somebody who has left.
    """
    reader = readers([follower_id]).get(follower_id)
    follows = mails.follows_of([follower_id])[follower_id]
    if reader is None or not reader.address or not follows:
        return None
    what = told.read(tells)
    if isinstance(what, told.ChangedParagraphs):
        return _changed(reader, follows, what)
    return _news(reader, follows, what)


def is_held(tells: str) -> bool:
    """Say whether a mail must wait: an organisation of which it tells has begun to keep quiet before an election."""
    silent = organisations_with(Effect.SEND_NO_MAILS, clock.now())
    if not silent:
        return False
    what = told.read(tells)
    is_told = (
        Happening.version_id == what.version_id
        if isinstance(what, told.ChangedParagraphs)
        else Happening.id.in_(what.ids)
    )
    held = select(Happening.id).where(is_told, Happening.organisation_id.in_(silent)).limit(1)
    return db.session.scalar(held) is not None


def _news(reader: Reader, follows: Sequence[Follow], what: told.News) -> Told | None:
    columns: Any = Happening.__table__.c
    rows = db.session.execute(select(*columns).where(columns.id.in_(what.ids))).all()
    reach = reaches(rows)
    rows = [row for row in rows if any(reach[row.id].covers(follow) for follow in follows)]
    known = items(rows)
    if not known:
        return None
    shown = sorted(known.values(), key=lambda item: item.at, reverse=True)
    through = [follow for follow in follows if any(reach[number].covers(follow) for number in known)]
    blocks = list(_grouped(shown))
    if what.more:
        more = ngettext(
            "And %(num)s more thing happened that is not in this mail.",
            "And %(num)s more things happened that are not in this mail.",
            what.more,
        )
        blocks.append(Words(more))
    return _told(reader, through, _subject(shown), shown, blocks)


def _grouped(shown: Iterable[Item]) -> Iterable[Block]:
    """Return what happened by consultation; the one where something happened last comes first."""
    groups: dict[str, list[Item]] = {}
    for item in shown:
        groups.setdefault(item.group, []).append(item)
    for group, some in groups.items():
        yield Heading(group)
        for item in some:
            yield from item.blocks


def _subject(shown: Sequence[Item]) -> str:
    """Return what a mail is called: what it tells alone, or where things happened."""
    if len({item.thread for item in shown}) == 1:
        return shown[0].subject
    groups = list(dict.fromkeys(item.group for item in shown))
    if len(groups) == 1:
        return str(_("What is new: %(title)s", title=groups[0]))
    more = len(groups) - 1
    return str(_("What is new: %(title)s, and %(num)s more", title=groups[0], num=more))


def _changed(reader: Reader, follows: Sequence[Follow], what: told.ChangedParagraphs) -> Told | None:
    found = wordings.changed_paragraphs(what.version_id, reader.people)
    if found is None:
        return None
    through = [follow for follow in follows if follow.consultation_id == found.consultation_id]
    if not through:
        return None
    subject = ngettext(
        "The paragraph you commented on has changed: %(title)s",
        "%(num)s paragraphs you commented on have changed: %(title)s",
        found.count,
        title=found.title,
    )
    return _told(reader, through, subject, [found.item], list(found.item.blocks))


def _told(
    reader: Reader, through: Sequence[Follow], subject: str, shown: Sequence[Item], blocks: list[Block]
) -> Told:
    leave = _leave_link(reader, through)
    blocks = [*blocks, *_why(reader, through, leave), Foot(foot())]
    units, threads = {item.unit_name for item in shown}, {item.thread for item in shown}
    return Told(
        to_address=reader.address,
        subject=subject,
        body=as_text(blocks),
        html=as_html(subject, blocks),
        unit_name=units.pop() if len(units) == 1 else accounts.site().name,
        thread=threads.pop() if len(threads) == 1 else "",
        leave=leave,
    )


def _leave_link(reader: Reader, through: Sequence[Follow]) -> str:
    """Return where the mail is left: the one thing by which it came, or all that its reader follows."""
    if len(through) == 1:
        return link_to("notices.leave", signed=sign(For.LEAVE, through[0].key))
    return link_to("notices.leave_all", signed=sign(For.LEAVE_ALL, reader.follower.key))


def _why(reader: Reader, through: Sequence[Follow], leave: str) -> Iterable[Block]:
    """Return why the mail came, and how to have no more of them."""
    names = targets.described([(follow.what, follow.target_id) for follow in through])
    yield Heading(_("Why you get this"))
    titles = "\n".join(f"- {target.title}" for target in targets.in_order(list(names.values())))
    yield Words(_("You follow:") + "\n" + titles)
    yield Words(_("To stop following this:") if len(through) == 1 else _("To stop all these emails:"))
    yield Link(leave, _("Stop, by one click"))
    yield Words(_("To choose what you follow and how often you are told:"))
    choose = sign(For.CHOOSE, reader.follower.key)
    yield Link(link_to("notices.choose", signed=choose), _("Choose"))
