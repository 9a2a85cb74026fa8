-- depends: 0020.dust
--
-- Alerts that repeat have a hysteresis: a price or a chance that trembles at what was asked for is told once.

-- `rearm` is the price that must be passed on the way back before the alert can fire again (NULL: the level itself),
-- `pause_ms` the least time between two firings on the market's clock.
ALTER TABLE alert
    ADD COLUMN rearm numeric CONSTRAINT alert_rearm_bounds CHECK (rearm > 0 AND rearm < 1e19 AND scale(rearm) <= 18),
    ADD COLUMN pause_ms bigint NOT NULL DEFAULT 0 CONSTRAINT alert_pause_bounds CHECK (pause_ms BETWEEN 0 AND 86400000);

UPDATE alert SET
    rearm = greatest(round(level * CASE direction WHEN 'above' THEN 0.995 ELSE 1.005 END, 18), 1e-18),
    pause_ms = 10000;

-- `margin` is how far the chance must fall below what was asked for before the alert can fire again, `pause_minutes` the
-- least time between two firings.
ALTER TABLE forecast_alert
    ADD COLUMN margin numeric NOT NULL DEFAULT 0.02
        CONSTRAINT forecast_alert_margin_bounds CHECK (margin >= 0 AND margin < 0.5),
    ADD COLUMN pause_minutes integer NOT NULL DEFAULT 0
        CONSTRAINT forecast_alert_pause_bounds CHECK (pause_minutes BETWEEN 0 AND 1440);

UPDATE forecast_alert SET pause_minutes = least(horizon, 15);
