"""What rooms announce. Signals only: this module imports no room, so that every room may import it.

A lower room never imports a higher one: it announces, and `wiring.connect` has told the listeners. A listener
runs in the transaction of the act, so that either all of it happens or none. Names say what has happened.
"""

from blinker import Signal

# sender: the room's module name; keyword arguments as listed
account_made = Signal()  # person, token: the address waits to be confirmed
session_begun = Signal()  # person, holder: the digest under which this browser keeps comments, or empty
account_asked_again = Signal()  # person, token: not confirmed yet, and the password typed is another one
guest_wrote = Signal()  # guest, comments, token: they wait until the link is opened
guest_asked_for_link = Signal()  # guests: pairs of a guest and the token of their way back
address_taken = Signal()  # person: somebody asked for an account that they have already
account_tied = Signal()  # person, provider, had_password: from now on they come in by single sign-on
password_not_needed = Signal()  # person, provider: asked for a new one, and comes in by single sign-on
password_forgotten = Signal()  # person, token
password_changed = Signal()  # person
address_change_asked = Signal()  # person, email (the new one), token (empty: it has an account already)
address_changed = Signal()  # person, before (the old address)
second_step_changed = Signal()  # person, change (accounts.ways.Change), left (recovery codes, or None)
role_offered = Signal()  # person, role, token, actor: an invitation
role_declined = Signal()  # person, role, inviter: an invitation was turned down
role_taken_back = Signal()  # person, role: an invitation is offered no more
role_given = Signal()  # person, role, token (empty for somebody who has a password): at once, by command
role_moved = Signal()  # person, role: its holder plays it in another unit now
role_ended = Signal()  # person, role
password_link_sent = Signal()  # person, token: by an administrator
sessions_ended = Signal()  # person: by an administrator, on every device
account_disabled = Signal()  # person
account_enabled = Signal()  # person
mail_test_asked = Signal()  # to, token
person_renamed = Signal()  # person: the name beside what they wrote is another one
# person, heir (whose row the comments have from now on), withdraws, holder (of a browser): all is still there
account_closed = Signal()
comments_claimed = Signal()  # person, guest: what the guest wrote, reported and was told is the person's now
people_erased = Signal()  # ids: never confirmed; their rows go next, and what hangs on them must go before
addresses_deleted = Signal()  # ids: of guests, whose time was over
barrier_reported = Signal()  # to, name, email, message, once: somebody cannot use a page
comment_changed = Signal()  # comment, before (State or None), actor, decision (None: its words changed, not its state; then `held` is the rule
# by which the new ones wait, if one asks for it)
# comment, consultation, text, approved (words that were let stand, or None): before anybody can read it; each listener
# answers with the rule by which it must wait, or with nothing
publication_asked = Signal()
person_held = Signal()  # hold, comment, before (the hold that it takes the place of, or None): by a moderator
hold_lifted = Signal()  # hold, comment, is_undone: before its time; undone where it had only begun
hold_asked_about = Signal()  # hold, comment: the person asks for a second look
hold_looked_at = Signal()  # hold, comment: somebody else has taken it
words_taken_out = Signal()  # comment, decision, passages, mark: a moderator took words out of it
words_put_back = Signal()  # comment, decision: and put them back, with a reason
comment_sealed = Signal()  # comment, words (that it said), was_up: mails that quote them must go
comment_erased = Signal()  # comment, words (all that it ever said): mails that quote them must go
correction_proposed = Signal()  # comment, correction, actor
wave_begun = Signal()  # wave, comment (with which it began): far more come in than usual
appeal_made = Signal()  # appeal, comment: by its author
appeal_sent_out = Signal()  # appeal, comment, signed: to the outsider, for want of a second moderator
comment_passed_on = Signal()  # escalation, comment, signed: to the person who is named for danger
escalation_replied = Signal()  # escalation, comment, name: of who wrote to the author
complaint_made = Signal()  # complaint, comment: somebody gave notice that it defames them
complaint_passed_on = Signal()  # complaint, comment, signed: to its author
complaint_settled = Signal()  # complaint, comment
complaint_reopened = Signal()  # complaint: the decision that settled it was taken back a moment later
appeal_settled = Signal()  # appeal, comment: granted, or the decision stands
question_marked = (
    Signal()
)  # comment, actor, until: by an official or a moderator, who can take it back until then
question_unmarked = Signal()  # comment, actor: by whoever marked it, or by its author
question_answered = Signal()  # response, comments (those it answers)
question_returned = Signal()  # comment: its author says that the answer does not answer it; it waits again
decision_undone = (
    Signal()
)  # comment, decision_id: a moderator took a decision back before its author was told
decisions_timed = (
    Signal()
)  # decision_ids, at: what authors are told of these decisions of moderators leaves then
response_undone = Signal()  # response, comments: it was taken back before anybody was told
clearance_asked = Signal()  # draft, people: who may clear it
clearance_decided = Signal()  # draft: cleared, or sent back
information_requested = Signal()  # request, comment: marked by an official
team_replied = Signal()  # reply, comment: an answer to what was sent only to the team
comments_given = Signal()  # act (of the desk), assignee, actor, titles (of the consultations)
giving_undone = Signal()  # act: what was given to somebody at the desk was taken back
response_corrected = Signal()  # response: its words changed
# organisation_id, since (the first day that may count otherwise now): a time before an election was set, changed, ended
election_changed = Signal()
version_published = Signal()  # document, version, actor
version_corrected = Signal()  # document, version, actor: misprints, its words changed
# consultation, actor, act (as the record has it), before and after (stages, None where it stays in its own)
consultation_changed = Signal()
page_changed = (
    Signal()
)  # page (of the toolkit), text (as it was rendered; None where it stays): it has a new revision
suggestion_settled = (
    Signal()
)  # suggestion: accepted, amended or declined by an editor, or taken back by its author
suggestion_reopened = Signal()  # suggestion, declined_at: an editor lets it wait again
