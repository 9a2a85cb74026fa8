# What can keep the desk from opening. One sentence each, with what to do.

error-data-dir-unwritable = The data directory { $path } cannot be written. Give this user the right to write there, or set PAPERDESK_DATA_DIR to a directory of yours.
error-data-dir-unreachable = Paperdesk runs as root, so its database runs as “{ $user }”, who has no way into { $path }. Set PAPERDESK_DATA_DIR to a directory such as /var/lib/paperdesk, or run Paperdesk as an ordinary user.
error-bad-data-dir-name = The engines cannot keep data in { $path }: { $why ->
    [long] the path is longer than 900 bytes
    [encoding] the path is not UTF-8 text
    [comma] Kafka cannot keep data below a folder with a comma in its name
   *[control] the path holds a line break or another control character
}. Set PAPERDESK_DATA_DIR to another directory.
error-data-dir-busy = Another Paperdesk already runs on { $path }. Use that one or end it, or set PAPERDESK_DATA_DIR to another directory.

error-engine-missing = { $engine } is not installed for this kind of machine. Run “make run” again to install it, or set PAPERDESK_POSTGRES__DSN and PAPERDESK_REDIS__URL to servers of your own.
error-engine-failed = { $engine } does not start or keeps ending. Its log says why: { $log }
error-other-engine-version = The data in { $found } was written by another version of { $engine }; this Paperdesk uses { $needed }. Run the version that wrote it, or move that folder away to begin anew.
error-port-taken = Port { NUMBER($port, useGrouping: 0) } is in use by another program. End that program, or set PAPERDESK_POSTGRES__PORT or PAPERDESK_REDIS__PORT to another port (0 takes any free one); for “paperdesk kafka” give another --port.
error-kafka-unavailable = A local Kafka cannot be started here: { $why }. Install Java 17 or newer and Maven, or set PAPERDESK_KAFKA__BOOTSTRAP to brokers of your own.

error-binance-unreachable = Binance at { $address } cannot be reached ({ $reason }), and PAPERDESK_MARKET asks for it. Check the network, or set PAPERDESK_MARKET to auto (which then simulates), sim or replay:PATH.
error-database-unreachable = The PostgreSQL server at { $where } does not answer or refuses the login. Check that it runs and that PAPERDESK_POSTGRES__DSN is right.
error-redis-unreachable = The Redis server at { $where } does not answer or refuses the login. Check that it runs and that PAPERDESK_REDIS__URL is right.
error-kafka-unreachable = The Kafka brokers at { $where } do not answer, or do not let the desk make its topic. Check that they run and that PAPERDESK_KAFKA__BOOTSTRAP is right, or leave that empty to do without Kafka.
error-database-newer = The database was written by a newer Paperdesk (it holds “{ $found }”). Update this Paperdesk, or use another database.
error-migration-busy = Another Paperdesk has been updating the database for { $seconds } seconds. Wait until it is done, then start again.
error-no-role-rights = The database user “{ $user }” may not create the role paperdesk_app. Let an administrator run: CREATE ROLE paperdesk_app NOLOGIN; GRANT paperdesk_app TO "{ $user }";
error-no-schema-rights = The database user “{ $user }” may not create tables (in step “{ $migration }”). Make that user the owner of the database and start again.

error-no-servers = A role of its own meets the others on Kafka, PostgreSQL and Redis: set { $missing }, or run “paperdesk” or “paperdesk serve” for everything in one process.
error-market-changed = The market has changed from “{ $before }” to “{ $now }”. Start this role again.

error-unknown-setting = { $nearest ->
    [none] There is no setting { $name }. Remove it; “paperdesk settings” lists all settings.
   *[other] There is no setting { $name }. Did you mean { $nearest }?
}
error-bad-setting = The value of { $name } is not allowed: it must be { $rule }.

error-nothing-to-report = { $what ->
    [none] The archive holds no candles yet, so there is nothing to report. Run the desk for a few minutes first.
   *[other] { $what } holds no such candles. Check the symbols, or ask for more days with --days.
}
error-page-unwritable = The page of plots cannot be written to { $path }. Choose another directory with --out.

error-crashed = Something went wrong inside Paperdesk, and that is our mistake. Please start it again; if it happens again, report it with the end of { $log }
error-no-platform = No platform has a token, so there is nothing to serve. Set PAPERDESK_TELEGRAM__TOKEN or PAPERDESK_DISCORD__TOKEN, or run “paperdesk” for the desk in this terminal.
error-no-desk = No desk runs on { $path }, and no servers are set to look at. Start the desk with “paperdesk”, or set PAPERDESK_POSTGRES__DSN and PAPERDESK_REDIS__URL.

## Backups
error-not-a-backup = { $path } cannot be restored: { $why }. Give a file that paperdesk backup made.
error-backup-newer = { $path } was made by a newer version (it holds { $found }). Update Paperdesk, then restore it.
error-database-in-use = { $sessions ->
    [one] Somebody else is connected to this database.
   *[other] { $sessions } others are connected to this database.
} Stop every part of the desk, then restore.
error-database-not-empty = The database is not empty: it holds { $tables } tables. --force drops all of it and restores the backup instead.
error-restore-failed = Nothing was restored, and nothing changed. PostgreSQL says: { $why }

error-no-scheduler = Nobody would run { $name } now: no scheduler is there. Start the desk, or “paperdesk jobs” beside one that runs in roles.

# What a desk without a console is connected to.
start-telegram-connected = Telegram: connected as @{ $name }.
start-discord-connected = Discord: connected as { $name }, { $count ->
    [one] 1 server
   *[other] { $count } servers
}.
