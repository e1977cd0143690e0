-- The jobs that fit: segment_kmeans, segment_elbow and segment_refresh.
--
-- A job plans (40_plan.sql), lets the engine read, fit and write in one statement, and records the outcome: the
-- relations of the model and its catalog rows. All of it is one transaction: after an error nothing is left.

-- The engine.

CREATE FUNCTION segment_internal.engine(
    source        regclass,
    key           text[],
    preparation   segment_internal.preparation,
    options       jsonb,
    target        regclass DEFAULT NULL,
    keep_constant boolean DEFAULT false,
    previous      bytea DEFAULT NULL,
    model         text DEFAULT NULL,
    query         text DEFAULT NULL,
    renumber      boolean DEFAULT true
) RETURNS record
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT f
      FROM jsonb_to_record($4) AS o (distance text, init text, centroids float8[], n_init integer, max_iter integer,
                                     tol float8, seed bigint, k_min integer, k_max integer, min_share float8,
                                     sample_weight text),
           segment_internal.fit(
               source => (SELECT c.relname FROM pg_class c WHERE c.oid = $1),
               query => coalesce($9, segment_internal.query($1, $2, array_remove($3.columns || o.sample_weight, NULL))),
               key_columns => cardinality($2),
               target => $5,
               preparation => $3,
               keep_constant => $6,
               distance => o.distance,
               init => o.init,
               centroids => o.centroids,
               n_init => o.n_init,
               max_iter => o.max_iter,
               tol => o.tol,
               seed => o.seed,
               k_min => o.k_min,
               k_max => o.k_max,
               min_share => o.min_share,
               previous => $7,
               model => $8,
               sample_weight => o.sample_weight,
               renumber => $10) f;
$$;

COMMENT ON FUNCTION segment_internal.engine IS
'Internal: calls the engine with the options of a job; what it returns is described at segment_internal.fit.';

CREATE FUNCTION segment_internal.k_reason(options jsonb, fit record) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tried integer[] := fit.candidate_k;
BEGIN
    IF options -> 'k' <> 'null' THEN
        RETURN 'given';
    ELSIF cardinality(tried) = 1 THEN
        RETURN 'the only k tried';
    ELSIF fit.silhouette IS NULL THEN
        RETURN 'no larger k gives every segment its share';
    END IF;
    RETURN format('highest simplified silhouette (%s) of k = %s to %s', round(fit.silhouette::numeric, 3),
                  tried[1], tried[cardinality(tried)])
        || CASE WHEN (options ->> 'min_share')::float8 > 0
                THEN format(', no segment below a share of %s', options ->> 'min_share') ELSE '' END;
END
$$;

COMMENT ON FUNCTION segment_internal.k_reason IS 'Internal: why a fit has the k that it has.';

-- What the columns of a model's relations say about themselves. BI tools show it: it is written for their users.

CREATE FUNCTION segment_internal.comment_columns(relation regclass, columns text[], comments text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOR i IN 1 .. cardinality(columns) LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', relation, columns[i], comments[i]);
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.comment_columns IS 'Internal: comments on columns of a relation.';

CREATE FUNCTION segment_internal.source_comments(source regclass, columns text[]) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT coalesce(col_description($1, c.column_no), format('Column "%s" of %s.', c.column_name, $1))
                   FROM unnest($2) WITH ORDINALITY u (name, n)
                   JOIN segment_internal.columns($1) c ON c.column_name = u.name
                  ORDER BY u.n);
$$;

COMMENT ON FUNCTION segment_internal.source_comments IS
'Internal: what columns of the source say about themselves, else where they come from.';

CREATE FUNCTION segment_internal.own_comments(words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT CASE word
        WHEN 'segment' THEN 'Number of the segment, from 1; a segment keeps it when the model is refreshed.'
        WHEN 'label' THEN 'Name of the segment, to be shown to people; segment_label() changes it.'
        WHEN 'rows' THEN 'Number of rows in the segment, at the latest fit.'
        WHEN 'share' THEN 'Share of the segment in all rows of the latest fit: 0.25 is a quarter. The shares add up to 1.'
        WHEN 'distance_avg' THEN 'Average of the distances of its rows to the centre of the segment: the smaller, the more alike they are. In scaled units, which differ from model to model.'
        WHEN 'distance' THEN 'Distance of the row to the centre of its segment: the smaller, the more typical it is. In scaled units, which differ from model to model.'
        WHEN 'second_segment' THEN 'Number of the second nearest segment; NULL in a model of one segment.'
        WHEN 'margin' THEN 'How clearly the row belongs to its segment: 0 on the border to the second nearest one, 1 at its centre or if there is no other.'
        END
          FROM unnest($1) WITH ORDINALITY u (word, n) ORDER BY n);
$$;

COMMENT ON FUNCTION segment_internal.own_comments IS
'Internal: what the columns say about themselves that the relations of every model have.';

-- The assignment.

CREATE FUNCTION segment_internal.create_assignment(
    schema text, name text, model text, source regclass, key text[], passing boolean DEFAULT false
) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text[] := segment_internal.own_names(model, '{segment, distance, second_segment, margin}', key);
    result regclass;
BEGIN
    EXECUTE format('CREATE %s TABLE %I.%I AS SELECT %s, NULL::integer AS %I, NULL::real AS %I, NULL::integer AS %I, '
                   'NULL::real AS %I FROM %s WITH NO DATA',
                   CASE WHEN passing AND schema <> 'pg_temp' THEN 'UNLOGGED' END, schema, name, (SELECT string_agg(format('%I', c), ', ' ORDER BY n)
                                    FROM unnest(key) WITH ORDINALITY u (c, n)),
                   own[1], own[2], own[3], own[4], source);
    result := format('%I.%I', schema, name);
    EXECUTE format('ALTER TABLE %s %s', result,
                   (SELECT string_agg(format('ALTER COLUMN %I SET NOT NULL', c), ', ') FROM unnest(key || own[1]) c));
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_assignment IS
'Internal: an empty assignment table for the engine to fill; passing: it is read from in this transaction alone.';

CREATE FUNCTION segment_internal.inherited(source regclass) RETURNS boolean
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent AND c.relkind = 'r'
                    WHERE i.inhparent = $1);
END;

COMMENT ON FUNCTION segment_internal.inherited IS
'Internal: whether tables inherit from a table, over whose rows its keys do not hold; partitions are none.';

