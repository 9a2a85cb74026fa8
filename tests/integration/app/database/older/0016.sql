-- Rows as a desk of migration 0016 wrote them. Never edited: it stands for the databases of users.
--
-- Person 1 has something of every kind, person 2 is banned, what person 4 had was merged into the account of person 3,
-- person 5 deleted their data.

INSERT INTO person (id, language, timezone, confirm, theme, met_at, public) OVERRIDING SYSTEM VALUE VALUES
    (1, 'ko', 'Asia/Seoul', false, 'light', '2021-03-01 00:00Z', true),
    (2, 'en', 'UTC', true, 'dark', '2021-03-02 00:00Z', false),
    (3, 'en', 'Europe/Berlin', true, 'dark', '2021-03-03 00:00Z', false);
SELECT setval('person_id_seq', 5);
INSERT INTO identity (platform, external_id, person_id) VALUES
    ('telegram', '1001', 1), ('discord', '2002', 1), ('telegram', '1002', 2), ('console', 'me', 3), ('telegram', '1004', 3);

-- The ledger: a purchase and a sale of person 1, a reset of person 2, a merge, a deletion.
CREATE FUNCTION pg_temp.body(VARIADIC parts text[]) RETURNS bytea LANGUAGE sql AS
    $$ SELECT sha256(convert_to(array_to_string(parts, chr(31)), 'UTF8')) $$;
SELECT id FROM open_account(1, 'simulator', 'USDC', 1000000, 'open-1', pg_temp.body('open', '1', 'simulator', 'USDC'),
                            '2021-03-01 00:00Z', 1614556800000);
SELECT id FROM open_account(2, 'simulator', 'USDC', 1000000, 'open-2', pg_temp.body('open', '2', 'simulator', 'USDC'),
                            '2021-03-02 00:00Z', 1614643200000);
SELECT id FROM open_account(3, 'simulator', 'USDC', 1000000, 'open-3', pg_temp.body('open', '3', 'simulator', 'USDC'),
                            '2021-03-03 00:00Z', 1614729600000);
SELECT id FROM open_account(4, 'simulator', 'USDC', 1000000, 'open-4', pg_temp.body('open', '4', 'simulator', 'USDC'),
                            '2021-03-04 00:00Z', 1614816000000);
SELECT id FROM open_account(5, 'simulator', 'USDC', 1000000, 'open-5', pg_temp.body('open', '5', 'simulator', 'USDC'),
                            '2021-03-05 00:00Z', 1614902400000);
CREATE FUNCTION pg_temp.bought(account bigint, command text) RETURNS text LANGUAGE sql AS $$
    SELECT outcome FROM place_order(jsonb_build_object(
        'account_id', account, 'symbol', 'BTCUSDC', 'base', 'BTC', 'quote', 'USDC', 'side', 'buy',
        'quantity', '0.02', 'unfilled', '0', 'quote_amount', '1000', 'average_price', '50000', 'mid_price', '50000',
        'slippage', '0', 'fee_rate', '0.001', 'fee', '0.00002', 'fee_asset', 'BTC', 'received', '0.01998',
        'base_unit', '1e-8', 'quote_unit', '1e-8', 'at', '2021-03-10 12:00Z', 'source', 'simulator', 'from_book', false,
        'price_time', 1615377600000, 'price_age_ms', 250, 'fills', jsonb_build_array(jsonb_build_array('50000', '0.02')),
        'command_id', command, 'market_time', 1615377600000, 'empties', false,
        'body', encode(pg_temp.body('place', account::text, 'buy', 'BTCUSDC', 'quote:1000'), 'hex')))
$$;
CREATE FUNCTION pg_temp.sold(account bigint, command text) RETURNS text LANGUAGE sql AS $$
    SELECT outcome FROM place_order(jsonb_build_object(
        'account_id', account, 'symbol', 'BTCUSDC', 'base', 'BTC', 'quote', 'USDC', 'side', 'sell',
        'quantity', '0.01', 'unfilled', '0', 'quote_amount', '600', 'average_price', '60000', 'mid_price', '60000',
        'slippage', '0', 'fee_rate', '0.001', 'fee', '0.6', 'fee_asset', 'USDC', 'received', '599.4',
        'base_unit', '1e-8', 'quote_unit', '1e-8', 'at', '2021-03-11 12:00Z', 'source', 'simulator', 'from_book', false,
        'price_time', 1615464000000, 'price_age_ms', 250,
        'fills', jsonb_build_array(jsonb_build_array('60000', '0.004'), jsonb_build_array('60000', '0.006')),
        'command_id', command, 'market_time', 1615464000000, 'empties', false,
        'body', encode(pg_temp.body('place', account::text, 'sell', 'BTCUSDC', 'base:0.01'), 'hex')))
