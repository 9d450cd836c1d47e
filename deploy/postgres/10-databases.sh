#!/usr/bin/env bash
# Run by the postgres image on an empty volume: one database and one role per service, so that no
# service can read another's tables.
set -euo pipefail

for service in trainer registry; do
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set service="$service" --set password="$(cat "/run/secrets/${service}_database_password")" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
