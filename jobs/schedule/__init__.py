"""Schedule of jobs: each slot runs once, however many schedulers there are."""
