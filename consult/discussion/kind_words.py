"""What the kinds of comments are called on the page, and what each of them is owed. Pure."""

from flask_babel import lazy_gettext as _l

from consult.discussion.models import Kind

LABELS = {
    Kind.COMMENT: _l("Comment"),
    Kind.QUESTION: _l("Question"),
    Kind.CONCERN: _l("Concern"),
    Kind.SUPPORT: _l("Support"),
    Kind.SUGGESTION: _l("Suggestion"),
    Kind.EVIDENCE: _l("Evidence"),
}
HINTS = {
    Kind.COMMENT: _l("Anything you want to say. We read it, and say at the end what we did about it."),
    Kind.QUESTION: _l("You are owed an answer of your own."),
    Kind.CONCERN: _l("What could go wrong. We read it, and say at the end what we did about it."),
    Kind.SUPPORT: _l("What should stay as it is. We read it, and say at the end what we did about it."),
    Kind.SUGGESTION: _l(
        "What you would change; you can give the words. We read it, and say at the end what we did about it."
    ),
    Kind.EVIDENCE: _l(
        "Facts, figures, what you have seen. We read it, and say at the end what we did about it."
    ),
}
HINTS_OF_OTHERS = {
    Kind.COMMENT: _l("Anything they want to say. It is read, and its fate told in the outcome."),
    Kind.QUESTION: _l("They want an answer, and are owed one of their own."),
    Kind.CONCERN: _l("What could go wrong. It is read, and its fate told in the outcome."),
    Kind.SUPPORT: _l("What should stay as it is. It is read, and its fate told in the outcome."),
    Kind.SUGGESTION: _l(
        "What they would change, perhaps in words of their own. Its fate is told in the outcome."
    ),
    Kind.EVIDENCE: _l("Facts, figures, what they have seen. It is read, and its fate told in the outcome."),
}
CHOICES = [(kind.value, LABELS[kind]) for kind in Kind]
