-- Looking at a relation before it is segmented. A column is a number, which may be a boolean, a date or an interval, or
-- else known by its text. The engine's functions read numbers; a text comes to them as a token that stands for it.
--
-- Where a query has an expression or a branch for each of many columns, compiling it (jit) takes longer than running it
-- and cannot be cancelled.

CREATE FUNCTION segment_internal.is_number(kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN $1 IN ('number', 'boolean', 'date', 'interval');

COMMENT ON FUNCTION segment_internal.is_number IS
'Internal: are the values of columns of this kind, one of segment_internal.columns, read as numbers?';

CREATE FUNCTION segment_internal.look_columns(source regclass, columns text[], hint text) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key   text[];
    wrong record;
BEGIN
    IF columns IS NULL THEN
        key := segment_internal.key(source, NULL, false);
        RETURN ARRAY(SELECT c.column_name
                       FROM segment_internal.columns(source) c
                      WHERE segment_internal.is_number(c.kind) AND c.column_name <> ALL (key)
                        AND c.column_name = ANY (segment_internal.readable(source))
                      ORDER BY c.column_no);
    END IF;
    PERFORM segment_internal.check_columns(source, columns, 'columns');
    SELECT c.column_name, c.data_type INTO wrong
      FROM unnest(columns) WITH ORDINALITY u (name, n)
      JOIN segment_internal.columns(source) c ON c.column_name = u.name
     WHERE NOT segment_internal.is_number(c.kind)
     ORDER BY u.n
     LIMIT 1;
    IF FOUND THEN
        RAISE wrong_object_type USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which is not a number',
                             wrong.column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = source), wrong.data_type),
            HINT = hint;
    END IF;
    RETURN ARRAY(SELECT unnest(columns));
END
$$;

COMMENT ON FUNCTION segment_internal.look_columns IS 'Internal: columns of numbers to look at: as given, else all but the key.';

CREATE FUNCTION segment_internal.look_key(source regclass) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN bool_and(has_column_privilege($1, c, 'SELECT')) THEN array_agg(c ORDER BY n) ELSE '{}' END
      FROM unnest(segment_internal.key($1, NULL, false)) WITH ORDINALITY u (c, n);
$$;

COMMENT ON FUNCTION segment_internal.look_key IS
'Internal: the key columns of a relation, none where there is no key or the caller may not read it.';

CREATE FUNCTION segment_internal.look_query(source regclass, key text[], columns text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('SELECT %s FROM %s', string_agg(e.expression, ', ' ORDER BY e.part, e.n), $1)
      FROM (SELECT 1 AS part, u.n, format('%I', u.c) AS expression FROM unnest($2) WITH ORDINALITY u (c, n)
             UNION ALL
            SELECT 2, u.n, format(CASE WHEN segment_internal.is_number(c.kind) THEN '%1$I'
                                  ELSE 'segment_internal.token(%1$I::text)' END, u.c)
              FROM unnest($3) WITH ORDINALITY u (c, n)
              JOIN segment_internal.columns($1) c ON c.column_name = u.c) e;
$$;

COMMENT ON FUNCTION segment_internal.look_query IS 'Internal: the SELECT of the key columns and of columns as numbers or tokens.';
