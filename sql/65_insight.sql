-- What the figures of a model say: how far each feature of a segment is from that of all others, automatic labels, and
-- sentences. All of it is made of figures that a fit has stored, but for the value of customers, which is read live.

-- Names and numbers as people write them. COLLATE "C": the same words in every database.

CREATE FUNCTION segment_internal.words(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(string_agg(CASE WHEN w.word ~ '^[A-Z0-9]{2,}$' THEN w.word ELSE lower(w.word COLLATE "C") END, ' ' ORDER BY w.n), '')
      FROM regexp_split_to_table(btrim(regexp_replace(regexp_replace(regexp_replace($1 COLLATE "C",
               '([a-z0-9])([A-Z])', '\1 \2', 'g'), '([A-Z])([A-Z][a-z])', '\1 \2', 'g'), '[\s_\x01-\x1f\x7f]+', ' ', 'g')), ' ')
           WITH ORDINALITY w (word, n);
END;

COMMENT ON FUNCTION segment_internal.words IS
'Internal: the words of a name: "MntWines" and mnt_wines are "mnt wines"; capitals stay where a word has nothing else.';

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

CREATE FUNCTION segment_internal.times(ratio float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 < 9.95 THEN to_char(round($1::numeric, 1), 'FM0.0') WHEN $1 < 100 THEN round($1::numeric)::text
            ELSE segment_internal.figure(round($1)) END;

COMMENT ON FUNCTION segment_internal.times IS 'Internal: how many times one number is another, in two digits.';

CREATE FUNCTION segment_internal.cases(share float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 >= 0.995 AND $1 < 1 - 1e-9 THEN 'more than 99'
            WHEN $1 >= 0.0095 OR $1 <= 0 THEN round(100 * $1)::text
            WHEN $1 >= 0.0005 THEN to_char(100 * $1, 'FM0.0')
            ELSE 'less than 0.1' END;

COMMENT ON FUNCTION segment_internal.cases IS 'Internal: how many of 100 a share is.';

CREATE FUNCTION segment_internal.day(days float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 BETWEEN -719000 AND 2900000 THEN to_char('1970-01-01'::date + floor($1)::integer, 'YYYY-MM-DD')
            ELSE $1::text || ' days after 1970-01-01' END;

COMMENT ON FUNCTION segment_internal.day IS 'Internal: the date of a day counted from 1970-01-01.';

CREATE FUNCTION segment_internal.list_words(words text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN concat_ws(' and ', nullif(array_to_string($1[:cardinality($1) - 1], ', '), ''), $1[cardinality($1)]);

COMMENT ON FUNCTION segment_internal.list_words IS 'Internal: "a, b and c".';

CREATE FUNCTION segment_internal.qualified(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT format('%I.%I', l.schema, l.name) FROM segment_internal.catalog_live l WHERE l.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.qualified IS 'Internal: the name by which a model is found, whatever others there are.';

-- What features are called and what kind of thing they are. The name of a column is that of its comment, if that is
-- short. A first word such as "num" or "mnt" tells the kind, and is left out of the name if what remains is one.

CREATE FUNCTION segment_internal.feature_names(
    m segment_internal.catalog_model,
    OUT feature_no    integer,
    OUT feature       text,
    OUT source_column text,
    OUT kind          text,
    OUT name          text,
    OUT family        text,
    OUT category      boolean
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH named AS (
        SELECT f.feature_no, f.feature, f.source_column, f.part, f.encoding, f.min, f.max, w.words,
               -- a comment that two columns share tells neither
               CASE WHEN min(f.source_column) OVER same = max(f.source_column) OVER same THEN c.comment END AS comment,
               split_part(w.words, ' ', 1) AS first,
               regexp_replace(substr(w.words, strpos(w.words || ' ', ' ') + 1), '^of ', '') AS rest,
               f.encoding IN ('boolean', 'category', 'other', 'missing')
               OR CASE WHEN f.encoding = 'number' AND f.min = 0 AND f.max = 1 THEN segment_internal.apart(f.stddev, sqrt(greatest(f.mean * (1 - f.mean), 0))) < 1e-9 ELSE false END AS share
          FROM segment_internal.catalog_feature f
         CROSS JOIN LATERAL (SELECT coalesce(nullif(segment_internal.words(f.source_column), ''), f.source_column) AS words) w
          LEFT JOIN LATERAL (SELECT btrim(d.comment) AS comment
                               FROM pg_attribute a
                              CROSS JOIN LATERAL (SELECT col_description(a.attrelid, a.attnum) AS comment) d
                              WHERE a.attrelid = ($1).source AND a.attname = f.source_column
                                AND length(btrim(d.comment)) BETWEEN 1 AND 40 AND d.comment !~ '[\x01-\x1f\x7f]') c ON true
         WHERE f.model_id = ($1).model_id AND f.run = ($1).run
        WINDOW same AS (PARTITION BY c.comment)
    ), kinds AS (
        SELECT n.*,
               CASE WHEN n.share THEN 'share'
                    WHEN n.encoding = 'days' THEN 'date'
                    WHEN n.encoding = 'interval' THEN 'days'
                    WHEN n.words ~ '\myear\M' AND n.min >= 1800 AND n.max <= 2200 THEN 'year'
                    WHEN n.rest !~ '^[[:alpha:]].{2}' OR count(*) OVER (PARTITION BY n.rest, n.part) > 1
                         OR n.rest ~ '^(at|by|for|from|in|on|per|since|to|with)\M'
                         OR n.comment ~* '\m(amount|count|number|spend|spending|spent)\M' THEN 'number'
                    WHEN n.first IN ('mnt', 'amt', 'amount', 'spend', 'spent', 'spending') THEN 'spend'
                    WHEN n.first IN ('num', 'number', 'nr', 'count', 'cnt', 'qty') THEN 'count'
                    ELSE 'number' END AS kind
          FROM named n
    )
    SELECT k.feature_no, k.feature, k.source_column, k.kind,
           segment_internal.shorten(CASE
               WHEN k.encoding = 'element' THEN p.name || ' ' || k.part
               WHEN k.encoding = 'category' AND k.part = 'true' THEN p.name
               WHEN k.encoding = 'category' AND k.part = 'false' THEN 'not ' || p.name
               WHEN k.encoding = 'category' THEN p.name || ' ' || coalesce(nullif(btrim(regexp_replace(k.part, '[\s\x01-\x1f\x7f]+', ' ', 'g')), ''), '(empty)')
               WHEN k.encoding = 'other' THEN p.name || ' other'
               WHEN k.encoding = 'missing' THEN p.name || ' missing'
               ELSE p.name END),
           CASE WHEN k.encoding IN ('category', 'other', 'missing', 'element') THEN k.source_column ELSE k.first END,
           k.encoding IN ('category', 'other', 'missing') AND k.part IS DISTINCT FROM 'true'
      FROM kinds k
     CROSS JOIN LATERAL (SELECT CASE WHEN k.comment IS NOT NULL THEN k.comment
                                     WHEN k.kind IN ('spend', 'count') THEN k.rest
                                     ELSE k.words END AS name) p
     -- that a boolean is not false says nothing more
     WHERE k.part IS DISTINCT FROM 'false' OR NOT EXISTS (SELECT FROM kinds o WHERE o.source_column = k.source_column AND o.part = 'true');
END;

COMMENT ON FUNCTION segment_internal.feature_names IS
'Internal: the features of the current run of a model by the names that people read. kind: share (0 or 1), date, year, days, spend, count or number; family: features that tell much the same.';

-- How far a segment is from all others.

CREATE FUNCTION segment_internal.effects(m segment_internal.catalog_model) RETURNS SETOF segment_internal.effect
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH names AS MATERIALIZED (
        SELECT n.* FROM segment_internal.feature_names($1) n
    ), figures AS (
        SELECT s.segment, s.rows, s.share, n.feature_no, n.feature, n.source_column, n.kind, n.name, n.family, n.category,
               s.mean[f.feature_no] AS mean, s.stddev[f.feature_no] AS stddev, f.mean AS population_mean, f.min AS lowest,
               segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev) AS z,
               greatest(abs(f.min), abs(f.max)) AS largest
          FROM segment_internal.catalog_segment s
          JOIN segment_internal.catalog_feature f ON f.model_id = ($1).model_id AND f.run = ($1).run
          JOIN names n ON n.feature_no = f.feature_no
         WHERE s.model_id = ($1).model_id
    ), effects AS (
        -- the pooled variance of Cohen's d follows from that of all rows
        SELECT f.*, segment_internal.z(f.stddev, 0, sqrt(f.rows)) AS error,
               f.z / nullif(1 - f.share, 0) / sqrt(nullif(greatest(1 - f.z * f.z * f.share / nullif(1 - f.share, 0), 0), 0)) AS d
          FROM figures f
         WHERE abs(f.z) < 1e100
    )
    SELECT e.segment, row_number() OVER (PARTITION BY e.segment ORDER BY abs(e.z) DESC, e.feature_no)::integer,
           e.feature_no, e.feature, e.source_column, e.kind, e.name, e.family, e.category, e.mean, e.population_mean, e.lowest,
           segment_internal.index(e.mean, e.population_mean), e.z,
           CASE WHEN e.share < 1 THEN coalesce(e.d, sign(e.z) * 'Infinity'::float8) END,
           CASE WHEN e.largest < 1e300 THEN e.mean - 1.96 * e.error END,
           CASE WHEN e.largest < 1e300 THEN e.mean + 1.96 * e.error END,
           CASE WHEN e.rows < 10 OR segment_internal.apart(e.mean, e.population_mean) < 2 * e.error THEN 'low'
                WHEN e.rows < 30 OR segment_internal.apart(e.mean, e.population_mean) < 4 * e.error THEN 'fair'
                ELSE 'high' END
      FROM effects e;
END;

COMMENT ON FUNCTION segment_internal.effects IS
'Internal: each feature of each segment of the current run beside all rows. Ranks by the standardised difference from the mean of all rows and by that from the other rows are the same.';

-- Automatic labels. A term of a label is a feature behind a sign: + or -, more or less of it than all rows have; > or <,
-- than those segments have whose label would else be the same.

CREATE FUNCTION segment_internal.adjective(sign text, kind text, mean float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 = '>' THEN 'more'
            WHEN $1 = '<' THEN 'less'
            WHEN $2 = 'share' AND $1 = '+' THEN CASE WHEN $3 >= 0.8 THEN '' WHEN $3 >= 0.5 THEN 'mostly' ELSE 'often' END
            WHEN $2 = 'share' THEN CASE WHEN $3 <= 0.02 THEN 'no' ELSE 'rarely' END
            WHEN $2 IN ('date', 'year') THEN CASE $1 WHEN '+' THEN 'late' ELSE 'early' END
            WHEN $2 = 'count' THEN CASE $1 WHEN '+' THEN 'many' ELSE 'few' END
            WHEN $1 = '+' THEN 'high'
            ELSE 'low' END;

COMMENT ON FUNCTION segment_internal.adjective IS 'Internal: the word in front of a feature in a label.';

CREATE FUNCTION segment_internal.label_texts(effects segment_internal.effect[], labels segment_internal.label[])
RETURNS segment_internal.label[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH terms AS (
        SELECT l.segment, t.n, e.name, segment_internal.adjective(left(t.term, 1), e.kind, e.mean) AS adjective
          FROM unnest($2) l
         CROSS JOIN LATERAL unnest(l.terms) WITH ORDINALITY t (term, n)
          JOIN unnest($1) e ON e.segment = l.segment AND e.feature = substr(t.term, 2)
    ), texts AS (
        SELECT g.segment, string_agg(g.words, ', ' ORDER BY g.n) AS text
          FROM (SELECT t.segment, min(t.n) AS n, ltrim(t.adjective || ' ') || segment_internal.list_words(array_agg(t.name ORDER BY t.n)) AS words
                  FROM terms t GROUP BY t.segment, t.adjective) g
         GROUP BY g.segment
    )
    SELECT array_agg(ROW(l.segment, l.terms, coalesce(segment_internal.capitalize(t.text), 'Close to average'), l.fixed)::segment_internal.label
                     ORDER BY l.segment)
      FROM unnest($2) l
      LEFT JOIN texts t ON t.segment = l.segment;
END;

COMMENT ON FUNCTION segment_internal.label_texts IS 'Internal: the labels with their terms in words.';

CREATE FUNCTION segment_internal.first_labels(effects segment_internal.effect[], segments integer[]) RETURNS segment_internal.label[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- what stands out, at most two features of a family; that a category is rare says little
    WITH standing_out AS (
        SELECT e.segment, e.rank, e.feature, e.z, max(abs(e.z)) OVER (PARTITION BY e.segment) AS most,
               row_number() OVER (PARTITION BY e.segment, e.family ORDER BY e.rank) AS in_family
          FROM unnest($1) e
         WHERE abs(e.z) >= 0.4 AND e.effect IS NOT NULL AND (e.kind <> 'share' OR e.z > 0 OR NOT e.category AND e.population_mean >= 0.2)
    ), chosen AS (
        SELECT o.segment, o.feature, o.z, row_number() OVER (PARTITION BY o.segment ORDER BY o.rank) AS place
          FROM standing_out o
         WHERE o.in_family <= 2 AND abs(o.z) >= 0.35 * o.most
    )
    SELECT array_agg(ROW(l.segment, l.terms, NULL, false)::segment_internal.label)
      FROM (SELECT s.segment, coalesce(array_agg(CASE WHEN c.z > 0 THEN '+' ELSE '-' END || c.feature ORDER BY c.place)
                                       FILTER (WHERE c.place <= 3), '{}') AS terms
              FROM unnest($2) s (segment)
              LEFT JOIN chosen c ON c.segment = s.segment
             GROUP BY s.segment) l;
END;

COMMENT ON FUNCTION segment_internal.first_labels IS
'Internal: for each of these segments what its label says, if it need not tell it from others.';

CREATE FUNCTION segment_internal.kept_labels(m segment_internal.catalog_model, effects segment_internal.effect[]) RETURNS segment_internal.label[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- the bar is lower for what has been said before: a label does not come and go with small changes
    SELECT coalesce(array_agg(ROW(p.segment, p.label_terms, NULL, true)::segment_internal.label), '{}')
      FROM segment_internal.catalog_profile p
     CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE e.feature IS NULL) AS missing,
                                count(*) FILTER (WHERE CASE left(t, 1) WHEN '+' THEN e.z < 0.3 WHEN '-' THEN e.z > -0.3 END) AS wrong
                           FROM unnest(p.label_terms) t
                           LEFT JOIN unnest($2) e ON e.segment = p.segment AND e.feature = substr(t, 2)) t
     WHERE p.model_id = ($1).model_id AND p.run = ($1).run - 1
       AND t.missing = 0 AND t.wrong = 0
       AND CASE p.label_terms WHEN '{}' THEN 0.6 ELSE 'Infinity' END
           > coalesce((SELECT max(abs(e.z)) FROM unnest($2) e WHERE e.segment = p.segment), 0);
END;

COMMENT ON FUNCTION segment_internal.kept_labels IS 'Internal: of the labels of the run before, what the new figures bear out.';

CREATE FUNCTION segment_internal.distinct_labels(effects segment_internal.effect[], labels segment_internal.label[], given segment_internal.label[])
RETURNS segment_internal.label[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- segments that read the same; of these the ones that may change get a term in which they differ most from the others
    WITH shown AS (
        SELECT l.segment, coalesce(g.label, l.label) AS label FROM unnest($2) l LEFT JOIN unnest($3) g ON g.segment = l.segment
    ), rival AS MATERIALIZED (
        SELECT l.segment, l.terms, array_agg(s.segment ORDER BY s.segment) AS others
          FROM unnest($2) l
          JOIN shown s ON s.label = l.label AND s.segment <> l.segment
         WHERE NOT l.fixed AND l.segment <> ALL (ARRAY(SELECT g.segment FROM unnest($3) g))
         GROUP BY l.segment, l.terms
    ), apart AS (
        SELECT DISTINCT ON (r.segment) r.segment, CASE WHEN f.mine > f.theirs THEN '>' ELSE '<' END || f.feature AS term
          FROM rival r
         CROSS JOIN LATERAL (SELECT e.feature, e.feature_no, min(e.z) FILTER (WHERE e.segment = r.segment) AS mine,
                                    avg(e.z ORDER BY e.segment) FILTER (WHERE e.segment <> r.segment) AS theirs
                               FROM unnest($1) e
                              WHERE e.segment = r.segment OR e.segment = ANY (r.others)
                              GROUP BY e.feature, e.feature_no) f
         WHERE abs(f.mine - f.theirs) > 0 AND NOT EXISTS (SELECT FROM unnest(r.terms) t WHERE substr(t, 2) = f.feature)
         ORDER BY r.segment, abs(f.mine - f.theirs) DESC, f.feature_no
    )
    SELECT array_agg(ROW(l.segment, array_remove(l.terms || a.term, NULL), l.label, l.fixed)::segment_internal.label)
      FROM unnest($2) l
      LEFT JOIN apart a ON a.segment = l.segment;
END;

COMMENT ON FUNCTION segment_internal.distinct_labels IS
'Internal: labels with one more term where they read as those of other segments do, or as those that persons have given.';

CREATE FUNCTION segment_internal.label_segments(m segment_internal.catalog_model) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    effects segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e);
    given   segment_internal.label[] :=
        ARRAY(SELECT ROW(l.segment, '{}', l.label, true)::segment_internal.label
                FROM segment_internal.catalog_label l WHERE l.model_id = m.model_id);
    labels  segment_internal.label[] := segment_internal.kept_labels(m, effects);
BEGIN
    labels := labels || segment_internal.first_labels(effects,
        ARRAY(SELECT p.segment FROM segment_internal.catalog_profile p
               WHERE p.model_id = m.model_id AND p.run = m.run
                 AND p.segment NOT IN (SELECT l.segment FROM unnest(labels) l)));
    labels := segment_internal.label_texts(effects, labels);
    FOR i IN 1 .. 2 LOOP
        labels := segment_internal.distinct_labels(effects, labels, given);
        labels := segment_internal.label_texts(effects, labels);
    END LOOP;
    PERFORM segment_internal.keep_automatic_labels(m.model_id, array_agg(
        ROW(l.segment, l.terms, CASE WHEN l.fixed AND l.before IN (l.label, l.numbered) THEN l.before
                                     WHEN l.same = 1 THEN l.label
                                     ELSE l.numbered END, l.fixed)::segment_internal.label))
      FROM (SELECT l.*, format('%s (%s)', l.label, l.segment) AS numbered, b.label AS before, count(*) OVER (PARTITION BY l.label) AS same
              FROM unnest(labels) l
              LEFT JOIN segment_internal.catalog_profile b
                     ON b.model_id = m.model_id AND b.run = m.run - 1 AND b.segment = l.segment) l;
END
$$;

COMMENT ON FUNCTION segment_internal.label_segments IS
'Internal: gives the segments of the current run their automatic labels: those of the run before as long as they are true.';

-- Sentences. Their subject is the average customer of a segment.

CREATE FUNCTION segment_internal.sentence(e segment_internal.effect) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
           WHEN ($1).kind = 'share' THEN
               format('%s in %s of 100 cases, against %s', ($1).name,
                      segment_internal.cases(($1).mean), segment_internal.cases(($1).population_mean))
               || CASE WHEN r.ratio >= 1.5 OR r.ratio BETWEEN 0.095 AND 0.67
                       THEN format(': %s times as often', segment_internal.times(r.ratio)) ELSE '' END
           WHEN ($1).kind = 'date' THEN
               format('%s is %s on average, %s days %s than the average of %s', ($1).name, d.mine,
                      segment_internal.figure(segment_internal.apart(($1).mean, ($1).population_mean)),
                      CASE WHEN ($1).z < 0 THEN 'earlier' ELSE 'later' END, d.theirs)
           WHEN ($1).kind = 'year' THEN
               format('%s is %s years %s than the average: %s against %s', ($1).name,
                      coalesce(nullif(round(abs(($1).mean - ($1).population_mean)::numeric, 1), 0)::text,
                               segment_internal.figure(abs(($1).mean - ($1).population_mean))),
                      CASE WHEN ($1).z < 0 THEN 'earlier' ELSE 'later' END, f.mine, f.theirs)
           WHEN r.ratio IS NULL OR r.ratio BETWEEN 0.9 AND 1.1 THEN
               format('%s is %s %s the average: %s against %s', ($1).name,
                      segment_internal.figure(segment_internal.apart(($1).mean, ($1).population_mean)),
                      CASE WHEN ($1).z < 0 THEN 'below' ELSE 'above' END, f.mine, f.theirs)
           WHEN r.ratio >= 1.5 THEN
               format(CASE ($1).kind WHEN 'spend' THEN 'spends %2$s times the average on %1$s: %3$s against %4$s'
                                     WHEN 'count' THEN 'has %2$s times the average number of %1$s: %3$s against %4$s'
                                     ELSE '%1$s is %2$s times the average: %3$s against %4$s' END,
                      ($1).name, segment_internal.times(r.ratio), f.mine, f.theirs)
           ELSE
               format(CASE ($1).kind WHEN 'spend' THEN 'spends %2$s%% %5$s than average on %1$s: %3$s against %4$s'
                                     WHEN 'count' THEN 'has %2$s%% %6$s %1$s than average: %3$s against %4$s'
                                     ELSE '%1$s is %2$s%% %7$s the average: %3$s against %4$s' END,
                      ($1).name, least(round(100 * abs(r.ratio - 1)), CASE WHEN r.ratio > 0 THEN 99 ELSE 100 END), f.mine, f.theirs,
                      CASE WHEN r.ratio > 1 THEN 'more' ELSE 'less' END, CASE WHEN r.ratio > 1 THEN 'more' ELSE 'fewer' END,
                      CASE WHEN r.ratio > 1 THEN 'above' ELSE 'below' END)
           END
           || CASE ($1).reliability WHEN 'low' THEN ' (uncertain)' ELSE '' END
      FROM (SELECT CASE WHEN ($1).lowest >= 0 AND ($1).population_mean > 0 THEN ($1).index / 100 END AS ratio) r
     CROSS JOIN LATERAL (SELECT coalesce(segment_internal.figure(($1).mean, ($1).population_mean), ($1).mean::text) AS mine,
                                coalesce(segment_internal.figure(($1).population_mean, ($1).mean), ($1).population_mean::text)
                                || CASE ($1).kind WHEN 'days' THEN ' days' ELSE '' END AS theirs) f
     CROSS JOIN LATERAL (SELECT segment_internal.day(($1).mean) AS mine, segment_internal.day(($1).population_mean) AS theirs) d;
END;

COMMENT ON FUNCTION segment_internal.sentence IS
'Internal: what sets a segment apart in a feature, with the means of the segment and of all rows in original units.';

CREATE FUNCTION segment_internal.percent(share float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $1 > 0 AND $1 < 0.005 THEN 'less than 1%' WHEN $1 >= 0.995 AND $1 < 1 - 1e-9 THEN 'more than 99%' ELSE round((100 * $1)::numeric) || '%' END;

COMMENT ON FUNCTION segment_internal.percent IS 'Internal: a share in words.';

CREATE FUNCTION segment_internal.count(rows bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_char($1, 'FM999,999,999,999,999,999,990');

COMMENT ON FUNCTION segment_internal.count IS 'Internal: a number of rows as people write it.';

CREATE FUNCTION segment_internal.neighbours(m segment_internal.catalog_model, OUT segment integer, OUT neighbour integer) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DISTINCT ON (a.segment) a.segment, b.segment
      FROM segment_internal.catalog_centroid a
      JOIN segment_internal.catalog_centroid b ON b.model_id = a.model_id AND b.run = a.run AND b.segment <> a.segment
     CROSS JOIN LATERAL (SELECT sum(CASE WHEN abs(u.x - u.y) > 1e-100 THEN (u.x - u.y) ^ 2 ELSE 0 END) AS squared FROM unnest(a.scaled, b.scaled) u (x, y)
                          WHERE abs(u.x - u.y) < 1e100) d
     WHERE a.model_id = ($1).model_id AND a.run = ($1).run
       AND (SELECT count(*) FROM segment_internal.catalog_centroid c WHERE c.model_id = ($1).model_id AND c.run = ($1).run) <= 100
     ORDER BY a.segment, d.squared, b.segment;
END;

COMMENT ON FUNCTION segment_internal.neighbours IS
'Internal: the segment whose centroid is nearest to that of each segment; nothing for more than a hundred segments, which have too many pairs.';

-- What segments are worth.

CREATE FUNCTION segment_internal.value(model_id bigint, value text) RETURNS SETOF segment_internal.worth
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NOT NULL THEN
        RETURN QUERY SELECT w.* FROM segment_internal.worth_of(model_id, value) w;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.value IS 'Internal: segment_value of a model; nothing without a column.';

CREATE FUNCTION segment_internal.worth_of(model_id bigint, value text) RETURNS SETOF segment_internal.worth
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_members';

COMMENT ON FUNCTION segment_internal.worth_of IS 'Internal: what the segments of a model are worth, as its owner.';

CREATE FUNCTION segment_internal.worth_of_as_owner(model_id bigint, value text) RETURNS SETOF segment_internal.worth
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    columns text[];
    members text;
    wanted  record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.members) THEN
        RAISE undefined_table USING
            MESSAGE = format('model "%s" has no members view, which tells the segment of each row', m.name),
            HINT = 'Fit it with a key, and assignment => ''table'' or ''view''.';
    END IF;
    columns := ARRAY(SELECT c.column_name FROM segment_internal.columns(m.members) c);
    PERFORM segment_internal.check_columns(m.members, ARRAY[$2], 'value');
    SELECT c.* INTO wanted FROM segment_internal.columns(m.members) c WHERE c.column_name = $2;
    IF wanted.kind <> 'number' THEN
        RAISE wrong_object_type USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which is not a number', $2,
                             (SELECT c.relname FROM pg_class c WHERE c.oid = m.members), wanted.data_type),
            HINT = 'Name a column of what customers are worth, such as their spend.';
    END IF;

    -- The last four columns of the view are ours, the first of them the segment. Who may read what the view reads is
    -- spared the labels in it.
    members := format('SELECT m.%I AS segment, m.%I AS value FROM %s m', columns[cardinality(columns) - 3], $2, m.members);
    IF has_table_privilege(m.source, 'SELECT') AND has_table_privilege(m.assignment, 'SELECT')
       AND $2 = ANY (ARRAY(SELECT c.column_name FROM segment_internal.columns(m.source) c)) THEN
        members := format('SELECT a.%I AS segment, source.%I AS value FROM %s source JOIN %s a ON %s',
            (ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c))[cardinality(m.key) + 1],
            $2, m.source, m.assignment, segment_internal.key_match(m.source, m.key, 'source', 'a'));
    END IF;

    -- sums of numeric do not depend on the order of rows
    RETURN QUERY EXECUTE format(
        'SELECT s.segment, s.label, coalesce(v.rows, 0), coalesce(v.rows / nullif(sum(v.rows) OVER (), 0), 0)::float8,'
        '       v.total::float8, v.average::float8, '
        '       (CASE WHEN v.all_total > 0 AND v.all_total < ''Infinity'' THEN v.total / v.all_total END)::float8'
        '  FROM segment_internal.catalog_segment s'
        '  LEFT JOIN (SELECT m.segment, count(*) AS rows, sum(%1$s)::numeric AS total, avg(%1$s)::numeric AS average,'
        '                    sum(sum(%1$s)::numeric) OVER () AS all_total'
        '               FROM (%2$s) m GROUP BY 1) v ON v.segment = s.segment'
        ' WHERE s.model_id = %3$s ORDER BY s.segment',
        CASE WHEN wanted.base_type IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype) THEN 'm.value'
             ELSE 'nullif(m.value::numeric, ''NaN'')' END,
        members, m.model_id);
END
$$;

COMMENT ON FUNCTION segment_internal.worth_of_as_owner IS 'Internal: what worth_of returns.';

CREATE FUNCTION segment_internal.given(argument text, value text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = format('argument "%s" must not be NULL', argument);
    END IF;
    RETURN value;
END
$$;

COMMENT ON FUNCTION segment_internal.given IS 'Internal: the value of an argument; an error if it is NULL.';

CREATE FUNCTION @extschema@.segment_value(
    model text,
    value text,
    OUT segment     integer,
    OUT label       text,
    OUT rows        bigint,
    OUT share       float8,
    OUT value_sum   float8,
    OUT value_avg   float8,
    OUT value_share float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT v.* FROM segment_internal.value(segment_internal.model_id($1), segment_internal.given('value', $2)) v;
END;

COMMENT ON FUNCTION @extschema@.segment_value IS
'What the segments of a model are worth, by today''s sums of a numeric column of its members: their shares of the rows and of the value; value_share is NULL where all values together are not positive, or infinite.';

CREATE FUNCTION segment_internal.typical(
    model_id bigint,
    rows     integer,
    OUT segment  integer,
    OUT rank     integer,
    OUT key      jsonb,
    OUT distance real,
    OUT customer jsonb
) RETURNS SETOF record
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.typical IS 'Internal: segment_typical of a model, as its owner.';

CREATE FUNCTION segment_internal.typical_as_owner(
    model_id bigint,
    rows     integer,
    OUT segment  integer,
    OUT rank     integer,
    OUT key      jsonb,
    OUT distance real,
    OUT customer jsonb
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m    segment_internal.catalog_model := segment_internal.model(model_id);
    own  text[];
    keys text;
    nth  text;
BEGIN
    IF $2 IS NULL OR $2 NOT BETWEEN 1 AND 1000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "rows" is %s', coalesce($2::text, 'NULL')),
            HINT = 'It must be from 1 to 1000.';
    ELSIF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
        RAISE undefined_table USING
            MESSAGE = format('model "%s" has no assignment, which tells the distance of each row', m.name),
            HINT = 'Fit it with a key, and assignment => ''table'' or ''view''.';
    ELSIF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.source) THEN
        RAISE undefined_table USING
            MESSAGE = format('the source of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew on another relation.';
    END IF;
    own := ARRAY(SELECT c.column_name FROM segment_internal.columns(m.assignment) c);
    keys := (SELECT string_agg(format('a.%I', k), ', ' ORDER BY n) FROM unnest(m.key) WITH ORDINALITY u (k, n));
    nth := segment_internal.unique_name('segment_rank', '', own);

    -- those of the first rows that are nearest tell how near the nearest of all are at least: few others are sorted
    RETURN QUERY EXECUTE format(
        'WITH bound AS ('
        '    SELECT b.segment, max(b.distance) AS distance'
        '      FROM (SELECT a.%1$I AS segment, a.%2$I AS distance, row_number() OVER (PARTITION BY a.%1$I ORDER BY a.%2$I) AS n'
        '              FROM (SELECT * FROM %3$s LIMIT 5000) a) b'
        '     WHERE b.n <= $1 GROUP BY b.segment HAVING count(*) = $1'
        '), nearest AS MATERIALIZED ('
        '    SELECT r.* FROM (SELECT a.*, row_number() OVER (PARTITION BY a.%1$I ORDER BY a.%2$I, %4$s) AS %9$I'
        '                       FROM %3$s a LEFT JOIN bound b ON b.segment = a.%1$I'
        '                      WHERE b.distance IS NULL OR a.%2$I <= b.distance) r'
        '     WHERE r.%9$I <= $1'
        ')'
        'SELECT n.%1$I, n.%9$I::integer, jsonb_build_object(%5$s), n.%2$I, jsonb_build_object(%6$s)'
        '  FROM nearest n JOIN %7$s source ON %8$s ORDER BY n.%1$I, n.%9$I',
        own[cardinality(m.key) + 1], own[cardinality(m.key) + 2], m.assignment, keys,
        (SELECT string_agg(format('%1$L, n.%1$I', k), ', ' ORDER BY n) FROM unnest(m.key) WITH ORDINALITY u (k, n)),
        (SELECT string_agg(format('%1$L, source.%1$I', c), ', ' ORDER BY n) FROM unnest(m.columns[:50]) WITH ORDINALITY u (c, n)),
        m.source, segment_internal.key_match(m.source, m.key, 'source', 'n'), nth)
        USING $2;
END
$$;

COMMENT ON FUNCTION segment_internal.typical_as_owner IS 'Internal: what segment_typical returns.';

CREATE FUNCTION @extschema@.segment_typical(
    model  text,
    rows   integer DEFAULT 3,
    OUT segment  integer,
    OUT rank     integer,
    OUT key      jsonb,
    OUT distance real,
    OUT customer jsonb
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT t.* FROM segment_internal.typical(segment_internal.model_id($1), $2) t;
END;

COMMENT ON FUNCTION @extschema@.segment_typical IS
'The rows nearest to the centroid of each segment, nearest first, so many of each: their keys, distances, and today''s values of the columns that the model clusters on (of the first fifty).';

-- Insights.

CREATE FUNCTION segment_internal.model_insights(m segment_internal.catalog_model, effects segment_internal.effect[]) RETURNS SETOF text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH run AS (
        SELECT r.* FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id AND r.run = ($1).run
    ), size AS (
        SELECT min(s.rows) AS least, max(s.rows) AS most, min(s.share) AS least_share, max(s.share) AS most_share
          FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id
    ), telling AS (
        -- the share of a feature's variance that lies between the segments, again two of a family
        SELECT f.name, f.weight, row_number() OVER (ORDER BY f.weight DESC, f.feature_no) AS place
          FROM (SELECT e.name, e.feature_no, sum(s.share * e.z * e.z ORDER BY e.segment) AS weight,
                       row_number() OVER (PARTITION BY e.family ORDER BY sum(s.share * e.z * e.z ORDER BY e.segment) DESC, e.feature_no) AS in_family
                  FROM unnest($2) e
                  JOIN segment_internal.catalog_segment s ON s.model_id = ($1).model_id AND s.segment = e.segment
                 GROUP BY e.name, e.feature_no, e.family) f
         WHERE f.in_family <= 2
    ), moved AS (
        SELECT s.label, s.share, p.rows::float8 / r.rows_used AS before
          FROM segment_internal.catalog_segment s
          JOIN segment_internal.catalog_profile p ON p.model_id = s.model_id AND p.run = ($1).run - 1 AND p.segment = s.segment
          JOIN segment_internal.catalog_run r ON r.model_id = p.model_id AND r.run = p.run
         WHERE s.model_id = ($1).model_id
         ORDER BY abs(s.share - p.rows::float8 / r.rows_used) DESC, s.segment
         LIMIT 1
    )
    SELECT i.insight
      FROM (SELECT 1, CASE WHEN r.k = 1 THEN format('%s customers in one segment', segment_internal.count(r.rows_used))
                           ELSE format('%s customers in %s segments of %s (%s) to %s (%s)', segment_internal.count(r.rows_used), r.k,
                                       segment_internal.count(s.least), segment_internal.percent(s.least_share),
                                       segment_internal.count(s.most), segment_internal.percent(s.most_share)) END
                      || CASE WHEN r.rows_skipped > 0 THEN format('; %s more were left out', segment_internal.count(r.rows_skipped)) ELSE '' END
              FROM run r CROSS JOIN size s
             UNION ALL
            SELECT 2, CASE WHEN r.silhouette >= 0.5 THEN 'The segments are clearly apart'
                           WHEN r.silhouette >= 0.25 THEN 'The segments overlap at their edges'
                           ELSE 'The segments blend into each other: where one ends is a choice' END
                      || format(' (silhouette %s)', round(r.silhouette::numeric, 2))
                      || coalesce(format(', and explain %s of the differences between customers', segment_internal.percent(r.explained)), '')
              FROM run r WHERE r.k > 1 AND r.silhouette IS NOT NULL
             UNION ALL
            SELECT 3, format('They differ most in %s', segment_internal.list_words(array_agg(t.name ORDER BY t.place)))
              FROM telling t CROSS JOIN run r WHERE t.place <= 3 AND r.k > 1 HAVING count(*) > 0
             UNION ALL
            SELECT 4, CASE r.k_reason WHEN 'given' THEN format('The number of segments, %s, was asked for', r.k)
                                      WHEN 'as in the run before' THEN format('The number of segments, %s, is that of the run before', r.k)
                                      ELSE format('Why %s segments: %s', r.k, r.k_reason) END
              FROM run r
             UNION ALL
            SELECT 5, format('Small, to be read with care: %s', string_agg(format('"%s" (%s)', s.label, segment_internal.count(s.rows)), ', ' ORDER BY s.segment))
              FROM segment_internal.catalog_segment s WHERE s.model_id = ($1).model_id AND s.rows < 30 HAVING count(*) > 0
             UNION ALL
            SELECT 6, CASE WHEN abs(d.share - d.before) < 0.005 THEN 'The sizes of the segments are as they were in the run before'
                           ELSE format('Since the run before, "%s" %s from %s to %s of the customers', d.label,
                                       CASE WHEN d.share > d.before THEN 'grew' ELSE 'shrank' END,
                                       segment_internal.percent(d.before), segment_internal.percent(d.share)) END
              FROM moved d CROSS JOIN run r WHERE r.k > 1) i (n, insight)
     ORDER BY i.n;
END;

COMMENT ON FUNCTION segment_internal.model_insights IS 'Internal: the current run of a model in sentences.';

CREATE FUNCTION segment_internal.insights(
    model_id bigint,
    value text,
    OUT segment     integer,
    OUT label       text,
    OUT rank        integer,
    OUT feature     text,
    OUT insight     text,
    OUT about       text,
    OUT effect      float8,
    OUT mean        float8,
    OUT low         float8,
    OUT high        float8,
    OUT population_mean float8,
    OUT reliability text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    effects segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e);
BEGIN
    RETURN QUERY
        SELECT NULL::integer, NULL::text, NULL::integer, NULL::text, i, 'model', NULL::float8, NULL::float8, NULL::float8,
               NULL::float8, NULL::float8, NULL::text
          FROM segment_internal.model_insights(m, effects) i;
    RETURN QUERY
        WITH near AS MATERIALIZED (
            SELECT n.segment, o.label
              FROM segment_internal.neighbours(m) n
              JOIN segment_internal.catalog_segment o ON o.model_id = m.model_id AND o.segment = n.neighbour
        ), sentences AS MATERIALIZED (
            SELECT e.segment, 1 AS part, e.rank, e.feature, segment_internal.sentence(e) AS insight, 'feature' AS about,
                   e.effect, e.mean, e.low, e.high, e.population_mean, e.reliability
              FROM unnest(effects) e
             WHERE e.effect IS NOT NULL AND (abs(e.effect) >= 0.2 OR e.rank = 1)
             UNION ALL
            SELECT s.segment, 2, NULL, NULL,
                   format('%s of the customers: %s', segment_internal.percent(s.share), segment_internal.count(s.rows)),
                   'size', NULL, NULL, NULL, NULL, NULL, NULL
              FROM segment_internal.catalog_segment s
             WHERE s.model_id = m.model_id
             UNION ALL
            SELECT s.segment, 3, NULL, NULL,
                   CASE s.border_rows WHEN 0 THEN 'nobody is at the border to another segment'
                   ELSE format('%s of 100 are at the border (margin below 0.1)', segment_internal.cases(s.border_rows / s.rows::float8))
                        || coalesce(format(': nearest is "%s"', n.label), '') END,
                   'border', NULL, NULL, NULL, NULL, NULL, NULL
              FROM segment_internal.catalog_segment s
              LEFT JOIN near n ON n.segment = s.segment
             WHERE s.model_id = m.model_id AND s.margin_avg IS NOT NULL
             UNION ALL
            SELECT v.segment, 4, NULL, NULL,
                   format('is %s of the customers and %s of "%s": %s on average', segment_internal.percent(v.share),
                          segment_internal.percent(v.value_share), $2, segment_internal.figure(v.value_avg)),
                   'value', NULL, v.value_avg, NULL, NULL, NULL, NULL
              FROM segment_internal.value(m.model_id, $2) v
             WHERE v.value_share IS NOT NULL
        )
        SELECT s.segment, s.label, i.rank, i.feature, i.insight, i.about, i.effect, i.mean, i.low, i.high, i.population_mean, i.reliability
          FROM segment_internal.catalog_segment s
          JOIN sentences i ON i.segment = s.segment
         WHERE s.model_id = m.model_id
         ORDER BY s.segment, i.part, i.rank;
END
$$;

COMMENT ON FUNCTION segment_internal.insights IS 'Internal: segment_insights of a model.';

CREATE FUNCTION @extschema@.segment_insights(
    model text,
    value text DEFAULT NULL,
    OUT segment     integer,
    OUT label       text,
    OUT rank        integer,
    OUT feature     text,
    OUT insight     text,
    OUT about       text,
    OUT effect      float8,
    OUT mean        float8,
    OUT low         float8,
    OUT high        float8,
    OUT population_mean float8,
    OUT reliability text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT i.* FROM segment_internal.insights(segment_internal.model_id($1), $2) i;
END;

COMMENT ON FUNCTION @extschema@.segment_insights IS
'What a model found, in sentences: of each segment the features that set it apart from the other rows, the largest effect (Cohen''s d) first and down to 0.2, with the means of the segment and of all rows in original units and how reliable that is; its size, who is at its border, and, where value names a numeric column, what it is worth. Rows without a segment are about the whole model. rank is NULL for what is not about a feature.';
