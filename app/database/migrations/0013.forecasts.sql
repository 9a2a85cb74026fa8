-- depends: 0012.models
--
-- What was forecast, for whom it does not matter, and what became of it. Statistics, not money, hence double precision.

-- One row a model, symbol, horizon (minutes) and time: `made_at` is when the last candle that was seen closed, UTC ms of
-- the market's own clock. `expected`, `low`, `high` and `outcome` are log returns from `price`. `role`: champion and
-- challenger are the live record, of every symbol at the same times; asked is what somebody wanted to know in between.
CREATE TABLE forecast (
    market    text NOT NULL CONSTRAINT forecast_market_shape CHECK (length(market) BETWEEN 1 AND 200),
    symbol    text NOT NULL CONSTRAINT forecast_symbol_shape CHECK (length(symbol) BETWEEN 1 AND 64),
    horizon   integer NOT NULL CONSTRAINT forecast_horizon_bounds CHECK (horizon BETWEEN 1 AND 100000),
    made_at   bigint NOT NULL CONSTRAINT forecast_made_at_shape CHECK (made_at > 0 AND made_at % 60000 = 0),
    version   bigint NOT NULL,
    role      text NOT NULL CONSTRAINT forecast_role_known CHECK (role IN ('champion', 'challenger', 'asked')),
    -- NaN ranks above every number: the upper bounds are what keeps it out.
    price     double precision NOT NULL CONSTRAINT forecast_price_bounds CHECK (price > 0 AND price < 'Infinity'),
    expected  double precision NOT NULL CONSTRAINT forecast_expected_bounds CHECK (expected BETWEEN -100 AND 100),
    low       double precision NOT NULL,
    high      double precision NOT NULL,
    rising    double precision NOT NULL CONSTRAINT forecast_rising_bounds CHECK (rising BETWEEN 0 AND 1),
    stored_at timestamptz NOT NULL DEFAULT now(),
    outcome   double precision CONSTRAINT forecast_outcome_bounds CHECK (outcome BETWEEN -100 AND 100),
    -- Why there will never be an outcome.
    unscored  text CONSTRAINT forecast_unscored_known CHECK (unscored IN ('missing')),
    CONSTRAINT forecast_interval CHECK (low >= -100 AND low <= high AND high <= 100),
    CONSTRAINT forecast_judged_once CHECK (outcome IS NULL OR unscored IS NULL),
    PRIMARY KEY (market, symbol, horizon, made_at, version)
);

CREATE INDEX forecast_open_idx ON forecast (market, (made_at + horizon * 60000::bigint))
    WHERE outcome IS NULL AND unscored IS NULL;
-- Champion and challenger side by side.
CREATE INDEX forecast_version_idx ON forecast (version, made_at) WHERE role <> 'asked';
-- What is trimmed: rows lie in the order in which they were stored.
CREATE INDEX forecast_stored_at_idx ON forecast USING brin (stored_at) WITH (autosummarize = on, pages_per_range = 32);

-- The live record by the hour in which forecasts were made, added to in the statement that finds their outcomes.
-- `squares` are the squared errors, `naive` those of the forecast that nothing moves.
CREATE TABLE forecast_hour (
    market  text NOT NULL,
    horizon integer NOT NULL,
    role    text NOT NULL,
    version bigint NOT NULL,
    hour    bigint NOT NULL CONSTRAINT forecast_hour_shape CHECK (hour % 3600000 = 0),
    count   integer NOT NULL,
    moves   integer NOT NULL,
    hits    integer NOT NULL,
    covered integer NOT NULL,
    squares double precision NOT NULL,
    naive   double precision NOT NULL,
    PRIMARY KEY (market, horizon, role, hour, version)
);

-- How the features of an hour fell into the bins that a model's own training fell into evenly: `counts` bin by bin,
-- feature by feature in the model's order.
CREATE TABLE feature_hour (
    version bigint NOT NULL,
    hour    bigint NOT NULL CONSTRAINT feature_hour_shape CHECK (hour % 3600000 = 0),
    counts  integer[] NOT NULL CONSTRAINT feature_hour_counts_size CHECK (cardinality(counts) BETWEEN 1 AND 10000),
    PRIMARY KEY (version, hour)
);

-- A model that the market has left behind: told once for each kind.
CREATE TABLE drift (
    version  bigint NOT NULL,
    kind     text NOT NULL CONSTRAINT drift_kind_known CHECK (kind IN ('features', 'errors')),
    market   text NOT NULL,
    horizon  integer NOT NULL,
    what     text NOT NULL CONSTRAINT drift_what_length CHECK (length(what) BETWEEN 1 AND 200),
    amount   double precision NOT NULL,
    bound    double precision NOT NULL,
    since    bigint NOT NULL,
    found_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (version, kind)
);

GRANT SELECT, INSERT, DELETE ON forecast TO paperdesk_app;
GRANT UPDATE (role, outcome, unscored) ON forecast TO paperdesk_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON forecast_hour, feature_hour TO paperdesk_app;
GRANT SELECT, INSERT ON drift TO paperdesk_app;
