-- The jobs that fit: segment_kmeans, segment_elbow and segment_refresh.
--
-- A job plans (plan/), lets the engine read, fit and write in one statement, and records the outcome: the relations of
-- the model and its catalog rows. All of it is one transaction: after an error nothing is left.

CREATE FUNCTION segment_internal.engine(
    source        regclass,
    key           text[],
    recipe        segment_internal.recipe,
    options       jsonb,
    target        regclass DEFAULT NULL,
    keep_constant boolean DEFAULT false,
    previous      bytea DEFAULT NULL,
    model         text DEFAULT NULL,
    query         text DEFAULT NULL,
    renumber      boolean DEFAULT true,
    criteria      boolean DEFAULT false,
    first_segment integer DEFAULT NULL,
    warm_inertia  float8 DEFAULT NULL,
    joined        text DEFAULT NULL,
    make_target   text DEFAULT NULL,
    rescore       boolean DEFAULT false,
    before        segment_internal.before DEFAULT NULL
) RETURNS segment_internal.fitted
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    fit segment_internal.fitted;
BEGIN
    SELECT f.* INTO fit
      FROM jsonb_to_record($4) AS o (distance text, init text, centroids float8[], n_init integer, max_iter integer,
                                     tol float8, seed bigint, k_min integer, k_max integer, min_share float8,
                                     sample_weight text, algorithm text, splits integer[], resamples integer, max_share float8, "trim" float8,
                                     warm boolean, stability float8, refit_k integer, looking boolean, leaves integer[]),
           segment_internal.fit(
               source => (SELECT c.relname FROM pg_class c WHERE c.oid = $1),
               query => coalesce($9, segment_internal.query($1, $2, array_remove(ARRAY(SELECT c.name FROM unnest($3.columns) c) || o.sample_weight, NULL))),
               key_columns => cardinality($2),
               target => $5,
               recipe => $3,
               keep_constant => $6,
               distance => o.distance,
               init => o.init,
               centroids => o.centroids,
               n_init => o.n_init,
               max_iter => o.max_iter,
               tol => o.tol,
               seed => o.seed,
               k_min => o.k_min,
               k_max => o.k_max,
               min_share => o.min_share,
               previous => $7,
               model => $8,
               sample_weight => o.sample_weight,
               renumber => $10,
               drop_repeated => NOT $6 AND $4 -> 'features' = 'null',
               criteria => $11,
               algorithm => o.algorithm,
               splits => o.splits,
               first_segment => $12,
               resamples => coalesce(o.resamples, 0),
               max_share => o.max_share,
               trim_share => o."trim",
               warm => o.warm,
               stability => o.stability,
               refit_k => o.refit_k,
               looking => o.looking,
               warm_inertia => $13,
               leaves => o.leaves,
               joined => $14,
               make_target => $15,
               rescore => $16,
               before => $17) f;
    RETURN fit;
END
$$;

COMMENT ON FUNCTION segment_internal.engine IS 'Internal: calls the engine with the options of a job.';

CREATE FUNCTION segment_internal.edge(options jsonb, fit segment_internal.fitted) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN $1 -> 'k' <> 'null' OR ($2).k = 1 OR cardinality(($2).candidates) < 3 THEN NULL
            WHEN ($2).k = ($1 ->> 'k_max')::integer THEN 'k_max'
            WHEN ($2).k > 2 AND ($2).k = ($1 ->> 'k_min')::integer THEN 'k_min' END;

COMMENT ON FUNCTION segment_internal.edge IS 'Internal: the bound of k_min..k_max that the k chosen is at; NULL: none.';

-- The gap's choice: the least k whose gap is not below that of the next by more than its standard error.
CREATE FUNCTION segment_internal.other_choices(candidates segment_internal.candidate[], chosen integer) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(format('%s %s', o.name, o.k), ', ' ORDER BY o.n)
      FROM (VALUES (1, 'Calinski-Harabasz', (SELECT c.k FROM unnest($1) c WHERE c.calinski_harabasz IS NOT NULL ORDER BY c.calinski_harabasz DESC, c.k LIMIT 1)),
                   (2, 'Davies-Bouldin', (SELECT c.k FROM unnest($1) c WHERE c.davies_bouldin IS NOT NULL ORDER BY c.davies_bouldin, c.k LIMIT 1)),
                   (3, 'BIC', (SELECT c.k FROM unnest($1) c WHERE c.bic IS NOT NULL ORDER BY c.bic DESC, c.k LIMIT 1)),
                   (4, 'the gap', (SELECT c.k FROM unnest($1) c LEFT JOIN unnest($1) d ON d.k = c.k + 1
                                    WHERE c.gap IS NOT NULL AND (d.gap IS NULL OR c.gap >= d.gap - d.gap_se) ORDER BY c.k LIMIT 1)))
           o (n, name, k)
     WHERE o.k <> $2;
