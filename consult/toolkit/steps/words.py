"""What the steps of the work are called on the page, and where each is done."""

from flask_babel import lazy_gettext as _l

from consult.toolkit.steps.models import Step

NAMES = {
    Step.TEAM: _l("Bring in officials and moderators"),
    Step.PLAN: _l("Plan a consultation"),
    Step.AIMS: _l("Write its aims"),
    Step.EQUALITY: _l("Ask who is taking part"),
    Step.FORMATS: _l("Offer other formats and languages"),
    Step.DATES: _l("Choose the dates"),
    Step.ELECTION: _l("Prepare for an election"),
    Step.WRITE: _l("Write the draft"),
    Step.PUBLISH: _l("Publish a version"),
    Step.OPEN: _l("Open it"),
    Step.INVITE: _l("Invite people to take part"),
    Step.MODERATE: _l("Moderate"),
    Step.CAMPAIGNS: _l("Handle copies of one letter"),
    Step.ANSWER: _l("Answer"),
    Step.RECORDS: _l("See to requests for information"),
    Step.CLOSE: _l("Close it, and read what came"),
    Step.REPORT: _l("Say what was decided"),
}
