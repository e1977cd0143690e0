-- The catalog: models, their runs, what was done to each feature, centroids, profile figures and labels.
--
-- A model belongs to whoever owns its profile view and lives as long as that view, so that ALTER OWNER, REASSIGN OWNED,
-- DROP OWNED and DROP VIEW need no help from us. Row security keeps models apart:
--   * its owner reads a model;
--   * whoever may SELECT from its profile, members or assignment reads it. A view reads its tables with the rights of
--     its owner, but the policies of those tables are judged with current_user, which is the reader. With this rule
--     GRANT SELECT ON customers_profile TO bi is enough. (A view over the profile needs a grant on the profile too; one
--     over the members, for labels.)
-- Nobody but the extension's owner writes here. Jobs, which run with the rights of their callers, do it through the
-- functions of catalog/keeper.sql.
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
    binding         jsonb,
    changes         regclass,
    changes_from    integer,
    highest_segment integer     NOT NULL DEFAULT 0,
    live            regclass,
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
COMMENT ON COLUMN segment_internal.catalog_model.binding IS 'What its source was called at the latest run, and its columns with their numbers, so that what is renamed is found again; see sql/fit/binding.sql.';
COMMENT ON COLUMN segment_internal.catalog_model.changes IS 'Its table of changes; NULL: it has no history.';
COMMENT ON COLUMN segment_internal.catalog_model.changes_from IS 'The run that the changes start from: they have the moves of all runs after it.';
COMMENT ON COLUMN segment_internal.catalog_model.highest_segment IS 'The highest number that a segment of it ever had: no other gets it again.';
COMMENT ON COLUMN segment_internal.catalog_model.live IS 'The view that segment_live_view() made of it; NULL: none.';

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
    clear_groups      boolean,
    sample_silhouette float8,
    reference_silhouette float8,
    silhouette_pairwise float8,
    silhouette_rows   bigint,
    options           jsonb       NOT NULL,
    preparation       jsonb       NOT NULL,
    binding           jsonb       NOT NULL,
    rolled_back_to    integer,
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
COMMENT ON COLUMN segment_internal.catalog_run.inertia IS 'Sum of squared distances of the rows to their centroids, scaled space.';
COMMENT ON COLUMN segment_internal.catalog_run.explained IS 'Share of the variance that the segments explain.';
COMMENT ON COLUMN segment_internal.catalog_run.silhouette IS 'Simplified silhouette.';
COMMENT ON COLUMN segment_internal.catalog_run.davies_bouldin IS 'Davies-Bouldin index.';
COMMENT ON COLUMN segment_internal.catalog_run.calinski_harabasz IS 'Calinski-Harabasz index.';
COMMENT ON COLUMN segment_internal.catalog_run.started_at IS 'When the fit began.';
COMMENT ON COLUMN segment_internal.catalog_run.elapsed IS 'How long it took.';
COMMENT ON COLUMN segment_internal.catalog_run.compiled IS 'Preparation and centroids in one value, for scoring.';
COMMENT ON COLUMN segment_internal.catalog_run.clear_groups IS 'Whether there are groups that data without any do not have; NULL: not tested.';
COMMENT ON COLUMN segment_internal.catalog_run.sample_silhouette IS 'Simplified silhouette of a sample in the test for groups.';
COMMENT ON COLUMN segment_internal.catalog_run.reference_silhouette IS 'The same of sets without groups.';
COMMENT ON COLUMN segment_internal.catalog_run.silhouette_pairwise IS 'Pairwise silhouette of a sample; NULL for one segment.';
COMMENT ON COLUMN segment_internal.catalog_run.silhouette_rows IS 'Rows of that sample.';
COMMENT ON COLUMN segment_internal.catalog_run.options IS 'Arguments of the fit; segment_rollback goes back to them, and to what follows.';
COMMENT ON COLUMN segment_internal.catalog_run.preparation IS 'How features were made of the columns and prepared.';
COMMENT ON COLUMN segment_internal.catalog_run.binding IS 'What the source was called, and its columns with their numbers.';
COMMENT ON COLUMN segment_internal.catalog_run.rolled_back_to IS 'The earlier run whose segments it has again; NULL: it is no rollback.';

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
    bin_cuts   float8[],
    bin_rows   bigint[],
    CONSTRAINT catalog_feature_pkey PRIMARY KEY (model_id, run, feature_no)
);

