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
