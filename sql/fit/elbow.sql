-- segment_elbow

CREATE FUNCTION @extschema@.segment_elbow(
    source          regclass,
    k_min           integer  DEFAULT 2,
    k_max           integer  DEFAULT 10,
    features        text[]   DEFAULT NULL,
    scaling         text     DEFAULT 'standard',
    missing         text     DEFAULT 'median',
    outliers        text     DEFAULT 'keep',
    transform       text     DEFAULT 'auto',
    distance        text     DEFAULT 'euclidean',
    feature_options jsonb    DEFAULT '{}',
    sample_weight   text     DEFAULT NULL,
    init            text     DEFAULT 'k-means++',
    n_init          integer  DEFAULT NULL,
    max_iter        integer  DEFAULT 300,
    tol             float8   DEFAULT 1e-4,
    seed            bigint   DEFAULT 0,
    min_share       float8   DEFAULT 0,
    exclude         text[]   DEFAULT NULL,
    outlier_method  text     DEFAULT 'iqr',
    outlier_threshold float8 DEFAULT NULL,
    max_categories  integer  DEFAULT 32,
    min_frequency   float8   DEFAULT 0,
    algorithm       text     DEFAULT 'lloyd',
    max_share       float8   DEFAULT 1,
    "trim"          float8   DEFAULT 0,
    resamples       integer  DEFAULT 0,
    OUT k                 integer,
    OUT inertia           float8,
    OUT explained         float8,
    OUT silhouette        float8,
    OUT davies_bouldin    float8,
    OUT calinski_harabasz float8,
    OUT smallest_share    float8,
    OUT recommended       boolean,
    OUT reason            text,
    OUT bar               text,
    OUT bic               float8,
    OUT gap               float8,
    OUT gap_se            float8,
    OUT stability         float8
) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    options     jsonb := jsonb_build_object(
        'k', NULL, 'features', features, 'scaling', scaling, 'missing', missing, 'outliers', outliers,
        'transform', transform, 'distance', distance, 'feature_options', feature_options,
        'sample_weight', sample_weight, 'init', init, 'n_init', n_init, 'max_iter', max_iter, 'tol', tol,
        'seed', seed, 'k_min', k_min, 'k_max', k_max, 'min_share', min_share, 'exclude', exclude,
        'outlier_method', outlier_method, 'outlier_threshold', outlier_threshold,
        'max_categories', max_categories, 'min_frequency', min_frequency, 'algorithm', algorithm, 'assignment', 'none', 'resamples', resamples,
        'max_share', max_share, 'trim', "trim");
    m           segment_internal.catalog_model := segment_internal.plan(source, options);
    fit         segment_internal.fitted :=
        segment_internal.engine(source, '{}', segment_internal.prepare(source, segment_internal.choose(source, m.key, options), options), options, criteria => true);
BEGIN
    PERFORM segment_internal.phase(NULL);
    PERFORM segment_internal.say_structure(m.name, options, fit);
    RETURN QUERY
        SELECT c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz, c.smallest_share,
               c.k = fit.k,
               CASE WHEN c.k = fit.k THEN segment_internal.k_reason(options, fit) END,
               segment_internal.text_bar(c.silhouette, max(c.silhouette) OVER ()), c.bic, c.gap, c.gap_se,
               fit.stability[row_number() OVER (ORDER BY c.k)::integer]
          FROM unnest(fit.candidates) c
         ORDER BY c.k;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_elbow IS
'What segment_kmeans would find for each k in k_min..k_max, from one read of the relation, and the k that it would choose (recommended), with the reason. It writes nothing. The first row is that of k = 1, which is recommended where the data show no clear groups. silhouette: the simplified one, by distances from centroids; NULL for one segment. bar: the silhouette, beside the highest. bic: of k spherical Gaussians of one variance, higher is better; NULL for weighted rows and cosine distances. gap, gap_se: the gap statistic and its standard error, of a sample of at most 1,000 rows.
The arguments are those of segment_kmeans: k_min, k_max, min_share, features, exclude, missing, outliers, outlier_method, outlier_threshold, transform, scaling, max_categories, min_frequency, feature_options, sample_weight, distance, init, n_init, max_iter, tol, seed, algorithm, max_share and "trim"; and resamples: on so many resamples of at most 3000 rows (30 a segment, if that is more) the segments of each k are looked for again, and the column stability is their mean Jaccard index, as in segment_stability.';
