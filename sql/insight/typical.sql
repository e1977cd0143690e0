-- The rows that stand for a segment.

CREATE FUNCTION segment_internal.typical(model_id bigint, rows integer) RETURNS SETOF segment_internal.typical
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.typical IS 'Internal: segment_typical of a model, as its owner.';

CREATE FUNCTION segment_internal.typical_as_owner(model_id bigint, rows integer) RETURNS SETOF segment_internal.typical
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m    segment_internal.catalog_model := segment_internal.model(model_id);
    own  text[];
    columns text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(m.source) c
                             WHERE c.column_name = ANY (m.columns) AND c.kind <> 'vector' ORDER BY array_position(m.columns, c.column_name));
    keys text;
    nth  text;
BEGIN
    IF $2 IS NULL OR $2 NOT BETWEEN 1 AND 1000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "rows" is %s', coalesce($2::text, 'NULL')),
            HINT = 'It must be from 1 to 1000.';
    ELSIF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
        RAISE undefined_table USING
            MESSAGE = format('model "%s" has no assignment, which tells the distance of each row', m.name),
            HINT = 'Fit it with a key, and assignment => ''table'' or ''view''.';
    ELSIF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.source) THEN
        RAISE undefined_table USING
            MESSAGE = format('the source of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew on another relation.';
    END IF;
    own := ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c);
    keys := segment_internal.identifiers(m.key, 'a.%I');
    nth := segment_internal.unique_name('segment_rank', '', own);

    -- those of the first rows that are nearest tell how near the nearest of all are at least: few others are sorted
    RETURN QUERY EXECUTE format(
        'WITH bound AS ('
        '    SELECT b.segment, max(b.distance) AS distance'
        '      FROM (SELECT a.%1$I AS segment, a.%2$I AS distance, row_number() OVER (PARTITION BY a.%1$I ORDER BY a.%2$I) AS n'
        '              FROM (SELECT * FROM %3$s LIMIT 5000) a) b'
        '     WHERE b.n <= $1 GROUP BY b.segment HAVING count(*) = $1'
        '), nearest AS MATERIALIZED ('
        '    SELECT r.* FROM (SELECT a.*, row_number() OVER (PARTITION BY a.%1$I ORDER BY a.%2$I, %4$s) AS %9$I'
        '                       FROM %3$s a LEFT JOIN bound b ON b.segment = a.%1$I'
        '                      WHERE b.distance IS NULL OR a.%2$I <= b.distance) r'
        '     WHERE r.%9$I <= $1'
        ')'
        'SELECT n.%1$I, n.%9$I::integer, jsonb_build_object(%5$s), n.%2$I, jsonb_build_object(%6$s)'
        '  FROM nearest n JOIN %7$s source ON %8$s ORDER BY n.%1$I, n.%9$I',
        own[cardinality(m.key) + 1], own[cardinality(m.key) + 2], m.assignment, keys,
        segment_internal.identifiers(m.key, '%1$L, n.%1$I'),
        segment_internal.identifiers(columns[:50], '%1$L, source.%1$I'),
        m.source, segment_internal.key_match(m.source, m.key, 'source', 'n'), nth)
        USING $2;
END
$$;

COMMENT ON FUNCTION segment_internal.typical_as_owner IS 'Internal: what segment_typical returns.';

CREATE FUNCTION @extschema@.segment_typical(
    model  text,
    rows   integer DEFAULT 3,
    OUT segment  integer,
    OUT rank     integer,
    OUT key      jsonb,
    OUT distance real,
    OUT customer jsonb
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT t.* FROM segment_internal.typical(segment_internal.model_id($1), $2) t;
END;

COMMENT ON FUNCTION @extschema@.segment_typical IS
'The rows nearest to the centroid of each segment, nearest first, so many of each: their keys, distances, and today''s values of the columns that the model clusters on (of the first fifty that are no vectors).';
