-- Values that lie far out.

CREATE FUNCTION @extschema@.segment_outliers(
    source    regclass,
    columns   text[] DEFAULT NULL,
    method    text   DEFAULT 'iqr',
    threshold float8 DEFAULT NULL,
    OUT key         jsonb,
    OUT column_name text,
    OUT value       float8,
    OUT lower       float8,
    OUT upper       float8
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET jit = off AS $$
#variable_conflict use_column
DECLARE
    relname     text := segment_internal.check_source(source);
    wanted      text[];
    key_columns text[] := segment_internal.look_key(source);
    key_object  text;
    parts       text := '';
    fence       record;
BEGIN
    PERFORM segment_internal.check_choice('argument "method"', $3, '{iqr, zscore}');
    IF NOT $4 BETWEEN 0 AND 1e300 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "threshold" is %s', $4),
            HINT = 'It must be a number, at least 0.';
    END IF;
    wanted := segment_internal.look_columns(source, $2, 'segment_describe() counts the values of a column of any type.');
    key_object := (SELECT format('jsonb_build_object(%s)', string_agg(format('%1$L, %1$I', c), ', ' ORDER BY n))
                     FROM unnest(key_columns) WITH ORDINALITY u (c, n)
                   HAVING count(*) > 0);

    FOR fence IN
        SELECT d.column_no, wanted[d.column_no] AS name, d.min, d.max, d.lower, d.upper, d.outliers
          FROM segment_internal.describe(
                   relname,
                   CASE WHEN wanted <> '{}' THEN segment_internal.look_query(source, key_columns, wanted) END,
                   cardinality(key_columns), wanted, array_fill(false, ARRAY[cardinality(wanted)]), $3,
                   coalesce($4, CASE $3 WHEN 'iqr' THEN 1.5 ELSE 3 END), false) d
         ORDER BY d.column_no
    LOOP
        IF fence.min = '-Infinity' OR fence.max = 'Infinity' THEN
            RAISE numeric_value_out_of_range USING
                MESSAGE = format('column "%s" of relation "%s" has infinite values', fence.name, relname),
                HINT = 'Look at a view that leaves them out.';
        ELSIF fence.outliers > 0 THEN
            parts := parts || format(
                '%1$s SELECT s.key, %2$s AS n, %3$L AS column_name, s.value, %4$L::float8 AS lower, %5$L::float8 AS upper'
                '       FROM (SELECT %6$s AS key, segment_internal.number(%3$I) AS value FROM source) s'
                '      WHERE s.value < %4$L::float8 OR (s.value > %5$L::float8 AND s.value <> ''NaN'')',
                CASE WHEN parts <> '' THEN ' UNION ALL' ELSE '' END, fence.column_no, fence.name, fence.lower,
                fence.upper, coalesce(key_object, 'NULL::jsonb'));
        END IF;
    END LOOP;
    IF parts = '' THEN
        RETURN;
    END IF;

    -- a view is not asked once a column
    RETURN QUERY EXECUTE format(
        'WITH source AS %s (SELECT %s FROM %s) SELECT o.key, o.column_name, o.value, o.lower, o.upper FROM (%s) o'
        ' ORDER BY o.n, o.value, o.key',
        (SELECT CASE WHEN c.relkind IN ('v', 'f') THEN 'MATERIALIZED' ELSE 'NOT MATERIALIZED' END
           FROM pg_class c WHERE c.oid = source),
        (SELECT string_agg(format('%I', c), ', ') FROM (SELECT unnest(key_columns) UNION SELECT unnest(wanted)) u (c)),
        source, parts);
END
$$;

COMMENT ON FUNCTION @extschema@.segment_outliers IS
'A row a value of a column of numbers that lies beyond the fences: so many interquartile ranges outside the quartiles (iqr), or so many standard deviations from the mean (zscore).';
