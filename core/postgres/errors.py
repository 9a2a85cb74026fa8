"""Errors that asyncpg raises when a PostgreSQL server does not answer."""

import asyncpg

CUT_OFF = (
    OSError,  # TimeoutError is one
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # the server is stopped, or starts
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # raised by a connection that was closed a moment ago
)
"""Errors of a server that went away or of a connection that broke."""

NO_ANSWER = (*CUT_OFF, asyncpg.PostgresError)
"""The same errors, and every error that a server reports."""
