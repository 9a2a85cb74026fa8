-- depends: 0068.robots
--
-- Reports on a market as a whole, which jobs compute and every process shows: the mood of its last day, what a scan of its
-- coins found at the last closed candle, and how often such findings were right.

-- One row for a market and a kind, the newest: `body` is the report in the form of the version that wrote it. A version that
-- cannot read it computes it again.
CREATE TABLE market_report (
    market      text NOT NULL,
    quote_asset asset_name NOT NULL,
    kind        text NOT NULL CONSTRAINT market_report_kind_known CHECK (kind IN ('mood', 'scan', 'scan-record')),
    body        jsonb NOT NULL,
    made_at     timestamptz NOT NULL,
    PRIMARY KEY (market, quote_asset, kind)
);
GRANT SELECT, INSERT, UPDATE ON market_report TO paperdesk_app;

-- The digest of the scan goes to many users at the same hour, so it waits behind what concerns one of them.
ALTER TABLE outbox DROP COLUMN bulk;
ALTER TABLE outbox ADD COLUMN bulk boolean NOT NULL GENERATED ALWAYS AS (kind IN ('broadcast', 'digest', 'scan')) STORED;
CREATE INDEX outbox_waiting_idx ON outbox (platform, bulk, id) WHERE state = 'pending';
