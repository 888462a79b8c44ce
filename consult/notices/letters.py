"""What our mails say: plain text, short, signed by the site. Links come from CONSULT_BASE_URL."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from consult import reasons
from consult.accounts import queries as accounts
from consult.accounts.links import HOURS
from consult.discussion.answering.signing import signed
from consult.discussion.models import TeamReply
from consult.extensions import link_to

LONGEST_QUOTE = 300
LONGEST_ANSWER = 2_000


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def letter(subject: str, *paragraphs: str) -> Letter:
    """Return a letter of these paragraphs with the site's name below; empty ones are left out."""
    words = [paragraph for paragraph in paragraphs if paragraph]
    return Letter(subject, "\n\n".join(words) + "\n\n-- \n" + "\n".join(foot()) + "\n")


def foot() -> tuple[str, ...]:
    """Return what stands below every mail: whose it is, where they are, and whom to ask."""
    site = accounts.site()
    lines = (site.name, link_to("consultations.home"))
    if site.contact_email:
        return *lines, _("Questions: %(address)s", address=site.contact_email)
    return lines


def confirm_address(name: str, token: str) -> Letter:
    return letter(
        _("Confirm your email address"),
        _("Hello,"),
        _(
            "Somebody, we hope you, asked for an account with this email address. To confirm it, open this link:"
        ),
        link_to("accounts.confirm", token=token),
        _("The link works once and for %(hours)s hours.", hours=HOURS),
        _("If it was not you, do nothing: without you the account cannot be used to comment."),
    )


def confirm_comment(count: int, titles: Sequence[str], token: str) -> Letter:
    """Ask whether a guest's comments are theirs. Titles are the unit's words; what a stranger typed is not in it."""
    return letter(
        ngettext("Confirm your comment", "Confirm your comments", count),
        _("Hello,"),
        ngettext(
            "Somebody, we hope you, wrote a comment with this email address, on:",
            "Somebody, we hope you, wrote %(num)s comments with this email address, on:",
            count,
        ),
        "\n".join(f"- {title}" for title in titles),
        _("To read it and send it, open this link and press the button there:"),
        link_to("discussion.confirm_comment", token=token),
        _(
            "The link works once and for %(hours)s hours. Nothing is sent until you press the button.",
            hours=HOURS,
        ),
        _(
            "If this was not you, tell us here. What was written is deleted, and we note that your address was misused:"
        ),
        link_to("discussion.not_me", token=token),
    )


def way_back(names: Sequence[tuple[str, str]]) -> Letter:
    """Lead a guest back to what they wrote, under each name that they have used."""
    lines = []
    for name, token in names:
        lines.append(_("As %(name)s:", name=name))
        lines.append(link_to("discussion.guest_return", token=token))
    return letter(
        _("Your link to what you wrote"),
        _("Hello,"),
        _("Somebody, we hope you, asked for a link to the comments written with this email address."),
        *lines,
        _("Each link works once, for 30 days. If it was not you, do nothing."),
    )


def with_way_back(told: Letter, token: str) -> Letter:
    """Return a letter to a guest with a link by which they see, correct or withdraw what they wrote."""
    words = _(
        "To see all that you wrote, correct or withdraw it, open this link (it works once, for 30 days):"
    )
    link = link_to("discussion.guest_return", token=token)
    body, mark, foot = told.body.rpartition("\n\n-- \n")
    return Letter(told.subject, f"{body}\n\n{words}\n\n{link}{mark}{foot}")


def asked_again(token: str) -> Letter:
    return letter(
        _("Confirm your email address and choose a password"),
        _("Hello,"),
        _(
            "Somebody, we hope you, asked again for an account with this email address, with another password "
            "than before. We cannot know which is yours. To confirm the address and choose a password, open this link:"
        ),
        link_to("accounts.reset", token=token),
        _("The link works once and for %(hours)s hours. Earlier links no longer work.", hours=HOURS),
        _("If it was not you, do nothing."),
    )


