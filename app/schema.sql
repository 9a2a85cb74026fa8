-- What app/migrations amount to. Written by `make schema`; never edited, never applied to a desk.

SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;

CREATE DOMAIN public.account_code AS text
	CONSTRAINT account_code_known CHECK ((VALUE ~ '^(issuance|exchange|fees|(available|held)/[1-9][0-9]{0,18})$'::text));

CREATE DOMAIN public.amount AS numeric
	CONSTRAINT amount_bounds CHECK (((VALUE >= (0)::numeric) AND (VALUE <= '100000000000000000000'::numeric)));

CREATE DOMAIN public.asset_name AS text
	CONSTRAINT asset_name_shape CHECK ((VALUE ~ '^[^[:space:]/]{1,32}$'::text));

CREATE DOMAIN public.body_hash AS bytea
	CONSTRAINT body_hash_length CHECK ((octet_length(VALUE) = 32));

CREATE DOMAIN public.command_name AS text
	CONSTRAINT command_name_length CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 128)));

CREATE DOMAIN public.entry_kind AS text
	CONSTRAINT entry_kind_known CHECK ((VALUE = ANY (ARRAY['grant'::text, 'trade'::text, 'reset'::text])));

CREATE DOMAIN public.order_side AS text
	CONSTRAINT order_side_known CHECK ((VALUE = ANY (ARRAY['buy'::text, 'sell'::text])));

CREATE DOMAIN public.positive_amount AS numeric
	CONSTRAINT positive_amount_bounds CHECK (((VALUE > (0)::numeric) AND (VALUE <= '100000000000000000000'::numeric)));

CREATE DOMAIN public.signed_amount AS numeric
	CONSTRAINT signed_amount_bounds CHECK (((VALUE >= '-100000000000000000000'::numeric) AND (VALUE <= '100000000000000000000'::numeric)));

CREATE FUNCTION public.make_candle_partitions(from_ms bigint, to_ms bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    month timestamptz := date_trunc('month', to_timestamp(from_ms / 1000.0));
    following timestamptz;
    part text;
BEGIN
    IF from_ms < 0 OR to_ms < from_ms OR to_ms - from_ms > 3660 * 86400000::bigint OR to_ms > 4102444800000 THEN
        RAISE EXCEPTION 'no partitions from % to %', from_ms, to_ms USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('make_candle_partitions'));
    WHILE month <= to_timestamp(to_ms / 1000.0) LOOP
        following := month + interval '1 month';
        part := 'candle_' || to_char(month, 'YYYY_MM');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE candle INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', part);
            EXECUTE format(
                'ALTER TABLE candle ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                part, (extract(epoch FROM month) * 1000)::bigint, (extract(epoch FROM following) * 1000)::bigint
            );
        END IF;
        month := following;
    END LOOP;
END
$$;

CREATE TABLE public.account (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    market text NOT NULL,
    quote_asset public.asset_name NOT NULL,
    round integer DEFAULT 1 NOT NULL,
    granted public.positive_amount NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    CONSTRAINT account_market_length CHECK (((length(market) >= 1) AND (length(market) <= 300)))
);

CREATE FUNCTION public.open_account(p_person bigint, p_market text, p_quote text, p_grant numeric, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint) RETURNS SETOF public.account
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    opened  account;
    v_entry bigint;
BEGIN
    INSERT INTO account (person_id, market, quote_asset, granted, opened_at)
        VALUES (p_person, p_market, p_quote, p_grant, p_at)
        ON CONFLICT ON CONSTRAINT account_person_market_quote_key DO NOTHING RETURNING * INTO opened;
    IF NOT FOUND THEN
        RETURN QUERY SELECT * FROM account a
            WHERE a.person_id = p_person AND a.market = p_market AND a.quote_asset = p_quote;
        RETURN;
    END IF;
    INSERT INTO entry (command_id, body, kind, account_id, round, at, market_time)
        VALUES (p_command, p_body, 'grant', opened.id, opened.round, p_at, p_market_time) RETURNING id INTO v_entry;
    INSERT INTO posting VALUES (v_entry, 1, 'issuance', 'available/' || opened.id, p_quote, p_grant);
    INSERT INTO balance (account_id, asset, available) VALUES (opened.id, p_quote, p_grant);
    RETURN NEXT opened;
