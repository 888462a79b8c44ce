"""Mail addresses in the one form in which they are stored and looked up. Pure."""

from email_validator import EmailNotValidError, validate_email

LONGEST = 254  # RFC 5321, section 4.5.3.1.3
WITHOUT_DOTS = ("gmail.com", "googlemail.com")  # two names of one provider


def as_stored(typed: str) -> str:
    """Return an address in lower case, its domain in ASCII; ValueError if it is not one plain address."""
    if len(typed) > LONGEST + 2:
        raise ValueError("too long")
    try:
        found = validate_email(
            typed.strip(), check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except EmailNotValidError as error:
        raise ValueError("not a mail address") from error
    if not found.ascii_email or "." not in (found.ascii_domain or ""):
        raise ValueError("not a mail address")
    return found.ascii_email.lower()


def mailbox_of(stored: str) -> str:
    """Return an address that stands for all that lead to the same box, as far as that is known of them.

    What follows a `+` is a label of the reader's own; one large provider takes no notice of dots. Nothing is sent to
    what is returned: it is there to count by.
    """
    local, _at, domain = stored.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in WITHOUT_DOTS:
        local, domain = local.replace(".", ""), WITHOUT_DOTS[0]
    return f"{local}@{domain}"
