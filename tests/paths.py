"""Folders that tests read."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
"""Root of the checkout."""

GOLDEN = PROJECT / "tests" / "golden"
"""Recorded answers."""
