-- Taking the place of an earlier model.

CREATE FUNCTION segment_internal.comparable(old segment_internal.catalog_model, features text[], options jsonb) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.compiled
      FROM segment_internal.catalog_compiled c
     WHERE c.model_id = $1.model_id AND segment_internal.group_by($1) IS NULL
       AND $1.features <@ $2 AND $3 ->> 'distance' = $1.options ->> 'distance';
$$;

COMMENT ON FUNCTION segment_internal.comparable IS
'Internal: the compiled model whose segments can be found again, since its features are features still; else NULL.';

CREATE FUNCTION segment_internal.holds_key(assignment regclass, key text[], fresh regclass) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) = cardinality($2) + 4
      FROM segment_internal.columns($1) a
      JOIN segment_internal.columns($3) f ON f.column_no = a.column_no AND f.data_type = a.data_type
                                         AND (f.column_no > cardinality($2) OR f.column_name = a.column_name)
      JOIN pg_class c ON c.oid = $1 AND c.relkind = 'r';
$$;

COMMENT ON FUNCTION segment_internal.holds_key IS
'Internal: whether an assignment is a table that begins with the columns of a fresh one.';

CREATE FUNCTION segment_internal.same_views(m segment_internal.catalog_model, old segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $1.source = $2.source AND $1.key = $2.key AND $1.assignment_kind = $2.assignment_kind
       AND ARRAY(SELECT c.column_name FROM segment_internal.columns($2.profile) c)
           = '{segment, label, rows, share, distance_avg}' || ARRAY(SELECT p.column_name FROM segment_internal.profile_columns($1) p)
       AND ARRAY(SELECT c.column_name FROM segment_internal.columns($2.members) c)
           = (segment_internal.members_columns($1)).columns || (segment_internal.members_columns($1)).own;
$$;

COMMENT ON FUNCTION segment_internal.same_views IS
'Internal: whether the views of a model would show what those of the model before show, in the same columns.';

CREATE FUNCTION segment_internal.hand_over(relation regclass, profile regclass) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner name := (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = profile);
BEGIN
    IF owner <> current_user THEN
        EXECUTE format('ALTER TABLE %s OWNER TO %I', relation, owner);
    END IF;
    RETURN relation;
END
$$;

COMMENT ON FUNCTION segment_internal.hand_over IS 'Internal: gives a relation to the owner of a model.';

CREATE FUNCTION segment_internal.place_outputs(
    m segment_internal.catalog_model, old segment_internal.catalog_model, columns text[], outputs segment_internal.outputs, fresh regclass
) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stays boolean := old.model_id IS NOT NULL AND CASE m.assignment_kind
        WHEN 'table' THEN fresh IS NULL OR segment_internal.holds_key(old.assignment, m.key, fresh)
        WHEN 'view' THEN old.assignment_kind = 'view' AND m.source = old.source AND m.key = old.key
                         AND columns = segment_internal.model_columns(old)
        ELSE old.assignment_kind = 'none' END;
BEGIN
    IF old.model_id IS NULL THEN
        m.assignment := fresh;
        RETURN segment_internal.place_changes(segment_internal.create_outputs(m, columns, outputs), old, outputs, false);
    END IF;

    -- nearly always all stay where they are, and new rows take the place of the old ones
    m.assignment := CASE WHEN stays THEN old.assignment ELSE fresh END;
    IF stays AND fresh IS NOT NULL THEN
        PERFORM segment_internal.keep_differences(old.model_id, segment_internal.hand_over(fresh, old.profile), m.key, exact => true);
        PERFORM segment_internal.apply(old.model_id, fresh, m.key);
        EXECUTE format('DROP TABLE %s', fresh);
    ELSIF fresh IS NOT NULL AND old.assignment_kind = 'table' THEN
        PERFORM segment_internal.keep_assignment(fresh, m.key);
    END IF;
    m := segment_internal.place_changes(m, old, outputs, stays);
    IF stays AND segment_internal.same_views(m, old) THEN
        m.profile := old.profile;
        m.members := old.members;
        RETURN m;
    END IF;

    -- else others are made beside them, which take their names at the end
    outputs.profile := segment_internal.fresh_name();
    outputs.members := segment_internal.fresh_name();
    outputs.assignment := segment_internal.fresh_name();
    m := segment_internal.create_outputs(m, columns, outputs, assign => NOT stays);
    PERFORM segment_internal.hand_over(r, old.profile) FROM unnest(ARRAY[m.assignment, m.profile, m.members]) r WHERE r IS NOT NULL;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.place_outputs IS
'Internal: makes the relations of a fitted model, or brings those of the model that it replaces up to date as far as they are the same, and returns the model with them.';

CREATE FUNCTION segment_internal.rename_primary_key(relation regclass, name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key pg_constraint;
BEGIN
    SELECT c.* INTO key FROM pg_constraint c WHERE c.conrelid = relation AND c.contype = 'p';
    IF FOUND THEN
        -- its index, and it with that: Citus renames no constraint
        EXECUTE format('ALTER INDEX %s RENAME TO %I', key.conindid::regclass, segment_internal.unique_name(
            name, '_pkey', ARRAY(SELECT r.relname::text FROM pg_class r WHERE r.relnamespace = key.connamespace)));
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.rename_primary_key IS 'Internal: gives a primary key the name that it would have had if its table had always had this one.';

CREATE FUNCTION segment_internal.exchange_outputs(
    m segment_internal.catalog_model, old segment_internal.catalog_model, outputs segment_internal.outputs
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    olds  regclass[] := ARRAY[old.members, old.profile, old.assignment, segment_internal.changes_of(old)];
    news  regclass[] := ARRAY[m.members, m.profile, m.assignment, m.changes];
    names text[] := ARRAY[outputs.members, outputs.profile, outputs.assignment, outputs.changes];
    gone  regclass[] := ARRAY(SELECT o FROM unnest(olds) WITH ORDINALITY u (o, n) WHERE o <> ALL (news) IS NOT FALSE AND o IS NOT NULL ORDER BY n);
    saved jsonb[];
    view  jsonb;
    other regclass;
BEGIN
    IF old.model_id IS NULL OR gone = '{}' THEN
        RETURN;
    END IF;

    SELECT c.oid::regclass INTO other
      FROM pg_class c
     WHERE c.oid = ANY (segment_internal.dependent_views(gone))
       AND (c.relhastriggers OR EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'))
     LIMIT 1;
    IF FOUND THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('view %s has triggers or rules, which cannot be made again', other),
            HINT = 'Drop it first, or fit with the same features and key.';
    END IF;

    -- from here on readers wait
    saved := ARRAY(SELECT segment_internal.save_relation(v) || jsonb_build_object('place', array_position(olds, v))
                     FROM unnest(gone || segment_internal.dependent_views(gone)) WITH ORDINALITY u (v, n)
                     JOIN pg_class c ON c.oid = v ORDER BY n);
    PERFORM segment_internal.drop_relations(ARRAY(
        SELECT v FROM unnest(segment_internal.dependent_views(gone)) WITH ORDINALITY u (v, n) ORDER BY n DESC) || gone);
    FOR i IN 1 .. cardinality(news) LOOP
        IF news[i] <> ALL (array_remove(olds, NULL)) AND (SELECT c.relname FROM pg_class c WHERE c.oid = news[i]) <> names[i] THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', news[i], names[i]);
            PERFORM segment_internal.rename_primary_key(news[i], names[i]);
        END IF;
    END LOOP;
    FOREACH view IN ARRAY saved LOOP
        IF view -> 'place' = 'null' THEN
            PERFORM segment_internal.restore_view((SELECT r.oid FROM pg_roles r WHERE r.rolname = view ->> 'owner'), view);
        ELSIF news[(view ->> 'place')::integer] IS NOT NULL THEN
            PERFORM segment_internal.restore_look(news[(view ->> 'place')::integer], view);
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.exchange_outputs IS
'Internal: puts the relations of a model that others are to be replaced by in the place of these, and makes what people have made of these again.';
