-- What becomes of segments and of the labels that people gave, from one run to the next.

CREATE FUNCTION segment_internal.own(model_id bigint, run integer, segment integer) RETURNS float8
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(min(t.own), 1) FROM segment_internal.catalog_transition t
     WHERE t.model_id = $1 AND t.run = $2 AND t.to_segment = $3 AND t.kind IN ('survived', 'born');
$$;

COMMENT ON FUNCTION segment_internal.own IS 'Internal: the share of a segment of a run that are the rows of its beginning, and their like.';

CREATE FUNCTION segment_internal.before(
    m segment_internal.catalog_model, known text DEFAULT NULL, survival float8 DEFAULT NULL, split float8 DEFAULT NULL, segments integer[] DEFAULT NULL
) RETURNS segment_internal.before
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ROW(ARRAY(SELECT ROW(p.segment, p.rows, coalesce(p.distance_avg, 0), segment_internal.own($1.model_id, $1.run, p.segment))::segment_internal.old_segment
                       FROM segment_internal.catalog_profile p
                      WHERE p.model_id = $1.model_id AND p.run = $1.run AND p.segment > 0 AND ($5 IS NULL OR p.segment = ANY ($5))
                      ORDER BY p.segment),
               $2, $1.highest_segment, $3, $4)::segment_internal.before;
$$;

COMMENT ON FUNCTION segment_internal.before IS 'Internal: the current run of a model, or some of its segments, as the next one looks at it.';

CREATE FUNCTION segment_internal.known_query(m segment_internal.catalog_model, source regclass, relation regclass, columns text[], condition text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys   integer := cardinality(m.key);
    theirs text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c WHERE c.column_no <= keys + 1);
BEGIN
    IF m.assignment_kind <> 'table' OR keys = 0 OR cardinality(theirs) <= keys OR theirs[:keys] <> m.key THEN
        RETURN NULL;
    END IF;
    RETURN format('SELECT %s, a.%I FROM %s s JOIN ONLY %s a ON %s WHERE %s', segment_internal.identifiers(m.key || columns, 's.%I'), theirs[keys + 1],
                  relation, m.assignment, segment_internal.key_match(source, m.key, 'a', 's'), condition);
END
$$;

COMMENT ON FUNCTION segment_internal.known_query IS
'Internal: the SELECT of rows that are in the assignment of a model: key, columns, and the segment that they are in; NULL for a model that has no table.';

