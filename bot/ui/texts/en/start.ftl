# Errors at the start: the problem and its solution.

error-data-dir-unwritable = The data directory { $path } is not writable. Give this user write access, or set PAPERDESK_DATA_DIR to a directory you own.
error-data-dir-is-file = { $path } cannot be the data directory, because it or a part of its path is a file. Set PAPERDESK_DATA_DIR to a directory, or move the file away.
error-data-dir-unreachable = Paperdesk runs as root, so its servers run under an account of their own, which has no access to { $path }. Set PAPERDESK_DATA_DIR to a directory such as /var/lib/paperdesk, or run Paperdesk as an ordinary user.
error-data-dir-foreign = The data directory { $path } belongs to { $owner }. Set PAPERDESK_DATA_DIR to a directory of your own, or run Paperdesk as that user (sudo -u "{ $owner }" ...).
error-data-dir-exposed = Other users can write to { $folder }, and so could replace the files of Paperdesk. Run “chmod go-w { $folder }”, or set PAPERDESK_DATA_DIR to another directory.
error-data-path-foreign = { $folder } is on the path of the data directory and belongs to { $owner }, who could replace the files of Paperdesk. Set PAPERDESK_DATA_DIR to a directory of your own, or run Paperdesk as that user (sudo -u "{ $owner }" ...).
error-data-file-foreign = { $path } is a link or belongs to another user, so Paperdesk does not open it. Move it away, or set PAPERDESK_DATA_DIR to another directory.
error-no-idle-account = Paperdesk runs as root, and every account that could set up its database is running other programs. Run Paperdesk as an ordinary user, or set PAPERDESK_POSTGRES__DSN to a server of your own.
error-bad-data-dir-name = The engines cannot keep data in { $path }: { $why ->
    [long] the path is longer than 900 bytes, or one of its names longer than 255
    [encoding] the path is not UTF-8 text
    [comma] Kafka cannot keep data below a folder with a comma in its name
   *[control] the path contains a line break or another control character
}. Set PAPERDESK_DATA_DIR to another directory.
error-data-dir-locked = Another Paperdesk is already using { $path }. Use that one or stop it, or set PAPERDESK_DATA_DIR to another directory.

error-engine-missing = { $engine } is not installed for this kind of machine. Run “make run” again to install it, or set PAPERDESK_POSTGRES__DSN and PAPERDESK_REDIS__URL to your own servers.
error-engine-failed = { $engine } does not start, or keeps stopping. See its log: { $log }
error-engine-version-mismatch = The data in { $found } was written by another version of { $engine }; this Paperdesk uses { $needed }. Run the version that wrote it, or move that folder away to start with an empty one.
error-port-taken = Port { NUMBER($port, useGrouping: 0) } is in use by another program. Stop that program, or set PAPERDESK_POSTGRES__PORT or PAPERDESK_REDIS__PORT to another port (0 opens no port). For “paperdesk kafka”, use another --port.
error-no-free-port = No port from { NUMBER($first, useGrouping: 0) } to { NUMBER($last, useGrouping: 0) } of this machine is free. Stop programs that use them (“ss -ltnp” lists them), then start again.
error-socket-path-too-long = The path of the folder for temporary files, { $folder }, is too long for a Unix socket. Set TMPDIR to a folder with a shorter path, or PAPERDESK_DATA_DIR to one with fewer than 90 bytes.
error-kafka-cache-exposed = Other users could change { $path }, where the programs of Kafka are kept, so Paperdesk does not run them. Run “chmod go-w { $path }”, or remove it if it is a link or belongs to another user. You can also set XDG_CACHE_HOME to a directory of your own.
error-kafka-unavailable = A local Kafka cannot be started here: { $why }. Install Java 17 or newer and Maven, or set PAPERDESK_KAFKA__BOOTSTRAP to your own brokers.

