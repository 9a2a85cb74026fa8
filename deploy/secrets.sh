#!/bin/sh
# Makes the secrets that docker-compose.yml hands to its services. What is there already stays as it is.
#
#   deploy/secrets.sh [FOLDER]    default: secrets, beside docker-compose.yml
#
# Bot tokens begin empty: write them into paperdesk_telegram__token and paperdesk_discord__token.
set -eu
umask 077

folder=${1:-$(dirname "$0")/../secrets}
mkdir -p "$folder"
chmod 700 "$folder" # nobody else of this machine gets this far

make() {
    [ -e "$folder/$1" ] || printf '%s\n' "$2" >"$folder/$1"
    chmod 444 "$folder/$1" # containers, which run as users of their own, get each file alone
}

random() {
    od -An -N 24 -t x1 /dev/urandom | tr -d ' \n'
}

login() {
    printf 'postgresql://%s:%s@postgres:5432/paperdesk' "$1" "$(random)"
}

make postgres_password "$(random)"
if [ -e "$folder/paperdesk_postgres__dsn" ] && [ ! -e "$folder/paperdesk_postgres__owner_dsn" ]; then
    # An older version's one login for everything goes on; docs/running-roles.md says how to separate them.
    make paperdesk_postgres__owner_dsn ''
    make paperdesk_postgres__reader_dsn ''
fi
make paperdesk_postgres__dsn "$(login paperdesk_desk)"
make paperdesk_postgres__owner_dsn "$(login paperdesk_owner)"
make paperdesk_postgres__reader_dsn "$(login paperdesk_reader)"
make valkey_conf "requirepass $(random)"
make paperdesk_redis__url "redis://:$(sed -n 's/^requirepass //p' "$folder/valkey_conf")@valkey:6379/0"
make paperdesk_backups__key "$(random)"
make spring.security.user.password "$(random)" # of Kafka UI
make paperdesk_kafka__password ''
make paperdesk_telegram__token ''
make paperdesk_telegram__webhook_secret ''
make paperdesk_discord__token ''
