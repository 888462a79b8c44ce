"""A correction changes nothing that is read otherwise than its letters say."""

import pytest

from consult.documents import correcting
from consult.errors import Invalid
from tests.documents.ground import a_draft

pytestmark = pytest.mark.usefixtures("app")

TEXT = "The council may not charge more than 102 pounds for a permit to park on the kerb of a street.\n"


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("not", "~~not~~"),
        ("not", "<s>not</s>"),
        ("not", "<sub>not</sub>"),
        ("102", "10<sup>2</sup>"),
        ("102", "\u202e102\u202c"),
        ("102", "\u2067102\u2069"),
    ],
)
@pytest.mark.parametrize("is_back", [False, True])
def test_striking_out_raising_and_turning_is_no_misprint(words, others, is_back):
    before, after = TEXT, TEXT.replace(words, others)
    if is_back:
        before, after = after, before
    with pytest.raises(Invalid, match="would be reworded"):
        correcting.proof(a_draft(before), after)


def test_what_was_struck_out_before_stands_in_no_ones_way():
    document = a_draft(TEXT.replace("not", "~~not~~").replace("kerb", "kreb"))
    made = correcting.proof(document, TEXT.replace("not", "~~not~~"))
    assert len(made.slips) == 1
