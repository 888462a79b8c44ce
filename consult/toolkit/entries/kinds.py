"""What kinds of page the toolkit has, and which facts a page of each kind must give. Pure.

A fact is a line of text under the name of a field: a day as 2026-11-23, a choice by its value, several things with a
semicolon between them. What is not known is said: “Not known”, and the text of the page says why.
"""

import enum
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

# facts of one kind that say one thing: each is nothing without the others
TOGETHER = ("day_rate", "rate_date", "rate_source", "consent", "agreed_by", "agreed_on")
SHORT, LONG = 300, 1_000  # characters of a fact
LONGEST_PART = 80  # of a field that holds several: people choose them from a list
UNKNOWN = ("not known", "not published")


class PageKind(enum.Enum):
    """What a toolkit page is: guidance, or an entry of one of the directories."""

    PRACTICE = "practice"
    COMMUNITY = "community"
    PLATFORM = "platform"
    EXPERT = "expert"
    CASE_STUDY = "case-study"


class Of(enum.Enum):
    """What a fact holds."""

    TEXT = "text"
    SEVERAL = "several"  # things with semicolons between them; a list can be narrowed by each
    CHOICE = "choice"
    DAY = "day"
    YEAR = "year"
    MONEY = "money"
    ADDRESS = "address"  # of mail, or on the web
    CONSULTATION = "consultation"  # the slug of one on this site


@dataclass(frozen=True)
class Field:
    """One fact of a kind of page: what it is called, what belongs in it, and what it may be."""

    name: str
    label: Any
    hint: Any = ""
    of: Of = Of.TEXT
    limit: int = SHORT
    is_needed: bool = True
    choices: tuple[tuple[str, Any], ...] = ()
    usual: str = ""  # what goes without saying, and is not stored


CHECKED = Field(
    "checked",
    _l("Last checked"),
    _l("The day on which somebody last held every fact here against its source, such as 3 November 2026."),
    of=Of.DAY,
)
EXAMPLE = Field(
    "example",
    _l("Is this an invented example?"),
    of=Of.CHOICE,
    choices=(("no", _l("No, it is real")), ("yes", _l("Yes, it is invented"))),
    is_needed=False,
    usual="no",
)
ORGANISATION_KINDS = (
    ("central", _l("Central government")),
    ("local", _l("Council")),
    ("devolved", _l("Devolved government")),
    ("agency", _l("Agency or public body")),
    ("other", _l("Other")),
)
SERVES = (
    ("under-100000", _l("Fewer than 100,000 people")),
    ("100000-500000", _l("100,000 to 500,000 people")),
    ("over-500000", _l("More than 500,000 people")),
    ("nation", _l("A whole nation")),
)

SEVERAL_HINT = _l("Put a semicolon between several.")

