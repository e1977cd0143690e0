-- The assignment: a table that the engine fills, or a view that scores when it is read.

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
                   CASE WHEN passing AND schema <> 'pg_temp' THEN 'UNLOGGED' END, schema, name, segment_internal.identifiers(key),
                   own[1], own[2], own[3], own[4], source);
    result := format('%I.%I', schema, name);
    EXECUTE format('ALTER TABLE %s %s', result,
                   segment_internal.identifiers(CASE WHEN passing THEN key ELSE key || own[1] END, 'ALTER COLUMN %I SET NOT NULL'));
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_assignment IS
'Internal: an empty assignment table for the engine to fill; passing: it is read from in this transaction alone.';

CREATE FUNCTION segment_internal.keep_assignment(passing regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', passing,
                   (ARRAY(SELECT c.column_name FROM segment_internal.columns(passing) c))[cardinality(key) + 1]);
    IF (SELECT c.relpersistence = 'u' FROM pg_class c WHERE c.oid = passing) THEN
        EXECUTE format('ALTER TABLE %s SET LOGGED', passing);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_assignment IS 'Internal: makes an assignment table that was to be read from only one that stays.';

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
                         segment_internal.identifiers(key),
                         relname),
        DETAIL = detail,
        HINT = hint;
END
$$;

COMMENT ON FUNCTION segment_internal.raise_not_unique IS 'Internal: the error of a key that several rows share.';

CREATE FUNCTION segment_internal.assignment_columns(assignment regclass, key text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys   integer := cardinality(key);
    theirs text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(assignment) c
                            WHERE c.column_no <= keys + 4);
BEGIN
    IF cardinality(theirs) < keys + 4 OR theirs[:keys] <> key THEN
        RAISE undefined_column USING
            MESSAGE = format('relation %s no longer has the columns that the fit gave it', assignment),
            HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
    END IF;
    RETURN theirs;
END
$$;

COMMENT ON FUNCTION segment_internal.assignment_columns IS
'Internal: the columns that a fit has given an assignment table: the key, segment, distance, second_segment, margin.';

CREATE FUNCTION segment_internal.add_key(assignment regclass, source regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    twice text;
BEGIN
    PERFORM segment_internal.phase('indexing');
    EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (%s)', assignment,
                   segment_internal.identifiers(key));
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS twice = PG_EXCEPTION_DETAIL;
    PERFORM segment_internal.raise_not_unique(source, key, twice);
END
$$;

COMMENT ON FUNCTION segment_internal.add_key IS 'Internal: the primary key of a filled assignment table.';

CREATE FUNCTION segment_internal.check_key_rows(source regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text := segment_internal.identifiers(key);
    wrong   text[];
BEGIN
    IF NOT segment_internal.inherited(source)
       AND EXISTS (SELECT FROM segment_internal.unique_indexes(source) u WHERE u.not_null AND u.names <@ $2) THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT ARRAY[%s] FROM %s GROUP BY %s HAVING count(*) > 1 OR num_nulls(%s) > 0 LIMIT 1',
                   segment_internal.identifiers(key, '%I::text'),
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

CREATE FUNCTION segment_internal.equality(type regtype) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT format('OPERATOR(%I.%s)', n.nspname, o.oprname)
                       FROM pg_opclass c
                       JOIN pg_am m ON m.oid = c.opcmethod AND m.amname = 'btree'
                       JOIN pg_amop a ON a.amopfamily = c.opcfamily AND a.amopstrategy = 3
                                     AND a.amoplefttype = c.opcintype AND a.amoprighttype = c.opcintype
                       JOIN pg_operator o ON o.oid = a.amopopr
                       JOIN pg_namespace n ON n.oid = o.oprnamespace
                      WHERE c.opcintype = $1 AND c.opcdefault), '=');
END
$$;

COMMENT ON FUNCTION segment_internal.equality IS
'Internal: the equality that a primary key of this type uses; for the types of an extension it is not on the search path of a job.';

CREATE FUNCTION segment_internal.key_match(source regclass, key text[], one text, other text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT string_agg(format('%s.%I %s %s.%I', $3, c.column_name,
                                     segment_internal.equality(c.base_type), $4, c.column_name),
                              ' AND ' ORDER BY c.column_no)
              FROM segment_internal.columns($1) c
             WHERE c.column_name = ANY ($2));
