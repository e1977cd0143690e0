\echo Use "ALTER EXTENSION segment UPDATE" to load this file. \quit
-- What 0.3.0 changes of 0.2.0's objects, in the order in which the install script has them. What is new or changed stands here
-- as it stands there, a function with CREATE OR REPLACE; its comment too. test/t/upgrade.t compares the two.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL standard_conforming_strings = on;

-- sql/use/models.sql
CREATE FUNCTION @extschema@.segment_version() RETURNS text
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_version';

COMMENT ON FUNCTION @extschema@.segment_version IS
'The version of the library that this session has loaded; that of the SQL objects is extversion in pg_extension, which ALTER EXTENSION segment UPDATE brings up to it.';

-- The rest is as in 0.3.0's sql/entries.sql and sql/rights.sql: functions that are new here become C code as those before.
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
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN SELECT p.oid FROM pg_proc p
                     WHERE p.pronamespace = 'segment_internal'::regnamespace
                       AND (p.proname ~ '_as_keeper$' OR p.proname IN ('role_of', 'may_select', 'delete_models')
                            OR p.proname ~ '^scan_')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', function);
    END LOOP;
END
$$;