$$;
SELECT pg_temp.bought(1, 'buy-1'), pg_temp.bought(2, 'buy-2'), pg_temp.bought(4, 'buy-4');
SELECT pg_temp.sold(1, 'sell-1');
SELECT outcome FROM reset_account(2, 1000000, 'reset-2', pg_temp.body('reset', '2'), '2021-03-12 00:00Z', 1615507200000);
SELECT merge_account(4, 3, '2021-03-13 00:00Z', 1615593600000);
SELECT close_account(5, '2021-03-14 00:00Z', 1615680000000);
INSERT INTO equity_snapshot
    (account_id, day, market, quote_asset, round, equity, granted, trades, unpriced, stale, taken_at) VALUES
    (1, '2021-03-30', 'simulator', 'USDC', 1, 1000100, 1000000, 2, 0, 0, '2021-03-31 00:01Z'),
    (1, '2021-03-31', 'simulator', 'USDC', 1, 1000200, 1000000, 2, 0, 0, '2021-04-01 00:01Z');

-- Alerts and recurring buys.
INSERT INTO alert (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, state, ready,
                   firings, market_time, created_at, fired_at) VALUES
    ('alert-1', 1, 'telegram', '1001', 'simulator', 'BTCUSDC', 'above', 70000, false, 'armed', true, 0,
     1615377600000, '2021-03-10 00:00Z', NULL),
    ('alert-2', 1, 'discord', '77', 'simulator', 'ETHUSDC', 'below', 1500.25, true, 'muted', false, 3,
     1615377600001, '2021-03-11 00:00Z', '2021-03-12 00:00Z');
INSERT INTO forecast_alert (command_id, person_id, platform, chat_id, market, symbol, horizon, way, chance, repeat, ready,
                            created_at) VALUES
    ('foreseen-1', 1, 'telegram', '1001', 'simulator', 'BTCUSDC', 60, 'up', 0.75, true, false, '2021-03-10 00:00Z');
INSERT INTO recurring_buy (command_id, person_id, market, symbol, size_kind, size, every, day, minute, state, timezone,
                           next_day, next_at, last_day, failures, created_at) VALUES
    ('repeat-1', 1, 'simulator', 'BTCUSDC', 'quote', 100, 'weekly', 2, 540, 'active', 'Asia/Seoul',
     '2021-04-07', '2021-04-07 00:00Z', '2021-03-31', 1, '2021-03-01 00:00Z'),
    ('repeat-2', 1, 'simulator', 'ETHUSDC', 'share', 0.05, 'daily', 0, 600, 'paused', 'Asia/Seoul',
     '2021-04-02', '2021-04-02 01:00Z', NULL, 0, '2021-03-02 00:00Z');

-- Preferences and chats.
INSERT INTO push_chat (person_id, platform, chat_id, public, seen_at, retired_at, reason) VALUES
    (1, 'telegram', '1001', false, '2021-03-20 00:00Z', NULL, NULL),
    (1, 'discord', '77', true, '2021-03-21 00:00Z', '2021-03-22 00:00Z', 'gone');
INSERT INTO push_home (person_id, platform, chat_id, chosen_at) VALUES (1, 'telegram', '1001', '2021-03-20 00:00Z');
INSERT INTO push_preference (person_id, kind, mode) VALUES (1, 'alert', 'silent'), (1, 'broadcast', 'off');
INSERT INTO push_quiet_hours (person_id, starts, ends) VALUES (1, 1380, 420);
INSERT INTO push_digest (person_id, every, hour, timezone, next_at, account_id, round, equity, told_at) VALUES
    (1, 'weekly', 8, 'Asia/Seoul', '2021-04-05 23:00Z', 1, 1, 1000100, '2021-03-29 23:00Z');
INSERT INTO watched (person_id, symbol, place) VALUES (1, 'SOLUSDC', 1), (1, 'BTCUSDC', 2);
INSERT INTO link_code (person_id, selector, hash, expires_at) VALUES (1, 'ABCD', sha256('code'), '2021-03-20 00:10Z');

