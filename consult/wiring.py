"""Who listens to which announcement. `create_app` calls `connect` once all rooms are known."""

from consult import announcements as announced
from consult.discussion import held_by_law, ownership
from consult.discussion.answering import drafting
from consult.discussion.ledger import also, retiming
from consult.discussion.ledger import entries as ledger
from consult.discussion.unsent import keeping
from consult.moderation import actions as moderation
from consult.moderation.appeals import actions as appeals
from consult.moderation.campaigns import arrival as campaigns
from consult.moderation.closing import actions as closing
from consult.moderation.complaints import actions as complaints
from consult.moderation.escalation import actions as escalation
from consult.moderation.held_people import actions as held_people
from consult.moderation.holds import actions as holds
from consult.moderation.holds import asking as hold_questions
from consult.moderation.redaction import actions as redaction
from consult.moderation.seals import actions as seals
from consult.moderation.waves import arriving as waves
from consult.notices import (
    answers,
    complaining,
    deciding,
    desk,
    escalating,
    events,
    forgetting,
    happenings,
    holding,
    parts,
    returned,
    sign_in,
    single_sign_on,
    suggesting,
)
from consult.notices import listeners as notices
from consult.notices import waves as wave_mails
from consult.search import indexing as search
from consult.toolkit import ownership as toolkit
from consult.toolkit.talk import actions as talk_of_pages

