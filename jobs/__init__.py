"""Work on a schedule, one module a job."""
