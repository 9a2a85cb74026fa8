"""The schedule's settings; `app.settings` reads them from the environment."""

from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator

from core.settings import Section

_ZONE_RULE = "a time zone, such as UTC or Europe/Berlin"


class JobsSettings(Section):
    """Schedule of the nightly jobs, and settings of training."""

    zone: str = Field("UTC", description="Time zone in which the desk's nights are reckoned, such as Europe/Berlin")
    training: bool = Field(default=True, description="Learn from the archive every night, for /forecast")
    training_hour: int = Field(0, ge=0, le=23, description="Hour of the zone at which learning begins")
    training_minutes: int = Field(180, ge=1, le=1440, description="Learning that takes longer is ended")
    retrain_hours: int = Field(
        6,
        ge=0,
        le=720,
        description="Learn at once when forecasts no longer fit, but not again for so many hours; 0: never",
    )

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (LookupError, OSError, ValueError) as error:
            raise ValueError(_ZONE_RULE) from error
        return zone


class BackupSettings(Section):
    """Nightly backups of the database."""

    folder: str = Field("", description="Where backups go, on another disk at best; empty: DATA_DIR/backups")
    keep: int = Field(7, ge=0, le=1000, description="Backups kept, the newest ones; 0: none are made by night")
    hour: int = Field(3, ge=0, le=23, description="Hour of PAPERDESK_JOBS__ZONE at which one is made")
    key: SecretStr = Field(
        SecretStr(""), description="Secret that marks backups as this desk's own; empty: kept in DATA_DIR/backup.key"
    )
