"""What a site says of its provider of single sign-on, checked: who it is, and which groups play which parts. Pure.

A mapping stands on one line: `policy-footways=official:footways-unit; admins=administrator:site`. What is before the
last `=` of an entry is a group as the provider names it, so a group may hold `=`, `:`, `/` and spaces itself.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SITE = "site"
PARTS = ("official", "moderator", "editor", "administrator")
SECOND_FACTORS = ("never", "amr", "always")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_NAME, LONGEST_VALUE = 40, 250
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Grant:
    """A part that a group plays: in the unit (officials) or organisation of the slug `place`, or on the whole site."""

    group: str
    part: str
    place: str


@dataclass(frozen=True)
class SingleSignOn:
    """The provider of a site. `claim` names where a token lists the groups of who comes."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    claim: str
    grants: tuple[Grant, ...]
    second_factor: str


def checked(
    *,
    issuer: str | None,
    client_id: str | None,
    client_secret: str | None,
    name: str | None,
    claim: str | None,
    roles: str | None,
    second_factor: str | None,
) -> SingleSignOn | None:
    """Return the provider that the settings name, None where they name none.

    Raises ValueError with one line that names the setting and says how to mend it.
    """
    given = {"CLIENT_ID": client_id, "CLIENT_SECRET": client_secret, "NAME": name, "CLAIM": claim}
    given |= {"ROLES": roles, "SECOND_FACTOR": second_factor}
    if not issuer:
        lonely = next((word for word, value in given.items() if value), None)
        if lonely:
            raise ValueError(
                f"CONSULT_OIDC_{lonely} is of no use without CONSULT_OIDC_ISSUER: give both or neither"
            )
        return None
    issuer = _address(issuer)
    for word in ("CLIENT_ID", "CLIENT_SECRET"):
        if not given[word]:
            raise ValueError(f"CONSULT_OIDC_{word} is missing: CONSULT_OIDC_ISSUER is given, and needs it")
    return SingleSignOn(
        issuer=issuer,
        client_id=_plain("CLIENT_ID", client_id or ""),
        client_secret=_plain("CLIENT_SECRET", client_secret or ""),
        name=_line("NAME", name or "your work account", LONGEST_NAME),
        claim=_line("CLAIM", claim or "groups", LONGEST_VALUE),
        grants=_grants(roles or ""),
        second_factor=_choice(second_factor or "amr"),
    )


def is_safe(address: object) -> bool:
    """Say whether an address of a provider may be spoken to: over TLS, or on this machine."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def _address(given: str) -> str:
    if not is_safe(given) or "?" in given or "#" in given or "@" in given or len(given) > LONGEST_VALUE:
        raise ValueError(
            "CONSULT_OIDC_ISSUER must be the https address by which the provider names itself, such as "
            "https://id.example.gov.uk/realms/staff"
        )
    return given


def _line(word: str, given: str, longest: int) -> str:
    if not given.isprintable() or len(given) > longest:
        raise ValueError(f"CONSULT_OIDC_{word} must be one line of {longest} characters or fewer")
    return given


def _plain(word: str, given: str) -> str:
    """Accept what a request can carry (RFC 6749, appendix A.1 and A.2)."""
    if not given.isascii():
        raise ValueError(f"CONSULT_OIDC_{word} must be plain ASCII characters, as the provider gave them")
    return _line(word, given, LONGEST_VALUE)


def _choice(given: str) -> str:
    if given not in SECOND_FACTORS:
        raise ValueError(f"CONSULT_OIDC_SECOND_FACTOR must be one of {', '.join(SECOND_FACTORS)}")
    return given


def _grants(given: str) -> tuple[Grant, ...]:
    entries = (entry.strip() for entry in given.split(";"))
    return tuple(dict.fromkeys(_grant(entry) for entry in entries if entry))


def _grant(entry: str) -> Grant:
    group, _equals, role = (piece.strip() for piece in entry.rpartition("="))
    part, _colon, place = (piece.strip() for piece in role.partition(":"))
    wrong = _what_is_wrong(group, part, place)
    if wrong:
        raise ValueError(f"CONSULT_OIDC_ROLES: “{entry[:80]}” {wrong}")
    return Grant(group, part, place)


def _what_is_wrong(group: str, part: str, place: str) -> str:
    """Say why an entry of the mapping cannot be, in the second half of a sentence; nothing where it can."""
    if not group or not group.isprintable() or part not in PARTS:
        return f"is not of the form GROUP=PART:PLACE, where PART is one of {', '.join(PARTS)}"
    if not SLUG.fullmatch(place):
        return "names no place: give the slug of a unit or an organisation, or the word site"
    if part == "editor" and place != SITE:
        return "cannot be: editors belong to the whole site (editor:site)"
    if part in ("official", "moderator") and place == SITE:
        return f"cannot be: give the slug of {'a unit' if part == 'official' else 'an organisation'}"
    return ""
