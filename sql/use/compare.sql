-- Two models of the same customers beside each other.

CREATE FUNCTION segment_internal.check_same_key(a segment_internal.catalog_model, b segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model;
    differ record;
BEGIN
    FOREACH m IN ARRAY ARRAY[a, b] LOOP
        IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
            RAISE undefined_table USING
                MESSAGE = format('model "%s" has no assignment, which tells the segment of each row', m.name),
                HINT = 'Fit it with a key, and assignment => ''table'' or ''view''.';
        END IF;
    END LOOP;
    IF NOT (a.key <@ b.key AND b.key <@ a.key) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('models "%s" and "%s" have different keys', a.name, b.name),
            DETAIL = format('The key of "%s" is (%s), that of "%s" (%s).', a.name, segment_internal.identifiers(a.key),
                            b.name, segment_internal.identifiers(b.key)),
            HINT = 'Fit both with the same columns in key => ''{...}''; a view can give them the same names.';
    END IF;
    SELECT x.column_name, x.data_type AS type, y.data_type AS other INTO differ
      FROM segment_internal.columns(a.assignment) x
      JOIN segment_internal.columns(b.assignment) y ON y.column_name = x.column_name
     WHERE x.column_name = ANY (a.key) AND x.base_type <> y.base_type AND NOT (x.kind = y.kind AND x.kind IN ('number', 'category'))
     ORDER BY x.column_no
     LIMIT 1;
    IF FOUND THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('models "%s" and "%s" have keys of different types', a.name, b.name),
            DETAIL = format('Column "%s" has type %s in "%s" and type %s in "%s".', differ.column_name, differ.type, a.name, differ.other, b.name),
            HINT = 'Cast it in a view, and fit that.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_same_key IS 'Internal: raises unless two models have assignments with the same key columns.';

CREATE FUNCTION segment_internal.assigned_segment(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT (array_agg(c.column_name ORDER BY c.column_no))[cardinality(($1).key) + 1] FROM segment_internal.columns(($1).assignment) c;
END;

COMMENT ON FUNCTION segment_internal.assigned_segment IS 'Internal: the column of an assignment that has the segment.';

CREATE FUNCTION segment_internal.contingency(
    model_a bigint,
    model_b bigint,
    OUT segment_a integer,
    OUT segment_b integer,
    OUT rows      bigint
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    a segment_internal.catalog_model := segment_internal.model(model_a);
    b segment_internal.catalog_model := segment_internal.model(model_b);
BEGIN
    PERFORM segment_internal.check_same_key(a, b);
    RETURN QUERY EXECUTE format(
        'SELECT a.%1$I, b.%2$I, count(*) FROM %3$s a JOIN %4$s b ON %5$s GROUP BY 1, 2 ORDER BY 1, 2',
        segment_internal.assigned_segment(a), segment_internal.assigned_segment(b), a.assignment, b.assignment,
        (SELECT string_agg(CASE WHEN x.base_type = y.base_type THEN format('a.%1$I %2$s b.%1$I', x.column_name, segment_internal.equality(x.base_type))
                                WHEN x.kind = 'number' THEN format('a.%1$I = b.%1$I', x.column_name)
                                ELSE format('a.%1$I::text = b.%1$I::text', x.column_name) END, ' AND ' ORDER BY x.column_no)
           FROM segment_internal.columns(a.assignment) x
           JOIN segment_internal.columns(b.assignment) y ON y.column_name = x.column_name
          WHERE x.column_name = ANY (a.key)));
END
$$;

COMMENT ON FUNCTION segment_internal.contingency IS 'Internal: segment_contingency of two models, with the rights of the caller.';

CREATE FUNCTION @extschema@.segment_contingency(
    model_a text,
    model_b text,
    OUT segment_a integer,
    OUT segment_b integer,
    OUT rows      bigint
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.* FROM segment_internal.contingency(segment_internal.model_id($1), segment_internal.model_id($2)) c;
END;

COMMENT ON FUNCTION @extschema@.segment_contingency IS
'How many rows are in each segment of one model and each of another, over the keys that both assignments have; pairs of segments without common rows are left out. The caller needs SELECT on both assignments.';

CREATE FUNCTION @extschema@.segment_compare(
    model_a text,
    model_b text,
    OUT metric text,
    OUT value  float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH cell AS MATERIALIZED (
        SELECT c.segment_a AS a, c.segment_b AS b, c.rows,
               sum(c.rows) OVER ()::float8 AS n, sum(c.rows) OVER (PARTITION BY c.segment_a)::float8 AS rows_a,
               sum(c.rows) OVER (PARTITION BY c.segment_b)::float8 AS rows_b
          FROM segment_internal.contingency(segment_internal.model_id($1), segment_internal.model_id($2)) c
    ), figures AS (
        -- of segments and of both together, in nats; sums in an order of their own
        SELECT (SELECT -sum(s.rows_a / s.n * ln(s.rows_a / s.n) ORDER BY s.a) FROM (SELECT DISTINCT c.a, c.rows_a, c.n FROM cell c) s) AS entropy_a,
               (SELECT -sum(s.rows_b / s.n * ln(s.rows_b / s.n) ORDER BY s.b) FROM (SELECT DISTINCT c.b, c.rows_b, c.n FROM cell c) s) AS entropy_b,
               sum(c.rows / c.n * ln(c.rows / c.rows_a * (c.n / c.rows_b)) ORDER BY c.a, c.b) AS information,
               segment_internal.rand_index(c.a, c.b, c.rows) AS rand_index, coalesce(sum(c.rows), 0)::float8 AS rows
          FROM cell c
    )
    SELECT v.metric, v.value
      FROM figures f
     CROSS JOIN LATERAL (VALUES
               (1, 'adjusted_rand', f.rand_index),
               (2, 'normalized_mutual_information',
                   CASE WHEN f.rows = 0 THEN NULL WHEN f.entropy_a + f.entropy_b = 0 THEN 1 WHEN f.information < 2.220446049250313e-16 THEN 0
                        ELSE least(2 * f.information / (f.entropy_a + f.entropy_b), 1) END),
               (3, 'common_rows', f.rows)) v (n, metric, value)
     ORDER BY v.n;
END;

COMMENT ON FUNCTION @extschema@.segment_compare IS
'How far two models agree, over the keys that both assignments have: adjusted_rand as segment_rand_index gives it; normalized_mutual_information, from 0 for models that say nothing of each other to 1 for those that are the same but for their numbers, divided by the mean of the two entropies as scikit-learn does; common_rows, how many keys both have. Without common rows the first two are NULL.';
