-- The source that a model is bound to.
--
-- A model is bound to a relation by its OID, and to the columns of it by their names. What both were called at the latest
-- run is in catalog_model.binding, with the numbers of the columns: what is renamed is found again. Numbers are those of
-- one relation: after a dump is restored it has another OID, and names are all that there is until the next run.

CREATE FUNCTION segment_internal.binding(source regclass) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('oid', c.oid, 'schema', n.nspname, 'name', c.relname,
                                      'columns', (SELECT jsonb_object_agg(a.column_name, a.column_no) FROM segment_internal.columns(c.oid) a))
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = $1);
END
$$;

COMMENT ON FUNCTION segment_internal.binding IS 'Internal: what a relation and its columns are called, and their numbers.';

CREATE FUNCTION segment_internal.read_columns(m segment_internal.catalog_model) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $1.key || segment_internal.model_columns($1) || segment_internal.group_by($1) || array_remove(ARRAY[$1.options ->> 'sample_weight'], NULL);
$$;

COMMENT ON FUNCTION segment_internal.read_columns IS 'Internal: the columns of its source that a model reads.';

-- A column added under the name of one that was renamed takes its place; one that was there before does not.
CREATE FUNCTION segment_internal.renamed_columns(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(b.key, a.attname), '{}')
      FROM jsonb_each_text($1.binding -> 'columns') b
      JOIN pg_attribute a ON a.attrelid = $1.source AND a.attnum = b.value::smallint AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attribute o ON o.attrelid = a.attrelid AND o.attname = b.key AND NOT o.attisdropped
     WHERE ($1.binding ->> 'oid')::oid = $1.source
       AND b.key = ANY (segment_internal.read_columns($1))
       AND a.attname <> b.key
       AND (o.attnum IS NULL OR o.attnum::text IN (SELECT c.value FROM jsonb_each_text($1.binding -> 'columns') c));
$$;

COMMENT ON FUNCTION segment_internal.renamed_columns IS
'Internal: the columns that a model reads and that are called otherwise now: the name that it knows, and that of today.';

