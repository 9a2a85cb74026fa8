-- depends: 0048.inbox_turns
--
-- Orders that rest until the market fills them. Their terms and the events of their lives are append-only, like the
-- ledger; `open_order` and `order_hold` are the state of those that are open, as the events and postings add up to it.
-- Each execution of a resting order is a row of `orders` with its `parent_id`. Numbers of orders, lists, executions and
-- priorities are of one sequence.

CREATE DOMAIN order_status AS text CONSTRAINT order_status_known
    CHECK (VALUE IN ('PENDING_NEW', 'NEW', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'EXPIRED'));
CREATE DOMAIN order_event_kind AS text CONSTRAINT order_event_kind_known
    CHECK (VALUE IN ('accepted', 'activated', 'triggered', 'filled', 'amended', 'canceled', 'expired'));
CREATE DOMAIN order_end_reason AS text CONSTRAINT order_end_reason_known
    CHECK (VALUE IN ('user', 'list', 'time', 'immediate', 'protection', 'funds', 'reset', 'merged', 'closed', 'delisted',
                     'fault'));

-- In one block, as in 0006.
DO $domain$
BEGIN
    ALTER DOMAIN entry_kind DROP CONSTRAINT entry_kind_known;
    ALTER DOMAIN entry_kind ADD CONSTRAINT entry_kind_known
        CHECK (VALUE IN ('grant', 'trade', 'reset', 'merge', 'merged', 'close', 'hold', 'release'));
END
$domain$;

CREATE TABLE order_list (
    id         bigint PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account (id),
    kind       text NOT NULL CONSTRAINT order_list_kind_known CHECK (kind IN ('OCO', 'OTO', 'OTOCO'))
);

