"""What is said of an item of the queue beside why it is there: marks, each a code, kept in one short column. Pure."""

from flask_babel import lazy_gettext as _l

NOT_BY_ME = "not_by_me"  # somebody says that it was written in their name, and not by them
DEFAMATION = "defamation"  # a notice of complaint is open: see `complaints`
PASSED_ON = "passed_on"  # to the person who is named for danger: see `escalation`
LABELS = {
    NOT_BY_ME: _l("“Not by me”"),
    DEFAMATION: _l("Defamation notice"),
    PASSED_ON: _l("Passed on"),
}


def add(marks: str, code: str) -> str:
    """Return the marks with one more; the same where it is among them. Raises KeyError for what is no mark."""
    LABELS[code]
    return marks if code in read(marks) else ",".join([*read(marks), code])


def drop(marks: str, code: str) -> str:
    """Return the marks without one."""
    return ",".join(each for each in read(marks) if each != code)


def read(marks: str) -> list[str]:
    """Return the codes that stand in the column, in the order in which they came."""
    return marks.split(",") if marks else []
