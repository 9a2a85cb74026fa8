"""Errors of the rights in an outside database: data here, sentences in `bot/ui/texts/*/start.ftl`."""

from dataclasses import dataclass

from app.errors import StartError


@dataclass(eq=False)
class SchemaOpen(StartError):
    """`user`, the login of the application, may create functions in the schema of the ledger's."""

    user: str


@dataclass(eq=False)
class RoutineForeign(StartError):
    """`user`, the login of the application, owns `made` (ROUTINE or OPERATOR and its name) in the schema of the
    ledger's functions, which could run it with the rights of the owner."""

    user: str
    made: str
