-- Scores of recency, frequency and monetary value: by quantiles or by cut-offs of one's own, and the names of their cells.

CREATE FUNCTION segment_internal.rfm_bins(bins integer, cut_offs jsonb, segment_names text[], time_window interval, frequency_by text) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    figures constant text[] := '{recency_days, frequency, monetary}';
    -- nearly always one list of cut-offs says how many bins there are
    wanted  integer := coalesce(bins, 1 + (SELECT min(jsonb_array_length(c.value)) FROM jsonb_each(CASE jsonb_typeof(cut_offs) WHEN 'object' THEN cut_offs END) c
                                            WHERE jsonb_typeof(c.value) = 'array'), 5);
    wrong   record;
BEGIN
    PERFORM segment_internal.check_choice('argument "frequency_by"', frequency_by, '{order, day}');
    IF bins NOT BETWEEN 3 AND 10 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "bins" is %s', bins), HINT = 'It must be from 3, terciles, to 10, deciles.';
    ELSIF cut_offs IS NOT NULL AND (jsonb_typeof(cut_offs) <> 'object' OR wanted NOT BETWEEN 3 AND 10) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "cut_offs" is %s', cut_offs),
            HINT = 'It is an object with lists of 2 to 9 numbers, as in ''{"recency_days": [30, 90, 365], "monetary": [50, 200, 1000]}''.';
    ELSIF (time_window > '0' AND isfinite(now() - time_window)) IS FALSE THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "time_window" is %s', time_window), HINT = 'It must be above 0, as in ''2 years''.';
    END IF;
    SELECT c.key, c.value, CASE
               WHEN c.key <> ALL (figures) THEN format('unrecognized figure "%s" in argument "cut_offs"', c.key)
               ELSE format('cut-offs of "%s" are %s, not %s numbers in ascending order', c.key, c.value, wanted - 1) END AS message,
           CASE WHEN c.key <> ALL (figures) THEN 'Use recency_days, frequency and monetary.'
                ELSE format('Between %s scores there are %s cut-offs; a figure that equals one is below it.', wanted, wanted - 1) END AS hint
      INTO wrong
      FROM jsonb_each(coalesce(cut_offs, '{}')) c
     WHERE c.key <> ALL (figures) OR jsonb_typeof(c.value) <> 'array' OR jsonb_array_length(c.value) <> wanted - 1
        OR EXISTS (SELECT FROM (SELECT v.value, jsonb_typeof(v.value) AS type, lag(v.value) OVER (ORDER BY v.ordinality) AS before
                                  FROM jsonb_array_elements(c.value) WITH ORDINALITY v) v WHERE v.type <> 'number' OR v.value <= v.before)
     ORDER BY c.key LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING MESSAGE = wrong.message, HINT = wrong.hint;
    ELSIF segment_names IS NOT NULL AND (array_dims(segment_names) IS DISTINCT FROM format('[1:%1$s][1:%1$s]', wanted) OR array_position(ARRAY(SELECT unnest(segment_names)), NULL) IS NOT NULL) THEN
        RAISE array_subscript_error USING
            MESSAGE = format('argument "segment_names" has not %s rows of %s names', wanted, wanted),
            HINT = 'A row a score of recency, from 1, the longest ago; in it a name a score of frequency, from 1, the rarest.';
    END IF;
    RETURN wanted;
END
$$;

COMMENT ON FUNCTION segment_internal.rfm_bins IS 'Internal: how many scores there are by the arguments of segment_rfm; raises unless these fit each other.';

CREATE FUNCTION segment_internal.rfm_score(figure text, bins integer, cut_offs jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    -- the fewer days, the better
    SELECT CASE figure WHEN 'recency_days' THEN (bins + 1) || ' - ' ELSE '' END
        || coalesce((SELECT '(1 + ' || string_agg(format('(%s > %s)::integer', figure, c.value), ' + ' ORDER BY c.ordinality) || ')'
                       FROM jsonb_array_elements(cut_offs -> figure) WITH ORDINALITY c),
                    format('greatest(1, ceil(%s * percent_rank() OVER (ORDER BY %s)))::integer', bins, figure));
$$;

COMMENT ON FUNCTION segment_internal.rfm_score IS 'Internal: the score of a figure in SQL, 1 to bins: how many cut-offs it is above, or of how many equal parts of the customers.';

CREATE FUNCTION segment_internal.rfm_names(bins integer, segment_names text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH customary (names) AS (VALUES ('
        {{Hibernating,    Hibernating,         At risk,             At risk,   "Can''t lose them"},
         {Hibernating,    Hibernating,         At risk,             At risk,   "Can''t lose them"},
         {About to sleep, About to sleep,      Needs attention,     Loyal,     Loyal},
         {Promising,      Potential loyalists, Potential loyalists, Loyal,     Loyal},
         {New customers,  Potential loyalists, Potential loyalists, Champions, Champions}}'::text[])
    ), place AS (   -- of a score among five
        SELECT score, 1 + round((score - 1) * 4.0 / (bins - 1))::integer AS fifth FROM generate_series(1, bins) score
    )
    SELECT coalesce(segment_names, (SELECT array_agg(r.names ORDER BY r.score)
                                      FROM (SELECT r.score, array_agg(c.names[r.fifth][f.fifth] ORDER BY f.score) AS names
                                              FROM customary c, place r, place f GROUP BY r.score) r));
$$;

COMMENT ON FUNCTION segment_internal.rfm_names IS
'Internal: the names of the cells of recency and frequency scores, as given, or those that are customary for five, each score in the place that it has among these.';
