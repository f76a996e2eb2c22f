"""Links by which somebody without a key looks at one batch, and what they say of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.records.tables.base import Table


class Review(Table):
    """A key that opens one batch and nothing else; it ends as every key does."""

    __tablename__ = "review"

    key_id: Mapped[str] = mapped_column(
        ForeignKey("api_key.id", ondelete="CASCADE"), primary_key=True
    )
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), index=True)


class ReviewVerdict(Table):
    """What was said by one link of one deck; the last word counts."""

    __tablename__ = "review_verdict"

    key_id: Mapped[str] = mapped_column(
        ForeignKey("review.key_id", ondelete="CASCADE"), primary_key=True
    )
    deck_id: Mapped[str] = mapped_column(
        ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True
    )
    is_accepted: Mapped[bool]
    comment: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime]