END $$;

CREATE FUNCTION public.place_order(p jsonb, OUT outcome text, OUT order_id bigint, OUT realised numeric, OUT base_available numeric, OUT base_held numeric, OUT quote_available numeric, OUT quote_held numeric) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    o        "order" := jsonb_populate_record(NULL::"order", p);
    cash     balance;
    coin     balance;
    known    record;
    has_coin boolean;
    owned    numeric;
    released numeric;
    paid     text;
    gained   text;
    v_entry  bigint;
    v_code   text := 'available/' || o.account_id;
BEGIN
    -- The quote asset's balance row is the account's lock: every command takes it first.
    SELECT * INTO cash FROM balance b WHERE b.account_id = o.account_id AND b.asset = o.quote FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'no_account';
        RETURN;
    END IF;
    SELECT e.order_id, e.body INTO known FROM entry e WHERE e.command_id = p->>'command_id';
    IF FOUND THEN
        outcome := CASE WHEN known.body = decode(p->>'body', 'hex') THEN 'replayed' ELSE 'reused' END;
        order_id := known.order_id;
        RETURN;
    END IF;

    SELECT * INTO coin FROM balance b WHERE b.account_id = o.account_id AND b.asset = o.base;
    has_coin := FOUND;
    IF NOT has_coin THEN
        coin := (o.account_id, o.base, 0, 0, o.symbol, 0, 0);
    END IF;
    base_available := coin.available;
    base_held := coin.held;
    quote_available := cash.available;
    quote_held := cash.held;
    IF o.quote_amount > cash.available AND o.side = 'buy' OR o.quantity > coin.available AND o.side = 'sell' THEN
        outcome := 'short';
        RETURN;
    END IF;
    IF (p->>'empties')::boolean AND o.quantity <> coin.available THEN
        outcome := 'moved';
        RETURN;
    END IF;

    IF o.side = 'buy' THEN
        quote_available := cash.available - o.quote_amount;
        base_available := coin.available + o.received;
        coin.cost := coin.cost + o.quote_amount;
    ELSE
        -- The same as trading.portfolio.released_cost: div() is exact and truncates.
        owned := coin.available + coin.held;
        released := CASE WHEN o.quantity = owned THEN coin.cost
                         ELSE div(coin.cost * o.quantity, owned * o.quote_unit) * o.quote_unit END;
        quote_available := cash.available + o.received;
        base_available := coin.available - o.quantity;
        realised := o.received - released;
        coin.cost := coin.cost - released;
        coin.realised := coin.realised + realised;
    END IF;
    UPDATE balance b SET available = quote_available WHERE b.account_id = o.account_id AND b.asset = o.quote;
    IF has_coin THEN
        UPDATE balance b SET available = base_available, cost = coin.cost, realised = coin.realised
            WHERE b.account_id = o.account_id AND b.asset = o.base;
    ELSE
        INSERT INTO balance VALUES
            (o.account_id, o.base, base_available, 0, o.symbol, coin.cost, coin.realised);
    END IF;

    o.id := nextval('order_id_seq');
    o.realised := realised;
    o.base_available := base_available;
    o.base_held := base_held;
    o.quote_available := quote_available;
    o.quote_held := quote_held;
    INSERT INTO "order" SELECT o.*;
    INSERT INTO fill SELECT o.id, f.seq, (f.fill->>0)::numeric, (f.fill->>1)::numeric
        FROM jsonb_array_elements(p->'fills') WITH ORDINALITY AS f(fill, seq);
    INSERT INTO entry (command_id, body, kind, account_id, round, order_id, at, market_time)
        SELECT p->>'command_id', decode(p->>'body', 'hex'), 'trade', a.id, a.round, o.id,
               (p->>'at')::timestamptz, (p->>'market_time')::bigint
        FROM account a WHERE a.id = o.account_id RETURNING id INTO v_entry;
    paid := CASE o.side WHEN 'buy' THEN o.quote ELSE o.base END;
    gained := CASE o.side WHEN 'buy' THEN o.base ELSE o.quote END;
    INSERT INTO posting
        SELECT v_entry, seq, source, target, asset, moved
        FROM (VALUES (1, v_code, 'exchange', paid, CASE o.side WHEN 'buy' THEN o.quote_amount ELSE o.quantity END),
                     (2, 'exchange', v_code, gained, CASE o.side WHEN 'buy' THEN o.quantity ELSE o.quote_amount END),
                     (3, v_code, 'fees', gained, o.fee)) AS moves (seq, source, target, asset, moved)
        WHERE moved > 0;
    outcome := 'filled';
    order_id := o.id;
