-- Which columns become features, and as what: those that features names as they are, else those that a professional
-- would take, by their names and by one read of the relation.

CREATE FUNCTION segment_internal.category(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim($1, E' \t\n\v\f\r');

COMMENT ON FUNCTION segment_internal.category IS 'Internal: the text of a value of a category, without blanks around it.';

CREATE FUNCTION segment_internal.words(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    word   text;
    result text;
BEGIN
    FOREACH word IN ARRAY string_to_array(btrim(regexp_replace(regexp_replace(regexp_replace(name COLLATE "C",
        '([a-z0-9])([A-Z])', '\1 \2', 'g'), '([A-Z])([A-Z][a-z])', '\1 \2', 'g'), '[\s_\x01-\x1f\x7f]+', ' ', 'g')), ' ')
    LOOP
        result := coalesce(result || ' ', '') || CASE WHEN word COLLATE "C" ~ '^[A-Z0-9]{2,}$' THEN word ELSE lower(word COLLATE "C") END;
    END LOOP;
    RETURN coalesce(result, '');
END
$$;

COMMENT ON FUNCTION segment_internal.words IS
'Internal: the words of a name: "MntWines" and mnt_wines are "mnt wines"; capitals stay where a word has nothing else.';

CREATE FUNCTION segment_internal.names_identifier(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT w.words ~ ('(^| )(id|uid|uuid|guid|ref|key|nr|no|number|nummer|code|zip|zip[0-9]|zipcode|postcode|postal|postleitzahl|plz|phone|telephone|telefon|fax|row|#)$'
                   || '|^(id|identifiant|unnamed|index|idx)( |$)|[a-z]{3}(nr|nummer)$|^(customer|cust|client|cliente|kunde|klant|user|member|subscriber|person|contact|account|acct)$'
                   || '|^(no|nr|numero|codice|codigo) ((de|del|di|do|du) )?(clienti?|cliente|commande|facture|factura|fattura|ordine|pedido)$'
                   || '|(^| )(customer|cust|client|user|member|account|acct|person|household|contact|order|invoice|row)(id|nr|no|num|number|code|key)$')
      FROM (SELECT btrim(regexp_replace(lower(segment_internal.words(regexp_replace($1, '\m[Nn][\u00b0\u00ba]|\u2116', ' no ', 'g')) COLLATE "C"),
                                        '[^[:alnum:]#]+', ' ', 'g')) AS words) w;
END;

COMMENT ON FUNCTION segment_internal.names_identifier IS
'Internal: is this the name of a column that tells rows apart, by its whole words? What such a name only begins with counts something: "number of visits", "phone calls".';

-- Whole numbers that are all different are identifiers where numbers that measure something would not be so: where they
-- number the rows, are close together for their size, have nine digits or more, as many all, or are many and fill their range.
CREATE FUNCTION segment_internal.may_identify(n bigint, min float8, max float8) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN $1 < 20 THEN false
            WHEN $2 IN (0, 1) AND $3 - $2 + 1 = $1 THEN true
            WHEN $2 >= 1e4 AND $3 - $2 < $2 / 10 THEN true
            WHEN $2 >= 1e8 AND $3 < 1e100 THEN trunc(log($2)) = trunc(log($3))
            ELSE $1 >= 1000 AND $3 - $2 + 1 BETWEEN 0.9 * $1 AND 1.25 * $1 END;

COMMENT ON FUNCTION segment_internal.may_identify IS
'Internal: could n whole numbers from min to max, if they are all different, be identifiers?';

CREATE FUNCTION segment_internal.expression(column_name text, kind text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN format(CASE $2 WHEN 'category' THEN 'segment_internal.token(segment_internal.category(%I::text))'
                      ELSE 'segment_internal.number(%I)' END, $1);

COMMENT ON FUNCTION segment_internal.expression IS 'Internal: a column as the number that a survey sees.';

-- What notices the read gives, the fit gives again. Few columns, if any, are counted on their own: those with a value that
-- nearly all rows have, and those that may be identifiers.
CREATE FUNCTION segment_internal.survey_of(source regclass, columns text[], model text) RETURNS SETOF segment_internal.surveyed
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 SET jit = off SET client_min_messages = warning AS $$
DECLARE
    seen    segment_internal.surveyed[];
    part    bigint[];
    counted bigint[];
BEGIN
    IF columns = '{}' THEN
        RETURN;
    END IF;
    seen := ARRAY(
        SELECT ROW(c.column_name, c.kind, s.rows, s.rows - s.missing, s.min, s.max, s.whole, s.distinct_values, s.skewness,
                   CASE WHEN s.votes > 0.98 * (s.rows - s.missing) THEN s.majority END, NULL, NULL)::segment_internal.surveyed
          FROM segment_internal.survey(
                   (SELECT r.relname FROM pg_class r WHERE r.oid = source),
                   (SELECT format('SELECT %s FROM %s', string_agg(CASE c.kind WHEN 'category' THEN segment_internal.expression(u.name, c.kind)
                                                                              ELSE format('%I', u.name) END, ', ' ORDER BY u.n), source)
                      FROM unnest(columns) WITH ORDINALITY u (name, n)
                      JOIN segment_internal.columns(source) c ON c.column_name = u.name), 0, columns, model) s
          JOIN segment_internal.columns(source) c ON c.column_name = columns[s.column_no]
         ORDER BY s.column_no);

    -- a hundred at a time: for distinct counts the planner's work grows by the cube of their number
    FOR n IN 1 .. cardinality(seen) BY 100 LOOP
        EXECUTE format('SELECT ARRAY[%s]::bigint[] FROM %s LIMIT 1',
                  (SELECT string_agg(format('%s, %s',
                              CASE WHEN s.majority IS NOT NULL
                                   THEN format('count(*) FILTER (WHERE %s = %L::float8)', segment_internal.expression(s.column_name, s.kind), s.majority)
                                   ELSE 'NULL' END,
                              CASE WHEN s.kind = 'number' AND s.whole AND s.distinct_values IS NULL
                                        AND c.base_type NOT IN ('real'::regtype, 'double precision'::regtype)
                                        AND segment_internal.may_identify(s.present, s.min, s.max) AND NOT segment_internal.names_identifier(s.column_name)
                                   THEN format('count(DISTINCT %I)', s.column_name) ELSE 'NULL' END), ', ' ORDER BY s.ordinality)
                     FROM unnest(seen[n:n + 99]) WITH ORDINALITY s
                     JOIN segment_internal.columns(source) c ON c.column_name = s.column_name), source) INTO part;
        counted := counted || coalesce(part, array_fill(NULL::bigint, '{200}'));
    END LOOP;
    RETURN QUERY
        SELECT s.column_name, s.kind, s.rows, s.present, s.min, s.max, s.whole, s.distinct_values, s.skewness, s.majority,
               counted[2 * s.ordinality - 1], counted[2 * s.ordinality]
          FROM unnest(seen) WITH ORDINALITY s ORDER BY s.ordinality;
END
$$;

COMMENT ON FUNCTION segment_internal.survey_of IS
'Internal: what decides whether columns of a relation, which are numbers, booleans or categories, become features by themselves.';

CREATE FUNCTION segment_internal.default_choice(source regclass, columns text[], model text) RETURNS SETOF segment_internal.choice
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.column_name,
           CASE WHEN s.kind = 'number' AND s.min = 0 AND s.max = 1 AND s.whole THEN 'flag' ELSE s.kind END,
           coalesce(s.skewness > 2 AND s.kind = 'number' AND s.max > 1, false),
           CASE WHEN s.kind = 'category' AND s.distinct_values = 1 THEN 'do not vary'
                WHEN s.kind = 'number' AND s.whole AND s.max > 1 AND segment_internal.names_identifier(s.column_name) THEN 'identifiers by their names'
                WHEN s.different = s.present OR s.present >= 1000 AND s.different > 0.97 * s.present THEN 'all different, as identifiers are'
                WHEN s.present * 2 < s.rows THEN 'missing in more than half of the rows'
                WHEN s.most > 0.99 * s.present AND s.distinct_values IS DISTINCT FROM 1 THEN 'one value in more than 99 % of the rows'
                WHEN s.kind = 'category' AND (s.distinct_values IS NULL OR s.distinct_values * 10 > s.rows) THEN 'texts of many values'
                END
      FROM segment_internal.survey_of($1, $2, $3) s;
$$;

COMMENT ON FUNCTION segment_internal.default_choice IS
'Internal: of columns that are numbers, booleans or categories: as what each of them becomes features, or why it does not.';

CREATE FUNCTION segment_internal.list(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT string_agg(format('"%s"', u.name), ', ' ORDER BY u.n)
        || CASE WHEN cardinality($1) > 10 THEN format(' and %s more', cardinality($1) - 10) ELSE '' END
      FROM unnest($1[:10]) WITH ORDINALITY u (name, n);
END;

COMMENT ON FUNCTION segment_internal.list IS 'Internal: the first ten names, quoted, and how many more; NULL for none.';

CREATE FUNCTION segment_internal.left_out(choice segment_internal.choice[]) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT string_agg(format('%s (%s)', r.names, r.reason), ', ' ORDER BY r.place)
      FROM (SELECT c.reason, min(c.ordinality) AS place, segment_internal.list(array_agg(c.column_name ORDER BY c.ordinality)) AS names
              FROM unnest($1) WITH ORDINALITY c
             WHERE c.reason IS NOT NULL
             GROUP BY c.reason) r;
END;

COMMENT ON FUNCTION segment_internal.left_out IS 'Internal: the columns that are no features, by reasons; NULL for none.';

CREATE FUNCTION segment_internal.choose_by_default(source regclass, ignored text[], options jsonb) RETURNS segment_internal.choice[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := (SELECT c.relname FROM pg_class c WHERE c.oid = source);
    scores  text[] := segment_internal.rfm_scores(source);
    columns text[] := ARRAY(SELECT r FROM unnest(segment_internal.readable(source)) r WHERE r <> ALL (ignored));
    result  segment_internal.choice[];
BEGIN
    result := ARRAY(
        SELECT ROW(c.column_name, coalesce(d.kind, c.kind), coalesce(d.skewed, false),
                   CASE WHEN c.column_name = ANY (scores) THEN 'scores of the others'
                        WHEN c.kind = 'other' THEN 'no feature can be made of their type'
                        WHEN options -> 'feature_options' ? c.column_name THEN NULL
                        WHEN c.kind NOT IN ('number', 'boolean', 'category', 'vector') THEN 'name them in features to use them'
                        ELSE d.reason END)::segment_internal.choice
          FROM segment_internal.columns(source) c
          LEFT JOIN segment_internal.default_choice(source,
                   ARRAY(SELECT w.column_name FROM segment_internal.columns(source) w
                          WHERE w.kind IN ('number', 'boolean', 'category') AND w.column_name = ANY (columns) AND w.column_name <> ALL (scores)
                          ORDER BY w.column_no),
                   coalesce(options ->> 'model', relname)) d ON d.column_name = c.column_name
         WHERE c.column_name = ANY (columns)
         ORDER BY c.column_no);
    -- where nothing is left, numbers are better than nothing
    IF NOT EXISTS (SELECT FROM unnest(result) c WHERE c.reason IS NULL) THEN
        result := ARRAY(SELECT ROW(c.column_name, c.kind, c.skewed,
                                   CASE WHEN c.kind NOT IN ('number', 'flag', 'boolean') THEN c.reason END)::segment_internal.choice
                          FROM unnest(result) WITH ORDINALITY c ORDER BY c.ordinality);
    END IF;
    IF NOT EXISTS (SELECT FROM unnest(result) c WHERE c.reason IS NULL) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('relation "%s" has no column of which a feature is made by itself', relname),
            DETAIL = coalesce('Left out: ' || segment_internal.left_out(result) || '.', 'It has no other columns than its key, weights and those excluded.'),
            HINT = 'Name columns in features, or make numbers of them in a view, and fit that.';
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.choose_by_default IS
'Internal: the columns of a relation that the caller may read, but those ignored, with what becomes of each; at least one of them becomes features.';

CREATE FUNCTION segment_internal.choose_by_name(source regclass, features text[]) RETURNS segment_internal.choice[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    IF features = '{}' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "features" is empty',
            HINT = 'Name columns, or leave the argument out for those that are usual.';
    END IF;
    PERFORM segment_internal.check_columns(source, features, 'features');
    SELECT c.column_name, c.data_type INTO wrong
      FROM segment_internal.columns(source) c
     WHERE c.kind = 'other' AND c.column_name = ANY (features)
     ORDER BY array_position(features, c.column_name)
     LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which cannot be a feature',
                             wrong.column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = source), wrong.data_type),
            HINT = 'Make a number or a text of it in a view, and fit that view.';
    END IF;
    RETURN ARRAY(SELECT ROW(c.column_name, CASE c.kind WHEN 'boolean' THEN 'category' ELSE c.kind END, false, NULL)::segment_internal.choice
                   FROM segment_internal.columns(source) c
                  WHERE c.column_name = ANY (features)
                  ORDER BY array_position(features, c.column_name));
END
$$;

COMMENT ON FUNCTION segment_internal.choose_by_name IS 'Internal: the columns that features names, taken as they are.';

CREATE FUNCTION segment_internal.choose(source regclass, key text[], options jsonb) RETURNS segment_internal.choice[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given record;
BEGIN
    SELECT o.* INTO given FROM jsonb_to_record(options) AS o (features text[], exclude text[], sample_weight text);
    IF given.exclude IS NOT NULL THEN
        PERFORM segment_internal.check_columns(source, given.exclude, 'exclude');
    END IF;
    IF given.features IS NOT NULL THEN
        RETURN segment_internal.choose_by_name(source,
            ARRAY(SELECT f FROM unnest(given.features) WITH ORDINALITY u (f, n) WHERE (f <> ALL (given.exclude)) IS NOT FALSE ORDER BY n));
    END IF;
    -- numbers that identify rows are no features where the key is not wanted either, nor are weights
    RETURN segment_internal.choose_by_default(source,
        array_remove(CASE key WHEN '{}' THEN segment_internal.key(source, NULL, false) ELSE key END || given.sample_weight || given.exclude, NULL),
        options);
END
$$;

COMMENT ON FUNCTION segment_internal.choose IS
'Internal: the columns that features names, else all but the key, the weights and those excluded, with what becomes of each.';