LISTENERS = (
    (announced.account_made, notices.on_account_made),
    (announced.session_begun, keeping.take_over),
    (announced.session_begun, forgetting.on_session_begun),
    (announced.session_begun, also.take_over),
    (announced.guest_wrote, notices.on_guest_wrote),
    (announced.guest_asked_for_link, notices.on_guest_asked_for_link),
    (announced.account_asked_again, notices.on_account_asked_again),
    (announced.address_taken, notices.on_address_taken),
    (announced.account_tied, single_sign_on.on_account_tied),
    (announced.password_not_needed, single_sign_on.on_password_not_needed),
    (announced.password_forgotten, notices.on_password_forgotten),
    (announced.password_changed, notices.on_password_changed),
    (announced.address_change_asked, sign_in.on_address_change_asked),
    (announced.address_changed, sign_in.on_address_changed),
    (announced.second_step_changed, sign_in.on_second_step_changed),
    (announced.role_offered, parts.on_role_offered),
    (announced.role_declined, parts.on_role_declined),
    (announced.role_taken_back, parts.on_role_taken_back),
    (announced.role_given, parts.on_role_given),
    (announced.role_moved, parts.on_role_moved),
    (announced.role_ended, parts.on_role_ended),
    (announced.password_link_sent, parts.on_password_link_sent),
    (announced.sessions_ended, parts.on_sessions_ended),
    (announced.account_disabled, parts.on_account_disabled),
    (announced.account_enabled, parts.on_account_enabled),
    (announced.person_renamed, ownership.on_person_renamed),
    (announced.person_renamed, toolkit.on_person_renamed),
    (announced.account_closed, held_by_law.on_account_closed),  # which may refuse all of it
    (announced.account_closed, ownership.on_account_closed),
    (announced.account_closed, also.on_account_closed),
    (announced.account_closed, moderation.on_account_closed),
    (announced.account_closed, held_people.on_account_closed),
    (announced.account_closed, toolkit.on_account_closed),
    (announced.account_closed, forgetting.on_account_closed),
    (announced.comments_claimed, also.on_comments_claimed),
    (announced.comments_claimed, moderation.on_comments_claimed),
    (announced.comments_claimed, held_people.on_comments_claimed),
    (announced.comments_claimed, forgetting.on_comments_claimed),
    (announced.people_erased, ownership.on_people_erased),
    (announced.people_erased, also.on_people_erased),
    (announced.people_erased, moderation.on_people_erased),
    (announced.people_erased, forgetting.on_people_erased),
    (announced.addresses_deleted, forgetting.on_addresses_deleted),
    (announced.comment_erased, forgetting.on_comment_erased),
    (announced.comment_sealed, forgetting.on_comment_erased),
    (announced.comment_sealed, notices.on_comment_sealed),
    (announced.comment_changed, seals.follow_state),
    (announced.mail_test_asked, notices.on_mail_test_asked),
    (announced.barrier_reported, notices.on_barrier_reported),
    (announced.comment_changed, notices.on_comment_changed),
    (announced.question_answered, redaction.on_response_written),  # before it goes into mails
    (announced.question_answered, notices.on_question_answered),
    (announced.response_undone, drafting.follow_undone),
    (announced.clearance_asked, answers.on_clearance_asked),
    (announced.clearance_decided, answers.on_clearance_decided),
    (announced.information_requested, answers.on_information_requested),
    (announced.response_undone, notices.on_response_undone),
    (announced.decision_undone, notices.on_decision_undone),
    (announced.decision_undone, redaction.on_decision_undone),
    (announced.decision_undone, closing.on_decision_undone),
    (announced.person_held, holding.on_person_held),
    (announced.hold_lifted, holding.on_hold_lifted),
    (announced.hold_asked_about, holding.on_hold_asked_about),
    (announced.hold_looked_at, holding.on_hold_looked_at),
    (announced.words_taken_out, forgetting.on_words_taken_out),
    (announced.words_taken_out, deciding.on_words_taken_out),
    (announced.words_put_back, deciding.on_words_put_back),
    (announced.decisions_timed, notices.on_decisions_timed),
    (announced.question_marked, notices.on_question_marked),
    (announced.question_unmarked, notices.on_question_unmarked),
    (announced.question_returned, returned.on_question_returned),
    (announced.team_replied, notices.on_team_replied),
    (announced.comments_given, desk.on_comments_given),
    (announced.giving_undone, desk.on_giving_undone),
    (announced.publication_asked, hold_questions.on_publication_asked),
    (announced.consultation_changed, holds.on_consultation_changed),
    (announced.comment_changed, appeals.follow_state),  # before the queue, which it leaves free
    (announced.comment_changed, moderation.follow_state),
    (announced.comment_changed, complaints.follow_state),  # after the queue, into which it may put it back
    (announced.comment_changed, escalation.follow_state),
    (announced.comment_passed_on, escalating.on_comment_passed_on),
    (announced.escalation_replied, escalating.on_escalation_replied),
    (announced.complaint_made, complaining.on_complaint_made),
    (announced.complaint_passed_on, complaining.on_complaint_passed_on),
    (announced.complaint_settled, complaining.on_complaint_settled),
    (announced.complaint_reopened, complaining.on_complaint_reopened),
    (announced.comment_changed, redaction.on_comment_changed),
    (announced.appeal_made, deciding.on_appeal_made),
    (announced.appeal_sent_out, deciding.on_appeal_sent_out),
    (announced.appeal_settled, deciding.on_appeal_settled),
    (announced.role_ended, appeals.on_moderator_left),
    (announced.account_disabled, appeals.on_moderator_left),
    (announced.correction_proposed, moderation.follow_correction),
    (announced.election_changed, retiming.on_election_changed),
    (announced.comment_changed, campaigns.on_comment_changed),
    (announced.comment_changed, waves.on_comment_changed),
    (announced.wave_begun, wave_mails.on_wave_begun),
    (announced.consultation_changed, ledger.on_consultation_changed),
    (announced.consultation_changed, search.on_consultation_changed),
    (announced.version_published, search.on_version_published),
    (announced.version_corrected, search.on_version_published),
    (announced.version_published, events.on_version_published),
    (announced.comment_changed, search.on_comment_changed),
    (announced.question_answered, search.on_question_answered),
    (announced.response_undone, search.on_response_undone),
    (announced.response_corrected, redaction.on_response_written),
    (announced.response_corrected, search.on_response_corrected),
    (announced.page_changed, search.on_page_changed),
    (announced.suggestion_settled, suggesting.on_suggestion_settled),
    (announced.suggestion_reopened, suggesting.on_suggestion_reopened),
    (announced.page_changed, talk_of_pages.on_page_changed),
    (announced.comment_changed, happenings.on_comment_changed),
    (announced.question_answered, happenings.on_question_answered),
    (announced.version_published, happenings.on_version_published),
    (announced.consultation_changed, happenings.on_consultation_changed),
    (announced.page_changed, happenings.on_page_changed),
)


def connect() -> None:
    """Connect the listeners of the higher rooms; safe to call again for another application."""
    for signal, listener in LISTENERS:
        signal.connect(listener)