END $$;

CREATE FUNCTION public.reset_account(p_account bigint, p_grant numeric, p_command text, p_body bytea, p_at timestamp with time zone, p_market_time bigint, OUT outcome text, OUT renewed public.account) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    known   entry;
    v_entry bigint;
    v_quote text;
BEGIN
    SELECT * INTO renewed FROM account a WHERE a.id = p_account;
    v_quote := renewed.quote_asset;
    -- The quote asset's balance row is the account's lock: every command takes it first.
    PERFORM FROM balance b WHERE b.account_id = p_account AND b.asset = v_quote FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'no_account';
        RETURN;
    END IF;
    SELECT * INTO renewed FROM account a WHERE a.id = p_account;
    SELECT * INTO known FROM entry e WHERE e.command_id = p_command;
    IF FOUND THEN
        outcome := CASE WHEN known.body = p_body THEN 'replayed' ELSE 'reused' END;
        renewed.round := known.round;
        renewed.granted := (SELECT p.amount FROM posting p WHERE p.entry_id = known.id AND p.source = 'issuance');
        RETURN;
    END IF;
    UPDATE account a SET round = a.round + 1, granted = p_grant WHERE a.id = p_account RETURNING a.* INTO renewed;
    INSERT INTO entry (command_id, body, kind, account_id, round, at, market_time)
        VALUES (p_command, p_body, 'reset', p_account, renewed.round, p_at, p_market_time) RETURNING id INTO v_entry;
    INSERT INTO posting
        SELECT v_entry, row_number() OVER (ORDER BY asset, code), code || '/' || p_account, 'issuance', asset, amount
        FROM (SELECT asset, 'available' AS code, available AS amount FROM balance WHERE account_id = p_account
              UNION ALL
              SELECT asset, 'held', held FROM balance WHERE account_id = p_account) returned
        WHERE amount > 0;
    INSERT INTO posting VALUES (v_entry, 0, 'issuance', 'available/' || p_account, v_quote, p_grant);
    UPDATE balance SET held = 0, cost = 0, realised = 0, available = CASE WHEN asset = v_quote THEN p_grant ELSE 0 END
        WHERE account_id = p_account;
    outcome := 'reset';
END $$;

ALTER TABLE public.account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.alert (
    id bigint NOT NULL,
    command_id text NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    market text NOT NULL,
    symbol text NOT NULL,
    direction text NOT NULL,
    level numeric NOT NULL,
    repeat boolean NOT NULL,
    state text DEFAULT 'armed'::text NOT NULL,
    ready boolean NOT NULL,
    firings integer DEFAULT 0 NOT NULL,
    market_time bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    fired_at timestamp with time zone,
    changed xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT alert_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT alert_command_id_shape CHECK (((length(command_id) >= 1) AND (length(command_id) <= 128))),
    CONSTRAINT alert_direction_known CHECK ((direction = ANY (ARRAY['above'::text, 'below'::text]))),
    CONSTRAINT alert_firings_bounds CHECK ((firings >= 0)),
    CONSTRAINT alert_level_bounds CHECK (((level > (0)::numeric) AND (level < '1000000000000000000'::numeric) AND (scale(level) <= 18))),
    CONSTRAINT alert_market_shape CHECK (((length(market) >= 1) AND (length(market) <= 64))),
    CONSTRAINT alert_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT alert_state_known CHECK ((state = ANY (ARRAY['armed'::text, 'fired'::text, 'cancelled'::text, 'muted'::text]))),
    CONSTRAINT alert_symbol_shape CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64)))
);

