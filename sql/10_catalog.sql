-- The catalog: models, their runs, what was done to each feature, centroids, profile figures and labels.
--
-- A model belongs to whoever owns its profile view and lives as long as that view, so that ALTER OWNER, REASSIGN OWNED,
-- DROP OWNED and DROP VIEW need no help from us. Row security keeps models apart:
--   * its owner reads a model;
--   * whoever may SELECT from its profile, members or assignment reads it. A view reads its tables with the rights of
--     its owner, but the policies of those tables are judged with current_user, which is the reader. With this rule
--     GRANT SELECT ON customers_profile TO bi is enough. (A view over the profile needs a grant on the profile too.)
-- Nobody but the extension's owner writes here. Jobs, which run with the rights of their callers, do it through the
-- functions of 15_keeper.sql.
--
-- There are no foreign keys: pg_restore loads the tables in any order, several at a time. Rows of a model whose profile
-- was dropped are visible to superusers alone until the next fit sweeps them away.

CREATE TABLE segment_internal.catalog_model (
    model_id        bigint      NOT NULL,
    name            text        NOT NULL,
    source          regclass    NOT NULL,
    key             text[]      NOT NULL,
    columns         text[]      NOT NULL,
    features        text[]      NOT NULL,
    preparation     jsonb       NOT NULL,
    options         jsonb       NOT NULL,
    run             integer     NOT NULL,
    profile         regclass    NOT NULL,
    assignment      regclass,
    members         regclass,
    assignment_kind text        NOT NULL,
    created_at      timestamptz NOT NULL,
    CONSTRAINT catalog_model_pkey PRIMARY KEY (model_id),
    CONSTRAINT catalog_model_profile_key UNIQUE (profile),
    CONSTRAINT catalog_model_kind_check CHECK (assignment_kind IN ('table', 'view', 'none')
        AND (assignment_kind = 'none') = (assignment IS NULL) AND (assignment_kind = 'none') = (members IS NULL)),
    CONSTRAINT catalog_model_id_check CHECK (model_id >= 0 AND model_id < 1::bigint << 48),     -- as many bits as a lock has
    CONSTRAINT catalog_model_name_check CHECK (octet_length(name) BETWEEN 1 AND 1000),     -- all who look for a model read it
    CONSTRAINT catalog_model_run_check CHECK (run >= 1)
);

COMMENT ON TABLE segment_internal.catalog_model IS 'One row a model; segment_models shows it for reading.';
COMMENT ON COLUMN segment_internal.catalog_model.model_id IS 'Identifies the model in the catalog; a random number, so that nobody can take that of a fit which runs.';
COMMENT ON COLUMN segment_internal.catalog_model.name IS 'Its name, unique in the schema of its profile.';
COMMENT ON COLUMN segment_internal.catalog_model.source IS 'Relation it is fitted on.';
COMMENT ON COLUMN segment_internal.catalog_model.key IS 'Columns that identify a row; empty: none.';
COMMENT ON COLUMN segment_internal.catalog_model.columns IS 'Columns that it clusters on, as kept by the first fit.';
COMMENT ON COLUMN segment_internal.catalog_model.features IS 'The features that these become.';
COMMENT ON COLUMN segment_internal.catalog_model.preparation IS 'How features are made of the columns and prepared, for the next fit.';
COMMENT ON COLUMN segment_internal.catalog_model.options IS 'Arguments of the fit, for the next one.';
COMMENT ON COLUMN segment_internal.catalog_model.run IS 'The current run.';
COMMENT ON COLUMN segment_internal.catalog_model.profile IS 'Its profile view, whose owner owns the model.';
COMMENT ON COLUMN segment_internal.catalog_model.assignment IS 'Its assignment table or view; NULL: none.';
COMMENT ON COLUMN segment_internal.catalog_model.members IS 'Its members view; NULL: none.';
COMMENT ON COLUMN segment_internal.catalog_model.assignment_kind IS 'table, view or none.';
COMMENT ON COLUMN segment_internal.catalog_model.created_at IS 'When it was first fitted.';

