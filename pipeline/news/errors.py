"""Reasons why a feed could not be read."""

from enum import StrEnum


class FeedFault(StrEnum):
    """Reason, as it is stored and shown to operators."""

    LOCAL = "local"
    """An address of this machine or of a private network."""
    SCHEME = "scheme"
    """An address that is not encrypted, or no web address."""
    REDIRECTS = "redirects"
    """Too many redirects, or one without an address."""
    UNREACHABLE = "unreachable"
    STATUS = "status"
    """An answer with another status than success."""
    SLOW = "slow"
    """The whole answer did not arrive in time."""
    BODY = "body"
    """A body that is too long, or packed in another way than by gzip."""
    TYPE = "type"
    """A content type that is no feed's."""
    ENCODING = "encoding"
    DTD = "dtd"
    """A document that declares entities or a document type with an internal subset."""
    UNREADABLE = "unreadable"
    """A document that is no feed, or that takes too long to read."""


class FeedRefused(Exception):
    """A feed could not be read. `retry_after` is the pause in seconds that its server asked for."""

    def __init__(self, fault: FeedFault, retry_after: float = 0.0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.retry_after = retry_after
