"""Who listens to which announcement. `create_app` calls `connect` once all rooms are known."""

from consult import announcements as announced
from consult.moderation import actions as moderation
from consult.notices import events
from consult.notices import listeners as notices
from consult.search import indexing as search

LISTENERS = (
    (announced.account_made, notices.on_account_made),
    (announced.account_asked_again, notices.on_account_asked_again),
    (announced.address_taken, notices.on_address_taken),
    (announced.password_forgotten, notices.on_password_forgotten),
    (announced.password_changed, notices.on_password_changed),
    (announced.role_given, notices.on_role_given),
    (announced.role_ended, notices.on_role_ended),
    (announced.mail_test_asked, notices.on_mail_test_asked),
    (announced.barrier_reported, notices.on_barrier_reported),
    (announced.comment_changed, notices.on_comment_changed),
    (announced.question_answered, notices.on_question_answered),
    (announced.comment_changed, moderation.follow_state),
    (announced.correction_proposed, moderation.follow_correction),
    (announced.consultation_changed, search.on_consultation_changed),
    (announced.version_published, search.on_version_published),
    (announced.version_corrected, search.on_version_published),
    (announced.version_published, events.on_version_published),
    (announced.comment_changed, search.on_comment_changed),
    (announced.question_answered, search.on_question_answered),
    (announced.response_corrected, search.on_response_corrected),
    (announced.page_changed, search.on_page_changed),
)


def connect() -> None:
    """Connect the listeners of the higher rooms; safe to call again for another application."""
    for signal, listener in LISTENERS:
        signal.connect(listener)
