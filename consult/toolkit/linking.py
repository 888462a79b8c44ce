"""Names of pages and the links between them, kept in agreement with the texts. Whoever calls holds the toolkit's lock."""

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from consult.errors import Invalid
from consult.extensions import db
from consult.toolkit import names, rendering
from consult.toolkit.models import Page, PageLink, PageName, Revision


def check_address(slug: str) -> None:
    """Refuse what no page can have for its address."""
    if slug in names.RESERVED:
        raise Invalid(
            _("“%(name)s” has a meaning of its own on this site: choose another address", name=slug),
            field="slug",
        )
    if not names.is_name(slug):
        raise Invalid(_("Use small letters, numbers and hyphens, like clear-footways"), field="slug")


def check_names(slug: str, title: str, page_id: int | None) -> None:
    """Refuse an address or a title that leads, or led, to another page."""
    wanted = {"slug": slug, "title": names.name_of(title)}
    rows = db.session.execute(select(PageName).where(PageName.name.in_(wanted.values()))).scalars()
    taken = {row.name for row in rows if row.page_id != page_id}
    if wanted["title"] in taken:
        raise Invalid(_("Another page has, or had, this title: choose another"), field="title")
    if slug in taken:
        raise Invalid(_("There is a page at this address already: choose another"), field="slug")


def linked_from(page: Page) -> frozenset[str]:
    return frozenset(db.session.scalars(select(PageLink.target).where(PageLink.page_id == page.id)))


def keep_links(page: Page, targets: frozenset[str]) -> None:
    db.session.execute(delete(PageLink).where(PageLink.page_id == page.id))
    if targets:
        rows = [{"page_id": page.id, "target": target} for target in sorted(targets)]
        db.session.execute(insert(PageLink), rows)


def give_names(page: Page) -> None:
    """Let the page be found by its address and its title, and make the links live that waited for these names."""
    wanted = {page.slug, names.name_of(page.title)} - {""}
    held = set(db.session.scalars(select(PageName.name).where(PageName.name.in_(wanted))))
    for name in sorted(wanted - held):
        db.session.add(PageName(name=name, page_id=page.id))
        db.session.flush()
        for revision in _waiting_for(name):
            revision.html = rendering.with_link_made_live(revision.html, name, page.slug)
            _raise_stamp_of(revision.page_id)
    db.session.flush()


def _waiting_for(name: str) -> list[Revision]:
    return list(
        db.session.scalars(
            select(Revision)
            .join(Page, Page.current_revision_id == Revision.id)
            .join(PageLink, PageLink.page_id == Page.id)
            .where(PageLink.target == name)
        )
    )


def lead_links(page: Page, before: str) -> None:
    """Let the pages that link to a page lead straight to its address, which was `before`.

    What lies in earlier revisions, or was written as an address, is led on by the site when somebody follows it.
    """
    bearing = select(PageName.name).where(PageName.page_id == page.id)
    linking = select(PageLink.page_id).where(PageLink.target.in_(bearing))
    current = select(Revision).join(Page, Page.current_revision_id == Revision.id).where(Page.id.in_(linking))
    for revision in db.session.scalars(current.order_by(Revision.id)).all():
        revision.html = rendering.with_links_led(revision.html, before, page.slug)
        _raise_stamp_of(revision.page_id)
    db.session.flush()
    db.session.refresh(page)


def _raise_stamp_of(page_id: int) -> None:
    db.session.execute(update(Page).where(Page.id == page_id).values(stamp=Page.stamp + 1))


def raise_stamps(page: Page, linked: frozenset[str]) -> None:
    """Raise the stamp of a page and of those that it links to or did: they name it under "Pages that link here"."""
    bearing = select(PageName.page_id).where(PageName.name.in_(linked))
    concerned = (Page.id == page.id) | Page.id.in_(bearing)
    db.session.execute(update(Page).where(concerned).values(stamp=Page.stamp + 1))
    db.session.flush()
    db.session.refresh(page)
