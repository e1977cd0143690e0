-- What the figures of a model say: how far each feature of a segment is from that of all others, automatic labels, and
-- sentences. All of it is made of figures that a fit has stored, but for the value of customers, which is read live.

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

CREATE FUNCTION segment_internal.effects(m segment_internal.catalog_model) RETURNS SETOF segment_internal.effect
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH names AS MATERIALIZED (
        SELECT n.* FROM segment_internal.feature_names($1) n
    ), figures AS (
        SELECT f.*, n.source_column, n.kind, n.name, n.family, n.category, greatest(abs(f.population_min), abs(f.population_max)) AS largest
          FROM segment_internal.figures($1) f
          JOIN names n ON n.feature_no = f.feature_no
    ), effects AS (
        -- the pooled variance of Cohen's d follows from that of all rows
        SELECT f.*, segment_internal.z(f.stddev, 0, sqrt(f.rows)) AS error,
               f.z / nullif(1 - f.share, 0) / sqrt(nullif(greatest(1 - f.z * f.z * f.share / nullif(1 - f.share, 0), 0), 0)) AS d
          FROM figures f
         WHERE abs(f.z) < 1e100
    )
    SELECT e.segment, row_number() OVER (PARTITION BY e.segment ORDER BY abs(e.z) DESC, e.feature_no)::integer,
           e.feature_no, e.feature, e.source_column, e.kind, e.name, e.family, e.category, e.mean, e.population_mean, e.population_min, e.index, e.z,
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

CREATE FUNCTION segment_internal.telling(effects segment_internal.effect[]) RETURNS SETOF segment_internal.effect
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.* FROM unnest($1) e WHERE e.effect IS NOT NULL AND (abs(e.effect) >= 0.2 OR e.rank = 1);
END;

COMMENT ON FUNCTION segment_internal.telling IS 'Internal: the effects that are worth a sentence: those that are not small, and the largest of each segment.';
