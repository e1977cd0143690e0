-- Recording a fit, and telling what was decided.

CREATE FUNCTION segment_internal.record(
    m           segment_internal.catalog_model,
    preparation segment_internal.preparation,
    fit         record,
    k_reason    text,
    started_at  timestamptz
) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result @extschema@.segment_run;
BEGIN
    PERFORM segment_internal.keep_run(m,
        ROW(m.model_id, m.run, fit.k, k_reason, fit.rows_read, fit.rows_used, fit.rows_read - fit.rows_used,
            fit.iterations, fit.converged, fit.inertia, fit.explained, fit.silhouette, fit.davies_bouldin,
            fit.calinski_harabasz, started_at, clock_timestamp() - started_at, fit.compiled)::segment_internal.catalog_run,
        ARRAY(SELECT ROW(m.model_id, m.run, u.n, preparation.features[u.i], preparation.columns[preparation.column_no[u.i]],
                         preparation.encoding[u.i],
                         CASE preparation.encoding[u.i] WHEN 'element' THEN preparation.part[u.i]::text
                              WHEN 'category' THEN substr(preparation.features[u.i],
                                                          length(preparation.columns[preparation.column_no[u.i]]) + 2) END,
                         preparation.missing[u.i], preparation.outliers[u.i],
                         preparation.fence[u.i], preparation.fence_low[u.i], preparation.fence_high[u.i],
                         preparation.transform[u.i], preparation.scaling[u.i], preparation.weight[u.i],
                         u.imputed, u.clipped, u.fill, u.lower, u.upper, u.lambda, u.center, u.scale,
                         u.mean, u.median, u.stddev, u.min, u.max)::segment_internal.catalog_feature
                FROM unnest(fit.feature_no, fit.imputed, fit.clipped, fit.fill, fit.lower, fit.upper, fit.lambda, fit.center,
                            fit.scale, fit.population_mean, fit.population_median, fit.population_stddev,
                            fit.population_min, fit.population_max) WITH ORDINALITY
                     AS u (i, imputed, clipped, fill, lower, upper, lambda, center, scale, mean, median, stddev, min, max, n)),
        ARRAY(SELECT ROW(m.model_id, m.run, u.segment, ARRAY(SELECT unnest(fit.centroid_scaled[u.n:u.n])),
                         ARRAY(SELECT unnest(fit.centroid_value[u.n:u.n])))::segment_internal.catalog_centroid
                FROM unnest(fit.segment) WITH ORDINALITY AS u (segment, n)),
        ARRAY(SELECT ROW(m.model_id, m.run, u.segment, NULL, NULL, u.rows, u.border_rows, u.distance_avg, u.margin_avg,
                         ARRAY(SELECT unnest(fit.segment_mean[u.n:u.n])), ARRAY(SELECT unnest(fit.segment_p25[u.n:u.n])),
                         ARRAY(SELECT unnest(fit.segment_median[u.n:u.n])), ARRAY(SELECT unnest(fit.segment_p75[u.n:u.n])),
                         ARRAY(SELECT unnest(fit.segment_stddev[u.n:u.n])), ARRAY(SELECT unnest(fit.segment_min[u.n:u.n])),
                         ARRAY(SELECT unnest(fit.segment_max[u.n:u.n])))::segment_internal.catalog_profile
                FROM unnest(fit.segment, fit.segment_rows, fit.border_rows, fit.distance_avg, fit.margin_avg) WITH ORDINALITY
                     AS u (segment, rows, border_rows, distance_avg, margin_avg, n)),
        ARRAY(SELECT ROW(m.model_id, m.run, c.*)::segment_internal.catalog_candidate
                FROM unnest(fit.candidate_k, fit.candidate_inertia, fit.candidate_explained, fit.candidate_silhouette,
                            fit.candidate_davies_bouldin, fit.candidate_calinski_harabasz, fit.candidate_smallest_share) c));

    PERFORM segment_internal.label_segments(m);
    PERFORM segment_internal.phase(NULL);
    SELECT r.* INTO result FROM @extschema@.segment_runs r WHERE r.profile = m.profile AND r.run = m.run;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.record IS 'Internal: writes the catalog rows of a run and returns the run.';