COMMENT ON TABLE segment_internal.catalog_feature IS 'What was done to each feature of a run, and the figures of all its rows.';
COMMENT ON COLUMN segment_internal.catalog_feature.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_feature.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_feature.feature_no IS 'Position of the feature in the arrays of the run.';
COMMENT ON COLUMN segment_internal.catalog_feature.feature IS 'Its name.';
COMMENT ON COLUMN segment_internal.catalog_feature.source_column IS 'The column that it is made of.';
COMMENT ON COLUMN segment_internal.catalog_feature.encoding IS 'How: number, flag (a number that was 0 or 1), boolean (0 or 1), days (since 1970-01-01), interval (in days), element of an array; 1 where the column has a category, any other, or none (missing), else 0.';
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
COMMENT ON COLUMN segment_internal.catalog_feature.bin_cuts IS 'Upper ends of the bins that its values are counted in, but of the last, which has none: quantiles of every fiftieth part, those that differ; 0 of a category.';
COMMENT ON COLUMN segment_internal.catalog_feature.bin_rows IS 'Rows used in each bin, which holds its upper end, then those without a value.';

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
    distance_avg float8,
    margin_avg   float8,
    mean         float8[] NOT NULL,
    p25          float8[] NOT NULL,
    median       float8[] NOT NULL,
    p75          float8[] NOT NULL,
    stddev       float8[] NOT NULL,
    min          float8[] NOT NULL,
    max          float8[] NOT NULL,
    silhouette_pairwise float8,
    CONSTRAINT catalog_profile_pkey PRIMARY KEY (model_id, run, segment)
);

COMMENT ON TABLE segment_internal.catalog_profile IS 'The figures of the segments of a run, one entry a feature, original units.';
COMMENT ON COLUMN segment_internal.catalog_profile.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_profile.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_profile.segment IS 'Number of the segment; 0: the rows that were left out.';
COMMENT ON COLUMN segment_internal.catalog_profile.label IS 'Its automatic label.';
COMMENT ON COLUMN segment_internal.catalog_profile.label_terms IS 'What that says: names of features, each behind a sign, such as + (more of it than all rows have) or -: sql/insight/labels.sql has them.';
COMMENT ON COLUMN segment_internal.catalog_profile.rows IS 'Rows in the segment.';
COMMENT ON COLUMN segment_internal.catalog_profile.border_rows IS 'Those with a margin below 0.1.';
COMMENT ON COLUMN segment_internal.catalog_profile.distance_avg IS 'Mean distance of its rows to its centroid, scaled space; NULL without rows.';
COMMENT ON COLUMN segment_internal.catalog_profile.margin_avg IS 'Mean margin of its rows, their simplified silhouette; NULL for one segment, or without rows.';
COMMENT ON COLUMN segment_internal.catalog_profile.mean IS 'Means.';
COMMENT ON COLUMN segment_internal.catalog_profile.stddev IS 'Population standard deviations.';
COMMENT ON COLUMN segment_internal.catalog_profile.min IS 'Least values.';
COMMENT ON COLUMN segment_internal.catalog_profile.p25 IS 'First quartiles.';
COMMENT ON COLUMN segment_internal.catalog_profile.median IS 'Medians.';
COMMENT ON COLUMN segment_internal.catalog_profile.p75 IS 'Third quartiles.';
COMMENT ON COLUMN segment_internal.catalog_profile.max IS 'Greatest values.';
COMMENT ON COLUMN segment_internal.catalog_profile.silhouette_pairwise IS 'Pairwise silhouette of a sample of its rows; NULL for one segment, or where the sample has too few of them.';

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

