-- Bringing an assignment table up to date.

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
    PERFORM segment_internal.append_changes(m, fresh, key);
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
                       segment_internal.identifiers(theirs),
                       segment_internal.identifiers(ours, 'f.%I'),
                       fresh, m.assignment, same);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.apply_as_owner IS
'Internal: brings an assignment table to the state of a fresh one, row by row: readers do not wait, grants, indexes and triggers stay.';
