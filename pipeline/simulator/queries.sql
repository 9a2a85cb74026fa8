-- name: secret
SELECT secret FROM simulator_seed;

-- name: draw
-- $1 secret. The first of several processes draws for all.
INSERT INTO simulator_seed (secret) VALUES ($1) ON CONFLICT DO NOTHING;

-- name: known
-- $1 market: whether people or the archive have anything of it
SELECT EXISTS (SELECT FROM account WHERE market = $1)
    OR EXISTS (SELECT FROM alert WHERE market = $1)
    OR EXISTS (SELECT FROM candle WHERE market = $1);