CREATE TABLE segment_internal.catalog_node (
    model_id   bigint  NOT NULL,
    run        integer NOT NULL,
    node       integer NOT NULL,
    parent     integer,
    segment    integer,
    depth      integer NOT NULL,
    rows       bigint  NOT NULL,
    feature_no integer,
    split      float8,
    above      boolean,
    CONSTRAINT catalog_node_pkey PRIMARY KEY (model_id, run, node),
    CONSTRAINT catalog_node_parent_check CHECK (coalesce(parent, 0) BETWEEN 0 AND node - 1 AND (parent IS NULL) = (node = 1))    -- no circle
);

COMMENT ON TABLE segment_internal.catalog_node IS 'The nodes of the tree of a bisecting run; segment_tree() shows them.';
COMMENT ON COLUMN segment_internal.catalog_node.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_node.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_node.node IS 'Number of the node: the root is 1, and split s makes 2s and 2s + 1.';
COMMENT ON COLUMN segment_internal.catalog_node.parent IS 'The node that was split; NULL of the root.';
COMMENT ON COLUMN segment_internal.catalog_node.segment IS 'The segment that a leaf is; NULL of a node that was split.';
COMMENT ON COLUMN segment_internal.catalog_node.depth IS 'How many nodes are above it.';
COMMENT ON COLUMN segment_internal.catalog_node.rows IS 'Rows in its segments.';
COMMENT ON COLUMN segment_internal.catalog_node.feature_no IS 'The feature in which its two children differ most; NULL of a leaf.';
COMMENT ON COLUMN segment_internal.catalog_node.split IS 'Halfway between the means of its children, original units; NULL of a leaf, and for cosine distance.';
COMMENT ON COLUMN segment_internal.catalog_node.above IS 'Whether it is beyond the split of its parent; NULL of the root.';
CREATE TABLE segment_internal.catalog_group (
    model_id   bigint  NOT NULL,
    run        integer NOT NULL,
    group_no   integer NOT NULL,
    group_values text[] NOT NULL,
    rows_read  bigint  NOT NULL,
    rows_used  bigint  NOT NULL,
    k          integer,
    k_reason   text    NOT NULL,
    inertia    float8,
    explained  float8,
    silhouette float8,
    segments   integer[],
    compiled   bytea,
    CONSTRAINT catalog_group_pkey PRIMARY KEY (model_id, run, group_no),
    CONSTRAINT catalog_group_fitted_check CHECK ((k IS NULL) = (compiled IS NULL) AND (k IS NULL) = (segments IS NULL))
);

COMMENT ON TABLE segment_internal.catalog_group IS 'The groups of a run of a model that has one model a group.';
COMMENT ON COLUMN segment_internal.catalog_group.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_group.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_group.group_no IS 'Position of the group, from 1.';
COMMENT ON COLUMN segment_internal.catalog_group.group_values IS 'The texts of the columns that the model is grouped by.';
COMMENT ON COLUMN segment_internal.catalog_group.rows_read IS 'Its rows.';
COMMENT ON COLUMN segment_internal.catalog_group.rows_used IS 'Those that were clustered; 0 for a group that was left out.';
COMMENT ON COLUMN segment_internal.catalog_group.k IS 'Number of its segments; NULL: it was left out.';
COMMENT ON COLUMN segment_internal.catalog_group.k_reason IS 'Why this number, or why it was left out.';
COMMENT ON COLUMN segment_internal.catalog_group.inertia IS 'Sum of squared distances to the nearest centroid, in the scaled space of the group.';
COMMENT ON COLUMN segment_internal.catalog_group.explained IS 'Share of the group''s variance that its segments explain.';
COMMENT ON COLUMN segment_internal.catalog_group.silhouette IS 'Simplified silhouette; NULL for one segment.';
COMMENT ON COLUMN segment_internal.catalog_group.segments IS 'The numbers of its segments.';
COMMENT ON COLUMN segment_internal.catalog_group.compiled IS 'Preparation and centroids of the group in one value.';

