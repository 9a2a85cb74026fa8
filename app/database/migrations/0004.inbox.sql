-- depends: 0003.people
--
-- What a platform delivered, written down before the platform is told that it arrived, so that nothing is lost between
-- the two; and the questions that wait for an answer in a chat.

CREATE TABLE inbox (
    platform    text NOT NULL CONSTRAINT inbox_platform_shape CHECK (platform ~ '^[a-z]{1,16}$'),
    update_id   bigint NOT NULL,
    origin      text NOT NULL CONSTRAINT inbox_origin_shape CHECK (length(origin) BETWEEN 1 AND 128),
    lane        text NOT NULL CONSTRAINT inbox_lane_shape CHECK (length(lane) BETWEEN 1 AND 128),
    body        text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    state       text NOT NULL DEFAULT 'pending'
        CONSTRAINT inbox_state_known CHECK (state IN ('pending', 'done', 'uncertain', 'dead')),
    attempts    integer NOT NULL DEFAULT 0,
    reason      text NOT NULL DEFAULT '',
    finished_at timestamptz,
    PRIMARY KEY (platform, update_id),
    CONSTRAINT inbox_origin_key UNIQUE (platform, origin)
);

COMMENT ON COLUMN inbox.origin IS 'What it is under whatever update id it comes: the message or the press itself.';
COMMENT ON COLUMN inbox.attempts IS 'How often answering it began.';
COMMENT ON COLUMN inbox.lane IS 'Updates of one lane are answered in order, those of different lanes at once.';

CREATE INDEX inbox_waiting_idx ON inbox (platform, lane, update_id) WHERE state = 'pending';
CREATE INDEX inbox_finished_idx ON inbox (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE question (
    platform    text NOT NULL CONSTRAINT question_platform_shape CHECK (platform ~ '^[a-z]{1,16}$'),
    chat        text NOT NULL CONSTRAINT question_chat_shape CHECK (length(chat) BETWEEN 1 AND 128),
    external_id text NOT NULL CONSTRAINT question_external_id_shape CHECK (length(external_id) BETWEEN 1 AND 128),
    message_id  bigint NOT NULL,
    line        text NOT NULL CONSTRAINT question_line_shape CHECK (length(line) BETWEEN 1 AND 1000),
    asked_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (platform, chat, external_id)
);

CREATE INDEX question_asked_at_idx ON question (asked_at);

-- Both are trimmed: what was answered is kept only as long as the platform may deliver it again.
GRANT SELECT, INSERT, DELETE ON inbox TO paperdesk_app;
GRANT UPDATE (state, attempts, reason, finished_at) ON inbox TO paperdesk_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON question TO paperdesk_app;
