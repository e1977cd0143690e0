-- Every option of the preparation against scikit-learn, scipy and pandas, and training against scoring, on rows that
-- formulae make. The figures are in test/reference/preparation.sql; preparation.py beside it wrote them.

BEGIN;
SET client_min_messages = warning;
SET LOCAL timezone = 'Asia/Kathmandu';  -- days since 1970 are the same everywhere
\ir ../reference/judge.sql
\ir ../reference/preparation.sql

SELECT plan(5 * count(*)::integer) FROM expected_fit;
SELECT pg_temp.judge('prepared', 'id', n) FROM expected_fit ORDER BY n;

SELECT * FROM finish();
ROLLBACK;
