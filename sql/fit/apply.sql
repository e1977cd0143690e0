-- Bringing an assignment table up to date.
--
-- What is to be changed stands in a table of its own: key, segment, distance, second_segment, margin of each row that is new
-- or says something else; the segment of a row that goes is NULL.

CREATE FUNCTION segment_internal.differs(
    old_segment integer, old_distance real, old_second_segment integer, old_margin real,
    segment integer, distance real, second_segment integer, margin real
) RETURNS boolean
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_differs';

COMMENT ON FUNCTION segment_internal.differs IS
'Internal: whether a row of an assignment has to be written: its segments are others, its margin differs by more than 0.001, or its distance by more than that share of the distance to the second segment, which is distance / (1 - margin) where the margin is above 0, else the distance.';

CREATE FUNCTION segment_internal.keep_differences(model_id bigint, fresh regclass, key text[]) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.keep_differences IS
'Internal: leaves of a fresh assignment what differs from that of a model, as the model''s owner.';

CREATE FUNCTION segment_internal.keep_differences_as_owner(model_id bigint, fresh regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model := segment_internal.owned_model(model_id);
    theirs text[] := segment_internal.assignment_columns(m.assignment, key);
    ours   text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c);
    same   text := segment_internal.key_match(fresh, key, 'a', 'f');
    keys   integer := cardinality(key);
BEGIN
    PERFORM segment_internal.phase('writing');
    EXECUTE format('ANALYZE %s', fresh);
    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM ONLY %s a WHERE NOT EXISTS (SELECT FROM %1$s f WHERE %5$s)', fresh,
                   segment_internal.identifiers(key), segment_internal.identifiers(key, 'a.%I'), m.assignment, same);
    EXECUTE format('DELETE FROM %s f USING ONLY %s a WHERE %s AND NOT segment_internal.differs(%s, %s)', fresh, m.assignment, same,
                   (SELECT string_agg(format('a.%I', theirs[i]), ', ' ORDER BY i) FROM generate_series(keys + 1, keys + 4) i),
                   (SELECT string_agg(format('f.%I', ours[i]), ', ' ORDER BY i) FROM generate_series(keys + 1, keys + 4) i));
END
$$;

COMMENT ON FUNCTION segment_internal.keep_differences_as_owner IS 'Internal: what keep_differences does.';

CREATE FUNCTION segment_internal.apply(model_id bigint, fresh regclass, key text[]) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.apply IS
'Internal: brings the assignment table of a model up to date from what differs, as the model''s owner, whose triggers it fires.';

CREATE FUNCTION segment_internal.apply_as_owner(model_id bigint, fresh regclass, key text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m       segment_internal.catalog_model := segment_internal.owned_model(model_id);
    theirs  text[] := segment_internal.assignment_columns(m.assignment, key);
    ours    text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c);
    keys    integer := cardinality(key);
    segment text := ours[keys + 1];
    same    text := segment_internal.key_match(fresh, key, 'a', 'f');
    rows    record;
    updated bigint;
BEGIN
    PERFORM segment_internal.phase('writing');
    PERFORM segment_internal.append_changes(m, fresh, key);
    EXECUTE format('SELECT count(*) FILTER (WHERE f.%1$I IS NULL) AS going, count(f.%1$I) AS staying FROM %2$s f', segment, fresh) INTO rows;
    IF rows.going > 0 THEN
        EXECUTE format('DELETE FROM %s a USING %s f WHERE %s AND f.%I IS NULL', m.assignment, fresh, same, segment);
    END IF;
    EXECUTE format('UPDATE %s a SET %s FROM %s f WHERE %s AND f.%I IS NOT NULL', m.assignment,
                   (SELECT string_agg(format('%I = f.%I', theirs[i], ours[i]), ', ') FROM generate_series(keys + 1, keys + 4) i),
                   fresh, same, segment);
    GET DIAGNOSTICS updated = ROW_COUNT;
    IF updated < rows.staying THEN
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM %s f WHERE f.%I IS NOT NULL AND NOT EXISTS (SELECT FROM %1$s a WHERE %6$s)', m.assignment,
                       segment_internal.identifiers(theirs), segment_internal.identifiers(ours, 'f.%I'), fresh, segment, same);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.apply_as_owner IS
'Internal: writes what differs into an assignment table, row by row: readers do not wait, grants, indexes and triggers stay.';
