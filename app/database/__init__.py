"""The schema and the logins of the database."""
