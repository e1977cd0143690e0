-- The plan of a job: from the arguments to a key, features, their preparation, one query and the names of what will be
-- made. Nothing is written here; every complaint about an argument is raised here, before any work.
--
-- The options of a job travel as one jsonb object, argument name to value; segment_internal.catalog_model.options keeps it for
-- the next fit.

CREATE FUNCTION segment_internal.check_writable(job text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean THEN
        RAISE read_only_sql_transaction USING
            MESSAGE = format('cannot execute %s() in a read-only transaction', job),
            HINT = 'segment_describe(), segment_elbow() and segment_predict() only read.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_writable IS 'Internal: raises unless this transaction may write.';

CREATE FUNCTION segment_internal.check_source(source regclass) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation pg_class;
BEGIN
    IF source IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "source" must not be NULL';
    END IF;
    SELECT * INTO relation FROM pg_class c WHERE c.oid = source;
    IF NOT FOUND THEN
        RAISE undefined_table USING MESSAGE = format('relation with OID %s does not exist', source::oid);
    END IF;
    IF relation.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
        RAISE wrong_object_type USING
            MESSAGE = format('"%s" has no rows to segment', relation.relname),
            HINT = 'Name a table, view, materialized view or foreign table.';
    END IF;
    RETURN relation.relname;
END
$$;

COMMENT ON FUNCTION segment_internal.check_source IS 'Internal: the name of a relation that rows can be selected from.';

CREATE FUNCTION segment_internal.columns(
    source          regclass,
    OUT column_no   integer,
    OUT column_name text,
    OUT data_type   text,
    OUT base_type   regtype,
    OUT kind        text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH RECURSIVE type AS (
        SELECT a.attnum, a.atttypid AS oid
          FROM pg_attribute a
         WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
         UNION ALL
        SELECT d.attnum, t.typbasetype
          FROM type d
          JOIN pg_type t ON t.oid = d.oid AND t.typtype = 'd'
    )
    SELECT a.attnum::integer,
           a.attname::text,
           format_type(a.atttypid, a.atttypmod),
           t.oid::regtype,
           CASE WHEN t.oid = 'boolean'::regtype THEN 'boolean'
                WHEN t.oid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'real'::regtype,
                               'double precision'::regtype, 'numeric'::regtype) THEN 'number'
                WHEN t.oid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN 'date'
                WHEN t.oid = 'interval'::regtype THEN 'interval'
                WHEN t.typname IN ('vector', 'halfvec', 'sparsevec') AND t.typlen = -1
                     AND EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                                  WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
                                    AND d.refclassid = 'pg_extension'::regclass AND e.extname = 'vector') THEN 'vector'
                WHEN t.typcategory = 'S' OR t.typtype = 'e' THEN 'category'
                WHEN t.oid IN ('smallint[]'::regtype, 'integer[]'::regtype, 'bigint[]'::regtype, 'real[]'::regtype,
                               'double precision[]'::regtype, 'numeric[]'::regtype) THEN 'array'
                ELSE 'other' END
      FROM pg_attribute a
      JOIN type b ON b.attnum = a.attnum
      JOIN pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
     WHERE a.attrelid = $1
     ORDER BY a.attnum;
END;

COMMENT ON FUNCTION segment_internal.columns IS
'Internal: the columns of a relation in order; base_type and kind (number, boolean, date, interval, category, array, vector or other) look through domains.';

CREATE FUNCTION segment_internal.check_columns(source regclass, names text[], argument text, hint text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := (SELECT c.relname FROM pg_class c WHERE c.oid = source);
    columns text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(source) c);
    name    text;
    closest text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        IF name IS NULL THEN
            RAISE null_value_not_allowed USING
                MESSAGE = format('argument "%s" must not contain NULL', argument),
                HINT = 'Name columns of the relation.';
        END IF;
        IF name <> ALL (columns) THEN
            closest := segment_internal.closest(name, columns);
            RAISE undefined_column USING
                MESSAGE = format('column "%s" of relation "%s" does not exist', name, relname),
                HINT = coalesce(hint, 'Perhaps you meant the column "' || closest || '".',
                                format('SELECT column_name FROM segment_describe(%L) lists the columns.', source));
        END IF;
    END LOOP;

    SELECT n INTO name FROM unnest(names) n GROUP BY n HAVING count(*) > 1 ORDER BY n LIMIT 1;
    IF FOUND THEN
        RAISE duplicate_column USING
            MESSAGE = format('column "%s" appears more than once in argument "%s"', name, argument),
            HINT = 'Name each column once.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_columns IS
'Internal: raises unless the names are columns of the relation, each named once.';

CREATE FUNCTION segment_internal.readable(source regclass) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT c.column_name
                   FROM segment_internal.columns(source) c
                  WHERE has_column_privilege(source, c.column_no::smallint, 'SELECT')
                     OR NOT has_any_column_privilege(source, 'SELECT')
                  ORDER BY c.column_no);
END
$$;

COMMENT ON FUNCTION segment_internal.readable IS
'Internal: the columns of a relation that the caller may read; all where that is none, so that reading them is the error.';

CREATE FUNCTION segment_internal.identifiers(names text[], form text DEFAULT '%I') RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT string_agg(format($2, u.name), ', ' ORDER BY u.n) FROM unnest($1) WITH ORDINALITY u (name, n);
END;

COMMENT ON FUNCTION segment_internal.identifiers IS 'Internal: names in a list, each in the form given: %I is the name as SQL writes it.';

CREATE FUNCTION segment_internal.query(source regclass, key text[], columns text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('SELECT %s FROM %s', string_agg(format('%I', c), ', ' ORDER BY n), $1)
      FROM unnest($2 || $3) WITH ORDINALITY u (c, n);
$$;

COMMENT ON FUNCTION segment_internal.query IS 'Internal: the SELECT of a job: the key columns, then others.';
