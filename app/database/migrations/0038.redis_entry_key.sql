-- depends: 0036.whole_undo
--
-- The key of the authentication codes of what waits in Redis: one for the database, drawn once and shared by all processes
-- of a desk. Whoever knows it and may write to Redis speaks as any person. The reader is shown no row, although it reads all
-- tables, and backups leave the key out: after a restore the first process draws another, and what waits has expired.
CREATE TABLE redis_entry_key (
    single   boolean PRIMARY KEY DEFAULT true,
    key      bytea NOT NULL,
    drawn_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT redis_entry_key_is_one CHECK (single),
    CONSTRAINT redis_entry_key_length CHECK (octet_length(key) = 32)
);

ALTER TABLE redis_entry_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY application_only ON redis_entry_key TO paperdesk_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON redis_entry_key TO paperdesk_app;