def address_taken(name: str) -> Letter:
    return letter(
        _("You have an account already"),
        _("Hello %(name)s,", name=name),
        _(
            "Somebody, we hope you, asked for an account with this email address. You have one already: sign in."
        ),
        link_to("accounts.sign_in"),
        _("If you have forgotten your password, choose a new one:"),
        link_to("accounts.forgotten"),
        _("If it was not you, do nothing. Nobody has got into your account."),
    )


def forgotten_password(name: str, token: str) -> Letter:
    return letter(
        _("Choose a new password"),
        _("Hello %(name)s,", name=name),
        _(
            "Somebody, we hope you, asked to choose a new password for your account. To do so, open this link:"
        ),
        link_to("accounts.reset", token=token),
        _("The link works once and for %(hours)s hours.", hours=HOURS),
        _("If it was not you, do nothing: your password stays as it is."),
    )


def password_changed(name: str) -> Letter:
    return letter(
        _("Your password was changed"),
        _("Hello %(name)s,", name=name),
        _("The password of your account has just been changed, and all devices were signed out."),
        _("If it was not you, choose a new password at once, and tell us:"),
        link_to("accounts.forgotten"),
    )


def account_closed(name: str, *, is_guest: bool, withdraws: bool) -> Letter:
    return letter(
        _("Your details are deleted") if is_guest else _("Your account is closed"),
        _("Hello %(name)s,", name=name),
        _("As you asked, we have deleted your email address and everything that hung on it.")
        if is_guest
        else _(
            "As you asked, we have closed your account and deleted your email address, your password and "
            "everything else that you signed in with."
        ),
        _("Your comments are withdrawn. Where others could read them, a note says so.")
        if withdraws
        else _("Your comments stay with their paragraphs, without your name."),
        _(
            "This is the last mail from us: our copy of it goes with the next clearing up after it has been sent. "
            "If it was not you who asked for this, write to us at once."
        ),
    )


def comment_published(name: str, quote: str, key: str) -> Letter:
    return letter(
        _("Your comment is published"),
        _("Hello %(name)s,", name=name),
        _("A moderator has looked at your comment, and everybody can read it now:"),
        quoted(quote),
        link_to("discussion.comment", key=key),
    )


def comment_waits_unseen(name: str, quote: str, key: str, reason: str) -> Letter:
    return letter(
        _("Your comment waits for a moderator"),
        _("Hello %(name)s,", name=name),
        _("Somebody reported your comment, and nobody else can read it until a moderator has looked:"),
        quoted(quote),
        _("The report says: %(reason)s.", reason=reasons.label(reason)),
        _(
            "Nothing has been decided. If the moderator finds nothing wrong, it appears again. You are told either way. "
            "You can correct or withdraw it meanwhile:"
        ),
        link_to("discussion.comment", key=key),
    )


def comment_taken_down(name: str, quote: str, place: str, reason: str, note: str) -> Letter:
    """`place` is where its author reads the decision."""
    return letter(
        _("Your comment was taken down"),
        _("Hello %(name)s,", name=name),
        _("A moderator has taken down your comment:"),
        quoted(quote),
        *why(reason, note),
        _("A note in its place says that it was taken down, and the kind of reason. Replies to it stay."),
        *what_you_can_do(place),
    )


def comment_sealed(name: str, title: str, place: str) -> Letter:
    """`place` is where its author reads that it is sealed."""
    return letter(
        _("Your comment was taken down, and its text sealed"),
        _("Hello %(name)s,", name=name),
        _(
            "The law requires us to take down a comment of yours on “%(title)s” and to seal its text.",
            title=title,
        ),
        _("Nobody can read it but those who are named for it. It was decided by two people. More is here:"),
        place,
    )


def comment_returned(name: str, quote: str, place: str, reason: str, note: str) -> Letter:
    """`place` is where its author reads the decision."""
    return letter(
        _("Please look at your comment again"),
        _("Hello %(name)s,", name=name),
        _("A moderator asks you to change your comment before it can be published:"),
        quoted(quote),
        *why(reason, note),
        *what_you_can_do(place),
    )


