"""Mails about notices of complaint: to whoever gave one, and to the author of the comment.

What the author is sent, and when, follows the Schedule of the Defamation (Operators of Websites) Regulations 2013.
"""

from typing import Any

from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.discussion.desk.acts import UNDO
from consult.discussion.models import Comment
from consult.extensions import link_to, settings
from consult.moderation.complaints import times
from consult.moderation.complaints.models import Complaint, Outcome, Wish
from consult.notices.actions import send, take_back
from consult.notices.letters import LONGEST_ANSWER, Letter, letter, quoted
from consult.notices.listeners import tell
from consult.web.dates import in_words

MOMENT = "h.mm a 'on' EEEE d MMMM yyyy"
DAY = "EEEE d MMMM yyyy"


def on_complaint_made(sender: object, *, complaint: Complaint, comment: Comment, **more: Any) -> None:
    """Tell whoever complains that the notice has come, and by when we act. Nothing that was typed is in the mail."""
    _to_complainant(complaint, notice_received(complaint, comment))


def on_complaint_passed_on(
    sender: object, *, complaint: Complaint, comment: Comment, signed: str, **more: Any
) -> None:
    """Send the author a copy of the notice, without name and address where they are not to be passed on."""
    author = accounts.person(comment.author_id)
    tell(author, please_answer(author.name, complaint, comment, signed))
    _to_complainant(complaint, notice_passed_on(complaint, comment))


def on_complaint_settled(sender: object, *, complaint: Complaint, comment: Comment, **more: Any) -> None:
    """Tell both how it ended, when a moderator's decision can be taken back no more.

    Whose comment was taken down has the mail that tells of that; whoever was never asked needs none.
    """
    later = {"named": _name(complaint), "after": UNDO} if complaint.settled_by is not None else {}
    _to_complainant(complaint, notice_settled(complaint, comment), **later)
    author = accounts.person(comment.author_id)
    if complaint.passed_at is not None and complaint.outcome is not Outcome.REMOVED and author.is_active:
        tell(author, comment_stays(author.name, comment))


def on_complaint_reopened(sender: object, *, complaint: Complaint, **more: Any) -> None:
    """Tell nobody of an outcome that was taken back."""
    take_back([_name(complaint)])


def _name(complaint: Complaint) -> str:
    return f"complaint.{complaint.key}"


def _to_complainant(complaint: Complaint, written: Letter, **how: Any) -> None:
    if complaint.email:
        send(to=complaint.email, subject=written.subject, body=written.body, **how)


def notice_received(complaint: Complaint, comment: Comment) -> Letter:
    return letter(
        _("We have your notice of complaint"),
        _("Hello,"),
        _("Somebody, we hope you, sent us a notice of complaint about a comment on this site:"),
        link_to("discussion.comment", key=comment.key),
        _(
            "By %(when)s a moderator passes it on to the author, takes the comment down, or tells you what the notice "
            "lacks. Time at weekends and on bank holidays does not count.",
            when=in_words(complaint.due_at, MOMENT),
        ),
        _("We tell you of each step by email. If it was not you, please answer to the address below."),
    )


def please_answer(name: str, complaint: Complaint, comment: Comment, signed: str) -> Letter:
    """Ask the author; until when, what happens without an answer, and what is done with what they give."""
    shared = _("From %(name)s, %(email)s", name=complaint.name, email=complaint.email)
    return letter(
        _("Somebody complains about your comment: please answer"),
        _("Hello %(name)s,", name=name),
        _(
            "Somebody has given us notice that a comment of yours defames them (Defamation Act 2013, section 5). "
            "This is your comment:"
        ),
        quoted(comment.body, LONGEST_ANSWER),
        _("This is their notice."),
        shared if complaint.shares_contact else _("They do not wish you to have their name and address."),
        *_copy(complaint),
        _(
            "Please say by midnight at the end of %(day)s whether it should stay up, here:",
            day=in_words(times.last_day(complaint.due_at, settings().timezone), DAY),
        ),
        link_to("moderation.answer_complaint", signed=signed),
        _(
            "Without an answer by then, or if you wish it to stay and do not give your full name and postal address, "
            "we may take it down. Your name and postal address are given to whoever complains only if you agree, or "
            "if a court orders it. The link is for you alone."
        ),
    )


def _copy(complaint: Complaint) -> list[str]:
    parts = (
        (_("The words complained of:"), complaint.statement),
        (_("Why they say it defames them:"), complaint.why),
        (_("What they say it means:"), complaint.meaning),
        (_("What they say is wrong, or not supported by facts:"), complaint.untrue),
    )
    return [line for title, words in parts for line in (title, quoted(words, longest=None))]


def notice_passed_on(complaint: Complaint, comment: Comment) -> Letter:
    how = (
        _("Your name and email address were passed on with it, as you agreed.")
        if complaint.shares_contact
        else _("Your name and email address were left out, as you asked.")
    )
    return letter(
        _("Your notice of complaint has been passed on"),
        _("Hello,"),
        _("We have sent your notice to the author of the comment:"),
        link_to("discussion.comment", key=comment.key),
        how,
        _(
            "They have until midnight at the end of %(day)s to answer. We then tell you how it ends.",
            day=in_words(times.last_day(complaint.due_at, settings().timezone), DAY),
        ),
    )


def notice_settled(complaint: Complaint, comment: Comment) -> Letter:
    wrote = [_("The moderator writes:"), quoted(complaint.words, LONGEST_ANSWER)] if complaint.words else []
    return letter(
        _("How your notice of complaint ended"),
        _("Hello,"),
        *_about(complaint, comment),
        *_ended(complaint),
        *wrote,
    )


def _about(complaint: Complaint, comment: Comment) -> list[str]:
    """Say which comment it was: one that is gone has no link, for mails that lead to what is sealed are deleted."""
    if complaint.outcome is not Outcome.REMOVED:
        return [_("It was about this comment:"), link_to("discussion.comment", key=comment.key)]
    return [
        _(
            "It was about a comment on “%(title)s”, of which you gave notice on %(day)s.",
            title=comment.document.title,
            day=in_words(complaint.made_at, DAY),
        )
    ]


def _ended(complaint: Complaint) -> list[str]:
    if complaint.outcome is Outcome.REFUSED:
        return [_("We do not act on it. You can send another notice that has what this one lacks.")]
    if complaint.outcome is Outcome.REMOVED:
        if complaint.wish is Wish.REMOVE:
            return [_("Its author has taken it back. It can no longer be read on this site.")]
        return [_("It has been taken down and can no longer be read on this site.")]
    if complaint.wish is not Wish.STAND:
        return [_("It stays up. Its author did not answer.")]
    stays = _("It stays up. Its author has told us that they wish it to stay.")
    if not complaint.author_shares:
        return [stays, _("They do not agree that we give you their name and postal address.")]
    return [
        stays,
        _("They agree that we give you their name and postal address:"),
        quoted(f"{complaint.author_name}\n{complaint.author_address}", longest=None),
    ]


def comment_stays(name: str, comment: Comment) -> Letter:
    return letter(
        _("Your comment stays up"),
        _("Hello %(name)s,", name=name),
        _("The notice of complaint about this comment of yours is settled, and it stays up:"),
        quoted(comment.body),
        link_to("discussion.comment", key=comment.key),
    )
