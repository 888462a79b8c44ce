"""What became of what somebody said: the one list of verdicts, used in ledger, report, pages and exports. Pure.

A verdict comes with the outcome, and bears a reason. While comments are open nothing carries one: a public "not agreed"
before the close would show that the mind was made up.
"""

import enum

from flask_babel import lazy_gettext as _l


class Verdict(enum.Enum):
    """What the unit did about a comment."""

    CHANGED = "changed"
    CHANGED_IN_PART = "changed_in_part"
    NOT_CHANGED = "not_changed"
    ALREADY_SO = "already_so"
    OUTSIDE_THIS_DRAFT = "outside_this_draft"


LABELS: dict[Verdict, object] = {
    Verdict.CHANGED: _l("Changed"),
    Verdict.CHANGED_IN_PART: _l("Changed in part"),
    Verdict.NOT_CHANGED: _l("Not changed"),
    Verdict.ALREADY_SO: _l("Already so"),
    Verdict.OUTSIDE_THIS_DRAFT: _l("Outside this draft"),
}
EXPLAINED: dict[Verdict, object] = {
    Verdict.CHANGED: _l("The words were changed as was asked."),
    Verdict.CHANGED_IN_PART: _l("The words were changed in that direction, but not all the way."),
    Verdict.NOT_CHANGED: _l("The words stay, for the reason that is given."),
    Verdict.ALREADY_SO: _l("The draft said so already."),
    Verdict.OUTSIDE_THIS_DRAFT: _l("It is about something that this draft does not decide."),
}
LONGEST_REASON = 1_000  # characters
