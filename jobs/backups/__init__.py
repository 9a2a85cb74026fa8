"""Backups of the ledger: made, signed and kept."""
