#!/bin/bash
#
# How long segment_report takes, and its parts, on a model of 20 segments of 30 features.
#
#   test/cluster run test/bench/report.sh [ROWS]      1,000,000 rows by default
#
# Prints medians of REPEAT calls (5), and the size of the page.

set -euo pipefail

rows=${1:-1000000}
repeat=${REPEAT:-5}
database=segment_report_$$
trap 'psql -qXc "DROP DATABASE IF EXISTS $database" postgres' EXIT
psql -qXc "CREATE DATABASE $database" postgres
export PGDATABASE=$database PGOPTIONS='-c client_min_messages=warning'

psql -qX -o /dev/null -v ON_ERROR_STOP=1 -v rows="$rows" <<'END'
CREATE EXTENSION segment;
SELECT format('CREATE TABLE customers AS SELECT i AS id, %s FROM generate_series(1, %s) i',
              string_agg(format('(hashint4(40 * (i %% 20) + %1$s) %% 100 + hashint4(40 * i + %1$s) %% 100)::float8 AS f%1$s', n), ', '), :rows)
  FROM generate_series(1, 30) n
\gexec
ALTER TABLE customers ADD PRIMARY KEY (id);
VACUUM ANALYZE customers;
SELECT segment_kmeans('customers', 20, n_init => 1, max_iter => 10);
END

milliseconds()
{
	for _ in $(seq "$repeat"); do
		printf '\\timing on\n%s;\n' "$1" | psql -qX -v ON_ERROR_STOP=1 | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p'
	done | sort -n | sed -n "$(((repeat + 1) / 2))p"
}

echo "$rows customers, 20 segments, 30 features"
for call in "segment_report('customers')" "segment_report('customers', value => 'f1')" "segment_insights('customers')" \
	"segment_map('customers')" "segment_candidates('customers')" "segment_typical('customers')" "segment_value('customers', 'f1')"; do
	printf '%8.0f ms  %s\n' "$(milliseconds "SELECT count(*) FROM $call")" "$call"
done
echo "$(psql -qXAtc "SELECT octet_length(segment_report('customers'))") bytes a page"
