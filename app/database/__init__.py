"""Schema and logins of the database."""
