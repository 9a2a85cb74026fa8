"""Certificates for servers on this machine, as PEM files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

_LONG_AGO, _AGO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Certificates:
    """An authority, another one, and what the first has signed."""

    ca: Path
    stranger: Path
    """The certificate of an authority that signed none of these."""
    servers: Mapping[str, tuple[Path, Path]]
    """Certificate and key by what is wrong: good (nothing), expired, host, or signed by the stranger."""

    def both(self, name: str) -> Path:
        """Certificate and key in one file, as Kafka reads them."""
        certificate, key = self.servers[name]
        file = certificate.with_suffix(".both.pem")
        file.write_bytes(key.read_bytes() + certificate.read_bytes())
        return file


def make_certificates(folder: Path) -> Certificates:
    """For 127.0.0.1 and localhost, valid now."""
    authority, other = trustme.CA(), trustme.CA()
    ca, stranger = folder / "ca.pem", folder / "stranger.pem"
    authority.cert_pem.write_to_path(str(ca))
    other.cert_pem.write_to_path(str(stranger))
    issued = {
        "good": authority.issue_cert("127.0.0.1", "localhost"),
        "expired": authority.issue_cert("127.0.0.1", "localhost", not_before=_LONG_AGO, not_after=_AGO),
        "host": authority.issue_cert("kafka.example"),
        "stranger": other.issue_cert("127.0.0.1", "localhost"),
    }
    return Certificates(ca, stranger, {name: _written(folder, name, leaf) for name, leaf in issued.items()})


def _written(folder: Path, name: str, leaf: trustme.LeafCert) -> tuple[Path, Path]:
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    certificate.write_bytes(b"".join(each.bytes() for each in leaf.cert_chain_pems))
    loaded = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    key.write_bytes(loaded.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key.chmod(0o600)
    return certificate, key
