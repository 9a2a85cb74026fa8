-- depends: 0017.drift
--
-- An update whose answer is being sent is known as such: after a crash its answer is not sent a second time.

ALTER TABLE inbox DROP CONSTRAINT inbox_state_known;
ALTER TABLE inbox ADD CONSTRAINT inbox_state_known
    CHECK (state IN ('pending', 'sending', 'done', 'uncertain', 'dead'));

COMMENT ON COLUMN inbox.state IS
    'sending: the answer may have arrived already. After a crash the person is told so, and the answer is not repeated.';

-- Of everything that is not finished: a change of state alone then touches no index.
DROP INDEX inbox_waiting_idx;
CREATE INDEX inbox_waiting_idx ON inbox (platform, lane, update_id) WHERE finished_at IS NULL;