FIELDS: dict[PageKind, tuple[Field, ...]] = {
    PageKind.PRACTICE: (),
    PageKind.COMMUNITY: (
        Field("topic", _l("Topic"), SEVERAL_HINT, of=Of.SEVERAL),
        Field("place", _l("Place"), _l("A town, a county, a nation, or “Online”."), of=Of.SEVERAL),
        Field("size", _l("Size"), _l("How many people, such as “About 900 members”, or “Not known”.")),
        Field("size_source", _l("How the size is known"), _l("Who counted or said so, and when.")),
        Field(
            "where",
            _l("Where they gather"),
            _l("A forum, a mailing list, a hall; with its address if it has one."),
        ),
        Field(
            "approach",
            _l("How to approach them"),
            _l("Whom to ask first, and what they welcome."),
            limit=LONG,
        ),
        Field("language", _l("Language"), SEVERAL_HINT, of=Of.SEVERAL),
        Field(
            "consent",
            _l("Have they agreed to be listed?"),
            _l("Until they have, they are on no list, and readers do not see these facts."),
            of=Of.CHOICE,
            choices=(("yes", _l("Yes, they agreed")), ("no", _l("No"))),
        ),
        Field(
            "agreed_by",
            _l("Who agreed"),
            _l("Needed where they agreed. By their part, such as “The chair”: no private person’s name."),
            is_needed=False,
        ),
        Field(
            "agreed_on",
            _l("On which day they agreed"),
            _l("Needed where they agreed, such as 3 November 2026."),
            of=Of.DAY,
            is_needed=False,
        ),
        CHECKED,
        EXAMPLE,
    ),
    PageKind.PLATFORM: (
        Field("purpose", _l("What it is for"), SEVERAL_HINT, of=Of.SEVERAL),
        Field("cost", _l("Cost"), _l("With its date and where the figure comes from."), limit=LONG),
        Field("runner", _l("Who runs it"), limit=LONG),
        Field("if_they_stop", _l("What happens if they stop"), limit=LONG),
        Field("accessibility", _l("Accessibility"), limit=LONG),
        Field("data_protection", _l("Data protection"), limit=LONG),
        Field("staff_time", _l("Staff time"), limit=LONG),
        Field("support", _l("Support it needs"), limit=LONG),
        Field(
            "leaving", _l("How to leave"), _l("How you take your words and your people with you."), limit=LONG
        ),
        Field("evidence", _l("Evidence"), _l("Who used it in public, and what came of it."), limit=LONG),
        CHECKED,
    ),
    PageKind.EXPERT: (
        Field(
            "who",
            _l("Who they are"),
            _l("Nobody else is listed: never a private person’s rate."),
            of=Of.CHOICE,
            choices=(
                ("organisation", _l("An organisation")),
                ("public-figure", _l("A public figure")),
            ),
        ),
        Field("skills", _l("Skills"), SEVERAL_HINT, of=Of.SEVERAL),
        Field(
            "day_rate",
            _l("Day rate"),
            _l("As they published it: “£620 to £780”; or “Not published”, without any figure."),
            of=Of.MONEY,
        ),
        Field(
            "rate_date",
            _l("Day of the rate"),
            _l("The day that the rate was published."),
            of=Of.DAY,
            is_needed=False,
        ),
        Field(
            "rate_source",
            _l("Source of the rate"),
            _l("Where anybody can read it."),
            limit=LONG,
            is_needed=False,
        ),
        Field("procurement", _l("How to buy from them"), SEVERAL_HINT, of=Of.SEVERAL),
        Field(
            "conflicts",
            _l("Conflicts of interest"),
            _l("What a buyer should know, or “None known”."),
            limit=LONG,
        ),
        Field("contact", _l("Contact"), _l("An email address or a web address."), of=Of.ADDRESS),
        Field(
            "right_of_reply",
            _l("Right of reply"),
            _l("What they were asked, when, and what they said."),
            limit=LONG,
        ),
        CHECKED,
        EXAMPLE,
    ),
    PageKind.CASE_STUDY: (
        Field("organisation", _l("Organisation")),
        Field("organisation_kind", _l("Kind of organisation"), of=Of.CHOICE, choices=ORGANISATION_KINDS),
        Field("serves", _l("How many people it serves"), of=Of.CHOICE, choices=SERVES),
        Field("subject", _l("Subject"), SEVERAL_HINT, of=Of.SEVERAL),
        Field("year", _l("Year"), _l("Such as 2019, or 2019 to 2021."), of=Of.YEAR),
        Field("method", _l("Method"), SEVERAL_HINT, of=Of.SEVERAL),
        Field("cost", _l("Cost"), _l("With its source, or “Not known”."), limit=LONG),
        Field("effort", _l("Effort"), _l("Staff time and help, or “Not known”."), limit=LONG),
        Field(
            "numbers",
            _l("Numbers"),
            _l(
                "How many people took part and how, with the source. Empty where it was run on this site alone."
            ),
            limit=LONG,
        ),
        Field("worked", _l("What worked"), limit=LONG),
        Field("did_not", _l("What did not"), limit=LONG),
        Field(
            "carries_over",
            _l("What carries over"),
            _l("What another organisation can take from it."),
            limit=LONG,
        ),
        CHECKED,
        Field(
            "consultation",
            _l("Consultation on this site"),
            _l("Where it was run here: the last part of its address. Its figures are then filled in."),
            of=Of.CONSULTATION,
            is_needed=False,
        ),
        EXAMPLE,
    ),
}

FOLDERS = {  # of each kind: its part of an address, and of the seeds
    PageKind.COMMUNITY: "communities",
    PageKind.PLATFORM: "platforms",
    PageKind.EXPERT: "experts",
    PageKind.CASE_STUDY: "case-studies",
}


def fields_of(kind: PageKind) -> tuple[Field, ...]:
    """Return the facts that a page of this kind gives, in the order of its page."""
    return FIELDS[kind]


def is_unknown(words: str) -> bool:
    """Say whether a fact says that nobody knows it."""
    return words.strip().lower().startswith(UNKNOWN)


def is_unpriced(words: str) -> bool:
    """Say whether a fact names no sum: it says that nobody knows it, and gives no figure all the same."""
    return is_unknown(words) and not any(letter.isdigit() for letter in words)


def parts_of(words: str) -> list[str]:
    """Return the things that a fact of several names."""
    return [part for part in (piece.strip() for piece in words.split(";")) if part]
