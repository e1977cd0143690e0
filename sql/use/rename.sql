-- Renaming a model.

CREATE FUNCTION segment_internal.rename_relation(relation regclass, schema text, model text, suffix text, own regclass[])
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := segment_internal.output_name(schema, model, suffix, own);
BEGIN
    IF EXISTS (SELECT FROM pg_class c WHERE c.oid = relation AND c.relname <> name) THEN
        EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, name);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.rename_relation IS
'Internal: gives a relation the name that it would have had if the model had been fitted under this one.';

CREATE FUNCTION segment_internal.rename(model_id bigint, new_name text, wait boolean) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.rename IS 'Internal: segment_rename of a model, as its owner.';

CREATE FUNCTION segment_internal.rename_as_owner(model_id bigint, new_name text, wait boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model := segment_internal.owned_model(model_id);
    own    regclass[] := array_remove(ARRAY[m.assignment, m.profile, m.members, m.changes, m.live], NULL);
    schema text;
BEGIN
    IF coalesce(new_name, '') = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "new_name" is empty',
            HINT = 'Give the name that the model shall have.';
    ELSIF octet_length(new_name) > 1000 THEN
        RAISE name_too_long USING MESSAGE = 'argument "new_name" is longer than 1000 bytes';
    END IF;

    SELECT l.schema INTO schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id;
    PERFORM segment_internal.lock_model(model_id, m.name, wait), segment_internal.lock_name(schema, new_name, wait);
    IF (segment_internal.existing(schema, new_name)).model_id IS NOT NULL THEN
        RAISE duplicate_object USING
            MESSAGE = format('model "%s" already exists', new_name),
            HINT = 'Choose another name, or drop that model first.';
    END IF;

    PERFORM segment_internal.rename_relation(m.assignment, schema, new_name, '_assignment', own),
            segment_internal.rename_relation(m.profile, schema, new_name, '_profile', own),
            segment_internal.rename_relation(m.members, schema, new_name, '_members', own),
            segment_internal.rename_relation(m.changes, schema, new_name, '_changes', own);
    IF EXISTS (SELECT FROM pg_class c WHERE c.oid = m.live AND c.relname = segment_internal.output_name(schema, m.name, '_live', own)) THEN
        PERFORM segment_internal.rename_relation(m.live, schema, new_name, '_live', own);
    END IF;
    PERFORM segment_internal.keep_name(model_id, new_name);
END
$$;

COMMENT ON FUNCTION segment_internal.rename_as_owner IS 'Internal: the job of segment_rename.';

CREATE FUNCTION @extschema@.segment_rename(model text, new_name text, wait boolean DEFAULT true) RETURNS void
LANGUAGE sql VOLATILE
RETURN segment_internal.rename(segment_internal.model_id_now($1, current_schemas(true)), $2, coalesce($3, true));

COMMENT ON FUNCTION @extschema@.segment_rename IS 'Renames a model and its relations. Its columns keep their names. wait => false: an error if another session is working on the model.';
