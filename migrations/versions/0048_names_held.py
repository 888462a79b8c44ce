"""Room for one hold more in the rule that names them: names that comments bear are looked at too."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

RULES = (("decision", "rule"), ("comment_correction", "rule"), ("queue_item", "holds"))


def upgrade() -> None:
    for table_name, column in RULES:
        with op.batch_alter_table(table_name) as table:
            table.alter_column(column, existing_type=sa.String(60), type_=sa.String(80), existing_nullable=False)


def downgrade() -> None:
    for table_name, column in RULES:
        # what is longer names nothing that the narrower column's site knows
        op.execute(sa.text(f"UPDATE {table_name} SET {column} = replace({column}, '+name', '')"))
        op.execute(sa.text(f"UPDATE {table_name} SET {column} = 'hold.words' WHERE {column} = 'hold.name'"))
        with op.batch_alter_table(table_name) as table:
            table.alter_column(column, existing_type=sa.String(80), type_=sa.String(60), existing_nullable=False)
