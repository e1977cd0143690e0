-- segment_kmeans

CREATE FUNCTION segment_internal.kmeans(source regclass, options jsonb) RETURNS @extschema@.segment_run
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_job';

COMMENT ON FUNCTION segment_internal.kmeans IS 'Internal: segment_kmeans with its arguments in one object.';

-- What a session has planned once it does not plan again: on small data planning takes longer than the fit.
CREATE FUNCTION segment_internal.kmeans_job(source regclass, options jsonb) RETURNS @extschema@.segment_run
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

COMMENT ON FUNCTION segment_internal.kmeans_job IS 'Internal: the job of segment_kmeans.';

CREATE FUNCTION @extschema@.segment_kmeans(
    source          regclass,
    k               integer  DEFAULT NULL,
    features        text[]   DEFAULT NULL,
    model           text     DEFAULT NULL,
    key             text[]   DEFAULT NULL,
    scaling         text     DEFAULT 'standard',
    missing         text     DEFAULT 'median',
    outliers        text     DEFAULT 'keep',
    transform       text     DEFAULT 'auto',
    distance        text     DEFAULT 'euclidean',
    feature_options jsonb    DEFAULT '{}',
    sample_weight   text     DEFAULT NULL,
    init            text     DEFAULT 'k-means++',
    centroids       float8[] DEFAULT NULL,
    n_init          integer  DEFAULT NULL,
    max_iter        integer  DEFAULT 300,
    tol             float8   DEFAULT 1e-4,
    seed            bigint   DEFAULT 0,
    k_min           integer  DEFAULT 2,
    k_max           integer  DEFAULT 10,
    min_share       float8   DEFAULT 0,
    assignment      text     DEFAULT 'table',
    into_schema     text     DEFAULT NULL,
    replace         boolean  DEFAULT false,
    exclude         text[]   DEFAULT NULL,
    outlier_method  text     DEFAULT 'iqr',
    outlier_threshold float8 DEFAULT NULL,
    max_categories  integer  DEFAULT 32,
    min_frequency   float8   DEFAULT 0,
    category_names  text     DEFAULT 'value',
    algorithm       text     DEFAULT 'lloyd',
    group_by        text[]   DEFAULT NULL,
    max_share       float8   DEFAULT 1,
    "trim"          float8   DEFAULT 0,
    wait            boolean  DEFAULT true,
    history         boolean  DEFAULT false
) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT segment_internal.kmeans($1, jsonb_build_object(
        'k', k, 'features', features, 'model', model, 'key', key, 'scaling', scaling, 'missing', missing,
        'outliers', outliers, 'transform', transform, 'distance', distance, 'feature_options', feature_options,
        'sample_weight', sample_weight, 'init', init, 'centroids', centroids, 'n_init', n_init, 'max_iter', max_iter,
        'tol', tol, 'seed', seed, 'k_min', k_min, 'k_max', k_max, 'min_share', min_share,
        'assignment', assignment, 'into_schema', into_schema, 'replace', replace, 'exclude', exclude,
        'outlier_method', outlier_method, 'outlier_threshold', outlier_threshold,
        'max_categories', max_categories, 'min_frequency', min_frequency, 'category_names', category_names,
        'algorithm', algorithm, 'group_by', group_by, 'max_share', max_share, 'trim', "trim", 'wait', coalesce(wait, true), 'history', history));
$$;

COMMENT ON FUNCTION @extschema@.segment_kmeans IS
'Segments the rows of a relation by k-means and makes three relations beside it: <model>_assignment, <model>_profile and <model>_members.
k: how many; NULL: chosen in k_min..k_max by the simplified silhouette; one segment where the data show no clear groups, unless k_min is above 2. min_share, max_share: segments are made of at least and at most such shares of the rows where k is given; else k is chosen among those whose segments have them. "trim": at most this share of the rows, those farthest from all centroids, is left out as segment 0.
features: columns; NULL: numbers, booleans and texts of few values, but not the key, identifiers, what is mostly missing, hardly varies or repeats others; numbers of 0 and 1 are flags. Dates, intervals, arrays of numbers and other texts are features if they are named. exclude: columns that are none.
model: its name; NULL: the source''s. key: columns that identify a row; NULL: the primary key, else a unique NOT NULL index; {}: none.
missing: median, mean, zero, skip, error, category. outliers: keep, clip, skip, beyond fences by outlier_method (iqr, zscore) and outlier_threshold (NULL: 1.5, 3). transform: auto (log1p of strongly skewed numbers, where features names none), none, log1p, yeo-johnson. scaling: standard, minmax, robust, maxabs, none. max_categories, min_frequency: which values of a text, enum or named boolean are features of their own.
feature_options: for single columns these again, clip (two quantiles) and weight: {"column": {"option": value}}. sample_weight: a numeric column, how often each row counts.
distance: euclidean, cosine. init: k-means++, random; centroids: start here instead. algorithm: lloyd, bisecting (segments are the leaves of a tree: segment_tree). n_init: starts; NULL: until the best is found several times, as far as a budget of work allows. max_iter, tol: when to stop. seed: of all random choices.
assignment: table, view, none. into_schema: of the relations; NULL: the source''s. replace: a model of the same name, which serves on until this one takes its place. category_names: number keeps values of columns out of the names and comments of the profile''s columns, which everybody may read.
group_by: columns; each group of rows, at most 1000, gets a model of its own, k and preparation included, in the same relations, with segments numbered through all groups.
history: a fourth relation, <model>_changes, in which every later run writes down the rows that it moves, and that come and leave: segment_migration() counts them. wait => false: an error if another session is working on the model.';
