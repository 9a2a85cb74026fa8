-- depends: 0031.lasting_bans
--
-- Who sent an update, while it waits: the updates of one person that wait are bounded. The first one beyond the bound has
-- the reason `crowded` and is answered with a sentence; later ones are known by their ids only.
ALTER TABLE inbox ADD COLUMN sender text NOT NULL DEFAULT ''
    CONSTRAINT inbox_sender_length CHECK (length(sender) <= 128);
COMMENT ON COLUMN inbox.sender IS 'Whose update it is while it waits; empty once it was answered or given up, or unknown.';

CREATE INDEX inbox_sender_idx ON inbox (platform, sender) WHERE finished_at IS NULL;

CREATE OR REPLACE FUNCTION blank_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.body := '{}';
    NEW.lane := '-';
    NEW.sender := '';
    RETURN NEW;
END
$$;

-- A person who leaves has the words of their last update removed while its answer is being sent: the sender goes with them.
CREATE FUNCTION blank_sender() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sender := '';
    RETURN NEW;
END
$$;

CREATE TRIGGER inbox_blank_sender BEFORE UPDATE OF body ON inbox
    FOR EACH ROW WHEN (NEW.body = '{}') EXECUTE FUNCTION blank_sender();
