"""What our mails say to those who help to run a site: invitations, parts given, moved and ended, shut accounts."""

from flask_babel import gettext as _

from consult.accounts.links import HOURS
from consult.accounts.models import Part, Role
from consult.extensions import link_to
from consult.notices.letters import Letter, letter


def role_offered(name: str, role: Role, place: str, inviter: str, token: str) -> Letter:
    return letter(
        _("You are invited to help run this site"),
        _("Hello %(name)s,", name=name),
        _("%(inviter)s invites you to take a part in running this site:", inviter=inviter),
        _offer(role.part, place),
        _("To accept or decline, open this link:"),
        link_to("accounts.invitation", token=token),
        _("The link works once and for %(hours)s hours. Earlier links no longer work.", hours=HOURS),
        _("If you do not know what this is about, do nothing: without you the part counts for nothing."),
    )


def role_declined(name: str, role: Role, place: str, invited: str) -> Letter:
    return letter(
        _("An invitation was declined"),
        _("Hello %(name)s,", name=name),
        _("%(invited)s has declined your invitation:", invited=invited),
        _offer(role.part, place),
        link_to("accounts.people"),
    )


def role_taken_back(name: str, role: Role, place: str) -> Letter:
    return letter(
        _("An invitation was taken back"),
        _("Hello %(name)s,", name=name),
        _("You were invited to take a part in running this site. This invitation no longer holds:"),
        _offer(role.part, place),
        _("There is nothing to do. If this is a mistake, please ask us."),
    )


def role_given(name: str, role: Role, place: str, token: str) -> Letter:
    """Tell somebody of a part they have been given; with a token they also choose their first password."""
    greeting, news = _("Hello %(name)s,", name=name), _given(role.part, place)
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


def role_moved(name: str, role: Role, place: str) -> Letter:
    return letter(
        _("Your part in running this site has changed"),
        _("Hello %(name)s,", name=name),
        _("From now on you write drafts and answer people in the name of %(place)s.", place=place),
        _("You no longer do so for the unit before. Sign in again to begin:"),
        link_to("accounts.sign_in"),
    )


def role_ended(name: str, role: Role, place: str) -> Letter:
    return letter(
        _("Your part in running this site has ended"),
        _("Hello %(name)s,", name=name),
        _ended(role.part, place),
        _("Your account stays, and so does what you wrote. If this is a mistake, please ask us."),
    )


def password_link(name: str, token: str) -> Letter:
    return letter(
        _("Choose a new password"),
        _("Hello %(name)s,", name=name),
        _("An administrator of this site sends you a link to choose a new password. To do so, open it:"),
        link_to("accounts.reset", token=token),
        _("The link works once and for %(hours)s hours.", hours=HOURS),
        _("If you did not ask for it, do nothing: your password stays as it is."),
    )


def sessions_ended(name: str) -> Letter:
    return letter(
        _("You were signed out on every device"),
        _("Hello %(name)s,", name=name),
        _(
            "An administrator of this site has signed you out everywhere. Your password stays; sign in again with it:"
        ),
        link_to("accounts.sign_in"),
        _("If you do not know why, ask us, and choose a new password."),
    )


def account_disabled(name: str) -> Letter:
    return letter(
        _("Your account was shut"),
        _("Hello %(name)s,", name=name),
        _("An administrator of this site has shut your account: nobody can sign in to it."),
        _("What you wrote stays. If this is a mistake, please ask us."),
    )


def account_enabled(name: str) -> Letter:
    return letter(
        _("Your account is open again"),
        _("Hello %(name)s,", name=name),
        _("An administrator of this site has opened your account again. You can sign in:"),
        link_to("accounts.sign_in"),
    )


def _offer(part: Part, place: str) -> str:
    words: dict[Part, str] = {
        Part.OFFICIAL: _("To write drafts and answer people in the name of %(place)s.", place=place),
        Part.MODERATOR: _("To decide on comments to %(place)s, as a moderator.", place=place),
        Part.EDITOR: _("To edit the toolkit of %(place)s.", place=place),
        Part.ADMINISTRATOR: _("To set up people and units, as an administrator of %(place)s.", place=place),
    }
    return words[part]


def _given(part: Part, place: str) -> str:
    words: dict[Part, str] = {
        Part.OFFICIAL: _("You can now write drafts and answer people in the name of %(place)s.", place=place),
        Part.MODERATOR: _("You can now decide on comments to %(place)s, as a moderator.", place=place),
        Part.EDITOR: _("You can now edit the toolkit of %(place)s.", place=place),
        Part.ADMINISTRATOR: _(
            "You are now an administrator of %(place)s: you set up people and units.", place=place
        ),
    }
    return words[part]


def _ended(part: Part, place: str) -> str:
    words: dict[Part, str] = {
        Part.OFFICIAL: _("You no longer write drafts or answer in the name of %(place)s.", place=place),
        Part.MODERATOR: _("You no longer decide on comments to %(place)s.", place=place),
        Part.EDITOR: _("You no longer edit the toolkit of %(place)s.", place=place),
        Part.ADMINISTRATOR: _("You are no longer an administrator of %(place)s.", place=place),
    }
    return words[part]
