"""Mails about words that were taken out, and about appeals: to the author, and to the outsider who is asked to decide."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from consult import reasons
from consult.accounts import queries as accounts
from consult.discussion.models import Comment, Decision
from consult.extensions import link_to
from consult.moderation.appeals import queries
from consult.moderation.appeals.models import Appeal, Outcome
from consult.notices.actions import send
from consult.notices.letters import LONGEST_ANSWER, Letter, letter, quoted, what_you_can_do, why
from consult.notices.listeners import after_undo, tell, where_decided


def on_appeal_made(sender: object, *, appeal: Appeal, comment: Comment, **more: Any) -> None:
    """Tell the author that the appeal has arrived, and who hears it."""
    author = accounts.person(comment.author_id)
    if author.is_active:
        has_second = bool(queries.second_moderators(comment, decided_by=appeal.decided_by))
        tell(author, appeal_arrived(author.name, appeal, has_second=has_second), about=comment)


def on_appeal_sent_out(sender: object, *, appeal: Appeal, comment: Comment, signed: str, **more: Any) -> None:
    """Ask the outsider to decide. What was taken down is not in the mail, but behind its link."""
    organisation = accounts.organisation_by_id(appeal.organisation_id).name
    written = please_decide(appeal.outsider_name, organisation, comment, signed)
    send(to=appeal.outsider_email, subject=written.subject, body=written.body)


def on_appeal_settled(sender: object, *, appeal: Appeal, comment: Comment, **more: Any) -> None:
    """Tell the author how the appeal ended, and why."""
    author = accounts.person(comment.author_id)
    if not author.is_active:
        return
    if appeal.outcome is Outcome.GRANTED:
        tell(author, appeal_granted(author.name, comment, appeal.words), about=comment)
    elif appeal.outcome is Outcome.UPHELD:
        place = where_decided(author, comment)
        tell(author, appeal_upheld(author.name, comment, appeal, place), about=comment)


def on_words_taken_out(
    sender: object, *, comment: Comment, decision: Decision, passages: Sequence[str], **more: Any
) -> None:
    """Tell the author which words were taken out, why, by which rule, and how to appeal."""
    author = accounts.person(comment.author_id)
    if author.is_active and decision.actor_id != author.id:
        place = where_decided(author, comment)
        told = words_taken_out(author.name, comment, passages, place, decision.reason, decision.note)
        tell(author, told, about=comment, **after_undo(decision))


def on_words_put_back(sender: object, *, comment: Comment, decision: Decision, **more: Any) -> None:
    """Tell the author that their words are public again, and why."""
    author = accounts.person(comment.author_id)
    if author.is_active and decision.actor_id != author.id:
        tell(
            author, words_put_back(author.name, comment, decision.note), about=comment, **after_undo(decision)
        )


def words_taken_out(
    name: str, comment: Comment, passages: Sequence[str], place: str, reason: str, note: str
) -> Letter:
    """`place` is where its author reads the decision."""
    return letter(
        _("Words were taken out of your comment"),
        _("Hello %(name)s,", name=name),
        _("Your comment is published, and a moderator has taken these words out of it:"),
        quoted("\n".join(passages), LONGEST_ANSWER),
        *why(reason, note),
        _(
            "A mark stands in their place, with the reason. Only you, moderators and whoever hears an appeal can still read them."
        ),
        *what_you_can_do(place),
    )


def words_put_back(name: str, comment: Comment, note: str) -> Letter:
    return letter(
        _("Your words are back in your comment"),
        _("Hello %(name)s,", name=name),
        _("A moderator has put back what had been taken out of your comment:"),
        quoted(comment.body),
        _("The moderator writes:"),
        quoted(note),
        link_to("discussion.comment", key=comment.key),
    )


def appeal_arrived(name: str, appeal: Appeal, *, has_second: bool) -> Letter:
    if has_second:
        who = _("A moderator who did not take the decision looks at it again.")
    elif appeal.outsider_name:
        who = _(
            "There is no second moderator here, so we have asked %(who)s, who is named for this, to decide.",
            who=appeal.outsider_name,
        )
    else:
        who = _("There is no second moderator here yet. It waits until there is somebody else to decide.")
    return letter(
        _("Your appeal has arrived"),
        _("Hello %(name)s,", name=name),
        who,
        _("You wrote:"),
        quoted(appeal.why, LONGEST_ANSWER),
        _("We tell you the outcome, and why."),
    )


def please_decide(name: str, organisation: str, comment: Comment, signed: str) -> Letter:
    return letter(
        _("Please decide an appeal"),
        _("Hello %(name)s,", name=name),
        _(
            "%(organisation)s has named you to decide when somebody appeals against a moderator and there is no "
            "second moderator. It is about a comment on “%(title)s”.",
            organisation=organisation,
            title=comment.document.title,
        ),
        _("Read the comment, the decision and the appeal here, and decide:"),
        link_to("moderation.hear_outside", signed=signed),
        _("The link is for you alone: please do not pass it on. It works until the appeal is decided."),
    )


def appeal_granted(name: str, comment: Comment, words: str) -> Letter:
    return letter(
        _("Your appeal is granted"),
        _("Hello %(name)s,", name=name),
        _("Somebody who did not take the decision has looked again. Your comment is published:"),
        quoted(comment.body),
        _("They write:"),
        quoted(words, LONGEST_ANSWER),
        link_to("discussion.comment", key=comment.key),
    )


def appeal_upheld(name: str, comment: Comment, appeal: Appeal, place: str) -> Letter:
    return letter(
        _("Your appeal: the decision stands"),
        _("Hello %(name)s,", name=name),
        _("Somebody who did not take the decision has looked again at your comment:"),
        quoted(comment.body),
        _("The decision stands. The reason: %(reason)s.", reason=reasons.label(appeal.reason)),
        _("They write:"),
        quoted(appeal.words, LONGEST_ANSWER),
        _("While comments are open you can still change your words and send them again:"),
        place,
    )