CREATE FUNCTION segment_internal.notices(
    m segment_internal.catalog_model, options jsonb, preparation segment_internal.preparation, fit record
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    defaulted boolean := options -> 'features' = 'null';
    excluded text[] := (SELECT o.exclude FROM jsonb_to_record(options) AS o (exclude text[]));
    kept    integer[] := ARRAY(SELECT preparation.column_no[i] FROM unnest(fit.feature_no) i);
    alike   text := segment_internal.list(
        ARRAY(SELECT coalesce(f.name, c.name)
                FROM unnest(preparation.columns) WITH ORDINALITY c (name, n)
                LEFT JOIN unnest(preparation.features, preparation.column_no, preparation.encoding)
                          WITH ORDINALITY f (name, column_no, encoding, n)
                  ON f.column_no = c.n AND c.n = ANY (kept) AND f.encoding = 'element' AND f.n <> ALL (fit.feature_no)
               WHERE f.name IS NOT NULL OR c.n <> ALL (kept)
               ORDER BY c.n, f.n))
        || CASE WHEN options ->> 'outliers' = 'keep' AND options ->> 'scaling' <> 'robust' AND options -> 'feature_options' = '{}'
                THEN ' (do not vary)' ELSE ' (do not vary once prepared)' END;
    scores  text := segment_internal.list(segment_internal.rfm_scores(m.source));
    others  text := segment_internal.list(
        ARRAY(SELECT c.column_name
                FROM segment_internal.columns(m.source) c
               WHERE c.kind NOT IN ('number', 'boolean', 'other') AND c.column_name <> ALL (m.key || excluded)));
    useless text := segment_internal.list(
        ARRAY(SELECT c.column_name
                FROM segment_internal.columns(m.source) c
               WHERE c.kind = 'other' AND c.column_name <> ALL (m.key || excluded)));
    total   bigint := (SELECT count(*) FROM segment_internal.columns(m.source) c
                        WHERE c.column_name <> ALL (m.key)
                          AND c.column_name IS DISTINCT FROM m.options ->> 'sample_weight');
    feature record;
BEGIN
    IF NOT defaulted AND alike IS NOT NULL THEN
        RAISE NOTICE 'features left out: %', alike;
    ELSIF defaulted AND num_nonnulls(alike, others, useless) > 0 THEN
        RAISE NOTICE 'features: % of % columns; left out: %', cardinality(m.columns), total,
            concat_ws(', ', alike, scores || ' (scores of the others)',
                      others || ' (name them in features to use them)',
                      useless || ' (no feature can be made of their type)');
    END IF;

    -- one line a column: of a category's features, the one that missing values became
    FOR feature IN SELECT DISTINCT ON (preparation.column_no[u.i], CASE WHEN encoded.category THEN 0 ELSE u.i END)
                          CASE WHEN encoded.category THEN preparation.columns[preparation.column_no[u.i]]
                               ELSE preparation.features[u.i] END AS name,
                          preparation.missing[u.i] AS missing, u.imputed, u.fill, encoded.category,
                          preparation.features[u.i] AS feature
                     FROM unnest(fit.feature_no, fit.imputed, fit.fill) AS u (i, imputed, fill)
                    CROSS JOIN LATERAL (SELECT preparation.encoding[u.i] IN ('category', 'other', 'missing') AS category) encoded
                    WHERE u.imputed > 0
                    ORDER BY preparation.column_no[u.i], CASE WHEN encoded.category THEN 0 ELSE u.i END, u.fill DESC, u.i
    LOOP
        RAISE NOTICE '"%": % missing % became %', feature.name, feature.imputed,
            CASE feature.imputed WHEN 1 THEN 'value' ELSE 'values' END,
            CASE WHEN feature.category AND feature.missing = 'median'
                 THEN format('the most common one, "%s" (missing => ''category'' makes a feature of them)', feature.feature)
                 WHEN feature.category AND feature.missing = 'mean' THEN 'the share of each value'
                 WHEN feature.category THEN 'none of its values'
                 WHEN feature.missing = 'zero' THEN 'zero'
                 ELSE format('the %s, %s', feature.missing, feature.fill) END;
    END LOOP;

    IF cardinality(fit.repeats) > 0 THEN
        RAISE NOTICE 'features that nearly repeat others: %',
            (SELECT string_agg(format('"%s" and "%s" (correlation %s)', preparation.features[u.first],
                                      preparation.features[u.second], round(u.r::numeric, 3)), ', ' ORDER BY u.n)
               FROM unnest(fit.repeated[:5], fit.repeats[:5], fit.repeats_r[:5]) WITH ORDINALITY AS u (first, second, r, n))
            || CASE WHEN cardinality(fit.repeats) > 5 THEN format(' and %s more', cardinality(fit.repeats) - 5) ELSE '' END
            USING HINT = 'Together they weigh double in every distance: leave one of them out with exclude => ''{...}''.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.notices IS
'Internal: tells what was decided for the user, and what may be a mistake: columns left out, missing values filled, features that repeat others.';
