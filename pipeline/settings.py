"""Settings of the market; `app.settings` reads them from the environment."""

import re
import ssl
from typing import Literal

from pydantic import Field, PrivateAttr, SecretStr, ValidationInfo, field_validator

from core.network.platform_address import is_loopback, is_safe_address
from core.settings import Section
from pipeline.scripted_halts import read_halts

_LAST_PORT = 65_535
_ALL = "*"
_ASSETS_RULE = "empty, * or assets of 2 to 10 capital letters and digits separated by commas, such as USDC,USDT"
_REST_RULE = "an https:// address, or an http:// address of this machine such as http://127.0.0.1:8081"
_STREAM_RULE = "a wss:// address, or a ws:// address of this machine such as ws://127.0.0.1:8081"
_BROKERS_RULE = "empty, or like HOST:9092,HOST:9092"
_CA_RULE = "empty, or the path of a readable PEM file with certificates"
_PAIR_RULE = (
    "empty, or the path of a readable PEM file with the private key of PAPERDESK_KAFKA__CERT_FILE, not encrypted"
)
_UNNAMED_RULE = "PLAINTEXT or SSL unless PAPERDESK_KAFKA__USERNAME and PAPERDESK_KAFKA__PASSWORD are set"
_NO_SASL_RULE = "SASL_SSL, or SASL_PLAINTEXT for brokers on this machine, because PAPERDESK_KAFKA__USERNAME is set"
_NO_TLS_RULE = "SSL or SASL_SSL because PAPERDESK_KAFKA__CA_FILE or PAPERDESK_KAFKA__CERT_FILE is set"
_CLEAR_RULE = "SASL_SSL because the brokers are on another machine, where a password must not go unencrypted"
_PLAIN_RULE = (
    "SASL_SSL because PAPERDESK_KAFKA__SASL_MECHANISM is PLAIN, which tells the password to whatever program has the"
    " port; SCRAM-SHA-512 proves it without"
)
_TOPIC_RULE = "a name of at most 200 letters, digits, dots, dashes and underscores, such as crypto-topic"


class BinanceSettings(Section):
    """Binance's keyless market-data hosts."""

    rest_url: str = Field("https://data-api.binance.vision", description="Address of the REST API for market data")
    ws_url: str = Field("wss://data-stream.binance.vision", description="Address of the streams for market data")
    reach_timeout_seconds: float = Field(
        3.0, gt=0, le=60, description="Seconds that `auto` waits for Binance at the start"
    )
    quote_assets: str = Field(
        "",
        description="Quote assets of the symbols to follow, such as USDC,USDT; *: all; empty: PAPERDESK_QUOTE_ASSET",
    )
    refresh_seconds: float = Field(
        1.0, ge=0.1, le=5, description="Interval in seconds of every symbol's last price and best quotes"
    )
    rules_seconds: float = Field(
        60.0,
        ge=10,
        le=3600,
        description="Interval in seconds of reading listings, halts and rules; costs 20 of 6000 request weight",
    )
    trades: bool = Field(default=False, description="Follow every trade as well, for last prices between the intervals")
    stall_seconds: float = Field(
        10.0, ge=1, le=300, description="Seconds without data after which the stream is reconnected"
    )

    def quotes(self, desk: str) -> frozenset[str] | None:
        """Returns the quote assets to follow, the desk's own included; None for all."""
        if self.quote_assets == _ALL:
            return None
        return frozenset((desk, *filter(None, (asset.strip() for asset in self.quote_assets.split(",")))))

    @field_validator("rest_url")
    @classmethod
    def _is_safe_rest(cls, url: str) -> str:
        if is_safe_address(url, "https"):
            return url
        raise ValueError(_REST_RULE)

    @field_validator("ws_url")
    @classmethod
    def _is_safe_stream(cls, url: str) -> str:
        if is_safe_address(url, "wss"):
            return url
        raise ValueError(_STREAM_RULE)

    @field_validator("quote_assets")
    @classmethod
    def _are_assets(cls, assets: str) -> str:
        if assets in ("", _ALL) or all(re.fullmatch("[A-Z0-9]{2,10}", each.strip()) for each in assets.split(",")):
            return assets
        raise ValueError(_ASSETS_RULE)


class ReplaySettings(Section):
    """Playback of a recording."""

    speed: float = Field(1.0, gt=0, le=100_000, description="Speed of the replay: recorded seconds per second")
    start: str = Field(
        "", description="UTC time at which the replay starts, such as 2021-04-18T03:00; empty: after HISTORY_MINUTES"
    )
    history_minutes: int = Field(
        1500, ge=0, le=100_000, description="Minutes of history loaded before the replay starts"
    )
    quote_asset: str = Field(
        "",
        pattern="^[A-Z0-9]{0,12}$",
        description="Quote asset of the symbols to play; empty: the one that most names end with",
    )


class SimulatorSettings(Section):
    """Seeded market that is used if Binance does not answer."""

    seed: int | None = Field(
        None,
        ge=0,
        le=2**63 - 1,
        description="A public seed, such as 7: users can compute all prices; empty: a secret seed, drawn once",
    )
    draw_seed: bool = Field(
        default=False,
        description="Draw a secret seed even if accounts use the old public one; all accounts start over",
    )
    symbols: int = Field(250, ge=1, le=2000, description="Number of symbols")


