-- The model that a job is to make, and the one that it takes the place of.

CREATE FUNCTION segment_internal.existing(schema text, model text) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- of those moved into one schema, as names are found (segment_internal.model_on_path)
    RETURN (SELECT m
              FROM segment_internal.catalog_live l
              JOIN segment_internal.catalog_model m USING (model_id)
              JOIN pg_class c ON c.oid = m.profile
              JOIN pg_roles r ON r.rolname = current_user
             WHERE l.schema = $1 AND l.name = $2
             ORDER BY l.owner = r.oid OR NOT r.rolsuper AND pg_has_role(l.owner, 'USAGE') DESC, c.relname = l.name || '_profile' DESC,
                      m.model_id
             LIMIT 1);
END
$$;

COMMENT ON FUNCTION segment_internal.existing IS 'Internal: the model of this name in this schema; NULL: none.';

-- One job at a time works on a model; others wait until its transaction ends. These locks are none that SQL can take
-- by itself: a model's takes its owner, a name's the right to create in the schema.
CREATE FUNCTION segment_internal.lock_model(model_id bigint, name text, wait boolean DEFAULT true) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_lock_model';

COMMENT ON FUNCTION segment_internal.lock_model IS
'Internal: waits for other jobs on a model that the caller owns, and says so by the model''s name, or raises lock_not_available.';

CREATE FUNCTION segment_internal.claim(model_id bigint, wait boolean DEFAULT true) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.lock_model(model_id, (segment_internal.owned_model(model_id)).name, wait);
    RETURN segment_internal.owned_model(model_id);
END
$$;

COMMENT ON FUNCTION segment_internal.claim IS
'Internal: the model of this number, which the caller must own, as the jobs before have left it; others wait until this transaction ends.';

CREATE FUNCTION segment_internal.lock_name(schema text, name text, wait boolean DEFAULT true) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_lock_name';

COMMENT ON FUNCTION segment_internal.lock_name IS
'Internal: waits for other fits that are making a model of this name in a schema in which the caller may create.';

CREATE FUNCTION segment_internal.plan(source regclass, options jsonb) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m     segment_internal.catalog_model;
    given record;
BEGIN
    m.name := segment_internal.check_source(source);
    PERFORM segment_internal.check_options(options),
            segment_internal.check_bisecting(options);
    SELECT o.* INTO given FROM jsonb_to_record(options) AS o (model text, key text[], assignment text, sample_weight text);

    m.name := coalesce(given.model, m.name);
    IF m.name = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "model" is empty',
            HINT = 'Leave it out to name the model after the source.';
    ELSIF octet_length(m.name) > 1000 THEN
        RAISE name_too_long USING MESSAGE = 'argument "model" is longer than 1000 bytes';
    END IF;
    m.source := source;
    m.assignment_kind := given.assignment;
    m.key := segment_internal.key(source, given.key, given.assignment <> 'none');
    IF m.key = '{}' THEN
        IF given.assignment = 'view' THEN
            RAISE invalid_parameter_value USING
                MESSAGE = 'assignment => ''view'' needs a key',
                HINT = 'Name the key columns with key => ''{...}''.';
        END IF;
        m.assignment_kind := 'none';
    END IF;
    IF m.assignment_kind <> 'table' AND (options ->> 'history')::boolean THEN
        RAISE invalid_parameter_value USING
            MESSAGE = CASE WHEN m.key = '{}' THEN format('history => true needs a key, which model "%s" has not', m.name)
                           ELSE format('history => true needs assignment => ''table'', not ''%s''', given.assignment) END,
            HINT = CASE WHEN m.key = '{}' THEN 'Name the key columns with key => ''{...}''.' ELSE 'Leave one of them out.' END;
    END IF;
    PERFORM segment_internal.check_weight(source, given.sample_weight);
    m.options := options;
    m.run := 1;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.plan IS
'Internal: a model as far as the arguments of segment_kmeans determine it; its features are still to be chosen, and its relations to be made.';

CREATE FUNCTION segment_internal.reserve(schema text, model text, replace boolean, wait boolean) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old segment_internal.catalog_model := segment_internal.existing(schema, model);
BEGIN
    IF old.model_id IS NULL THEN
        PERFORM segment_internal.lock_name(schema, model, wait);
        old := segment_internal.existing(schema, model);
    END IF;
    IF old.model_id IS NULL THEN
        RETURN NULL;
    ELSIF NOT replace THEN
        RAISE duplicate_object USING
            MESSAGE = format('model "%s" already exists', model),
            HINT = format('Fit it anew with replace => true, or refit it with segment_refresh(%L).', model);
    END IF;
    RETURN segment_internal.claim(old.model_id, wait);
END
$$;

COMMENT ON FUNCTION segment_internal.reserve IS
'Internal: lets one job at a time make or replace the model of this name, and returns the one to be replaced, which the caller must own; NULL: none.';

CREATE FUNCTION segment_internal.plan_outputs(m segment_internal.catalog_model, old segment_internal.catalog_model, schema text)
RETURNS segment_internal.outputs
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    outputs segment_internal.outputs;
    own     regclass[] := array_remove(ARRAY[old.assignment, old.profile, old.members, old.changes], NULL);
BEGIN
    -- relations that are there keep their names, whatever they are called by now
    outputs.schema := schema;
    outputs.profile := coalesce((SELECT c.relname FROM pg_class c WHERE c.oid = old.profile),
                                segment_internal.output_name(schema, m.name, '_profile', own));
    IF m.assignment_kind <> 'none' THEN
        outputs.assignment := coalesce((SELECT c.relname FROM pg_class c WHERE c.oid = old.assignment),
                                       segment_internal.output_name(schema, m.name, '_assignment', own));
        outputs.members := coalesce((SELECT c.relname FROM pg_class c WHERE c.oid = old.members),
                                    segment_internal.output_name(schema, m.name, '_members', own));
    END IF;
    -- a history goes on; somebody who does not want it any more drops its table
    IF segment_internal.changes_of(old) IS NOT NULL OR (m.options ->> 'history')::boolean AND m.assignment_kind = 'table' THEN
        outputs.changes := coalesce((SELECT c.relname FROM pg_class c WHERE c.oid = old.changes),
                                    segment_internal.output_name(schema, m.name, '_changes', own));
    END IF;
    RETURN outputs;
END
$$;

COMMENT ON FUNCTION segment_internal.plan_outputs IS
'Internal: the names of the relations of a model, which are free to be made or those of the model that is replaced.';
