"""Every door that can be hammered closes for a while, or says here why it need not."""

from consult.permissions import May

BEHIND_A_PART = {
    May.ADMINISTER,
    May.ANSWER,
    May.DECIDE,
    May.EDIT_TOOLKIT,
    May.ERASE,
    May.LIST_WORDS,
    May.MEND_RECORD,
    May.RECORD,
    May.REMOVE_SEARCHES,
    May.RUN_CONSULTATION,
    May.SET_HOLDS,
    May.SET_UP_SITE,
}  # few people hold a part, each by name, and all that they do is on the record
WITHOUT = {
    "accounts.sign_out": "ends a session and does nothing else",
    "accounts.end_session": "ends a session of one's own and does nothing else",
    "accounts.end_other_sessions": "ends one's own sessions and does nothing else",
}
MUST = {  # of those behind a part: what sends a mail to an address that was typed
    "accounts.give_role",
    "accounts.test_mail",
}


def _posts(app):
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"} and rule.endpoint != "static"
    }


def test_every_door_that_takes_something_is_limited_or_says_why_not(app):
    open_doors = []
    for endpoint in sorted(_posts(app)):
        view = app.view_functions[endpoint]
        is_behind = getattr(view, "access", None) in BEHIND_A_PART and endpoint not in MUST
        if not hasattr(view, "door") and not is_behind and endpoint not in WITHOUT:
            open_doors.append(endpoint)
    assert not open_doors, f"Take a limit of consult/web/limits.py for {open_doors}"


def test_the_reasons_are_of_doors_that_are_there(app):
    assert set(WITHOUT) | MUST <= _posts(app)
    assert not [endpoint for endpoint in WITHOUT if hasattr(app.view_functions[endpoint], "door")]


def test_limits_stand_in_the_one_table(app):
    """A route that counts by itself would be missing from the table, and could not say how long is left."""
    loose = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if hasattr(app.view_functions[rule.endpoint], "__wrapper-limiter-instance")
        and not hasattr(app.view_functions[rule.endpoint], "door")
    ]
    assert not loose, f"Put the limit into consult/web/limits.py: {loose}"