error-binance-unreachable = Binance at { $address } cannot be reached ({ $reason }), and PAPERDESK_MARKET asks for it. Check the network, or set PAPERDESK_MARKET to auto (which then simulates), sim or replay:PATH.
error-database-unreachable = { $why ->
    [certificate] The certificate of the PostgreSQL server at { $where } is not signed by the authority that Paperdesk trusts. Correct sslrootcert in PAPERDESK_POSTGRES__DSN.
    [expired] The certificate of the PostgreSQL server at { $where } has expired or is not valid yet. Renew it, or correct the clock of this machine.
    [host] The certificate of the PostgreSQL server at { $where } is for another host. Use a host name in the certificate in PAPERDESK_POSTGRES__DSN, or issue a certificate for this one.
    [own-certificate] The PostgreSQL server at { $where } does not accept Paperdesk's certificate. Correct sslcert and sslkey in PAPERDESK_POSTGRES__DSN.
    [no-tls] The PostgreSQL server at { $where } does not use TLS on this port. Turn it on there (ssl = on), or check the port in PAPERDESK_POSTGRES__DSN.
    [file] A file that PAPERDESK_POSTGRES__DSN names for TLS (sslrootcert or sslcert and sslkey) cannot be read. Correct its path, or give this user access to it.
    [cleartext] The server at { $where } asks for the PostgreSQL password unencrypted and has not proved its identity, so no password was sent. Set password_encryption = scram-sha-256 there, or use TLS with sslmode=verify-full in PAPERDESK_POSTGRES__DSN. If this is unexpected, check which program uses that port.
    [scram] The server at { $where } accepts the login without proving that it knows the PostgreSQL password (no SCRAM), so it is not trusted. Set password_encryption = scram-sha-256 there, set the password of this user again (ALTER ROLE ... PASSWORD), and use scram-sha-256 in pg_hba.conf; or use TLS with sslmode=verify-full in PAPERDESK_POSTGRES__DSN. If the server needs no password, remove it from the address. If this is unexpected, check which program uses that port.
    [iterations] The server at { $where } asks for fewer than 4,096 or more than 1,000,000 iterations of SCRAM for the PostgreSQL password, which makes the password easy to guess or blocks this process, so nothing was sent. Set scram_iterations there to a number between them, then set the password of this user again (ALTER ROLE ... PASSWORD). If this is unexpected, check which program uses that port.
    [password] The PostgreSQL server at { $where } rejects the user name or the password. Check PAPERDESK_POSTGRES__DSN.
   *[none] The PostgreSQL server at { $where } does not respond, or rejects the login. Check that it is running and that PAPERDESK_POSTGRES__DSN is correct.
}
error-redis-unreachable = { $why ->
    [certificate] The certificate of the Redis server at { $where } is not signed by the authority that Paperdesk trusts. Correct ssl_ca_certs in PAPERDESK_REDIS__URL.
    [expired] The certificate of the Redis server at { $where } has expired or is not valid yet. Renew it, or correct the clock of this machine.
    [host] The certificate of the Redis server at { $where } is for another host. Use a host name in the certificate in PAPERDESK_REDIS__URL, or issue a certificate for this one.
    [own-certificate] The Redis server at { $where } does not accept Paperdesk's certificate. Correct ssl_certfile and ssl_keyfile in PAPERDESK_REDIS__URL.
    [no-tls] The Redis server at { $where } does not use TLS on this port. Turn it on there (tls-port), or check the port in PAPERDESK_REDIS__URL.
    [file] A file that PAPERDESK_REDIS__URL names for TLS (ssl_ca_certs or ssl_certfile and ssl_keyfile) cannot be read. Correct its path, or give this user access to it.
    [password] The Redis server at { $where } rejects the user name or the password. Check PAPERDESK_REDIS__URL.
   *[none] The Redis server at { $where } does not respond, or rejects the login. Check that it is running and that PAPERDESK_REDIS__URL is correct.
}
error-kafka-unreachable = The Kafka brokers at { $where } do not respond, or do not allow the topic to be created. Check that they are running and that PAPERDESK_KAFKA__BOOTSTRAP is correct (also PAPERDESK_KAFKA__SECURITY_PROTOCOL), or leave it empty to run without Kafka.
error-unencrypted = { $setting ->
   *[postgres] The PostgreSQL server { $where } is on another machine, and { $setting } asks for no encryption. Add ?sslmode=verify-full&sslrootcert=FILE to it.
    [PAPERDESK_REDIS__URL] The Redis server { $where } is on another machine, and PAPERDESK_REDIS__URL asks for no encryption. Start it with rediss:// and add ?ssl_ca_certs=FILE.
    [PAPERDESK_KAFKA__SECURITY_PROTOCOL] The Kafka brokers { $where } are on another machine, and PAPERDESK_KAFKA__SECURITY_PROTOCOL asks for no encryption. Set it to SSL or SASL_SSL.
} On a network that you trust, set PAPERDESK_TRUST_NETWORK=true instead.
error-socket-exposed = { $setting } names a socket in { $folder }, where other users of this machine can create a server socket. Configure the server to create its socket in a folder that only its own user can write to, such as /run/postgresql (unix_socket_directories in PostgreSQL, unixsocket in Redis), and use that folder. On a machine without other users, set PAPERDESK_TRUST_NETWORK=true instead.
error-unverified = { $setting ->
   *[postgres] The connection to the PostgreSQL server { $where } is encrypted, but its certificate is not checked. Use sslmode=verify-full and sslrootcert=FILE in { $setting }.
    [PAPERDESK_REDIS__URL] The connection to the Redis server { $where } is encrypted, but its certificate or the name in it is not checked. Remove ssl_cert_reqs and ssl_check_hostname from PAPERDESK_REDIS__URL.
}
error-redis-without-password = The Redis server at { $where } asks for no password, so every program that reaches this port can change prices and pending data. Set a password (requirepass, or a user with ACL SETUSER) and write it into PAPERDESK_REDIS__URL as redis://:PASSWORD@HOST, or use a Unix socket that only this user can open (unix:///PATH).
error-kafka-denied = { $reason ->
    [certificate] The certificate of the Kafka broker { $where } is not signed by an authority that Paperdesk trusts. Set PAPERDESK_KAFKA__CA_FILE to the certificate of the authority that signed it.
    [expired] The certificate of the Kafka broker { $where } has expired or is not valid yet. Renew it, or correct the clock of this machine.
    [host] The certificate of the Kafka broker { $where } is for another host. Set PAPERDESK_KAFKA__BOOTSTRAP to a host name in the certificate, or issue a certificate for this one.
    [own-certificate] The Kafka broker { $where } does not accept Paperdesk's certificate. Set PAPERDESK_KAFKA__CERT_FILE and PAPERDESK_KAFKA__KEY_FILE to one that the broker trusts.
    [no-tls] The Kafka broker { $where } does not use TLS on this port. Check the port in PAPERDESK_KAFKA__BOOTSTRAP, and PAPERDESK_KAFKA__SECURITY_PROTOCOL.
    [mechanism] The Kafka broker { $where } does not offer this login. Check PAPERDESK_KAFKA__SASL_MECHANISM and PAPERDESK_KAFKA__SECURITY_PROTOCOL.
    [iterations] The Kafka broker { $where } asks for fewer than 4,096 or more than 1,000,000 iterations of SCRAM, which makes the password easy to guess or blocks this process, so nothing was sent. Set the password of this user again with a number between them (kafka-configs.sh --add-config 'SCRAM-SHA-512=[iterations=8192,password=...]'). If this is unexpected, check which program uses that port.
    [rights] The Kafka user lacks rights on { $where }. Grant the rights that docs/running-roles.md lists for this role.
    [elsewhere] The Kafka brokers in PAPERDESK_KAFKA__BOOTSTRAP are on this machine but lead to { $where }, which is not, and PAPERDESK_KAFKA__SECURITY_PROTOCOL asks for no encryption. Set it to SSL or SASL_SSL, or correct advertised.listeners of the brokers. If this is unexpected, check which program uses their port. For brokers without a password on a network that you trust, set PAPERDESK_TRUST_NETWORK=true instead.
   *[password] The Kafka broker { $where } rejects the user name or the password. Check PAPERDESK_KAFKA__USERNAME and PAPERDESK_KAFKA__PASSWORD.
}
error-database-newer = The database was written by a newer Paperdesk (it contains “{ $found }”). Update this Paperdesk, or use another database.
error-migration-busy = Another Paperdesk has been updating the database for { $seconds } seconds. Wait until it is done, then start again.
error-no-role-rights = The database user “{ $user }” is not allowed to create the role paperdesk_app. Ask an administrator to run: CREATE ROLE paperdesk_app NOLOGIN; GRANT paperdesk_app TO "{ $user }";
error-no-schema-rights = The database must be updated, and the user “{ $user }” is not allowed to do that (step “{ $migration }”). Run “paperdesk migrate” with PAPERDESK_POSTGRES__OWNER_DSN set to the login that owns the database, or make this user its owner.
error-schema-open = The database user “{ $user }” is allowed to create functions in the schema public, which could rewrite the ledger. Ask an administrator to run in this database: ALTER SCHEMA public OWNER TO pg_database_owner; REVOKE CREATE ON SCHEMA public FROM PUBLIC, paperdesk_app, "{ $user }";
error-routine-foreign = The database user “{ $user }” owns { $made } in the schema public, which could rewrite the ledger. If you don't know it, ask an administrator to run in this database: DROP { $made } CASCADE; otherwise make the owner of the database its owner.
error-grant-differs = Accounts in this database open with { $allowed }, but PAPERDESK_TRADING__OPENING_GRANT is { $amount }, and this database user is not allowed to change that. Run “paperdesk migrate” with PAPERDESK_TRADING__OPENING_GRANT={ $amount } and PAPERDESK_POSTGRES__OWNER_DSN set to the login that owns the database, or give this process PAPERDESK_TRADING__OPENING_GRANT={ $allowed }.

