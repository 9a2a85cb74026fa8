"""`paperdesk monitor`: the pipeline at a glance, in a terminal."""
