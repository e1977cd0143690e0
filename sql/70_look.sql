-- Looking at a relation before it is segmented. A column is a number, which may be a boolean, a date or an interval, or
-- else known by its text. The engine's functions read numbers; a text comes to them as a token that stands for it.
--
-- Where a query has an expression or a branch for each of many columns, compiling it (jit) takes longer than running it
-- and cannot be cancelled.

CREATE FUNCTION segment_internal.is_number(kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN $1 IN ('number', 'boolean', 'date', 'interval');

COMMENT ON FUNCTION segment_internal.is_number IS
'Internal: are the values of columns of this kind, one of segment_internal.columns, read as numbers?';

CREATE FUNCTION segment_internal.look_columns(source regclass, columns text[], hint text) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key   text[];
    wrong record;
BEGIN
    IF columns IS NULL THEN
        key := segment_internal.key(source, NULL, false);
        RETURN ARRAY(SELECT c.column_name
                       FROM segment_internal.columns(source) c
                      WHERE segment_internal.is_number(c.kind) AND c.column_name <> ALL (key)
                        AND c.column_name = ANY (segment_internal.readable(source))
                      ORDER BY c.column_no);
    END IF;
    PERFORM segment_internal.check_columns(source, columns, 'columns');
    SELECT c.column_name, c.data_type INTO wrong
      FROM unnest(columns) WITH ORDINALITY u (name, n)
      JOIN segment_internal.columns(source) c ON c.column_name = u.name
     WHERE NOT segment_internal.is_number(c.kind)
     ORDER BY u.n
     LIMIT 1;
    IF FOUND THEN
        RAISE wrong_object_type USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which is not a number',
                             wrong.column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = source), wrong.data_type),
            HINT = hint;
    END IF;
    RETURN ARRAY(SELECT unnest(columns));
END
$$;

COMMENT ON FUNCTION segment_internal.look_columns IS
'Internal: columns of numbers to look at: as given, else all but the key.';

CREATE FUNCTION segment_internal.look_key(source regclass) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN bool_and(has_column_privilege($1, c, 'SELECT')) THEN array_agg(c ORDER BY n) ELSE '{}' END
      FROM unnest(segment_internal.key($1, NULL, false)) WITH ORDINALITY u (c, n);
$$;

COMMENT ON FUNCTION segment_internal.look_key IS
'Internal: the key columns of a relation, none where there is no key or the caller may not read it.';

CREATE FUNCTION segment_internal.look_query(source regclass, key text[], columns text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('SELECT %s FROM %s', string_agg(e.expression, ', ' ORDER BY e.part, e.n), $1)
      FROM (SELECT 1 AS part, u.n, format('%I', u.c) AS expression FROM unnest($2) WITH ORDINALITY u (c, n)
             UNION ALL
            SELECT 2, u.n, format(CASE WHEN segment_internal.is_number(c.kind) THEN '%1$I'
                                  ELSE 'segment_internal.token(%1$I::text)' END, u.c)
              FROM unnest($3) WITH ORDINALITY u (c, n)
              JOIN segment_internal.columns($1) c ON c.column_name = u.c) e;
$$;

COMMENT ON FUNCTION segment_internal.look_query IS
'Internal: the SELECT of the key columns and of columns as numbers or tokens.';

CREATE FUNCTION segment_internal.number_text(value float8, base_type regtype) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN $1 IN ('Infinity', '-Infinity')
                     AND $2 IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype, 'interval'::regtype)
                THEN lower($1::text)
                WHEN $2 = 'boolean'::regtype THEN ($1 <> 0)::text
                WHEN $2 = 'date'::regtype THEN ('1970-01-01'::date + $1::integer)::text
                WHEN $2 = 'timestamp'::regtype THEN ('1970-01-01'::timestamp + $1 * interval '1 day')::text
                WHEN $2 = 'timestamptz'::regtype THEN to_timestamp($1 * 86400)::text
                WHEN $2 = 'interval'::regtype AND abs($1) < 2e9 THEN ($1 * interval '1 day')::text
                WHEN $2 = 'interval'::regtype THEN $1::text || ' days'
                WHEN $2 = 'real'::regtype THEN $1::real::text
                WHEN $2 = 'bigint'::regtype AND abs($1) < 9e18 THEN $1::bigint::text
                ELSE $1::text END;
END;

COMMENT ON FUNCTION segment_internal.number_text IS
'Internal: the text of a value of a type that is read as a number.';

CREATE FUNCTION segment_internal.most_common(source regclass, columns text[], tokens text[], everything boolean[], rows bigint[])
RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result text[];
BEGIN
    IF columns IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT ARRAY[%s] FROM %s',
        (SELECT string_agg(format(
                    CASE WHEN u.everything THEN 'min(%1$I::text COLLATE "C")'
                         WHEN u.tokens IS NOT NULL THEN
                             'min(%1$I::text COLLATE "C") FILTER (WHERE segment_internal.token(%1$I::text) = ANY (%2$L::float8[]))'
                         ELSE '(SELECT min(v) FROM (SELECT %1$I::text COLLATE "C" AS v FROM %3$s GROUP BY 1 HAVING count(%1$I) = %4$s) g)'
                    END, u.c, u.tokens, source, u.rows), ', ' ORDER BY u.n)
           FROM unnest(columns, tokens, everything, rows) WITH ORDINALITY u (c, tokens, everything, rows, n)),
        source) INTO result;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.most_common IS
'Internal: for each column the first text, from one more read, of everything, or else of those that tokens stand for, or else of those that so many rows have.';