-- Never changed. `position` is that among the orders of one command. `hold_price` bounds the cost of a purchase per unit.
-- `step` is the exchange's step of quantities at the acceptance.
CREATE TABLE order_terms (
    id             bigint PRIMARY KEY,
    account_id     bigint NOT NULL REFERENCES account (id),
    command_id     command_name NOT NULL,
    position       smallint NOT NULL CONSTRAINT order_terms_position_bounds CHECK (position BETWEEN 0 AND 9),
    list_id        bigint REFERENCES order_list (id),
    role           text CONSTRAINT order_terms_role_known CHECK (role IN ('working', 'limit', 'stop')),
    market         text NOT NULL CONSTRAINT order_terms_market_length CHECK (length(market) BETWEEN 1 AND 300),
    symbol         text NOT NULL CONSTRAINT order_terms_symbol_length CHECK (length(symbol) BETWEEN 1 AND 64),
    base           asset_name NOT NULL,
    quote          asset_name NOT NULL,
    side           order_side NOT NULL,
    type           text NOT NULL CONSTRAINT order_terms_type_known CHECK (type IN
                   ('LIMIT', 'LIMIT_MAKER', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT')),
    quantity       positive_amount NOT NULL,
    limit_price    positive_amount,
    stop_price     positive_amount,
    trailing_delta integer CONSTRAINT order_terms_trailing_delta_bounds CHECK (trailing_delta BETWEEN 1 AND 1000000),
    time_in_force  text NOT NULL CONSTRAINT order_terms_time_in_force_known
                   CHECK (time_in_force IN ('GTC', 'IOC', 'FOK', 'GTD')),
    expires_at_ms  bigint,
    hold_price     positive_amount,
    step           positive_amount,
    fee_rate       amount NOT NULL,
    base_unit      positive_amount NOT NULL,
    quote_unit     positive_amount NOT NULL,
    recorded_at    timestamptz NOT NULL,
    market_time_ms bigint NOT NULL,
    CONSTRAINT order_terms_command_key UNIQUE (command_id, position),
    CONSTRAINT order_terms_in_list CHECK ((list_id IS NULL) = (role IS NULL)),
    CONSTRAINT order_terms_of_two_assets CHECK (base <> quote),
    CONSTRAINT order_terms_limit_known CHECK ((limit_price IS NULL) = (type IN ('STOP_LOSS', 'TAKE_PROFIT'))),
    CONSTRAINT order_terms_stop_known CHECK (
        CASE WHEN type IN ('LIMIT', 'LIMIT_MAKER') THEN stop_price IS NULL AND trailing_delta IS NULL
             ELSE stop_price IS NOT NULL OR trailing_delta IS NOT NULL END),
    CONSTRAINT order_terms_dated CHECK ((time_in_force = 'GTD') = (expires_at_ms IS NOT NULL)),
    CONSTRAINT order_terms_purchase_bounded CHECK ((side = 'buy') = (hold_price IS NOT NULL))
);
CREATE INDEX order_terms_account_idx ON order_terms (account_id, id);
CREATE INDEX order_terms_list_idx ON order_terms (list_id) WHERE list_id IS NOT NULL;

-- What can happen to an order in which status, and what it is then: trading/orders/lifecycle.py in the database. An ended
-- order is in no first column, so nothing follows its last event.
CREATE TABLE order_transition (
    previous text,
    kind     order_event_kind,
    status   order_status,
    PRIMARY KEY (previous, kind, status)
);
INSERT INTO order_transition VALUES
    ('-', 'accepted', 'PENDING_NEW'),
    ('-', 'accepted', 'NEW'),
    ('PENDING_NEW', 'activated', 'NEW'),
    ('PENDING_NEW', 'amended', 'PENDING_NEW'),
    ('PENDING_NEW', 'canceled', 'CANCELED'),
    ('PENDING_NEW', 'expired', 'EXPIRED'),
    ('NEW', 'triggered', 'NEW'),
    ('NEW', 'amended', 'NEW'),
    ('NEW', 'filled', 'PARTIALLY_FILLED'),
    ('NEW', 'filled', 'FILLED'),
    ('NEW', 'canceled', 'CANCELED'),
    ('NEW', 'expired', 'EXPIRED'),
    ('PARTIALLY_FILLED', 'amended', 'PARTIALLY_FILLED'),
    ('PARTIALLY_FILLED', 'filled', 'PARTIALLY_FILLED'),
    ('PARTIALLY_FILLED', 'filled', 'FILLED'),
    ('PARTIALLY_FILLED', 'canceled', 'CANCELED'),
    ('PARTIALLY_FILLED', 'expired', 'EXPIRED');

ALTER TABLE orders
    ADD COLUMN parent_id bigint REFERENCES order_terms (id),
    ADD COLUMN maker boolean NOT NULL DEFAULT false,
    ADD COLUMN rule text NOT NULL DEFAULT '' CONSTRAINT orders_rule_shape CHECK (rule ~ '^[a-z-]{0,32}$');
CREATE INDEX orders_parent_idx ON orders (parent_id) WHERE parent_id IS NOT NULL;

-- An event follows the one before it, from the status that it left, by a known transition: so each life is one chain,
-- which an ended status closes. `price` and `quantity` are those of the trigger, the fill or the amendment.
CREATE TABLE order_event (
    order_id       bigint NOT NULL REFERENCES order_terms (id),
    number         integer NOT NULL CONSTRAINT order_event_number_bounds CHECK (number > 0),
    follows        integer GENERATED ALWAYS AS (nullif(number - 1, 0)) STORED,
    previous       text NOT NULL,
    kind           order_event_kind NOT NULL,
    status         order_status NOT NULL,
    command_id     command_name NOT NULL,
    recorded_at    timestamptz NOT NULL,
    market_time_ms bigint NOT NULL,
    price          positive_amount,
    quantity       positive_amount,
    execution_id   bigint CONSTRAINT order_event_execution_key UNIQUE REFERENCES orders (id),
    reason         order_end_reason,
    changed        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (order_id, number),
    CONSTRAINT order_event_status_key UNIQUE (order_id, number, status),
    CONSTRAINT order_event_transition_known FOREIGN KEY (previous, kind, status) REFERENCES order_transition,
    CONSTRAINT order_event_follows FOREIGN KEY (order_id, follows, previous)
        REFERENCES order_event (order_id, number, status),
    CONSTRAINT order_event_first CHECK ((number = 1) = (previous = '-')),
    CONSTRAINT order_event_of_execution CHECK ((kind = 'filled') = (execution_id IS NOT NULL)),
    CONSTRAINT order_event_end_has_reason CHECK ((kind IN ('canceled', 'expired')) = (reason IS NOT NULL))
);
CREATE INDEX order_event_ended_idx ON order_event (changed) WHERE status IN ('FILLED', 'CANCELED', 'EXPIRED');

-- Money reserved for one order, or for both of a pair.
CREATE TABLE order_hold (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account (id),
    asset      asset_name NOT NULL,
    amount     amount NOT NULL
);
CREATE INDEX order_hold_account_idx ON order_hold (account_id);

-- State of the orders that are open; a row goes with the last event. `version` is the number of the last event. Only what
-- happens after `accepted_at_ms` counts. `changed` is the transaction that changed it last, as in `alert`.
CREATE TABLE open_order (
    order_id       bigint PRIMARY KEY REFERENCES order_terms (id),
    account_id     bigint NOT NULL REFERENCES account (id),
    market         text NOT NULL,
    symbol         text NOT NULL,
    list_id        bigint REFERENCES order_list (id),
    status         order_status NOT NULL CONSTRAINT open_order_is_open
                   CHECK (status IN ('PENDING_NEW', 'NEW', 'PARTIALLY_FILLED')),
    version        integer NOT NULL,
    accepted_at_ms bigint NOT NULL,
    quantity       positive_amount NOT NULL,
    filled         amount NOT NULL DEFAULT 0,
    limit_price    positive_amount,
    stop_price     positive_amount,
    hold_price     positive_amount,
    hold_id        bigint REFERENCES order_hold (id),
    priority       bigint NOT NULL,
    triggered      boolean NOT NULL DEFAULT false,
    queue_ahead    amount,
    extreme        positive_amount,
    changed        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT open_order_has_a_rest CHECK (filled < quantity),
    CONSTRAINT open_order_holds_when_live CHECK ((status = 'PENDING_NEW') = (hold_id IS NULL))
);
CREATE INDEX open_order_account_idx ON open_order (account_id);
CREATE INDEX open_order_market_idx ON open_order (market, symbol);
CREATE INDEX open_order_hold_idx ON open_order (hold_id);
CREATE INDEX open_order_list_idx ON open_order (list_id) WHERE list_id IS NOT NULL;
CREATE INDEX open_order_changed_idx ON open_order (changed);

-- Next offset of each partition of a log that the matching worker reads. `command_id` is the write that moved it there.
CREATE TABLE match_position (
    market      text NOT NULL,
    log         text NOT NULL CONSTRAINT match_position_log_length CHECK (length(log) BETWEEN 1 AND 300),
    partition   integer NOT NULL CONSTRAINT match_position_partition_bounds CHECK (partition >= 0),
    next_offset bigint NOT NULL CONSTRAINT match_position_offset_bounds CHECK (next_offset >= 0),
    command_id  command_name NOT NULL,
    PRIMARY KEY (market, log, partition)
);

GRANT SELECT ON order_list, order_terms, order_transition, order_event, order_hold, open_order, match_position
    TO paperdesk_app;
