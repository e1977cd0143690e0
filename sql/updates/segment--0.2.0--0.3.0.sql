\echo Use "ALTER EXTENSION segment UPDATE" to load this file. \quit

-- plan/choice.sql

CREATE OR REPLACE FUNCTION segment_internal.words(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    word   text;
    result text;
BEGIN
    FOREACH word IN ARRAY string_to_array(btrim(regexp_replace(regexp_replace(regexp_replace(name COLLATE "C",
        '([a-z0-9])([A-Z])', '\1 \2', 'g'), '([A-Z])([A-Z][a-z])', '\1 \2', 'g'), '[\s_\x01-\x1f\x7f]+', ' ', 'g')), ' ')
    LOOP
        result := coalesce(result || ' ', '') || CASE WHEN word COLLATE "C" ~ '^[A-Z0-9]{2,}$' THEN word ELSE lower(word COLLATE "C") END;
    END LOOP;
    RETURN coalesce(result, '');
END
$$;

-- catalog/views.sql

CREATE OR REPLACE VIEW segment_internal.catalog_shown WITH (security_barrier) AS
SELECT m.profile,
       p.segment,
       coalesce(l.label, p.label, 'Segment ' || p.segment) AS label,
       m.model_id
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = m.run
  LEFT JOIN segment_internal.catalog_label l ON l.model_id = m.model_id AND l.segment = p.segment
 WHERE segment_internal.owns(m.profile) OR segment_internal.reads(m.profile, m.members, m.assignment, m.live);

COMMENT ON COLUMN segment_internal.catalog_shown.model_id IS 'The model, for views over tables of Citus.';

-- engine/shards.sql

CREATE TABLE segment_internal.shared_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    key      bytea NOT NULL CHECK (length(key) = 32)
);

COMMENT ON TABLE segment_internal.shared_key IS
'What the nodes of a Citus cluster have in common, by which the engine knows what its like on another node has written. Nobody has to read it, and dumps leave it out.';
COMMENT ON COLUMN segment_internal.shared_key.only_one IS 'There is one row.';
COMMENT ON COLUMN segment_internal.shared_key.key IS 'Of HMAC-SHA256.';

CREATE FUNCTION segment_internal.part_row(part bytea, VARIADIC columns "any") RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_part_row';

COMMENT ON FUNCTION segment_internal.part_row IS 'Internal: the columns of a row as segment_internal.shard_pass takes them.';

CREATE FUNCTION segment_internal.is_sampled(seed bigint, threshold bigint, VARIADIC key "any") RETURNS boolean
LANGUAGE c STABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'segment_is_sampled';

COMMENT ON FUNCTION segment_internal.is_sampled IS 'Internal: whether a row is in a random sample, by a hash of its key.';

CREATE FUNCTION segment_internal.scan_part_accum(state bytea, part_row bytea) RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'segment_scan_part_accum';

COMMENT ON FUNCTION segment_internal.scan_part_accum IS 'Internal: transition function of segment_internal.shard_pass.';

CREATE FUNCTION segment_internal.scan_part_combine(state bytea, other bytea) RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_part_combine';

COMMENT ON FUNCTION segment_internal.scan_part_combine IS 'Internal: combine function of segment_internal.shard_pass.';

CREATE FUNCTION segment_internal.scan_part_final(state bytea) RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_part_final';

COMMENT ON FUNCTION segment_internal.scan_part_final IS 'Internal: final function of segment_internal.shard_pass.';

