-- name: declare
-- $1 names, $2 cadences, $3 next slots (of as many jobs)
INSERT INTO job AS known (name, cadence, next_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])
ON CONFLICT (name) DO UPDATE SET cadence = EXCLUDED.cadence, next_at = EXCLUDED.next_at, seen_at = now()

-- name: last
-- The newest slot up to $3 of each job of $1 that is done or under way; those of $2 take up what was abandoned before
-- try $4. A run that was asked for makes up for the slots before it, unless it failed.
SELECT job, max(slot) AS slot FROM job_run
WHERE job = ANY($1::text[]) AND slot <= $3 AND (NOT asked OR state IN ('running', 'done'))
  AND NOT (state = 'abandoned' AND job = ANY($2::text[]) AND tries < $4)
GROUP BY job

-- name: claim
-- The run of job $1 for slot $2 by $3, unless that is done or under way, or a newer one up to now ($6) is.
INSERT INTO job_run AS run (job, slot, worker, asked)
SELECT $1, $2, $3, false
WHERE NOT EXISTS (SELECT FROM job_run WHERE job = $1 AND slot > $2 AND slot <= $6 AND NOT asked)
ON CONFLICT (job, slot) DO UPDATE
    SET state = 'running', worker = EXCLUDED.worker, tries = run.tries + 1,
        started = clock_timestamp(), beat = clock_timestamp(), ended = NULL, told = ''
    WHERE run.state = 'abandoned' AND $4 AND run.tries < $5
RETURNING tries

-- name: claim_asked
-- The run of job $1 that somebody asked for, at $2 by $3; it is asked for no longer.
WITH taken AS (
    UPDATE job SET asked_at = NULL, asked_by = NULL WHERE name = $1 AND asked_at IS NOT NULL RETURNING name
)
INSERT INTO job_run (job, slot, worker, asked) SELECT name, $2, $3, true FROM taken
RETURNING tries

-- name: beat
UPDATE job_run SET beat = clock_timestamp() WHERE job = $1 AND slot = $2 AND worker = $3 AND state = 'running'
RETURNING true

-- name: finish
UPDATE job_run SET state = $4, told = $5, ended = clock_timestamp()
WHERE job = $1 AND slot = $2 AND worker = $3 AND state = 'running'

-- name: trim
-- Leaves the newest $2 runs of job $1.
DELETE FROM job_run WHERE job = $1 AND state <> 'running'
  AND slot < (SELECT slot FROM job_run WHERE job = $1 ORDER BY slot DESC OFFSET $2 LIMIT 1)

-- name: abandon
-- Runs without a sign of life for $1 seconds, but for those of $3 that $2 has under way.
UPDATE job_run SET state = 'abandoned', ended = beat, told = 'the process that ran it is gone'
WHERE state = 'running' AND beat < clock_timestamp() - make_interval(secs => $1)
  AND NOT (worker = $2 AND job = ANY($3::text[]))
RETURNING job

-- name: leave
UPDATE job_run SET state = 'abandoned', ended = clock_timestamp(), told = 'the scheduler was told to end'
WHERE state = 'running' AND worker = $1

-- name: forget
-- Jobs that no scheduler has had for a month.
DELETE FROM job WHERE seen_at < now() - interval '30 days'

-- name: asked
SELECT name FROM job WHERE asked_at IS NOT NULL AND name = ANY($1::text[])

-- name: ask
-- Asks for job $1 as $2; nothing where there is no such job.
UPDATE job SET asked_at = coalesce(asked_at, clock_timestamp()), asked_by = coalesce(asked_by, $2) WHERE name = $1
RETURNING asked_at, seen_at > now() - make_interval(secs => $3) AS attended

-- name: withdraw
UPDATE job SET asked_at = NULL, asked_by = NULL WHERE name = $1 AND asked_at IS NOT NULL RETURNING true

-- name: jobs
-- Every job with its newest run and its newest failure. A scheduler that was silent for $1 seconds is gone.
SELECT job.name, job.cadence, job.next_at, job.asked_at, job.seen_at > now() - make_interval(secs => $1) AS attended,
       run.slot, run.asked, run.state, run.started, run.ended, run.worker, run.told, run.tries,
       failed.started AS failed_at, failed.told AS failed_told
FROM job
LEFT JOIN LATERAL (SELECT * FROM job_run WHERE job = job.name ORDER BY slot DESC LIMIT 1) AS run ON true
LEFT JOIN LATERAL (
    SELECT started, told FROM job_run WHERE job = job.name AND state IN ('failed', 'abandoned')
    ORDER BY slot DESC LIMIT 1
) AS failed ON true
ORDER BY job.next_at, job.name

-- name: history
-- The newest $2 runs of job $1, or of all where that is ''.
SELECT job, slot, asked, state, started, ended, worker, told, tries FROM job_run
WHERE $1 = '' OR job = $1 ORDER BY started DESC LIMIT $2

-- name: answer
-- The run of job $1 that was asked for at $2, once it has begun.
SELECT job, slot, asked, state, started, ended, worker, told, tries FROM job_run
WHERE job = $1 AND asked AND started >= $2 ORDER BY started LIMIT 1
