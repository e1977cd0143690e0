-- The live view: the source's rows, scored when it is read.

CREATE FUNCTION segment_internal.create_live(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- as many as a view can have (MaxHeapAttributeNumber)
    columns text[] := (segment_internal.readable(m.source))[:1600 - 5];
    own     text[] := segment_internal.own_names(m.name, '{segment, label, distance, second_segment, margin}', columns);
    result  regclass;
BEGIN
    EXECUTE format('CREATE %s VIEW %I.%I AS SELECT %s, (s.a).segment AS %I, p.label AS %I, (s.a).distance AS %I, (s.a).second_segment AS %I, '
                   '(s.a).margin AS %I FROM %s LEFT JOIN segment_internal.catalog_shown p ON p.profile = %L::regclass AND p.segment = (s.a).segment '
                   'WHERE (s.a).segment IS NOT NULL',
                   CASE schema WHEN 'pg_temp' THEN 'TEMPORARY' END, schema, name,
                   segment_internal.identifiers(columns, 'source.%I'), own[1], own[2], own[3], own[4], own[5],
                   segment_internal.scored_source(m, segment_internal.model_columns(m), 'a live view'), m.profile);
    result := format('%I.%I', schema, name);
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The rows of %s as they are now, with the segment that each has by the model as it is now.', m.source));
    PERFORM segment_internal.comment_columns(
        result, columns || own,
        segment_internal.source_comments(m.source, columns) ||
        segment_internal.own_comments('{segment, label, distance, second_segment, margin}'));
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_live IS
'Internal: makes the live view of a model, over the columns of the source that the caller may read.';

CREATE FUNCTION segment_internal.set_live_aside(m segment_internal.catalog_model, old segment_internal.catalog_model) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    saved jsonb := CASE WHEN old.live IS NOT NULL THEN segment_internal.save_relation(old.live) END;
BEGIN
    IF saved IS NULL OR (m.profile = old.profile AND m.source = old.source
                         AND segment_internal.model_columns(m) = segment_internal.model_columns(old)) THEN
        RETURN NULL;
    END IF;
    PERFORM segment_internal.drop_relations(ARRAY[old.live]);
    RETURN saved;
END
$$;

COMMENT ON FUNCTION segment_internal.set_live_aside IS
'Internal: drops the live view of a model that is to score by other columns or rows, and returns what it takes to make it again; NULL: it serves on, or there is none.';

CREATE FUNCTION segment_internal.restore_live(m segment_internal.catalog_model, saved jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    live regclass;
BEGIN
    IF saved IS NULL THEN
        RETURN;
    ELSIF segment_internal.group_by(m) IS NULL THEN
        live := segment_internal.create_live(m, saved ->> 'schema', saved ->> 'name');
        PERFORM segment_internal.restore_grants(live, (saved ->> 'owner')::name, saved -> 'grants');
    ELSE
        RAISE NOTICE 'view %.% is dropped: a model a group has no live view', quote_ident(saved ->> 'schema'), quote_ident(saved ->> 'name');
    END IF;
    PERFORM segment_internal.keep_live(m.model_id, live);
END
$$;

COMMENT ON FUNCTION segment_internal.restore_live IS
'Internal: makes a live view again that was set aside, with its owner and its grants, by what the model is now.';