ALTER TABLE public.alert ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.alert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.balance (
    account_id bigint NOT NULL,
    asset public.asset_name NOT NULL,
    available public.amount DEFAULT 0 NOT NULL,
    held public.amount DEFAULT 0 NOT NULL,
    symbol text,
    cost public.amount DEFAULT 0 NOT NULL,
    realised public.signed_amount DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.candle (
    market text NOT NULL,
    symbol text NOT NULL,
    open_time bigint NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision NOT NULL,
    quote_volume double precision NOT NULL,
    trades bigint NOT NULL,
    CONSTRAINT candle_market_check CHECK (((length(market) >= 1) AND (length(market) <= 200))),
    CONSTRAINT candle_open_time_check CHECK (((open_time % (60000)::bigint) = 0)),
    CONSTRAINT candle_prices CHECK (((low > (0)::double precision) AND (low <= open) AND (low <= close) AND (open <= high) AND (close <= high) AND (high < 'Infinity'::double precision))),
    CONSTRAINT candle_symbol_check CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64))),
    CONSTRAINT candle_trades_check CHECK ((trades >= 0)),
    CONSTRAINT candle_volumes CHECK (((volume >= (0)::double precision) AND (volume < 'Infinity'::double precision) AND (quote_volume >= (0)::double precision) AND (quote_volume < 'Infinity'::double precision)))
)
PARTITION BY RANGE (open_time);

CREATE TABLE public.entry (
    id bigint NOT NULL,
    command_id public.command_name NOT NULL,
    body public.body_hash NOT NULL,
    kind public.entry_kind NOT NULL,
    account_id bigint NOT NULL,
    round integer NOT NULL,
    order_id bigint,
    at timestamp with time zone NOT NULL,
    market_time bigint NOT NULL
);

ALTER TABLE public.entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.fill (
    order_id bigint NOT NULL,
    seq smallint NOT NULL,
    price public.positive_amount NOT NULL,
    quantity public.positive_amount NOT NULL
);

CREATE TABLE public.identity (
    platform text NOT NULL,
    external_id text NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT identity_external_id_shape CHECK (((length(external_id) >= 1) AND (length(external_id) <= 128))),
    CONSTRAINT identity_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text))
);

CREATE TABLE public.inbox (
    platform text NOT NULL,
    update_id bigint NOT NULL,
    origin text NOT NULL,
    lane text NOT NULL,
    body text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT inbox_lane_shape CHECK (((length(lane) >= 1) AND (length(lane) <= 128))),
    CONSTRAINT inbox_origin_shape CHECK (((length(origin) >= 1) AND (length(origin) <= 128))),
    CONSTRAINT inbox_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT inbox_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'done'::text, 'uncertain'::text, 'dead'::text])))
);

COMMENT ON COLUMN public.inbox.origin IS 'What it is under whatever update id it comes: the message or the press itself.';

COMMENT ON COLUMN public.inbox.lane IS 'Updates of one lane are answered in order, those of different lanes at once.';

COMMENT ON COLUMN public.inbox.attempts IS 'How often answering it began.';

CREATE TABLE public."order" (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    symbol text NOT NULL,
    base public.asset_name NOT NULL,
    quote public.asset_name NOT NULL,
    side public.order_side NOT NULL,
    quantity public.positive_amount NOT NULL,
    unfilled public.amount NOT NULL,
    quote_amount public.positive_amount NOT NULL,
    average_price public.positive_amount NOT NULL,
    mid_price public.positive_amount NOT NULL,
    slippage public.signed_amount NOT NULL,
    fee_rate public.amount NOT NULL,
    fee public.amount NOT NULL,
    fee_asset public.asset_name NOT NULL,
    received public.positive_amount NOT NULL,
    base_unit public.positive_amount NOT NULL,
    quote_unit public.positive_amount NOT NULL,
    at timestamp with time zone NOT NULL,
    source text NOT NULL,
    from_book boolean NOT NULL,
    price_time bigint NOT NULL,
    price_age_ms bigint NOT NULL,
    realised public.signed_amount,
    base_available public.amount NOT NULL,
    base_held public.amount NOT NULL,
    quote_available public.amount NOT NULL,
    quote_held public.amount NOT NULL
);