CREATE FUNCTION segment_internal.with_names(names text[], renamed jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT ARRAY(SELECT coalesce($2 ->> u.name, u.name) FROM unnest($1) WITH ORDINALITY u (name, n) ORDER BY u.n);
END;

COMMENT ON FUNCTION segment_internal.with_names(text[], jsonb) IS 'Internal: names of columns as they are today.';

CREATE FUNCTION segment_internal.with_names(m segment_internal.catalog_model, renamed jsonb) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    recipe segment_internal.recipe := jsonb_populate_record(NULL::segment_internal.recipe, m.preparation);
    names  jsonb;
BEGIN
    m.key := segment_internal.with_names(m.key, renamed);
    m.columns := segment_internal.with_names(m.columns, renamed);
    recipe.columns := ARRAY(SELECT ROW(coalesce(renamed ->> c.name, c.name), c.kind, c.width, c.categories)::segment_internal.source_column
                              FROM unnest(recipe.columns) WITH ORDINALITY c ORDER BY c.ordinality);
    recipe.features := ARRAY(SELECT ROW(coalesce((renamed ->> f.column_name) || substr(f.feature, length(f.column_name) + 1), f.feature),
                                        coalesce(renamed ->> f.column_name, f.column_name), f.part, f.encoding, f.missing, f.outliers, f.fence,
                                        f.fence_low, f.fence_high, f.transform, f.scaling, f.weight)::segment_internal.preparation
                               FROM unnest(recipe.features) WITH ORDINALITY f ORDER BY f.ordinality);
    m.preparation := to_jsonb(recipe);
    m.features := ARRAY(SELECT f.feature FROM unnest(recipe.features) WITH ORDINALITY f WHERE f.weight > 0 ORDER BY f.ordinality);
    SELECT jsonb_object_agg(o.key, to_jsonb(segment_internal.with_names(ARRAY(SELECT jsonb_array_elements_text(o.value)), renamed))) INTO names
      FROM jsonb_each(m.options) o
     WHERE o.key IN ('key', 'features', 'exclude', 'group_by') AND jsonb_typeof(o.value) = 'array';
    m.options := m.options || coalesce(names, '{}') || jsonb_build_object(
        'sample_weight', coalesce(renamed ->> (m.options ->> 'sample_weight'), m.options ->> 'sample_weight'),
        'feature_options', (SELECT coalesce(jsonb_object_agg(coalesce(renamed ->> o.key, o.key), o.value), '{}')
                              FROM jsonb_each(m.options -> 'feature_options') o));
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.with_names(segment_internal.catalog_model, jsonb) IS
'Internal: a model that knows the columns of its source, and its features, by the names of today.';

CREATE FUNCTION segment_internal.compiled_with_names(compiled bytea, renamed jsonb) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN renamed = '{}' OR compiled IS NULL OR compiled = '' THEN compiled
                ELSE segment_internal.rename_columns(compiled, ARRAY(SELECT r.key FROM jsonb_each_text(renamed) r ORDER BY r.key),
                                                     ARRAY(SELECT r.value FROM jsonb_each_text(renamed) r ORDER BY r.key)) END;
END
$$;

COMMENT ON FUNCTION segment_internal.compiled_with_names IS 'Internal: a compiled model that knows its columns by the names of today.';

CREATE FUNCTION segment_internal.source_of(m segment_internal.catalog_model, given_hint text DEFAULT NULL) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hint  text := coalesce(given_hint,
        CASE WHEN segment_internal.renamed_columns(m) <> '{}' THEN format('It has another name now: SELECT segment_refresh(%L) follows it.', segment_internal.qualified(m)) END,
        'Restore it, or fit the model anew with segment_kmeans(..., replace => true).');
    wrong record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.source) THEN
        RAISE undefined_table USING
            MESSAGE = format(CASE m.source WHEN 0::regclass THEN 'model "%s" was imported without a source' ELSE 'the source of model "%s" no longer exists' END, m.name),
            HINT = format('Bind the model to %s: SELECT segment_refresh(%L, source => ''...'').',
                          CASE m.source WHEN 0::regclass THEN 'a relation with the columns ' || segment_internal.identifiers(segment_internal.read_columns(m))
                                        ELSE 'another relation' END, segment_internal.qualified(m));
    END IF;
    PERFORM segment_internal.check_columns(m.source, m.key, 'key', hint),
            segment_internal.check_columns(m.source, coalesce(segment_internal.group_by(m), '{}'), 'group_by', hint),
            segment_internal.check_columns(
                m.source, segment_internal.model_columns(m), 'features', hint),
            segment_internal.check_weight(m.source, m.options ->> 'sample_weight', hint);
    SELECT c.* INTO wrong
      FROM jsonb_populate_recordset(NULL::segment_internal.source_column, m.preparation -> 'columns') WITH ORDINALITY f
      JOIN segment_internal.columns(m.source) c ON c.column_name = f.name
     WHERE CASE f.kind WHEN 'number' THEN c.kind NOT IN ('number', 'boolean', 'date', 'interval')
                       WHEN 'category' THEN c.kind NOT IN ('category', 'boolean')
                       ELSE c.kind <> f.kind END
     ORDER BY f.ordinality LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, of which model "%s" cannot make its features',
                             wrong.column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = m.source), wrong.data_type,
                             m.name),
            HINT = hint;
    END IF;
    -- where the source is another one, they are made anew
    IF given_hint IS NULL AND m.assignment_kind <> 'none' AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
        RAISE undefined_table USING
            MESSAGE = format('the assignment of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
    END IF;
    RETURN m.source;
END
$$;

COMMENT ON FUNCTION segment_internal.source_of IS
'Internal: the source of a model, which must have what the model was fitted on.';

CREATE FUNCTION segment_internal.hold(source regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    WHILE source::text IS DISTINCT FROM name LOOP
        name := source;
        EXECUTE format('SELECT FROM %s LIMIT 0', name);
    END LOOP;
EXCEPTION WHEN undefined_table OR syntax_error OR undefined_column THEN
    NULL;       -- it is gone: source_of says so
END
$$;

COMMENT ON FUNCTION segment_internal.hold IS
'Internal: waits for whoever is changing a source; then nobody does until this transaction ends, and what is looked up of it stays true.';

CREATE FUNCTION segment_internal.bind_to(m segment_internal.catalog_model, source regclass) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name   text := segment_internal.check_source(source);
    before regclass := m.source;
    own    regclass[] := array_remove(ARRAY[m.assignment, m.profile, m.members, m.changes], NULL);
BEGIN
    IF (SELECT c.relpersistence FROM pg_class c WHERE c.oid = source) = 't'
       AND (SELECT l.schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id) <> 'pg_temp' THEN
        RAISE invalid_table_definition USING
            MESSAGE = format('cannot bind model "%s" to temporary relation "%s"', m.name, name),
            HINT = 'The model would outlive its source. Name a relation that stays, or fit a model of its own with segment_kmeans().';
    ELSIF source = ANY (own || segment_internal.dependent_views(own)) THEN
        RAISE wrong_object_type USING
            MESSAGE = format('cannot bind model "%s" to relation "%s", which shows what the model says', m.name, name),
            HINT = 'Name a relation that does not depend on the model.';
    END IF;
    m.source := source;
    PERFORM segment_internal.source_of(m, format('Model "%s" reads such a column of %s: give %s the same, in a view if need be.', m.name,
        coalesce((SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid = before), 'its source'), source));
    IF m.assignment_kind <> 'none' THEN
        PERFORM segment_internal.check_key(source, m.key);
    END IF;
    PERFORM segment_internal.check_group_by(m);
    EXECUTE segment_internal.query(source, m.key, segment_internal.readable(source)) || ' LIMIT 0';      -- may we read it?
    m.binding := segment_internal.binding(source);
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.bind_to IS 'Internal: a model that is bound to another source, which must have what it reads.';

CREATE FUNCTION segment_internal.bound(m segment_internal.catalog_model, source regclass DEFAULT NULL) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    renamed jsonb;
    name    text := segment_internal.qualified(m);
    now     jsonb;
    other   text;
    c       record;
BEGIN
    PERFORM segment_internal.hold(coalesce(source, m.source));
    IF source <> m.source THEN
        RETURN segment_internal.bind_to(m, source);
    END IF;
    renamed := segment_internal.renamed_columns(m);
    FOR c IN SELECT r.* FROM jsonb_each_text(renamed) r ORDER BY r.key LOOP
        RAISE NOTICE 'column "%" of relation "%" is called "%" now, and model "%" goes on with it', c.key,
            (SELECT r.relname FROM pg_class r WHERE r.oid = m.source), c.value, m.name;
    END LOOP;
    IF renamed <> '{}' THEN
        m := segment_internal.with_names(m, renamed);
    END IF;
    PERFORM segment_internal.source_of(m);

    -- exchanged by renames?
    now := segment_internal.binding(m.source);
    SELECT r.oid::regclass::text INTO other
      FROM pg_class r
      JOIN pg_namespace n ON n.oid = r.relnamespace
     WHERE n.nspname = m.binding ->> 'schema' AND r.relname = m.binding ->> 'name' AND r.oid <> m.source AND r.relkind IN ('r', 'p', 'v', 'm', 'f');
    IF source IS NULL AND other IS NOT NULL THEN
        RAISE WARNING 'model "%" stays with relation %, and another relation is called % now, as that was', m.name, m.source, other USING
            HINT = format('SELECT segment_refresh(%L, source => %L) follows the name; with source => %L the model stays, and this is not said again.', name, other, m.source::text);
        now := now || jsonb_build_object('schema', m.binding -> 'schema', 'name', m.binding -> 'name');
    END IF;
    m.binding := now;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.bound IS
'Internal: a model as it is bound now: to another source, if one is given, else to the same with the names of today; a warning tells if another relation has the name that the source had.';
