#!/usr/bin/env bash
# Makes the passwords that docker-compose.yml reads, once; what is there stays.
set -euo pipefail
folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets"
# The folder keeps others on this host out; the files are readable so that the containers' own
# users, who see the files alone, can read them.
mkdir -p -m 0700 "$folder"
for name in postgres_password trainer_database_password registry_database_password; do
  if [ ! -s "$folder/$name" ]; then
    head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$folder/$name"
    chmod 0444 "$folder/$name"
    echo "made deploy/secrets/$name"
  fi
done