CREATE FUNCTION segment_internal.raise_not_unique(source regclass, key text[], detail text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := (SELECT c.relname FROM pg_class c WHERE c.oid = source);
    hint    text := 'Name columns that identify a row with key => ''{...}''.';
BEGIN
    IF segment_internal.inherited(source) THEN
        detail := detail || format(' A key of "%s" does not hold over the tables that inherit from it.', relname);
        hint := 'Fit a view that has tableoid::regclass::text as a column, and name that column in key => ''{...}'' too.';
    END IF;
    RAISE unique_violation USING
        MESSAGE = format('key (%s) of relation "%s" is not unique',
                         (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY u (c, n)),
                         relname),
        DETAIL = detail,
        HINT = hint;
END
$$;

COMMENT ON FUNCTION segment_internal.raise_not_unique IS 'Internal: the error of a key that several rows share.';

CREATE FUNCTION segment_internal.add_key(assignment regclass, source regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    twice text;
BEGIN
    PERFORM segment_internal.phase('indexing');
    EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (%s)', assignment,
                   (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY u (c, n)));
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS twice = PG_EXCEPTION_DETAIL;
    PERFORM segment_internal.raise_not_unique(source, key, twice);
END
$$;

COMMENT ON FUNCTION segment_internal.add_key IS 'Internal: the primary key of a filled assignment table.';

CREATE FUNCTION segment_internal.check_key_rows(source regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text := (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY u (c, n));
    wrong   text[];
BEGIN
    IF NOT segment_internal.inherited(source)
       AND EXISTS (SELECT FROM segment_internal.unique_indexes(source) u WHERE u.not_null AND u.names <@ $2) THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT ARRAY[%s] FROM %s GROUP BY %s HAVING count(*) > 1 OR num_nulls(%s) > 0 LIMIT 1',
                   (SELECT string_agg(format('%I::text', c), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY u (c, n)),
                   source, columns, columns)
       INTO wrong;
    IF array_position(wrong, NULL) IS NOT NULL THEN
        RAISE not_null_violation USING
            MESSAGE = format('key column "%s" contains a null value', key[array_position(wrong, NULL)]),
            HINT = 'Name other key columns with key => ''{...}'', or leave such rows out in a view.';
    ELSIF wrong IS NOT NULL THEN
        PERFORM segment_internal.raise_not_unique(source, key,
            format('Key (%s)=(%s) is duplicated.', columns, array_to_string(wrong, ', ')));
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_key_rows IS
'Internal: raises unless the key identifies the rows: for an assignment view, which has no primary key that would.';

CREATE FUNCTION segment_internal.assignment_query(m segment_internal.catalog_model, columns text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own  text[] := segment_internal.own_names(m.name, '{segment, distance, second_segment, margin}', m.key);
    most integer := current_setting('max_function_args')::integer - 1;
BEGIN
    IF cardinality(columns) > most THEN
        RAISE feature_not_supported USING
            MESSAGE = format('assignment => ''view'' takes at most %s feature columns, model "%s" has %s',
                             most, m.name, cardinality(columns)),
            HINT = 'Use assignment => ''table'', or name fewer features.';
    END IF;
    -- OFFSET 0 keeps the subquery whole, so that a row is scored once
    RETURN format('SELECT %s, (s.a).segment AS %I, (s.a).distance AS %I, (s.a).second_segment AS %I, (s.a).margin AS %I '
                  'FROM %s source CROSS JOIN LATERAL (SELECT segment_internal.assign('
                  '(SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = %s), %s) AS a OFFSET 0) s '
                  'WHERE (s.a).segment IS NOT NULL',
                  (SELECT string_agg(format('source.%I', c), ', ' ORDER BY n) FROM unnest(m.key) WITH ORDINALITY u (c, n)),
                  own[1], own[2], own[3], own[4], m.source, m.model_id,
                  (SELECT string_agg(format('source.%I', c), ', ' ORDER BY n)
                     FROM unnest(columns) WITH ORDINALITY u (c, n)));
END
$$;

COMMENT ON FUNCTION segment_internal.assignment_query IS
'Internal: the SELECT of an assignment view, which scores the source''s rows when it is read.';

-- Profile and members.

CREATE FUNCTION segment_internal.profile_columns(
    m               segment_internal.catalog_model,
    OUT column_name text,
    OUT expression  text,
    OUT comment     text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    most  constant integer := 1600;        -- columns of a view (MaxHeapAttributeNumber)
    taken text[] := '{segment, label, rows, share, distance_avg}';
    brief boolean := cardinality(taken) + 3 * cardinality(m.features) > most;
    p     segment_internal.preparation :=
              jsonb_populate_record(NULL::segment_internal.preparation, m.preparation);
    kind  text;
    name  text;
    own   text;         -- what the source's column says about itself
    what  text;
    -- names and comments of columns are for everybody to read, values of the source may not be
    numbered boolean := m.options ->> 'category_names' = 'number';
    shown text;
    flag  boolean;
BEGIN
    FOR i IN 1 .. least(cardinality(m.features), most - cardinality(taken)) LOOP
        name := p.columns[p.column_no[i]];
        own := (SELECT col_description(a.attrelid, a.attnum) FROM pg_attribute a
                 WHERE a.attrelid = m.source AND a.attname = name);
        flag := p.encoding[i] IN ('boolean', 'category', 'other', 'missing');
        shown := CASE WHEN numbered AND p.encoding[i] = 'category' THEN format('%s=%s', name, p.part[i]) ELSE m.features[i] END;
        what := format(CASE p.encoding[i]
                       WHEN 'boolean' THEN '"%1$s" is true'
                       WHEN 'category' THEN CASE WHEN numbered THEN '"%1$s" is its value number %3$s, by how common they are' ELSE '"%1$s" is "%2$s"' END
                       WHEN 'other' THEN '"%1$s" is a value that has no columns of its own'
                       WHEN 'missing' THEN '"%1$s" is missing'
                       WHEN 'element' THEN 'element %3$s of "%1$s"'
                       WHEN 'days' THEN '"%1$s" in days since 1970-01-01'
                       WHEN 'interval' THEN '"%1$s" in days'
                       ELSE '"%1$s"' END,
                       name, substr(m.features[i], length(name) + 2), p.part[i]);
        FOREACH kind IN ARRAY CASE WHEN brief THEN '{avg}' ELSE '{avg, median, index}' END::text[] LOOP
            column_name := segment_internal.unique_name(shown, '_' || kind, taken, i);
            taken := taken || column_name;
            expression := format(CASE kind
                                 WHEN 'avg' THEN 's.mean[%1$s]'
                                 WHEN 'median' THEN 's.median[%1$s]'
                                 ELSE 'segment_internal.index(s.mean[%1$s], s.population_mean[%1$s])' END, i);
            comment := format(CASE
                WHEN kind = 'avg' AND flag THEN 'Share of the segment''s rows in which %s, 0 to 1.'
                WHEN kind = 'avg' THEN 'Average of %s in the segment; NULL if no row has a value.'
                WHEN kind = 'median' AND flag THEN '1 if in more than half of the segment''s rows %s, 0 if in fewer, 0.5 if in exactly half.'
                WHEN kind = 'median' THEN 'Median of %s in the segment: half of the rows are below, half above; NULL if no row has a value.'
                WHEN flag THEN 'Share of the segment''s rows in which %s, as a percentage of the share in all rows: 100 is average, 200 twice as frequent; NULL if there are none.'
                ELSE 'Average of %s in the segment as a percentage of the average of all rows: 100 is average, 200 twice as much; NULL if that average is 0 or no row has a value.' END,
                what) || coalesce(format(' "%s": ', name) || own, '');
            RETURN NEXT;
        END LOOP;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.profile_columns IS
'Internal: the columns of a profile view that stem from features, as many as a view can have.';

CREATE FUNCTION segment_internal.create_profile(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own      constant text[] := '{segment, label, rows, share, distance_avg}';
    columns  text;
    names    text[];
    comments text[];
    result   regclass;
BEGIN
    SELECT string_agg(format('%s AS %I', c.expression, c.name), ', ' ORDER BY c.n),
           array_agg(c.name ORDER BY c.n), array_agg(c.comment ORDER BY c.n)
      INTO columns, names, comments
      FROM segment_internal.profile_columns(m) WITH ORDINALITY c (name, expression, comment, n);
    IF cardinality(names) < 3 * cardinality(m.features) THEN
        RAISE NOTICE '"%" has the averages of % of % features and no medians and indices', name, cardinality(names), cardinality(m.features)
            USING HINT = format('SELECT * FROM segment_profile(%L) has them all.', m.name);
    END IF;

    EXECUTE format('CREATE VIEW %I.%I AS SELECT s.segment, s.label, s.rows, s.share, s.distance_avg, %s '
                   'FROM segment_internal.catalog_segment s WHERE s.model_id = %s ORDER BY s.segment',
                   schema, name, columns, m.model_id);
    result := format('%I.%I', schema, name);
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The segments of %s, a row a segment, with the figures of the latest fit in the units of its columns.', m.source));
    PERFORM segment_internal.comment_columns(
        result, own || names, segment_internal.own_comments(own) || comments);
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_profile IS
'Internal: the profile view of a model. It reads the current run from the catalog: a refit needs no DDL.';

CREATE FUNCTION segment_internal.equality(type regtype) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT format('OPERATOR(%I.%s)', n.nspname, o.oprname)
                       FROM pg_opclass c
                       JOIN pg_am m ON m.oid = c.opcmethod AND m.amname = 'btree'
                       JOIN pg_amop a ON a.amopfamily = c.opcfamily AND a.amopstrategy = 3
                                     AND a.amoplefttype = c.opcintype AND a.amoprighttype = c.opcintype
                       JOIN pg_operator o ON o.oid = a.amopopr
                       JOIN pg_namespace n ON n.oid = o.oprnamespace
                      WHERE c.opcintype = $1 AND c.opcdefault), '=');
$$;

COMMENT ON FUNCTION segment_internal.equality IS
'Internal: the equality that a primary key of this type uses; for the types of an extension it is not on the search path of a job.';

CREATE FUNCTION segment_internal.key_match(source regclass, key text[], one text, other text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(format('%s.%I %s %s.%I', $3, c.column_name,
                             segment_internal.equality(c.base_type), $4, c.column_name),
                      ' AND ' ORDER BY c.column_no)
      FROM segment_internal.columns($1) c
     WHERE c.column_name = ANY ($2);
$$;

COMMENT ON FUNCTION segment_internal.key_match IS
'Internal: the condition that two relations agree in the key columns of the source.';

CREATE FUNCTION segment_internal.members_columns(m segment_internal.catalog_model, OUT columns text[], OUT own text[])
RETURNS record
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- as many as a view can have (MaxHeapAttributeNumber)
    SELECT r.columns[:1600 - 4], segment_internal.own_names($1.name, '{segment, label, distance, margin}', r.columns[:1600 - 4])
      FROM segment_internal.readable($1.source) AS r (columns);
$$;

COMMENT ON FUNCTION segment_internal.members_columns IS
'Internal: the columns of a members view: those of the source that the caller may read, then ours.';

CREATE FUNCTION segment_internal.create_members(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    shown    record := segment_internal.members_columns(m);
    columns  text[] := shown.columns;
    own      text[] := shown.own;
    total    integer := cardinality(segment_internal.readable(m.source));
    assigned text[] := (ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c))[cardinality(m.key) + 1:];
    result   regclass;
BEGIN
    IF cardinality(columns) < total THEN
        RAISE NOTICE '"%" has % of % columns of its source', name, cardinality(columns), total
            USING HINT = 'Fit a view with fewer columns to choose which.';
    END IF;
    EXECUTE format('CREATE %s VIEW %I.%I AS SELECT %s, a.%I AS %I, p.label AS %I, a.%I AS %I, a.%I AS %I '
                   'FROM %s source JOIN %s a ON %s JOIN %s p ON p.segment = a.%I',
                   CASE schema WHEN 'pg_temp' THEN 'TEMPORARY' END, schema, name,
                   (SELECT string_agg(format('source.%I', c), ', ' ORDER BY n)
                      FROM unnest(columns) WITH ORDINALITY u (c, n)),
                   assigned[1], own[1], own[2], assigned[2], own[3], assigned[4], own[4],
                   m.source, m.assignment,
                   segment_internal.key_match(m.source, m.key, 'source', 'a'),
                   m.profile, assigned[1]);
    result := format('%I.%I', schema, name);

    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The rows of %s as they are now, with the segment of each; rows that have none yet are not in it.', m.source));
    PERFORM segment_internal.comment_columns(
        result, columns || own,
        segment_internal.source_comments(m.source, columns) ||
        segment_internal.own_comments('{segment, label, distance, margin}'));
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_members IS
'Internal: the members view of a model, over the columns of the source that the caller may read.';

CREATE FUNCTION segment_internal.finish_assignment(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text[] := segment_internal.own_names(m.name, '{segment, distance, second_segment, margin}', m.key);
BEGIN
    EXECUTE format('COMMENT ON %s %s IS %L', m.assignment_kind, m.assignment,
                   format('The segment of each row of %s%s.', m.source,
                          CASE m.assignment_kind WHEN 'view' THEN ', found when this is read' ELSE ', by the latest fit' END));
    PERFORM segment_internal.comment_columns(
        m.assignment, m.key || own,
        segment_internal.source_comments(m.source, m.key) ||
        segment_internal.own_comments('{segment, distance, second_segment, margin}'));
    IF m.assignment_kind = 'table' THEN
        EXECUTE format('ANALYZE %s', m.assignment);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.finish_assignment IS 'Internal: comments and statistics of an assignment.';

-- Taking the place of an earlier model.

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

-- Views that people have made over a model's relations, and those relations themselves, as far as they are views.

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

-- Recording a fit.

CREATE FUNCTION segment_internal.record(
    m           segment_internal.catalog_model,
    preparation segment_internal.preparation,
    fit         record,
    k_reason    text,
    started_at  timestamptz
) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result @extschema@.segment_run;
BEGIN
    PERFORM segment_internal.keep_run(m,
        ROW(m.model_id, m.run, fit.k, k_reason, fit.rows_read, fit.rows_used, fit.rows_read - fit.rows_used,
            fit.iterations, fit.converged, fit.inertia, fit.explained, fit.silhouette, fit.davies_bouldin,
            fit.calinski_harabasz, started_at, clock_timestamp() - started_at, fit.compiled)::segment_internal.catalog_run,
        ARRAY(SELECT ROW(m.model_id, m.run, u.n, preparation.features[u.i], preparation.columns[preparation.column_no[u.i]],
                         preparation.encoding[u.i],
                         CASE preparation.encoding[u.i] WHEN 'element' THEN preparation.part[u.i]::text
                              WHEN 'category' THEN substr(preparation.features[u.i],
                                                          length(preparation.columns[preparation.column_no[u.i]]) + 2) END,
                         preparation.missing[u.i], preparation.outliers[u.i],
                         preparation.fence[u.i], preparation.fence_low[u.i], preparation.fence_high[u.i],
                         preparation.transform[u.i], preparation.scaling[u.i], preparation.weight[u.i],
                         u.imputed, u.clipped, u.fill, u.lower, u.upper, u.lambda, u.center, u.scale,
                         u.mean, u.median, u.stddev, u.min, u.max)::segment_internal.catalog_feature
                FROM unnest(fit.feature_no, fit.imputed, fit.clipped, fit.fill, fit.lower, fit.upper, fit.lambda, fit.center,
                            fit.scale, fit.population_mean, fit.population_median, fit.population_stddev,
                            fit.population_min, fit.population_max) WITH ORDINALITY
                     AS u (i, imputed, clipped, fill, lower, upper, lambda, center, scale, mean, median, stddev, min, max, n)),
        ARRAY(SELECT ROW(m.model_id, m.run, u.segment, ARRAY(SELECT unnest(fit.centroid_scaled[u.n:u.n])),
                         ARRAY(SELECT unnest(fit.centroid_value[u.n:u.n])))::segment_internal.catalog_centroid
                FROM unnest(fit.segment) WITH ORDINALITY AS u (segment, n)),
        ARRAY(SELECT ROW(m.model_id, m.run, u.segment, NULL, NULL, u.rows, u.border_rows, u.distance_avg, u.margin_avg,
                         ARRAY(SELECT unnest(fit.segment_mean[u.n:u.n])), ARRAY(SELECT unnest(fit.segment_p25[u.n:u.n])),
                         ARRAY(SELECT unnest(fit.segment_median[u.n:u.n])), ARRAY(SELECT unnest(fit.segment_p75[u.n:u.n])),
                         ARRAY(SELECT unnest(fit.segment_stddev[u.n:u.n])), ARRAY(SELECT unnest(fit.segment_min[u.n:u.n])),
                         ARRAY(SELECT unnest(fit.segment_max[u.n:u.n])))::segment_internal.catalog_profile
                FROM unnest(fit.segment, fit.segment_rows, fit.border_rows, fit.distance_avg, fit.margin_avg) WITH ORDINALITY
                     AS u (segment, rows, border_rows, distance_avg, margin_avg, n)),
        ARRAY(SELECT ROW(m.model_id, m.run, c.*)::segment_internal.catalog_candidate
                FROM unnest(fit.candidate_k, fit.candidate_inertia, fit.candidate_explained, fit.candidate_silhouette,
                            fit.candidate_davies_bouldin, fit.candidate_calinski_harabasz, fit.candidate_smallest_share) c));

    PERFORM segment_internal.label_segments(m);
    PERFORM segment_internal.phase(NULL);
    SELECT r.* INTO result FROM @extschema@.segment_runs r WHERE r.profile = m.profile AND r.run = m.run;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.record IS 'Internal: writes the catalog rows of a run and returns the run.';

CREATE FUNCTION segment_internal.list(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT string_agg(format('"%s"', u.name), ', ' ORDER BY u.n)
        || CASE WHEN cardinality($1) > 10 THEN format(' and %s more', cardinality($1) - 10) ELSE '' END
      FROM unnest($1[:10]) WITH ORDINALITY u (name, n);
END;

COMMENT ON FUNCTION segment_internal.list IS 'Internal: the first ten names, quoted, and how many more; NULL for none.';

CREATE FUNCTION segment_internal.notices(
    m segment_internal.catalog_model, options jsonb, preparation segment_internal.preparation, fit record
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    defaulted boolean := options -> 'features' = 'null';
    excluded text[] := (SELECT o.exclude FROM jsonb_to_record(options) AS o (exclude text[]));
    kept    integer[] := ARRAY(SELECT preparation.column_no[i] FROM unnest(fit.feature_no) i);
    alike   text := segment_internal.list(
        ARRAY(SELECT coalesce(f.name, c.name)
                FROM unnest(preparation.columns) WITH ORDINALITY c (name, n)
                LEFT JOIN unnest(preparation.features, preparation.column_no, preparation.encoding)
                          WITH ORDINALITY f (name, column_no, encoding, n)
                  ON f.column_no = c.n AND c.n = ANY (kept) AND f.encoding = 'element' AND f.n <> ALL (fit.feature_no)
               WHERE f.name IS NOT NULL OR c.n <> ALL (kept)
               ORDER BY c.n, f.n))
        || CASE WHEN options ->> 'outliers' = 'keep' AND options ->> 'scaling' <> 'robust' AND options -> 'feature_options' = '{}'
                THEN ' (do not vary)' ELSE ' (do not vary once prepared)' END;
    scores  text := segment_internal.list(segment_internal.rfm_scores(m.source));
    others  text := segment_internal.list(
        ARRAY(SELECT c.column_name
                FROM segment_internal.columns(m.source) c
               WHERE c.kind NOT IN ('number', 'boolean', 'other') AND c.column_name <> ALL (m.key || excluded)));
    useless text := segment_internal.list(
        ARRAY(SELECT c.column_name
                FROM segment_internal.columns(m.source) c
               WHERE c.kind = 'other' AND c.column_name <> ALL (m.key || excluded)));
    total   bigint := (SELECT count(*) FROM segment_internal.columns(m.source) c
                        WHERE c.column_name <> ALL (m.key)
                          AND c.column_name IS DISTINCT FROM m.options ->> 'sample_weight');
    feature record;
BEGIN
    IF NOT defaulted AND alike IS NOT NULL THEN
        RAISE NOTICE 'features left out: %', alike;
    ELSIF defaulted AND num_nonnulls(alike, others, useless) > 0 THEN
        RAISE NOTICE 'features: % of % columns; left out: %', cardinality(m.columns), total,
            concat_ws(', ', alike, scores || ' (scores of the others)',
                      others || ' (name them in features to use them)',
                      useless || ' (no feature can be made of their type)');
    END IF;

    -- one line a column: of a category's features, the one that missing values became
    FOR feature IN SELECT DISTINCT ON (preparation.column_no[u.i], CASE WHEN encoded.category THEN 0 ELSE u.i END)
                          CASE WHEN encoded.category THEN preparation.columns[preparation.column_no[u.i]]
                               ELSE preparation.features[u.i] END AS name,
                          preparation.missing[u.i] AS missing, u.imputed, u.fill, encoded.category,
                          preparation.features[u.i] AS feature
                     FROM unnest(fit.feature_no, fit.imputed, fit.fill) AS u (i, imputed, fill)
                    CROSS JOIN LATERAL (SELECT preparation.encoding[u.i] IN ('category', 'other', 'missing') AS category) encoded
                    WHERE u.imputed > 0
                    ORDER BY preparation.column_no[u.i], CASE WHEN encoded.category THEN 0 ELSE u.i END, u.fill DESC, u.i
    LOOP
        RAISE NOTICE '"%": % missing % became %', feature.name, feature.imputed,
            CASE feature.imputed WHEN 1 THEN 'value' ELSE 'values' END,
            CASE WHEN feature.category AND feature.missing = 'median'
                 THEN format('the most common one, "%s" (missing => ''category'' makes a feature of them)', feature.feature)
                 WHEN feature.category AND feature.missing = 'mean' THEN 'the share of each value'
                 WHEN feature.category THEN 'none of its values'
                 WHEN feature.missing = 'zero' THEN 'zero'
                 ELSE format('the %s, %s', feature.missing, feature.fill) END;
    END LOOP;

    IF cardinality(fit.repeats) > 0 THEN
        RAISE NOTICE 'features that nearly repeat others: %',
            (SELECT string_agg(format('"%s" and "%s" (correlation %s)', preparation.features[u.first],
                                      preparation.features[u.second], round(u.r::numeric, 3)), ', ' ORDER BY u.n)
               FROM unnest(fit.repeated[:5], fit.repeats[:5], fit.repeats_r[:5]) WITH ORDINALITY AS u (first, second, r, n))
            || CASE WHEN cardinality(fit.repeats) > 5 THEN format(' and %s more', cardinality(fit.repeats) - 5) ELSE '' END
            USING HINT = 'Together they weigh double in every distance: leave one of them out with exclude => ''{...}''.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.notices IS
'Internal: tells what was decided for the user, and what may be a mistake: columns left out, missing values filled, features that repeat others.';

-- segment_kmeans

CREATE FUNCTION segment_internal.plan(source regclass, options jsonb) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m     segment_internal.catalog_model;
    given record;
BEGIN
    m.name := segment_internal.check_source(source);
    PERFORM segment_internal.check_options(options);
    SELECT o.* INTO given FROM jsonb_to_record(options) AS o (model text, key text[], features text[], exclude text[],
                                                                        assignment text, sample_weight text);

    m.name := coalesce(given.model, m.name);
    IF m.name = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "model" is empty',
            HINT = 'Leave it out to name the model after the source.';
    ELSIF octet_length(m.name) > 1000 THEN
        RAISE name_too_long USING MESSAGE = 'argument "model" is longer than 1000 bytes';
    END IF;
    m.source := source;
    m.assignment_kind := given.assignment;
    m.key := segment_internal.key(source, given.key, given.assignment <> 'none');
    IF m.key = '{}' THEN
        IF given.assignment = 'view' THEN
            RAISE invalid_parameter_value USING
                MESSAGE = 'assignment => ''view'' needs a key',
                HINT = 'Name the key columns with key => ''{...}''.';
        END IF;
        m.assignment_kind := 'none';
    END IF;
    PERFORM segment_internal.check_weight(source, given.sample_weight);
    -- numbers that identify rows are no features where the key is not wanted either, nor are weights, unless named
    m.columns := segment_internal.feature_columns(source, given.features,
        array_remove(CASE m.key WHEN '{}' THEN segment_internal.key(source, NULL, false) ELSE m.key END
                     || given.sample_weight, NULL), given.exclude);
    m.options := options;
    m.run := 1;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.plan IS
'Internal: a model as far as the arguments of segment_kmeans determine it; its relations are still to be made.';

CREATE FUNCTION segment_internal.reserve(schema text, model text, replace boolean) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old segment_internal.catalog_model := segment_internal.existing(schema, model);
BEGIN
    IF old.model_id IS NULL THEN
        PERFORM segment_internal.lock_name(schema, model);
        old := segment_internal.existing(schema, model);
    END IF;
    IF old.model_id IS NULL THEN
        RETURN NULL;
    ELSIF NOT replace THEN
        RAISE duplicate_object USING
            MESSAGE = format('model "%s" already exists', model),
            HINT = format('Fit it anew with replace => true, or refit it with segment_refresh(%L).', model);
    END IF;
    old := segment_internal.owned_model(old.model_id);
    PERFORM segment_internal.lock_model(old.model_id);
    RETURN segment_internal.owned_model(old.model_id);
END
$$;

COMMENT ON FUNCTION segment_internal.reserve IS
'Internal: lets one job at a time make or replace the model of this name, and returns the one to be replaced, which the caller must own; NULL: none.';

CREATE FUNCTION segment_internal.plan_outputs(m segment_internal.catalog_model, old segment_internal.catalog_model, schema text)
RETURNS segment_internal.outputs
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    outputs segment_internal.outputs;
    own     regclass[] := array_remove(ARRAY[old.assignment, old.profile, old.members], NULL);
BEGIN
    -- relations that are there keep their names, whatever they are called by now
    outputs.schema := schema;
    outputs.profile := coalesce((SELECT c.relname FROM pg_class c WHERE c.oid = old.profile),
                                segment_internal.output_name(schema, m.name, '_profile', own));
    IF m.assignment_kind <> 'none' THEN
        outputs.assignment := coalesce((SELECT c.relname FROM pg_class c WHERE c.oid = old.assignment),
                                       segment_internal.output_name(schema, m.name, '_assignment', own));
        outputs.members := coalesce((SELECT c.relname FROM pg_class c WHERE c.oid = old.members),
                                    segment_internal.output_name(schema, m.name, '_members', own));
    END IF;
    RETURN outputs;
END
$$;

COMMENT ON FUNCTION segment_internal.plan_outputs IS
'Internal: the names of the relations of a model, which are free to be made or those of the model that is replaced.';

CREATE FUNCTION segment_internal.kmeans(source regclass, options jsonb) RETURNS @extschema@.segment_run
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_job';

COMMENT ON FUNCTION segment_internal.kmeans IS 'Internal: segment_kmeans with its arguments in one object.';

CREATE FUNCTION segment_internal.kmeans_job(source regclass, options jsonb) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    started_at  timestamptz := clock_timestamp();
    m           segment_internal.catalog_model;
    old         segment_internal.catalog_model;      -- whose place it takes
    preparation segment_internal.preparation;
    kept        segment_internal.preparation;
    schema      text;
    outputs     segment_internal.outputs;
    fresh       regclass;
    fit         record;
    run         @extschema@.segment_run;
BEGIN
    -- plan
    PERFORM segment_internal.check_writable('segment_kmeans');
    m := segment_internal.plan(source, options);
    EXECUTE segment_internal.query(source, m.key,                                 -- may we read it?
        array_remove(m.columns || (options ->> 'sample_weight'), NULL)) || ' LIMIT 0';
    preparation := segment_internal.prepare(source, m.columns, options);
    options := segment_internal.resolve_options(options, preparation.features);
    schema := segment_internal.output_schema(source, options ->> 'into_schema');
    old := segment_internal.reserve(schema, m.name, (options ->> 'replace')::boolean);
    outputs := segment_internal.plan_outputs(m, old, schema);

    -- fit; the model that is replaced serves on meanwhile
    IF m.assignment_kind = 'table' THEN
        fresh := segment_internal.create_assignment(schema,
            CASE WHEN old.model_id IS NULL THEN outputs.assignment ELSE segment_internal.fresh_name() END,
            m.name, source, m.key, passing => old.assignment_kind = 'table');
    END IF;
    fit := segment_internal.engine(source, m.key, preparation, options, fresh, model => m.name,
        previous => segment_internal.comparable(old, preparation, options), renumber => false);
    IF fresh IS NOT NULL THEN
        PERFORM segment_internal.add_key(fresh, source, m.key);
    ELSIF m.assignment_kind = 'view' THEN
        PERFORM segment_internal.check_key_rows(source, m.key);
    END IF;

    -- record
    m.model_id := coalesce(old.model_id, segment_internal.new_model_id());
    m.run := coalesce(old.run, 0) + 1;
    m.created_at := coalesce(old.created_at, clock_timestamp());
    kept := segment_internal.keep_features(preparation, fit.feature_no);
    m.columns := kept.columns;
    m.features := kept.features;
    m.preparation := to_jsonb(segment_internal.keep_features(preparation, fit.feature_no,
        segment_internal.skip_rules(preparation, fit.feature_no)));
    PERFORM segment_internal.carry_labels(old, m, fresh, fit);
    m := segment_internal.place_outputs(m, old, fit.columns, outputs, fresh);
    run := segment_internal.record(m, preparation, fit, segment_internal.k_reason(options, fit), started_at);
    PERFORM segment_internal.notices(m, options, preparation, fit);
    PERFORM segment_internal.exchange_outputs(m, old, outputs);
    PERFORM segment_internal.sweep();
    RETURN run;
END
$$;

COMMENT ON FUNCTION segment_internal.kmeans_job IS 'Internal: the job of segment_kmeans.';

CREATE FUNCTION segment_internal.new_model_id() RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ('x' || right(gen_random_uuid()::text, 12))::bit(48)::bigint;
$$;

COMMENT ON FUNCTION segment_internal.new_model_id IS
'Internal: a random number for a model. Views of the model name it before the catalog knows it: nobody must be able to take it in between.';

CREATE FUNCTION segment_internal.fresh_name() RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'segment_fresh_' || replace(gen_random_uuid()::text, '-', '');
$$;

COMMENT ON FUNCTION segment_internal.fresh_name IS
'Internal: a name for a relation that is gone at the end of the job; a random one, so that nobody who may create in the schema can take it before and let the job wait or fail.';

CREATE FUNCTION segment_internal.comparable(
    old segment_internal.catalog_model, preparation segment_internal.preparation, options jsonb
) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.compiled
      FROM segment_internal.catalog_compiled c
     WHERE c.model_id = $1.model_id
       AND $1.features <@ $2.features AND $3 ->> 'distance' = $1.options ->> 'distance';
$$;

COMMENT ON FUNCTION segment_internal.comparable IS
'Internal: the compiled model whose segments can be found again, since its features are features still; else NULL.';

CREATE FUNCTION segment_internal.carry_labels(
    old segment_internal.catalog_model, m segment_internal.catalog_model, fresh regclass, fit record
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given  segment_internal.catalog_label[] :=
        ARRAY(SELECT l FROM segment_internal.catalog_label l WHERE l.model_id = old.model_id ORDER BY l.segment);
    before integer[] := '{}';    -- segments of the old model, and for each
    after  integer[] := '{}';    -- its heir
    lost   text;
BEGIN
    IF given = '{}' THEN
        RETURN;
    ELSIF cardinality(fit.matched) > 0 AND old.features = m.features THEN
        before := fit.matched;
        after := fit.segment;
    ELSIF segment_internal.holds_key(old.assignment, m.key, fresh) THEN
        SELECT h.before, h.after INTO before, after
          FROM segment_internal.heirs(old.model_id, segment_internal.hand_over(fresh, old.profile), m.key) h;
    END IF;

    PERFORM segment_internal.keep_label(old.model_id, l.segment, NULL, NULL) FROM unnest(given) l;
    PERFORM segment_internal.keep_label(old.model_id, h.after, l.label, l.description)
       FROM unnest(given) l
       JOIN unnest(before, after) h (before, after) ON h.before = l.segment;
    lost := segment_internal.list(ARRAY(SELECT l.label FROM unnest(given) l WHERE (l.segment = ANY (before)) IS NOT TRUE ORDER BY l.segment));
    IF lost IS NOT NULL THEN
        RAISE NOTICE 'labels whose segments are gone: %', lost
            USING HINT = 'segment_label() names the new ones.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.carry_labels IS
'Internal: takes the labels that people gave over to the model that takes the place of the old one: to the segments that match by their centroids, as in a refresh, or, with other features, by their rows. A NOTICE names the labels of others.';

CREATE FUNCTION segment_internal.heirs(model_id bigint, fresh regclass, key text[], OUT before integer[], OUT after integer[])
RETURNS record
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.heirs IS
'Internal: pairs of segments of a model and of a fresh assignment, of each of which most rows are in the other; as the model''s owner: planning a query on an assignment already runs code of its indexes.';

CREATE FUNCTION segment_internal.heirs_as_owner(model_id bigint, fresh regclass, key text[], OUT before integer[], OUT after integer[])
RETURNS record
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    assignment regclass := (segment_internal.owned_model(model_id)).assignment;
BEGIN
    EXECUTE format(
        'WITH o AS (SELECT %1$I AS segment, count(*) AS rows FROM %3$s GROUP BY 1),'
        '     n AS (SELECT %2$I AS segment, count(*) AS rows FROM %4$s GROUP BY 1),'
        '     b AS (SELECT a.%1$I AS before, f.%2$I AS after, count(*) AS rows FROM %3$s a JOIN %4$s f ON %5$s GROUP BY 1, 2)'
        'SELECT array_agg(b.before), array_agg(b.after) FROM b JOIN o ON o.segment = b.before JOIN n ON n.segment = b.after'
        ' WHERE 2 * b.rows > o.rows AND 2 * b.rows > n.rows',
        (ARRAY(SELECT c.column_name FROM segment_internal.columns(assignment) c))[cardinality(key) + 1],
        (ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c))[cardinality(key) + 1],
        assignment, fresh, segment_internal.key_match(fresh, key, 'a', 'f')) INTO before, after;
END
$$;

COMMENT ON FUNCTION segment_internal.heirs_as_owner IS 'Internal: what heirs returns.';

CREATE FUNCTION segment_internal.holds_key(assignment regclass, key text[], fresh regclass) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) = cardinality($2) + 4
      FROM segment_internal.columns($1) a
      JOIN segment_internal.columns($3) f ON f.column_no = a.column_no AND f.data_type = a.data_type
                                         AND (f.column_no > cardinality($2) OR f.column_name = a.column_name)
      JOIN pg_class c ON c.oid = $1 AND c.relkind = 'r';
$$;

COMMENT ON FUNCTION segment_internal.holds_key IS
'Internal: whether an assignment is a table that begins with the columns of a fresh one.';

CREATE FUNCTION segment_internal.place_outputs(
    m segment_internal.catalog_model, old segment_internal.catalog_model, columns text[], outputs segment_internal.outputs, fresh regclass
) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stays boolean := CASE m.assignment_kind
        WHEN 'table' THEN segment_internal.holds_key(old.assignment, m.key, fresh)
        WHEN 'view' THEN old.assignment_kind = 'view' AND m.source = old.source AND m.key = old.key
                         AND columns = segment_internal.model_columns(old)
        ELSE old.assignment_kind = 'none' END;
BEGIN
    IF old.model_id IS NULL THEN
        m.assignment := fresh;
        RETURN segment_internal.create_outputs(m, columns, outputs);
    END IF;

    -- nearly always all stay where they are, and new rows take the place of the old ones
    m.assignment := CASE WHEN stays THEN old.assignment ELSE fresh END;
    IF stays AND fresh IS NOT NULL THEN
        PERFORM segment_internal.apply(old.model_id, segment_internal.hand_over(fresh, old.profile), m.key);
        EXECUTE format('DROP TABLE %s', fresh);
    END IF;
    IF stays AND segment_internal.same_views(m, old) THEN
        m.profile := old.profile;
        m.members := old.members;
        RETURN m;
    END IF;

    -- else others are made beside them, which take their names at the end
    outputs.profile := segment_internal.fresh_name();
    outputs.members := segment_internal.fresh_name();
    outputs.assignment := segment_internal.fresh_name();
    m := segment_internal.create_outputs(m, columns, outputs, assign => NOT stays);
    PERFORM segment_internal.hand_over(r, old.profile) FROM unnest(ARRAY[m.assignment, m.profile, m.members]) r WHERE r IS NOT NULL;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.place_outputs IS
'Internal: makes the relations of a fitted model, or brings those of the model that it replaces up to date as far as they are the same, and returns the model with them.';

CREATE FUNCTION segment_internal.exchange_outputs(
    m segment_internal.catalog_model, old segment_internal.catalog_model, outputs segment_internal.outputs
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    olds  regclass[] := ARRAY[old.members, old.profile, old.assignment];
    news  regclass[] := ARRAY[m.members, m.profile, m.assignment];
    names text[] := ARRAY[outputs.members, outputs.profile, outputs.assignment];
    gone  regclass[] := ARRAY(SELECT o FROM unnest(olds) WITH ORDINALITY u (o, n) WHERE o <> ALL (news) IS NOT FALSE AND o IS NOT NULL ORDER BY n);
    saved jsonb[];
    view  jsonb;
    other regclass;
BEGIN
    IF old.model_id IS NULL OR gone = '{}' THEN
        RETURN;
    END IF;

    SELECT c.oid::regclass INTO other
      FROM pg_class c
     WHERE c.oid = ANY (segment_internal.dependent_views(gone))
       AND (c.relhastriggers OR EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'))
     LIMIT 1;
    IF FOUND THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('view %s has triggers or rules, which cannot be made again', other),
            HINT = 'Drop it first, or fit with the same features and key.';
    END IF;

    -- from here on readers wait
    saved := ARRAY(SELECT segment_internal.save_relation(v) || jsonb_build_object('place', array_position(olds, v))
                     FROM unnest(gone || segment_internal.dependent_views(gone)) WITH ORDINALITY u (v, n)
                     JOIN pg_class c ON c.oid = v ORDER BY n);
    PERFORM segment_internal.drop_relations(ARRAY(
        SELECT v FROM unnest(segment_internal.dependent_views(gone)) WITH ORDINALITY u (v, n) ORDER BY n DESC) || gone);
    FOR i IN 1 .. cardinality(news) LOOP
        IF news[i] <> ALL (array_remove(olds, NULL)) THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', news[i], names[i]);
        END IF;
    END LOOP;
    FOREACH view IN ARRAY saved LOOP
        IF view -> 'place' = 'null' THEN
            PERFORM segment_internal.restore_view((SELECT r.oid FROM pg_roles r WHERE r.rolname = view ->> 'owner'), view);
        ELSIF news[(view ->> 'place')::integer] IS NOT NULL THEN
            PERFORM segment_internal.restore_look(news[(view ->> 'place')::integer], view);
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.exchange_outputs IS
'Internal: puts the relations of a model that others are to be replaced by in the place of these, and makes what people have made of these again.';

CREATE FUNCTION segment_internal.same_views(m segment_internal.catalog_model, old segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $1.source = $2.source AND $1.key = $2.key AND $1.assignment_kind = $2.assignment_kind
       AND ARRAY(SELECT c.column_name FROM segment_internal.columns($2.profile) c)
           = '{segment, label, rows, share, distance_avg}' || ARRAY(SELECT p.column_name FROM segment_internal.profile_columns($1) p)
       AND ARRAY(SELECT c.column_name FROM segment_internal.columns($2.members) c)
           = (segment_internal.members_columns($1)).columns || (segment_internal.members_columns($1)).own;
$$;

COMMENT ON FUNCTION segment_internal.same_views IS
'Internal: whether the views of a model would show what those of the model before show, in the same columns.';

CREATE FUNCTION segment_internal.hand_over(relation regclass, profile regclass) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner name := (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = profile);
BEGIN
    IF owner <> current_user THEN
        EXECUTE format('ALTER TABLE %s OWNER TO %I', relation, owner);
    END IF;
    RETURN relation;
END
$$;

COMMENT ON FUNCTION segment_internal.hand_over IS 'Internal: gives a relation to the owner of a model.';

CREATE FUNCTION segment_internal.create_outputs(
    m segment_internal.catalog_model, columns text[], outputs segment_internal.outputs, assign boolean DEFAULT true
) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF m.assignment_kind = 'view' AND assign THEN
        EXECUTE format('CREATE %s VIEW %I.%I AS %s', CASE outputs.schema WHEN 'pg_temp' THEN 'TEMPORARY' END,
                       outputs.schema, outputs.assignment, segment_internal.assignment_query(m, columns));
        m.assignment := format('%I.%I', outputs.schema, outputs.assignment);
    END IF;
    m.profile := segment_internal.create_profile(m, outputs.schema, outputs.profile);
    IF m.assignment_kind <> 'none' THEN
        IF assign THEN
            PERFORM segment_internal.finish_assignment(m);
        END IF;
        m.members := segment_internal.create_members(m, outputs.schema, outputs.members);
    END IF;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.create_outputs IS
'Internal: makes the relations of a fitted model and returns the model with them.';

CREATE FUNCTION @extschema@.segment_kmeans(
    source          regclass,
    k               integer  DEFAULT NULL,
    features        text[]   DEFAULT NULL,
    model           text     DEFAULT NULL,
    key             text[]   DEFAULT NULL,
    scaling         text     DEFAULT 'standard',
    missing         text     DEFAULT 'median',
    outliers        text     DEFAULT 'keep',
    transform       text     DEFAULT 'none',
    distance        text     DEFAULT 'euclidean',
    feature_options jsonb    DEFAULT '{}',
    sample_weight   text     DEFAULT NULL,
    init            text     DEFAULT 'k-means++',
    centroids       float8[] DEFAULT NULL,
    n_init          integer  DEFAULT 10,
    max_iter        integer  DEFAULT 300,
    tol             float8   DEFAULT 1e-4,
    seed            bigint   DEFAULT 0,
    k_min           integer  DEFAULT 2,
    k_max           integer  DEFAULT 10,
    min_share       float8   DEFAULT 0,
    assignment      text     DEFAULT 'table',
    into_schema     text     DEFAULT NULL,
    replace         boolean  DEFAULT false,
    exclude         text[]   DEFAULT NULL,
    outlier_method  text     DEFAULT 'iqr',
    outlier_threshold float8 DEFAULT NULL,
    max_categories  integer  DEFAULT 32,
    min_frequency   float8   DEFAULT 0,
    category_names  text     DEFAULT 'value'
) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT segment_internal.kmeans($1, jsonb_build_object(
        'k', k, 'features', features, 'model', model, 'key', key, 'scaling', scaling, 'missing', missing,
        'outliers', outliers, 'transform', transform, 'distance', distance, 'feature_options', feature_options,
        'sample_weight', sample_weight, 'init', init, 'centroids', centroids, 'n_init', n_init, 'max_iter', max_iter,
        'tol', tol, 'seed', seed, 'k_min', k_min, 'k_max', k_max, 'min_share', min_share,
        'assignment', assignment, 'into_schema', into_schema, 'replace', replace, 'exclude', exclude,
        'outlier_method', outlier_method, 'outlier_threshold', outlier_threshold,
        'max_categories', max_categories, 'min_frequency', min_frequency, 'category_names', category_names));
$$;

COMMENT ON FUNCTION @extschema@.segment_kmeans IS
'Segments the rows of a relation by k-means and makes three relations beside it: <model>_assignment, <model>_profile and <model>_members.
k: how many; NULL: chosen in k_min..k_max by the simplified silhouette. min_share: no segment may be smaller.
features: columns; NULL: every numeric and boolean column that varies, but the key. Texts, dates, intervals and arrays of numbers are features if they are named. exclude: columns that are none.
model: its name; NULL: the source''s. key: columns that identify a row; NULL: the primary key, else a unique NOT NULL index; {}: none.
missing: median, mean, zero, skip, error, category. outliers: keep, clip, skip, beyond fences by outlier_method (iqr, zscore) and outlier_threshold (NULL: 1.5, 3). transform: none, log1p, yeo-johnson. scaling: standard, minmax, robust, maxabs, none. max_categories, min_frequency: which values of a text, enum or named boolean are features of their own.
feature_options: for single columns these again, clip (two quantiles) and weight: {"column": {"option": value}}. sample_weight: a numeric column, how often each row counts.
distance: euclidean, cosine. init: k-means++, random; centroids: start here instead. n_init: starts. max_iter, tol: when to stop. seed: of all random choices.
assignment: table, view, none. into_schema: of the relations; NULL: the source''s. replace: a model of the same name, which serves on until this one takes its place. category_names: number keeps values of columns out of the names and comments of the profile''s columns, which everybody may read.';

-- segment_elbow

CREATE FUNCTION @extschema@.segment_elbow(
    source          regclass,
    k_min           integer  DEFAULT 2,
    k_max           integer  DEFAULT 10,
    features        text[]   DEFAULT NULL,
    scaling         text     DEFAULT 'standard',
    missing         text     DEFAULT 'median',
    outliers        text     DEFAULT 'keep',
    transform       text     DEFAULT 'none',
    distance        text     DEFAULT 'euclidean',
    feature_options jsonb    DEFAULT '{}',
    sample_weight   text     DEFAULT NULL,
    init            text     DEFAULT 'k-means++',
    n_init          integer  DEFAULT 10,
    max_iter        integer  DEFAULT 300,
    tol             float8   DEFAULT 1e-4,
    seed            bigint   DEFAULT 0,
    min_share       float8   DEFAULT 0,
    exclude         text[]   DEFAULT NULL,
    outlier_method  text     DEFAULT 'iqr',
    outlier_threshold float8 DEFAULT NULL,
    max_categories  integer  DEFAULT 32,
    min_frequency   float8   DEFAULT 0,
    OUT k                 integer,
    OUT inertia           float8,
    OUT explained         float8,
    OUT silhouette        float8,
    OUT davies_bouldin    float8,
    OUT calinski_harabasz float8,
    OUT smallest_share    float8,
    OUT recommended       boolean,
    OUT reason            text
) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    options     jsonb := jsonb_build_object(
        'k', NULL, 'features', features, 'scaling', scaling, 'missing', missing, 'outliers', outliers,
        'transform', transform, 'distance', distance, 'feature_options', feature_options,
        'sample_weight', sample_weight, 'init', init, 'n_init', n_init, 'max_iter', max_iter, 'tol', tol,
        'seed', seed, 'k_min', k_min, 'k_max', k_max, 'min_share', min_share, 'exclude', exclude,
        'outlier_method', outlier_method, 'outlier_threshold', outlier_threshold,
        'max_categories', max_categories, 'min_frequency', min_frequency, 'assignment', 'none');
    m           segment_internal.catalog_model := segment_internal.plan(source, options);
    preparation segment_internal.preparation :=
        segment_internal.prepare(source, m.columns, options);
    fit         record := segment_internal.engine(source, '{}', preparation, options);
BEGIN
    PERFORM segment_internal.phase(NULL);
    RETURN QUERY
        SELECT c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz, c.smallest_share,
               c.k = fit.k,
               CASE WHEN c.k = fit.k THEN segment_internal.k_reason(options, fit) END
          FROM unnest(fit.candidate_k, fit.candidate_inertia, fit.candidate_explained, fit.candidate_silhouette,
                      fit.candidate_davies_bouldin, fit.candidate_calinski_harabasz, fit.candidate_smallest_share)
               AS c (k, inertia, explained, silhouette, davies_bouldin, calinski_harabasz, smallest_share)
         ORDER BY c.k;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_elbow IS
'What segment_kmeans would find for each k in k_min..k_max, from one read of the relation, and the k that it would choose (recommended), with the reason. It writes nothing.
The arguments are those of segment_kmeans: k_min, k_max, min_share, features, exclude, missing, outliers, outlier_method, outlier_threshold, transform, scaling, max_categories, min_frequency, feature_options, sample_weight, distance, init, n_init, max_iter, tol and seed.';

-- segment_refresh

CREATE FUNCTION segment_internal.apply(model_id bigint, fresh regclass, key text[]) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.apply IS
'Internal: brings the assignment table of a model to the state of a fresh one, as the model''s owner, whose triggers it fires.';

CREATE FUNCTION segment_internal.apply_as_owner(model_id bigint, fresh regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model := segment_internal.owned_model(model_id);
    keys   integer := cardinality(key);
    theirs text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c
                            WHERE c.column_no <= keys + 4);
    ours   text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c);
    same   text;
    rows   record;
    moved  bigint;
BEGIN
    IF cardinality(theirs) < keys + 4 OR theirs[:keys] <> key THEN
        RAISE undefined_column USING
            MESSAGE = format('relation %s no longer has the columns that the fit gave it', m.assignment),
            HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
    END IF;
    EXECUTE format('ANALYZE %s', fresh);
    same := segment_internal.key_match(fresh, key, 'a', 'f');

    PERFORM segment_internal.phase('writing');
    EXECUTE format('UPDATE %s a SET %s FROM %s f WHERE %s AND (%s) IS DISTINCT FROM (%s)', m.assignment,
                   (SELECT string_agg(format('%I = f.%I', theirs[i], ours[i]), ', ') FROM generate_series(keys + 1, keys + 4) i),
                   fresh, same,
                   (SELECT string_agg(format('a.%I', theirs[i]), ', ' ORDER BY i) FROM generate_series(keys + 1, keys + 4) i),
                   (SELECT string_agg(format('f.%I', ours[i]), ', ' ORDER BY i) FROM generate_series(keys + 1, keys + 4) i));
    GET DIAGNOSTICS moved = ROW_COUNT;

    -- centroids that move change every row; if no rows came or went, there is nothing more to look for
    EXECUTE format('SELECT (SELECT count(*) FROM %s) AS before, (SELECT count(*) FROM %s) AS now', m.assignment, fresh)
       INTO rows;
    IF moved < rows.before THEN
        EXECUTE format('DELETE FROM %s a WHERE NOT EXISTS (SELECT FROM %s f WHERE %s)', m.assignment, fresh, same);
    END IF;
    IF moved < rows.now THEN
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM %s f WHERE NOT EXISTS (SELECT FROM %s a WHERE %s)', m.assignment,
                       (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(theirs) WITH ORDINALITY u (c, n)),
                       (SELECT string_agg(format('f.%I', c), ', ' ORDER BY n) FROM unnest(ours) WITH ORDINALITY u (c, n)),
                       fresh, m.assignment, same);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.apply_as_owner IS
'Internal: brings an assignment table to the state of a fresh one, row by row: readers do not wait, grants, indexes and triggers stay.';

CREATE FUNCTION segment_internal.refit_options(m segment_internal.catalog_model, k integer, warm_start boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    k_before  integer := (SELECT r.k FROM segment_internal.catalog_run r
                           WHERE r.model_id = m.model_id AND r.run = m.run);
    options   jsonb := m.options || jsonb_build_object('k', coalesce(k, k_before), 'centroids', NULL);
    centroids float8[];
BEGIN
    IF warm_start AND (k IS NULL OR k = k_before) THEN
        centroids := (SELECT array_agg(c.value ORDER BY c.segment) FROM segment_internal.catalog_centroid c
                       WHERE c.model_id = m.model_id AND c.run = m.run);
        options := options || jsonb_build_object('centroids', centroids);
    END IF;
    PERFORM segment_internal.check_options(options);
    RETURN segment_internal.resolve_options(options, m.features);
END
$$;

COMMENT ON FUNCTION segment_internal.refit_options IS
'Internal: the options of the first fit, with the k and the starting centroids of the next.';

CREATE FUNCTION segment_internal.source_of(m segment_internal.catalog_model) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hint  text := 'Restore it, or fit the model anew with segment_kmeans(..., replace => true).';
    wrong record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.source) THEN
        RAISE undefined_table USING
            MESSAGE = format('the source of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew on another relation.';
    END IF;
    PERFORM segment_internal.check_columns(m.source, m.key, 'key', hint),
            segment_internal.check_columns(
                m.source, ARRAY(SELECT jsonb_array_elements_text(m.preparation -> 'columns')), 'features', hint),
            segment_internal.check_weight(m.source, m.options ->> 'sample_weight', hint);
    SELECT c.* INTO wrong
      FROM jsonb_to_record(m.preparation) AS p (columns text[], kinds text[])
     CROSS JOIN LATERAL unnest(p.columns, p.kinds) WITH ORDINALITY AS f (name, kind, n)
      JOIN segment_internal.columns(m.source) c ON c.column_name = f.name
     WHERE CASE f.kind WHEN 'number' THEN c.kind NOT IN ('number', 'boolean', 'date', 'interval')
                       WHEN 'category' THEN c.kind NOT IN ('category', 'boolean')
                       ELSE c.kind <> f.kind END
     ORDER BY f.n LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, of which model "%s" cannot make its features',
                             wrong.column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = m.source), wrong.data_type,
                             m.name),
            HINT = hint;
    END IF;
    IF m.assignment_kind <> 'none' AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
        RAISE undefined_table USING
            MESSAGE = format('the assignment of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
    END IF;
    RETURN m.source;
END
$$;

COMMENT ON FUNCTION segment_internal.source_of IS
'Internal: the source of a model, which must still have what the model was fitted on.';

CREATE FUNCTION segment_internal.refresh(model_id bigint, warm_start boolean, k integer) RETURNS @extschema@.segment_run
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.refresh IS 'Internal: segment_refresh of a model, as its owner.';

CREATE FUNCTION segment_internal.refresh_as_owner(model_id bigint, warm_start boolean, k integer) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    started_at  timestamptz := clock_timestamp();
    m           segment_internal.catalog_model;
    preparation segment_internal.preparation;
    source      regclass;
    options     jsonb;
    schema      text;
    fresh       regclass;
    fit         record;
BEGIN
    -- plan; wait for other jobs on this model before looking at it
    PERFORM segment_internal.check_writable('segment_refresh');
    PERFORM segment_internal.lock_model(model_id);
    m := segment_internal.owned_model(model_id);
    source := segment_internal.source_of(m);
    options := segment_internal.refit_options(m, k, coalesce(warm_start, true));
    preparation := jsonb_populate_record(NULL::segment_internal.preparation, m.preparation);

    -- fit, keeping the numbers of the segments
    IF m.assignment_kind = 'table' THEN
        schema := (SELECT l.schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id);
        fresh := segment_internal.create_assignment(schema, segment_internal.fresh_name(), m.name, source, m.key,
                                                   passing => true);
    END IF;
    fit := segment_internal.engine(source, m.key, preparation, options, fresh, keep_constant => true,
        model => m.name,
        previous => (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id));

    -- record
    IF fresh IS NOT NULL THEN
        PERFORM segment_internal.add_key(fresh, source, m.key);
        PERFORM segment_internal.apply_as_owner(m.model_id, fresh, m.key);
        EXECUTE format('DROP TABLE %s', fresh);
    END IF;
    m.run := m.run + 1;
    RETURN segment_internal.record(m, preparation, fit,
        CASE WHEN k IS NULL THEN 'as in the run before' ELSE 'given' END, started_at);
END
$$;

COMMENT ON FUNCTION segment_internal.refresh_as_owner IS 'Internal: the job of segment_refresh.';

CREATE FUNCTION @extschema@.segment_refresh(model text, warm_start boolean DEFAULT true, k integer DEFAULT NULL)
RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.refresh(segment_internal.model_id_now($1, current_schemas(true)), $2, $3);

COMMENT ON FUNCTION @extschema@.segment_refresh IS
'Fits a model again on today''s rows with the options of its first fit, from its centroids unless warm_start is false, with the same number of segments unless k is given. Segments keep their numbers and labels by the best match; the assignment is brought up to date without making its readers wait; a run is recorded. Runs as the model''s owner, whose members may call it.';
