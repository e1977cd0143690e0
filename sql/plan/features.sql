-- The features that columns become.

CREATE FUNCTION segment_internal.check_weight(source regclass, sample_weight text, hint text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
BEGIN
    IF sample_weight IS NULL THEN
        RETURN;
    END IF;
    PERFORM segment_internal.check_columns(source, ARRAY[sample_weight], 'sample_weight', hint);
    SELECT c.data_type INTO wrong
      FROM segment_internal.columns(source) c
     WHERE c.column_name = sample_weight AND c.kind <> 'number';
    IF FOUND THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which cannot weigh rows', sample_weight,
                             (SELECT c.relname FROM pg_class c WHERE c.oid = source), wrong),
            HINT = 'Name a numeric column in sample_weight.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_weight IS 'Internal: raises unless sample_weight is NULL or names a numeric column.';

CREATE FUNCTION segment_internal.categories(
    source         regclass,
    column_name    text,
    most           integer,
    min_frequency  float8,
    missing        boolean,
    OUT categories text[],
    OUT others     boolean,
    OUT nulls      boolean,
    OUT key_like   bigint
) RETURNS record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- a text that reads like the name of what we make counts as that
    EXECUTE format(
        'WITH v AS (SELECT segment_internal.category(%I::text) COLLATE "C" AS value, count(*) AS rows FROM %s GROUP BY 1),'
        '     r AS (SELECT value, rows, row_number() OVER (ORDER BY rows DESC, value) AS rank FROM v'
        '            WHERE value <> ''(other)'' AND NOT ($3 AND value = ''(missing)'')),'
        '     k AS (SELECT value, rank FROM r'
        '            WHERE rank <= $1 AND rows >= CASE WHEN $2 < 1 THEN $2 * (SELECT sum(rows) FROM v) ELSE $2 END)'
        'SELECT ARRAY(SELECT value FROM k ORDER BY rank),'
        '       count(*) FILTER (WHERE value IS NOT NULL AND NOT ($3 AND value = ''(missing)'')) > (SELECT count(*) FROM k),'
        '       $3 AND count(*) FILTER (WHERE value IS NULL OR value = ''(missing)'') > 0,'
        '       CASE WHEN max(rows) FILTER (WHERE value IS NOT NULL) = 1 THEN count(value) END'
        '  FROM v', column_name, source)
       INTO categories, others, nulls, key_like USING most, min_frequency, missing;
END
$$;

COMMENT ON FUNCTION segment_internal.categories IS
'Internal: the values of a column that become features, the most common first; whether there are others and nulls; how many values there are, if all are distinct.';

CREATE FUNCTION segment_internal.feature(name text, column_name text, part integer, encoding text) RETURNS segment_internal.preparation
LANGUAGE sql IMMUTABLE
RETURN ROW($1, $2, $3, $4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::segment_internal.preparation;

COMMENT ON FUNCTION segment_internal.feature IS 'Internal: a feature, the rules of whose preparation are still to be found.';

CREATE FUNCTION segment_internal.encode_category(source regclass, column_name text, options jsonb)
RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found  record := segment_internal.categories(source, column_name,
        (options ->> 'max_categories')::numeric::integer, (options ->> 'min_frequency')::float8,
        options ->> 'missing' = 'category');
    width  integer := cardinality(found.categories);
    result segment_internal.recipe;
BEGIN
    IF found.key_like > 2 AND (SELECT t.typcategory = 'S'
                                 FROM segment_internal.columns(source) c
                                 JOIN pg_type t ON t.oid = c.base_type
                                WHERE c.column_name = $2) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('column "%s" of relation "%s" looks like a key: its %s values are all distinct',
                             column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = source), found.key_like),
            HINT = 'Leave it out of features, or make groups of its values in a view.';
    END IF;
    SELECT ARRAY[ROW(column_name, 'category', 1, found.categories)::segment_internal.source_column],
           array_agg(segment_internal.feature(column_name || '=' || e.name, column_name, e.n, e.encoding) ORDER BY e.n)
      INTO result.columns, result.features
      FROM (SELECT u.n::integer, u.name, 'category' AS encoding FROM unnest(found.categories) WITH ORDINALITY u (name, n)
             UNION ALL SELECT width + 1, '(other)', 'other' WHERE found.others
             UNION ALL SELECT width + 2, '(missing)', 'missing' WHERE found.nulls) e;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode_category IS
'Internal: a feature a value of the column, then one for all others and one for missing values, where there are such.';

CREATE FUNCTION segment_internal.encode_array(source regclass, column_name text) RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    width  integer;
    result segment_internal.recipe;
BEGIN
    EXECUTE format('SELECT cardinality(%1$I) FROM %2$s WHERE %1$I IS NOT NULL LIMIT 1', column_name, source) INTO width;
    SELECT ARRAY[ROW(column_name, 'array', coalesce(width, 0), '{}')::segment_internal.source_column],
           array_agg(segment_internal.feature(format('%s[%s]', column_name, i), column_name, i, 'element') ORDER BY i)
      INTO result.columns, result.features
      FROM generate_series(1, width) i;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode_array IS 'Internal: a feature an element of the column''s arrays.';

CREATE FUNCTION segment_internal.encode_vector(source regclass, column_name text) RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    width  integer;
    result segment_internal.recipe;
BEGIN
    EXECUTE format('SELECT segment_internal.dimensions(%1$L, %1$I) FROM %2$s WHERE %1$I IS NOT NULL LIMIT 1', column_name, source) INTO width;
    IF width IS NOT NULL THEN
        result.columns := ARRAY[ROW(column_name, 'vector', width, '{}')::segment_internal.source_column];
        result.features := ARRAY[segment_internal.feature(column_name, column_name, 1, 'vector')];
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode_vector IS 'Internal: one feature, which the engine takes apart into the dimensions of the column''s vectors.';

CREATE FUNCTION segment_internal.encode(source regclass, choice segment_internal.choice[], options jsonb)
RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result  segment_internal.recipe;
    input   segment_internal.choice;
    encoded segment_internal.recipe;
BEGIN
    FOREACH input IN ARRAY choice LOOP
        CONTINUE WHEN input.reason IS NOT NULL;
        IF input.kind = 'category' THEN
            encoded := segment_internal.encode_category(source, input.column_name,
                                                        options || coalesce(options -> 'feature_options' -> input.column_name, '{}'));
        ELSIF input.kind = 'array' THEN
            encoded := segment_internal.encode_array(source, input.column_name);
        ELSIF input.kind = 'vector' THEN
            encoded := segment_internal.encode_vector(source, input.column_name);
        ELSE
            encoded.columns := ARRAY[ROW(input.column_name, 'number', 1, '{}')::segment_internal.source_column];
            encoded.features := ARRAY[segment_internal.feature(input.column_name, input.column_name, 1,
                                                               CASE input.kind WHEN 'date' THEN 'days' ELSE input.kind END)];
        END IF;
        result.columns := result.columns || encoded.columns;
        result.features := result.features || encoded.features;
    END LOOP;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode IS
'Internal: the columns chosen and the features that they become, without the rules of their preparation.';
