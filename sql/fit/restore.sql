-- Views that people have made over a model's relations, and those relations themselves, as far as they are views: how
-- they are dropped and made again.

CREATE FUNCTION segment_internal.grants(relation regclass) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('column', g.attname, 'privilege', a.privilege_type,
                                        'grantee', CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END,
                                        'grantable', a.is_grantable))
      FROM (SELECT NULL::name AS attname, c.relacl AS acl, c.relowner FROM pg_class c WHERE c.oid = $1
             UNION ALL
            SELECT t.attname, t.attacl, c.relowner
              FROM pg_class c
              JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped
             WHERE c.oid = $1) g
     CROSS JOIN LATERAL aclexplode(g.acl) a
     WHERE a.grantee <> g.relowner;
$$;

COMMENT ON FUNCTION segment_internal.grants IS
'Internal: the privileges that others hold on a relation and its columns; NULL: none.';

CREATE FUNCTION segment_internal.restore_grants(relation regclass, owner name, grants jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g record;
BEGIN
    IF owner <> current_user THEN
        EXECUTE format('ALTER TABLE %s OWNER TO %I', relation, owner);
    END IF;
    FOR g IN SELECT x.*
               FROM jsonb_to_recordset(grants) AS x ("column" text, privilege text, grantee text, grantable boolean)
              WHERE x."column" IS NULL
                 OR EXISTS (SELECT FROM segment_internal.columns(relation) c
                             WHERE c.column_name = x."column")
    LOOP
        EXECUTE format('GRANT %s%s ON %s TO %s%s', g.privilege,
                       CASE WHEN g."column" IS NOT NULL THEN format(' (%I)', g."column") END, relation,
                       CASE WHEN g.grantee IS NULL THEN 'PUBLIC' ELSE quote_ident(g.grantee) END,
                       CASE WHEN g.grantable THEN ' WITH GRANT OPTION' END);
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.restore_grants IS
'Internal: gives a new relation the owner and the grants of the one whose place it takes.';

CREATE FUNCTION segment_internal.drop_relations(relations regclass[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation   record;
    what       text;
    dependents text;
BEGIN
    FOR relation IN SELECT c.oid::regclass AS name, CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind
                      FROM unnest(relations) WITH ORDINALITY u (oid, n)
                      JOIN pg_class c ON c.oid = u.oid
                     ORDER BY u.n
    LOOP
        EXECUTE format('DROP %s %s', relation.kind, relation.name);
    END LOOP;
EXCEPTION WHEN dependent_objects_still_exist THEN
    GET STACKED DIAGNOSTICS what = MESSAGE_TEXT, dependents = PG_EXCEPTION_DETAIL;
    RAISE dependent_objects_still_exist USING
        MESSAGE = what,
        DETAIL = dependents,
        HINT = 'Drop those first. To fit a model again and keep its relations, use segment_refresh().';
END
$$;

COMMENT ON FUNCTION segment_internal.drop_relations IS 'Internal: drops relations of a model, those first that read others.';

CREATE FUNCTION segment_internal.save_relation(relation regclass) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
               'schema', n.nspname, 'name', c.relname, 'owner', pg_get_userbyid(c.relowner),
               'query', CASE c.relkind WHEN 'v' THEN rtrim(pg_get_viewdef(c.oid), ';') END, 'options', array_to_string(c.reloptions, ', '),
               'grants', coalesce(segment_internal.grants(c.oid), '[]'), 'comment', obj_description(c.oid, 'pg_class'),
               'comments', (SELECT jsonb_object_agg(a.column_name, col_description(c.oid, a.column_no))
                              FROM segment_internal.columns(c.oid) a WHERE col_description(c.oid, a.column_no) IS NOT NULL))
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = $1;
$$;

COMMENT ON FUNCTION segment_internal.save_relation IS 'Internal: all that it takes to make a view again, and the comments, the owner and the grants of a relation.';

CREATE FUNCTION segment_internal.dependent_views(relations regclass[]) RETURNS regclass[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE dependent AS (
        SELECT u.oid, 0 AS depth FROM unnest($1) u (oid)
         UNION
        SELECT r.ev_class::regclass, d.depth + 1
          FROM dependent d
          JOIN pg_depend p ON p.refclassid = 'pg_class'::regclass AND p.refobjid = d.oid AND p.classid = 'pg_rewrite'::regclass
          JOIN pg_rewrite r ON r.oid = p.objid AND r.ev_class <> d.oid
         WHERE d.depth < 100
    )
    SELECT ARRAY(SELECT d.oid
                   FROM dependent d
                   JOIN pg_class c ON c.oid = d.oid AND c.relkind = 'v'
                  WHERE d.oid <> ALL ($1)
                  GROUP BY d.oid ORDER BY max(d.depth), d.oid);
$$;

COMMENT ON FUNCTION segment_internal.dependent_views IS
'Internal: the views over relations that are none of these, each behind what it reads.';

CREATE FUNCTION segment_internal.restore_view(owner oid, saved jsonb) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_role';

COMMENT ON FUNCTION segment_internal.restore_view IS
'Internal: makes a view again that was saved by save_view, as its owner: reading its query already runs the code that checks constants.';

CREATE FUNCTION segment_internal.restore_view_as_role(owner oid, saved jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE VIEW %I.%I %s AS %s', saved ->> 'schema', saved ->> 'name',
                   'WITH (' || nullif(saved ->> 'options', '') || ')', saved ->> 'query');
    PERFORM segment_internal.restore_look(format('%I.%I', saved ->> 'schema', saved ->> 'name')::regclass, saved);
EXCEPTION WHEN undefined_column OR datatype_mismatch OR undefined_function OR invalid_column_reference OR insufficient_privilege THEN
    RAISE dependent_objects_still_exist USING
        MESSAGE = format('view %I.%I does not fit the new model', saved ->> 'schema', saved ->> 'name'),
        DETAIL = upper(left(SQLERRM, 1)) || substr(SQLERRM, 2) || '.',
        HINT = 'Drop it first, or fit with the features that it shows.';
END
$$;

COMMENT ON FUNCTION segment_internal.restore_view_as_role IS 'Internal: what restore_view does.';

CREATE FUNCTION segment_internal.restore_look(relation regclass, saved jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry record;
BEGIN
    IF saved -> 'comment' <> 'null' THEN
        EXECUTE format('COMMENT ON %s %s IS %L', (SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END FROM pg_class c WHERE c.oid = relation),
                       relation, saved ->> 'comment');
    END IF;
    FOR entry IN SELECT c.column_name, s.value
                   FROM jsonb_each_text(coalesce(nullif(saved -> 'comments', 'null'), '{}')) s
                   JOIN segment_internal.columns(relation) c ON c.column_name = s.key
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', relation, entry.column_name, entry.value);
    END LOOP;
    PERFORM segment_internal.restore_grants(relation, (saved ->> 'owner')::name, saved -> 'grants');
END
$$;

COMMENT ON FUNCTION segment_internal.restore_look IS 'Internal: gives a relation the comments, the owner and the grants of a saved one.';
