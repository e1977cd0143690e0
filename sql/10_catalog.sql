-- The catalog: models, their runs, what was done to each feature, centroids, profile figures and labels.
--
-- A model belongs to whoever owns its profile view and lives as long as that view, so that ALTER OWNER, REASSIGN OWNED,
-- DROP OWNED and DROP VIEW need no help from us. Row security keeps models apart:
--   * its owner reads and changes a model;
--   * whoever may SELECT from its profile, members or assignment reads it. A view reads its tables with the rights of
--     its owner, but the policies of those tables are judged with current_user, which is the reader. With this rule
--     GRANT SELECT ON customers_profile TO bi is enough. (A view over the profile needs a grant on the profile too.)
-- Rows of a model whose profile was dropped are visible to superusers alone until the next fit sweeps them away.

CREATE SEQUENCE segment_internal.catalog_model_id;

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
    CONSTRAINT catalog_model_kind_check CHECK (assignment_kind IN ('table', 'view', 'none'))
);

COMMENT ON SEQUENCE segment_internal.catalog_model_id IS 'Numbers the models.';
COMMENT ON TABLE segment_internal.catalog_model IS 'One row a model; segment_models shows it for reading.';
COMMENT ON COLUMN segment_internal.catalog_model.model_id IS 'Identifies the model in the catalog.';
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
    CONSTRAINT catalog_run_model_fkey FOREIGN KEY (model_id)
        REFERENCES segment_internal.catalog_model ON DELETE CASCADE,
    CONSTRAINT catalog_run_ledger_check CHECK (rows_read = rows_used + rows_skipped)
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
    CONSTRAINT catalog_feature_pkey PRIMARY KEY (model_id, run, feature_no),
    CONSTRAINT catalog_feature_run_fkey FOREIGN KEY (model_id, run)
        REFERENCES segment_internal.catalog_run ON DELETE CASCADE
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
    CONSTRAINT catalog_centroid_pkey PRIMARY KEY (model_id, run, segment),
    CONSTRAINT catalog_centroid_run_fkey FOREIGN KEY (model_id, run)
        REFERENCES segment_internal.catalog_run ON DELETE CASCADE
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
    CONSTRAINT catalog_profile_pkey PRIMARY KEY (model_id, run, segment),
    CONSTRAINT catalog_profile_run_fkey FOREIGN KEY (model_id, run)
        REFERENCES segment_internal.catalog_run ON DELETE CASCADE
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
    CONSTRAINT catalog_candidate_pkey PRIMARY KEY (model_id, run, k),
    CONSTRAINT catalog_candidate_run_fkey FOREIGN KEY (model_id, run)
        REFERENCES segment_internal.catalog_run ON DELETE CASCADE
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
    CONSTRAINT catalog_label_model_fkey FOREIGN KEY (model_id)
        REFERENCES segment_internal.catalog_model ON DELETE CASCADE
);

COMMENT ON TABLE segment_internal.catalog_label IS 'Names given to segments by segment_label(); they stay when the model is refitted.';
COMMENT ON COLUMN segment_internal.catalog_label.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_label.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_label.label IS 'Its name.';
COMMENT ON COLUMN segment_internal.catalog_label.description IS 'More words about it.';

-- pg_dump takes the models that outlive the session, here and in the loop below; it writes OIDs as names.

SELECT pg_extension_config_dump('segment_internal.catalog_model_id', '');
SELECT pg_extension_config_dump('segment_internal.catalog_model',
    'WHERE EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = profile AND c.relpersistence <> ''t'')');
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

GRANT USAGE, SELECT ON SEQUENCE segment_internal.catalog_model_id TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON segment_internal.catalog_model TO PUBLIC;

ALTER TABLE segment_internal.catalog_model ENABLE ROW LEVEL SECURITY;

-- Numbers not yet drawn cannot be taken: nobody blocks the models of others to come.
CREATE POLICY catalog_change ON segment_internal.catalog_model
    USING (segment_internal.owns(profile))
    WITH CHECK (segment_internal.owns(profile)
                AND model_id <= (SELECT last_value FROM segment_internal.catalog_model_id));

CREATE POLICY catalog_read ON segment_internal.catalog_model FOR SELECT
    USING (segment_internal.reads(profile, members, assignment));

-- Subqueries of a policy are under row security themselves, so "visible" follows from the model.

