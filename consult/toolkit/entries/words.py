"""What the kinds of entry are called on pages, and which of their facts their lists show. Pure."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.toolkit.entries.kinds import PageKind

PLURAL: dict[PageKind, Any] = {
    PageKind.PRACTICE: _l("Guidance"),
    PageKind.COMMUNITY: _l("Communities"),
    PageKind.PLATFORM: _l("Platforms"),
    PageKind.EXPERT: _l("Experts"),
    PageKind.CASE_STUDY: _l("Case studies"),
}
SINGULAR: dict[PageKind, Any] = {
    PageKind.PRACTICE: _l("Guidance"),
    PageKind.COMMUNITY: _l("Community"),
    PageKind.PLATFORM: _l("Platform"),
    PageKind.EXPERT: _l("Expert"),
    PageKind.CASE_STUDY: _l("Case study"),
}
ABOUT: dict[PageKind, Any] = {
    PageKind.COMMUNITY: _l(
        "People who already talk about it, where they already talk. Each has agreed to be listed here."
    ),
    PageKind.PLATFORM: _l(
        "What exists already, what it really costs, who runs it, and how you leave. Tick some to compare them."
    ),
    PageKind.EXPERT: _l(
        "Organisations and public figures alone, with their published rates and how to buy from them. "
        "To be listed is no recommendation."
    ),
    PageKind.CASE_STUDY: _l(
        "How others did it: what it cost, what worked, what did not. Find an organisation like yours, "
        "and tick some to compare them."
    ),
}
COLUMNS: dict[PageKind, tuple[str, ...]] = {  # of the list, after the name
    PageKind.COMMUNITY: ("topic", "place", "size", "where", "approach"),
    PageKind.PLATFORM: ("purpose", "cost", "staff_time", "leaving"),
    PageKind.EXPERT: ("who", "skills", "day_rate", "procurement", "contact"),
    PageKind.CASE_STUDY: ("organisation", "subject", "method", "cost", "numbers"),
}
AT_HOME: dict[PageKind, tuple[str, ...]] = {  # in the short tables of the first page
    PageKind.COMMUNITY: ("topic", "where", "approach"),
    PageKind.PLATFORM: ("purpose", "cost", "staff_time", "leaving"),
    PageKind.EXPERT: ("skills", "day_rate", "procurement"),
}
COMMUNITIES_AT_HOME = _l("Communities to go to")
PLATFORMS_AT_HOME = _l("Platforms, and what they really cost")
EXPERTS_AT_HOME = _l("Experts, rates and how to hire them")
COMPARED = (PageKind.PLATFORM, PageKind.CASE_STUDY)
