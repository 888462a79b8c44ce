"""Why a comment may be taken down, reported or returned: one published list, used on every page and in every mail.

Nine reasons, in the order of the keys of the moderation page; one of them only before an election.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Reason:
    """`code` is stored and exported; the rest is for readers: what it is, the rule, what the author is told."""

    code: str
    label: object
    rule: object
    advice: object


REASONS = (
    Reason(
        "private_person",
        _l("names or shows a private person"),
        _l(
            "We do not publish names, addresses, telephone numbers or pictures of private people without their leave."
        ),
        _l("Please take out what tells who the person is, and send it again. Your point is welcome."),
    ),
    Reason(
        "abuse",
        _l("abuse or threat"),
        _l(
            "We do not publish insults, harassment or threats. Sharp criticism of a policy or a public body is welcome."
        ),
        _l("Please say what is wrong with the draft without attacking a person, and send it again."),
    ),
    Reason(
        "hatred",
        _l("hatred"),
        _l("We do not publish words that stir up hatred of people for who they are or what they believe."),
        _l("You can make your point about the draft in other words."),
    ),
    Reason(
        "advertising",
        _l("advertising"),
        _l(
            "We do not publish advertisements. Saying that you sell or make something the draft is about is fine."
        ),
        _l("Please take out what sells, and send what you think of the draft."),
    ),
    Reason(
        "off_topic",
        _l("not about this draft"),
        _l("Comments here are about the words of the draft they stand beside."),
        _l("If it belongs to another paragraph or another consultation, please send it there."),
    ),
    Reason(
        "unlawful",
        _l("may break the law"),
        _l(
            "We do not publish what may be against the law, such as defamation, contempt of court or a copied work."
        ),
        _l("If you think we are mistaken, tell us why."),
    ),
    Reason(
        "not_author",
        _l("not written by this person"),
        _l("We do not publish what was sent in the name of somebody who did not write it."),
        _l("If you did write it, tell us."),
    ),
    Reason(
        "party_political",
        _l("party-political"),
        _l("Before an election we do not publish calls to vote for or against a party or a candidate."),
        _l("You can say what you think of the draft without naming a party."),
    ),
    Reason(
        "other",
        _l("something else"),
        _l("Where none of the other reasons fits, the moderator says why in words."),
        _l("The moderator has written down why."),
    ),
)
CLOSINGS = {  # why a thread is closed to replies: everybody reads it
    "off_topic": _l("it is not about the draft any more"),
    "quarrel": _l("it has become a quarrel between people"),
    "settled": _l("everything has been said, and it goes round in circles"),
    "harm": _l("more of it would harm somebody"),
    "other": _l("something else"),
}
THREAD_CLOSED = "thread_closed"  # of a decision on a whole thread, and the one that takes it back
THREAD_OPENED = "thread_opened"
BEFORE_ELECTIONS = "party_political"  # a reason only while an organisation keeps quiet before an election
UNDONE = "undone"  # of a decision that takes back the one before it: no reason to take anything down
BY_CODE = {reason.code: reason for reason in REASONS}


def in_use(*, before_election: bool) -> tuple[Reason, ...]:
    """Return the reasons for which a comment can be taken down now."""
    return tuple(reason for reason in REASONS if before_election or reason.code != BEFORE_ELECTIONS)


PUT_BACK = "put_back"  # why words that a moderator had taken out of a comment are public again
BY_APPEAL = "appeal"  # why a comment that had been taken down or returned is public again


def label(code: str) -> object:
    """Return the words for a code; the code itself for one that is no longer in the list."""
    if code == UNDONE:
        return _l("undone")
    if code in (THREAD_CLOSED, THREAD_OPENED):
        return _l("thread closed") if code == THREAD_CLOSED else _l("thread opened again")
    if code == PUT_BACK:
        return _l("words put back")
    if code == BY_APPEAL:
        return _l("on appeal")
    return BY_CODE[code].label if code in BY_CODE else code


def closing_label(code: str) -> object:
    """Return the words for why a thread is closed."""
    return CLOSINGS.get(code, code)
