-- The map of a model: a sample of its rows on those two directions.

CREATE FUNCTION segment_internal.hash(source regclass, columns text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    list  text := segment_internal.identifiers(columns);
    texts text := segment_internal.identifiers(columns, '%I::text');
BEGIN
    -- of a row of NULLs
    EXECUTE format('SELECT hash_record_extended(ROW(%1$s), 0)'
                   '  FROM (SELECT) one LEFT JOIN (SELECT %1$s FROM %2$s LIMIT 0) s ON true', list, source);
    RETURN format('hash_record_extended(ROW(%s), 0)', list);
EXCEPTION WHEN undefined_function THEN
    RETURN format('hash_record_extended(ROW(%s), 0)', texts);
END
$$;

COMMENT ON FUNCTION segment_internal.hash IS
'Internal: an expression that is a hash of columns, or of their texts if one of them has a type without a hash function.';

CREATE FUNCTION segment_internal.row_hash(m segment_internal.catalog_model, features text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- of equal rows that no key tells apart, it does not matter which has which number
    SELECT CASE $1.key WHEN '{}' THEN format('hash_record_extended(ROW(%1$s, row_number() OVER (PARTITION BY %1$s)), 0)', h) ELSE h END
      FROM segment_internal.hash($1.source, CASE $1.key WHEN '{}' THEN $2 ELSE $1.key END) h;
$$;

COMMENT ON FUNCTION segment_internal.row_hash IS
'Internal: an expression of a SELECT list that draws lots among the rows of a model''s source, by their key, else by their features.';

CREATE FUNCTION segment_internal.hash_share(share float8) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (least($1, 1)::numeric * (2 ^ 64::numeric - 1) - 2 ^ 63::numeric)::bigint;

COMMENT ON FUNCTION segment_internal.hash_share IS 'Internal: a bound that about so large a share of all hashes is below.';

CREATE FUNCTION segment_internal.hash_bound(wanted bigint, rows bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN segment_internal.hash_share((wanted + 10 * sqrt(wanted) + 10) / rows);

COMMENT ON FUNCTION segment_internal.hash_bound IS
'Internal: a bound that the smallest hashes of so many of all rows are below, by ten standard deviations. Sorting copies every row: with it the others are left out before.';

CREATE FUNCTION segment_internal.map(model_id bigint, sample integer, axes segment_internal.axes) RETURNS SETOF segment_internal.place
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.map IS 'Internal: the rows of segment_map(), on axes that segment_internal.axes() found, as the model''s owner.';

CREATE FUNCTION segment_internal.map_as_owner(model_id bigint, sample integer, axes segment_internal.axes) RETURNS SETOF segment_internal.place
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m        segment_internal.catalog_model := segment_internal.model(model_id);
    features text[] := segment_internal.model_columns(m);
    columns  text[] := m.key || ARRAY(SELECT f FROM unnest(features) f WHERE f <> ALL (m.key));
    hash     text := segment_internal.row_hash(m, features);
    hashed   text := segment_internal.unique_name('hash', '', columns);
    wanted   bigint := $2 + axes.rows_read - axes.rows;    -- skipped rows may be among the first
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT t.*'
        '  FROM (SELECT %1$s AS key, p.segment, p.x, p.y'
        '          FROM (SELECT * FROM (SELECT %2$s, %3$s AS %4$I FROM %5$s) r'
        '                 WHERE %4$I <= $4 ORDER BY %4$I LIMIT $3) s'
        '         CROSS JOIN LATERAL segment_internal.place($1, s.*, $5, $6) p'
        '         WHERE p.segment IS NOT NULL'
        '         ORDER BY s.%4$I LIMIT $2) t'
        ' ORDER BY t.key, t.segment, t.x, t.y',
        coalesce((SELECT format('jsonb_build_object(%s)', string_agg(format('%1$L, s.%1$I', c), ', ' ORDER BY n))
                    FROM unnest(m.key) WITH ORDINALITY u (c, n) HAVING count(*) > 0), 'NULL::jsonb'),
        segment_internal.identifiers(columns), hash, hashed, m.source)
       USING segment_internal.qualified(m), $2, wanted, segment_internal.hash_bound(wanted, axes.rows_read), axes.mean, axes.loading;
END
$$;

COMMENT ON FUNCTION segment_internal.map_as_owner IS 'Internal: what map returns.';

CREATE FUNCTION segment_internal.sample_map(model_id bigint, sample integer) RETURNS SETOF segment_internal.place
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    axes segment_internal.axes;
BEGIN
    IF $2 IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "sample" must not be NULL';
    ELSIF $2 NOT BETWEEN 1 AND 1000000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "sample" is %s', $2),
            HINT = 'It must be from 1 to 1000000.';
    END IF;
    axes := segment_internal.axes(model_id);
    IF axes.rows > 0 THEN
        RETURN QUERY SELECT p.* FROM segment_internal.map($1, $2, axes) p;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.sample_map IS 'Internal: segment_map of a model.';

CREATE FUNCTION @extschema@.segment_map(
    model  text,
    sample integer DEFAULT 2000,
    OUT key     jsonb,
    OUT segment integer,
    OUT x       float8,
    OUT y       float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.* FROM segment_internal.sample_map(segment_internal.model_id($1), $2) r;
END;

COMMENT ON FUNCTION @extschema@.segment_map IS
'A map of a model: a random sample of today''s rows, always the same one of the same rows, with their segments and their coordinates on the first two principal components of the prepared features. Ordered by key.';
