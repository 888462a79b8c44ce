"""Invented entries to test with: their facts, whole, and pages made of them through the actions of the room."""

from typing import Any

from consult.extensions import transaction
from consult.toolkit import actions, names
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.models import Page, Shelf
from tests.toolkit.shelf import worded

COMMUNITY = {
    "topic": "Walking and wheeling; pavements",
    "place": "Northmoor",
    "size": "About 900 members",
    "size_source": "Their own page, 3 November 2026",
    "where": "A forum at https://pavement-pals.example",
    "approach": "Ask the moderators first, and say which unit you are from.",
    "language": "English; Welsh",
    "consent": "yes",
    "agreed_by": "The chair",
    "agreed_on": "2026-11-03",
    "checked": "2026-11-03",
    "example": "yes",
}
PLATFORM = {
    "purpose": "Comments on a text; surveys",
    "cost": "Free; a host from £20 a month (its price page, 3 November 2026)",
    "runner": "A foundation in Utrecht",
    "if_they_stop": "Anybody can run the code.",
    "accessibility": "Its statement names two gaps.",
    "data_protection": "Kept on your own host.",
    "staff_time": "Two days a month",
    "support": "Somebody who can keep a server.",
    "leaving": "Exports everything as CSV.",
    "evidence": "Three councils have used it since 2021.",
    "checked": "2026-11-03",
}
EXPERT = {
    "who": "organisation",
    "skills": "Facilitation; plain English",
    "day_rate": "£620 to £780",
    "rate_date": "2026-09-01",
    "rate_source": "Their price list at https://halcyon.example/prices",
    "procurement": "Direct award under £10,000; consultancy framework, lot 3",
    "conflicts": "None known",
    "contact": "hello@halcyon.example",
    "right_of_reply": "Asked on 3 November 2026; they agreed with every line.",
    "checked": "2026-11-03",
    "example": "yes",
}
CASE_STUDY = {
    "organisation": "Northmoor Council",
    "organisation_kind": "local",
    "serves": "100000-500000",
    "subject": "Streets; parking",
    "year": "2024",
    "method": "Workshops; comments on a text",
    "cost": "£4,200, from its committee report",
    "effort": "40 staff days",
    "numbers": "212 people came to six workshops",
    "worked": "Asking on market day.",
    "did_not": "The online form was too long.",
    "carries_over": "Go where people already are.",
    "checked": "2026-11-03",
    "example": "yes",
}
FACTS = {
    PageKind.PRACTICE: {},
    PageKind.COMMUNITY: COMMUNITY,
    PageKind.PLATFORM: PLATFORM,
    PageKind.EXPERT: EXPERT,
    PageKind.CASE_STUDY: CASE_STUDY,
}


def an_entry(kind: PageKind, title: str, *, actor: Any = None, source: str = "Words.", **facts: str) -> Page:
    """Make an entry with the facts of its kind; those that are given stand instead."""
    with transaction():
        return actions.start_page(
            actor=actor,
            slug=names.name_of(title),
            shelf=Shelf.CONSULT,
            kind=kind,
            wording=worded(source, title=title, facts=FACTS[kind] | facts),
        )
