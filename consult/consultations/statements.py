"""What the public is owed before a consultation opens, and which of it is missing. Pure."""

import enum
from typing import Protocol


class Statement(enum.Enum):
    """What must be said; the value is the field it is said in."""

    SUMMARY = "summary"
    AIMS = "aims"
    WHO_READS = "who_reads"
    WHAT_HAPPENS = "what_happens"
    POST = "post_address"
    TELEPHONE = "telephone"
    EASY_READ = "easy_read"
    BSL = "bsl"
    LARGE_PRINT = "large_print"
    WELSH = "welsh"


class Stated(Protocol):
    """What makes these statements."""

    summary: str
    aims: str
    who_reads: str
    what_happens: str
    post_address: str
    telephone: str
    easy_read: str
    bsl: str
    large_print: str
    welsh: str


def missing_statements(consultation: Stated) -> list[Statement]:
    """Return what is still unsaid, in the order of the page. The moderation policy always says something."""
    return [statement for statement in Statement if not getattr(consultation, statement.value).strip()]
