-- A model a group: k and recipe of each group of rows by themselves, the numbers of segments through all groups.
--
-- The source is read once, into a table in the order of the groups, of which the engine then reads a part a group. What
-- features there are, and what segments compare with, is of all rows: a model of one segment tells.

CREATE FUNCTION segment_internal.check_group_by(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    by_names text[] := segment_internal.group_by(m);
    given   record;
    refused record;
    wrong   text;
BEGIN
    IF by_names IS NULL THEN
        RETURN;
    ELSIF by_names = '{}' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "group_by" is empty',
            HINT = 'Name columns, or leave it out for one model of all rows.';
    END IF;
    PERFORM segment_internal.check_columns(m.source, by_names, 'group_by');
    SELECT o.* INTO given FROM jsonb_to_record(m.options) AS o (features text[], centroids float8[], sample_weight text);
    wrong := (SELECT b FROM unnest(by_names) WITH ORDINALITY u (b, n) WHERE b = ANY (given.features) OR b = given.sample_weight ORDER BY n LIMIT 1);
    IF wrong IS NOT NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('column "%s" is both in "group_by" and in "%s"', wrong, CASE wrong WHEN given.sample_weight THEN 'sample_weight' ELSE 'features' END),
            HINT = 'Within a group it has one value.';
    END IF;
    SELECT r.* INTO refused
      FROM (VALUES ('assignment => ''view''', m.assignment_kind = 'view', 'Use assignment => ''table'', or segment_predict() in a view of your own.'),
                   ('centroids', given.centroids IS NOT NULL, 'Fit a view of one group from them.'),
                   ('algorithm => ''bisecting''', m.options ->> 'algorithm' = 'bisecting', 'Fit a view of each group.'),
                   ('"trim"', (m.options ->> 'trim')::float8 > 0, 'Fit a view of each group.'),
                   ('outliers => ''skip''', m.options ->> 'outliers' = 'skip' OR m.options @? '$.feature_options.*.outliers ? (@ == "skip")', 'Use outliers => ''clip'', or leave such rows out in a view.')) r (what, wanted, hint)
     WHERE r.wanted LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('model "%s" cannot have %s and group_by', m.name, refused.what),
            HINT = refused.hint;
    END IF;
    -- may we group by their types?
    EXECUTE format('SELECT segment_internal.group_values(%L, %s) FROM (SELECT) one LEFT JOIN (SELECT %s FROM %s LIMIT 0) s ON true',
                   by_names, segment_internal.identifiers(by_names), segment_internal.identifiers(by_names), m.source);
END
$$;

COMMENT ON FUNCTION segment_internal.check_group_by IS 'Internal: raises unless a model can have the groups that it is to have.';

CREATE FUNCTION segment_internal.without_groups(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN segment_internal.group_by($1) IS NULL THEN $1.options
                ELSE $1.options || jsonb_build_object('exclude', coalesce(nullif($1.options -> 'exclude', 'null'), '[]') || ($1.options -> 'group_by')) END;
$$;

COMMENT ON FUNCTION segment_internal.without_groups IS 'Internal: the options of a model, by which the columns that it is grouped by are no features.';

CREATE FUNCTION segment_internal.copy_groups(
    m segment_internal.catalog_model, source regclass, columns text[], schema text, OUT copy regclass, OUT place text, OUT group_values text
) RETURNS record
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    most constant integer := 1000;
    by_names   text[] := segment_internal.group_by(m);
    read text[] := ARRAY(SELECT u.c FROM unnest(m.key || columns) WITH ORDINALITY u (c, n) GROUP BY u.c ORDER BY min(u.n));
    name text := segment_internal.fresh_name();
    n    bigint;
BEGIN
    PERFORM segment_internal.phase('reading');
    place := segment_internal.unique_name('place', '', read);
    group_values := segment_internal.unique_name('group_values', '', read);
    EXECUTE format('CREATE %s TABLE %I.%I AS SELECT s.*, hash_array_extended(s.%I, 0) AS %I'
                   '  FROM (SELECT %s, segment_internal.group_values(%L, %s) AS %I FROM %s) s ORDER BY %I',
                   CASE WHEN schema <> 'pg_temp' THEN 'UNLOGGED' END, schema, name, group_values, place,
                   segment_internal.identifiers(read), by_names, segment_internal.identifiers(by_names), group_values, source, place);
    copy := format('%I.%I', schema, name);
    EXECUTE format('CREATE INDEX ON %s (%I)', copy, place);
    EXECUTE format('ANALYZE %s', copy);
    EXECUTE format('SELECT count(*) FROM (SELECT FROM %s GROUP BY %I LIMIT %s) g', copy, group_values, most + 1) INTO n;
    IF n > most THEN
        RAISE program_limit_exceeded USING
            MESSAGE = format('relation "%s" has more than %s groups by (%s)', (SELECT c.relname FROM pg_class c WHERE c.oid = source),
                             most, segment_internal.identifiers(by_names)),
            HINT = 'Group by columns of fewer values, or take rare ones together in a view.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.copy_groups IS
'Internal: a table of the rows of a source, in the order of a hash of their groups, with that hash and the group; for this transaction alone.';

CREATE FUNCTION segment_internal.fit_groups(
    m segment_internal.catalog_model, source regclass, recipe segment_internal.recipe, options jsonb, schema text, target regclass,
    refit boolean DEFAULT false, warm_start boolean DEFAULT false, k integer DEFAULT NULL, stability float8 DEFAULT NULL,
    renamed jsonb DEFAULT '{}', rescore boolean DEFAULT false, survival float8 DEFAULT NULL, split float8 DEFAULT NULL
) RETURNS segment_internal.fitted_groups
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    by_names       text[] := segment_internal.group_by(m);
    weight   text := options ->> 'sample_weight';
    all_rows jsonb := options || '{"k_min": 1, "k_max": 1, "n_init": 1, "min_share": 0, "max_share": 1, "trim": 0, "centroids": null}';
    numbers  integer[] := ARRAY(SELECT n FROM generate_subscripts(recipe.features, 1) n);
    columns  text[] := ARRAY(SELECT c.name FROM unnest(recipe.columns) c) || array_remove(ARRAY[weight], NULL);
    first    integer := 1;
    moved    bigint[] := '{}';         -- to fences
    segments segment_internal.fitted_segment[] := '{}';
    groups   segment_internal.fitted_group[];
    iterations integer := 0;
    converged boolean := true;
    whole    segment_internal.fitted;
    fit      segment_internal.fitted;
    old      segment_internal.catalog_group;
    given    jsonb;
    g        segment_internal.fitted_group;
    copy     regclass;
    place    text;                              -- its columns
    of_group text;
    weighing text := 'count(*)';                -- in SQL
    in_order text;
    condition text;
    transitions segment_internal.transition[] := '{}';
BEGIN
    SELECT c.copy, c.place, c.group_values INTO copy, place, of_group FROM segment_internal.copy_groups(m, source, columns, schema) c;
    IF refit THEN
        -- numbers that have been are not given anew: people have named them
        first := m.highest_segment + 1;
    ELSE
        whole := segment_internal.engine(source, m.key, recipe, all_rows, model => m.name,
                                         query => segment_internal.query(copy, m.key, columns));
        numbers := ARRAY(SELECT f.feature_no FROM unnest(whole.features) f);
        recipe := segment_internal.keep_features(recipe, numbers);
        columns := ARRAY(SELECT c.name FROM unnest(recipe.columns) c) || array_remove(ARRAY[weight], NULL);
    END IF;

    IF weight IS NOT NULL THEN
        weighing := format('count(*) FILTER (WHERE c.%I > 0 OR c.%1$I IS NULL)', weight);
    END IF;
    in_order := (SELECT string_agg(format(CASE WHEN c.kind = 'number' THEN 'c.%1$I[%2$s]::numeric' ELSE 'c.%1$I[%2$s] COLLATE "C"' END, of_group, u.n), ', ' ORDER BY u.n)
                   FROM unnest(by_names) WITH ORDINALITY u (name, n)
                   JOIN segment_internal.columns(source) c ON c.column_name = u.name);
    -- rows_used: of the rows that weigh anything, until the fit has told
    EXECUTE format('SELECT array_agg(ROW(c.n, c.%1$I, c.rows, c.weighs, NULL, ''too few rows'', NULL, NULL, NULL, NULL, NULL)::segment_internal.fitted_group ORDER BY c.n)'
                   '  FROM (SELECT row_number() OVER (ORDER BY %2$s) AS n, c.%1$I, count(*) AS rows, %3$s AS weighs FROM %4$s c GROUP BY c.%1$I) c',
                   of_group, in_order, weighing, copy)
       INTO groups;
    FOR i IN 1 .. coalesce(cardinality(groups), 0) LOOP
        g := groups[i];
        given := options;
        old := NULL;
        IF refit THEN
            SELECT c.* INTO old FROM segment_internal.catalog_group c
             WHERE c.model_id = m.model_id AND c.run = m.run AND c.group_values = g.group_values;
            given := segment_internal.resolve_options(options || jsonb_build_object('k', coalesce(fit_groups.k, old.k, (options ->> 'k')::integer)), m.features)
                || jsonb_build_object('refit_k', coalesce(fit_groups.k, old.k), 'stability', stability,
                                      'warm', warm_start AND coalesce(old.k = coalesce(fit_groups.k, old.k), false));
        END IF;
        fit := NULL;
        IF rescore AND old.compiled IS NULL THEN
            g.k_reason := 'no model of it yet';
        ELSIF g.rows_used > 0 THEN
            condition := format('%1$I = hash_array_extended(%2$L::text[], 0) AND %3$I = %2$L', place, g.group_values, of_group);
            fit := segment_internal.engine(source, m.key, recipe, given, target, keep_constant => true, model => m.name,
                query => format('%s WHERE %s', segment_internal.query(copy, m.key, columns), condition),
                previous => segment_internal.compiled_with_names(old.compiled, renamed), first_segment => first, warm_inertia => old.inertia, rescore => rescore,
                before => CASE WHEN refit AND NOT rescore THEN segment_internal.before(m, segment_internal.known_query(m, source, copy, columns, condition), survival, split,
                                                                                       coalesce(old.segments, '{}')) END);
        END IF;
        IF fit.k IS NULL THEN
            EXECUTE format('DELETE FROM %s WHERE %I = hash_array_extended($1, 0) AND %I = $1', copy, place, of_group) USING g.group_values;
            g.rows_used := 0;
            groups[i] := g;
            CONTINUE;
        END IF;
        groups[i] := ROW(g.group_no, g.group_values, g.rows_read, fit.rows_used, fit.k,
            CASE WHEN fit_groups.k IS NULL AND old.k IS NOT NULL THEN 'as in the run before' ELSE segment_internal.k_reason(given, fit) END,
            fit.inertia, fit.explained, fit.silhouette, ARRAY(SELECT s.segment FROM unnest(fit.segments) s ORDER BY s.segment), fit.compiled)::segment_internal.fitted_group;
        segments := segments || fit.segments;
        transitions := transitions || fit.transitions;
        moved := ARRAY(SELECT coalesce(moved[f.ordinality], 0) + f.clipped FROM unnest(fit.features) WITH ORDINALITY f ORDER BY f.ordinality);
        first := greatest(first, (SELECT max(s.segment) + 1 FROM unnest(fit.segments) s));
        iterations := greatest(iterations, fit.iterations);
        converged := converged AND fit.converged;
    END LOOP;
    -- segments of groups without rows stay
    FOR old IN SELECT c.* FROM segment_internal.catalog_group c
                WHERE rescore AND c.model_id = m.model_id AND c.run = m.run AND c.k IS NOT NULL
                  AND NOT EXISTS (SELECT FROM unnest(groups) u WHERE u.group_values = c.group_values AND u.k IS NOT NULL)
                ORDER BY c.group_no
    LOOP
        g := (SELECT u FROM unnest(groups) u WHERE u.group_values = old.group_values);
        g := ROW(coalesce(g.group_no, cardinality(groups) + 1), old.group_values, coalesce(g.rows_read, 0), 0, old.k, 'no rows now',
                 NULL, NULL, NULL, old.segments, old.compiled);
        groups[g.group_no] := g;
        segments := segments || ARRAY(SELECT ROW(s, 0, 0, NULL, NULL, n.none, n.none, n.none, n.none, n.none, n.none, n.none, n.none, n.none, NULL)::segment_internal.fitted_segment
                                        FROM unnest(old.segments) s, (SELECT array_fill(NULL::float8, ARRAY[cardinality(m.features)])) n (none));
    END LOOP;
    IF segments = '{}' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('no group of relation "%s" has enough rows for its segments', (SELECT c.relname FROM pg_class c WHERE c.oid = source)),
            DETAIL = format('Groups by (%s): %s.', segment_internal.identifiers(by_names), coalesce(cardinality(groups), 0)),
            HINT = 'Group by columns of fewer values, or ask for fewer segments.';
    END IF;

    IF refit OR EXISTS (SELECT FROM unnest(groups) u WHERE u.k IS NULL) THEN
        fit := segment_internal.engine(source, m.key, recipe, all_rows, keep_constant => true, model => m.name,
                                       query => segment_internal.query(copy, m.key, columns));
    ELSE
        fit := whole;
    END IF;
    EXECUTE format('DROP TABLE %s', copy);
    fit.iterations := iterations;
    fit.converged := converged;
    SELECT sum(u.k), sum(u.rows_read), sum(u.rows_used), sum(u.inertia), sum(u.silhouette * u.rows_used) / sum(u.rows_used) FILTER (WHERE u.silhouette IS NOT NULL)
      INTO fit.k, fit.rows_read, fit.rows_used, fit.inertia, fit.silhouette
      FROM unnest(groups) u;
    -- each group has its own variance and its own fences
    fit.explained := NULL;
    fit.davies_bouldin := NULL;
    fit.calinski_harabasz := NULL;
    fit.compiled := '';
    fit.features := ARRAY(SELECT ROW(numbers[f.ordinality], f.imputed, moved[f.ordinality], NULL, NULL, NULL, NULL, f.center, f.scale,
                                     f.mean, f.median, f.stddev, f.min, f.max, f.bin_cuts, f.bin_rows)::segment_internal.fitted_feature
                            FROM unnest(fit.features) WITH ORDINALITY f ORDER BY f.ordinality);
    fit.segments := segments;
    fit.transitions := transitions ||
        ARRAY(SELECT ROW(o.segment, NULL, 'vanished', NULL, NULL, NULL)::segment_internal.transition
                FROM unnest((segment_internal.before(m)).segments) o
               WHERE refit AND o.segment NOT IN (SELECT t.from_segment FROM unnest(transitions) t WHERE t.from_segment IS NOT NULL)
               ORDER BY o.segment);
    fit.candidates := '{}';
    fit.repeated := whole.repeated;
    PERFORM segment_internal.say_left_out(by_names, groups);
    RETURN ROW(fit, groups)::segment_internal.fitted_groups;
END
$$;

COMMENT ON FUNCTION segment_internal.fit_groups IS
'Internal: reads the source once and fits each group, with its figures in its own scaled space; the figures of the whole are sums, or means by rows, or of all rows in original units. A refit finds the segments of a group''s run before again.';

CREATE FUNCTION segment_internal.group_name(group_values text[]) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT string_agg(CASE WHEN u.value IS NULL THEN '(none)' WHEN btrim(u.value) = '' THEN '(empty)'
                           WHEN length(u.value) > 60 THEN left(u.value, 57) || '...' ELSE u.value END, ', ' ORDER BY u.n)
      FROM unnest($1) WITH ORDINALITY u (value, n);
END;

COMMENT ON FUNCTION segment_internal.group_name IS 'Internal: a group in words.';

CREATE FUNCTION segment_internal.say_left_out(by_names text[], groups segment_internal.fitted_group[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    names text[] := ARRAY(SELECT segment_internal.group_name(g.group_values) FROM unnest(groups) g WHERE g.k IS NULL ORDER BY g.group_no);
BEGIN
    IF names <> '{}' THEN
        RAISE NOTICE '% of % groups by (%) left out, whose rows are too few: %', cardinality(names), cardinality(groups),
            segment_internal.identifiers(by_names), segment_internal.list(names)
            USING HINT = 'Their rows have no segment. Take them together with others in a view to have them in.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.say_left_out IS 'Internal: tells which groups are left out.';

CREATE FUNCTION segment_internal.groups_reason(groups segment_internal.fitted_group[]) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT format('those of %s %s, each by itself', count(*), CASE count(*) WHEN 1 THEN 'group' ELSE 'groups' END) FROM unnest($1) g WHERE g.k IS NOT NULL;
END;

COMMENT ON FUNCTION segment_internal.groups_reason IS 'Internal: why a model of a model a group has as many segments as it has.';
