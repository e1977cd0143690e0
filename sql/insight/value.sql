-- What segments are worth.

CREATE FUNCTION segment_internal.value(model_id bigint, value text) RETURNS SETOF segment_internal.worth
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NOT NULL THEN
        RETURN QUERY SELECT w.* FROM segment_internal.worth_of(model_id, value) w;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.value IS 'Internal: segment_value of a model; nothing without a column.';

CREATE FUNCTION segment_internal.worth_of(model_id bigint, value text) RETURNS SETOF segment_internal.worth
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_members';

COMMENT ON FUNCTION segment_internal.worth_of IS 'Internal: what the segments of a model are worth, as its owner.';

CREATE FUNCTION segment_internal.check_members(m segment_internal.catalog_model, names text[], argument text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.members) THEN
        RAISE undefined_table USING
            MESSAGE = format('model "%s" has no members view, which tells the segment of each row', m.name),
            HINT = 'Fit it with a key, and assignment => ''table'' or ''view''.';
    END IF;
    PERFORM segment_internal.check_columns(m.members, names, argument);
END
$$;

COMMENT ON FUNCTION segment_internal.check_members IS 'Internal: raises unless a model has a members view with these columns, each named once.';

CREATE FUNCTION segment_internal.members_query(m segment_internal.catalog_model, column_no integer) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- the last four columns of the view are ours, the first of them the segment
    SELECT format('SELECT m.%I AS segment, m.%I AS value FROM %s m', (array_agg(c.column_name ORDER BY c.column_no DESC))[4],
                  min(c.column_name) FILTER (WHERE c.column_no = $2), ($1).members)
      FROM segment_internal.columns(($1).members) c;
$$;

COMMENT ON FUNCTION segment_internal.members_query IS 'Internal: a SELECT of the segment and one column of each member, for whoever runs as the owner of a model.';

CREATE FUNCTION segment_internal.worth_of_as_owner(model_id bigint, value text) RETURNS SETOF segment_internal.worth
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    members text;
    wanted  record;
BEGIN
    PERFORM segment_internal.check_members(m, ARRAY[$2], 'value');
    SELECT c.* INTO wanted FROM segment_internal.columns(m.members) c WHERE c.column_name = $2;
    IF wanted.kind <> 'number' AND wanted.base_type <> 'money'::regtype THEN
        RAISE wrong_object_type USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which is not a number', $2,
                             (SELECT c.relname FROM pg_class c WHERE c.oid = m.members), wanted.data_type),
            HINT = 'Name a column of what customers are worth, such as their spend.';
    END IF;

    members := segment_internal.members_query(m, wanted.column_no);
    -- sums of numeric do not depend on the order of rows
    RETURN QUERY EXECUTE format(
        'SELECT s.segment, s.label, coalesce(v.rows, 0), coalesce(v.rows / nullif(sum(v.rows) OVER (), 0), 0)::float8,'
        '       v.total::float8, v.average::float8, '
        '       (CASE WHEN v.all_total > 0 AND v.all_total < ''Infinity'' THEN v.total / v.all_total END)::float8'
        '  FROM segment_internal.catalog_segment s'
        '  LEFT JOIN (SELECT m.segment, count(*) AS rows, sum(%1$s)::numeric AS total, avg(%1$s)::numeric AS average,'
        '                    sum(sum(%1$s)::numeric) OVER () AS all_total'
        '               FROM (%2$s) m GROUP BY 1) v ON v.segment = s.segment'
        ' WHERE s.model_id = %3$s ORDER BY s.segment',
        CASE WHEN wanted.base_type IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype) THEN 'm.value'
             ELSE 'nullif(m.value::numeric, ''NaN'')' END,
        members, m.model_id);
END
$$;

COMMENT ON FUNCTION segment_internal.worth_of_as_owner IS 'Internal: what worth_of returns.';

CREATE FUNCTION segment_internal.given(argument text, value text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = format('argument "%s" must not be NULL', argument);
    END IF;
    RETURN value;
END
$$;

COMMENT ON FUNCTION segment_internal.given IS 'Internal: the value of an argument; an error if it is NULL.';

CREATE FUNCTION @extschema@.segment_value(
    model text,
    value text,
    OUT segment     integer,
    OUT label       text,
    OUT rows        bigint,
    OUT share       float8,
    OUT value_sum   float8,
    OUT value_avg   float8,
    OUT value_share float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT v.* FROM segment_internal.value(segment_internal.model_id($1), segment_internal.given('value', $2)) v;
END;

COMMENT ON FUNCTION @extschema@.segment_value IS
'What the segments of a model are worth, by today''s sums of a numeric column of its members: their shares of the rows and of the value; value_share is NULL where all values together are not positive, or infinite.';
