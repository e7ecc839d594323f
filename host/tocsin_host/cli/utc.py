"""A handset's seconds since 1970 as people and programs read them."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_text(utc_s: int) -> str | None:
    """Return the time in ISO 8601, None when the handset did not know it."""
    return datetime.fromtimestamp(utc_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if utc_s else None