CREATE AGGREGATE segment_internal.shard_pass(part_row bytea) (
	SFUNC = segment_internal.scan_part_accum,
	STYPE = bytea,
	SSPACE = 1000000,
	FINALFUNC = segment_internal.scan_part_final,
	COMBINEFUNC = segment_internal.scan_part_combine,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE segment_internal.shard_pass(bytea) IS
'Internal: a pass of the engine over the rows of a query, where these are; the leader takes what each part has found.';

CREATE FUNCTION @extschema@.segment_share_key() RETURNS integer
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    statement text := format('INSERT INTO segment_internal.shared_key (key) VALUES (%L) ON CONFLICT (only_one) DO UPDATE SET key = EXCLUDED.key',
                             sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
    failed    text;
    nodes     integer := 0;
BEGIN
    EXECUTE statement;
    IF EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname = 'pg_dist_node') THEN
        EXECUTE 'SELECT count(*), min(format(''%s:%s: %s'', r.nodename, r.nodeport, r.result)) FILTER (WHERE NOT r.success) FROM run_command_on_workers($1) r'
           INTO nodes, failed USING statement;
        IF failed IS NOT NULL THEN
            RAISE object_not_in_prerequisite_state USING
                MESSAGE = 'a node did not take the key',
                DETAIL = failed,
                HINT = 'Install the extension in the same version there: CREATE EXTENSION segment.';
        END IF;
    END IF;
    RETURN nodes;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_share_key IS
'Gives all nodes of a Citus cluster a new key in common, and returns how many there are beside this one. With it fits of tables larger than segment.work_mem run their passes on the shards; without it their rows come to the coordinator. Call it as the extension''s owner, once, and again when a node has been added.';

-- fit/distributed.sql

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

-- fit/assignment.sql

CREATE FUNCTION segment_internal.scored(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN segment_internal.is_distributed(format('SELECT FROM %s', $1.source)) THEN 's' ELSE '(s.a)' END;

COMMENT ON FUNCTION segment_internal.scored IS 'Internal: what a view that scores rows calls the score of a row.';

CREATE OR REPLACE FUNCTION segment_internal.scored_source(m segment_internal.catalog_model, columns text[], what text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    most integer := current_setting('max_function_args')::integer - 1;
BEGIN
    IF cardinality(columns) > most THEN
        RAISE feature_not_supported USING
            MESSAGE = format('%s takes at most %s feature columns, model "%s" has %s',
                             what, most, m.name, cardinality(columns)),
            HINT = 'Use assignment => ''table'', or name fewer features.';
    END IF;
    -- The planner dissolves a left join like this one: a row is scored where it is read, at most twice, in parallel plans as
    -- well, and a filter by key uses the index. A subquery that it has to keep would prevent both. That of Citus has no way
    -- with such a join, but with a function.
    RETURN format(CASE segment_internal.scored(m) WHEN '(s.a)' THEN '%s source LEFT JOIN LATERAL (SELECT %s AS a) s ON true'
                                                  ELSE '%s source CROSS JOIN LATERAL %s s' END, m.source,
                  format('segment_internal.assign((SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = %s), %s)',
                         m.model_id, segment_internal.identifiers(columns, 'source.%I')));
END
$$;

CREATE OR REPLACE FUNCTION segment_internal.assignment_query(m segment_internal.catalog_model, columns text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text[] := segment_internal.own_names(m.name, '{segment, distance, second_segment, margin}', m.key);
BEGIN
    RETURN format('SELECT %1$s, %7$s.segment AS %2$I, %7$s.distance AS %3$I, %7$s.second_segment AS %4$I, %7$s.margin AS %5$I '
                  'FROM %6$s WHERE %7$s.segment IS NOT NULL',
                  segment_internal.identifiers(m.key, 'source.%I'),
                  own[1], own[2], own[3], own[4], segment_internal.scored_source(m, columns, 'assignment => ''view'''), segment_internal.scored(m));
END
$$;

-- fit/profile.sql

CREATE OR REPLACE FUNCTION segment_internal.create_profile(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own      constant text[] := '{segment, label, rows, share, distance_avg}';
    columns  text;
    names    text[];
    comments text[];
    featured integer;
    result   regclass;
BEGIN
    SELECT string_agg(format('%s AS %I', c.expression, c.name), ', ' ORDER BY c.n),
           array_agg(c.name ORDER BY c.n), array_agg(c.comment ORDER BY c.n)
      INTO columns, names, comments
      FROM segment_internal.profile_columns(m) WITH ORDINALITY c (name, expression, comment, n);
    featured := cardinality(names) - coalesce(cardinality(segment_internal.group_by(m)), 0);
    IF featured < 3 * cardinality(m.features) THEN
        RAISE NOTICE '"%" has the averages of % of % features and no medians and indices', name, featured, cardinality(m.features)
            USING HINT = format('SELECT * FROM segment_profile(%L) has them all.', m.name);
    END IF;

    PERFORM segment_internal.create_view(format('CREATE VIEW %I.%I AS SELECT s.segment, s.label, s.rows, s.share, s.distance_avg, %s '
                   'FROM segment_internal.catalog_segment s WHERE s.model_id = %s ORDER BY s.segment',
                   schema, name, columns, m.model_id));
    result := format('%I.%I', schema, name);
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The segments of %s, a row a segment, with the figures of the latest fit in the units of its columns.', m.source));
    PERFORM segment_internal.comment_columns(
        result, own || names, segment_internal.own_comments(own) || comments);
    RETURN result;
END
$$;

-- fit/members.sql

CREATE OR REPLACE FUNCTION segment_internal.create_members(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
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

CREATE OR REPLACE FUNCTION segment_internal.create_outputs(
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

-- fit/live.sql

CREATE OR REPLACE FUNCTION segment_internal.create_live(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
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

-- fit/kmeans.sql

CREATE OR REPLACE FUNCTION segment_internal.kmeans_job(source regclass, options jsonb) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    started_at  timestamptz := clock_timestamp();
    m           segment_internal.catalog_model;
    old         segment_internal.catalog_model;      -- whose place it takes
    choice      segment_internal.choice[];
    recipe      segment_internal.recipe;
    kept        segment_internal.recipe;
    features    text[];
    schema      text;
    outputs     segment_internal.outputs;
    fresh       regclass;
    on_shards   boolean := false;                    -- the assignment is placed, and scored, where its source is
    fit         segment_internal.fitted;
    grouped     segment_internal.fitted_groups;
    live        jsonb;
    run         @extschema@.segment_run;
    waits       boolean := (options ->> 'wait')::boolean;
BEGIN
    -- plan
    options := options - 'wait';
    PERFORM segment_internal.check_writable('segment_kmeans');
    m := segment_internal.plan(source, options);
    PERFORM segment_internal.check_group_by(m);
    EXECUTE segment_internal.query(source, m.key, segment_internal.readable(source)) || ' LIMIT 0';      -- may we read it?
    schema := segment_internal.output_schema(source, options ->> 'into_schema');
    old := segment_internal.reserve(schema, m.name, (options ->> 'replace')::boolean, waits);
    outputs := segment_internal.plan_outputs(m, old, schema);
    choice := segment_internal.choose(source, m.key, segment_internal.without_groups(m));
    m.columns := ARRAY(SELECT c.column_name FROM unnest(choice) c WHERE c.reason IS NULL);
    recipe := segment_internal.prepare(source, choice, options);
    features := ARRAY(SELECT f.feature FROM unnest(recipe.features) f);
    options := segment_internal.resolve_options(options, features);

    -- fit; the model that is replaced serves on meanwhile
    IF m.assignment_kind = 'table' THEN
        fresh := segment_internal.create_assignment(schema,
            CASE WHEN old.model_id IS NULL THEN outputs.assignment ELSE segment_internal.fresh_name() END,
            m.name, source, m.key, passing => old.assignment_kind = 'table');
    END IF;
    IF segment_internal.group_by(m) IS NOT NULL THEN
        grouped := segment_internal.fit_groups(m, source, recipe, options, schema, fresh);
        fit := grouped.fit;
    ELSE
        on_shards := fresh IS NOT NULL AND segment_internal.distribute(fresh, source, m.key, recipe);
        fit := segment_internal.engine(source, m.key, recipe, options, CASE WHEN NOT on_shards THEN fresh END, model => m.name,
            previous => segment_internal.comparable(old, features, options), renumber => false,
            before => CASE WHEN old.model_id IS NOT NULL THEN segment_internal.before(old) END);
    END IF;
    IF on_shards THEN
        PERFORM segment_internal.fill_shards(fresh, source, m.key, fit);
    ELSIF fresh IS NOT NULL THEN
        PERFORM segment_internal.add_key(fresh, source, m.key);
    ELSIF m.assignment_kind = 'view' THEN
        PERFORM segment_internal.check_key_rows(source, m.key);
    END IF;

    -- record
    m.model_id := coalesce(old.model_id, segment_internal.new_model_id());
    m.run := coalesce(old.run, 0) + 1;
    m.created_at := coalesce(old.created_at, clock_timestamp());
    kept := segment_internal.keep_features(recipe, ARRAY(SELECT f.feature_no FROM unnest(fit.features) f));
    m.preparation := to_jsonb(kept);
    m.features := ARRAY(SELECT f.feature FROM unnest(kept.features) f WHERE f.weight > 0);
    m.columns := ARRAY(SELECT c.name FROM unnest(kept.columns) c
                        WHERE c.name IN (SELECT f.column_name FROM unnest(kept.features) f WHERE f.weight > 0));
    fit.transitions := segment_internal.find_transitions(old, m, fresh, fit);
    m := segment_internal.place_outputs(m, old, fit.columns, outputs, fresh);
    run := segment_internal.record(m, recipe, fit, CASE WHEN grouped.groups IS NULL THEN segment_internal.k_reason(options, fit)
                                                           ELSE segment_internal.groups_reason(grouped.groups) END, started_at, grouped.groups);
    PERFORM segment_internal.notices(m, options, choice, recipe, fit);
    live := segment_internal.set_live_aside(m, old);
    PERFORM segment_internal.exchange_outputs(m, old, outputs);
    PERFORM segment_internal.restore_live(m, live);
    PERFORM segment_internal.sweep();
    RETURN run;
END
$$;

-- fit/refresh.sql

CREATE OR REPLACE FUNCTION segment_internal.refresh_as_owner(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    given       jsonb := '{"warm_start": true, "stability": 0.01, "survival": 0.5, "split": 0.25}'::jsonb || arguments;
    warm_start  boolean := given ->> 'warm_start';
    k           integer := given ->> 'k';
    rescore     boolean := coalesce((arguments ->> 'rescore')::boolean, false);
    rollback    integer := arguments ->> 'rollback';        -- the run to rescore by
    stability   float8 := given ->> 'stability';
    survival    float8 := given ->> 'survival';
    split       float8 := given ->> 'split';
    started_at  timestamptz := clock_timestamp();
    old         segment_internal.catalog_model;
    m           segment_internal.catalog_model;
    past        segment_internal.catalog_model;
    same_key    boolean;
    elsewhere   boolean := false;                   -- rows are on other servers
    on_shards   boolean := false;                   -- and the assignment is written there
    anew        boolean;                            -- its relations, since its source is another one, or they may be
    outputs     segment_internal.outputs;
    labels      segment_internal.label[];
    run         @extschema@.segment_run;
    recipe      segment_internal.recipe;
    source      regclass;
    renamed     jsonb;
    options     jsonb;
    schema      text;
    joined      text;
    make_target text;
    fresh       regclass;
    fit         segment_internal.fitted;
    grouped     segment_internal.fitted_groups;
    k_reason    text;
    live        jsonb;
BEGIN
    -- plan; wait for other jobs on this model before looking at it
    PERFORM segment_internal.check_writable(CASE WHEN arguments ? 'rollback' THEN 'segment_rollback' WHEN rescore THEN 'segment_rescore' ELSE 'segment_refresh' END);
    old := segment_internal.claim(model_id, coalesce((arguments ->> 'wait')::boolean, true));
    m := segment_internal.bound(old, (arguments ->> 'source')::oid);
    source := m.source;
    renamed := CASE WHEN source = old.source THEN segment_internal.renamed_columns(old) ELSE '{}' END;
    same_key := segment_internal.same_key(m);
    anew := source <> old.source OR NOT same_key OR arguments ? 'rollback';
    IF arguments ? 'rollback' THEN
        past := segment_internal.as_in_run(m, rollback);
        renamed := segment_internal.renamed_columns(past);
        past := segment_internal.with_names(past, renamed);
        past.key := m.key;
        past.binding := m.binding;
        m := past;
        PERFORM segment_internal.source_of(m, format('Run %s of model "%s" has read it: restore it, in a view if need be.', rollback, m.name)),
                segment_internal.check_group_by(m);
    END IF;
    IF coalesce((arguments ->> 'only_if_drift')::boolean, false) AND source = old.source AND NOT segment_internal.has_drifted(m) THEN
        RETURN segment_internal.shown_run(m.profile, m.run);
    END IF;
    IF same_key THEN
        PERFORM segment_internal.rename_key(m, old.key);
    END IF;
    PERFORM segment_internal.check_options(m.options || jsonb_build_object('k', k, 'stability', stability, 'survival', survival, 'split', split));
    IF segment_internal.group_by(m) IS NULL THEN
        options := segment_internal.refit_options(m, k, warm_start, stability);
    END IF;
    recipe := jsonb_populate_record(NULL::segment_internal.recipe, m.preparation);

    -- fit, keeping the numbers of the segments
    schema := (SELECT l.schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id);
    IF segment_internal.group_by(m) IS NULL THEN
        -- where keys have other types, all rows are written anew
        elsewhere := m.assignment_kind = 'table' AND segment_internal.is_distributed(format('SELECT FROM %s, %s', source, m.assignment));
        IF m.assignment_kind = 'table' AND same_key AND NOT elsewhere THEN
            joined := segment_internal.joined_query(m, source, array_remove(ARRAY(SELECT c.name FROM unnest(recipe.columns) c) || (options ->> 'sample_weight'), NULL));
            make_target := format('SELECT segment_internal.create_assignment(%L, %L, %L, %s::oid, %L, passing => true)',
                                  schema, segment_internal.fresh_name(), m.name, source::oid, m.key);
        ELSIF m.assignment_kind = 'table' THEN
            fresh := segment_internal.create_assignment(schema, segment_internal.fresh_name(), m.name, source, m.key,
                                                        passing => true);
            on_shards := (NOT same_key OR segment_internal.distribution_column(m.assignment) IS NOT NULL)
                         AND segment_internal.distribute(fresh, source, m.key, recipe);
        END IF;
        fit := segment_internal.engine(source, m.key, recipe, options, CASE WHEN NOT on_shards THEN fresh END, keep_constant => true,
            model => m.name,
            previous => segment_internal.compiled_with_names(
                (SELECT r.compiled FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run), renamed),
            before => CASE WHEN NOT rescore THEN segment_internal.before(m, NULL, survival, split) END,
            warm_inertia => (SELECT r.inertia FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run),
            joined => joined, make_target => make_target, rescore => rescore);
        fresh := coalesce(fresh, fit.target);
        IF NOT rescore THEN
            k_reason := segment_internal.refit_reason(m, k, options, fit);
            m.options := m.options || CASE WHEN k IS NULL THEN '{}' ELSE jsonb_build_object('k', k) END;
        END IF;
    ELSE
        IF m.assignment_kind = 'table' THEN
            fresh := segment_internal.create_assignment(schema, segment_internal.fresh_name(), m.name, source, m.key,
                                                        passing => true);
        END IF;
        grouped := segment_internal.fit_groups(m, source, recipe, m.options, schema, fresh, true, warm_start, k, stability, renamed, rescore, survival, split);
        k_reason := segment_internal.groups_reason(grouped.groups);
        fit := grouped.fit;
    END IF;
    IF rescore THEN
        fit := segment_internal.rescored(m, fit);
        fit.transitions := segment_internal.same_numbers(old, fit, coalesce(rollback, old.run));
        labels := segment_internal.automatic_labels(m);
        k_reason := coalesce('rolled back to run ' || rollback, 'as in the run before, rescored');
    END IF;

    -- record
    IF on_shards THEN
        PERFORM segment_internal.fill_shards(fresh, source, m.key, fit);
    ELSIF fresh IS NOT NULL THEN
        PERFORM segment_internal.add_key(fresh, source, m.key);
    ELSIF anew AND m.assignment_kind = 'view' THEN
        PERFORM segment_internal.check_key_rows(source, m.key);
    END IF;
    IF fresh IS NOT NULL AND same_key THEN
        IF grouped.groups IS NOT NULL OR elsewhere THEN
            PERFORM segment_internal.keep_differences_as_owner(m.model_id, fresh, m.key);
        END IF;
        PERFORM segment_internal.apply_as_owner(m.model_id, fresh, m.key);
        EXECUTE format('DROP TABLE %s', fresh);
        fresh := NULL;
    END IF;
    IF anew THEN
        outputs := segment_internal.plan_outputs(m, old, schema);
        m := segment_internal.place_outputs(m, old, fit.columns, outputs, fresh);
    END IF;
    m.run := old.run + 1;
    run := segment_internal.record(m, recipe, fit, k_reason, started_at, grouped.groups, labels,
        CASE WHEN arguments ? 'rollback' THEN 'rollback' WHEN rescore THEN 'rescore' ELSE 'refresh' END, rollback);
    IF arguments ? 'rollback' THEN
        PERFORM segment_internal.restore_labels(m, rollback);
    END IF;
    IF anew THEN
        live := segment_internal.set_live_aside(m, old);
        PERFORM segment_internal.exchange_outputs(m, old, outputs);
        PERFORM segment_internal.restore_live(m, live);
    END IF;
    RETURN run;
END
$$;

-- chart/quality.sql

CREATE OR REPLACE FUNCTION segment_internal.drawn(m segment_internal.catalog_model, shares float8[], segments integer[] DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text[] := segment_internal.model_columns(m);
    hash    text := segment_internal.unique_name('hash', '', columns);
    bounds  bigint[] := ARRAY(SELECT segment_internal.hash_share(s) FROM unnest(shares) WITH ORDINALITY u (s, n) ORDER BY n);
BEGIN
    IF 1 <= ALL (shares) THEN
        RETURN segment_internal.query(m.source, '{}', columns);
    END IF;
    RETURN format('SELECT %1$s FROM (SELECT %2$s, %3$s AS %4$I FROM %5$s) r WHERE r.%4$I <= %6$s',
                  segment_internal.identifiers(columns, 'r.%I'), segment_internal.identifiers(columns),
                  segment_internal.row_hash(m, columns), hash, m.source, (SELECT max(b) FROM unnest(bounds) b))
        || CASE WHEN segments IS NULL THEN '' ELSE format(' AND r.%I <= (%L::bigint[])[array_position(%L::integer[], %s)]', hash, bounds, segments,
                           -- a row of Citus has no names
                           CASE WHEN cardinality(columns) < current_setting('max_function_args')::integer
                                THEN format('(segment_internal.assign(%L::bytea, %s)).segment',
                                            (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id),
                                            segment_internal.identifiers(columns, 'r.%I'))
                                ELSE format('@extschema@.segment_predict(%L, r.*)', segment_internal.qualified(m)) END) END;
END
$$;

-- use/score.sql

CREATE FUNCTION @extschema@.segment_predict(compiled bytea, customer record) RETURNS integer
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_predict_compiled';

COMMENT ON FUNCTION @extschema@.segment_predict(bytea, record) IS
'The segment of a row by a model as a value, which segment_compiled has: for servers that do not know the model by name, as the workers of Citus. NULL for a row that the model''s preparation skips.';

CREATE VIEW @extschema@.segment_compiled WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema, l.name AS model, c.compiled
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_compiled c ON c.model_id = l.model_id
 WHERE c.compiled IS NOT NULL AND length(c.compiled) > 0;

COMMENT ON VIEW @extschema@.segment_compiled IS 'The models that the reader may see, each as one value to score rows by; a model with groups has none.';
COMMENT ON COLUMN @extschema@.segment_compiled.schema IS 'Schema of the model''s relations.';
COMMENT ON COLUMN @extschema@.segment_compiled.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_compiled.compiled IS 'Preparation and centroids of its current run.';
GRANT SELECT ON @extschema@.segment_compiled TO PUBLIC;

-- rights.sql

REVOKE EXECUTE ON FUNCTION segment_internal.scan_part_accum(bytea, bytea), segment_internal.scan_part_combine(bytea, bytea),
                           segment_internal.scan_part_final(bytea) FROM PUBLIC;
