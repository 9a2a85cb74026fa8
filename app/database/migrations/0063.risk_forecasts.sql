-- depends: 0060.one_order_model
--
-- The VaR of every account, forecast at midnight (UTC) for the day that begins, and what came of it.

-- One row for an account and a day on which it held a coin. `positions` are those of the frozen portfolio, symbol to
-- [share of the equity, close at midnight], until the day is judged. Figures are losses as fractions of the equity, NULL
-- where the method gives none. `realised` is the return of the frozen portfolio, NULL for a day without closes.
-- `doubtful` and `judged_doubtful` count positions without a close of the midnight in question.
CREATE TABLE risk_forecast (
    account_id        bigint NOT NULL REFERENCES account (id),
    day               date NOT NULL,
    market            text NOT NULL,
    quote_asset       asset_name NOT NULL,
    equity            double precision NOT NULL
                      CONSTRAINT risk_forecast_equity_bounds CHECK (equity > 0 AND equity < 'Infinity'),
    positions         jsonb CONSTRAINT risk_forecast_positions_shape CHECK (jsonb_typeof(positions) = 'object'),
    doubtful          smallint NOT NULL CONSTRAINT risk_forecast_doubtful_bounds CHECK (doubtful >= 0),
    historical_95     double precision,
    historical_99     double precision,
    gaussian_95       double precision,
    gaussian_99       double precision,
    cornish_fisher_95 double precision,
    cornish_fisher_99 double precision,
    filtered_95       double precision,
    filtered_99       double precision,
    made_at           timestamptz NOT NULL,
    realised          double precision
                      CONSTRAINT risk_forecast_realised_bounds CHECK (realised >= -1 AND realised < 'Infinity'),
    judged_doubtful   smallint CONSTRAINT risk_forecast_judged_doubtful_bounds CHECK (judged_doubtful >= 0),
    judged_at         timestamptz,
    PRIMARY KEY (account_id, day),
    CONSTRAINT risk_forecast_figures_bounds CHECK (
        greatest(historical_95, historical_99, gaussian_95, gaussian_99, cornish_fisher_95, cornish_fisher_99,
                 filtered_95, filtered_99) <= 1),
    CONSTRAINT risk_forecast_judged CHECK (
        (judged_at IS NULL) = (positions IS NOT NULL) AND (judged_at IS NULL) = (judged_doubtful IS NULL)
        AND (judged_at IS NOT NULL OR realised IS NULL))
);
CREATE INDEX risk_forecast_open_idx ON risk_forecast (market, quote_asset, day, account_id) WHERE judged_at IS NULL;
CREATE INDEX risk_forecast_day_idx ON risk_forecast (day);
GRANT SELECT, INSERT, DELETE ON risk_forecast TO paperdesk_app;
GRANT UPDATE (positions, realised, judged_doubtful, judged_at) ON risk_forecast TO paperdesk_app;
