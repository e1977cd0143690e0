-- How the engine reads a source: see src/rows/scan.c.

CREATE FUNCTION segment_internal.scan_accum(state internal, place bigint, secret bigint, VARIADIC columns "any") RETURNS internal
LANGUAGE c VOLATILE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'segment_scan_accum';

COMMENT ON FUNCTION segment_internal.scan_accum IS 'Internal: transition function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_combine(state internal, other internal) RETURNS internal
LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_combine';

COMMENT ON FUNCTION segment_internal.scan_combine IS 'Internal: combine function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_serialize(state internal) RETURNS bytea
LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_serialize';

COMMENT ON FUNCTION segment_internal.scan_serialize IS 'Internal: serialization function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_deserialize(serialized bytea, state internal) RETURNS internal
LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_deserialize';

COMMENT ON FUNCTION segment_internal.scan_deserialize IS 'Internal: deserialization function of segment_internal.scan.';

CREATE FUNCTION segment_internal.scan_final(state internal) RETURNS bigint
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
