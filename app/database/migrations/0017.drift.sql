-- depends: 0016.forecast_alerts
--
-- A drift is open until operators were told and learning was asked for, where that is wanted: a desk that ends in between
-- goes on with it at its next start.

ALTER TABLE drift ADD COLUMN settled_at timestamptz;
UPDATE drift SET settled_at = found_at;
GRANT UPDATE (settled_at) ON drift TO paperdesk_app;
