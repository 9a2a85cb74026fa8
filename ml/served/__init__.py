"""Every forecast that was served, and what became of it."""
