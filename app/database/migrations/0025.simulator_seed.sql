-- depends: 0024.delistings
--
-- The secret that the simulator's prices are computed from: one for the database, drawn once and never changed. All
-- processes of a desk read it here, and a backup brings it along. It is shown to nobody: a player who knows it knows
-- every price to come.
CREATE TABLE simulator_seed (
    single   boolean PRIMARY KEY DEFAULT true,
    secret   bytea NOT NULL,
    drawn_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT simulator_seed_is_one CHECK (single),
    CONSTRAINT simulator_seed_length CHECK (length(secret) BETWEEN 16 AND 64)
);

GRANT SELECT, INSERT ON simulator_seed TO paperdesk_app;
