"""Facts are part of a revision: saved, kept, brought back and refused with it."""

import pytest

from consult.errors import Invalid
from consult.extensions import transaction
from consult.toolkit import actions, queries
from consult.toolkit.entries.kinds import PageKind
from tests.factories import an_editor
from tests.toolkit.entries.made import EXPERT, PLATFORM, an_entry
from tests.toolkit.shelf import resaved, restored, worded


def facts_of(page):
    return queries.revision(page.id, page.revision_count).facts


def test_facts_are_kept_with_each_revision_and_brought_back(app):
    page = an_entry(PageKind.PLATFORM, "A wiki")
    resaved(page, "Words.", facts=PLATFORM | {"cost": "Free"})
    assert (page.revision_count, facts_of(page)["cost"]) == (2, "Free")
    restored(page, 1)
    assert (page.revision_count, facts_of(page)) == (3, PLATFORM)


def test_a_save_that_says_nothing_of_the_facts_leaves_them(app):
    page = an_entry(PageKind.PLATFORM, "A wiki")
    resaved(page, "Other words.")
    assert (page.revision_count, facts_of(page)) == (2, PLATFORM)


def test_the_same_facts_are_no_change(app):
    page = an_entry(PageKind.PLATFORM, "A wiki")
    resaved(page, "Words.", facts={name: f" {words} " for name, words in PLATFORM.items()})
    assert page.revision_count == 1


def test_that_an_entry_is_real_goes_without_saying(app):
    real = {name: words for name, words in EXPERT.items() if name != "example"}
    page = an_entry(PageKind.EXPERT, "Halcyon", example="")
    resaved(page, "Words.", facts=real | {"example": "no"})
    assert (page.revision_count, facts_of(page)) == (1, real)
    queries.revision(page.id, 1).facts = real | {"example": "no"}  # as they once were stored
    resaved(page, "Words.", facts=real)
    assert page.revision_count == 1


def test_a_page_has_no_facts_of_another_kind(app):
    page = an_entry(PageKind.PRACTICE, "Guidance", cost="£5")
    assert facts_of(page) == {}


@pytest.mark.parametrize("left_out", ["rate_date", "rate_source", "contact"])
def test_an_expert_without_what_is_needed_is_refused_with_the_field(app, left_out):
    with pytest.raises(Invalid) as refused:
        an_entry(PageKind.EXPERT, "Halcyon", **{left_out: ""})
    assert refused.value.field == left_out


def test_an_editor_cannot_give_a_day_that_has_not_come(app):
    editor = an_editor()
    page = an_entry(PageKind.EXPERT, "Halcyon")
    with pytest.raises(Invalid) as refused, transaction():
        actions.save_page(
            actor=editor,
            page=page,
            wording=worded(title=page.title, facts=EXPERT | {"rate_date": "2099-01-01"}),
            shelf=page.shelf,
            based_on=1,
        )
    assert refused.value.field == "rate_date"
