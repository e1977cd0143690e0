-- How the engine runs a pass where the rows are, on the shards of a Citus table: see src/rows/shards.c.

CREATE TABLE segment_internal.shared_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    key      bytea NOT NULL CHECK (length(key) = 32)
);

COMMENT ON TABLE segment_internal.shared_key IS
'The secret key that the nodes of a Citus cluster share: with it the engine knows that a message comes from the engine on another node. Only a superuser may read it, and dumps leave it out.';
COMMENT ON COLUMN segment_internal.shared_key.only_one IS 'There is one row.';
COMMENT ON COLUMN segment_internal.shared_key.key IS 'The key of HMAC-SHA256, 32 random bytes.';

CREATE FUNCTION segment_internal.part_row(part bytea, VARIADIC columns "any") RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_part_row';

COMMENT ON FUNCTION segment_internal.part_row IS 'Internal: the columns of a row as segment_internal.shard_pass takes them.';

CREATE FUNCTION segment_internal.is_sampled(seed bigint, threshold bigint, VARIADIC key "any") RETURNS boolean
LANGUAGE c STABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'segment_is_sampled';

COMMENT ON FUNCTION segment_internal.is_sampled IS 'Internal: whether a row is in a random sample, by a hash of its key.';

CREATE FUNCTION segment_internal.part_accum(state bytea, part_row bytea) RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'segment_scan_part_accum';

COMMENT ON FUNCTION segment_internal.part_accum IS 'Internal: transition function of segment_internal.shard_pass.';

CREATE FUNCTION segment_internal.part_combine(state bytea, other bytea) RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_part_combine';

COMMENT ON FUNCTION segment_internal.part_combine IS 'Internal: combine function of segment_internal.shard_pass.';

CREATE FUNCTION segment_internal.part_final(state bytea) RETURNS bytea
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_scan_part_final';

COMMENT ON FUNCTION segment_internal.part_final IS 'Internal: final function of segment_internal.shard_pass.';

CREATE AGGREGATE segment_internal.shard_pass(part_row bytea) (
	SFUNC = segment_internal.part_accum,
	STYPE = bytea,
	SSPACE = 1000000,
	FINALFUNC = segment_internal.part_final,
	COMBINEFUNC = segment_internal.part_combine,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE segment_internal.shard_pass(bytea) IS
'Internal: a pass of the engine over the rows of a query, where these are; the leader takes what each part has found.';

CREATE FUNCTION segment_internal.share_key() RETURNS integer
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_job';

COMMENT ON FUNCTION segment_internal.share_key IS 'Internal: what segment_share_key() calls.';

CREATE FUNCTION segment_internal.share_key_job() RETURNS integer
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    statement text := format('INSERT INTO segment_internal.shared_key (key) VALUES (%L) ON CONFLICT (only_one) DO UPDATE SET key = EXCLUDED.key',
                             sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
    failed    text;
    nodes     integer := 0;
BEGIN
    IF NOT has_table_privilege('segment_internal.shared_key', 'INSERT') THEN
        RAISE insufficient_privilege USING
            MESSAGE = 'permission denied to share a key between nodes', HINT = 'Ask a superuser: SELECT segment_share_key().';
    END IF;
    EXECUTE statement;
    IF EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname = 'pg_dist_node') THEN
        EXECUTE 'SELECT count(*), min(format(''%s:%s: %s'', r.nodename, r.nodeport, r.result)) FILTER (WHERE NOT r.success) FROM run_command_on_workers($1) r'
           INTO nodes, failed USING statement;
        IF failed IS NOT NULL THEN
            RAISE object_not_in_prerequisite_state USING
                MESSAGE = 'a node did not take the key',
                DETAIL = failed,
                HINT = 'Install the extension in the same version there: CREATE EXTENSION segment.';
        END IF;
    END IF;
    RETURN nodes;
END
$$;

COMMENT ON FUNCTION segment_internal.share_key_job IS 'Internal: the job of segment_share_key.';

CREATE FUNCTION @extschema@.segment_share_key() RETURNS integer
LANGUAGE sql VOLATILE
RETURN segment_internal.share_key();

COMMENT ON FUNCTION @extschema@.segment_share_key IS
'Gives all nodes of a Citus cluster a new key in common, and returns how many there are beside this one. With it fits of tables larger than segment.work_mem run their passes on the shards; without it their rows come to the coordinator. Call it as a superuser, once, and again when a node has been added.';
