"""What a mention makes one think of the territory: themes, audiences, emotions, senses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tags, NULL for every mention read before: they come when it is scored again."""
    for name in ("themes", "audiences", "emotions", "senses"):
        op.add_column("mention", sa.Column(name, sa.Text()))
    op.add_column("mention", sa.Column("image_version", sa.String(16)))
