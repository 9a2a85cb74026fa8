"""The market's settings; `app.settings` reads them from the environment."""

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A section of the settings: frozen, unknown names forbidden."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BinanceSettings(Section):
    """Binance's keyless market-data hosts."""

    rest_url: str = Field("https://data-api.binance.vision", description="REST, market data only")
    ws_url: str = Field("wss://data-stream.binance.vision", description="Streams, market data only")
    reach_timeout_seconds: float = Field(3.0, gt=0, le=60, description="How long `auto` waits for Binance at start")
    refresh_seconds: float = Field(
        1.0, ge=0.1, le=5, description="How often every symbol's price is confirmed to the desk"
    )
    stall_seconds: float = Field(10.0, ge=1, le=300, description="Silence after which the stream counts as dead")


class ReplaySettings(Section):
    """How a recording is played."""

    speed: float = Field(1.0, gt=0, le=100_000, description="Recorded seconds per second")
    start: str = Field("", description="UTC time such as 2021-04-18T03:00; empty: once enough history has passed")
    history_minutes: int = Field(1500, ge=0, le=100_000, description="History given at once before play begins")


class SimulatorSettings(Section):
    """The seeded market that stands in when Binance cannot be reached."""

    seed: int = Field(7, ge=0, le=2**63 - 1, description="The same seed gives the same market")
    symbols: int = Field(250, ge=1, le=2000, description="How many symbols")


class StoreSettings(Section):
    """The Redis market store and the candle archive."""

    stale_seconds: float = Field(15.0, gt=0, le=3600, description="Older prices cannot be traded on")
    history_points: int = Field(1000, ge=1000, le=100_000, description="Points kept per symbol in price_history")
