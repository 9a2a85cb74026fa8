"""Identities of users across platforms: linking by a one-time code, unlinking, data export and data deletion."""