CREATE TABLE segment_internal.catalog_run (
    model_id          bigint      NOT NULL,
    run               integer     NOT NULL,
    k                 integer     NOT NULL,
    k_reason          text        NOT NULL,
    rows_read         bigint      NOT NULL,
    rows_used         bigint      NOT NULL,
    rows_skipped      bigint      NOT NULL,
    iterations        integer     NOT NULL,
    converged         boolean     NOT NULL,
    inertia           float8      NOT NULL,
    explained         float8,
    silhouette        float8,
    davies_bouldin    float8,
    calinski_harabasz float8,
    started_at        timestamptz NOT NULL,
    elapsed           interval    NOT NULL,
    compiled          bytea       NOT NULL,
    CONSTRAINT catalog_run_pkey PRIMARY KEY (model_id, run),
    CONSTRAINT catalog_run_ledger_check CHECK (rows_used > 0 AND rows_skipped >= 0 AND rows_read = rows_used + rows_skipped),
    CONSTRAINT catalog_run_k_check CHECK (k >= 1)
);

COMMENT ON TABLE segment_internal.catalog_run IS 'One row a fit; segment_runs shows it for reading.';
COMMENT ON COLUMN segment_internal.catalog_run.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_run.run IS 'Number of the fit, from 1.';
COMMENT ON COLUMN segment_internal.catalog_run.k IS 'Number of segments.';
COMMENT ON COLUMN segment_internal.catalog_run.k_reason IS 'Why this number.';
COMMENT ON COLUMN segment_internal.catalog_run.rows_read IS 'Rows read.';
COMMENT ON COLUMN segment_internal.catalog_run.rows_used IS 'Rows that were clustered.';
COMMENT ON COLUMN segment_internal.catalog_run.rows_skipped IS 'Rows left out.';
COMMENT ON COLUMN segment_internal.catalog_run.iterations IS 'Lloyd iterations of the best start.';
COMMENT ON COLUMN segment_internal.catalog_run.converged IS 'Whether the best start met tol within max_iter iterations.';
COMMENT ON COLUMN segment_internal.catalog_run.inertia IS 'Sum of squared distances to the nearest centroid, scaled space.';
COMMENT ON COLUMN segment_internal.catalog_run.explained IS 'Share of the variance that the segments explain.';
COMMENT ON COLUMN segment_internal.catalog_run.silhouette IS 'Simplified silhouette.';
COMMENT ON COLUMN segment_internal.catalog_run.davies_bouldin IS 'Davies-Bouldin index.';
COMMENT ON COLUMN segment_internal.catalog_run.calinski_harabasz IS 'Calinski-Harabasz index.';
COMMENT ON COLUMN segment_internal.catalog_run.started_at IS 'When the fit began.';
COMMENT ON COLUMN segment_internal.catalog_run.elapsed IS 'How long it took.';
COMMENT ON COLUMN segment_internal.catalog_run.compiled IS 'Preparation and centroids in one value, for scoring.';

CREATE TABLE segment_internal.catalog_feature (
    model_id   bigint  NOT NULL,
    run        integer NOT NULL,
    feature_no integer NOT NULL,
    feature    text    NOT NULL,
    source_column text NOT NULL,
    encoding   text    NOT NULL,
    part       text,
    missing    text    NOT NULL,
    outliers   text    NOT NULL,
    fence      text    NOT NULL,
    fence_low  float8  NOT NULL,
    fence_high float8  NOT NULL,
    transform  text    NOT NULL,
    scaling    text    NOT NULL,
    weight     float8  NOT NULL,
    imputed    bigint  NOT NULL,
    clipped    bigint  NOT NULL,
    fill       float8,
    lower      float8,
    upper      float8,
    lambda     float8,
    center     float8  NOT NULL,
    scale      float8  NOT NULL,
    mean       float8,
    median     float8,
    stddev     float8,
    min        float8,
    max        float8,
    CONSTRAINT catalog_feature_pkey PRIMARY KEY (model_id, run, feature_no)
);

