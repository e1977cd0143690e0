-- The key of a source: given, or found.

CREATE FUNCTION segment_internal.rfm_columns() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '{recency_days, frequency, monetary, average_order, tenure_days, r_score, f_score, m_score, rfm_score, rfm_segment}'::text[];
END;

COMMENT ON FUNCTION segment_internal.rfm_columns IS 'Internal: the columns of a view made by segment_rfm, after the customer.';

CREATE FUNCTION segment_internal.rfm_key(source regclass) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT names[:1]
              FROM (SELECT array_agg(c.column_name ORDER BY c.column_no) AS names
                      FROM segment_internal.columns($1) c) c
             WHERE names[2:11] = segment_internal.rfm_columns());
END
$$;

COMMENT ON FUNCTION segment_internal.rfm_key IS
'Internal: the customer column of a relation that begins with the columns of an RFM view: the view itself, a copy, one with more columns; else NULL. Nothing but its columns tells such a view, after a dump and under another name.';

CREATE FUNCTION segment_internal.rfm_scores(source regclass) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN segment_internal.rfm_key($1) IS NULL THEN '{}' ELSE '{r_score, f_score, m_score, rfm_score, rfm_segment}' END::text[];
$$;

COMMENT ON FUNCTION segment_internal.rfm_scores IS
'Internal: the scores of an RFM view, which repeat its figures and are no features unless named; empty for other relations.';

CREATE FUNCTION segment_internal.unique_indexes(source regclass, OUT names text[], OUT not_null boolean)
RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.names, c.not_null
      FROM pg_index i
     CROSS JOIN LATERAL (SELECT array_agg(a.attname::text ORDER BY n) AS names, bool_and(a.attnotnull) AS not_null
                           FROM generate_series(0, i.indnkeyatts - 1) n
                           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n]) c
     WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
     ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid;
END;

COMMENT ON FUNCTION segment_internal.unique_indexes IS
'Internal: the columns of each unique index of a relation, the primary key first, then the narrowest.';

CREATE FUNCTION segment_internal.check_key(source regclass, key text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    complaint text;
BEGIN
    EXECUTE format('SELECT FROM %s WHERE false ORDER BY %s', source, segment_internal.identifiers(key));
EXCEPTION WHEN undefined_function THEN
    GET STACKED DIAGNOSTICS complaint = MESSAGE_TEXT;
    RAISE feature_not_supported USING
        MESSAGE = format('key (%s) of relation "%s" has a type without an order',
                         segment_internal.identifiers(key),
                         (SELECT c.relname FROM pg_class c WHERE c.oid = source)),
        DETAIL = upper(left(complaint, 1)) || substr(complaint, 2) || '.',
        HINT = 'Name other columns, or cast it to another type in a view, and fit that.';
END
$$;

COMMENT ON FUNCTION segment_internal.check_key IS 'Internal: raises unless the columns can be a primary key by their types.';

CREATE FUNCTION segment_internal.key(source regclass, key text[], required boolean) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation  pg_class;
    found_key text[];
BEGIN
    IF key IS NOT NULL THEN
        PERFORM segment_internal.check_columns(source, key, 'key');
        IF required AND key <> '{}' THEN
            PERFORM segment_internal.check_key(source, key);
        END IF;
        RETURN ARRAY(SELECT unnest(key));
    END IF;

    -- columns of a materialized view are never declared NOT NULL
    SELECT * INTO relation FROM pg_class c WHERE c.oid = source;
    SELECT u.names INTO found_key
      FROM segment_internal.unique_indexes(source) u
     WHERE u.not_null OR relation.relkind = 'm'
     LIMIT 1;
    found_key := coalesce(found_key, segment_internal.rfm_key(source));

    IF found_key IS NULL AND required THEN
        RAISE invalid_table_definition USING
            MESSAGE = format('relation "%s" has no usable key', relation.relname),
            DETAIL = 'It has neither a primary key nor a unique index on NOT NULL columns.',
            HINT = 'Name the key columns with key => ''{...}'', or pass key => ''{}'' to fit a model without an assignment table.';
    END IF;
    RETURN coalesce(found_key, '{}');
END
$$;

COMMENT ON FUNCTION segment_internal.key IS
'Internal: the key columns: as given, else of the primary key, else of the narrowest unique index on NOT NULL columns (of a materialized view: the narrowest unique index), else the customer of an RFM view; empty when there are none and none are required.';
