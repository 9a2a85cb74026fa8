-- depends: 0005.push
--
-- What people choose about notices: the chat they go to, and a digest at their own hour. Notices that can wait do not
-- stand before those that cannot.

-- The chat that a person chose for what concerns their money; without a row that is told nowhere but in the answer. A
-- chat that is forgotten is chosen no longer.
CREATE TABLE push_home (
    person_id bigint PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    platform  text NOT NULL,
    chat_id   text NOT NULL,
    chosen_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT push_home_chat_fkey FOREIGN KEY (person_id, platform, chat_id)
        REFERENCES push_chat (person_id, platform, chat_id) ON DELETE CASCADE
);

-- A summary, daily or on Mondays, at a full hour of the person's own day; nobody has one who did not choose it.
CREATE TABLE push_digest (
    person_id  bigint PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    every      text NOT NULL CONSTRAINT push_digest_every_known CHECK (every IN ('daily', 'weekly')),
    hour       smallint NOT NULL CONSTRAINT push_digest_hour_bounds CHECK (hour BETWEEN 0 AND 23),
    -- The time zone that `next_at` was reckoned in; another one than the person's, or '', asks to reckon it anew.
    timezone   text NOT NULL DEFAULT '',
    next_at    timestamptz NOT NULL DEFAULT now(),
    -- What the last one said, of which account and round: the next one tells the change since.
    account_id bigint,
    round      integer,
    equity     numeric,
    told_at    timestamptz
);

CREATE INDEX push_digest_next_at_idx ON push_digest (next_at);

-- A notice that can wait: nobody's alert stands behind it.
ALTER TABLE outbox ADD COLUMN bulk boolean NOT NULL GENERATED ALWAYS AS (kind IN ('broadcast', 'digest')) STORED;

CREATE INDEX outbox_waiting_idx ON outbox (platform, bulk, id) WHERE state = 'pending';

-- Of what is settled alone: for what is open it would be a second way to the rows of a chat, and one through all of them.
DROP INDEX outbox_state_idx;
CREATE INDEX outbox_settled_idx ON outbox (state, id) WHERE state IN ('sent', 'uncertain', 'dead');

-- When an alert was over; it is kept for a while.
ALTER TABLE alert ADD COLUMN ended_at timestamptz;

CREATE INDEX alert_over_idx ON alert ((coalesce(ended_at, fired_at, created_at)))
    WHERE state IN ('fired', 'cancelled');

GRANT SELECT, INSERT, UPDATE, DELETE ON push_home, push_digest TO paperdesk_app;
