# Scheduled jobs.

## Notifications for operators
drift-title = A model no longer fits its market
drift-features = Model { NUMBER($version, useGrouping: 0) } ({ NUMBER($horizon) } minutes ahead) sees data unlike its training data: { $what } is off by { $amount } (usually at most { $bound }).
drift-errors = Model { NUMBER($version, useGrouping: 0) } ({ NUMBER($horizon) } minutes ahead) has larger errors than when it was trained: { $what } is at { $amount } (usually at most { $bound }).

## /jobs
command-jobs = Show the scheduled jobs
    .about = Every job with its next run, last run and last error. With a name: its latest runs, and a button to run it now.
    .examples =
        /jobs
        /jobs training
    .name = A job's name, such as training
parameter-name = NAME
discord-command-jobs = jobs
jobs-title = Scheduled jobs
jobs-none = No scheduler has started yet.
jobs-history-title = { $name }: latest runs
jobs-history-none = { $name } has not run yet.
jobs-next = Next run: { $time } ({ $cadence }).
jobs-unattended = No scheduler is running right now.
jobs-failed = Last error ({ $time }): { $error }
jobs-asked = { $name } will run within seconds.
jobs-asked-later = No scheduler is running right now. { $name } will run when one starts.
jobs-state-running = running
jobs-state-done = done
jobs-state-failed = failed
jobs-state-abandoned = interrupted
jobs-state-none = never
label-job = Job
label-next = Next
label-last = Last
label-state = State
label-slot = Due
label-took = Duration
label-told = Result
button-job-run = Run { $name } now
button-jobs = All jobs
error-unknown-job = There is no job { $name }. Available jobs: { $known }.
