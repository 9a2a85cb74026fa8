"""Settings of the schedule; `app.settings` reads them from the environment."""

from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator

from core.settings import Section

_ZONE_RULE = "a time zone, such as UTC or Europe/Berlin"


class JobsSettings(Section):
    """Schedule of the nightly jobs, and settings of training."""

    zone: str = Field("UTC", description="Time zone of the hours of nightly jobs, such as Europe/Berlin")
    training: bool = Field(default=True, description="Train models from the archive every night, for /forecast")
    market_reports: bool = Field(
        default=True, description="Compute the mood and the signals of the market; off: /mood and /scan stay empty"
    )
    training_hour: int = Field(0, ge=0, le=23, description="Hour of PAPERDESK_JOBS__ZONE at which training starts")
    training_minutes: int = Field(180, ge=1, le=1440, description="Time limit of training in minutes")
    retrain_hours: int = Field(
        6,
        ge=0,
        le=720,
        description="Minimum hours between trainings that start because forecasts no longer fit; 0: no such training",
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

    folder: str = Field("", description="Folder of the backups, preferably on another disk; empty: DATA_DIR/backups")
    keep: int = Field(7, ge=0, le=1000, description="Number of newest backups to keep; 0: no nightly backups")
    hour: int = Field(3, ge=0, le=23, description="Hour of PAPERDESK_JOBS__ZONE at which the backup starts")
    key: SecretStr = Field(
        SecretStr(""),
        description="Secret that signs the backups of this installation; empty: kept in DATA_DIR/backup.key",
    )
