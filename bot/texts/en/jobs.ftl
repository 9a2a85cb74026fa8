# What the desk does by itself.

## What operators hear
drift-title = A model no longer fits its market
drift-features = Model { NUMBER($version, useGrouping: 0) }, which looks { NUMBER($horizon) } minutes ahead, sees what it did not learn from: { $what } is off by { $amount } (at most { $bound } is usual).
drift-errors = Model { NUMBER($version, useGrouping: 0) }, which looks { NUMBER($horizon) } minutes ahead, errs more than when it was made: { $what } is at { $amount } (at most { $bound } is usual).

## /jobs
command-jobs = Show what the desk does by itself, and when
    .about = Every job with its next run, its last one and its last error. With a name: its last runs, and a button to run it now.
    .examples =
        /jobs
        /jobs training
    .name = A job's name, such as training
parameter-name = NAME
discord-command-jobs = jobs
jobs-title = Jobs
jobs-none = No scheduler has begun yet.
jobs-history-title = { $name }: the last runs
jobs-history-none = { $name } has not run yet.
jobs-next = Next run: { $time } ({ $cadence }).
jobs-unattended = No scheduler is running it now.
jobs-failed = Last error ({ $time }): { $error }
jobs-asked = { $name } will run within seconds.
jobs-asked-later = No scheduler is running now. { $name } will run when one does.
jobs-state-running = running
jobs-state-done = done
jobs-state-failed = failed
jobs-state-abandoned = broken off
jobs-state-none = never
label-job = Job
label-next = Next
label-last = Last
label-state = State
label-slot = Due
label-took = Took
label-told = Result
button-job-run = Run { $name } now
button-jobs = All jobs
error-unknown-job = There is no job { $name }. There are: { $known }.
