"""Thresholds of the checks of an account; `app.settings` reads them from the environment."""

from pydantic import Field

from core.settings import Section


class CheckupSettings(Section):
    """Thresholds from which a check of /checkup finds something. Shares are fractions of the equity."""

    days: int = Field(30, ge=7, le=365, description="Days whose trades are judged")
    coin_share: float = Field(0.4, ge=0.01, le=1, description="Share of one coin that is a concentration; 0.4: 40 %")
    correlation: float = Field(
        0.8, ge=0.1, le=0.99, description="Correlation of daily returns from which coins move together"
    )
    correlated_share: float = Field(0.6, ge=0.01, le=1, description="Share of coins that move together")
    small_share: float = Field(
        0.05,
        ge=0,
        le=0.5,
        description="Share below which stops, correlations and the cost of a sale do not matter",
    )
    stop_share: float = Field(0.25, ge=0.01, le=1, description="Share of coins without a stop")
    sale_cost: float = Field(
        0.01, ge=0.0001, le=0.5, description="Fraction of a position's value that its sale at once would lose"
    )
    fees: float = Field(
        0.01, ge=0.0001, le=0.5, description="Fees of these days as a fraction of the mean equity; 0.01: 1 %"
    )
    turnover: float = Field(
        3, ge=0.1, le=1000, description="Lesser of purchases and sales of these days, as a multiple of the mean equity"
    )
    trades_per_day: float = Field(20, ge=1, le=10_000, description="Executions per day, the mean of these days")
    limit_use: float = Field(0.9, ge=0.1, le=1, description="Part of a user's own limit that counts as close to it")
    disposition: float = Field(
        0.2, ge=0.01, le=1, description="Proportion of gains realised minus proportion of losses realised"
    )
    min_trades: int = Field(
        10,
        ge=2,
        le=1000,
        description="Executions below which the number of trades is not judged, and sales below"
        " which gains and losses are not compared",
    )
