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
