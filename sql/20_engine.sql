-- The engine: C functions that know queries and figures, but no relation names, options' defaults or catalog tables.
-- The jobs in 50_fit.sql and 70_look.sql call them; they are not meant to be called by hand.

CREATE FUNCTION segment_internal.fit(
    source         text,       -- names the source in messages
    query          text,       -- SELECT of the key columns, then those of the preparation, then the rows' weights if there are any
    key_columns    integer,    -- how many of the query's first columns are keys
    target         regclass,   -- table to fill: keys, segment, distance, second_segment, margin; NULL: none
    preparation    segment_internal.preparation,
    keep_constant  boolean,    -- a feature without spread stays, with no effect on distances (refresh)
    distance       text,
    init           text,
    centroids      float8[],   -- k x features, original units, NULL: seed
    n_init         integer,
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
    OUT k                  integer,
    OUT rows_read          bigint,
    OUT rows_used          bigint,
    OUT iterations         integer,
    OUT converged          boolean,
    OUT inertia            float8,
    OUT explained          float8,
    OUT silhouette         float8,   -- simplified; NULL when k = 1
    OUT davies_bouldin     float8,   -- NULL when k = 1
    OUT calinski_harabasz  float8,   -- NULL when k = 1 or rows = k
    OUT compiled           bytea,    -- recipe and centroids in one value, for scoring
    OUT columns            text[],   -- that scoring reads, in the order of the compiled model
    OUT feature_no         integer[], -- the features kept, as positions in the input arrays; one entry a kept feature here:
    OUT imputed            bigint[],
    OUT clipped            bigint[],
    OUT fill               float8[], -- NULL entries where nothing is imputed
    OUT lower              float8[], -- fences, NULL entries where none
    OUT upper              float8[],
    OUT lambda             float8[], -- of the Yeo-Johnson transform, NULL entries without it
    OUT center             float8[], -- of the transformed values
    OUT scale              float8[],
    OUT population_mean    float8[], -- over the non-missing values of the rows used, original units
    OUT population_median  float8[],
    OUT population_stddev  float8[],
    OUT population_min     float8[],
    OUT population_max     float8[],
    OUT segment            integer[], -- one entry a segment here:
    OUT matched            integer[], -- which segment of previous it is, 0: none; empty without previous
    OUT segment_rows       bigint[],
    OUT border_rows        bigint[],  -- with a margin below 0.1
    OUT distance_avg       float8[],
    OUT margin_avg         float8[],  -- simplified silhouette; NULL entries when k = 1
    OUT centroid_scaled    float8[],  -- these are segments x kept features
    OUT centroid_value     float8[],
    OUT segment_mean       float8[],
    OUT segment_p25        float8[],
    OUT segment_median     float8[],
    OUT segment_p75        float8[],
    OUT segment_stddev     float8[],
    OUT segment_min        float8[],
    OUT segment_max        float8[],
    OUT candidate_k                  integer[], -- one entry a k tried here:
    OUT candidate_inertia            float8[],
    OUT candidate_explained          float8[],
    OUT candidate_silhouette         float8[],
    OUT candidate_davies_bouldin     float8[],
    OUT candidate_calinski_harabasz  float8[],
    OUT candidate_smallest_share     float8[],
    OUT repeated                     integer[], -- one entry a feature that nearly repeats another here:
    OUT repeats                      integer[],
    OUT repeats_r                    float8[]   -- their correlation
) RETURNS record
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'segment_internal_fit';

COMMENT ON FUNCTION segment_internal.fit IS
'Internal: one read of a query, preparation, k-means for each k in k_min..k_max, the best k by simplified silhouette, figures, and the assignment rows written to target.';

-- How the engine reads a source: see src/rows/scan.c.

CREATE FUNCTION segment_internal.scan_accum(state internal, place bigint, secret bigint, VARIADIC columns "any")
RETURNS internal
LANGUAGE c VOLATILE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'segment_scan_accum';

