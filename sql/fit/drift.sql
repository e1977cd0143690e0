-- How today's rows differ from those of the fit.

CREATE FUNCTION segment_internal.stability_index(before float8[], now float8[]) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sum((n - b) * ln(n / b) ORDER BY i)
      FROM (SELECT i, greatest(r.before / nullif(sum(r.before) OVER (), 0), 0.0001) AS b,
                   greatest(r.now / nullif(sum(r.now) OVER (), 0), 0.0001) AS n
              FROM unnest($1, $2) WITH ORDINALITY r (before, now, i)
             WHERE r.before > 0 OR r.now > 0) s;
$$;

COMMENT ON FUNCTION segment_internal.stability_index IS
'Internal: the population stability index of two lists of row counts: the sum of (now - before) ln(now / before) over their shares, of which none counts as less than 0.0001 (N. Siddiqi, Credit Risk Scorecards, 2006). NULL without rows.';

CREATE FUNCTION segment_internal.drift_verdict(figure float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 < 0.1 THEN 'stable' WHEN $1 < 0.25 THEN 'moderate' WHEN $1 >= 0.25 THEN 'drifted' END;

COMMENT ON FUNCTION segment_internal.drift_verdict IS
'Internal: what is said of a population stability index (Siddiqi 2006), and of the way of a centroid: below 0.1 stable, below 0.25 moderate, else drifted.';

-- Every bin of a feature of few bins; else about ten, whose ends are nearest to the deciles of the fit.
CREATE FUNCTION segment_internal.wide_bins(before bigint[]) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    WITH bin AS (
        SELECT b.i, sum(b.rows) OVER (ORDER BY b.i) / nullif(sum(b.rows) OVER (), 0) AS upto, count(*) OVER () AS bins
          FROM unnest($1[:cardinality($1) - 1]) WITH ORDINALITY b (rows, i)
    ), ends AS (
        SELECT DISTINCT (SELECT b.i FROM bin b WHERE b.i < b.bins ORDER BY abs(b.upto - d / 10.0), b.i LIMIT 1) AS i
          FROM generate_series(1, 9) d
    )
    SELECT array_agg((CASE WHEN b.bins <= 11 THEN b.i - 1 ELSE (SELECT count(*) FROM ends e WHERE e.i < b.i) END)::integer ORDER BY b.i)
      FROM bin b;
$$;

COMMENT ON FUNCTION segment_internal.wide_bins IS
'Internal: the number of the wide bin, from 0, that each bin of a fit belongs to; missing values are in none.';

CREATE FUNCTION segment_internal.feature_drift(before bigint[], now bigint[], OUT psi float8, OUT ks float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    WITH bin AS (
        SELECT b.i, b.before::float8, b.now::float8, coalesce(w.wide, -1) AS wide
          FROM unnest($1, $2, segment_internal.wide_bins($1)) WITH ORDINALITY b (before, now, wide, i)
         CROSS JOIN LATERAL (SELECT b.wide) w
    ), wide AS (
        SELECT b.wide, sum(b.before) AS before, sum(b.now) AS now FROM bin b GROUP BY b.wide
    )
    SELECT (SELECT segment_internal.stability_index(array_agg(w.before ORDER BY w.wide), array_agg(w.now ORDER BY w.wide)) FROM wide w),
           (SELECT max(abs(s.before - s.now))
              FROM (SELECT sum(b.before) OVER upto / nullif(sum(b.before) OVER (), 0) AS before,
                           sum(b.now) OVER upto / nullif(sum(b.now) OVER (), 0) AS now
                      FROM bin b WHERE b.wide >= 0
                    WINDOW upto AS (ORDER BY b.i)) s);
$$;

COMMENT ON FUNCTION segment_internal.feature_drift IS
'Internal: the population stability index of a feature by its rows in bins, and the two-sample Kolmogorov-Smirnov statistic of the values that are there, at the ends of bins.';

-- Values of a category's column are features of their own; what is in none of them is the rest.
CREATE FUNCTION segment_internal.column_rows(ones bigint[], absent bigint, total bigint) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT $1 || ARRAY[$2, greatest($3 - $2 - (SELECT coalesce(sum(o), 0) FROM unnest($1) o), 0)::bigint];
$$;

COMMENT ON FUNCTION segment_internal.column_rows IS
'Internal: the rows of each value of a column that is a feature, those without a value, and those with any other.';

CREATE FUNCTION segment_internal.features_drift(m segment_internal.catalog_model, today segment_internal.today) RETURNS SETOF segment_internal.drift
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH feature AS MATERIALIZED (
        SELECT f.feature_no, f.feature, f.source_column, f.encoding IN ('category', 'other', 'missing') AS category,
               f.mean, t.mean AS mean_now, f.bin_rows AS before, t.bin_rows AS now
          FROM segment_internal.catalog_feature f
          JOIN unnest(($2).features) WITH ORDINALITY t (mean, bin_rows, feature_no) ON t.feature_no = f.feature_no
         WHERE f.model_id = ($1).model_id AND f.run = ($1).run
    ), category AS MATERIALIZED (
        SELECT min(f.feature_no) AS feature_no, f.source_column,
               segment_internal.column_rows(array_agg(f.before[2] ORDER BY f.feature_no), max(f.before[3]), max(f.before[1] + f.before[2] + f.before[3])) AS before,
               segment_internal.column_rows(array_agg(f.now[2] ORDER BY f.feature_no), max(f.now[3]), max(f.now[1] + f.now[2] + f.now[3])) AS now
          FROM feature f WHERE f.category GROUP BY f.source_column
    )
    SELECT r.feature, r.psi, r.ks, segment_internal.drift_verdict(r.psi), r.kind, NULL::integer, r.before, r.now, NULL::float8
      FROM (SELECT f.feature_no, 1 AS n, f.feature, d.psi, d.ks, 'feature' AS kind, f.mean AS before, f.mean_now AS now
              FROM feature f
             CROSS JOIN LATERAL segment_internal.feature_drift(f.before, f.now) d
             WHERE NOT f.category
             UNION ALL
            SELECT c.feature_no, 2, c.source_column, segment_internal.stability_index(c.before::float8[], c.now::float8[]), NULL, 'feature', NULL, NULL
              FROM category c
             UNION ALL
            SELECT c.feature_no, 3, c.source_column, segment_internal.stability_index(ARRAY[t.rows - t.others, t.others], ARRAY[t.rows_now - t.others_now, t.others_now]), NULL,
                   'new values', 0, t.others_now / t.rows_now
              FROM category c
             CROSS JOIN LATERAL (SELECT c.before[cardinality(c.before)]::float8 AS others, c.now[cardinality(c.now)]::float8 AS others_now,
                                        (SELECT sum(b) FROM unnest(c.before) b)::float8 AS rows, (SELECT sum(b) FROM unnest(c.now) b)::float8 AS rows_now) t
             WHERE t.others = 0 AND t.others_now > 0) r
     ORDER BY r.feature_no, r.n;
$$;

COMMENT ON FUNCTION segment_internal.features_drift IS 'Internal: the rows of segment_drift() about features and values.';

CREATE FUNCTION segment_internal.segments_drift(m segment_internal.catalog_model, today segment_internal.today) RETURNS SETOF segment_internal.drift
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH segment AS MATERIALIZED (
        SELECT segment, coalesce(p.rows, 0)::float8 AS before, coalesce(t.rows, 0)::float8 AS now,
               coalesce(p.border_rows, 0)::float8 AS border, coalesce(t.border_rows, 0)::float8 AS border_now,
               -- the centroids of weighted rows are not their plain means
               CASE WHEN ($1).options ->> 'sample_weight' IS NULL THEN t.moved END AS moved
          FROM (SELECT * FROM segment_internal.catalog_profile p WHERE p.model_id = ($1).model_id AND p.run = ($1).run) p
          FULL JOIN unnest(($2).segments) t USING (segment)
    ), shares AS (
        SELECT array_agg(s.before ORDER BY s.segment) AS before, array_agg(s.now ORDER BY s.segment) AS now, sum(s.before) AS rows, sum(s.now) AS rows_now,
               sum(s.border) AS border, sum(s.border_now) AS border_now, count(*) FILTER (WHERE s.segment > 0) AS k
          FROM segment s
    ), skipped AS (
        SELECT r.rows_read::float8 AS rows, r.rows_skipped::float8 AS before, ($2).rows_read::float8 AS rows_now,
               (($2).rows_read - ($2).rows_used)::float8 AS now
          FROM segment_internal.catalog_run r WHERE r.model_id = ($1).model_id AND r.run = ($1).run
    )
    SELECT NULL::text, r.psi, NULL::float8, segment_internal.drift_verdict(coalesce(r.psi, r.moved)), r.kind, r.segment, r.before, r.now, r.moved
      FROM (SELECT 1 AS n, segment_internal.stability_index(ARRAY[s.before, s.rows - s.before], ARRAY[s.now, s.rows_now - s.now]) AS psi, 'skipped' AS kind,
                   NULL::integer AS segment, s.before / s.rows AS before, s.now / nullif(s.rows_now, 0) AS now, NULL::float8 AS moved
              FROM skipped s WHERE s.before > 0 OR s.now > 0
             UNION ALL
            SELECT 2, segment_internal.stability_index(s.before, s.now), 'segments', NULL, NULL, NULL, NULL FROM shares s
             UNION ALL
            SELECT 3, NULL, 'segment', s.segment, s.before / nullif(t.rows, 0), s.now / nullif(t.rows_now, 0), s.moved FROM segment s CROSS JOIN shares t
             UNION ALL
            SELECT 4, segment_internal.stability_index(ARRAY[s.border, s.rows - s.border], ARRAY[s.border_now, s.rows_now - s.border_now]),
                   'margins', NULL, s.border / nullif(s.rows, 0), s.border_now / nullif(s.rows_now, 0), NULL
              FROM shares s WHERE s.k > 1) r
     ORDER BY r.n, r.segment;
$$;

COMMENT ON FUNCTION segment_internal.segments_drift IS 'Internal: the rows of segment_drift() about segments, margins and rows skipped.';

CREATE FUNCTION segment_internal.has_bins(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(bool_and(cardinality(f.bin_rows) = cardinality(f.bin_cuts) + 2), false)
       AND count(*) FILTER (WHERE f.bin_cuts IS NULL) = 0
      FROM segment_internal.catalog_feature f WHERE f.model_id = ($1).model_id AND f.run = ($1).run;
$$;

COMMENT ON FUNCTION segment_internal.has_bins IS 'Internal: whether the current run of a model has the bins that drift is measured in.';

CREATE FUNCTION segment_internal.drift_of(m segment_internal.catalog_model) RETURNS SETOF segment_internal.drift
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    today segment_internal.today;
BEGIN
    IF NOT segment_internal.has_bins(m) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('model "%s" has no bins to measure drift in', m.name),
            DETAIL = 'Its current run was made by a version without them, or is a rescore of more rows than segment.work_mem holds.',
            HINT = format('SELECT segment_refresh(%L) makes them.', m.name);
    END IF;
    SELECT t.* INTO today
      FROM segment_internal.today(
               segment_internal.query(segment_internal.source_of(m), '{}', segment_internal.model_columns(m)),
               (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id),
               ARRAY(SELECT u.cut FROM segment_internal.catalog_feature f CROSS JOIN LATERAL unnest(f.bin_cuts) WITH ORDINALITY u (cut, n)
                      WHERE f.model_id = m.model_id AND f.run = m.run ORDER BY f.feature_no, u.n),
               ARRAY(SELECT cardinality(f.bin_cuts) FROM segment_internal.catalog_feature f
                      WHERE f.model_id = m.model_id AND f.run = m.run ORDER BY f.feature_no)) t;
    RETURN QUERY SELECT d.* FROM segment_internal.features_drift(m, today) d;
    RETURN QUERY SELECT d.* FROM segment_internal.segments_drift(m, today) d;
END
$$;

COMMENT ON FUNCTION segment_internal.drift_of IS 'Internal: the rows of segment_drift(), by the caller, who must be the owner of the model.';

CREATE FUNCTION segment_internal.has_drifted(m segment_internal.catalog_model) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    largest record;
BEGIN
    IF segment_internal.group_by(m) IS NOT NULL OR NOT segment_internal.has_bins(m) THEN
        RAISE NOTICE 'drift of model "%" cannot be measured: it is fitted again', m.name
            USING DETAIL = CASE WHEN segment_internal.group_by(m) IS NULL THEN 'Its current run has no bins.'
                                ELSE 'It has a model a group.' END;
        RETURN true;
    END IF;
    SELECT d.figure, segment_internal.drift_verdict(d.figure) AS verdict, d.what INTO largest
      FROM (SELECT coalesce(d.psi, d.moved) AS figure, d.n,
                   CASE d.kind WHEN 'feature' THEN format('of "%s"', d.feature)
                               WHEN 'new values' THEN format('of new values of "%s"', d.feature)
                               WHEN 'skipped' THEN 'of the share of rows left out'
                               WHEN 'segments' THEN 'of the shares of segments'
                               WHEN 'segment' THEN format('of the centroid of segment %s', d.segment)
                               WHEN 'margins' THEN 'of the share of rows between segments' END AS what
              FROM segment_internal.drift_of(m) WITH ORDINALITY d (feature, psi, ks, verdict, kind, segment, before, now, moved, n)) d
     WHERE d.figure IS NOT NULL
     ORDER BY d.figure DESC, d.n
     LIMIT 1;
    PERFORM segment_internal.keep_drift(m.model_id, m.run, largest.verdict, largest.figure, largest.what);
    IF largest.figure < 0.1 THEN
        RAISE NOTICE 'model "%" has not drifted: it stays as it is', m.name USING
            DETAIL = format('The largest figure is %s, %s; 0.1 would be moderate.', round(largest.figure::numeric, 4), largest.what),
            HINT = format('SELECT * FROM segment_drift(%L) has all figures.', m.name);
        RETURN false;
    END IF;
    RETURN true;
END
$$;

COMMENT ON FUNCTION segment_internal.has_drifted IS
'Internal: whether a model has drifted at least moderately, or that cannot be measured; keeps the largest figure for segment_status.';
