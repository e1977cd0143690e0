-- Rules: who is in a segment, as a short WHERE.
--
-- They are searched for on a sample (src/explore/rule_search.c), in the columns that the model clusters on; what is said
-- of a rule is counted by that rule, as it is printed, over all rows of the members view.

CREATE FUNCTION segment_internal.rule_axes(
    m segment_internal.catalog_model,
    OUT n           bigint,
    OUT expression  text,      -- the value as a double, or its code
    OUT shown       text,      -- as it stands in a rule
    OUT nominal     boolean,
    OUT whole       boolean,
    OUT literals    text[],    -- of codes
    OUT form        text       -- of a cut
) RETURNS SETOF record
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH feature AS (
        -- how far apart the segments are in it
        SELECT f.source_column, CASE f.encoding WHEN 'element' THEN f.part::integer END AS element, f.encoding = 'flag' AS flag,
               max(abs(segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev))) AS apart, min(f.feature_no) AS feature_no
          FROM segment_internal.catalog_feature f
          JOIN segment_internal.catalog_segment s ON s.model_id = f.model_id
         WHERE f.model_id = m.model_id AND f.run = m.run
         GROUP BY f.source_column, f.encoding, f.part
    ), axis AS (
        SELECT c.column_name, c.base_type, CASE WHEN bool_and(f.flag) AND c.kind = 'number' THEN 'flag' ELSE c.kind END AS kind, f.element,
               -- the operators of a type that is not PostgreSQL's depend on the search path
               CASE WHEN c.kind = 'category' AND t.typnamespace <> 'pg_catalog'::regnamespace AND t.typtype <> 'e' THEN '%I::text' ELSE '%I' END AS form,
               max(f.apart) AS apart, min(f.feature_no) AS feature_no,
               (SELECT ARRAY(SELECT CASE WHEN length(v) <= 100 THEN v END FROM jsonb_array_elements_text(p -> 'categories') WITH ORDINALITY u (v, i) ORDER BY i) FROM jsonb_array_elements(m.preparation -> 'columns') p
                 WHERE p ->> 'name' = c.column_name LIMIT 1) AS categories
          FROM feature f
          JOIN segment_internal.columns(m.members) c ON c.column_name = f.source_column
          JOIN pg_type t ON t.oid = c.base_type
         WHERE c.kind IN ('boolean', 'number', 'date', 'interval') OR c.kind = 'category' OR (c.kind = 'array' AND f.element IS NOT NULL)
         GROUP BY c.column_name, c.base_type, c.kind, t.typnamespace, t.typtype, f.element
    )
    SELECT row_number() OVER (ORDER BY a.apart DESC NULLS LAST, a.feature_no),
           format(CASE a.kind
                  WHEN 'boolean' THEN 'm.%1$I::integer'
                  WHEN 'flag' THEN 'CASE WHEN m.%1$I IN (0, 1) THEN m.%1$I WHEN m.%1$I IS NOT NULL THEN -1 END'
                  WHEN 'category' THEN 'CASE m.%1$I::text COLLATE "C" %2$s ELSE CASE WHEN m.%1$I IS NOT NULL THEN -1 END END'
                  -- beyond the years 1 to 9999 a date has no readable literal
                  WHEN 'date' THEN '(SELECT CASE WHEN d > 2900000 THEN ''Infinity'' WHEN d < -719000 THEN ''-Infinity'' ELSE d END FROM segment_internal.number(m.%1$I) d)'
                  -- as intervals are compared
                  WHEN 'interval' THEN 'CASE WHEN isfinite(m.%1$I) THEN extract(year FROM m.%1$I) * 360 + extract(month FROM m.%1$I) * 30 + extract(day FROM m.%1$I)'
                                       ' + extract(epoch FROM m.%1$I - date_trunc(''day'', m.%1$I)) / 86400 END'
                  -- NaN is beyond all numbers
                  ELSE 'CASE WHEN m.%1$I%3$s IS NOT NULL THEN coalesce(nullif(segment_internal.number(m.%1$I%3$s), ''NaN''), ''Infinity'') END'
                  END, a.column_name, (SELECT coalesce(string_agg(format('WHEN %L THEN %s', v, i - 1), ' ' ORDER BY i), 'WHEN NULL THEN 0') FROM unnest(a.categories) WITH ORDINALITY u (v, i)),
                  '[' || a.element || ']'),
           format(a.form, a.column_name) || coalesce('[' || a.element || ']', ''),
           a.kind IN ('boolean', 'flag', 'category'), a.kind = 'date',
           CASE a.kind WHEN 'flag' THEN '{0,1}' WHEN 'category' THEN ARRAY(SELECT quote_literal(v) FROM unnest(a.categories) WITH ORDINALITY u (v, i) ORDER BY i) END,
           CASE WHEN a.base_type = 'timestamptz'::regtype THEN '''%s 00:00:00+00''' WHEN a.kind = 'date' THEN '''%s'''
                WHEN a.kind = 'interval' THEN 'interval ''%s days''' ELSE '%s' END
      FROM axis a
     -- of 20,000 rows two million values
     ORDER BY 1
     LIMIT 100;
$$;

COMMENT ON FUNCTION segment_internal.rule_axes IS
'Internal: the columns and elements that rules may ask for, those that set segments apart most first.';

