-- Looking at a relation before it is segmented.

CREATE FUNCTION segment_internal_count_values(
    source  regclass,
    columns text[],
    OUT column_no       integer,
    OUT rows            bigint,
    OUT missing         bigint,
    OUT distinct_values bigint
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF columns = '{}' THEN
        RETURN;
    END IF;
    -- values of any type have a text, not of any type an order
    RETURN QUERY EXECUTE format(
        'SELECT n::integer, c.rows, c.rows - c.present, c.different'
        '  FROM (SELECT count(*) AS rows, ARRAY[%s] AS present, ARRAY[%s] AS different FROM %s) a'
        ' CROSS JOIN LATERAL (SELECT a.rows, u.* FROM unnest(a.present, a.different) WITH ORDINALITY u (present, different, n)) c'
        ' ORDER BY n',
        (SELECT string_agg(format('count(%I)', c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u (c, n)),
        (SELECT string_agg(format('count(DISTINCT %I::text)', c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u (c, n)),
        source);
END
$$;

COMMENT ON FUNCTION segment_internal_count_values IS
'Internal: counts of columns of any type, from one read.';

CREATE FUNCTION segment_describe(
    source  regclass,
    columns text[] DEFAULT NULL,
    OUT column_name     text,
    OUT data_type       text,
    OUT rows            bigint,
    OUT missing         bigint,
    OUT distinct_values bigint,
    OUT mean            float8,
    OUT stddev          float8,
    OUT min             float8,
    OUT p1              float8,
    OUT p5              float8,
    OUT p25             float8,
    OUT median          float8,
    OUT p75             float8,
    OUT p95             float8,
    OUT p99             float8,
    OUT max             float8,
    OUT skewness        float8,
    OUT kurtosis        float8,
    OUT outliers        bigint
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    relname text := @extschema@.segment_internal_check_source(source);
    wanted  text[];
    figures text[];     -- columns that are numbers or booleans
    others  text[];
BEGIN
    wanted := ARRAY(SELECT unnest($2));
    PERFORM @extschema@.segment_internal_check_columns(source, wanted, 'columns');
    IF $2 IS NULL THEN
        wanted := ARRAY(SELECT c.column_name FROM @extschema@.segment_internal_columns(source) c);
    END IF;
    figures := ARRAY(SELECT c.column_name FROM @extschema@.segment_internal_columns(source) c
                      WHERE c.kind IN ('number', 'boolean') AND c.column_name = ANY (wanted));
    others := ARRAY(SELECT c.column_name FROM @extschema@.segment_internal_columns(source) c
                     WHERE c.kind NOT IN ('number', 'boolean') AND c.column_name = ANY (wanted));

    -- without columns of figures the query is NULL, and the strict function returns no rows
    RETURN QUERY
        SELECT c.column_name, c.data_type, coalesce(d.rows, o.rows), coalesce(d.missing, o.missing),
               coalesce(d.distinct_values, o.distinct_values), d.mean, d.stddev, d.min, d.p1, d.p5, d.p25, d.median,
               d.p75, d.p95, d.p99, d.max, d.skewness, d.kurtosis, d.outliers
          FROM unnest(wanted) WITH ORDINALITY w (column_name, n)
          JOIN @extschema@.segment_internal_columns(source) c ON c.column_name = w.column_name
          LEFT JOIN @extschema@.segment_internal_describe(
                        CASE WHEN figures <> '{}' THEN @extschema@.segment_internal_query(source, '{}', figures) END,
                        cardinality(figures)) d
            ON figures[d.column_no] = w.column_name
          LEFT JOIN @extschema@.segment_internal_count_values(source, others) o
            ON others[o.column_no] = w.column_name
         ORDER BY w.n;
END
$$;

COMMENT ON FUNCTION segment_describe IS
'A row a column of a relation: rows, missing values (NULL and NaN), distinct values and, for numeric and boolean columns, mean, population standard deviation, quantiles (interpolated), skewness, excess kurtosis and the number of values outside the Tukey fences.';
