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
