-- The numbers of segments that a model tried, or could have.

CREATE FUNCTION segment_internal.tried(model_id bigint) RETURNS SETOF segment_internal.tried
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.tried IS
'Internal: the numbers of segments of segment_candidates, tried now on a sample of the rows of a model, as its owner.';

CREATE FUNCTION segment_internal.tried_as_owner(model_id bigint) RETURNS SETOF segment_internal.tried
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    run     segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    sample  constant integer := 3000;
    columns text[];
    weight  text := m.options ->> 'sample_weight';
    wanted  text[];
    hash    text;
    options jsonb;
    fit     segment_internal.fitted;
BEGIN
    options := m.options || jsonb_build_object('k', NULL, 'centroids', NULL, 'k_min', 1, 'k_max', greatest(10, run.k + 2), 'n_init', 1, 'min_share', 0);
    columns := segment_internal.model_columns(m);
    -- the weight comes last for the engine, even if it is a feature, too
    wanted := array_remove(columns || weight, NULL);
    columns := CASE WHEN weight = ANY (columns) THEN columns ELSE wanted END;
    hash := segment_internal.unique_name('hash', '', columns);
    fit := segment_internal.engine(
        segment_internal.source_of(m), '{}',
        jsonb_populate_record(NULL::segment_internal.recipe, m.preparation), options, keep_constant => true, model => m.name,
        query => format('SELECT %1$s FROM (SELECT %2$s, %3$s AS %4$I FROM %5$s) r WHERE %4$I <= %6$s ORDER BY %4$I LIMIT %7$s',
                        segment_internal.identifiers(wanted),
                        segment_internal.identifiers(columns),
                        segment_internal.row_hash(m, columns), hash, m.source,
                        segment_internal.hash_bound(sample, run.rows_read), sample));
    PERFORM segment_internal.phase(NULL);
    RETURN QUERY
        SELECT c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz, c.smallest_share, c.k = run.k, fit.rows_used, fit.rows_used < run.rows_used
          FROM unnest(fit.candidates) c
         ORDER BY c.k;
END
$$;

COMMENT ON FUNCTION segment_internal.tried_as_owner IS 'Internal: what tried returns.';

CREATE FUNCTION segment_internal.candidates(model_id bigint) RETURNS SETOF segment_internal.tried
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    most constant integer := 20;     -- with more segments it takes too long to try others
    m    segment_internal.catalog_model := segment_internal.ungrouped(segment_internal.model(model_id), 'choice of k');
    run  segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
BEGIN
    IF run.k > most OR (SELECT count(*) > 1 FROM segment_internal.catalog_candidate c WHERE c.model_id = m.model_id AND c.run = m.run) THEN
        RETURN QUERY
            SELECT c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz, c.smallest_share,
                   c.k = run.k, run.rows_used, false
              FROM segment_internal.catalog_candidate c
             WHERE c.model_id = m.model_id AND c.run = m.run
             ORDER BY c.k;
        RETURN;
    END IF;
    RETURN QUERY SELECT t.* FROM segment_internal.tried(m.model_id) t;
END
$$;

COMMENT ON FUNCTION segment_internal.candidates IS 'Internal: segment_candidates of a model.';

CREATE FUNCTION @extschema@.segment_candidates(
    model text,
    OUT k                 integer,
    OUT inertia           float8,
    OUT explained         float8,
    OUT silhouette        float8,
    OUT davies_bouldin    float8,
    OUT calinski_harabasz float8,
    OUT smallest_share    float8,
    OUT chosen            boolean,
    OUT rows              bigint,
    OUT sampled           boolean
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.* FROM segment_internal.candidates(segment_internal.model_id($1)) c;
END;

COMMENT ON FUNCTION @extschema@.segment_candidates IS
'The numbers of segments that the current run of a model tried, with their figures, for an elbow or a silhouette chart (the simplified silhouette). Where k was given, those from 1 to 10 and to two more than k are tried now on at most 3000 of today''s rows; beyond 20 segments there is that one number only.';
