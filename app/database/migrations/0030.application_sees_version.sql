-- depends: 0029.ledger_functions
--
-- A process that logs in as the application finds out by itself whether the database is up to date.
GRANT SELECT ON _yoyo_migration TO paperdesk_app;
