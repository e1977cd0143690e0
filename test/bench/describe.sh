#!/bin/bash
#
# How long segment_describe takes, against SQL's own aggregates over the same columns in one statement.
#
#   test/cluster run test/bench/describe.sh [ROWS]      1,000,000 rows by default, of 30 mixed columns
#
# The two take turns, REPEAT times (3). Prints their medians and the ratio. SETTINGS, statements such as
# "SET work_mem = '1GB';", come before both.

set -euo pipefail

rows=${1:-1000000}
repeat=${REPEAT:-3}
database=segment_describe_$$
times=$(mktemp -d)
trap 'rm -rf "$times"; psql -qXc "DROP DATABASE IF EXISTS $database" postgres' EXIT
psql -qXc "CREATE DATABASE $database" postgres
export PGDATABASE=$database

# five columns each of integers, float8, numeric, text of few and of many values, booleans and dates
psql -qX -v ON_ERROR_STOP=1 -v rows="$rows" <<'END'
CREATE EXTENSION segment;
SELECT format('CREATE TABLE mixed AS SELECT %s FROM generate_series(1::bigint, %s) i',
              string_agg(format(kind, n, format('abs(hashint8extended(i, %s) / 2)', n)), ', '), :rows)
  FROM generate_series(1, 5) n,
       unnest(ARRAY['(%2$s %% (10 ^ (1 + %1$s))::bigint)::integer AS i%1$s',
                    'CASE WHEN i %% 10 > 0 THEN %2$s / 1e18 END AS f%1$s',
                    '(%2$s %% 100000000 / 100.0)::numeric(12, 2) AS n%1$s',
                    'CASE WHEN %1$s < 4 THEN chr(65 + (%2$s %% 20)::integer) ELSE ''customer '' || %2$s END AS t%1$s',
                    '%2$s %% 3 = 0 AS b%1$s',
                    '''2000-01-01''::date + (%2$s %% 9000)::integer AS d%1$s']) kind
\gexec
VACUUM ANALYZE mixed;
END

# texts have neither mean nor quantiles: the figures of a description take their place
aggregates=$(psql -qXAt <<'END'
SELECT string_agg(format('count(%1$I), min(%2$s), max(%2$s), ' ||
           CASE t.typname WHEN 'text' THEN 'count(DISTINCT %1$I), mode() WITHIN GROUP (ORDER BY %1$I)'
           ELSE 'avg(%2$s), percentile_cont(''{.25,.5,.75}''::float8[]) WITHIN GROUP (ORDER BY %2$s)' END,
           a.attname,
           format(CASE t.typname WHEN 'bool' THEN '%I::integer' WHEN 'date' THEN '(%I - ''1970-01-01''::date)'
                  ELSE '%I' END, a.attname)), ', ' ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
 WHERE a.attrelid = 'mixed'::regclass AND a.attnum > 0
END
)

milliseconds()
{
	psql -qX -v ON_ERROR_STOP=1 -o /dev/null <<-END | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p'
		SET client_min_messages = warning;
		${SETTINGS-}
		\\timing on
		$1
	END
}

median()
{
	sort -n "$1" | sed -n "$(((repeat + 1) / 2))p"
}

for _ in $(seq "$repeat"); do
	milliseconds "SELECT $aggregates FROM mixed;" >>"$times/sql"
	milliseconds "SELECT * FROM segment_describe('mixed');" >>"$times/describe"
done
sql=$(median "$times/sql")
describe=$(median "$times/describe")
echo "$rows rows x 30 columns: SQL $sql ms, segment_describe $describe ms," \
	"ratio $(awk "BEGIN { printf \"%.2f\", $describe / $sql }")"
