"""Settings of the process, with sections from the packages below.

They are read from the environment, from `.env` in the working directory (`app.env_file`) and from secret files
(`app.secret_files`). The first of these that names a setting takes precedence.
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from app.addresses import check_postgres, check_redis, passwords_in
from app.env_file import EnvFile, counted_variables, counting, read_env_file
from app.errors import BadSetting, UnknownSetting
from app.secret_files import read_secrets, secrets_folder
from bot.platforms.telegram.settings import TelegramSettings
from bot.settings import BotSettings, DiscordSettings
from core.settings import Section
from jobs.settings import BackupSettings, JobsSettings
from ml.settings import MlSettings
from people.operators.settings import OperatorSettings
from pipeline.news.settings import NewsSettings
from pipeline.settings import (
    BinanceSettings,
    HaltSettings,
    KafkaSettings,
    ReplaySettings,
    SimulatorSettings,
    StoreSettings,
)
from trading.checkup.settings import CheckupSettings
from trading.settings import TradingSettings

PREFIX = "PAPERDESK_"
DELIMITER = "__"
ENV_FILE = Path(".env")

_POSTGRES_RULE = "empty, or like postgresql://USER:PASSWORD@HOST:5432/DATABASE"
_BESIDE_RULE = "empty where PAPERDESK_POSTGRES__DSN is empty"
_REDIS_RULE = "empty, or like redis://:PASSWORD@HOST:6379/0"
_MARKET_RULE = "one of auto, binance, sim, replay:PATH"
_ASSET_RULE = "2 to 10 capital letters and digits, such as USDC"
_NO_HOME_RULE = "set to a directory, since this user has no home"


class PostgresSettings(Section):
    """Settings of the database: embedded unless an address is given."""

    dsn: SecretStr = Field(
        SecretStr(""), description="External server, postgresql://USER:PASSWORD@HOST:5432/DATABASE; empty: embedded"
    )
    owner_dsn: SecretStr = Field(
        SecretStr(""), description="The same server with the owner's login, for migrate and restore; empty: DSN"
    )
    reader_dsn: SecretStr = Field(
        SecretStr(""), description="The same server with a read-only login, for backups; empty: OWNER_DSN"
    )
    port: int = Field(
        0, ge=0, le=65535, description="Port of the embedded server on 127.0.0.1, in addition to its socket; 0: none"
    )

    @field_validator("dsn")
    @classmethod
    def _is_address(cls, dsn: SecretStr) -> SecretStr:
        return _address(dsn, ("postgresql://", "postgres://"), _POSTGRES_RULE)

    @field_validator("owner_dsn", "reader_dsn")
    @classmethod
    def _is_beside_dsn(cls, dsn: SecretStr, info: ValidationInfo) -> SecretStr:
        if dsn.get_secret_value() and not info.data.get("dsn", SecretStr("")).get_secret_value():
            raise ValueError(_BESIDE_RULE)
        return cls._is_address(dsn)


class RedisSettings(Section):
    """Settings of the market store: embedded unless an address is given."""

    url: SecretStr = Field(SecretStr(""), description="External server, redis://:PASSWORD@HOST:6379/0; empty: embedded")
    port: int = Field(
        0, ge=0, le=65535, description="Port of the embedded server on 127.0.0.1, in addition to its socket; 0: none"
    )

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: SecretStr) -> SecretStr:
        return _address(url, ("redis://", "rediss://", "unix://"), _REDIS_RULE)


def default_data_dir() -> Path:
    """Returns `/var/lib/paperdesk` for root, whose home the engines' account cannot enter; else a folder in the home.

    Raises BadSetting if the user has no home.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/paperdesk")
    try:
        return Path.home() / ".local" / "share" / "paperdesk"
    except RuntimeError as error:
        raise BadSetting(f"{PREFIX}DATA_DIR", _NO_HOME_RULE) from error


class Settings(BaseSettings):
    """All settings. Components receive their section, never the whole."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",  # lines of other programs in `.env`; unknown names of Paperdesk are refused before
        hide_input_in_errors=True,
    )

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Data, charts and log; default: /var/lib/paperdesk for root, else ~/.local/share/paperdesk",
    )
    market: str = Field("auto", description="auto (Binance, else the simulator), binance, sim, or replay:PATH")
    quote_asset: str = Field("USDC", description="Asset of prices and balances")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Lowest level of the log")
    log_to: Literal["file", "stderr"] = Field(
        "file", description="file: DATA_DIR/desk.log, or a role's own; stderr: standard error, for supervisors"
    )
    trust_network: bool = Field(
        default=False,
        description="Allow unencrypted connections to PostgreSQL, Redis and Kafka on other hosts of a trusted network,"
        " and over sockets in folders that every user can write to",
    )
    postgres: PostgresSettings = PostgresSettings()
    redis: RedisSettings = RedisSettings()
    kafka: KafkaSettings = KafkaSettings()
    telegram: TelegramSettings = TelegramSettings()
    discord: DiscordSettings = DiscordSettings()
    binance: BinanceSettings = BinanceSettings()
    replay: ReplaySettings = ReplaySettings()
    simulator: SimulatorSettings = SimulatorSettings()
    halts: HaltSettings = HaltSettings()
    store: StoreSettings = StoreSettings()
    news: NewsSettings = NewsSettings()
    trading: TradingSettings = TradingSettings()
    checkup: CheckupSettings = CheckupSettings()
    bot: BotSettings = BotSettings()
    operators: OperatorSettings = OperatorSettings()
    jobs: JobsSettings = JobsSettings()
    backups: BackupSettings = BackupSettings()
    ml: MlSettings = MlSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Reads `.env` and secret files in the same way as variables, secret files last."""
        del dotenv_settings  # would read the file without checks
        folder = getattr(file_secret_settings, "secrets_dir", None)
        lines, secrets = EnvSettingsSource(settings_cls), EnvSettingsSource(settings_cls)
        lines.env_vars = _lower(counted_variables())
        secrets.env_vars = _lower(read_secrets(folder, PREFIX)) if folder else {}
        return init_settings, env_settings, lines, secrets

    @model_validator(mode="after")
    def _pass_on_trust(self) -> Self:
        if self.trust_network and self.kafka.bootstrap:
            self.kafka.trust_network()
        return self

    @field_validator("market")
    @classmethod
    def _is_market(cls, market: str) -> str:
        if market in ("auto", "binance", "sim") or (market.startswith("replay:") and market != "replay:"):
            return market
        raise ValueError(_MARKET_RULE)

    @field_validator("quote_asset")
    @classmethod
    def _is_asset(cls, asset: str) -> str:
        if re.fullmatch("[A-Z0-9]{2,10}", asset):
            return asset
        raise ValueError(_ASSET_RULE)

    @field_validator("data_dir")
    @classmethod
    def _without_tilde(cls, path: Path) -> Path:
        try:
            return path.expanduser()
        except RuntimeError as error:
            raise ValueError(_NO_HOME_RULE) from error


