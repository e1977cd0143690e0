-- Dropping a model.

CREATE FUNCTION segment_internal.freeze(view regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    saved  jsonb := segment_internal.save_relation(view);
    frozen regclass;
BEGIN
    EXECUTE format('ALTER VIEW %s RENAME TO %I', view, segment_internal.fresh_name());
    EXECUTE format('CREATE TABLE %I.%I AS SELECT * FROM %s', saved ->> 'schema', saved ->> 'name', view);
    frozen := format('%I.%I', saved ->> 'schema', saved ->> 'name');
    PERFORM segment_internal.restore_look(frozen, saved);
END
$$;

COMMENT ON FUNCTION segment_internal.freeze IS
'Internal: sets a view aside and puts a table with its rows, comments and grants in its place.';

CREATE FUNCTION segment_internal.keep_output(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off AS $$
DECLARE
    members text := (SELECT pg_get_viewdef(c.oid) FROM pg_class c WHERE c.oid = m.members);
    labels  text := format('(SELECT %1$L::regclass AS profile, %2$s::bigint AS model_id, s.segment, s.label FROM %1$s s) p', m.profile, m.model_id);
    others  text := (SELECT string_agg(DISTINCT r.ev_class::regclass::text, ', ')
                       FROM pg_class c
                       JOIN pg_depend p ON p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid AND p.classid = 'pg_rewrite'::regclass
                       JOIN pg_rewrite r ON r.oid = p.objid AND r.ev_class <> c.oid AND r.ev_class IS DISTINCT FROM m.members
                      WHERE c.oid IN (m.profile, m.assignment) AND c.relkind = 'v');
BEGIN
    IF others <> '' THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('views of model "%s" cannot become tables because other views depend on them', m.name),
            DETAIL = format('They are %s.', others),
            HINT = 'Drop these first, and create them again afterwards.';
    END IF;

    PERFORM segment_internal.freeze(c.oid)
       FROM pg_class c
      WHERE c.oid IN (m.profile, m.assignment) AND c.relkind = 'v';

    -- the same query now finds the tables, and the labels in the profile; names and texts, which are quoted, stay as they are
    IF members IS NOT NULL THEN
        PERFORM segment_internal.create_view(format('CREATE OR REPLACE VIEW %s AS %s', m.members,
            regexp_replace(members, '^((?:[^"'']|"[^"]*"|''[^'']*'')*) JOIN segment_internal[.]catalog_shown p ON ',
                           format('\1 JOIN %s ON ', replace(labels, '\', '\\')))));
    END IF;
    EXECUTE format('DROP VIEW %s', m.profile);
    IF m.assignment_kind = 'view' THEN
        EXECUTE format('DROP VIEW IF EXISTS %s', m.assignment);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_output IS 'Internal: makes the relations of a model independent of the catalog.';

CREATE FUNCTION segment_internal.drop(model_id bigint, keep_output boolean, wait boolean) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.drop IS 'Internal: segment_drop of a model, as its owner.';

CREATE FUNCTION segment_internal.drop_as_owner(model_id bigint, keep_output boolean, wait boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.claim(model_id, wait);
BEGIN
    IF keep_output THEN
        PERFORM segment_internal.drop_relations(ARRAY[m.live]),
                segment_internal.keep_output(m),
                segment_internal.sweep();
    ELSE
        PERFORM segment_internal.forget(model_id),
                segment_internal.drop_relations(ARRAY[m.live, m.members, m.profile, m.assignment, m.changes]);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.drop_as_owner IS 'Internal: the job of segment_drop.';

CREATE FUNCTION @extschema@.segment_drop(model text, keep_output boolean DEFAULT false, wait boolean DEFAULT true) RETURNS void
LANGUAGE sql VOLATILE
RETURN segment_internal.drop(segment_internal.model_id_now($1, current_schemas(true)), $2, coalesce($3, true));

COMMENT ON FUNCTION @extschema@.segment_drop IS
'Drops a model with its relations and its history. keep_output => true keeps the relations: the assignment and the changes as tables, the profile as a table, the members as a view over both; a live view is dropped in any case. wait => false: an error if another session is working on the model.';