CREATE TABLE segment_internal.catalog_status (
    model_id     bigint NOT NULL,
    changes      bigint,
    drift_run    integer,
    drift_verdict text,
    drift        float8,
    drift_of     text,
    drift_at     timestamptz,
    error        text,
    error_state  text,
    error_at     timestamptz,
    CONSTRAINT catalog_status_pkey PRIMARY KEY (model_id)
);

COMMENT ON TABLE segment_internal.catalog_status IS 'What segment_status shows to the owner of a model beside its runs.';
COMMENT ON COLUMN segment_internal.catalog_status.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_status.changes IS 'Rows of the source inserted, updated and deleted until the latest run, as statistics count them; NULL: they do not.';
COMMENT ON COLUMN segment_internal.catalog_status.drift_run IS 'The run that drift was last measured against.';
COMMENT ON COLUMN segment_internal.catalog_status.drift_verdict IS 'What was said of it.';
COMMENT ON COLUMN segment_internal.catalog_status.drift IS 'The largest figure.';
COMMENT ON COLUMN segment_internal.catalog_status.drift_of IS 'What that was a figure of.';
COMMENT ON COLUMN segment_internal.catalog_status.drift_at IS 'When that was.';
COMMENT ON COLUMN segment_internal.catalog_status.error IS 'Why segment_refresh_all() could last not refresh it.';
COMMENT ON COLUMN segment_internal.catalog_status.error_state IS 'SQLSTATE of that error.';
COMMENT ON COLUMN segment_internal.catalog_status.error_at IS 'When that was.';

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

CREATE TABLE segment_internal.catalog_transition (
    model_id      bigint  NOT NULL,
    run           integer NOT NULL,
    transition_no integer NOT NULL,
    from_segment  integer,
    to_segment    integer,
    kind          text    NOT NULL,
    overlap       float8,
    rows          bigint,
    label         text,
    own           float8,
    CONSTRAINT catalog_transition_pkey PRIMARY KEY (model_id, run, transition_no),
    CONSTRAINT catalog_transition_kind_check CHECK (kind IN ('survived', 'absorbed', 'split', 'vanished', 'born')
        AND (kind = 'born') = (from_segment IS NULL) AND (kind = 'vanished') = (to_segment IS NULL)),
    CONSTRAINT catalog_transition_label_check CHECK (octet_length(label) <= 1000)
);

COMMENT ON TABLE segment_internal.catalog_transition IS 'What became of the segments of the run before; segment_transitions() shows it.';
COMMENT ON COLUMN segment_internal.catalog_transition.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_transition.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_transition.transition_no IS 'Its place among those of the run, from 1.';
COMMENT ON COLUMN segment_internal.catalog_transition.from_segment IS 'Segment of the run before; NULL: born.';
COMMENT ON COLUMN segment_internal.catalog_transition.to_segment IS 'Segment of this run; NULL: vanished.';
COMMENT ON COLUMN segment_internal.catalog_transition.kind IS 'survived, absorbed, split, vanished or born.';
COMMENT ON COLUMN segment_internal.catalog_transition.overlap IS 'Share of the rows of from_segment that are in to_segment; of a vanished one the largest in any segment, of a born one the largest share of its rows that comes from one segment. NULL: centroids alone say so.';
COMMENT ON COLUMN segment_internal.catalog_transition.rows IS 'These rows; of a born one all.';
COMMENT ON COLUMN segment_internal.catalog_transition.label IS 'The label that a person had given to from_segment; NULL: none.';
COMMENT ON COLUMN segment_internal.catalog_transition.own IS 'Share of the rows of one that survived that are those of the segment when its number was new, and their like; NULL: not asked.';
