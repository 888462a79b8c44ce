"""Links in what somebody wrote. Pure.

Links to public bodies of the United Kingdom are not among them: whoever cites a law or a figure should not wait for it.
"""

import re

from consult.moderation.holds.found import Found

_ENDS = r"com|net|org|info|biz|shop|store|online|site|xyz|top|club|app|io|co|me|tv|eu|ru|cn|wales|cymru|scot|london|uk|ie"
_LINK = re.compile(
    rf"(?:\b[a-z][a-z0-9+.-]{{1,15}}://|\bwww\.)[^\s<>\"')\]]+"
    rf"|(?<![@\w.-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_ENDS})(?![\w@-]|\.\w)(?:[/?#][^\s<>\"')\]]*)?",
    re.IGNORECASE,
)
_BARE = re.compile(r"^(?![a-z][a-z0-9+.-]*://|www\.)", re.IGNORECASE)
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)
_PUBLIC = re.compile(
    r"(?:^|\.)(?:gov\.uk|gov\.wales|gov\.scot|llyw\.cymru|parliament\.uk|senedd\.(?:wales|cymru)"
    r"|parliament\.scot|nhs\.uk|police\.uk|judiciary\.uk)$",
    re.IGNORECASE,
)


def links_in(text: str) -> list[Found]:
    """Return the links of a text: addresses with a scheme, with www., or a name with a usual ending."""
    found = []
    for match in _LINK.finditer(text):
        words = match.group().rstrip(".,;:!?*_~`")
        if _is_sentence_end(words) or _is_public(words):
            continue
        found.append(Found(match.start(), match.start() + len(words), "link"))
    return found


def _is_sentence_end(words: str) -> bool:
    """Say whether it is no address but two sentences without a blank between them: "is enough.Me too"."""
    if not _BARE.match(words) or "/" in words:
        return False
    ending = words.rsplit(".", 1)[-1]
    return ending != ending.lower() and ending != ending.upper()


def _is_public(words: str) -> bool:
    host = _HOST.match(words)
    return host is not None and _PUBLIC.search(host.group(1).rstrip(".")) is not None
