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

-- Row types that the functions return. They come first: tables, C functions and jobs are declared with them.

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
    elapsed           interval
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

CREATE TYPE @extschema@.segment_score AS (
    segment         integer,
    label           text,
    distance        real,
    second_segment  integer,
    second_distance real,
    margin          real
);

COMMENT ON TYPE @extschema@.segment_score IS 'A row scored against a model.';
COMMENT ON COLUMN @extschema@.segment_score.segment IS 'Nearest segment.';
COMMENT ON COLUMN @extschema@.segment_score.label IS 'Its label.';
COMMENT ON COLUMN @extschema@.segment_score.distance IS 'Distance to its centroid, scaled space.';
COMMENT ON COLUMN @extschema@.segment_score.second_segment IS 'Second nearest segment; NULL for one segment.';
COMMENT ON COLUMN @extschema@.segment_score.second_distance IS 'Distance to the centroid of the second nearest segment.';
COMMENT ON COLUMN @extschema@.segment_score.margin IS 'Simplified silhouette of the row: 0 on the border, 1 at the centroid.';

CREATE TYPE @extschema@.segment_assignment AS (
    segment         integer,
    distance        real,
    second_segment  integer,
    second_distance real,
    margin          real
);

COMMENT ON TYPE @extschema@.segment_assignment IS 'A row scored against a compiled model, which knows no labels.';
COMMENT ON COLUMN @extschema@.segment_assignment.segment IS 'Nearest segment; NULL for a row that the preparation skips.';
COMMENT ON COLUMN @extschema@.segment_assignment.distance IS 'Distance to its centroid, scaled space.';
COMMENT ON COLUMN @extschema@.segment_assignment.second_segment IS 'Second nearest segment; NULL for one segment.';
COMMENT ON COLUMN @extschema@.segment_assignment.second_distance IS 'Distance to the centroid of the second nearest segment.';
COMMENT ON COLUMN @extschema@.segment_assignment.margin IS 'Simplified silhouette of the row: 0 on the border, 1 at the centroid.';

CREATE TYPE segment_internal.preparation AS (
    -- one entry a column of the source that is read
    columns    text[],
    kinds      text[],      -- number, array or category
    widths     integer[],   -- elements of an array, values of a category that are kept, else 1
    categories text[],      -- those values, column after column
    -- one entry a feature
    features   text[],
    column_no  integer[],
    part       integer[],   -- element of an array; value of a category, behind these: all others, missing
    encoding   text[],      -- number, boolean, days, interval, element, category, other or missing
    missing    text[],
    outliers   text[],
    fence      text[],
    fence_low  float8[],
    fence_high float8[],
    transform  text[],
    scaling    text[],
    weight     float8[]     -- 0: no feature, only its rules hold; such come last
);

COMMENT ON TYPE segment_internal.preparation IS 'Internal: the columns of a fit, and how each feature is made of them and prepared.';

CREATE TYPE segment_internal.encoding AS (
    kind      text,
    category  text[],
    feature   text[],
    part      integer[],
    encoding  text[]
);

COMMENT ON TYPE segment_internal.encoding IS 'Internal: the features that a column becomes, as in segment_internal.preparation; category: its values.';

CREATE TYPE segment_internal.outputs AS (
    schema     text,
    assignment text,
    profile    text,
    members    text
);

COMMENT ON TYPE segment_internal.outputs IS 'Internal: the names of the relations of a model that are still to be made.';

CREATE TYPE segment_internal.effect AS (
    segment         integer,
    rank            integer,   -- within the segment, the largest difference first
    feature_no      integer,
    feature         text,
    source_column   text,
    kind            text,      -- share (0 or 1), date, days, spend, count or number
    name            text,      -- for people
    family          text,      -- features that tell much the same
    category        boolean,   -- a value of a column that has others
    mean            float8,    -- original units
    population_mean float8,
    lowest          float8,    -- of all rows
    index           float8,    -- mean as a percentage of that of all rows
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

CREATE TYPE segment_internal.label AS (
    segment integer,
    terms   text[],
    label   text,
    fixed   boolean     -- as it was in the run before, or given by a person
);

COMMENT ON TYPE segment_internal.label IS 'Internal: a label in the making.';
