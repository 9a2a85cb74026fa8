"""The logins of the local Kafka: a desk's, proved by SCRAM-SHA-512 and never sent, and the broker's own.

Whoever may change a broker's dynamic settings reads every file of its account, through its config providers. So no
listener answers without a login. The broker's own password is new at every start and known to nobody else; with it the
desk's password is made known to the broker, on data of an earlier version too.
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
    """The broker does not take the login, or not yet."""


def new_password() -> str:
    """32 letters, digits, dashes and underscores."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def stored_password(path: Path) -> str:
    """The desk's password in the file of `write_settings`, or a new one where there is none. Raises DataFileForeign."""
    try:
        kept = _KEPT.search(read_own(path, _FILE_BYTES).decode("ascii", "replace"))
    except FileNotFoundError:
        kept = None
    return kept[1] if kept else new_password()


def write_settings(path: Path, bootstrap: str, password: str) -> None:
    """Writes what a desk needs to log in, as lines of `.env`, for this user alone."""
    settings = {
        "BOOTSTRAP": bootstrap,
        "SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "SASL_MECHANISM": MECHANISM,
        "USERNAME": USER,
        "PASSWORD": password,
    }
    write_own(path, "".join(f"PAPERDESK_KAFKA__{name}={value}\n" for name, value in settings.items()).encode("ascii"))


def broker_properties(password: str, listener: str = "") -> str:
    """Settings of a broker whose controller asks for the broker's own login; `listener`, where it is named, asks for
    that or a desk's."""
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
    """Tells the broker the desk's password, salted; returns the salt. Raises LoginFailed, OSError."""
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
    """Returns whether the broker uses this salt for a desk already: it learns of changes a little later."""
    nonce = secrets.token_hex(_PASSWORD_BYTES)
    try:
        with _Connection(port) as broker:
            broker.handshake(MECHANISM)
            challenge = broker.authenticate(f"n,,n={USER},r={nonce}".encode("ascii"))
    except (LoginFailed, OSError):
        return False
    return b"s=" + base64.b64encode(salt) in challenge.split(b",")


def _compact(value: bytes) -> bytes:
    """Compact bytes or a compact string of Kafka's protocol, shorter than 127 bytes."""
    return bytes([len(value) + 1]) + value


class _Connection:
    """One connection to the broker, in its own protocol: one request after the other."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: tuple[int, int], body: bytes) -> bytes:
        """The answer after its number, of at least four bytes. Raises LoginFailed where it is none, OSError."""
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
        """The broker's answer to a token of the mechanism. Raises LoginFailed, OSError."""
        answer = self.ask(_AUTHENTICATE, struct.pack(">i", len(token)) + token)
        error, message = struct.unpack(">hh", answer[:4])
        if error:
            raise LoginFailed
        rest = answer[4 + max(message, 0) :]
        return rest[4:]  # the length before it

    def _read(self, length: int) -> bytes:
        read = b""
        while len(read) < length:
            part = self._socket.recv(length - len(read))
            if not part:
                raise LoginFailed
            read += part
        return read