DO $$
DECLARE
    child regclass;
BEGIN
    FOREACH child IN ARRAY '{segment_internal.catalog_run, segment_internal.catalog_feature, segment_internal.catalog_centroid,
                             segment_internal.catalog_profile, segment_internal.catalog_candidate, segment_internal.catalog_label}'::regclass[]
    LOOP
        PERFORM pg_extension_config_dump(child,
            'WHERE model_id IN (SELECT m.model_id FROM segment_internal.catalog_model m
                                  JOIN pg_catalog.pg_class c ON c.oid = m.profile AND c.relpersistence <> ''t'')');
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO PUBLIC', child);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', child);
        EXECUTE format('CREATE POLICY catalog_change ON %s USING (EXISTS ('
                       'SELECT FROM segment_internal.catalog_model m'
                       ' WHERE m.model_id = %1$s.model_id AND segment_internal.owns(m.profile)))', child);
        EXECUTE format('CREATE POLICY catalog_read ON %s FOR SELECT USING (EXISTS ('
                       'SELECT FROM segment_internal.catalog_model m WHERE m.model_id = %1$s.model_id))', child);
    END LOOP;
END
$$;

CREATE FUNCTION segment_internal.sweep() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM segment_internal.catalog_model
     WHERE model_id IN (SELECT m.model_id
                          FROM segment_internal.catalog_model m
                         WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.profile)
                           FOR UPDATE SKIP LOCKED);
END;

COMMENT ON FUNCTION segment_internal.sweep IS
'Internal: forgets the models whose profile view is gone. Nobody may see those rows any more, hence SECURITY DEFINER.';

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

-- Names of models.

CREATE FUNCTION segment_internal.model(model text) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    matches bigint[];
    result  segment_internal.catalog_model;
    closest text;
BEGIN
    IF model IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "model" must not be NULL';
    END IF;

    matches := ARRAY(SELECT l.model_id FROM segment_internal.catalog_live l WHERE l.name = model);
    IF matches = '{}' THEN
        matches := ARRAY(SELECT l.model_id
                           FROM segment_internal.catalog_live l
                          WHERE model IN (l.schema || '.' || l.name, format('%I.%I', l.schema, l.name)));
    END IF;

    IF cardinality(matches) > 1 THEN
        RAISE ambiguous_alias USING
            MESSAGE = format('model name "%s" is ambiguous', model),
            DETAIL = format('There are models of this name in the schemas %s.',
                            (SELECT string_agg(format('"%s"', l.schema), ', ' ORDER BY l.schema)
                               FROM segment_internal.catalog_live l
                              WHERE l.model_id = ANY (matches))),
            HINT = 'Write the schema in front of the name: schema.model.';
    END IF;
    IF matches = '{}' THEN
        closest := segment_internal.closest(model,
            ARRAY(SELECT l.name FROM segment_internal.catalog_live l ORDER BY l.name));
        RAISE undefined_object USING
            MESSAGE = format('model "%s" does not exist', model),
            HINT = coalesce('Perhaps you meant the model "' || closest || '".',
                            'SELECT model FROM segment_models lists the models.');
    END IF;

    SELECT m.* INTO result FROM segment_internal.catalog_model m WHERE m.model_id = matches[1];
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.model IS
'Internal: the model of this name, or of schema.name, among those that the caller may see.';

CREATE FUNCTION segment_internal.check_owner(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT segment_internal.owns(m.profile) THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('must be owner of model "%s"', m.name),
            HINT = format('The model belongs to the owner of %s.', m.profile);
    END IF;

    -- A superuser acts on what the catalog row says: it must not lead to the relations of others.
    IF EXISTS (SELECT FROM pg_class c
                 JOIN pg_class p ON p.oid = m.profile AND p.relowner <> c.relowner
                WHERE c.oid IN (m.assignment, m.members)) THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('the relations of model "%s" have different owners', m.name),
            HINT = format('Give %s to the owner of %s.', concat_ws(' and ', m.assignment, m.members), m.profile);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_owner IS
'Internal: raises unless the caller owns the model, and one role owns all its relations.';

CREATE FUNCTION segment_internal.owned_model(model text) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model);
BEGIN
    PERFORM segment_internal.check_owner(m);
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.owned_model IS
'Internal: the model of this name, which the caller must own.';

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
