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
    renumber      boolean DEFAULT true
) RETURNS segment_internal.fitted
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT f
      FROM jsonb_to_record($4) AS o (distance text, init text, centroids float8[], n_init integer, max_iter integer,
                                     tol float8, seed bigint, k_min integer, k_max integer, min_share float8,
                                     sample_weight text),
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
               drop_repeated => NOT $6 AND $4 -> 'features' = 'null') f;
$$;

COMMENT ON FUNCTION segment_internal.engine IS 'Internal: calls the engine with the options of a job.';

CREATE FUNCTION segment_internal.k_reason(options jsonb, fit segment_internal.fitted) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tried integer[] := ARRAY(SELECT c.k FROM unnest(fit.candidates) c);
BEGIN
    IF options -> 'k' <> 'null' THEN
        RETURN 'given';
    ELSIF cardinality(tried) = 1 THEN
        RETURN 'the only k tried';
    ELSIF fit.silhouette IS NULL THEN
        RETURN 'no larger k gives every segment its share';
    END IF;
    RETURN format('highest simplified silhouette (%s) of k = %s to %s', round(fit.silhouette::numeric, 3),
                  tried[1], tried[cardinality(tried)])
        || CASE WHEN (options ->> 'min_share')::float8 > 0
                THEN format(', no segment below a share of %s', options ->> 'min_share') ELSE '' END;
END
$$;

COMMENT ON FUNCTION segment_internal.k_reason IS 'Internal: why a fit has the k that it has.';
