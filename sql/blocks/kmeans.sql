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