ALTER TABLE public."order" ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.outbox (
    id bigint NOT NULL,
    key text NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    reason text,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    message_id text,
    CONSTRAINT outbox_attempts_bounds CHECK ((attempts >= 0)),
    CONSTRAINT outbox_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT outbox_key_shape CHECK (((length(key) >= 1) AND (length(key) <= 128))),
    CONSTRAINT outbox_kind_shape CHECK ((kind ~ '^[a-z-]{1,32}$'::text)),
    CONSTRAINT outbox_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text)),
    CONSTRAINT outbox_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'uncertain'::text, 'dead'::text])))
);

ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.person (
    id bigint NOT NULL,
    language text NOT NULL,
    timezone text NOT NULL,
    confirm boolean DEFAULT true NOT NULL,
    theme text DEFAULT 'dark'::text NOT NULL,
    met_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT person_language_shape CHECK ((language ~ '^[a-z]{2}$'::text)),
    CONSTRAINT person_theme_known CHECK ((theme = ANY (ARRAY['dark'::text, 'light'::text]))),
    CONSTRAINT person_timezone_shape CHECK ((timezone ~ '^[A-Za-z0-9_+/-]{1,64}$'::text))
);

ALTER TABLE public.person ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.posting (
    entry_id bigint NOT NULL,
    seq smallint NOT NULL,
    source public.account_code NOT NULL,
    target public.account_code NOT NULL,
    asset public.asset_name NOT NULL,
    amount public.positive_amount NOT NULL,
    CONSTRAINT posting_moves CHECK (((source)::text <> (target)::text))
);

CREATE TABLE public.push_chat (
    person_id bigint NOT NULL,
    platform text NOT NULL,
    chat_id text NOT NULL,
    public boolean NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    reason text,
    CONSTRAINT push_chat_chat_id_shape CHECK (((length(chat_id) >= 1) AND (length(chat_id) <= 128))),
    CONSTRAINT push_chat_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text))
);

CREATE TABLE public.push_preference (
    person_id bigint NOT NULL,
    kind text NOT NULL,
    mode text NOT NULL,
    CONSTRAINT push_preference_kind_shape CHECK ((kind ~ '^[a-z-]{1,32}$'::text)),
    CONSTRAINT push_preference_mode_known CHECK ((mode = ANY (ARRAY['on'::text, 'silent'::text, 'off'::text])))
);

CREATE TABLE public.push_quiet_hours (
    person_id bigint NOT NULL,
    starts smallint NOT NULL,
    ends smallint NOT NULL,
    CONSTRAINT push_quiet_hours_ends_bounds CHECK (((ends >= 0) AND (ends <= 1439))),
    CONSTRAINT push_quiet_hours_starts_bounds CHECK (((starts >= 0) AND (starts <= 1439)))
);

CREATE TABLE public.question (
    platform text NOT NULL,
    chat text NOT NULL,
    external_id text NOT NULL,
    message_id bigint NOT NULL,
    line text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT question_chat_shape CHECK (((length(chat) >= 1) AND (length(chat) <= 128))),
    CONSTRAINT question_external_id_shape CHECK (((length(external_id) >= 1) AND (length(external_id) <= 128))),
    CONSTRAINT question_line_shape CHECK (((length(line) >= 1) AND (length(line) <= 1000))),
    CONSTRAINT question_platform_shape CHECK ((platform ~ '^[a-z]{1,16}$'::text))
);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_person_market_quote_key UNIQUE (person_id, market, quote_asset);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.balance
    ADD CONSTRAINT balance_pkey PRIMARY KEY (account_id, asset);

ALTER TABLE ONLY public.candle
    ADD CONSTRAINT candle_pkey PRIMARY KEY (market, symbol, open_time);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_command_id_key UNIQUE (command_id);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fill
    ADD CONSTRAINT fill_pkey PRIMARY KEY (order_id, seq);

ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (platform, external_id);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_origin_key UNIQUE (platform, origin);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (platform, update_id);

