-- The names of what is made.

CREATE FUNCTION segment_internal.unique_name(base text, suffix text, taken text[], number integer DEFAULT 1)
RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    most   integer := current_setting('max_identifier_length')::integer;
    tail   text := suffix;
    head   text;
    result text;
BEGIN
    LOOP
        IF octet_length(tail) >= most THEN
            RAISE name_too_long USING MESSAGE = format('no name can end in "%s"', tail);
        END IF;
        head := left(base, most - octet_length(tail));
        WHILE octet_length(head) + octet_length(tail) > most LOOP
            head := left(head, -1);
        END LOOP;
        result := head || tail;
        EXIT WHEN (result = ANY (taken)) IS NOT TRUE;
        tail := '_' || number || suffix;
        number := number + 1;
    END LOOP;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.unique_name IS
'Internal: base and suffix as one identifier that is not taken, shortened between characters and numbered, from number on, where needed.';

CREATE FUNCTION segment_internal.own_names(model text, wanted text[], taken text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result text[] := '{}';
    name   text;
BEGIN
    FOREACH name IN ARRAY wanted LOOP
        IF name = ANY (taken) THEN
            name := segment_internal.unique_name(model, '_' || name, taken || wanted || result);
        END IF;
        result := result || name;
    END LOOP;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.own_names IS
'Internal: names for columns of ours; one that is taken by a column of the source gets the model''s name in front.';

CREATE FUNCTION segment_internal.output_name(schema text, model text, suffix text, own regclass[] DEFAULT '{}')
RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted text := model || suffix;
    other  regclass := to_regclass(format('%I.%I', schema, wanted));
BEGIN
    IF octet_length(wanted) > current_setting('max_identifier_length')::integer THEN
        RETURN segment_internal.unique_name(model, suffix,
            ARRAY(SELECT c.relname::text
                    FROM pg_class c
                   WHERE c.relnamespace = coalesce(to_regnamespace(quote_ident(schema)), pg_my_temp_schema())
                     AND c.oid <> ALL (own)));
    END IF;
    IF other IS NOT NULL AND other <> ALL (own) THEN
        RAISE duplicate_table USING
            MESSAGE = format('relation "%s" already exists', wanted),
            DETAIL = format('It does not belong to model "%s".', model),
            HINT = 'Choose another name with model => ''...'', or another schema with into_schema => ''...''.';
    END IF;
    RETURN wanted;
END
$$;

COMMENT ON FUNCTION segment_internal.output_name IS
'Internal: the name of a relation of a model that is still to be made; own are relations that will have gone by then.';

CREATE FUNCTION segment_internal.output_schema(source regclass, into_schema text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation  pg_class;
    namespace pg_namespace;
BEGIN
    SELECT * INTO relation FROM pg_class c WHERE c.oid = source;
    IF relation.relpersistence = 't' THEN
        IF coalesce(into_schema, 'pg_temp') <> 'pg_temp' THEN
            RAISE invalid_table_definition USING
                MESSAGE = format('cannot put a model of temporary relation "%s" into schema "%s"',
                                 relation.relname, into_schema),
                HINT = 'Leave into_schema out: the model is temporary too.';
        END IF;
        into_schema := 'pg_temp';
    END IF;
    IF into_schema = 'pg_temp' THEN
        RETURN into_schema;
    END IF;

    SELECT * INTO namespace
      FROM pg_namespace n
     WHERE CASE WHEN into_schema IS NULL THEN n.oid = relation.relnamespace ELSE n.nspname = into_schema END;
    IF NOT FOUND THEN
        RAISE invalid_schema_name USING
            MESSAGE = format('schema "%s" does not exist', into_schema),
            HINT = 'Create it first, or leave into_schema out to use the schema of the source.';
    END IF;
    IF NOT has_schema_privilege(namespace.oid, 'CREATE') OR namespace.nspname = 'pg_catalog' THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied for schema %s', namespace.nspname),
            DETAIL = 'The relations of the model would be created there.',
            HINT = 'Name a schema in which you may create with into_schema => ''...''.';
    END IF;
    RETURN namespace.nspname;
END
$$;

COMMENT ON FUNCTION segment_internal.output_schema IS
'Internal: the schema of a model''s relations: as given, else the source''s; pg_temp for a temporary source.';

CREATE FUNCTION segment_internal.new_model_id() RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ('x' || right(gen_random_uuid()::text, 12))::bit(48)::bigint;
$$;

COMMENT ON FUNCTION segment_internal.new_model_id IS
'Internal: a random number for a model. Views of the model name it before the catalog knows it: nobody must be able to take it in between.';

CREATE FUNCTION segment_internal.fresh_name() RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'segment_fresh_' || replace(gen_random_uuid()::text, '-', '');
$$;

COMMENT ON FUNCTION segment_internal.fresh_name IS
'Internal: a name for a relation that is gone at the end of the job; a random one, so that nobody who may create in the schema can take it before and let the job wait or fail.';
