"""Why a server's certificate is not trusted, or a server does not trust this desk's: told apart for people."""

import ssl
from collections.abc import Iterator
from typing import Literal

Distrust = Literal["certificate", "expired", "host", "own-certificate", "no-tls"]
"""certificate: signed by a stranger. host: for another name. own-certificate: of this desk, or none."""

_EXPIRED = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_OTHER_HOST = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
_OWN = ("ALERT_CERTIFICATE", "ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA", "ALERT_HANDSHAKE_FAILURE")
"""What a server says against the certificate of its client, or against none, as OpenSSL writes it."""

_DEEPEST = 10


def distrust(error: BaseException) -> Distrust | None:
    """The reason among the error and what it came of; None where no certificate and no TLS is among them."""
    for each in causes(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            if each.verify_code in _EXPIRED:
                return "expired"
            return "host" if each.verify_code in _OTHER_HOST else "certificate"
        if isinstance(each, ssl.SSLError):
            return "own-certificate" if any(word in str(each) for word in _OWN) else "no-tls"
    return None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came of, at most ten."""
    for _ in range(_DEEPEST):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
