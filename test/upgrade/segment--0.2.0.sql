\echo Use "CREATE EXTENSION segment" to load this file. \quit
-- CREATE EXTENSION runs this script as a superuser for any role that may create in the database, and puts the schema
-- that it names first in the search path. There such a role may keep functions and operators that suit a call better
-- than PostgreSQL's own do. So the script takes the schema off the path: from here on names without a schema, also
-- those in bodies that are bound when they are created, are PostgreSQL's, and ours have theirs in front.
SET LOCAL search_path = pg_catalog, pg_temp;

SET LOCAL standard_conforming_strings = on;

-- What users do not call has a schema of its own, in which nobody else may create: what a writable schema holds beside
-- our functions, under their names, cannot come between them.
CREATE SCHEMA segment_internal;

GRANT USAGE ON SCHEMA segment_internal TO PUBLIC;

COMMENT ON SCHEMA segment_internal IS 'What the extension segment is made of; its functions are not meant to be called by hand.';
-- Row types that functions return to users. They come first: tables, C functions and jobs are declared with them.

CREATE TYPE @extschema@.segment_run AS (
    model             text,
    run               integer,
    source            regclass,
    k                 integer,
    k_reason          text,
    rows_read         bigint,
    rows_used         bigint,
    rows_skipped      bigint,
    features          text[],
    iterations        integer,
    converged         boolean,
    inertia           float8,
    silhouette        float8,
    explained         float8,
    davies_bouldin    float8,
    calinski_harabasz float8,
    assignment        regclass,
    profile           regclass,
    members           regclass,
    started_at        timestamptz,
    elapsed           interval,
    clear_groups      boolean,
    changes           regclass
);

COMMENT ON TYPE @extschema@.segment_run IS 'One fit of a model: what was read, what came out and where it went.';
COMMENT ON COLUMN @extschema@.segment_run.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_run.run IS 'Number of the fit, from 1.';
COMMENT ON COLUMN @extschema@.segment_run.source IS 'Relation the rows came from.';
COMMENT ON COLUMN @extschema@.segment_run.k IS 'Number of segments.';
COMMENT ON COLUMN @extschema@.segment_run.k_reason IS 'Why this number: given, or how it was chosen.';
COMMENT ON COLUMN @extschema@.segment_run.rows_read IS 'Rows read; the rows used and the rows skipped add up to them.';
COMMENT ON COLUMN @extschema@.segment_run.rows_used IS 'Rows that were clustered.';
COMMENT ON COLUMN @extschema@.segment_run.rows_skipped IS 'Rows left out by missing => ''skip'' or outliers => ''skip''.';
COMMENT ON COLUMN @extschema@.segment_run.features IS 'Columns that were clustered on.';
COMMENT ON COLUMN @extschema@.segment_run.iterations IS 'Lloyd iterations of the best start.';
COMMENT ON COLUMN @extschema@.segment_run.converged IS 'Whether the best start met tol within max_iter iterations.';
COMMENT ON COLUMN @extschema@.segment_run.inertia IS 'Sum of the squared distances of the rows used to the centres of their segments, scaled units: lower is better, for the same features and k.';
COMMENT ON COLUMN @extschema@.segment_run.silhouette IS 'How clearly the segments are set apart, 0 to 1: mean margin of the rows used (simplified silhouette); NULL for one segment.';
COMMENT ON COLUMN @extschema@.segment_run.explained IS 'Share of the variance that the segments explain, 0 to 1.';
COMMENT ON COLUMN @extschema@.segment_run.davies_bouldin IS 'Davies-Bouldin index, lower is better; NULL for one segment.';
COMMENT ON COLUMN @extschema@.segment_run.calinski_harabasz IS 'Calinski-Harabasz index, higher is better; NULL where it is not defined.';
COMMENT ON COLUMN @extschema@.segment_run.assignment IS 'The segment of every row; NULL when there is no such relation.';
COMMENT ON COLUMN @extschema@.segment_run.profile IS 'The segments and their figures.';
COMMENT ON COLUMN @extschema@.segment_run.members IS 'The source''s rows with their segments; NULL when there is no such relation.';
COMMENT ON COLUMN @extschema@.segment_run.started_at IS 'When the fit began.';
COMMENT ON COLUMN @extschema@.segment_run.elapsed IS 'How long it took.';
COMMENT ON COLUMN @extschema@.segment_run.clear_groups IS 'Whether there are groups that data without any do not have: false: the segments divide a continuum; NULL: too few rows or too many features to tell.';
COMMENT ON COLUMN @extschema@.segment_run.changes IS 'The rows that runs have moved; NULL when there is no such relation.';

CREATE TYPE @extschema@.segment_score AS (
    segment         integer,
    label           text,
    distance        real,
    second_segment  integer,
    second_distance real,
    margin          real
);

COMMENT ON TYPE @extschema@.segment_score IS 'A row scored against a model.';
COMMENT ON COLUMN @extschema@.segment_score.segment IS 'Its segment: the nearest, or where sizes put it; 0 if the model leaves such rows out.';
COMMENT ON COLUMN @extschema@.segment_score.label IS 'Its label.';
COMMENT ON COLUMN @extschema@.segment_score.distance IS 'Distance to its centroid, scaled space.';
COMMENT ON COLUMN @extschema@.segment_score.second_segment IS 'The nearest other segment; NULL for one segment.';
COMMENT ON COLUMN @extschema@.segment_score.second_distance IS 'Distance to the centroid of that one.';
COMMENT ON COLUMN @extschema@.segment_score.margin IS 'Simplified silhouette of the row: 0 on the border, 1 at the centroid; below 0 if another centroid is nearer.';

CREATE TYPE @extschema@.segment_assignment AS (
    segment         integer,
    distance        real,
    second_segment  integer,
    second_distance real,
    margin          real
);

COMMENT ON TYPE @extschema@.segment_assignment IS 'A row scored against a compiled model, which knows no labels.';
COMMENT ON COLUMN @extschema@.segment_assignment.segment IS 'Its segment: the nearest, or where sizes put it; 0 if the model leaves such rows out; NULL for a row that the preparation skips.';
COMMENT ON COLUMN @extschema@.segment_assignment.distance IS 'Distance to its centroid, scaled space.';
COMMENT ON COLUMN @extschema@.segment_assignment.second_segment IS 'The nearest other segment; NULL for one segment.';
COMMENT ON COLUMN @extschema@.segment_assignment.second_distance IS 'Distance to the centroid of that one.';
COMMENT ON COLUMN @extschema@.segment_assignment.margin IS 'Simplified silhouette of the row: 0 on the border, 1 at the centroid; below 0 if another centroid is nearer.';
-- What a fit is made of: the recipe that goes into the engine, and what comes out of it. The engine knows their fields by
-- position.

CREATE TYPE segment_internal.surveyed AS (
    column_name     text,
    kind            text,
    rows            bigint,
    present         bigint,     -- values that are there
    min             float8,
    max             float8,
    whole           boolean,    -- no value has a fraction
    distinct_values integer,    -- NULL: more than 12
    skewness        float8,
    majority        float8,     -- a value that nearly all have, perhaps
    most            bigint,     -- how many have it
    different       bigint      -- distinct values, where these may be all
);

COMMENT ON TYPE segment_internal.surveyed IS 'Internal: what decides whether a column becomes a feature by itself.';

CREATE TYPE segment_internal.choice AS (
    column_name text,
    kind        text,       -- number, flag, boolean, date, interval, category, array, vector or other
    skewed      boolean,    -- so that its logarithm is a better feature
    reason      text        -- why it is no feature; NULL: it is one
);

COMMENT ON TYPE segment_internal.choice IS 'Internal: what becomes of a column of the source.';

CREATE TYPE segment_internal.source_column AS (
    name       text,
    kind       text,        -- number, array, category or vector
    width      integer,     -- elements of an array, dimensions of a vector, else 1
    categories text[]       -- the values of a category that are kept
);

COMMENT ON TYPE segment_internal.source_column IS 'Internal: a column of the source that is read.';

CREATE TYPE segment_internal.preparation AS (
    feature     text,
    column_name text,       -- that it is made of
    part        integer,    -- element of an array; value of a category, behind these: all others, missing
    encoding    text,       -- number, flag or boolean (0 or 1), days, interval, element, category, other, missing or vector
    missing     text,
    outliers    text,
    fence       text,
    fence_low   float8,
    fence_high  float8,
    transform   text,
    scaling     text,
    weight      float8      -- 0: no feature, only its rules hold; such come last
);

COMMENT ON TYPE segment_internal.preparation IS 'Internal: how a feature is made of a column and prepared.';

CREATE TYPE segment_internal.recipe AS (
    columns  segment_internal.source_column[],
    features segment_internal.preparation[]     -- in the order of their columns
);

COMMENT ON TYPE segment_internal.recipe IS 'Internal: the columns of a fit, and the preparation of its features.';

CREATE TYPE segment_internal.fitted_feature AS (
    feature_no integer,     -- its position in the recipe
    imputed    bigint,
    clipped    bigint,
    fill       float8,      -- NULL where nothing is imputed
    lower      float8,      -- fences, NULL where there are none
    upper      float8,
    lambda     float8,      -- of the Yeo-Johnson transform, NULL without it
    center     float8,      -- of the transformed values
    scale      float8,
    mean       float8,      -- of the values that are not missing in the rows used, original units
    median     float8,
    stddev     float8,
    min        float8,
    max        float8,
    bin_cuts   float8[],    -- upper ends of the bins that its values are counted in, but of the last, which has none
    bin_rows   bigint[]     -- rows used in each bin, then those without a value
);

COMMENT ON TYPE segment_internal.fitted_feature IS 'Internal: what a fit found out about a feature.';

CREATE TYPE segment_internal.fitted_segment AS (
    segment      integer,
    rows         bigint,
    border_rows  bigint,    -- with a margin below 0.1
    distance_avg float8,
    margin_avg   float8,    -- simplified silhouette; NULL when k = 1
    scaled       float8[],  -- the centroid, one entry a feature in this and all that follow
    value        float8[],  -- the same in original units
    mean         float8[],
    p25          float8[],
    median       float8[],
    p75          float8[],
    stddev       float8[],
    min          float8[],
    max          float8[],
    silhouette_pairwise float8  -- of a sample; NULL where there is none
);

COMMENT ON TYPE segment_internal.fitted_segment IS 'Internal: a segment that a fit found, and its figures.';

CREATE TYPE segment_internal.candidate AS (
    k                 integer,
    inertia           float8,
    explained         float8,
    silhouette        float8,
    davies_bouldin    float8,
    calinski_harabasz float8,
    smallest_share    float8,
    bic               float8,
    gap               float8,       -- NULL unless asked for
    gap_se            float8,
    plausible         boolean       -- its silhouette is not worse than the highest
);

COMMENT ON TYPE segment_internal.candidate IS 'Internal: a number of segments that a fit tried.';

CREATE TYPE segment_internal.repetition AS (
    feature_no integer,     -- positions in the recipe
    repeats    integer,
    r          float8       -- their correlation
);

COMMENT ON TYPE segment_internal.repetition IS 'Internal: a feature that nearly repeats another.';

CREATE TYPE segment_internal.fitted_node AS (
    parent     integer,     -- NULL: the root
    segment    integer,     -- NULL: it is divided
    depth      integer,
    rows       bigint,
    feature_no integer,     -- of the features kept, the one in which its children differ most; NULL of a leaf
    split      float8,      -- halfway between these, original units; NULL of a leaf, and for cosine distance
    above      boolean      -- of a child: beyond the split of its parent
);

COMMENT ON TYPE segment_internal.fitted_node IS 'Internal: a node of the tree of a bisecting fit, its number by its place.';

CREATE TYPE segment_internal.old_segment AS (
    segment      integer,
    rows         bigint,
    distance_avg float8,
    own          float8     -- share of its rows that are those of its beginning and their like: src/cluster/identity.c
);

COMMENT ON TYPE segment_internal.old_segment IS 'Internal: a segment of the run before.';

CREATE TYPE segment_internal.before AS (
    segments segment_internal.old_segment[],
    known    text,          -- query of the rows that both runs have: the columns of a fit, then the old segment; NULL: none
    highest  integer,       -- the highest number that a segment ever had
    survival float8,        -- thresholds: src/cluster/identity.c
    split    float8
);

COMMENT ON TYPE segment_internal.before IS 'Internal: the run before a fit.';

CREATE TYPE segment_internal.transition AS (
    from_segment integer,   -- of the run before; NULL: born
    to_segment   integer,   -- NULL: vanished
    kind         text,      -- survived, absorbed, split, vanished or born
    overlap      float8,    -- share of the rows of from_segment; NULL: centroids alone say so
    rows         bigint,
    own          float8     -- of one that survived: as in old_segment, now
);

COMMENT ON TYPE segment_internal.transition IS 'Internal: what became of a segment from one run to the next.';

CREATE TYPE segment_internal.fitted AS (
    k                 integer,
    rows_read         bigint,
    rows_used         bigint,
    iterations        integer,
    converged         boolean,
    inertia           float8,
    explained         float8,
    silhouette        float8,       -- simplified; NULL when k = 1
    davies_bouldin    float8,       -- NULL when k = 1
    calinski_harabasz float8,       -- NULL when k = 1 or rows = k
    compiled          bytea,        -- recipe and centroids in one value, for scoring
    columns           text[],       -- that scoring reads, in the order of the compiled model
    features          segment_internal.fitted_feature[],    -- those kept
    segments          segment_internal.fitted_segment[],
    candidates        segment_internal.candidate[],         -- by k
    repeated          segment_internal.repetition[],
    clear_groups      boolean,      -- NULL: not tested, of one segment or too few rows
    sample_silhouette float8,       -- simplified, of k segments of a sample
    reference_silhouette float8,    -- the same of sets without groups
    nodes             segment_internal.fitted_node[],       -- of a bisecting fit, else none
    silhouette_pairwise float8,     -- of so many rows; NULL when k = 1
    silhouette_rows   bigint,
    stability         float8[],     -- of each candidate, mean Jaccard index; empty: not asked for
    target            regclass,     -- that was filled; NULL: nothing was written
    better_k          integer,      -- of a refresh: how many segments are clearly better than as many as before; NULL: none
    better_silhouette float8,       -- simplified, of so many segments of a sample
    other_silhouette  float8,       -- of as many as before
    transitions       segment_internal.transition[]         -- from the segments of the run before; empty: there is none
);

COMMENT ON TYPE segment_internal.fitted IS 'Internal: what the engine returns.';

CREATE TYPE segment_internal.fitted_group AS (
    group_no          integer,
    group_values      text[],       -- of the columns that the model is grouped by
    rows_read         bigint,
    rows_used         bigint,       -- 0: left out
    k                 integer,      -- NULL here and in what follows: left out
    k_reason          text,         -- or why it is left out
    inertia           float8,
    explained         float8,
    silhouette        float8,
    segments          integer[],
    compiled          bytea
);

COMMENT ON TYPE segment_internal.fitted_group IS 'Internal: a group of rows, and the model of these alone.';

CREATE TYPE segment_internal.fitted_groups AS (
    fit    segment_internal.fitted,             -- of the whole
    groups segment_internal.fitted_group[]
);

COMMENT ON TYPE segment_internal.fitted_groups IS 'Internal: what a fit of a model a group finds.';
-- Row types that our functions give each other.

CREATE TYPE segment_internal.outputs AS (
    schema     text,
    assignment text,
    profile    text,
    members    text,
    changes    text        -- NULL: none
);

COMMENT ON TYPE segment_internal.outputs IS 'Internal: the names of the relations of a model that are still to be made.';

CREATE TYPE segment_internal.effect AS (
    segment         integer,
    rank            integer,   -- within the segment, the largest difference first, what is said twice last
    feature_no      integer,
    feature         text,
    source_column   text,
    kind            text,      -- what it tells, as in segment_internal.feature_names
    name            text,      -- for people
    unit            text,
    verb            text,
    topic           text,      -- the name without a category
    family          text,      -- features that tell much the same
    category        boolean,   -- a value of a column that has others
    pair            boolean,   -- of a column that has two
    twice           boolean,   -- another feature says the same of the segment
    mean            float8,    -- original units
    smallest        float8,
    largest         float8,
    population_mean float8,
    spread          float8,    -- standard deviation of all rows
    lowest          float8,    -- of all rows
    highest         float8,
    index           float8,    -- mean as a percentage of that of all rows; NULL where values have both signs
    z               float8,    -- difference from that in standard deviations of all rows
    effect          float8,    -- Cohen's d against the other rows (J. Cohen, 1988)
    low             float8,    -- 95 % interval of the mean
    high            float8,
    reliability     text       -- high, fair or low
);

COMMENT ON TYPE segment_internal.effect IS 'Internal: how a feature of a segment compares with that of all rows.';

CREATE TYPE segment_internal.worth AS (
    segment     integer,
    label       text,
    rows        bigint,
    share       float8,
    value_sum   float8,
    value_avg   float8,
    value_share float8
);

COMMENT ON TYPE segment_internal.worth IS 'Internal: a row of segment_value().';

CREATE TYPE segment_internal.outcome AS (
    segment     integer,   -- NULL: all rows
    label       text,
    column_name text,
    value       text,      -- the one of two that is counted
    rows        bigint,    -- whose outcome is known
    rate        float8,
    low         float8,    -- 95 % interval of the rate
    high        float8,
    lift        float8     -- rate as a multiple of that of all rows
);

COMMENT ON TYPE segment_internal.outcome IS 'Internal: a row of segment_outcome().';

CREATE TYPE segment_internal.label AS (
    segment integer,
    terms   text[],
    label   text,
    fixed   boolean     -- as it was in the run before, or given by a person
);

COMMENT ON TYPE segment_internal.label IS 'Internal: a label in the making.';

CREATE TYPE segment_internal.axes AS (
    rows_read   bigint,
    rows        bigint,      -- not skipped; all figures are over these
    mean        float8[],    -- one entry a feature, scaled space
    stddev      float8[],
    correlation float8[],    -- features x features, NULL entries where one of them does not vary
    loading     float8[],    -- components x features, 0 where nothing varies
    explained   float8[]     -- one entry a component, NULL where nothing varies
);

COMMENT ON TYPE segment_internal.axes IS 'Internal: the correlations of the prepared features of a model, and their first two principal components, or the one.';

CREATE TYPE segment_internal.place AS (
    key     jsonb,
    segment integer,
    x       float8,
    y       float8
);

COMMENT ON TYPE segment_internal.place IS 'Internal: a row of segment_map().';

CREATE TYPE segment_internal.tried AS (
    k                 integer,
    inertia           float8,
    explained         float8,
    silhouette        float8,
    davies_bouldin    float8,
    calinski_harabasz float8,
    smallest_share    float8,
    chosen            boolean,
    rows              bigint,
    sampled           boolean
);

COMMENT ON TYPE segment_internal.tried IS 'Internal: a row of segment_candidates().';

CREATE TYPE segment_internal.separation AS (
    segment    integer,   -- NULL: all rows
    rows       bigint,
    silhouette float8,
    sampled    bigint
);

COMMENT ON TYPE segment_internal.separation IS 'Internal: a row of segment_silhouette().';

CREATE TYPE segment_internal.stability AS (
    segment   integer,    -- NULL: all of them
    jaccard   float8,
    dissolved float8,
    recovered float8,
    rand      float8
);

COMMENT ON TYPE segment_internal.stability IS 'Internal: the figures of a row of segment_stability().';

CREATE TYPE segment_internal.typical AS (
    segment  integer,
    rank     integer,
    key      jsonb,
    distance real,
    customer jsonb
);

COMMENT ON TYPE segment_internal.typical IS 'Internal: a row of segment_typical().';

CREATE TYPE segment_internal.migration AS (
    from_segment integer,
    to_segment   integer,
    rows         bigint,
    share        float8
);

COMMENT ON TYPE segment_internal.migration IS 'Internal: a row of segment_migration().';

CREATE TYPE segment_internal.common AS (
    before integer[],   -- segments of a model
    after  integer[],   -- and of another one
    rows   bigint[]     -- that both have
);

COMMENT ON TYPE segment_internal.common IS 'Internal: pairs of segments of two models, and the rows that both have.';

CREATE TYPE segment_internal.today_feature AS (
    mean     float8,       -- of the values that are there; NULL: none
    bin_rows bigint[]      -- as in catalog_feature
);

COMMENT ON TYPE segment_internal.today_feature IS 'Internal: how a feature''s values are spread today.';

CREATE TYPE segment_internal.today_segment AS (
    segment     integer,   -- 0: rows left out
    rows        bigint,
    border_rows bigint,
    moved       float8     -- from its centroid to the mean of its rows, as a part of the way to the nearest other centroid
);

COMMENT ON TYPE segment_internal.today_segment IS 'Internal: what a model has in a segment today.';

CREATE TYPE segment_internal.today AS (
    rows_read bigint,
    rows_used bigint,
    features  segment_internal.today_feature[],
    segments  segment_internal.today_segment[]
);

COMMENT ON TYPE segment_internal.today IS 'Internal: today''s rows, by the model and the bins of its fit.';

CREATE TYPE segment_internal.drift AS (
    feature text,
    psi     float8,
    ks      float8,
    verdict text,
    kind    text,
    segment integer,
    before  float8,
    now     float8,
    moved   float8
);

COMMENT ON TYPE segment_internal.drift IS 'Internal: a row of segment_drift().';

CREATE TYPE segment_internal.rule AS (
    segment     integer,
    rule        text,
    coverage    float8,
    precise     float8     -- its precision
);

COMMENT ON TYPE segment_internal.rule IS 'Internal: a row of segment_rules().';
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
-- Which models pg_dump takes, and who sees which.
--
-- pg_dump takes the models that can be restored, here and in the loop below. It writes OIDs as names: one that is not there
-- when the rows come would keep out the models of all.

CREATE FUNCTION segment_internal.dumped(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- A view that needs a primary key is made in two steps; a materialized view or a function that does comes after the rows,
    -- as does what needs it.
    WITH RECURSIVE relation AS (
        SELECT c.* FROM pg_class c WHERE c.oid IN (m.source, m.profile, m.assignment, m.members, m.changes, m.live)
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

CREATE FUNCTION segment_internal.reads(profile regclass, members regclass, assignment regclass, live regclass) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(has_table_privilege($1, 'SELECT'), false)
        OR has_table_privilege($1, 'SELECT') IS NOT NULL
           AND (coalesce(has_table_privilege($2, 'SELECT'), false)
                OR coalesce(has_table_privilege($3, 'SELECT'), false)
                OR coalesce(has_table_privilege($4, 'SELECT'), false));
END;

COMMENT ON FUNCTION segment_internal.reads IS
'Internal: whether the current user may select from a relation of a model; false when the profile view is gone.';

-- Subqueries of a policy are under row security themselves, so "visible" follows from the model.
DO $$
DECLARE
    child regclass;
BEGIN
    FOREACH child IN ARRAY '{segment_internal.catalog_run, segment_internal.catalog_feature, segment_internal.catalog_centroid,
                             segment_internal.catalog_profile, segment_internal.catalog_candidate, segment_internal.catalog_node,
                             segment_internal.catalog_group, segment_internal.catalog_label, segment_internal.catalog_transition,
                             segment_internal.catalog_status}'::regclass[]
    LOOP
        PERFORM pg_extension_config_dump(child,
            'WHERE model_id IN (SELECT m.model_id FROM segment_internal.catalog_model m WHERE segment_internal.dumped(m))');
        EXECUTE format('CREATE POLICY catalog_read ON %s FOR SELECT USING (EXISTS ('
                       'SELECT FROM segment_internal.catalog_model m WHERE m.model_id = %1$s.model_id))', child);
    END LOOP;
    FOREACH child IN ARRAY '{segment_internal.catalog_model, segment_internal.catalog_run, segment_internal.catalog_feature,
                             segment_internal.catalog_centroid, segment_internal.catalog_profile,
                             segment_internal.catalog_candidate, segment_internal.catalog_node, segment_internal.catalog_group,
                             segment_internal.catalog_label, segment_internal.catalog_transition, segment_internal.catalog_status}'::regclass[]
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO PUBLIC', child);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', child);
        -- few rows: by its threshold of 50 autovacuum would not look at them before there are many models
        EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 0)', child);
    END LOOP;
END
$$;

CREATE POLICY catalog_read ON segment_internal.catalog_model FOR SELECT
    USING (segment_internal.owns(profile) OR segment_internal.reads(profile, members, assignment, live));

-- Errors may tell of the rows of a source: only owners see them.
ALTER POLICY catalog_read ON segment_internal.catalog_status
    USING (EXISTS (SELECT FROM segment_internal.catalog_model m WHERE m.model_id = catalog_status.model_id AND segment_internal.owns(m.profile)));
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

CREATE FUNCTION segment_internal.changes(source regclass) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE part (oid) AS (
        SELECT c.oid FROM pg_class c WHERE c.oid = $1 AND c.relkind IN ('r', 'p')
         UNION
        SELECT i.inhrelid FROM part p JOIN pg_inherits i ON i.inhparent = p.oid
    )
    -- those of this session that are not yet reported as well
    SELECT sum(pg_stat_get_tuples_inserted(p.oid) + pg_stat_get_tuples_updated(p.oid) + pg_stat_get_tuples_deleted(p.oid)
               + pg_stat_get_xact_tuples_inserted(p.oid) + pg_stat_get_xact_tuples_updated(p.oid) + pg_stat_get_xact_tuples_deleted(p.oid))::bigint
      FROM part p;
$$;

COMMENT ON FUNCTION segment_internal.changes IS
'Internal: rows of a table, its partitions and the tables that inherit from it that were inserted, updated and deleted, as statistics count them; NULL: it is no table.';

CREATE FUNCTION segment_internal.index_base(mean float8, min float8, max float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $2 < 0 AND $3 > 0 THEN NULL ELSE $1 END;

COMMENT ON FUNCTION segment_internal.index_base IS
'Internal: what an index is a percentage of: the mean of all rows; NULL where their values have both signs, of which it would be of any size.';

CREATE VIEW segment_internal.catalog_segment_group WITH (security_invoker) AS
SELECT g.model_id, g.run, s.segment, g.group_no, g.group_values, g.rows_used, g.k
  FROM segment_internal.catalog_group g
 CROSS JOIN LATERAL unnest(g.segments) s (segment);

COMMENT ON VIEW segment_internal.catalog_segment_group IS 'The group of each segment of each run; no rows for a model without groups.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.group_no IS 'Position of its group.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.group_values IS 'The texts of the columns that the model is grouped by.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.rows_used IS 'Rows of the group that were clustered.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.k IS 'Number of segments of the group.';

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
       f.index_base,
       g.group_no,
       g.group_values,
       p.silhouette_pairwise
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run
  JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = m.run
  LEFT JOIN segment_internal.catalog_label l ON l.model_id = m.model_id AND l.segment = p.segment
  LEFT JOIN segment_internal.catalog_segment_group g ON g.model_id = m.model_id AND g.run = m.run AND g.segment = p.segment
 CROSS JOIN LATERAL (SELECT array_agg(segment_internal.index_base(f.mean, f.min, f.max) ORDER BY f.feature_no) AS index_base
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
COMMENT ON COLUMN segment_internal.catalog_segment.index_base IS 'Means of all rows used; NULL where their values have both signs.';
COMMENT ON COLUMN segment_internal.catalog_segment.p25 IS 'First quartiles.';
COMMENT ON COLUMN segment_internal.catalog_segment.p75 IS 'Third quartiles.';
COMMENT ON COLUMN segment_internal.catalog_segment.border_rows IS 'Its rows with a margin below 0.1.';
COMMENT ON COLUMN segment_internal.catalog_segment.margin_avg IS 'Mean margin of its rows; NULL for one segment.';
COMMENT ON COLUMN segment_internal.catalog_segment.named IS 'Whether a person gave it its label.';
COMMENT ON COLUMN segment_internal.catalog_segment.description IS 'What that person said about it.';
COMMENT ON COLUMN segment_internal.catalog_segment.group_no IS 'Position of its group; NULL: the model has none.';
COMMENT ON COLUMN segment_internal.catalog_segment.group_values IS 'The texts of the columns that the model is grouped by.';
COMMENT ON COLUMN segment_internal.catalog_segment.silhouette_pairwise IS 'Pairwise silhouette of a sample of its rows; NULL where there is none.';

CREATE VIEW segment_internal.catalog_shown WITH (security_barrier) AS
SELECT m.profile,
       p.segment,
       coalesce(l.label, p.label, 'Segment ' || p.segment) AS label
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = m.run
  LEFT JOIN segment_internal.catalog_label l ON l.model_id = m.model_id AND l.segment = p.segment
 WHERE segment_internal.owns(m.profile) OR segment_internal.reads(m.profile, m.members, m.assignment, m.live);

COMMENT ON VIEW segment_internal.catalog_shown IS 'The labels of the current run of each model that the reader may see; the members views read it. Row security would ask by a subquery for each row, with which no plan is parallel; this view asks once for each model.';
COMMENT ON COLUMN segment_internal.catalog_shown.profile IS 'The profile of the model.';
COMMENT ON COLUMN segment_internal.catalog_shown.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_shown.label IS 'The label that a person gave it, else its automatic one.';

CREATE VIEW segment_internal.catalog_compiled WITH (security_invoker) AS
SELECT r.model_id, r.compiled
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run;

COMMENT ON VIEW segment_internal.catalog_compiled IS 'The compiled current run of each model; assignment views read it.';
COMMENT ON COLUMN segment_internal.catalog_compiled.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_compiled.compiled IS 'Preparation and centroids in one value.';

CREATE FUNCTION segment_internal.history(
    m segment_internal.catalog_model,
    OUT run integer, OUT started_at timestamptz, OUT segment integer, OUT label text, OUT rows bigint, OUT share float8
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- what people called a segment: what they call it now, or did when it was last there
    WITH RECURSIVE named AS (
        (SELECT ($1).run AS run, l.segment, l.label FROM segment_internal.catalog_label l WHERE l.model_id = ($1).model_id
          UNION
         SELECT t.run - 1, t.from_segment, t.label FROM segment_internal.catalog_transition t
          WHERE t.model_id = ($1).model_id AND t.kind <> 'survived' AND t.label IS NOT NULL
            AND NOT EXISTS (SELECT FROM segment_internal.catalog_transition s
                             WHERE s.model_id = t.model_id AND s.run = t.run AND s.from_segment = t.from_segment AND s.kind = 'survived'))
         UNION ALL
        SELECT n.run - 1, t.from_segment, n.label
          FROM named n
          JOIN segment_internal.catalog_transition t ON t.model_id = ($1).model_id AND t.run = n.run AND t.to_segment = n.segment AND t.kind = 'survived'
    )
    SELECT p.run, r.started_at, p.segment, coalesce(n.label, l.label, p.label, 'Segment ' || p.segment), p.rows, p.rows::float8 / r.rows_used
      FROM segment_internal.catalog_profile p
      JOIN segment_internal.catalog_run r ON r.model_id = p.model_id AND r.run = p.run
      LEFT JOIN named n ON n.run = p.run AND n.segment = p.segment
      LEFT JOIN segment_internal.catalog_label l ON l.model_id = p.model_id AND l.segment = p.segment AND p.segment = 0
     WHERE p.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.history IS 'Internal: the segments of each run of a model, with their sizes and the names that they go by, or did when they were last there.';

GRANT SELECT ON segment_internal.catalog_live, segment_internal.catalog_segment_group, segment_internal.catalog_segment, segment_internal.catalog_shown,
                segment_internal.catalog_compiled TO PUBLIC;
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

COMMENT ON FUNCTION segment_internal.owned_model IS 'Internal: the model of this number, which the caller must own.';

CREATE FUNCTION segment_internal.qualified(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT format('%I.%I', l.schema, l.name) FROM segment_internal.catalog_live l WHERE l.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.qualified IS 'Internal: the name by which a model is found, whatever others there are.';

CREATE FUNCTION segment_internal.model_columns(m segment_internal.catalog_model) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT c ->> 'name' FROM jsonb_array_elements(m.preparation -> 'columns') c);
$$;

COMMENT ON FUNCTION segment_internal.model_columns IS
'Internal: the columns that scoring reads, in the order of the compiled model.';

CREATE FUNCTION segment_internal.features(m segment_internal.catalog_model) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT f.feature FROM segment_internal.catalog_feature f
                  WHERE f.model_id = m.model_id AND f.run = m.run ORDER BY f.feature_no);
$$;

COMMENT ON FUNCTION segment_internal.features IS 'Internal: the features of the current run, in the order of its arrays.';

CREATE FUNCTION segment_internal.vectors(m segment_internal.catalog_model) RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY(SELECT f.feature_no FROM segment_internal.catalog_feature f
              WHERE f.model_id = ($1).model_id AND f.run = ($1).run AND f.encoding = 'vector' ORDER BY f.feature_no);

COMMENT ON FUNCTION segment_internal.vectors IS 'Internal: which features of the current run are vectors, whose figures are those of their lengths.';

CREATE FUNCTION segment_internal.coordinates(m segment_internal.catalog_model) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY(SELECT CASE WHEN f.encoding = 'vector' THEN format('%s[%s]', f.feature, d.n) ELSE f.feature END
               FROM segment_internal.catalog_feature f
              CROSS JOIN LATERAL generate_series(1, CASE WHEN f.encoding = 'vector'
                                                         THEN (SELECT (c ->> 'width')::integer FROM jsonb_array_elements(($1).preparation -> 'columns') c
                                                                WHERE c ->> 'name' = f.source_column) ELSE 1 END) d (n)
              WHERE f.model_id = ($1).model_id AND f.run = ($1).run ORDER BY f.feature_no, d.n);

COMMENT ON FUNCTION segment_internal.coordinates IS 'Internal: the features of the current run as scoring sees them, a dimension of a vector each.';

CREATE FUNCTION segment_internal.changes_of(m segment_internal.catalog_model) RETURNS regclass
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT c.oid::regclass FROM pg_catalog.pg_class c WHERE c.oid = ($1).changes);

COMMENT ON FUNCTION segment_internal.changes_of IS 'Internal: the changes of a model; NULL: it has no history, or somebody has dropped them, which ends it.';

CREATE FUNCTION segment_internal.group_by(m segment_internal.catalog_model) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE jsonb_typeof(($1).options -> 'group_by')
       WHEN 'array' THEN ARRAY(SELECT u.name FROM jsonb_array_elements_text(($1).options -> 'group_by') WITH ORDINALITY u (name, n) ORDER BY u.n) END;

COMMENT ON FUNCTION segment_internal.group_by IS 'Internal: the columns by which a model has one model a group; NULL: it has no groups.';

CREATE FUNCTION segment_internal.ungrouped(m segment_internal.catalog_model, what text) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF segment_internal.group_by(m) IS NOT NULL THEN
        RAISE feature_not_supported USING
            MESSAGE = format('model "%s" has a model a group, of which there is no %s', m.name, what),
            HINT = format('SELECT * FROM segment_groups(%L) has the figures of its groups. For more, fit a view of the rows of one group.', m.name);
    END IF;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.ungrouped IS 'Internal: the model, which must have no groups, for what is of one preparation and its segments.';

CREATE FUNCTION segment_internal.compiled(
    model text,
    OUT compiled     bytea,
    OUT segments     integer[],
    OUT labels       text[],
    OUT group_by     text[],
    OUT group_values text[]
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(g.compiled, c.compiled), s.segments, s.labels, segment_internal.group_by(m), g.group_values
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_compiled c ON c.model_id = m.model_id
      LEFT JOIN segment_internal.catalog_group g ON g.model_id = m.model_id AND g.run = m.run AND g.k IS NOT NULL
      LEFT JOIN LATERAL (SELECT coalesce(s.group_no, 0) AS group_no, array_agg(s.segment ORDER BY s.segment) AS segments,
                                array_agg(s.label ORDER BY s.segment) AS labels
                           FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id
                          GROUP BY s.group_no) s ON s.group_no = coalesce(g.group_no, 0);
END;

COMMENT ON FUNCTION segment_internal.compiled IS
'Internal: what scoring a row needs: the compiled model and its segments with their labels; of a model that has groups, a row for each.';
-- Who may do what with a model. The keeper asks, and so does src/call/job.c before it runs a job as a model's owner.

CREATE FUNCTION segment_internal.check_owner(caller oid, m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner oid := (SELECT c.relowner FROM pg_class c WHERE c.oid = m.profile AND c.relkind = 'v');
BEGIN
    IF owner IS NULL OR NOT pg_has_role(caller, owner, 'USAGE') THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('must be owner of model "%s"', m.name),
            HINT = format('The model belongs to the owner of %s.', m.profile);
    ELSIF EXISTS (SELECT FROM pg_class c WHERE c.oid IN (m.assignment, m.members, m.changes) AND c.relowner <> owner) THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('the relations of model "%s" have different owners', m.name),
            HINT = format('Give %s to the owner of %s.', concat_ws(' and ', m.assignment, m.members, segment_internal.changes_of(m)), m.profile);
    ELSIF EXISTS (SELECT FROM pg_class c WHERE c.oid = m.members AND c.relkind <> 'v')
          OR EXISTS (SELECT FROM pg_class c WHERE c.oid = m.changes AND c.relkind <> 'r')
          OR EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment AND c.relkind <> CASE m.assignment_kind WHEN 'view' THEN 'v' ELSE 'r' END) THEN
        RAISE wrong_object_type USING
            MESSAGE = format('a relation of model "%s" is not of its kind', m.name),
            HINT = 'A profile and members are views, an assignment is a table or a view, changes are a table.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_owner IS
'Internal: raises unless a role owns the model, and one role owns all its relations.';

CREATE FUNCTION segment_internal.role_of(caller oid, model_id bigint, wanted text) RETURNS oid
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m       segment_internal.catalog_model;
    owner   oid;
    members boolean;
    denied  record;
BEGIN
    SELECT c.* INTO m FROM segment_internal.catalog_model c WHERE c.model_id = $2;
    owner := (SELECT c.relowner FROM pg_class c WHERE c.oid = m.profile);
    members := coalesce(has_table_privilege(caller, m.members, 'SELECT'), false);
    IF owner IS NULL OR NOT (pg_has_role(caller, owner, 'USAGE') OR members OR has_table_privilege(caller, m.profile, 'SELECT')
                             OR coalesce(has_table_privilege(caller, m.assignment, 'SELECT'), false)
                             OR coalesce(has_table_privilege(caller, m.live, 'SELECT'), false)) THEN
        RAISE undefined_object USING
            MESSAGE = 'the model does not exist any more',
            HINT = 'SELECT model FROM segment_models lists the models.';
    END IF;
    IF wanted = 'owner' THEN
        PERFORM segment_internal.check_owner(caller, m);
    ELSIF pg_has_role(caller, owner, 'USAGE') OR (members AND NOT segment_internal.has_row_security(m.source))
          OR wanted = 'reader' OR (wanted = 'rows' AND segment_internal.may_select(caller, m)) THEN
        PERFORM segment_internal.check_owner(owner, m);
    ELSE
        SELECT c.relname, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind INTO denied
          FROM pg_class c WHERE c.oid = CASE wanted WHEN 'members' THEN m.members ELSE m.source END;
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied for %s %s', denied.kind, denied.relname),
            HINT = CASE WHEN members THEN 'The source has row security, which may show its owner other rows than you: look at the members view.'
                        ELSE 'The rows of a model are for those who may SELECT from its members view.' END;
    END IF;
    RETURN owner;
END
$$;

COMMENT ON FUNCTION segment_internal.role_of IS
'Internal: the owner of a model, as whom its jobs run. The caller must be a member of it, have SELECT on its members (members), or on what it reads of its source (rows), or read the model (reader).';

CREATE FUNCTION segment_internal.has_row_security(source regclass) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE relation (oid) AS (
        SELECT $1::oid
         UNION
        SELECT d.refobjid
          FROM relation r
          JOIN pg_rewrite w ON w.ev_class = r.oid
          JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
    )
    SELECT EXISTS (SELECT FROM relation r JOIN pg_class c ON c.oid = r.oid AND c.relrowsecurity);
$$;

COMMENT ON FUNCTION segment_internal.has_row_security IS
'Internal: whether a relation, or one that it reads as a view, has row security, by which it shows one role other rows than another.';

CREATE FUNCTION segment_internal.may_select(caller oid, m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- of a table; a view may show other rows to its owner
    SELECT EXISTS (SELECT FROM pg_class c WHERE c.oid = $2.source AND c.relkind IN ('r', 'p', 'm') AND NOT c.relrowsecurity)
       AND coalesce((SELECT bool_and(has_column_privilege($1, a.attrelid, a.attnum, 'SELECT'))
                       FROM pg_attribute a
                      WHERE a.attrelid = $2.source AND NOT a.attisdropped
                        AND a.attname = ANY ($2.key || segment_internal.model_columns($2) || segment_internal.group_by($2))), false);
$$;

COMMENT ON FUNCTION segment_internal.may_select IS
'Internal: whether a role may select the rows of a model''s source and all that the model reads of them.';
-- The keeper: the few functions that write into the catalog, with the rights of its owner.
--
-- A function f(...) is C code (src/call/job.c) that calls f_as_keeper(caller, ...) as the owner of the extension, where caller
-- is the role that called. Each first checks that the caller owns the model and its relations. What the caller says of
-- his own model is not checked beyond the constraints of the tables: it is shown to those whom he lets read it, and
-- whoever computes with it checks it there (src/model/model.c).

CREATE FUNCTION segment_internal.keep_run(
    m          segment_internal.catalog_model,
    run        segment_internal.catalog_run,
    features   segment_internal.catalog_feature[],
    centroids  segment_internal.catalog_centroid[],
    profiles   segment_internal.catalog_profile[],
    candidates segment_internal.catalog_candidate[],
    nodes      segment_internal.catalog_node[] DEFAULT '{}',
    groups     segment_internal.catalog_group[] DEFAULT '{}',
    transitions segment_internal.catalog_transition[] DEFAULT '{}'
) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_run IS
'Internal: writes a run of a model, which is new, or which the caller owns; then what the model is now takes the place of what it was.';

CREATE FUNCTION segment_internal.keep_run_as_keeper(
    caller     oid,
    m          segment_internal.catalog_model,
    run        segment_internal.catalog_run,
    features   segment_internal.catalog_feature[],
    centroids  segment_internal.catalog_centroid[],
    profiles   segment_internal.catalog_profile[],
    candidates segment_internal.catalog_candidate[],
    nodes      segment_internal.catalog_node[],
    groups     segment_internal.catalog_group[],
    transitions segment_internal.catalog_transition[]
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old segment_internal.catalog_model;
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    SELECT c.* INTO old FROM segment_internal.catalog_model c WHERE c.model_id = m.model_id;
    IF FOUND THEN
        PERFORM segment_internal.check_owner(caller, old);
    END IF;
    IF m.run IS DISTINCT FROM coalesce(old.run, 0) + 1 OR cardinality(centroids) <> run.k
       OR (SELECT count(*) FROM unnest(profiles) u WHERE u.segment <> 0) <> run.k
       OR cardinality(nodes) NOT IN (0, 2 * run.k::bigint - 1)
       OR EXISTS (SELECT run.model_id, run.run UNION ALL SELECT u.model_id, u.run FROM unnest(features) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(centroids) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(profiles) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(candidates) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(nodes) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(groups) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(transitions) u
                  EXCEPT SELECT m.model_id, m.run) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('what is to be recorded is no run of model "%s"', m.name);
    END IF;

    m.highest_segment := greatest(old.highest_segment, (SELECT max(u.segment) FROM unnest(profiles) u));
    IF old.model_id IS NULL THEN
        INSERT INTO segment_internal.catalog_model SELECT m.*;
    ELSE
        UPDATE segment_internal.catalog_model c
           SET (source, key, columns, features, preparation, options, run, profile, assignment, members, assignment_kind, binding, changes, changes_from, highest_segment)
             = (m.source, m.key, m.columns, m.features, m.preparation, m.options, m.run, m.profile, m.assignment, m.members, m.assignment_kind, m.binding, m.changes, m.changes_from, m.highest_segment)
         WHERE c.model_id = m.model_id;
    END IF;
    INSERT INTO segment_internal.catalog_run SELECT run.*;
    INSERT INTO segment_internal.catalog_feature SELECT u.* FROM unnest(features) u;
    INSERT INTO segment_internal.catalog_centroid SELECT u.* FROM unnest(centroids) u;
    INSERT INTO segment_internal.catalog_profile SELECT u.* FROM unnest(profiles) u;
    INSERT INTO segment_internal.catalog_candidate SELECT u.* FROM unnest(candidates) u;
    INSERT INTO segment_internal.catalog_node SELECT u.* FROM unnest(nodes) u;
    INSERT INTO segment_internal.catalog_group SELECT u.* FROM unnest(groups) u;
    INSERT INTO segment_internal.catalog_transition SELECT u.* FROM unnest(transitions) u;
    INSERT INTO segment_internal.catalog_status (model_id, changes)
    VALUES (m.model_id, segment_internal.changes(m.source))
    ON CONFLICT ON CONSTRAINT catalog_status_pkey DO UPDATE SET changes = excluded.changes;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_run_as_keeper IS 'Internal: keep_run for this caller.';

CREATE FUNCTION segment_internal.keep_automatic_labels(model_id bigint, labels segment_internal.label[]) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_automatic_labels IS 'Internal: the automatic labels of the current run.';

CREATE FUNCTION segment_internal.keep_automatic_labels_as_keeper(caller oid, model_id bigint, labels segment_internal.label[])
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    UPDATE segment_internal.catalog_profile p
       SET label = l.label, label_terms = l.terms
      FROM unnest(labels) l
     WHERE p.model_id = m.model_id AND p.run = m.run AND p.segment = l.segment;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_automatic_labels_as_keeper IS 'Internal: keep_automatic_labels for this caller.';

CREATE FUNCTION segment_internal.keep_label(model_id bigint, segment integer, label text, description text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_label IS 'Internal: the label that a person gave to a segment; NULL takes it away.';

CREATE FUNCTION segment_internal.keep_label_as_keeper(caller oid, model_id bigint, segment integer, label text, description text)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    IF label IS NULL THEN
        DELETE FROM segment_internal.catalog_label l WHERE l.model_id = m.model_id AND l.segment = $3;
    ELSE
        INSERT INTO segment_internal.catalog_label
        VALUES (m.model_id, segment, label, description)
        ON CONFLICT ON CONSTRAINT catalog_label_pkey
        DO UPDATE SET label = excluded.label, description = excluded.description;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_label_as_keeper IS 'Internal: keep_label for this caller.';

CREATE FUNCTION segment_internal.keep_drift(model_id bigint, run integer, verdict text, figure float8, what text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_drift IS 'Internal: the drift of a model as it was last measured.';

CREATE FUNCTION segment_internal.keep_drift_as_keeper(caller oid, model_id bigint, run integer, verdict text, figure float8, what text)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    INSERT INTO segment_internal.catalog_status (model_id, drift_run, drift_verdict, drift, drift_of, drift_at)
    VALUES (m.model_id, run, verdict, figure, left(what, 1000), clock_timestamp())
    ON CONFLICT ON CONSTRAINT catalog_status_pkey
    DO UPDATE SET (drift_run, drift_verdict, drift, drift_of, drift_at)
                = (excluded.drift_run, excluded.drift_verdict, excluded.drift, excluded.drift_of, excluded.drift_at);
END
$$;

COMMENT ON FUNCTION segment_internal.keep_drift_as_keeper IS 'Internal: keep_drift for this caller.';

CREATE FUNCTION segment_internal.keep_error(model_id bigint, state text, message text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_error IS 'Internal: why a model could not be refreshed.';

CREATE FUNCTION segment_internal.keep_error_as_keeper(caller oid, model_id bigint, state text, message text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m     segment_internal.catalog_model := segment_internal.model(model_id);
    owner oid := (SELECT c.relowner FROM pg_class c WHERE c.oid = m.profile);
BEGIN
    -- whatever became of its other relations: that may be the error
    IF NOT pg_has_role(caller, owner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of model "%s"', m.name);
    END IF;
    INSERT INTO segment_internal.catalog_status (model_id, error, error_state, error_at)
    VALUES (m.model_id, left(message, 1000), left(state, 5), clock_timestamp())
    ON CONFLICT ON CONSTRAINT catalog_status_pkey
    DO UPDATE SET (error, error_state, error_at) = (excluded.error, excluded.error_state, excluded.error_at);
END
$$;

COMMENT ON FUNCTION segment_internal.keep_error_as_keeper IS 'Internal: keep_error for this caller.';

CREATE FUNCTION segment_internal.keep_live(model_id bigint, live regclass) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_live IS 'Internal: the live view of a model; NULL: it has none any more.';

CREATE FUNCTION segment_internal.keep_live_as_keeper(caller oid, model_id bigint, live regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    -- whoever may read it reads the model
    IF live IS NOT NULL AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_class p ON p.oid = m.profile AND p.relowner = c.relowner
                                         WHERE c.oid = keep_live_as_keeper.live AND c.relkind = 'v') THEN
        RAISE insufficient_privilege USING MESSAGE = format('%s is no view of the owner of model "%s"', live, m.name);
    END IF;
    UPDATE segment_internal.catalog_model c SET live = keep_live_as_keeper.live WHERE c.model_id = m.model_id;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_live_as_keeper IS 'Internal: keep_live for this caller.';

CREATE FUNCTION segment_internal.keep_name(model_id bigint, name text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_name IS 'Internal: gives a model another name.';

CREATE FUNCTION segment_internal.keep_name_as_keeper(caller oid, model_id bigint, name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    UPDATE segment_internal.catalog_model c SET name = $3 WHERE c.model_id = m.model_id;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_name_as_keeper IS 'Internal: keep_name for this caller.';

CREATE FUNCTION segment_internal.delete_models(models bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM segment_internal.catalog_model WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_run WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_feature WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_centroid WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_profile WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_candidate WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_node WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_group WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_label WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_transition WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_status WHERE model_id = ANY (models);
END
$$;

COMMENT ON FUNCTION segment_internal.delete_models IS 'Internal: deletes the rows of models.';

CREATE FUNCTION segment_internal.forget(model_id bigint) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.forget IS 'Internal: forgets a model that the caller owns.';

CREATE FUNCTION segment_internal.forget_as_keeper(caller oid, model_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.check_owner(caller, segment_internal.model(model_id));
    PERFORM segment_internal.delete_models(ARRAY[model_id]);
END
$$;

COMMENT ON FUNCTION segment_internal.forget_as_keeper IS 'Internal: forget for this caller.';

CREATE FUNCTION segment_internal.sweep() RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.sweep IS
'Internal: forgets the models whose profile view is gone, which nobody may see any more.';

CREATE FUNCTION segment_internal.sweep_as_keeper(caller oid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.delete_models(ARRAY(
        SELECT m.model_id
          FROM segment_internal.catalog_model m
         WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.profile)
           FOR UPDATE SKIP LOCKED));
END
$$;

COMMENT ON FUNCTION segment_internal.sweep_as_keeper IS 'Internal: sweep, whoever calls.';
-- The engine: C functions that know queries and figures, but no relation names, options' defaults or catalog tables.
-- Jobs call them; they are not meant to be called by hand.

CREATE FUNCTION segment_internal.fit(
    source         text,       -- names the source in messages
    query          text,       -- SELECT of the key columns, then those of the recipe, then the rows' weights if there are any
    key_columns    integer,    -- how many of the query's first columns are keys
    target         regclass,   -- table to fill: keys, segment, distance, second_segment, margin; NULL: none
    recipe         segment_internal.recipe,
    keep_constant  boolean,    -- a feature without spread stays, with no effect on distances (refresh)
    distance       text,
    init           text,
    centroids      float8[],   -- k x features, original units, NULL: seed
    n_init         integer,    -- NULL: as many as the budget of work allows
    max_iter       integer,
    tol            float8,
    seed           bigint,
    k_min          integer,    -- equal to k_max when k is given
    k_max          integer,
    min_share      float8,
    previous       bytea,      -- compiled model whose segments are found again, NULL: none
    model          text,       -- shown in segment_progress, NULL: the source
    sample_weight  text,       -- names the column of weights in messages, NULL: there is none
    renumber       boolean DEFAULT true, -- the numbers of those carry over; else segments are numbered by size
    drop_repeated  boolean DEFAULT false, -- of features that say the same only the first stays
    criteria       boolean DEFAULT false, -- the gap of each k, too
    algorithm      text    DEFAULT 'lloyd',
    splits         integer[] DEFAULT NULL, -- bisecting, warm: the tree whose leaves the segments are, see src/cluster/bisect.h
    first_segment  integer DEFAULT NULL, -- of one group among others: its new segments count from it, and where its distinct rows are too few there is nothing
    resamples      integer DEFAULT 0,    -- resamples on which each k is looked for again, 0: none
    max_share      float8 DEFAULT 1,     -- with min_share: made so if k is given, else k is chosen so
    trim_share     float8 DEFAULT 0,     -- share of the rows that are left out as segment 0
    warm           boolean DEFAULT false, -- from the centroids of the previous model, which stay where they meet tol
    stability      float8 DEFAULT NULL,  -- by what share of its inertia a better optimum has to be lower to be taken instead; NULL: none is looked for
    refit_k        integer DEFAULT NULL, -- of a refresh: how many segments there are, unless k_min < k_max and others are clearly better
    looking        boolean DEFAULT false, -- for a k that is clearly better
    warm_inertia   float8 DEFAULT NULL,  -- of the previous model: with the same, rows have not changed
    leaves         integer[] DEFAULT NULL, -- bisecting: the segments of the previous model in the order of its tree's leaves, see splits
    joined         text DEFAULT NULL,    -- instead of target: the query joined with an assignment, see segment_internal.joined_query
    make_target    text DEFAULT NULL,    -- and the SELECT that makes the table for what differs from it, run if there is anything
    rescore        boolean DEFAULT false, -- by the previous model as it is: no clustering
    before         segment_internal.before DEFAULT NULL   -- the run before, NULL: what previous says of itself
) RETURNS segment_internal.fitted
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'segment_internal_fit';

COMMENT ON FUNCTION segment_internal.fit IS
'Internal: one read of a query, preparation, k-means for each k in k_min..k_max, the best k by simplified silhouette, a test for no groups, figures, and the assignment rows written to target.';

CREATE FUNCTION segment_internal.rename_columns(compiled bytea, before text[], after text[]) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_rename_columns';

COMMENT ON FUNCTION segment_internal.rename_columns IS
'Internal: a compiled model whose columns have other names; all else stays, to the last bit.';
CREATE FUNCTION segment_internal.identify(
    before        segment_internal.before,
    segments      integer[],    -- of now, ascending
    rows          bigint[],     -- theirs
    from_segments integer[],    -- pairs of a segment before and one of now,
    to_segments   integer[],
    common        bigint[]      -- and the rows that both have
) RETURNS SETOF segment_internal.transition
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_identify';

COMMENT ON FUNCTION segment_internal.identify IS
'Internal: what became of the segments of a run before, by the rows that both runs have; no rows where these are too few.';

CREATE FUNCTION segment_internal.group_values(names text[], VARIADIC columns "any") RETURNS text[]
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_group_values';

COMMENT ON FUNCTION segment_internal.group_values IS
'Internal: the texts of columns, which have these names in messages, by which groups of rows are told apart; NULL where a column is.';

CREATE FUNCTION segment_internal.assign(compiled bytea, VARIADIC columns "any") RETURNS @extschema@.segment_assignment
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_assign';

COMMENT ON FUNCTION segment_internal.assign IS
'Internal: scores one row, its columns given in the order of the compiled model; NULL for a row that the recipe skips, and for one that a fit would refuse.';

CREATE FUNCTION segment_internal.phase(phase text) RETURNS void
LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'segment_internal_phase';

COMMENT ON FUNCTION segment_internal.phase IS
'Internal: the phase in which segment_progress shows the job of this session; NULL: the job is over.';

CREATE FUNCTION segment_internal.progress(
    OUT pid        integer,
    OUT datid      oid,
    OUT model      text,
    OUT phase      text,
    OUT rows_done  bigint,
    OUT rows_total bigint,
    OUT iteration  integer,
    OUT max_iter   integer,
    OUT restart    integer,
    OUT n_init     integer,
    OUT inertia    float8,
    OUT started_at timestamptz
) RETURNS SETOF record
LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'segment_internal_progress';

COMMENT ON FUNCTION segment_internal.progress IS
'Internal: the fits that run now, on the whole server; pid and datid only of those that the reader may not see.';
-- How the engine reads a source: see src/rows/scan.c.

CREATE FUNCTION segment_internal.scan_accum(state internal, place bigint, secret bigint, VARIADIC columns "any") RETURNS internal
LANGUAGE c VOLATILE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'segment_scan_accum';

COMMENT ON FUNCTION segment_internal.scan_accum IS 'Internal: transition function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_combine(state internal, other internal) RETURNS internal
LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_combine';

COMMENT ON FUNCTION segment_internal.scan_combine IS 'Internal: combine function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_serialize(state internal) RETURNS bytea
LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_serialize';

COMMENT ON FUNCTION segment_internal.scan_serialize IS 'Internal: serialization function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_deserialize(serialized bytea, state internal) RETURNS internal
LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_deserialize';

COMMENT ON FUNCTION segment_internal.scan_deserialize IS 'Internal: deserialization function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_final(state internal) RETURNS bigint
LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_final';

COMMENT ON FUNCTION segment_internal.scan_final IS 'Internal: final function of segment_internal.scan.';

CREATE AGGREGATE segment_internal.scan(place bigint, secret bigint, VARIADIC columns "any") (
	SFUNC = segment_internal.scan_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = segment_internal.scan_final,
	COMBINEFUNC = segment_internal.scan_combine,
	SERIALFUNC = segment_internal.scan_serialize,
	DESERIALFUNC = segment_internal.scan_deserialize,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE segment_internal.scan(bigint, bigint, "any") IS
'Internal: hands the rows of a query to the job that runs it, in all processes of a parallel plan, and returns how many they are.';
-- Exploration. Values of columns that are no numbers come as tokens, of which only the number is asked for.

CREATE FUNCTION segment_internal.survey(
    source      text,        -- names the source in messages
    query       text,        -- SELECT of columns that are numbers or tokens
    key_columns integer,     -- 0
    columns     text[],      -- their names
    model       text,        -- shown in segment_progress
    OUT column_no integer,
    OUT rows      bigint,
    OUT missing   bigint,    -- NULL or NaN
    OUT min       float8,
    OUT max       float8,
    OUT whole     boolean,   -- no value has a fraction
    OUT distinct_values integer,  -- NULL: more than 12
    OUT majority  float8,    -- the value that more than half have, if one does
    OUT votes     bigint,    -- so many have it at least
    OUT skewness  float8     -- NULL where a value is negative
) RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_survey';

COMMENT ON FUNCTION segment_internal.survey IS
'Internal: what decides whether columns become features by themselves, from one read of a query that keeps no rows.';

CREATE FUNCTION segment_internal.describe(
    source      text,        -- names the source in messages
    query       text,        -- SELECT of the key columns, then columns that are numbers or tokens
    key_columns integer,
    columns     text[],      -- the names of the others
    token       boolean[],   -- which of them are tokens
    method      text,        -- of the fences: iqr or zscore
    threshold   float8,
    counting    boolean,     -- distinct and most common values are wanted
    OUT column_no         integer,
    OUT rows              bigint,
    OUT missing           bigint,  -- NULL or NaN
    OUT distinct_values   bigint,
    OUT mean              float8,
    OUT stddev            float8,  -- population
    OUT min               float8,
    OUT p1                float8,
    OUT p5                float8,
    OUT p25               float8,
    OUT median            float8,
    OUT p75               float8,
    OUT p95               float8,
    OUT p99               float8,
    OUT max               float8,
    OUT skewness          float8,
    OUT kurtosis          float8,  -- excess
    OUT lower             float8,  -- the fences
    OUT upper             float8,
    OUT outliers          bigint,  -- outside of them
    OUT most_common       float8[], -- all values that are equally common, at most 64, the least first
    OUT most_common_ties  bigint,   -- how many these are
    OUT most_common_share float8    -- of each, of the values that are not missing
) RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_describe';

COMMENT ON FUNCTION segment_internal.describe IS
'Internal: one read of a query of numbers and tokens, a row of figures a column.';

CREATE FUNCTION segment_internal.correlation(
    source      text,        -- names the source in messages
    query       text,        -- SELECT of the key columns, then columns that are numbers
    key_columns integer,
    columns     text[],      -- the names of the others
    method      text,        -- pearson or spearman
    OUT x text,
    OUT y text,
    OUT r float8
) RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_correlation';

COMMENT ON FUNCTION segment_internal.correlation IS
'Internal: the coefficient of each column with each, from one read of a query; NULL where one of them does not vary.';

CREATE FUNCTION segment_internal.components(
    query    text,               -- SELECT of the columns of the compiled model, in its order
    compiled bytea
) RETURNS segment_internal.axes
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_components';

COMMENT ON FUNCTION segment_internal.components IS
'Internal: what the prepared features of a model say together, from one read of a query.';

CREATE FUNCTION segment_internal.number(value "any") RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_number';

COMMENT ON FUNCTION segment_internal.number(value "any") IS
'Internal: a value as the number that a fit reads: booleans are 0 and 1, dates are days since 1970-01-01, intervals are days.';

CREATE FUNCTION segment_internal.dimensions(column_name text, value "any") RETURNS integer
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_dimensions';

COMMENT ON FUNCTION segment_internal.dimensions IS 'Internal: how many dimensions a vector, halfvec or sparsevec of pgvector has; the column is named in errors.';

CREATE FUNCTION segment_internal.token(value text) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_token';

COMMENT ON FUNCTION segment_internal.token IS 'Internal: a finite number that stands for a text, a hash of it.';

CREATE FUNCTION segment_internal.search_rules(
    wanted   integer[],
    segments integer[],
    value    float8[],
    nominal  boolean[],
    whole    boolean[],
    OUT segment integer,
    OUT place   integer,
    OUT axis    integer,
    OUT test    text,
    OUT cut     float8,
    OUT codes   integer[],
    OUT hits    bigint,
    OUT matched bigint,
    OUT rows    bigint
) RETURNS SETOF record
LANGUAGE c IMMUTABLE STRICT AS 'MODULE_PATHNAME', 'segment_internal_search_rules';

COMMENT ON FUNCTION segment_internal.search_rules IS
'Internal: the conditions of a rule for each wanted segment, from the segments of rows and a value for each of their axes, NaN where it is missing: a number, which is cut at whole ones only or at any, or the code of a category, from 0. hits of the rows that a rule has matched are of the segment, which has so many rows.';
-- How good the segments of a compiled model are on the rows of a query.

CREATE FUNCTION segment_internal.sizes(
    query    text,               -- SELECT of the columns of the compiled model, in its order
    compiled bytea,
    OUT segment integer,
    OUT rows    bigint           -- that the preparation does not skip
) RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_sizes';

COMMENT ON FUNCTION segment_internal.sizes IS
'Internal: how many rows of a query belong to each segment, in the order of the compiled model.';

CREATE FUNCTION segment_internal.silhouette(
    query    text,               -- as above: all rows, or a sample of each segment
    compiled bytea,
    rows     bigint[]            -- of each segment, in the order of sizes()
) RETURNS SETOF segment_internal.separation
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_silhouette';

COMMENT ON FUNCTION segment_internal.silhouette(text, bytea, bigint[]) IS
'Internal: the pairwise silhouette of each segment and, with segment NULL, of all.';

CREATE FUNCTION segment_internal.stability(
    query     text,              -- as above
    compiled  bytea,
    resamples integer,           -- 1 to 1000
    seed      bigint
) RETURNS SETOF segment_internal.stability
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_stability';

COMMENT ON FUNCTION segment_internal.stability(text, bytea, integer, bigint) IS
'Internal: how each segment comes back in fits of resamples of the rows; with segment NULL the mean of all, and how much fits with other seeds agree.';

CREATE FUNCTION segment_internal.today(
    query    text,               -- as above
    compiled bytea,
    cuts     float8[],           -- bin_cuts of all features, one after the other
    lengths  integer[]           -- how many each has
) RETURNS segment_internal.today
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_today';

COMMENT ON FUNCTION segment_internal.today(text, bytea, float8[], integer[]) IS
'Internal: how the rows of a query are spread over the bins of a fit and the segments of its model.';
-- Small figures that take care of what doubles cannot hold, and the nearest of several names.

CREATE FUNCTION segment_internal.index(mean float8, population_mean float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_index';

COMMENT ON FUNCTION segment_internal.index IS
'Internal: a mean as a percentage of the mean of all rows; NULL where that is 0 or the result is beyond a double; 0 below 1e-100.';

CREATE FUNCTION segment_internal.z(mean float8, population_mean float8, population_stddev float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_z';

COMMENT ON FUNCTION segment_internal.z IS
'Internal: how many standard deviations of all rows a mean is above the mean of all rows; NULL where they do not vary or the result is beyond a double; 0 below 1e-100.';

CREATE FUNCTION segment_internal.part(value float8, lower float8, upper float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_part';

COMMENT ON FUNCTION segment_internal.part IS
'Internal: where a value is between two others, 0 at the lower one, 1 at the upper one; NULL where these are the same.';

CREATE FUNCTION segment_internal.apart(one float8, other float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_apart';

COMMENT ON FUNCTION segment_internal.apart IS 'Internal: how far two values are apart; Infinity beyond a double.';

CREATE FUNCTION segment_internal.whisker(quartile float8, other float8, extreme float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_whisker';

COMMENT ON FUNCTION segment_internal.whisker IS
'Internal: where a box plot''s whisker ends: 1.5 interquartile ranges beyond a quartile, away from the other one, but no further than the extreme value; NULL where that is no finite number.';

CREATE FUNCTION segment_internal.closest(name text, candidates text[]) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_closest';

COMMENT ON FUNCTION segment_internal.closest IS
'Internal: the candidate nearest to name by edit distance, for hints; NULL if none comes near.';
-- Bars of characters beside figures, at most 20 wide and in ASCII, which every encoding and terminal has.

CREATE FUNCTION segment_internal.text_bar(value float8, largest float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN repeat('#', round(20 * segment_internal.part($1, 0, $2))::integer);

COMMENT ON FUNCTION segment_internal.text_bar IS
'Internal: a bar as long as a value, which is not below 0, is beside the largest one; NULL where that is 0.';

CREATE FUNCTION segment_internal.text_bar_beside(value float8, largest float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT CASE WHEN $1 < 0 THEN lpad(repeat('-', n), 9) || '|' ELSE repeat(' ', 9) || '|' || repeat('+', n) END
      FROM (SELECT round(9 * coalesce(segment_internal.part(abs($1), 0, $2), 0))::integer AS n) s;
END;

COMMENT ON FUNCTION segment_internal.text_bar_beside IS
'Internal: a bar to the left (-) or the right (+) of a line, for a value below or above 0, as long as it is beside the largest one, whatever the sign.';

CREATE FUNCTION segment_internal.text_box(quantiles float8[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT overlay(repeat(' ', p[2]) || repeat('-', p[3] - p[2]) || repeat('=', p[5] - p[3] + 1) || repeat('-', p[6] - p[5])
                   PLACING '|' FROM p[4] + 1)
      FROM (SELECT array_agg(round(19 * coalesce(segment_internal.part(q, $1[1], $1[7]), 0))::integer ORDER BY n) AS p
              FROM unnest($1) WITH ORDINALITY u (q, n)
            HAVING bool_and((abs(q) < 'Infinity') IS TRUE)) s;
END;

COMMENT ON FUNCTION segment_internal.text_box IS
'Internal: a box plot of seven quantiles in ascending order, from the first to the last: a line from the second to the sixth, a box from the third to the fifth, and a mark at the fourth; NULL where one is missing or infinite.';
-- Building blocks, over any query: the nearest centroid, and one Lloyd step.

CREATE FUNCTION @extschema@.segment_nearest(features float8[], centroids float8[]) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_nearest';

COMMENT ON FUNCTION @extschema@.segment_nearest(float8[], float8[]) IS
'The number, from 1, of the centroid that is nearest to a row of features, the lower one of equally near ones. features has d elements, centroids is a k x d array in the same units. NULL elements are error 22004, NaN and infinity 22023, arrays that do not fit each other 2202E.';

CREATE TYPE @extschema@.segment_step AS (
	rows    bigint[],
	sums    float8[],
	inertia float8
);

COMMENT ON TYPE @extschema@.segment_step IS
'One Lloyd step, as segment_kmeans_step computes it: for each of k centroids the rows nearest to it and their sums, and the inertia before the step. sums divided by rows are the next centroids.';
COMMENT ON COLUMN @extschema@.segment_step.rows IS 'How many rows are nearest to each centroid: k elements.';
COMMENT ON COLUMN @extschema@.segment_step.sums IS
'The sums of those rows, exact before they are rounded: a k x d array in the units of the features.';
COMMENT ON COLUMN @extschema@.segment_step.inertia IS
'The sum of squared distances of all rows to their nearest centroid, in squared units of the features; Infinity beyond the range of double precision.';

CREATE FUNCTION segment_internal.kmeans_step_accum(state bytea, features float8[], centroids float8[]) RETURNS bytea
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_kmeans_step_accum';

COMMENT ON FUNCTION segment_internal.kmeans_step_accum(bytea, float8[], float8[]) IS
'Transition function of the aggregate segment_kmeans_step.';

CREATE FUNCTION segment_internal.kmeans_step_combine(state bytea, other bytea) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_kmeans_step_combine';

COMMENT ON FUNCTION segment_internal.kmeans_step_combine(bytea, bytea) IS
'Combine function of the aggregate segment_kmeans_step.';

CREATE FUNCTION segment_internal.kmeans_step_final(state bytea) RETURNS @extschema@.segment_step
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_kmeans_step_final';

COMMENT ON FUNCTION segment_internal.kmeans_step_final(bytea) IS 'Final function of the aggregate segment_kmeans_step.';

CREATE AGGREGATE @extschema@.segment_kmeans_step(features float8[], centroids float8[]) (
	SFUNC = segment_internal.kmeans_step_accum,
	STYPE = bytea,
	FINALFUNC = segment_internal.kmeans_step_final,
	COMBINEFUNC = segment_internal.kmeans_step_combine,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE @extschema@.segment_kmeans_step(float8[], float8[]) IS
'One Lloyd step over any query: counts and sums of the rows nearest to each centroid, and the inertia. features has d elements, centroids is a k x d array in the same units, the same for all rows. The result does not depend on the order of the rows. Rows with NULL for features are skipped; without rows the result is NULL. NULL elements are error 22004, NaN, infinity and varying centroids 22023, arrays that do not fit each other 2202E.';
-- Building blocks, over any query: scaling. First what the aggregates that collect rows share.

CREATE FUNCTION segment_internal.rows_combine(state internal, other internal) RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_rows_combine';

COMMENT ON FUNCTION segment_internal.rows_combine(internal, internal) IS
'Combine function of the aggregates segment_scaler and segment_kmeans_agg.';

CREATE FUNCTION segment_internal.rows_serialize(state internal) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_rows_serialize';

COMMENT ON FUNCTION segment_internal.rows_serialize(internal) IS
'Serialization function of the aggregates segment_scaler and segment_kmeans_agg.';

CREATE FUNCTION segment_internal.rows_deserialize(serialized bytea, state internal) RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_rows_deserialize';

COMMENT ON FUNCTION segment_internal.rows_deserialize(bytea, internal) IS
'Deserialization function of the aggregates segment_scaler and segment_kmeans_agg.';

CREATE FUNCTION segment_internal.scaler_accum(state internal, features float8[], method text) RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scaler_accum';

COMMENT ON FUNCTION segment_internal.scaler_accum(internal, float8[], text) IS
'Transition function of the aggregate segment_scaler.';

CREATE FUNCTION segment_internal.scaler_final(state internal) RETURNS float8[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scaler_final';

COMMENT ON FUNCTION segment_internal.scaler_final(internal) IS 'Final function of the aggregate segment_scaler.';

CREATE AGGREGATE @extschema@.segment_scaler(features float8[], method text) (
	SFUNC = segment_internal.scaler_accum,
	STYPE = internal,
	SSPACE = 4096,
	FINALFUNC = segment_internal.scaler_final,
	COMBINEFUNC = segment_internal.rows_combine,
	SERIALFUNC = segment_internal.rows_serialize,
	DESERIALFUNC = segment_internal.rows_deserialize,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE @extschema@.segment_scaler(float8[], text) IS
'How to scale rows of d features, for segment_scale: a 2 x d array of centres, then scales, in the units of the features. method is standard (mean, population standard deviation), minmax (minimum, range), robust (median, interquartile range), maxabs (0, largest absolute value) or none (0, 1). A feature without spread has scale 1, one without values centre 0 and scale 1. Rows with NULL for features are skipped, NULL and NaN elements are missing values; without rows the result is NULL. Infinity, an unknown and a varying method are error 22023, a NULL method 22004, rows of different lengths 2202E, a scale beyond the range of double precision 22003.';

CREATE FUNCTION @extschema@.segment_scale(features float8[], scaler float8[]) RETURNS float8[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scale';

COMMENT ON FUNCTION @extschema@.segment_scale(float8[], float8[]) IS
'Scales a row of d features, or each row of an n x d array: (x - centre) / scale, with a 2 x d scaler from segment_scaler. NULL elements stay NULL. Arrays that do not fit each other are error 2202E, a scale of zero 22023, a result beyond the range of double precision 22003.';

CREATE FUNCTION @extschema@.segment_unscale(features float8[], scaler float8[]) RETURNS float8[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_unscale';

COMMENT ON FUNCTION @extschema@.segment_unscale(float8[], float8[]) IS
'Undoes segment_scale for a row of d scaled features, or for each row of an n x d array such as centroids: x * scale + centre. NULL elements stay NULL. Errors are those of segment_scale.';
-- Building blocks, over any query: k-means.

CREATE FUNCTION segment_internal.kmeans_agg_accum(state internal, features float8[], k integer) RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_kmeans_agg_accum';

COMMENT ON FUNCTION segment_internal.kmeans_agg_accum(internal, float8[], integer) IS
'Transition function of the aggregate segment_kmeans_agg without a seed.';

CREATE FUNCTION segment_internal.kmeans_agg_accum(state internal, features float8[], k integer, seed bigint) RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_kmeans_agg_accum';

COMMENT ON FUNCTION segment_internal.kmeans_agg_accum(internal, float8[], integer, bigint) IS
'Transition function of the aggregate segment_kmeans_agg with a seed.';

CREATE FUNCTION segment_internal.kmeans_agg_final(state internal) RETURNS float8[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_kmeans_agg_final';

COMMENT ON FUNCTION segment_internal.kmeans_agg_final(internal) IS 'Final function of the aggregate segment_kmeans_agg.';

CREATE AGGREGATE @extschema@.segment_kmeans_agg(features float8[], k integer) (
	SFUNC = segment_internal.kmeans_agg_accum,
	STYPE = internal,
	SSPACE = 4096,
	FINALFUNC = segment_internal.kmeans_agg_final,
	COMBINEFUNC = segment_internal.rows_combine,
	SERIALFUNC = segment_internal.rows_serialize,
	DESERIALFUNC = segment_internal.rows_deserialize,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE @extschema@.segment_kmeans_agg(float8[], integer) IS
'k-means over any query, with seed 0: see segment_kmeans_agg(features, k, seed).';

CREATE AGGREGATE @extschema@.segment_kmeans_agg(features float8[], k integer, seed bigint) (
	SFUNC = segment_internal.kmeans_agg_accum,
	STYPE = internal,
	SSPACE = 4096,
	FINALFUNC = segment_internal.kmeans_agg_final,
	COMBINEFUNC = segment_internal.rows_combine,
	SERIALFUNC = segment_internal.rows_serialize,
	DESERIALFUNC = segment_internal.rows_deserialize,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE @extschema@.segment_kmeans_agg(float8[], integer, bigint) IS
'k-means over any query, the best of 10 starts: the centroids as a k x d array in the units of the features, which are not scaled (see segment_scale), the centroid of the most rows first. With fewer than k distinct rows there are as many centroids as those. The result does not depend on the order of the rows. Rows with NULL for features are skipped; without rows the result is NULL. NULL elements and a NULL k or seed are error 22004; NaN, infinity, k below 1 and a varying k or seed 22023; rows of different lengths 2202E.';
-- Building blocks, over any query: how far two segmentations agree.

CREATE FUNCTION segment_internal.rand_index_accum(state internal, a integer, b integer) RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_rand_index_accum';

COMMENT ON FUNCTION segment_internal.rand_index_accum(internal, integer, integer) IS
'Transition function of the aggregate segment_rand_index.';

CREATE FUNCTION segment_internal.rand_index_accum(state internal, a integer, b integer, rows bigint) RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_rand_index_accum';

COMMENT ON FUNCTION segment_internal.rand_index_accum(internal, integer, integer, bigint) IS
'Transition function of the aggregate segment_internal.rand_index.';

CREATE FUNCTION segment_internal.rand_index_combine(state internal, other internal) RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_rand_index_combine';

COMMENT ON FUNCTION segment_internal.rand_index_combine IS 'Combine function of the aggregate segment_rand_index.';

CREATE FUNCTION segment_internal.rand_index_serialize(state internal) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_rand_index_serialize';

COMMENT ON FUNCTION segment_internal.rand_index_serialize IS 'Serialization function of the aggregate segment_rand_index.';

CREATE FUNCTION segment_internal.rand_index_deserialize(serialized bytea, state internal) RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_rand_index_deserialize';

COMMENT ON FUNCTION segment_internal.rand_index_deserialize IS 'Deserialization function of the aggregate segment_rand_index.';

CREATE FUNCTION segment_internal.rand_index_final(state internal) RETURNS float8
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_rand_index_final';

COMMENT ON FUNCTION segment_internal.rand_index_final IS 'Final function of the aggregate segment_rand_index.';

CREATE AGGREGATE @extschema@.segment_rand_index(a integer, b integer) (
	SFUNC = segment_internal.rand_index_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = segment_internal.rand_index_final,
	COMBINEFUNC = segment_internal.rand_index_combine,
	SERIALFUNC = segment_internal.rand_index_serialize,
	DESERIALFUNC = segment_internal.rand_index_deserialize,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE @extschema@.segment_rand_index(integer, integer) IS
'The adjusted Rand index of two columns of labels (Hubert and Arabie 1985): 1 where they divide the rows in the same way, around 0 where they have nothing to do with each other, below where they agree less than by chance. Rows of which one label is NULL are left out; without rows the result is NULL. The result does not depend on the order of the rows.';

CREATE AGGREGATE segment_internal.rand_index(a integer, b integer, rows bigint) (
	SFUNC = segment_internal.rand_index_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = segment_internal.rand_index_final
);

COMMENT ON AGGREGATE segment_internal.rand_index(integer, integer, bigint) IS
'Internal: segment_rand_index of rows that are counted already.';
-- The plan of a job: from the arguments to a key, features, their preparation, one query and the names of what will be
-- made. Nothing is written here; every complaint about an argument is raised here, before any work.
--
-- The options of a job travel as one jsonb object, argument name to value; segment_internal.catalog_model.options keeps it for
-- the next fit.

CREATE FUNCTION segment_internal.check_writable(job text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean THEN
        RAISE read_only_sql_transaction USING
            MESSAGE = format('cannot execute %s() in a read-only transaction', job),
            HINT = 'segment_describe(), segment_elbow() and segment_predict() only read.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_writable IS 'Internal: raises unless this transaction may write.';

CREATE FUNCTION segment_internal.check_source(source regclass) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation pg_class;
BEGIN
    IF source IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "source" must not be NULL';
    END IF;
    SELECT * INTO relation FROM pg_class c WHERE c.oid = source;
    IF NOT FOUND THEN
        RAISE undefined_table USING MESSAGE = format('relation with OID %s does not exist', source::oid);
    END IF;
    IF relation.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
        RAISE wrong_object_type USING
            MESSAGE = format('"%s" has no rows to segment', relation.relname),
            HINT = 'Name a table, view, materialized view or foreign table.';
    END IF;
    RETURN relation.relname;
END
$$;

COMMENT ON FUNCTION segment_internal.check_source IS 'Internal: the name of a relation that rows can be selected from.';

CREATE FUNCTION segment_internal.columns(
    source          regclass,
    OUT column_no   integer,
    OUT column_name text,
    OUT data_type   text,
    OUT base_type   regtype,
    OUT kind        text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH RECURSIVE type AS (
        SELECT a.attnum, a.atttypid AS oid
          FROM pg_attribute a
         WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
         UNION ALL
        SELECT d.attnum, t.typbasetype
          FROM type d
          JOIN pg_type t ON t.oid = d.oid AND t.typtype = 'd'
    )
    SELECT a.attnum::integer,
           a.attname::text,
           format_type(a.atttypid, a.atttypmod),
           t.oid::regtype,
           CASE WHEN t.oid = 'boolean'::regtype THEN 'boolean'
                WHEN t.oid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'real'::regtype,
                               'double precision'::regtype, 'numeric'::regtype) THEN 'number'
                WHEN t.oid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN 'date'
                WHEN t.oid = 'interval'::regtype THEN 'interval'
                WHEN t.typname IN ('vector', 'halfvec', 'sparsevec') AND t.typlen = -1
                     AND EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                                  WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
                                    AND d.refclassid = 'pg_extension'::regclass AND e.extname = 'vector') THEN 'vector'
                WHEN t.typcategory = 'S' OR t.typtype = 'e' THEN 'category'
                WHEN t.oid IN ('smallint[]'::regtype, 'integer[]'::regtype, 'bigint[]'::regtype, 'real[]'::regtype,
                               'double precision[]'::regtype, 'numeric[]'::regtype) THEN 'array'
                ELSE 'other' END
      FROM pg_attribute a
      JOIN type b ON b.attnum = a.attnum
      JOIN pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
     WHERE a.attrelid = $1
     ORDER BY a.attnum;
END;

COMMENT ON FUNCTION segment_internal.columns IS
'Internal: the columns of a relation in order; base_type and kind (number, boolean, date, interval, category, array, vector or other) look through domains.';

CREATE FUNCTION segment_internal.check_columns(source regclass, names text[], argument text, hint text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := (SELECT c.relname FROM pg_class c WHERE c.oid = source);
    columns text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(source) c);
    name    text;
    closest text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        IF name IS NULL THEN
            RAISE null_value_not_allowed USING
                MESSAGE = format('argument "%s" must not contain NULL', argument),
                HINT = 'Name columns of the relation.';
        END IF;
        IF name <> ALL (columns) THEN
            closest := segment_internal.closest(name, columns);
            RAISE undefined_column USING
                MESSAGE = format('column "%s" of relation "%s" does not exist', name, relname),
                HINT = coalesce(hint, 'Perhaps you meant the column "' || closest || '".',
                                format('SELECT column_name FROM segment_describe(%L) lists the columns.', source));
        END IF;
    END LOOP;

    SELECT n INTO name FROM unnest(names) n GROUP BY n HAVING count(*) > 1 ORDER BY n LIMIT 1;
    IF FOUND THEN
        RAISE duplicate_column USING
            MESSAGE = format('column "%s" appears more than once in argument "%s"', name, argument),
            HINT = 'Name each column once.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_columns IS
'Internal: raises unless the names are columns of the relation, each named once.';

CREATE FUNCTION segment_internal.readable(source regclass) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT c.column_name
                   FROM segment_internal.columns(source) c
                  WHERE has_column_privilege(source, c.column_no::smallint, 'SELECT')
                     OR NOT has_any_column_privilege(source, 'SELECT')
                  ORDER BY c.column_no);
END
$$;

COMMENT ON FUNCTION segment_internal.readable IS
'Internal: the columns of a relation that the caller may read; all where that is none, so that reading them is the error.';

CREATE FUNCTION segment_internal.identifiers(names text[], form text DEFAULT '%I') RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT string_agg(format($2, u.name), ', ' ORDER BY u.n) FROM unnest($1) WITH ORDINALITY u (name, n);
END;

COMMENT ON FUNCTION segment_internal.identifiers IS 'Internal: names in a list, each in the form given: %I is the name as SQL writes it.';

CREATE FUNCTION segment_internal.query(source regclass, key text[], columns text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('SELECT %s FROM %s', string_agg(format('%I', c), ', ' ORDER BY n), $1)
      FROM unnest($2 || $3) WITH ORDINALITY u (c, n);
$$;

COMMENT ON FUNCTION segment_internal.query IS 'Internal: the SELECT of a job: the key columns, then others.';
-- The key of a source: given, or found.

CREATE FUNCTION segment_internal.rfm_columns() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '{recency_days, frequency, monetary, average_order, tenure_days, r_score, f_score, m_score, rfm_score, rfm_segment}'::text[];
END;

COMMENT ON FUNCTION segment_internal.rfm_columns IS 'Internal: the columns of a view made by segment_rfm, after the customer.';

CREATE FUNCTION segment_internal.rfm_key(source regclass) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT names[:1]
              FROM (SELECT array_agg(c.column_name ORDER BY c.column_no) AS names
                      FROM segment_internal.columns($1) c) c
             WHERE names[2:11] = segment_internal.rfm_columns());
END
$$;

COMMENT ON FUNCTION segment_internal.rfm_key IS
'Internal: the customer column of a relation that begins with the columns of an RFM view: the view itself, a copy, one with more columns; else NULL. Nothing but its columns tells such a view, after a dump and under another name.';

CREATE FUNCTION segment_internal.rfm_scores(source regclass) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN segment_internal.rfm_key($1) IS NULL THEN '{}' ELSE '{r_score, f_score, m_score, rfm_score, rfm_segment}' END::text[];
$$;

COMMENT ON FUNCTION segment_internal.rfm_scores IS
'Internal: the scores of an RFM view, which repeat its figures and are no features unless named; empty for other relations.';

CREATE FUNCTION segment_internal.unique_indexes(source regclass, OUT names text[], OUT not_null boolean)
RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.names, c.not_null
      FROM pg_index i
     CROSS JOIN LATERAL (SELECT array_agg(a.attname::text ORDER BY n) AS names, bool_and(a.attnotnull) AS not_null
                           FROM generate_series(0, i.indnkeyatts - 1) n
                           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n]) c
     WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
     ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid;
END;

COMMENT ON FUNCTION segment_internal.unique_indexes IS
'Internal: the columns of each unique index of a relation, the primary key first, then the narrowest.';

CREATE FUNCTION segment_internal.check_key(source regclass, key text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    complaint text;
BEGIN
    EXECUTE format('SELECT FROM %s WHERE false ORDER BY %s', source, segment_internal.identifiers(key));
EXCEPTION WHEN undefined_function THEN
    GET STACKED DIAGNOSTICS complaint = MESSAGE_TEXT;
    RAISE feature_not_supported USING
        MESSAGE = format('key (%s) of relation "%s" has a type without an order',
                         segment_internal.identifiers(key),
                         (SELECT c.relname FROM pg_class c WHERE c.oid = source)),
        DETAIL = upper(left(complaint, 1)) || substr(complaint, 2) || '.',
        HINT = 'Name other columns, or cast it to another type in a view, and fit that.';
END
$$;

COMMENT ON FUNCTION segment_internal.check_key IS 'Internal: raises unless the columns can be a primary key by their types.';

CREATE FUNCTION segment_internal.key(source regclass, key text[], required boolean) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation  pg_class;
    found_key text[];
BEGIN
    IF key IS NOT NULL THEN
        PERFORM segment_internal.check_columns(source, key, 'key');
        IF required AND key <> '{}' THEN
            PERFORM segment_internal.check_key(source, key);
        END IF;
        RETURN ARRAY(SELECT unnest(key));
    END IF;

    -- columns of a materialized view are never declared NOT NULL
    SELECT * INTO relation FROM pg_class c WHERE c.oid = source;
    SELECT u.names INTO found_key
      FROM segment_internal.unique_indexes(source) u
     WHERE u.not_null OR relation.relkind = 'm'
     LIMIT 1;
    found_key := coalesce(found_key, segment_internal.rfm_key(source));

    IF found_key IS NULL AND required THEN
        RAISE invalid_table_definition USING
            MESSAGE = format('relation "%s" has no usable key', relation.relname),
            DETAIL = 'It has neither a primary key nor a unique index on NOT NULL columns.',
            HINT = 'Name the key columns with key => ''{...}'', or pass key => ''{}'' to fit a model without an assignment table.';
    END IF;
    RETURN coalesce(found_key, '{}');
END
$$;

COMMENT ON FUNCTION segment_internal.key IS
'Internal: the key columns: as given, else of the primary key, else of the narrowest unique index on NOT NULL columns (of a materialized view: the narrowest unique index), else the customer of an RFM view; empty when there are none and none are required.';
-- What the arguments of a job may be.

CREATE FUNCTION segment_internal.choices(argument text) RETURNS text[]
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE $1
           WHEN 'scaling' THEN '{standard, minmax, robust, maxabs, none}'
           WHEN 'missing' THEN '{median, mean, zero, skip, error, category}'
           WHEN 'outliers' THEN '{keep, clip, skip}'
           WHEN 'outlier_method' THEN '{iqr, zscore}'
           WHEN 'transform' THEN '{auto, none, log1p, yeo-johnson}'
           WHEN 'distance' THEN '{euclidean, cosine}'
           WHEN 'init' THEN '{k-means++, random}'
           WHEN 'assignment' THEN '{table, view, none}'
           WHEN 'category_names' THEN '{value, number}'
           WHEN 'algorithm' THEN '{lloyd, bisecting}'
           END::text[];
END;

COMMENT ON FUNCTION segment_internal.choices IS
'Internal: the words that an argument may be; NULL for an argument that is not a word.';

CREATE FUNCTION segment_internal.check_choice(place text, value text, choices text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = format('%s must not be NULL', place);
    ELSIF value <> ALL (choices) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('unrecognized value "%s" for %s', value, place),
            HINT = format('Use one of %s.', array_to_string(choices, ', '));
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_choice IS 'Internal: raises unless a word is one that an argument or option may be.';

CREATE FUNCTION segment_internal.check_options(options jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    argument text;
    wrong    record;
BEGIN
    SELECT o.key INTO argument
      FROM jsonb_each(options) o
     WHERE o.value = 'null'
       AND o.key NOT IN ('k', 'features', 'exclude', 'model', 'key', 'outlier_threshold', 'sample_weight', 'centroids',
                         'into_schema', 'group_by', 'n_init')
     ORDER BY o.key LIMIT 1;
    IF FOUND THEN
        RAISE null_value_not_allowed USING
            MESSAGE = format('argument "%s" must not be NULL', argument),
            HINT = 'Leave the argument out for its default.';
    END IF;

    FOREACH argument IN ARRAY '{scaling, missing, outliers, outlier_method, transform, distance, init, assignment, category_names, algorithm}'::text[] LOOP
        CONTINUE WHEN NOT options ? argument;       -- an elbow takes fewer
        PERFORM segment_internal.check_choice(format('argument "%s"', argument), options ->> argument,
                                                          segment_internal.choices(argument));
    END LOOP;

    -- NaN sorts above every number, so the upper bounds refuse it
    SELECT b.* INTO wrong
      FROM (VALUES (1, 'k', 1, 'Infinity'::float8, 'at least 1'),
                   (2, 'k_min', 1, 'Infinity', 'at least 1'),
                   (3, 'k_max', 1, 'Infinity', 'at least 1'),
                   (4, 'n_init', 1, 10000, 'from 1 to 10000'),
                   (5, 'max_iter', 1, 'Infinity', 'at least 1'),
                   (6, 'tol', 0, 1e308, 'a number, at least 0'),
                   (7, 'min_share', 0, 1, 'from 0 to 1'),
                   (8, 'outlier_threshold', 0, 1e300, 'a number, at least 0'),
                   (9, 'max_categories', 1, 1000, 'from 1 to 1000'),
                   (10, 'min_frequency', 0, 1e300, 'a share of the rows below 1, or a number of rows'),
                   (11, 'resamples', 0, 1000, 'from 0 to 1000'),
                   (12, 'max_share', 1e-300, 1, 'above 0, at most 1'),
                   (13, 'trim', 0, 0.5, 'from 0 to 0.5'),
                   (14, 'stability', 0, 1, 'from 0 to 1'),
                   (15, 'survival', 0.5, 1, 'from 0.5 to 1'),
                   (16, 'split', 1e-300, 0.5, 'above 0, at most 0.5')) b (n, argument, least, most, range)
     WHERE NOT (options ->> b.argument)::float8 BETWEEN b.least AND b.most
     ORDER BY b.n LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "%s" is %s', wrong.argument, options ->> wrong.argument),
            HINT = format('It must be %s.', wrong.range);
    END IF;
    IF (options ->> 'k_min')::integer > (options ->> 'k_max')::integer THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "k_min" is %s, above "k_max", which is %s',
                             options ->> 'k_min', options ->> 'k_max'),
            HINT = 'Give both, with k_min the smaller one.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_options IS
'Internal: raises unless the options of a job are within what the arguments allow.';

CREATE FUNCTION segment_internal.check_bisecting(options jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    argument text := (SELECT min(o.key) FROM jsonb_each(options) o
                       WHERE o.key IN ('centroids', 'min_share', 'max_share', 'trim', 'group_by') AND o.value NOT IN ('null', '0')
                         AND (o.key, o.value) <> ('max_share', '1'));
BEGIN
    IF options ->> 'algorithm' = 'bisecting' AND argument IS NOT NULL THEN
        RAISE feature_not_supported USING
            MESSAGE = format('argument "%s" does not go with algorithm => ''bisecting''', argument),
            HINT = 'Leave one of them out.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_bisecting IS
'Internal: raises if a bisecting fit is given what would undo its tree.';

CREATE FUNCTION segment_internal.check_feature_option(place text, key text, value jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rule record;
BEGIN
    -- each key with its JSON type and, for a number, its range
    SELECT r.* INTO rule
      FROM (VALUES (1, 'missing', 'string', NULL::numeric, NULL::numeric, NULL),
                   (2, 'outliers', 'string', NULL, NULL, NULL),
                   (3, 'outlier_method', 'string', NULL, NULL, NULL),
                   (4, 'outlier_threshold', 'number', 0, 1e300, 'It must be at least 0.'),
                   (5, 'clip', 'array', NULL, NULL, 'It must be two quantiles from 0 to 1 in ascending order, as in {"clip": [0.01, 0.99]}.'),
                   (6, 'transform', 'string', NULL, NULL, NULL),
                   (7, 'scaling', 'string', NULL, NULL, NULL),
                   (8, 'weight', 'number', 1e-300, 1e300, 'It must be a positive number. To leave a feature out, do not name it in "features".'),
                   (9, 'max_categories', 'number', 1, 1000, 'It must be from 1 to 1000.'),
                   (10, 'min_frequency', 'number', 0, 1e300, 'It must be a share of the rows below 1, or a number of rows.')
           ) r (n, key, type, least, most, hint)
     WHERE r.key = $2;
    IF NOT FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('unrecognized option %s', place),
            HINT = 'Use one of missing, outliers, outlier_method, outlier_threshold, clip, transform, scaling, weight, max_categories, min_frequency.';
    ELSIF jsonb_typeof(value) <> rule.type THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('option %s is a JSON %s', place, jsonb_typeof(value)),
            HINT = CASE rule.type WHEN 'array' THEN rule.hint ELSE format('It must be a %s.', rule.type) END;
    ELSIF rule.type = 'string' THEN
        PERFORM segment_internal.check_choice(place, value #>> '{}', segment_internal.choices(key));
    ELSIF rule.type = 'number' AND NOT (value #>> '{}')::numeric BETWEEN rule.least AND rule.most THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('option %s is %s', place, value),
            HINT = rule.hint;
    ELSIF key = 'clip' AND (jsonb_path_exists(value, '$[*] ? (@.type() != "number" || @ < 0 || @ > 1)')
                            OR jsonb_array_length(value) <> 2 OR value -> 0 >= value -> 1) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('option %s is %s', place, value),
            HINT = rule.hint;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_feature_option IS
'Internal: raises unless an option of a feature is one that there is, with a value that it may have.';

CREATE FUNCTION segment_internal.check_feature_options(feature_options jsonb, features text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry   record;
    closest text;
BEGIN
    IF jsonb_typeof(feature_options) <> 'object' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "feature_options" is a JSON %s, not an object', jsonb_typeof(feature_options)),
            HINT = 'Write feature_options => ''{"feature": {"transform": "log1p"}}''.';
    END IF;

    FOR entry IN SELECT f.key AS feature, f.value FROM jsonb_each(feature_options) f ORDER BY 1 LOOP
        IF entry.feature <> ALL (features) THEN
            closest := segment_internal.closest(entry.feature, features);
            RAISE invalid_parameter_value USING
                MESSAGE = format('argument "feature_options" names "%s", which is not a feature', entry.feature),
                HINT = coalesce('Perhaps you meant "' || closest || '".', 'Name it in "features" too.');
        END IF;
        IF jsonb_typeof(entry.value) <> 'object' THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format('options of feature "%s" are a JSON %s, not an object',
                                 entry.feature, jsonb_typeof(entry.value)),
                HINT = 'Write feature_options => ''{"feature": {"transform": "log1p"}}''.';
        END IF;
    END LOOP;

    FOR entry IN SELECT f.key AS feature, o.key, o.value
                   FROM jsonb_each(feature_options) f, jsonb_each(f.value) o ORDER BY 1, 2
    LOOP
        PERFORM segment_internal.check_feature_option(format('"%s" of feature "%s"', entry.key, entry.feature),
                                                                  entry.key, entry.value);
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.check_feature_options IS
'Internal: raises unless feature_options is an object of features, each with known options.';

CREATE FUNCTION segment_internal.check_centroids(centroids float8[], k integer, features text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(centroids) value WHERE value IS NULL) THEN
        RAISE null_value_not_allowed USING
            MESSAGE = 'argument "centroids" must not contain NULL';
    END IF;
    IF EXISTS (SELECT FROM unnest(centroids) value WHERE value IN ('NaN', 'Infinity', '-Infinity')) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "centroids" contains NaN or an infinity',
            HINT = 'Its values are in the units of the columns.';
    END IF;
    IF array_ndims(centroids) IS DISTINCT FROM 2 OR array_length(centroids, 2) <> cardinality(features) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "centroids" does not fit the features',
            DETAIL = format('Its dimensions are %s; there are %s features.',
                            coalesce(array_dims(centroids), 'none'), cardinality(features)),
            HINT = 'Give an array of one row a segment, with one number a feature in each row.';
    END IF;
    IF k <> array_length(centroids, 1) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('k is %s, but argument "centroids" has %s rows', k, array_length(centroids, 1)),
            HINT = 'Leave k out: it follows from the centroids.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_centroids IS
'Internal: raises unless the centroids are an array of k rows of one number a feature.';

CREATE FUNCTION segment_internal.resolve_options(options jsonb, features text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    centroids float8[];
BEGIN
    IF options -> 'centroids' <> 'null' THEN
        SELECT o.centroids INTO centroids FROM jsonb_to_record(options) AS o (centroids float8[]);
        PERFORM segment_internal.check_centroids(centroids, (options ->> 'k')::integer, features);
        options := options || jsonb_build_object('k', array_length(centroids, 1), 'n_init', 1);
    END IF;
    IF options -> 'k' <> 'null' THEN
        options := options || jsonb_build_object('k_min', options -> 'k', 'k_max', options -> 'k');
    END IF;
    RETURN options;
END
$$;

COMMENT ON FUNCTION segment_internal.resolve_options IS
'Internal: the options with what follows from k and from starting centroids: k_min, k_max, n_init.';
-- Which columns become features, and as what: those that features names as they are, else those that a professional
-- would take, by their names and by one read of the relation.

CREATE FUNCTION segment_internal.category(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim($1, E' \t\n\v\f\r');

COMMENT ON FUNCTION segment_internal.category IS 'Internal: the text of a value of a category, without blanks around it.';

CREATE FUNCTION segment_internal.words(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    word   text;
    result text;
BEGIN
    FOREACH word IN ARRAY string_to_array(btrim(regexp_replace(regexp_replace(regexp_replace(name COLLATE "C",
        '([a-z0-9])([A-Z])', '\1 \2', 'g'), '([A-Z])([A-Z][a-z])', '\1 \2', 'g'), '[\s_\x01-\x1f\x7f]+', ' ', 'g')), ' ')
    LOOP
        result := concat_ws(' ', result, CASE WHEN word COLLATE "C" ~ '^[A-Z0-9]{2,}$' THEN word ELSE lower(word COLLATE "C") END);
    END LOOP;
    RETURN coalesce(result, '');
END
$$;

COMMENT ON FUNCTION segment_internal.words IS
'Internal: the words of a name: "MntWines" and mnt_wines are "mnt wines"; capitals stay where a word has nothing else.';

CREATE FUNCTION segment_internal.names_identifier(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT w.words ~ ('(^| )(id|uid|uuid|guid|ref|key|nr|no|number|nummer|code|zip|zip[0-9]|zipcode|postcode|postal|postleitzahl|plz|phone|telephone|telefon|fax|row|#)$'
                   || '|^(id|identifiant|unnamed|index|idx)( |$)|[a-z]{3}(nr|nummer)$|^(customer|cust|client|cliente|kunde|klant|user|member|subscriber|person|contact|account|acct)$'
                   || '|^(no|nr|numero|codice|codigo) ((de|del|di|do|du) )?(clienti?|cliente|commande|facture|factura|fattura|ordine|pedido)$'
                   || '|(^| )(customer|cust|client|user|member|account|acct|person|household|contact|order|invoice|row)(id|nr|no|num|number|code|key)$')
      FROM (SELECT btrim(regexp_replace(lower(segment_internal.words(regexp_replace($1, '\m[Nn][\u00b0\u00ba]|\u2116', ' no ', 'g')) COLLATE "C"),
                                        '[^[:alnum:]#]+', ' ', 'g')) AS words) w;
END;

COMMENT ON FUNCTION segment_internal.names_identifier IS
'Internal: is this the name of a column that tells rows apart, by its whole words? What such a name only begins with counts something: "number of visits", "phone calls".';

-- Whole numbers that are all different are identifiers where numbers that measure something would not be so: where they
-- number the rows, are close together for their size, have nine digits or more, as many all, or are many and fill their range.
CREATE FUNCTION segment_internal.may_identify(n bigint, min float8, max float8) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN $1 < 20 THEN false
            WHEN $2 IN (0, 1) AND $3 - $2 + 1 = $1 THEN true
            WHEN $2 >= 1e4 AND $3 - $2 < $2 / 10 THEN true
            WHEN $2 >= 1e8 AND $3 < 1e100 THEN trunc(log($2)) = trunc(log($3))
            ELSE $1 >= 1000 AND $3 - $2 + 1 BETWEEN 0.9 * $1 AND 1.25 * $1 END;

COMMENT ON FUNCTION segment_internal.may_identify IS
'Internal: could n whole numbers from min to max, if they are all different, be identifiers?';

CREATE FUNCTION segment_internal.expression(column_name text, kind text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN format(CASE $2 WHEN 'category' THEN 'segment_internal.token(segment_internal.category(%I::text))'
                      ELSE 'segment_internal.number(%I)' END, $1);

COMMENT ON FUNCTION segment_internal.expression IS 'Internal: a column as the number that a survey sees.';

-- What notices the read gives, the fit gives again. Few columns, if any, are counted on their own: those with a value that
-- nearly all rows have, and those that may be identifiers.
CREATE FUNCTION segment_internal.survey_of(source regclass, columns text[], model text) RETURNS SETOF segment_internal.surveyed
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET jit = off SET client_min_messages = warning AS $$
DECLARE
    seen    segment_internal.surveyed[];
    part    bigint[];
    counted bigint[];
BEGIN
    IF columns = '{}' THEN
        RETURN;
    END IF;
    seen := ARRAY(
        SELECT ROW(c.column_name, c.kind, s.rows, s.rows - s.missing, s.min, s.max, s.whole, s.distinct_values, s.skewness,
                   CASE WHEN s.votes > 0.98 * (s.rows - s.missing) THEN s.majority END, NULL, NULL)::segment_internal.surveyed
          FROM segment_internal.survey(
                   (SELECT r.relname FROM pg_class r WHERE r.oid = source),
                   (SELECT format('SELECT %s FROM %s', string_agg(CASE c.kind WHEN 'category' THEN segment_internal.expression(u.name, c.kind)
                                                                              ELSE format('%I', u.name) END, ', ' ORDER BY u.n), source)
                      FROM unnest(columns) WITH ORDINALITY u (name, n)
                      JOIN segment_internal.columns(source) c ON c.column_name = u.name), 0, columns, model) s
          JOIN segment_internal.columns(source) c ON c.column_name = columns[s.column_no]
         ORDER BY s.column_no);

    -- a hundred at a time: for distinct counts the planner's work grows by the cube of their number
    FOR n IN 1 .. cardinality(seen) BY 100 LOOP
        EXECUTE format('SELECT ARRAY[%s]::bigint[] FROM %s LIMIT 1',
                  (SELECT string_agg(format('%s, %s',
                              CASE WHEN s.majority IS NOT NULL
                                   THEN format('count(*) FILTER (WHERE %s = %L::float8)', segment_internal.expression(s.column_name, s.kind), s.majority)
                                   ELSE 'NULL' END,
                              CASE WHEN s.kind = 'number' AND s.whole AND s.distinct_values IS NULL
                                        AND c.base_type NOT IN ('real'::regtype, 'double precision'::regtype)
                                        AND segment_internal.may_identify(s.present, s.min, s.max) AND NOT segment_internal.names_identifier(s.column_name)
                                   THEN format('count(DISTINCT %I)', s.column_name) ELSE 'NULL' END), ', ' ORDER BY s.ordinality)
                     FROM unnest(seen[n:n + 99]) WITH ORDINALITY s
                     JOIN segment_internal.columns(source) c ON c.column_name = s.column_name), source) INTO part;
        counted := counted || coalesce(part, array_fill(NULL::bigint, '{200}'));
    END LOOP;
    RETURN QUERY
        SELECT s.column_name, s.kind, s.rows, s.present, s.min, s.max, s.whole, s.distinct_values, s.skewness, s.majority,
               counted[2 * s.ordinality - 1], counted[2 * s.ordinality]
          FROM unnest(seen) WITH ORDINALITY s ORDER BY s.ordinality;
END
$$;

COMMENT ON FUNCTION segment_internal.survey_of IS
'Internal: what decides whether columns of a relation, which are numbers, booleans or categories, become features by themselves.';

CREATE FUNCTION segment_internal.default_choice(source regclass, columns text[], model text) RETURNS SETOF segment_internal.choice
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.column_name,
           CASE WHEN s.kind = 'number' AND s.min = 0 AND s.max = 1 AND s.whole THEN 'flag' ELSE s.kind END,
           coalesce(s.skewness > 2 AND s.kind = 'number' AND s.max > 1, false),
           CASE WHEN s.kind = 'category' AND s.distinct_values = 1 THEN 'do not vary'
                WHEN s.kind = 'number' AND s.whole AND s.max > 1 AND segment_internal.names_identifier(s.column_name) THEN 'identifiers by their names'
                WHEN s.different = s.present OR s.present >= 1000 AND s.different > 0.97 * s.present THEN 'all different, as identifiers are'
                WHEN s.present * 2 < s.rows THEN 'missing in more than half of the rows'
                WHEN s.most > 0.99 * s.present AND s.distinct_values IS DISTINCT FROM 1 THEN 'one value in more than 99 % of the rows'
                WHEN s.kind = 'category' AND (s.distinct_values IS NULL OR s.distinct_values * 10 > s.rows) THEN 'texts of many values'
                END
      FROM segment_internal.survey_of($1, $2, $3) s;
$$;

COMMENT ON FUNCTION segment_internal.default_choice IS
'Internal: of columns that are numbers, booleans or categories: as what each of them becomes features, or why it does not.';

CREATE FUNCTION segment_internal.list(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT string_agg(format('"%s"', u.name), ', ' ORDER BY u.n)
        || CASE WHEN cardinality($1) > 10 THEN format(' and %s more', cardinality($1) - 10) ELSE '' END
      FROM unnest($1[:10]) WITH ORDINALITY u (name, n);
END;

COMMENT ON FUNCTION segment_internal.list IS 'Internal: the first ten names, quoted, and how many more; NULL for none.';

CREATE FUNCTION segment_internal.left_out(choice segment_internal.choice[]) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT string_agg(format('%s (%s)', r.names, r.reason), ', ' ORDER BY r.place)
      FROM (SELECT c.reason, min(c.ordinality) AS place, segment_internal.list(array_agg(c.column_name ORDER BY c.ordinality)) AS names
              FROM unnest($1) WITH ORDINALITY c
             WHERE c.reason IS NOT NULL
             GROUP BY c.reason) r;
END;

COMMENT ON FUNCTION segment_internal.left_out IS 'Internal: the columns that are no features, by reasons; NULL for none.';

CREATE FUNCTION segment_internal.choose_by_default(source regclass, ignored text[], options jsonb) RETURNS segment_internal.choice[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := (SELECT c.relname FROM pg_class c WHERE c.oid = source);
    scores  text[] := segment_internal.rfm_scores(source);
    columns text[] := ARRAY(SELECT r FROM unnest(segment_internal.readable(source)) r WHERE r <> ALL (ignored));
    result  segment_internal.choice[];
BEGIN
    result := ARRAY(
        SELECT ROW(c.column_name, coalesce(d.kind, c.kind), coalesce(d.skewed, false),
                   CASE WHEN c.column_name = ANY (scores) THEN 'scores of the others'
                        WHEN c.kind = 'other' THEN 'no feature can be made of their type'
                        WHEN options -> 'feature_options' ? c.column_name THEN NULL
                        WHEN c.kind NOT IN ('number', 'boolean', 'category', 'vector') THEN 'name them in features to use them'
                        ELSE d.reason END)::segment_internal.choice
          FROM segment_internal.columns(source) c
          LEFT JOIN segment_internal.default_choice(source,
                   ARRAY(SELECT w.column_name FROM segment_internal.columns(source) w
                          WHERE w.kind IN ('number', 'boolean', 'category') AND w.column_name = ANY (columns) AND w.column_name <> ALL (scores)
                          ORDER BY w.column_no),
                   coalesce(options ->> 'model', relname)) d ON d.column_name = c.column_name
         WHERE c.column_name = ANY (columns)
         ORDER BY c.column_no);
    -- where nothing is left, numbers are better than nothing
    IF NOT EXISTS (SELECT FROM unnest(result) c WHERE c.reason IS NULL) THEN
        result := ARRAY(SELECT ROW(c.column_name, c.kind, c.skewed,
                                   CASE WHEN c.kind NOT IN ('number', 'flag', 'boolean') THEN c.reason END)::segment_internal.choice
                          FROM unnest(result) WITH ORDINALITY c ORDER BY c.ordinality);
    END IF;
    IF NOT EXISTS (SELECT FROM unnest(result) c WHERE c.reason IS NULL) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('relation "%s" has no column of which a feature is made by itself', relname),
            DETAIL = coalesce('Left out: ' || segment_internal.left_out(result) || '.', 'It has no other columns than its key, weights and those excluded.'),
            HINT = 'Name columns in features, or make numbers of them in a view, and fit that.';
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.choose_by_default IS
'Internal: the columns of a relation that the caller may read, but those ignored, with what becomes of each; at least one of them becomes features.';

CREATE FUNCTION segment_internal.choose_by_name(source regclass, features text[]) RETURNS segment_internal.choice[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    IF features = '{}' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "features" is empty',
            HINT = 'Name columns, or leave the argument out for those that are usual.';
    END IF;
    PERFORM segment_internal.check_columns(source, features, 'features');
    SELECT c.column_name, c.data_type INTO wrong
      FROM segment_internal.columns(source) c
     WHERE c.kind = 'other' AND c.column_name = ANY (features)
     ORDER BY array_position(features, c.column_name)
     LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which cannot be a feature',
                             wrong.column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = source), wrong.data_type),
            HINT = 'Make a number or a text of it in a view, and fit that view.';
    END IF;
    RETURN ARRAY(SELECT ROW(c.column_name, CASE c.kind WHEN 'boolean' THEN 'category' ELSE c.kind END, false, NULL)::segment_internal.choice
                   FROM segment_internal.columns(source) c
                  WHERE c.column_name = ANY (features)
                  ORDER BY array_position(features, c.column_name));
END
$$;

COMMENT ON FUNCTION segment_internal.choose_by_name IS 'Internal: the columns that features names, taken as they are.';

CREATE FUNCTION segment_internal.choose(source regclass, key text[], options jsonb) RETURNS segment_internal.choice[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given record;
BEGIN
    SELECT o.* INTO given FROM jsonb_to_record(options) AS o (features text[], exclude text[], sample_weight text);
    IF given.exclude IS NOT NULL THEN
        PERFORM segment_internal.check_columns(source, given.exclude, 'exclude');
    END IF;
    IF given.features IS NOT NULL THEN
        RETURN segment_internal.choose_by_name(source,
            ARRAY(SELECT f FROM unnest(given.features) WITH ORDINALITY u (f, n) WHERE (f <> ALL (given.exclude)) IS NOT FALSE ORDER BY n));
    END IF;
    -- numbers that identify rows are no features where the key is not wanted either, nor are weights
    RETURN segment_internal.choose_by_default(source,
        array_remove(CASE key WHEN '{}' THEN segment_internal.key(source, NULL, false) ELSE key END || given.sample_weight || given.exclude, NULL),
        options);
END
$$;

COMMENT ON FUNCTION segment_internal.choose IS
'Internal: the columns that features names, else all but the key, the weights and those excluded, with what becomes of each.';
-- The features that columns become.

CREATE FUNCTION segment_internal.check_weight(source regclass, sample_weight text, hint text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
BEGIN
    IF sample_weight IS NULL THEN
        RETURN;
    END IF;
    PERFORM segment_internal.check_columns(source, ARRAY[sample_weight], 'sample_weight', hint);
    SELECT c.data_type INTO wrong
      FROM segment_internal.columns(source) c
     WHERE c.column_name = sample_weight AND c.kind <> 'number';
    IF FOUND THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which cannot weigh rows', sample_weight,
                             (SELECT c.relname FROM pg_class c WHERE c.oid = source), wrong),
            HINT = 'Name a numeric column in sample_weight.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_weight IS 'Internal: raises unless sample_weight is NULL or names a numeric column.';

CREATE FUNCTION segment_internal.categories(
    source         regclass,
    column_name    text,
    most           integer,
    min_frequency  float8,
    missing        boolean,
    OUT categories text[],
    OUT others     boolean,
    OUT nulls      boolean,
    OUT key_like   bigint
) RETURNS record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- a text that reads like the name of what we make counts as that
    EXECUTE format(
        'WITH v AS (SELECT segment_internal.category(%I::text) COLLATE "C" AS value, count(*) AS rows FROM %s GROUP BY 1),'
        '     r AS (SELECT value, rows, row_number() OVER (ORDER BY rows DESC, value) AS rank FROM v'
        '            WHERE value <> ''(other)'' AND NOT ($3 AND value = ''(missing)'')),'
        '     k AS (SELECT value, rank FROM r'
        '            WHERE rank <= $1 AND rows >= CASE WHEN $2 < 1 THEN $2 * (SELECT sum(rows) FROM v) ELSE $2 END)'
        'SELECT ARRAY(SELECT value FROM k ORDER BY rank),'
        '       count(*) FILTER (WHERE value IS NOT NULL AND NOT ($3 AND value = ''(missing)'')) > (SELECT count(*) FROM k),'
        '       $3 AND count(*) FILTER (WHERE value IS NULL OR value = ''(missing)'') > 0,'
        '       CASE WHEN max(rows) FILTER (WHERE value IS NOT NULL) = 1 THEN count(value) END'
        '  FROM v', column_name, source)
       INTO categories, others, nulls, key_like USING most, min_frequency, missing;
END
$$;

COMMENT ON FUNCTION segment_internal.categories IS
'Internal: the values of a column that become features, the most common first; whether there are others and nulls; how many values there are, if all are distinct.';

CREATE FUNCTION segment_internal.feature(name text, column_name text, part integer, encoding text) RETURNS segment_internal.preparation
LANGUAGE sql IMMUTABLE
RETURN ROW($1, $2, $3, $4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::segment_internal.preparation;

COMMENT ON FUNCTION segment_internal.feature IS 'Internal: a feature, the rules of whose preparation are still to be found.';

CREATE FUNCTION segment_internal.encode_category(source regclass, column_name text, options jsonb)
RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found  record := segment_internal.categories(source, column_name,
        (options ->> 'max_categories')::numeric::integer, (options ->> 'min_frequency')::float8,
        options ->> 'missing' = 'category');
    width  integer := cardinality(found.categories);
    result segment_internal.recipe;
BEGIN
    IF found.key_like > 2 AND (SELECT t.typcategory = 'S'
                                 FROM segment_internal.columns(source) c
                                 JOIN pg_type t ON t.oid = c.base_type
                                WHERE c.column_name = $2) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('column "%s" of relation "%s" looks like a key: its %s values are all distinct',
                             column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = source), found.key_like),
            HINT = 'Leave it out of features, or make groups of its values in a view.';
    END IF;
    SELECT ARRAY[ROW(column_name, 'category', 1, found.categories)::segment_internal.source_column],
           array_agg(segment_internal.feature(column_name || '=' || e.name, column_name, e.n, e.encoding) ORDER BY e.n)
      INTO result.columns, result.features
      FROM (SELECT u.n::integer, u.name, 'category' AS encoding FROM unnest(found.categories) WITH ORDINALITY u (name, n)
             UNION ALL SELECT width + 1, '(other)', 'other' WHERE found.others
             UNION ALL SELECT width + 2, '(missing)', 'missing' WHERE found.nulls) e;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode_category IS
'Internal: a feature a value of the column, then one for all others and one for missing values, where there are such.';

CREATE FUNCTION segment_internal.encode_array(source regclass, column_name text) RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    width  integer;
    result segment_internal.recipe;
BEGIN
    EXECUTE format('SELECT cardinality(%1$I) FROM %2$s WHERE %1$I IS NOT NULL LIMIT 1', column_name, source) INTO width;
    SELECT ARRAY[ROW(column_name, 'array', coalesce(width, 0), '{}')::segment_internal.source_column],
           array_agg(segment_internal.feature(format('%s[%s]', column_name, i), column_name, i, 'element') ORDER BY i)
      INTO result.columns, result.features
      FROM generate_series(1, width) i;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode_array IS 'Internal: a feature an element of the column''s arrays.';

CREATE FUNCTION segment_internal.encode_vector(source regclass, column_name text) RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    width  integer;
    result segment_internal.recipe;
BEGIN
    EXECUTE format('SELECT segment_internal.dimensions($1, %1$I) FROM %2$s WHERE %1$I IS NOT NULL LIMIT 1', column_name, source) INTO width USING column_name;
    IF width IS NOT NULL THEN
        result.columns := ARRAY[ROW(column_name, 'vector', width, '{}')::segment_internal.source_column];
        result.features := ARRAY[segment_internal.feature(column_name, column_name, 1, 'vector')];
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode_vector IS 'Internal: one feature, which the engine takes apart into the dimensions of the column''s vectors.';

CREATE FUNCTION segment_internal.encode(source regclass, choice segment_internal.choice[], options jsonb)
RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result  segment_internal.recipe;
    input   segment_internal.choice;
    encoded segment_internal.recipe;
BEGIN
    FOREACH input IN ARRAY choice LOOP
        CONTINUE WHEN input.reason IS NOT NULL;
        IF input.kind = 'category' THEN
            encoded := segment_internal.encode_category(source, input.column_name,
                                                        options || coalesce(options -> 'feature_options' -> input.column_name, '{}'));
        ELSIF input.kind = 'array' THEN
            encoded := segment_internal.encode_array(source, input.column_name);
        ELSIF input.kind = 'vector' THEN
            encoded := segment_internal.encode_vector(source, input.column_name);
        ELSE
            encoded.columns := ARRAY[ROW(input.column_name, 'number', 1, '{}')::segment_internal.source_column];
            encoded.features := ARRAY[segment_internal.feature(input.column_name, input.column_name, 1,
                                                               CASE input.kind WHEN 'date' THEN 'days' ELSE input.kind END)];
        END IF;
        result.columns := result.columns || encoded.columns;
        result.features := result.features || encoded.features;
    END LOOP;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode IS
'Internal: the columns chosen and the features that they become, without the rules of their preparation.';
-- How features are prepared.

CREATE FUNCTION segment_internal.check_applies(source regclass, choice segment_internal.choice[], feature_options jsonb)
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT o.key, o.value, h.kind, c.column_name, c.data_type INTO wrong
      FROM unnest(choice) h
      JOIN segment_internal.columns(source) c ON c.column_name = h.column_name
     CROSS JOIN jsonb_each(feature_options -> h.column_name) o
     WHERE CASE WHEN h.kind = 'vector'
                THEN o.key NOT IN ('missing', 'weight') AND (o.key, o.value #>> '{}') NOT IN (('outliers', 'keep'), ('transform', 'none'), ('scaling', 'none'))
                     OR o.key = 'missing' AND o.value #>> '{}' IN ('median', 'category')
                WHEN h.kind = 'category'
                THEN o.key IN ('outliers', 'outlier_method', 'outlier_threshold', 'clip', 'transform')
                ELSE o.key IN ('max_categories', 'min_frequency') OR o.key = 'missing' AND o.value = '"category"' END
     ORDER BY 2, 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('option "%s"%s of feature "%s" is not for type %s', wrong.key,
                             CASE wrong.key WHEN 'missing' THEN format(' => %s', wrong.value) ELSE '' END, wrong.column_name, wrong.data_type),
            HINT = CASE wrong.kind WHEN 'vector' THEN 'A vector can have a weight, and missing => skip, mean, zero or error: it is taken as it is.'
                   ELSE 'Fences and transforms are for numbers; categories are for texts, enums and booleans that features names.' END;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_applies IS
'Internal: raises unless the options of each column are such as its type can have.';

CREATE FUNCTION segment_internal.prepare(source regclass, choice segment_internal.choice[], options jsonb)
RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result segment_internal.recipe;
BEGIN
    PERFORM segment_internal.check_feature_options(options -> 'feature_options',
                                                   ARRAY(SELECT c.column_name FROM unnest(choice) c WHERE c.reason IS NULL));
    PERFORM segment_internal.check_applies(source, choice, options -> 'feature_options');
    result := segment_internal.encode(source, choice, options);
    IF result.features IS NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('no feature of relation "%s" has a value', (SELECT c.relname FROM pg_class c WHERE c.oid = source)),
            HINT = 'Load it first, or name other columns in features.';
    END IF;

    -- What is 0 or 1 stays so, unless its own options say otherwise. A text that nobody named has half the weight: two
    -- customers who differ in it are then as far apart as two who differ in a flag.
    result.features := ARRAY(
        SELECT ROW(f.feature, f.column_name, f.part, f.encoding,
                   coalesce(own ->> 'missing', alike ->> 'missing'),
                   coalesce(own ->> 'outliers', CASE WHEN own ? 'clip' THEN 'clip' END, alike ->> 'outliers'),
                   w.fence,
                   CASE w.fence WHEN 'quantiles' THEN (own -> 'clip' ->> 0)::float8
                              ELSE coalesce((own ->> 'outlier_threshold')::float8, (options ->> 'outlier_threshold')::float8,
                                            CASE w.fence WHEN 'iqr' THEN 1.5 ELSE 3 END) END,
                   CASE w.fence WHEN 'quantiles' THEN (own -> 'clip' ->> 1)::float8 ELSE 0 END,
                   CASE t.wanted WHEN 'auto' THEN CASE WHEN c.skewed AND s.scaling = 'standard' AND options ->> 'distance' = 'euclidean' THEN 'log1p' ELSE 'none' END
                                 ELSE t.wanted END,
                   s.scaling,
                   coalesce((own ->> 'weight')::float8, CASE WHEN c.kind = 'category' AND options -> 'features' = 'null' THEN 0.5 ELSE 1 END))::segment_internal.preparation
          FROM unnest(result.features) WITH ORDINALITY f
          JOIN unnest(choice) c ON c.column_name = f.column_name
         CROSS JOIN LATERAL (SELECT options -> 'feature_options' -> f.column_name AS own,
                                    CASE WHEN f.encoding IN ('number', 'days', 'interval', 'element')
                                         THEN CASE options ->> 'missing' WHEN 'category' THEN options || '{"missing": "median"}'
                                                                         ELSE options END
                                         WHEN f.encoding IN ('flag', 'boolean') AND options ->> 'missing' = 'category'
                                         THEN '{"missing": "median", "outliers": "keep", "transform": "none", "scaling": "none"}'
                                         WHEN f.encoding = 'vector' AND options ->> 'missing' IN ('median', 'category')
                                         THEN '{"missing": "skip", "outliers": "keep", "transform": "none", "scaling": "none"}'
                                         ELSE options || '{"outliers": "keep", "transform": "none", "scaling": "none"}'
                                         END AS alike) o
         CROSS JOIN LATERAL (SELECT CASE WHEN own ? 'clip' THEN 'quantiles'
                                         ELSE coalesce(own ->> 'outlier_method', options ->> 'outlier_method') END AS fence) w
         CROSS JOIN LATERAL (SELECT coalesce(own ->> 'scaling', alike ->> 'scaling') AS scaling) s
         CROSS JOIN LATERAL (SELECT coalesce(own ->> 'transform', alike ->> 'transform') AS wanted) t
         ORDER BY f.ordinality);
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.prepare IS 'Internal: the columns of a fit, and how each feature is made of them and prepared.';

CREATE FUNCTION segment_internal.keep_features(recipe segment_internal.recipe, kept integer[]) RETURNS segment_internal.recipe
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    WITH feature AS (
        SELECT f.*, k.n IS NOT NULL AS kept
          FROM unnest(($1).features) WITH ORDINALITY f
          LEFT JOIN unnest($2) k (n) ON k.n = f.ordinality
         WHERE k.n IS NOT NULL OR 'skip' IN (f.missing, f.outliers)
    )
    SELECT ROW(ARRAY(SELECT ROW(c.name, c.kind, c.width, c.categories)::segment_internal.source_column
                       FROM unnest(($1).columns) WITH ORDINALITY c
                      WHERE c.name IN (SELECT f.column_name FROM feature f) ORDER BY c.ordinality),
               ARRAY(SELECT ROW(f.feature, f.column_name, f.part, f.encoding, f.missing, f.outliers, f.fence, f.fence_low, f.fence_high,
                                f.transform, f.scaling, CASE WHEN f.kept THEN f.weight ELSE 0 END)::segment_internal.preparation
                       FROM feature f ORDER BY f.kept DESC, f.ordinality))::segment_internal.recipe;
END;

COMMENT ON FUNCTION segment_internal.keep_features IS
'Internal: the recipe of those features alone, given by their numbers, and behind them, without weight, of those of which only the rules are kept that leave rows out.';
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
-- The jobs that fit: segment_kmeans, segment_elbow and segment_refresh.
--
-- A job plans (plan/), lets the engine read, fit and write in one statement, and records the outcome: the relations of
-- the model and its catalog rows. All of it is one transaction: after an error nothing is left.

CREATE FUNCTION segment_internal.engine(
    source        regclass,
    key           text[],
    recipe        segment_internal.recipe,
    options       jsonb,
    target        regclass DEFAULT NULL,
    keep_constant boolean DEFAULT false,
    previous      bytea DEFAULT NULL,
    model         text DEFAULT NULL,
    query         text DEFAULT NULL,
    renumber      boolean DEFAULT true,
    criteria      boolean DEFAULT false,
    first_segment integer DEFAULT NULL,
    warm_inertia  float8 DEFAULT NULL,
    joined        text DEFAULT NULL,
    make_target   text DEFAULT NULL,
    rescore       boolean DEFAULT false,
    before        segment_internal.before DEFAULT NULL
) RETURNS segment_internal.fitted
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    fit segment_internal.fitted;
BEGIN
    SELECT f.* INTO fit
      FROM jsonb_to_record($4) AS o (distance text, init text, centroids float8[], n_init integer, max_iter integer,
                                     tol float8, seed bigint, k_min integer, k_max integer, min_share float8,
                                     sample_weight text, algorithm text, splits integer[], resamples integer, max_share float8, "trim" float8,
                                     warm boolean, stability float8, refit_k integer, looking boolean, leaves integer[]),
           segment_internal.fit(
               source => (SELECT c.relname FROM pg_class c WHERE c.oid = $1),
               query => coalesce($9, segment_internal.query($1, $2, array_remove(ARRAY(SELECT c.name FROM unnest($3.columns) c) || o.sample_weight, NULL))),
               key_columns => cardinality($2),
               target => $5,
               recipe => $3,
               keep_constant => $6,
               distance => o.distance,
               init => o.init,
               centroids => o.centroids,
               n_init => o.n_init,
               max_iter => o.max_iter,
               tol => o.tol,
               seed => o.seed,
               k_min => o.k_min,
               k_max => o.k_max,
               min_share => o.min_share,
               previous => $7,
               model => $8,
               sample_weight => o.sample_weight,
               renumber => $10,
               drop_repeated => NOT $6 AND $4 -> 'features' = 'null',
               criteria => $11,
               algorithm => o.algorithm,
               splits => o.splits,
               first_segment => $12,
               resamples => coalesce(o.resamples, 0),
               max_share => o.max_share,
               trim_share => o."trim",
               warm => o.warm,
               stability => o.stability,
               refit_k => o.refit_k,
               looking => o.looking,
               warm_inertia => $13,
               leaves => o.leaves,
               joined => $14,
               make_target => $15,
               rescore => $16,
               before => $17) f;
    RETURN fit;
END
$$;

COMMENT ON FUNCTION segment_internal.engine IS 'Internal: calls the engine with the options of a job.';

CREATE FUNCTION segment_internal.edge(options jsonb, fit segment_internal.fitted) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN $1 -> 'k' <> 'null' OR ($2).k = 1 OR cardinality(($2).candidates) < 3 THEN NULL
            WHEN ($2).k = ($1 ->> 'k_max')::integer THEN 'k_max'
            WHEN ($2).k > 2 AND ($2).k = ($1 ->> 'k_min')::integer THEN 'k_min' END;

COMMENT ON FUNCTION segment_internal.edge IS 'Internal: the bound of k_min..k_max that the k chosen is at; NULL: none.';

-- The gap's choice: the least k whose gap is not below that of the next by more than its standard error.
CREATE FUNCTION segment_internal.other_choices(candidates segment_internal.candidate[], chosen integer) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(format('%s %s', o.name, o.k), ', ' ORDER BY o.n)
      FROM (VALUES (1, 'Calinski-Harabasz', (SELECT c.k FROM unnest($1) c WHERE c.calinski_harabasz IS NOT NULL ORDER BY c.calinski_harabasz DESC, c.k LIMIT 1)),
                   (2, 'Davies-Bouldin', (SELECT c.k FROM unnest($1) c WHERE c.davies_bouldin IS NOT NULL ORDER BY c.davies_bouldin, c.k LIMIT 1)),
                   (3, 'BIC', (SELECT c.k FROM unnest($1) c WHERE c.bic IS NOT NULL ORDER BY c.bic DESC, c.k LIMIT 1)),
                   (4, 'the gap', (SELECT c.k FROM unnest($1) c LEFT JOIN unnest($1) d ON d.k = c.k + 1
                                    WHERE c.gap IS NOT NULL AND (d.gap IS NULL OR c.gap >= d.gap - d.gap_se) ORDER BY c.k LIMIT 1)))
           o (n, name, k)
     WHERE o.k <> $2;
$$;

COMMENT ON FUNCTION segment_internal.other_choices IS 'Internal: the criteria that prefer another number of segments, and which; NULL: none does.';

CREATE FUNCTION segment_internal.k_reason(options jsonb, fit segment_internal.fitted) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tried   integer[] := ARRAY(SELECT c.k FROM unnest(fit.candidates) c WHERE c.k >= (options ->> 'k_min')::integer ORDER BY c.k);
    good    integer[] := ARRAY(SELECT c.k FROM unnest(fit.candidates) c WHERE c.plausible ORDER BY c.k);
    highest segment_internal.candidate;
BEGIN
    SELECT c.* INTO highest FROM unnest(fit.candidates) c WHERE c.plausible ORDER BY c.silhouette DESC, c.k LIMIT 1;
    IF options -> 'k' <> 'null' THEN
        RETURN 'given';
    ELSIF fit.k = 1 AND highest.k IS NOT NULL THEN
        RETURN format('no clear groups: the simplified silhouette of k = %s, %s, is not clearly above that of data without groups, %s', good[1],
                      round(fit.sample_silhouette::numeric, 3), round(fit.reference_silhouette::numeric, 3));
    ELSIF cardinality(tried) = 1 THEN
        RETURN 'the only k tried';
    ELSIF fit.silhouette IS NULL THEN
        RETURN 'no larger k gives every segment its share';
    END IF;
    RETURN format(CASE WHEN fit.k = highest.k THEN 'highest simplified silhouette (%1$s) of k = %2$s to %3$s'
                       ELSE 'simplified silhouette (%1$s) as good as the highest (%4$s for %5$s) of k = %2$s to %3$s' END,
                  round(fit.silhouette::numeric, 3), tried[1], tried[cardinality(tried)], round(highest.silhouette::numeric, 3), highest.k)
        || CASE WHEN (options ->> 'min_share')::float8 > 0
                THEN format(', no segment below a share of %s', options ->> 'min_share') ELSE '' END
        || CASE WHEN (options ->> 'max_share')::float8 < 1
                THEN format(', none above %s', options ->> 'max_share') ELSE '' END
        || coalesce('; as good: ' || nullif(array_to_string(array_remove(array_remove(good, fit.k), highest.k), ', '), ''), '')
        || coalesce('; others prefer: ' || segment_internal.other_choices(fit.candidates, fit.k), '')
        || coalesce('; at the edge of k_min..k_max: widen it by ' || segment_internal.edge(options, fit), '');
END
$$;

COMMENT ON FUNCTION segment_internal.k_reason IS 'Internal: why a fit has the k that it has.';

CREATE FUNCTION segment_internal.say_structure(name text, options jsonb, fit segment_internal.fitted) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    other integer := (SELECT min(c.k) FROM unnest(fit.candidates) c WHERE c.plausible);
    edge  text := segment_internal.edge(options, fit);
BEGIN
    IF NOT fit.clear_groups THEN
        RAISE NOTICE 'no clear groups in "%": %', name, CASE fit.k WHEN 1 THEN 'one segment' ELSE 'the segments divide a continuum' END USING
            DETAIL = format('Simplified silhouette of %s segments of a sample: %s; of data without groups: %s, and it is not clearly above that.', coalesce(other, fit.k),
                            round(fit.sample_silhouette::numeric, 3), round(fit.reference_silhouette::numeric, 3)),
            HINT = CASE fit.k WHEN 1 THEN format('A continuum may be divided all the same: k => %s is among the best, or take as many as you can serve.', other)
                              ELSE 'Where one segment ends and the next begins is a choice; other features may show groups.' END;
    END IF;
    IF edge IS NOT NULL THEN
        RAISE NOTICE 'the best number of segments, %, is at the edge of k_min..k_max', fit.k USING
            HINT = format('Another may be better: widen it with %s => %s.', edge, CASE edge WHEN 'k_max' THEN 2 * fit.k ELSE 2 END);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.say_structure IS 'Internal: tells that there are no clear groups, or that the k chosen is at an edge.';
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
-- What the columns of a model's relations say about themselves. BI tools show it: it is written for their users.

CREATE FUNCTION segment_internal.comment_columns(relation regclass, columns text[], comments text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOR i IN 1 .. cardinality(columns) LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', relation, columns[i], comments[i]);
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.comment_columns IS 'Internal: comments on columns of a relation.';

CREATE FUNCTION segment_internal.source_comments(source regclass, columns text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT coalesce(d.description, format('Column "%s" of %s.', a.attname, source))
                   FROM unnest(columns) WITH ORDINALITY u (name, n)
                   JOIN pg_attribute a ON a.attrelid = source AND a.attname = u.name
                   LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
                  ORDER BY u.n);
END
$$;

COMMENT ON FUNCTION segment_internal.source_comments IS
'Internal: what columns of the source say about themselves, else where they come from.';

CREATE FUNCTION segment_internal.own_comments(words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT CASE word
        WHEN 'segment' THEN 'Number of the segment, from 1; a segment keeps it when the model is refreshed.'
        WHEN 'label' THEN 'Name of the segment, to be shown to people; segment_label() changes it.'
        WHEN 'rows' THEN 'Number of rows in the segment, at the latest fit.'
        WHEN 'share' THEN 'Share of the segment in all rows of the latest fit: 0.25 is a quarter. The shares add up to 1.'
        WHEN 'distance_avg' THEN 'Average of the distances of its rows to the centre of the segment: the smaller, the more alike they are. In scaled units, which differ from model to model.'
        WHEN 'distance' THEN 'Distance of the row to the centre of its segment: the smaller, the more typical it is. In scaled units, which differ from model to model.'
        WHEN 'second_segment' THEN 'Number of the nearest other segment; NULL in a model of one segment.'
        WHEN 'margin' THEN 'How clearly the row belongs to its segment: 0 on the border to the nearest other one, 1 at its centre or if there is no other; below 0 if sizes that were asked for have put it here.'
        END
          FROM unnest($1) WITH ORDINALITY u (word, n) ORDER BY n);
$$;

COMMENT ON FUNCTION segment_internal.own_comments IS
'Internal: what the columns say about themselves that the relations of every model have.';
-- The assignment: a table that the engine fills, or a view that scores when it is read.

CREATE FUNCTION segment_internal.create_assignment(
    schema text, name text, model text, source regclass, key text[], passing boolean DEFAULT false
) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text[] := segment_internal.own_names(model, '{segment, distance, second_segment, margin}', key);
    result regclass;
BEGIN
    EXECUTE format('CREATE %s TABLE %I.%I AS SELECT %s, NULL::integer AS %I, NULL::real AS %I, NULL::integer AS %I, '
                   'NULL::real AS %I FROM %s WITH NO DATA',
                   CASE WHEN passing AND schema <> 'pg_temp' THEN 'UNLOGGED' END, schema, name, segment_internal.identifiers(key),
                   own[1], own[2], own[3], own[4], source);
    result := format('%I.%I', schema, name);
    EXECUTE format('ALTER TABLE %s %s', result,
                   segment_internal.identifiers(CASE WHEN passing THEN key ELSE key || own[1] END, 'ALTER COLUMN %I SET NOT NULL'));
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_assignment IS
'Internal: an empty assignment table for the engine to fill; passing: it is read from in this transaction alone.';

CREATE FUNCTION segment_internal.keep_assignment(passing regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', passing,
                   (ARRAY(SELECT c.column_name FROM segment_internal.columns(passing) c))[cardinality(key) + 1]);
    IF (SELECT c.relpersistence = 'u' FROM pg_class c WHERE c.oid = passing) THEN
        EXECUTE format('ALTER TABLE %s SET LOGGED', passing);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_assignment IS 'Internal: makes an assignment table that was to be read from only one that stays.';

CREATE FUNCTION segment_internal.inherited(source regclass) RETURNS boolean
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent AND c.relkind = 'r'
                    WHERE i.inhparent = $1);
END;

COMMENT ON FUNCTION segment_internal.inherited IS
'Internal: whether tables inherit from a table, over whose rows its keys do not hold; partitions are none.';

CREATE FUNCTION segment_internal.raise_not_unique(source regclass, key text[], detail text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := (SELECT c.relname FROM pg_class c WHERE c.oid = source);
    hint    text := 'Name columns that identify a row with key => ''{...}''.';
BEGIN
    IF segment_internal.inherited(source) THEN
        detail := detail || format(' A key of "%s" does not hold over the tables that inherit from it.', relname);
        hint := 'Fit a view that has tableoid::regclass::text as a column, and name that column in key => ''{...}'' too.';
    END IF;
    RAISE unique_violation USING
        MESSAGE = format('key (%s) of relation "%s" is not unique',
                         segment_internal.identifiers(key),
                         relname),
        DETAIL = detail,
        HINT = hint;
END
$$;

COMMENT ON FUNCTION segment_internal.raise_not_unique IS 'Internal: the error of a key that several rows share.';

CREATE FUNCTION segment_internal.assignment_columns(assignment regclass, key text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys   integer := cardinality(key);
    theirs text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(assignment) c
                            WHERE c.column_no <= keys + 4);
BEGIN
    IF cardinality(theirs) < keys + 4 OR theirs[:keys] <> key THEN
        RAISE undefined_column USING
            MESSAGE = format('relation %s no longer has the columns that the fit gave it', assignment),
            HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
    END IF;
    RETURN theirs;
END
$$;

COMMENT ON FUNCTION segment_internal.assignment_columns IS
'Internal: the columns that a fit has given an assignment table: the key, segment, distance, second_segment, margin.';

CREATE FUNCTION segment_internal.add_key(assignment regclass, source regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    twice text;
BEGIN
    PERFORM segment_internal.phase('indexing');
    EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (%s)', assignment,
                   segment_internal.identifiers(key));
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS twice = PG_EXCEPTION_DETAIL;
    PERFORM segment_internal.raise_not_unique(source, key, twice);
END
$$;

COMMENT ON FUNCTION segment_internal.add_key IS 'Internal: the primary key of a filled assignment table.';

CREATE FUNCTION segment_internal.check_key_rows(source regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text := segment_internal.identifiers(key);
    wrong   text[];
BEGIN
    IF NOT segment_internal.inherited(source)
       AND EXISTS (SELECT FROM segment_internal.unique_indexes(source) u WHERE u.not_null AND u.names <@ $2) THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT ARRAY[%s] FROM %s GROUP BY %s HAVING count(*) > 1 OR num_nulls(%s) > 0 LIMIT 1',
                   segment_internal.identifiers(key, '%I::text'),
                   source, columns, columns)
       INTO wrong;
    IF array_position(wrong, NULL) IS NOT NULL THEN
        RAISE not_null_violation USING
            MESSAGE = format('key column "%s" contains a null value', key[array_position(wrong, NULL)]),
            HINT = 'Name other key columns with key => ''{...}'', or leave such rows out in a view.';
    ELSIF wrong IS NOT NULL THEN
        PERFORM segment_internal.raise_not_unique(source, key,
            format('Key (%s)=(%s) is duplicated.', columns, array_to_string(wrong, ', ')));
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_key_rows IS
'Internal: raises unless the key identifies the rows: for an assignment view, which has no primary key that would.';

CREATE FUNCTION segment_internal.equality(type regtype) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT format('OPERATOR(%I.%s)', n.nspname, o.oprname)
                       FROM pg_opclass c
                       JOIN pg_am m ON m.oid = c.opcmethod AND m.amname = 'btree'
                       JOIN pg_amop a ON a.amopfamily = c.opcfamily AND a.amopstrategy = 3
                                     AND a.amoplefttype = c.opcintype AND a.amoprighttype = c.opcintype
                       JOIN pg_operator o ON o.oid = a.amopopr
                       JOIN pg_namespace n ON n.oid = o.oprnamespace
                      WHERE c.opcintype = $1 AND c.opcdefault), '=');
END
$$;

COMMENT ON FUNCTION segment_internal.equality IS
'Internal: the equality that a primary key of this type uses; for the types of an extension it is not on the search path of a job.';

CREATE FUNCTION segment_internal.key_match(source regclass, key text[], one text, other text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT string_agg(format('%s.%I %s %s.%I', $3, c.column_name,
                                     segment_internal.equality(c.base_type), $4, c.column_name),
                              ' AND ' ORDER BY c.column_no)
              FROM segment_internal.columns($1) c
             WHERE c.column_name = ANY ($2));
END
$$;

COMMENT ON FUNCTION segment_internal.key_match IS
'Internal: the condition that two relations agree in the key columns of the source.';

CREATE FUNCTION segment_internal.joined_query(m segment_internal.catalog_model, source regclass, columns text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    theirs  text[] := segment_internal.assignment_columns(m.assignment, m.key);
    read    text[] := ARRAY(SELECT u.c FROM unnest(m.key || columns) WITH ORDINALITY u (c, n) GROUP BY u.c ORDER BY min(u.n));
    present text := segment_internal.unique_name('present', '', read);
    own     integer := cardinality(m.key);
BEGIN
    RETURN format('SELECT %s, %s, a.%I::integer, a.%I::real, a.%I::integer, a.%I::real, a.ctid, s.%I '
                  'FROM (SELECT %s, true AS %I FROM %s) s FULL JOIN ONLY %s a ON %s',
                  (SELECT string_agg(format('coalesce(s.%1$I, a.%1$I)::%2$s AS %1$I', k.name, c.data_type), ', ' ORDER BY k.n)
                     FROM unnest(m.key) WITH ORDINALITY k (name, n)
                     JOIN segment_internal.columns(source) c ON c.column_name = k.name),
                  segment_internal.identifiers(columns, 's.%I'),
                  theirs[own + 1], theirs[own + 2], theirs[own + 3], theirs[own + 4], present,
                  segment_internal.identifiers(read), present, source, m.assignment,
                  segment_internal.key_match(source, m.key, 's', 'a'));
END
$$;

COMMENT ON FUNCTION segment_internal.joined_query IS
'Internal: the SELECT of a source joined with the assignment that a model has: key, columns, what the assignment says of the row and where, and whether the source has it.';

CREATE FUNCTION segment_internal.scored_source(m segment_internal.catalog_model, columns text[], what text) RETURNS text
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
    -- well, and a filter by key uses the index. A subquery that it has to keep would prevent both.
    RETURN format('%s source LEFT JOIN LATERAL (SELECT segment_internal.assign('
                  '(SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = %s), %s) AS a) s ON true',
                  m.source, m.model_id, segment_internal.identifiers(columns, 'source.%I'));
END
$$;

COMMENT ON FUNCTION segment_internal.scored_source IS
'Internal: what a view reads that scores the rows of the source when it is read.';

CREATE FUNCTION segment_internal.assignment_query(m segment_internal.catalog_model, columns text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text[] := segment_internal.own_names(m.name, '{segment, distance, second_segment, margin}', m.key);
BEGIN
    RETURN format('SELECT %s, (s.a).segment AS %I, (s.a).distance AS %I, (s.a).second_segment AS %I, (s.a).margin AS %I '
                  'FROM %s WHERE (s.a).segment IS NOT NULL',
                  segment_internal.identifiers(m.key, 'source.%I'),
                  own[1], own[2], own[3], own[4], segment_internal.scored_source(m, columns, 'assignment => ''view'''));
END
$$;

COMMENT ON FUNCTION segment_internal.assignment_query IS
'Internal: the SELECT of an assignment view, which scores the source''s rows when it is read.';

CREATE FUNCTION segment_internal.finish_assignment(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text[] := segment_internal.own_names(m.name, '{segment, distance, second_segment, margin}', m.key);
BEGIN
    EXECUTE format('COMMENT ON %s %s IS %L', m.assignment_kind, m.assignment,
                   format('The segment of each row of %s%s.', m.source,
                          CASE m.assignment_kind WHEN 'view' THEN ', found when this is read' ELSE ', by the latest fit' END));
    PERFORM segment_internal.comment_columns(
        m.assignment, m.key || own,
        segment_internal.source_comments(m.source, m.key) ||
        segment_internal.own_comments('{segment, distance, second_segment, margin}'));
    IF m.assignment_kind = 'table' THEN
        EXECUTE format('ANALYZE %s', m.assignment);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.finish_assignment IS 'Internal: comments and statistics of an assignment.';
-- The profile: a view of the segments and their figures.

CREATE FUNCTION segment_internal.profile_columns(
    m               segment_internal.catalog_model,
    OUT column_name text,
    OUT expression  text,
    OUT comment     text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    most  constant integer := 1600;        -- columns of a view (MaxHeapAttributeNumber)
    taken text[] := '{segment, label, rows, share, distance_avg}';
    by_names    text[] := coalesce(segment_internal.group_by(m), '{}');
    brief boolean := cardinality(taken) + cardinality(by_names) + 3 * cardinality(m.features) > most;
    f     record;
    kind  text;
    name  text;
    what  text;
    -- names and comments of columns are for everybody to read, values of the source may not be
    numbered boolean := m.options ->> 'category_names' = 'number';
    shown text;
    flag  boolean;
BEGIN
    FOR i IN 1 .. cardinality(by_names) LOOP
        column_name := segment_internal.unique_name(by_names[i], '', taken);
        taken := taken || column_name;
        expression := format('s.group_values[%s]', i);
        comment := format('The text of "%s" in all rows of the segment, by which they are grouped.', by_names[i]);
        RETURN NEXT;
    END LOOP;
    FOR f IN SELECT u.*, d.description AS own       -- what the source's column says about itself
               FROM jsonb_populate_recordset(NULL::segment_internal.preparation, m.preparation -> 'features') WITH ORDINALITY u
               LEFT JOIN pg_attribute a ON a.attrelid = m.source AND a.attname = u.column_name
               LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
              ORDER BY u.ordinality LIMIT least(cardinality(m.features), most - cardinality(taken))
    LOOP
        name := f.column_name;
        flag := f.encoding IN ('flag', 'boolean', 'category', 'other', 'missing');
        shown := CASE WHEN numbered AND f.encoding = 'category' THEN format('%s=%s', name, f.part) ELSE f.feature END;
        what := format(CASE f.encoding
                       WHEN 'flag' THEN '"%1$s" is 1'
                       WHEN 'boolean' THEN '"%1$s" is true'
                       WHEN 'category' THEN CASE WHEN numbered THEN '"%1$s" is its value number %3$s, by how common they are' ELSE '"%1$s" is "%2$s"' END
                       WHEN 'other' THEN '"%1$s" is a value that has no columns of its own'
                       WHEN 'missing' THEN '"%1$s" is missing'
                       WHEN 'element' THEN 'element %3$s of "%1$s"'
                       WHEN 'days' THEN '"%1$s" in days since 1970-01-01'
                       WHEN 'interval' THEN '"%1$s" in days'
                       WHEN 'vector' THEN 'the length of "%1$s"'
                       ELSE '"%1$s"' END,
                       name, substr(f.feature, length(name) + 2), f.part);
        FOREACH kind IN ARRAY CASE WHEN brief THEN '{avg}' ELSE '{avg, median, index}' END::text[] LOOP
            column_name := segment_internal.unique_name(shown, '_' || kind, taken, f.ordinality::integer);
            taken := taken || column_name;
            expression := format(CASE kind
                                 WHEN 'avg' THEN 's.mean[%1$s]'
                                 WHEN 'median' THEN 's.median[%1$s]'
                                 ELSE 'segment_internal.index(s.mean[%1$s], s.index_base[%1$s])' END, f.ordinality);
            comment := format(CASE
                WHEN kind = 'avg' AND flag THEN 'Share of the segment''s rows in which %s, 0 to 1.'
                WHEN kind = 'avg' THEN 'Average of %s in the segment; NULL if no row has a value.'
                WHEN kind = 'median' AND flag THEN '1 if in more than half of the segment''s rows %s, 0 if in fewer, 0.5 if in exactly half.'
                WHEN kind = 'median' THEN 'Median of %s in the segment: half of the rows are below, half above; NULL if no row has a value.'
                WHEN flag THEN 'Share of the segment''s rows in which %s, as a percentage of the share in all rows: 100 is average, 200 twice as frequent; NULL if there are none.'
                ELSE 'Average of %s in the segment as a percentage of the average of all rows: 100 is average, 200 twice as much; NULL if that average is 0, values have both signs or no row has one.' END,
                what) || coalesce(format(' "%s": ', name) || f.own, '');
            RETURN NEXT;
        END LOOP;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.profile_columns IS
'Internal: the columns of a profile view for groups and features, as many as a view can have.';

CREATE FUNCTION segment_internal.create_profile(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
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

    EXECUTE format('CREATE VIEW %I.%I AS SELECT s.segment, s.label, s.rows, s.share, s.distance_avg, %s '
                   'FROM segment_internal.catalog_segment s WHERE s.model_id = %s ORDER BY s.segment',
                   schema, name, columns, m.model_id);
    result := format('%I.%I', schema, name);
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The segments of %s, a row a segment, with the figures of the latest fit in the units of its columns.', m.source));
    PERFORM segment_internal.comment_columns(
        result, own || names, segment_internal.own_comments(own) || comments);
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_profile IS
'Internal: the profile view of a model. It reads the current run from the catalog: a refit needs no DDL.';
-- The members: a view of the source with the segment of each row.

CREATE FUNCTION segment_internal.members_columns(m segment_internal.catalog_model, OUT columns text[], OUT own text[])
RETURNS record
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- as many as a view can have (MaxHeapAttributeNumber)
    SELECT r.columns[:1600 - 4], segment_internal.own_names($1.name, '{segment, label, distance, margin}', r.columns[:1600 - 4])
      FROM segment_internal.readable($1.source) AS r (columns);
$$;

COMMENT ON FUNCTION segment_internal.members_columns IS
'Internal: the columns of a members view: those of the source that the caller may read, then ours.';

CREATE FUNCTION segment_internal.create_members(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
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
    EXECUTE format('CREATE %s VIEW %I.%I AS SELECT %s, a.%I AS %I, p.label AS %I, a.%I AS %I, a.%I AS %I '
                   'FROM %s source JOIN %s a ON %s LEFT JOIN segment_internal.catalog_shown p ON p.profile = %L::regclass AND p.segment = a.%I',
                   CASE schema WHEN 'pg_temp' THEN 'TEMPORARY' END, schema, name,
                   segment_internal.identifiers(columns, 'source.%I'),
                   assigned[1], own[1], own[2], assigned[2], own[3], assigned[4], own[4],
                   m.source, m.assignment,
                   segment_internal.key_match(m.source, m.key, 'source', 'a'),
                   m.profile, assigned[1]);
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

COMMENT ON FUNCTION segment_internal.create_members IS
'Internal: the members view of a model, over the columns of the source that the caller may read.';

CREATE FUNCTION segment_internal.create_outputs(
    m segment_internal.catalog_model, columns text[], outputs segment_internal.outputs, assign boolean DEFAULT true
) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF m.assignment_kind = 'view' AND assign THEN
        EXECUTE format('CREATE %s VIEW %I.%I AS %s', CASE outputs.schema WHEN 'pg_temp' THEN 'TEMPORARY' END,
                       outputs.schema, outputs.assignment, segment_internal.assignment_query(m, columns));
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

COMMENT ON FUNCTION segment_internal.create_outputs IS
'Internal: makes the relations of a fitted model and returns the model with them.';
-- Views that people have made over a model's relations, and those relations themselves, as far as they are views: how
-- they are dropped and made again.

CREATE FUNCTION segment_internal.grants(relation regclass) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('column', g.attname, 'privilege', a.privilege_type,
                                        'grantee', CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END,
                                        'grantable', a.is_grantable))
      FROM (SELECT NULL::name AS attname, c.relacl AS acl, c.relowner FROM pg_class c WHERE c.oid = $1
             UNION ALL
            SELECT t.attname, t.attacl, c.relowner
              FROM pg_class c
              JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped
             WHERE c.oid = $1) g
     CROSS JOIN LATERAL aclexplode(g.acl) a
     WHERE a.grantee <> g.relowner;
$$;

COMMENT ON FUNCTION segment_internal.grants IS
'Internal: the privileges that others hold on a relation and its columns; NULL: none.';

CREATE FUNCTION segment_internal.restore_grants(relation regclass, owner name, grants jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g record;
BEGIN
    IF owner <> current_user THEN
        EXECUTE format('ALTER TABLE %s OWNER TO %I', relation, owner);
    END IF;
    FOR g IN SELECT x.*
               FROM jsonb_to_recordset(grants) AS x ("column" text, privilege text, grantee text, grantable boolean)
              WHERE x."column" IS NULL
                 OR EXISTS (SELECT FROM segment_internal.columns(relation) c
                             WHERE c.column_name = x."column")
    LOOP
        EXECUTE format('GRANT %s%s ON %s TO %s%s', g.privilege,
                       CASE WHEN g."column" IS NOT NULL THEN format(' (%I)', g."column") END, relation,
                       CASE WHEN g.grantee IS NULL THEN 'PUBLIC' ELSE quote_ident(g.grantee) END,
                       CASE WHEN g.grantable THEN ' WITH GRANT OPTION' END);
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.restore_grants IS
'Internal: gives a new relation the owner and the grants of the one whose place it takes.';

CREATE FUNCTION segment_internal.drop_relations(relations regclass[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation   record;
    what       text;
    dependents text;
BEGIN
    FOR relation IN SELECT c.oid::regclass AS name, CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind
                      FROM unnest(relations) WITH ORDINALITY u (oid, n)
                      JOIN pg_class c ON c.oid = u.oid
                     ORDER BY u.n
    LOOP
        EXECUTE format('DROP %s %s', relation.kind, relation.name);
    END LOOP;
EXCEPTION WHEN dependent_objects_still_exist THEN
    GET STACKED DIAGNOSTICS what = MESSAGE_TEXT, dependents = PG_EXCEPTION_DETAIL;
    RAISE dependent_objects_still_exist USING
        MESSAGE = what,
        DETAIL = dependents,
        HINT = 'Drop those first. To fit a model again and keep its relations, use segment_refresh().';
END
$$;

COMMENT ON FUNCTION segment_internal.drop_relations IS 'Internal: drops relations of a model, those first that read others.';

CREATE FUNCTION segment_internal.save_relation(relation regclass) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
               'schema', n.nspname, 'name', c.relname, 'owner', pg_get_userbyid(c.relowner),
               'query', CASE c.relkind WHEN 'v' THEN rtrim(pg_get_viewdef(c.oid), ';') END, 'options', array_to_string(c.reloptions, ', '),
               'grants', coalesce(segment_internal.grants(c.oid), '[]'), 'comment', obj_description(c.oid, 'pg_class'),
               'comments', (SELECT jsonb_object_agg(a.column_name, col_description(c.oid, a.column_no))
                              FROM segment_internal.columns(c.oid) a WHERE col_description(c.oid, a.column_no) IS NOT NULL))
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = $1;
$$;

COMMENT ON FUNCTION segment_internal.save_relation IS 'Internal: all that it takes to make a view again, and the comments, the owner and the grants of a relation.';

CREATE FUNCTION segment_internal.dependent_views(relations regclass[]) RETURNS regclass[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE dependent AS (
        SELECT u.oid, 0 AS depth FROM unnest($1) u (oid)
         UNION
        SELECT r.ev_class::regclass, d.depth + 1
          FROM dependent d
          JOIN pg_depend p ON p.refclassid = 'pg_class'::regclass AND p.refobjid = d.oid AND p.classid = 'pg_rewrite'::regclass
          JOIN pg_rewrite r ON r.oid = p.objid AND r.ev_class <> d.oid
         WHERE d.depth < 100
    )
    SELECT ARRAY(SELECT d.oid
                   FROM dependent d
                   JOIN pg_class c ON c.oid = d.oid AND c.relkind = 'v'
                  WHERE d.oid <> ALL ($1)
                  GROUP BY d.oid ORDER BY max(d.depth), d.oid);
$$;

COMMENT ON FUNCTION segment_internal.dependent_views IS
'Internal: the views over relations that are none of these, each behind what it reads.';

CREATE FUNCTION segment_internal.restore_view(owner oid, saved jsonb) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_role';

COMMENT ON FUNCTION segment_internal.restore_view IS
'Internal: makes a view again that was saved by save_view, as its owner: reading its query already runs the code that checks constants.';

CREATE FUNCTION segment_internal.restore_view_as_role(owner oid, saved jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE VIEW %I.%I %s AS %s', saved ->> 'schema', saved ->> 'name',
                   'WITH (' || nullif(saved ->> 'options', '') || ')', saved ->> 'query');
    PERFORM segment_internal.restore_look(format('%I.%I', saved ->> 'schema', saved ->> 'name')::regclass, saved);
EXCEPTION WHEN undefined_column OR datatype_mismatch OR undefined_function OR invalid_column_reference OR insufficient_privilege THEN
    RAISE dependent_objects_still_exist USING
        MESSAGE = format('view %I.%I does not fit the new model', saved ->> 'schema', saved ->> 'name'),
        DETAIL = upper(left(SQLERRM, 1)) || substr(SQLERRM, 2) || '.',
        HINT = 'Drop it first, or fit with the features that it shows.';
END
$$;

COMMENT ON FUNCTION segment_internal.restore_view_as_role IS 'Internal: what restore_view does.';

CREATE FUNCTION segment_internal.restore_look(relation regclass, saved jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry record;
BEGIN
    IF saved -> 'comment' <> 'null' THEN
        EXECUTE format('COMMENT ON %s %s IS %L', (SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END FROM pg_class c WHERE c.oid = relation),
                       relation, saved ->> 'comment');
    END IF;
    FOR entry IN SELECT c.column_name, s.value
                   FROM jsonb_each_text(coalesce(nullif(saved -> 'comments', 'null'), '{}')) s
                   JOIN segment_internal.columns(relation) c ON c.column_name = s.key
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', relation, entry.column_name, entry.value);
    END LOOP;
    PERFORM segment_internal.restore_grants(relation, (saved ->> 'owner')::name, saved -> 'grants');
END
$$;

COMMENT ON FUNCTION segment_internal.restore_look IS 'Internal: gives a relation the comments, the owner and the grants of a saved one.';
-- The live view: the source's rows, scored when it is read.

CREATE FUNCTION segment_internal.create_live(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- as many as a view can have (MaxHeapAttributeNumber)
    columns text[] := (segment_internal.readable(m.source))[:1600 - 5];
    own     text[] := segment_internal.own_names(m.name, '{segment, label, distance, second_segment, margin}', columns);
    result  regclass;
BEGIN
    EXECUTE format('CREATE %s VIEW %I.%I AS SELECT %s, (s.a).segment AS %I, p.label AS %I, (s.a).distance AS %I, (s.a).second_segment AS %I, '
                   '(s.a).margin AS %I FROM %s LEFT JOIN segment_internal.catalog_shown p ON p.profile = %L::regclass AND p.segment = (s.a).segment '
                   'WHERE (s.a).segment IS NOT NULL',
                   CASE schema WHEN 'pg_temp' THEN 'TEMPORARY' END, schema, name,
                   segment_internal.identifiers(columns, 'source.%I'), own[1], own[2], own[3], own[4], own[5],
                   segment_internal.scored_source(m, segment_internal.model_columns(m), 'a live view'), m.profile);
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

COMMENT ON FUNCTION segment_internal.create_live IS
'Internal: makes the live view of a model, over the columns of the source that the caller may read.';

CREATE FUNCTION segment_internal.set_live_aside(m segment_internal.catalog_model, old segment_internal.catalog_model) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    saved jsonb := CASE WHEN old.live IS NOT NULL THEN segment_internal.save_relation(old.live) END;
BEGIN
    IF saved IS NULL OR (m.profile = old.profile AND m.source = old.source
                         AND segment_internal.model_columns(m) = segment_internal.model_columns(old)) THEN
        RETURN NULL;
    END IF;
    PERFORM segment_internal.drop_relations(ARRAY[old.live]);
    RETURN saved;
END
$$;

COMMENT ON FUNCTION segment_internal.set_live_aside IS
'Internal: drops the live view of a model that is to score by other columns or rows, and returns what it takes to make it again; NULL: it serves on, or there is none.';

CREATE FUNCTION segment_internal.restore_live(m segment_internal.catalog_model, saved jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    live regclass;
BEGIN
    IF saved IS NULL THEN
        RETURN;
    ELSIF segment_internal.group_by(m) IS NULL THEN
        live := segment_internal.create_live(m, saved ->> 'schema', saved ->> 'name');
        PERFORM segment_internal.restore_grants(live, (saved ->> 'owner')::name, saved -> 'grants');
    ELSE
        RAISE NOTICE 'view %.% is dropped: a model a group has no live view', quote_ident(saved ->> 'schema'), quote_ident(saved ->> 'name');
    END IF;
    PERFORM segment_internal.keep_live(m.model_id, live);
END
$$;

COMMENT ON FUNCTION segment_internal.restore_live IS
'Internal: makes a live view again that was set aside, with its owner and its grants, by what the model is now.';
-- What becomes of segments and of the labels that people gave, from one run to the next.

CREATE FUNCTION segment_internal.own(model_id bigint, run integer, segment integer) RETURNS float8
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(min(t.own), 1) FROM segment_internal.catalog_transition t
     WHERE t.model_id = $1 AND t.run = $2 AND t.to_segment = $3 AND t.kind IN ('survived', 'born');
$$;

COMMENT ON FUNCTION segment_internal.own IS 'Internal: the share of a segment of a run that are the rows of its beginning, and their like.';

CREATE FUNCTION segment_internal.before(
    m segment_internal.catalog_model, known text DEFAULT NULL, survival float8 DEFAULT NULL, split float8 DEFAULT NULL, segments integer[] DEFAULT NULL
) RETURNS segment_internal.before
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ROW(ARRAY(SELECT ROW(p.segment, p.rows, coalesce(p.distance_avg, 0), segment_internal.own($1.model_id, $1.run, p.segment))::segment_internal.old_segment
                       FROM segment_internal.catalog_profile p
                      WHERE p.model_id = $1.model_id AND p.run = $1.run AND p.segment > 0 AND ($5 IS NULL OR p.segment = ANY ($5))
                      ORDER BY p.segment),
               $2, $1.highest_segment, $3, $4)::segment_internal.before;
$$;

COMMENT ON FUNCTION segment_internal.before IS 'Internal: the current run of a model, or some of its segments, as the next one looks at it.';

CREATE FUNCTION segment_internal.known_query(m segment_internal.catalog_model, source regclass, relation regclass, columns text[], condition text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys   integer := cardinality(m.key);
    theirs text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c WHERE c.column_no <= keys + 1);
BEGIN
    IF m.assignment_kind <> 'table' OR keys = 0 OR cardinality(theirs) <= keys OR theirs[:keys] <> m.key THEN
        RETURN NULL;
    END IF;
    RETURN format('SELECT %s, a.%I FROM %s s JOIN ONLY %s a ON %s WHERE %s', segment_internal.identifiers(m.key || columns, 's.%I'), theirs[keys + 1],
                  relation, m.assignment, segment_internal.key_match(source, m.key, 'a', 's'), condition);
END
$$;

COMMENT ON FUNCTION segment_internal.known_query IS
'Internal: the SELECT of rows that are in the assignment of a model: key, columns, and the segment that they are in; NULL for a model that has no table.';

CREATE FUNCTION segment_internal.find_transitions(
    old segment_internal.catalog_model, m segment_internal.catalog_model, fresh regclass, fit segment_internal.fitted
) RETURNS segment_internal.transition[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before segment_internal.before;
    common segment_internal.common;
    found  segment_internal.transition[];
BEGIN
    IF old.model_id IS NULL OR NOT segment_internal.holds_key(old.assignment, m.key, fresh) THEN
        RETURN fit.transitions;
    END IF;
    before := segment_internal.before(old);
    common := segment_internal.common(old.model_id, segment_internal.hand_over(fresh, old.profile), m.key);
    found := ARRAY(SELECT i FROM segment_internal.identify(before,
        ARRAY(SELECT s.segment FROM unnest(fit.segments) s WHERE s.segment > 0 ORDER BY s.segment),
        ARRAY(SELECT s.rows FROM unnest(fit.segments) s WHERE s.segment > 0 ORDER BY s.segment),
        common.before, common.after, common.rows) i);
    RETURN CASE WHEN found <> '{}' THEN found ELSE fit.transitions END;
END
$$;

COMMENT ON FUNCTION segment_internal.find_transitions IS
'Internal: what became of the segments of a model in one that takes its place: by its assignment where that has the same key, else as the fit found by the old model.';

CREATE FUNCTION segment_internal.common(model_id bigint, fresh regclass, key text[]) RETURNS segment_internal.common
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.common IS
'Internal: the rows that each segment of a model has in common with each of a fresh assignment; as the model''s owner: planning a query on an assignment already runs code of its indexes.';

CREATE FUNCTION segment_internal.common_as_owner(model_id bigint, fresh regclass, key text[]) RETURNS segment_internal.common
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    assignment regclass := (segment_internal.owned_model(model_id)).assignment;
    before     integer[];
    after      integer[];
    rows       bigint[];
BEGIN
    EXECUTE format(
        'SELECT coalesce(array_agg(c.before), ''{}''), coalesce(array_agg(c.after), ''{}''), coalesce(array_agg(c.rows), ''{}'')'
        '  FROM (SELECT a.%1$I AS before, f.%2$I AS after, count(*) AS rows FROM ONLY %3$s a JOIN %4$s f ON %5$s GROUP BY 1, 2) c'
        ' WHERE c.before IS NOT NULL',
        (ARRAY(SELECT c.column_name FROM segment_internal.columns(assignment) c))[cardinality(key) + 1],
        (ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c))[cardinality(key) + 1],
        assignment, fresh, segment_internal.key_match(fresh, key, 'a', 'f')) INTO before, after, rows;
    RETURN ROW(before, after, rows)::segment_internal.common;
END
$$;

COMMENT ON FUNCTION segment_internal.common_as_owner IS 'Internal: what common returns.';

CREATE FUNCTION segment_internal.became(transitions segment_internal.transition[], segment integer) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE t.kind WHEN 'vanished' THEN 'vanished' WHEN 'absorbed' THEN 'was absorbed by segment ' ELSE 'was split into segments ' END
           || coalesce(string_agg(t.to_segment::text, ', ' ORDER BY t.to_segment), '')
      FROM unnest($1) t
     WHERE t.from_segment = $2 AND t.kind <> 'survived'
     GROUP BY t.kind
     ORDER BY t.kind LIMIT 1;
END;

COMMENT ON FUNCTION segment_internal.became IS 'Internal: what became of a segment that has not survived, in words.';

CREATE FUNCTION segment_internal.origin(transitions segment_internal.transition[], segment integer) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT 'split off from segment ' || min(t.from_segment) FROM unnest($1) t WHERE t.to_segment = $2 AND t.kind = 'split' HAVING count(*) > 0;
END;

COMMENT ON FUNCTION segment_internal.origin IS 'Internal: where a new segment comes from, in words; NULL: from nowhere.';

CREATE FUNCTION segment_internal.carry_labels(m segment_internal.catalog_model, transitions segment_internal.transition[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given segment_internal.catalog_label[] :=       -- 0 is what is left out, whoever that is
        ARRAY(SELECT l FROM segment_internal.catalog_label l
               WHERE l.model_id = m.model_id AND (l.segment > 0 OR NOT coalesce((m.options ->> 'trim')::float8 > 0, false)) ORDER BY l.segment);
    heirs segment_internal.transition[] := ARRAY(SELECT t FROM unnest(transitions) t WHERE t.kind = 'survived');
    lost  segment_internal.catalog_label[];
BEGIN
    IF m.run = 1 OR given = '{}' THEN
        RETURN;
    END IF;
    PERFORM segment_internal.keep_label(m.model_id, l.segment, NULL, NULL) FROM unnest(given) l;
    PERFORM segment_internal.keep_label(m.model_id, t.to_segment, l.label, l.description)
       FROM unnest(given) l JOIN unnest(heirs) t ON t.from_segment = l.segment;
    lost := ARRAY(SELECT l FROM unnest(given) l WHERE l.segment NOT IN (SELECT t.from_segment FROM unnest(heirs) t) ORDER BY l.segment);
    IF lost <> '{}' THEN
        RAISE NOTICE 'labels whose segments are gone: %', segment_internal.list(ARRAY(SELECT l.label FROM unnest(lost) WITH ORDINALITY l ORDER BY l.ordinality))
            USING DETAIL = (SELECT string_agg(format('Segment %s %s.', l.segment, coalesce(segment_internal.became(transitions, l.segment), 'is not looked for')), ' ' ORDER BY l.segment)
                              FROM unnest(lost) l),
                  HINT = 'segment_label() names the new ones; segment_transitions() tells what became of the old ones.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.carry_labels IS
'Internal: the labels that people gave follow segments that survive, and retire with others, which a NOTICE names.';
-- The changes: a table to which every run but the first appends a row for each key whose segment is another one now.

CREATE FUNCTION segment_internal.create_changes(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own    text[] := segment_internal.own_names(m.name, '{run, from_segment, to_segment, at}', m.key);
    result regclass;
BEGIN
    EXECUTE format('CREATE TABLE %I.%I AS SELECT %s, NULL::integer AS %I, NULL::integer AS %I, NULL::integer AS %I, NULL::timestamptz AS %I '
                   'FROM %s WITH NO DATA', schema, name, segment_internal.identifiers(m.key), own[1], own[2], own[3], own[4], m.source);
    result := format('%I.%I', schema, name);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL, ADD PRIMARY KEY (%s)', result, own[4],
                   segment_internal.identifiers(m.key || own[1]));
    -- rows of a run stand together, behind those of the run before
    EXECUTE format('CREATE INDEX ON %s USING brin (%I)', result, own[1]);
    EXECUTE format('COMMENT ON TABLE %s IS %L', result,
                   format('The rows of %s that have come into another segment, a row for each run that has moved them.', m.source));
    PERFORM segment_internal.comment_columns(result, m.key || own,
        segment_internal.source_comments(m.source, m.key) ||
        '{"Number of the run that has moved the row.",
          "Segment in the run before; NULL: the row has come.",
          "Segment from this run on; NULL: the row has left.",
          "When the run was written."}');
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_changes IS 'Internal: an empty table of changes.';

CREATE FUNCTION segment_internal.holds_changes(changes regclass, key text[], assignment regclass) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) = cardinality($2) + 4
      FROM (SELECT row_number() OVER (ORDER BY c.column_no) AS n, c.data_type FROM segment_internal.columns($1) c) c
      LEFT JOIN (SELECT row_number() OVER (ORDER BY a.column_no) AS n, a.data_type FROM segment_internal.columns($3) a) a ON a.n = c.n
     WHERE c.data_type = CASE WHEN c.n <= cardinality($2) THEN a.data_type
                              WHEN c.n <= cardinality($2) + 3 THEN 'integer'
                              WHEN c.n = cardinality($2) + 4 THEN 'timestamp with time zone' END;
$$;

COMMENT ON FUNCTION segment_internal.holds_changes IS 'Internal: whether a table of changes begins with the columns that it was made with, for the keys of an assignment.';

CREATE FUNCTION segment_internal.place_changes(
    m segment_internal.catalog_model, old segment_internal.catalog_model, outputs segment_internal.outputs, stays boolean
) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before regclass := segment_internal.changes_of(old);
BEGIN
    IF stays AND m.assignment_kind = 'table' AND segment_internal.holds_changes(before, m.key, m.assignment) THEN
        m.changes := before;
        m.changes_from := old.changes_from;
        RETURN m;
    ELSIF before IS NOT NULL THEN
        RAISE NOTICE 'the history of model "%" %: %', m.name, CASE m.assignment_kind WHEN 'table' THEN 'begins anew' ELSE 'ends' END,
            CASE m.assignment_kind WHEN 'table' THEN 'its key is another one' ELSE 'it has no assignment table any more' END
            USING DETAIL = format('Table %s is dropped.', before);
    END IF;
    m.changes := NULL;
    m.changes_from := NULL;
    IF m.assignment_kind = 'table' AND outputs.changes IS NOT NULL THEN
        m.changes := segment_internal.create_changes(m, outputs.schema,
            CASE WHEN before IS NULL THEN outputs.changes ELSE segment_internal.fresh_name() END);
        m.changes_from := coalesce(old.run, 0) + 1;
        IF old.model_id IS NOT NULL THEN
            PERFORM segment_internal.hand_over(m.changes, old.profile);
        END IF;
    END IF;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.place_changes IS
'Internal: the model with its changes: those of the model that it replaces, where keys are the same, else new ones if it is to have any.';

CREATE FUNCTION segment_internal.append_changes(m segment_internal.catalog_model, fresh regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changes regclass := segment_internal.changes_of(m);
    keys    integer := cardinality(key);
    columns text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(changes) c);
    before  text := (ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c))[keys + 1];
    now     text := (ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c))[keys + 1];
BEGIN
    IF changes IS NULL THEN
        RETURN;
    ELSIF NOT segment_internal.holds_changes(changes, key, m.assignment) THEN
        RAISE undefined_column USING
            MESSAGE = format('relation %s no longer has the columns that the fit gave it', changes),
            HINT = 'Drop it to end the history of the model; to begin another one, fit it anew with segment_kmeans(..., history => true, replace => true).';
    END IF;
    EXECUTE format('INSERT INTO %s (%s) SELECT %s, $1, a.%I, f.%I, $2 FROM %s f LEFT JOIN ONLY %s a ON %s WHERE a.%4$I IS DISTINCT FROM f.%5$I',
                   changes, segment_internal.identifiers(columns[:keys + 4]),
                   segment_internal.identifiers(key, 'f.%I'), before, now, fresh, m.assignment,
                   segment_internal.key_match(fresh, key, 'a', 'f'))
      USING m.run + 1, clock_timestamp();
END
$$;

COMMENT ON FUNCTION segment_internal.append_changes IS
'Internal: writes down what the next run of a model changes, before it does: rows that move, that come (from NULL) and that leave (to NULL).';
-- Bringing an assignment table up to date.
--
-- What is to be changed stands in a table of its own: key, segment, distance, second_segment, margin of each row that is new
-- or says something else; the segment of a row that goes is NULL.

CREATE FUNCTION segment_internal.differs(
    old_segment integer, old_distance real, old_second_segment integer, old_margin real,
    segment integer, distance real, second_segment integer, margin real
) RETURNS boolean
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_differs';

COMMENT ON FUNCTION segment_internal.differs IS
'Internal: whether a row of an assignment has to be written: its segments are others, its margin differs by more than 0.01, or its distance by more than that share of the distance to the second segment, which is distance / (1 - margin) where the margin is above 0, else the distance.';

CREATE FUNCTION segment_internal.keep_differences(model_id bigint, fresh regclass, key text[], exact boolean DEFAULT false) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.keep_differences IS
'Internal: leaves of a fresh assignment what differs from that of a model, or, unless exact, what differs by enough to be written, as the model''s owner.';

CREATE FUNCTION segment_internal.keep_differences_as_owner(model_id bigint, fresh regclass, key text[], exact boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model := segment_internal.owned_model(model_id);
    theirs text[] := segment_internal.assignment_columns(m.assignment, key);
    ours   text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c);
    same   text := segment_internal.key_match(fresh, key, 'a', 'f');
    keys   integer := cardinality(key);
BEGIN
    PERFORM segment_internal.phase('writing');
    EXECUTE format('ANALYZE %s', fresh);
    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM ONLY %s a WHERE NOT EXISTS (SELECT FROM %1$s f WHERE %5$s)', fresh,
                   segment_internal.identifiers(key), segment_internal.identifiers(key, 'a.%I'), m.assignment, same);
    EXECUTE format('DELETE FROM %s f USING ONLY %s a WHERE %s AND %s', fresh, m.assignment, same,
                   format(CASE WHEN exact THEN '(%s) IS NOT DISTINCT FROM (%s)' ELSE 'NOT segment_internal.differs(%s, %s)' END,
                   (SELECT string_agg(format('a.%I', theirs[i]), ', ' ORDER BY i) FROM generate_series(keys + 1, keys + 4) i),
                   (SELECT string_agg(format('f.%I', ours[i]), ', ' ORDER BY i) FROM generate_series(keys + 1, keys + 4) i)));
END
$$;

COMMENT ON FUNCTION segment_internal.keep_differences_as_owner IS 'Internal: what keep_differences does.';

CREATE FUNCTION segment_internal.apply(model_id bigint, fresh regclass, key text[]) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.apply IS
'Internal: brings the assignment table of a model up to date from what differs, as the model''s owner, whose triggers it fires.';

CREATE FUNCTION segment_internal.apply_as_owner(model_id bigint, fresh regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m       segment_internal.catalog_model := segment_internal.owned_model(model_id);
    theirs  text[] := segment_internal.assignment_columns(m.assignment, key);
    ours    text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c);
    keys    integer := cardinality(key);
    segment text := ours[keys + 1];
    same    text := segment_internal.key_match(fresh, key, 'a', 'f');
    rows    record;
    updated bigint;
BEGIN
    PERFORM segment_internal.phase('writing');
    PERFORM segment_internal.append_changes(m, fresh, key);
    EXECUTE format('SELECT count(*) FILTER (WHERE f.%1$I IS NULL) AS going, count(f.%1$I) AS staying FROM %2$s f', segment, fresh) INTO rows;
    IF rows.going > 0 THEN
        EXECUTE format('DELETE FROM %s a USING %s f WHERE %s AND f.%I IS NULL', m.assignment, fresh, same, segment);
    END IF;
    EXECUTE format('UPDATE %s a SET %s FROM %s f WHERE %s AND f.%I IS NOT NULL', m.assignment,
                   (SELECT string_agg(format('%I = f.%I', theirs[i], ours[i]), ', ') FROM generate_series(keys + 1, keys + 4) i),
                   fresh, same, segment);
    GET DIAGNOSTICS updated = ROW_COUNT;
    IF updated < rows.staying THEN
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM %s f WHERE f.%I IS NOT NULL AND NOT EXISTS (SELECT FROM %1$s a WHERE %6$s)', m.assignment,
                       segment_internal.identifiers(theirs), segment_internal.identifiers(ours, 'f.%I'), fresh, segment, same);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.apply_as_owner IS
'Internal: writes what differs into an assignment table, row by row: readers do not wait, grants, indexes and triggers stay.';
-- Taking the place of an earlier model.

CREATE FUNCTION segment_internal.comparable(old segment_internal.catalog_model, features text[], options jsonb) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.compiled
      FROM segment_internal.catalog_compiled c
     WHERE c.model_id = $1.model_id AND segment_internal.group_by($1) IS NULL
       AND $1.features <@ $2 AND $3 ->> 'distance' = $1.options ->> 'distance';
$$;

COMMENT ON FUNCTION segment_internal.comparable IS
'Internal: the compiled model whose segments can be found again, since its features are features still; else NULL.';

CREATE FUNCTION segment_internal.holds_key(assignment regclass, key text[], fresh regclass) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) = cardinality($2) + 4
      FROM segment_internal.columns($1) a
      JOIN segment_internal.columns($3) f ON f.column_no = a.column_no AND f.data_type = a.data_type
                                         AND (f.column_no > cardinality($2) OR f.column_name = a.column_name)
      JOIN pg_class c ON c.oid = $1 AND c.relkind = 'r';
$$;

COMMENT ON FUNCTION segment_internal.holds_key IS
'Internal: whether an assignment is a table that begins with the columns of a fresh one.';

CREATE FUNCTION segment_internal.same_views(m segment_internal.catalog_model, old segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $1.source = $2.source AND $1.key = $2.key AND $1.assignment_kind = $2.assignment_kind
       AND ARRAY(SELECT c.column_name FROM segment_internal.columns($2.profile) c)
           = '{segment, label, rows, share, distance_avg}' || ARRAY(SELECT p.column_name FROM segment_internal.profile_columns($1) p)
       AND ARRAY(SELECT c.column_name FROM segment_internal.columns($2.members) c)
           = (segment_internal.members_columns($1)).columns || (segment_internal.members_columns($1)).own;
$$;

COMMENT ON FUNCTION segment_internal.same_views IS
'Internal: whether the views of a model would show what those of the model before show, in the same columns.';

CREATE FUNCTION segment_internal.hand_over(relation regclass, profile regclass) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner name := (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = profile);
BEGIN
    IF owner <> current_user THEN
        EXECUTE format('ALTER TABLE %s OWNER TO %I', relation, owner);
    END IF;
    RETURN relation;
END
$$;

COMMENT ON FUNCTION segment_internal.hand_over IS 'Internal: gives a relation to the owner of a model.';

CREATE FUNCTION segment_internal.place_outputs(
    m segment_internal.catalog_model, old segment_internal.catalog_model, columns text[], outputs segment_internal.outputs, fresh regclass
) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stays boolean := old.model_id IS NOT NULL AND CASE m.assignment_kind
        WHEN 'table' THEN fresh IS NULL OR segment_internal.holds_key(old.assignment, m.key, fresh)
        WHEN 'view' THEN old.assignment_kind = 'view' AND m.source = old.source AND m.key = old.key
                         AND columns = segment_internal.model_columns(old)
        ELSE old.assignment_kind = 'none' END;
BEGIN
    IF old.model_id IS NULL THEN
        m.assignment := fresh;
        RETURN segment_internal.place_changes(segment_internal.create_outputs(m, columns, outputs), old, outputs, false);
    END IF;

    -- nearly always all stay where they are, and new rows take the place of the old ones
    m.assignment := CASE WHEN stays THEN old.assignment ELSE fresh END;
    IF stays AND fresh IS NOT NULL THEN
        PERFORM segment_internal.keep_differences(old.model_id, segment_internal.hand_over(fresh, old.profile), m.key, exact => true);
        PERFORM segment_internal.apply(old.model_id, fresh, m.key);
        EXECUTE format('DROP TABLE %s', fresh);
    ELSIF fresh IS NOT NULL AND old.assignment_kind = 'table' THEN
        PERFORM segment_internal.keep_assignment(fresh, m.key);
    END IF;
    m := segment_internal.place_changes(m, old, outputs, stays);
    IF stays AND segment_internal.same_views(m, old) THEN
        m.profile := old.profile;
        m.members := old.members;
        RETURN m;
    END IF;

    -- else others are made beside them, which take their names at the end
    outputs.profile := segment_internal.fresh_name();
    outputs.members := segment_internal.fresh_name();
    outputs.assignment := segment_internal.fresh_name();
    m := segment_internal.create_outputs(m, columns, outputs, assign => NOT stays);
    PERFORM segment_internal.hand_over(r, old.profile) FROM unnest(ARRAY[m.assignment, m.profile, m.members]) r WHERE r IS NOT NULL;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.place_outputs IS
'Internal: makes the relations of a fitted model, or brings those of the model that it replaces up to date as far as they are the same, and returns the model with them.';

CREATE FUNCTION segment_internal.rename_primary_key(relation regclass, name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key pg_constraint;
BEGIN
    SELECT c.* INTO key FROM pg_constraint c WHERE c.conrelid = relation AND c.contype = 'p';
    IF FOUND THEN
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', relation, key.conname, segment_internal.unique_name(
            name, '_pkey', ARRAY(SELECT r.relname::text FROM pg_class r WHERE r.relnamespace = key.connamespace)));
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.rename_primary_key IS 'Internal: gives a primary key the name that it would have had if its table had always had this one.';

CREATE FUNCTION segment_internal.exchange_outputs(
    m segment_internal.catalog_model, old segment_internal.catalog_model, outputs segment_internal.outputs
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    olds  regclass[] := ARRAY[old.members, old.profile, old.assignment, segment_internal.changes_of(old)];
    news  regclass[] := ARRAY[m.members, m.profile, m.assignment, m.changes];
    names text[] := ARRAY[outputs.members, outputs.profile, outputs.assignment, outputs.changes];
    gone  regclass[] := ARRAY(SELECT o FROM unnest(olds) WITH ORDINALITY u (o, n) WHERE o <> ALL (news) IS NOT FALSE AND o IS NOT NULL ORDER BY n);
    saved jsonb[];
    view  jsonb;
    other regclass;
BEGIN
    IF old.model_id IS NULL OR gone = '{}' THEN
        RETURN;
    END IF;

    SELECT c.oid::regclass INTO other
      FROM pg_class c
     WHERE c.oid = ANY (segment_internal.dependent_views(gone))
       AND (c.relhastriggers OR EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'))
     LIMIT 1;
    IF FOUND THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('view %s has triggers or rules, which cannot be made again', other),
            HINT = 'Drop it first, or fit with the same features and key.';
    END IF;

    -- from here on readers wait
    saved := ARRAY(SELECT segment_internal.save_relation(v) || jsonb_build_object('place', array_position(olds, v))
                     FROM unnest(gone || segment_internal.dependent_views(gone)) WITH ORDINALITY u (v, n)
                     JOIN pg_class c ON c.oid = v ORDER BY n);
    PERFORM segment_internal.drop_relations(ARRAY(
        SELECT v FROM unnest(segment_internal.dependent_views(gone)) WITH ORDINALITY u (v, n) ORDER BY n DESC) || gone);
    FOR i IN 1 .. cardinality(news) LOOP
        IF news[i] <> ALL (array_remove(olds, NULL)) AND (SELECT c.relname FROM pg_class c WHERE c.oid = news[i]) <> names[i] THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', news[i], names[i]);
            PERFORM segment_internal.rename_primary_key(news[i], names[i]);
        END IF;
    END LOOP;
    FOREACH view IN ARRAY saved LOOP
        IF view -> 'place' = 'null' THEN
            PERFORM segment_internal.restore_view((SELECT r.oid FROM pg_roles r WHERE r.rolname = view ->> 'owner'), view);
        ELSIF news[(view ->> 'place')::integer] IS NOT NULL THEN
            PERFORM segment_internal.restore_look(news[(view ->> 'place')::integer], view);
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.exchange_outputs IS
'Internal: puts the relations of a model that others are to be replaced by in the place of these, and makes what people have made of these again.';
-- Recording a fit, and telling what was decided.

CREATE FUNCTION segment_internal.announce(payload text) RETURNS void
LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'segment_internal_announce';

COMMENT ON FUNCTION segment_internal.announce IS 'Internal: NOTIFY segment_changed with a text, as far as the setting segment.notify lets it.';

CREATE FUNCTION segment_internal.tell(m segment_internal.catalog_model, k integer, change text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    -- a name has at most 1000 bytes, each of which is at most six in JSON: less than 8000 in all
    SELECT segment_internal.announce(jsonb_build_object('schema', n.nspname, 'model', m.name, 'run', m.run, 'k', k, 'change', change)::text)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = m.profile AND c.relpersistence <> 't';
$$;

COMMENT ON FUNCTION segment_internal.tell IS 'Internal: tells other sessions of a run of a model that is not temporary.';

CREATE FUNCTION segment_internal.record(
    m          segment_internal.catalog_model,
    recipe     segment_internal.recipe,
    fit        segment_internal.fitted,
    k_reason   text,
    started_at timestamptz,
    groups     segment_internal.fitted_group[] DEFAULT NULL,
    labels     segment_internal.label[] DEFAULT NULL,
    change     text DEFAULT 'fit',
    rolled_back_to integer DEFAULT NULL
) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    m.binding := coalesce(m.binding, segment_internal.binding(m.source));
    m.changes := segment_internal.changes_of(m);
    PERFORM segment_internal.keep_run(m,
        ROW(m.model_id, m.run, fit.k, k_reason, fit.rows_read, fit.rows_used, fit.rows_read - fit.rows_used,
            fit.iterations, fit.converged, fit.inertia, fit.explained, fit.silhouette, fit.davies_bouldin,
            fit.calinski_harabasz, started_at, clock_timestamp() - started_at, fit.compiled, fit.clear_groups, fit.sample_silhouette,
            fit.reference_silhouette, fit.silhouette_pairwise, fit.silhouette_rows, m.options, m.preparation, m.binding,
            rolled_back_to)::segment_internal.catalog_run,
        ARRAY(SELECT ROW(m.model_id, m.run, f.ordinality, p.feature, p.column_name, p.encoding,
                         CASE p.encoding WHEN 'element' THEN p.part::text
                                         WHEN 'category' THEN substr(p.feature, length(p.column_name) + 2) END,
                         p.missing, p.outliers, p.fence, p.fence_low, p.fence_high, p.transform, p.scaling, p.weight,
                         f.imputed, f.clipped, f.fill, f.lower, f.upper, f.lambda, f.center, f.scale,
                         f.mean, f.median, f.stddev, f.min, f.max, f.bin_cuts, f.bin_rows)::segment_internal.catalog_feature
                FROM unnest(fit.features) WITH ORDINALITY f
                JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = f.feature_no
               ORDER BY f.ordinality),
        ARRAY(SELECT ROW(m.model_id, m.run, s.segment, s.scaled, s.value)::segment_internal.catalog_centroid
                FROM unnest(fit.segments) s WHERE s.segment > 0),
        ARRAY(SELECT ROW(m.model_id, m.run, s.segment, CASE s.segment WHEN 0 THEN 'Outliers' END, NULL, s.rows, s.border_rows, s.distance_avg, s.margin_avg,
                         s.mean, s.p25, s.median, s.p75, s.stddev, s.min, s.max, s.silhouette_pairwise)::segment_internal.catalog_profile
                FROM unnest(fit.segments) s),
        ARRAY(SELECT ROW(m.model_id, m.run, c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz,
                         c.smallest_share)::segment_internal.catalog_candidate FROM unnest(fit.candidates) c),
        ARRAY(SELECT ROW(m.model_id, m.run, n.ordinality, n.parent, n.segment, n.depth, n.rows, n.feature_no, n.split,
                         n.above)::segment_internal.catalog_node
                FROM unnest(fit.nodes) WITH ORDINALITY n),
        ARRAY(SELECT ROW(m.model_id, m.run, g.*)::segment_internal.catalog_group FROM unnest(groups) g),
        ARRAY(SELECT ROW(m.model_id, m.run, t.ordinality, t.from_segment, t.to_segment, t.kind, t.overlap, t.rows, l.label, t.own)::segment_internal.catalog_transition
                FROM unnest(fit.transitions) WITH ORDINALITY t
                LEFT JOIN segment_internal.catalog_label l ON l.model_id = m.model_id AND l.segment = t.from_segment));

    PERFORM segment_internal.carry_labels(m, fit.transitions);
    IF labels IS NULL THEN
        PERFORM segment_internal.label_segments(m);
    ELSE
        PERFORM segment_internal.keep_automatic_labels(m.model_id, labels);
    END IF;
    PERFORM segment_internal.tell(m, fit.k, change);
    PERFORM segment_internal.phase(NULL);
    RETURN segment_internal.shown_run(m.profile, m.run);
END
$$;

COMMENT ON FUNCTION segment_internal.record IS 'Internal: writes the catalog rows of a run and returns the run.';

CREATE FUNCTION segment_internal.dull(options jsonb) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN $1 ->> 'outliers' = 'keep' AND $1 ->> 'scaling' <> 'robust' AND $1 -> 'feature_options' = '{}'
            THEN 'do not vary' ELSE 'do not vary once prepared' END;

COMMENT ON FUNCTION segment_internal.dull IS 'Internal: why a fit with these options drops features by itself.';

CREATE FUNCTION segment_internal.say_chosen(
    m segment_internal.catalog_model, options jsonb, choice segment_internal.choice[], recipe segment_internal.recipe,
    fit segment_internal.fitted
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    used    text[] := ARRAY(SELECT p.column_name FROM unnest(fit.features) f JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = f.feature_no);
    repeats segment_internal.choice[] :=        -- whole columns, or values of a text
        ARRAY(SELECT ROW(CASE WHEN p.column_name = ANY (used) THEN p.feature ELSE p.column_name END, NULL, NULL,
                         format('repeats "%s"', (recipe.features[pair.feature_no]).feature))::segment_internal.choice
                FROM unnest(fit.repeated) WITH ORDINALITY pair
                JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = pair.repeats
               WHERE pair.repeats NOT IN (SELECT f.feature_no FROM unnest(fit.features) f) ORDER BY pair.ordinality);
    others  text := segment_internal.left_out(
        ARRAY(SELECT ROW(c.column_name, NULL, NULL, coalesce(c.reason, segment_internal.dull(options)))::segment_internal.choice
                FROM unnest(choice) WITH ORDINALITY c
               WHERE c.column_name <> ALL (used) AND c.column_name NOT IN (SELECT r.column_name FROM unnest(repeats) r)
               ORDER BY c.ordinality) || repeats);
    flags   text[] := ARRAY(SELECT c.column_name FROM unnest(choice) c WHERE c.kind = 'flag' AND c.column_name = ANY (used));
    texts   text[] := ARRAY(SELECT c.column_name FROM unnest(choice) c WHERE c.kind = 'category' AND c.column_name = ANY (used));
    skewed  text[] := ARRAY(SELECT c.column_name
                              FROM unnest(choice) c
                              JOIN unnest(recipe.features) p ON p.column_name = c.column_name AND p.transform = 'log1p'
                             WHERE c.skewed AND c.column_name = ANY (used)
                               AND coalesce(options #>> ARRAY['feature_options', c.column_name, 'transform'], options ->> 'transform') = 'auto');
BEGIN
    IF others IS NOT NULL THEN
        RAISE NOTICE 'features: % of % columns; left out: %', cardinality(m.columns),
            (SELECT count(*) FROM segment_internal.columns(m.source) c
              WHERE c.column_name <> ALL (m.key) AND c.column_name IS DISTINCT FROM m.options ->> 'sample_weight'), others
            USING HINT = 'Columns that are named in features, or have options of their own in feature_options, are used all the same.';
    END IF;
    IF flags <> '{}' THEN
        RAISE NOTICE 'flags of 0 and 1, not standardised: % (feature_options => ''%'' would)', segment_internal.list(flags),
            jsonb_build_object(flags[1], '{"scaling": "standard"}'::jsonb);
    END IF;
    IF texts <> '{}' THEN
        RAISE NOTICE 'texts, a feature a value, of half the weight: % (exclude => ''%'' leaves one out)', segment_internal.list(texts), texts[:1];
    END IF;
    IF skewed <> '{}' THEN
        RAISE NOTICE 'strongly skewed, so their logarithms are taken: % (transform => ''none'' leaves them; ''log1p'' is for all)', segment_internal.list(skewed);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.say_chosen IS
'Internal: tells what was decided where features names no columns: which were left out and why, which are flags, texts and logarithms.';

CREATE FUNCTION segment_internal.notices(
    m segment_internal.catalog_model, options jsonb, choice segment_internal.choice[], recipe segment_internal.recipe,
    fit segment_internal.fitted
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept    integer[] := ARRAY(SELECT f.feature_no FROM unnest(fit.features) f);
    used    text[] := ARRAY(SELECT p.column_name FROM unnest(recipe.features) WITH ORDINALITY p WHERE p.ordinality = ANY (kept));
    nearly  segment_internal.repetition[] := ARRAY(SELECT pair FROM unnest(fit.repeated) pair WHERE pair.repeats = ANY (kept));
    alike   text := segment_internal.list(
        ARRAY(SELECT coalesce(p.feature, c.name)
                FROM unnest(recipe.columns) WITH ORDINALITY c
                LEFT JOIN unnest(recipe.features) WITH ORDINALITY p
                  ON p.column_name = c.name AND c.name = ANY (used) AND p.encoding = 'element' AND p.ordinality <> ALL (kept)
               WHERE p.feature IS NOT NULL OR c.name <> ALL (used)
               ORDER BY c.ordinality, p.ordinality));
    feature record;
BEGIN
    IF options -> 'features' = 'null' THEN
        PERFORM segment_internal.say_chosen(m, options, choice, recipe, fit);
    ELSIF alike IS NOT NULL THEN
        RAISE NOTICE 'features left out: % (%)', alike, segment_internal.dull(options);
    END IF;

    -- one line a column: of a category's features, the one that missing values became
    FOR feature IN SELECT DISTINCT ON (c.ordinality, CASE WHEN e.category THEN 0 ELSE p.ordinality END)
                          CASE WHEN e.category THEN p.column_name ELSE p.feature END AS name,
                          p.missing, f.imputed, f.fill, e.category, p.feature
                     FROM unnest(fit.features) f
                     JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = f.feature_no
                     JOIN unnest(recipe.columns) WITH ORDINALITY c ON c.name = p.column_name
                    CROSS JOIN LATERAL (SELECT p.encoding IN ('category', 'other', 'missing') AS category) e
                    WHERE f.imputed > 0
                    ORDER BY c.ordinality, CASE WHEN e.category THEN 0 ELSE p.ordinality END, f.fill DESC, p.ordinality
    LOOP
        RAISE NOTICE '"%": % missing % became %', feature.name, feature.imputed,
            CASE feature.imputed WHEN 1 THEN 'value' ELSE 'values' END,
            CASE WHEN feature.category AND feature.missing = 'median' AND feature.fill IS NULL THEN 'the most common one of their group'
                 WHEN feature.category AND feature.missing = 'median'
                 THEN format('the most common one, "%s" (missing => ''category'' makes a feature of them)', feature.feature)
                 WHEN feature.category AND feature.missing = 'mean' THEN 'the share of each value'
                 WHEN feature.category THEN 'none of its values'
                 WHEN feature.missing = 'zero' THEN 'zero'
                 WHEN feature.fill IS NULL THEN format('the %s of their group', feature.missing)
                 ELSE format('the %s, %s', feature.missing, feature.fill) END;
    END LOOP;

    FOR feature IN SELECT p.feature AS name, f.min, f.max, p.missing
                     FROM unnest(fit.features) f
                     JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = f.feature_no
                    WHERE p.encoding = 'vector' ORDER BY p.ordinality
    LOOP
        IF options ->> 'distance' = 'euclidean' AND feature.max > 1.02 * feature.min THEN
            RAISE NOTICE 'the vectors of "%" have lengths from % to %: distances compare lengths as well as directions', feature.name,
                segment_internal.figure(feature.min), segment_internal.figure(feature.max)
                USING HINT = 'If only directions mean something, as in most embeddings, use distance => ''cosine''.';
        END IF;
        IF feature.missing = 'skip' AND options ->> 'missing' <> 'skip' AND fit.rows_used < fit.rows_read THEN
            RAISE NOTICE 'rows that have no vector in "%" are left out', feature.name
                USING HINT = 'With missing => ''mean'' they get the mean of all vectors.';
        END IF;
    END LOOP;

    IF nearly <> '{}' THEN
        RAISE NOTICE 'features that nearly repeat others: %',
            (SELECT string_agg(format('"%s" and "%s" (correlation %s)', (recipe.features[u.feature_no]).feature,
                                      (recipe.features[u.repeats]).feature, round(u.r::numeric, 3)), ', ' ORDER BY u.ordinality)
               FROM unnest(nearly[:5]) WITH ORDINALITY u)
            || CASE WHEN cardinality(nearly) > 5 THEN format(' and %s more', cardinality(nearly) - 5) ELSE '' END
            USING HINT = 'Together they weigh double in every distance: leave one of them out with exclude => ''{...}''.';
    END IF;
    PERFORM segment_internal.say_structure(m.name, options, fit);
END
$$;

COMMENT ON FUNCTION segment_internal.notices IS
'Internal: tells what was decided for the user, and what may be a mistake: columns left out, missing values filled, features that repeat others.';
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
        fit := segment_internal.engine(source, m.key, recipe, options, fresh, model => m.name,
            previous => segment_internal.comparable(old, features, options), renumber => false,
            before => CASE WHEN old.model_id IS NOT NULL THEN segment_internal.before(old) END);
    END IF;
    IF fresh IS NOT NULL THEN
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
-- segment_elbow

CREATE FUNCTION @extschema@.segment_elbow(
    source          regclass,
    k_min           integer  DEFAULT 2,
    k_max           integer  DEFAULT 10,
    features        text[]   DEFAULT NULL,
    scaling         text     DEFAULT 'standard',
    missing         text     DEFAULT 'median',
    outliers        text     DEFAULT 'keep',
    transform       text     DEFAULT 'auto',
    distance        text     DEFAULT 'euclidean',
    feature_options jsonb    DEFAULT '{}',
    sample_weight   text     DEFAULT NULL,
    init            text     DEFAULT 'k-means++',
    n_init          integer  DEFAULT NULL,
    max_iter        integer  DEFAULT 300,
    tol             float8   DEFAULT 1e-4,
    seed            bigint   DEFAULT 0,
    min_share       float8   DEFAULT 0,
    exclude         text[]   DEFAULT NULL,
    outlier_method  text     DEFAULT 'iqr',
    outlier_threshold float8 DEFAULT NULL,
    max_categories  integer  DEFAULT 32,
    min_frequency   float8   DEFAULT 0,
    algorithm       text     DEFAULT 'lloyd',
    max_share       float8   DEFAULT 1,
    "trim"          float8   DEFAULT 0,
    resamples       integer  DEFAULT 0,
    OUT k                 integer,
    OUT inertia           float8,
    OUT explained         float8,
    OUT silhouette        float8,
    OUT davies_bouldin    float8,
    OUT calinski_harabasz float8,
    OUT smallest_share    float8,
    OUT recommended       boolean,
    OUT reason            text,
    OUT bar               text,
    OUT bic               float8,
    OUT gap               float8,
    OUT gap_se            float8,
    OUT stability         float8
) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    options     jsonb := jsonb_build_object(
        'k', NULL, 'features', features, 'scaling', scaling, 'missing', missing, 'outliers', outliers,
        'transform', transform, 'distance', distance, 'feature_options', feature_options,
        'sample_weight', sample_weight, 'init', init, 'n_init', n_init, 'max_iter', max_iter, 'tol', tol,
        'seed', seed, 'k_min', k_min, 'k_max', k_max, 'min_share', min_share, 'exclude', exclude,
        'outlier_method', outlier_method, 'outlier_threshold', outlier_threshold,
        'max_categories', max_categories, 'min_frequency', min_frequency, 'algorithm', algorithm, 'assignment', 'none', 'resamples', resamples,
        'max_share', max_share, 'trim', "trim");
    m           segment_internal.catalog_model := segment_internal.plan(source, options);
    fit         segment_internal.fitted :=
        segment_internal.engine(source, '{}', segment_internal.prepare(source, segment_internal.choose(source, m.key, options), options), options, criteria => true);
BEGIN
    PERFORM segment_internal.phase(NULL);
    PERFORM segment_internal.say_structure(m.name, options, fit);
    RETURN QUERY
        SELECT c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz, c.smallest_share,
               c.k = fit.k,
               CASE WHEN c.k = fit.k THEN segment_internal.k_reason(options, fit) END,
               segment_internal.text_bar(c.silhouette, max(c.silhouette) OVER ()), c.bic, c.gap, c.gap_se,
               fit.stability[row_number() OVER (ORDER BY c.k)::integer]
          FROM unnest(fit.candidates) c
         ORDER BY c.k;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_elbow IS
'What segment_kmeans would find for each k in k_min..k_max, from one read of the relation, and the k that it would choose (recommended), with the reason. It writes nothing. The first row is that of k = 1, which is recommended where the data show no clear groups. silhouette: the simplified one, by distances from centroids; NULL for one segment. bar: the silhouette, beside the highest. bic: of k spherical Gaussians of one variance, higher is better; NULL for weighted rows and cosine distances. gap, gap_se: the gap statistic and its standard error, of a sample of at most 1,000 rows.
The arguments are those of segment_kmeans: k_min, k_max, min_share, features, exclude, missing, outliers, outlier_method, outlier_threshold, transform, scaling, max_categories, min_frequency, feature_options, sample_weight, distance, init, n_init, max_iter, tol, seed, algorithm, max_share and "trim"; and resamples: on so many resamples of at most 3000 rows (30 a segment, if that is more) the segments of each k are looked for again, and the column stability is their mean Jaccard index, as in segment_stability.';
-- How a refresh goes on from the run before: its options, and what it says about the number of segments.

CREATE FUNCTION segment_internal.k_is_chosen(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN $1.options -> 'k' = 'null' AND $1.options -> 'centroids' = 'null';

COMMENT ON FUNCTION segment_internal.k_is_chosen IS
'Internal: did a fit of the model choose the number of its segments, and nobody has given one since?';

CREATE FUNCTION segment_internal.refit_options(m segment_internal.catalog_model, k integer, warm_start boolean, stability float8) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    k_before integer := (SELECT r.k FROM segment_internal.catalog_run r
                          WHERE r.model_id = m.model_id AND r.run = m.run);
    options  jsonb := m.options || jsonb_build_object('k', coalesce(k, k_before), 'centroids', NULL);
    -- a tree, sizes and outliers hold for as many segments as there are
    free     boolean := k IS NULL AND m.options ->> 'algorithm' = 'lloyd' AND (m.options ->> 'min_share')::float8 = 0
                        AND (m.options ->> 'max_share')::float8 = 1 AND (m.options ->> 'trim')::float8 = 0;
BEGIN
    IF free AND segment_internal.k_is_chosen(m) AND k_before <= (m.options ->> 'k_max')::integer THEN
        options := options || '{"k": null}';
    END IF;
    RETURN segment_internal.resolve_options(options, m.features) || jsonb_build_object(
        'refit_k', coalesce(k, k_before),
        'warm', warm_start AND k_before = coalesce(k, k_before),
        -- a fit from given centroids goes on from where it is
        'stability', CASE WHEN m.options -> 'centroids' = 'null' THEN stability END,
        'looking', free AND m.options -> 'centroids' = 'null',
        'splits', ARRAY(SELECT t.parent FROM segment_internal.catalog_node t
                         WHERE t.model_id = m.model_id AND t.run = m.run AND t.node % 2 = 0 ORDER BY t.node),
        'leaves', ARRAY(SELECT t.segment FROM segment_internal.catalog_node t
                         WHERE t.model_id = m.model_id AND t.run = m.run AND t.segment IS NOT NULL ORDER BY t.node));
END
$$;

COMMENT ON FUNCTION segment_internal.refit_options IS
'Internal: the options of the first fit, with how the next goes on from the run before.';

CREATE FUNCTION segment_internal.refit_reason(m segment_internal.catalog_model, k integer, options jsonb, fit segment_internal.fitted) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    reason text := 'as in the run before';
    detail text := format('Simplified silhouette of %s segments of a sample: %s; of %s: %s.', fit.better_k,
                          round(fit.better_silhouette::numeric, 3), before.k, round(fit.other_silhouette::numeric, 3));
BEGIN
    IF k IS NOT NULL THEN
        RETURN 'given';
    ELSIF fit.k <> before.k THEN
        RAISE NOTICE 'model "%" has % segments now, before it had %', m.name, fit.k, before.k USING
            DETAIL = detail,
            HINT = format('For as many as before: SELECT segment_refresh(%L, k => %s);', m.name, before.k);
        RETURN format('chosen again, k = %s does not fit any more: %s', before.k, segment_internal.k_reason(options, fit));
    ELSIF fit.better_k IS NULL OR options -> 'k' = 'null'
          -- has k fitted before?
          OR before.silhouette - fit.silhouette < (fit.better_silhouette - fit.other_silhouette) / 2 THEN
        RETURN reason;
    END IF;
    reason := format('%s; k = %s would fit better', reason, fit.better_k);
    IF before.k_reason <> reason THEN
        RAISE NOTICE 'model "%" has % segments, % would fit better now', m.name, fit.k, fit.better_k USING
            DETAIL = detail,
            HINT = format('To have so many: SELECT segment_refresh(%L, k => %s);', m.name, fit.better_k);
    END IF;
    RETURN reason;
END
$$;

COMMENT ON FUNCTION segment_internal.refit_reason IS
'Internal: why a refresh has the k that it has. Tells that the number of segments has changed, or, once, that it should.';

CREATE FUNCTION segment_internal.as_in_run(m segment_internal.catalog_model, run integer) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r      segment_internal.catalog_run;
    then_m segment_internal.catalog_model := m;
    recipe segment_internal.recipe;
BEGIN
    SELECT c.* INTO r FROM segment_internal.catalog_run c WHERE c.model_id = m.model_id AND c.run = $2;
    IF run IS NULL THEN
        RAISE null_value_not_allowed USING
            MESSAGE = 'argument "run" must not be NULL',
            HINT = format('SELECT run FROM segment_runs WHERE model = %L lists its runs.', m.name);
    ELSIF NOT FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('model "%s" has no run %s', m.name, run),
            HINT = format('SELECT run FROM segment_runs WHERE model = %L lists its runs.', m.name);
    ELSIF run = m.run THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('run %s is the current one of model "%s"', run, m.name),
            HINT = 'segment_rescore() puts today''s rows into its segments.';
    END IF;
    recipe := jsonb_populate_record(NULL::segment_internal.recipe, r.preparation);
    then_m.run := r.run;
    then_m.preparation := r.preparation;
    then_m.binding := r.binding;
    then_m.features := ARRAY(SELECT f.feature FROM unnest(recipe.features) WITH ORDINALITY f WHERE f.weight > 0 ORDER BY f.ordinality);
    then_m.columns := ARRAY(SELECT c.name FROM unnest(recipe.columns) WITH ORDINALITY c
                             WHERE c.name IN (SELECT f.column_name FROM unnest(recipe.features) f WHERE f.weight > 0) ORDER BY c.ordinality);
    -- what belongs to its relations is that of today
    then_m.options := r.options || (SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(m.options) o
                                     WHERE o.key IN ('model', 'key', 'assignment', 'into_schema', 'replace', 'history'));
    RETURN then_m;
END
$$;

COMMENT ON FUNCTION segment_internal.as_in_run IS 'Internal: a model as it was in an earlier run, with the relations of today.';
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
            MESSAGE = format('the source of model "%s" no longer exists', m.name),
            HINT = format('Bind the model to another relation: SELECT segment_refresh(%L, source => ''...'').', segment_internal.qualified(m));
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
-- How today's rows differ from those of the fit.

CREATE FUNCTION segment_internal.stability_index(before float8[], now float8[]) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sum((n - b) * ln(n / b) ORDER BY i)
      FROM (SELECT i, greatest(r.before / nullif(sum(r.before) OVER (), 0), 0.0001) AS b,
                   greatest(r.now / nullif(sum(r.now) OVER (), 0), 0.0001) AS n
              FROM unnest($1, $2) WITH ORDINALITY r (before, now, i)
             WHERE r.before > 0 OR r.now > 0) s;
$$;

COMMENT ON FUNCTION segment_internal.stability_index IS
'Internal: the population stability index of two lists of row counts: the sum of (now - before) ln(now / before) over their shares, of which none counts as less than 0.0001 (N. Siddiqi, Credit Risk Scorecards, 2006). NULL without rows.';

CREATE FUNCTION segment_internal.drift_verdict(figure float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 < 0.1 THEN 'stable' WHEN $1 < 0.25 THEN 'moderate' WHEN $1 >= 0.25 THEN 'drifted' END;

COMMENT ON FUNCTION segment_internal.drift_verdict IS
'Internal: what is said of a population stability index (Siddiqi 2006), and of the way of a centroid: below 0.1 stable, below 0.25 moderate, else drifted.';

-- Every bin of a feature of few bins; else about ten, whose ends are nearest to the deciles of the fit.
CREATE FUNCTION segment_internal.wide_bins(before bigint[]) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    WITH bin AS (
        SELECT b.i, sum(b.rows) OVER (ORDER BY b.i) / nullif(sum(b.rows) OVER (), 0) AS upto, count(*) OVER () AS bins
          FROM unnest($1[:cardinality($1) - 1]) WITH ORDINALITY b (rows, i)
    ), ends AS (
        SELECT DISTINCT (SELECT b.i FROM bin b WHERE b.i < b.bins ORDER BY abs(b.upto - d / 10.0), b.i LIMIT 1) AS i
          FROM generate_series(1, 9) d
    )
    SELECT array_agg((CASE WHEN b.bins <= 11 THEN b.i - 1 ELSE (SELECT count(*) FROM ends e WHERE e.i < b.i) END)::integer ORDER BY b.i)
      FROM bin b;
$$;

COMMENT ON FUNCTION segment_internal.wide_bins IS
'Internal: the number of the wide bin, from 0, that each bin of a fit belongs to; missing values are in none.';

CREATE FUNCTION segment_internal.feature_drift(before bigint[], now bigint[], OUT psi float8, OUT ks float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    WITH bin AS (
        SELECT b.i, b.before::float8, b.now::float8, coalesce(w.wide, -1) AS wide
          FROM unnest($1, $2, segment_internal.wide_bins($1)) WITH ORDINALITY b (before, now, wide, i)
         CROSS JOIN LATERAL (SELECT b.wide) w
    ), wide AS (
        SELECT b.wide, sum(b.before) AS before, sum(b.now) AS now FROM bin b GROUP BY b.wide
    )
    SELECT (SELECT segment_internal.stability_index(array_agg(w.before ORDER BY w.wide), array_agg(w.now ORDER BY w.wide)) FROM wide w),
           (SELECT max(abs(s.before - s.now))
              FROM (SELECT sum(b.before) OVER upto / nullif(sum(b.before) OVER (), 0) AS before,
                           sum(b.now) OVER upto / nullif(sum(b.now) OVER (), 0) AS now
                      FROM bin b WHERE b.wide >= 0
                    WINDOW upto AS (ORDER BY b.i)) s);
$$;

COMMENT ON FUNCTION segment_internal.feature_drift IS
'Internal: the population stability index of a feature by its rows in bins, and the two-sample Kolmogorov-Smirnov statistic of the values that are there, at the ends of bins.';

-- Values of a category's column are features of their own; what is in none of them is the rest.
CREATE FUNCTION segment_internal.column_rows(ones bigint[], absent bigint, total bigint) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $1 || ARRAY[$2, greatest($3 - $2 - (SELECT coalesce(sum(o), 0) FROM unnest($1) o), 0)::bigint];
$$;

COMMENT ON FUNCTION segment_internal.column_rows IS
'Internal: the rows of each value of a column that is a feature, those without a value, and those with any other.';

CREATE FUNCTION segment_internal.features_drift(m segment_internal.catalog_model, today segment_internal.today) RETURNS SETOF segment_internal.drift
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH feature AS MATERIALIZED (
        SELECT f.feature_no, f.feature, f.source_column, f.encoding IN ('category', 'other', 'missing') AS category,
               f.mean, t.mean AS mean_now, f.bin_rows AS before, t.bin_rows AS now
          FROM segment_internal.catalog_feature f
          JOIN unnest(($2).features) WITH ORDINALITY t (mean, bin_rows, feature_no) ON t.feature_no = f.feature_no
         WHERE f.model_id = ($1).model_id AND f.run = ($1).run
    ), category AS MATERIALIZED (
        SELECT min(f.feature_no) AS feature_no, f.source_column,
               segment_internal.column_rows(array_agg(f.before[2] ORDER BY f.feature_no), max(f.before[3]), max(f.before[1] + f.before[2] + f.before[3])) AS before,
               segment_internal.column_rows(array_agg(f.now[2] ORDER BY f.feature_no), max(f.now[3]), max(f.now[1] + f.now[2] + f.now[3])) AS now
          FROM feature f WHERE f.category GROUP BY f.source_column
    )
    SELECT r.feature, r.psi, r.ks, segment_internal.drift_verdict(r.psi), r.kind, NULL::integer, r.before, r.now, NULL::float8
      FROM (SELECT f.feature_no, 1 AS n, f.feature, d.psi, d.ks, 'feature' AS kind, f.mean AS before, f.mean_now AS now
              FROM feature f
             CROSS JOIN LATERAL segment_internal.feature_drift(f.before, f.now) d
             WHERE NOT f.category
             UNION ALL
            SELECT c.feature_no, 2, c.source_column, segment_internal.stability_index(c.before::float8[], c.now::float8[]), NULL, 'feature', NULL, NULL
              FROM category c
             UNION ALL
            SELECT c.feature_no, 3, c.source_column, segment_internal.stability_index(ARRAY[t.rows - t.others, t.others], ARRAY[t.rows_now - t.others_now, t.others_now]), NULL,
                   'new values', 0, t.others_now / t.rows_now
              FROM category c
             CROSS JOIN LATERAL (SELECT c.before[cardinality(c.before)]::float8 AS others, c.now[cardinality(c.now)]::float8 AS others_now,
                                        (SELECT sum(b) FROM unnest(c.before) b)::float8 AS rows, (SELECT sum(b) FROM unnest(c.now) b)::float8 AS rows_now) t
             WHERE t.others = 0 AND t.others_now > 0) r
     ORDER BY r.feature_no, r.n;
$$;

COMMENT ON FUNCTION segment_internal.features_drift IS 'Internal: the rows of segment_drift() about features and values.';

CREATE FUNCTION segment_internal.segments_drift(m segment_internal.catalog_model, today segment_internal.today) RETURNS SETOF segment_internal.drift
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH segment AS MATERIALIZED (
        SELECT segment, coalesce(p.rows, 0)::float8 AS before, coalesce(t.rows, 0)::float8 AS now,
               coalesce(p.border_rows, 0)::float8 AS border, coalesce(t.border_rows, 0)::float8 AS border_now,
               -- the centroids of weighted rows are not their plain means
               CASE WHEN ($1).options ->> 'sample_weight' IS NULL THEN t.moved END AS moved
          FROM (SELECT * FROM segment_internal.catalog_profile p WHERE p.model_id = ($1).model_id AND p.run = ($1).run) p
          FULL JOIN unnest(($2).segments) t USING (segment)
    ), shares AS (
        SELECT array_agg(s.before ORDER BY s.segment) AS before, array_agg(s.now ORDER BY s.segment) AS now, sum(s.before) AS rows, sum(s.now) AS rows_now,
               sum(s.border) AS border, sum(s.border_now) AS border_now, count(*) FILTER (WHERE s.segment > 0) AS k
          FROM segment s
    ), skipped AS (
        SELECT r.rows_read::float8 AS rows, r.rows_skipped::float8 AS before, ($2).rows_read::float8 AS rows_now,
               (($2).rows_read - ($2).rows_used)::float8 AS now
          FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id AND r.run = ($1).run
    )
    SELECT NULL::text, r.psi, NULL::float8, segment_internal.drift_verdict(coalesce(r.psi, r.moved)), r.kind, r.segment, r.before, r.now, r.moved
      FROM (SELECT 1 AS n, segment_internal.stability_index(ARRAY[s.before, s.rows - s.before], ARRAY[s.now, s.rows_now - s.now]) AS psi, 'skipped' AS kind,
                   NULL::integer AS segment, s.before / s.rows AS before, s.now / nullif(s.rows_now, 0) AS now, NULL::float8 AS moved
              FROM skipped s WHERE s.before > 0 OR s.now > 0
             UNION ALL
            SELECT 2, segment_internal.stability_index(s.before, s.now), 'segments', NULL, NULL, NULL, NULL FROM shares s
             UNION ALL
            SELECT 3, NULL, 'segment', s.segment, s.before / nullif(t.rows, 0), s.now / nullif(t.rows_now, 0), s.moved FROM segment s CROSS JOIN shares t
             UNION ALL
            SELECT 4, segment_internal.stability_index(ARRAY[s.border, s.rows - s.border], ARRAY[s.border_now, s.rows_now - s.border_now]),
                   'margins', NULL, s.border / nullif(s.rows, 0), s.border_now / nullif(s.rows_now, 0), NULL
              FROM shares s WHERE s.k > 1) r
     ORDER BY r.n, r.segment;
$$;

COMMENT ON FUNCTION segment_internal.segments_drift IS 'Internal: the rows of segment_drift() about segments, margins and rows skipped.';

CREATE FUNCTION segment_internal.has_bins(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(bool_and(cardinality(f.bin_rows) = cardinality(f.bin_cuts) + 2), false)
       AND count(*) FILTER (WHERE f.bin_cuts IS NULL) = 0
      FROM segment_internal.catalog_feature f WHERE f.model_id = ($1).model_id AND f.run = ($1).run;
$$;

COMMENT ON FUNCTION segment_internal.has_bins IS 'Internal: whether the current run of a model has the bins that drift is measured in.';

CREATE FUNCTION segment_internal.drift_of(m segment_internal.catalog_model) RETURNS SETOF segment_internal.drift
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    today segment_internal.today;
BEGIN
    IF NOT segment_internal.has_bins(m) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('model "%s" has no bins to measure drift in', m.name),
            DETAIL = 'Its current run was made by a version without them, or is a rescore of more rows than segment.work_mem holds.',
            HINT = format('SELECT segment_refresh(%L) makes them.', m.name);
    END IF;
    SELECT t.* INTO today
      FROM segment_internal.today(
               segment_internal.query(segment_internal.source_of(m), '{}', segment_internal.model_columns(m)),
               (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id),
               ARRAY(SELECT u.cut FROM segment_internal.catalog_feature f CROSS JOIN LATERAL unnest(f.bin_cuts) WITH ORDINALITY u (cut, n)
                      WHERE f.model_id = m.model_id AND f.run = m.run ORDER BY f.feature_no, u.n),
               ARRAY(SELECT cardinality(f.bin_cuts) FROM segment_internal.catalog_feature f
                      WHERE f.model_id = m.model_id AND f.run = m.run ORDER BY f.feature_no)) t;
    RETURN QUERY SELECT d.* FROM segment_internal.features_drift(m, today) d;
    RETURN QUERY SELECT d.* FROM segment_internal.segments_drift(m, today) d;
END
$$;

COMMENT ON FUNCTION segment_internal.drift_of IS 'Internal: the rows of segment_drift(), by the caller, who must be the owner of the model.';

CREATE FUNCTION segment_internal.has_drifted(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    largest record;
BEGIN
    IF segment_internal.group_by(m) IS NOT NULL OR NOT segment_internal.has_bins(m) THEN
        RAISE NOTICE 'drift of model "%" cannot be measured: it is fitted again', m.name
            USING DETAIL = CASE WHEN segment_internal.group_by(m) IS NULL THEN 'Its current run has no bins.'
                                ELSE 'It has a model a group.' END;
        RETURN true;
    END IF;
    SELECT d.figure, segment_internal.drift_verdict(d.figure) AS verdict, d.what INTO largest
      FROM (SELECT coalesce(d.psi, d.moved) AS figure, d.n,
                   CASE d.kind WHEN 'feature' THEN format('of "%s"', d.feature)
                               WHEN 'new values' THEN format('of new values of "%s"', d.feature)
                               WHEN 'skipped' THEN 'of the share of rows left out'
                               WHEN 'segments' THEN 'of the shares of segments'
                               WHEN 'segment' THEN format('of the centroid of segment %s', d.segment)
                               WHEN 'margins' THEN 'of the share of rows between segments' END AS what
              FROM segment_internal.drift_of(m) WITH ORDINALITY d (feature, psi, ks, verdict, kind, segment, before, now, moved, n)) d
     WHERE d.figure IS NOT NULL
     ORDER BY d.figure DESC, d.n
     LIMIT 1;
    PERFORM segment_internal.keep_drift(m.model_id, m.run, largest.verdict, largest.figure, largest.what);
    IF largest.figure < 0.1 THEN
        RAISE NOTICE 'model "%" has not drifted: it stays as it is', m.name USING
            DETAIL = format('The largest figure is %s, %s; 0.1 would be moderate.', round(largest.figure::numeric, 4), largest.what),
            HINT = format('SELECT * FROM segment_drift(%L) has all figures.', m.name);
        RETURN false;
    END IF;
    RETURN true;
END
$$;

COMMENT ON FUNCTION segment_internal.has_drifted IS
'Internal: whether a model has drifted at least moderately, or that cannot be measured; keeps the largest figure for segment_status.';
-- segment_refresh

CREATE FUNCTION segment_internal.same_key(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $1.assignment_kind <> 'table'
        OR cardinality($1.key) = (SELECT count(*)
                                    FROM unnest($1.key) WITH ORDINALITY k (name, n)
                                    JOIN pg_attribute s ON s.attrelid = $1.source AND s.attname = k.name AND NOT s.attisdropped
                                    JOIN segment_internal.columns($1.assignment) WITH ORDINALITY o ON o.ordinality = k.n
                                    JOIN pg_attribute a ON a.attrelid = $1.assignment AND a.attnum = o.column_no
                                     AND (a.atttypid, a.atttypmod, a.attcollation) = (s.atttypid, s.atttypmod, s.attcollation));
$$;

COMMENT ON FUNCTION segment_internal.same_key IS 'Internal: whether the key columns of an assignment table have the types and collations of those of the source.';

CREATE FUNCTION segment_internal.rename_key(m segment_internal.catalog_model, before text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tables   regclass[] := CASE WHEN m.key = before OR m.assignment_kind = 'none' THEN '{}'
                                ELSE array_remove(ARRAY[m.assignment, segment_internal.changes_of(m)], NULL) END;
    relation regclass;
    passing  text := segment_internal.fresh_name();
BEGIN
    FOREACH relation IN ARRAY tables LOOP
        -- names may have been exchanged
        FOR i IN 1 .. cardinality(before) LOOP
            EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', relation, before[i], passing || i);
        END LOOP;
        FOR i IN 1 .. cardinality(before) LOOP
            EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', relation, passing || i, m.key[i]);
        END LOOP;
    END LOOP;
EXCEPTION WHEN duplicate_column THEN
    RAISE duplicate_column USING
        MESSAGE = format('key (%s) of relation "%s" has a name that relation "%s" has for another column', segment_internal.identifiers(m.key),
                         (SELECT c.relname FROM pg_class c WHERE c.oid = m.source), (SELECT c.relname FROM pg_class c WHERE c.oid = relation)),
        HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
END
$$;

COMMENT ON FUNCTION segment_internal.rename_key IS 'Internal: gives the key columns of an assignment and of changes the names that they have in the source now.';

CREATE FUNCTION segment_internal.refresh(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.refresh IS 'Internal: segment_refresh of a model with its arguments in one object, as the model''s owner.';

CREATE FUNCTION segment_internal.refresh_as_owner(model_id bigint, arguments jsonb) RETURNS @extschema@.segment_run
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
        IF m.assignment_kind = 'table' AND same_key THEN
            joined := segment_internal.joined_query(m, source, array_remove(ARRAY(SELECT c.name FROM unnest(recipe.columns) c) || (options ->> 'sample_weight'), NULL));
            make_target := format('SELECT segment_internal.create_assignment(%L, %L, %L, %s::oid, %L, passing => true)',
                                  schema, segment_internal.fresh_name(), m.name, source::oid, m.key);
        ELSIF m.assignment_kind = 'table' THEN
            fresh := segment_internal.create_assignment(schema, segment_internal.fresh_name(), m.name, source, m.key,
                                                        passing => true);
        END IF;
        fit := segment_internal.engine(source, m.key, recipe, options, fresh, keep_constant => true,
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
    IF fresh IS NOT NULL THEN
        PERFORM segment_internal.add_key(fresh, source, m.key);
    ELSIF anew AND m.assignment_kind = 'view' THEN
        PERFORM segment_internal.check_key_rows(source, m.key);
    END IF;
    IF fresh IS NOT NULL AND same_key THEN
        IF grouped.groups IS NOT NULL THEN
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

COMMENT ON FUNCTION segment_internal.refresh_as_owner IS 'Internal: the job of segment_refresh.';

CREATE FUNCTION @extschema@.segment_refresh(
    model         text,
    warm_start    boolean  DEFAULT true,
    k             integer  DEFAULT NULL,
    source        regclass DEFAULT NULL,
    only_if_drift boolean  DEFAULT false,
    wait          boolean  DEFAULT true,
    stability     float8   DEFAULT 0.01,
    survival      float8   DEFAULT 0.5,
    split         float8   DEFAULT 0.25
) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.refresh(segment_internal.model_id_now($1, current_schemas(true)),
    jsonb_build_object('warm_start', coalesce($2, true), 'k', $3, 'source', $4::oid, 'only_if_drift', coalesce($5, false), 'wait', coalesce($6, true), 'stability', $7,
                       'survival', $8, 'split', $9));

COMMENT ON FUNCTION @extschema@.segment_refresh IS
'Fits a model again on today''s rows with the options of its first fit, with the same number of segments unless k is given, or was chosen and another is clearly better. With warm_start the centroids stay where they meet tol on today''s rows; a better optimum is looked for, and taken if its inertia is lower by more than the share stability. Segments that survive keep their numbers and labels: at least the share survival of the old segment''s rows are in the new one, which are most of its rows. A part of one that was split has at least the share split of it. Others get numbers that no segment had before, and the labels of those that are gone retire, which a NOTICE names: segment_transitions() tells what became of them. A bisecting model keeps its tree as long as it goes on from its centroids; the assignment is brought up to date without making its readers wait; a run is recorded. only_if_drift: the drift of segment_drift is measured first, and where nothing has drifted even moderately the model stays as it is. Runs as the model''s owner, whose members may call it.';
-- Today's rows by a model as it is.

CREATE FUNCTION segment_internal.rescored(m segment_internal.catalog_model, fit segment_internal.fitted) RETURNS segment_internal.fitted
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today jsonb := (SELECT jsonb_object_agg(s.segment, s.rows) FROM unnest(fit.segments) s);
BEGIN
    SELECT array_agg(ROW(s.segment, s.rows, s.border_rows, s.distance_avg, s.margin_avg, coalesce(c.scaled, s.scaled), coalesce(c.value, s.value),
                         s.mean, s.p25, s.median, s.p75, s.stddev, s.min, s.max, s.silhouette_pairwise)::segment_internal.fitted_segment ORDER BY s.ordinality)
      INTO fit.segments
      FROM unnest(fit.segments) WITH ORDINALITY s
      LEFT JOIN segment_internal.catalog_centroid c ON c.model_id = m.model_id AND c.run = m.run AND c.segment = s.segment;
    WITH RECURSIVE beneath AS (
        SELECT n.node, n.node AS leaf, n.segment FROM segment_internal.catalog_node n WHERE n.model_id = m.model_id AND n.run = m.run AND n.segment IS NOT NULL
         UNION ALL
        SELECT n.parent, b.leaf, b.segment
          FROM beneath b
          JOIN segment_internal.catalog_node n ON n.model_id = m.model_id AND n.run = m.run AND n.node = b.node
         WHERE n.parent IS NOT NULL
    )
    SELECT array_agg(ROW(n.parent, n.segment, n.depth, b.rows, n.feature_no, n.split, n.above)::segment_internal.fitted_node ORDER BY n.node)
      INTO fit.nodes
      FROM segment_internal.catalog_node n
      JOIN (SELECT u.node, sum((today ->> u.segment::text)::bigint)::bigint AS rows FROM beneath u GROUP BY u.node) b ON b.node = n.node
     WHERE n.model_id = m.model_id AND n.run = m.run;
    fit.nodes := coalesce(fit.nodes, '{}');
    fit.converged := (SELECT r.converged FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    RETURN fit;
END
$$;

COMMENT ON FUNCTION segment_internal.rescored IS
'Internal: what the engine has found of today''s rows, with the centroids and the tree of the model as it is.';

-- After replace => true numbers are others; a rollback brings those of its run back.
CREATE FUNCTION segment_internal.known_since(m segment_internal.catalog_model, since integer, OUT run integer, OUT segment integer, OUT origin integer)
RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known jsonb := '{}';        -- of each run: segment, and its number in the run since
    n     integer;
    back  integer;
BEGIN
    FOR n, back IN SELECT r.run, r.rolled_back_to FROM segment_internal.catalog_run r
                    WHERE r.model_id = m.model_id AND r.run BETWEEN since AND m.run ORDER BY r.run LOOP
        known := known || jsonb_build_object(n, coalesce(CASE
            WHEN n = since THEN (SELECT jsonb_object_agg(p.segment, p.segment) FROM segment_internal.catalog_profile p
                                    WHERE p.model_id = m.model_id AND p.run = since AND p.segment > 0)
            WHEN back >= since THEN known -> back::text
            ELSE (SELECT jsonb_object_agg(t.to_segment, k.value)
                    FROM segment_internal.catalog_transition t
                    JOIN jsonb_each(known -> (n - 1)::text) k ON k.key = t.from_segment::text
                   WHERE t.model_id = m.model_id AND t.run = n AND t.kind = 'survived') END, '{}'));
        RETURN QUERY SELECT n, k.key::integer, k.value::integer FROM jsonb_each_text(known -> n::text) k;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.known_since IS
'Internal: the segments of a run, and of those after it, that are segments of that run still, with their numbers then and in it.';

CREATE FUNCTION segment_internal.same_numbers(old segment_internal.catalog_model, fit segment_internal.fitted, since integer) RETURNS segment_internal.transition[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT ROW(o.segment, n.segment, CASE WHEN o.segment IS NULL THEN 'born' WHEN n.segment IS NULL THEN 'vanished' ELSE 'survived' END,
                            NULL, NULL, CASE WHEN o.segment IS NOT NULL THEN segment_internal.own($1.model_id, $1.run, o.segment)
                                             ELSE segment_internal.own($1.model_id, $3, n.segment) END)::segment_internal.transition
                   FROM (SELECT p.segment, k.origin
                           FROM segment_internal.catalog_profile p
                           LEFT JOIN segment_internal.known_since($1, $3) k ON k.run = p.run AND k.segment = p.segment
                          WHERE p.model_id = $1.model_id AND p.run = $1.run AND p.segment > 0) o
                   FULL JOIN (SELECT s.segment FROM unnest($2.segments) s WHERE s.segment > 0) n ON n.segment = o.origin
                  ORDER BY o.segment, n.segment);
$$;

COMMENT ON FUNCTION segment_internal.same_numbers IS
'Internal: the transitions from the current run to one with the segments of this run or an earlier one: those that are known from that survive.';

CREATE FUNCTION segment_internal.restore_labels(m segment_internal.catalog_model, since integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- only what retired: a label that is gone before was taken away by somebody
    PERFORM segment_internal.keep_label(m.model_id, t.origin, t.label, NULL)
       FROM (SELECT DISTINCT ON (k.origin) k.origin, t.kind, t.label
               FROM segment_internal.known_since(m, since) k
               JOIN segment_internal.catalog_transition t ON t.model_id = m.model_id AND t.run = k.run + 1 AND t.from_segment = k.segment
              ORDER BY k.origin, t.run DESC, t.kind = 'survived' DESC) t
      WHERE t.kind <> 'survived' AND t.label IS NOT NULL;
END
$$;

COMMENT ON FUNCTION segment_internal.restore_labels IS
'Internal: gives segments that are there again since a rollback to a run the labels that retired with them after it.';

CREATE FUNCTION segment_internal.automatic_labels(m segment_internal.catalog_model) RETURNS segment_internal.label[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT ROW(p.segment, p.label_terms, p.label, true)::segment_internal.label
                   FROM segment_internal.catalog_profile p
                  WHERE p.model_id = $1.model_id AND p.run = $1.run AND p.segment > 0 ORDER BY p.segment);
$$;

COMMENT ON FUNCTION segment_internal.automatic_labels IS 'Internal: the automatic labels of the current run.';

CREATE FUNCTION @extschema@.segment_rescore(model text, wait boolean DEFAULT true) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.refresh(segment_internal.model_id_now($1, current_schemas(true)),
    jsonb_build_object('rescore', true, 'warm_start', false, 'stability', 0, 'wait', coalesce($2, true)));

COMMENT ON FUNCTION @extschema@.segment_rescore IS
'Puts today''s rows into the segments of a model as it is: preparation and centroids, numbers and labels stay, new rows come in, those that are gone go out, and their figures are recorded as a run. Runs as the model''s owner, whose members may call it. wait => false raises an error if another session is working on the model.';
-- Scoring. A row needs the model's features by name; everything else in it is ignored.

CREATE FUNCTION @extschema@.segment_predict(model text, customer record) RETURNS integer
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_predict IS
'The segment of a row that has the features of the model by name, for example segment_predict(''customers'', c) FROM new_customers c. NULL for a row that the model''s preparation skips.';

CREATE FUNCTION @extschema@.segment_score(model text, customer record) RETURNS @extschema@.segment_score
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_score IS
'The segment of a row with its label, distance, the nearest other segment and margin. NULL for a row that the model''s preparation skips.';

CREATE FUNCTION @extschema@.segment_distances(
    model    text,
    customer record,
    OUT segment  integer,
    OUT distance float8
) RETURNS SETOF record
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_distances IS
'The distance of a row to the centroid of every segment, scaled space, nearest first; sizes that were asked for may have put the row elsewhere. No rows for a row that the model''s preparation skips.';

CREATE FUNCTION segment_internal.explained(
    model text,
    OUT features text[],
    OUT means    float8[]
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT segment_internal.features(m), (SELECT array_agg(s.mean ORDER BY s.segment) FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id AND s.segment > 0)
      FROM segment_internal.model($1) m;
END;

COMMENT ON FUNCTION segment_internal.explained IS
'Internal: what explaining a row needs beside compiled(): the features of a model, and their means in each segment, in the order of its numbers.';

CREATE FUNCTION @extschema@.segment_explain(
    model    text,
    customer record,
    OUT feature      text,
    OUT value        float8,
    OUT segment_mean float8,
    OUT contribution float8
) RETURNS SETOF record
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_explain IS
'What put a row into its segment and not the second nearest: for each feature its value (NULL: missing, and filled in as the fit did), the mean of the segment, both in original units, and its share of the difference between the two squared distances, scaled space: contributions sum to 1, a negative one speaks for the other segment. The largest first. Contributions are NULL where there is no second segment, or it is just as near. No rows for a row that the model''s preparation skips.';
-- Two models of the same customers beside each other.

CREATE FUNCTION segment_internal.check_same_key(a segment_internal.catalog_model, b segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model;
    differ record;
BEGIN
    FOREACH m IN ARRAY ARRAY[a, b] LOOP
        IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
            RAISE undefined_table USING
                MESSAGE = format('model "%s" has no assignment, which tells the segment of each row', m.name),
                HINT = 'Fit it with a key, and assignment => ''table'' or ''view''.';
        END IF;
    END LOOP;
    IF NOT (a.key <@ b.key AND b.key <@ a.key) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('models "%s" and "%s" have different keys', a.name, b.name),
            DETAIL = format('The key of "%s" is (%s), that of "%s" (%s).', a.name, segment_internal.identifiers(a.key),
                            b.name, segment_internal.identifiers(b.key)),
            HINT = 'Fit both with the same columns in key => ''{...}''; a view can give them the same names.';
    END IF;
    SELECT x.column_name, x.data_type AS type, y.data_type AS other INTO differ
      FROM segment_internal.columns(a.assignment) x
      JOIN segment_internal.columns(b.assignment) y ON y.column_name = x.column_name
     WHERE x.column_name = ANY (a.key) AND x.base_type <> y.base_type AND NOT (x.kind = y.kind AND x.kind IN ('number', 'category'))
     ORDER BY x.column_no
     LIMIT 1;
    IF FOUND THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('models "%s" and "%s" have keys of different types', a.name, b.name),
            DETAIL = format('Column "%s" has type %s in "%s" and type %s in "%s".', differ.column_name, differ.type, a.name, differ.other, b.name),
            HINT = 'Cast it in a view, and fit that.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_same_key IS 'Internal: raises unless two models have assignments with the same key columns.';

CREATE FUNCTION segment_internal.assigned_segment(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT (array_agg(c.column_name ORDER BY c.column_no))[cardinality(($1).key) + 1] FROM segment_internal.columns(($1).assignment) c;
END;

COMMENT ON FUNCTION segment_internal.assigned_segment IS 'Internal: the column of an assignment that has the segment.';

CREATE FUNCTION segment_internal.contingency(
    model_a bigint,
    model_b bigint,
    OUT segment_a integer,
    OUT segment_b integer,
    OUT rows      bigint
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    a segment_internal.catalog_model := segment_internal.model(model_a);
    b segment_internal.catalog_model := segment_internal.model(model_b);
BEGIN
    PERFORM segment_internal.check_same_key(a, b);
    RETURN QUERY EXECUTE format(
        'SELECT a.%1$I, b.%2$I, count(*) FROM %3$s a JOIN %4$s b ON %5$s GROUP BY 1, 2 ORDER BY 1, 2',
        segment_internal.assigned_segment(a), segment_internal.assigned_segment(b), a.assignment, b.assignment,
        (SELECT string_agg(CASE WHEN x.base_type = y.base_type THEN format('a.%1$I %2$s b.%1$I', x.column_name, segment_internal.equality(x.base_type))
                                WHEN x.kind = 'number' THEN format('a.%1$I = b.%1$I', x.column_name)
                                ELSE format('a.%1$I::text = b.%1$I::text', x.column_name) END, ' AND ' ORDER BY x.column_no)
           FROM segment_internal.columns(a.assignment) x
           JOIN segment_internal.columns(b.assignment) y ON y.column_name = x.column_name
          WHERE x.column_name = ANY (a.key)));
END
$$;

COMMENT ON FUNCTION segment_internal.contingency IS 'Internal: segment_contingency of two models, with the rights of the caller.';

CREATE FUNCTION @extschema@.segment_contingency(
    model_a text,
    model_b text,
    OUT segment_a integer,
    OUT segment_b integer,
    OUT rows      bigint
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.* FROM segment_internal.contingency(segment_internal.model_id($1), segment_internal.model_id($2)) c;
END;

COMMENT ON FUNCTION @extschema@.segment_contingency IS
'How many rows are in each segment of one model and each of another, over the keys that both assignments have; pairs of segments without common rows are left out. The caller needs SELECT on both assignments.';

CREATE FUNCTION @extschema@.segment_compare(
    model_a text,
    model_b text,
    OUT metric text,
    OUT value  float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH cell AS MATERIALIZED (
        SELECT c.segment_a AS a, c.segment_b AS b, c.rows,
               sum(c.rows) OVER ()::float8 AS n, sum(c.rows) OVER (PARTITION BY c.segment_a)::float8 AS rows_a,
               sum(c.rows) OVER (PARTITION BY c.segment_b)::float8 AS rows_b
          FROM segment_internal.contingency(segment_internal.model_id($1), segment_internal.model_id($2)) c
    ), figures AS (
        -- of segments and of both together, in nats; sums in an order of their own
        SELECT (SELECT -sum(s.rows_a / s.n * ln(s.rows_a / s.n) ORDER BY s.a) FROM (SELECT DISTINCT c.a, c.rows_a, c.n FROM cell c) s) AS entropy_a,
               (SELECT -sum(s.rows_b / s.n * ln(s.rows_b / s.n) ORDER BY s.b) FROM (SELECT DISTINCT c.b, c.rows_b, c.n FROM cell c) s) AS entropy_b,
               sum(c.rows / c.n * ln(c.rows / c.rows_a * (c.n / c.rows_b)) ORDER BY c.a, c.b) AS information,
               segment_internal.rand_index(c.a, c.b, c.rows) AS rand_index, coalesce(sum(c.rows), 0)::float8 AS rows
          FROM cell c
    )
    SELECT v.metric, v.value
      FROM figures f
     CROSS JOIN LATERAL (VALUES
               (1, 'adjusted_rand', f.rand_index),
               (2, 'normalized_mutual_information',
                   CASE WHEN f.rows = 0 THEN NULL WHEN f.entropy_a + f.entropy_b = 0 THEN 1 WHEN f.information < 2.220446049250313e-16 THEN 0
                        ELSE least(2 * f.information / (f.entropy_a + f.entropy_b), 1) END),
               (3, 'common_rows', f.rows)) v (n, metric, value)
     ORDER BY v.n;
END;

COMMENT ON FUNCTION @extschema@.segment_compare IS
'How far two models agree, over the keys that both assignments have: adjusted_rand as segment_rand_index gives it; normalized_mutual_information, from 0 for models that say nothing of each other to 1 for those that are the same but for their numbers, divided by the mean of the two entropies as scikit-learn does; common_rows, how many keys both have. Without common rows the first two are NULL.';
-- The figures of a model. The bodies are SQL-standard: their names are bound here and not through the caller's search_path.
-- Left joins, for what does not exist must be an error: a plan could begin with another relation, find no row in it and
-- never ask for the model.

CREATE FUNCTION @extschema@.segment_centroids(
    model text,
    OUT segment integer,
    OUT feature text,
    OUT value   float8,
    OUT scaled  float8
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.segment, f.feature, c.value[f.feature_no], c.scaled[f.feature_no]
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_centroid c ON c.model_id = m.model_id AND c.run = m.run
      LEFT JOIN segment_internal.catalog_feature f ON f.model_id = m.model_id AND f.run = m.run
     ORDER BY c.segment, f.feature_no;
END;

COMMENT ON FUNCTION @extschema@.segment_centroids IS
'The centroids of a model, a row a segment and feature: value in original units, scaled as distances are computed.';

CREATE FUNCTION segment_internal.figures(
    m segment_internal.catalog_model,
    OUT segment integer, OUT label text, OUT rows bigint, OUT share float8, OUT feature_no integer, OUT feature text,
    OUT mean float8, OUT median float8, OUT stddev float8, OUT min float8, OUT max float8,
    OUT population_mean float8, OUT population_stddev float8, OUT population_min float8, OUT population_max float8, OUT index float8, OUT z float8
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.segment, s.label, s.rows, s.share, f.feature_no, f.feature, s.mean[f.feature_no], s.median[f.feature_no],
           s.stddev[f.feature_no], s.min[f.feature_no], s.max[f.feature_no], f.mean, f.stddev, f.min, f.max,
           segment_internal.index(s.mean[f.feature_no], segment_internal.index_base(f.mean, f.min, f.max)),
           segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev)
      FROM segment_internal.catalog_segment s
      JOIN segment_internal.catalog_feature f ON f.model_id = s.model_id AND f.run = ($1).run
     WHERE s.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.figures IS 'Internal: the figures of each feature in each segment of the current run, beside those of all rows.';

CREATE FUNCTION @extschema@.segment_profile(
    model text,
    OUT segment         integer,
    OUT label           text,
    OUT rows            bigint,
    OUT share           float8,
    OUT feature         text,
    OUT mean            float8,
    OUT median          float8,
    OUT stddev          float8,
    OUT min             float8,
    OUT max             float8,
    OUT population_mean float8,
    OUT index           float8,
    OUT z               float8,
    OUT bar             text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT f.segment, f.label, f.rows, f.share, f.feature, f.mean, f.median, f.stddev, f.min, f.max, f.population_mean, f.index, f.z,
           segment_internal.text_bar_beside(f.z, max(abs(f.z)) OVER ())
      FROM segment_internal.model($1) m
      LEFT JOIN LATERAL segment_internal.figures(m) f ON true
     ORDER BY f.segment, f.feature_no;
END;

COMMENT ON FUNCTION @extschema@.segment_profile IS
'The figures of a model, a row a segment and feature, original units: index is the mean as a percentage of the mean of all rows, NULL where values have both signs, z its distance from that mean in standard deviations of all rows, bar the latter, beside the largest.';

CREATE FUNCTION @extschema@.segment_recipe(
    model text,
    OUT feature       text,
    OUT source_column text,
    OUT step          text,
    OUT parameter     text,
    OUT value         text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.feature, s.source_column, s.step, s.parameter, s.value
      FROM segment_internal.ungrouped(segment_internal.model($1), 'recipe') m
      LEFT JOIN LATERAL (
           SELECT f.feature_no, f.feature, f.source_column, p.n, p.step, p.parameter, p.value
             FROM segment_internal.catalog_feature f
            CROSS JOIN LATERAL (VALUES
                      (1, 'encode', CASE f.encoding WHEN 'boolean' THEN 'true' WHEN 'days' THEN 'days since' WHEN 'interval' THEN 'unit'
                                         WHEN 'element' THEN 'element' ELSE 'category' END,
                                    CASE f.encoding WHEN 'boolean' THEN '1' WHEN 'days' THEN '1970-01-01' WHEN 'interval' THEN 'days'
                                         WHEN 'other' THEN '(other)' WHEN 'missing' THEN '(missing)' ELSE f.part END,
                                    f.encoding NOT IN ('number', 'flag', 'vector')),
                      (2, 'impute', 'rule', CASE WHEN f.encoding IN ('category', 'other') AND f.missing = 'median'
                                                 THEN 'most common' ELSE f.missing END, true),
                      (3, 'impute', 'fill', f.fill::text, f.fill IS NOT NULL),
                      (4, 'fence', 'rule', f.outliers, f.outliers <> 'keep'),
                      (5, 'fence', 'method', f.fence, f.outliers <> 'keep'),
                      (6, 'fence', CASE f.fence WHEN 'quantiles' THEN 'lower quantile' ELSE 'threshold' END,
                                   f.fence_low::text, f.outliers <> 'keep'),
                      (7, 'fence', 'upper quantile', f.fence_high::text, f.outliers <> 'keep' AND f.fence = 'quantiles'),
                      (8, 'fence', 'lower', f.lower::text, f.lower IS NOT NULL),
                      (9, 'fence', 'upper', f.upper::text, f.upper IS NOT NULL),
                      (10, 'transform', 'method', f.transform, f.transform <> 'none'),
                      (11, 'transform', 'lambda', f.lambda::text, f.lambda IS NOT NULL),
                      (12, 'scale', 'method', f.scaling, true),
                      (13, 'scale', 'center', f.center::text, true),
                      (14, 'scale', 'scale', f.scale::text, true),
                      (15, 'weight', 'weight', f.weight::text, true)
                  ) p (n, step, parameter, value, applies)
            WHERE f.model_id = m.model_id AND f.run = m.run AND p.applies
            UNION ALL
           SELECT NULL, NULL, NULL, 16, 'normalize', 'length', '1'
            WHERE m.options ->> 'distance' = 'cosine') s ON true
     ORDER BY s.feature_no, s.n;
END;

COMMENT ON FUNCTION @extschema@.segment_recipe IS
'How the current run of a model prepares a row, step by step: encode, impute, fence, transform, scale, weight, and normalize for all features together under cosine distance. Scoring replays it.';

CREATE FUNCTION @extschema@.segment_evaluate(
    model text,
    OUT metric text,
    OUT value  float8,
    OUT better text,
    OUT rows   bigint
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT v.metric, v.value, v.better, CASE v.metric WHEN 'silhouette' THEN r.silhouette_rows ELSE r.rows_used END
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run
     CROSS JOIN LATERAL (VALUES (1, 'inertia', r.inertia, 'lower'),
                                (2, 'explained', r.explained, 'higher'),
                                (3, 'silhouette_simplified', r.silhouette, 'higher'),
                                (4, 'silhouette', r.silhouette_pairwise, 'higher'),
                                (5, 'davies_bouldin', r.davies_bouldin, 'lower'),
                                (6, 'calinski_harabasz', r.calinski_harabasz, 'higher')) v (n, metric, value, better)
     ORDER BY v.n;
END;

COMMENT ON FUNCTION @extschema@.segment_evaluate IS
'How good the current run of a model is, and whether lower or higher is better. Inertia depends on the data and on k; the others compare runs with different k. silhouette is by distances between rows, of a sample that the fit drew; rows: how many a figure is of.';

CREATE FUNCTION @extschema@.segment_groups(
    model text,
    OUT group_values jsonb,
    OUT rows_read    bigint,
    OUT rows_used    bigint,
    OUT k            integer,
    OUT k_reason     text,
    OUT inertia      float8,
    OUT explained    float8,
    OUT silhouette   float8,
    OUT segments     integer[]
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_object(segment_internal.group_by(m), g.group_values), g.rows_read, g.rows_used, g.k, g.k_reason, g.inertia, g.explained, g.silhouette, g.segments
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_group g ON g.model_id = m.model_id AND g.run = m.run
     WHERE coalesce(g.group_no, 0) > 0
     ORDER BY g.group_no;
END;

COMMENT ON FUNCTION @extschema@.segment_groups IS
'The groups of a model fitted with group_by: the text of each column, the rows, the segments and the figures of the model of these rows alone; k is NULL for a group that was left out, and k_reason says why. No rows for a model without groups.';
-- Naming segments.

CREATE FUNCTION segment_internal.label(model_id bigint, segment integer, label text, description text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.owned_model(model_id);
    segments integer[] := ARRAY(SELECT s.segment FROM segment_internal.catalog_segment s
                                 WHERE s.model_id = m.model_id ORDER BY s.segment);
BEGIN
    IF segment IS NULL OR segment <> ALL (segments) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('model "%s" has no segment %s', m.name, coalesce(segment::text, 'NULL')),
            HINT = format('Its segments are %s to %s.', segments[1], segments[cardinality(segments)]);
    END IF;
    IF btrim(label) = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "label" is empty',
            HINT = 'NULL takes the label of a segment away.';
    ELSIF octet_length(label) > 1000 OR octet_length(description) > 10000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "%s" is too long', CASE WHEN octet_length(label) > 1000 THEN 'label' ELSE 'description' END),
            HINT = 'A label has at most 1000 bytes, a description 10000.';
    END IF;
    PERFORM segment_internal.keep_label(model_id, segment, label, description);
END
$$;

COMMENT ON FUNCTION segment_internal.label IS 'Internal: segment_label of a model.';

CREATE FUNCTION @extschema@.segment_label(model text, segment integer, label text, description text DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE
RETURN segment_internal.label(segment_internal.model_id_now($1, current_schemas(true)), $2, $3, $4);

COMMENT ON FUNCTION @extschema@.segment_label IS
'Names a segment; the name shows in the profile and in members and survives refits. A NULL label takes the name away.';
-- Renaming a model.

CREATE FUNCTION segment_internal.rename_relation(relation regclass, schema text, model text, suffix text, own regclass[])
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := segment_internal.output_name(schema, model, suffix, own);
BEGIN
    IF EXISTS (SELECT FROM pg_class c WHERE c.oid = relation AND c.relname <> name) THEN
        EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, name);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.rename_relation IS
'Internal: gives a relation the name that it would have had if the model had been fitted under this one.';

CREATE FUNCTION segment_internal.rename(model_id bigint, new_name text, wait boolean) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.rename IS 'Internal: segment_rename of a model, as its owner.';

CREATE FUNCTION segment_internal.rename_as_owner(model_id bigint, new_name text, wait boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model := segment_internal.owned_model(model_id);
    own    regclass[] := array_remove(ARRAY[m.assignment, m.profile, m.members, m.changes, m.live], NULL);
    schema text;
BEGIN
    IF coalesce(new_name, '') = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "new_name" is empty',
            HINT = 'Give the name that the model shall have.';
    ELSIF octet_length(new_name) > 1000 THEN
        RAISE name_too_long USING MESSAGE = 'argument "new_name" is longer than 1000 bytes';
    END IF;

    SELECT l.schema INTO schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id;
    PERFORM segment_internal.lock_model(model_id, m.name, wait), segment_internal.lock_name(schema, new_name, wait);
    IF (segment_internal.existing(schema, new_name)).model_id IS NOT NULL THEN
        RAISE duplicate_object USING
            MESSAGE = format('model "%s" already exists', new_name),
            HINT = 'Choose another name, or drop that model first.';
    END IF;

    PERFORM segment_internal.rename_relation(m.assignment, schema, new_name, '_assignment', own),
            segment_internal.rename_relation(m.profile, schema, new_name, '_profile', own),
            segment_internal.rename_relation(m.members, schema, new_name, '_members', own),
            segment_internal.rename_relation(m.changes, schema, new_name, '_changes', own);
    IF EXISTS (SELECT FROM pg_class c WHERE c.oid = m.live AND c.relname = segment_internal.output_name(schema, m.name, '_live', own)) THEN
        PERFORM segment_internal.rename_relation(m.live, schema, new_name, '_live', own);
    END IF;
    PERFORM segment_internal.keep_name(model_id, new_name);
END
$$;

COMMENT ON FUNCTION segment_internal.rename_as_owner IS 'Internal: the job of segment_rename.';

CREATE FUNCTION @extschema@.segment_rename(model text, new_name text, wait boolean DEFAULT true) RETURNS void
LANGUAGE sql VOLATILE
RETURN segment_internal.rename(segment_internal.model_id_now($1, current_schemas(true)), $2, coalesce($3, true));

COMMENT ON FUNCTION @extschema@.segment_rename IS 'Renames a model and its relations. Its columns keep their names. wait => false: an error if another session is working on the model.';
-- Dropping a model.

CREATE FUNCTION segment_internal.freeze(view regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    saved  jsonb := segment_internal.save_relation(view);
    frozen regclass;
BEGIN
    EXECUTE format('ALTER VIEW %s RENAME TO %I', view, segment_internal.fresh_name());
    EXECUTE format('CREATE TABLE %I.%I AS SELECT * FROM %s', saved ->> 'schema', saved ->> 'name', view);
    frozen := format('%I.%I', saved ->> 'schema', saved ->> 'name');
    PERFORM segment_internal.restore_look(frozen, saved);
END
$$;

COMMENT ON FUNCTION segment_internal.freeze IS
'Internal: sets a view aside and puts a table with its rows, comments and grants in its place.';

CREATE FUNCTION segment_internal.keep_output(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off AS $$
DECLARE
    members text := (SELECT pg_get_viewdef(c.oid) FROM pg_class c WHERE c.oid = m.members);
    labels  text := format('(SELECT %L::regclass AS profile, s.segment, s.label FROM %1$s s) p', m.profile);
BEGIN
    PERFORM segment_internal.freeze(c.oid)
       FROM pg_class c
      WHERE c.oid IN (m.profile, m.assignment) AND c.relkind = 'v';

    -- the same query now finds the tables, and the labels in the profile; names and texts, which are quoted, stay as they are
    IF members IS NOT NULL THEN
        EXECUTE format('CREATE OR REPLACE VIEW %s AS %s', m.members,
                       regexp_replace(members, '^((?:[^"'']|"[^"]*"|''[^'']*'')*) JOIN segment_internal[.]catalog_shown p ON ',
                                      format('\1 JOIN %s ON ', replace(labels, '\', '\\'))));
    END IF;
    EXECUTE format('DROP VIEW %s', m.profile);
    IF m.assignment_kind = 'view' THEN
        EXECUTE format('DROP VIEW IF EXISTS %s', m.assignment);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_output IS 'Internal: makes the relations of a model independent of the catalog.';

CREATE FUNCTION segment_internal.drop(model_id bigint, keep_output boolean, wait boolean) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.drop IS 'Internal: segment_drop of a model, as its owner.';

CREATE FUNCTION segment_internal.drop_as_owner(model_id bigint, keep_output boolean, wait boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.claim(model_id, wait);
BEGIN
    IF keep_output THEN
        PERFORM segment_internal.drop_relations(ARRAY[m.live]),
                segment_internal.keep_output(m),
                segment_internal.sweep();
    ELSE
        PERFORM segment_internal.forget(model_id),
                segment_internal.drop_relations(ARRAY[m.live, m.members, m.profile, m.assignment, m.changes]);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.drop_as_owner IS 'Internal: the job of segment_drop.';

CREATE FUNCTION @extschema@.segment_drop(model text, keep_output boolean DEFAULT false, wait boolean DEFAULT true) RETURNS void
LANGUAGE sql VOLATILE
RETURN segment_internal.drop(segment_internal.model_id_now($1, current_schemas(true)), $2, coalesce($3, true));

COMMENT ON FUNCTION @extschema@.segment_drop IS
'Drops a model with its relations and its history. keep_output => true keeps the relations: the assignment and the changes as tables, the profile as a table, the members as a view over both; a live view is dropped in any case. wait => false: an error if another session is working on the model.';
-- What there is: the models, their runs, their profiles and the fits that run now, as far as the reader may see them.
-- Names from PostgreSQL's catalogs have the collation of bytes, which is in the way when they are compared with others.

CREATE VIEW @extschema@.segment_models WITH (security_invoker) AS
SELECT m.name AS model,
       l.schema COLLATE "default" AS schema,
       m.source,
       r.k,
       m.run,
       r.rows_used,
       m.columns AS features,
       r.inertia,
       r.silhouette,
       m.assignment,
       m.profile,
       m.members,
       pg_get_userbyid(l.owner) AS owner,
       m.created_at,
       r.started_at AS refreshed_at,
       m.changes,
       m.live
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run;

COMMENT ON VIEW @extschema@.segment_models IS 'The models that the reader may see, with the figures of their current run.';
COMMENT ON COLUMN @extschema@.segment_models.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_models.schema IS 'Schema of its relations.';
COMMENT ON COLUMN @extschema@.segment_models.source IS 'Relation whose rows it segments.';
COMMENT ON COLUMN @extschema@.segment_models.k IS 'Number of segments.';
COMMENT ON COLUMN @extschema@.segment_models.run IS 'Number of its latest fit, from 1.';
COMMENT ON COLUMN @extschema@.segment_models.rows_used IS 'Rows that were clustered.';
COMMENT ON COLUMN @extschema@.segment_models.features IS 'Columns that it clusters on.';
COMMENT ON COLUMN @extschema@.segment_models.inertia IS 'Sum of the squared distances of the rows to the centres of their segments, scaled units: lower is better, for the same features and k.';
COMMENT ON COLUMN @extschema@.segment_models.silhouette IS 'How clearly the segments are set apart, 0 to 1: mean margin of the rows (simplified silhouette); NULL for one segment.';
COMMENT ON COLUMN @extschema@.segment_models.assignment IS 'Relation with the segment of every row; NULL: none.';
COMMENT ON COLUMN @extschema@.segment_models.profile IS 'View with the segments and their figures.';
COMMENT ON COLUMN @extschema@.segment_models.members IS 'View with the source''s rows and their segments; NULL: none.';
COMMENT ON COLUMN @extschema@.segment_models.owner IS 'Owner of the profile, who owns the model.';
COMMENT ON COLUMN @extschema@.segment_models.created_at IS 'When it was first fitted.';
COMMENT ON COLUMN @extschema@.segment_models.refreshed_at IS 'When its latest fit began: the age of its figures.';
COMMENT ON COLUMN @extschema@.segment_models.changes IS 'Table of the rows that runs have moved; NULL: the model has no history.';
COMMENT ON COLUMN @extschema@.segment_models.live IS 'View that scores the source''s rows when it is read; NULL: segment_live_view() made none.';

CREATE VIEW @extschema@.segment_runs WITH (security_invoker) AS
SELECT m.name AS model,
       r.run,
       m.source,
       r.k,
       r.k_reason,
       r.rows_read,
       r.rows_used,
       r.rows_skipped,
       f.features,
       r.iterations,
       r.converged,
       r.inertia,
       r.silhouette,
       r.explained,
       r.davies_bouldin,
       r.calinski_harabasz,
       m.assignment,
       m.profile,
       m.members,
       r.started_at,
       r.elapsed,
       r.clear_groups,
       m.changes,
       jsonb_strip_nulls(r.options) || jsonb_build_object('source', format('%I.%I', r.binding ->> 'schema', r.binding ->> 'name')) AS options
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT array_agg(f.source_column ORDER BY f.feature_no) AS features
                       FROM (SELECT f.source_column, min(f.feature_no) AS feature_no
                               FROM segment_internal.catalog_feature f
                              WHERE f.model_id = r.model_id AND f.run = r.run
                              GROUP BY f.source_column) f) f;

COMMENT ON VIEW @extschema@.segment_runs IS 'The fits of the models that the reader may see, in the columns of segment_run, and their options.';
COMMENT ON COLUMN @extschema@.segment_runs.options IS 'Arguments of the fit, with the name that its source had.';

CREATE FUNCTION segment_internal.shown_run(profile regclass, run integer) RETURNS @extschema@.segment_run
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.model, r.run, r.source, r.k, r.k_reason, r.rows_read, r.rows_used, r.rows_skipped, r.features, r.iterations, r.converged, r.inertia,
           r.silhouette, r.explained, r.davies_bouldin, r.calinski_harabasz, r.assignment, r.profile, r.members, r.started_at, r.elapsed, r.clear_groups,
           r.changes
      FROM @extschema@.segment_runs r
     WHERE r.profile = $1 AND r.run = $2;
END;

COMMENT ON FUNCTION segment_internal.shown_run IS 'Internal: a run as the call that made it returns it.';

DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT a.attname, col_description(a.attrelid, a.attnum) AS comment
                   FROM pg_attribute a
                  WHERE a.attrelid = '@extschema@.segment_run'::regclass AND a.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.segment_runs.%I IS %L', '@extschema@', entry.attname, entry.comment);
    END LOOP;
END
$$;

CREATE VIEW @extschema@.segment_progress WITH (security_invoker) AS
SELECT p.pid,
       d.datname,
       p.model,
       p.phase,
       p.rows_done,
       p.rows_total,
       p.iteration,
       p.max_iter,
       p.restart,
       p.n_init,
       p.inertia,
       p.started_at
  FROM segment_internal.progress() p
  LEFT JOIN pg_database d ON d.oid = p.datid;

COMMENT ON VIEW @extschema@.segment_progress IS 'The fits that run now, in any session and database. Of sessions of roles that the reader is no member of: pid and datname only, but for pg_read_all_stats.';
COMMENT ON COLUMN @extschema@.segment_progress.pid IS 'Process of the session.';
COMMENT ON COLUMN @extschema@.segment_progress.datname IS 'Its database.';
COMMENT ON COLUMN @extschema@.segment_progress.model IS 'Name of the model; of the relation for segment_elbow.';
COMMENT ON COLUMN @extschema@.segment_progress.phase IS 'choosing (features, where none are named), reading, preparing, searching, clustering, judging, writing or indexing.';
COMMENT ON COLUMN @extschema@.segment_progress.rows_done IS 'Rows done in this phase; when clustering, in this iteration.';
COMMENT ON COLUMN @extschema@.segment_progress.rows_total IS 'Rows to do in this phase; NULL: not known.';
COMMENT ON COLUMN @extschema@.segment_progress.iteration IS 'Iterations done of the restart; NULL before the first.';
COMMENT ON COLUMN @extschema@.segment_progress.max_iter IS 'The most that there will be.';
COMMENT ON COLUMN @extschema@.segment_progress.restart IS 'The restart, from 1; NULL before the first.';
COMMENT ON COLUMN @extschema@.segment_progress.n_init IS 'Restarts in all.';
COMMENT ON COLUMN @extschema@.segment_progress.inertia IS 'Sum of squared distances to the nearest centroid after that iteration, scaled space; NULL before the first.';
COMMENT ON COLUMN @extschema@.segment_progress.started_at IS 'When the fit began to read.';
-- The figures of all models that the reader may see, for tools that cannot call functions.

CREATE VIEW @extschema@.segment_profiles WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       l.name AS model,
       s.segment,
       s.label,
       s.rows,
       s.share,
       f.feature,
       s.mean[f.feature_no] AS mean,
       s.median[f.feature_no] AS median,
       s.stddev[f.feature_no] AS stddev,
       s.min[f.feature_no] AS min,
       s.max[f.feature_no] AS max,
       f.mean AS population_mean,
       segment_internal.index(s.mean[f.feature_no], segment_internal.index_base(f.mean, f.min, f.max)) AS index,
       segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev) AS z
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_segment s ON s.model_id = l.model_id
  JOIN segment_internal.catalog_feature f ON f.model_id = l.model_id AND f.run = m.run;

COMMENT ON VIEW @extschema@.segment_profiles IS 'The segments of the models that the reader may see, a row a segment and feature, with the figures of the latest fit in the units of the features.';
COMMENT ON COLUMN @extschema@.segment_profiles.schema IS 'Schema of the model''s relations.';
COMMENT ON COLUMN @extschema@.segment_profiles.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_profiles.segment IS 'Number of the segment, from 1; a segment keeps it when the model is refreshed.';
COMMENT ON COLUMN @extschema@.segment_profiles.label IS 'Name of the segment, to be shown to people; segment_label() changes it.';
COMMENT ON COLUMN @extschema@.segment_profiles.rows IS 'Number of rows in the segment, at the latest fit; the same for each of its features.';
COMMENT ON COLUMN @extschema@.segment_profiles.share IS 'Share of the segment in all rows of the latest fit: 0.25 is a quarter; the same for each of its features.';
COMMENT ON COLUMN @extschema@.segment_profiles.feature IS 'The column of the source; "column=value" for the rows with that value, 1 or 0 each.';
COMMENT ON COLUMN @extschema@.segment_profiles.mean IS 'Average in the segment; of "column=value" the share of rows, 0 to 1; of dates in days since 1970-01-01. NULL if no row has a value, as are median, stddev, min, max, index and z.';
COMMENT ON COLUMN @extschema@.segment_profiles.median IS 'Median in the segment: half of the rows are below, half above.';
COMMENT ON COLUMN @extschema@.segment_profiles.stddev IS 'Standard deviation in the segment (of a population).';
COMMENT ON COLUMN @extschema@.segment_profiles.min IS 'Least value in the segment.';
COMMENT ON COLUMN @extschema@.segment_profiles.max IS 'Greatest value in the segment.';
COMMENT ON COLUMN @extschema@.segment_profiles.population_mean IS 'Average of all rows; NULL if no row has a value.';
COMMENT ON COLUMN @extschema@.segment_profiles.index IS 'mean as a percentage of population_mean: 100 is average, 200 twice as much. NULL if that is 0, or if values have both signs.';
COMMENT ON COLUMN @extschema@.segment_profiles.z IS 'How many standard deviations of all rows mean is above population_mean; below it is negative. NULL if all values are the same.';

CREATE VIEW @extschema@.segment_history WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       m.name AS model,
       h.run,
       h.started_at,
       h.segment,
       h.label,
       h.rows,
       h.share,
       p.border_rows,
       p.distance_avg,
       p.margin_avg AS silhouette
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
 CROSS JOIN LATERAL segment_internal.history(m) h
  JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = h.run AND p.segment = h.segment;

COMMENT ON VIEW @extschema@.segment_history IS 'The segments of each run of the models that the reader may see: how their sizes went.';
COMMENT ON COLUMN @extschema@.segment_history.schema IS 'Schema of the model.';
COMMENT ON COLUMN @extschema@.segment_history.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_history.run IS 'Number of the fit, from 1.';
COMMENT ON COLUMN @extschema@.segment_history.started_at IS 'When the fit began.';
COMMENT ON COLUMN @extschema@.segment_history.segment IS 'Number of the segment.';
COMMENT ON COLUMN @extschema@.segment_history.label IS 'The label that a person gave it, of one that is gone the last; else the automatic one of the run.';
COMMENT ON COLUMN @extschema@.segment_history.rows IS 'Rows in the segment.';
COMMENT ON COLUMN @extschema@.segment_history.share IS 'Its share of the rows used, 0 to 1.';
COMMENT ON COLUMN @extschema@.segment_history.border_rows IS 'Its rows at the border to another segment: with a margin below 0.1.';
COMMENT ON COLUMN @extschema@.segment_history.distance_avg IS 'Mean distance of its rows to its centroid, scaled space.';
COMMENT ON COLUMN @extschema@.segment_history.silhouette IS 'Mean margin of its rows, their simplified silhouette; NULL for one segment.';

CREATE VIEW @extschema@.segment_distribution WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       m.name AS model,
       s.segment,
       s.label,
       f.feature,
       f.feature_no,
       d.min,
       segment_internal.whisker(d.p25, d.p75, d.min) AS low,
       d.p25,
       d.median,
       d.p75,
       segment_internal.whisker(d.p75, d.p25, d.max) AS high,
       d.max
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_feature f ON f.model_id = m.model_id AND f.run = m.run
  JOIN segment_internal.catalog_segment s ON s.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT s.min[f.feature_no] AS min, s.p25[f.feature_no] AS p25, s.median[f.feature_no] AS median,
                            s.p75[f.feature_no] AS p75, s.max[f.feature_no] AS max) d;

COMMENT ON VIEW @extschema@.segment_distribution IS 'How the values of each feature are spread in each segment of the models that the reader may see, original units: what a box plot shows.';
COMMENT ON COLUMN @extschema@.segment_distribution.schema IS 'Schema of the model.';
COMMENT ON COLUMN @extschema@.segment_distribution.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_distribution.segment IS 'Number of the segment.';
COMMENT ON COLUMN @extschema@.segment_distribution.label IS 'Its label.';
COMMENT ON COLUMN @extschema@.segment_distribution.feature IS 'The feature.';
COMMENT ON COLUMN @extschema@.segment_distribution.feature_no IS 'Its place among the features of the model.';
COMMENT ON COLUMN @extschema@.segment_distribution.min IS 'Least value; NULL here and in what follows: no value.';
COMMENT ON COLUMN @extschema@.segment_distribution.low IS 'Lower end of a whisker: 1.5 interquartile ranges below the first quartile, at least the least value.';
COMMENT ON COLUMN @extschema@.segment_distribution.p25 IS 'First quartile, interpolated.';
COMMENT ON COLUMN @extschema@.segment_distribution.median IS 'Median.';
COMMENT ON COLUMN @extschema@.segment_distribution.p75 IS 'Third quartile.';
COMMENT ON COLUMN @extschema@.segment_distribution.high IS 'Upper end of a whisker: 1.5 interquartile ranges above the third quartile, at most the greatest value.';
COMMENT ON COLUMN @extschema@.segment_distribution.max IS 'Greatest value.';

GRANT SELECT ON @extschema@.segment_models, @extschema@.segment_runs, @extschema@.segment_profiles, @extschema@.segment_history,
    @extschema@.segment_distribution, @extschema@.segment_progress TO PUBLIC;
-- What became of segments from one run to the next.

CREATE FUNCTION segment_internal.transitions(
    m segment_internal.catalog_model, wanted_run integer,
    OUT from_segment integer, OUT to_segment integer, OUT kind text, OUT overlap float8, OUT label text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.from_segment, t.to_segment, t.kind, t.overlap, coalesce(t.label, b.label, n.label, 'Segment ' || coalesce(t.from_segment, t.to_segment))
      FROM segment_internal.catalog_transition t
      LEFT JOIN segment_internal.catalog_profile b ON b.model_id = t.model_id AND b.run = t.run - 1 AND b.segment = t.from_segment
      LEFT JOIN segment_internal.history($1) n ON t.from_segment IS NULL AND n.run = t.run AND n.segment = t.to_segment
     WHERE t.model_id = ($1).model_id AND t.run = $2
     ORDER BY t.transition_no;
END;

COMMENT ON FUNCTION segment_internal.transitions IS
'Internal: segment_transitions of a run of a model: the label is that of the segment before, of a born one its own.';

CREATE FUNCTION segment_internal.story(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH told AS (
        SELECT t.* FROM segment_internal.transitions($1, ($1).run) t
    ), events AS (
        -- of each old segment that is gone, and each new one that is no part of such
        SELECT DISTINCT ON (g.from_segment, g.to_segment) row_number() OVER (ORDER BY g.from_segment NULLS LAST, g.to_segment) AS n, g.event
          FROM (SELECT DISTINCT t.from_segment, NULL::integer AS to_segment,
                       format('"%s" %s', t.label, segment_internal.became(w.transitions, t.from_segment)) AS event
                  FROM told t CROSS JOIN (SELECT array_agg(ROW(u.from_segment, u.to_segment, u.kind, u.overlap, NULL, NULL)::segment_internal.transition) AS transitions FROM told u) w
                 WHERE t.kind IN ('absorbed', 'split', 'vanished')
                   AND NOT EXISTS (SELECT FROM told s WHERE s.from_segment = t.from_segment AND s.kind = 'survived')
                 UNION ALL
                SELECT NULL, t.to_segment, format(CASE t.kind WHEN 'born' THEN '"%s" is new' ELSE 'segment %2$s was split off from "%1$s"' END, t.label, t.to_segment)
                  FROM told t
                 WHERE t.kind = 'born' OR (t.kind = 'split' AND EXISTS (SELECT FROM told s WHERE s.from_segment = t.from_segment AND s.kind = 'survived'))) g
    )
    SELECT 'Since the run before, ' || string_agg(e.event, '; ' ORDER BY e.n) FILTER (WHERE e.n <= 6)
           || CASE WHEN count(*) > 6 THEN format('; and %s more', count(*) - 6) ELSE '' END
      FROM events e;
END;

COMMENT ON FUNCTION segment_internal.story IS 'Internal: what became of segments in the current run of a model, in a sentence; NULL: all survived, and none is new.';

CREATE FUNCTION segment_internal.run_transitions(
    model_id bigint, run integer,
    OUT from_segment integer, OUT to_segment integer, OUT kind text, OUT overlap float8, OUT label text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    IF run IS NOT NULL AND NOT EXISTS (SELECT FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = $2) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('model "%s" has no run %s', m.name, run),
            HINT = 'SELECT run FROM segment_runs lists its runs.';
    END IF;
    RETURN QUERY SELECT t.* FROM segment_internal.transitions(m, coalesce(run, m.run)) t;
END
$$;

COMMENT ON FUNCTION segment_internal.run_transitions IS 'Internal: segment_transitions of a model.';

CREATE FUNCTION @extschema@.segment_transitions(
    model text,
    run   integer DEFAULT NULL,
    OUT from_segment integer,
    OUT to_segment   integer,
    OUT kind         text,
    OUT overlap      float8,
    OUT label        text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT t.* FROM segment_internal.run_transitions(segment_internal.model_id($1), $2) t;
END;

COMMENT ON FUNCTION @extschema@.segment_transitions IS
'What became of the segments of the run before, in a run of a model (NULL: the last): survived (it keeps its number and its label), absorbed (most of its rows are in a segment that is mostly others), split (parts are in several), vanished, born. overlap: the share of the rows of from_segment that are in to_segment, of those that both runs have; of a vanished one the largest in any segment, of a born one the largest share of its rows that comes from one segment; NULL where only centroids tell. label: that of from_segment at that time, of a born one its own. After replace => true, segments have other numbers. No rows for the first run.';
-- segment_migration: how many rows went from which segment to which, by the changes and the sizes of both runs.

CREATE FUNCTION segment_internal.migration(model_id bigint, from_run integer DEFAULT NULL, to_run integer DEFAULT NULL) RETURNS SETOF segment_internal.migration
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_reader';

COMMENT ON FUNCTION segment_internal.migration IS 'Internal: segment_migration of a model, as its owner.';

CREATE FUNCTION segment_internal.check_runs(m segment_internal.catalog_model, from_run integer, to_run integer) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unknown integer := (SELECT min(u.run) FROM unnest(ARRAY[from_run, to_run]) u (run)
                         WHERE NOT EXISTS (SELECT FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = u.run));
BEGIN
    IF unknown IS NOT NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('model "%s" has no run %s', m.name, unknown),
            HINT = format('It has the runs %s to %s: SELECT * FROM segment_runs WHERE model = %L.',
                          (SELECT min(r.run) FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id), m.run, m.name);
    ELSIF segment_internal.changes_of(m) IS NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('model "%s" has no history of the segments of its rows', m.name),
            HINT = 'Fit it with segment_kmeans(..., history => true, replace => true): it begins with that run.';
    ELSIF from_run >= to_run THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('run %s is not before run %s', from_run, to_run),
            HINT = 'Give the earlier run as from_run.';
    ELSIF from_run < m.changes_from THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('the history of model "%s" begins with run %s, after run %s', m.name, m.changes_from, from_run),
            HINT = format('Give from_run => %s or a later one.', m.changes_from);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_runs IS 'Internal: raises unless the changes of a model have all moves from one run to the other.';

CREATE FUNCTION segment_internal.net_moves(m segment_internal.catalog_model, from_run integer, to_run integer) RETURNS SETOF segment_internal.migration
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changes regclass := segment_internal.changes_of(m);
    columns text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(changes) c);
    keys    integer := cardinality(m.key);
BEGIN
    IF NOT segment_internal.holds_changes(changes, m.key, m.assignment) THEN
        RAISE undefined_column USING
            MESSAGE = format('relation %s no longer has the columns that the fit gave it', changes),
            HINT = 'Drop it to end the history of the model; to begin another one, fit it anew with segment_kmeans(..., history => true, replace => true).';
    END IF;
    -- from the segment before a row's first move to the one after its last
    RETURN QUERY EXECUTE format(
        'SELECT g.before, g.after, count(*), NULL::float8'
        '  FROM (SELECT (array_agg(c.%1$I ORDER BY c.%3$I))[1] AS before, (array_agg(c.%2$I ORDER BY c.%3$I DESC))[1] AS after'
        '          FROM %4$s c WHERE c.%3$I > $1 AND c.%3$I <= $2 GROUP BY %5$s) g'
        ' WHERE g.before IS DISTINCT FROM g.after GROUP BY 1, 2',
        columns[keys + 2], columns[keys + 3], columns[keys + 1], changes, segment_internal.identifiers(columns[:keys], 'c.%I'))
      USING from_run, to_run;
END
$$;

COMMENT ON FUNCTION segment_internal.net_moves IS 'Internal: how many rows are in another segment after one run than after an earlier one, by both segments.';

CREATE FUNCTION segment_internal.migration_as_owner(model_id bigint, from_run integer, to_run integer) RETURNS SETOF segment_internal.migration
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m     segment_internal.catalog_model := segment_internal.owned_model(model_id);
    moves segment_internal.migration[];
    stays segment_internal.migration[];
    wrong integer;
BEGIN
    to_run := coalesce(to_run, m.run);
    from_run := coalesce(from_run, (SELECT max(r.run) FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run < $3));
    PERFORM segment_internal.check_runs(m, from_run, to_run);
    IF from_run IS NULL THEN
        RETURN;
    END IF;
    moves := ARRAY(SELECT n FROM segment_internal.net_moves(m, from_run, to_run) n);

    -- who stays is what the moves leave of the size before, and what they do not explain of the size after
    WITH sizes AS (
        SELECT p.segment,
               coalesce(sum(p.rows) FILTER (WHERE p.run = from_run), 0) AS before, coalesce(sum(p.rows) FILTER (WHERE p.run = to_run), 0) AS after
          FROM segment_internal.catalog_profile p
         WHERE p.model_id = m.model_id AND p.run IN (from_run, to_run)
         GROUP BY p.segment
    ), left_over AS (
        SELECT u.segment, sum(u.before) AS before, sum(u.after) AS after
          FROM (SELECT s.segment, s.before, s.after FROM sizes s
                 UNION ALL SELECT v.from_segment, -v.rows, 0 FROM unnest(moves) v WHERE v.from_segment IS NOT NULL
                 UNION ALL SELECT v.to_segment, 0, -v.rows FROM unnest(moves) v WHERE v.to_segment IS NOT NULL) u
         GROUP BY u.segment
    )
    SELECT array_agg(ROW(l.segment, l.segment, l.before, NULL)::segment_internal.migration) FILTER (WHERE l.before > 0),
           min(l.segment) FILTER (WHERE l.before <> l.after OR l.before < 0)
      INTO stays, wrong
      FROM left_over l;
    IF wrong IS NOT NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('the rows of table %s do not explain the sizes of segment %s in runs %s and %s', m.changes, wrong, from_run, to_run),
            DETAIL = 'Rows of it, or of the assignment, are others than the runs have written.',
            HINT = 'Give runs after that; or drop the table, which ends the history, and begin another one with segment_kmeans(..., history => true, replace => true).';
    END IF;
    RETURN QUERY
        SELECT v.from_segment, v.to_segment, v.rows,
               v.rows / nullif(CASE WHEN v.from_segment IS NOT NULL THEN sum(v.rows) OVER (PARTITION BY v.from_segment) END, 0)::float8
          FROM unnest(moves || stays) v
         ORDER BY v.from_segment, v.to_segment;
END
$$;

COMMENT ON FUNCTION segment_internal.migration_as_owner IS 'Internal: what migration returns.';

CREATE FUNCTION @extschema@.segment_migration(
    model text,
    from_run integer DEFAULT NULL,
    to_run integer DEFAULT NULL,
    OUT from_segment integer,
    OUT to_segment   integer,
    OUT rows         bigint,
    OUT share        float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT v.from_segment, v.to_segment, v.rows, v.share
      FROM segment_internal.migration(segment_internal.model_id($1), $2, $3) v
     ORDER BY v.from_segment, v.to_segment;
END;

COMMENT ON FUNCTION @extschema@.segment_migration IS
'How many rows went from which segment to which between two runs of a model with history => true, those that stayed included: the rows add up to the sizes of the segments in both runs. from_segment NULL: they came; to_segment NULL: they left. share: of the rows of from_segment. to_run: NULL is the latest; from_run: NULL is the one before. Over several runs only the first and the last segment of a row count.';
-- segment_prune: old runs are forgotten.

CREATE FUNCTION segment_internal.keep_runs(model_id bigint, first_run integer) RETURNS integer
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_runs IS 'Internal: forgets the runs of a model before this one, and returns how many these are.';

CREATE FUNCTION segment_internal.keep_runs_as_keeper(caller oid, model_id bigint, first_run integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m         segment_internal.catalog_model := segment_internal.model(model_id);
    forgotten integer;
    child     regclass;
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    first_run := least(first_run, m.run);
    DELETE FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run < first_run;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    -- and what the catalog has of them
    FOR child IN SELECT a.attrelid
                   FROM pg_attribute a
                   JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
                  WHERE c.relnamespace = 'segment_internal'::regnamespace AND a.attname IN ('model_id', 'run') AND NOT a.attisdropped
                    AND c.oid <> 'segment_internal.catalog_model'::regclass
                  GROUP BY a.attrelid HAVING count(*) = 2
                  ORDER BY a.attrelid
    LOOP
        EXECUTE format('DELETE FROM %s WHERE model_id = $1 AND run < $2', child) USING m.model_id, first_run;
    END LOOP;
    UPDATE segment_internal.catalog_model c SET changes_from = greatest(c.changes_from, first_run)
     WHERE c.model_id = m.model_id AND c.changes_from < first_run;
    RETURN forgotten;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_runs_as_keeper IS 'Internal: keep_runs for this caller.';

CREATE FUNCTION segment_internal.prune(model_id bigint, keep_runs integer) RETURNS integer
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.prune IS 'Internal: segment_prune of a model, as its owner.';

CREATE FUNCTION segment_internal.prune_as_owner(model_id bigint, keep_runs integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m         segment_internal.catalog_model;
    changes   regclass;
    first_run integer;
BEGIN
    PERFORM segment_internal.check_writable('segment_prune');
    IF keep_runs IS NULL THEN
        RAISE null_value_not_allowed USING
            MESSAGE = 'argument "keep_runs" must not be NULL',
            HINT = 'Say how many of the latest runs shall stay.';
    ELSIF keep_runs < 1 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "keep_runs" is %s', keep_runs),
            HINT = 'It must be at least 1: the current run stays. To forget the model too, use segment_drop().';
    END IF;
    m := segment_internal.claim(model_id);
    first_run := (SELECT min(r.run) FROM (SELECT r.run FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id ORDER BY r.run DESC LIMIT keep_runs) r);
    changes := segment_internal.changes_of(m);
    IF segment_internal.holds_changes(changes, m.key, m.assignment) THEN
        -- its own changes begin in a run that is forgotten
        EXECUTE format('DELETE FROM %s WHERE %I <= $1', changes,
                       (ARRAY(SELECT c.column_name FROM segment_internal.columns(changes) c))[cardinality(m.key) + 1])
          USING first_run;
    END IF;
    RETURN segment_internal.keep_runs(m.model_id, first_run);
END
$$;

COMMENT ON FUNCTION segment_internal.prune_as_owner IS 'Internal: the job of segment_prune.';

CREATE FUNCTION @extschema@.segment_prune(model text, keep_runs integer) RETURNS integer
LANGUAGE sql VOLATILE
RETURN segment_internal.prune(segment_internal.model_id_now($1, current_schemas(true)), $2);

COMMENT ON FUNCTION @extschema@.segment_prune IS
'Forgets all runs of a model but the latest keep_runs, the current one among them, with their figures and the changes that led to them, and returns how many it has forgotten. Runs as the model''s owner, whose members may call it.';
-- segment_rollback: a run that is made anew on today's rows.

CREATE FUNCTION @extschema@.segment_rollback(model text, run integer, wait boolean DEFAULT true) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.refresh(segment_internal.model_id_now($1, current_schemas(true)),
    jsonb_build_object('rescore', true, 'rollback', $2, 'warm_start', false, 'stability', 0, 'wait', coalesce($3, true)));

COMMENT ON FUNCTION @extschema@.segment_rollback IS
'Takes a model back to one of its earlier runs: preparation, centroids, numbers and automatic labels are those of that run, and today''s rows go into its segments, as a new run. Labels that people gave stay with the segments that this run has, whatever their numbers are since replace => true, retire with others, and come back, without their descriptions, where they have retired since. The columns that the run read must still be there. Runs as the model''s owner, whose members may call it. wait => false raises an error if another session is working on the model.';
-- segment_drift

CREATE FUNCTION segment_internal.measure_drift(model_id bigint) RETURNS SETOF segment_internal.drift
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.measure_drift IS 'Internal: the rows of segment_drift(), as the model''s owner.';

CREATE FUNCTION segment_internal.measure_drift_as_owner(model_id bigint) RETURNS SETOF segment_internal.drift
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT d.* FROM segment_internal.drift_of(segment_internal.ungrouped(segment_internal.model(model_id), 'drift')) d;
END
$$;

COMMENT ON FUNCTION segment_internal.measure_drift_as_owner IS 'Internal: what measure_drift returns.';

CREATE FUNCTION @extschema@.segment_drift(
    model text,
    OUT feature text,
    OUT psi     float8,
    OUT ks      float8,
    OUT verdict text,
    OUT kind    text,
    OUT segment integer,
    OUT before  float8,
    OUT now     float8,
    OUT moved   float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT d.* FROM segment_internal.measure_drift(segment_internal.model_id($1)) d;
END;

COMMENT ON FUNCTION @extschema@.segment_drift IS
'How today''s rows differ from those of the last fit, by one read of the source. Rows of kind feature: the population stability index psi in bins of about a tenth of the fit''s rows (of a category: its values), missing values in one of their own; ks, the Kolmogorov-Smirnov statistic; the mean before and now. new values: the share of rows with a category that no row of the fit had. skipped: the share of rows left out. segments: psi of their shares. segment: its share before and now, and how far the mean of its rows has moved from its centroid, as a part of the way to the nearest other one. margins: the share of rows between segments, with a margin below 0.1. verdict: stable, from 0.1 moderate, from 0.25 drifted.';
-- How the models are, for whoever looks after them.

CREATE FUNCTION segment_internal.next_step(
    model text, source regclass, owned boolean, refreshed_at timestamptz, rows bigint, changed bigint, status segment_internal.catalog_status
) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = source) THEN 'its source is gone: fit it on another relation, or drop it'
        WHEN NOT owned THEN NULL
        WHEN status.error_at > refreshed_at THEN format('it failed: put that right, then SELECT segment_refresh(%L)', model)
        WHEN status.drift_at > refreshed_at AND status.drift_verdict <> 'stable' THEN format('it has drifted: SELECT segment_refresh(%L)', model)
        WHEN changed > 0.1 * rows AND NOT coalesce(status.drift_at > refreshed_at, false) THEN format('many rows have changed: SELECT * FROM segment_drift(%L)', model) END;
$$;

COMMENT ON FUNCTION segment_internal.next_step IS 'Internal: what to do about a model; NULL: nothing.';

CREATE VIEW @extschema@.segment_status WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       m.name AS model,
       pg_get_userbyid(l.owner) AS owner,
       m.source,
       m.run,
       t.refreshed_at,
       now() - t.refreshed_at AS age,
       r.rows_used AS rows,
       t.changed AS rows_changed,
       s.drift_verdict,
       s.drift,
       s.drift_of,
       s.drift_at,
       s.error,
       s.error_state,
       s.error_at,
       segment_internal.next_step(segment_internal.qualified(m), m.source, segment_internal.owns(m.profile), t.refreshed_at, r.rows_used, t.changed, s) AS next_step
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run
  LEFT JOIN segment_internal.catalog_status s ON s.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT r.started_at + r.elapsed AS refreshed_at,
                            CASE WHEN segment_internal.changes(m.source) >= s.changes THEN segment_internal.changes(m.source) - s.changes END AS changed) t;

COMMENT ON VIEW @extschema@.segment_status IS 'The models that the reader may see, and how they are: for whoever looks after them. Changes, drift and errors are for their owners.';
COMMENT ON COLUMN @extschema@.segment_status.schema IS 'Schema of the model.';
COMMENT ON COLUMN @extschema@.segment_status.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_status.owner IS 'Owner of the model.';
COMMENT ON COLUMN @extschema@.segment_status.source IS 'Relation whose rows it segments.';
COMMENT ON COLUMN @extschema@.segment_status.run IS 'Number of its latest run.';
COMMENT ON COLUMN @extschema@.segment_status.refreshed_at IS 'When that ended.';
COMMENT ON COLUMN @extschema@.segment_status.age IS 'How long ago that is.';
COMMENT ON COLUMN @extschema@.segment_status.rows IS 'Rows that were clustered.';
COMMENT ON COLUMN @extschema@.segment_status.rows_changed IS 'Rows inserted, updated and deleted since, as statistics count them: what other sessions wrote in the second before it may be among them; NULL: the source is no table, or statistics began anew.';
COMMENT ON COLUMN @extschema@.segment_status.drift_verdict IS 'What segment_refresh(only_if_drift => true) last found: stable, moderate or drifted; NULL: it was never asked.';
COMMENT ON COLUMN @extschema@.segment_status.drift IS 'The largest figure that it found.';
COMMENT ON COLUMN @extschema@.segment_status.drift_of IS 'What that is a figure of.';
COMMENT ON COLUMN @extschema@.segment_status.drift_at IS 'When it looked.';
COMMENT ON COLUMN @extschema@.segment_status.error IS 'Why segment_refresh_all() could last not refresh it; NULL: it never failed.';
COMMENT ON COLUMN @extschema@.segment_status.error_state IS 'SQLSTATE of that error.';
COMMENT ON COLUMN @extschema@.segment_status.error_at IS 'When that was: before refreshed_at it has succeeded since.';
COMMENT ON COLUMN @extschema@.segment_status.next_step IS 'What to do; NULL: nothing.';

GRANT SELECT ON @extschema@.segment_status TO PUBLIC;
-- segment_refresh_all: every model that the caller owns, each in a transaction of its own.

CREATE FUNCTION segment_internal.in_block() RETURNS boolean
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_in_block';

COMMENT ON FUNCTION segment_internal.in_block IS 'Internal: whether this is in a transaction block, where a procedure cannot commit.';

CREATE FUNCTION segment_internal.models_to_refresh() RETURNS bigint[]
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_job';

COMMENT ON FUNCTION segment_internal.models_to_refresh IS 'Internal: the models that the caller owns, in the order of their names.';

CREATE FUNCTION segment_internal.models_to_refresh_job() RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.check_writable('segment_refresh_all');
    IF segment_internal.in_block() THEN
        RAISE active_sql_transaction USING
            MESSAGE = 'segment_refresh_all cannot run inside a transaction block',
            HINT = 'Call it by itself: it commits after each model.';
    END IF;
    RETURN ARRAY(SELECT l.model_id
                   FROM segment_internal.catalog_live l
                  WHERE pg_has_role(l.owner, 'USAGE')
                  ORDER BY l.schema COLLATE "C", l.name COLLATE "C", l.model_id);
END
$$;

COMMENT ON FUNCTION segment_internal.models_to_refresh_job IS 'Internal: what models_to_refresh does.';

CREATE FUNCTION segment_internal.refresh_next(model_id bigint, only_if_drift boolean, wait boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM segment_internal.catalog_live l WHERE l.model_id = $1 AND pg_has_role(l.owner, 'USAGE')) THEN
        PERFORM segment_internal.refresh(model_id, jsonb_build_object(
            'only_if_drift', coalesce(only_if_drift, false), 'wait', coalesce(wait, true)));
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.refresh_next IS 'Internal: segment_refresh of a model, unless it is gone meanwhile.';

CREATE FUNCTION segment_internal.refresh_failed(model_id bigint, state text, message text, detail text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model;
BEGIN
    SELECT c.* INTO m FROM segment_internal.catalog_model c JOIN segment_internal.catalog_live l ON l.model_id = c.model_id WHERE c.model_id = $1;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    RAISE WARNING 'model "%" was not refreshed: %', m.name, message USING ERRCODE = state, DETAIL = coalesce(nullif(detail, ''), format('Its SQLSTATE is %s.', state));
    PERFORM segment_internal.keep_error(model_id, state, message);
    RETURN 1;
END
$$;

COMMENT ON FUNCTION segment_internal.refresh_failed IS 'Internal: keeps the error of a model, if that is still there, and warns of it. How many have failed.';

CREATE FUNCTION segment_internal.finish_refreshes(failed integer[], fail boolean) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_job';

COMMENT ON FUNCTION segment_internal.finish_refreshes IS 'Internal: raises an error in the end if that is wanted and any model has failed.';

CREATE FUNCTION segment_internal.finish_refreshes_job(failed integer[], fail boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n integer := (SELECT sum(f) FROM unnest(failed) f);
BEGIN
    IF fail AND n > 0 THEN
        RAISE triggered_action_exception USING
            MESSAGE = format('%s of %s models %s not refreshed', n, cardinality(failed), CASE n WHEN 1 THEN 'was' ELSE 'were' END),
            DETAIL = 'The others are, and stay so.',
            HINT = 'SELECT model, error FROM segment_status WHERE error_at > refreshed_at tells why.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.finish_refreshes_job IS 'Internal: what finish_refreshes does.';

-- A procedure that commits can have no search_path of its own: it calls functions of ours by their schema, and uses no operator.
CREATE PROCEDURE @extschema@.segment_refresh_all(
    only_if_drift boolean DEFAULT false,
    wait          boolean DEFAULT true,
    fail          boolean DEFAULT false
)
LANGUAGE plpgsql AS $$
DECLARE
    models  pg_catalog.int8[] := segment_internal.models_to_refresh();
    failed  pg_catalog.int4[] := '{}';
    model   pg_catalog.int8;
    one     pg_catalog.int4;
    state   pg_catalog.text;
    message pg_catalog.text;
    detail  pg_catalog.text;
BEGIN
    FOREACH model IN ARRAY models LOOP
        BEGIN
            PERFORM segment_internal.refresh_next(model, only_if_drift, wait);
            one := 0;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
            one := segment_internal.refresh_failed(model, state, message, detail);
        END;
        failed := pg_catalog.array_append(failed, one);
        COMMIT;
    END LOOP;
    PERFORM segment_internal.finish_refreshes(failed, fail);
END
$$;

COMMENT ON PROCEDURE @extschema@.segment_refresh_all IS
'Refreshes every model that the caller owns, as segment_refresh does, and commits after each. One that fails becomes a warning and an error in segment_status, and the others go on; fail: in the end that is an error, for a scheduler to see. only_if_drift, wait: as in segment_refresh. For schedules; it cannot run inside a transaction block.';
-- segment_live_view

CREATE FUNCTION segment_internal.live_view(model_id bigint, view_name text) RETURNS regclass
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.live_view IS 'Internal: segment_live_view of a model, as its owner.';

CREATE FUNCTION segment_internal.live_view_as_owner(model_id bigint, view_name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model;
    schema text;
    live   regclass;
BEGIN
    PERFORM segment_internal.check_writable('segment_live_view');
    m := segment_internal.ungrouped(segment_internal.claim(model_id, true), 'live view');
    IF view_name = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "view_name" is empty',
            HINT = 'Leave it out to name the view after the model.';
    ELSIF octet_length(view_name) > current_setting('max_identifier_length')::integer THEN
        RAISE name_too_long USING MESSAGE = format('argument "view_name" is longer than %s bytes', current_setting('max_identifier_length'));
    END IF;
    SELECT c.oid INTO live FROM pg_class c WHERE c.oid = m.live;
    IF live IS NOT NULL THEN
        IF view_name <> (SELECT c.relname FROM pg_class c WHERE c.oid = live) THEN
            RAISE duplicate_table USING
                MESSAGE = format('model "%s" has a live view already, %s', m.name, live),
                HINT = 'Rename that one with ALTER VIEW, or drop it first.';
        END IF;
        RETURN live;
    END IF;
    PERFORM segment_internal.source_of(m);
    schema := (SELECT l.schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id);
    live := segment_internal.create_live(m, schema, coalesce(view_name, segment_internal.output_name(schema, m.name, '_live')));
    PERFORM segment_internal.keep_live(m.model_id, live);
    RETURN live;
END
$$;

COMMENT ON FUNCTION segment_internal.live_view_as_owner IS 'Internal: the job of segment_live_view.';

CREATE FUNCTION @extschema@.segment_live_view(model text, view_name text DEFAULT NULL) RETURNS regclass
LANGUAGE sql VOLATILE
RETURN segment_internal.live_view(segment_internal.model_id_now($1, current_schemas(true)), $2);

COMMENT ON FUNCTION @extschema@.segment_live_view IS
'Makes a view of the source''s rows as they are now, each scored when it is read, with segment, label, distance, second_segment and margin: new rows are in it at once, and after a refresh it scores by the new centroids. view_name: in the schema of the model; NULL: <model>_live. A model has one: where it is there, its name is returned. The view belongs to the model''s owner, and goes with segment_drop.';
-- Looking at a relation before it is segmented. A column is a number, which may be a boolean, a date or an interval, or
-- else known by its text. The engine's functions read numbers; a text comes to them as a token that stands for it.
--
-- Where a query has an expression or a branch for each of many columns, compiling it (jit) takes longer than running it
-- and cannot be cancelled.

CREATE FUNCTION segment_internal.is_number(kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN $1 IN ('number', 'boolean', 'date', 'interval');

COMMENT ON FUNCTION segment_internal.is_number IS
'Internal: are the values of columns of this kind, one of segment_internal.columns, read as numbers?';

CREATE FUNCTION segment_internal.look_columns(source regclass, columns text[], hint text) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key   text[];
    wrong record;
BEGIN
    IF columns IS NULL THEN
        key := segment_internal.key(source, NULL, false);
        RETURN ARRAY(SELECT c.column_name
                       FROM segment_internal.columns(source) c
                      WHERE segment_internal.is_number(c.kind) AND c.column_name <> ALL (key)
                        AND c.column_name = ANY (segment_internal.readable(source))
                      ORDER BY c.column_no);
    END IF;
    PERFORM segment_internal.check_columns(source, columns, 'columns');
    SELECT c.column_name, c.data_type INTO wrong
      FROM unnest(columns) WITH ORDINALITY u (name, n)
      JOIN segment_internal.columns(source) c ON c.column_name = u.name
     WHERE NOT segment_internal.is_number(c.kind)
     ORDER BY u.n
     LIMIT 1;
    IF FOUND THEN
        RAISE wrong_object_type USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which is not a number',
                             wrong.column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = source), wrong.data_type),
            HINT = hint;
    END IF;
    RETURN ARRAY(SELECT unnest(columns));
END
$$;

COMMENT ON FUNCTION segment_internal.look_columns IS 'Internal: columns of numbers to look at: as given, else all but the key.';

CREATE FUNCTION segment_internal.look_key(source regclass) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN bool_and(has_column_privilege($1, c, 'SELECT')) THEN array_agg(c ORDER BY n) ELSE '{}' END
      FROM unnest(segment_internal.key($1, NULL, false)) WITH ORDINALITY u (c, n);
$$;

COMMENT ON FUNCTION segment_internal.look_key IS
'Internal: the key columns of a relation, none where there is no key or the caller may not read it.';

CREATE FUNCTION segment_internal.look_query(source regclass, key text[], columns text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('SELECT %s FROM %s', string_agg(e.expression, ', ' ORDER BY e.part, e.n), $1)
      FROM (SELECT 1 AS part, u.n, format('%I', u.c) AS expression FROM unnest($2) WITH ORDINALITY u (c, n)
             UNION ALL
            SELECT 2, u.n, format(CASE WHEN segment_internal.is_number(c.kind) THEN '%1$I'
                                  ELSE 'segment_internal.token(%1$I::text)' END, u.c)
              FROM unnest($3) WITH ORDINALITY u (c, n)
              JOIN segment_internal.columns($1) c ON c.column_name = u.c) e;
$$;

COMMENT ON FUNCTION segment_internal.look_query IS 'Internal: the SELECT of the key columns and of columns as numbers or tokens.';
-- Columns one by one.

CREATE FUNCTION segment_internal.number_text(value float8, base_type regtype) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN $1 IN ('Infinity', '-Infinity')
                     AND $2 IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype, 'interval'::regtype)
                THEN lower($1::text)
                WHEN $2 = 'boolean'::regtype THEN ($1 <> 0)::text
                WHEN $2 = 'date'::regtype THEN ('1970-01-01'::date + $1::integer)::text
                WHEN $2 = 'timestamp'::regtype THEN ('1970-01-01'::timestamp + $1 * interval '1 day')::text
                WHEN $2 = 'timestamptz'::regtype THEN to_timestamp($1 * 86400)::text
                WHEN $2 = 'interval'::regtype AND abs($1) < 2e9 THEN ($1 * interval '1 day')::text
                WHEN $2 = 'interval'::regtype THEN $1::text || ' days'
                WHEN $2 = 'real'::regtype THEN $1::real::text
                WHEN $2 = 'bigint'::regtype AND abs($1) < 9e18 THEN $1::bigint::text
                ELSE $1::text END;
END;

COMMENT ON FUNCTION segment_internal.number_text IS 'Internal: the text of a value of a type that is read as a number.';

CREATE FUNCTION segment_internal.most_common(source regclass, columns text[], tokens text[], everything boolean[], rows bigint[])
RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result text[];
BEGIN
    IF columns IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT ARRAY[%s] FROM %s',
        (SELECT string_agg(format(
                    CASE WHEN u.everything THEN 'min(%1$I::text COLLATE "C")'
                         WHEN u.tokens IS NOT NULL THEN
                             'min(%1$I::text COLLATE "C") FILTER (WHERE segment_internal.token(%1$I::text) = ANY (%2$L::float8[]))'
                         ELSE '(SELECT min(v) FROM (SELECT %1$I::text COLLATE "C" AS v FROM %3$s GROUP BY 1 HAVING count(%1$I) = %4$s) g)'
                    END, u.c, u.tokens, source, u.rows), ', ' ORDER BY u.n)
           FROM unnest(columns, tokens, everything, rows) WITH ORDINALITY u (c, tokens, everything, rows, n)),
        source) INTO result;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.most_common IS
'Internal: for each column the first text, from one more read, of everything, or else of those that tokens stand for, or else of those that so many rows have.';

CREATE FUNCTION @extschema@.segment_describe(
    source  regclass,
    columns text[] DEFAULT NULL,
    OUT column_name       text,
    OUT data_type         text,
    OUT rows              bigint,
    OUT missing           bigint,
    OUT distinct_values   bigint,
    OUT mean              float8,
    OUT stddev            float8,
    OUT min               float8,
    OUT p1                float8,
    OUT p5                float8,
    OUT p25               float8,
    OUT median            float8,
    OUT p75               float8,
    OUT p95               float8,
    OUT p99               float8,
    OUT max               float8,
    OUT skewness          float8,
    OUT kurtosis          float8,
    OUT outliers          bigint,
    OUT most_common       text,
    OUT most_common_share float8,
    OUT bar               text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET jit = off AS $$
#variable_conflict use_column
DECLARE
    relname text := segment_internal.check_source(source);
    wanted  text[] := ARRAY(SELECT unnest($2));
    key     text[] := segment_internal.look_key(source);
    token   boolean[];
BEGIN
    PERFORM segment_internal.check_columns(source, wanted, 'columns');
    IF $2 IS NULL THEN
        wanted := segment_internal.readable(source);
    END IF;
    IF wanted = '{}' THEN
        RETURN;
    END IF;
    token := ARRAY(SELECT NOT segment_internal.is_number(c.kind)
                     FROM unnest(wanted) WITH ORDINALITY w (column_name, n)
                     JOIN segment_internal.columns(source) c ON c.column_name = w.column_name
                    ORDER BY w.n);

    RETURN QUERY
        WITH described AS MATERIALIZED (
            SELECT d.*, wanted[d.column_no] AS name, token[d.column_no] AS token, d.rows - d.missing AS present
              FROM segment_internal.describe(
                       relname, segment_internal.look_query(source, key, wanted), cardinality(key), wanted,
                       token, 'iqr', 1.5, true) d
        ), text AS MATERIALIZED (
            SELECT array_agg(d.column_no ORDER BY d.column_no) AS column_no,
                   segment_internal.most_common(
                       source, array_agg(d.name ORDER BY d.column_no),
                       array_agg(CASE WHEN d.most_common_ties <= 64 THEN d.most_common::text END ORDER BY d.column_no),
                       array_agg(d.most_common_ties = d.distinct_values ORDER BY d.column_no),
                       array_agg(round(d.most_common_share * d.present)::bigint ORDER BY d.column_no)) AS value
              FROM described d
             WHERE d.token AND d.most_common IS NOT NULL
        )
        SELECT d.name, c.data_type, d.rows, d.missing, d.distinct_values, d.mean, d.stddev, d.min, d.p1, d.p5, d.p25,
               d.median, d.p75, d.p95, d.p99, d.max, d.skewness, d.kurtosis, d.outliers,
               CASE WHEN d.token THEN t.value ELSE segment_internal.number_text(d.most_common[1], c.base_type) END,
               d.most_common_share,
               CASE WHEN d.token THEN segment_internal.text_bar(d.most_common_share, 1)
                    WHEN d.min = 0 AND d.max = 1 AND d.distinct_values = 2 OR c.kind = 'boolean' THEN segment_internal.text_bar(d.mean, 1)
                    ELSE segment_internal.text_box(ARRAY[d.p1, d.p5, d.p25, d.median, d.p75, d.p95, d.p99]) END
          FROM described d
          JOIN segment_internal.columns(source) c ON c.column_name = d.name
          LEFT JOIN (SELECT u.* FROM text, unnest(text.column_no, text.value) u (n, value)) t ON t.n = d.column_no
         ORDER BY d.column_no;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_describe IS
'A row a column of a relation: rows, missing values (NULL and NaN), distinct values, the most common one and its share, and for numbers, booleans, dates and intervals mean, population standard deviation, quantiles (interpolated), skewness, excess kurtosis and the number of values outside the Tukey fences. bar: of numbers a box plot from p1 to p99, with a line from p5 to p95, a box from p25 to p75 and a mark at the median; of booleans and of numbers that are 0 or 1 the share that is, of others that of the most common value.';

CREATE FUNCTION @extschema@.segment_histogram(
    source      regclass,
    column_name text,
    bins        integer DEFAULT 20,
    OUT bin   integer,
    OUT lower float8,
    OUT upper float8,
    OUT rows  bigint
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    relname text := segment_internal.check_source(source);
    value   text;
    least   float8;
    most    float8;
    edges   float8[];
BEGIN
    IF $2 IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "column_name" must not be NULL';
    END IF;
    PERFORM segment_internal.look_columns(
        source, ARRAY[$2], 'segment_describe() counts its values, segment_crosstab() those of two columns.');
    IF $3 IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "bins" must not be NULL';
    ELSIF $3 NOT BETWEEN 1 AND 10000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "bins" is %s', $3),
            HINT = 'It must be from 1 to 10000.';
    END IF;

    value := format('segment_internal.number(%I)', $2);
    EXECUTE format('SELECT min(x), max(x) FROM (SELECT %s AS x FROM %s) s WHERE x <> ''NaN''', value, source)
       INTO least, most;
    IF least = '-Infinity' OR most = 'Infinity' THEN
        RAISE numeric_value_out_of_range USING
            MESSAGE = format('column "%s" of relation "%s" has infinite values', $2, relname),
            HINT = 'Look at a view that leaves them out.';
    ELSIF least IS NULL THEN
        RETURN;
    ELSIF least = most THEN
        least := least - 0.5;
        most := most + 0.5;
    END IF;

    -- where the range is beyond that of doubles, so is the step
    edges := ARRAY(SELECT CASE WHEN n = $3 THEN most
                               WHEN most / 2 - least / 2 < 8e307 THEN n * ((most - least) / $3) + least
                               ELSE least * (1 - n / $3::float8) + most * (n / $3::float8) END
                     FROM generate_series(0, $3) n);
    RETURN QUERY EXECUTE format(
        'SELECT b, $1[b], $1[b + 1], coalesce(c.rows, 0)'
        '  FROM generate_series(1, $2) b'
        '  LEFT JOIN (SELECT least(width_bucket(x, $1), $2) AS b, count(*) AS rows'
        '               FROM (SELECT %s AS x FROM %s) s WHERE x <> ''NaN'' GROUP BY 1) c USING (b)'
        ' ORDER BY b', value, source)
       USING edges, $3;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_histogram IS
'How many values of a column of numbers fall into each of so many bins of equal width from its least to its greatest value; a bin includes its lower edge, the last one also the upper.';
-- Columns two by two.

CREATE FUNCTION @extschema@.segment_correlation(
    source  regclass,
    columns text[] DEFAULT NULL,
    method  text   DEFAULT 'pearson',
    OUT x text,
    OUT y text,
    OUT r float8
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := segment_internal.check_source(source);
    wanted  text[];
    key     text[] := segment_internal.look_key(source);
BEGIN
    PERFORM segment_internal.check_choice('argument "method"', method, '{pearson, spearman}');
    wanted := segment_internal.look_columns(source, columns, 'segment_crosstab() shows how two columns of any type go together.');
    RETURN QUERY
        SELECT c.x, c.y, c.r
          FROM segment_internal.correlation(
                   relname,
                   CASE WHEN wanted <> '{}' THEN segment_internal.look_query(source, key, wanted) END,
                   cardinality(key), wanted, method) c;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_correlation IS
'The correlation coefficient of each column of numbers with each, over the rows in which both have a value: Pearson''s, or Spearman''s of the ranks. NULL where a column does not vary.';

CREATE FUNCTION @extschema@.segment_crosstab(
    source        regclass,
    row_column    text,
    column_column text,
    OUT row_value    text,
    OUT column_value text,
    OUT rows         bigint,
    OUT share        float8,
    OUT row_share    float8,
    OUT column_share float8,
    OUT cramers_v    float8
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    PERFORM segment_internal.check_source(source);
    IF $2 IS NULL OR $3 IS NULL THEN
        RAISE null_value_not_allowed USING
            MESSAGE = format('argument "%s" must not be NULL', CASE WHEN $2 IS NULL THEN 'row_column' ELSE 'column_column' END);
    END IF;
    PERFORM segment_internal.check_columns(source, ARRAY[$2], 'row_column'),
            segment_internal.check_columns(source, ARRAY[$3], 'column_column');

    -- chi-squared by the number of rows, exactly: a cell that does not occur adds what was to be expected of it
    RETURN QUERY EXECUTE format(
        'WITH cells AS MATERIALIZED ('
        '    SELECT c.a, c.b, c.n, sum(c.n) OVER () AS total, sum(c.n) OVER (PARTITION BY c.a) AS in_row,'
        '           sum(c.n) OVER (PARTITION BY c.b) AS in_column'
        '      FROM (SELECT %1$I::text COLLATE "C" AS a, %2$I::text COLLATE "C" AS b, count(*) AS n FROM %3$s'
        '             WHERE %1$I IS NOT NULL AND %2$I IS NOT NULL GROUP BY 1, 2) c'
        '), association AS ('
        '    SELECT (sum((n * total - in_row * in_column) ^ 2 / (in_row * in_column)) + max(total) ^ 2'
        '            - sum(in_row * in_column)) / max(total) ^ 2 AS phi_squared,'
        '           least(count(DISTINCT a), count(DISTINCT b)) - 1 AS freedom'
        '      FROM cells'
        ')'
        'SELECT c.a, c.b, c.n, (c.n / c.total)::float8, (c.n / c.in_row)::float8, (c.n / c.in_column)::float8,'
        '       sqrt(a.phi_squared::float8 / nullif(a.freedom, 0))'
        '  FROM cells c CROSS JOIN association a ORDER BY c.a, c.b',
        $2, $3, source);
END
$$;

COMMENT ON FUNCTION @extschema@.segment_crosstab IS
'How often each pair of values of two columns occurs, with its share of all rows, of those of the row''s value and of the column''s, and Cramer''s V, how strongly the two go together: 0 not at all, 1 one tells the other.';
-- Values that lie far out.

CREATE FUNCTION @extschema@.segment_outliers(
    source    regclass,
    columns   text[] DEFAULT NULL,
    method    text   DEFAULT 'iqr',
    threshold float8 DEFAULT NULL,
    OUT key         jsonb,
    OUT column_name text,
    OUT value       float8,
    OUT lower       float8,
    OUT upper       float8
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET jit = off AS $$
#variable_conflict use_column
DECLARE
    relname     text := segment_internal.check_source(source);
    wanted      text[];
    key_columns text[] := segment_internal.look_key(source);
    key_object  text;
    parts       text := '';
    fence       record;
BEGIN
    PERFORM segment_internal.check_choice('argument "method"', $3, '{iqr, zscore}');
    IF NOT $4 BETWEEN 0 AND 1e300 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "threshold" is %s', $4),
            HINT = 'It must be a number, at least 0.';
    END IF;
    wanted := segment_internal.look_columns(source, $2, 'segment_describe() counts the values of a column of any type.');
    key_object := (SELECT format('jsonb_build_object(%s)', string_agg(format('%1$L, %1$I', c), ', ' ORDER BY n))
                     FROM unnest(key_columns) WITH ORDINALITY u (c, n)
                   HAVING count(*) > 0);

    FOR fence IN
        SELECT d.column_no, wanted[d.column_no] AS name, d.min, d.max, d.lower, d.upper, d.outliers
          FROM segment_internal.describe(
                   relname,
                   CASE WHEN wanted <> '{}' THEN segment_internal.look_query(source, key_columns, wanted) END,
                   cardinality(key_columns), wanted, array_fill(false, ARRAY[cardinality(wanted)]), $3,
                   coalesce($4, CASE $3 WHEN 'iqr' THEN 1.5 ELSE 3 END), false) d
         ORDER BY d.column_no
    LOOP
        IF fence.min = '-Infinity' OR fence.max = 'Infinity' THEN
            RAISE numeric_value_out_of_range USING
                MESSAGE = format('column "%s" of relation "%s" has infinite values', fence.name, relname),
                HINT = 'Look at a view that leaves them out.';
        ELSIF fence.outliers > 0 THEN
            parts := parts || format(
                '%1$s SELECT s.key, %2$s AS n, %3$L AS column_name, s.value, %4$L::float8 AS lower, %5$L::float8 AS upper'
                '       FROM (SELECT %6$s AS key, segment_internal.number(%3$I) AS value FROM source) s'
                '      WHERE s.value < %4$L::float8 OR (s.value > %5$L::float8 AND s.value <> ''NaN'')',
                CASE WHEN parts <> '' THEN ' UNION ALL' ELSE '' END, fence.column_no, fence.name, fence.lower,
                fence.upper, coalesce(key_object, 'NULL::jsonb'));
        END IF;
    END LOOP;
    IF parts = '' THEN
        RETURN;
    END IF;

    -- a view is not asked once a column
    RETURN QUERY EXECUTE format(
        'WITH source AS %s (SELECT %s FROM %s) SELECT o.key, o.column_name, o.value, o.lower, o.upper FROM (%s) o'
        ' ORDER BY o.n, o.value, o.key',
        (SELECT CASE WHEN c.relkind IN ('v', 'f') THEN 'MATERIALIZED' ELSE 'NOT MATERIALIZED' END
           FROM pg_class c WHERE c.oid = source),
        (SELECT string_agg(format('%I', c), ', ') FROM (SELECT unnest(key_columns) UNION SELECT unnest(wanted)) u (c)),
        source, parts);
END
$$;

COMMENT ON FUNCTION @extschema@.segment_outliers IS
'A row a value of a column of numbers that lies beyond the fences: so many interquartile ranges outside the quartiles (iqr), or so many standard deviations from the mean (zscore).';
-- From orders to customers: recency, frequency and monetary value, their scores and the customary names.
--
-- The view is plain SQL that names nothing of ours, so that a dump restores it in any order and DROP EXTENSION leaves
-- it alone. It reads the orders once: a hash aggregate, parallel where the orders are, then windows over the customers.
-- Sums are numeric, hence exact, and scores compare figures, never positions, so that equal customers score equal:
-- no figure depends on the order of rows.

CREATE FUNCTION segment_internal.check_rfm(
    orders regclass, customer text, ordered_at text, amount text, as_of timestamptz
) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    argument record;
    relname  text;
    wrong    record;
BEGIN
    FOR argument IN VALUES ('orders', orders::text), ('customer', customer), ('ordered_at', ordered_at), ('amount', amount) LOOP
        IF argument.column2 IS NULL THEN
            RAISE null_value_not_allowed USING MESSAGE = format('argument "%s" must not be NULL', argument.column1);
        END IF;
    END LOOP;
    relname := segment_internal.check_source(orders);
    PERFORM segment_internal.check_columns(orders, ARRAY[customer], 'customer'),
            segment_internal.check_columns(orders, ARRAY[ordered_at], 'ordered_at'),
            segment_internal.check_columns(orders, ARRAY[amount], 'amount');

    SELECT c.column_name, c.data_type, w.types INTO wrong
      FROM (VALUES (1, ordered_at, 'date, timestamp or timestamptz',
                    '{date, timestamp, timestamptz}'::regtype[]),
                   (2, amount, 'a number',
                    '{smallint, integer, bigint, numeric, real, double precision, money}')) w (n, name, types, allowed)
      JOIN segment_internal.columns(orders) c ON c.column_name = w.name
     WHERE c.base_type <> ALL (w.allowed)
     ORDER BY w.n
     LIMIT 1;
    IF FOUND THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, not %s',
                             wrong.column_name, relname, wrong.data_type, wrong.types),
            HINT = 'Cast it in a view, and name that view.';
    END IF;
    IF NOT isfinite(as_of) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "as_of" is %s', as_of),
            HINT = 'Leave it out to count the days to the newest order.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_rfm IS
'Internal: raises unless the arguments of segment_rfm name a relation and columns of it that have the right types.';

CREATE FUNCTION segment_internal.rfm_name(orders regclass, into_view text, OUT schema text, OUT name text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given    text[];
    relation record;
BEGIN
    SELECT c.relname::text AS name, n.nspname AS schema, c.relpersistence = 't' AS temporary INTO relation
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = orders;
    BEGIN
        given := parse_ident(into_view);
    EXCEPTION WHEN invalid_parameter_value THEN
    END;
    IF cardinality(given) > 2 OR (given IS NULL AND into_view IS NOT NULL) THEN
        RAISE invalid_name USING
            MESSAGE = format('argument "into_view" is not the name of a view: %s', into_view),
            HINT = 'Write name or schema.name, as in SQL: with double quotes where there are capitals or spaces.';
    END IF;

    schema := CASE WHEN cardinality(given) = 2 THEN given[1]
                   WHEN relation.temporary THEN 'pg_temp'
                   ELSE relation.schema END;
    IF schema <> 'pg_temp' AND NOT has_schema_privilege(quote_ident(schema)::regnamespace, 'CREATE') THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied for schema %s', schema),
            HINT = 'Name a schema in which you may create with into_view => ''schema.name''.';
    END IF;

    name := segment_internal.unique_name(
        coalesce(given[cardinality(given)], relation.name), CASE WHEN given IS NULL THEN '_rfm' ELSE '' END, '{}');
    IF to_regclass(format('%I.%I', schema, name)) IS NOT NULL THEN
        RAISE duplicate_table USING
            MESSAGE = format('relation "%s" already exists', name),
            HINT = 'Drop it first, or choose another name with into_view => ''...''.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.rfm_name IS 'Internal: the schema and the name of a view that is still to be made.';

CREATE FUNCTION segment_internal.rfm_query(
    orders regclass, customer text, ordered_at text, amount text, as_of timestamptz, own text[]
) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    types     regtype[] := ARRAY(SELECT c.base_type
                                   FROM unnest(ARRAY[ordered_at, amount]) WITH ORDINALITY u (name, n)
                                   JOIN segment_internal.columns(orders) c ON c.column_name = u.name
                                  ORDER BY u.n);
    -- as_of as a constant of the column's type, in the time zone of this session
    constant  text := quote_literal(CASE types[1] WHEN 'date'::regtype THEN as_of::date::text
                                                  WHEN 'timestamp'::regtype THEN as_of::timestamp::text
                                                  ELSE as_of::text END) || format('::%s', types[1]);
    latest    text := coalesce(constant, CASE types[1] WHEN 'date'::regtype THEN 'CURRENT_DATE'
                                                       WHEN 'timestamp'::regtype THEN 'LOCALTIMESTAMP'
                                                       ELSE 'now()' END);
    reference text := coalesce(constant, 'max(last_order) OVER ()');
    days      text := CASE types[1] WHEN 'date'::regtype THEN '%s - %s' ELSE 'extract(day FROM %s - %s)::integer' END;
    -- real as numeric has six digits only
    number    text := CASE types[2] WHEN 'money'::regtype THEN '%I::numeric'
                                    WHEN 'real'::regtype THEN '%I::float8'
                                    ELSE '%I' END;
    known     text := CASE WHEN types[2] IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
                           THEN 'amount IS NOT NULL' ELSE 'amount > ''-Infinity'' AND amount < ''Infinity''' END;
BEGIN
    RETURN format($query$
        WITH orders AS (
            SELECT %I AS customer, %I AS ordered_at, %s AS amount FROM %s
        ), customers AS (
            SELECT customer,
                   min(ordered_at) FILTER (WHERE amount > 0) AS first_order,
                   max(ordered_at) FILTER (WHERE amount > 0) AS last_order,
                   count(*) FILTER (WHERE amount > 0) AS frequency,
                   sum(amount::numeric) AS monetary
              FROM orders
             WHERE customer IS NOT NULL AND ordered_at > '-infinity' AND ordered_at <= %s AND %s
             GROUP BY customer
            HAVING count(*) FILTER (WHERE amount > 0) > 0
        ), figures AS (
            SELECT customer,
                   %s AS recency_days,
                   frequency,
                   monetary,
                   trim_scale(monetary / frequency) AS average_order,
                   %s AS tenure_days
              FROM customers
        ), scores AS (
            SELECT *,
                   6 - greatest(1, ceil(5 * percent_rank() OVER (ORDER BY recency_days)))::integer AS r_score,
                   greatest(1, ceil(5 * percent_rank() OVER (ORDER BY frequency)))::integer AS f_score,
                   greatest(1, ceil(5 * percent_rank() OVER (ORDER BY monetary)))::integer AS m_score
              FROM figures
        ), cells AS (
            SELECT *,
                   concat(r_score, f_score, m_score) AS rfm_score,
                   ('{{Hibernating,    Hibernating,         At risk,             At risk,   "Can''t lose them"},
                      {Hibernating,    Hibernating,         At risk,             At risk,   "Can''t lose them"},
                      {About to sleep, About to sleep,      Needs attention,     Loyal,     Loyal},
                      {Promising,      Potential loyalists, Potential loyalists, Loyal,     Loyal},
                      {New customers,  Potential loyalists, Potential loyalists, Champions, Champions}
                     }'::text[])[r_score][f_score] AS rfm_segment
              FROM scores
        )
        SELECT %s FROM cells
        $query$, customer, ordered_at, format(number, amount), orders, latest, known,
        format(days, reference, 'last_order'), format(days, reference, 'first_order'),
        (SELECT string_agg(format('%I AS %I', u.inner_name, u.outer_name), ', ' ORDER BY u.n)
           FROM unnest(ARRAY['customer'] || segment_internal.rfm_columns(), customer || own)
                WITH ORDINALITY u (inner_name, outer_name, n)));
END
$$;

COMMENT ON FUNCTION segment_internal.rfm_query IS
'Internal: the query of an RFM view; own are the names of its columns after the customer.';

CREATE FUNCTION @extschema@.segment_rfm(
    orders     regclass,
    customer   text,
    ordered_at text,
    amount     text,
    as_of      timestamptz DEFAULT NULL,
    into_view  text        DEFAULT NULL
) RETURNS regclass
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' AS $$
DECLARE
    target record;
    own    text[];
    result regclass;
BEGIN
    -- plan
    PERFORM segment_internal.check_writable('segment_rfm'),
            segment_internal.check_rfm(orders, customer, ordered_at, amount, as_of);
    EXECUTE segment_internal.query(orders, '{}', ARRAY[customer, ordered_at, amount]) || ' LIMIT 0';    -- may we read it?
    target := segment_internal.rfm_name(orders, into_view);
    own := segment_internal.own_names(target.name, segment_internal.rfm_columns(), ARRAY[customer]);

    -- create
    BEGIN
        EXECUTE format('CREATE %s VIEW %I.%I AS %s', CASE target.schema WHEN 'pg_temp' THEN 'TEMPORARY' END,
                       target.schema, target.name,
                       segment_internal.rfm_query(orders, customer, ordered_at, amount, as_of, own));
    EXCEPTION WHEN undefined_function THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" cannot tell customers apart: %s', customer, SQLERRM),
            HINT = 'Cast it to text in a view, and name that view.';
    END;
    result := format('%I.%I', target.schema, target.name);

    -- describe
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('Recency, frequency and monetary value of the customers of %s, as of %s, live.', orders,
                          coalesce(as_of::text, 'the newest order')));
    PERFORM segment_internal.comment_columns(result, customer || own, ARRAY[
        'The customer.',
        'Whole days from the last order to ' || coalesce(as_of::text, 'the newest order of all customers') || '.',
        'Number of orders: rows with an amount above 0.',
        'Sum of the amounts, less what was returned.',
        'The monetary value divided by the number of orders.',
        'Whole days from the first order to ' || coalesce(as_of::text, 'the newest order of all customers') || '.',
        'Quintile of recency, 5: the most recent.',
        'Quintile of frequency, 5: the most frequent.',
        'Quintile of monetary value, 5: the highest.',
        'The three scores in a row: 555 is best.',
        'Name of the cell of recency and frequency scores.']);
    RETURN result;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_rfm IS
'Creates a view with a row a customer over a relation of orders: recency, frequency and monetary value, their scores by quintile and the customary name of the cell. customer, ordered_at, amount: columns of orders. as_of: the day to count from, later orders are left out; NULL: the newest order when the view is read. into_view: name of the view; NULL: <orders>_rfm beside the orders. Negative amounts are returns. A source for segment_kmeans as it is.';
-- Names and numbers as people write them. COLLATE "C": the same words in every database.

CREATE FUNCTION segment_internal.shorten(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN length($1) > 40 THEN rtrim(left($1, 37)) || '...' ELSE $1 END;

COMMENT ON FUNCTION segment_internal.shorten IS 'Internal: at most 40 characters of a text.';

CREATE FUNCTION segment_internal.capitalize(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN upper(left($1, 1) COLLATE "C") || substr($1, 2);

COMMENT ON FUNCTION segment_internal.capitalize IS 'Internal: a text with a capital in front.';

CREATE FUNCTION segment_internal.figure(value float8, beside float8 DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN d.size IS NULL THEN NULL
                WHEN d.size >= 1e15 OR d.size < 1e-6 AND d.size > 0 THEN btrim(to_char($1::numeric, '9.99EEEE'))
                ELSE to_char(round($1::numeric, d.decimals), CASE WHEN d.size >= 9999.5 THEN 'FM999,999,999,999,990' ELSE 'FM9990' END
                             || rpad('', sign(d.decimals)::integer, '.') || repeat('0', d.decimals)) END
      FROM (SELECT s.size,
                   -- three digits, more where it takes them to tell the two apart, or the number from 0
                   CASE WHEN s.size = 0 THEN 0
                        ELSE greatest(0, 2 - floor(log(s.size))::integer,
                                      CASE WHEN s.apart > 0 THEN least(-floor(log(s.apart))::integer, 9 - floor(log(s.size))::integer) END,
                                      CASE WHEN abs($1) >= 1e-4 THEN -floor(log(abs($1)))::integer END)
                   END AS decimals
              FROM (SELECT greatest(abs($1), abs($2)) AS size, segment_internal.apart($1, $2) AS apart
                     WHERE abs($1) <= 1e300 AND (abs($2) <= 1e300 OR $2 IS NULL)) s) d;
END;

COMMENT ON FUNCTION segment_internal.figure IS
'Internal: a number with as many digits as mean something, and as many decimals as the one beside it gets; NULL if it has none or is beyond 1e300.';

CREATE FUNCTION segment_internal.count(rows bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_char($1, 'FM999,999,999,999,999,999,990');

COMMENT ON FUNCTION segment_internal.count IS 'Internal: a number of rows as people write it.';

CREATE FUNCTION segment_internal.spell(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(('{one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve}'::text[])[CASE WHEN $1 BETWEEN 1 AND 12 THEN $1 END], segment_internal.count($1));

COMMENT ON FUNCTION segment_internal.spell IS 'Internal: a whole number, in words up to twelve.';

CREATE FUNCTION segment_internal.times(ratio float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 BETWEEN 1.95 AND 2.05 THEN 'twice' WHEN $1 < 9.95 THEN trim_scale(round($1::numeric, 1))::text || ' times'
            WHEN $1 < 100 THEN round($1::numeric)::text || ' times' ELSE segment_internal.figure(round($1)) || ' times' END;

COMMENT ON FUNCTION segment_internal.times IS 'Internal: how many times one number is another, in two digits.';

CREATE FUNCTION segment_internal.as_often(ratio float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    -- a half to a tenth have words, if they are what it is to a percent or two
    SELECT CASE WHEN $1 >= 1.95 THEN segment_internal.times($1) || ' as often'
                WHEN p.part IS NOT NULL AND abs($1 - 1.0 / p.n) < 0.02 THEN p.part || ' as often'
                ELSE least(round(100 * abs($1 - 1)), 99) || CASE WHEN $1 > 1 THEN '% more often' ELSE '% less often' END END
      FROM (SELECT CASE WHEN $1 BETWEEN 0.08 AND 0.6 THEN round(1 / $1)::integer END) n (n)
     CROSS JOIN LATERAL (SELECT n.n, ('{NULL,half,a third,a quarter,a fifth,NULL,NULL,NULL,NULL,a tenth}'::text[])[n.n] AS part) p;
END;

COMMENT ON FUNCTION segment_internal.as_often IS 'Internal: how often something is, compared with something else.';

CREATE FUNCTION segment_internal.cases(share float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 <= 0 THEN 'none' WHEN $1 >= 1 THEN 'all'
            WHEN $1 >= 0.995 THEN 'more than 99' WHEN $1 < 0.0095 THEN 'fewer than 1'
            ELSE round(100 * $1)::text END;

COMMENT ON FUNCTION segment_internal.cases IS 'Internal: how many of 100 a share is.';

CREATE FUNCTION segment_internal.day(days float8, pattern text DEFAULT 'YYYY-MM-DD') RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 BETWEEN -719000 AND 2900000 THEN to_char('1970-01-01'::date + floor($1)::integer, $2)
            ELSE $1::text || ' days after 1970-01-01' END;

COMMENT ON FUNCTION segment_internal.day IS 'Internal: the date of a day counted from 1970-01-01.';

CREATE FUNCTION segment_internal.span(days float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN $1 < 1 THEN 'less than a day'
                ELSE segment_internal.spell(u.n) || ' ' || u.unit || CASE WHEN u.n = 1 THEN '' ELSE 's' END END
      FROM (SELECT CASE WHEN $1 < 45 THEN round($1)::bigint WHEN $1 < 700 THEN round($1 / 30.436875)::bigint ELSE round(least($1, 1e15) / 365.2425)::bigint END AS n,
                   CASE WHEN $1 < 45 THEN 'day' WHEN $1 < 700 THEN 'month' ELSE 'year' END AS unit) u;
END;

COMMENT ON FUNCTION segment_internal.span IS 'Internal: so many days as people say them: in months from a month and a half, in years from two years.';

CREATE FUNCTION segment_internal.list_words(words text[]) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN concat_ws(' and ', nullif(array_to_string($1[:cardinality($1) - 1], ', '), ''), $1[cardinality($1)]);

COMMENT ON FUNCTION segment_internal.list_words IS 'Internal: "a, b and c".';

CREATE FUNCTION segment_internal.list_names(names text[]) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cardinality(names) < 2 THEN
        RETURN names[1];
    END IF;
    RETURN (
    WITH names AS (
        SELECT u.n, string_to_array(u.name, ' ') AS words FROM unnest($1) WITH ORDINALITY u (name, n)
    ), shared AS (
        SELECT coalesce(max(s.n), 0) AS n
          FROM generate_series(1, 5) s (n)
         WHERE (SELECT count(DISTINCT w.words[cardinality(w.words) - s.n + 1:]) = 1 AND min(cardinality(w.words)) > s.n
                       AND count(DISTINCT w.words[1]) = count(*) AND count(DISTINCT w.words[cardinality(w.words) - s.n]) = count(*)
                       AND bool_and(w.words[cardinality(w.words) - s.n] !~ '^(a|at|by|for|from|in|of|on|per|since|to|with)$') AND count(*) > 1 FROM names w)
    )
    SELECT segment_internal.list_words(array_agg(array_to_string(
               CASE WHEN w.n < cardinality($1) THEN w.words[:cardinality(w.words) - s.n] ELSE w.words END, ' ') ORDER BY w.n))
      FROM names w CROSS JOIN shared s);
END
$$;

COMMENT ON FUNCTION segment_internal.list_names IS 'Internal: "web and store purchases": a list in which the last words that all have are said once.';

CREATE FUNCTION segment_internal.percent(share float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 > 0 AND $1 < 0.005 THEN 'less than 1%' WHEN $1 >= 0.995 AND $1 < 1 - 1e-9 THEN 'more than 99%' ELSE round((100 * $1)::numeric) || '%' END;

COMMENT ON FUNCTION segment_internal.percent IS 'Internal: a share in words.';
-- What columns are called, what kind of thing they tell, and in which unit: by the words of their names.

CREATE FUNCTION segment_internal.vocabulary(OUT word text, OUT means text, OUT says text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- "written": how people write it; of all others means is what a name with such a word tells, mostly by its last one
    SELECT w.word, v.means, coalesce(v.says, w.word)
      FROM (VALUES
           ('written', 'number of', 'num nr cnt qty n'),
           ('written', 'spend on', 'mnt'),
           ('written', 'share of', 'prc pct perc'),
           ('written', 'date of', 'dt'),
           ('written', 'amount', 'amt'),
           ('written', 'average', 'avg'),
           ('written', 'credit', 'cr'),
           ('written', 'frequency', 'freq'),
           ('written', 'customer', 'cust'),
           ('written', 'transactions', 'trx txn txns'),
           ('written', 'children at home', 'kidhome'),
           ('written', 'teenagers at home', 'teenhome'),
           ('written', 'time since the last purchase', 'recency'),
           ('written', 'complained', 'complain'),
           ('written', 'VIP', 'vip'),
           ('written', 'products', 'prods'),
           ('written', 'one-off', 'oneoff'),
           ('written', 'total spend', 'monetary'),
           ('unit', '$', '$ usd dollar dollars'), ('unit', 'EUR', 'eur euro euros'), ('unit', 'GBP', 'gbp'), ('unit', 'JPY', 'jpy yen'),
           ('unit', 'CHF', 'chf'), ('unit', 'INR', 'inr'), ('unit', 'CNY', 'cny'), ('unit', 'CAD', 'cad'), ('unit', 'AUD', 'aud'),
           ('unit', 'kr', 'kr'), ('unit', 'SEK', 'sek'), ('unit', 'NOK', 'nok'), ('unit', 'DKK', 'dkk'), ('unit', 'PLN', 'pln'), ('unit', 'CZK', 'czk'),
           ('unit', 'HUF', 'huf'), ('unit', 'BRL', 'brl'), ('unit', 'MXN', 'mxn'), ('unit', 'TRY', 'try'), ('unit', 'ZAR', 'zar'),
           ('unit', '%', '% pct percent'),
           ('measure', NULL, 'kg g km cm m mm kwh mwh gb mb tb min sec s h l ml'),
           ('time', 'years', 'years yrs'), ('time', 'months', 'months'), ('time', 'weeks', 'weeks'), ('time', 'days', 'days'),
           ('time', 'hours', 'hours hrs'), ('time', 'minutes', 'minutes'),
           ('spend', NULL, 'spend spent spending expenditure expenditures'),
           ('purchase', NULL, 'purchases orders'),
           ('money', NULL, 'amount balance bill bills bonus budget charge charges cost costs credit debt deposit deposits earnings fee fees '
                           'income invoice limit loan money payment payments premium price profit revenue revenues salary sales savings '
                           'tax clv ltv turnover value wage wages wealth'),
           ('count', NULL, 'accounts bookings calls clicks complaints contacts deals devices downloads emails flights invoices items logins '
                           'members nights referrals reservations returns reviews rides sessions stays subscriptions tickets '
                           'transactions trips visits'),
           ('children', NULL, 'child children dependants dependents kid kids teenagers teens'),
           ('age', NULL, 'age'),
           ('score', NULL, 'grade index level nps points rank ranking rating ratings satisfaction score scores stars'),
           ('rate', NULL, 'frequency percent percentage probability propensity rate ratio share'),
           ('duration', NULL, 'duration length lifetime membership recency seniority tenure time'),
           ('part', NULL, 'all annual daily day days first last lifetime month monthly months overall past quarter since sum the this time '
                          'total week weekly weeks year yearly years money'),
           ('mean', NULL, 'average avg max maximum mean median min minimum per typical'),
           ('joined', NULL, 'customer enrolled enrollment enrolment join joined joining member membership registered registration signup subscribed'),
           ('born', NULL, 'birth birthday birthdate born dob'),
           ('did', NULL, 'accepted bought cancelled canceled churned clicked complained converted exited joined left opened ordered purchased '
                         'redeemed responded returned subscribed visited'),
           ('person', NULL, 'buyer citizen customer homeowner member owner parent pensioner smoker student subscriber user'),
           ('state', NULL, 'active blocked divorced employed inactive insured married retired single unemployed verified'),
           ('behind', NULL, 'account card contract membership package plan service subscription tariff'),
           ('speaks', NULL, 'city country gender genre geography industry job marital method nationality occupation profession region sex'),
           ('vague', NULL, 'basic high low medium none other others primary secondary tertiary unknown'),
           ('yes', NULL, '1 on t true y yes'),
           ('no', NULL, '0 f false n no none off')) v (means, says, words)
     CROSS JOIN LATERAL string_to_table(v.words, ' ') w (word);
END;

COMMENT ON FUNCTION segment_internal.vocabulary IS
'Internal: the words that tell something about the column that is named by them; all others are just names.';

-- A constant to the planner, which makes it once.
CREATE FUNCTION segment_internal.lexicon() RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_object_agg(w.word, w.means)
      FROM (SELECT v.word, jsonb_object_agg(v.means, v.says) AS means FROM segment_internal.vocabulary() v GROUP BY v.word) w;
END;

COMMENT ON FUNCTION segment_internal.lexicon IS 'Internal: the vocabulary by word.';

CREATE FUNCTION segment_internal.meanings(word text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce(segment_internal.lexicon() -> lower(word COLLATE "C"), '{}');
END
$$;

COMMENT ON FUNCTION segment_internal.meanings IS 'Internal: all that the vocabulary says of a word.';

CREATE FUNCTION segment_internal.currency(code text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sign integer := CASE upper(code COLLATE "C") WHEN 'USD' THEN 36 WHEN 'EUR' THEN 8364 WHEN 'GBP' THEN 163 WHEN 'JPY' THEN 165 END;
BEGIN
    RETURN CASE WHEN sign < 128 OR getdatabaseencoding() = 'UTF8' THEN coalesce(chr(sign), code) ELSE code END;
END
$$;

COMMENT ON FUNCTION segment_internal.currency IS 'Internal: the sign of a currency, if it has one of its own that the database can hold; else as it came.';

CREATE FUNCTION segment_internal.unit(words text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    word  text := lower(words COLLATE "C");
    means jsonb := segment_internal.meanings(word);
BEGIN
    IF means ?| '{unit,time}' THEN
        RETURN segment_internal.currency(coalesce(means ->> 'unit', means ->> 'time'));
    ELSIF length(word) = 1 AND word ~ '[^[:alnum:][:space:]]' AND word IN (segment_internal.currency('EUR'), segment_internal.currency('GBP'), segment_internal.currency('JPY')) THEN
        RETURN word;
    ELSIF word LIKE ANY ('{k%,m%}') AND word ~ '^[km] ?[^ %]+$' AND NOT segment_internal.meanings(ltrim(substr(word, 2))) ? 'time' AND length(ltrim(substr(word, 2))) <> 2 THEN
        RETURN left(word, 1) || segment_internal.unit(ltrim(substr(word, 2)));
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION segment_internal.unit IS
'Internal: the unit that words stand for, as it is written beside figures: a currency, perhaps with k for thousands or m for millions in front, %, or what time is counted in; NULL if they are none.';

CREATE FUNCTION segment_internal.amount(value float8, beside float8, unit text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    figure text := coalesce(segment_internal.figure(value, beside), value::text);
    part   text[];
BEGIN
    IF unit IS NULL THEN
        RETURN figure;
    ELSIF unit = '%' THEN
        RETURN figure || '%';
    END IF;
    -- a sign stands in front; of money nobody writes one decimal
    part := regexp_match(segment_internal.currency(unit), '^([km]?)([^[:alnum:][:space:]])$');
    figure := CASE WHEN part[1] = '' AND figure ~ '[.][0-9]$' THEN figure || '0' ELSE figure END;
    RETURN CASE WHEN part IS NULL THEN figure || ' ' || unit
                ELSE CASE WHEN value < 0 THEN '-' ELSE '' END || part[2] || ltrim(figure, '-') || part[1] END;
END
$$;

COMMENT ON FUNCTION segment_internal.amount IS
'Internal: a number with its unit, which may be a sign or a code of a currency, with k or m in front for thousands or millions, %, or a word; as many decimals as the number beside it gets.';

CREATE FUNCTION segment_internal.naming(column_name text, comment text, OUT name text, OUT unit text, OUT kind text, OUT verb text, OUT speaks boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said   text := coalesce(comment, column_name);
    found  text[];
    word   text;
    means  jsonb;
    before jsonb;                 -- what the word before means
    joined boolean := false;
    other  boolean := false;      -- a word that says more than that somebody joined
    mean   boolean := false;
    tells  text;                  -- the first words, up to "of", "per" and the like
    head   jsonb;                 -- what the last of these means
BEGIN
    IF column_name IS NULL THEN
        RETURN;
    END IF;
    speaks := false;
    -- "(k$)" and "(1-100)" at the end, or a sign
    found := regexp_match(CASE WHEN said LIKE ANY ('{%(%,%[%}') THEN said END, '^(.*[^[:space:]_])[[:space:]_]*[([][[:space:]]*([^][()]*[^][()[:space:]])[[:space:]]*[])][[:space:]]*$');
    IF found[2] ~ '^[-+]?[0-9.,]+ *([^[:alnum:]]{1,3}|to) *[0-9.,]+$' THEN
        said := found[1];
        kind := 'score';
    ELSE
        found := coalesce(found, regexp_match(said, '^(.*[[:alnum:]]{3})([^[:alnum:][:space:]_])$'));
        unit := coalesce(segment_internal.unit(found[2]), segment_internal.meanings(found[2]) ->> 'measure');
        said := CASE WHEN unit IS NULL THEN said ELSE found[1] END;
    END IF;

    IF comment IS NULL THEN
        said := coalesce(nullif(segment_internal.words(regexp_replace(said, '[?[:space:]]+$', '')), ''), said);
        IF column_name !~ '[[:lower:]]' AND (column_name ~ '[[:upper:]]{5}' OR segment_internal.meanings(said) <> '{}') THEN
            said := lower(said COLLATE "C");
        END IF;
    ELSE
        said := CASE WHEN said ~ '^[A-Z][a-z]*([ ,]|$)' THEN lower(left(said, 1)) ELSE left(said, 1) END || substr(said, 2);
        -- "income, EUR a year"
        found := regexp_match(CASE WHEN said LIKE '%, % %' THEN said END, '^(.*[^ ,]), (?:in )?([^ ]+) .*$');
        IF unit IS NULL AND segment_internal.unit(found[2]) !~ '^[a-z]{4}' THEN
            unit := segment_internal.unit(found[2]);
            said := found[1];
        END IF;
    END IF;

    -- a unit as the last word; of those of time if it is time that is counted
    found := regexp_match(CASE WHEN said LIKE '% %' THEN said END, '^((?:.* )?([^ ]+)) ([^ ]+)$');
    IF unit IS NULL AND found[1] NOT LIKE ALL ('{% of,% per,% a}') THEN
        unit := segment_internal.unit(found[3]);
        IF unit ~ '^[a-z]{4}' AND NOT segment_internal.meanings(found[2]) ?| '{age,duration}' THEN
            unit := NULL;
        ELSIF unit IS NOT NULL THEN
            said := regexp_replace(found[1], '(, ?|,? in)$', '');
        END IF;
    END IF;

    IF starts_with(said, 'days since ') THEN
        said := 'time' || substr(said, 5);
        unit := 'days';
    END IF;
    FOREACH word IN ARRAY string_to_array(said, ' ') LOOP
        means := segment_internal.meanings(word);
        IF before ?| '{count,purchase}' AND word ~ '^[[:alpha:]]' AND NOT means ? 'part' AND word <> ALL ('{a,at,by,for,from,in,of,on,per,since,to,with}') THEN
            name := CASE WHEN name LIKE '%s' THEN left(name, -1) ELSE name END;
        END IF;
        before := means;
        name := concat_ws(' ', name, CASE WHEN comment IS NULL THEN coalesce(means ->> 'written', word) ELSE word END);
        verb := CASE WHEN means ? 'born' THEN 'born' ELSE verb END;
        joined := joined OR means ? 'joined';
        other := other OR NOT means ?| '{joined,part}' AND word NOT IN ('date', 'dt', 'of', 'at', 'on', 'as', 'a');
        mean := mean OR means ? 'mean';
        speaks := speaks OR means ? 'speaks';
    END LOOP;
    name := coalesce(name, said);
    verb := CASE WHEN joined AND NOT other THEN 'joined' ELSE verb END;
    said := CASE WHEN name NOT LIKE ALL ('{% of %,% on %}') THEN name WHEN name ~ '^[^ ]+ o[fn] [^[:alpha:]]' THEN said
                 ELSE regexp_replace(regexp_replace(name, '^no of ', 'number of '), '^(.*?) o[fn] (o[fn]) ', '\1 \2 ') END;
    name := said;
    IF kind IS NOT NULL THEN
        RETURN;
    END IF;

    found := regexp_match(CASE WHEN said LIKE ANY ('{number %,count %,quantity %}') THEN said END, '^[a-z]+(?: of)? ([[:alpha:]][^ ]{2}.*)$');
    IF found[1] !~ '^(at|by|for|from|in|on|per|since|to|with)( |$)' THEN
        name := regexp_replace(found[1], ' (day|week|month|year)$', ' per \1');
        tells := regexp_replace(name, ' (at|in|of|per) .*$', '');
        kind := CASE WHEN segment_internal.meanings(split_part(tells, ' ', -1)) ? 'children' THEN 'children' ELSE 'count' END;
        RETURN;
    END IF;

    tells := CASE WHEN said NOT LIKE '% % %' THEN said ELSE regexp_replace(said, '(?<=.) (at|by|for|from|in|of|on|per|since|to|with) .*$', '') END;
    head := segment_internal.meanings(split_part(tells, ' ', -1));
    kind := coalesce(substring(head::text, '"(score|rate|duration|age|children|count|purchase|spend|money)"'), 'number');
    IF mean THEN
        -- no sum, and nothing that is counted
        kind := CASE WHEN kind IN ('spend', 'purchase', 'money') THEN 'money' WHEN kind IN ('count', 'children', 'age') THEN 'number' ELSE kind END;
    ELSIF kind = 'spend' OR kind = 'number' AND said ~ '^(spend|spending|spent) ' THEN
        found := coalesce(regexp_match(said, '(?:^| )(?:spend|spent|spending) on (.+)$'),
                          regexp_match(said, '^(?:spend|spent|spending) ([[:alpha:]].*)$'), regexp_match(said, '^(.+) [a-z]+$'));
        kind := CASE WHEN NOT EXISTS (SELECT FROM string_to_table(found[1], ' ') w (word)
                                       WHERE w.word ~ '^[[:alpha:]]{3}' AND NOT segment_internal.meanings(w.word) ? 'part') THEN 'spending'
                     WHEN tells = said OR said ~ '(^| )(spend|spending|spent) on ' THEN 'spend'
                     ELSE 'money' END;
        name := CASE WHEN kind = 'spend' THEN found[1] WHEN comment IS NULL AND tells = said THEN regexp_replace(name, '^((?:total )?spen)t$', '\1d') ELSE name END;
    ELSIF kind = 'age' AND said !~* '^((customer|client|person|user|member)s? )?age$' THEN
        kind := 'number';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.naming IS
'Internal: what people call a column, by its short comment or its name; the unit of its figures (the sign or code of a currency, k$, %, years), NULL if the name has none; what it tells: spend (name is what for) or spending, purchase (a number, or spend), money, count, children, age, score, rate, duration or number; verb: born or joined, of a date or year; speaks: whether its values tell by themselves what they are.';
-- What the figures of a model say: how far each feature of a segment is from that of all others, automatic labels, and
-- sentences. All of it is made of figures that a fit has stored, but for the value of customers, which is read live.

CREATE FUNCTION segment_internal.column_naming(source regclass, column_name text, OUT name text, OUT unit text, OUT kind text, OUT verb text, OUT speaks boolean, OUT adds boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- a short comment is a name, but one that two columns share tells neither
    comment text := (SELECT btrim(d.description)
                       FROM pg_attribute a
                       JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
                        AND length(btrim(d.description)) BETWEEN 1 AND 40 AND d.description !~ '[\x01-\x1f\x7f]'
                        AND NOT EXISTS (SELECT FROM pg_description b
                                         WHERE b.classoid = d.classoid AND b.objoid = d.objoid AND b.objsubid > 0 AND b.objsubid <> d.objsubid
                                           AND btrim(b.description) = btrim(d.description))
                      WHERE a.attrelid = source AND a.attname = column_naming.column_name);
    o       record := segment_internal.naming(column_name, NULL);
    n       record := segment_internal.naming(CASE WHEN comment IS NOT NULL THEN column_name END, comment);
BEGIN
    name := coalesce(n.name, o.name);
    unit := coalesce(n.unit, o.unit);
    kind := CASE WHEN n.kind <> 'number' OR n.name = o.name THEN n.kind WHEN n.kind IS NOT NULL AND o.kind = 'spending' THEN 'money' ELSE o.kind END;
    verb := coalesce(n.verb, o.verb);
    speaks := o.speaks OR n.speaks IS TRUE;
    adds := kind NOT IN ('score', 'rate', 'age', 'duration') AND verb IS NULL AND name !~* '(^| )(average|mean|median|per|year)( |$)';
END
$$;

COMMENT ON FUNCTION segment_internal.column_naming IS
'Internal: segment_internal.naming of a column of a relation: by its comment, if that is short and no other column''s, and its name for what that leaves open. adds: whether sums mean something, so that segments have shares of it.';

CREATE FUNCTION segment_internal.feature_names(
    m segment_internal.catalog_model,
    OUT feature_no    integer,
    OUT feature       text,
    OUT source_column text,
    OUT kind          text,
    OUT name          text,
    OUT unit          text,
    OUT verb          text,
    OUT topic         text,
    OUT family        text,
    OUT category      boolean,
    OUT pair          boolean
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH features AS (
        SELECT f.feature_no, f.feature, f.source_column, f.part, f.encoding, f.min, f.max, f.mean,
               f.encoding IN ('category', 'other', 'missing') AS category,
               count(*) FILTER (WHERE f.encoding IN ('category', 'other', 'missing')) OVER same = 2 AS pair,
               CASE WHEN f.encoding = 'category' THEN segment_internal.meanings(btrim(f.part)) ELSE '{}' END AS means,
               length(btrim(f.part)) = 1 AS letter,
               nullif(btrim(regexp_replace(f.part, '[\s\x01-\x1f\x7f]+', ' ', 'g')), '') AS part_name,
               f.encoding IN ('boolean', 'flag', 'category', 'other', 'missing') AS share,
               CASE WHEN f.encoding = 'number' AND f.max - f.min BETWEEN 1 AND 1e6
                    THEN segment_internal.apart(f.stddev, sqrt(greatest((f.mean - f.min) * (f.max - f.mean), 0))) < 1e-9 * (f.max - f.min) ELSE false END AS two_values
          FROM segment_internal.catalog_feature f
         WHERE f.model_id = ($1).model_id AND f.run = ($1).run
        WINDOW same AS (PARTITION BY f.source_column)
    ), columns AS MATERIALIZED (
        SELECT c.source_column, n.*
          FROM (SELECT DISTINCT f.source_column FROM features f) c
         CROSS JOIN LATERAL segment_internal.column_naming(($1).source, c.source_column) n
    ), kinds AS (
        -- of a column of yes and no the first is a flag, and the second says nothing more
        SELECT f.*, n.unit, n.verb, n.speaks, segment_internal.meanings(split_part(n.name, ' ', -1)) ? 'behind' AS behind, n.name AS said, f.pair AND bool_or(f.means ? 'yes') OVER same AND bool_or(f.means ? 'no') OVER same AS answers,
               CASE WHEN f.encoding = 'vector' THEN 'vector'
                    WHEN f.share OR f.two_values AND f.min = 0 AND f.max = 1 THEN 'share'
                    WHEN f.two_values AND n.kind = 'number' AND f.min >= 1 AND f.max = f.min + 1 AND f.min = trunc(f.min) THEN 'code'
                    WHEN f.encoding = 'days' THEN 'date'
                    WHEN f.encoding = 'interval' THEN 'days'
                    WHEN n.name ~* '(^| )(year|born|birth)( |$)' AND f.min >= 1800 AND f.max <= 2200 THEN 'year'
                    WHEN n.kind = 'purchase' THEN CASE
                         -- fractions, or numbers as large as nobody buys
                         WHEN f.mean >= 200 OR EXISTS (SELECT FROM segment_internal.catalog_profile p
                                                        WHERE p.model_id = ($1).model_id AND p.run = ($1).run
                                                          AND (p.min[f.feature_no] <> trunc(p.min[f.feature_no]) OR p.max[f.feature_no] <> trunc(p.max[f.feature_no])))
                         THEN 'spend' ELSE 'count' END
                    WHEN n.kind = 'age' AND NOT (f.min >= 0 AND f.max <= 150 AND coalesce(n.unit, 'years') ~ '^[a-z]{4}') THEN 'number'
                    ELSE n.kind END AS kind
          FROM features f
          JOIN columns n ON n.source_column = f.source_column
        WINDOW same AS (PARTITION BY f.source_column)
    ), named AS (
        SELECT k.*,
               -- two columns of one thing
               k.kind IN ('spend', 'count') AND min(k.source_column) OVER same <> max(k.source_column) OVER same AS shared,
               CASE WHEN k.kind IN ('date', 'year')
                         THEN coalesce(nullif(regexp_replace(regexp_replace(k.said, '^(date|year)( of| at|$) ?', ''), ' (at|date|day|on|time|timestamp|year)$', ''), ''), k.said)
                         WHEN k.kind = 'share' THEN regexp_replace(k.said, '^(is|has|was|had) (an? )?(?=.)', '')
                         ELSE k.said END AS topic
          FROM kinds k
         WHERE NOT (k.answers AND k.means ? 'no')
        WINDOW same AS (PARTITION BY k.said)
    ), told AS (
        SELECT n.*,
               CASE WHEN n.shared THEN CASE n.kind WHEN 'spend' THEN 'spend on ' ELSE 'number of ' END || n.topic
                    WHEN n.encoding = 'element' THEN n.topic || ' ' || n.part
                    WHEN n.encoding = 'other' THEN 'other ' || n.topic
                    WHEN n.encoding = 'missing' THEN n.topic || ' missing'
                    WHEN n.encoding <> 'category' OR n.means ? 'yes' AND (n.answers OR NOT n.letter) THEN n.topic
                    -- F and M are no answers
                    WHEN n.means ? 'no' AND (n.answers OR NOT n.letter) THEN 'no ' || n.topic
                    WHEN n.part_name ~* '^no [[:alpha:]]' THEN lower(left(n.part_name, 1)) || substr(n.part_name, 2)
                    WHEN n.behind AND n.part_name ~ '[[:alpha:]][^ ]{2}' THEN n.part_name || ' ' || n.topic
                    WHEN n.speaks AND n.part_name ~ '^[[:alpha:]][^ ]{2}' AND NOT n.means ? 'vague' THEN n.part_name
                    ELSE n.topic || ' ' || coalesce(n.part_name, '(empty)') END AS name
          FROM named n
    )
    SELECT t.feature_no, t.feature, t.source_column, CASE WHEN t.shared THEN CASE t.kind WHEN 'spend' THEN 'money' ELSE 'number' END ELSE t.kind END, segment_internal.shorten(t.name),
           CASE WHEN t.kind IN ('share', 'code', 'date', 'year', 'count', 'children') THEN NULL
                ELSE coalesce(t.unit, CASE t.kind WHEN 'age' THEN 'years' WHEN 'days' THEN 'days' END) END,
           CASE WHEN t.kind IN ('date', 'year') THEN t.verb
                WHEN t.kind <> 'share' OR t.category AND NOT t.answers THEN NULL
                WHEN segment_internal.meanings(split_part(t.topic, ' ', 1)) ? 'did' THEN 'has'
                WHEN segment_internal.meanings(split_part(t.topic, ' ', -1)) ? 'person' THEN CASE WHEN t.topic ~* '^[aeiou]' THEN 'is an' ELSE 'is a' END
                WHEN segment_internal.meanings(t.topic) ? 'state' THEN 'is'
                ELSE substring(t.said, '^(is|has|was|had) .') END,
           segment_internal.shorten(CASE WHEN t.shared THEN t.name ELSE t.topic END),
           CASE WHEN t.category OR t.encoding = 'element' THEN t.source_column ELSE split_part(segment_internal.words(t.source_column), ' ', 1) END,
           t.category AND NOT t.answers, t.pair AND NOT t.answers
      FROM told t;
END;

COMMENT ON FUNCTION segment_internal.feature_names IS
'Internal: the features of the current run of a model by the names that people read: name, without its unit, and topic, that of the whole column. kind: share (0 or 1), code (one of two numbers), date, year, days, spend (name is what for), spending, money, count (name is what of), children, age, score, rate, duration, vector (its length) or number; unit, beside figures, see segment_internal.amount; verb: what a customer is, has or did, with name behind it if kind is share and without if it is date or year; family: features that tell much the same; category: a value of a column that has others, pair: one other.';

CREATE FUNCTION segment_internal.effects(m segment_internal.catalog_model) RETURNS SETOF segment_internal.effect
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH names AS MATERIALIZED (
        -- what a vector means its length does not say
        SELECT n.* FROM segment_internal.feature_names($1) n WHERE n.kind <> 'vector'
    ), figures AS (
        SELECT f.*, n.source_column, n.kind, n.name, n.unit, n.verb, n.topic, n.family, n.category, n.pair,
               greatest(abs(f.population_min), abs(f.population_max)) AS largest
          FROM segment_internal.figures($1) f
          JOIN names n ON n.feature_no = f.feature_no
    ), effects AS (
        -- the pooled variance of Cohen's d follows from that of all rows
        SELECT f.*, segment_internal.z(f.stddev, 0, sqrt(f.rows)) AS error,
               f.z / nullif(1 - f.share, 0) / sqrt(nullif(greatest(1 - f.z * f.z * f.share / nullif(1 - f.share, 0), 0), 0)) AS d,
               -- of two values the one is told that the segment has more of; "no ..." is in fewer cases goes without saying
               f.pair AND f.z < 0
               OR f.category AND f.z < 0 AND f.name LIKE 'no %' AND bool_or(f.category AND f.z > 0) OVER (PARTITION BY f.segment, f.source_column) AS hidden
          FROM figures f
         WHERE abs(f.z) < 1e100
    ), known AS (
        SELECT e.*, e.hidden OR e.kind = 'share' AND row_number() OVER (PARTITION BY e.segment, e.kind, regexp_replace(e.name, '^no ', '')
                                                                        ORDER BY e.hidden, abs(e.z) DESC, e.feature_no) > 1 AS twice
          FROM effects e
    )
    SELECT e.segment, row_number() OVER (PARTITION BY e.segment ORDER BY e.twice, abs(e.z) DESC, e.feature_no)::integer,
           e.feature_no, e.feature, e.source_column, e.kind, e.name, e.unit, e.verb, e.topic, e.family, e.category, e.pair, e.twice, e.mean, e.min, e.max,
           e.population_mean, e.population_stddev, e.population_min, e.population_max, e.index, e.z,
           CASE WHEN e.share < 1 THEN coalesce(e.d, sign(e.z) * 'Infinity'::float8) END,
           CASE WHEN e.largest < 1e300 THEN e.mean - 1.96 * e.error END,
           CASE WHEN e.largest < 1e300 THEN e.mean + 1.96 * e.error END,
           CASE WHEN e.rows < 10 OR segment_internal.apart(e.mean, e.population_mean) < 2 * e.error THEN 'low'
                WHEN e.rows < 30 OR segment_internal.apart(e.mean, e.population_mean) < 4 * e.error THEN 'fair'
                ELSE 'high' END
      FROM known e;
END;

COMMENT ON FUNCTION segment_internal.effects IS
'Internal: each feature of each segment of the current run beside all rows. Ranks by the standardised difference from the mean of all rows and by that from the other rows are the same.';

CREATE FUNCTION segment_internal.telling(effects segment_internal.effect[]) RETURNS SETOF segment_internal.effect
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.* FROM unnest($1) e WHERE e.effect IS NOT NULL AND NOT e.twice AND (abs(e.effect) >= 0.2 OR e.rank = 1);
END;

COMMENT ON FUNCTION segment_internal.telling IS 'Internal: the effects that are worth a sentence: those that are not small, and the largest of each segment.';
-- Automatic labels. A term of a label is a feature behind a sign: + or -, more or less of it than all rows have; > or <,
-- than those segments have whose label would else be the same; ] or [, the most or the least of all segments; =, the
-- range of its values.

CREATE FUNCTION segment_internal.adjective(sign text, kind text, name text, verb text, mean float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- words of a segment that has more, then less of it
RETURN coalesce(CASE WHEN $2 IN ('date', 'year') AND $4 IS NOT NULL THEN $4 || ' ' ELSE '' END
    || (CASE WHEN $2 = 'share' THEN ARRAY[
                 CASE WHEN $5 >= 0.8 THEN '' WHEN $5 >= 0.5 THEN 'mostly' ELSE 'more often' END,
                 CASE WHEN $5 > 0.5 THEN 'less often'
                      ELSE CASE WHEN $5 > 0.05 THEN 'mostly ' ELSE '' END
                           || CASE WHEN $4 = 'has' AND segment_internal.meanings(split_part($3, ' ', 1)) ? 'did' THEN 'not'
                                   ELSE coalesce('not' || substring($4, '^is(.*)$'), 'no') END END,
                 'more often', 'less often', 'most often', 'least often']
             WHEN $2 IN ('date', 'year') THEN '{later,earlier,later,earlier,latest,earliest}'
             WHEN $2 = 'age' THEN '{older,younger,older,younger,oldest,youngest}'
             WHEN $2 = 'count' THEN '{many,few,more,fewer,most,fewest}'
             WHEN $2 = 'children' THEN ARRAY[CASE WHEN $5 >= 0.5 THEN '' ELSE 'more' END, CASE WHEN $5 > 0 THEN 'few' ELSE 'no' END, 'more', 'fewer', 'most', 'fewest']
             WHEN $2 IN ('days', 'duration') THEN '{long,short,longer,shorter,longest,shortest}'
             WHEN $2 = 'spend' THEN '{high spend on,low spend on,higher spend on,lower spend on,highest spend on,lowest spend on}'
             ELSE '{high,low,higher,lower,highest,lowest}' END::text[])[strpos('+-><][', $1)], '');

COMMENT ON FUNCTION segment_internal.adjective IS 'Internal: the words in front of a feature in a label.';

CREATE FUNCTION segment_internal.outliers(m segment_internal.catalog_model, OUT segment integer, OUT words text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.segment, CASE p.rows WHEN 1 THEN 'Outlier' ELSE 'Outliers' END
      FROM segment_internal.catalog_profile p
      JOIN segment_internal.catalog_run r ON r.model_id = p.model_id AND r.run = p.run
      LEFT JOIN segment_internal.catalog_segment_group g ON g.model_id = p.model_id AND g.run = p.run AND g.segment = p.segment
     CROSS JOIN LATERAL (SELECT coalesce(g.rows_used, r.rows_used) AS rows_used, coalesce(g.k, r.k) AS k) b
     WHERE p.model_id = ($1).model_id AND p.run = ($1).run
       AND (p.segment = 0 OR p.rows = 1 AND b.rows_used > 2 * b.k OR p.rows < least(0.01, 0.2 / b.k) * b.rows_used);
END;

COMMENT ON FUNCTION segment_internal.outliers IS
'Internal: the segments that are no groups of customers, and what they are called: those of one row, unless most have few, and those of less than 1 % of the rows and a fifth of what is usual.';

CREATE FUNCTION segment_internal.label_texts(m segment_internal.catalog_model, effects segment_internal.effect[], labels segment_internal.label[])
RETURNS segment_internal.label[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    WITH terms AS (
        SELECT l.segment, t.n, e.kind, segment_internal.adjective(CASE WHEN e.kind = 'code' AND t.term ~ '^[-<[]' THEN '+' ELSE left(t.term, 1) END,
                                                                  CASE e.kind WHEN 'code' THEN 'share' ELSE e.kind END, e.name, e.verb,
                                                                  CASE WHEN e.kind <> 'code' THEN e.mean ELSE abs((e.z < 0)::integer - segment_internal.part(e.mean, e.lowest, e.highest)) END) AS adjective,
               CASE WHEN e.kind = 'age' OR e.kind IN ('date', 'year') AND e.verb IS NOT NULL THEN '' ELSE e.name END
               || CASE WHEN e.kind = 'code' THEN ' ' || CASE WHEN e.z < 0 THEN e.lowest ELSE e.highest END
                       WHEN t.term NOT LIKE '=%' THEN ''
                       WHEN e.kind = 'share' THEN ' ' || segment_internal.percent(e.mean)
                       WHEN e.kind = 'date' THEN format(' %s to %s', segment_internal.day(e.smallest), segment_internal.day(e.largest))
                       WHEN e.kind = 'year' THEN format(' %s to %s', e.smallest, e.largest)
                       ELSE format(' %s to %s', segment_internal.amount(e.smallest, e.largest, e.unit), segment_internal.amount(e.largest, e.smallest, e.unit)) END AS name
          FROM unnest($3) l
         CROSS JOIN LATERAL unnest(l.terms) WITH ORDINALITY t (term, n)
          JOIN unnest($2) e ON e.segment = l.segment AND e.feature = substr(t.term, 2)
    ), texts AS (
        SELECT g.segment, string_agg(g.words, ', ' ORDER BY g.n) AS text
          FROM (SELECT t.segment, min(t.n) AS n, concat_ws(' ', nullif(t.adjective, ''), nullif(segment_internal.list_names(array_remove(array_agg(t.name ORDER BY t.n), '')), '')) AS words
                  FROM terms t
                 -- "no a, no b": of "no a and b" it would be open whether they have b
                 GROUP BY t.segment, t.adjective, t.kind IN ('children', 'code'), CASE WHEN t.adjective ~ '(^| )(no|not|not an?|less often)$' OR t.name ~ '^no ' THEN t.n END) g
         GROUP BY g.segment
    ), single AS MATERIALIZED (
        SELECT 'Average ' || min(e.topic) AS text FROM unnest($2) e HAVING count(DISTINCT e.feature_no) = 1 AND count(DISTINCT e.segment) > 1
    )
    SELECT array_agg(ROW(l.segment, l.terms,
                         CASE WHEN o.words IS NOT NULL THEN format('%s: %s', o.words, coalesce(t.text, 'close to average'))
                              ELSE coalesce(segment_internal.capitalize(t.text), a.text,
                                            CASE WHEN cardinality($2) > 0 OR segment_internal.vectors($1) = '{}' THEN 'Close to average' ELSE format('Segment %s', l.segment) END) END, l.fixed)::segment_internal.label
                     ORDER BY l.segment)
      FROM unnest($3) l
      LEFT JOIN texts t ON t.segment = l.segment
      LEFT JOIN segment_internal.outliers($1) o ON o.segment = l.segment
      LEFT JOIN single a ON true);
END
$$;

COMMENT ON FUNCTION segment_internal.label_texts IS 'Internal: the labels with their terms in words; those of outliers say so.';

CREATE FUNCTION segment_internal.first_labels(effects segment_internal.effect[], segments integer[]) RETURNS segment_internal.label[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- What stands out, at most two features of a family; that a category is rare says little. Numbers need not stand out as much as categories do.
    RETURN (
    WITH standing_out AS (
        SELECT e.segment, e.rank, e.feature, e.z, max(abs(e.z)) OVER (PARTITION BY e.segment) AS most,
               CASE WHEN e.kind <> 'share' THEN max(abs(e.z)) FILTER (WHERE e.kind <> 'share') OVER (PARTITION BY e.segment) END AS most_of_numbers,
               row_number() OVER (PARTITION BY e.segment, e.family ORDER BY e.rank) AS in_family
          FROM unnest($1) e
         WHERE abs(e.z) >= 0.4 AND e.effect IS NOT NULL AND NOT e.twice AND (e.kind <> 'share' OR e.z > 0 OR NOT e.category AND e.population_mean >= 0.2)
    ), chosen AS (
        SELECT o.segment, o.feature, o.z, row_number() OVER (PARTITION BY o.segment ORDER BY o.rank) AS place
          FROM standing_out o
         WHERE o.in_family <= 2 AND abs(o.z) >= 0.35 * coalesce(o.most_of_numbers, o.most)
    )
    SELECT array_agg(ROW(l.segment, l.terms, NULL, false)::segment_internal.label)
      FROM (SELECT s.segment, coalesce(array_agg(CASE WHEN c.z > 0 THEN '+' ELSE '-' END || c.feature ORDER BY c.place)
                                       FILTER (WHERE c.place <= 3), '{}') AS terms
              FROM unnest($2) s (segment)
              LEFT JOIN chosen c ON c.segment = s.segment
             GROUP BY s.segment) l);
END
$$;

COMMENT ON FUNCTION segment_internal.first_labels IS
'Internal: for each of these segments what its label says, if it need not tell it from others.';

CREATE FUNCTION segment_internal.kept_labels(m segment_internal.catalog_model, effects segment_internal.effect[]) RETURNS segment_internal.label[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    WITH ranges AS MATERIALIZED (
        SELECT e.feature_no, min(e.z) AS least, max(e.z) AS most FROM unnest($2) e GROUP BY e.feature_no
    )
    -- the bar is lower for what has been said before: a label does not come and go with small changes
    SELECT coalesce(array_agg(ROW(p.segment, p.label_terms, NULL, true)::segment_internal.label), '{}')
      FROM segment_internal.catalog_profile p
     CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE e.feature IS NULL) AS missing,
                                count(*) FILTER (WHERE CASE left(t, 1) WHEN '+' THEN e.z < 0.3 WHEN '-' THEN e.z > -0.3
                                                                    WHEN ']' THEN e.z < a.most WHEN '[' THEN e.z > a.least END) AS wrong
                           FROM unnest(p.label_terms) t
                           LEFT JOIN unnest($2) e ON e.segment = p.segment AND e.feature = substr(t, 2)
                           LEFT JOIN ranges a ON a.feature_no = e.feature_no) t
     WHERE p.model_id = ($1).model_id AND p.run = ($1).run - 1 AND p.segment > 0 AND p.segment = ANY (ARRAY(SELECT e.segment FROM unnest($2) e))
       AND t.missing = 0 AND t.wrong = 0
       AND CASE p.label_terms WHEN '{}' THEN 0.6 ELSE 'Infinity' END
           > coalesce((SELECT max(abs(e.z)) FROM unnest($2) e WHERE e.segment = p.segment), 0));
END
$$;

COMMENT ON FUNCTION segment_internal.kept_labels IS 'Internal: of the labels of the run before of the segments that these effects are of, what the new figures bear out.';

CREATE FUNCTION segment_internal.distinct_labels(effects segment_internal.effect[], labels segment_internal.label[], given segment_internal.label[])
RETURNS segment_internal.label[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Segments that read the same; of these the ones that may change say more of what they differ most in from the others:
    -- in a feature that their label has not, on which side they are; in one that it has, that they are the first of all, or,
    -- of those that are left, their range.
    RETURN (
    WITH shown AS (
        -- a label is much the same in another order
        SELECT l.segment, coalesce(g.label, l.label) AS label, CASE WHEN g.label IS NULL THEN t.terms END AS terms
          FROM unnest($2) l
          LEFT JOIN unnest($3) g ON g.segment = l.segment
         CROSS JOIN LATERAL (SELECT array_agg(u.term ORDER BY u.term) AS terms FROM unnest(l.terms) u (term)) t
    ), crowd AS (
        SELECT s.*, row_number() OVER (PARTITION BY s.label ORDER BY s.segment) AS of_label,
               row_number() OVER (PARTITION BY s.terms ORDER BY s.segment) AS of_terms
          FROM shown s
    ), pair AS MATERIALIZED (
        -- of many that read the same, the first stand for all
        SELECT s.segment, o.segment AS other FROM shown s JOIN crowd o ON o.label = s.label AND o.of_label <= 20 WHERE o.segment <> s.segment
         UNION
        SELECT s.segment, o.segment FROM shown s JOIN crowd o ON o.terms = s.terms AND o.of_terms <= 20 WHERE o.segment <> s.segment
    ), rival AS MATERIALIZED (
        SELECT l.segment, l.terms, array_agg(p.other ORDER BY p.other) AS others
          FROM unnest($2) l
          JOIN pair p ON p.segment = l.segment
         WHERE NOT l.fixed AND l.segment <> ALL (ARRAY(SELECT g.segment FROM unnest($3) g))
         GROUP BY l.segment, l.terms
    ), theirs AS (
        SELECT p.segment, e.feature_no, avg(e.z ORDER BY e.segment) AS theirs
          FROM pair p
          JOIN unnest($1) e ON e.segment = p.other
         GROUP BY p.segment, e.feature_no
    ), ranges AS (
        SELECT e.feature_no, min(e.z) AS least, max(e.z) AS most FROM unnest($1) e GROUP BY e.feature_no
    ), apart AS (
        SELECT DISTINCT ON (r.segment) r.segment, e.feature, e.z AS mine, t.theirs, a.least, a.most, u.said
          FROM rival r
          JOIN unnest($1) e ON e.segment = r.segment
          JOIN theirs t ON t.segment = r.segment AND t.feature_no = e.feature_no
          JOIN ranges a ON a.feature_no = e.feature_no
         CROSS JOIN LATERAL (SELECT max(u.n) AS said FROM unnest(r.terms) WITH ORDINALITY u (term, n) WHERE substr(u.term, 2) = e.feature) u
         WHERE abs(e.z - t.theirs) > 0 AND (u.said IS NULL OR r.terms[u.said] !~ '^[]=[]')
         ORDER BY r.segment, abs(e.z - t.theirs) DESC, e.feature_no
    ), signs AS (
        SELECT a.*, CASE WHEN a.said IS NULL AND r.terms = '{}' THEN '='
                         WHEN a.said IS NULL THEN CASE WHEN a.mine > a.theirs THEN '>' ELSE '<' END
                         WHEN a.mine = a.most AND a.mine > 0 THEN ']' WHEN a.mine = a.least AND a.mine < 0 THEN '['
                         -- the only one that the first leave need not say more
                         WHEN NOT EXISTS (SELECT FROM apart o WHERE o.segment = ANY (r.others) AND o.feature = a.feature AND o.said IS NOT NULL
                                             AND (o.mine = o.most OR o.mine = o.least)) OR cardinality(r.others) > 1 THEN '=' END AS sign
          FROM apart a JOIN rival r ON r.segment = a.segment
    )
    SELECT array_agg(ROW(l.segment, CASE WHEN g.sign IS NULL THEN l.terms
                                         WHEN g.said IS NULL THEN l.terms || (g.sign || g.feature)
                                         ELSE l.terms[:g.said - 1] || (g.sign || g.feature) || l.terms[g.said + 1:] END, l.label, l.fixed)::segment_internal.label ORDER BY l.segment)
      FROM unnest($2) l
      LEFT JOIN signs g ON g.segment = l.segment);
END
$$;

COMMENT ON FUNCTION segment_internal.distinct_labels IS
'Internal: labels that say more where they read as those of other segments do, or as those that persons have given.';

CREATE FUNCTION segment_internal.effects_by_group(
    m segment_internal.catalog_model, every segment_internal.effect[], OUT segments integer[], OUT effects segment_internal.effect[]
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT array_agg(DISTINCT p.segment), coalesce(array_agg(e ORDER BY e.segment, e.feature_no) FILTER (WHERE e.segment IS NOT NULL), '{}')
          FROM segment_internal.catalog_profile p
          LEFT JOIN unnest(every) e ON e.segment = p.segment
          LEFT JOIN segment_internal.catalog_segment_group g ON g.model_id = p.model_id AND g.run = p.run AND g.segment = p.segment
         WHERE p.model_id = m.model_id AND p.run = m.run
         GROUP BY g.group_no;
END
$$;

COMMENT ON FUNCTION segment_internal.effects_by_group IS 'Internal: the segments of each group with their effects; all together where there are no groups.';

-- How many effects an array has the planner does not know: by itself it would look at each for each segment.
CREATE FUNCTION segment_internal.label_segments(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off SET enable_nestloop = off AS $$
DECLARE
    effects segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e WHERE e.segment > 0);
    given   segment_internal.label[] :=
        ARRAY(SELECT ROW(l.segment, '{}', l.label, true)::segment_internal.label
                FROM segment_internal.catalog_label l WHERE l.model_id = m.model_id);
    labels  segment_internal.label[] := '{}';
    kept    segment_internal.label[];
    texts   segment_internal.label[];
    part    record;
BEGIN
    FOR part IN SELECT g.* FROM segment_internal.effects_by_group(m, effects) g LOOP
        kept := segment_internal.kept_labels(m, part.effects);
        labels := labels || kept || segment_internal.first_labels(part.effects,
            ARRAY(SELECT s FROM unnest(part.segments) s WHERE s > 0 AND s NOT IN (SELECT l.segment FROM unnest(kept) l)));
    END LOOP;
    labels := segment_internal.label_texts(m, effects, labels);
    FOR i IN 1 .. 2 LOOP
        texts := labels;
        labels := '{}';
        FOR part IN SELECT g.* FROM segment_internal.effects_by_group(m, effects) g LOOP
            labels := labels || segment_internal.distinct_labels(part.effects,
                ARRAY(SELECT l FROM unnest(texts) l WHERE l.segment = ANY (part.segments)), given);
        END LOOP;
        EXIT WHEN labels = texts;       -- none says more than before
        labels := segment_internal.label_texts(m, effects, labels);
    END LOOP;
    PERFORM segment_internal.keep_automatic_labels(m.model_id, array_agg(
        ROW(l.segment, l.terms, CASE WHEN l.fixed AND l.before IN (l.label, l.numbered) THEN l.before
                                     WHEN l.same = 1 THEN l.label
                                     ELSE l.numbered END, l.fixed)::segment_internal.label))
      FROM (SELECT l.segment, l.terms, t.label, l.fixed, format('%s (%s)', t.label, l.segment) AS numbered, b.label AS before, count(*) OVER (PARTITION BY t.label) AS same
              FROM unnest(labels) l
              LEFT JOIN segment_internal.catalog_segment_group g ON g.model_id = m.model_id AND g.run = m.run AND g.segment = l.segment
             CROSS JOIN LATERAL (SELECT concat_ws(': ', segment_internal.group_name(g.group_values), l.label) AS label) t
              LEFT JOIN segment_internal.catalog_profile b
                     ON b.model_id = m.model_id AND b.run = m.run - 1 AND b.segment = l.segment) l;
END
$$;

COMMENT ON FUNCTION segment_internal.label_segments IS
'Internal: gives the segments of the current run their automatic labels: those of the run before as long as they are true. What tells segments apart is told within their group.';
-- Sentences. Their subject is the average customer of a segment.

CREATE FUNCTION segment_internal.several(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace($1, '(?<=.) (at|by|for|from|in|of|on|per|since|to|with) .*$', '') ~ '([^isu]s|children)$';

COMMENT ON FUNCTION segment_internal.several IS 'Internal: is the name of a thing a plural?';

CREATE FUNCTION segment_internal.share_sentence(subject text, share float8, of_all float8) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    cases text := segment_internal.cases(share);
BEGIN
    RETURN format('%s in %s, against %s%s', subject,
        CASE cases WHEN 'none' THEN 'no case' WHEN 'all' THEN 'all cases' WHEN 'fewer than 1' THEN 'fewer than 1 in 100 cases'
             WHEN 'more than 99' THEN 'more than 99 in 100 cases' ELSE cases || ' of 100 cases' END,
        segment_internal.cases(of_all) || CASE WHEN cases IN ('none', 'all') THEN ' of 100' ELSE '' END,
        CASE WHEN share >= 1.2 * of_all OR share < 0.8 * of_all AND share >= 0.0095 THEN ': ' || segment_internal.as_often(share / nullif(of_all, 0)) END);
END
$$;

COMMENT ON FUNCTION segment_internal.share_sentence IS 'Internal: how often something is so in a segment, and in all rows.';

CREATE FUNCTION segment_internal.compared(e segment_internal.effect, more text, less text, average text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ratio float8;
BEGIN
    -- One form for a feature, whatever the segment: a ratio, or a difference where values below 0 make none, or where all
    -- are so much alike that percentages say nothing.
    IF e.lowest >= 0 AND e.population_mean > 0 AND NOT e.spread < 0.1 * e.population_mean THEN
        ratio := e.index / 100;
    END IF;
    IF ratio >= 1.95 THEN
        RETURN segment_internal.times(ratio) || average;
    ELSIF ratio IS NOT NULL THEN
        RETURN CASE WHEN abs(ratio - 1) < 0.005 THEN 'less than 1' ELSE least(round(100 * abs(ratio - 1)), CASE WHEN ratio > 0 THEN 99 ELSE 100 END)::text END
            || '% ' || CASE WHEN ratio >= 1 THEN more ELSE less END;
    END IF;
    RETURN segment_internal.amount(segment_internal.apart(e.mean, e.population_mean), NULL, e.unit) || ' ' || CASE WHEN e.z >= 0 THEN more ELSE less END;
END
$$;

COMMENT ON FUNCTION segment_internal.compared IS
'Internal: how the mean of a segment compares with that of all rows: "2.3 times" and what stands for the average, or "49%" or a difference and the words for more or less.';

CREATE FUNCTION segment_internal.sentence(e segment_internal.effect) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    apart  float8 := segment_internal.apart(e.mean, e.population_mean);
    span   text;
    side   float8;
    mine   text;
    theirs text;
    said   text;
BEGIN
    IF e.kind = 'share' THEN
        said := segment_internal.share_sentence(concat_ws(' ', e.verb, e.name), e.mean, e.population_mean);
    ELSIF e.kind = 'code' THEN
        side := CASE WHEN e.z < 0 THEN e.highest ELSE e.lowest END;
        said := segment_internal.share_sentence(format('%s is %s', e.name, e.lowest + e.highest - side),
            segment_internal.apart(e.mean, side) / (e.highest - e.lowest), segment_internal.apart(e.population_mean, side) / (e.highest - e.lowest));
    ELSIF e.kind IN ('date', 'year', 'age') THEN
        span := CASE WHEN e.kind = 'date' THEN segment_internal.span(apart)
                     WHEN e.unit <> 'years' THEN segment_internal.amount(apart, NULL, e.unit)
                     WHEN round(apart::numeric, 1) = 1 THEN 'one year'
                     WHEN apart < 1.5 THEN segment_internal.figure(apart, 1) || ' years'
                     ELSE segment_internal.spell(round(least(apart, 1e15))::bigint) || ' years' END;
        IF e.kind = 'age' THEN
            said := format('is %s %s old, %s %s than average', round(e.mean::numeric, CASE WHEN apart < 1.5 THEN 1 ELSE 0 END), e.unit, span,
                           CASE WHEN e.z < 0 THEN 'younger' ELSE 'older' END);
        ELSE
            said := format('%s %s, %s %s than average', coalesce(e.verb, e.name) || CASE WHEN e.verb = 'born' THEN '' WHEN e.name ~* '(^| )year$' THEN ' is' ELSE ' in' END,
                           CASE WHEN e.kind = 'year' THEN round(e.mean)::text ELSE segment_internal.day(e.mean, CASE WHEN e.verb = 'born' THEN 'FMYYYY' ELSE 'FMMonth FMYYYY' END) END,
                           span, CASE WHEN e.z < 0 THEN 'earlier' ELSE 'later' END);
        END IF;
    ELSE
        mine := segment_internal.amount(e.mean, e.population_mean, e.unit);
        theirs := segment_internal.amount(e.population_mean, e.mean, e.unit);
        IF e.kind IN ('spend', 'spending') AND e.mean = 0 THEN
            said := format('spends nothing%s, against %s', CASE e.kind WHEN 'spend' THEN ' on ' || e.name END, theirs);
        ELSIF e.kind IN ('spend', 'spending') THEN
            said := format('spends %s%s: %s against %s', segment_internal.compared(e, 'more than average', 'less than average', ' the average'),
                           CASE e.kind WHEN 'spend' THEN ' on ' || e.name END, mine, theirs);
        ELSIF e.kind IN ('count', 'children') AND e.mean = 0 THEN
            said := format('has no %s, against %s', e.name, theirs);
        ELSIF e.kind IN ('count', 'children') THEN
            said := format('has %s: %s against %s', segment_internal.compared(e, format('more %s than average', e.name), format('fewer %s than average', e.name),
                                                                              ' the average number of ' || e.name), mine, theirs);
        ELSE
            said := format('%s %s %s, %s (%s)', e.name, CASE WHEN segment_internal.several(e.name) THEN 'are' ELSE 'is' END, mine,
                           segment_internal.compared(e, 'above average', 'below average', ' the average'), theirs);
        END IF;
    END IF;
    RETURN said || CASE e.reliability WHEN 'low' THEN ' (uncertain)' ELSE '' END;
END
$$;

COMMENT ON FUNCTION segment_internal.sentence IS
'Internal: what sets a segment apart in a feature, with the means of the segment and of all rows in original units.';

CREATE FUNCTION segment_internal.neighbours(m segment_internal.catalog_model, OUT segment integer, OUT neighbour integer) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DISTINCT ON (a.segment) a.segment, b.segment
      FROM segment_internal.catalog_centroid a
      JOIN segment_internal.catalog_centroid b ON b.model_id = a.model_id AND b.run = a.run AND b.segment <> a.segment
     CROSS JOIN LATERAL (SELECT sum(CASE WHEN abs(u.x - u.y) > 1e-100 THEN (u.x - u.y) ^ 2 ELSE 0 END) AS squared FROM unnest(a.scaled, b.scaled) u (x, y)
                          WHERE abs(u.x - u.y) < 1e100) d
     WHERE a.model_id = ($1).model_id AND a.run = ($1).run
       -- of a vector the catalog has the length of the centroid alone
       AND segment_internal.vectors($1) = '{}'
       -- distances of one group are none of another
       AND NOT EXISTS (SELECT FROM segment_internal.catalog_segment_group g JOIN segment_internal.catalog_segment_group h USING (model_id, run)
                        WHERE g.model_id = a.model_id AND g.run = a.run AND g.segment = a.segment AND h.segment = b.segment AND g.group_no <> h.group_no)
       AND (SELECT count(*) FROM segment_internal.catalog_centroid c WHERE c.model_id = ($1).model_id AND c.run = ($1).run) <= 100
     ORDER BY a.segment, d.squared, b.segment;
END;

COMMENT ON FUNCTION segment_internal.neighbours IS
'Internal: the segment whose centroid is nearest to that of each segment; nothing for more than a hundred segments, which have too many pairs, and for vectors.';
-- What segments are worth.

CREATE FUNCTION segment_internal.value(model_id bigint, value text) RETURNS SETOF segment_internal.worth
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NOT NULL THEN
        RETURN QUERY SELECT w.* FROM segment_internal.worth_of(model_id, value) w;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.value IS 'Internal: segment_value of a model; nothing without a column.';

CREATE FUNCTION segment_internal.worth_of(model_id bigint, value text) RETURNS SETOF segment_internal.worth
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_members';

COMMENT ON FUNCTION segment_internal.worth_of IS 'Internal: what the segments of a model are worth, as its owner.';

CREATE FUNCTION segment_internal.check_members(m segment_internal.catalog_model, names text[], argument text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.members) THEN
        RAISE undefined_table USING
            MESSAGE = format('model "%s" has no members view, which tells the segment of each row', m.name),
            HINT = 'Fit it with a key, and assignment => ''table'' or ''view''.';
    END IF;
    PERFORM segment_internal.check_columns(m.members, names, argument);
END
$$;

COMMENT ON FUNCTION segment_internal.check_members IS 'Internal: raises unless a model has a members view with these columns, each named once.';

CREATE FUNCTION segment_internal.members_query(m segment_internal.catalog_model, column_no integer) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- the last four columns of the view are ours, the first of them the segment
    SELECT format('SELECT m.%I AS segment, m.%I AS value FROM %s m', (array_agg(c.column_name ORDER BY c.column_no DESC))[4],
                  min(c.column_name) FILTER (WHERE c.column_no = $2), ($1).members)
      FROM segment_internal.columns(($1).members) c;
$$;

COMMENT ON FUNCTION segment_internal.members_query IS 'Internal: a SELECT of the segment and one column of each member, for whoever runs as the owner of a model.';

CREATE FUNCTION segment_internal.worth_of_as_owner(model_id bigint, value text) RETURNS SETOF segment_internal.worth
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    members text;
    wanted  record;
BEGIN
    PERFORM segment_internal.check_members(m, ARRAY[$2], 'value');
    SELECT c.* INTO wanted FROM segment_internal.columns(m.members) c WHERE c.column_name = $2;
    IF wanted.kind <> 'number' AND wanted.base_type <> 'money'::regtype THEN
        RAISE wrong_object_type USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which is not a number', $2,
                             (SELECT c.relname FROM pg_class c WHERE c.oid = m.members), wanted.data_type),
            HINT = 'Name a column of what customers are worth, such as their spend.';
    END IF;

    members := segment_internal.members_query(m, wanted.column_no);
    -- sums of numeric do not depend on the order of rows
    RETURN QUERY EXECUTE format(
        'SELECT s.segment, s.label, coalesce(v.rows, 0), coalesce(v.rows / nullif(sum(v.rows) OVER (), 0), 0)::float8,'
        '       v.total::float8, v.average::float8, '
        '       (CASE WHEN v.all_total > 0 AND v.all_total < ''Infinity'' THEN v.total / v.all_total END)::float8'
        '  FROM segment_internal.catalog_segment s'
        '  LEFT JOIN (SELECT m.segment, count(*) AS rows, sum(%1$s)::numeric AS total, avg(%1$s)::numeric AS average,'
        '                    sum(sum(%1$s)::numeric) OVER () AS all_total'
        '               FROM (%2$s) m GROUP BY 1) v ON v.segment = s.segment'
        ' WHERE s.model_id = %3$s ORDER BY s.segment',
        CASE WHEN wanted.base_type IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype) THEN 'm.value'
             ELSE 'nullif(m.value::numeric, ''NaN'')' END,
        members, m.model_id);
END
$$;

COMMENT ON FUNCTION segment_internal.worth_of_as_owner IS 'Internal: what worth_of returns.';

CREATE FUNCTION segment_internal.given(argument text, value text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = format('argument "%s" must not be NULL', argument);
    END IF;
    RETURN value;
END
$$;

COMMENT ON FUNCTION segment_internal.given IS 'Internal: the value of an argument; an error if it is NULL.';

CREATE FUNCTION @extschema@.segment_value(
    model text,
    value text,
    OUT segment     integer,
    OUT label       text,
    OUT rows        bigint,
    OUT share       float8,
    OUT value_sum   float8,
    OUT value_avg   float8,
    OUT value_share float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT v.* FROM segment_internal.value(segment_internal.model_id($1), segment_internal.given('value', $2)) v;
END;

COMMENT ON FUNCTION @extschema@.segment_value IS
'What the segments of a model are worth, by today''s sums of a numeric column of its members: their shares of the rows and of the value; value_share is NULL where all values together are not positive, or infinite.';
-- How often an outcome is reached in each segment: a column of two values that did not make the segments, such as who
-- answered or left.

CREATE FUNCTION segment_internal.outcomes(model_id bigint, outcome text[]) RETURNS SETOF segment_internal.outcome
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cardinality(outcome) > 0 THEN
        RETURN QUERY SELECT o.* FROM segment_internal.outcomes_of(model_id, outcome) o;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.outcomes IS 'Internal: segment_outcome of a model; nothing without a column.';

CREATE FUNCTION segment_internal.outcomes_of(model_id bigint, outcome text[]) RETURNS SETOF segment_internal.outcome
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_members';

COMMENT ON FUNCTION segment_internal.outcomes_of IS 'Internal: rates of outcomes in the segments of a model, as its owner.';

CREATE FUNCTION segment_internal.outcomes_of_as_owner(model_id bigint, outcome text[]) RETURNS SETOF segment_internal.outcome
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    wanted  record;
    members text;
    counts  jsonb;
    known   text[];
BEGIN
    PERFORM segment_internal.check_members(m, outcome, 'outcome');
    FOR wanted IN SELECT c.*, o.n, (SELECT r.relname FROM pg_class r WHERE r.oid = m.members) AS relname,
                         c.column_name IN (SELECT f.source_column FROM segment_internal.catalog_feature f
                                            WHERE f.model_id = m.model_id AND f.run = m.run) AS is_feature
                    FROM unnest(outcome) WITH ORDINALITY o (name, n)
                    JOIN segment_internal.columns(m.members) c ON c.column_name = o.name
                   ORDER BY o.n
    LOOP
        IF wanted.kind NOT IN ('boolean', 'number', 'category') THEN
            RAISE wrong_object_type USING
                MESSAGE = format('column "%s" of relation "%s" has type %s, which is no outcome', wanted.column_name, wanted.relname, wanted.data_type),
                HINT = 'An outcome is a boolean, a number that is 0 or 1, or a text of two values.';
        END IF;
        members := segment_internal.members_query(m, wanted.column_no);
        -- one group more than two values and NULL have, and there is a third value among them
        EXECUTE format('SELECT coalesce(jsonb_agg(c), ''[]'')'
                       '  FROM (SELECT m.segment, %s AS value, count(*) AS rows FROM (%s) m WHERE m.segment = ANY ($1) GROUP BY 1, 2 LIMIT 3 * cardinality($1) + 1) c',
                       CASE wanted.kind WHEN 'boolean' THEN 'm.value::text'
                                        WHEN 'number' THEN 'trim_scale(nullif(m.value::numeric, ''NaN''))::text'
                                        ELSE 'nullif(btrim(m.value::text), '''')' END,
                       members)
           INTO counts
          USING ARRAY(SELECT s.segment FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id);
        known := ARRAY(SELECT c ->> 'value' FROM jsonb_array_elements(counts) c WHERE c ->> 'value' IS NOT NULL
                        GROUP BY 1 ORDER BY sum((c ->> 'rows')::bigint), (c ->> 'value') COLLATE "C" DESC);
        IF cardinality(known) > 2 OR (wanted.kind = 'number' AND NOT known <@ '{0,1}') THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format(CASE wanted.kind WHEN 'number' THEN 'column "%s" of relation "%s" has other values than 0 and 1'
                                                  ELSE 'column "%s" of relation "%s" has more than two values' END, wanted.column_name, wanted.relname),
                HINT = 'An outcome is a boolean, a number that is 0 or 1, or a text of two values.';
        END IF;
        IF wanted.is_feature THEN
            RAISE NOTICE USING
                MESSAGE = format('"%s" is a feature of model "%s": that its rates differ is how the segments were made', wanted.column_name, m.name),
                HINT = format('Fit without it, exclude => %L, to judge the segments by it.', ARRAY[wanted.column_name]);
        END IF;
        RETURN QUERY SELECT r.* FROM segment_internal.rates(m, wanted.column_name, segment_internal.positive(wanted.kind, known), counts) r;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.outcomes_of_as_owner IS 'Internal: what outcomes_of returns.';

CREATE FUNCTION segment_internal.says_yes(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower($1 COLLATE "C") IN ('yes', 'y', 'true', 't', '1', 'on');

COMMENT ON FUNCTION segment_internal.says_yes IS 'Internal: whether a value says no more than that its column holds.';

CREATE FUNCTION segment_internal.positive(kind text, known text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- of a text the one that says yes, or not no; else the rarer, which comes first
    SELECT CASE $1 WHEN 'boolean' THEN 'true' WHEN 'number' THEN '1'
           ELSE (SELECT v FROM unnest($2) WITH ORDINALITY u (v, n)
                  ORDER BY CASE WHEN segment_internal.says_yes(v) THEN 1
                                WHEN lower(v COLLATE "C") ~ '^(no|n|false|f|0|off|none|not\M.*|non-.*)$' THEN 3
                                ELSE 2 END, n
                  LIMIT 1) END;
END;

COMMENT ON FUNCTION segment_internal.positive IS 'Internal: of the values of an outcome, the rarer first, the one to count.';

CREATE FUNCTION segment_internal.rates(m segment_internal.catalog_model, name text, value text, counts jsonb) RETURNS SETOF segment_internal.outcome
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the interval of E. B. Wilson (1927): it stays within 0 and 1, and says something of a rate of 0 as well
    WITH counted AS (
        SELECT s.segment, s.label, coalesce(sum(c.rows), 0)::bigint AS rows, coalesce(sum(c.rows) FILTER (WHERE c.value = $3), 0)::float8 AS hits
          FROM (SELECT s.segment, s.label FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id
                 UNION ALL SELECT NULL, NULL) s
          LEFT JOIN jsonb_to_recordset($4) c (segment integer, value text, rows bigint)
                 ON c.value IS NOT NULL AND (c.segment = s.segment OR s.segment IS NULL)
         GROUP BY s.segment, s.label
    ), rated AS (
        SELECT c.*, c.hits / nullif(c.rows, 0) AS rate, 1.959963984540054 ^ 2 / nullif(c.rows, 0) AS z
          FROM counted c
    )
    SELECT r.segment, r.label, $2, $3, r.rows, r.rate,
           CASE WHEN r.rows > 0 THEN greatest(0, (r.rate + r.z / 2 - i.half) / (1 + r.z)) END,
           CASE WHEN r.rows > 0 THEN least(1, (r.rate + r.z / 2 + i.half) / (1 + r.z)) END,
           r.rate / nullif((SELECT a.rate FROM rated a WHERE a.segment IS NULL), 0)
      FROM rated r
     CROSS JOIN LATERAL (SELECT sqrt(r.z * (r.rate * (1 - r.rate) + r.z / 4)) AS half) i
     ORDER BY r.segment;
END;

COMMENT ON FUNCTION segment_internal.rates IS 'Internal: from the counts of each value in each segment to rates; a row for all customers last.';

CREATE FUNCTION segment_internal.outcome_effects(
    m segment_internal.catalog_model,
    outcomes segment_internal.outcome[],
    OUT n           bigint,    -- their order
    OUT segment     integer,
    OUT label       text,
    OUT column_name text,
    OUT name        text,      -- for people
    OUT rows        bigint,
    OUT rate        float8,
    OUT low         float8,
    OUT high        float8,
    OUT average     float8,
    OUT reliability text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH compared AS (
        SELECT o.*, a.rate AS average, abs(o.rate - a.rate) / nullif((o.high - o.low) / 3.92, 0) AS errors
          FROM unnest($2) WITH ORDINALITY o (segment, label, column_name, value, rows, rate, low, high, lift, n)
          LEFT JOIN unnest($2) a ON a.column_name = o.column_name AND a.segment IS NULL
    )
    SELECT c.n, c.segment, c.label, c.column_name,
           n.name || CASE WHEN segment_internal.says_yes(c.value) THEN '' ELSE ': ' || segment_internal.shorten(c.value) END,
           c.rows, c.rate, c.low, c.high, c.average,
           CASE WHEN c.rows < 10 OR c.average BETWEEN c.low AND c.high THEN 'low' WHEN c.rows < 30 OR c.errors < 4 THEN 'fair' ELSE 'high' END
      FROM compared c
     CROSS JOIN LATERAL segment_internal.column_naming(($1).source, c.column_name) n
     ORDER BY c.n;
END;

COMMENT ON FUNCTION segment_internal.outcome_effects IS 'Internal: the rates of outcomes beside those of all rows, and how reliable it is that they differ.';

CREATE FUNCTION segment_internal.outcome_sentences(
    m segment_internal.catalog_model,
    outcomes segment_internal.outcome[],
    OUT segment integer, OUT label text, OUT column_name text, OUT insight text, OUT rate float8, OUT low float8, OUT high float8,
    OUT average float8, OUT reliability text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH effects AS MATERIALIZED (
        SELECT e.* FROM segment_internal.outcome_effects($1, $2) e WHERE e.rate IS NOT NULL
    ), extremes AS (
        -- of the model: the segments that are surely apart from the average, those with the most and the least; not a handful of rows
        SELECT DISTINCT ON (e.column_name, e.rate > e.average) e.*, e.rate > e.average AS more
          FROM effects e
         WHERE e.segment IS NOT NULL AND e.reliability <> 'low' AND e.rows >= 30
         ORDER BY e.column_name, e.rate > e.average, abs(e.rate - e.average) DESC, e.segment
    )
    SELECT s.segment, s.label, s.column_name, s.insight, s.rate, s.low, s.high, s.average, s.reliability
      FROM (SELECT e.*, format('%s in %s of the cases (%s to %s), against %s%s', e.name, segment_internal.percent(e.rate), segment_internal.percent(e.low),
                               segment_internal.percent(e.high), segment_internal.percent(e.average),
                               CASE e.reliability WHEN 'low' THEN ' (uncertain)' ELSE '' END) AS insight
              FROM effects e WHERE e.segment IS NOT NULL
             UNION ALL
            SELECT e.*, format('%s in %s of the cases', segment_internal.capitalize(e.name), segment_internal.percent(e.rate))
                        || coalesce((SELECT ': ' || string_agg(format('%s in "%s"', segment_internal.percent(x.rate), x.label), ', ' ORDER BY x.more DESC)
                                       FROM extremes x WHERE x.column_name = e.column_name), '; no segment surely differs')
              FROM effects e WHERE e.segment IS NULL) s
     ORDER BY s.segment, s.n;
END;

COMMENT ON FUNCTION segment_internal.outcome_sentences IS
'Internal: the rates of outcomes in words, a sentence a segment and outcome, and one without a segment for each outcome.';

CREATE FUNCTION @extschema@.segment_outcome(
    model text,
    outcome text[],
    OUT segment     integer,
    OUT label       text,
    OUT column_name text,
    OUT value       text,
    OUT rows        bigint,
    OUT rate        float8,
    OUT low         float8,
    OUT high        float8,
    OUT lift        float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT o.* FROM segment_internal.outcomes(segment_internal.model_id($1), segment_internal.given('outcome', $2::text)::text[]) o;
END;

COMMENT ON FUNCTION @extschema@.segment_outcome IS
'How often an outcome is reached in each segment, by today''s members: columns that are boolean, 0 or 1, or texts of two values, of which value is counted. low and high: its 95 % interval (Wilson); lift: the rate as a multiple of that of all rows, which the row without a segment tells.';
-- The rows that stand for a segment.

CREATE FUNCTION segment_internal.typical(model_id bigint, rows integer) RETURNS SETOF segment_internal.typical
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.typical IS 'Internal: segment_typical of a model, as its owner.';

CREATE FUNCTION segment_internal.typical_as_owner(model_id bigint, rows integer) RETURNS SETOF segment_internal.typical
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m    segment_internal.catalog_model := segment_internal.model(model_id);
    own  text[];
    columns text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(m.source) c
                             WHERE c.column_name = ANY (m.columns) AND c.kind <> 'vector' ORDER BY array_position(m.columns, c.column_name));
    keys text;
    nth  text;
BEGIN
    IF $2 IS NULL OR $2 NOT BETWEEN 1 AND 1000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "rows" is %s', coalesce($2::text, 'NULL')),
            HINT = 'It must be from 1 to 1000.';
    ELSIF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
        RAISE undefined_table USING
            MESSAGE = format('model "%s" has no assignment, which tells the distance of each row', m.name),
            HINT = 'Fit it with a key, and assignment => ''table'' or ''view''.';
    ELSIF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.source) THEN
        RAISE undefined_table USING
            MESSAGE = format('the source of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew on another relation.';
    END IF;
    own := ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c);
    keys := segment_internal.identifiers(m.key, 'a.%I');
    nth := segment_internal.unique_name('segment_rank', '', own);

    -- those of the first rows that are nearest tell how near the nearest of all are at least: few others are sorted
    RETURN QUERY EXECUTE format(
        'WITH bound AS ('
        '    SELECT b.segment, max(b.distance) AS distance'
        '      FROM (SELECT a.%1$I AS segment, a.%2$I AS distance, row_number() OVER (PARTITION BY a.%1$I ORDER BY a.%2$I) AS n'
        '              FROM (SELECT * FROM %3$s LIMIT 5000) a) b'
        '     WHERE b.n <= $1 GROUP BY b.segment HAVING count(*) = $1'
        '), nearest AS MATERIALIZED ('
        '    SELECT r.* FROM (SELECT a.*, row_number() OVER (PARTITION BY a.%1$I ORDER BY a.%2$I, %4$s) AS %9$I'
        '                       FROM %3$s a LEFT JOIN bound b ON b.segment = a.%1$I'
        '                      WHERE b.distance IS NULL OR a.%2$I <= b.distance) r'
        '     WHERE r.%9$I <= $1'
        ')'
        'SELECT n.%1$I, n.%9$I::integer, jsonb_build_object(%5$s), n.%2$I, jsonb_build_object(%6$s)'
        '  FROM nearest n JOIN %7$s source ON %8$s ORDER BY n.%1$I, n.%9$I',
        own[cardinality(m.key) + 1], own[cardinality(m.key) + 2], m.assignment, keys,
        segment_internal.identifiers(m.key, '%1$L, n.%1$I'),
        segment_internal.identifiers(columns[:50], '%1$L, source.%1$I'),
        m.source, segment_internal.key_match(m.source, m.key, 'source', 'n'), nth)
        USING $2;
END
$$;

COMMENT ON FUNCTION segment_internal.typical_as_owner IS 'Internal: what segment_typical returns.';

CREATE FUNCTION @extschema@.segment_typical(
    model  text,
    rows   integer DEFAULT 3,
    OUT segment  integer,
    OUT rank     integer,
    OUT key      jsonb,
    OUT distance real,
    OUT customer jsonb
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT t.* FROM segment_internal.typical(segment_internal.model_id($1), $2) t;
END;

COMMENT ON FUNCTION @extschema@.segment_typical IS
'The rows nearest to the centroid of each segment, nearest first, so many of each: their keys, distances, and today''s values of the columns that the model clusters on (of the first fifty that are no vectors).';
-- Rules: who is in a segment, as a short WHERE.
--
-- They are searched for on a sample (src/explore/rule_search.c), in the columns that the model clusters on; what is said
-- of a rule is counted by that rule, as it is printed, over all rows of the members view.

CREATE FUNCTION segment_internal.rule_axes(
    m segment_internal.catalog_model,
    OUT n           bigint,
    OUT expression  text,      -- the value as a double, or its code
    OUT shown       text,      -- as it stands in a rule
    OUT nominal     boolean,
    OUT whole       boolean,
    OUT literals    text[],    -- of codes
    OUT form        text       -- of a cut
) RETURNS SETOF record
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH feature AS (
        -- how far apart the segments are in it
        SELECT f.source_column, CASE f.encoding WHEN 'element' THEN f.part::integer END AS element, f.encoding = 'flag' AS flag,
               max(abs(segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev))) AS apart, min(f.feature_no) AS feature_no
          FROM segment_internal.catalog_feature f
          JOIN segment_internal.catalog_segment s ON s.model_id = f.model_id
         WHERE f.model_id = m.model_id AND f.run = m.run
         GROUP BY f.source_column, f.encoding, f.part
    ), axis AS (
        SELECT c.column_name, c.base_type, CASE WHEN bool_and(f.flag) AND c.kind = 'number' THEN 'flag' ELSE c.kind END AS kind, f.element,
               -- the operators of a type that is not PostgreSQL's depend on the search path
               CASE WHEN c.kind = 'category' AND t.typnamespace <> 'pg_catalog'::regnamespace AND t.typtype <> 'e' THEN '%I::text' ELSE '%I' END AS form,
               max(f.apart) AS apart, min(f.feature_no) AS feature_no,
               (SELECT ARRAY(SELECT CASE WHEN length(v) <= 100 THEN v END FROM jsonb_array_elements_text(p -> 'categories') WITH ORDINALITY u (v, i) ORDER BY i) FROM jsonb_array_elements(m.preparation -> 'columns') p
                 WHERE p ->> 'name' = c.column_name LIMIT 1) AS categories
          FROM feature f
          JOIN segment_internal.columns(m.members) c ON c.column_name = f.source_column
          JOIN pg_type t ON t.oid = c.base_type
         WHERE c.kind IN ('boolean', 'number', 'date', 'interval') OR c.kind = 'category' OR (c.kind = 'array' AND f.element IS NOT NULL)
         GROUP BY c.column_name, c.base_type, c.kind, t.typnamespace, t.typtype, f.element
    )
    SELECT row_number() OVER (ORDER BY a.apart DESC NULLS LAST, a.feature_no),
           format(CASE a.kind
                  WHEN 'boolean' THEN 'm.%1$I::integer'
                  WHEN 'flag' THEN 'CASE WHEN m.%1$I IN (0, 1) THEN m.%1$I WHEN m.%1$I IS NOT NULL THEN -1 END'
                  WHEN 'category' THEN 'CASE m.%1$I::text COLLATE "C" %2$s ELSE CASE WHEN m.%1$I IS NOT NULL THEN -1 END END'
                  -- beyond the years 1 to 9999 a date has no readable literal
                  WHEN 'date' THEN '(SELECT CASE WHEN d > 2900000 THEN ''Infinity'' WHEN d < -719000 THEN ''-Infinity'' ELSE d END FROM segment_internal.number(m.%1$I) d)'
                  -- as intervals are compared
                  WHEN 'interval' THEN 'CASE WHEN isfinite(m.%1$I) THEN extract(year FROM m.%1$I) * 360 + extract(month FROM m.%1$I) * 30 + extract(day FROM m.%1$I)'
                                       ' + extract(epoch FROM m.%1$I - date_trunc(''day'', m.%1$I)) / 86400 END'
                  -- NaN is beyond all numbers
                  ELSE 'CASE WHEN m.%1$I%3$s IS NOT NULL THEN coalesce(nullif(segment_internal.number(m.%1$I%3$s), ''NaN''), ''Infinity'') END'
                  END, a.column_name, (SELECT coalesce(string_agg(format('WHEN %L THEN %s', v, i - 1), ' ' ORDER BY i), 'WHEN NULL THEN 0') FROM unnest(a.categories) WITH ORDINALITY u (v, i)),
                  '[' || a.element || ']'),
           format(a.form, a.column_name) || coalesce('[' || a.element || ']', ''),
           a.kind IN ('boolean', 'flag', 'category'), a.kind = 'date',
           CASE a.kind WHEN 'flag' THEN '{0,1}' WHEN 'category' THEN ARRAY(SELECT quote_literal(v) FROM unnest(a.categories) WITH ORDINALITY u (v, i) ORDER BY i) END,
           CASE WHEN a.base_type = 'timestamptz'::regtype THEN '''%s 00:00:00+00''' WHEN a.kind = 'date' THEN '''%s'''
                WHEN a.kind = 'interval' THEN 'interval ''%s days''' ELSE '%s' END
      FROM axis a
     -- of 20,000 rows two million values
     ORDER BY 1
     LIMIT 100;
$$;

COMMENT ON FUNCTION segment_internal.rule_axes IS
'Internal: the columns and elements that rules may ask for, those that set segments apart most first.';

CREATE FUNCTION segment_internal.rule_condition(shown text, form text, literals text[], test text, cut float8, codes integer[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 AS $$
    SELECT CASE WHEN test IS NULL THEN NULL
                WHEN test = 'IS NULL' THEN shown || ' IS NULL'
                WHEN test = 'IN' AND literals IS NULL THEN CASE codes WHEN '{1}' THEN shown WHEN '{0}' THEN 'NOT ' || shown ELSE shown || ' IS NOT NULL' END
                WHEN test = 'IN' AND cardinality(codes) = 1 THEN format('%s = %s', shown, literals[codes[1] + 1])
                WHEN test = 'IN' THEN format('%s IN (%s)', shown, (SELECT string_agg(literals[c + 1], ', ' ORDER BY c) FROM unnest(codes) c))
                ELSE format('%s %s %s', shown, test, format(form, CASE WHEN form ~ '^''%s' THEN to_char('1970-01-01'::date + cut::integer, 'YYYY-MM-DD') ELSE cut::text END))
           END;
$$;

COMMENT ON FUNCTION segment_internal.rule_condition IS 'Internal: a condition of a rule in SQL.';

CREATE FUNCTION segment_internal.rules(model_id bigint, sampled boolean) RETURNS SETOF segment_internal.rule
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_members';

COMMENT ON FUNCTION segment_internal.rules IS
'Internal: segment_rules of a model, as its owner; sampled: with the figures of the sample, where that is not all rows.';

CREATE FUNCTION segment_internal.rules_as_owner(model_id bigint, sampled boolean) RETURNS SETOF segment_internal.rule
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.model(model_id);
    rows     bigint := (SELECT r.rows_used FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    own      text;
    hash     text;
    axes     record;
    size     constant bigint := 20000;
    segments integer[];
    value    float8[];
    rules    segment_internal.rule[];
    part     segment_internal.rule[];
BEGIN
    PERFORM segment_internal.check_members(m, '{}', 'model');
    own := (SELECT (array_agg(c.column_name ORDER BY c.column_no DESC))[4] FROM segment_internal.columns(m.members) c);
    SELECT coalesce(string_agg(format('coalesce((%s)::float8, ''NaN'')', a.expression), ', ' ORDER BY a.n), 'NULL') AS expressions,
           coalesce(array_agg(a.nominal ORDER BY a.n), '{}') AS nominal, coalesce(array_agg(a.whole ORDER BY a.n), '{}') AS whole
      INTO axes
      FROM segment_internal.rule_axes(m) a;

    -- always the same rows
    hash := segment_internal.hash(m.members, m.key);
    EXECUTE format('SELECT coalesce(array_agg(s.segment), ''{}''), coalesce(array_agg(s.value), ''{}'')'
                   '  FROM (SELECT coalesce(m.%1$I, 0) AS segment, ARRAY[%2$s]::float8[] AS value'
                   '          FROM (SELECT * FROM %3$s WHERE %4$s <= $1 ORDER BY %4$s LIMIT $2) m) s',
                   own, axes.expressions, m.members, hash)
       INTO segments, value
      USING segment_internal.hash_bound(size, rows), size;

    -- conditions on the same column stand beside each other
    rules := ARRAY(
        SELECT ROW(c.segment,
                   CASE WHEN min(c.rows) > 0 THEN coalesce(string_agg(segment_internal.rule_condition(a.shown, a.form, a.literals, c.test, c.cut, c.codes),
                                                                      ' AND ' ORDER BY c.axis, c.test DESC), 'true') END,
                   min(c.hits)::float8 / nullif(min(c.rows), 0), min(c.hits)::float8 / nullif(min(c.matched), 0))::segment_internal.rule
          FROM segment_internal.search_rules(
                   ARRAY(SELECT s.segment FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id),
                   segments, value, axes.nominal, axes.whole) c
          LEFT JOIN segment_internal.rule_axes(m) a ON a.n = c.axis
         GROUP BY c.segment
         ORDER BY c.segment);
    IF sampled AND cardinality(segments) = size THEN
        RETURN QUERY SELECT r.* FROM unnest(rules) r;
        RETURN;
    END IF;

    -- a read for 500 rules: parallel plans hand over no more than 1664 counts
    FOR i IN 0 .. (cardinality(rules) - 1) / 500 LOOP
        part := rules[i * 500 + 1:i * 500 + 500];
        RETURN QUERY EXECUTE format(
            'WITH counted AS MATERIALIZED (SELECT %1$I AS segment, count(*) AS rows, ARRAY[%2$s] AS matched FROM %3$s GROUP BY 1)'
            ' SELECT r.segment, r.rule, own.matched[r.n]::float8 / own.rows, own.matched[r.n]::float8 / nullif(every.matched, 0)'
            '   FROM unnest($1) WITH ORDINALITY r (segment, rule, coverage, "precision", n)'
            '   LEFT JOIN counted own ON own.segment = r.segment AND r.rule IS NOT NULL'
            '  CROSS JOIN LATERAL (SELECT sum(c.matched[r.n])::float8 AS matched FROM counted c) every'
            '  ORDER BY r.segment',
            own, (SELECT string_agg(format('count(*) FILTER (WHERE %s)', coalesce(r.rule, 'false')), ', ' ORDER BY r.n)
                    FROM unnest(part) WITH ORDINALITY r (segment, rule, coverage, "precision", n)), m.members)
            USING part;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.rules_as_owner IS 'Internal: what rules returns.';

CREATE FUNCTION @extschema@.segment_rules(
    model text,
    OUT segment     integer,
    OUT rule        text,
    OUT coverage    float8,
    OUT "precision" float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.* FROM segment_internal.rules(segment_internal.model_id($1), false) r;
END;

COMMENT ON FUNCTION @extschema@.segment_rules IS
'Who is in each segment, as an SQL condition of at most three parts over the columns of the source, in their units, for a WHERE over the members view or the source. coverage: the share of the segment''s rows that it finds; precision: the share of the rows found that are of the segment; both over today''s members. "true" where nothing is told apart; NULL for a segment that has no rows, or none among the 20,000 that rules are searched for in.';
-- What a model found, in sentences.

-- A simplified silhouette says something beside that of data without groups; where there was no test, a uniform
-- square has 0.52, and a line 0.61.
CREATE FUNCTION segment_internal.separation(run segment_internal.catalog_run) RETURNS text
LANGUAGE sql STABLE
RETURN CASE WHEN ($1).k = 1 THEN CASE WHEN NOT ($1).clear_groups THEN 'No clear groups: the customers are a continuum, and one segment' END
            WHEN ($1).silhouette IS NULL THEN NULL
            WHEN NOT ($1).clear_groups THEN 'No clear groups: the segments below divide a continuum'
            WHEN CASE WHEN ($1).clear_groups THEN ($1).sample_silhouette - ($1).reference_silhouette >= 0.2 ELSE ($1).silhouette >= 0.7 END
            THEN 'The segments are clearly apart'
            WHEN CASE WHEN ($1).clear_groups THEN ($1).sample_silhouette - ($1).reference_silhouette >= 0.06 ELSE ($1).silhouette >= 0.55 END
            THEN 'The segments overlap at their edges'
            ELSE 'The segments blend into each other: where one ends is a choice' END
       || coalesce(format(' (simplified silhouette %s%s)', round(coalesce(($1).sample_silhouette, ($1).silhouette)::numeric, 2),
                          '; data without groups have ' || round(($1).reference_silhouette::numeric, 2)), '');

COMMENT ON FUNCTION segment_internal.separation IS 'Internal: how far the segments of a run are apart, in words; NULL for one segment that nobody doubts.';

CREATE FUNCTION segment_internal.model_insights(
    m segment_internal.catalog_model, effects segment_internal.effect[], OUT topic text, OUT insight text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH run AS (
        SELECT r.* FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id AND r.run = ($1).run
    ), size AS (
        SELECT min(s.rows) AS least, max(s.rows) AS most, min(s.share) AS least_share, max(s.share) AS most_share
          FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id AND s.segment > 0
    ), telling AS (
        -- the share of a feature's variance that lies between the segments, again two of a family, and once a column; few
        -- rows far away do not count for more than their share
        SELECT f.topic, f.weight, row_number() OVER (ORDER BY f.weight DESC, f.feature_no) AS place
          FROM (SELECT t.*, row_number() OVER (PARTITION BY t.family ORDER BY t.weight DESC, t.feature_no) AS in_family
                  FROM (SELECT DISTINCT ON (e.topic) e.topic, e.feature_no, e.family, sum(s.share * least(abs(e.z), 2) ^ 2 ORDER BY e.segment) AS weight
                          FROM unnest($2) e
                          JOIN segment_internal.catalog_segment s ON s.model_id = ($1).model_id AND s.segment = e.segment
                         GROUP BY e.topic, e.feature_no, e.family
                         ORDER BY e.topic, weight DESC, e.feature_no) t) f
         WHERE f.in_family <= 2
    ), moved AS (
        SELECT s.label, s.share, p.rows::float8 / r.rows_used AS before
          FROM segment_internal.catalog_segment s
          JOIN segment_internal.catalog_transition t ON t.model_id = s.model_id AND t.run = ($1).run AND t.to_segment = s.segment AND t.kind = 'survived'
          JOIN segment_internal.catalog_profile p ON p.model_id = s.model_id AND p.run = ($1).run - 1 AND p.segment = t.from_segment
          JOIN segment_internal.catalog_run r ON r.model_id = p.model_id AND r.run = p.run
         WHERE s.model_id = ($1).model_id AND s.segment > 0
         ORDER BY abs(s.share - p.rows::float8 / r.rows_used) DESC, s.segment
         LIMIT 1
    )
    SELECT CASE WHEN i.n = 2 AND NOT (SELECT r.clear_groups FROM run r) THEN 'continuum'
                ELSE ('{size,separation,difference,number,small,change,change}'::text[])[i.n] END, i.insight
      FROM (SELECT 1, CASE WHEN r.k = 1 THEN format('%s customer%s in one segment', segment_internal.count(r.rows_used), CASE r.rows_used WHEN 1 THEN '' ELSE 's' END)
                           ELSE format('%s customers in %s segments of %s (%s) to %s (%s)', segment_internal.count(r.rows_used), r.k,
                                       segment_internal.count(s.least), segment_internal.percent(s.least_share),
                                       segment_internal.count(s.most), segment_internal.percent(s.most_share)) END
                      || coalesce((SELECT format('; %s %s outliers, in none of them', segment_internal.count(o.rows), CASE o.rows WHEN 1 THEN 'is' ELSE 'are' END)
                                     FROM segment_internal.catalog_segment o WHERE o.model_id = ($1).model_id AND o.segment = 0), '')
                      || CASE WHEN r.rows_skipped > 0 THEN format('; %s more %s left out', segment_internal.count(r.rows_skipped), CASE r.rows_skipped WHEN 1 THEN 'was' ELSE 'were' END) ELSE '' END
              FROM run r CROSS JOIN size s
             UNION ALL
            SELECT 2, w.words || CASE WHEN r.k > 1 THEN coalesce(', and explain ' || segment_internal.percent(r.explained) || ' of the differences between customers', '')
                                      ELSE '' END
              FROM run r CROSS JOIN LATERAL (SELECT segment_internal.separation(r) AS words) w WHERE w.words IS NOT NULL
             UNION ALL
            SELECT 3, format('They differ most in %s', segment_internal.list_names(array_agg(t.topic ORDER BY t.place)))
              FROM telling t CROSS JOIN run r WHERE t.place <= 3 AND r.k > 1 HAVING count(*) > 0
             UNION ALL
            SELECT 4, CASE WHEN r.k_reason = 'given' THEN format('The number of segments, %s, was asked for', r.k)
                           WHEN r.k_reason LIKE 'as in the run before%' THEN format('The number of segments, %s, is that of the run before', r.k)
                           ELSE format('Why %s: %s', CASE r.k WHEN 1 THEN 'one segment' ELSE r.k || ' segments' END, r.k_reason) END
              FROM run r
             UNION ALL
            SELECT 5, format('Small, to be read with care: %s', string_agg(format('"%s" (%s)', s.label, segment_internal.count(s.rows)), ', ' ORDER BY s.segment))
              FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id AND s.segment > 0 AND s.rows < 30 HAVING count(*) > 0
             UNION ALL
            SELECT 6, CASE WHEN abs(d.share - d.before) < 0.005 THEN 'The sizes of the segments are as they were in the run before'
                           ELSE format('Since the run before, "%s" %s from %s to %s of the customers', d.label,
                                       CASE WHEN d.share > d.before THEN 'grew' ELSE 'shrank' END,
                                       segment_internal.percent(d.before), segment_internal.percent(d.share)) END
              FROM moved d CROSS JOIN run r WHERE r.k > 1
             UNION ALL
            SELECT 7, segment_internal.story($1)) i (n, insight)
     WHERE i.insight IS NOT NULL
     ORDER BY i.n;
END;

COMMENT ON FUNCTION segment_internal.model_insights IS 'Internal: the current run of a model in sentences, and what each is about.';

CREATE FUNCTION segment_internal.insights(
    model_id bigint,
    value text,
    outcome text[],
    OUT segment     integer,
    OUT label       text,
    OUT rank        integer,
    OUT feature     text,
    OUT insight     text,
    OUT about       text,
    OUT effect      float8,
    OUT mean        float8,
    OUT low         float8,
    OUT high        float8,
    OUT population_mean float8,
    OUT reliability text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    effects segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e);
    reached segment_internal.outcome[] := ARRAY(SELECT o FROM segment_internal.outcomes(m.model_id, $3) o);
    vectors integer[] := segment_internal.vectors(m);
    nearest segment_internal.typical[];
BEGIN
    IF vectors <> '{}' THEN
        -- what vectors mean their rows tell, to those who may see them
        BEGIN
            nearest := ARRAY(SELECT t FROM segment_internal.typical(m.model_id, 3) t);
        EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
                       OR wrong_object_type OR data_exception THEN
            nearest := '{}';
        END;
    END IF;
    RETURN QUERY
        SELECT NULL::integer, NULL::text, NULL::integer, NULL::text, i.insight, 'model', NULL::float8, NULL::float8, NULL::float8,
               NULL::float8, NULL::float8, NULL::text
          FROM segment_internal.model_insights(m, effects) i
         UNION ALL
        SELECT NULL, NULL, NULL, o.column_name, o.insight, 'outcome', NULL, o.rate, o.low, o.high, o.average, NULL
          FROM segment_internal.outcome_sentences(m, reached) o WHERE o.segment IS NULL;
    RETURN QUERY
        WITH near AS MATERIALIZED (
            SELECT n.segment, o.label
              FROM segment_internal.neighbours(m) n
              JOIN segment_internal.catalog_segment o ON o.model_id = m.model_id AND o.segment = n.neighbour
        ), sentences AS MATERIALIZED (
            SELECT e.segment, 1 AS part, e.rank, e.feature, segment_internal.sentence(e) AS insight, 'feature' AS about,
                   e.effect, e.mean, e.low, e.high, e.population_mean, e.reliability
              FROM segment_internal.telling(effects) e
             UNION ALL
            SELECT p.segment, 1, NULL, f.feature,
                   format('%s: vectors of length %s on average, the centroid''s is %s', f.feature, segment_internal.figure(p.mean[f.feature_no]), segment_internal.figure(c.value[f.feature_no])),
                   'vector', NULL, p.mean[f.feature_no], NULL, NULL, f.mean, NULL
              FROM segment_internal.catalog_feature f
              JOIN segment_internal.catalog_profile p ON p.model_id = f.model_id AND p.run = f.run
              JOIN segment_internal.catalog_centroid c ON c.model_id = p.model_id AND c.run = p.run AND c.segment = p.segment
             WHERE f.model_id = m.model_id AND f.run = m.run AND f.feature_no = ANY (vectors)
             UNION ALL
            SELECT t.segment, 1, NULL, NULL,
                   'nearest to the centroid: ' || string_agg((SELECT string_agg(k.value, ', ' ORDER BY array_position(m.key, k.key)) FROM jsonb_each_text(t.key) k), '; ' ORDER BY t.rank),
                   'typical', NULL, NULL, NULL, NULL, NULL, NULL
              FROM unnest(nearest) t
             GROUP BY t.segment
             UNION ALL
            SELECT s.segment, 2, NULL, NULL,
                   format('%s of the customers: %s', segment_internal.percent(s.share), segment_internal.count(s.rows)),
                   'size', NULL, NULL, NULL, NULL, NULL, NULL
              FROM segment_internal.catalog_segment s
             WHERE s.model_id = m.model_id
             UNION ALL
            SELECT s.segment, 3, NULL, NULL,
                   CASE s.border_rows WHEN 0 THEN 'nobody is at the border to another segment'
                   ELSE format(CASE c.cases WHEN 'all' THEN 'all are' WHEN '1' THEN '1 of 100 is' WHEN 'fewer than 1' THEN 'fewer than 1 in 100 are'
                                            WHEN 'more than 99' THEN 'more than 99 in 100 are' ELSE '%s of 100 are' END || ' at the border (margin below 0.1)', c.cases)
                        || coalesce(': nearest is "' || n.label || '"', '') END,
                   'border', NULL, NULL, NULL, NULL, NULL, NULL
              FROM segment_internal.catalog_segment s
             CROSS JOIN LATERAL (SELECT segment_internal.cases(s.border_rows / s.rows::float8) AS cases) c
              LEFT JOIN near n ON n.segment = s.segment
             WHERE s.model_id = m.model_id AND s.margin_avg IS NOT NULL
             UNION ALL
            SELECT v.segment, 4, NULL, NULL,
                   CASE WHEN n.adds
                        THEN format('is %s of the customers and %s of "%s": %s on average', segment_internal.percent(v.share), segment_internal.percent(v.value_share), n.name,
                                    segment_internal.amount(v.value_avg, NULL, n.unit))
                        ELSE format('"%s" is %s on average', n.name, segment_internal.amount(v.value_avg, NULL, n.unit)) END,
                   'value', NULL, v.value_avg, NULL, NULL, NULL, NULL
              FROM segment_internal.value(m.model_id, $2) v
             CROSS JOIN (SELECT CASE WHEN c.kind = 'spend' THEN 'spend on ' || c.name ELSE c.name END AS name, c.unit, c.adds
                           FROM segment_internal.column_naming(m.source, $2) c) n
             WHERE v.value_share IS NOT NULL
             UNION ALL
            SELECT o.segment, 4 + o.n, NULL, o.column_name, o.insight, 'outcome', NULL, o.rate, o.low, o.high, o.average, o.reliability
              FROM segment_internal.outcome_sentences(m, reached) WITH ORDINALITY o (segment, label, column_name, insight, rate, low, high, average, reliability, n)
        )
        SELECT s.segment, s.label, i.rank, i.feature, i.insight, i.about, i.effect, i.mean, i.low, i.high, i.population_mean, i.reliability
          FROM segment_internal.catalog_segment s
          JOIN sentences i ON i.segment = s.segment
         WHERE s.model_id = m.model_id
         ORDER BY s.segment IN (SELECT o.segment FROM segment_internal.outliers(m) o), s.segment, i.part, i.rank, i.feature;
END
$$;

COMMENT ON FUNCTION segment_internal.insights IS 'Internal: segment_insights of a model.';

CREATE FUNCTION @extschema@.segment_insights(
    model text,
    value text DEFAULT NULL,
    outcome text[] DEFAULT NULL,
    OUT segment     integer,
    OUT label       text,
    OUT rank        integer,
    OUT feature     text,
    OUT insight     text,
    OUT about       text,
    OUT effect      float8,
    OUT mean        float8,
    OUT low         float8,
    OUT high        float8,
    OUT population_mean float8,
    OUT reliability text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT i.* FROM segment_internal.insights(segment_internal.model_id($1), $2, $3) i;
END;

COMMENT ON FUNCTION @extschema@.segment_insights IS
'What a model found, in sentences: of each segment the features that set it apart from the other rows, the largest effect (Cohen''s d) first and down to 0.2, with the means of the segment and of all rows in original units and how reliable that is; its size, who is at its border, and, where value names a numeric column, what it is worth, where outcome names columns of two values, how often they are reached (95 % interval, Wilson). Rows without a segment are about the whole model. rank is NULL for what is not about a feature.';
-- The tree of a bisecting model, and what there is at each height of it: a model of twelve segments is also one of three.

CREATE FUNCTION segment_internal.side(kind text, name text, unit text, verb text, split float8, above boolean) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN $1 = 'share' AND $5 IS NOT NULL THEN CASE WHEN $6 THEN '' ELSE 'not ' END || $2
            WHEN $5 IS NULL THEN CASE WHEN $6 THEN 'more ' ELSE 'less ' END || $2
            WHEN $1 IN ('date', 'year')
                THEN coalesce($4, $2) || CASE WHEN $6 THEN ' from ' ELSE ' before ' END
                     || CASE $1 WHEN 'date' THEN segment_internal.day($5) ELSE ceil($5)::text END
            ELSE CASE WHEN $1 = 'spend' THEN 'spend on ' ELSE '' END || $2 || CASE WHEN $6 THEN ' from ' ELSE ' below ' END
                 || CASE WHEN $1 IN ('count', 'children') THEN regexp_replace(segment_internal.amount(ceil($5), NULL, NULL), '[.]0+$', '')
                         ELSE segment_internal.amount($5, NULL, $3) END END;

COMMENT ON FUNCTION segment_internal.side IS
'Internal: one side of a split in words: "income below $51,300", "income from $51,300".';

CREATE FUNCTION segment_internal.tree(
    m segment_internal.catalog_model,
    OUT node integer, OUT parent integer, OUT segment integer, OUT depth integer, OUT rows bigint, OUT feature text, OUT split float8,
    OUT share float8, OUT label text, OUT side text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        WITH RECURSIVE known AS MATERIALIZED (
            SELECT n.* FROM segment_internal.feature_names(m) n
        ), names AS MATERIALIZED (
            -- the no of a column of yes and no has no name: it is what is not the yes
            SELECT f.feature_no, f.feature, coalesce(n.kind, y.kind, 'number') AS kind,
                   coalesce(n.name, y.name, segment_internal.shorten(f.feature)) AS name, n.unit, n.verb,
                   n.feature_no IS NULL AND y.feature_no IS NOT NULL AS negated
              FROM segment_internal.catalog_feature f
              LEFT JOIN known n ON n.feature_no = f.feature_no
              LEFT JOIN known y ON y.source_column = f.source_column AND y.kind = 'share' AND n.feature_no IS NULL
             WHERE f.model_id = m.model_id AND f.run = m.run
        ), segments AS MATERIALIZED (
            SELECT s.segment, s.label FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id
        ), nodes AS MATERIALIZED (
            SELECT t.*, segment_internal.side(n.kind, n.name, n.unit, n.verb, p.split, t.above <> n.negated) AS side
              FROM segment_internal.catalog_node t
              LEFT JOIN segment_internal.catalog_node p ON p.model_id = t.model_id AND p.run = t.run AND p.node = t.parent
              LEFT JOIN names n ON n.feature_no = p.feature_no
             WHERE t.model_id = m.model_id AND t.run = m.run
        ), told AS (
            SELECT r.node, 'all'::text AS sides, ARRAY[r.node] AS path FROM nodes r WHERE r.parent IS NULL
             UNION ALL
            SELECT c.node, concat_ws(', ', nullif(t.sides, 'all'), c.side), t.path || c.node FROM told t JOIN nodes c ON c.parent = t.node
        )
        SELECT t.node, t.parent, t.segment, t.depth, t.rows, n.feature, t.split, t.rows::float8 / r.rows_used,
               coalesce(s.label, w.sides), t.side
          FROM nodes t
          JOIN told w ON w.node = t.node
          JOIN segment_internal.catalog_run r ON r.model_id = t.model_id AND r.run = t.run
          LEFT JOIN names n ON n.feature_no = t.feature_no
          LEFT JOIN segments s ON s.segment = t.segment
         ORDER BY w.path;
    IF NOT FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('model "%s" has no tree', m.name),
            HINT = 'Fit it with algorithm => ''bisecting''.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.tree IS
'Internal: segment_tree of a model. label of a node that is split: the sides of all splits above it.';

CREATE FUNCTION @extschema@.segment_tree(
    model text,
    OUT node    integer,
    OUT parent  integer,
    OUT segment integer,
    OUT depth   integer,
    OUT rows    bigint,
    OUT feature text,
    OUT split   float8,
    OUT share   float8,
    OUT label   text,
    OUT side    text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.* FROM segment_internal.tree(segment_internal.model($1)) t;
END;

COMMENT ON FUNCTION @extschema@.segment_tree IS
'The tree of a bisecting model, a row a node, parents before their children, 1 being all rows: leaves have their segment, others the feature in which their two children differ most, and the split halfway between the means of these, original units (NULL for cosine distance). Split s made the nodes 2s and 2s + 1, so those of the first k - 1 splits have the least numbers. rows, share: of the segments below. side: on which side of the split of its parent a node is; label: that of the segment, else the sides from the top.';

CREATE FUNCTION segment_internal.cut(
    m segment_internal.catalog_model, k integer,
    OUT node integer, OUT label text, OUT rows bigint, OUT share float8, OUT segments integer[]
) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    most integer;
BEGIN
    RETURN QUERY
        WITH RECURSIVE nodes AS MATERIALIZED (
            SELECT t.* FROM segment_internal.tree(m) t
        ), climbed AS (
            -- from each leaf up to a node of the first k - 1 splits
            SELECT t.segment, t.node, t.parent FROM nodes t WHERE t.segment IS NOT NULL
             UNION ALL
            SELECT c.segment, p.node, p.parent FROM climbed c JOIN nodes p ON p.node = c.parent WHERE c.node > 2 * k::bigint - 1
        )
        SELECT t.node, min(t.label), min(t.rows), min(t.share), array_agg(c.segment ORDER BY c.segment)
          FROM climbed c
          JOIN nodes t ON t.node = c.node
         WHERE c.node <= 2 * k::bigint - 1
         GROUP BY t.node
        HAVING k <= (SELECT count(*) FROM nodes n WHERE n.segment IS NOT NULL)
         ORDER BY t.node;
    IF NOT FOUND THEN
        most := (SELECT r.k FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
        RAISE invalid_parameter_value USING
            MESSAGE = CASE WHEN k IS NULL THEN 'argument "k" must not be NULL' ELSE format('argument "k" is %s', k) END,
            HINT = format('The tree of model "%s" has from 1 to %s segments.', m.name, most);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.cut IS 'Internal: segment_cut of a model.';

CREATE FUNCTION @extschema@.segment_cut(
    model text,
    k     integer,
    OUT node     integer,
    OUT label    text,
    OUT rows     bigint,
    OUT share    float8,
    OUT segments integer[]
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.* FROM segment_internal.cut(segment_internal.model($1), $2) c;
END;

COMMENT ON FUNCTION @extschema@.segment_cut IS
'A bisecting model in fewer segments, a row each: the nodes that its tree had when there were k of them (see segment_tree), and the segments of the model that each has. A cut of fewer is made of whole rows of one of more.';
-- The colours of charts are those of the report: its style sheet, which make puts here, is the one place where they stand.

CREATE FUNCTION segment_internal.report_style() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN $css$
:root{--paper:#fbfaf7;--card:#fff;--ink:#1b1e23;--soft:#565c65;--rule:#dedbd3;--rail:#ebe8e1;--link:#0b5a8f;
--s1:#0072b2;--s2:#b84a00;--s3:#00755a;--s4:#a6447e;--s5:#856000;--s6:#4f52b8;--s7:#577000;--s8:#2b2d31;--s9:#636363;--on:#fff;
--a1:#fdeedd;--a2:#fad9b4;--a3:#f4b777;--a4:#e79a4d;--b1:#e4f0f8;--b2:#c3def0;--b3:#93c4e4;--b4:#69abd8}
@media screen and (prefers-color-scheme:dark){:root{--paper:#14161a;--card:#1c1f25;--ink:#e9e9ec;--soft:#a9afb8;--rule:#343942;--rail:#2a2e36;--link:#8ac4ee;
--s1:#56b4e9;--s2:#f0905a;--s3:#34c79d;--s4:#e08fc0;--s5:#e3b94b;--s6:#a2a7f5;--s7:#abc955;--s8:#f6f6f7;--s9:#b9bcc2;--on:#14161a;
--a1:#33281a;--a2:#4f3717;--a3:#6c4813;--a4:#87590f;--b1:#1b2b38;--b2:#1d3c53;--b3:#1f4f72;--b4:#22628f}}
.s1{--c:var(--s1)}.s2{--c:var(--s2)}.s3{--c:var(--s3)}.s4{--c:var(--s4)}.s5{--c:var(--s5)}.s6{--c:var(--s6)}.s7{--c:var(--s7)}.s8{--c:var(--s8)}.s9{--c:var(--s9)}
.p1{--dash:6 4;--border:dashed}.p2{--dash:2 3;--border:dotted}.p3{--dash:9 3 2 3;--border:double}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:break-word;font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif}
header,nav,main,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:3rem}
h1{font-size:clamp(1.75rem,1.2rem + 2.6vw,2.75rem);line-height:1.12;letter-spacing:-.02em;margin:.35rem 0 .75rem;max-width:22em}
h2{font-size:1.5rem;line-height:1.2;letter-spacing:-.012em;margin:0 0 .5rem}
h3{font-size:1.05rem;line-height:1.3;margin:0}
p{margin:0 0 .75rem}
a{color:var(--link)}
h1,h2,h3,p,li,bdi,figcaption{overflow-wrap:anywhere}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.eyebrow{font-size:.8125rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase;color:var(--soft);margin:0}
.meta,.lead,.near,figcaption,caption,.size,footer{color:var(--soft)}
.lead,section>p{max-width:46rem}
.skip{position:absolute;left:1rem;top:-6rem;background:var(--card);padding:.5rem 1rem}
.skip:focus{top:1rem;z-index:1}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1.25rem 0 0;padding:.75rem 0;border-block:1px solid var(--rule)}
nav a{display:inline-block;padding:.15rem 0}
section{padding-top:2.75rem}
.findings{list-style:none;padding:0;margin:.75rem 0 0;display:grid;grid-template-columns:minmax(0,1fr);gap:.75rem;max-width:50rem;font-size:1.125rem;line-height:1.45}
.findings li{padding-left:1rem;border-left:3px solid var(--rule)}
.findings li:first-child{font-size:1.5rem;line-height:1.3;letter-spacing:-.012em;border-color:var(--s1);margin-bottom:.35rem}
.chip{display:inline-block;min-width:1.5em;padding:.05em .35em;border-radius:.75em;background:var(--c);color:var(--on);font-size:.8125rem;font-weight:650;line-height:1.4;text-align:center;white-space:nowrap;overflow-wrap:normal;font-variant-numeric:tabular-nums}
.chip.s9{background:var(--card);color:var(--ink);box-shadow:none;outline:2px var(--border,solid) var(--c);outline-offset:-2px}
.scroll{position:relative;overflow-x:auto;margin:1rem 0;max-width:100%}
table{border-collapse:collapse;font-size:.875rem;line-height:1.35;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:0 0 .5rem;font-size:.875rem}
th,td{padding:.4rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
th{font-weight:600}
thead th{color:var(--soft);font-weight:500;vertical-align:bottom}
.n{text-align:right;white-space:nowrap}
tr.chosen>*{background:var(--rail)}
/* shown by the timeline of what scrolls, which there is only where something does; older browsers show it on any narrow screen */
.hint{position:absolute;visibility:hidden;left:0;width:fit-content;margin:0 0 .5rem;font-size:.8125rem;color:var(--soft);animation:scrolls 1s linear;animation-timeline:scroll(nearest inline)}
@keyframes scrolls{from,to{position:sticky;visibility:visible}}
@supports not (animation-timeline:scroll(nearest inline)){.hint{animation:none}@media screen and (max-width:45rem){.hint{position:sticky;visibility:visible}}}
.sizes{width:100%;margin:1.25rem 0 0}
.sizes tbody th{width:30%;min-width:10rem;font-weight:500}
.sizes th bdi{overflow-wrap:anywhere}
.shares{min-width:13rem}
.shares>span{display:flex;align-items:center;gap:.5rem;white-space:nowrap}
.shares .n{flex:none;min-width:3.2em}
.bar{flex:1;width:4rem;min-width:4rem;max-width:14rem;height:.7rem}
.bar.interval{height:1rem;max-width:12.5rem}
.bar path{fill:none;stroke-width:10;stroke-dasharray:none}
.bar .rail{stroke:var(--rail)}.bar .c{stroke:var(--c);stroke-dasharray:var(--dash,none)}.bar .v{stroke:var(--soft)}
.interval .rail{stroke-width:2}.interval .w{stroke:var(--c);stroke-width:3}.interval .average{stroke:var(--ink);stroke-width:1.5}
.total{--c:var(--ink)}.total>*{font-weight:650;border-top:2px solid var(--rule)}
.outcome+p{margin-top:.6rem}.outcome~.outcome{margin-top:2rem}
.c{fill:var(--c)}.rail{fill:var(--rail);stroke:var(--rail)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1rem;margin-top:1.5rem}
.card{background:var(--card);border:1px solid var(--rule);border-top:4px solid var(--c);border-radius:6px;padding:1rem 1.1rem;min-width:0}
.card h3{display:flex;gap:.5rem;align-items:baseline}.card h3 .chip{flex:none}
.card bdi{min-width:0;overflow-wrap:anywhere}
.size{margin:.4rem 0 .6rem}
.size strong{font-size:1.6rem;line-height:1;color:var(--ink);letter-spacing:-.02em;font-weight:650}
.card ul{margin:0 0 .75rem;padding-left:1.1rem;font-size:.9375rem}
.card li{margin:.2rem 0}
.tree{list-style:none;padding:0;max-width:46rem}.tree li{padding:.2rem 0 .2rem .75rem;border-left:2px solid var(--rule)}.tree .size{margin:0;white-space:nowrap}
.d1{margin-left:1.25rem}.d2{margin-left:2.5rem}.d3{margin-left:3.75rem}.d4{margin-left:5rem}.d5{margin-left:6.25rem}.d6,.d7,.d8,.d9{margin-left:7.5rem}
.rule{font-size:.875rem}.rule code{overflow-wrap:anywhere}
.near{font-size:.875rem;margin-bottom:.5rem}
.todo{border-top:1px solid var(--rule);padding-top:.6rem}
.blank{display:block;height:2.1rem;border-bottom:1px dashed var(--soft)}
details{margin-top:1rem}
summary{cursor:pointer;width:fit-content;color:var(--link)}
.card details{margin:0;font-size:.875rem}
.fold{padding-top:1rem;border-top:1px solid var(--rule);margin-top:1.25rem}.fold+.fold{margin-top:1rem}
.fold details{margin:0}.fold summary h2{display:inline;font-size:1.25rem;color:var(--ink)}.fold details[open] summary{margin-bottom:.75rem}
.paper{display:none}
.typical{width:100%;font-size:.8125rem}
.typical th,.typical td{padding:.25rem .4rem .25rem 0;overflow-wrap:anywhere}
.typical th[scope=row]{white-space:nowrap}.typical thead th{min-width:3.8rem}.typical thead th:first-child{min-width:0}
.heat th,.heat td{vertical-align:middle}.heat thead th{vertical-align:bottom;border-color:transparent}
.heat td{text-align:right;border:2px solid var(--paper);min-width:3.2rem;padding:.3rem .5rem}
.heat th[scope=row]{font-weight:500;max-width:16rem;min-width:8rem;position:sticky;left:0;background:var(--paper);border-color:transparent}
.heat .of th{padding-left:1.6rem}
.heat .group th{padding-top:.7rem;border-bottom-color:transparent}.heat .after>*{border-top:.7rem solid var(--paper)}
.heat thead th{font-size:.8125rem;max-width:11rem}.heat thead th:nth-child(n+3){min-width:7rem;text-align:right}
.heat thead bdi{display:block;margin-top:.25rem;overflow-wrap:anywhere}
.heat.dense thead th{min-width:5.4rem;font-size:.75rem;padding-inline:.3rem}
.dense td{padding:.25rem .3rem}
.a1{background:var(--a1);fill:var(--a1)}.a2{background:var(--a2);fill:var(--a2)}.a3{background:var(--a3);fill:var(--a3)}.a4{background:var(--a4);fill:var(--a4)}
.b1{background:var(--b1);fill:var(--b1)}.b2{background:var(--b2);fill:var(--b2)}.b3{background:var(--b3);fill:var(--b3)}.b4{background:var(--b4);fill:var(--b4)}
.a0,.b0{fill:var(--rail)}
.key{white-space:nowrap}
.key span{display:inline-block;width:.9em;height:.9em;vertical-align:-.1em;border-radius:2px}
figure{margin:0;min-width:0}
figcaption{font-size:.875rem}
.chart{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;font-variant-numeric:tabular-nums}
.chart text{fill:var(--soft)}
.map{max-width:56rem;background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:1rem;margin-top:1rem}
.map figcaption{margin-top:.5rem}
.dots{fill:none;stroke:var(--c);stroke-width:4.2;stroke-linecap:round;stroke-opacity:.6}
.dots.s9{stroke-width:1.4;stroke-opacity:.85}
circle.hub{fill:var(--c);stroke:var(--card);stroke-width:2}.s9 circle.hub{fill:var(--card);stroke:var(--c)}
.chart text.hub{fill:var(--on);font-weight:700;font-size:12px;text-anchor:middle}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.25rem 2rem;margin:1rem 0;align-items:start}
.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr))}
.pair{grid-template-columns:minmax(0,3fr) minmax(min(100%,14rem),2fr)}
.matrix{min-width:34rem}
.charts ol{padding-left:1.4rem;font-size:.9375rem}
.grid{stroke:var(--rule);fill:none}
.line{fill:none;stroke:var(--s1);stroke-width:2;stroke-linejoin:round}
g .line{stroke:var(--c);stroke-dasharray:var(--dash,none)}.chart .s9 text.hub{fill:var(--ink)}
.dot{fill:var(--s1)}.mark{fill:var(--s2);stroke:var(--paper);stroke-width:2}
.chart text.chosen{fill:var(--ink);font-weight:700}
.small g text{text-anchor:end}.small text{font-size:11px}
.w{stroke:var(--c);stroke-width:1.5}.q{stroke:var(--c);stroke-width:8;stroke-opacity:.75;stroke-dasharray:var(--dash,none)}.d{stroke:var(--ink);stroke-width:2.5}path.rail{stroke-width:8}
.end{font-weight:650}
.band{fill:var(--c);fill-opacity:.4;stroke:var(--c);stroke-width:.5;stroke-opacity:.6}.away{--c:var(--soft)}
pre{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:.9rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere;font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer{padding-top:2.5rem;padding-bottom:3rem;font-size:.875rem}
@media screen and (max-width:64rem){.pair{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:45rem){.chart.wide,.chart.wide text.hub{font-size:20px}circle.hub{r:17px}header{padding-top:2rem}
.sizes,.sizes caption,.sizes tbody,.sizes tr,.sizes tbody th,.sizes td{display:block;width:auto;min-width:0}.sizes thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.sizes tr{padding:.6rem 0;border-bottom:1px solid var(--rule)}.sizes tr>*{border:0;padding:.1rem 0}.sizes td.n{text-align:left;white-space:normal}.sizes td.n::before{content:attr(data-of) ": ";color:var(--soft)}
.bar{max-width:none}.bar.interval{max-width:18rem}
.heat th[scope=row]{min-width:7rem;max-width:8.5rem}}
@page{size:A4;margin:14mm}
@media print{body{background:none;font-size:10pt;line-height:1.4}nav,.skip,details:not([open]),.fold:not(:has([open])),.screen,.hint,.near{display:none}.sizes tbody th{width:36%}.shares{min-width:10rem}.paper{display:inline}header,main,footer{max-width:none;padding-inline:0}header{padding-top:0}
.scroll{overflow:visible}table{font-size:8.5pt;max-width:100%}th,td{padding:2pt 4pt}.matrix{min-width:0}.heat td{min-width:0}.heat th[scope=row]{min-width:6.5rem;position:static;background:none}.heat thead th:nth-child(n+3){min-width:4.6rem;font-size:7pt}.heat .after>*{border-top-color:#fff}.recipe{font-size:7pt}.heat.dense thead th{min-width:3.6rem;font-size:6.4pt}.dense td{font-size:7.5pt}.pair{grid-template-columns:1fr}
section{padding-top:14pt}h1,h2,h3,caption,.lead,p:has(+pre){break-after:avoid}figure,.card,.sizes,tr,pre,p,li{break-inside:avoid}.card{padding:7pt 9pt}.card ul,.todo{font-size:9pt}.card .size strong{font-size:13pt}.cards{grid-template-columns:1fr 1fr;gap:8pt;margin-top:8pt}.card h3{font-size:10.5pt}.card p,.card ul{margin-bottom:4pt}.card li{margin:0}.blank{height:1.5rem}.findings{font-size:11pt;gap:4pt}.findings li:first-child{font-size:15pt}.map{padding:4pt}.map .chart{max-width:150mm}.small{grid-template-columns:repeat(3,1fr)}footer{padding-block:14pt 0}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
$css$;

COMMENT ON FUNCTION segment_internal.report_style IS 'Internal: the style sheet of the report.';

CREATE FUNCTION segment_internal.color(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN substring(segment_internal.report_style() FROM '--' || $1 || ':(#[0-9a-f]+)');

COMMENT ON FUNCTION segment_internal.color IS 'Internal: the light colour of a variable of the style sheet: #rrggbb.';

CREATE FUNCTION segment_internal.painted(spec text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT DISTINCT m[1] FROM regexp_matches(spec, 'var\(--(\w+)\)', 'g') m LOOP
        spec := replace(spec, 'var(--' || name || ')', segment_internal.color(name));
    END LOOP;
    RETURN spec::jsonb;
END
$$;

COMMENT ON FUNCTION segment_internal.painted IS 'Internal: a specification with the colours of the variables that it names as var(--name).';

CREATE FUNCTION segment_internal.chart_palette() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT segment_internal.color('s' || n) FROM generate_series(1, 9) n ORDER BY n);

COMMENT ON FUNCTION segment_internal.chart_palette IS 'Internal: the colours of segments: of the first eight, and the grey of all others.';
-- The two directions in which the rows of a model differ most, as clustering sees them.

CREATE FUNCTION segment_internal.place(
    model    text,
    customer record,
    mean     float8[],
    loading  float8[],
    OUT segment integer,
    OUT x       float8,
    OUT y       float8
) RETURNS record
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_place';

COMMENT ON FUNCTION segment_internal.place IS
'Internal: the segment of a row and its coordinates on axes (1 or 2) through the mean, in scaled space; NULL for a row that the model''s preparation skips.';

CREATE FUNCTION segment_internal.axes(model_id bigint) RETURNS segment_internal.axes
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.axes IS
'Internal: segment_internal.components of today''s rows of a model''s source, as its owner.';

CREATE FUNCTION segment_internal.axes_as_owner(model_id bigint) RETURNS segment_internal.axes
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.ungrouped(segment_internal.model(model_id), 'map');
BEGIN
    RETURN segment_internal.components(
        segment_internal.query(segment_internal.source_of(m), '{}', segment_internal.model_columns(m)),
        (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id));
END
$$;

COMMENT ON FUNCTION segment_internal.axes_as_owner IS 'Internal: what axes returns.';

CREATE FUNCTION @extschema@.segment_components(
    model text,
    OUT component integer,
    OUT feature   text,
    OUT loading   float8,
    OUT explained float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.n::integer, f.feature, f.loading, c.explained
      FROM segment_internal.model($1) m
     CROSS JOIN LATERAL segment_internal.axes(m.model_id) a
     CROSS JOIN LATERAL unnest(a.explained) WITH ORDINALITY c (explained, n)
     CROSS JOIN LATERAL unnest(segment_internal.coordinates(m), a.loading[c.n:c.n]) WITH ORDINALITY f (feature, loading, n)
     ORDER BY c.n, f.n;
END;

COMMENT ON FUNCTION @extschema@.segment_components IS
'The axes of segment_map: how much each feature, prepared, counts in each of the two principal components (loading, an entry of a unit vector), and the share of the variance of all prepared features that the component explains.';

CREATE FUNCTION segment_internal.correlations(axes segment_internal.axes, OUT x bigint, OUT y bigint, OUT r float8) RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    width integer := cardinality(axes.mean);
BEGIN
    RETURN QUERY SELECT (u.n - 1) / width + 1, (u.n - 1) % width + 1, u.r FROM unnest(axes.correlation) WITH ORDINALITY u (r, n);
END
$$;

COMMENT ON FUNCTION segment_internal.correlations IS 'Internal: the correlation of each feature of a model with each, by their numbers.';

CREATE FUNCTION segment_internal.feature_correlation(model_id bigint, OUT x text, OUT y text, OUT r float8) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    features text[] := segment_internal.coordinates(segment_internal.model(model_id));
BEGIN
    RETURN QUERY
        SELECT fx.name, fy.name, c.r
          FROM segment_internal.correlations(segment_internal.axes(model_id)) c
          JOIN unnest(features) WITH ORDINALITY fx (name, n) ON fx.n = c.x
          JOIN unnest(features) WITH ORDINALITY fy (name, n) ON fy.n = c.y
         ORDER BY c.x, c.y;
END
$$;

COMMENT ON FUNCTION segment_internal.feature_correlation IS 'Internal: segment_feature_correlation of a model.';

CREATE FUNCTION @extschema@.segment_feature_correlation(
    model text,
    OUT x text,
    OUT y text,
    OUT r float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.* FROM segment_internal.feature_correlation(segment_internal.model_id($1)) r;
END;

COMMENT ON FUNCTION @extschema@.segment_feature_correlation IS
'Pearson''s correlation coefficient of each prepared feature of a model with each, in all of today''s rows that the preparation does not skip. NULL where a feature does not vary.';
-- The map of a model: a sample of its rows on those two directions.

CREATE FUNCTION segment_internal.hash(source regclass, columns text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    list  text := segment_internal.identifiers(columns);
    texts text := segment_internal.identifiers(columns, '%I::text');
BEGIN
    -- of a row of NULLs
    EXECUTE format('SELECT hash_record_extended(ROW(%1$s), 0)'
                   '  FROM (SELECT) one LEFT JOIN (SELECT %1$s FROM %2$s LIMIT 0) s ON true', list, source);
    RETURN format('hash_record_extended(ROW(%s), 0)', list);
EXCEPTION WHEN undefined_function THEN
    RETURN format('hash_record_extended(ROW(%s), 0)', texts);
END
$$;

COMMENT ON FUNCTION segment_internal.hash IS
'Internal: an expression that is a hash of columns, or of their texts if one of them has a type without a hash function.';

CREATE FUNCTION segment_internal.row_hash(m segment_internal.catalog_model, features text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- of equal rows that no key tells apart, it does not matter which has which number
    SELECT CASE $1.key WHEN '{}' THEN format('hash_record_extended(ROW(%1$s, row_number() OVER (PARTITION BY %1$s)), 0)', h) ELSE h END
      FROM segment_internal.hash($1.source, CASE $1.key WHEN '{}' THEN $2 ELSE $1.key END) h;
$$;

COMMENT ON FUNCTION segment_internal.row_hash IS
'Internal: an expression of a SELECT list that draws lots among the rows of a model''s source, by their key, else by their features.';

CREATE FUNCTION segment_internal.hash_share(share float8) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (least($1, 1)::numeric * (2 ^ 64::numeric - 1) - 2 ^ 63::numeric)::bigint;

COMMENT ON FUNCTION segment_internal.hash_share IS 'Internal: a bound that about so large a share of all hashes is below.';

CREATE FUNCTION segment_internal.hash_bound(wanted bigint, rows bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN segment_internal.hash_share((wanted + 10 * sqrt(wanted) + 10) / rows);

COMMENT ON FUNCTION segment_internal.hash_bound IS
'Internal: a bound that the smallest hashes of so many of all rows are below, by ten standard deviations. Sorting copies every row: with it the others are left out before.';

CREATE FUNCTION segment_internal.map(model_id bigint, sample integer, axes segment_internal.axes) RETURNS SETOF segment_internal.place
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.map IS 'Internal: the rows of segment_map(), on axes that segment_internal.axes() found, as the model''s owner.';

CREATE FUNCTION segment_internal.map_as_owner(model_id bigint, sample integer, axes segment_internal.axes) RETURNS SETOF segment_internal.place
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m        segment_internal.catalog_model := segment_internal.model(model_id);
    features text[] := segment_internal.model_columns(m);
    columns  text[] := m.key || ARRAY(SELECT f FROM unnest(features) f WHERE f <> ALL (m.key));
    hash     text := segment_internal.row_hash(m, features);
    hashed   text := segment_internal.unique_name('hash', '', columns);
    wanted   bigint := $2 + axes.rows_read - axes.rows;    -- skipped rows may be among the first
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT t.*'
        '  FROM (SELECT %1$s AS key, p.segment, p.x, p.y'
        '          FROM (SELECT * FROM (SELECT %2$s, %3$s AS %4$I FROM %5$s) r'
        '                 WHERE %4$I <= $4 ORDER BY %4$I LIMIT $3) s'
        '         CROSS JOIN LATERAL segment_internal.place($1, s.*, $5, $6) p'
        '         WHERE p.segment IS NOT NULL'
        '         ORDER BY s.%4$I LIMIT $2) t'
        ' ORDER BY t.key, t.segment, t.x, t.y',
        coalesce((SELECT format('jsonb_build_object(%s)', string_agg(format('%1$L, s.%1$I', c), ', ' ORDER BY n))
                    FROM unnest(m.key) WITH ORDINALITY u (c, n) HAVING count(*) > 0), 'NULL::jsonb'),
        segment_internal.identifiers(columns), hash, hashed, m.source)
       USING segment_internal.qualified(m), $2, wanted, segment_internal.hash_bound(wanted, axes.rows_read), axes.mean, axes.loading;
END
$$;

COMMENT ON FUNCTION segment_internal.map_as_owner IS 'Internal: what map returns.';

CREATE FUNCTION segment_internal.sample_map(model_id bigint, sample integer) RETURNS SETOF segment_internal.place
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    axes segment_internal.axes;
BEGIN
    IF $2 IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "sample" must not be NULL';
    ELSIF $2 NOT BETWEEN 1 AND 1000000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "sample" is %s', $2),
            HINT = 'It must be from 1 to 1000000.';
    END IF;
    axes := segment_internal.axes(model_id);
    IF axes.rows > 0 THEN
        RETURN QUERY SELECT p.* FROM segment_internal.map($1, $2, axes) p;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.sample_map IS 'Internal: segment_map of a model.';

CREATE FUNCTION @extschema@.segment_map(
    model  text,
    sample integer DEFAULT 2000,
    OUT key     jsonb,
    OUT segment integer,
    OUT x       float8,
    OUT y       float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.* FROM segment_internal.sample_map(segment_internal.model_id($1), $2) r;
END;

COMMENT ON FUNCTION @extschema@.segment_map IS
'A map of a model: a random sample of today''s rows, always the same one of the same rows, with their segments and their coordinates on the first two principal components of the prepared features. Ordered by key.';
-- How good the segments of a model are on today's rows: the pairwise silhouette, and whether segments come back.

CREATE FUNCTION segment_internal.check_count(argument text, value integer, most integer) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = format('argument "%s" must not be NULL', argument);
    ELSIF value NOT BETWEEN 1 AND most THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "%s" is %s', argument, value),
            HINT = format('It must be from 1 to %s.', most);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_count IS 'Internal: raises unless an argument is from 1 to a number.';

CREATE FUNCTION segment_internal.drawn(m segment_internal.catalog_model, shares float8[], segments integer[] DEFAULT NULL) RETURNS text
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
        || CASE WHEN segments IS NULL THEN '' ELSE format(' AND r.%I <= (%L::bigint[])[array_position(%L::integer[], @extschema@.segment_predict(%L, r.*))]',
                           hash, bounds, segments, segment_internal.qualified(m)) END;
END
$$;

COMMENT ON FUNCTION segment_internal.drawn IS
'Internal: a query of a model''s columns that draws lots: about a share of all rows of its source, or a share of each segment''s rows. The same of the same rows.';

CREATE FUNCTION segment_internal.separation(model_id bigint, sample integer) RETURNS SETOF segment_internal.separation
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.separation(bigint, integer) IS 'Internal: the rows of segment_silhouette(), as the model''s owner.';

CREATE FUNCTION segment_internal.separation_as_owner(model_id bigint, sample integer) RETURNS SETOF segment_internal.separation
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.ungrouped(segment_internal.model(model_id), 'silhouette');
    compiled bytea := (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id);
    segments integer[];
    sizes    bigint[];
    shares   float8[];
BEGIN
    SELECT array_agg(s.segment ORDER BY n), array_agg(s.rows ORDER BY n)
      INTO segments, sizes
      FROM segment_internal.sizes(segment_internal.query(segment_internal.source_of(m), '{}', segment_internal.model_columns(m)), compiled)
      WITH ORDINALITY s (segment, rows, n);
    -- a small segment has 300 rows in the sample or all that there are; a little fewer where segments are many
    SELECT array_agg(CASE WHEN t.rows <= sample THEN 1
                          ELSE greatest(sample::float8 / t.rows, least(300, greatest(sample::float8 / cardinality(sizes), 30)) / greatest(s, 1)) END
                     ORDER BY n)
      INTO shares
      FROM unnest(sizes) WITH ORDINALITY u (s, n)
     CROSS JOIN (SELECT sum(s) AS rows FROM unnest(sizes) s) t;
    RETURN QUERY SELECT s.* FROM segment_internal.silhouette(segment_internal.drawn(m, shares, segments), compiled, sizes) s ORDER BY s.segment;
END
$$;

COMMENT ON FUNCTION segment_internal.separation_as_owner IS 'Internal: what separation returns.';

CREATE FUNCTION segment_internal.silhouette(model_id bigint, sample integer) RETURNS SETOF segment_internal.separation
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.check_count('sample', sample, 1000000);
    RETURN QUERY SELECT s.* FROM segment_internal.separation(model_id, sample) s;
END
$$;

COMMENT ON FUNCTION segment_internal.silhouette(bigint, integer) IS 'Internal: segment_silhouette of a model.';

CREATE FUNCTION @extschema@.segment_silhouette(
    model  text,
    sample integer DEFAULT 10000,
    OUT segment    integer,
    OUT rows       bigint,
    OUT silhouette float8,
    OUT sampled    bigint
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.* FROM segment_internal.silhouette(segment_internal.model_id($1), $2) s;
END;

COMMENT ON FUNCTION @extschema@.segment_silhouette IS
'The silhouette (Rousseeuw 1987), by distances between rows, of each segment and, with segment NULL, of all today''s rows: of about sample of them (sampled), always the same, or of all where they are no more. At least 300 rows of each segment are taken, where it has them. NULL where there are no two segments with rows.';

CREATE FUNCTION segment_internal.stability_verdict(jaccard float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 >= 0.85 THEN 'highly stable' WHEN $1 >= 0.75 THEN 'stable' WHEN $1 >= 0.6 THEN 'doubtful' WHEN $1 < 0.6 THEN 'unstable' END;

COMMENT ON FUNCTION segment_internal.stability_verdict IS
'Internal: what C. Hennig (2007, and his R package fpc) says of a mean Jaccard index: from 0.85 highly stable, from 0.75 stable; from 0.6 there is a pattern, but which rows belong to it is doubtful.';

CREATE FUNCTION segment_internal.recurrence(model_id bigint, resamples integer) RETURNS SETOF segment_internal.stability
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.recurrence IS 'Internal: the figures of segment_stability(), as the model''s owner.';

CREATE FUNCTION segment_internal.recurrence_as_owner(model_id bigint, resamples integer) RETURNS SETOF segment_internal.stability
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m   segment_internal.catalog_model := segment_internal.ungrouped(segment_internal.model(model_id), 'stability');
    run segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
BEGIN
    PERFORM segment_internal.source_of(m);
    -- more than the engine takes, so that it has as many even by bad luck
    RETURN QUERY
        SELECT s.*
          FROM segment_internal.stability(
                   segment_internal.drawn(m, ARRAY[greatest(3000, 30 * run.k) * 1.2 / run.rows_read]),
                   run.compiled, resamples, (m.options ->> 'seed')::bigint) s
         ORDER BY s.segment;
END
$$;

COMMENT ON FUNCTION segment_internal.recurrence_as_owner IS 'Internal: what recurrence returns.';

CREATE FUNCTION segment_internal.stability(model_id bigint, resamples integer) RETURNS SETOF segment_internal.stability
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.check_count('resamples', resamples, 1000);
    RETURN QUERY SELECT s.* FROM segment_internal.recurrence(model_id, resamples) s;
END
$$;

COMMENT ON FUNCTION segment_internal.stability(bigint, integer) IS 'Internal: segment_stability of a model.';

CREATE FUNCTION @extschema@.segment_stability(
    model     text,
    resamples integer DEFAULT 20,
    OUT segment   integer,
    OUT jaccard   float8,
    OUT verdict   text,
    OUT dissolved float8,
    OUT recovered float8,
    OUT rand      float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.segment, s.jaccard, segment_internal.stability_verdict(s.jaccard), s.dissolved, s.recovered, s.rand
      FROM (SELECT u.segment, u.jaccard, u.dissolved, u.recovered, max(u.rand) OVER () AS rand
              FROM segment_internal.stability(segment_internal.model_id($1), $2) u) s
     WHERE s.segment IS NOT NULL
     ORDER BY s.segment;
END;

COMMENT ON FUNCTION @extschema@.segment_stability IS
'Do the segments of a model come back when they are looked for again in resamples of today''s rows (Hennig 2007)? jaccard: the mean Jaccard index with the most similar segment found; verdict: highly stable (from 0.85), stable (0.75), doubtful (0.6) or unstable; dissolved and recovered: the share of resamples with an index up to 0.5, and from 0.75. rand: of all segments together, the mean adjusted Rand index of fits with different seeds. On a random sample of 3000 rows, or of 30 a segment if that is more.';
-- The numbers of segments that a model tried, or could have.

CREATE FUNCTION segment_internal.tried(model_id bigint) RETURNS SETOF segment_internal.tried
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.tried IS
'Internal: the numbers of segments of segment_candidates, tried now on a sample of the rows of a model, as its owner.';

CREATE FUNCTION segment_internal.tried_as_owner(model_id bigint) RETURNS SETOF segment_internal.tried
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    run     segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    sample  constant integer := 3000;
    columns text[];
    weight  text := m.options ->> 'sample_weight';
    wanted  text[];
    hash    text;
    options jsonb;
    fit     segment_internal.fitted;
BEGIN
    options := m.options || jsonb_build_object('k', NULL, 'centroids', NULL, 'k_min', 1, 'k_max', greatest(10, run.k + 2), 'n_init', 1, 'min_share', 0);
    columns := segment_internal.model_columns(m);
    -- the weight comes last for the engine, even if it is a feature, too
    wanted := array_remove(columns || weight, NULL);
    columns := CASE WHEN weight = ANY (columns) THEN columns ELSE wanted END;
    hash := segment_internal.unique_name('hash', '', columns);
    fit := segment_internal.engine(
        segment_internal.source_of(m), '{}',
        jsonb_populate_record(NULL::segment_internal.recipe, m.preparation), options, keep_constant => true, model => m.name,
        query => format('SELECT %1$s FROM (SELECT %2$s, %3$s AS %4$I FROM %5$s) r WHERE %4$I <= %6$s ORDER BY %4$I LIMIT %7$s',
                        segment_internal.identifiers(wanted),
                        segment_internal.identifiers(columns),
                        segment_internal.row_hash(m, columns), hash, m.source,
                        segment_internal.hash_bound(sample, run.rows_read), sample));
    PERFORM segment_internal.phase(NULL);
    RETURN QUERY
        SELECT c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz, c.smallest_share, c.k = run.k, fit.rows_used, fit.rows_used < run.rows_used
          FROM unnest(fit.candidates) c
         ORDER BY c.k;
END
$$;

COMMENT ON FUNCTION segment_internal.tried_as_owner IS 'Internal: what tried returns.';

CREATE FUNCTION segment_internal.candidates(model_id bigint) RETURNS SETOF segment_internal.tried
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    most constant integer := 20;     -- with more segments it takes too long to try others
    m    segment_internal.catalog_model := segment_internal.ungrouped(segment_internal.model(model_id), 'choice of k');
    run  segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
BEGIN
    IF run.k > most OR (SELECT count(*) > 1 FROM segment_internal.catalog_candidate c WHERE c.model_id = m.model_id AND c.run = m.run) THEN
        RETURN QUERY
            SELECT c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz, c.smallest_share,
                   c.k = run.k, run.rows_used, false
              FROM segment_internal.catalog_candidate c
             WHERE c.model_id = m.model_id AND c.run = m.run
             ORDER BY c.k;
        RETURN;
    END IF;
    RETURN QUERY SELECT t.* FROM segment_internal.tried(m.model_id) t;
END
$$;

COMMENT ON FUNCTION segment_internal.candidates IS 'Internal: segment_candidates of a model.';

CREATE FUNCTION @extschema@.segment_candidates(
    model text,
    OUT k                 integer,
    OUT inertia           float8,
    OUT explained         float8,
    OUT silhouette        float8,
    OUT davies_bouldin    float8,
    OUT calinski_harabasz float8,
    OUT smallest_share    float8,
    OUT chosen            boolean,
    OUT rows              bigint,
    OUT sampled           boolean
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.* FROM segment_internal.candidates(segment_internal.model_id($1)) c;
END;

COMMENT ON FUNCTION @extschema@.segment_candidates IS
'The numbers of segments that the current run of a model tried, with their figures, for an elbow or a silhouette chart (the simplified silhouette). Where k was given, those from 1 to 10 and to two more than k are tried now on at most 3000 of today''s rows; beyond 20 segments there is that one number only.';
-- Charts as specifications for Vega-Lite (A. Satyanarayan et al., 2017): a function a chart, which returns its rows and how
-- they are drawn. The rows are those of the function or view that segment_charts() names, with the names of the segments;
-- what JSON has no number for is null. segment_chart() puts the frame around it that all have in common.

CREATE FUNCTION @extschema@.segment_charts(
    OUT chart       text,
    OUT title       text,
    OUT source      text,
    OUT description text
) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- the first sentence stands under the title, the second one too if there are so many features
    SELECT c.*
      FROM (VALUES
               ('sizes', 'Sizes of the segments', 'segment_history WHERE model = ''model''',
                'Share of the customers in each segment, and how many they are.'),
               ('effects', 'What sets the segments apart', 'segment_insights(''model'') WHERE rank <= 5',
                'How far a segment''s average is from that of all other customers, in standard deviations; bars end at 3.'),
               ('profile', 'Profile of the segments', 'segment_profile(''model'')',
                'Numbers are an index, 100 is the average; colours tell how many standard deviations from it. Of more than 30 features, the 30 that differ most.'),
               ('map', 'Map of the customers', 'segment_map(''model'')',
                'The nearer two customers are, the more alike, seen from where they differ most.'),
               ('elbow', 'Inertia by number of segments', 'segment_candidates(''model'')',
                'What is left of the differences within segments; a bend hints at a good number.'),
               ('silhouette', 'Silhouette by number of segments', 'segment_candidates(''model'')',
                'How clearly segments are apart, 1 at most: higher is better.'),
               ('distribution', 'Distributions of the features', 'segment_distribution WHERE model = ''model''',
                'Half of the customers of a segment are in the box, the mark is the median; lines end one and a half boxes away at the latest. Of more than 30 features, the 30 that differ most.'),
               ('correlation', 'Correlations of the features', 'segment_feature_correlation(''model'')',
                'From 1, they rise together, to -1, one falls as the other rises. Of more than 30 features, the 30 that differ most.'),
               ('history', 'Sizes of the segments by run', 'segment_history WHERE model = ''model''',
                'Share of the customers in each segment, from run to run.'),
               ('flow', 'Moves between segments', 'segment_migration(''model'')',
                'Where the customers of each segment went in the last run, those that stayed among them; of a model with a history.')
           ) c (chart, title, source, description);
END;

COMMENT ON FUNCTION @extschema@.segment_charts IS
'The charts that segment_chart() makes: title, documented function or view with the rows of it (for a model called "model"), and what it shows.';

CREATE FUNCTION segment_internal.finite(value float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 > '-Infinity' AND $1 < 'Infinity' THEN $1 END;

COMMENT ON FUNCTION segment_internal.finite IS 'Internal: a number, if JSON has one for it.';

CREATE FUNCTION segment_internal.chart_data(rows jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('values', coalesce($1, '[]'));

COMMENT ON FUNCTION segment_internal.chart_data IS 'Internal: the rows of a chart as its data.';

CREATE FUNCTION segment_internal.distribution(m segment_internal.catalog_model) RETURNS SETOF @extschema@.segment_distribution
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- by itself: with the names of the segments in the same plan, every model's figures could be read over and over
    WITH boxes AS MATERIALIZED (
        SELECT d.*
          FROM segment_internal.catalog_live l
          JOIN @extschema@.segment_distribution d ON d.schema = l.schema AND d.model = l.name
         WHERE l.model_id = ($1).model_id
    )
    SELECT b.* FROM boxes b;
END;

COMMENT ON FUNCTION segment_internal.distribution IS 'Internal: what a box plot shows of each feature in each segment of a model.';

CREATE FUNCTION segment_internal.chart_segments(m segment_internal.catalog_model, past boolean, OUT segment integer, OUT name text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- two may have the same label, hence the number
    SELECT DISTINCT ON (h.segment) h.segment, h.segment || '. ' || h.label
      FROM segment_internal.history($1) h
     WHERE $2 OR h.run = ($1).run
     ORDER BY h.segment, h.run DESC;
END;

COMMENT ON FUNCTION segment_internal.chart_segments IS
'Internal: the segments of a model, or those of all its runs, and what charts call them.';

CREATE FUNCTION segment_internal.chart_features(m segment_internal.catalog_model, OUT feature_no integer, OUT feature text, OUT title text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.feature_no, t.feature, t.feature || CASE t.encoding WHEN 'days' THEN ' (days since 1970)' WHEN 'interval' THEN ' (days)' ELSE '' END
      FROM (SELECT f.feature_no, f.feature, f.encoding
              FROM segment_internal.catalog_feature f
              JOIN segment_internal.catalog_segment s ON s.model_id = f.model_id
             CROSS JOIN LATERAL segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev) z
             WHERE f.model_id = ($1).model_id AND f.run = ($1).run
             GROUP BY f.feature_no, f.feature, f.encoding
             ORDER BY sum(s.share * least(greatest(abs(z), 1e-100), 1e100) ^ 2 ORDER BY s.segment) DESC, f.feature_no
             LIMIT 30) t
     ORDER BY t.feature_no;
END;

COMMENT ON FUNCTION segment_internal.chart_features IS
'Internal: the features of a model in their order, with their units in title; of more than 30 those whose variance lies most between its segments.';

CREATE FUNCTION segment_internal.chart_hues(m segment_internal.catalog_model, past boolean DEFAULT false) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- from the ninth segment on they are grey, each in another shape, and so are outliers
    WITH segments AS (
        SELECT array_agg(s.name ORDER BY s.segment) AS names,
               array_agg((segment_internal.chart_palette())[CASE WHEN s.segment BETWEEN 1 AND 8 THEN s.segment ELSE 9 END] ORDER BY s.segment) AS colors,
               array_agg(CASE WHEN s.segment BETWEEN 1 AND 8 THEN 'circle' ELSE ('{square,triangle-up,diamond,cross,triangle-down}'::text[])[1 + (s.segment + 1) % 5] END ORDER BY s.segment) AS shapes
          FROM segment_internal.chart_segments($1, $2) s
    )
    SELECT jsonb_object_agg(c.channel, jsonb_build_object(
               'field', 'name', 'type', 'nominal', 'title', 'Segment',
               'scale', jsonb_build_object('domain', s.names, 'range', c.range),
               'legend', CASE WHEN cardinality(s.names) > 8 THEN '{"columns": 2, "labelLimit": 300}'::jsonb ELSE '{"columns": 1, "labelLimit": 440}' END))
      FROM segments s
     CROSS JOIN LATERAL (VALUES ('color', s.colors), ('shape', s.shapes)) c (channel, range);
END;

COMMENT ON FUNCTION segment_internal.chart_hues IS 'Internal: the channels that tell segments apart, color and shape.';
-- Charts of segments.

CREATE FUNCTION segment_internal.chart_sizes(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'segment', h.segment, 'name', s.name, 'rows', h.rows, 'share', h.share) ORDER BY h.segment)),
               'width', 'container', 'height', 44 * count(*),
               'encoding', '{"y": {"field": "name", "type": "nominal", "sort": null, "axis": null},
                             "x": {"field": "share", "type": "quantitative", "axis": null},
                             "tooltip": [{"field": "name", "title": "Segment"},
                                         {"field": "rows", "type": "quantitative", "title": "Customers", "format": ","},
                                         {"field": "share", "type": "quantitative", "title": "Share", "format": ".1%"}]}'::jsonb,
               'layer', jsonb_build_array(
                   '{"mark": {"type": "text", "align": "left", "dy": -12, "limit": 560}, "encoding": {"text": {"field": "name"}, "x": {"value": 0}}}'::jsonb,
                   jsonb_build_object('mark', '{"type": "bar", "size": 14, "yOffset": 5}'::jsonb,
                                      'encoding', jsonb_build_object('color', segment_internal.chart_hues($1) -> 'color' || '{"legend": null}')),
                   '{"transform": [{"calculate": "format(datum.share, ''.1%'') + '' ('' + format(datum.rows, '','') + '')''", "as": "size"}],
                     "mark": {"type": "text", "align": "left", "dx": 6, "dy": 5}, "encoding": {"text": {"field": "size"}}}'::jsonb))
      FROM segment_internal.catalog_segment h
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = h.segment
     WHERE h.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.chart_sizes IS 'Internal: bars of the sizes of the segments, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_effects(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- an effect is infinite where neither the segment nor the others vary: its bar goes to the end
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'segment', i.segment, 'name', s.name, 'rank', i.rank, 'feature', i.feature, 'insight', segment_internal.sentence(i), 'effect', segment_internal.finite(i.effect),
                   'mean', segment_internal.finite(i.mean), 'population_mean', segment_internal.finite(i.population_mean), 'reliability', i.reliability)
                   ORDER BY i.segment, i.rank)),
               'transform', '[{"calculate": "isValid(datum.effect) ? datum.effect : datum.mean < datum.population_mean ? -3 : 3", "as": "bar"},
                              {"calculate": "isValid(datum.effect) ? format(datum.effect, ''.2f'') : ''infinite''", "as": "figure"}]'::jsonb,
               'facet', '{"field": "name", "type": "nominal", "title": null, "sort": {"field": "segment", "op": "min"}}'::jsonb,
               'columns', 2, 'bounds', 'flush', 'spacing', '{"row": 52, "column": 180}'::jsonb,
               'resolve', '{"scale": {"y": "independent"}}'::jsonb,
               'spec', jsonb_build_object(
                   'width', 220, 'height', '{"step": 22}'::jsonb, 'mark', 'bar',
                   'encoding', jsonb_build_object(
                       'y', '{"field": "feature", "type": "nominal", "sort": {"field": "rank", "op": "min"}, "axis": {"title": null, "labelLimit": 160}}'::jsonb,
                       'x', '{"field": "bar", "type": "quantitative", "title": "Standard deviations from the others", "scale": {"domain": [-3, 3], "clamp": true}}'::jsonb,
                       'color', segment_internal.chart_hues($1) -> 'color' || '{"legend": null}',
                       'tooltip', '[{"field": "name", "title": "Segment"}, {"field": "feature", "title": "Feature"}, {"field": "insight", "title": "Insight"},
                                    {"field": "figure", "title": "Effect"}, {"field": "reliability", "title": "Reliability"}]'::jsonb)))
      FROM segment_internal.telling(ARRAY(SELECT e FROM segment_internal.effects($1) e)) i
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = i.segment
     WHERE i.rank <= 5;
END;

COMMENT ON FUNCTION segment_internal.chart_effects IS 'Internal: bars of the largest effects of each segment, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_history(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'run', h.run, 'started_at', to_char(h.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), 'segment', h.segment, 'name', s.name,
                   'rows', h.rows, 'share', h.share) ORDER BY h.run, h.segment)),
               'width', 'container', 'height', 320,
               'encoding', jsonb_build_object(
                   'x', '{"field": "run", "type": "ordinal", "title": "Run", "axis": {"labelAngle": 0}}'::jsonb,
                   'y', '{"field": "share", "type": "quantitative", "title": "Share of the customers", "axis": {"labelExpr": "format(datum.value, ''.0%'')"}}'::jsonb,
                   'color', segment_internal.chart_hues($1, true) -> 'color'),
               'layer', jsonb_build_array(
                   '{"mark": "line"}'::jsonb,
                   jsonb_build_object(
                       'mark', '{"type": "point", "filled": true, "size": 60, "opacity": 1}'::jsonb,
                       'encoding', jsonb_build_object(
                           'shape', segment_internal.chart_hues($1, true) -> 'shape',
                           'tooltip', '[{"field": "name", "title": "Segment"},
                                        {"field": "run", "title": "Run"},
                                        {"field": "started_at", "title": "Started"},
                                        {"field": "rows", "type": "quantitative", "title": "Customers", "format": ","},
                                        {"field": "share", "type": "quantitative", "title": "Share", "format": ".1%"}]'::jsonb))))
      FROM segment_internal.history($1) h
      JOIN segment_internal.chart_segments($1, true) s ON s.segment = h.segment;
END;

COMMENT ON FUNCTION segment_internal.chart_history IS 'Internal: lines of the sizes of the segments by run, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_map(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'key', k.words, 'segment', p.segment, 'name', s.name, 'x', segment_internal.finite(p.x), 'y', segment_internal.finite(p.y)) ORDER BY p.n)),
               'width', 'container', 'height', 420, 'view', segment_internal.painted('{"stroke": "var(--rule)"}'), 'mark', '{"type": "point", "filled": true, "size": 30, "opacity": 0.7}'::jsonb,
               'encoding', segment_internal.chart_hues($1)
                   || '{"x": {"field": "x", "type": "quantitative", "title": "First principal component", "axis": {"labels": false, "grid": false}},
                        "y": {"field": "y", "type": "quantitative", "title": "Second principal component", "axis": {"labels": false, "grid": false}},
                        "tooltip": [{"field": "key", "title": "Customer"}, {"field": "name", "title": "Segment"}]}')
      FROM segment_internal.sample_map(($1).model_id, 2000) WITH ORDINALITY p (key, segment, x, y, n)
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = p.segment
     CROSS JOIN LATERAL (SELECT string_agg(e.key || ' ' || e.value, ', ' ORDER BY e.n) AS words
                           FROM jsonb_each_text(p.key) WITH ORDINALITY e (key, value, n)) k;
END;

COMMENT ON FUNCTION segment_internal.chart_map IS 'Internal: points of the map by segment, for Vega-Lite.';
-- Charts of features.

CREATE FUNCTION segment_internal.chart_profile(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'segment', p.segment, 'name', s.name, 'feature', p.feature, 'mean', segment_internal.finite(p.mean),
                   'population_mean', segment_internal.finite(p.population_mean), 'index', segment_internal.finite(p.index), 'z', segment_internal.finite(p.z))
                   ORDER BY f.feature_no, p.segment)),
               'transform', '[{"calculate": "isValid(datum.index) ? format(datum.index, abs(datum.index) < 1e4 ? '',.0f'' : ''.0e'') : ''''", "as": "figure"}]'::jsonb,
               'width', '{"step": 58}'::jsonb, 'height', '{"step": 24}'::jsonb,
               'encoding', '{"x": {"field": "name", "type": "nominal", "sort": null, "axis": {"title": null, "orient": "top", "labelAngle": -35, "labelLimit": 200}},
                             "y": {"field": "feature", "type": "nominal", "sort": null, "axis": {"title": null}},
                             "tooltip": [{"field": "name", "title": "Segment"},
                                         {"field": "feature", "title": "Feature"},
                                         {"field": "mean", "type": "quantitative", "title": "Average of the segment", "format": ".6~r"},
                                         {"field": "population_mean", "type": "quantitative", "title": "Average of all", "format": ".6~r"},
                                         {"field": "figure", "title": "Index"},
                                         {"field": "z", "type": "quantitative", "title": "Standard deviations", "format": "+.2f"}]}'::jsonb,
               'layer', segment_internal.painted('[{"mark": {"type": "rect", "stroke": "#ffffff"},
                           "encoding": {"color": {"field": "z", "type": "quantitative", "title": "Standard deviations from the average",
                                                  "scale": {"domain": [-1.5, 0, 1.5], "range": ["var(--b4)", "#ffffff", "var(--a4)"], "interpolate": "rgb", "clamp": true},
                                                  "legend": {"values": [-1.5, 0, 1.5], "format": ".1~f"}}}},
                          {"mark": "text", "encoding": {"text": {"field": "figure"}}}]'))
      FROM segment_internal.figures($1) p
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = p.segment
      JOIN segment_internal.chart_features($1) f ON f.feature_no = p.feature_no;
END;

COMMENT ON FUNCTION segment_internal.chart_profile IS 'Internal: a heat map of features and segments, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_distribution(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'segment', d.segment, 'name', s.name, 'feature', d.feature, 'feature_no', d.feature_no, 'title', f.title, 'low', segment_internal.finite(d.low),
                   'p25', segment_internal.finite(d.p25), 'median', segment_internal.finite(d.median), 'p75', segment_internal.finite(d.p75),
                   'high', segment_internal.finite(d.high)) ORDER BY d.feature_no, d.segment)),
               'facet', '{"field": "title", "type": "nominal", "title": null, "sort": {"field": "feature_no", "op": "min"}, "header": {"labelLimit": 236}}'::jsonb,
               'columns', 3, 'bounds', 'flush', 'spacing', '{"row": 60, "column": 36}'::jsonb,
               'resolve', '{"scale": {"x": "independent"}}'::jsonb,
               'spec', jsonb_build_object(
                   'width', 210, 'height', '{"step": 16}'::jsonb,
                   'encoding', jsonb_build_object(
                       'y', '{"field": "segment", "type": "ordinal", "axis": {"title": null}}'::jsonb,
                       'x', '{"type": "quantitative", "title": null, "scale": {"zero": false}, "axis": {"tickCount": 4}}'::jsonb,
                       'color', segment_internal.chart_hues($1) -> 'color' || '{"legend": null}',
                       'tooltip', '[{"field": "feature", "title": "Feature"},
                                    {"field": "name", "title": "Segment"},
                                    {"field": "high", "type": "quantitative", "title": "High", "format": ".6~r"},
                                    {"field": "p75", "type": "quantitative", "title": "Third quartile", "format": ".6~r"},
                                    {"field": "median", "type": "quantitative", "title": "Median", "format": ".6~r"},
                                    {"field": "p25", "type": "quantitative", "title": "First quartile", "format": ".6~r"},
                                    {"field": "low", "type": "quantitative", "title": "Low", "format": ".6~r"}]'::jsonb),
                   'layer', segment_internal.painted('[{"mark": "rule", "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}}},
                              {"mark": {"type": "bar", "size": 9}, "encoding": {"x": {"field": "p25"}, "x2": {"field": "p75"}}},
                              {"mark": {"type": "tick", "size": 11, "thickness": 2}, "encoding": {"x": {"field": "median"}, "color": {"value": "var(--ink)"}}}]')))
      FROM segment_internal.distribution($1) d
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = d.segment
      JOIN segment_internal.chart_features($1) f ON f.feature_no = d.feature_no
     WHERE d.median IS NOT NULL;
END;

COMMENT ON FUNCTION segment_internal.chart_distribution IS 'Internal: box plots of the features by segment, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_correlation(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object('x', x.feature, 'y', y.feature, 'r', segment_internal.finite(c.r))
                   ORDER BY y.feature_no, x.feature_no)),
               'width', '{"step": 22}'::jsonb, 'height', '{"step": 22}'::jsonb, 'mark', '{"type": "rect", "stroke": "#ffffff"}'::jsonb,
               'encoding', segment_internal.painted('{"x": {"field": "x", "type": "nominal", "sort": null, "axis": {"title": null, "labelAngle": -45, "labelLimit": 160}},
                             "y": {"field": "y", "type": "nominal", "sort": null, "axis": {"title": null}},
                             "color": {"field": "r", "type": "quantitative", "title": "Correlation",
                                       "scale": {"domain": [-1, 0, 1], "range": ["var(--s1)", "#ffffff", "var(--s2)"], "interpolate": "rgb"},
                                       "legend": {"values": [-1, 0, 1]}},
                             "tooltip": [{"field": "y", "title": "Feature"},
                                         {"field": "x", "title": "with"},
                                         {"field": "r", "type": "quantitative", "title": "Correlation", "format": "+.2f"}]}'))
      FROM segment_internal.axes(($1).model_id) a
     CROSS JOIN LATERAL segment_internal.correlations(a) c
      JOIN segment_internal.chart_features($1) x ON x.feature_no = c.x
      JOIN segment_internal.chart_features($1) y ON y.feature_no = c.y
     WHERE c.r IS NOT NULL AND segment_internal.vectors($1) = '{}';
END;

COMMENT ON FUNCTION segment_internal.chart_correlation IS 'Internal: a heat map of the correlations of the features, for Vega-Lite.';
-- How rows moved in the last run, between two columns of segments.

CREATE FUNCTION segment_internal.flow(
    m segment_internal.catalog_model, gap float8,
    OUT from_segment integer, OUT to_segment integer, OUT rows bigint, OUT share float8,
    OUT from_low float8, OUT from_high float8, OUT to_low float8, OUT to_high float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- Both columns have 240 units for all rows, and a gap between segments. A segment's bands stand in the order of those
    -- at their other ends; those that are new, or gone, come last.
    SELECT p.from_segment, p.to_segment, p.rows, p.share, p.from_low, p.from_low + p.height, p.to_low, p.to_low + p.height
      FROM (SELECT v.*, 240.0::float8 * v.rows / sum(v.rows) OVER () AS height,
                   240.0::float8 * (sum(v.rows) OVER (ORDER BY v.from_segment, v.to_segment) - v.rows)::float8 / (sum(v.rows) OVER ())::float8
                       + $2 * (dense_rank() OVER (ORDER BY v.from_segment) - 1) AS from_low,
                   240.0::float8 * (sum(v.rows) OVER (ORDER BY v.to_segment, v.from_segment) - v.rows)::float8 / (sum(v.rows) OVER ())::float8
                       + $2 * (dense_rank() OVER (ORDER BY v.to_segment) - 1) AS to_low
              FROM segment_internal.migration(($1).model_id) v
             WHERE segment_internal.changes_of($1) IS NOT NULL) p
     ORDER BY p.from_segment, p.to_segment;
END;

COMMENT ON FUNCTION segment_internal.flow IS
'Internal: the migration of the last run, and from where to where each band of it goes, from top to bottom; no rows for a model without a history.';

CREATE FUNCTION segment_internal.flow_height(m segment_internal.catalog_model, gap float8) RETURNS float8
LANGUAGE sql STABLE
RETURN (SELECT max(greatest(f.from_high, f.to_high)) FROM segment_internal.flow($1, $2) f);

COMMENT ON FUNCTION segment_internal.flow_height IS 'Internal: how high a picture of it is; NULL: there is nothing to show.';

CREATE FUNCTION segment_internal.chart_flow_side(side text, x jsonb, y jsonb, color jsonb, place float8) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN jsonb_build_object(
    'transform', jsonb_build_array(
        jsonb_build_object('aggregate', jsonb_build_array(
                               jsonb_build_object('op', 'min', 'field', $1 || '_low', 'as', 'low'), jsonb_build_object('op', 'max', 'field', $1 || '_high', 'as', 'high'),
                               '{"op": "sum", "field": "rows", "as": "rows"}'::jsonb),
                           'groupby', jsonb_build_array($1 || '_segment', $1 || '_name')),
        jsonb_build_object('calculate', $5::text, 'as', 'start'), jsonb_build_object('calculate', ($5 + 0.02)::text, 'as', 'end')),
    'mark', '{"type": "rect", "opacity": 1}'::jsonb,
    'encoding', jsonb_build_object(
        'x', $2 || '{"field": "start"}', 'x2', '{"field": "end"}'::jsonb, 'y', $3 || '{"field": "low"}', 'y2', '{"field": "high"}'::jsonb, 'color', $4,
        'tooltip', jsonb_build_array(jsonb_build_object('field', $1 || '_name', 'title', 'Segment'),
                                     '{"field": "rows", "type": "quantitative", "title": "Customers", "format": ","}'::jsonb)));

COMMENT ON FUNCTION segment_internal.chart_flow_side IS 'Internal: the segments of one side of a flow, from or to, as a layer.';

CREATE FUNCTION segment_internal.chart_flow_numbers(side text, x jsonb, y jsonb, place float8, dx integer, align text) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN jsonb_build_object(
    'transform', jsonb_build_array(
        jsonb_build_object('aggregate', jsonb_build_array(
                               jsonb_build_object('op', 'min', 'field', $1 || '_low', 'as', 'low'), jsonb_build_object('op', 'max', 'field', $1 || '_high', 'as', 'high')),
                           'groupby', jsonb_build_array($1 || '_segment', $1 || '_name')),
        jsonb_build_object('calculate', format('datum.%1$s_segment === null ? datum.%1$s_name : datum.%1$s_segment', $1), 'as', 'number'),
        '{"calculate": "(datum.low + datum.high) / 2", "as": "middle"}'::jsonb,
        jsonb_build_object('calculate', $4::text, 'as', 'edge')),
    'mark', jsonb_build_object('type', 'text', 'dx', $5, 'align', $6, 'fontWeight', 600),
    'encoding', jsonb_build_object('x', $2 || '{"field": "edge"}', 'y', $3 || '{"field": "middle"}', 'text', '{"field": "number"}'::jsonb));

COMMENT ON FUNCTION segment_internal.chart_flow_numbers IS 'Internal: their numbers beside them, as a layer.';

CREATE FUNCTION segment_internal.chart_flow(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH names AS (
        SELECT s.* FROM segment_internal.chart_segments($1, true) s
    ), hues AS (
        SELECT segment_internal.chart_hues($1, true) #> '{color}' AS color
    ), scales AS (
        SELECT h.color || '{"field": "from_name"}' || segment_internal.painted('{"condition": {"test": "datum.from_segment === null", "value": "var(--soft)"}}') AS from_color,
               h.color || '{"field": "to_name"}' || segment_internal.painted('{"condition": {"test": "datum.to_segment === null", "value": "var(--soft)"}}') AS to_color,
               jsonb_build_object('type', 'quantitative', 'axis', NULL, 'scale', jsonb_build_object(
                   'reverse', true, 'nice', false, 'zero', true, 'domain', jsonb_build_array(0, segment_internal.flow_height($1, 16)))) AS y,
               '{"type": "quantitative", "axis": null, "scale": {"domain": [0, 1], "nice": false}}'::jsonb AS x
          FROM hues h
    )
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data((
                   SELECT jsonb_agg(jsonb_build_object(
                              'from_segment', f.from_segment, 'to_segment', f.to_segment, 'rows', f.rows, 'share', f.share,
                              'from_name', coalesce(b.name, 'New'), 'to_name', coalesce(a.name, 'Gone'),
                              'from_low', f.from_low, 'from_high', f.from_high, 'to_low', f.to_low, 'to_high', f.to_high) ORDER BY f.from_segment, f.to_segment)
                     FROM segment_internal.flow($1, 16) f
                     LEFT JOIN names b ON b.segment = f.from_segment
                     LEFT JOIN names a ON a.segment = f.to_segment)),
               'width', 'container', 'height', coalesce(segment_internal.flow_height($1, 16), 60) + 60,
               'layer', jsonb_build_array(
                   -- bands are drawn through 21 points
                   jsonb_build_object(
                       'transform', '[{"calculate": "datum.from_segment + \"-\" + datum.to_segment", "as": "band"}, {"calculate": "sequence(0, 21)", "as": "step"}, {"flatten": ["step"]},
                                      {"calculate": "0.02 + 0.96 * datum.step / 20", "as": "x"},
                                      {"calculate": "datum.step * datum.step / 400 * (3 - datum.step / 10)", "as": "way"},
                                      {"calculate": "datum.from_low + (datum.to_low - datum.from_low) * datum.way", "as": "low"},
                                      {"calculate": "datum.from_high + (datum.to_high - datum.from_high) * datum.way", "as": "high"}]'::jsonb,
                       'mark', '{"type": "area", "opacity": 0.45, "orient": "vertical"}'::jsonb,
                       'encoding', jsonb_build_object(
                           'x', s.x || '{"field": "x"}', 'y', s.y || '{"field": "low"}', 'y2', '{"field": "high"}'::jsonb, 'detail', '{"field": "band"}'::jsonb, 'color', s.from_color,
                           'tooltip', '[{"field": "from_name", "title": "From"}, {"field": "to_name", "title": "To"},
                                        {"field": "rows", "type": "quantitative", "title": "Customers", "format": ","},
                                        {"field": "share", "type": "quantitative", "title": "Share of those before", "format": ".1%"}]'::jsonb)),
                   segment_internal.chart_flow_side('from', s.x, s.y, s.from_color, 0),
                   segment_internal.chart_flow_side('to', s.x, s.y, s.to_color, 0.98),
                   segment_internal.chart_flow_numbers('from', s.x, s.y, 0, -8, 'right'),
                   segment_internal.chart_flow_numbers('to', s.x, s.y, 1, 8, 'left')))
      FROM scales s;
END;

COMMENT ON FUNCTION segment_internal.chart_flow IS 'Internal: bands from the segments before the last run to those after it, for Vega-Lite.';
-- Charts of the number of segments, and the frame around all charts.

CREATE FUNCTION segment_internal.chart_candidates(m segment_internal.catalog_model, measure text, title text) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'k', c.k, $2, v.value, 'chosen', c.chosen, 'rows', c.rows, 'sampled', c.sampled) ORDER BY c.k)),
               'width', 'container', 'height', 280,
               'encoding', jsonb_build_object(
                   'x', '{"field": "k", "type": "ordinal", "title": "Number of segments", "axis": {"labelAngle": 0}}'::jsonb,
                   'y', jsonb_build_object('field', $2, 'type', 'quantitative', 'title', $3)),
               'layer', jsonb_build_array(
                   '{"mark": "line"}'::jsonb,
                   jsonb_build_object(
                       'mark', '{"type": "point", "filled": true, "opacity": 1}'::jsonb,
                       'encoding', jsonb_build_object(
                           'color', segment_internal.painted('{"condition": {"test": "datum.chosen", "value": "var(--s2)"}, "value": "var(--s1)"}'),
                           'size', '{"condition": {"test": "datum.chosen", "value": 160}, "value": 50}'::jsonb,
                           'tooltip', jsonb_build_array(
                               '{"field": "k", "type": "quantitative", "title": "Segments"}'::jsonb,
                               jsonb_build_object('field', $2, 'type', 'quantitative', 'title', $3, 'format', ',.5~r'),
                               '{"field": "rows", "type": "quantitative", "title": "Customers tried", "format": ","}'::jsonb))),
                   segment_internal.painted('{"mark": {"type": "text", "dy": -16, "color": "var(--s2)", "fontWeight": 600},
                     "encoding": {"text": {"condition": {"test": "datum.chosen", "value": "chosen"}, "value": ""}}}')))
      FROM segment_internal.candidates(($1).model_id) c
     CROSS JOIN LATERAL (SELECT segment_internal.finite(CASE $2 WHEN 'inertia' THEN c.inertia ELSE c.silhouette END) AS value) v
     WHERE v.value IS NOT NULL;
END;

COMMENT ON FUNCTION segment_internal.chart_candidates IS 'Internal: a line of a figure over the numbers of segments that were tried, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_config() RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN segment_internal.painted('{"background": "#ffffff", "padding": 12,
         "font": "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, Noto Sans, sans-serif",
         "title": {"anchor": "start", "frame": "bounds", "offset": 18, "fontSize": 17, "fontWeight": 600, "color": "var(--ink)",
                   "subtitleFontSize": 12, "subtitleColor": "var(--soft)", "subtitlePadding": 6, "subtitleLineHeight": 17},
         "view": {"stroke": null, "continuousWidth": 640},
         "axis": {"domain": false, "ticks": false, "grid": false, "labelColor": "var(--soft)", "labelFontSize": 12, "labelPadding": 6, "labelLimit": 240,
                  "titleColor": "var(--soft)", "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 10, "gridColor": "var(--rail)"},
         "axisQuantitative": {"grid": true, "tickCount": 5, "labelFlush": false, "labelOverlap": true, "labelSeparation": 8,
                              "labelExpr": "abs(datum.value) >= 1e15 ? format(datum.value, ''.1e'') : format(datum.value, abs(datum.value) < 1e4 ? ''~g'' : ''~s'')"},
         "header": {"labelAnchor": "start", "labelColor": "var(--ink)", "labelFontSize": 12, "labelFontWeight": 600, "labelLimit": 330, "labelPadding": 6},
         "legend": {"orient": "bottom", "gradientLength": 200, "titleLimit": 320, "labelColor": "var(--ink)", "labelFontSize": 12, "labelLimit": 320, "symbolOpacity": 1, "symbolSize": 70,
                    "titleColor": "var(--soft)", "titleFontSize": 12, "titleFontWeight": "normal", "offset": 14},
         "mark": {"color": "var(--s1)"}, "line": {"strokeWidth": 2}, "rule": {"strokeWidth": 1.5}, "text": {"color": "var(--ink)", "fontSize": 12}}')
    || jsonb_build_object('range', jsonb_build_object('category', segment_internal.chart_palette()));

COMMENT ON FUNCTION segment_internal.chart_config IS 'Internal: how all charts look.';

CREATE FUNCTION segment_internal.chart(model_id bigint, chart text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 AS $$
DECLARE
    m         segment_internal.catalog_model := segment_internal.model(model_id);
    about     record;
    sentences text[];
    spec      jsonb;
BEGIN
    PERFORM segment_internal.check_choice('argument "chart"', $2, ARRAY(SELECT c.chart FROM @extschema@.segment_charts() c));
    SELECT c.* INTO about FROM @extschema@.segment_charts() c WHERE c.chart = $2;
    sentences := string_to_array(rtrim(about.description, '.'), '. ');

    spec := CASE $2
        WHEN 'sizes' THEN segment_internal.chart_sizes(m)
        WHEN 'effects' THEN segment_internal.chart_effects(m)
        WHEN 'profile' THEN segment_internal.chart_profile(m)
        WHEN 'map' THEN segment_internal.chart_map(m)
        WHEN 'elbow' THEN segment_internal.chart_candidates(m, 'inertia', 'Inertia')
        WHEN 'silhouette' THEN segment_internal.chart_candidates(m, 'silhouette', 'Silhouette')
        WHEN 'distribution' THEN segment_internal.chart_distribution(m)
        WHEN 'correlation' THEN segment_internal.chart_correlation(m)
        WHEN 'history' THEN segment_internal.chart_history(m)
        WHEN 'flow' THEN segment_internal.chart_flow(m)
    END;
    IF spec #> '{data,values}' = '[]' THEN
        spec := '{"data": {"values": []}, "width": "container", "height": 60,
                  "layer": [{"data": {"values": [{}]}, "mark": {"type": "text", "text": "There is nothing to show."}}]}';
    END IF;

    RETURN spec || jsonb_build_object(
        '$schema', 'https://vega.github.io/schema/vega-lite/v6.json',
        'title', jsonb_build_object('text', about.title, 'subtitle', sentences[:CASE WHEN cardinality(m.features) > 30 THEN 2 ELSE 1 END]
                                                                     || format('Model %s, run %s', m.name, m.run)),
        'description', format('%s of the model %s, run %s. %s', about.title, m.name, m.run, about.description),
        'config', segment_internal.chart_config());
END
$$;

COMMENT ON FUNCTION segment_internal.chart IS 'Internal: segment_chart of a model.';

CREATE FUNCTION @extschema@.segment_chart(model text, chart text) RETURNS jsonb
LANGUAGE sql STABLE
RETURN segment_internal.chart(segment_internal.model_id($1), $2);

COMMENT ON FUNCTION @extschema@.segment_chart IS
'A chart of a model as a specification for Vega-Lite 6 with its data inside, for notebooks, Observable, Deneb in Power BI and Grafana. segment_charts() lists the charts.';
-- The report: one HTML page, complete in itself. Each section is a function that returns its part of the page; charts
-- are SVG in its text. Everything that comes from data passes segment_internal.html().
--
-- Charts never say a thing by colour alone: segments have their numbers. Colours are variables of the style sheet, for
-- light and dark, and told apart by colour-blind readers (after the palette of M. Okabe and K. Ito, 2008). There are
-- eight; further segments, the smallest of a first fit, are grey and have a pattern instead.
--
-- What leads to decisions stands open, how the model was made is folded (<details>): on paper what is folded is left out.

CREATE FUNCTION segment_internal.html(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(regexp_replace($1, '[\x01-\x1f\x7f]+', ' ', 'g'),
           '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');

COMMENT ON FUNCTION segment_internal.html IS 'Internal: a text as it may stand between tags and in attributes of HTML.';

CREATE FUNCTION segment_internal.sentence_html(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(segment_internal.html(segment_internal.capitalize($1)), '&quot;(.*?)&quot;', '&quot;<bdi>\1</bdi>&quot;', 'g');

COMMENT ON FUNCTION segment_internal.sentence_html IS 'Internal: a sentence as HTML, in which what is quoted may run from right to left.';

CREATE FUNCTION segment_internal.counted(n bigint, noun text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN segment_internal.count($1) || ' ' || $2 || CASE WHEN $1 = 1 THEN '' ELSE 's' END;

COMMENT ON FUNCTION segment_internal.counted IS 'Internal: "1 segment", "2 segments".';

CREATE FUNCTION segment_internal.section(id text, heading text, lead text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<section id="%1$s" aria-labelledby="%1$s-heading">\n<h2 id="%1$s-heading">%2$s</h2>\n', $1, $2)
    || coalesce('<p class="lead">' || $3 || E'</p>\n', '') || $4 || E'</section>\n';

COMMENT ON FUNCTION segment_internal.section IS 'Internal: a section of the report, of HTML.';

CREATE FUNCTION segment_internal.folded(summary text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<details>\n<summary>%s</summary>\n', $1) || $2 || E'</details>\n';

COMMENT ON FUNCTION segment_internal.folded IS 'Internal: HTML that is folded behind a line of it.';

CREATE FUNCTION segment_internal.folded_section(id text, heading text, lead text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<section id="%1$s" class="fold" aria-labelledby="%1$s-heading">\n', $1)
    || segment_internal.folded(format('<h2 id="%s-heading">%s</h2>', $1, $2), coalesce('<p class="lead">' || $3 || E'</p>\n', '') || $4)
    || E'</section>\n';

COMMENT ON FUNCTION segment_internal.folded_section IS 'Internal: a section of the report, folded behind its heading.';

CREATE FUNCTION segment_internal.svg(id text, title text, description text, width integer, height integer, class text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('<svg role="img" class="%6$s" viewBox="0 0 %4$s %5$s" aria-labelledby="%1$s-title" aria-describedby="%1$s-desc">'
              '<title id="%1$s-title">%2$s</title><desc id="%1$s-desc">%3$s</desc>',
              $1, segment_internal.html($2), segment_internal.html($3), $4, $5, $6) || $7 || E'</svg>\n';

COMMENT ON FUNCTION segment_internal.svg IS 'Internal: a chart with its title and its description; width and height are those of its coordinates.';

CREATE FUNCTION segment_internal.scroll(label text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<div class="scroll" role="region" tabindex="0" aria-label="%s">\n<p class="hint">It goes on to the right &rarr;</p>\n', segment_internal.html($1))
    || $2 || E'</div>\n';

COMMENT ON FUNCTION segment_internal.scroll IS 'Internal: something wide, which scrolls in itself on a narrow screen, and then says so.';

CREATE FUNCTION segment_internal.position(value float8, lower float8, upper float8, first float8, last float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(($4 + ($5 - $4) * coalesce(segment_internal.part(least(greatest($1, $2), $3), $2, $3), 0.5))::numeric, 1)::text;

COMMENT ON FUNCTION segment_internal.position IS 'Internal: the coordinate of a value where lower is at first and upper at last.';

CREATE FUNCTION segment_internal.ticks(lower float8, upper float8, most integer) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    -- multiples of 1, 2 or 5 times a power of ten, and so few that they fit
    SELECT CASE WHEN segment_internal.apart($1, $2) BETWEEN 2e-100 AND 2e100 AND greatest(abs($1), abs($2)) / ($2 - $1) < 1e6
                THEN (SELECT ARRAY(SELECT n * s.step::float8 FROM generate_series(ceil($1::numeric / s.step), floor($2::numeric / s.step)) n)
                        FROM (SELECT f * power(10::numeric, floor(log(($2 - $1)::numeric))::integer + e) AS step
                                FROM unnest('{1,2,5}'::numeric[]) f, generate_series(-1, 1) e) s
                       WHERE floor($2::numeric / s.step) - ceil($1::numeric / s.step) < $3
                       ORDER BY s.step LIMIT 1)
                ELSE '{}' END;
END;

COMMENT ON FUNCTION segment_internal.ticks IS 'Internal: at most so many round numbers from lower to upper.';

CREATE FUNCTION segment_internal.tick(value float8, kind text DEFAULT 'number') RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $2 = 'date' THEN left(segment_internal.day($1), 7)
            WHEN $2 = 'share' THEN round((100 * $1)::numeric) || '%'
            WHEN $2 = 'year' THEN round($1::numeric)::text
            WHEN abs($1) >= 1e15 THEN btrim(to_char($1::numeric, '9.9EEEE'))
            WHEN abs($1) >= 1e12 THEN trim_scale(round(($1 / 1e12)::numeric, 2)) || 'T'
            WHEN abs($1) >= 1e9 THEN trim_scale(round(($1 / 1e9)::numeric, 2)) || 'B'
            WHEN abs($1) >= 1e6 THEN trim_scale(round(($1 / 1e6)::numeric, 2)) || 'M'
            WHEN abs($1) >= 1e4 THEN trim_scale(round(($1 / 1e3)::numeric, 1)) || 'k'
            WHEN abs($1) < 1e-4 AND $1 <> 0 THEN btrim(to_char($1::numeric, '9.9EEEE'))
            WHEN $1 = 0 THEN '0'
            ELSE trim_scale(round($1::numeric, greatest(0, 2 - floor(log(abs($1)))::integer)))::text END;

COMMENT ON FUNCTION segment_internal.tick IS 'Internal: a number on an axis or in a small cell: three digits.';

CREATE FUNCTION segment_internal.hue(segment integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 BETWEEN 1 AND 8 THEN 's' || $1 ELSE 's9 p' || ($1 + 3) % 4 END;

COMMENT ON FUNCTION segment_internal.hue IS 'Internal: the classes of a segment: one of eight colours, or grey with one of four patterns.';

CREATE FUNCTION segment_internal.chip(segment integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('<span class="chip %s">%s</span>', segment_internal.hue($1), $1);

COMMENT ON FUNCTION segment_internal.chip IS 'Internal: the number of a segment on its colour.';

CREATE FUNCTION segment_internal.bar(share float8, class text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><path class="rail" d="M0 5H100"/>'
              '<path class="%s" d="M0 5H%s"/></svg>', $2, round((100 * least(greatest(coalesce($1, 0), 0), 1))::numeric, 1));

COMMENT ON FUNCTION segment_internal.bar IS 'Internal: a share as a bar beside its number.';

-- Tables: heads that begin with # are those of numbers; cells are HTML.
CREATE FUNCTION segment_internal.row(heads text[], cells text[], class text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT format(E'<tr%s>%s</tr>\n', coalesce(' class="' || $3 || '"', ''), string_agg(format(
               CASE WHEN u.n = 1 THEN '<th scope="row"><bdi>%s</bdi></th>' WHEN $1[u.n] LIKE '#%' THEN '<td class="n">%s</td>' ELSE '<td>%s</td>' END,
               coalesce(u.cell, '&ndash;')), '' ORDER BY u.n))
      FROM unnest($2) WITH ORDINALITY u (cell, n);
END;

COMMENT ON FUNCTION segment_internal.row IS 'Internal: a row of a table, the first cell its head; NULL is a dash.';

CREATE FUNCTION segment_internal.table(caption text, heads text[], rows text, class text DEFAULT '') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT segment_internal.scroll($1, format(
               E'<table class="%s"><caption>%s</caption>\n<thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody></table>\n', $4, segment_internal.html($1),
               string_agg(format('<th scope="col"%s>%s</th>', CASE WHEN u.head LIKE '#%' THEN ' class="n"' ELSE '' END, ltrim(u.head, '#')), '' ORDER BY u.n), $3))
      FROM unnest($2) WITH ORDINALITY u (head, n);
END;

COMMENT ON FUNCTION segment_internal.table IS 'Internal: a table of rows of segment_internal.row().';
-- Findings: what customers are worth, and what else leads to decisions.

CREATE FUNCTION segment_internal.money(value float8, unit text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN abs($1) BETWEEN 100 AND 1e15
            THEN replace(segment_internal.amount($1, NULL, $2), segment_internal.figure(abs($1)), to_char(abs($1)::numeric, 'FM999,999,999,999,999,990'))
            ELSE segment_internal.amount($1, NULL, $2) END;

COMMENT ON FUNCTION segment_internal.money IS 'Internal: a sum with its unit, in whole numbers from 100 on.';

CREATE FUNCTION segment_internal.report_sizes(m segment_internal.catalog_model, value text, worth segment_internal.worth[], unit text) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- who brings most first; without values in the order of their numbers, as a row for all of them ends the table
    WITH lines AS (
        SELECT s.segment, segment_internal.hue(s.segment) AS hue,
               segment_internal.chip(s.segment) || ' <bdi>' || segment_internal.html(s.label) || '</bdi>' AS head,
               coalesce(v.rows, s.rows) AS rows, coalesce(v.share, s.share) AS share, v.value_share, v.value_sum, v.value_avg
          FROM segment_internal.catalog_segment s
          LEFT JOIN unnest($3) v ON v.segment = s.segment
         WHERE s.model_id = ($1).model_id
         UNION ALL
        SELECT NULL, 'total', 'All customers', sum(coalesce(v.rows, s.rows))::bigint, 1, CASE WHEN count(v.value_share) > 0 THEN 1 END, sum(v.value_sum ORDER BY s.segment),
               sum(v.value_avg * v.rows ORDER BY s.segment) / nullif(sum(v.rows) FILTER (WHERE v.value_avg IS NOT NULL), 0)
          FROM segment_internal.catalog_segment s
          LEFT JOIN unnest($3) v ON v.segment = s.segment
         WHERE s.model_id = ($1).model_id
    )
    SELECT format(
               E'<table class="sizes"><caption>%1$s</caption>\n<thead><tr><th scope="col">Segment</th><th scope="col" class="n">Customers</th>'
               '<th scope="col">Share of customers%2$s</th>%3$s</tr></thead>\n<tbody>\n%4$s</tbody></table>\n',
               CASE WHEN $2 IS NULL THEN 'Sizes of the segments' WHEN w.adds THEN 'Share of the customers against share of ' || segment_internal.html($2)
                    ELSE 'Sizes of the segments, and ' || segment_internal.html($2) END,
               CASE WHEN w.adds THEN '<br>and of ' || segment_internal.html($2) ELSE '' END,
               CASE WHEN w.adds THEN '<th scope="col" class="n">Total</th>' ELSE '' END || CASE WHEN $2 IS NULL THEN '' ELSE '<th scope="col" class="n">Average</th>' END,
               string_agg(format(
                   E'<tr class="%1$s"><th scope="row">%2$s</th><td class="n" data-of="Customers">%3$s</td><td class="shares"><span>%4$s <span class="n">%5$s</span></span>%6$s</td>%7$s%8$s</tr>\n',
                   l.hue, l.head, segment_internal.count(l.rows), segment_internal.bar(l.share, 'c'), segment_internal.percent(l.share),
                   CASE WHEN w.adds THEN format('<span>%s <span class="n">%s</span></span>', segment_internal.bar(l.value_share, 'v'),
                                                coalesce(segment_internal.percent(l.value_share), '&ndash;')) ELSE '' END,
                   CASE WHEN w.adds THEN format('<td class="n" data-of="Total">%s</td>', coalesce(segment_internal.html(segment_internal.money(l.value_sum, $4)), '&ndash;')) ELSE '' END,
                   CASE WHEN $2 IS NULL THEN ''
                        ELSE format('<td class="n" data-of="Average">%s</td>', coalesce(segment_internal.html(segment_internal.money(l.value_avg, $4)), '&ndash;')) END),
                   '' ORDER BY l.segment IS NULL, l.value_share DESC NULLS LAST, CASE WHEN NOT w.adds THEN l.value_avg END DESC NULLS LAST, l.segment))
      FROM lines l
     CROSS JOIN (SELECT count(v.value_sum) > 0 AS adds FROM unnest($3) v) w
     GROUP BY w.adds;
END;

COMMENT ON FUNCTION segment_internal.report_sizes IS 'Internal: a table of the segments with their sizes and values, as HTML.';

CREATE FUNCTION segment_internal.report_findings(
    m segment_internal.catalog_model, insights text[], value text, worth segment_internal.worth[], unit text, reached segment_internal.outcome[]
) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- of values that of the segment whose share of them is furthest above its share of the customers: small ones do not lead
    WITH best AS (
        SELECT v.*, sum(v.value_sum) OVER () AS total, count(*) OVER () AS segments
          FROM unnest($4) v WHERE v.value_share IS NOT NULL
         ORDER BY v.value_share - v.share DESC, v.segment LIMIT 1
    )
    SELECT segment_internal.section('findings', 'Findings', NULL,
               format(E'<ul class="findings">\n%s</ul>\n', string_agg(format(E'<li>%s.</li>\n', segment_internal.sentence_html(i.insight)), '' ORDER BY i.part, i.n))
               || segment_internal.report_sizes($1, $3, $4, $5))
      FROM (SELECT 1, 1::bigint, CASE
                   WHEN b.segments = 1 THEN format('Customers account for %s of %s', segment_internal.money(b.total, $5), $3)
                   WHEN b.value_share - b.share < 0.02 THEN format('Each segment has about the share of %s that it has of the customers: %s in all', $3, segment_internal.money(b.total, $5))
                   ELSE format('"%s" is %s of the customers and accounts for %s of %s: %s of %s', b.label, segment_internal.percent(b.share),
                               segment_internal.percent(b.value_share), $3, segment_internal.money(b.value_sum, $5), segment_internal.money(b.total, $5)) END
              FROM best b
             UNION ALL
            (SELECT 1, 1, format('"%s" comes first in %s: %s on average', v.label, $3, segment_internal.money(v.value_avg, $5))
               FROM unnest($4) v
              WHERE v.value_share IS NULL AND v.value_avg IS NOT NULL AND cardinality($4) > 1
              ORDER BY v.share < 0.01, v.value_avg DESC, v.segment LIMIT 1)
             UNION ALL
            SELECT 2, o.n, o.insight FROM segment_internal.outcome_sentences($1, $6) WITH ORDINALITY
                   o (segment, label, column_name, insight, rate, low, high, average, reliability, n) WHERE o.segment IS NULL
             UNION ALL
            SELECT 3, u.n, u.insight FROM unnest($2) WITH ORDINALITY u (insight, n)) i (part, n, insight);
END;

COMMENT ON FUNCTION segment_internal.report_findings IS 'Internal: the section of findings, as HTML.';
-- Segments: who they are and what to do with each, a card a segment.

CREATE FUNCTION segment_internal.report_value(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof($1) = 'number' AND abs($1::numeric) < 1e300 THEN segment_internal.figure($1::float8)
            ELSE segment_internal.shorten($1 #>> '{}') END;

COMMENT ON FUNCTION segment_internal.report_value IS 'Internal: a value of a customer, short.';

CREATE FUNCTION segment_internal.report_typical(m segment_internal.catalog_model, effects segment_internal.effect[], OUT segment integer, OUT html text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET bytea_output = hex SET IntervalStyle = postgres AS $$
BEGIN
    -- the keys, and the three columns that set the segment apart most
    RETURN QUERY
        WITH typical AS (
            SELECT t.* FROM segment_internal.typical(m.model_id, 3) t
        ), shown AS (
            SELECT f.segment, array_agg(f.source_column ORDER BY f.rank) AS columns, array_agg(f.name ORDER BY f.rank) AS names
              FROM (SELECT e.segment, e.source_column, min(e.rank) AS rank,
                           min(e.topic) AS name,
                           row_number() OVER (PARTITION BY e.segment ORDER BY min(e.rank)) AS place
                      FROM unnest(effects) e
                     WHERE e.source_column = ANY (m.columns[:50])
                     GROUP BY e.segment, e.source_column) f
             WHERE f.place <= 3
             GROUP BY f.segment
        )
        SELECT t.segment,
               format(E'<table class="typical"><caption>Customers nearest to the middle of the segment</caption><thead><tr>%s%s</tr></thead><tbody>%s</tbody></table>\n',
                      (SELECT string_agg(format('<th scope="col">%s</th>', segment_internal.html(k)), '' ORDER BY n)
                         FROM unnest(m.key) WITH ORDINALITY u (k, n)),
                      (SELECT string_agg(format('<th scope="col">%s</th>', segment_internal.html(c)), '' ORDER BY n)
                         FROM unnest(s.names) WITH ORDINALITY u (c, n)),
                      string_agg(format('<tr>%s%s</tr>',
                          (SELECT string_agg(format('<th scope="row">%s</th>', segment_internal.html(CASE WHEN length(t.key ->> k) > 16 THEN left(t.key ->> k, 14) || '...' ELSE t.key ->> k END)), '' ORDER BY n)
                             FROM unnest(m.key) WITH ORDINALITY u (k, n)),
                          (SELECT string_agg(format('<td>%s</td>', coalesce(segment_internal.html(segment_internal.report_value(t.customer -> c)), '&ndash;')), '' ORDER BY n)
                             FROM unnest(s.columns) WITH ORDINALITY u (c, n))), '' ORDER BY t.rank))
          FROM typical t
          LEFT JOIN shown s ON s.segment = t.segment
         GROUP BY t.segment, s.columns, s.names;
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column THEN
    RETURN;
END
$$;

COMMENT ON FUNCTION segment_internal.report_typical IS
'Internal: part of a card of the report; nothing where the reader may not see who is in a segment, or there is no assignment.';

CREATE FUNCTION segment_internal.report_rules(m segment_internal.catalog_model, OUT segment integer, OUT html text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT r.segment,
               format(E'<p class="rule"><strong>Who:</strong> <code dir="ltr">%s</code> finds %s of them; of those found, %s are in the segment%s.</p>\n',
                      segment_internal.html(r.rule), segment_internal.percent(r.coverage), segment_internal.percent(r.precise),
                      CASE WHEN n.rows_used > 20000 THEN ' (by a sample of 20,000)' ELSE '' END)
          FROM segment_internal.rules(m.model_id, true) r
          JOIN segment_internal.catalog_run n ON n.model_id = m.model_id AND n.run = m.run
         WHERE r.rule <> 'true';
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR undefined_function OR datatype_mismatch OR feature_not_supported
               OR wrong_object_type OR data_exception THEN
    RETURN;
END
$$;

COMMENT ON FUNCTION segment_internal.report_rules IS
'Internal: part of a card of the report, of many rows by a sample; nothing where the reader may not read the members, or there are none.';

CREATE FUNCTION segment_internal.report_segments(
    m segment_internal.catalog_model, effects segment_internal.effect[], value text, worth segment_internal.worth[]
) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH points AS MATERIALIZED (
        SELECT e.segment, string_agg(format('<li>%s</li>', segment_internal.sentence_html(segment_internal.sentence(e))), E'\n' ORDER BY e.rank) AS list
          FROM segment_internal.telling($2) e
         WHERE e.rank <= 4
         GROUP BY e.segment
    ), near AS MATERIALIZED (
        SELECT n.segment, o.segment AS neighbour, o.label
          FROM segment_internal.neighbours($1) n
          JOIN segment_internal.catalog_segment o ON o.model_id = ($1).model_id AND o.segment = n.neighbour
    ), typical AS MATERIALIZED (
        SELECT t.segment, t.html FROM segment_internal.report_typical($1, $2) t
    ), rules AS MATERIALIZED (
        SELECT r.segment, r.html FROM segment_internal.report_rules($1) r
    )
    SELECT segment_internal.section('segments', 'Who they are, and what to do with each',
               '<span class="screen">What to do is left to fill in: <code dir="ltr">' || segment_internal.html(format('SELECT segment_label(%L, ', ($1).name)
                   || min(s.segment) FILTER (WHERE s.description IS NULL) || ', ''Label'', ''What to do'');') || '</code></span>',
               format(E'<div class="cards">\n%s</div>\n', string_agg(format(
                   E'<article class="card %1$s" aria-labelledby="segment-%2$s">\n<h3 id="segment-%2$s">%3$s <bdi>%4$s</bdi></h3>\n'
                   '<p class="size"><strong>%5$s</strong> of the customers, %6$s%7$s</p>\n%8$s%12$s<p class="todo"><strong>What to do:</strong> %9$s</p>\n%10$s%11$s</article>\n',
                   segment_internal.hue(s.segment), s.segment, segment_internal.chip(s.segment), segment_internal.html(s.label),
                   segment_internal.percent(s.share), segment_internal.count(s.rows),
                   coalesce('; <strong>' || segment_internal.percent(v.value_share) || '</strong> of ' || segment_internal.html($3), ''),
                   coalesce('<ul>' || p.list || E'</ul>\n', ''),
                   coalesce('<bdi>' || segment_internal.html(s.description) || '</bdi>', '<span class="blank"></span>'),
                   coalesce('<p class="near">Nearest: ' || segment_internal.chip(o.neighbour) || ' <bdi>' || segment_internal.html(o.label) || E'</bdi></p>\n', ''),
                   coalesce(segment_internal.folded('Typical customers', t.html), ''),
                   coalesce(r.html, '')), '' ORDER BY v.value_share DESC NULLS LAST, s.segment)))
      FROM segment_internal.catalog_segment s
      LEFT JOIN unnest($4) v ON v.segment = s.segment
      LEFT JOIN points p ON p.segment = s.segment
      LEFT JOIN near o ON o.segment = s.segment
      LEFT JOIN typical t ON t.segment = s.segment
      LEFT JOIN rules r ON r.segment = s.segment
     WHERE s.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.report_segments IS 'Internal: the section of segments, a card each, as HTML.';
-- The tree of a bisecting model, as an indented list.

CREATE FUNCTION segment_internal.report_tree(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN EXISTS (SELECT FROM segment_internal.catalog_node n WHERE n.model_id = ($1).model_id AND n.run = ($1).run) THEN
           (SELECT segment_internal.section('tree', 'The segments as a tree',
               segment_internal.html('All customers were split in two, then again and again the part whose customers differ most. A side says in what the two parts differ most, '
               'and where the middle between them is: a few customers may be beyond it. segment_cut() gives fewer segments of the same tree.'),
               '<ol class="tree">' || E'\n' || string_agg(format(E'<li class="d%s">%s%s <span class="size">%s, %s</span></li>\n', least(t.depth, 9),
                   segment_internal.html(segment_internal.capitalize(coalesce(t.side, 'all customers'))),
                   coalesce(': ' || segment_internal.chip(t.segment) || ' <bdi>' || segment_internal.html(s.label) || '</bdi>', ''),
                   segment_internal.percent(t.share), segment_internal.count(t.rows)), '' ORDER BY t.ordinality) || E'</ol>\n')
              FROM segment_internal.tree($1) WITH ORDINALITY t
              LEFT JOIN segment_internal.catalog_segment s ON s.model_id = ($1).model_id AND s.segment = t.segment
            HAVING count(*) > 1) END;
END;

COMMENT ON FUNCTION segment_internal.report_tree IS 'Internal: the section of the tree, as HTML; NULL of a model that has none.';
-- The moves of the last run, of a model with a history.

CREATE FUNCTION segment_internal.flow_class(segment integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 IS NULL THEN 'away' ELSE segment_internal.hue($1) END;

COMMENT ON FUNCTION segment_internal.flow_class IS 'Internal: the classes of one side of a move.';

CREATE FUNCTION segment_internal.flow_name(segment integer, label text, word text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 IS NULL THEN $3 ELSE segment_internal.chip($1) || ' ' || segment_internal.html(segment_internal.shorten(coalesce($2, 'Segment ' || $1))) END;

COMMENT ON FUNCTION segment_internal.flow_name IS 'Internal: what a cell says of one side of a move.';

CREATE FUNCTION segment_internal.flow_svg(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH runs AS (
        SELECT ($1).run AS now, max(r.run) AS before FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id AND r.run < ($1).run
    ), flow AS (
        SELECT f.from_segment, f.to_segment, f.rows, f.share,
               round(f.from_low::numeric, 1) + 30 AS from_low, round(f.from_high::numeric, 1) + 30 AS from_high,
               round(f.to_low::numeric, 1) + 30 AS to_low, round(f.to_high::numeric, 1) + 30 AS to_high
          FROM segment_internal.flow($1, 18) f
    ), sides AS (
        SELECT 60 AS x, 54 AS at, 'end' AS anchor, 'new' AS word, f.from_segment AS segment, min(f.from_low) AS low, max(f.from_high) AS high
          FROM flow f GROUP BY f.from_segment
         UNION ALL
        SELECT 568, 586, 'start', 'gone', f.to_segment, min(f.to_low), max(f.to_high) FROM flow f GROUP BY f.to_segment
    )
    SELECT segment_internal.svg('flow-chart', 'Moves between the segments',
               format('Bands from the segments of run %s to those of run %s, as wide as customers went that way.', r.before, r.now),
               640, (SELECT ceil(max(s.high))::integer FROM sides s) + 12, 'chart wide',
               format('<text x="60" y="16">run %s</text><text x="580" y="16" text-anchor="end">run %s</text>', r.before, r.now)
               || (SELECT string_agg(format('<path class="band %s" d="M72 %2$sC320 %2$s 320 %3$s 568 %3$sV%4$sC320 %4$s 320 %5$s 72 %5$sZ"/>',
                                            segment_internal.flow_class(f.from_segment), f.from_low, f.to_low, f.to_high, f.from_high), '' ORDER BY f.from_segment, f.to_segment)
                     FROM flow f)
               || (SELECT string_agg(format('<g class="%s"><path class="c" d="M%s %sh12V%sh-12Z"/><text class="end" x="%s" y="%s" dy="4" text-anchor="%s">%s</text></g>',
                                            segment_internal.flow_class(s.segment), s.x, s.low, s.high, s.at, round((s.low + s.high) / 2, 1), s.anchor,
                                            coalesce(s.segment::text, s.word)), '' ORDER BY s.x, s.segment)
                     FROM sides s))
      FROM runs r
     WHERE EXISTS (SELECT FROM flow);
END;

COMMENT ON FUNCTION segment_internal.flow_svg IS 'Internal: bands from the segments before the last run to those after it; NULL for a model without a history, or with one run.';

CREATE FUNCTION segment_internal.flow_table(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH labels AS (
        SELECT DISTINCT ON (h.segment) h.segment, h.label FROM segment_internal.history($1) h ORDER BY h.segment, h.run DESC
    ), moves AS (
        SELECT f.*, '{From,To,#Customers,#Share of those before}'::text[] AS heads
          FROM segment_internal.migration(($1).model_id) f
         WHERE f.from_segment IS DISTINCT FROM f.to_segment
         ORDER BY f.rows DESC, f.from_segment, f.to_segment LIMIT 20
    )
    SELECT segment_internal.table('The largest moves of the last run', v.heads, string_agg(segment_internal.row(v.heads, ARRAY[
               segment_internal.flow_name(v.from_segment, b.label, 'new'), segment_internal.flow_name(v.to_segment, a.label, 'gone'),
               segment_internal.count(v.rows), segment_internal.percent(v.share)]), '' ORDER BY v.rows DESC, v.from_segment, v.to_segment))
      FROM moves v
      LEFT JOIN labels b ON b.segment = v.from_segment
      LEFT JOIN labels a ON a.segment = v.to_segment
     GROUP BY v.heads;
END;

COMMENT ON FUNCTION segment_internal.flow_table IS 'Internal: the largest moves of the last run; NULL: nobody moved.';

CREATE FUNCTION segment_internal.report_flow(m segment_internal.catalog_model) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chart text;
BEGIN
    IF segment_internal.changes_of(m) IS NULL THEN
        RETURN NULL;
    END IF;
    chart := segment_internal.flow_svg(m);
    RETURN E'<figure class="map">\n' || chart || E'<figcaption>Where the customers of each segment went in the last run</figcaption>\n</figure>\n'
        || coalesce(segment_internal.flow_table(m), E'<p>Nobody moved.</p>\n');
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR wrong_object_type OR object_not_in_prerequisite_state THEN
    RETURN format(E'<p>There is no picture of the moves: %s.</p>\n', segment_internal.html(SQLERRM));
END
$$;

COMMENT ON FUNCTION segment_internal.report_flow IS 'Internal: the moves of the last run, as HTML; NULL for a model without a history, or with one run.';
-- What changed since the last run, where there is one.

CREATE FUNCTION segment_internal.report_lines(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH sizes AS (
        SELECT h.* FROM segment_internal.history($1) h
    ), frame AS (
        SELECT min(s.run) AS r0, max(s.run) AS r1, max(s.share) AS y1, greatest(232, 17 * count(DISTINCT s.segment))::integer AS height FROM sizes s
    ), points AS (
        SELECT s.segment, s.run, segment_internal.position(s.run, f.r0, f.r1, 54, 590) AS x,
               segment_internal.position(s.share, 0, f.y1, f.height + 14, 14)::float8 AS y
          FROM sizes s CROSS JOIN frame f
    ), ends AS (
        -- numbers stand beside the ends of the lines, or further down where there is one already
        SELECT p.segment, 17 * p.n + max(p.y - 17 * p.n) OVER (ORDER BY p.n) AS y
          FROM (SELECT DISTINCT ON (p.segment) p.segment, p.y, row_number() OVER (PARTITION BY p.run ORDER BY p.y, p.segment) AS n
                  FROM points p ORDER BY p.segment, p.run DESC) p
    ), lines AS (
        SELECT p.segment, format('<g class="%s"><path class="line" d="M%s"/>%s<text class="end" x="606" y="%s" dy="4">%s</text></g>', segment_internal.hue(p.segment),
                   string_agg(p.x || ' ' || p.y, 'L' ORDER BY p.run), string_agg(format('<circle class="c" cx="%s" cy="%s" r="3.5"/>', p.x, p.y), '' ORDER BY p.run),
                   round(min(e.y)), p.segment) AS line
          FROM points p JOIN ends e ON e.segment = p.segment
         GROUP BY p.segment
    )
    SELECT format(E'<figure class="map">\n%s<figcaption>Share of the customers by run</figcaption>\n</figure>\n',
                  segment_internal.svg('history-chart', 'Sizes of the segments by run', 'Line chart: the share of each segment in each run.', 640, f.height + 48, 'chart wide',
                      (SELECT string_agg(format('<path class="grid" d="M50 %1$sH600"/><text x="44" y="%1$s" dy="4" text-anchor="end">%2$s</text>',
                                                segment_internal.position(t, 0, f.y1, f.height + 14, 14), segment_internal.tick(t, 'share')), '' ORDER BY t)
                         FROM unnest(segment_internal.ticks(0, f.y1, 5)) t)
                      || (SELECT string_agg(format('<text x="%s" y="%s" text-anchor="middle">run %s</text>', segment_internal.position(t, f.r0, f.r1, 54, 590),
                                                   f.height + 36, t), '' ORDER BY t)
                            FROM unnest(segment_internal.ticks(f.r0, f.r1, 8)) t WHERE t = floor(t))
                      || (SELECT string_agg(l.line, '' ORDER BY l.segment) FROM lines l)))
      FROM frame f
     WHERE f.r1 > f.r0 + 1;
END;

COMMENT ON FUNCTION segment_internal.report_lines IS 'Internal: a chart of the sizes of the segments by run, as HTML; NULL for a model with less than three runs.';

CREATE FUNCTION segment_internal.report_changes(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH runs AS (
        SELECT r.*, lag(r.run) OVER (ORDER BY r.run) AS before FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id
    ), changes AS (
        SELECT coalesce(n.segment, b.segment) AS segment, coalesce(n.label, b.label) AS label, b.share AS before, n.share AS now,
               segment_internal.became(w.transitions, b.segment) AS became, segment_internal.origin(w.transitions, n.segment) AS origin
          FROM (SELECT h.* FROM segment_internal.history($1) h WHERE h.run = ($1).run) n
          FULL JOIN (SELECT h.*, coalesce(t.to_segment, CASE WHEN h.segment = 0 THEN 0 END) AS goes_on
                       FROM segment_internal.history($1) h
                       JOIN runs r ON r.before = h.run AND r.run = ($1).run
                       LEFT JOIN segment_internal.catalog_transition t ON t.model_id = r.model_id AND t.run = r.run AND t.from_segment = h.segment
                                                                      AND t.kind = 'survived') b ON b.goes_on = n.segment
         CROSS JOIN (SELECT ARRAY(SELECT ROW(t.from_segment, t.to_segment, t.kind, t.overlap, t.rows, t.own)::segment_internal.transition
                                    FROM segment_internal.catalog_transition t
                                   WHERE t.model_id = ($1).model_id AND t.run = ($1).run) AS transitions) w
    ), lines AS (
        SELECT c.*, '{Segment,#Share before,#Share now,Change}'::text[] AS heads FROM changes c
    )
    SELECT segment_internal.section('changes', 'What changed since the last run',
               segment_internal.html(format('Run %s of %s, %s customers, against run %s of %s, %s customers.',
                   r.run, to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), segment_internal.count(r.rows_used),
                   b.run, to_char(b.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), segment_internal.count(b.rows_used))),
               (SELECT segment_internal.table('Sizes of the segments before and now', l.heads, string_agg(segment_internal.row(l.heads, ARRAY[
                           segment_internal.chip(l.segment) || ' ' || segment_internal.html(l.label),
                           segment_internal.percent(l.before), segment_internal.percent(l.now),
                           CASE WHEN l.before IS NULL THEN coalesce(l.origin, 'new') WHEN l.now IS NULL THEN coalesce(l.became, 'gone')
                                WHEN abs(l.now - l.before) < 0.005 THEN 'as before'
                                ELSE format('%s by %s points', CASE WHEN l.now > l.before THEN 'grew' ELSE 'shrank' END,
                                            trim_scale(round((100 * abs(l.now - l.before))::numeric, 1))) END]), '' ORDER BY l.segment, l.now IS NULL))
                  FROM lines l GROUP BY l.heads)
               || coalesce(segment_internal.report_lines($1), '')
               || coalesce(segment_internal.report_flow($1), '')
               || segment_internal.folded('All runs',
                  (SELECT segment_internal.table('Runs of the model', a.heads, string_agg(segment_internal.row(a.heads, ARRAY[
                              a.run::text, to_char(a.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), segment_internal.count(a.rows_used), a.k::text,
                              round(a.silhouette::numeric, 3)::text, segment_internal.html(a.k_reason)]), '' ORDER BY a.run DESC))
                     FROM (SELECT a.*, '{Run,Fitted,#Customers,#Segments,#Silhouette,Why this number}'::text[] AS heads
                             FROM runs a ORDER BY a.run DESC LIMIT 50) a
                    GROUP BY a.heads)))
      FROM runs r JOIN runs b ON b.run = r.before
     WHERE r.run = ($1).run;
END;

COMMENT ON FUNCTION segment_internal.report_changes IS 'Internal: the section about what changed since the run before, as HTML; NULL for a model with one run.';
-- Outcomes: how often they are reached in each segment.

CREATE FUNCTION segment_internal.report_interval(rate float8, low float8, high float8, average float8, most float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '<svg class="bar interval" viewBox="0 0 200 16" aria-hidden="true">'
    || format('<path class="rail" d="M4 8H196"/><path class="average" d="M%1$s 0V16"/>', segment_internal.position($4, 0, $5, 4, 196))
    || coalesce(format('<path class="w" d="M%s 8H%s"/><circle class="c" cx="%s" cy="8" r="4"/>', segment_internal.position($2, 0, $5, 4, 196),
                       segment_internal.position($3, 0, $5, 4, 196), segment_internal.position($1, 0, $5, 4, 196)), '')
    || '</svg>';

COMMENT ON FUNCTION segment_internal.report_interval IS 'Internal: a rate as a dot on its interval, beside its number; a line marks the average.';

CREATE FUNCTION segment_internal.report_outcomes(m segment_internal.catalog_model, reached segment_internal.outcome[]) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH effects AS MATERIALIZED (
        SELECT e.*, max(e.high) OVER (PARTITION BY e.column_name) AS most, min(e.n) OVER (PARTITION BY e.column_name) AS place
          FROM segment_internal.outcome_effects($1, $2) e
    ), tables AS (
        SELECT min(e.place) AS place, segment_internal.html(segment_internal.capitalize(min(e.name))) AS name,
               (SELECT count(*) > 0 FROM segment_internal.catalog_feature f
                 WHERE f.model_id = ($1).model_id AND f.run = ($1).run AND f.source_column = e.column_name) AS is_feature,
               string_agg(format(
                   E'<tr class="%s"><th scope="row">%s</th><td class="n" data-of="Customers">%s</td><td class="shares"><span>%s <span class="n">%s</span></span></td>'
                   '<td class="n" data-of="95 %% interval">%s</td><td class="n" data-of="Times the average">%s</td></tr>\n',
                   CASE WHEN e.segment IS NULL THEN 'total' ELSE segment_internal.hue(e.segment) END,
                   CASE WHEN e.segment IS NULL THEN 'All customers'
                        ELSE segment_internal.chip(e.segment) || ' <bdi>' || segment_internal.html(e.label) || '</bdi>' END,
                   segment_internal.count(e.rows), segment_internal.report_interval(e.rate, e.low, e.high, e.average, e.most),
                   coalesce(segment_internal.percent(e.rate), '&ndash;'),
                   coalesce(segment_internal.percent(e.low) || ' to ' || segment_internal.percent(e.high), '&ndash;'),
                   coalesce(to_char(round((e.rate / nullif(e.average, 0))::numeric, 1), 'FM999990.0'), '&ndash;')), '' ORDER BY e.segment IS NULL, e.rate DESC NULLS LAST, e.segment) AS rows
          FROM effects e
         GROUP BY e.column_name
    )
    SELECT segment_internal.section('outcomes', 'Outcomes',
               'How often each is reached, by today''s customers. The dot is the rate, the line its 95&nbsp;% interval (Wilson), the mark across the rate of all '
               'customers: where the interval reaches it, the difference may be chance.',
               string_agg(format(
                   E'<table class="sizes outcome"><caption>%1$s</caption>\n<thead><tr><th scope="col">Segment</th><th scope="col" class="n">Customers</th>'
                   '<th scope="col">Rate</th><th scope="col" class="n">95&nbsp;%% interval</th><th scope="col" class="n">Times the average</th></tr></thead>\n<tbody>\n%2$s</tbody></table>\n%3$s',
                   t.name, t.rows,
                   CASE WHEN t.is_feature THEN E'<p>This is one of the features that the segments were made by: that they differ in it says nothing more.</p>\n' ELSE '' END), '' ORDER BY t.place))
      FROM tables t
    HAVING count(*) > 0;
END;

COMMENT ON FUNCTION segment_internal.report_outcomes IS 'Internal: the section of outcomes, a table each, as HTML; NULL without any.';
-- Profile: a table of features and segments, coloured by how far a segment is from the average.

CREATE FUNCTION segment_internal.report_shade(z float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(CASE WHEN abs($1) >= 0.2 THEN format(' class="%s%s"', CASE WHEN $1 > 0 THEN 'a' ELSE 'b' END, width_bucket(abs($1), '{0.2,0.5,1,1.5}')) END, '');

COMMENT ON FUNCTION segment_internal.report_shade IS 'Internal: the shade of a cell, by standard deviations from the average.';

CREATE FUNCTION segment_internal.profile_rows(
    m segment_internal.catalog_model, effects segment_internal.effect[],
    OUT feature_no integer, OUT name text, OUT place bigint, OUT heading text, OUT telling boolean
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the share of a feature's variance that lies between the segments; few rows far away do not count for more than their share
    WITH features AS (
        SELECT e.feature_no, min(CASE e.kind WHEN 'spend' THEN 'spend on ' || e.name WHEN 'year' THEN coalesce(e.verb, e.name) WHEN 'date' THEN coalesce(e.verb, e.name) ELSE e.name END) AS name,
               min(e.topic) AS topic, min(e.source_column) AS source_column, bool_or(e.category) AS category,
               min(e.population_mean) AS average, sum(s.share * least(abs(e.z), 2) ^ 2 ORDER BY e.segment) AS weight
          FROM unnest($2) e
          JOIN segment_internal.catalog_segment s ON s.model_id = ($1).model_id AND s.segment = e.segment
         GROUP BY e.feature_no
    ), families AS (
        -- the values of a text stand together; where there are two, one says all
        SELECT f.*, c.part, count(*) OVER w AS members, sum(f.average) OVER w AS whole, min(f.feature_no) OVER w AS family,
               max(f.weight) OVER w AS most, row_number() OVER (PARTITION BY f.source_column, f.category ORDER BY f.feature_no) AS member
          FROM features f
          JOIN segment_internal.catalog_feature c ON c.model_id = ($1).model_id AND c.run = ($1).run AND c.feature_no = f.feature_no
        WINDOW w AS (PARTITION BY CASE WHEN f.category THEN f.source_column ELSE f.feature_no::text END, f.category)
    ), kept AS (
        SELECT f.*, f.category AND f.members > 1 AND NOT (f.members = 2 AND abs(f.whole - 1) < 1e-6) AS one_of_many
          FROM families f
         WHERE NOT (f.category AND f.members = 2 AND f.member = 2 AND abs(f.whole - 1) < 1e-6)
    ), ranked AS (
        -- one segment has nothing that tells it apart
        SELECT k.*, row_number() OVER (PARTITION BY k.family ORDER BY k.weight DESC, k.feature_no) <= 2
                    AND (k.weight >= 0.01 OR (SELECT count(*) FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id) = 1) AS telling
          FROM kept k
    ), placed AS (
        SELECT r.*, row_number() OVER w AS place, count(*) FILTER (WHERE r.telling) OVER w AS ahead
          FROM ranked r
        WINDOW w AS (ORDER BY r.most DESC, r.family, r.weight DESC, r.feature_no)
    )
    SELECT p.feature_no,
           CASE WHEN p.one_of_many THEN coalesce(nullif(segment_internal.shorten(btrim(regexp_replace(p.part, '[\s\x01-\x1f\x7f]+', ' ', 'g'))), ''),
                                                 substring(p.name FROM '\S+$')) ELSE p.name END,
           p.place,
           CASE WHEN p.one_of_many THEN p.topic END,
           p.telling AND p.ahead <= 24
      FROM placed p;
END;

COMMENT ON FUNCTION segment_internal.profile_rows IS
'Internal: the rows of the profile: what tells the segments apart most first, values of one text together under a heading; telling: at least 1 % of the variance lies between the segments; of a text at most two values, and at most 24 rows.';

CREATE FUNCTION segment_internal.profile_lines(
    m segment_internal.catalog_model, effects segment_internal.effect[], reached segment_internal.outcome[],
    OUT segment integer, OUT telling boolean, OUT place bigint, OUT heading text, OUT name text, OUT average text, OUT cell text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT e.segment, r.telling, r.place, r.heading, r.name,
           CASE WHEN e.kind IN ('share', 'date', 'year') THEN segment_internal.tick(e.population_mean, e.kind) ELSE segment_internal.money(e.population_mean, e.unit) END,
           format('<td%s>%s</td>', segment_internal.report_shade(e.z),
                  CASE WHEN e.kind IN ('share', 'date', 'year') THEN segment_internal.tick(e.mean, e.kind)
                       WHEN e.index IS NULL OR e.kind = 'code' OR e.population_mean < 0 OR e.lowest < 0 OR e.index > 99999 THEN segment_internal.tick(e.mean)
                       ELSE round(e.index)::text END)
      FROM unnest($2) e
      JOIN segment_internal.profile_rows($1, $2) r ON r.feature_no = e.feature_no
     WHERE e.source_column <> ALL (ARRAY(SELECT o.column_name FROM unnest($3) o))
     UNION ALL
    -- outcomes come first
    SELECT o.segment, true, o.n - 1000000, 'Outcomes', segment_internal.capitalize(o.name), segment_internal.tick(o.average, 'share'),
           format('<td%s>%s</td>', segment_internal.report_shade((o.rate - o.average) / nullif(sqrt(o.average * (1 - o.average)), 0)),
                  coalesce(segment_internal.tick(o.rate, 'share'), '&ndash;'))
      FROM segment_internal.outcome_effects($1, $3) o
     WHERE o.segment IS NOT NULL;
END;

COMMENT ON FUNCTION segment_internal.profile_lines IS 'Internal: the cells of the profile.';

CREATE FUNCTION segment_internal.report_profile(m segment_internal.catalog_model, effects segment_internal.effect[], reached segment_internal.outcome[]) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- at most eight segments beside each other, so that their labels have room
    WITH segments AS (
        SELECT s.segment, s.label, (row_number() OVER (ORDER BY s.segment) - 1) / ceil(count(*) OVER () / ceil(count(*) OVER () / 8.0))::integer AS block
          FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id
    ), heads AS (
        SELECT s.block, count(*)::integer AS n, min(s.segment) || ' to ' || max(s.segment) AS range, string_agg(format('<th scope="col">%s <bdi>%s</bdi></th>', segment_internal.chip(s.segment),
                   segment_internal.html(CASE WHEN length(s.label) > 80 THEN left(s.label, 77) || '...' ELSE s.label END)), '' ORDER BY s.segment) AS heads
          FROM segments s GROUP BY s.block
    ), lines AS (
        SELECT s.block, l.telling, l.heading, l.name, min(l.average) AS average, string_agg(l.cell, '' ORDER BY l.segment) AS cells, min(l.place) AS place
          FROM segment_internal.profile_lines($1, $2, $3) l
          JOIN segments s ON s.segment = l.segment
         GROUP BY s.block, l.telling, l.heading, l.name, CASE WHEN l.place < 0 THEN l.name ELSE l.place::text END
    ), written AS (
        SELECT l.block, l.telling, l.place,
               CASE WHEN l.heading IS DISTINCT FROM lag(l.heading) OVER w AND l.heading IS NOT NULL
                    THEN format(E'<tr class="group"><th scope="colgroup" colspan="%s"><bdi>%s</bdi></th></tr>\n', 2 + h.n, segment_internal.html(segment_internal.capitalize(l.heading))) ELSE '' END
               || format(E'<tr%s><th scope="row"><bdi>%s</bdi></th><td class="n">%s</td>%s</tr>\n', CASE WHEN l.heading IS NOT NULL THEN ' class="of"'
                              WHEN lag(l.heading) OVER w IS NOT NULL THEN ' class="after"' ELSE '' END,
                         segment_internal.html(CASE WHEN l.heading IS NULL THEN segment_internal.capitalize(l.name) ELSE l.name END), coalesce(segment_internal.html(l.average), '&ndash;'), l.cells) AS html
          FROM lines l JOIN heads h ON h.block = l.block
        WINDOW w AS (PARTITION BY l.block, l.telling ORDER BY l.place)
    ), tables AS (
        SELECT h.block, w.telling, segment_internal.scroll(format('Profile of segments %s%s', h.range, CASE WHEN w.telling THEN '' ELSE ': other features' END), format(
                   E'<table class="heat%s"><caption>%s</caption>\n<thead><tr><th scope="col">Feature</th><th scope="col" class="n">Average</th>%s</tr></thead>\n<tbody>\n%s</tbody></table>\n',
                   CASE WHEN h.n > 5 THEN ' dense' ELSE '' END,
                   CASE WHEN w.telling THEN 'What tells the segments apart, most first' ELSE 'What tells them apart less' END,
                   h.heads, string_agg(w.html, '' ORDER BY w.place))) AS html, count(*) AS features
          FROM heads h JOIN written w ON w.block = h.block
         GROUP BY h.block, w.telling, h.heads, h.n, h.range
    )
    SELECT segment_internal.section('profile', 'Profile',
               'Numbers are an index: 100 is the average of all customers, 200 twice as much. Of features that are yes or no the share is '
               'shown, of dates and of values below zero the average. '
               '<span class="key"><span class="b4"></span><span class="b2"></span> below, <span class="a2"></span><span class="a4"></span> above the average</span>, '
               'the stronger the colour the further, from 0.2 to 1.5 standard deviations.',
               coalesce(string_agg(t.html, '' ORDER BY t.block) FILTER (WHERE t.telling), E'<p>The segments hardly differ in any single feature.</p>\n')
               || coalesce(segment_internal.folded(format('%s in which the segments differ less', segment_internal.counted(min(t.features) FILTER (WHERE NOT t.telling), 'more feature')),
                                                   string_agg(t.html, '' ORDER BY t.block) FILTER (WHERE NOT t.telling)), ''))
      FROM tables t;
END;

COMMENT ON FUNCTION segment_internal.report_profile IS 'Internal: the section with the profile as a table, as HTML.';
-- The map. Axes are those of segment_internal.axes(), computed once for the whole report.

CREATE FUNCTION segment_internal.report_axis(m segment_internal.catalog_model, loading float8[], explained float8) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT format('%s (%s of the differences)', segment_internal.list_words(array_agg(
                  CASE WHEN l.loading < 0 THEN 'less ' ELSE 'more ' END || l.name ORDER BY l.place)), segment_internal.percent($3))
      FROM (SELECT u.loading, n.name, row_number() OVER (ORDER BY abs(u.loading) DESC, n.feature_no) AS place
              FROM unnest($2) WITH ORDINALITY u (loading, n)
              JOIN segment_internal.feature_names($1) n ON n.feature_no = u.n) l
     WHERE l.place <= 3 AND abs(l.loading) > 0.05
    HAVING count(*) > 0;
END;

COMMENT ON FUNCTION segment_internal.report_axis IS 'Internal: what lies in the direction of a principal component.';

CREATE FUNCTION segment_internal.report_map(m segment_internal.catalog_model, axes segment_internal.axes) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    chart record;
    n     integer := cardinality(axes.mean);
BEGIN
    -- a dot a row, one path a segment; grey segments have a mark each instead of a dot: plus, cross, triangle, square
    WITH points AS MATERIALIZED (
        SELECT p.segment, p.x, p.y
          FROM segment_internal.map(m.model_id, 2000, axes) p
    ), frame AS (
        SELECT min(p.x) AS x0, max(p.x) AS x1, min(p.y) AS y0, max(p.y) AS y1, count(*) AS n FROM points p
    ), placed AS (
        SELECT p.segment, segment_internal.position(p.x, f.x0, f.x1, 12, 628) AS x,
               segment_internal.position(p.y, f.y0, f.y1, 408, 12) AS y
          FROM points p CROSS JOIN frame f
    ), paths AS (
        SELECT p.segment, format('<path class="dots %s" d="%s"/>', segment_internal.hue(p.segment),
                                 string_agg(format('M%s %s%s', p.x, p.y, CASE WHEN p.segment BETWEEN 1 AND 8 THEN 'h0'
                                     ELSE ('{m-3 0h6m-3-3v6,m-2-2l4 4m0-4l-4 4,m0-3l3 5h-6z,m-2-2h4v4h-4z}'::text[])[1 + (p.segment + 3) % 4] END), '' ORDER BY p.x, p.y)) AS path,
               avg(p.x::float8 ORDER BY p.x, p.y) AS x, avg(p.y::float8 ORDER BY p.x, p.y) AS y, count(*) AS n
          FROM placed p GROUP BY p.segment
    )
    SELECT string_agg(p.path, '' ORDER BY p.n DESC, p.segment)
           || string_agg(format('<g class="%1$s"><circle class="hub" cx="%2$s" cy="%3$s" r="11"/><text class="hub" x="%2$s" y="%3$s" dy=".35em">%4$s</text></g>',
                                segment_internal.hue(p.segment), round(p.x), round(p.y), p.segment), '' ORDER BY p.segment) AS body,
           min(f.n) AS n, (SELECT count(DISTINCT (round(q.x::numeric), round(q.y::numeric))) FROM placed q) AS places
      INTO chart
      FROM paths p CROSS JOIN frame f;
    IF chart.body IS NULL THEN
        RETURN '';
    END IF;
    RETURN segment_internal.section('map', 'Map',
        format('Each dot is one of %s customers; the nearer two are, the more alike. Numbers mark the middle of each segment. '
               'The map shows the two directions in which customers differ most (principal components); they differ in others, too.%s',
               segment_internal.count(chart.n),
               -- to the size of a dot's middle; a few always fall together
               CASE WHEN chart.places < 0.8 * chart.n
                    THEN format(' <strong>Dots lie on each other</strong>: there are %s different places, so that %s customers cannot be seen.',
                                segment_internal.count(chart.places), segment_internal.count(chart.n - chart.places)) ELSE '' END),
        format(E'<figure class="map">\n%s<figcaption><bdi>%s</bdi></figcaption>\n</figure>\n',
               segment_internal.svg('map-chart', 'Map of the customers',
                   format('Scatter plot of %s customers by segment on the first two principal components.', chart.n), 640, 420, 'chart wide', chart.body),
               segment_internal.html(concat_ws('. ',
                   'To the right: ' || segment_internal.report_axis(m, axes.loading[1:1][1:n], axes.explained[1]),
                   'Up: ' || segment_internal.report_axis(m, axes.loading[2:2][1:n], axes.explained[2])) || '.')));
END
$$;

COMMENT ON FUNCTION segment_internal.report_map IS 'Internal: the section with the map, as HTML; nothing where there are no rows.';
-- The choice of k, and how far the segments are apart.

CREATE FUNCTION segment_internal.report_line(id text, title text, description text, k integer[], y float8[], chosen integer) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH points AS (
        SELECT u.k, u.y, f.*, segment_internal.position(u.k, f.k0, f.k1, 50, 390) AS px, segment_internal.position(u.y, f.y0, f.y1, 196, 20) AS py
          FROM unnest($4, $5) u (k, y)
         CROSS JOIN (SELECT min(u.k) AS k0, max(u.k) AS k1, least(0, min(u.y)) AS y0, max(u.y) AS y1
                       FROM unnest($4, $5) u (k, y) WHERE u.y IS NOT NULL) f
         WHERE u.y IS NOT NULL
    )
    SELECT segment_internal.svg($1, $2, $3, 420, 240, 'chart',
        (SELECT string_agg(format('<path class="grid" d="M46 %1$sH394"/><text x="40" y="%1$s" dy="4" text-anchor="end">%2$s</text>',
                                  segment_internal.position(t, p.y0, p.y1, 196, 20), segment_internal.tick(t)), '' ORDER BY t)
           FROM (SELECT DISTINCT p.y0, p.y1 FROM points p) p CROSS JOIN LATERAL unnest(segment_internal.ticks(p.y0, p.y1, 5)) t)
        || string_agg(format('<text x="%s" y="216" text-anchor="middle"%s>%s</text>', p.px, CASE WHEN p.k = $6 THEN ' class="chosen"' ELSE '' END, p.k), '' ORDER BY p.k)
           FILTER (WHERE p.k = $6 OR p.k1 - p.k0 <= 14 OR p.k % 5 = 0 AND abs(p.k - $6) > 1)
        || format('<path class="line" d="M%s"/>', string_agg(p.px || ' ' || p.py, 'L' ORDER BY p.k))
        || string_agg(format('<circle class="%s" cx="%s" cy="%s" r="%s"/>', CASE WHEN p.k = $6 THEN 'mark' ELSE 'dot' END, p.px, p.py,
                             CASE WHEN p.k = $6 THEN 7 ELSE 3.5 END), '' ORDER BY p.k)
        || '<text class="axis" x="220" y="236" text-anchor="middle">number of segments</text>')
      FROM points p
    HAVING count(*) > 1;
END;

COMMENT ON FUNCTION segment_internal.report_line IS 'Internal: a line over numbers of segments, on which one is marked; NULL for one point.';

CREATE FUNCTION segment_internal.report_stability(m segment_internal.catalog_model) RETURNS SETOF segment_internal.stability
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- with more segments it takes too long to look for them again
    IF (SELECT r.k FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run) <= 20 THEN
        RETURN QUERY SELECT s.* FROM segment_internal.recurrence(m.model_id, 20) s;
    END IF;
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
               OR wrong_object_type OR data_exception THEN
    RETURN;
END
$$;

COMMENT ON FUNCTION segment_internal.report_stability IS
'Internal: the figures of segment_stability of a model, by its segments; no rows where it takes too long, or the source cannot be read.';

CREATE FUNCTION segment_internal.report_separation(m segment_internal.catalog_model, said text) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT segment_internal.table('Separation of the segments', t.heads, string_agg(segment_internal.row(t.heads, ARRAY[
               segment_internal.chip(t.segment) || ' ' || segment_internal.html(t.label), round(t.margin_avg::numeric, 2)::text,
               round(t.silhouette_pairwise::numeric, 2)::text, segment_internal.percent(t.border_rows / t.rows::float8)]
               || CASE WHEN t.judged THEN ARRAY[format('%s, %s', round(t.jaccard::numeric, 2), segment_internal.stability_verdict(t.jaccard))] END), '' ORDER BY t.segment))
           || format(E'<p>%s.</p>\n', segment_internal.sentence_html($2))
           || E'<p>Silhouette: how clearly a segment is apart from the nearest other one, from 0 to 1, by distances from centroids (simplified). '
              'Between customers: the same by their distances from each other, from -1 to 1. At the border are those whom little separates from another segment.'
           || CASE WHEN t.judged THEN ' Found again: the segments were looked for again in 20 random samples of the customers; 1 means that the same ones '
                                      'came together each time, 0.75 or more is stable, below 0.6 chance decides.' ELSE '' END || E'</p>\n'
      FROM (SELECT s.*, r.jaccard, count(r.jaccard) OVER () > 0 AS judged,
                   '{Segment,#Silhouette,#Between customers,#At the border}'::text[] || CASE WHEN count(r.jaccard) OVER () > 0 THEN '{Found again}'::text[] END AS heads
              FROM segment_internal.catalog_segment s
              LEFT JOIN segment_internal.report_stability($1) r ON r.segment = s.segment
             WHERE s.model_id = ($1).model_id AND s.margin_avg IS NOT NULL) t
     GROUP BY t.heads, t.judged;
END;

COMMENT ON FUNCTION segment_internal.report_separation IS 'Internal: a table of how clearly the segments are apart, as HTML; NULL for one segment.';

CREATE FUNCTION segment_internal.report_groups(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT segment_internal.table('Groups, each with a model of its own', g.heads, string_agg(segment_internal.row(g.heads, ARRAY[
               segment_internal.html(segment_internal.group_name(g.group_values)), segment_internal.count(g.rows_read), coalesce(g.k::text, 'none'),
               segment_internal.html(g.k_reason), segment_internal.percent(g.explained), round(g.silhouette::numeric, 2)::text]), '' ORDER BY g.group_no))
      FROM (SELECT g.*, '{Group,#Customers,#Segments,Why,#Explained,#Silhouette}'::text[] AS heads
              FROM segment_internal.catalog_group g WHERE g.model_id = ($1).model_id AND g.run = ($1).run) g
     GROUP BY g.heads;
END;

COMMENT ON FUNCTION segment_internal.report_groups IS 'Internal: a table of the groups of a model, as HTML.';

CREATE FUNCTION segment_internal.report_choice(m segment_internal.catalog_model, separation text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    heads constant text[] := '{Segments,#Inertia,#Explained,#Silhouette,#Davies-Bouldin,#Smallest}';
    tried record;
    run   segment_internal.catalog_run := (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
BEGIN
    IF segment_internal.group_by(m) IS NOT NULL THEN
        RETURN segment_internal.folded_section('choice', 'Groups and separation of the segments', NULL,
            segment_internal.report_groups(m) || coalesce(segment_internal.report_separation(m, separation), ''));
    END IF;
    SELECT array_agg(c.k ORDER BY c.k) AS k, array_agg(c.inertia ORDER BY c.k) AS inertia, array_agg(c.silhouette ORDER BY c.k) AS silhouette,
           min(c.rows) AS rows, bool_or(c.sampled) AS sampled,
           string_agg(segment_internal.row(heads, ARRAY[
                          c.k::text, segment_internal.tick(c.inertia), segment_internal.percent(c.explained),
                          round(c.silhouette::numeric, 3)::text, round(c.davies_bouldin::numeric, 2)::text,
                          segment_internal.percent(c.smallest_share)], CASE WHEN c.k = run.k THEN 'chosen' END), '' ORDER BY c.k) AS rows_of_table
      INTO tried
      FROM segment_internal.candidates(m.model_id) c;

    RETURN segment_internal.folded_section('choice', 'Number and separation of the segments',
        segment_internal.html(format(CASE run.k_reason WHEN 'given' THEN '%s segments were asked for. %3$s' ELSE 'Why %s: %s. %s' END, run.k, run.k_reason,
            CASE WHEN run.k_reason NOT LIKE '%simplified silhouette%' THEN format('For comparison, what other numbers give for %s%s customers.',
                          CASE WHEN tried.sampled THEN 'a sample of ' ELSE 'the ' END, segment_internal.count(tried.rows))
                 ELSE '' END)),
        coalesce((SELECT format(E'<div class="charts">\n<figure>\n%s<figcaption>Inertia: what is left of the differences. A bend hints at a good number.</figcaption>\n</figure>\n'
                                '<figure>\n%s<figcaption>Simplified silhouette: how clearly segments are apart. Higher is better; evenly spread customers have about 0.5.</figcaption>\n</figure>\n</div>\n', c.a, c.b)
                    FROM (SELECT segment_internal.report_line('elbow-chart', 'Inertia by number of segments',
                                     'Line chart: what is left of the differences within segments falls with each further segment.', tried.k, tried.inertia, run.k) AS a,
                                 segment_internal.report_line('silhouette-chart', 'Silhouette by number of segments',
                                     'Line chart: how clearly the segments are apart for each number of segments.', tried.k, tried.silhouette, run.k) AS b) c
                   WHERE c.a IS NOT NULL AND c.b IS NOT NULL), '')
        || segment_internal.table('Numbers of segments compared', heads, tried.rows_of_table) || coalesce(segment_internal.report_separation(m, separation), ''));
EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
               OR wrong_object_type OR data_exception THEN
    RETURN segment_internal.folded_section('choice', 'Number and separation of the segments', NULL,
        format(E'<p>There are %s: %s.</p>\n', run.k, segment_internal.html(run.k_reason)));
END
$$;

COMMENT ON FUNCTION segment_internal.report_choice IS 'Internal: the section about the number of segments, as HTML.';
-- Distributions: a small chart a feature, a box a segment.

CREATE FUNCTION segment_internal.report_boxes(m segment_internal.catalog_model, effects segment_internal.effect[]) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the features that tell the segments apart most, the largest segments
    WITH features AS (
        SELECT e.feature_no, min(e.name) AS name, min(e.kind) AS kind, row_number() OVER (ORDER BY sum(s.share * least(abs(e.z), 2) ^ 2 ORDER BY e.segment) DESC, e.feature_no) AS place
          FROM unnest($2) e
          JOIN segment_internal.catalog_segment s ON s.model_id = ($1).model_id AND s.segment = e.segment
         GROUP BY e.feature_no
    ), segments AS (
        SELECT s.*, row_number() OVER (ORDER BY s.segment) AS line
          FROM (SELECT s.* FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id ORDER BY s.rows DESC, s.segment LIMIT 40) s
    ), boxes AS (
        SELECT f.*, s.segment, s.line, s.mean[f.feature_no] AS mean, d.low, d.p25, d.median, d.p75, d.high
          FROM features f
         CROSS JOIN segments s
          JOIN segment_internal.distribution($1) d ON d.segment = s.segment AND d.feature_no = f.feature_no
         WHERE f.place <= 60
    ), framed AS (
        SELECT b.*, CASE b.kind WHEN 'share' THEN 0 ELSE min(b.low) OVER w END AS x0,
               CASE b.kind WHEN 'share' THEN 1 ELSE max(b.high) OVER w END AS x1
          FROM boxes b WINDOW w AS (PARTITION BY b.feature_no)
    ), drawn AS (
        SELECT f.feature_no, min(f.name) AS name, min(f.kind) AS kind, min(f.place) AS place, min(f.x0) AS x0, max(f.x1) AS x1, max(f.line)::integer AS lines,
               string_agg(format('<g class="%s"><text x="18" y="%s">%s</text>', segment_internal.hue(f.segment), 14 * f.line, f.segment)
                   || CASE WHEN f.kind = 'share'
                           THEN format('<path class="rail" d="M26 %1$sH270"/><path class="q" d="M26 %1$sH%2$s"/>', 14 * f.line - 4, segment_internal.position(f.mean, 0, 1, 26, 270))
                           ELSE coalesce(format('<path class="w" d="M%1$s %5$sH%2$s"/><path class="q" d="M%3$s %5$sH%4$s"/><path class="d" d="M%6$s %7$sv9"/>',
                                    segment_internal.position(f.low, f.x0, f.x1, 26, 270), segment_internal.position(f.high, f.x0, f.x1, 26, 270),
                                    segment_internal.position(f.p25, f.x0, f.x1, 26, 270), segment_internal.position(f.p75, f.x0, f.x1, 26, 270),
                                    14 * f.line - 4, segment_internal.position(f.median, f.x0, f.x1, 26, 270), 14 * f.line - 8.5), '') END
                   || '</g>', '' ORDER BY f.line) AS boxes
          FROM framed f GROUP BY f.feature_no
    )
    SELECT segment_internal.folded_section('distributions', 'Distributions',
               'How customers are spread within each segment: half of them are in the box, nearly all on the line, which is at most 1.5 times as long on either side, and the mark is the median. '
               'Of features that are yes or no, the bar is the share of yes.',
               format(E'<div class="charts small">\n%s</div>\n', string_agg(format(E'<figure>\n<figcaption><bdi>%s</bdi></figcaption>\n%s</figure>\n', segment_internal.html(d.name),
                   segment_internal.svg('box-' || d.feature_no, d.name, CASE d.kind WHEN 'share' THEN 'Bar chart: share of each segment.' ELSE 'Box plot: a box a segment.' END,
                       280, 14 * d.lines + 24, 'chart',
                       coalesce((SELECT string_agg(format('<path class="grid" d="M%1$s 4V%2$s"/><text x="%1$s" y="%3$s" text-anchor="%5$s">%4$s</text>',
                                                segment_internal.position(t, d.x0, d.x1, 26, 270), 14 * d.lines + 4, 14 * d.lines + 18, segment_internal.tick(t, d.kind),
                                                CASE WHEN segment_internal.position(t, d.x0, d.x1, 26, 270)::float8 > 280 - 3.4 * length(segment_internal.tick(t, d.kind)) THEN 'end'
                                                     WHEN segment_internal.position(t, d.x0, d.x1, 26, 270)::float8 < 3.4 * length(segment_internal.tick(t, d.kind)) THEN 'start'
                                                     ELSE 'middle' END), '' ORDER BY t)
                                    FROM unnest(segment_internal.ticks(d.x0, d.x1, 4)) t), '') || d.boxes)), '' ORDER BY d.place)))
      FROM drawn d;
END;

COMMENT ON FUNCTION segment_internal.report_boxes IS 'Internal: the section with a box plot a feature, as HTML.';
-- Correlations of the features.

CREATE FUNCTION segment_internal.report_correlations(effects segment_internal.effect[], axes segment_internal.axes) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    chart record;
BEGIN
    -- at most forty features, those that tell the segments apart most, in their order
    WITH telling AS (
        SELECT f.*, row_number() OVER (ORDER BY f.feature_no) AS line
          FROM (SELECT e.feature_no, min(e.name) AS name FROM unnest(effects) e
                 GROUP BY e.feature_no ORDER BY sum(e.z * e.z ORDER BY e.segment) DESC, e.feature_no LIMIT 40) f
    ), pairs AS MATERIALIZED (
        SELECT x.line AS i, y.line AS j, x.name AS x, y.name AS y, c.r
          FROM segment_internal.correlations(axes) c
          JOIN telling x ON x.feature_no = c.x
          JOIN telling y ON y.feature_no = c.y
         WHERE x.line > y.line AND c.r IS NOT NULL
    )
    SELECT (SELECT string_agg(format('<rect class="%s%s" x="%s" y="%s" width="13" height="13"/>', CASE WHEN p.r < 0 THEN 'b' ELSE 'a' END,
                                     width_bucket(abs(p.r), '{0.2,0.4,0.6,0.8}'), 196 + 14 * (p.j - 1), 14 * (p.i - 1) + 4), '' ORDER BY p.i, p.j) FROM pairs p) AS cells,
           (SELECT string_agg(format('<text x="190" y="%1$s" text-anchor="end">%2$s %3$s</text><text x="%4$s" y="%1$s" text-anchor="middle">%3$s</text>', 14 * t.line + 1,
                                     segment_internal.html(CASE WHEN length(t.name) > 17 AND t.name = upper(t.name) THEN left(t.name, 15) || '...'
                                                                WHEN length(t.name) > 24 THEN left(t.name, 22) || '...' ELSE t.name END),
                                     t.line, 202.5 + 14 * (t.line - 1)), '' ORDER BY t.line) FROM telling t) AS names,
           (SELECT count(*)::integer FROM telling) AS n,
           (SELECT string_agg(format(E'<li>%s and %s: %s</li>\n', segment_internal.html(p.x), segment_internal.html(p.y),
                                     round(p.r::numeric, 2)), '' ORDER BY p.place)
              FROM (SELECT p.*, row_number() OVER (ORDER BY abs(p.r) DESC, p.i, p.j) AS place FROM pairs p) p WHERE p.place <= 8) AS strongest
      INTO chart;
    IF chart.cells IS NULL THEN
        RETURN '';
    END IF;
    RETURN segment_internal.folded_section('correlations', 'Correlations',
        'Which features go together: <span class="key"><span class="a4"></span> rise together</span>, <span class="key"><span class="b4"></span> one falls as the other rises</span>. '
        'Features that say much the same weigh more than once in the distance between customers.',
        format(E'<div class="charts pair">\n<figure>\n%s<figcaption>Correlation of each pair of features</figcaption>\n</figure>\n<div>\n<h3>Strongest</h3>\n<ol>\n%s</ol>\n</div>\n</div>\n',
               segment_internal.scroll('Correlations of the features', segment_internal.svg('correlation-chart', 'Correlations of the features',
                   'Matrix of the correlations of each pair of features; the strongest are listed beside it.', 216 + 14 * chart.n, 14 * chart.n + 8,
                   'chart matrix', chart.cells || chart.names)),
               chart.strongest));
END
$$;

COMMENT ON FUNCTION segment_internal.report_correlations IS 'Internal: the section with the correlations of the features, as HTML; nothing where there is one feature.';
-- Method, recipe, ledger, and how to make it again.

CREATE FUNCTION segment_internal.call(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- what differs from the defaults of segment_kmeans, with the types of its arguments
    SELECT format('SELECT * FROM %s.segment_kmeans(%L%s)', '@extschema@', $1.source::text,
                  string_agg(format(CASE WHEN a.type IN ('text', 'text[]', 'jsonb', 'double precision[]') OR jsonb_typeof(a.value) NOT IN ('number', 'boolean')
                                         THEN ', %s => %L' ELSE ', %s => %s' END,
                                    a.name, CASE WHEN a.type LIKE '%[]' AND a.value <> 'null' THEN segment_internal.array_text(a.value)
                                                 ELSE a.value #>> '{}' END), '' ORDER BY a.n))
      FROM (SELECT u.n, u.name, format_type(u.type, NULL) AS type,
                   CASE u.name WHEN 'model' THEN nullif(to_jsonb($1.name), to_jsonb((SELECT c.relname::text FROM pg_class c WHERE c.oid = $1.source)))
                               ELSE $1.options -> u.name END AS value,
                   u.defaults
              FROM pg_proc p
             CROSS JOIN LATERAL (SELECT n, p.proargnames[n] AS name, p.proargtypes[n - 1] AS type,
                                        pg_get_function_arg_default(p.oid, n) AS defaults
                                   FROM generate_series(2, p.pronargs) n) u
             -- others may have made one of that name
             WHERE p.proname = 'segment_kmeans'
               AND EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                              AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'segment')) a
     WHERE a.value IS NOT NULL AND a.value <> 'null' AND a.name <> 'replace'
       AND a.value #>> '{}' IS DISTINCT FROM coalesce(substring(a.defaults, '^''(.*)''::'), a.defaults);
$$;

COMMENT ON FUNCTION segment_internal.call IS 'Internal: the call of segment_kmeans that fitted a model.';

CREATE FUNCTION segment_internal.array_text(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE jsonb_typeof($1 -> 0)
           WHEN 'array' THEN format('{%s}', (SELECT string_agg(segment_internal.array_text(e), ',' ORDER BY n) FROM jsonb_array_elements($1) WITH ORDINALITY u (e, n)))
           ELSE ARRAY(SELECT e FROM jsonb_array_elements_text($1) WITH ORDINALITY u (e, n) ORDER BY n)::text END;
$$;

COMMENT ON FUNCTION segment_internal.array_text IS 'Internal: a JSON array, or an array of these, as the text of an array.';

CREATE FUNCTION segment_internal.report_method(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT segment_internal.folded_section('method', 'Method, recipe and quality', NULL, format(
               E'<p>K-means puts each customer into the segment whose middle (centroid) is nearest, by %1$s distance over %2$s features, which are prepared %8$s, '
               'so that none counts more for its unit. The number %3$s. %4$s; iterations: %5$s%6$s. '
               'Figures are of %7$s, and of that run, but for the map, the correlations, the typical customers and values, which are of today''s rows.</p>\n',
               segment_internal.html(r.options ->> 'distance'), (SELECT count(*) FROM segment_internal.catalog_feature f WHERE f.model_id = r.model_id AND f.run = r.run),
               CASE r.k_reason WHEN 'given' THEN format('of segments, %s, was given', r.k) ELSE format('of segments is %s: %s', r.k, segment_internal.html(r.k_reason)) END,
               format(CASE r.options ->> 'algorithm' WHEN 'bisecting' THEN 'The segments are the leaves of a tree, in which each split is the best of %s' ELSE 'The best of %s was kept' END,
                      coalesce(segment_internal.html(r.options ->> 'n_init') || ' starts', 'as many starts as it took')), r.iterations, CASE WHEN r.converged THEN '' ELSE ', which is all that were allowed' END,
               to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
               CASE WHEN segment_internal.group_by($1) IS NULL THEN 'as the recipe below says' ELSE 'in each group by its own rows' END)
           || (SELECT format(E'<div class="charts">\n%s%s</div>\n',
                             segment_internal.table('Rows', t.heads, string_agg(
                                 segment_internal.row(t.heads, ARRAY[t.name, t.value]), '' ORDER BY t.n) FILTER (WHERE t.n <= 3)),
                             segment_internal.table('Quality', t.heads, string_agg(
                                 segment_internal.row(t.heads, ARRAY[t.name, t.value]), '' ORDER BY t.n) FILTER (WHERE t.n > 3 AND t.value IS NOT NULL)))
                 FROM (SELECT v.*, '{What,#Figure}'::text[] AS heads
                         FROM (VALUES (1, 'Read', segment_internal.count(r.rows_read)), (2, 'Left out', segment_internal.count(r.rows_skipped)),
                                      (3, 'Used', segment_internal.count(r.rows_used)), (4, 'Inertia', segment_internal.tick(r.inertia)),
                                      (5, 'Explained', segment_internal.percent(r.explained)), (6, 'Silhouette (simplified)', round(r.silhouette::numeric, 3)::text),
                                      (7, 'Davies-Bouldin (lower is better)', round(r.davies_bouldin::numeric, 2)::text),
                                      (8, 'Calinski-Harabasz (higher is better)', segment_internal.tick(r.calinski_harabasz))) v (n, name, value)) t
                GROUP BY t.heads)
           || coalesce((SELECT segment_internal.table('Recipe: how each feature is prepared', f.heads, string_agg(segment_internal.row(f.heads, ARRAY[
                          segment_internal.html(segment_internal.shorten(f.feature)),
                          segment_internal.html(f.missing) || coalesce(' ' || segment_internal.tick(CASE WHEN f.imputed > 0 THEN f.fill END), ''),
                          segment_internal.count(f.imputed), segment_internal.html(f.outliers), segment_internal.count(f.clipped),
                          segment_internal.html(f.transform), segment_internal.html(f.scaling),
                          segment_internal.tick(f.center), segment_internal.tick(f.scale), segment_internal.tick(f.weight)]),
                          '' ORDER BY f.feature_no), 'recipe')
                 FROM (SELECT f.*, '{Feature,Missing,#Filled,Outliers,#Clipped,Transform,Scaling,#Center,#Scale,#Weight}'::text[] AS heads
                         FROM segment_internal.catalog_feature f
                        WHERE f.model_id = r.model_id AND f.run = r.run AND segment_internal.group_by($1) IS NULL) f
                GROUP BY f.heads), '')
           || CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.oid = $1.source) THEN
              format(E'<h3>Make it again</h3>\n<p>In the database, where there is no model of this name, by a role that may read the source:</p>\n<pre dir="ltr"><code>%s;</code></pre>\n<p>%sThe same rows give the same segments, bit for bit.</p>\n',
                     segment_internal.html(segment_internal.call($1)),
                     CASE WHEN r.run > 1 THEN segment_internal.html(format('That was the first run; this is run %s, by segment_refresh(%L%s). ', r.run, $1.name,
                                                  CASE r.k_reason WHEN 'given' THEN format(', k => %s', r.k) ELSE '' END)) ELSE '' END)
              ELSE E'<p>The source no longer exists.</p>\n' END)
      FROM segment_internal.catalog_run r
     WHERE r.model_id = $1.model_id AND r.run = $1.run;
$$;

COMMENT ON FUNCTION segment_internal.report_method IS 'Internal: the section that tells how the model was made, as HTML.';
-- The page.

CREATE FUNCTION segment_internal.report(model_id bigint, title text, value text, outcome text[], currency text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.model(model_id);
    run      segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    effects  segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e);
    worth    segment_internal.worth[] := ARRAY(SELECT v FROM segment_internal.value(m.model_id, $3) v);
    reached  segment_internal.outcome[] := ARRAY(SELECT o FROM segment_internal.outcomes(m.model_id, $4) o);
    named    record;
    insights record;
    heading  text := segment_internal.html(coalesce(nullif(btrim($2), ''), format('Segments of %s', m.name)));
    axes     segment_internal.axes;
    unread   text;
    sections text[];
BEGIN
    IF length($5) > 12 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "currency" is too long',
            HINT = 'Give its sign or its code, such as EUR.';
    END IF;
    -- what needs today's rows is left out where they cannot be read; the rest the fit has stored
    BEGIN
        sections := ARRAY['', ''];
        IF segment_internal.group_by(m) IS NULL THEN       -- each group has axes of its own
            axes := segment_internal.axes(m.model_id);
        END IF;
        IF axes.rows > 0 THEN
            sections := ARRAY[segment_internal.report_map(m, axes),
                              CASE segment_internal.vectors(m) WHEN '{}' THEN segment_internal.report_correlations(effects, axes) ELSE '' END];
        END IF;
    EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
                   OR wrong_object_type OR data_exception THEN
        unread := format('<p>There is no map, since the rows of the source could not be read: %s.</p>', segment_internal.html(SQLERRM));
        sections := ARRAY[segment_internal.section('map', 'Map', NULL, unread), ''];
    END;
    SELECT CASE n.kind WHEN 'spend' THEN 'spend on ' ELSE '' END || n.name AS name,
           coalesce(nullif(btrim($5), ''), n.unit,
                    -- what money looks like in this session
                    (SELECT nullif(btrim(regexp_replace(0::money::text, '[-0-9., ]', '', 'g')), '') FROM pg_attribute a
                      WHERE a.attrelid = m.source AND a.attname = $3 AND a.atttypid = 'money'::regtype)) AS unit,
           n.adds
      INTO named
      FROM segment_internal.column_naming(m.source, $3) n;
    IF NOT named.adds THEN
        -- a score that customers have is no sum of which segments have shares
        worth := ARRAY(SELECT ROW(v.segment, v.label, v.rows, v.share, NULL, v.value_avg, NULL)::segment_internal.worth FROM unnest(worth) v);
    END IF;
    SELECT array_agg(i.insight ORDER BY i.n) FILTER (WHERE i.topic NOT IN ('separation', 'number')) AS leading,
           min(i.insight) FILTER (WHERE i.topic IN ('separation', 'continuum')) AS separation
      INTO insights
      FROM segment_internal.model_insights(m, effects) WITH ORDINALITY i (topic, insight, n);
    sections := array_remove(ARRAY[
        segment_internal.report_findings(m, insights.leading, named.name, worth, named.unit, reached),
        segment_internal.report_segments(m, effects, named.name, worth),
        segment_internal.report_tree(m),
        segment_internal.report_changes(m),
        segment_internal.report_outcomes(m, reached),
        segment_internal.report_profile(m, effects, reached),
        sections[1],
        segment_internal.report_choice(m, insights.separation),
        segment_internal.report_boxes(m, effects),
        sections[2],
        segment_internal.report_method(m)], NULL);

    RETURN format(
        E'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>%1$s</title>\n<style>%2$s</style>\n</head>\n<body>\n'
        '<a class="skip" href="#findings">Skip to the findings</a>\n<header>\n<p class="eyebrow">Customer segmentation</p>\n<h1 dir="auto">%1$s</h1>\n<p class="meta">%3$s</p>\n</header>\n'
        '<nav aria-label="Contents">\n<ul>\n%4$s</ul>\n</nav>\n<main>\n%5$s</main>\n<footer>\n<p>%6$s</p>\n</footer>\n</body>\n</html>\n',
        heading, segment_internal.report_style(),
        segment_internal.html(format('%s of %s customers by %s. Model %s, run %s of %s.', segment_internal.counted(run.k, 'segment'),
            segment_internal.count(run.rows_used), segment_internal.counted(cardinality(m.columns), 'feature'), m.name, run.run,
            to_char(run.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))),
        (SELECT string_agg(format(E'<li><a href="#%s">%s</a></li>\n', h[1], h[2]), '' ORDER BY s.n)
           FROM unnest(sections) WITH ORDINALITY s (html, n)
          CROSS JOIN LATERAL regexp_matches(s.html, '^<section id="([a-z]+?)".*?<h2 [^>]*?>([^<]*?)</h2>') h),
        array_to_string(sections, ''),
        'Made by segment inside PostgreSQL. Where it names single customers, share it accordingly. '
        '<span class="paper">On a screen there is more of it: what is folded is not printed.</span>');
END
$$;

COMMENT ON FUNCTION segment_internal.report IS 'Internal: segment_report of a model.';

CREATE FUNCTION @extschema@.segment_report(
    model text, title text DEFAULT NULL, value text DEFAULT NULL, outcome text[] DEFAULT NULL, currency text DEFAULT NULL
) RETURNS text
LANGUAGE sql STABLE
RETURN segment_internal.report(segment_internal.model_id($1), $2, $3, $4, $5);

COMMENT ON FUNCTION @extschema@.segment_report IS
'A report on a model for people: one HTML page, complete in itself, without scripts and without a network. title: its heading; value: a numeric column of what customers are worth, with its currency; outcome: columns of two values, whose rates are told by segment. Where the caller may not read the source, what needs its rows is left out.';
-- Where calls of users come in. Of the functions in PL/pgSQL those that a user calls, or whose name an SQL function of his calls,
-- become C code that calls them under the name f_job (src/call/job.c): it lets errors through without the places in our
-- functions where they were raised, which say nothing to a user. They keep their OIDs, by which SQL functions call them.
-- Those that only compute, which are IMMUTABLE, raise none.
DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN
        WITH RECURSIVE reached AS (
            SELECT p.oid
              FROM pg_proc p
              JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
              JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND e.extname = 'segment'
             WHERE p.pronamespace <> 'segment_internal'::regnamespace AND p.prokind <> 'p'     -- only PL/pgSQL can commit
             UNION
            SELECT f.oid
              FROM reached r
              JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
              JOIN pg_proc f ON f.oid = d.refobjid AND f.pronamespace = 'segment_internal'::regnamespace
        )
        SELECT p.oid, p.oid::regprocedure::text AS signature, n.nspname AS schema, p.proname AS name, p.proisstrict AS is_strict, p.provolatile AS volatility,
               p.proparallel AS parallel, obj_description(p.oid, 'pg_proc') AS comment
          FROM reached r
          JOIN pg_proc p ON p.oid = r.oid
          JOIN pg_namespace n ON n.oid = p.pronamespace
          JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
         WHERE NOT (p.provolatile = 'i' AND p.prorettype <> 'void'::regtype)
    LOOP
        EXECUTE replace(pg_get_functiondef(entry.oid), format('FUNCTION %I.%I(', entry.schema, entry.name),
                        format('FUNCTION segment_internal.%I(', entry.name || '_job'));
        EXECUTE format('COMMENT ON FUNCTION segment_internal.%I(%s) IS %L', entry.name || '_job',
                       pg_get_function_identity_arguments(entry.oid), format('Internal: what %s does.', entry.signature));
        EXECUTE format('CREATE OR REPLACE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE c %s %s %s AS %L, %L',
                       entry.schema, entry.name, pg_get_function_arguments(entry.oid), pg_get_function_result(entry.oid),
                       CASE entry.volatility WHEN 'v' THEN 'VOLATILE' WHEN 's' THEN 'STABLE' ELSE 'IMMUTABLE' END,
                       CASE entry.parallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED' ELSE 'PARALLEL UNSAFE' END,
                       CASE WHEN entry.is_strict THEN 'STRICT' END, 'MODULE_PATHNAME', 'segment_internal_job');
    END LOOP;
END
$$;
-- What nobody has to call. Jobs run with the rights of their callers, who therefore need what jobs call; but not what
-- runs as the keeper of the catalog, nor what the aggregate of scans is made of, which runs by the right to the aggregate.
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN SELECT p.oid FROM pg_proc p
                     WHERE p.pronamespace = 'segment_internal'::regnamespace
                       AND (p.proname ~ '_as_keeper$' OR p.proname IN ('role_of', 'may_select', 'delete_models')
                            OR p.proname ~ '^scan_')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', function);
    END LOOP;
END
$$;
