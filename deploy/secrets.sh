#!/bin/sh
# Draws the secrets of a production place into deploy/secrets, once: what is there stays. Keep a copy of secret_key
# where backups are kept: without it the lake's pseudonyms, refused rows and backups open no more.
set -eu

folder="$(dirname "$0")/secrets"
mkdir -p "$folder"
# The folder is its owner's; the files in it must be readable to the users inside the containers.
chmod 700 "$folder"

drawn() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -e "$folder/$1" ] || { cat >"$folder/$1"; chmod 444 "$folder/$1"; }; }

drawn | keep secret_key
drawn | keep postgresql_password
word="$(drawn)"
printf 'bind * -::*\nsave ""\nappendonly no\ndir /data\nmaxmemory 256mb\nmaxmemory-policy noeviction\nrequirepass %s\n' "$word" |
    keep redis.conf
password="$(cat "$folder/postgresql_password")"
printf 'postgresql+psycopg://reachboard:%s@postgresql:5432/reachboard' "$password" | keep state_url
word="$(sed -n 's/^requirepass //p' "$folder/redis.conf")"
printf 'redis://:%s@redis:6379/0' "$word" | keep redis_url
if [ ! -e "$folder/oidc_client_secret" ]; then
    echo "Put the secret of this app at your identity provider into $folder/oidc_client_secret (chmod 444)." >&2
fi
