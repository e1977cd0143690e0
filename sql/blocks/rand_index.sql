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