COMMENT ON TABLE segment_internal.catalog_feature IS 'What was done to each feature of a run, and the figures of all its rows.';
COMMENT ON COLUMN segment_internal.catalog_feature.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_feature.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_feature.feature_no IS 'Position of the feature in the arrays of the run.';
COMMENT ON COLUMN segment_internal.catalog_feature.feature IS 'Its name.';
COMMENT ON COLUMN segment_internal.catalog_feature.source_column IS 'The column that it is made of.';
COMMENT ON COLUMN segment_internal.catalog_feature.encoding IS 'How: number, boolean (0 or 1), days (since 1970-01-01), interval (in days), element of an array; 1 where the column has a category, any other, or none (missing), else 0.';
COMMENT ON COLUMN segment_internal.catalog_feature.part IS 'The element or the category; NULL: neither.';
COMMENT ON COLUMN segment_internal.catalog_feature.missing IS 'What was done to missing values.';
COMMENT ON COLUMN segment_internal.catalog_feature.outliers IS 'What was done to outliers.';
COMMENT ON COLUMN segment_internal.catalog_feature.fence IS 'Where fences are: iqr, zscore or quantiles.';
COMMENT ON COLUMN segment_internal.catalog_feature.fence_low IS 'Interquartile ranges, standard deviations or the lower quantile.';
COMMENT ON COLUMN segment_internal.catalog_feature.fence_high IS 'The upper quantile.';
COMMENT ON COLUMN segment_internal.catalog_feature.transform IS 'How values were transformed.';
COMMENT ON COLUMN segment_internal.catalog_feature.scaling IS 'How values were scaled.';
COMMENT ON COLUMN segment_internal.catalog_feature.weight IS 'Weight in the squared distance.';
COMMENT ON COLUMN segment_internal.catalog_feature.imputed IS 'How many values were missing and filled.';
COMMENT ON COLUMN segment_internal.catalog_feature.clipped IS 'How many values were moved to a fence.';
COMMENT ON COLUMN segment_internal.catalog_feature.fill IS 'What missing values become; NULL: they are not filled.';
COMMENT ON COLUMN segment_internal.catalog_feature.lower IS 'Lower fence; NULL: none.';
COMMENT ON COLUMN segment_internal.catalog_feature.upper IS 'Upper fence; NULL: none.';
COMMENT ON COLUMN segment_internal.catalog_feature.lambda IS 'Lambda of the Yeo-Johnson transform; NULL: another transform.';
COMMENT ON COLUMN segment_internal.catalog_feature.center IS 'Subtracted from the transformed value.';
COMMENT ON COLUMN segment_internal.catalog_feature.scale IS 'Divides the centred value.';
COMMENT ON COLUMN segment_internal.catalog_feature.mean IS 'Mean of all rows used, original units.';
COMMENT ON COLUMN segment_internal.catalog_feature.median IS 'Median of all rows used, original units.';
COMMENT ON COLUMN segment_internal.catalog_feature.stddev IS 'Population standard deviation of all rows used, original units.';
COMMENT ON COLUMN segment_internal.catalog_feature.min IS 'Least value, original units.';
COMMENT ON COLUMN segment_internal.catalog_feature.max IS 'Greatest value, original units.';

CREATE TABLE segment_internal.catalog_centroid (
    model_id bigint   NOT NULL,
    run      integer  NOT NULL,
    segment  integer  NOT NULL,
    scaled   float8[] NOT NULL,
    value    float8[] NOT NULL,
    CONSTRAINT catalog_centroid_pkey PRIMARY KEY (model_id, run, segment)
);

