"""PostgreSQL connections: addresses, logins and the errors of a server that does not answer."""
