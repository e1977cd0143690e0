-- The members: a view of the source with the segment of each row.

CREATE FUNCTION segment_internal.members_columns(m segment_internal.catalog_model, OUT columns text[], OUT own text[])
RETURNS record
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- as many as a view can have (MaxHeapAttributeNumber)
    SELECT r.columns[:1600 - 4], segment_internal.own_names($1.name, '{segment, label, distance, margin}', r.columns[:1600 - 4])
      FROM segment_internal.readable($1.source) AS r (columns);
$$;

COMMENT ON FUNCTION segment_internal.members_columns IS
'Internal: the columns of a members view: those of the source that the caller may read, then ours.';

CREATE FUNCTION segment_internal.create_members(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    shown    record := segment_internal.members_columns(m);
    columns  text[] := shown.columns;
    own      text[] := shown.own;
    total    integer := cardinality(segment_internal.readable(m.source));
    assigned text[] := (ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c))[cardinality(m.key) + 1:];
    result   regclass;
BEGIN
    IF cardinality(columns) < total THEN
        RAISE NOTICE '"%" has % of % columns of its source', name, cardinality(columns), total
            USING HINT = 'Fit a view with fewer columns to choose which.';
    END IF;
    PERFORM segment_internal.create_view(format('CREATE %s VIEW %I.%I AS SELECT %s, a.%I AS %I, p.label AS %I, a.%I AS %I, a.%I AS %I '
                   'FROM %s source JOIN %s a ON %s LEFT JOIN segment_internal.catalog_shown p ON p.%s AND p.segment = a.%I',
                   CASE schema WHEN 'pg_temp' THEN 'TEMPORARY' END, schema, name,
                   segment_internal.identifiers(columns, 'source.%I'),
                   assigned[1], own[1], own[2], assigned[2], own[3], assigned[4], own[4],
                   m.source, m.assignment,
                   segment_internal.key_match(m.source, m.key, 'source', 'a'),
                   segment_internal.shown_of(m), assigned[1]));
    result := format('%I.%I', schema, name);

    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The rows of %s as they are now, with the segment of each; rows that have none yet are not in it.', m.source));
    PERFORM segment_internal.comment_columns(
        result, columns || own,
        segment_internal.source_comments(m.source, columns) ||
        segment_internal.own_comments('{segment, label, distance, margin}'));
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_members IS
'Internal: the members view of a model, over the columns of the source that the caller may read.';

CREATE FUNCTION segment_internal.create_outputs(
    m segment_internal.catalog_model, columns text[], outputs segment_internal.outputs, assign boolean DEFAULT true
) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF m.assignment_kind = 'view' AND assign THEN
        PERFORM segment_internal.create_view(format('CREATE %s VIEW %I.%I AS %s', CASE outputs.schema WHEN 'pg_temp' THEN 'TEMPORARY' END,
                       outputs.schema, outputs.assignment, segment_internal.assignment_query(m, columns)));
        m.assignment := format('%I.%I', outputs.schema, outputs.assignment);
    END IF;
    m.profile := segment_internal.create_profile(m, outputs.schema, outputs.profile);
    IF m.assignment_kind <> 'none' THEN
        IF assign THEN
            PERFORM segment_internal.finish_assignment(m);
        END IF;
        m.members := segment_internal.create_members(m, outputs.schema, outputs.members);
    END IF;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.create_outputs IS
'Internal: makes the relations of a fitted model and returns the model with them.';
