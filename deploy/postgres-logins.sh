#!/bin/sh
# Makes the logins of the application, the owner and the reader in the database of Compose, with the passwords of their
# secrets. The image of PostgreSQL runs it when it makes the cluster; run again it mends them.
set -eu

here=${LOGINS_SQL:-/paperdesk-logins.sql}
secrets=${SECRETS:-/run/secrets}

# The owner of the database may put functions and operators into every schema but this one.
PGOPTIONS='-c search_path=pg_catalog,pg_temp -c role=none'
export PGOPTIONS

run() {
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" "$@"
}

run --file="$here"
for name in dsn owner_dsn reader_dsn; do
    login=$(sed -n 's|^postgresql://\(paperdesk_[a-z]*\):\([^@]*\)@.*|\1 \2|p' "$secrets/paperdesk_postgres__$name")
    [ -n "$login" ] || continue
    # Standard input, since command lines can be read by others; psql quotes both.
    run --file=- <<SQL
\set user '${login% *}'
\set password '${login#* }'
ALTER ROLE :"user" PASSWORD :'password';
SQL
done
