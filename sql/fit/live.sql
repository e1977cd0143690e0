-- The live view: the source's rows, scored when it is read.

CREATE FUNCTION segment_internal.create_live(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- as many as a view can have (MaxHeapAttributeNumber)
    columns text[] := (segment_internal.readable(m.source))[:1600 - 5];
    own     text[] := segment_internal.own_names(m.name, '{segment, label, distance, second_segment, margin}', columns);
    result  regclass;
BEGIN
    PERFORM segment_internal.create_view(format('CREATE %1$s VIEW %2$I.%3$I AS SELECT %4$s, %12$s.segment AS %5$I, p.label AS %6$I, %12$s.distance AS %7$I, %12$s.second_segment AS %8$I, '
                   '%12$s.margin AS %9$I FROM %10$s LEFT JOIN segment_internal.catalog_shown p ON p.%11$s AND p.segment = %12$s.segment '
                   'WHERE %12$s.segment IS NOT NULL',
                   CASE schema WHEN 'pg_temp' THEN 'TEMPORARY' END, schema, name,
                   segment_internal.identifiers(columns, 'source.%I'), own[1], own[2], own[3], own[4], own[5],
                   segment_internal.scored_source(m, segment_internal.model_columns(m), 'a live view'), segment_internal.shown_of(m), segment_internal.scored(m)));
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