CREATE FUNCTION segment_internal.find_transitions(
    old segment_internal.catalog_model, m segment_internal.catalog_model, fresh regclass, fit segment_internal.fitted
) RETURNS segment_internal.transition[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before segment_internal.before;
    common segment_internal.common;
    found  segment_internal.transition[];
BEGIN
    IF old.model_id IS NULL OR NOT segment_internal.holds_key(old.assignment, m.key, fresh) THEN
        RETURN fit.transitions;
    END IF;
    before := segment_internal.before(old);
    common := segment_internal.common(old.model_id, segment_internal.hand_over(fresh, old.profile), m.key);
    found := ARRAY(SELECT i FROM segment_internal.identify(before,
        ARRAY(SELECT s.segment FROM unnest(fit.segments) s WHERE s.segment > 0 ORDER BY s.segment),
        ARRAY(SELECT s.rows FROM unnest(fit.segments) s WHERE s.segment > 0 ORDER BY s.segment),
        common.before, common.after, common.rows) i);
    RETURN CASE WHEN found <> '{}' THEN found ELSE fit.transitions END;
END
$$;

COMMENT ON FUNCTION segment_internal.find_transitions IS
'Internal: what became of the segments of a model in one that takes its place: by its assignment where that has the same key, else as the fit found by the old model.';

CREATE FUNCTION segment_internal.common(model_id bigint, fresh regclass, key text[]) RETURNS segment_internal.common
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.common IS
'Internal: the rows that each segment of a model has in common with each of a fresh assignment; as the model''s owner: planning a query on an assignment already runs code of its indexes.';

CREATE FUNCTION segment_internal.common_as_owner(model_id bigint, fresh regclass, key text[]) RETURNS segment_internal.common
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    assignment regclass := (segment_internal.owned_model(model_id)).assignment;
    before     integer[];
    after      integer[];
    rows       bigint[];
BEGIN
    EXECUTE format(
        'SELECT coalesce(array_agg(c.before), ''{}''), coalesce(array_agg(c.after), ''{}''), coalesce(array_agg(c.rows), ''{}'')'
        '  FROM (SELECT a.%1$I AS before, f.%2$I AS after, count(*) AS rows FROM ONLY %3$s a JOIN %4$s f ON %5$s GROUP BY 1, 2) c'
        ' WHERE c.before IS NOT NULL',
        (ARRAY(SELECT c.column_name FROM segment_internal.columns(assignment) c))[cardinality(key) + 1],
        (ARRAY(SELECT c.column_name FROM segment_internal.columns(fresh) c))[cardinality(key) + 1],
        assignment, fresh, segment_internal.key_match(fresh, key, 'a', 'f')) INTO before, after, rows;
    RETURN ROW(before, after, rows)::segment_internal.common;
END
$$;

COMMENT ON FUNCTION segment_internal.common_as_owner IS 'Internal: what common returns.';

CREATE FUNCTION segment_internal.became(transitions segment_internal.transition[], segment integer) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE t.kind WHEN 'vanished' THEN 'vanished' WHEN 'absorbed' THEN 'was absorbed by segment ' ELSE 'was split into segments ' END
           || coalesce(string_agg(t.to_segment::text, ', ' ORDER BY t.to_segment), '')
      FROM unnest($1) t
     WHERE t.from_segment = $2 AND t.kind <> 'survived'
     GROUP BY t.kind
     ORDER BY t.kind LIMIT 1;
END;

COMMENT ON FUNCTION segment_internal.became IS 'Internal: what became of a segment that has not survived, in words.';

CREATE FUNCTION segment_internal.origin(transitions segment_internal.transition[], segment integer) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT 'split off from segment ' || min(t.from_segment) FROM unnest($1) t WHERE t.to_segment = $2 AND t.kind = 'split' HAVING count(*) > 0;
END;

COMMENT ON FUNCTION segment_internal.origin IS 'Internal: where a new segment comes from, in words; NULL: from nowhere.';

CREATE FUNCTION segment_internal.carry_labels(m segment_internal.catalog_model, transitions segment_internal.transition[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given segment_internal.catalog_label[] :=       -- 0 is what is left out, whoever that is
        ARRAY(SELECT l FROM segment_internal.catalog_label l
               WHERE l.model_id = m.model_id AND (l.segment > 0 OR NOT coalesce((m.options ->> 'trim')::float8 > 0, false)) ORDER BY l.segment);
    heirs segment_internal.transition[] := ARRAY(SELECT t FROM unnest(transitions) t WHERE t.kind = 'survived');
    lost  segment_internal.catalog_label[];
BEGIN
    IF m.run = 1 OR given = '{}' THEN
        RETURN;
    END IF;
    PERFORM segment_internal.keep_label(m.model_id, l.segment, NULL, NULL) FROM unnest(given) l;
    PERFORM segment_internal.keep_label(m.model_id, t.to_segment, l.label, l.description)
       FROM unnest(given) l JOIN unnest(heirs) t ON t.from_segment = l.segment;
    lost := ARRAY(SELECT l FROM unnest(given) l WHERE l.segment NOT IN (SELECT t.from_segment FROM unnest(heirs) t) ORDER BY l.segment);
    IF lost <> '{}' THEN
        RAISE NOTICE 'labels whose segments are gone: %', segment_internal.list(ARRAY(SELECT l.label FROM unnest(lost) WITH ORDINALITY l ORDER BY l.ordinality))
            USING DETAIL = (SELECT string_agg(format('Segment %s %s.', l.segment, coalesce(segment_internal.became(transitions, l.segment), 'is not looked for')), ' ' ORDER BY l.segment)
                              FROM unnest(lost) l),
                  HINT = 'segment_label() names the new ones; segment_transitions() tells what became of the old ones.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.carry_labels IS
'Internal: the labels that people gave follow segments that survive, and retire with others, which a NOTICE names.';
