-- What the figures of a model say: how far each feature of a segment is from that of all others, automatic labels, and
-- sentences. All of it is made of figures that a fit has stored, but for the value of customers, which is read live.

CREATE FUNCTION segment_internal.column_naming(source regclass, column_name text, OUT name text, OUT unit text, OUT kind text, OUT verb text, OUT speaks boolean, OUT adds boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- a short comment is a name, but one that two columns share tells neither
    comment text := (SELECT btrim(d.description)
                       FROM pg_attribute a
                       JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
                        AND length(btrim(d.description)) BETWEEN 1 AND 40 AND d.description !~ '[\x01-\x1f\x7f]'
                        AND NOT EXISTS (SELECT FROM pg_description b
                                         WHERE b.classoid = d.classoid AND b.objoid = d.objoid AND b.objsubid > 0 AND b.objsubid <> d.objsubid
                                           AND btrim(b.description) = btrim(d.description))
                      WHERE a.attrelid = source AND a.attname = column_naming.column_name);
    o       record := segment_internal.naming(column_name, NULL);
    n       record := segment_internal.naming(CASE WHEN comment IS NOT NULL THEN column_name END, comment);
BEGIN
    name := coalesce(n.name, o.name);
    unit := coalesce(n.unit, o.unit);
    kind := CASE WHEN n.kind <> 'number' OR n.name = o.name THEN n.kind WHEN n.kind IS NOT NULL AND o.kind = 'spending' THEN 'money' ELSE o.kind END;
    verb := coalesce(n.verb, o.verb);
    speaks := o.speaks OR n.speaks IS TRUE;
    adds := kind NOT IN ('score', 'rate', 'age', 'duration') AND verb IS NULL AND name !~* '(^| )(average|mean|median|per|year)( |$)';
END
$$;

COMMENT ON FUNCTION segment_internal.column_naming IS
'Internal: segment_internal.naming of a column of a relation: by its comment, if that is short and no other column''s, and its name for what that leaves open. adds: whether sums mean something, so that segments have shares of it.';

CREATE FUNCTION segment_internal.feature_names(
    m segment_internal.catalog_model,
    OUT feature_no    integer,
    OUT feature       text,
    OUT source_column text,
    OUT kind          text,
    OUT name          text,
    OUT unit          text,
    OUT verb          text,
    OUT topic         text,
    OUT family        text,
    OUT category      boolean,
    OUT pair          boolean
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH features AS (
        SELECT f.feature_no, f.feature, f.source_column, f.part, f.encoding, f.min, f.max, f.mean,
               f.encoding IN ('category', 'other', 'missing') AS category,
               count(*) FILTER (WHERE f.encoding IN ('category', 'other', 'missing')) OVER same = 2 AS pair,
               CASE WHEN f.encoding = 'category' THEN segment_internal.meanings(btrim(f.part)) ELSE '{}' END AS means,
               length(btrim(f.part)) = 1 AS letter,
               nullif(btrim(regexp_replace(f.part, '[\s\x01-\x1f\x7f]+', ' ', 'g')), '') AS part_name,
               f.encoding IN ('boolean', 'flag', 'category', 'other', 'missing') AS share,
               CASE WHEN f.encoding = 'number' AND f.max - f.min BETWEEN 1 AND 1e6
                    THEN segment_internal.apart(f.stddev, sqrt(greatest((f.mean - f.min) * (f.max - f.mean), 0))) < 1e-9 * (f.max - f.min) ELSE false END AS two_values
          FROM segment_internal.catalog_feature f
         WHERE f.model_id = ($1).model_id AND f.run = ($1).run
        WINDOW same AS (PARTITION BY f.source_column)
    ), columns AS MATERIALIZED (
        SELECT c.source_column, n.*
          FROM (SELECT DISTINCT f.source_column FROM features f) c
         CROSS JOIN LATERAL segment_internal.column_naming(($1).source, c.source_column) n
    ), kinds AS (
        -- of a column of yes and no the first is a flag, and the second says nothing more
        SELECT f.*, n.unit, n.verb, n.speaks, segment_internal.meanings(split_part(n.name, ' ', -1)) ? 'behind' AS behind, n.name AS said, f.pair AND bool_or(f.means ? 'yes') OVER same AND bool_or(f.means ? 'no') OVER same AS answers,
               CASE WHEN f.encoding = 'vector' THEN 'vector'
                    WHEN f.share OR f.two_values AND f.min = 0 AND f.max = 1 THEN 'share'
                    WHEN f.two_values AND n.kind = 'number' AND f.min >= 1 AND f.max = f.min + 1 AND f.min = trunc(f.min) THEN 'code'
                    WHEN f.encoding = 'days' THEN 'date'
                    WHEN f.encoding = 'interval' THEN 'days'
                    WHEN n.name ~* '(^| )(year|born|birth)( |$)' AND f.min >= 1800 AND f.max <= 2200 THEN 'year'
                    WHEN n.kind = 'purchase' THEN CASE
                         -- fractions, or numbers as large as nobody buys
                         WHEN f.mean >= 200 OR EXISTS (SELECT FROM segment_internal.catalog_profile p
                                                        WHERE p.model_id = ($1).model_id AND p.run = ($1).run
                                                          AND (p.min[f.feature_no] <> trunc(p.min[f.feature_no]) OR p.max[f.feature_no] <> trunc(p.max[f.feature_no])))
                         THEN 'spend' ELSE 'count' END
                    WHEN n.kind = 'age' AND NOT (f.min >= 0 AND f.max <= 150 AND coalesce(n.unit, 'years') ~ '^[a-z]{4}') THEN 'number'
                    ELSE n.kind END AS kind
          FROM features f
          JOIN columns n ON n.source_column = f.source_column
        WINDOW same AS (PARTITION BY f.source_column)
    ), named AS (
        SELECT k.*,
               -- two columns of one thing
               k.kind IN ('spend', 'count') AND min(k.source_column) OVER same <> max(k.source_column) OVER same AS shared,
               CASE WHEN k.kind IN ('date', 'year')
                         THEN coalesce(nullif(regexp_replace(regexp_replace(k.said, '^(date|year)( of| at|$) ?', ''), ' (at|date|day|on|time|timestamp|year)$', ''), ''), k.said)
                         WHEN k.kind = 'share' THEN regexp_replace(k.said, '^(is|has|was|had) (an? )?(?=.)', '')
                         ELSE k.said END AS topic
          FROM kinds k
         WHERE NOT (k.answers AND k.means ? 'no')
        WINDOW same AS (PARTITION BY k.said)
    ), told AS (
        SELECT n.*,
               CASE WHEN n.shared THEN CASE n.kind WHEN 'spend' THEN 'spend on ' ELSE 'number of ' END || n.topic
                    WHEN n.encoding = 'element' THEN n.topic || ' ' || n.part
                    WHEN n.encoding = 'other' THEN 'other ' || n.topic
                    WHEN n.encoding = 'missing' THEN n.topic || ' missing'
                    WHEN n.encoding <> 'category' OR n.means ? 'yes' AND (n.answers OR NOT n.letter) THEN n.topic
                    -- F and M are no answers
                    WHEN n.means ? 'no' AND (n.answers OR NOT n.letter) THEN 'no ' || n.topic
                    WHEN n.part_name ~* '^no [[:alpha:]]' THEN lower(left(n.part_name, 1)) || substr(n.part_name, 2)
                    WHEN n.behind AND n.part_name ~ '[[:alpha:]][^ ]{2}' THEN n.part_name || ' ' || n.topic
                    WHEN n.speaks AND n.part_name ~ '^[[:alpha:]][^ ]{2}' AND NOT n.means ? 'vague' THEN n.part_name
                    ELSE n.topic || ' ' || coalesce(n.part_name, '(empty)') END AS name
          FROM named n
    )
    SELECT t.feature_no, t.feature, t.source_column, CASE WHEN t.shared THEN CASE t.kind WHEN 'spend' THEN 'money' ELSE 'number' END ELSE t.kind END, segment_internal.shorten(t.name),
           CASE WHEN t.kind IN ('share', 'code', 'date', 'year', 'count', 'children') THEN NULL
                ELSE coalesce(t.unit, CASE t.kind WHEN 'age' THEN 'years' WHEN 'days' THEN 'days' END) END,
           CASE WHEN t.kind IN ('date', 'year') THEN t.verb
                WHEN t.kind <> 'share' OR t.category AND NOT t.answers THEN NULL
                WHEN segment_internal.meanings(split_part(t.topic, ' ', 1)) ? 'did' THEN 'has'
                WHEN segment_internal.meanings(split_part(t.topic, ' ', -1)) ? 'person' THEN CASE WHEN t.topic ~* '^[aeiou]' THEN 'is an' ELSE 'is a' END
                WHEN segment_internal.meanings(t.topic) ? 'state' THEN 'is'
                ELSE substring(t.said, '^(is|has|was|had) .') END,
           segment_internal.shorten(CASE WHEN t.shared THEN t.name ELSE t.topic END),
           CASE WHEN t.category OR t.encoding = 'element' THEN t.source_column ELSE split_part(segment_internal.words(t.source_column), ' ', 1) END,
           t.category AND NOT t.answers, t.pair AND NOT t.answers
      FROM told t;
END;

COMMENT ON FUNCTION segment_internal.feature_names IS
'Internal: the features of the current run of a model by the names that people read: name, without its unit, and topic, that of the whole column. kind: share (0 or 1), code (one of two numbers), date, year, days, spend (name is what for), spending, money, count (name is what of), children, age, score, rate, duration, vector (its length) or number; unit, beside figures, see segment_internal.amount; verb: what a customer is, has or did, with name behind it if kind is share and without if it is date or year; family: features that tell much the same; category: a value of a column that has others, pair: one other.';

CREATE FUNCTION segment_internal.effects(m segment_internal.catalog_model) RETURNS SETOF segment_internal.effect
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH names AS MATERIALIZED (
        -- what a vector means its length does not say
        SELECT n.* FROM segment_internal.feature_names($1) n WHERE n.kind <> 'vector'
    ), figures AS (
        SELECT f.*, n.source_column, n.kind, n.name, n.unit, n.verb, n.topic, n.family, n.category, n.pair,
               greatest(abs(f.population_min), abs(f.population_max)) AS largest
          FROM segment_internal.figures($1) f
          JOIN names n ON n.feature_no = f.feature_no
    ), effects AS (
        -- the pooled variance of Cohen's d follows from that of all rows
        SELECT f.*, segment_internal.z(f.stddev, 0, sqrt(f.rows)) AS error,
               f.z / nullif(1 - f.share, 0) / sqrt(nullif(greatest(1 - f.z * f.z * f.share / nullif(1 - f.share, 0), 0), 0)) AS d,
               -- of two values the one is told that the segment has more of; "no ..." is in fewer cases goes without saying
               f.pair AND f.z < 0
               OR f.category AND f.z < 0 AND f.name LIKE 'no %' AND bool_or(f.category AND f.z > 0) OVER (PARTITION BY f.segment, f.source_column) AS hidden
          FROM figures f
         WHERE abs(f.z) < 1e100
    ), known AS (
        SELECT e.*, e.hidden OR e.kind = 'share' AND row_number() OVER (PARTITION BY e.segment, e.kind, regexp_replace(e.name, '^no ', '')
                                                                        ORDER BY e.hidden, abs(e.z) DESC, e.feature_no) > 1 AS twice
          FROM effects e
    )
    SELECT e.segment, row_number() OVER (PARTITION BY e.segment ORDER BY e.twice, abs(e.z) DESC, e.feature_no)::integer,
           e.feature_no, e.feature, e.source_column, e.kind, e.name, e.unit, e.verb, e.topic, e.family, e.category, e.pair, e.twice, e.mean, e.min, e.max,
           e.population_mean, e.population_stddev, e.population_min, e.population_max, e.index, e.z,
           CASE WHEN e.share < 1 THEN coalesce(e.d, sign(e.z) * 'Infinity'::float8) END,
           CASE WHEN e.largest < 1e300 THEN e.mean - 1.96 * e.error END,
           CASE WHEN e.largest < 1e300 THEN e.mean + 1.96 * e.error END,
           CASE WHEN e.rows < 10 OR segment_internal.apart(e.mean, e.population_mean) < 2 * e.error THEN 'low'
                WHEN e.rows < 30 OR segment_internal.apart(e.mean, e.population_mean) < 4 * e.error THEN 'fair'
                ELSE 'high' END
      FROM known e;
END;

COMMENT ON FUNCTION segment_internal.effects IS
'Internal: each feature of each segment of the current run beside all rows. Ranks by the standardised difference from the mean of all rows and by that from the other rows are the same.';

CREATE FUNCTION segment_internal.telling(effects segment_internal.effect[]) RETURNS SETOF segment_internal.effect
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.* FROM unnest($1) e WHERE e.effect IS NOT NULL AND NOT e.twice AND (abs(e.effect) >= 0.2 OR e.rank = 1);
END;

COMMENT ON FUNCTION segment_internal.telling IS 'Internal: the effects that are worth a sentence: those that are not small, and the largest of each segment.';