COMMENT ON TABLE segment_internal.catalog_centroid IS 'The centroids of a run, one entry a feature.';
COMMENT ON COLUMN segment_internal.catalog_centroid.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_centroid.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_centroid.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_centroid.scaled IS 'In scaled space.';
COMMENT ON COLUMN segment_internal.catalog_centroid.value IS 'In original units.';

CREATE TABLE segment_internal.catalog_profile (
    model_id     bigint   NOT NULL,
    run          integer  NOT NULL,
    segment      integer  NOT NULL,
    label        text,
    label_terms  text[],
    rows         bigint   NOT NULL,
    border_rows  bigint   NOT NULL,
    distance_avg float8   NOT NULL,
    margin_avg   float8,
    mean         float8[] NOT NULL,
    p25          float8[] NOT NULL,
    median       float8[] NOT NULL,
    p75          float8[] NOT NULL,
    stddev       float8[] NOT NULL,
    min          float8[] NOT NULL,
    max          float8[] NOT NULL,
    CONSTRAINT catalog_profile_pkey PRIMARY KEY (model_id, run, segment)
);

COMMENT ON TABLE segment_internal.catalog_profile IS 'The figures of the segments of a run, one entry a feature, original units.';
COMMENT ON COLUMN segment_internal.catalog_profile.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_profile.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_profile.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_profile.label IS 'Its automatic label.';
COMMENT ON COLUMN segment_internal.catalog_profile.label_terms IS 'What that says: names of features, each behind + (more of it than the others have) or -.';
COMMENT ON COLUMN segment_internal.catalog_profile.rows IS 'Rows in the segment.';
COMMENT ON COLUMN segment_internal.catalog_profile.border_rows IS 'Those with a margin below 0.1.';
COMMENT ON COLUMN segment_internal.catalog_profile.distance_avg IS 'Mean distance of its rows to its centroid, scaled space.';
COMMENT ON COLUMN segment_internal.catalog_profile.margin_avg IS 'Mean margin of its rows, their simplified silhouette; NULL for one segment.';
COMMENT ON COLUMN segment_internal.catalog_profile.mean IS 'Means.';
COMMENT ON COLUMN segment_internal.catalog_profile.stddev IS 'Population standard deviations.';
COMMENT ON COLUMN segment_internal.catalog_profile.min IS 'Least values.';
COMMENT ON COLUMN segment_internal.catalog_profile.p25 IS 'First quartiles.';
COMMENT ON COLUMN segment_internal.catalog_profile.median IS 'Medians.';
COMMENT ON COLUMN segment_internal.catalog_profile.p75 IS 'Third quartiles.';
COMMENT ON COLUMN segment_internal.catalog_profile.max IS 'Greatest values.';

CREATE TABLE segment_internal.catalog_candidate (
    model_id          bigint  NOT NULL,
    run               integer NOT NULL,
    k                 integer NOT NULL,
    inertia           float8  NOT NULL,
    explained         float8,
    silhouette        float8,
    davies_bouldin    float8,
    calinski_harabasz float8,
    smallest_share    float8  NOT NULL,
    CONSTRAINT catalog_candidate_pkey PRIMARY KEY (model_id, run, k)
);

COMMENT ON TABLE segment_internal.catalog_candidate IS 'Each number of segments that a run tried.';
COMMENT ON COLUMN segment_internal.catalog_candidate.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_candidate.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_candidate.k IS 'Number of segments.';
COMMENT ON COLUMN segment_internal.catalog_candidate.inertia IS 'Sum of squared distances to the nearest centroid, scaled space.';
COMMENT ON COLUMN segment_internal.catalog_candidate.explained IS 'Share of the variance that the segments explain.';
COMMENT ON COLUMN segment_internal.catalog_candidate.silhouette IS 'Simplified silhouette.';
COMMENT ON COLUMN segment_internal.catalog_candidate.davies_bouldin IS 'Davies-Bouldin index.';
COMMENT ON COLUMN segment_internal.catalog_candidate.calinski_harabasz IS 'Calinski-Harabasz index.';
COMMENT ON COLUMN segment_internal.catalog_candidate.smallest_share IS 'Share of the rows in the smallest segment.';

