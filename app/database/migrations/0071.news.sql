-- depends: 0070.rebalancing
--
-- News: the state of each feed, the stories that were read, the coins that they name, what those coins did afterwards, and
-- the model that was trained on it. Nothing of it belongs to a user.

-- State of a feed between two readings. `id` is a hash of its address, which may contain a key and is not stored.
CREATE TABLE news_feed (
    id        text PRIMARY KEY CONSTRAINT news_feed_id_shape CHECK (id ~ '^[0-9a-f]{16}$'),
    source    text NOT NULL CONSTRAINT news_feed_source_length CHECK (length(source) <= 100),
    etag      text NOT NULL DEFAULT '' CONSTRAINT news_feed_etag_length CHECK (length(etag) <= 200),
    modified  text NOT NULL DEFAULT '' CONSTRAINT news_feed_modified_length CHECK (length(modified) <= 200),
    failures  integer NOT NULL DEFAULT 0 CONSTRAINT news_feed_failures_bounds CHECK (failures >= 0),
    fault     text NOT NULL DEFAULT '' CONSTRAINT news_feed_fault_shape CHECK (fault ~ '^[a-z]{0,20}$'),
    next_at   timestamptz NOT NULL,
    read_at   timestamptz NOT NULL,
    worked_at timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON news_feed TO paperdesk_app;

-- A story, once for all feeds. `link_key` is the link as links are compared. `published_at` is what the feed claims, at most
-- `seen_at`, when the desk read it first. `told_at`: users who asked for headlines have been told.
CREATE TABLE news_story (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    link_key     text NOT NULL UNIQUE CONSTRAINT news_story_link_key_length CHECK (length(link_key) BETWEEN 1 AND 500),
    title        text NOT NULL CONSTRAINT news_story_title_length CHECK (length(title) BETWEEN 1 AND 200),
    link         text NOT NULL
                 CONSTRAINT news_story_link_shape CHECK (link ~ '^https://[!-~]+$' AND length(link) <= 500),
    source       text NOT NULL CONSTRAINT news_story_source_length CHECK (length(source) <= 100),
    published_at timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    tone         double precision NOT NULL CONSTRAINT news_story_tone_bounds CHECK (tone BETWEEN -1 AND 1),
    told_at      timestamptz,
    CONSTRAINT news_story_times CHECK (published_at <= seen_at)
);
CREATE INDEX news_story_published_idx ON news_story (published_at DESC, id DESC);
CREATE INDEX news_story_seen_idx ON news_story (seen_at);
CREATE INDEX news_story_untold_idx ON news_story (id) WHERE told_at IS NULL;
GRANT SELECT, INSERT, DELETE ON news_story TO paperdesk_app;
GRANT UPDATE (told_at) ON news_story TO paperdesk_app;

-- Coins that the title of a story names.
CREATE TABLE news_story_asset (
    story_id bigint NOT NULL REFERENCES news_story (id) ON DELETE CASCADE,
    asset    text NOT NULL CONSTRAINT news_story_asset_shape CHECK (length(asset) BETWEEN 1 AND 20),
    place    smallint NOT NULL,
    PRIMARY KEY (story_id, asset)
);
CREATE INDEX news_story_asset_asset_idx ON news_story_asset (asset, story_id);
GRANT SELECT, INSERT, DELETE ON news_story_asset TO paperdesk_app;

-- What a coin did after a story, on one market: its return from the next open over the horizon; NULL where the candles are
-- missing for good.
CREATE TABLE news_outcome (
    market    text NOT NULL,
    story_id  bigint NOT NULL REFERENCES news_story (id) ON DELETE CASCADE,
    asset     text NOT NULL,
    returned  double precision CONSTRAINT news_outcome_returned_bounds CHECK (returned >= -1 AND returned < 'Infinity'),
    judged_at timestamptz NOT NULL,
    PRIMARY KEY (market, story_id, asset)
);
CREATE INDEX news_outcome_story_idx ON news_outcome (story_id);
GRANT SELECT, INSERT, DELETE ON news_outcome TO paperdesk_app;

-- The newest model of a market: weights of words as JSON, with the figures of its walk-forward test.
CREATE TABLE news_model (
    market     text PRIMARY KEY,
    trained_at timestamptz NOT NULL,
    body       jsonb NOT NULL CONSTRAINT news_model_body_shape CHECK (jsonb_typeof(body) = 'object')
);
GRANT SELECT, INSERT, UPDATE ON news_model TO paperdesk_app;