error-no-servers = Separate roles need Kafka, PostgreSQL and Redis: set { $missing }, or run “paperdesk” or “paperdesk serve” to run everything in one process.
error-market-changed = The market has changed from “{ $before }” to “{ $now }”. Restart this role.

error-unknown-setting = { $nearest ->
    [none] There is no setting { $name }. Remove it; “paperdesk settings” lists all settings.
   *[other] There is no setting { $name }. Did you mean { $nearest }?
}
error-bad-setting = The value of { $name } is not allowed: it must be { $rule }.
error-address-unclear = { $name } cannot be used: { $why ->
   *[mark] a character in it has a special meaning in addresses. In the user name, the password and the options, write every character that is not a letter or digit as a percent escape, such as %23 for #, %3F for ?, %2F for /, %40 for @, %25 for % and %2B for +.
    [host] its hosts can be read in two ways. Write each as HOST or HOST:PORT before the database, an IPv6 address in brackets.
    [hostaddr] it contains hostaddr. Write that IP address in place of the host.
    [option] one of its options is empty, has capital letters, or is a secret that Paperdesk cannot use (oauth_client_secret, scram_client_key, scram_server_key). Remove it, or write its name in small letters.
    [service] a secret in it cannot be passed to the programs of PostgreSQL. Write it into the service file that it names, or choose another secret.
    [twice] it gives a user, password, host, port, database or option twice, or the port apart from its host. Give each once, and the port as HOST:PORT.
    [nowhere] it names no host. Write one, such as 127.0.0.1, or the folder of the server's socket as ?host=/run/postgresql.
    [system] its sslrootcert, or PGSSLROOTCERT, is “system”, which Paperdesk cannot use. Write the path of the authorities' file, such as /etc/ssl/certs/ca-certificates.crt.
}
error-env-file-ignored = { $path } is ignored because it, a folder or a link on its path belongs to another user, or other users can write there. Check its lines, move it to a folder of your own, make the file yours, then run “chmod 600 { $path }”.
error-env-file-readable = Other users can read the tokens or passwords in { $path }. Run “chmod 600 { $path }”.