def what_you_can_do(place: str) -> list[str]:
    """Return how to correct and how to appeal; `place` is the page of the decision."""
    return [
        _(
            "You can change your words and send them again, and if you think the decision is wrong you can appeal "
            "against it once: somebody who did not take it decides. Both begin here:"
        ),
        place,
        _("These are the rules:"),
        link_to("accounts.about", anchor="rules"),
    ]


def why(reason: str, note: str) -> list[str]:
    """Return the reason in plain words, what to do about it, and what the moderator wrote."""
    known = reasons.BY_CODE.get(reason)
    words = (
        [_("The reason: %(reason)s.", reason=known.label), str(known.rule), str(known.advice)]
        if known
        else []
    )
    if note:
        words.append(_("The moderator writes:"))
        words.append(quoted(note))
    return words


def question_marked(name: str, unit: str, quote: str, place: str, *, by_unit: bool) -> Letter:
    """`place` is where its author finds the comment, and the button that takes the mark away."""
    return letter(
        _("Your comment is treated as a question"),
        _("Hello %(name)s,", name=name),
        _("%(unit)s has marked what you wrote as a question:", unit=unit)
        if by_unit
        else _("A moderator has marked what you wrote as a question to %(unit)s:", unit=unit),
        quoted(quote),
        _(
            "That matters: a question is owed an answer of its own, and is counted in public until it has one. You "
            "are told when it is answered. Your words are not changed."
        ),
        _("If you did not mean to ask anything, say so once with the button “It is no question” there:"),
        place,
    )


def question_answered(name: str, unit: str, quote: str, key: str, answer: str, say: str) -> Letter:
    """`say` is the address of the page on which they say whether that answered it."""
    return letter(
        _("Your question has been answered"),
        _("Hello %(name)s,", name=name),
        _("%(unit)s has answered what you asked:", unit=unit),
        quoted(quote),
        _("This is the answer:"),
        quoted(answer, LONGEST_ANSWER),
        link_to("discussion.comment", key=key),
        _("This explains the draft. No decision has been made."),
        _("Did that answer it?"),
        _("Yes: %(link)s", link=f"{say}#yes"),
        _("No, and why (you can say this once): %(link)s", link=f"{say}#no"),
    )


def comment_answered(name: str, unit: str, quote: str, key: str, answer: str) -> Letter:
    return letter(
        _("An official reply to your comment"),
        _("Hello %(name)s,", name=name),
        _("%(unit)s has replied to what you wrote:", unit=unit),
        quoted(quote),
        _("This is the reply:"),
        quoted(answer, LONGEST_ANSWER),
        link_to("discussion.comment", key=key),
        _("This explains the draft. No decision has been made."),
    )


def team_reply(name: str, unit: str, quote: str, reply: TeamReply, place: str) -> Letter:
    """`place` is the address of their own page, where the reply is kept."""
    return letter(
        _("A reply to what you sent only to the team"),
        _("Hello %(name)s,", name=name),
        _("You wrote to %(unit)s, and to nobody else:", unit=unit),
        quoted(quote),
        _("This is the reply:"),
        reply.body,
        signed(reply),
        _("It is not published. It explains the draft. No decision has been made."),
        _("It is kept with what you wrote:"),
        place,
    )


def mail_test(token: str) -> Letter:
    return letter(
        _("This is a test"),
        _("Email from this site arrives. To say so, open this link and press the button there:"),
        link_to("accounts.mail_received", token=token),
        _("The link works once and for %(hours)s hours.", hours=HOURS),
    )


def barrier(name: str, email: str, message: str) -> Letter:
    who = _("%(name)s, %(email)s", name=name, email=email) if name else email
    return letter(
        _("A problem with accessibility"),
        _("This came by the form on the accessibility page. Answer to: %(who)s", who=who),
        quoted(message, longest=None),
    )


def quoted(words: str, longest: int | None = LONGEST_QUOTE) -> str:
    """Return somebody's words, each line marked as theirs, so that they cannot pass for ours."""
    if longest is not None and len(words) > longest:
        words = words[:longest].rsplit(" ", 1)[0] + " …"
    return "\n".join(f"> {line}" for line in words.splitlines())
