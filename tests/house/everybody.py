"""One world with everybody in it who could ask for anything, and a way to put it back as it was."""

import hashlib
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from consult import clock
from consult.accounts import links
from consult.accounts.models import Passkey, Person, Purpose
from consult.consultations.election_models import Effect
from consult.consultations.legal_holds import actions as legal_holds
from consult.consultations.models import Policy
from consult.consultations.plan import actions as plan
from consult.consultations.plan.models import Question
from consult.discussion import actions as discussion
from consult.discussion import guests
from consult.discussion.answering import drafting
from consult.discussion.desk import point_actions
from consult.discussion.ledger import entries as ledger
from consult.discussion.models import Comment, Kind
from consult.discussion.unsent import keeping, kept
from consult.discussion.wishes import Wishes
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation import signing as signing_of_links
from consult.moderation.actions import Verb
from consult.moderation.appeals import actions as appeals
from consult.moderation.appeals import signing
from consult.moderation.campaigns.models import Campaign, CampaignLetter
from consult.moderation.complaints import actions as complaints
from consult.moderation.escalation import actions as escalation
from consult.moderation.escalation.models import Danger
from consult.moderation.waves.models import Wave
from consult.notices import following, targets
from consult.notices.actions import send
from consult.notices.models import Follower, Pace
from consult.notices.signed import For, sign
from consult.text.campaigns.letters import SEED
from consult.toolkit import actions as toolkit
from consult.toolkit import queries as toolkit_queries
from consult.toolkit import rendering
from consult.toolkit.actions import Wording
from consult.toolkit.models import Shelf
from consult.toolkit.suggestions import actions as suggestions
from consult.toolkit.unsaved import actions as unsaved
from consult.toolkit.unsaved.models import Use
from consult.toolkit.unsaved.queries import Place
from consult.web.conditional import PAGES, forget
from tests import factories
from tests.discussion.ground import record, say
from tests.moderation.scene import Scene

PEOPLE = (
    *("any", "guest", "g-author", "new", "other", "author"),
    *("official", "o-beside", "o-elsewhere", "moderator", "m-elsewhere", "editor"),
    *("admin", "a-elsewhere", "a-site", "no-step", "disabled", "ended", "invited"),
)


