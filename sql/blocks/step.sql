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