CREATE TABLE segment_internal.catalog_label (
    model_id    bigint  NOT NULL,
    segment     integer NOT NULL,
    label       text    NOT NULL,
    description text,
    CONSTRAINT catalog_label_pkey PRIMARY KEY (model_id, segment),
    CONSTRAINT catalog_label_length_check CHECK (octet_length(label) <= 1000 AND octet_length(description) <= 10000)
);

COMMENT ON TABLE segment_internal.catalog_label IS 'Names given to segments by segment_label(); they stay when the model is refitted.';
COMMENT ON COLUMN segment_internal.catalog_label.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_label.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_label.label IS 'Its name.';
COMMENT ON COLUMN segment_internal.catalog_label.description IS 'More words about it.';

-- pg_dump takes the models that can be restored, here and in the loop below. It writes OIDs as names: one that is not there
-- when the rows come would keep out the models of all.

CREATE FUNCTION segment_internal.dumped(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- A view that needs a primary key is made in two steps; a materialized view or a function that does comes after the rows,
    -- as does what needs it.
    WITH RECURSIVE relation AS (
        SELECT c.* FROM pg_class c WHERE c.oid IN (m.source, m.profile, m.assignment, m.members)
    ), needed AS (
        SELECT 'pg_class'::regclass::oid AS class, c.oid AS object, c.relkind = 'm' AS waits FROM relation c
         UNION
        SELECT d.refclassid, d.refobjid, n.waits OR d.refclassid = 'pg_proc'::regclass OR c.relkind IS NOT DISTINCT FROM 'm'
          FROM needed n
         CROSS JOIN LATERAL (SELECT 'pg_rewrite'::regclass::oid AS class, r.oid AS object FROM pg_rewrite r
                              WHERE r.ev_class = n.object AND n.class = 'pg_class'::regclass
                              UNION ALL SELECT n.class, n.object WHERE n.class = 'pg_proc'::regclass) o
          JOIN pg_depend d ON d.classid = o.class AND d.objid = o.object
                          AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass)
          LEFT JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
         WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e')
    )
    SELECT EXISTS (SELECT FROM relation c WHERE c.oid = m.profile)
       AND NOT EXISTS (SELECT FROM relation c WHERE c.relpersistence = 't' OR c.relkind NOT IN ('r', 'p', 'v', 'm', 'f'))
       AND NOT EXISTS (SELECT FROM needed n WHERE n.class = 'pg_constraint'::regclass AND n.waits);
$$;

COMMENT ON FUNCTION segment_internal.dumped IS
'Internal: whether pg_dump takes a model: all its relations are made before the rows of the catalog are restored.';

SELECT pg_extension_config_dump('segment_internal.catalog_model', 'WHERE segment_internal.dumped(catalog_model)');
-- Row security. The helpers have SQL-standard bodies: their names are bound here, not through the caller's search_path.

CREATE FUNCTION segment_internal.owns(profile regclass) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM pg_class c WHERE c.oid = $1 AND pg_has_role(c.relowner, 'USAGE'));
END;

COMMENT ON FUNCTION segment_internal.owns IS
'Internal: whether the current user owns the model with this profile view; false when the view is gone.';

CREATE FUNCTION segment_internal.reads(profile regclass, members regclass, assignment regclass) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(has_table_privilege($1, 'SELECT'), false)
        OR has_table_privilege($1, 'SELECT') IS NOT NULL
           AND (coalesce(has_table_privilege($2, 'SELECT'), false)
                OR coalesce(has_table_privilege($3, 'SELECT'), false));
END;

COMMENT ON FUNCTION segment_internal.reads IS
'Internal: whether the current user may select from a relation of a model; false when the profile view is gone.';

