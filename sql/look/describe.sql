-- Columns one by one.

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

COMMENT ON FUNCTION segment_internal.number_text IS 'Internal: the text of a value of a type that is read as a number.';

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
    OUT most_common_share float8,
    OUT bar               text
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
               d.most_common_share,
               CASE WHEN d.token THEN segment_internal.text_bar(d.most_common_share, 1)
                    WHEN d.min = 0 AND d.max = 1 AND d.distinct_values = 2 OR c.kind = 'boolean' THEN segment_internal.text_bar(d.mean, 1)
                    ELSE segment_internal.text_box(ARRAY[d.p1, d.p5, d.p25, d.median, d.p75, d.p95, d.p99]) END
          FROM described d
          JOIN segment_internal.columns(source) c ON c.column_name = d.name
          LEFT JOIN (SELECT u.* FROM text, unnest(text.column_no, text.value) u (n, value)) t ON t.n = d.column_no
         ORDER BY d.column_no;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_describe IS
'A row a column of a relation: rows, missing values (NULL and NaN), distinct values, the most common one and its share, and for numbers, booleans, dates and intervals mean, population standard deviation, quantiles (interpolated), skewness, excess kurtosis and the number of values outside the Tukey fences. bar: of numbers a box plot from p1 to p99, with a line from p5 to p95, a box from p25 to p75 and a mark at the median; of booleans and of numbers that are 0 or 1 the share that is, of others that of the most common value.';

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
