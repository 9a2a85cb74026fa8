"""Settings of trading; `app.settings` reads them from the environment."""

from decimal import Decimal

from pydantic import Field

from core.settings import Section

MAX_LATENCY_MS = 10_000


class TradingSettings(Section):
    """Settings of accounts and orders."""

    opening_grant: Decimal = Field(
        Decimal(1_000_000),
        gt=0,
        le=Decimal(10) ** 12,
        max_digits=20,
        decimal_places=8,
        description="Starting balance of an account, in the quote asset",
    )
    fee_rate: Decimal = Field(
        Decimal("0.001"), ge=0, le=Decimal("0.1"), description="Fee as a fraction of what is received; 0.001: 0.1 %"
    )
    close_delisted: bool = Field(default=True, description="Let users sell a delisted symbol at its last price")
    close_halted_hours: int = Field(
        168,
        ge=0,
        le=87_600,
        description="Hours after the last price from which a halted symbol can be sold like a delisted one; 0: never",
    )
    open_orders: int = Field(200, ge=1, le=1000, description="Maximum number of open orders of an account")
    max_slippage: Decimal = Field(
        Decimal("0.05"),
        gt=0,
        lt=1,
        description="Fraction of the best price by which a market order may fill worse; what is left then expires",
    )
    latency_ms: int = Field(
        0,
        ge=0,
        le=MAX_LATENCY_MS,
        description="Milliseconds of the market's clock that an order takes to the market; 0: none",
    )
    price_tolerance: Decimal = Field(
        Decimal("0.005"),
        ge=0,
        le=1,
        description="Fraction by which the price may worsen between the preview and the confirmation",
    )
    limit_raise_hours: int = Field(
        24,
        ge=0,
        le=720,
        description="Hours after which a limit that a user raised or removed changes; 0: at once",
    )
    limit_cooldown_minutes: int = Field(
        60,
        ge=1,
        le=43_200,
        description="Minutes without purchases after the losses that a user's limit names",
    )

    @property
    def names_grant(self) -> bool:
        """True if the operator set the grant instead of leaving it at its default."""
        return "opening_grant" in self.model_fields_set
