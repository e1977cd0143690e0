-- Names and numbers as people write them. COLLATE "C": the same words in every database.

CREATE FUNCTION segment_internal.shorten(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN length($1) > 40 THEN rtrim(left($1, 37)) || '...' ELSE $1 END;

COMMENT ON FUNCTION segment_internal.shorten IS 'Internal: at most 40 characters of a text.';

CREATE FUNCTION segment_internal.capitalize(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN upper(left($1, 1) COLLATE "C") || substr($1, 2);

COMMENT ON FUNCTION segment_internal.capitalize IS 'Internal: a text with a capital in front.';

CREATE FUNCTION segment_internal.figure(value float8, beside float8 DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN d.size IS NULL THEN NULL
                WHEN d.size >= 1e15 OR d.size < 1e-6 AND d.size > 0 THEN btrim(to_char($1::numeric, '9.99EEEE'))
                ELSE to_char(round($1::numeric, d.decimals), CASE WHEN d.size >= 9999.5 THEN 'FM999,999,999,999,990' ELSE 'FM9990' END
                             || rpad('', sign(d.decimals)::integer, '.') || repeat('0', d.decimals)) END
      FROM (SELECT s.size,
                   -- three digits, more where it takes them to tell the two apart, or the number from 0
                   CASE WHEN s.size = 0 THEN 0
                        ELSE greatest(0, 2 - floor(log(s.size))::integer,
                                      CASE WHEN s.apart > 0 THEN least(-floor(log(s.apart))::integer, 9 - floor(log(s.size))::integer) END,
                                      CASE WHEN abs($1) >= 1e-4 THEN -floor(log(abs($1)))::integer END)
                   END AS decimals
              FROM (SELECT greatest(abs($1), abs($2)) AS size, segment_internal.apart($1, $2) AS apart
                     WHERE abs($1) <= 1e300 AND (abs($2) <= 1e300 OR $2 IS NULL)) s) d;
END;

COMMENT ON FUNCTION segment_internal.figure IS
'Internal: a number with as many digits as mean something, and as many decimals as the one beside it gets; NULL if it has none or is beyond 1e300.';

CREATE FUNCTION segment_internal.count(rows bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_char($1, 'FM999,999,999,999,999,999,990');

COMMENT ON FUNCTION segment_internal.count IS 'Internal: a number of rows as people write it.';

CREATE FUNCTION segment_internal.spell(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(('{one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve}'::text[])[CASE WHEN $1 BETWEEN 1 AND 12 THEN $1 END], segment_internal.count($1));

COMMENT ON FUNCTION segment_internal.spell IS 'Internal: a whole number, in words up to twelve.';

CREATE FUNCTION segment_internal.times(ratio float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 BETWEEN 1.95 AND 2.05 THEN 'twice' WHEN $1 < 9.95 THEN trim_scale(round($1::numeric, 1))::text || ' times'
            WHEN $1 < 100 THEN round($1::numeric)::text || ' times' ELSE segment_internal.figure(round($1)) || ' times' END;

COMMENT ON FUNCTION segment_internal.times IS 'Internal: how many times one number is another, in two digits.';

CREATE FUNCTION segment_internal.as_often(ratio float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    -- a half to a tenth have words, if they are what it is to a percent or two
    SELECT CASE WHEN $1 >= 1.95 THEN segment_internal.times($1) || ' as often'
                WHEN p.part IS NOT NULL AND abs($1 - 1.0 / p.n) < 0.02 THEN p.part || ' as often'
                ELSE least(round(100 * abs($1 - 1)), 99) || CASE WHEN $1 > 1 THEN '% more often' ELSE '% less often' END END
      FROM (SELECT CASE WHEN $1 BETWEEN 0.08 AND 0.6 THEN round(1 / $1)::integer END) n (n)
     CROSS JOIN LATERAL (SELECT n.n, ('{NULL,half,a third,a quarter,a fifth,NULL,NULL,NULL,NULL,a tenth}'::text[])[n.n] AS part) p;
END;

COMMENT ON FUNCTION segment_internal.as_often IS 'Internal: how often something is, compared with something else.';

CREATE FUNCTION segment_internal.cases(share float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 <= 0 THEN 'none' WHEN $1 >= 1 THEN 'all'
            WHEN $1 >= 0.995 THEN 'more than 99' WHEN $1 < 0.0095 THEN 'fewer than 1'
            ELSE round(100 * $1)::text END;

COMMENT ON FUNCTION segment_internal.cases IS 'Internal: how many of 100 a share is.';

CREATE FUNCTION segment_internal.day(days float8, pattern text DEFAULT 'YYYY-MM-DD') RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 BETWEEN -719000 AND 2900000 THEN to_char('1970-01-01'::date + floor($1)::integer, $2)
            ELSE $1::text || ' days after 1970-01-01' END;

COMMENT ON FUNCTION segment_internal.day IS 'Internal: the date of a day counted from 1970-01-01.';

CREATE FUNCTION segment_internal.span(days float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN $1 < 1 THEN 'less than a day'
                ELSE segment_internal.spell(u.n) || ' ' || u.unit || CASE WHEN u.n = 1 THEN '' ELSE 's' END END
      FROM (SELECT CASE WHEN $1 < 45 THEN round($1)::bigint WHEN $1 < 700 THEN round($1 / 30.436875)::bigint ELSE round(least($1, 1e15) / 365.2425)::bigint END AS n,
                   CASE WHEN $1 < 45 THEN 'day' WHEN $1 < 700 THEN 'month' ELSE 'year' END AS unit) u;
END;

COMMENT ON FUNCTION segment_internal.span IS 'Internal: so many days as people say them: in months from a month and a half, in years from two years.';

CREATE FUNCTION segment_internal.list_words(words text[]) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN concat_ws(' and ', nullif(array_to_string($1[:cardinality($1) - 1], ', '), ''), $1[cardinality($1)]);

COMMENT ON FUNCTION segment_internal.list_words IS 'Internal: "a, b and c".';

CREATE FUNCTION segment_internal.list_names(names text[]) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cardinality(names) < 2 THEN
        RETURN names[1];
    END IF;
    RETURN (
    WITH names AS (
        SELECT u.n, string_to_array(u.name, ' ') AS words FROM unnest($1) WITH ORDINALITY u (name, n)
    ), shared AS (
        SELECT coalesce(max(s.n), 0) AS n
          FROM generate_series(1, 5) s (n)
         WHERE (SELECT count(DISTINCT w.words[cardinality(w.words) - s.n + 1:]) = 1 AND min(cardinality(w.words)) > s.n
                       AND count(DISTINCT w.words[1]) = count(*) AND count(DISTINCT w.words[cardinality(w.words) - s.n]) = count(*)
                       AND bool_and(w.words[cardinality(w.words) - s.n] !~ '^(a|at|by|for|from|in|of|on|per|since|to|with)$') AND count(*) > 1 FROM names w)
    )
    SELECT segment_internal.list_words(array_agg(array_to_string(
               CASE WHEN w.n < cardinality($1) THEN w.words[:cardinality(w.words) - s.n] ELSE w.words END, ' ') ORDER BY w.n))
      FROM names w CROSS JOIN shared s);
END
$$;

COMMENT ON FUNCTION segment_internal.list_names IS 'Internal: "web and store purchases": a list in which the last words that all have are said once.';

CREATE FUNCTION segment_internal.percent(share float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 > 0 AND $1 < 0.005 THEN 'less than 1%' WHEN $1 >= 0.995 AND $1 < 1 - 1e-9 THEN 'more than 99%' ELSE round((100 * $1)::numeric) || '%' END;

COMMENT ON FUNCTION segment_internal.percent IS 'Internal: a share in words.';
