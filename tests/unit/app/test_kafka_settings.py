"""Settings for Kafka with TLS and passwords: what does not fit together is refused with a rule."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from app.errors import BadSetting
from app.settings import PREFIX, effective_settings, load_settings, secrets_in
from tests.fakes.certificates import Certificates, make_certificates

PASSWORD = "canary-of-kafka"
SASL = {"USERNAME": "desk", "PASSWORD": PASSWORD}


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return make_certificates(tmp_path)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def setting(given: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        given.setenv(f"{PREFIX}KAFKA__{name}", value)


def refusal(given: pytest.MonkeyPatch, **values: str) -> tuple[str, str]:
    """The setting that is refused, and its rule."""
    setting(given, **values)
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert PASSWORD not in str(refused.value)
    return refused.value.name.removeprefix(f"{PREFIX}KAFKA__"), refused.value.rule


def test_the_password_is_hidden(given: pytest.MonkeyPatch) -> None:
    setting(given, SECURITY_PROTOCOL="SASL_SSL", **SASL)
    settings = load_settings()
    assert PASSWORD in secrets_in(settings)
    assert PASSWORD not in effective_settings(settings) + repr(settings) + settings.model_dump_json()


@pytest.mark.parametrize("protocol", ["SASL_SSL", "SASL_PLAINTEXT"])
@pytest.mark.parametrize("missing", ["USERNAME", "PASSWORD"])
def test_a_login_needs_both(given: pytest.MonkeyPatch, protocol: str, missing: str) -> None:
    values = SASL | {missing: ""}
    name, rule = refusal(given, SECURITY_PROTOCOL=protocol, **values)
    assert name == "SECURITY_PROTOCOL"
    assert "PAPERDESK_KAFKA__USERNAME and PAPERDESK_KAFKA__PASSWORD are set" in rule


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL"])
def test_a_user_that_would_not_be_named_is_refused(given: pytest.MonkeyPatch, protocol: str) -> None:
    name, rule = refusal(given, SECURITY_PROTOCOL=protocol, **SASL)
    assert (name, "SASL_SSL" in rule) == ("SECURITY_PROTOCOL", True)


@pytest.mark.parametrize("brokers", ["kafka.example:9092", "127.0.0.1:9092,10.0.0.1:9092", "[2001:db8::1]:9092"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_password_leaves_the_machine_over_tls_alone(given: pytest.MonkeyPatch, brokers: str, mechanism: str) -> None:
    values = SASL | {"BOOTSTRAP": brokers, "SASL_MECHANISM": mechanism}
    name, rule = refusal(given, SECURITY_PROTOCOL="SASL_PLAINTEXT", **values)
    assert name == "SECURITY_PROTOCOL"
    assert rule.startswith("SASL_SSL because the brokers are on another machine")
    setting(given, SECURITY_PROTOCOL="SASL_SSL")
    assert load_settings().kafka.encrypted


@pytest.mark.parametrize("brokers", ["127.0.0.1:9092", "localhost:9092,127.1.2.3:9093", "[::1]:9092"])
def test_a_password_may_be_plain_at_home(given: pytest.MonkeyPatch, brokers: str) -> None:
    setting(given, BOOTSTRAP=brokers, SECURITY_PROTOCOL="SASL_PLAINTEXT", **SASL)
    assert load_settings().kafka.local


def test_a_password_is_told_over_tls_alone(given: pytest.MonkeyPatch) -> None:
    values = SASL | {"BOOTSTRAP": "127.0.0.1:9092", "SASL_MECHANISM": "PLAIN"}
    name, rule = refusal(given, SECURITY_PROTOCOL="SASL_PLAINTEXT", **values)
    assert (name, "SASL_SSL" in rule, "SCRAM-SHA-512" in rule) == ("SECURITY_PROTOCOL", True, True)
    setting(given, SECURITY_PROTOCOL="SASL_SSL")
    assert load_settings().kafka.sasl_mechanism == "PLAIN"


@pytest.mark.parametrize(
    ("values", "trusted", "confined"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"SECURITY_PROTOCOL": "SASL_PLAINTEXT", **SASL}, True, True),
        ({"SECURITY_PROTOCOL": "SASL_SSL", **SASL}, False, False),
        ({"BOOTSTRAP": "kafka:9092"}, True, False),
    ],
)
def test_what_is_in_clear_stays_on_the_machine_unless_the_network_is_trusted(
    given: pytest.MonkeyPatch, values: dict[str, str], *, trusted: bool, confined: bool
) -> None:
    setting(given, **{"BOOTSTRAP": "127.0.0.1:9092"} | values)
    given.setenv(f"{PREFIX}TRUST_NETWORK", str(trusted))
    assert load_settings().kafka.confined == confined


def test_files_must_be_certificates(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "text.pem").write_text("no certificate")
    for path in ("nowhere.pem", str(tmp_path), str(tmp_path / "text.pem")):
        name, rule = refusal(given, SECURITY_PROTOCOL="SSL", CA_FILE=path)
        assert (name, rule) == ("CA_FILE", "empty, or the path of a readable PEM file with certificates")


def test_the_key_must_be_of_the_certificate(given: pytest.MonkeyPatch, certificates: Certificates) -> None:
    good, good_key = map(str, certificates.servers["good"])
    _, other_key = map(str, certificates.servers["host"])
    setting(given, SECURITY_PROTOCOL="SSL", CERT_FILE=good, KEY_FILE=good_key)
    assert load_settings().kafka.cert_file == good
    for certificate, key in ((good, other_key), (good, ""), ("", good_key), ("nowhere", good_key), (good, "nowhere")):
        assert refusal(given, CERT_FILE=certificate, KEY_FILE=key)[0] == "KEY_FILE"


def test_an_encrypted_key_is_refused_without_a_question(
    given: pytest.MonkeyPatch, certificates: Certificates, tmp_path: Path
) -> None:
    certificate, key = certificates.servers["good"]
    loaded = load_pem_private_key(key.read_bytes(), None)
    locked = tmp_path / "locked.key"
    locked.write_bytes(loaded.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    name, rule = refusal(given, SECURITY_PROTOCOL="SSL", CERT_FILE=str(certificate), KEY_FILE=str(locked))
    assert (name, "not encrypted" in rule) == ("KEY_FILE", True)


def test_certificates_without_tls_are_refused(given: pytest.MonkeyPatch, certificates: Certificates) -> None:
    name, rule = refusal(given, CA_FILE=str(certificates.ca))
    assert (name, "SSL or SASL_SSL" in rule) == ("SECURITY_PROTOCOL", True)


def test_unknown_protocols_and_mechanisms_are_refused(given: pytest.MonkeyPatch) -> None:
    assert refusal(given, SECURITY_PROTOCOL="TLS")[0] == "SECURITY_PROTOCOL"
    given.delenv(f"{PREFIX}KAFKA__SECURITY_PROTOCOL")
    assert refusal(given, SASL_MECHANISM="GSSAPI")[0] == "SASL_MECHANISM"
