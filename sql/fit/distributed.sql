-- Tables of Citus: an assignment that lies beside its source, shard by shard, and is scored there.
--
-- The catalog of Citus says which tables these are; where there is none, nothing here is asked.

CREATE FUNCTION segment_internal.is_distributed(query text) RETURNS boolean
LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'segment_internal_is_distributed';

COMMENT ON FUNCTION segment_internal.is_distributed IS 'Internal: whether a query reads tables of Citus, directly or by views.';

CREATE FUNCTION segment_internal.distribution_column(relation regclass) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result text;
BEGIN
    IF EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname = 'pg_dist_partition') THEN
        EXECUTE 'SELECT column_to_column_name(d.logicalrelid, d.partkey) FROM pg_dist_partition d WHERE d.logicalrelid = $1 AND d.partmethod = ''h'''
           INTO result USING relation;
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.distribution_column IS 'Internal: the column by whose hash Citus distributes the rows of a table; NULL: it does not.';

CREATE FUNCTION segment_internal.create_view(statement text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    propagates text := current_setting('citus.enable_ddl_propagation', true);
BEGIN
    -- the catalog of models is on this node alone, so that on others a view would show nothing, and in the way of renames
    IF propagates IS NOT NULL THEN
        PERFORM set_config('citus.enable_ddl_propagation', 'off', true);
    END IF;
    EXECUTE statement;
    IF propagates IS NOT NULL THEN
        PERFORM set_config('citus.enable_ddl_propagation', propagates, true);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.create_view IS 'Internal: makes a view of a model, on this node of a cluster alone.';

CREATE FUNCTION segment_internal.shown_of(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- a relation has another OID on every node
    SELECT CASE WHEN segment_internal.is_distributed(format('SELECT FROM %s', $1.source)) THEN format('model_id = %s', $1.model_id)
                ELSE format('profile = %L::regclass', $1.profile) END;
$$;

COMMENT ON FUNCTION segment_internal.shown_of IS 'Internal: the condition by which a view finds the labels of a model in catalog_shown.';

CREATE FUNCTION segment_internal.distribute(assignment regclass, source regclass, key text[], recipe segment_internal.recipe) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    by_column text := segment_internal.distribution_column(source);
BEGIN
    -- rows are scored by a function call
    IF by_column IS NULL OR by_column <> ALL (key) OR cardinality(recipe.columns) >= current_setting('max_function_args')::integer
       OR (SELECT c.relpersistence = 't' FROM pg_class c WHERE c.oid = assignment) THEN
        RETURN false;
    END IF;
    IF (SELECT c.relpersistence = 'u' FROM pg_class c WHERE c.oid = assignment) THEN
        EXECUTE format('ALTER TABLE %s SET LOGGED', assignment);
    END IF;
    EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (%s)', assignment, segment_internal.identifiers(key));
    EXECUTE 'SELECT create_distributed_table($1, $2, colocate_with => $3)' USING assignment, by_column, source::text;
    RETURN true;
END
$$;

COMMENT ON FUNCTION segment_internal.distribute IS
'Internal: gives an empty assignment its primary key, and a shard beside each of its source''s, where that is distributed by a column of the key; false: it is not.';

CREATE FUNCTION segment_internal.fill_shards(assignment regclass, source regclass, key text[], fit segment_internal.fitted) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written bigint;
    twice   text;
BEGIN
    PERFORM segment_internal.phase('writing');
    -- the planner of Citus sends what has no parameters and no volatile functions to the shards
    EXECUTE format('INSERT INTO %s (%s) SELECT %s, (s.a).segment, (s.a).distance, (s.a).second_segment, (s.a).margin '
                   'FROM (SELECT %s, segment_internal.assign(%L::bytea, %s) AS a FROM %s source) s WHERE (s.a).segment IS NOT NULL', assignment,
                   (SELECT string_agg(format('%I', c.column_name), ', ' ORDER BY c.column_no) FROM segment_internal.columns(assignment) c),
                   segment_internal.identifiers(ARRAY(SELECT 'k' || n FROM generate_series(1, cardinality(key)) n), 's.%I'),
                   (SELECT string_agg(format('source.%I AS %I', k, 'k' || n), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY u (k, n)),
                   fit.compiled, segment_internal.identifiers(fit.columns, 'source.%I'), source);
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> fit.rows_used THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = 'the rows of the source are not the same when they are read again',
            DETAIL = format('%s rows were used, and %s were scored.', fit.rows_used, written),
            HINT = 'Let nobody write to the source meanwhile: the nodes of Citus share no snapshot.';
    END IF;
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS twice = PG_EXCEPTION_DETAIL;
    PERFORM segment_internal.raise_not_unique(source, key, twice);
END
$$;

COMMENT ON FUNCTION segment_internal.fill_shards IS 'Internal: scores the rows of a source where they are, into an assignment that distribute() has placed there.';