CREATE FUNCTION @extschema@.segment_describe(
    source  regclass,
    columns text[] DEFAULT NULL,
    OUT column_name       text,
    OUT data_type         text,
    OUT rows              bigint,
    OUT missing           bigint,
    OUT distinct_values   bigint,
    OUT mean              float8,
    OUT stddev            float8,
    OUT min               float8,
    OUT p1                float8,
    OUT p5                float8,
    OUT p25               float8,
    OUT median            float8,
    OUT p75               float8,
    OUT p95               float8,
    OUT p99               float8,
    OUT max               float8,
    OUT skewness          float8,
    OUT kurtosis          float8,
    OUT outliers          bigint,
    OUT most_common       text,
    OUT most_common_share float8
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET jit = off AS $$
#variable_conflict use_column
DECLARE
    relname text := segment_internal.check_source(source);
    wanted  text[] := ARRAY(SELECT unnest($2));
    key     text[] := segment_internal.look_key(source);
    token   boolean[];
BEGIN
    PERFORM segment_internal.check_columns(source, wanted, 'columns');
    IF $2 IS NULL THEN
        wanted := segment_internal.readable(source);
    END IF;
    IF wanted = '{}' THEN
        RETURN;
    END IF;
    token := ARRAY(SELECT NOT segment_internal.is_number(c.kind)
                     FROM unnest(wanted) WITH ORDINALITY w (column_name, n)
                     JOIN segment_internal.columns(source) c ON c.column_name = w.column_name
                    ORDER BY w.n);

    RETURN QUERY
        WITH described AS MATERIALIZED (
            SELECT d.*, wanted[d.column_no] AS name, token[d.column_no] AS token, d.rows - d.missing AS present
              FROM segment_internal.describe(
                       relname, segment_internal.look_query(source, key, wanted), cardinality(key), wanted,
                       token, 'iqr', 1.5, true) d
        ), text AS MATERIALIZED (
            SELECT array_agg(d.column_no ORDER BY d.column_no) AS column_no,
                   segment_internal.most_common(
                       source, array_agg(d.name ORDER BY d.column_no),
                       array_agg(CASE WHEN d.most_common_ties <= 64 THEN d.most_common::text END ORDER BY d.column_no),
                       array_agg(d.most_common_ties = d.distinct_values ORDER BY d.column_no),
                       array_agg(round(d.most_common_share * d.present)::bigint ORDER BY d.column_no)) AS value
              FROM described d
             WHERE d.token AND d.most_common IS NOT NULL
        )
        SELECT d.name, c.data_type, d.rows, d.missing, d.distinct_values, d.mean, d.stddev, d.min, d.p1, d.p5, d.p25,
               d.median, d.p75, d.p95, d.p99, d.max, d.skewness, d.kurtosis, d.outliers,
               CASE WHEN d.token THEN t.value ELSE segment_internal.number_text(d.most_common[1], c.base_type) END,
               d.most_common_share
          FROM described d
          JOIN segment_internal.columns(source) c ON c.column_name = d.name
          LEFT JOIN (SELECT u.* FROM text, unnest(text.column_no, text.value) u (n, value)) t ON t.n = d.column_no
         ORDER BY d.column_no;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_describe IS
'A row a column of a relation: rows, missing values (NULL and NaN), distinct values, the most common one and its share, and for numbers, booleans, dates and intervals mean, population standard deviation, quantiles (interpolated), skewness, excess kurtosis and the number of values outside the Tukey fences.';

CREATE FUNCTION @extschema@.segment_histogram(
    source      regclass,
    column_name text,
    bins        integer DEFAULT 20,
    OUT bin   integer,
    OUT lower float8,
    OUT upper float8,
    OUT rows  bigint
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    relname text := segment_internal.check_source(source);
    value   text;
    least   float8;
    most    float8;
    edges   float8[];
BEGIN
    IF $2 IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "column_name" must not be NULL';
    END IF;
    PERFORM segment_internal.look_columns(
        source, ARRAY[$2], 'segment_describe() counts its values, segment_crosstab() those of two columns.');
    IF $3 IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "bins" must not be NULL';
    ELSIF $3 NOT BETWEEN 1 AND 10000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "bins" is %s', $3),
            HINT = 'It must be from 1 to 10000.';
    END IF;

    value := format('segment_internal.number(%I)', $2);
    EXECUTE format('SELECT min(x), max(x) FROM (SELECT %s AS x FROM %s) s WHERE x <> ''NaN''', value, source)
       INTO least, most;
    IF least = '-Infinity' OR most = 'Infinity' THEN
        RAISE numeric_value_out_of_range USING
            MESSAGE = format('column "%s" of relation "%s" has infinite values', $2, relname),
            HINT = 'Look at a view that leaves them out.';
    ELSIF least IS NULL THEN
        RETURN;
    ELSIF least = most THEN
        least := least - 0.5;
        most := most + 0.5;
    END IF;

    -- where the range is beyond that of doubles, so is the step
    edges := ARRAY(SELECT CASE WHEN n = $3 THEN most
                               WHEN most / 2 - least / 2 < 8e307 THEN n * ((most - least) / $3) + least
                               ELSE least * (1 - n / $3::float8) + most * (n / $3::float8) END
                     FROM generate_series(0, $3) n);
    RETURN QUERY EXECUTE format(
        'SELECT b, $1[b], $1[b + 1], coalesce(c.rows, 0)'
        '  FROM generate_series(1, $2) b'
        '  LEFT JOIN (SELECT least(width_bucket(x, $1), $2) AS b, count(*) AS rows'
        '               FROM (SELECT %s AS x FROM %s) s WHERE x <> ''NaN'' GROUP BY 1) c USING (b)'
        ' ORDER BY b', value, source)
       USING edges, $3;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_histogram IS
'How many values of a column of numbers fall into each of so many bins of equal width from its least to its greatest value; a bin includes its lower edge, the last one also the upper.';

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
