-- Columns two by two.

CREATE FUNCTION @extschema@.segment_correlation(
    source  regclass,
    columns text[] DEFAULT NULL,
    method  text   DEFAULT 'pearson',
    OUT x text,
    OUT y text,
    OUT r float8
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := segment_internal.check_source(source);
    wanted  text[];
    key     text[] := segment_internal.look_key(source);
BEGIN
    PERFORM segment_internal.check_choice('argument "method"', method, '{pearson, spearman}');
    wanted := segment_internal.look_columns(source, columns, 'segment_crosstab() shows how two columns of any type go together.');
    RETURN QUERY
        SELECT c.x, c.y, c.r
          FROM segment_internal.correlation(
                   relname,
                   CASE WHEN wanted <> '{}' THEN segment_internal.look_query(source, key, wanted) END,
                   cardinality(key), wanted, method) c;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_correlation IS
'The correlation coefficient of each column of numbers with each, over the rows in which both have a value: Pearson''s, or Spearman''s of the ranks. NULL where a column does not vary.';

CREATE FUNCTION @extschema@.segment_crosstab(
    source        regclass,
    row_column    text,
    column_column text,
    OUT row_value    text,
    OUT column_value text,
    OUT rows         bigint,
    OUT share        float8,
    OUT row_share    float8,
    OUT column_share float8,
    OUT cramers_v    float8
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    PERFORM segment_internal.check_source(source);
    IF $2 IS NULL OR $3 IS NULL THEN
        RAISE null_value_not_allowed USING
            MESSAGE = format('argument "%s" must not be NULL', CASE WHEN $2 IS NULL THEN 'row_column' ELSE 'column_column' END);
    END IF;
    PERFORM segment_internal.check_columns(source, ARRAY[$2], 'row_column'),
            segment_internal.check_columns(source, ARRAY[$3], 'column_column');

    -- chi-squared by the number of rows, exactly: a cell that does not occur adds what was to be expected of it
    RETURN QUERY EXECUTE format(
        'WITH cells AS MATERIALIZED ('
        '    SELECT c.a, c.b, c.n, sum(c.n) OVER () AS total, sum(c.n) OVER (PARTITION BY c.a) AS in_row,'
        '           sum(c.n) OVER (PARTITION BY c.b) AS in_column'
        '      FROM (SELECT %1$I::text COLLATE "C" AS a, %2$I::text COLLATE "C" AS b, count(*) AS n FROM %3$s'
        '             WHERE %1$I IS NOT NULL AND %2$I IS NOT NULL GROUP BY 1, 2) c'
        '), association AS ('
        '    SELECT (sum((n * total - in_row * in_column) ^ 2 / (in_row * in_column)) + max(total) ^ 2'
        '            - sum(in_row * in_column)) / max(total) ^ 2 AS phi_squared,'
        '           least(count(DISTINCT a), count(DISTINCT b)) - 1 AS freedom'
        '      FROM cells'
        ')'
        'SELECT c.a, c.b, c.n, (c.n / c.total)::float8, (c.n / c.in_row)::float8, (c.n / c.in_column)::float8,'
        '       sqrt(a.phi_squared::float8 / nullif(a.freedom, 0))'
        '  FROM cells c CROSS JOIN association a ORDER BY c.a, c.b',
        $2, $3, source);
END
$$;

COMMENT ON FUNCTION @extschema@.segment_crosstab IS
'How often each pair of values of two columns occurs, with its share of all rows, of those of the row''s value and of the column''s, and Cramer''s V, how strongly the two go together: 0 not at all, 1 one tells the other.';
