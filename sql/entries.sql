-- Where calls of users come in. Of the functions in PL/pgSQL those that a user calls, or whose name an SQL function of his calls,
-- become C code that calls them under the name f_job (src/call/job.c): it lets errors through without the places in our
-- functions where they were raised, which say nothing to a user. They keep their OIDs, by which SQL functions call them.
-- Those that only compute, which are IMMUTABLE, raise none.
DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN
        WITH RECURSIVE reached AS (
            SELECT p.oid
              FROM pg_proc p
              JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
              JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND e.extname = 'segment'
             WHERE p.pronamespace <> 'segment_internal'::regnamespace AND p.prokind <> 'p'     -- only PL/pgSQL can commit
             UNION
            SELECT f.oid
              FROM reached r
              JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
              JOIN pg_proc f ON f.oid = d.refobjid AND f.pronamespace = 'segment_internal'::regnamespace
        )
        SELECT p.oid, p.oid::regprocedure::text AS signature, n.nspname AS schema, p.proname AS name, p.proisstrict AS is_strict, p.provolatile AS volatility,
               p.proparallel AS parallel, obj_description(p.oid, 'pg_proc') AS comment
          FROM reached r
          JOIN pg_proc p ON p.oid = r.oid
          JOIN pg_namespace n ON n.oid = p.pronamespace
          JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
         WHERE NOT (p.provolatile = 'i' AND p.prorettype <> 'void'::regtype)
    LOOP
        EXECUTE replace(pg_get_functiondef(entry.oid), format('FUNCTION %I.%I(', entry.schema, entry.name),
                        format('FUNCTION segment_internal.%I(', entry.name || '_job'));
        EXECUTE format('COMMENT ON FUNCTION segment_internal.%I(%s) IS %L', entry.name || '_job',
                       pg_get_function_identity_arguments(entry.oid), format('Internal: what %s does.', entry.signature));
        EXECUTE format('CREATE OR REPLACE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE c %s %s %s AS %L, %L',
                       entry.schema, entry.name, pg_get_function_arguments(entry.oid), pg_get_function_result(entry.oid),
                       CASE entry.volatility WHEN 'v' THEN 'VOLATILE' WHEN 's' THEN 'STABLE' ELSE 'IMMUTABLE' END,
                       CASE entry.parallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED' ELSE 'PARALLEL UNSAFE' END,
                       CASE WHEN entry.is_strict THEN 'STRICT' END, 'MODULE_PATHNAME', 'segment_internal_job');
    END LOOP;
END
$$;
