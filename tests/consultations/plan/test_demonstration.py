"""What the units of the demonstration say of their time agrees with the dates of their consultations."""

import pytest

from consult.cli.demonstration import reading

WEEKS = {"Three": 3, "Six": 6, "Eight": 8, "Ten": 10, "Eleven": 11, "Thirteen": 13}
ABOUT = {said["slug"]: said for said in reading.consultations()}


@pytest.mark.parametrize("slug", ABOUT)
def test_a_plan_names_the_weeks_for_which_it_was_announced(slug):
    why, said = reading.plan(slug).get("answers", {}).get("why_long"), ABOUT[slug]
    if why:
        announced = said.get("extended", {}).get("from", said["closes"])
        assert WEEKS[why.split()[0]] == (announced - said["opens"]) // 7
