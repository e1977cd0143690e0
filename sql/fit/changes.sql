-- The changes: a table to which every run but the first appends a row for each key whose segment is another one now.

CREATE FUNCTION segment_internal.create_changes(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own    text[] := segment_internal.own_names(m.name, '{run, from_segment, to_segment, at}', m.key);
    result regclass;
BEGIN
    EXECUTE format('CREATE TABLE %I.%I AS SELECT %s, NULL::integer AS %I, NULL::integer AS %I, NULL::integer AS %I, NULL::timestamptz AS %I '
                   'FROM %s WITH NO DATA', schema, name, segment_internal.identifiers(m.key), own[1], own[2], own[3], own[4], m.source);
    result := format('%I.%I', schema, name);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL, ADD PRIMARY KEY (%s)', result, own[4],
                   segment_internal.identifiers(m.key || own[1]));
    -- rows of a run stand together, behind those of the run before
    EXECUTE format('CREATE INDEX ON %s USING brin (%I)', result, own[1]);
    EXECUTE format('COMMENT ON TABLE %s IS %L', result,
                   format('The rows of %s that have come into another segment, a row for each run that has moved them.', m.source));
    PERFORM segment_internal.comment_columns(result, m.key || own,
        segment_internal.source_comments(m.source, m.key) ||
        '{"Number of the run that has moved the row.",
          "Segment in the run before; NULL: the row has come.",
          "Segment from this run on; NULL: the row has left.",
          "When the run was written."}');
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_changes IS 'Internal: an empty table of changes.';

CREATE FUNCTION segment_internal.holds_changes(changes regclass, key text[], assignment regclass) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) = cardinality($2) + 4
      FROM (SELECT row_number() OVER (ORDER BY c.column_no) AS n, c.data_type FROM segment_internal.columns($1) c) c
      LEFT JOIN (SELECT row_number() OVER (ORDER BY a.column_no) AS n, a.data_type FROM segment_internal.columns($3) a) a ON a.n = c.n
     WHERE c.data_type = CASE WHEN c.n <= cardinality($2) THEN a.data_type
                              WHEN c.n <= cardinality($2) + 3 THEN 'integer'
                              WHEN c.n = cardinality($2) + 4 THEN 'timestamp with time zone' END;
$$;

COMMENT ON FUNCTION segment_internal.holds_changes IS 'Internal: whether a table of changes begins with the columns that it was made with, for the keys of an assignment.';

CREATE FUNCTION segment_internal.place_changes(
    m segment_internal.catalog_model, old segment_internal.catalog_model, outputs segment_internal.outputs, stays boolean
) RETURNS segment_internal.catalog_model
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before regclass := segment_internal.changes_of(old);
BEGIN
    IF stays AND m.assignment_kind = 'table' AND segment_internal.holds_changes(before, m.key, m.assignment) THEN
        m.changes := before;
        m.changes_from := old.changes_from;
        RETURN m;
    ELSIF before IS NOT NULL THEN
        RAISE NOTICE 'the history of model "%" %: %', m.name, CASE m.assignment_kind WHEN 'table' THEN 'begins anew' ELSE 'ends' END,
            CASE m.assignment_kind WHEN 'table' THEN 'its key is another one' ELSE 'it has no assignment table any more' END
            USING DETAIL = format('Table %s is dropped.', before);
    END IF;
    m.changes := NULL;
    m.changes_from := NULL;
    IF m.assignment_kind = 'table' AND outputs.changes IS NOT NULL THEN
        m.changes := segment_internal.create_changes(m, outputs.schema,
            CASE WHEN before IS NULL THEN outputs.changes ELSE segment_internal.fresh_name() END);
        m.changes_from := coalesce(old.run, 0) + 1;
        IF old.model_id IS NOT NULL THEN
            PERFORM segment_internal.hand_over(m.changes, old.profile);
        END IF;
    END IF;
    RETURN m;
END
$$;

COMMENT ON FUNCTION segment_internal.place_changes IS
'Internal: the model with its changes: those of the model that it replaces, where keys are the same, else new ones if it is to have any.';

CREATE FUNCTION segment_internal.append_changes(m segment_internal.catalog_model, fresh regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changes regclass := segment_internal.changes_of(m);
    keys    integer := cardinality(key);
    columns text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(changes) c);
    before  text := (ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c))[keys + 1];
    now     text := (ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c))[keys + 1];
BEGIN
    IF changes IS NULL THEN
        RETURN;
    ELSIF NOT segment_internal.holds_changes(changes, key, m.assignment) THEN
        RAISE undefined_column USING
            MESSAGE = format('relation %s no longer has the columns that the fit gave it', changes),
            HINT = 'Drop it to end the history of the model; to begin another one, fit it anew with segment_kmeans(..., history => true, replace => true).';
    END IF;
    EXECUTE format('INSERT INTO %s (%s) SELECT %s, $1, a.%I, f.%I, $2 FROM %s f LEFT JOIN ONLY %s a ON %s WHERE a.%4$I IS DISTINCT FROM f.%5$I',
                   changes, segment_internal.identifiers(columns[:keys + 4]),
                   segment_internal.identifiers(key, 'f.%I'), before, now, fresh, m.assignment,
                   segment_internal.key_match(fresh, key, 'a', 'f'))
      USING m.run + 1, clock_timestamp();
END
$$;

COMMENT ON FUNCTION segment_internal.append_changes IS
'Internal: writes down what the next run of a model changes, before it does: rows that move, that come (from NULL) and that leave (to NULL).';