CREATE FUNCTION segment_internal.rule_condition(shown text, form text, literals text[], test text, cut float8, codes integer[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 AS $$
    SELECT CASE WHEN test IS NULL THEN NULL
                WHEN test = 'IS NULL' THEN shown || ' IS NULL'
                WHEN test = 'IN' AND literals IS NULL THEN CASE codes WHEN '{1}' THEN shown WHEN '{0}' THEN 'NOT ' || shown ELSE shown || ' IS NOT NULL' END
                WHEN test = 'IN' AND cardinality(codes) = 1 THEN format('%s = %s', shown, literals[codes[1] + 1])
                WHEN test = 'IN' THEN format('%s IN (%s)', shown, (SELECT string_agg(literals[c + 1], ', ' ORDER BY c) FROM unnest(codes) c))
                ELSE format('%s %s %s', shown, test, format(form, CASE WHEN form ~ '^''%s' THEN to_char('1970-01-01'::date + cut::integer, 'YYYY-MM-DD') ELSE cut::text END))
           END;
$$;

COMMENT ON FUNCTION segment_internal.rule_condition IS 'Internal: a condition of a rule in SQL.';

CREATE FUNCTION segment_internal.rules(model_id bigint, sampled boolean) RETURNS SETOF segment_internal.rule
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_members';

COMMENT ON FUNCTION segment_internal.rules IS
'Internal: segment_rules of a model, as its owner; sampled: with the figures of the sample, where that is not all rows.';

CREATE FUNCTION segment_internal.rules_as_owner(model_id bigint, sampled boolean) RETURNS SETOF segment_internal.rule
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.model(model_id);
    rows     bigint := (SELECT r.rows_used FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    own      text;
    hash     text;
    axes     record;
    size     constant bigint := 20000;
    segments integer[];
    value    float8[];
    rules    segment_internal.rule[];
    part     segment_internal.rule[];
BEGIN
    PERFORM segment_internal.check_members(m, '{}', 'model');
    own := (SELECT (array_agg(c.column_name ORDER BY c.column_no DESC))[4] FROM segment_internal.columns(m.members) c);
    SELECT coalesce(string_agg(format('coalesce((%s)::float8, ''NaN'')', a.expression), ', ' ORDER BY a.n), 'NULL') AS expressions,
           coalesce(array_agg(a.nominal ORDER BY a.n), '{}') AS nominal, coalesce(array_agg(a.whole ORDER BY a.n), '{}') AS whole
      INTO axes
      FROM segment_internal.rule_axes(m) a;

    -- always the same rows
    hash := segment_internal.hash(m.members, m.key);
    EXECUTE format('SELECT coalesce(array_agg(s.segment), ''{}''), coalesce(array_agg(s.value), ''{}'')'
                   '  FROM (SELECT coalesce(m.%1$I, 0) AS segment, ARRAY[%2$s]::float8[] AS value'
                   '          FROM (SELECT * FROM %3$s WHERE %4$s <= $1 ORDER BY %4$s LIMIT $2) m) s',
                   own, axes.expressions, m.members, hash)
       INTO segments, value
      USING segment_internal.hash_bound(size, rows), size;

    -- conditions on the same column stand beside each other
    rules := ARRAY(
        SELECT ROW(c.segment,
                   CASE WHEN min(c.rows) > 0 THEN coalesce(string_agg(segment_internal.rule_condition(a.shown, a.form, a.literals, c.test, c.cut, c.codes),
                                                                      ' AND ' ORDER BY c.axis, c.test DESC), 'true') END,
                   min(c.hits)::float8 / nullif(min(c.rows), 0), min(c.hits)::float8 / nullif(min(c.matched), 0))::segment_internal.rule
          FROM segment_internal.search_rules(
                   ARRAY(SELECT s.segment FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id),
                   segments, value, axes.nominal, axes.whole) c
          LEFT JOIN segment_internal.rule_axes(m) a ON a.n = c.axis
         GROUP BY c.segment
         ORDER BY c.segment);
    IF sampled AND cardinality(segments) = size THEN
        RETURN QUERY SELECT r.* FROM unnest(rules) r;
        RETURN;
    END IF;

    -- a read for 500 rules: parallel plans hand over no more than 1664 counts
    FOR i IN 0 .. (cardinality(rules) - 1) / 500 LOOP
        part := rules[i * 500 + 1:i * 500 + 500];
        RETURN QUERY EXECUTE format(
            'WITH counted AS MATERIALIZED (SELECT %1$I AS segment, count(*) AS rows, ARRAY[%2$s] AS matched FROM %3$s GROUP BY 1)'
            ' SELECT r.segment, r.rule, own.matched[r.n]::float8 / own.rows, own.matched[r.n]::float8 / nullif(every.matched, 0)'
            '   FROM unnest($1) WITH ORDINALITY r (segment, rule, coverage, "precision", n)'
            '   LEFT JOIN counted own ON own.segment = r.segment AND r.rule IS NOT NULL'
            '  CROSS JOIN LATERAL (SELECT sum(c.matched[r.n])::float8 AS matched FROM counted c) every'
            '  ORDER BY r.segment',
            own, (SELECT string_agg(format('count(*) FILTER (WHERE %s)', coalesce(r.rule, 'false')), ', ' ORDER BY r.n)
                    FROM unnest(part) WITH ORDINALITY r (segment, rule, coverage, "precision", n)), m.members)
            USING part;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.rules_as_owner IS 'Internal: what rules returns.';

CREATE FUNCTION @extschema@.segment_rules(
    model text,
    OUT segment     integer,
    OUT rule        text,
    OUT coverage    float8,
    OUT "precision" float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.* FROM segment_internal.rules(segment_internal.model_id($1), false) r;
END;

COMMENT ON FUNCTION @extschema@.segment_rules IS
'Who is in each segment, as an SQL condition of at most three parts over the columns of the source, in their units, for a WHERE over the members view or the source. coverage: the share of the segment''s rows that it finds; precision: the share of the rows found that are of the segment; both over today''s members. "true" where nothing is told apart; NULL for a segment that has no rows, or none among the 20,000 that rules are searched for in.';
