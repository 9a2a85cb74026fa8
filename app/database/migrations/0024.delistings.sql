-- depends: 0023.reach
--
-- Symbols that left the exchange and whose holders were told: once for each delisting. `delisted_at` is UTC ms of the
-- market's clock.
CREATE TABLE delisting (
    market text NOT NULL,
    symbol text NOT NULL,
    delisted_at bigint NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT delisting_pkey PRIMARY KEY (market, symbol, delisted_at),
    CONSTRAINT delisting_market_length CHECK (length(market) BETWEEN 1 AND 300),
    CONSTRAINT delisting_symbol_length CHECK (length(symbol) BETWEEN 1 AND 64)
);

GRANT SELECT, INSERT ON delisting TO paperdesk_app;