class World(Scene):
    """A draft with comments and answers, a letter, a link of each kind; and everybody, with a cookie each."""

    def __init__(self, app: Flask) -> None:
        super().__init__(Policy.AFTER)
        self.app = app
        self.people = self._people()
        self.consultation.asks_equality = True
        db.session.commit()
        self.things = self._things()
        self.of_guest = self._things_of_guest()
        self.plain: dict[str, object] = {
            "document": self.document.slug,
            "consultation": self.consultation.slug,
            "section": "people",
            **dict.fromkeys(("first", "second", "number"), 1),
            **dict.fromkeys(("token", "name", "signed"), "nothing"),
        }
        self.slugs = {"accounts": self.organisation.slug, "toolkit": "a-page"}
        self.moderator_id, self.slug = self.moderator.id, self.consultation.slug
        self.cookies: dict[str, str | None] = {}

    def _people(self) -> dict[str, Person]:
        elsewhere, beside = factories.a_unit(), factories.a_unit(self.organisation)
        people = {
            "guest": factories.a_guest(),
            "g-author": factories.a_guest(),
            "new": factories.a_person(is_confirmed=False),
            "other": factories.a_person(),
            "author": self.citizen,
            "official": self.official,
            "o-beside": factories.an_official(beside),
            "o-elsewhere": factories.an_official(elsewhere),
            "moderator": self.moderator,
            "m-elsewhere": factories.a_moderator(elsewhere.organisation),
            "editor": factories.an_editor(),
            "admin": factories.an_administrator(self.organisation),
            "a-elsewhere": factories.an_administrator(elsewhere.organisation),
            "a-site": factories.an_administrator(),
            "no-step": factories.an_official(self.unit),
            "disabled": factories.an_official(self.unit),
            "ended": factories.an_official(self.unit),
            "invited": factories.an_official(self.unit),
        }
        people["disabled"].disabled_at = clock.now()
        people["o-beside"].roles[0].may_clear = True
        people["ended"].roles[0].ended_at = clock.now()
        people["invited"].roles[0].accepted_at = None
        db.session.commit()
        return people

    def _things(self) -> dict[str, dict[str, object]]:
        """Return what the addresses of doors are about where that is not the comment, the unit and the moderator."""
        sent = self.says("Keep this to yourselves.", wishes=Wishes(is_team_only=True))
        written_down = record(self.paragraph, by=self.official)
        said = self.says("Does this hold?", kind=Kind.QUESTION)
        with transaction():
            draft = drafting.save_draft(actor=self.official, comments=[said], body="It does.")
            response = discussion.respond(actor=self.official, comments=[said], body="It does.")
            words = Wording("A page", "What it is about.", rendering.rendered("Words."), "First.")
            toolkit.start_page(actor=self.people["editor"], slug="a-page", shelf=Shelf.CONSULT, wording=words)
            said_of_plan = {Question.AFFECTED: ("Those who walk here.", 0)}
            plan.answer_questions(actor=self.official, consultation=self.consultation, typed=said_of_plan)
            ledger.note_read(
                [sent.id], self.official.id, clock.now()
            )  # so that looking at it changes nothing
        self.comment_key = said.key
        unsent = self._keeps(kept.Owner(person_id=self.citizen.id), self.citizen)
        role = self.moderator.roles[0].id
        return {
            "accounts.revise_unit": {"slug": self.unit.slug},
            **_each({"number": role}, "accounts.change_role", "accounts.end_role"),
            "accounts.invite_again": {"number": self.people["invited"].roles[0].id},
            "accounts.remove_passkey": {"key": self._passkey()},
            **_each({"slug": self.unit.slug}, "consultations.unit", "monitor.of_unit", "holds.words"),
            **_each({"gaps": "questions"}, "monitor.gap", "monitor.csv"),
            **_each({"slug": self.organisation.slug}, "moderation.outsider", "moderation.moderators"),
            "moderation.named_person": {"slug": self.organisation.slug},
            "consultations.legal_holds": {"slug": self.organisation.slug},
            "consultations.lift_legal_hold": {"slug": self.organisation.slug, "number": self._legal_hold()},
            "moderation.look_outside": {"signed": self._passed_on()},
            **self._of_complaints(),
            "moderation.hear_outside": {"signed": self._appeal_outside()},
            **_each(
                {"slug": self.organisation.slug},
                *("consultations.organisation", "moderation.transparency", "moderation.transparency_csv"),
                *("moderation.erased", "moderation.erased_json", "moderation.erased_csv"),
            ),
            **_each(self._election(), "consultations.elections", "consultations.new_election"),
            **_each(self._election(), "consultations.election", "consultations.end_election"),
            **_each({"key": self.key}, "discussion.paragraph", "discussion.post", "documents.choose"),
            **_each({"key": response.key}, "discussion.correct_response", "discussion.save_response"),
            **_each(
                {"key": draft.key},
                *("discussion.draft", "discussion.clearance_of", "discussion.decide_clearance"),
            ),
            **_each({"key": sent.key}, "discussion.team", "discussion.post_team_reply"),
            **_each({"key": written_down.key}, "discussion.recorded", "discussion.mend_record"),
            **_each({"key": unsent}, "discussion.edit_unsent", "discussion.delete_unsent"),
            **self._of_the_desk(sent.key),
            **self._of_moderation(),
            **self._of_toolkit(),
            **self._links(),
        }

    def _of_toolkit(self) -> dict[str, dict[str, object]]:
        """Return what the author suggested for the toolkit, and what they have begun for it."""
        text = rendering.rendered("Other words.")
        with transaction(self.citizen):
            page = toolkit_queries.page("a-page")
            made = suggestions.suggest_change(
                actor=self.citizen,
                page=page,
                wording=Wording("A page", "What it is about.", text),
                why="Why.",
            )
            begun = unsaved.keep(actor=self.citizen, place=Place(Use.SUGGEST), fields={"source": "Not yet."})
        return {
            **_each(
                {"key": made.key},
                *("toolkit.suggestion", "toolkit.settle", "toolkit.amend", "toolkit.reopen"),
                "toolkit.withdraw_suggestion",
            ),
            "toolkit.delete_unsaved": {"key": begun.key},
            "toolkit.print_shelf": {"shelf": Shelf.CONSULT.value},
            "opendata.toolkit_page_feed": {"slug": page.slug},
        }

    def _appeal_outside(self) -> str:
        """Return what the link bears by which an outsider decides an appeal."""
        said = self.says("Taken down.")
        with transaction():
            moderation.decide(actor=self.moderator, comment=said, verb=Verb.TAKE_DOWN, reason="abuse")
        with transaction():
            appeal = appeals.make_appeal(actor=self.citizen, comment=said, why="It is not.")
            appeal.outsider_name, appeal.outsider_email = "Ann Lee", "ann@panel.example"
        return signing.sign(appeal)

    def _legal_hold(self) -> int:
        """Return the number of a legal hold on a consultation of which nobody asks that something goes."""
        administrator = factories.an_administrator(self.organisation)
        with transaction():
            hold = legal_holds.set_hold(
                actor=administrator,
                organisation=self.organisation,
                reason="A claim.",
                consultation=factories.a_consultation(self.unit),
            )
        return hold.id

    def _passed_on(self) -> str:
        """Return what the link bears by which a named person sees a comment."""
        administrator = factories.an_administrator(self.organisation)
        with transaction():
            escalation.name_person(
                actor=administrator,
                organisation=self.organisation,
                name="Ann Lee",
                email="ann@care.example",
                hours="Weekdays.",
                is_public=True,
            )
        said = self.says("I cannot go on.")
        with transaction():
            passed = escalation.pass_on(actor=self.moderator, comment=said, danger=Danger.DISTRESS)
        return signing_of_links.sign("escalation", passed.key, passed.told_email)

    def _of_complaints(self) -> dict[str, dict[str, object]]:
        """Return a notice of complaint that waits for a moderator, and the link to another for the author to answer."""
        notice = dict.fromkeys(("statement", "why", "meaning", "untrue"), "Untrue.")
        notice |= {"name": "Ann Lee", "email": "ann@mail.example"}
        given = []
        for _each_one in range(2):
            said = self.says("A crook.")
            with transaction():
                given.append(
                    complaints.make_complaint(
                        actor=self.citizen, comment=said, shares_contact=False, **notice
                    )
                )
        waiting, sent = given
        with transaction():
            complaints.pass_on(actor=self.moderator, complaint=sent)
        signed = signing_of_links.sign("complaint", sent.key, str(self.citizen.id))
        return {
            "moderation.complaint": {"key": waiting.key},
            "moderation.answer_complaint": {"signed": signed},
        }

    def _election(self) -> dict[str, object]:
        """Return what names a period before an election, which has not begun."""
        if not hasattr(self, "quiet"):
            day = clock.now().date() + timedelta(days=30)
            self.quiet = factories.an_election(self.organisation, day, day, Effect.STOP_CLOCK)
        return {"slug": self.organisation.slug, "number": self.quiet.id}

    def _things_of_guest(self) -> dict[str, dict[str, object]]:
        """Return what the guest who wrote something calls their own: a comment, and another that is not sent."""
        said = say(self.paragraph, "Do I?", by=self.people["g-author"], ask=True)
        unsent = self._keeps(kept.Owner(holder=_digest("a browser")), self.people["g-author"])
        own = (
            "correct",
            "save_correction",
            "withdraw",
            "take_back",
            "answered",
            "say_answered",
            "no_question",
        )
        return {
            **{f"discussion.{name}": {"key": said.key} for name in own},
            "moderation.decision": {"key": said.key},
            "moderation.own_hold": {"key": said.key},
            **_each({"key": unsent}, "discussion.edit_unsent", "discussion.delete_unsent"),
        }

    def _of_the_desk(self, sent: str) -> dict[str, dict[str, object]]:
        """Return a point, and what an official did a moment ago."""
        with transaction(self.official):
            point = point_actions.make(actor=self.official, consultation=self.consultation, title="Width")
            act = point_actions.put_under(actor=self.official, keys=[sent], point=point)
        theirs = {"slug": self.consultation.slug, "key": point.key}
        return {
            "discussion.undo": {"key": act.key if act else ""},
            **_each(theirs, "discussion.points", "discussion.make_point"),
            **_each(theirs, "discussion.point", "discussion.change_point"),
        }

    def _of_moderation(self) -> dict[str, dict[str, object]]:
        """Return what a moderator did a moment ago."""
        said = self.says("Let it stay.")
        with transaction(self.moderator):
            act = moderation.decide(actor=self.moderator, comment=said, verb=moderation.Verb.PUBLISH)
        done = {"key": act.key if act else ""}
        return {
            **_each(done, "moderation.undo", "moderation.several_done"),
            "moderation.wave": {"key": self._wave().key},
            **_each({"number": self._campaign(said)}, "moderation.campaign", "moderation.desk_campaign"),
        }

    def _wave(self) -> Wave:
        """Return a wave of comments on the draft."""
        wave = Wave(
            key="awave",
            organisation_id=self.organisation.id,
            document_id=self.document.id,
            began_at=clock.now(),
            most=12.0,
            usual=0.0,
        )
        with transaction():
            db.session.add(wave)
        return wave

    def _campaign(self, said: Comment) -> int:
        """Return a group of two similar comments."""
        both = (said, self.says("Let it stay."))
        group = Campaign(consultation_id=self.consultation.id, made_at=clock.now(), letter_count=2)
        db.session.add(group)
        db.session.flush()
        for each in both:
            db.session.add(
                CampaignLetter(
                    comment_id=each.id,
                    consultation_id=self.consultation.id,
                    campaign_id=group.id,
                    mark=each.id,
                    sketch=SEED,
                )
            )
        db.session.commit()
        return group.id

    def _keeps(self, owner: kept.Owner, person: Person) -> str:
        with transaction(person):
            return keeping.keep(actor=person, owner=owner, paragraph=self.paragraph, body="Not yet.").key

    def _passkey(self) -> str:
        row = Passkey(
            person_id=self.citizen.id,
            credential="aaaa",
            public_key="b",
            name="Telephone",
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.commit()
        return row.key

    def _links(self) -> dict[str, dict[str, object]]:
        """Return a link of each kind as it is sent by mail; none was opened yet."""
        people, invited = self.people, self.people["invited"]
        with transaction():
            self.citizen.pending_email = "other@mail.example"
            invitation = links.make(Purpose.INVITATION, invited, role=invited.roles[0])
            confirms = self._guest_link()
            return {
                "accounts.confirm": {"token": links.make(Purpose.CONFIRM_EMAIL, people["new"])},
                "accounts.reset": {"token": links.make(Purpose.RESET_PASSWORD, people["other"])},
                "accounts.confirm_other_email": {"token": links.make(Purpose.CHANGE_EMAIL, self.citizen)},
                "accounts.mail_received": {"token": links.make(Purpose.MAIL_RECEIVED, people["a-site"])},
                **_each({"token": invitation}, "accounts.invitation", "accounts.decline_invitation"),
                **_each(
                    {"token": confirms},
                    "discussion.confirm_comment",
                    "discussion.not_me",
                    "discussion.confirmation_again",
                ),
                **self._followed(),
                "discussion.guest_return": {"token": links.make(Purpose.GUEST_RETURN, people["guest"])},
            }

    def _followed(self) -> dict[str, dict[str, object]]:
        """Return the links in mails to followers, and a mail that was given up."""
        target = targets.found({"consultation": self.consultation.slug})
        follow = following.follow_as_known(actor=self.citizen, target=target, pace=Pace.DAILY)
        follower = db.session.get_one(Follower, follow.follower_id)
        mail = send(to="gone@mail.example", subject="Lost", body="Words")
        assert mail
        mail.dead_at = clock.now()
        return {
            "notices.confirm_follow": {"signed": sign(For.CONFIRM, follow.key)},
            "notices.leave": {"signed": sign(For.LEAVE, follow.key)},
            "notices.leave_all": {"signed": sign(For.LEAVE_ALL, follower.key)},
            "notices.choose": {"signed": sign(For.CHOOSE, follower.key)},
            **_each({"number": mail.id}, "notices.retry", "notices.drop"),
        }

    def _guest_link(self) -> str:
        """Return the link of a guest whose comment waits for it to be opened."""
        sent: list[str] = []

        def note(sender: object, *, token: str, **rest: Any) -> None:
            sent.append(token)

        with guests.guest_wrote.connected_to(note):
            owner = kept.Owner(holder=_digest("another browser"))
            row = keeping.keep(
                actor=self.people["guest"], owner=owner, paragraph=self.paragraph, body="A word."
            )
            words = {row.key: keeping.words_of(row)}
            guests.send_as_guest(
                actor=self.people["guest"],
                name="Wilf",
                email="wilf@mail.example",
                unsent=[row],
                words=words,
            )
        return sent[0]

    def _cookie(self, who: str) -> str | None:
        if who not in self.people:
            return None
        browser = self.app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = factories.a_session(self.people[who], with_second_step=who != "no-step")
            session["_fresh"] = True
            if who == "g-author":
                session["holder"] = "a browser"
        kept_cookie = browser.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return kept_cookie.value if kept_cookie else None

    def sign_everybody_in(self) -> None:
        for who in PEOPLE:
            self.browser_of(who)

    def browser_of(self, who: str) -> FlaskClient:
        """Return a browser of somebody, as it was when they signed in."""
        if who not in self.cookies:
            self.cookies[who] = self._cookie(who)
        browser = self.app.test_client()
        if (value := self.cookies[who]) is not None:
            browser.set_cookie(self.app.config["SESSION_COOKIE_NAME"], value)
        return browser

    def address(self, endpoint: str, rule: Any, who: str) -> str:
        """Return the address of a door, filled with the things of this world, or with what `who` calls their own."""
        room = endpoint.partition(".")[0]
        values = {
            **self.plain,
            "slug": self.slugs.get(room, self.slug),
            "key": self.comment_key,
            **({"number": self.moderator_id} if room == "accounts" else {}),
            **self.things.get(endpoint, {}),
            **(self.of_guest.get(endpoint, {}) if who == "g-author" else {}),
        }
        with self.app.test_request_context():
            return self.app.url_for(
                endpoint, **{name: value for name, value in values.items() if name in rule.arguments}
            )


class Snapshot:
    """Every row of every table, to be put back. `is_past` says whether anything was written since."""

    def __init__(self) -> None:
        db.session.rollback()
        with db.engine.connect() as connection:
            self.rows = {
                found.name: [dict(row) for row in connection.execute(found.select()).mappings()]
                for found in db.metadata.sorted_tables
            }
        self.is_past = False

    def __enter__(self) -> "Snapshot":
        event.listen(db.engine, "commit", self._note)
        return self

    def __exit__(self, *error: object) -> None:
        event.remove(db.engine, "commit", self._note)

    def _note(self, connection: Any) -> None:
        self.is_past = True

    def put_back(self) -> None:
        """Make the database what it was, where it is not."""
        if not self.is_past:
            return
        db.session.rollback()
        db.session.expunge_all()
        with db.engine.begin() as connection:
            self._put_back(connection)
        PAGES.clear()
        forget()
        self.is_past = False

    def _put_back(self, connection: Any) -> None:
        """Columns of tables that point at one another are filled last."""
        tables = db.metadata.sorted_tables
        for found in tables:
            if circles := _circles(found):
                connection.execute(found.update().values(dict.fromkeys(circles)))
        for found in reversed(tables):
            connection.execute(found.delete())
        for found in tables:
            if rows := self.rows[found.name]:
                empty = dict.fromkeys(_circles(found))
                connection.execute(found.insert(), [{**row, **empty} for row in rows])
        for found in tables:
            for row in self.rows[found.name]:
                if later := {name: row[name] for name in _circles(found) if row[name] is not None}:
                    connection.execute(found.update().where(found.c.id == row["id"]).values(later))


def _circles(found: Any) -> list[str]:
    return [key.parent.name for key in found.foreign_keys if key.use_alter]


def _each(values: dict[str, object], *doors: str) -> dict[str, dict[str, object]]:
    return dict.fromkeys(doors, values)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