def _lower(variables: Mapping[str, str]) -> dict[str, str | None]:
    return {name.lower(): text for name, text in variables.items() if text}


def _address(secret: SecretStr, schemes: tuple[str, ...], rule: str) -> SecretStr:
    text = secret.get_secret_value()
    if text and not (text.startswith(schemes) and text.partition("://")[2]):
        raise ValueError(rule)
    return secret


# -- reading -----------------------------------------------------------------------------------


def load_settings(env_file: Path | EnvFile = ENV_FILE) -> Settings:
    """Returns the settings of this process. Reads `env_file` if it was not read yet.

    Raises UnknownSetting, BadSetting, AddressUnclear: none of them repeats a value.
    """
    secrets = secrets_folder()
    known = [setting.name for setting in declared_settings()]
    lines = (env_file if isinstance(env_file, EnvFile) else read_env_file(env_file)).variables
    for name in [*os.environ, *lines, *read_secrets(secrets, PREFIX)]:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), known, n=1)
            raise UnknownSetting(name, nearest[0] if nearest else "")
    try:
        with counting(lines):
            settings = Settings(_secrets_dir=secrets)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BadSetting(PREFIX + DELIMITER.join(str(part) for part in first["loc"]).upper(), _rule(first)) from None
    for name in ("dsn", "owner_dsn", "reader_dsn"):
        if dsn := getattr(settings.postgres, name).get_secret_value():
            check_postgres(f"{PREFIX}POSTGRES{DELIMITER}{name.upper()}", dsn)
    if url := settings.redis.url.get_secret_value():
        check_redis(f"{PREFIX}REDIS{DELIMITER}URL", url)
    return settings


_RULES: Mapping[str, str] = {
    "greater_than": "above {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "below {lt}",
    "less_than_equal": "at most {le}",
    "enum": "one of {expected}",
    "literal_error": "one of {expected}",
    "value_error": "{error}",
    "decimal_max_places": "a number with at most {decimal_places} decimal places",
    "decimal_max_digits": "a number with at most {max_digits} digits",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a shorter whole number",
    "float_parsing": "a number",
    "decimal_parsing": "a number",
    "finite_number": "a finite number",
}


def _rule(error: Any) -> str:
    """Returns the rule for the value, in the words that follow "it must be"."""
    rule = _RULES.get(error["type"])
    return rule.format(**error.get("ctx", {})) if rule else str(error["msg"])


# -- listing -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Declared:
    """Setting: its variable, the path to it, its declaration."""

    name: str
    path: tuple[str, ...]
    field: FieldInfo

    @property
    def default(self) -> str:
        """Default as text; empty if it depends on the machine."""
        return "" if self.field.default_factory else _written(self.field.default)

    def value_in(self, settings: Settings) -> str:
        """Returns the value as text, secrets hidden."""
        value: object = reduce(getattr, self.path, settings)
        return str(value) if isinstance(value, SecretStr) else _written(value)


def secrets_in(settings: Settings) -> list[str]:
    """Returns every secret that is set, and the passwords in those that are addresses: they are never shown."""
    found: list[str] = []
    for setting in declared_settings():
        value: object = reduce(getattr, setting.path, settings)
        if isinstance(value, SecretStr) and (secret := value.get_secret_value()):
            found += [secret, *passwords_in(secret)]
    return found


def _written(value: object) -> str:
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    return "" if text is None else str(text)


def declared_settings() -> list[Declared]:
    """Returns every setting in the order of declaration."""
    return list(_declared(Settings, ()))


def secret_names() -> list[str]:
    """Returns the variables whose values are never shown."""
    return [each.name for each in declared_settings() if each.field.annotation is SecretStr]


def _declared(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[Declared]:
    for name, field in model.model_fields.items():
        here = (*path, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _declared(field.annotation, here)
        else:
            yield Declared(PREFIX + DELIMITER.join(here).upper(), here, field)


def env_example() -> str:
    """Returns the text of `.env.example`."""
    lines = [
        "# Every setting with its default. To change one, copy it to `.env` or set it in the environment.",
        "# Written by: paperdesk settings --example > .env.example",
    ]
    for setting in declared_settings():
        lines += ["", f"# {setting.field.description}", f"# {setting.name}={setting.default}"]
    return "\n".join(lines) + "\n"


def effective_settings(settings: Settings) -> str:
    """Returns NAME=value lines, secrets hidden."""
    return "".join(f"{setting.name}={setting.value_in(settings)}\n" for setting in declared_settings())