-- Subqueries of a policy are under row security themselves, so "visible" follows from the model.

DO $$
DECLARE
    child regclass;
BEGIN
    FOREACH child IN ARRAY '{segment_internal.catalog_run, segment_internal.catalog_feature, segment_internal.catalog_centroid,
                             segment_internal.catalog_profile, segment_internal.catalog_candidate,
                             segment_internal.catalog_label}'::regclass[]
    LOOP
        PERFORM pg_extension_config_dump(child,
            'WHERE model_id IN (SELECT m.model_id FROM segment_internal.catalog_model m WHERE segment_internal.dumped(m))');
        EXECUTE format('CREATE POLICY catalog_read ON %s FOR SELECT USING (EXISTS ('
                       'SELECT FROM segment_internal.catalog_model m WHERE m.model_id = %1$s.model_id))', child);
    END LOOP;
    FOREACH child IN ARRAY '{segment_internal.catalog_model, segment_internal.catalog_run, segment_internal.catalog_feature,
                             segment_internal.catalog_centroid, segment_internal.catalog_profile,
                             segment_internal.catalog_candidate, segment_internal.catalog_label}'::regclass[]
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO PUBLIC', child);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', child);
    END LOOP;
END
$$;

CREATE POLICY catalog_read ON segment_internal.catalog_model FOR SELECT
    USING (segment_internal.owns(profile) OR segment_internal.reads(profile, members, assignment));

-- The catalog as everything else reads it.

CREATE VIEW segment_internal.catalog_live WITH (security_invoker) AS
SELECT m.model_id,
       m.name,
       CASE n.oid WHEN pg_my_temp_schema() THEN 'pg_temp' ELSE n.nspname END::text AS schema,
       c.relowner AS owner
  FROM segment_internal.catalog_model m
  JOIN pg_class c ON c.oid = m.profile
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT pg_is_other_temp_schema(n.oid);

COMMENT ON VIEW segment_internal.catalog_live IS 'The models that exist for this session, with their schema and owner.';
COMMENT ON COLUMN segment_internal.catalog_live.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_live.name IS 'Its name.';
COMMENT ON COLUMN segment_internal.catalog_live.schema IS 'The schema of its profile.';
COMMENT ON COLUMN segment_internal.catalog_live.owner IS 'The owner of its profile.';

CREATE VIEW segment_internal.catalog_segment WITH (security_invoker) AS
SELECT m.model_id,
       p.segment,
       coalesce(l.label, p.label, 'Segment ' || p.segment) AS label,
       l.label IS NOT NULL AS named,
       l.description,
       p.rows,
       p.rows::float8 / r.rows_used AS share,
       p.border_rows,
       p.distance_avg,
       p.margin_avg,
       p.mean,
       p.p25,
       p.median,
       p.p75,
       p.stddev,
       p.min,
       p.max,
       f.population_mean
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run
  JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = m.run
  LEFT JOIN segment_internal.catalog_label l ON l.model_id = m.model_id AND l.segment = p.segment
 CROSS JOIN LATERAL (SELECT array_agg(f.mean ORDER BY f.feature_no) AS population_mean
                       FROM segment_internal.catalog_feature f
                      WHERE f.model_id = m.model_id AND f.run = m.run) f;

