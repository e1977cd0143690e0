-- Which models pg_dump takes, and who sees which.
--
-- pg_dump takes the models that can be restored, here and in the loop below. It writes OIDs as names: one that is not there
-- when the rows come would keep out the models of all.

CREATE FUNCTION segment_internal.dumped(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- A view that needs a primary key is made in two steps; a materialized view or a function that does comes after the rows,
    -- as does what needs it.
    WITH RECURSIVE relation AS (
        SELECT c.* FROM pg_class c WHERE c.oid IN (m.source, m.profile, m.assignment, m.members, m.changes, m.live)
    ), needed AS (
        SELECT 'pg_class'::regclass::oid AS class, c.oid AS object, c.relkind = 'm' AS waits FROM relation c
         UNION
        SELECT d.refclassid, d.refobjid, n.waits OR d.refclassid = 'pg_proc'::regclass OR c.relkind IS NOT DISTINCT FROM 'm'
          FROM needed n
         CROSS JOIN LATERAL (SELECT 'pg_rewrite'::regclass::oid AS class, r.oid AS object FROM pg_rewrite r
                              WHERE r.ev_class = n.object AND n.class = 'pg_class'::regclass
                              UNION ALL SELECT n.class, n.object WHERE n.class = 'pg_proc'::regclass) o
          JOIN pg_depend d ON d.classid = o.class AND d.objid = o.object
                          AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass)
          LEFT JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
         WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e')
    )
    SELECT EXISTS (SELECT FROM relation c WHERE c.oid = m.profile)
       AND NOT EXISTS (SELECT FROM relation c WHERE c.relpersistence = 't' OR c.relkind NOT IN ('r', 'p', 'v', 'm', 'f'))
       AND NOT EXISTS (SELECT FROM needed n WHERE n.class = 'pg_constraint'::regclass AND n.waits);
$$;

COMMENT ON FUNCTION segment_internal.dumped IS
'Internal: whether pg_dump takes a model: all its relations are made before the rows of the catalog are restored.';

SELECT pg_extension_config_dump('segment_internal.catalog_model', 'WHERE segment_internal.dumped(catalog_model)');

-- Row security. The helpers have SQL-standard bodies: their names are bound here, not through the caller's search_path.
CREATE FUNCTION segment_internal.owns(profile regclass) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM pg_class c WHERE c.oid = $1 AND pg_has_role(c.relowner, 'USAGE'));
END;

COMMENT ON FUNCTION segment_internal.owns IS
'Internal: whether the current user owns the model with this profile view; false when the view is gone.';

CREATE FUNCTION segment_internal.reads(profile regclass, members regclass, assignment regclass, live regclass) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(has_table_privilege($1, 'SELECT'), false)
        OR has_table_privilege($1, 'SELECT') IS NOT NULL
           AND (coalesce(has_table_privilege($2, 'SELECT'), false)
                OR coalesce(has_table_privilege($3, 'SELECT'), false)
                OR coalesce(has_table_privilege($4, 'SELECT'), false));
END;

COMMENT ON FUNCTION segment_internal.reads IS
'Internal: whether the current user may select from a relation of a model; false when the profile view is gone.';

-- Subqueries of a policy are under row security themselves, so "visible" follows from the model.
DO $$
DECLARE
    child regclass;
BEGIN
    FOREACH child IN ARRAY '{segment_internal.catalog_run, segment_internal.catalog_feature, segment_internal.catalog_centroid,
                             segment_internal.catalog_profile, segment_internal.catalog_candidate, segment_internal.catalog_node,
                             segment_internal.catalog_group, segment_internal.catalog_label, segment_internal.catalog_transition,
                             segment_internal.catalog_status}'::regclass[]
    LOOP
        PERFORM pg_extension_config_dump(child,
            'WHERE model_id IN (SELECT m.model_id FROM segment_internal.catalog_model m WHERE segment_internal.dumped(m))');
        EXECUTE format('CREATE POLICY catalog_read ON %s FOR SELECT USING (EXISTS ('
                       'SELECT FROM segment_internal.catalog_model m WHERE m.model_id = %1$s.model_id))', child);
    END LOOP;
    FOREACH child IN ARRAY '{segment_internal.catalog_model, segment_internal.catalog_run, segment_internal.catalog_feature,
                             segment_internal.catalog_centroid, segment_internal.catalog_profile,
                             segment_internal.catalog_candidate, segment_internal.catalog_node, segment_internal.catalog_group,
                             segment_internal.catalog_label, segment_internal.catalog_transition, segment_internal.catalog_status}'::regclass[]
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO PUBLIC', child);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', child);
        -- few rows: by its threshold of 50 autovacuum would not look at them before there are many models
        EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 0)', child);
    END LOOP;
END
$$;

CREATE POLICY catalog_read ON segment_internal.catalog_model FOR SELECT
    USING (segment_internal.owns(profile) OR segment_internal.reads(profile, members, assignment, live));

-- Errors may tell of the rows of a source: only owners see them.
ALTER POLICY catalog_read ON segment_internal.catalog_status
    USING (EXISTS (SELECT FROM segment_internal.catalog_model m WHERE m.model_id = catalog_status.model_id AND segment_internal.owns(m.profile)));
