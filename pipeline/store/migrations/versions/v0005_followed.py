"""Posts of a platform by age, so that those due for a second look are found without reading the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Index what is still kept of each platform by the moment it was written."""
    kept = sa.text("text IS NOT NULL")
    op.create_index("ix_post_followed", "post", ["source", "created_at"], sqlite_where=kept, postgresql_where=kept)
