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
