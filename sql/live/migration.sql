-- segment_migration: how many rows went from which segment to which, by the changes and the sizes of both runs.

CREATE FUNCTION segment_internal.migration(model_id bigint, from_run integer DEFAULT NULL, to_run integer DEFAULT NULL) RETURNS SETOF segment_internal.migration
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_reader';

COMMENT ON FUNCTION segment_internal.migration IS 'Internal: segment_migration of a model, as its owner.';

CREATE FUNCTION segment_internal.check_runs(m segment_internal.catalog_model, from_run integer, to_run integer) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unknown integer := (SELECT min(u.run) FROM unnest(ARRAY[from_run, to_run]) u (run)
                         WHERE NOT EXISTS (SELECT FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = u.run));
BEGIN
    IF unknown IS NOT NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('model "%s" has no run %s', m.name, unknown),
            HINT = format('It has the runs %s to %s: SELECT * FROM segment_runs WHERE model = %L.',
                          (SELECT min(r.run) FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id), m.run, m.name);
    ELSIF segment_internal.changes_of(m) IS NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('model "%s" has no history of the segments of its rows', m.name),
            HINT = 'Fit it with segment_kmeans(..., history => true, replace => true): it begins with that run.';
    ELSIF from_run >= to_run THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('run %s is not before run %s', from_run, to_run),
            HINT = 'Give the earlier run as from_run.';
    ELSIF from_run < m.changes_from THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('the history of model "%s" begins with run %s, after run %s', m.name, m.changes_from, from_run),
            HINT = format('Give from_run => %s or a later one.', m.changes_from);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_runs IS 'Internal: raises unless the changes of a model have all moves from one run to the other.';

CREATE FUNCTION segment_internal.net_moves(m segment_internal.catalog_model, from_run integer, to_run integer) RETURNS SETOF segment_internal.migration
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changes regclass := segment_internal.changes_of(m);
    columns text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(changes) c);
    keys    integer := cardinality(m.key);
BEGIN
    IF NOT segment_internal.holds_changes(changes, m.key, m.assignment) THEN
        RAISE undefined_column USING
            MESSAGE = format('relation %s no longer has the columns that the fit gave it', changes),
            HINT = 'Drop it to end the history of the model; to begin another one, fit it anew with segment_kmeans(..., history => true, replace => true).';
    END IF;
    -- from the segment before a row's first move to the one after its last
    RETURN QUERY EXECUTE format(
        'SELECT g.before, g.after, count(*), NULL::float8'
        '  FROM (SELECT (array_agg(c.%1$I ORDER BY c.%3$I))[1] AS before, (array_agg(c.%2$I ORDER BY c.%3$I DESC))[1] AS after'
        '          FROM %4$s c WHERE c.%3$I > $1 AND c.%3$I <= $2 GROUP BY %5$s) g'
        ' WHERE g.before IS DISTINCT FROM g.after GROUP BY 1, 2',
        columns[keys + 2], columns[keys + 3], columns[keys + 1], changes, segment_internal.identifiers(columns[:keys], 'c.%I'))
      USING from_run, to_run;
END
$$;

COMMENT ON FUNCTION segment_internal.net_moves IS 'Internal: how many rows are in another segment after one run than after an earlier one, by both segments.';

CREATE FUNCTION segment_internal.migration_as_owner(model_id bigint, from_run integer, to_run integer) RETURNS SETOF segment_internal.migration
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m     segment_internal.catalog_model := segment_internal.owned_model(model_id);
    moves segment_internal.migration[];
    stays segment_internal.migration[];
    wrong integer;
BEGIN
    to_run := coalesce(to_run, m.run);
    from_run := coalesce(from_run, (SELECT max(r.run) FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run < $3));
    PERFORM segment_internal.check_runs(m, from_run, to_run);
    IF from_run IS NULL THEN
        RETURN;
    END IF;
    moves := ARRAY(SELECT n FROM segment_internal.net_moves(m, from_run, to_run) n);

    -- who stays is what the moves leave of the size before, and what they do not explain of the size after
    WITH sizes AS (
        SELECT p.segment,
               coalesce(sum(p.rows) FILTER (WHERE p.run = from_run), 0) AS before, coalesce(sum(p.rows) FILTER (WHERE p.run = to_run), 0) AS after
          FROM segment_internal.catalog_profile p
         WHERE p.model_id = m.model_id AND p.run IN (from_run, to_run)
         GROUP BY p.segment
    ), left_over AS (
        SELECT u.segment, sum(u.before) AS before, sum(u.after) AS after
          FROM (SELECT s.segment, s.before, s.after FROM sizes s
                 UNION ALL SELECT v.from_segment, -v.rows, 0 FROM unnest(moves) v WHERE v.from_segment IS NOT NULL
                 UNION ALL SELECT v.to_segment, 0, -v.rows FROM unnest(moves) v WHERE v.to_segment IS NOT NULL) u
         GROUP BY u.segment
    )
    SELECT array_agg(ROW(l.segment, l.segment, l.before, NULL)::segment_internal.migration) FILTER (WHERE l.before > 0),
           min(l.segment) FILTER (WHERE l.before <> l.after OR l.before < 0)
      INTO stays, wrong
      FROM left_over l;
    IF wrong IS NOT NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('the rows of table %s do not explain the sizes of segment %s in runs %s and %s', m.changes, wrong, from_run, to_run),
            DETAIL = 'Rows of it, or of the assignment, are others than the runs have written.',
            HINT = 'Give runs after that; or drop the table, which ends the history, and begin another one with segment_kmeans(..., history => true, replace => true).';
    END IF;
    RETURN QUERY
        SELECT v.from_segment, v.to_segment, v.rows,
               v.rows / nullif(CASE WHEN v.from_segment IS NOT NULL THEN sum(v.rows) OVER (PARTITION BY v.from_segment) END, 0)::float8
          FROM unnest(moves || stays) v
         ORDER BY v.from_segment, v.to_segment;
END
$$;

COMMENT ON FUNCTION segment_internal.migration_as_owner IS 'Internal: what migration returns.';

CREATE FUNCTION @extschema@.segment_migration(
    model text,
    from_run integer DEFAULT NULL,
    to_run integer DEFAULT NULL,
    OUT from_segment integer,
    OUT to_segment   integer,
    OUT rows         bigint,
    OUT share        float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT v.from_segment, v.to_segment, v.rows, v.share
      FROM segment_internal.migration(segment_internal.model_id($1), $2, $3) v
     ORDER BY v.from_segment, v.to_segment;
END;

COMMENT ON FUNCTION @extschema@.segment_migration IS
'How many rows went from which segment to which between two runs of a model with history => true, those that stayed included: the rows add up to the sizes of the segments in both runs. from_segment NULL: they came; to_segment NULL: they left. share: of the rows of from_segment. to_run: NULL is the latest; from_run: NULL is the one before. Over several runs only the first and the last segment of a row count.';
