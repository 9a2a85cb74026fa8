"""Backups of the ledger: creation, signatures and retention."""