error-no-report-data = { $what ->
    [none] The archive contains no candles yet, so there is nothing to report. Run Paperdesk for a few minutes first.
   *[other] { $what } contains no such candles. Check the symbols, or request more days with --days.
}
error-page-unwritable = The plots cannot be written to { $path }. Choose another directory with --out.

error-internal-error = An internal error stopped Paperdesk. Please start it again. If it keeps happening, report it with the end of { $log }
error-no-platform = No platform has a token, so there is nothing to serve. Set PAPERDESK_TELEGRAM__TOKEN or PAPERDESK_DISCORD__TOKEN, or run “paperdesk” to use Paperdesk in this terminal.
error-desk-not-running = Paperdesk is not running on { $path }, and no servers are configured. Start it with “paperdesk”, or set PAPERDESK_POSTGRES__DSN and PAPERDESK_REDIS__URL.

## Backups
error-not-a-backup = { $path } cannot be restored: { $why }. Choose a file created by paperdesk backup.
error-backup-newer = { $path } was created by a newer version (it contains { $found }). Update Paperdesk, then restore it.
error-backup-unsigned = { $path } has no { $missing } next to it, so its origin can't be verified. A backup can contain code that the database runs. Keep both files together, or add --trust if you know who made it.
error-backup-foreign = { $path } was not created by this installation, or was changed later: its HMAC does not match the key of this installation. A backup can contain code that the database runs. Add --trust if you know who made it.
error-backup-renamed = { $path } is the backup { $name } under another name, so it may be older than it seems. Restore the original names of the backup and its .hmac file, or add --trust if you renamed it.
error-backup-folder-shared = Other users of its group can delete the backups in { $folder }. Run “chmod g-w { $folder }” if they should not.
error-database-in-use = { $sessions ->
    [one] Another session is connected to this database.
   *[other] { $sessions } other sessions are connected to this database.
} Stop every Paperdesk process, then restore.
error-database-not-empty = The database is not empty: it contains { $tables } tables. --force drops all of them and restores the backup.
error-restore-failed = The restore failed, and nothing was changed. PostgreSQL reported: { $why }

error-no-scheduler = { $name } cannot run now because no scheduler is running. Start Paperdesk, or run “paperdesk jobs” if you run roles separately.

# Connections of Paperdesk without a console.
start-telegram-connected = Telegram: connected as @{ $name }.
start-discord-connected = Discord: connected as { $name }, { $count ->
    [one] 1 server
   *[other] { $count } servers
}.
