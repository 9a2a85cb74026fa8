"""Pictures for the README, from what the desk really sent. `python -m tests.pictures.telegram` draws one anew."""