COMMENT ON VIEW segment_internal.catalog_segment IS 'The segments of the current run of each model; the profile views read it.';
COMMENT ON COLUMN segment_internal.catalog_segment.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_segment.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_segment.label IS 'The label that a person gave it, else its automatic one.';
COMMENT ON COLUMN segment_internal.catalog_segment.rows IS 'Rows in the segment.';
COMMENT ON COLUMN segment_internal.catalog_segment.share IS 'Its share of the rows used, 0 to 1.';
COMMENT ON COLUMN segment_internal.catalog_segment.distance_avg IS 'Mean distance of its rows to its centroid, scaled space.';
COMMENT ON COLUMN segment_internal.catalog_segment.mean IS 'Means, one entry a feature.';
COMMENT ON COLUMN segment_internal.catalog_segment.stddev IS 'Population standard deviations.';
COMMENT ON COLUMN segment_internal.catalog_segment.min IS 'Least values.';
COMMENT ON COLUMN segment_internal.catalog_segment.median IS 'Medians.';
COMMENT ON COLUMN segment_internal.catalog_segment.max IS 'Greatest values.';
COMMENT ON COLUMN segment_internal.catalog_segment.population_mean IS 'Means of all rows used.';
COMMENT ON COLUMN segment_internal.catalog_segment.p25 IS 'First quartiles.';
COMMENT ON COLUMN segment_internal.catalog_segment.p75 IS 'Third quartiles.';
COMMENT ON COLUMN segment_internal.catalog_segment.border_rows IS 'Its rows with a margin below 0.1.';
COMMENT ON COLUMN segment_internal.catalog_segment.margin_avg IS 'Mean margin of its rows; NULL for one segment.';
COMMENT ON COLUMN segment_internal.catalog_segment.named IS 'Whether a person gave it its label.';
COMMENT ON COLUMN segment_internal.catalog_segment.description IS 'What that person said about it.';

CREATE VIEW segment_internal.catalog_compiled WITH (security_invoker) AS
SELECT r.model_id, r.compiled
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run;

COMMENT ON VIEW segment_internal.catalog_compiled IS 'The compiled current run of each model; assignment views read it.';
COMMENT ON COLUMN segment_internal.catalog_compiled.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_compiled.compiled IS 'Preparation and centroids in one value.';

GRANT SELECT ON segment_internal.catalog_live, segment_internal.catalog_segment, segment_internal.catalog_compiled TO PUBLIC;

-- Names of models. They are found like tables: first those that the caller owns, then those in the schemas of the search
-- path, in its order; others need their schema in front. So nobody can make a name that worked mean another model, or
-- none, with a model of his own and a grant on it.

CREATE FUNCTION segment_internal.model_on_path(model text, path name[]) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    caller  pg_roles := (SELECT r FROM pg_roles r WHERE r.rolname = current_user);
    matches bigint[];
    others  text[];
    result  segment_internal.catalog_model;
BEGIN
    IF model IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "model" must not be NULL';
    END IF;

    -- a superuser owns all models, of which those of others come last
    WITH candidate AS (
        SELECT l.model_id, l.schema, l.name,
               l.owner = caller.oid OR NOT caller.rolsuper AND pg_has_role(l.owner, 'USAGE') AS own,
               model IN (l.schema || '.' || l.name, format('%I.%I', l.schema, l.name)) AS qualified,
               array_position(path, CASE l.schema WHEN 'pg_temp' THEN (SELECT n.nspname FROM pg_namespace n WHERE n.oid = pg_my_temp_schema())
                                    ELSE l.schema::name END) AS place,
               c.relname = l.name || '_profile' AS regular     -- of those moved into one schema
          FROM segment_internal.catalog_live l
          JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
          JOIN pg_class c ON c.oid = m.profile
         WHERE l.name = model OR model IN (l.schema || '.' || l.name, format('%I.%I', l.schema, l.name))
    ), ranked AS (
        SELECT c.*, rank() OVER (ORDER BY c.own DESC, c.qualified DESC, c.place, c.regular DESC) AS rank
          FROM candidate c
         WHERE c.own OR c.qualified OR c.place IS NOT NULL OR caller.rolsuper
    )
    SELECT array_agg(r.model_id) FILTER (WHERE r.rank = 1),
           array_agg(format('"%s"', r.schema) ORDER BY r.schema) FILTER (WHERE r.rank = 1)
      INTO matches, others
      FROM ranked r;

    IF cardinality(matches) > 1 THEN
        RAISE ambiguous_alias USING
            MESSAGE = format('model name "%s" is ambiguous', model),
            DETAIL = format('There are models of this name in the schemas %s.', array_to_string(others, ', ')),
            HINT = 'Write the schema in front of the name: schema.model.';
    ELSIF matches IS NULL THEN
        PERFORM segment_internal.raise_no_model(model);
    END IF;
    SELECT m.* INTO result FROM segment_internal.catalog_model m WHERE m.model_id = matches[1];
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.model_on_path IS
'Internal: the model of this name, or of schema.name, among those that the caller may see, as a search path finds it.';