class HaltSettings(Section):
    """Symbols that return from a halt, and halts to try out."""

    jump_factor: float = Field(
        3.0,
        gt=1,
        le=1_000_000,
        description="Factor of a price after a halt from which a symbol is held until an operator decides",
    )
    play: str = Field(
        "",
        max_length=2000,
        description="Halts that a simulation or replay plays, such as: SOLUSDC 10m 5m x1000; ADAUSDC 20m 5m gone",
    )

    @field_validator("play")
    @classmethod
    def _plays(cls, text: str) -> str:
        """Refuses halts that cannot be read. Raises ValueError."""
        read_halts(text)
        return text


class StoreSettings(Section):
    """The Redis market store and the candle archive."""

    stale_seconds: float = Field(15.0, gt=0, le=3600, description="Age in seconds after which a price cannot be traded")
    history_points: int = Field(1000, ge=1000, le=100_000, description="Points in price_history of each symbol")
    candle_months: int = Field(
        24, ge=0, le=1200, description="Whole months of candles kept before the current one; 0: all"
    )


class KafkaSettings(Section):
    """The bus: in-process unless brokers are given."""

    bootstrap: str = Field("", description="Kafka brokers, HOST:PORT separated by commas; empty: in-process")
    topic: str = Field("crypto-topic", description="Topic of the frames; unreadable frames go to TOPIC-dead")
    partitions: int = Field(4, ge=1, le=1000, description="Partitions of the topic, if Paperdesk creates it")
    replication: int = Field(1, ge=1, le=10, description="Copies of each partition, if Paperdesk creates the topic")
    retention_hours: int = Field(
        24, ge=1, le=8760, description="Hours that frames are kept, if Paperdesk creates the topic"
    )
    reach_timeout_seconds: float = Field(10.0, gt=0, le=600, description="Seconds that a start waits for the brokers")
    idempotent: bool = Field(
        default=True, description="Write each frame exactly once; turn off only for brokers without support"
    )

    username: str = Field("", description="User name for brokers that require one (SASL)")
    password: SecretStr = Field(SecretStr(""), description="Password of that user")
    sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        "SCRAM-SHA-512", description="Method of the password; PLAIN sends it to the broker and requires TLS"
    )
    ca_file: str = Field("", description="Certificates of the authorities that sign the brokers'; empty: the system's")
    cert_file: str = Field("", description="Client certificate, for brokers that require one")
    key_file: str = Field("", validate_default=True, description="Private key of the client certificate, not encrypted")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", validate_default=True, description="PLAINTEXT, SSL (TLS), SASL_PLAINTEXT or SASL_SSL (password)"
    )

    _trusts_network: bool = PrivateAttr(default=False)

    def trust_network(self) -> None:
        """Lets brokers on this machine name others that are not, where no password is at stake."""
        self._trusts_network = True

    @property
    def confined(self) -> bool:
        """True if nothing may leave this machine, neither for the brokers nor for those that they name."""
        trusted = self._trusts_network and not self.security_protocol.startswith("SASL")
        return self.local and not self.encrypted and not trusted

    @property
    def encrypted(self) -> bool:
        """True if connections to the brokers use TLS."""
        return self.security_protocol.endswith("SSL")

    @property
    def local(self) -> bool:
        """True if every broker is on this machine."""
        return _all_local(self.bootstrap)

    @property
    def dead_letters(self) -> str:
        """Topic of the refused records, with the reasons."""
        return f"{self.topic}-dead"

    @field_validator("bootstrap")
    @classmethod
    def _are_addresses(cls, bootstrap: str) -> str:
        for address in filter(None, bootstrap.split(",")):
            host, _, port = address.strip().rpartition(":")
            if not (host and port.isascii() and port.isdigit() and 0 < int(port) <= _LAST_PORT):
                raise ValueError(_BROKERS_RULE)
        return bootstrap

    @field_validator("topic")
    @classmethod
    def _is_topic(cls, topic: str) -> str:
        if re.fullmatch("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,199}", topic):
            return topic
        raise ValueError(_TOPIC_RULE)

    @field_validator("ca_file")
    @classmethod
    def _are_certificates(cls, path: str) -> str:
        try:
            if path:
                ssl.create_default_context(cafile=path)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise ValueError(_CA_RULE) from error
        return path

    @field_validator("key_file")
    @classmethod
    def _belongs_to_certificate(cls, key: str, known: ValidationInfo) -> str:
        certificate = known.data.get("cert_file", "")
        try:
            if key or certificate:  # an encrypted key must not ask the terminal for its password
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, key or None, lambda: "")
        except (OSError, ValueError) as error:
            raise ValueError(_PAIR_RULE) from error
        return key

    @field_validator("security_protocol")
    @classmethod
    def _fits_the_rest(cls, protocol: str, known: ValidationInfo) -> str:
        """Runs last, so that every other field is known."""
        secret, named = known.data.get("password"), bool(known.data.get("username"))
        sasl, tls = protocol.startswith("SASL"), protocol.endswith("SSL")
        if sasl and not (named and secret and secret.get_secret_value()):
            raise ValueError(_UNNAMED_RULE)
        if named and not sasl:
            raise ValueError(_NO_SASL_RULE)
        if not tls and (known.data.get("ca_file") or known.data.get("cert_file")):
            raise ValueError(_NO_TLS_RULE)
        if sasl and not tls and not _all_local(known.data.get("bootstrap", "")):
            raise ValueError(_CLEAR_RULE)
        if sasl and not tls and known.data.get("sasl_mechanism") == "PLAIN":
            raise ValueError(_PLAIN_RULE)
        return protocol


def _all_local(bootstrap: str) -> bool:
    hosts = [address.strip().rpartition(":")[0].strip("[]") for address in bootstrap.split(",")]
    return all(is_loopback(host) for host in hosts if host)
