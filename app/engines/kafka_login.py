"""Logins of the local Kafka: the desk's, proved by SCRAM-SHA-512 and never sent, and the broker's own.

A client that may change a broker's dynamic settings can read every file of its account, through its config providers.
Every listener therefore requires a login. The broker's own password is new at every start and known only to this
process, which uses it to register the desk's password at the broker, also on data of an earlier version.
"""

import base64
import hashlib
import re
import secrets
import socket
import struct
from pathlib import Path
from typing import Self

from app.own_files import read_own, write_own

USER = "paperdesk"
MECHANISM = "SCRAM-SHA-512"

_BROKER = "broker"
_MODULES = "org.apache.kafka.common.security"
_KEPT = re.compile(r"^PAPERDESK_KAFKA__PASSWORD=([A-Za-z0-9_-]{32})$", re.MULTILINE)
_PASSWORD_BYTES = 24
_FILE_BYTES = 4096
_SHORTEST, _LONGEST = 8, 65_536  # bytes of an answer
_ITERATIONS = 8192
_SECONDS = 5.0
_HANDSHAKE, _AUTHENTICATE, _ALTER_SCRAM = (17, 1), (36, 0), (51, 0)  # requests and their versions
_SHA_512 = 2


class LoginFailed(Exception):
    """The broker does not accept the login, or not yet."""


def new_password() -> str:
    """Returns 32 letters, digits, dashes and underscores."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def stored_password(path: Path) -> str:
    """Returns the desk's password in the file of `write_settings`, or a new one. Raises DataFileForeign."""
    try:
        kept = _KEPT.search(read_own(path, _FILE_BYTES).decode("ascii", "replace"))
    except FileNotFoundError:
        kept = None
    return kept[1] if kept else new_password()


def write_settings(path: Path, bootstrap: str, password: str) -> None:
    """Writes the settings with which a desk logs in, as lines of `.env`, readable only by this user."""
    settings = {
        "BOOTSTRAP": bootstrap,
        "SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "SASL_MECHANISM": MECHANISM,
        "USERNAME": USER,
        "PASSWORD": password,
    }
    write_own(path, "".join(f"PAPERDESK_KAFKA__{name}={value}\n" for name, value in settings.items()).encode("ascii"))


def broker_properties(password: str, listener: str = "") -> str:
    """Returns the settings of a broker whose controller requires the broker's own login. `listener`, if named, accepts
    that login or the desk's.
    """
    module = f'{_MODULES}.plain.PlainLoginModule required username="{_BROKER}"'
    own = f'{module} password="{password}" user_{_BROKER}="{password}";'
    lines = [
        "sasl.mechanism.controller.protocol=PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms=PLAIN",
        f"listener.name.controller.plain.sasl.jaas.config={own}",
    ]
    if listener:
        name = f"listener.name.{listener.lower()}"
        lines += [
            "sasl.mechanism.inter.broker.protocol=PLAIN",
            f"{name}.sasl.enabled.mechanisms={MECHANISM},PLAIN",
            f"{name}.plain.sasl.jaas.config={own}",
            f"{name}.{MECHANISM.lower()}.sasl.jaas.config={_MODULES}.scram.ScramLoginModule required;",
        ]
    return "\n".join(lines) + "\n"


def make_desk_login(port: int, broker_password: str, password: str) -> bytes:
    """Registers the desk's salted password at the broker. Returns the salt. Raises LoginFailed, OSError."""
    salt = secrets.token_bytes(_PASSWORD_BYTES)
    salted = hashlib.pbkdf2_hmac("sha512", password.encode("ascii"), salt, _ITERATIONS)
    with _Connection(port) as broker:
        broker.handshake("PLAIN")
        broker.authenticate(f"\0{_BROKER}\0{broker_password}".encode("ascii"))
        deletions, upsertions, tags = b"\x01", b"\x02", b"\0"  # compact arrays of none and of one; no tags
        credential = _compact(USER.encode("ascii")) + struct.pack(">bi", _SHA_512, _ITERATIONS)
        credential += _compact(salt) + _compact(salted) + tags
        answer = broker.ask(_ALTER_SCRAM, tags + deletions + upsertions + credential + tags)
    start = 1 + 4 + 1 + 1 + len(USER)  # tags, throttle time, count and name before the error's number
    if answer[start : start + 2] != b"\0\0":
        raise LoginFailed
    return salt


def knows_desk_login(port: int, salt: bytes) -> bool:
    """Returns whether the broker already uses this salt for the desk's login, which takes effect after a delay."""
    nonce = secrets.token_hex(_PASSWORD_BYTES)
    try:
        with _Connection(port) as broker:
            broker.handshake(MECHANISM)
            challenge = broker.authenticate(f"n,,n={USER},r={nonce}".encode("ascii"))
    except (LoginFailed, OSError):
        return False
    return b"s=" + base64.b64encode(salt) in challenge.split(b",")


def _compact(value: bytes) -> bytes:
    """Encodes compact bytes or a compact string of Kafka's protocol, shorter than 127 bytes."""
    return bytes([len(value) + 1]) + value


class _Connection:
    """Connection to the broker in Kafka's protocol, with one request at a time."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: tuple[int, int], body: bytes) -> bytes:
        """Returns the answer without its correlation id, at least four bytes. Raises LoginFailed for an invalid answer,
        OSError.
        """
        message = struct.pack(">hhih", *request, 1, -1) + body
        self._socket.sendall(struct.pack(">i", len(message)) + message)
        (length,) = struct.unpack(">i", self._read(4))
        if not _SHORTEST <= length <= _LONGEST:
            raise LoginFailed
        return self._read(length)[4:]

    def handshake(self, mechanism: str) -> None:
        """Chooses the mechanism. Raises LoginFailed, OSError."""
        name = mechanism.encode("ascii")
        if self.ask(_HANDSHAKE, struct.pack(">h", len(name)) + name)[:2] != b"\0\0":
            raise LoginFailed

    def authenticate(self, token: bytes) -> bytes:
        """Returns the broker's answer to a token of the mechanism. Raises LoginFailed, OSError."""
        answer = self.ask(_AUTHENTICATE, struct.pack(">i", len(token)) + token)
        error, message = struct.unpack(">hh", answer[:4])
        if error:
            raise LoginFailed
        rest = answer[4 + max(message, 0) :]
        return rest[4:]  # without its length

    def _read(self, length: int) -> bytes:
        read = b""
        while len(read) < length:
            part = self._socket.recv(length - len(read))
            if not part:
                raise LoginFailed
            read += part
        return read