CREATE FUNCTION segment_internal.raise_no_model(model text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    elsewhere text := (SELECT min(format('%I.%I', l.schema, l.name)) FROM segment_internal.catalog_live l WHERE l.name = model);
    closest   text := segment_internal.closest(model, ARRAY(SELECT l.name FROM segment_internal.catalog_live l ORDER BY l.name));
BEGIN
    RAISE undefined_object USING
        MESSAGE = format('model "%s" does not exist', model),
        HINT = CASE WHEN elsewhere IS NOT NULL THEN format('There is %s, in a schema that is not on your search path: write the schema in front of the name.', elsewhere)
                    ELSE coalesce('Perhaps you meant the model "' || closest || '".',
                                  'SELECT model FROM segment_models lists the models.') END;
END
$$;

COMMENT ON FUNCTION segment_internal.raise_no_model IS 'Internal: the error of a name that finds no model.';

-- Not in PL/pgSQL with a path of its own: here the path is the caller's.
CREATE FUNCTION segment_internal.model(model text) RETURNS segment_internal.catalog_model
LANGUAGE sql STABLE PARALLEL SAFE
RETURN segment_internal.model_on_path($1, current_schemas(true));

COMMENT ON FUNCTION segment_internal.model(text) IS
'Internal: the model of this name, or of schema.name, as the caller''s search path finds it.';

CREATE FUNCTION segment_internal.model_id(model text) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (segment_internal.model_on_path($1, current_schemas(true))).model_id;

COMMENT ON FUNCTION segment_internal.model_id(text) IS
'Internal: its number. Jobs take it: their search path is not the caller''s.';

-- A call that changes a model may stand beside the one that makes it, in one statement, whose snapshot does not show it.
CREATE FUNCTION segment_internal.model_id_now(model text, path name[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (segment_internal.model_on_path(model, path)).model_id;
END
$$;

COMMENT ON FUNCTION segment_internal.model_id_now IS
'Internal: the number of the model of this name as it is now, whatever the snapshot of the statement is.';

CREATE FUNCTION segment_internal.model(model_id bigint) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result segment_internal.catalog_model;
BEGIN
    SELECT m.* INTO result FROM segment_internal.catalog_model m JOIN segment_internal.catalog_live l ON l.model_id = m.model_id
     WHERE m.model_id = $1;
    IF NOT FOUND THEN
        RAISE undefined_object USING
            MESSAGE = 'the model does not exist any more',
            HINT = 'SELECT model FROM segment_models lists the models.';
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.model(bigint) IS 'Internal: the model of this number, which the caller may see.';

CREATE FUNCTION segment_internal.owned_model(model_id bigint) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner((SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user), m);
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.owned_model IS
'Internal: the model of this number, which the caller must own.';

CREATE FUNCTION segment_internal.compiled(
    model text,
    OUT compiled bytea,
    OUT segments integer[],
    OUT labels   text[]
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.compiled,
           array_agg(s.segment ORDER BY s.segment),
           array_agg(s.label ORDER BY s.segment)
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_compiled c ON c.model_id = m.model_id
      LEFT JOIN segment_internal.catalog_segment s ON s.model_id = m.model_id
     GROUP BY c.compiled;
END;

COMMENT ON FUNCTION segment_internal.compiled IS
'Internal: what scoring a row needs: the compiled model and its segments with their labels.';
