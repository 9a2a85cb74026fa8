"""Reasons that a server's certificate is not trusted, or that a server does not trust this process's, for messages to
users.
"""

import ssl
from collections.abc import Iterator
from typing import Literal

Distrust = Literal["certificate", "expired", "host", "own-certificate", "no-tls"]
"""certificate: signed by an unknown authority. host: issued for another name. own-certificate: the server refuses this
desk's certificate, or requires one. no-tls: any other TLS error, such as that of a server without TLS.
"""

_EXPIRED = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_OTHER_HOST = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
_OWN = ("ALERT_CERTIFICATE", "ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA", "ALERT_HANDSHAKE_FAILURE")
"""OpenSSL's texts for alerts of a server that refuses its client's certificate, or the lack of one."""

_DEEPEST = 10


def distrust(error: BaseException) -> Distrust | None:
    """Returns the reason found in the error or its causes; None if none of them concerns a certificate or TLS."""
    for each in causes(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            if each.verify_code in _EXPIRED:
                return "expired"
            return "host" if each.verify_code in _OTHER_HOST else "certificate"
        if isinstance(each, ssl.SSLError):
            return "own-certificate" if any(word in str(each) for word in _OWN) else "no-tls"
    return None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yields the error and its causes, at most ten."""
    for _ in range(_DEEPEST):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
