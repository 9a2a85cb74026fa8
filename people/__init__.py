"""Users: identities, preferences, notifications and operators."""
