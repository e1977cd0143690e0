-- Building blocks: nearest centroid, scaling, one Lloyd step and k-means, as
-- functions and aggregates over any query.

CREATE FUNCTION @extschema@.segment_nearest(features float8[], centroids float8[])
RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_nearest';

COMMENT ON FUNCTION @extschema@.segment_nearest(float8[], float8[]) IS
'The number, from 1, of the centroid that is nearest to a row of features, the lower one of equally near ones. features has d elements, centroids is a k x d array in the same units. NULL elements are error 22004, NaN and infinity 22023, arrays that do not fit each other 2202E.';


-- one Lloyd step

CREATE TYPE @extschema@.segment_step AS (
	rows    bigint[],
	sums    float8[],
	inertia float8
);

COMMENT ON TYPE @extschema@.segment_step IS
'One Lloyd step, as segment_kmeans_step computes it: for each of k centroids the rows nearest to it and their sums, and the inertia before the step. sums divided by rows are the next centroids.';
COMMENT ON COLUMN @extschema@.segment_step.rows IS
'How many rows are nearest to each centroid: k elements.';
COMMENT ON COLUMN @extschema@.segment_step.sums IS
'The sums of those rows, exact before they are rounded: a k x d array in the units of the features.';
COMMENT ON COLUMN @extschema@.segment_step.inertia IS
'The sum of squared distances of all rows to their nearest centroid, in squared units of the features; Infinity beyond the range of double precision.';

CREATE FUNCTION segment_internal.kmeans_step_accum(state bytea, features float8[], centroids float8[])
RETURNS bytea
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_kmeans_step_accum';

COMMENT ON FUNCTION segment_internal.kmeans_step_accum(bytea, float8[], float8[]) IS
'Transition function of the aggregate segment_kmeans_step.';

CREATE FUNCTION segment_internal.kmeans_step_combine(state bytea, other bytea)
RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_kmeans_step_combine';

COMMENT ON FUNCTION segment_internal.kmeans_step_combine(bytea, bytea) IS
'Combine function of the aggregate segment_kmeans_step.';

CREATE FUNCTION segment_internal.kmeans_step_final(state bytea)
RETURNS @extschema@.segment_step
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_kmeans_step_final';

COMMENT ON FUNCTION segment_internal.kmeans_step_final(bytea) IS
'Final function of the aggregate segment_kmeans_step.';

CREATE AGGREGATE @extschema@.segment_kmeans_step(features float8[], centroids float8[]) (
	SFUNC = segment_internal.kmeans_step_accum,
	STYPE = bytea,
	FINALFUNC = segment_internal.kmeans_step_final,
	COMBINEFUNC = segment_internal.kmeans_step_combine,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE @extschema@.segment_kmeans_step(float8[], float8[]) IS
'One Lloyd step over any query: counts and sums of the rows nearest to each centroid, and the inertia. features has d elements, centroids is a k x d array in the same units, the same for all rows. The result does not depend on the order of the rows. Rows with NULL for features are skipped; without rows the result is NULL. NULL elements are error 22004, NaN, infinity and varying centroids 22023, arrays that do not fit each other 2202E.';


-- what the aggregates that collect rows share

CREATE FUNCTION segment_internal.rows_combine(state internal, other internal)
RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_rows_combine';

COMMENT ON FUNCTION segment_internal.rows_combine(internal, internal) IS
'Combine function of the aggregates segment_scaler and segment_kmeans_agg.';

CREATE FUNCTION segment_internal.rows_serialize(state internal)
RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_rows_serialize';

COMMENT ON FUNCTION segment_internal.rows_serialize(internal) IS
'Serialization function of the aggregates segment_scaler and segment_kmeans_agg.';

CREATE FUNCTION segment_internal.rows_deserialize(serialized bytea, state internal)
RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_rows_deserialize';

COMMENT ON FUNCTION segment_internal.rows_deserialize(bytea, internal) IS
'Deserialization function of the aggregates segment_scaler and segment_kmeans_agg.';


-- scaling

CREATE FUNCTION segment_internal.scaler_accum(state internal, features float8[], method text)
RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_scaler_accum';

COMMENT ON FUNCTION segment_internal.scaler_accum(internal, float8[], text) IS
'Transition function of the aggregate segment_scaler.';

CREATE FUNCTION segment_internal.scaler_final(state internal)
RETURNS float8[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_scaler_final';

COMMENT ON FUNCTION segment_internal.scaler_final(internal) IS
'Final function of the aggregate segment_scaler.';

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

CREATE FUNCTION @extschema@.segment_scale(features float8[], scaler float8[])
RETURNS float8[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_scale';

COMMENT ON FUNCTION @extschema@.segment_scale(float8[], float8[]) IS
'Scales a row of d features, or each row of an n x d array: (x - centre) / scale, with a 2 x d scaler from segment_scaler. NULL elements stay NULL. Arrays that do not fit each other are error 2202E, a scale of zero 22023, a result beyond the range of double precision 22003.';

CREATE FUNCTION @extschema@.segment_unscale(features float8[], scaler float8[])
RETURNS float8[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_unscale';

COMMENT ON FUNCTION @extschema@.segment_unscale(float8[], float8[]) IS
'Undoes segment_scale for a row of d scaled features, or for each row of an n x d array such as centroids: x * scale + centre. NULL elements stay NULL. Errors are those of segment_scale.';


-- k-means

CREATE FUNCTION segment_internal.kmeans_agg_accum(state internal, features float8[], k integer)
RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_kmeans_agg_accum';

COMMENT ON FUNCTION segment_internal.kmeans_agg_accum(internal, float8[], integer) IS
'Transition function of the aggregate segment_kmeans_agg without a seed.';

CREATE FUNCTION segment_internal.kmeans_agg_accum(state internal, features float8[], k integer, seed bigint)
RETURNS internal
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_kmeans_agg_accum';

COMMENT ON FUNCTION segment_internal.kmeans_agg_accum(internal, float8[], integer, bigint) IS
'Transition function of the aggregate segment_kmeans_agg with a seed.';

CREATE FUNCTION segment_internal.kmeans_agg_final(state internal)
RETURNS float8[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'segment_kmeans_agg_final';

COMMENT ON FUNCTION segment_internal.kmeans_agg_final(internal) IS
'Final function of the aggregate segment_kmeans_agg.';

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
