-- depends: 0011.archive
--
-- The scheduled work: what there is, and what became of each run. However many schedulers there are, the key lets a job
-- run once for a slot, and one run of a job at a time.

-- As the scheduler that runs it declares it every few seconds; `asked_at` is when somebody wanted it run at once.
CREATE TABLE job (
    name     text PRIMARY KEY CONSTRAINT job_name_shape CHECK (name ~ '^[a-z][a-z_]{0,39}$'),
    cadence  text NOT NULL CONSTRAINT job_cadence_length CHECK (length(cadence) <= 100),
    next_at  timestamptz NOT NULL,
    seen_at  timestamptz NOT NULL DEFAULT now(),
    asked_at timestamptz,
    asked_by text CONSTRAINT job_asked_by_length CHECK (length(asked_by) <= 128)
);

-- `slot` is the time the run was due by, of the scheduler's clock; of one that was asked for, when it was taken. `beat`
-- is the sign of life of the process `worker`: without it the run is abandoned. `told` is the result or the error.
CREATE TABLE job_run (
    job     text NOT NULL,
    slot    timestamptz NOT NULL,
    asked   boolean NOT NULL DEFAULT false,
    state   text NOT NULL DEFAULT 'running'
            CONSTRAINT job_run_state CHECK (state IN ('running', 'done', 'failed', 'abandoned')),
    tries   integer NOT NULL DEFAULT 1 CONSTRAINT job_run_tries_bounds CHECK (tries BETWEEN 1 AND 100),
    started timestamptz NOT NULL DEFAULT clock_timestamp(),
    beat    timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended   timestamptz,
    worker  text NOT NULL CONSTRAINT job_run_worker_length CHECK (length(worker) <= 128),
    told    text NOT NULL DEFAULT '' CONSTRAINT job_run_told_length CHECK (length(told) <= 500),
    CONSTRAINT job_run_slot_key PRIMARY KEY (job, slot)
);

CREATE UNIQUE INDEX job_run_one_at_a_time ON job_run (job) WHERE state = 'running';

GRANT SELECT, INSERT, DELETE ON job, job_run TO paperdesk_app;
GRANT UPDATE (cadence, next_at, seen_at, asked_at, asked_by) ON job TO paperdesk_app;
GRANT UPDATE (state, tries, started, beat, ended, worker, told) ON job_run TO paperdesk_app;

-- The quality of each day's data, as `pipeline.quality.daily` has it.
CREATE TABLE quality_day (
    market  text NOT NULL CONSTRAINT quality_day_market_length CHECK (length(market) BETWEEN 1 AND 200),
    day     date NOT NULL,
    body    jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (market, day)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON quality_day TO paperdesk_app;