$$;

COMMENT ON FUNCTION segment_internal.other_choices IS 'Internal: the criteria that prefer another number of segments, and which; NULL: none does.';

CREATE FUNCTION segment_internal.k_reason(options jsonb, fit segment_internal.fitted) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tried   integer[] := ARRAY(SELECT c.k FROM unnest(fit.candidates) c WHERE c.k >= (options ->> 'k_min')::integer ORDER BY c.k);
    good    integer[] := ARRAY(SELECT c.k FROM unnest(fit.candidates) c WHERE c.plausible ORDER BY c.k);
    highest segment_internal.candidate;
BEGIN
    SELECT c.* INTO highest FROM unnest(fit.candidates) c WHERE c.plausible ORDER BY c.silhouette DESC, c.k LIMIT 1;
    IF options -> 'k' <> 'null' THEN
        RETURN 'given';
    ELSIF fit.k = 1 AND highest.k IS NOT NULL THEN
        RETURN format('no clear groups: the simplified silhouette of k = %s, %s, is not clearly above that of data without groups, %s', good[1],
                      round(fit.sample_silhouette::numeric, 3), round(fit.reference_silhouette::numeric, 3));
    ELSIF cardinality(tried) = 1 THEN
        RETURN 'the only k tried';
    ELSIF fit.silhouette IS NULL THEN
        RETURN 'no larger k gives every segment its share';
    END IF;
    RETURN format(CASE WHEN fit.k = highest.k THEN 'highest simplified silhouette (%1$s) of k = %2$s to %3$s'
                       ELSE 'simplified silhouette (%1$s) as good as the highest (%4$s for %5$s) of k = %2$s to %3$s' END,
                  round(fit.silhouette::numeric, 3), tried[1], tried[cardinality(tried)], round(highest.silhouette::numeric, 3), highest.k)
        || CASE WHEN (options ->> 'min_share')::float8 > 0
                THEN format(', no segment below a share of %s', options ->> 'min_share') ELSE '' END
        || CASE WHEN (options ->> 'max_share')::float8 < 1
                THEN format(', none above %s', options ->> 'max_share') ELSE '' END
        || coalesce('; as good: ' || nullif(array_to_string(array_remove(array_remove(good, fit.k), highest.k), ', '), ''), '')
        || coalesce('; others prefer: ' || segment_internal.other_choices(fit.candidates, fit.k), '')
        || coalesce('; at the edge of k_min..k_max: widen it by ' || segment_internal.edge(options, fit), '');
END
$$;

COMMENT ON FUNCTION segment_internal.k_reason IS 'Internal: why a fit has the k that it has.';

CREATE FUNCTION segment_internal.say_structure(name text, options jsonb, fit segment_internal.fitted) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    other integer := (SELECT min(c.k) FROM unnest(fit.candidates) c WHERE c.plausible);
    edge  text := segment_internal.edge(options, fit);
BEGIN
    IF NOT fit.clear_groups THEN
        RAISE NOTICE 'no clear groups in "%": %', name, CASE fit.k WHEN 1 THEN 'one segment' ELSE 'the segments divide a continuum' END USING
            DETAIL = format('Simplified silhouette of %s segments of a sample: %s; of data without groups: %s, and it is not clearly above that.', coalesce(other, fit.k),
                            round(fit.sample_silhouette::numeric, 3), round(fit.reference_silhouette::numeric, 3)),
            HINT = CASE fit.k WHEN 1 THEN format('A continuum may be divided all the same: k => %s is among the best, or take as many as you can serve.', other)
                              ELSE 'Where one segment ends and the next begins is a choice; other features may show groups.' END;
    END IF;
    IF edge IS NOT NULL THEN
        RAISE NOTICE 'the best number of segments, %, is at the edge of k_min..k_max', fit.k USING
            HINT = format('Another may be better: widen it with %s => %s.', edge, CASE edge WHEN 'k_max' THEN 2 * fit.k ELSE 2 END);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.say_structure IS 'Internal: tells that there are no clear groups, or that the k chosen is at an edge.';
