"""What our mails say: plain text, short, signed by the site. Links come from CONSULT_BASE_URL."""

from dataclasses import dataclass

from flask_babel import gettext as _

from consult import reasons
from consult.accounts import queries as accounts
from consult.accounts.links import HOURS
from consult.accounts.models import Part, Role
from consult.extensions import link_to

LONGEST_QUOTE = 300


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def letter(subject: str, *paragraphs: str) -> Letter:
    """Return a letter of these paragraphs with the site's name below; empty ones are left out."""
    site = accounts.site()
    foot = [site.name, link_to("consultations.home")]
    if site.contact_email:
        foot.append(_("Questions: %(address)s", address=site.contact_email))
    words = [paragraph for paragraph in paragraphs if paragraph]
    return Letter(subject, "\n\n".join(words) + "\n\n-- \n" + "\n".join(foot) + "\n")


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


def role_given(name: str, role: Role, place: str, token: str) -> Letter:
    """Tell somebody of a part they have been given; with a token they also choose their first password."""
    greeting, news = _("Hello %(name)s,", name=name), _part_given(role.part, place)
    if not token:
        how = (_("Sign in again to begin:"), link_to("accounts.sign_in"), "")
    else:
        how = (
            _("To choose your password and begin, open this link:"),
            link_to("accounts.reset", token=token),
            _(
                "The link works once and for %(hours)s hours. After that, ask for another under “Forgotten password”.",
                hours=HOURS,
            ),
        )
    return letter(_("You have been given a part in running this site"), greeting, news, *how)


def role_ended(name: str, role: Role, place: str) -> Letter:
    return letter(
        _("Your part in running this site has ended"),
        _("Hello %(name)s,", name=name),
        _part_ended(role.part, place),
        _("Your account stays, and so does what you wrote. If this is a mistake, please ask us."),
    )


def _part_given(part: Part, place: str) -> str:
    words: dict[Part, str] = {
        Part.OFFICIAL: _("You can now write drafts and answer people in the name of %(place)s.", place=place),
        Part.MODERATOR: _("You can now decide on comments to %(place)s, as a moderator.", place=place),
        Part.EDITOR: _("You can now edit the toolkit of %(place)s.", place=place),
        Part.ADMINISTRATOR: _(
            "You are now an administrator of %(place)s: you set up people and units.", place=place
        ),
    }
    return words[part]


def _part_ended(part: Part, place: str) -> str:
    words: dict[Part, str] = {
        Part.OFFICIAL: _("You no longer write drafts or answer in the name of %(place)s.", place=place),
        Part.MODERATOR: _("You no longer decide on comments to %(place)s.", place=place),
        Part.EDITOR: _("You no longer edit the toolkit of %(place)s.", place=place),
        Part.ADMINISTRATOR: _("You are no longer an administrator of %(place)s.", place=place),
    }
    return words[part]


def comment_published(name: str, quote: str, key: str) -> Letter:
    return letter(
        _("Your comment is published"),
        _("Hello %(name)s,", name=name),
        _("A moderator has looked at your comment, and everybody can read it now:"),
        _quoted(quote),
        link_to("discussion.comment", key=key),
    )


def comment_taken_down(name: str, quote: str, key: str, reason: str, note: str) -> Letter:
    return letter(
        _("Your comment was taken down"),
        _("Hello %(name)s,", name=name),
        _("A moderator has taken down your comment:"),
        _quoted(quote),
        *_why(reason, note),
        _("A note in its place says that it was taken down, and the kind of reason. Replies to it stay."),
        _("These are the rules:"),
        link_to("accounts.about", anchor="rules"),
    )


def comment_returned(name: str, quote: str, key: str, reason: str, note: str) -> Letter:
    return letter(
        _("Please look at your comment again"),
        _("Hello %(name)s,", name=name),
        _("A moderator asks you to change your comment before it can be published:"),
        _quoted(quote),
        *_why(reason, note),
        link_to("discussion.comment", key=key),
    )


def _why(reason: str, note: str) -> list[str]:
    """Return the reason in plain words, what to do about it, and what the moderator wrote."""
    known = reasons.BY_CODE.get(reason)
    words = (
        [_("The reason: %(reason)s.", reason=known.label), str(known.rule), str(known.advice)]
        if known
        else []
    )
    if note:
        words.append(_("The moderator writes:"))
        words.append(_quoted(note))
    return words


def question_answered(name: str, unit: str, quote: str, key: str) -> Letter:
    return letter(
        _("Your question has been answered"),
        _("Hello %(name)s,", name=name),
        _("%(unit)s has answered what you asked:", unit=unit),
        _quoted(quote),
        link_to("discussion.comment", key=key),
        _("This explains the draft. No decision has been made."),
    )


def comment_answered(name: str, unit: str, quote: str, key: str) -> Letter:
    return letter(
        _("An official reply to your comment"),
        _("Hello %(name)s,", name=name),
        _("%(unit)s has replied to what you wrote:", unit=unit),
        _quoted(quote),
        link_to("discussion.comment", key=key),
        _("This explains the draft. No decision has been made."),
    )


def mail_test() -> Letter:
    return letter(
        _("This is a test"),
        _("Email from this site arrives. There is nothing to do."),
        link_to("accounts.admin"),
    )


def barrier(name: str, email: str, message: str) -> Letter:
    who = _("%(name)s, %(email)s", name=name, email=email) if name else email
    return letter(
        _("A problem with accessibility"),
        _("This came by the form on the accessibility page. Answer to: %(who)s", who=who),
        _quoted(message, longest=None),
    )


def _quoted(words: str, longest: int | None = LONGEST_QUOTE) -> str:
    """Return somebody's words, each line marked as theirs, so that they cannot pass for ours."""
    if longest is not None and len(words) > longest:
        words = words[:longest].rsplit(" ", 1)[0] + " …"
    return "\n".join(f"> {line}" for line in words.splitlines())
