-- The labels that people gave, when another model takes the place of theirs.

CREATE FUNCTION segment_internal.carry_labels(
    old segment_internal.catalog_model, m segment_internal.catalog_model, fresh regclass, fit segment_internal.fitted
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
    ELSIF (fit.segments[1]).matched IS NOT NULL AND old.features = m.features THEN
        before := ARRAY(SELECT CASE WHEN s.matched > 0 OR s.segment = 0 THEN s.matched END FROM unnest(fit.segments) s);
        after := ARRAY(SELECT s.segment FROM unnest(fit.segments) s);
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

CREATE FUNCTION segment_internal.heirs(model_id bigint, fresh regclass, key text[]) RETURNS segment_internal.heirs
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.heirs IS
'Internal: pairs of segments of a model and of a fresh assignment, of each of which most rows are in the other; as the model''s owner: planning a query on an assignment already runs code of its indexes.';

CREATE FUNCTION segment_internal.heirs_as_owner(model_id bigint, fresh regclass, key text[]) RETURNS segment_internal.heirs
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    assignment regclass := (segment_internal.owned_model(model_id)).assignment;
    before     integer[];
    after      integer[];
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
    RETURN ROW(before, after)::segment_internal.heirs;
END
$$;

COMMENT ON FUNCTION segment_internal.heirs_as_owner IS 'Internal: what heirs returns.';
