"""What rooms announce. Signals only: this module imports no room, so that every room may import it.

A lower room never imports a higher one: it announces, and `wiring.connect` has told the listeners. A listener
runs in the transaction of the act, so that either all of it happens or none. Names say what has happened.
"""

from blinker import Signal

# sender: the room's module name; keyword arguments as listed
account_made = Signal()  # person, token: the address waits to be confirmed
account_asked_again = Signal()  # person, token: not confirmed yet, and the password typed is another one
address_taken = Signal()  # person: somebody asked for an account that they have already
password_forgotten = Signal()  # person, token
password_changed = Signal()  # person
role_given = Signal()  # person, role, token (empty for somebody who has a password)
role_ended = Signal()  # person, role
mail_test_asked = Signal()  # to
barrier_reported = Signal()  # to, name, email, message, once: somebody cannot use a page
comment_changed = (
    Signal()
)  # comment, before (State or None), actor, decision (None: its words changed, not its state)
correction_proposed = Signal()  # comment, correction, actor
question_answered = Signal()  # response, comments (those it answers)
response_corrected = Signal()  # response: its words changed
version_published = Signal()  # document, version, actor
version_corrected = Signal()  # document, version, actor: misprints, its words changed
consultation_changed = Signal()  # consultation, actor
page_changed = Signal()  # page (of the toolkit)
