"""What a provider says of somebody, as a table: who they are, whether their address is vouched for, what they may do."""

from datetime import UTC, datetime

import pytest

from consult.accounts.claims import granted, read
from consult.single_sign_on import Grant, SingleSignOn

pytestmark = pytest.mark.once

GRANTS = (
    Grant("footways", "official", "footways-unit"),
    Grant("policy", "official", "footways-unit"),
    Grant("policy", "editor", "site"),
    Grant("mods", "moderator", "streets"),
    Grant("it", "administrator", "site"),
)


def _asked(**changes):
    filled = {"issuer": "https://id.example", "client_id": "c", "client_secret": "s", "name": "Staff"}
    return SingleSignOn(**{**filled, "claim": "groups", "grants": GRANTS, "second_factor": "amr", **changes})


def _read(signed=None, besides=None, **asked):
    return read({"sub": "1", **(signed or {})}, besides or {}, _asked(**asked))


@pytest.mark.parametrize(
    ("groups", "parts"),
    [
        ([], []),
        (["unknown"], []),
        (["Footways"], []),
        (["footways"], ["official footways-unit"]),
        (["footways", "policy"], ["official footways-unit", "editor site"]),
        (["policy"], ["official footways-unit", "editor site"]),
        (["mods"], ["moderator streets"]),
        (["it"], ["administrator site"]),
        (["administrator", "site", "it "], []),
        ("it", ["administrator site"]),
        ({"it": True}, []),
        ([["it"], 7, None, {"it": 1}], []),
        (None, []),
    ],
)
def test_groups_bring_parts(groups, parts):
    visitor = _read({"groups": groups})
    assert [f"{grant.part} {grant.place}" for grant in granted(visitor.groups, GRANTS)] == parts


@pytest.mark.parametrize(
    ("signed", "besides", "email", "is_verified"),
    [
        ({"email": "Ann@Body.Example", "email_verified": True}, {}, "ann@body.example", True),
        ({"email": "ann@body.example", "email_verified": False}, {}, "ann@body.example", False),
        ({"email": "ann@body.example", "email_verified": "true"}, {}, "ann@body.example", False),
        ({"email": "ann@body.example", "email_verified": 1}, {}, "ann@body.example", False),
        ({"email": "ann@body.example"}, {}, "ann@body.example", False),
        ({"email": "ann@body.example", "xms_edov": True}, {}, "ann@body.example", True),
        ({"email": "ann@body.example", "xms_edov": "1"}, {}, "ann@body.example", True),
        ({"email": "ann@body.example", "xms_edov": "0"}, {}, "ann@body.example", False),
        ({"email": "ann@body.example", "xms_edov": ["1"]}, {}, "ann@body.example", False),
        (
            {"email": "ann@body.example", "email_verified": False, "xms_edov": True},
            {},
            "ann@body.example",
            False,
        ),
        ({}, {"email": "ann@body.example", "email_verified": True}, "ann@body.example", True),
        # a word for one address is none for another
        ({"email": "ann@body.example"}, {"email_verified": True}, "ann@body.example", False),
        (
            {"email": "boss@body.example"},
            {"email": "ann@body.example", "email_verified": True},
            "ann@body.example",
            True,
        ),
        ({"email": "not an address", "email_verified": True}, {}, "", False),
        ({"email": "a@b.example\nBcc: c@d.example", "email_verified": True}, {}, "", False),
        ({"email": ["ann@body.example"], "email_verified": True}, {}, "", False),
        ({}, {}, "", False),
    ],
)
def test_an_address_counts_with_the_word_that_stands_beside_it(signed, besides, email, is_verified):
    visitor = _read(signed, besides)
    assert (visitor.email, visitor.is_email_verified) == (email, is_verified)


@pytest.mark.parametrize(
    ("methods", "rule", "counts"),
    [
        (["pwd"], "amr", False),
        (["pwd", "otp"], "amr", True),
        (["mfa"], "amr", True),
        (["hwk", "user"], "amr", True),
        ("mfa", "amr", True),
        (["pwd", "pin"], "amr", False),
        (None, "amr", False),
        ({"mfa": 1}, "amr", False),
        (None, "always", True),
        (["mfa"], "never", False),
    ],
)
def test_two_steps_there_are_two_steps_here_as_the_setting_says(methods, rule, counts):
    assert _read({"amr": methods}, second_factor=rule).with_second_step is counts


def test_how_somebody_proved_who_they_are_counts_only_where_it_is_signed():
    visitor = _read({}, {"amr": ["mfa"], "auth_time": 1_800_000_000})
    assert not visitor.with_second_step
    assert visitor.proved_at is None


@pytest.mark.parametrize("subject", [None, "", 7, "s" * 256, ["1"]])
def test_nobody_is_nobody(subject):
    with pytest.raises(ValueError):
        read({"sub": subject}, {}, _asked())


@pytest.mark.parametrize(
    ("signed", "name"),
    [
        ({"name": "Ann Ode"}, "Ann Ode"),
        ({"name": "  Ann \n Ode "}, "Ann Ode"),
        ({"given_name": "Ann", "family_name": "Ode"}, "Ann Ode"),
        ({"family_name": "Ode"}, "Ode"),
        ({"name": "Ann\u202eedO"}, ""),
        ({"name": "A" * 81}, ""),
        ({"name": "…"}, ""),
        ({"name": ["Ann"]}, ""),
        ({}, ""),
    ],
)
def test_a_name_is_one_that_can_be_shown(signed, name):
    assert _read(signed).name == name


def test_a_claim_may_stand_within_others():
    assert _read({"realm_access": {"roles": ["it"]}}, claim="realm_access.roles").groups == {"it"}
    assert _read({"realm_access": ["roles"]}, claim="realm_access.roles").groups == frozenset()
    assert _read({"https://id.example/groups": ["it"]}, claim="https://id.example/groups").groups == {"it"}


def test_groups_that_stand_elsewhere_are_not_known():
    away = {
        "_claim_names": {"groups": "src1"},
        "_claim_sources": {"src1": {"endpoint": "https://graph.example"}},
    }
    assert _read(away).groups is None
    assert _read({"_claim_names": "odd"}).groups == frozenset()


@pytest.mark.parametrize(
    ("said", "at"),
    [
        (1_800_000_000, datetime(2027, 1, 15, 8, 0, tzinfo=UTC)),
        ("now", None),
        (True, None),
        (1e300, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_the_moment_of_the_proof_is_a_moment_or_nothing(said, at):
    assert _read({"auth_time": said}).proved_at == at