END
$$;

COMMENT ON FUNCTION segment_internal.key_match IS
'Internal: the condition that two relations agree in the key columns of the source.';

CREATE FUNCTION segment_internal.joined_query(m segment_internal.catalog_model, source regclass, columns text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    theirs  text[] := segment_internal.assignment_columns(m.assignment, m.key);
    read    text[] := ARRAY(SELECT u.c FROM unnest(m.key || columns) WITH ORDINALITY u (c, n) GROUP BY u.c ORDER BY min(u.n));
    present text := segment_internal.unique_name('present', '', read);
    own     integer := cardinality(m.key);
BEGIN
    RETURN format('SELECT %s, %s, a.%I::integer, a.%I::real, a.%I::integer, a.%I::real, a.ctid, s.%I '
                  'FROM (SELECT %s, true AS %I FROM %s) s FULL JOIN ONLY %s a ON %s',
                  (SELECT string_agg(format('coalesce(s.%1$I, a.%1$I)::%2$s AS %1$I', k.name, c.data_type), ', ' ORDER BY k.n)
                     FROM unnest(m.key) WITH ORDINALITY k (name, n)
                     JOIN segment_internal.columns(source) c ON c.column_name = k.name),
                  segment_internal.identifiers(columns, 's.%I'),
                  theirs[own + 1], theirs[own + 2], theirs[own + 3], theirs[own + 4], present,
                  segment_internal.identifiers(read), present, source, m.assignment,
                  segment_internal.key_match(source, m.key, 's', 'a'));
END
$$;

COMMENT ON FUNCTION segment_internal.joined_query IS
'Internal: the SELECT of a source joined with the assignment that a model has: key, columns, what the assignment says of the row and where, and whether the source has it.';

CREATE FUNCTION segment_internal.scored(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN segment_internal.is_distributed(format('SELECT FROM %s', $1.source)) THEN 's' ELSE '(s.a)' END;

COMMENT ON FUNCTION segment_internal.scored IS 'Internal: how a view over scored_source() writes the score of a row.';

CREATE FUNCTION segment_internal.scored_source(m segment_internal.catalog_model, columns text[], what text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    most integer := current_setting('max_function_args')::integer - 1;
BEGIN
    IF cardinality(columns) > most THEN
        RAISE feature_not_supported USING
            MESSAGE = format('%s takes at most %s feature columns, model "%s" has %s',
                             what, most, m.name, cardinality(columns)),
            HINT = 'Use assignment => ''table'', or name fewer features.';
    END IF;
    -- The planner dissolves a left join like this one: a row is scored where it is read, at most twice, in parallel plans as
    -- well, and a filter by key uses the index. A subquery that it has to keep would prevent both. The planner of Citus
    -- refuses such a join, but takes a function.
    RETURN format(CASE WHEN segment_internal.is_distributed(format('SELECT FROM %s', m.source)) THEN '%s source CROSS JOIN LATERAL %s s'
                       ELSE '%s source LEFT JOIN LATERAL (SELECT %s AS a) s ON true' END, m.source,
                  format('segment_internal.assign((SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = %s), %s)',
                         m.model_id, segment_internal.identifiers(columns, 'source.%I')));
END
$$;

COMMENT ON FUNCTION segment_internal.scored_source IS
'Internal: what a view reads that scores the rows of the source when it is read.';

CREATE FUNCTION segment_internal.assignment_query(m segment_internal.catalog_model, columns text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text[] := segment_internal.own_names(m.name, '{segment, distance, second_segment, margin}', m.key);
BEGIN
    RETURN format('SELECT %1$s, %7$s.segment AS %2$I, %7$s.distance AS %3$I, %7$s.second_segment AS %4$I, %7$s.margin AS %5$I '
                  'FROM %6$s WHERE %7$s.segment IS NOT NULL',
                  segment_internal.identifiers(m.key, 'source.%I'),
                  own[1], own[2], own[3], own[4], segment_internal.scored_source(m, columns, 'assignment => ''view'''), segment_internal.scored(m));
END
$$;

COMMENT ON FUNCTION segment_internal.assignment_query IS
'Internal: the SELECT of an assignment view, which scores the source''s rows when it is read.';

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
