-- Who may do what with a model. The keeper asks, and so does src/call/job.c before it runs a job as a model's owner.

CREATE FUNCTION segment_internal.check_owner(caller oid, m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner oid := (SELECT c.relowner FROM pg_class c WHERE c.oid = m.profile AND c.relkind = 'v');
BEGIN
    IF owner IS NULL OR NOT pg_has_role(caller, owner, 'USAGE') THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('must be owner of model "%s"', m.name),
            HINT = format('The model belongs to the owner of %s.', m.profile);
    ELSIF EXISTS (SELECT FROM pg_class c WHERE c.oid IN (m.assignment, m.members, m.changes) AND c.relowner <> owner) THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('the relations of model "%s" have different owners', m.name),
            HINT = format('Give %s to the owner of %s.', concat_ws(' and ', m.assignment, m.members, segment_internal.changes_of(m)), m.profile);
    ELSIF EXISTS (SELECT FROM pg_class c WHERE c.oid = m.members AND c.relkind <> 'v')
          OR EXISTS (SELECT FROM pg_class c WHERE c.oid = m.changes AND c.relkind <> 'r')
          OR EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment AND c.relkind <> CASE m.assignment_kind WHEN 'view' THEN 'v' ELSE 'r' END) THEN
        RAISE wrong_object_type USING
            MESSAGE = format('a relation of model "%s" is not of its kind', m.name),
            HINT = 'A profile and members are views, an assignment is a table or a view, changes are a table.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_owner IS
'Internal: raises unless a role owns the model, and one role owns all its relations.';

CREATE FUNCTION segment_internal.role_of(caller oid, model_id bigint, wanted text) RETURNS oid
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m       segment_internal.catalog_model;
    owner   oid;
    members boolean;
    denied  record;
BEGIN
    SELECT c.* INTO m FROM segment_internal.catalog_model c WHERE c.model_id = $2;
    owner := (SELECT c.relowner FROM pg_class c WHERE c.oid = m.profile);
    members := coalesce(has_table_privilege(caller, m.members, 'SELECT'), false);
    IF owner IS NULL OR NOT (pg_has_role(caller, owner, 'USAGE') OR members OR has_table_privilege(caller, m.profile, 'SELECT')
                             OR coalesce(has_table_privilege(caller, m.assignment, 'SELECT'), false)
                             OR coalesce(has_table_privilege(caller, m.live, 'SELECT'), false)) THEN
        RAISE undefined_object USING
            MESSAGE = 'the model does not exist any more',
            HINT = 'SELECT model FROM segment_models lists the models.';
    END IF;
    IF wanted = 'owner' THEN
        PERFORM segment_internal.check_owner(caller, m);
    ELSIF pg_has_role(caller, owner, 'USAGE') OR (members AND NOT segment_internal.has_row_security(m.source))
          OR wanted = 'reader' OR (wanted = 'rows' AND segment_internal.may_select(caller, m)) THEN
        PERFORM segment_internal.check_owner(owner, m);
    ELSE
        SELECT c.relname, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind INTO denied
          FROM pg_class c WHERE c.oid = CASE wanted WHEN 'members' THEN m.members ELSE m.source END;
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied for %s %s', denied.kind, denied.relname),
            HINT = CASE WHEN members THEN 'The source has row security, which may show its owner other rows than you: look at the members view.'
                        ELSE 'The rows of a model are for those who may SELECT from its members view.' END;
    END IF;
    RETURN owner;
END
$$;

COMMENT ON FUNCTION segment_internal.role_of IS
'Internal: the owner of a model, as whom its jobs run. The caller must be a member of it, have SELECT on its members (members), or on what it reads of its source (rows), or read the model (reader).';

CREATE FUNCTION segment_internal.has_row_security(source regclass) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE relation (oid) AS (
        SELECT $1::oid
         UNION
        SELECT d.refobjid
          FROM relation r
          JOIN pg_rewrite w ON w.ev_class = r.oid
          JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
    )
    SELECT EXISTS (SELECT FROM relation r JOIN pg_class c ON c.oid = r.oid AND c.relrowsecurity);
$$;

COMMENT ON FUNCTION segment_internal.has_row_security IS
'Internal: whether a relation, or one that it reads as a view, has row security, by which it shows one role other rows than another.';

CREATE FUNCTION segment_internal.may_select(caller oid, m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- of a table; a view may show other rows to its owner
    SELECT EXISTS (SELECT FROM pg_class c WHERE c.oid = $2.source AND c.relkind IN ('r', 'p', 'm') AND NOT c.relrowsecurity)
       AND coalesce((SELECT bool_and(has_column_privilege($1, a.attrelid, a.attnum, 'SELECT'))
                       FROM pg_attribute a
                      WHERE a.attrelid = $2.source AND NOT a.attisdropped
                        AND a.attname = ANY ($2.key || segment_internal.model_columns($2) || segment_internal.group_by($2))), false);
$$;

COMMENT ON FUNCTION segment_internal.may_select IS
'Internal: whether a role may select the rows of a model''s source and all that the model reads of them.';
