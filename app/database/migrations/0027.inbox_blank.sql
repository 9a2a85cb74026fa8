-- depends: 0026.one_grant
--
-- The words of an update are kept until it was answered; after that its id alone, so that it is not taken twice. A
-- trigger does it: the application may finish an update, but may not change the words of one that waits.
CREATE FUNCTION blank_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.body := '{}';
    NEW.lane := '-';
    RETURN NEW;
END
$$;

CREATE TRIGGER inbox_blank BEFORE UPDATE OF finished_at ON inbox
    FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL) EXECUTE FUNCTION blank_update();

UPDATE inbox SET body = '{}', lane = '-' WHERE finished_at IS NOT NULL;

COMMENT ON COLUMN inbox.body IS 'What the platform sent; {} once it was answered or given up.';
COMMENT ON COLUMN inbox.lane IS
    'Updates of one lane are answered in order, those of different lanes at once; - once it was answered or given up.';
