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

make postgres_password "$(random)"
make paperdesk_postgres__dsn "postgresql://paperdesk:$(cat "$folder/postgres_password")@postgres:5432/paperdesk"
make valkey_conf "requirepass $(random)"
make paperdesk_redis__url "redis://:$(sed -n 's/^requirepass //p' "$folder/valkey_conf")@valkey:6379/0"
make paperdesk_kafka__password ''
make paperdesk_telegram__token ''
make paperdesk_telegram__webhook_secret ''
make paperdesk_discord__token ''
