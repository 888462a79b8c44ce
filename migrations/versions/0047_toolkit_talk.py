"""The talk about pages of the toolkit: what carries it, on which document it stands, which of it editors wrote.

Whoever goes back keeps every word, and no page of the release before shows any: it knows nothing of such talk, and would
list what carries it among the consultations. So that is put where only the officials of its unit come, as one that is
being prepared, under an address that nobody can give; its comments are found by no search. Coming again, it is known by
that address, and its documents by the names of their pages. Lost is what editors wrote as editors, and where on a page
its paragraphs begin, until it is saved next.
"""

from itertools import count

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

OURS = "toolkit"  # the address of what carries the talk
KEPT = "toolkit--talk"  # the same in the release before
CARRIED = "SELECT d.id FROM document d JOIN consultation c ON c.id = d.consultation_id WHERE c.slug = :slug"


def _run(statement: str, **values: object) -> None:
    op.get_bind().execute(sa.text(statement), values)


def _make_room() -> None:
    """Give a consultation another address that has ours: it would lead to the toolkit."""
    taken = set(op.get_bind().execute(sa.text("SELECT slug FROM consultation")).scalars())
    if OURS in taken:
        free = next(name for number in count(2) if (name := f"{OURS}-{number}") not in taken)
        _run("UPDATE consultation SET slug = :free, stamp = stamp + 1 WHERE slug = :ours", free=free, ours=OURS)


def _know_again() -> None:
    """Let what was carried before carry on."""
    _run(
        "INSERT INTO toolkit_talk (page_id, document_id, marks) "
        "SELECT n.page_id, min(d.id), '' FROM document d JOIN toolkit_name n ON n.name = d.slug "
        f"WHERE d.id IN ({CARRIED}) GROUP BY n.page_id",
        slug=KEPT,
    )
    _run(
        "UPDATE search_entry SET public_from = "
        "(SELECT c.opens_at FROM consultation c WHERE c.id = search_entry.consultation_id) "
        f"WHERE document_id IN ({CARRIED})",
        slug=KEPT,
    )
    _run(
        "UPDATE consultation SET slug = :ours, stage = 'open', is_toolkit = :yes, stamp = stamp + 1 "
        "WHERE slug = :kept",
        ours=OURS,
        kept=KEPT,
        yes=True,
    )


def upgrade() -> None:
    with op.batch_alter_table("consultation") as table:
        table.add_column(sa.Column("is_toolkit", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("comment") as table:
        table.add_column(sa.Column("by_editor", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "toolkit_talk",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["toolkit_page.id"], name="fk_toolkit_talk_page_id_toolkit_page"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_toolkit_talk_document_id_document"
        ),
        sa.PrimaryKeyConstraint("page_id", name="pk_toolkit_talk"),
        sa.UniqueConstraint("document_id", name="uq_toolkit_talk_document_id"),
    )
    _make_room()
    _know_again()


def downgrade() -> None:
    _run(
        "UPDATE consultation SET slug = :kept, stage = 'preparing', stamp = stamp + 1 WHERE is_toolkit",
        kept=KEPT,
    )
    _run(f"UPDATE search_entry SET public_from = NULL WHERE document_id IN ({CARRIED})", slug=KEPT)
    op.drop_table("toolkit_talk")
    with op.batch_alter_table("comment") as table:
        table.drop_column("by_editor")
    with op.batch_alter_table("consultation") as table:
        table.drop_column("is_toolkit")
