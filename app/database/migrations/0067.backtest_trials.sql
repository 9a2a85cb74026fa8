-- depends: 0066.strategies
--
-- Rules that a user tried on a symbol. Their number and the variance of their scores say how good the best of them would
-- look by chance.

CREATE TABLE backtest_trial (
    person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    market    text NOT NULL CONSTRAINT backtest_trial_market_shape CHECK (length(market) BETWEEN 1 AND 300),
    symbol    text NOT NULL CONSTRAINT backtest_trial_symbol_shape CHECK (length(symbol) BETWEEN 1 AND 64),
    -- Of the rule and its data.
    digest    bytea NOT NULL CONSTRAINT backtest_trial_digest_length CHECK (octet_length(digest) = 16),
    -- Sharpe ratio per return times the square root of the number of returns. NaN is above every number.
    score     double precision NOT NULL CONSTRAINT backtest_trial_score_bounds CHECK (score BETWEEN -1000000 AND 1000000),
    tried_at  timestamptz NOT NULL,
    PRIMARY KEY (person_id, market, symbol, digest)
);

GRANT SELECT, INSERT ON backtest_trial TO paperdesk_app;

-- As 0066 made it, with trials.
CREATE OR REPLACE FUNCTION reassign_person(p_from bigint, p_to bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE alert SET person_id = p_to, changed = pg_current_xact_id() WHERE person_id = p_from;
    UPDATE outbox SET person_id = p_to WHERE person_id = p_from;
    INSERT INTO notification_chat
        SELECT p_to, platform, chat_id, public, seen_at, retired_at, reason FROM notification_chat WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    INSERT INTO notification_preference SELECT p_to, kind, mode FROM notification_preference WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    INSERT INTO notification_quiet_hours SELECT p_to, starts, ends FROM notification_quiet_hours WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    INSERT INTO watchlist_item
        SELECT p_to, w.symbol, most.place + row_number() OVER (ORDER BY w.place)
        FROM watchlist_item w, (SELECT coalesce(max(place), 0) AS place FROM watchlist_item WHERE person_id = p_to) AS most
        WHERE w.person_id = p_from
          AND NOT EXISTS (SELECT FROM watchlist_item there WHERE there.person_id = p_to AND there.symbol = w.symbol)
        ORDER BY w.place LIMIT greatest(0, 50 - (SELECT count(*) FROM watchlist_item WHERE person_id = p_to))
        ON CONFLICT DO NOTHING;
    UPDATE chat_group_change SET person_id = p_to WHERE person_id = p_from;
    INSERT INTO notification_destination
        SELECT p_to, platform, chat_id, chosen_at FROM notification_destination WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    INSERT INTO ban (person_id, reason, since)
        SELECT p_to, reason, since FROM ban WHERE person_id = p_from ON CONFLICT DO NOTHING;
    INSERT INTO notification_digest (person_id, every, hour)
        SELECT p_to, every, hour FROM notification_digest WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
    UPDATE recurring_buy SET person_id = p_to WHERE person_id = p_from;
    UPDATE forecast_alert SET person_id = p_to WHERE person_id = p_from;
    UPDATE range_alert SET person_id = p_to, changed = pg_current_xact_id() WHERE person_id = p_from;
    UPDATE condition_alert SET person_id = p_to, changed = pg_current_xact_id() WHERE person_id = p_from;
    -- Of two limits the stricter one holds, and a raise that was asked for has to be asked for again.
    INSERT INTO trading_limit AS t (person_id, kind, value, cooldown_minutes, set_at)
        SELECT p_to, own.kind, CASE WHEN own.next_at <= now() THEN own.next_value ELSE own.value END, own.cooldown_minutes, own.set_at
        FROM trading_limit own
        WHERE own.person_id = p_from AND (own.next_at IS NULL OR own.next_at > now() OR own.next_value IS NOT NULL)
        ON CONFLICT (person_id, kind) DO UPDATE
            SET value = least(CASE WHEN t.next_at <= now() THEN coalesce(t.next_value, excluded.value) ELSE t.value END,
                              excluded.value),
                cooldown_minutes = greatest(t.cooldown_minutes, excluded.cooldown_minutes),
                next_value = NULL, next_at = NULL;
    -- One whose name the other user has as well gets another name, which nobody can save: typed names have no hyphen.
    UPDATE strategy s SET person_id = p_to, former_id = p_from, name = CASE
            WHEN EXISTS (SELECT FROM strategy there WHERE there.person_id = p_to
                         AND (there.market, there.name) = (s.market, s.name)) THEN left(s.name, 5) || '-' || s.id ELSE s.name END
        WHERE s.person_id = p_from;
    -- Both tried them: a trial that both know counts once. The former user keeps them, for an undone link.
    INSERT INTO backtest_trial
        SELECT p_to, market, symbol, digest, score, tried_at FROM backtest_trial WHERE person_id = p_from
        ON CONFLICT DO NOTHING;
END $$;