COMMENT ON FUNCTION segment_internal.scan_accum IS 'Internal: transition function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_combine(state internal, other internal)
RETURNS internal
LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_combine';

COMMENT ON FUNCTION segment_internal.scan_combine IS 'Internal: combine function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_serialize(state internal)
RETURNS bytea
LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_serialize';

COMMENT ON FUNCTION segment_internal.scan_serialize IS 'Internal: serialization function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_deserialize(serialized bytea, state internal)
RETURNS internal
LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_deserialize';

COMMENT ON FUNCTION segment_internal.scan_deserialize IS 'Internal: deserialization function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_final(state internal)
RETURNS bigint
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

CREATE FUNCTION segment_internal.assign(compiled bytea, VARIADIC columns "any")
RETURNS @extschema@.segment_assignment
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_assign';

COMMENT ON FUNCTION segment_internal.assign IS
'Internal: scores one row, its columns given in the order of the compiled model; NULL for a row that the recipe skips, and for one that a fit would refuse.';

CREATE FUNCTION segment_internal.phase(phase text)
RETURNS void
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

-- Exploration. Values of columns that are no numbers come as tokens, of which only the number is asked for.

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
    compiled bytea,
    OUT rows_read   bigint,
    OUT rows        bigint,      -- not skipped; all figures are over these
    OUT mean        float8[],    -- one entry a feature, scaled space
    OUT stddev      float8[],
    OUT correlation float8[],    -- features x features, NULL entries where one of them does not vary
    OUT loading     float8[],    -- components x features, 0 where nothing varies
    OUT explained   float8[]     -- one entry a component, NULL where nothing varies
) RETURNS record
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_components';

COMMENT ON FUNCTION segment_internal.components IS
'Internal: the correlations of the prepared features of a model, and its first two principal components, or its one, from one read of a query.';

CREATE FUNCTION segment_internal.number(value "any")
RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_number';

COMMENT ON FUNCTION segment_internal.number(value "any") IS
'Internal: a value as the number that a fit reads: booleans are 0 and 1, dates are days since 1970-01-01, intervals are days.';

CREATE FUNCTION segment_internal.token(value text)
RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_token';

COMMENT ON FUNCTION segment_internal.token IS
'Internal: a finite number that stands for a text, a hash of it.';

CREATE FUNCTION segment_internal.index(mean float8, population_mean float8)
RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_index';

COMMENT ON FUNCTION segment_internal.index IS
'Internal: a mean as a percentage of the mean of all rows; NULL where that is 0 or the result is beyond a double; 0 below 1e-100.';

CREATE FUNCTION segment_internal.z(mean float8, population_mean float8, population_stddev float8)
RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_z';

COMMENT ON FUNCTION segment_internal.z IS
'Internal: how many standard deviations of all rows a mean is above the mean of all rows; NULL where they do not vary or the result is beyond a double; 0 below 1e-100.';

CREATE FUNCTION segment_internal.part(value float8, lower float8, upper float8)
RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_part';

COMMENT ON FUNCTION segment_internal.part IS
'Internal: where a value is between two others, 0 at the lower one, 1 at the upper one; NULL where these are the same.';

CREATE FUNCTION segment_internal.apart(one float8, other float8)
RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_apart';

COMMENT ON FUNCTION segment_internal.apart IS
'Internal: how far two values are apart; Infinity beyond a double.';

CREATE FUNCTION segment_internal.whisker(quartile float8, other float8, extreme float8)
RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_whisker';

COMMENT ON FUNCTION segment_internal.whisker IS
'Internal: where a box plot''s whisker ends: 1.5 interquartile ranges beyond a quartile, away from the other one, but no further than the extreme value; NULL where that is no finite number.';

CREATE FUNCTION segment_internal.closest(name text, candidates text[])
RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_closest';

COMMENT ON FUNCTION segment_internal.closest IS
'Internal: the candidate nearest to name by edit distance, for hints; NULL if none comes near.';
