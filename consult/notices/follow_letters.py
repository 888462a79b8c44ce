"""What a mail says that asks whether somebody wants to follow something. What a stranger typed is not in it."""

from flask_babel import gettext as _

from consult.extensions import link_to
from consult.notices.letters import Letter, letter
from consult.notices.targets import Target


def confirm_follow(target: Target, signed: str) -> Letter:
    return letter(
        _("Do you want to follow this by email?"),
        _("Hello,"),
        _("Somebody, we hope you, asked for emails to this address about:"),
        target.title,
        _("If it was you, open this link and press the button there. It works for 7 days:"),
        link_to("notices.confirm_follow", signed=signed),
        _("If it was not you, do nothing, and no other email comes. You can also tell us, on the same page."),
    )
