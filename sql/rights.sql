-- What nobody has to call. Jobs run with the rights of their callers, who therefore need what jobs call; but not what
-- runs as the keeper of the catalog, nor what the aggregate of scans is made of, which runs by the right to the aggregate.
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
