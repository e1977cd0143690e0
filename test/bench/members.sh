#!/bin/bash
#
# How long dashboards wait for members, against the join of source and assignment that the view stands for.
#
#   test/cluster run test/bench/members.sh [ROWS]      1,000,000 rows by default
#
# As a role that may read the members alone. The statements take turns, REPEAT times (7). Prints their medians.

set -euo pipefail

rows=${1:-1000000}
repeat=${REPEAT:-7}
database=segment_members_$$
times=$(mktemp -d)
trap 'rm -rf "$times"; psql -qXc "DROP DATABASE IF EXISTS $database" -c "DROP ROLE IF EXISTS $database, ${database}_owner" postgres' EXIT
psql -qXc "CREATE DATABASE $database" -c "CREATE ROLE $database LOGIN" -c "CREATE ROLE ${database}_owner LOGIN" \
	-c "ALTER DATABASE $database OWNER TO ${database}_owner" postgres
export PGDATABASE=$database

PGUSER=${database}_owner psql -qX -o /dev/null -v ON_ERROR_STOP=1 -v rows="$rows" -v reader="$database" <<'END'
SET client_min_messages = warning;
CREATE EXTENSION segment;
CREATE TABLE customers AS
SELECT i AS id, hashint4(i) % 1000 / 10.0::float8 AS x, hashint4(-i) % 1000 / 10.0::float8 AS y, 'customer ' || i AS name FROM generate_series(1, :rows) i;
ALTER TABLE customers ADD PRIMARY KEY (id);
SELECT segment_kmeans('customers', 6, n_init => 1);
SELECT segment_kmeans('customers', 6, n_init => 1, model => 'live', assignment => 'view');
GRANT SELECT ON customers, customers_assignment, customers_members, live_assignment, live_members TO :reader;
VACUUM ANALYZE customers, customers_assignment;
END

statements=(
	"SELECT a.segment, count(*), avg(x) FROM customers JOIN customers_assignment a USING (id) GROUP BY 1"
	"SELECT segment, count(*), avg(x) FROM customers_members GROUP BY 1"
	"SELECT label, count(*), avg(x) FROM customers_members GROUP BY 1"
	"SELECT a.segment, count(*), avg(x) FROM customers JOIN live_assignment a USING (id) GROUP BY 1"
	"SELECT segment, count(*), avg(x) FROM live_members GROUP BY 1"
	"SELECT label, count(*), avg(x) FROM live_members GROUP BY 1")

for _ in $(seq "$repeat"); do
	for i in "${!statements[@]}"; do
		printf '\\timing on\n%s;\n' "${statements[i]}" | PGUSER=$database psql -qX -v ON_ERROR_STOP=1 |
			sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' >>"$times/$i"
	done
done
for i in "${!statements[@]}"; do
	printf '%8.0f ms  %s\n' "$(sort -n "$times/$i" | sed -n "$(((repeat + 1) / 2))p")" "${statements[i]}"
done