-- Groups.
INSERT INTO chat_group (platform, group_id, language, timezone, channels, rules, cooldown) VALUES
    ('telegram', '-100', 'ko', 'Asia/Seoul', '{"-100": "#trading"}', '{"trading": "off", "alert": "managers"}', 30);
INSERT INTO chat_group_change (command_id, platform, group_id, person_id, change, changed_at) VALUES
    ('group-1', 'telegram', '-100', 1, 'language ko', '2021-03-15 00:00Z');
INSERT INTO price_feed (platform, chat_id, group_id, symbols, message_id) VALUES
    ('telegram', '-100', '-100', '{BTCUSDC,ETHUSDC}', '55');

-- Operators.
INSERT INTO ban (person_id, reason, since) VALUES (2, 'too loud', '2021-03-20 00:00Z');
INSERT INTO operation (command_id, at, platform, external_id, person_id, line, result) VALUES
    ('op-1', '2021-03-20 00:00Z', 'console', 'me', 3, 'ban 2 too loud', 'banned');
SELECT set_trading(true, 'maintenance');

-- What is under way: a notification, an update of Telegram, a question.
INSERT INTO outbox (key, person_id, platform, chat_id, kind, body, created_at) VALUES
    ('fired:1:1', 1, 'telegram', '1001', 'alert',
     '{"v": 1, "notice": {"kind": "alert", "alert_id": 1, "market": "simulator", "symbol": "BTCUSDC", "direction": "above",
       "level": "50000", "price": "58000", "time": 1617300000000, "repeat": false}}', now());
INSERT INTO inbox (platform, update_id, origin, lane, body, received_at) VALUES
    ('telegram', 7, 'message:7', '1001',
     '{"update_id": 7, "message": {"from": {"id": 1001}, "text": "/balance"}}', now());
INSERT INTO question (platform, chat, external_id, message_id, line) VALUES ('telegram', '1001', '1001', 9, 'buy BTC');

-- Forecasts and models.
INSERT INTO model (version, market, horizon, recipe, state, trained_at, start_ms, end_ms, symbols, rows, features,
                   parameters, code_version, metrics, sha256, size, artifact) OVERRIDING SYSTEM VALUE VALUES
    (1, 'simulator', 60, 'ridge', 'champion', 1615377600000, 1, 2, '{BTCUSDC}', 1000, '{a}', '{}', '0.1', '{}',
     encode(sha256('model'), 'hex'), 5, 'model');
SELECT setval('model_version_seq', 1);
INSERT INTO model_change (version, at, change, state, who, reason) VALUES
    (1, '2021-03-10 00:00Z', 'added', 'champion', 'training', '');
INSERT INTO forecast (market, symbol, horizon, made_at, version, role, price, expected, low, high, rising, stored_at,
                      outcome) VALUES
    ('simulator', 'BTCUSDC', 60, 1617292800000, 1, 'champion', 50000, 0.01, -0.02, 0.03, 0.75, now(), 0.02);
INSERT INTO forecast_hour (market, horizon, role, version, hour, count, moves, hits, covered, squares, naive) VALUES
    ('simulator', 60, 'champion', 1, 1617292800000, 1, 1, 1, 1, 0.0001, 0.0004);
INSERT INTO feature_hour (version, hour, counts) VALUES (1, 1617292800000, '{3,4}');
INSERT INTO drift (version, kind, market, horizon, what, amount, bound, since) VALUES
    (1, 'features', 'simulator', 60, 'a', 0.5, 0.2, 1617292800000);

-- Prices and work on a schedule.
SELECT make_candle_partitions(1614556800000, 1617292800000);
INSERT INTO candle (market, symbol, open_time, open, high, low, close, volume, quote_volume, trades) VALUES
    ('simulator', 'BTCUSDC', 1617292800000, 100, 110, 90, 105, 3, 300, 12);
INSERT INTO job (name, cadence, next_at) VALUES ('digests', 'every hour', '2021-04-02 00:00Z');
INSERT INTO job_run (job, slot, state, started, beat, ended, worker, told) VALUES
    ('digests', '2021-04-01 00:00Z', 'done', '2021-04-01 00:00Z', '2021-04-01 00:00Z', '2021-04-01 00:00Z', 'w', 'sent 1');
INSERT INTO quality_day (market, day, body) VALUES ('simulator', '2021-03-31', '{}');