ALTER TABLE ONLY public."order"
    ADD CONSTRAINT order_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_key_key UNIQUE (key);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (entry_id, seq);

ALTER TABLE ONLY public.push_chat
    ADD CONSTRAINT push_chat_pkey PRIMARY KEY (person_id, platform, chat_id);

ALTER TABLE ONLY public.push_preference
    ADD CONSTRAINT push_preference_pkey PRIMARY KEY (person_id, kind);

ALTER TABLE ONLY public.push_quiet_hours
    ADD CONSTRAINT push_quiet_hours_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_pkey PRIMARY KEY (platform, chat, external_id);

CREATE INDEX alert_armed_idx ON public.alert USING btree (market) WHERE (state = 'armed'::text);

CREATE INDEX alert_changed_idx ON public.alert USING btree (changed);

CREATE INDEX alert_person_id_idx ON public.alert USING btree (person_id, id);

CREATE INDEX entry_by_account ON public.entry USING btree (account_id, id);

CREATE INDEX identity_person_id_idx ON public.identity USING btree (person_id);

CREATE INDEX inbox_finished_idx ON public.inbox USING btree (finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX inbox_waiting_idx ON public.inbox USING btree (platform, lane, update_id) WHERE (state = 'pending'::text);

CREATE INDEX outbox_open_idx ON public.outbox USING btree (platform, chat_id, id) WHERE (state = ANY (ARRAY['pending'::text, 'sending'::text]));

CREATE INDEX outbox_person_id_idx ON public.outbox USING btree (person_id);

CREATE INDEX outbox_state_idx ON public.outbox USING btree (state, id);

CREATE INDEX push_chat_chat_idx ON public.push_chat USING btree (platform, chat_id);

CREATE INDEX question_asked_at_idx ON public.question USING btree (asked_at);

ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.balance
    ADD CONSTRAINT balance_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_order_id_fkey FOREIGN KEY (order_id) REFERENCES public."order"(id);

ALTER TABLE ONLY public.fill
    ADD CONSTRAINT fill_order_id_fkey FOREIGN KEY (order_id) REFERENCES public."order"(id);

ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public."order"
    ADD CONSTRAINT order_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.posting
    ADD CONSTRAINT posting_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.entry(id);

ALTER TABLE ONLY public.push_chat
    ADD CONSTRAINT push_chat_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.push_preference
    ADD CONSTRAINT push_preference_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.push_quiet_hours
    ADD CONSTRAINT push_quiet_hours_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

GRANT USAGE ON SCHEMA public TO paperdesk_app;

REVOKE ALL ON FUNCTION public.make_candle_partitions(from_ms bigint, to_ms bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.make_candle_partitions(from_ms bigint, to_ms bigint) TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.account TO paperdesk_app;

GRANT UPDATE(round) ON TABLE public.account TO paperdesk_app;

GRANT UPDATE(granted) ON TABLE public.account TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alert TO paperdesk_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.balance TO paperdesk_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.candle TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.entry TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.fill TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.identity TO paperdesk_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.inbox TO paperdesk_app;

GRANT UPDATE(state) ON TABLE public.inbox TO paperdesk_app;

GRANT UPDATE(attempts) ON TABLE public.inbox TO paperdesk_app;

GRANT UPDATE(reason) ON TABLE public.inbox TO paperdesk_app;

GRANT UPDATE(finished_at) ON TABLE public.inbox TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public."order" TO paperdesk_app;

GRANT USAGE ON SEQUENCE public.order_id_seq TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.person TO paperdesk_app;

GRANT UPDATE(language) ON TABLE public.person TO paperdesk_app;

GRANT UPDATE(timezone) ON TABLE public.person TO paperdesk_app;

GRANT UPDATE(confirm) ON TABLE public.person TO paperdesk_app;

GRANT UPDATE(theme) ON TABLE public.person TO paperdesk_app;

GRANT USAGE ON SEQUENCE public.person_id_seq TO paperdesk_app;

GRANT SELECT,INSERT ON TABLE public.posting TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_chat TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_preference TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_quiet_hours TO paperdesk_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.question TO paperdesk_app;
