"""What rooms announce. Signals only: this module imports no room, so that every room may import it.

A lower room never imports a higher one: it announces, and `wiring.connect` has told the listeners. A listener
runs in the transaction of the act, so that either all of it happens or none. Names say what has happened.
"""

from blinker import Signal

# sender: the room's module name; keyword arguments as listed
account_made = Signal()  # person, token: the address waits to be confirmed
password_forgotten = Signal()  # person, token
comment_changed = Signal()  # comment, before (State or None), actor, decision
question_answered = Signal()  # response, comments (those it answers)
version_published = Signal()  # document, version, actor
consultation_changed = Signal()  # consultation, actor
page_changed = Signal()  # page (of the toolkit)
