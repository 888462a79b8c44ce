"""The names of holds: in the record, and as moderators and authors read them. Pure but for the translations.

A decision that lets a comment wait bears the rule "hold.links+private": which holds fired, by these names.
"""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from consult.moderation.holds import spam
from consult.moderation.holds.details import ADDRESS, BANK, EMAIL, INSURANCE, TELEPHONE

LINKS, PRIVATE, WORDS, RATE, WAVE, FIRST, HOURS = "links", "private", "words", "rate", "wave", "new", "hours"
SPAM, REDACTED, PERSON, NAME = "spam", "cut", "person", "name"
ALL = (PRIVATE, LINKS, WORDS, RATE, SPAM, WAVE, FIRST, HOURS, REDACTED, PERSON, NAME)
OF_CONTENT = (PRIVATE, LINKS, WORDS)
PREFIX = "hold."

CALLED = {
    PRIVATE: _l("Private details"),
    LINKS: _l("Links"),
    WORDS: _l("Word list"),
    RATE: _l("Rate"),
    SPAM: _l("Looks like spam"),
    WAVE: _l("Wave"),
    FIRST: _l("First comment"),
    HOURS: _l("Outside hours"),
    REDACTED: _l("Words taken out before"),
    PERSON: _l("Person held"),
    NAME: _l("Name"),
}
KINDS = {
    EMAIL: _l("an email address"),
    TELEPHONE: _l("a telephone number"),
    ADDRESS: _l("a postal address"),
    INSURANCE: _l("a National Insurance number"),
    BANK: _l("bank details"),
    "link": _l("a link"),
    "word": _l("a word of the unit’s list"),
}


def rule_of(names: Iterable[str]) -> str:
    """Return the rule that stands in the record for these holds; the empty string for none."""
    fired = [name for name in ALL if name in set(names)]
    return PREFIX + "+".join(fired) if fired else ""  # 80 characters hold them all together


def names_in(rule: str) -> list[str]:
    """Return the names of the holds that a rule tells of."""
    if not rule.startswith(PREFIX):
        return []
    return [name for name in rule.removeprefix(PREFIX).split("+") if name in ALL]


def told(rule: str) -> list[str]:
    """Return the words for the author, a sentence for each hold that a rule tells of: why it waits."""
    if rule.startswith("report."):
        return [str(_("Somebody reported it. Nobody else can read it until a moderator has looked."))]
    words = {
        PRIVATE: _("It seems to hold private details, such as a telephone number or an address."),
        LINKS: _("It has a link in it."),
        WORDS: _("It has a word in it that this unit looks at first."),
        RATE: _("Many comments came from you in a short time."),
        WAVE: _("Far more comments than usual were coming in at the time."),
        FIRST: _("It is the first comment of yours that this organisation would publish."),
        HOURS: _("It came outside the hours in which comments here appear by themselves."),
        REDACTED: _("A moderator took words out of it before."),
        PERSON: _(
            "A moderator has decided that for a time all that you write here waits. We wrote to you why."
        ),
        NAME: _("The name it bears holds a link, private details or a word that this unit looks at first."),
    }
    return [
        str(words[name]) for name in names_in(rule) if name in words
    ]  # of spam, no more than that it waits


def spam_words(sign: str, number: int) -> str:
    """Return what a sign of spam is, for moderators."""
    words = {
        spam.LINKS: ngettext("%(num)s link", "%(num)s links", number),
        spam.QUICK: ngettext("sent after %(num)s second", "sent after %(num)s seconds", number),
        spam.TRAP: _("a field was filled in that people cannot see"),
        spam.AGAIN: _("the same words were sent several times"),
    }
    return str(words[sign])


def public_sentences(rules: Any, zone: str) -> list[str]:
    """Return what everybody is told of the holds that a consultation has, a sentence each."""
    words = {
        PRIVATE: _(
            "What seems to hold private details, such as a telephone number or an address, waits for a moderator."
        ),
        LINKS: _("What has a link in it waits for a moderator; links to public bodies do not count."),
        WORDS: _("What has a word of the unit’s list in it waits for a moderator."),
        RATE: _(
            "Where one person sends very many comments in a short time, the later ones wait for a moderator."
        ),
        SPAM: _("What looks like spam waits for a moderator."),
        WAVE: _("While far more comments come in than usual, they wait for a moderator."),
    }
    sentences = [str(said) for name, said in words.items() if getattr(rules, name, False)]
    if any(getattr(rules, name, False) for name in OF_CONTENT):
        sentences.append(str(_("So it is with the names that comments bear.")))
    if getattr(rules, "opens_minute", None) is not None:
        sentences.append(
            str(
                _(
                    "Comments appear by themselves from %(opens)s to %(closes)s (%(zone)s time). What comes at other "
                    "times waits for a moderator.",
                    opens=in_clock(rules.opens_minute),
                    closes=in_clock(rules.closes_minute),
                    zone=zone.rsplit("/", 1)[-1].replace("_", " "),
                )
            )
        )
    return sentences


def in_clock(minute: int) -> str:
    """Return a minute of the day as it is typed and read: "5.30 pm"."""
    hour = minute // 60
    return f"{hour % 12 or 12}.{minute % 60:02} {'am' if hour < 12 else 'pm'}"
