"""Every column that can name a person is in what that person may take away, or stands here with the reason why not."""

import re
from pathlib import Path

from consult.accounts import held_words
from consult.accounts.models import Person
from consult.accounts.retention import PERIODS
from consult.accounts.routes.own_data import KINDS
from consult.extensions import db
from consult.notices.clearing import GOES_ALONG

ROOT = Path(__file__).resolve().parents[2]
OFFICIAL = "an act in an official part, on public record: listed under “record”"
LEFT_OUT = {
    "role.invited_by": OFFICIAL,
    "consultation.created_by": OFFICIAL,
    "consultation_extension.decided_by": OFFICIAL,
    "election.created_by": OFFICIAL,
    "draft_answer.held_by": OFFICIAL,
    "draft.saved_by": OFFICIAL,
    "version.published_by": OFFICIAL,
    "version.withdrawn_by": OFFICIAL,
    "lineage.confirmed_by": OFFICIAL,
    "confirmation.confirmed_by": OFFICIAL,
    "erratum.corrected_by": OFFICIAL,
    "comment.recorded_by": OFFICIAL,
    "comment.marked_by": OFFICIAL,
    "comment_verdict.given_by": OFFICIAL,
    "ledger_entry.read_by": OFFICIAL,
    "draft_answer.decided_by": OFFICIAL,
    "information_request.marked_by": OFFICIAL,
    "information_request.closed_by": OFFICIAL,
    "answering.person_id": "which answer pages an official has open: gone minutes after the last is closed",
    "ledger_entry.assignee_id": OFFICIAL,
    "returned_question.person_id": "waits until the next mail, and goes with it: that is listed under “mails”",
    "desk_act.actor_id": OFFICIAL,
    "point.created_by": OFFICIAL,
    "queue_item.settled_by": OFFICIAL,
    "queue_item.claimed_by": "which comment a moderator has open: it counts for minutes",
    "moderation_act.actor_id": OFFICIAL,
    "wave.welcomed_by": OFFICIAL,
    "erasure.asked_by": OFFICIAL,
    "erasure.agreed_by": OFFICIAL,
    "erasure.refused_by": OFFICIAL,
    "person_hold.held_by": OFFICIAL,
    "person_hold.ended_by": OFFICIAL,
    "person_hold.looked_by": OFFICIAL,
    "appeal.decided_by": OFFICIAL,
    "appeal.settled_by": OFFICIAL,
    "appeal_outsider.named_by": OFFICIAL,
    "complaint.passed_by": OFFICIAL,
    "legal_hold.set_by": OFFICIAL,
    "legal_hold.lifted_by": OFFICIAL,
    "seal.asked_by": OFFICIAL,
    "seal.agreed_by": OFFICIAL,
    "seal.lifting_asked_by": OFFICIAL,
    "seal.over_by": OFFICIAL,
    "seal_reader.person_id": "who is named to read a sealed text: part of an official act, each reading on record",
    "escalation.passed_by": OFFICIAL,
    "escalation.replied_by": OFFICIAL,
    "escalation.closed_by": OFFICIAL,
    "escalation_contact.named_by": OFFICIAL,
    "complaint.settled_by": OFFICIAL,
    "toolkit_revision.author_id": OFFICIAL,
    "toolkit_revision.withheld_by": OFFICIAL,
    "toolkit_step.chosen_by": OFFICIAL,
    "toolkit_suggestion.settled_by": OFFICIAL,
    "plan_answer.answered_by": OFFICIAL,
    "plan_change.changed_by": OFFICIAL,
    "guidance_followed.noted_by": OFFICIAL,
    "toolkit_page.owner_id": OFFICIAL,
}
NAMED_LIKE_PEOPLE = re.compile(r"(person|author|actor|reporter|owner|user)_id|\w+_by")


def _columns_on_people(metadata) -> set[str]:
    """Columns that refer to a person, or are called as if they did."""
    found = set()
    for table in metadata.sorted_tables:
        for column in table.columns:
            refers = any(key.column is Person.__table__.c.id for key in column.foreign_keys)
            if refers or (NAMED_LIKE_PEOPLE.fullmatch(column.name) and "INTEGER" in str(column.type)):
                found.add(f"{table.name}.{column.name}")
    return found


def test_no_column_that_names_a_person_is_forgotten(app):
    covered = set().union(*(kind.columns for kind in KINDS))
    assert _columns_on_people(db.metadata) == covered | set(LEFT_OUT)
    assert not covered & set(LEFT_OUT)


def test_no_kind_stands_twice():
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_every_field_has_a_name_on_the_page():
    """The names of fields are keys of dictionaries in the modules that read them."""
    used = set()
    for room in ("accounts", "discussion", "moderation", "toolkit", "notices"):
        source = (ROOT / f"consult/{room}/held.py").read_text("utf-8")
        used |= set(re.findall(r'^\s+"(\w+)":', source, re.M))
        used |= set(re.findall(r'[{,] ?"(\w+)":', source))
        used |= set(re.findall(r"^\s+(\w+)=\w+\.\w+,", source, re.M))
    assert len(used) > 50
    assert used <= set(held_words.NAMES), sorted(used - set(held_words.NAMES))


def test_what_goes_with_an_unconfirmed_account_are_columns_that_are_there(app):
    assert _columns_on_people(db.metadata) >= GOES_ALONG


def test_the_paper_has_the_periods_and_the_kinds_of_the_code():
    paper = (ROOT / "docs/privacy.md").read_text("utf-8")
    rows = re.findall(r"^\| [^|]+ \| (\d+) days after [^|]+ \| `(\w+)` \|$", paper, re.M)
    assert {name: int(days) for days, name in rows} == {
        what.value: period.days for what, period in PERIODS.items()
    }
    told = re.search(r"the newest first: (.*?)\. Times", paper)
    assert told
    assert re.findall(r"`(\w+)`", told[1]) == [kind.name for kind in KINDS]
