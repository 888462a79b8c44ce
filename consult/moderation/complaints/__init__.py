"""A notice of complaint: somebody says that a public comment defames them, and a clock set by regulations runs.

Section 5 of the Defamation Act 2013 and the Defamation (Operators of Websites) Regulations 2013 (SI 2013/3028) say what
such a notice holds and what the operator of a website does within which time. `docs/defamation.md` says what this room
does of that, and what is left to people.
"""
