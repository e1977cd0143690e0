-- The engine: C functions that know queries and figures, but no relation names, options' defaults or catalog tables.
-- Jobs call them; they are not meant to be called by hand.

CREATE FUNCTION segment_internal.fit(
    source         text,       -- names the source in messages
    query          text,       -- SELECT of the key columns, then those of the preparation, then the rows' weights if there are any
    key_columns    integer,    -- how many of the query's first columns are keys
    target         regclass,   -- table to fill: keys, segment, distance, second_segment, margin; NULL: none
    preparation    segment_internal.preparation,
    keep_constant  boolean,    -- a feature without spread stays, with no effect on distances (refresh)
    distance       text,
    init           text,
    centroids      float8[],   -- k x features, original units, NULL: seed
    n_init         integer,
    max_iter       integer,
    tol            float8,
    seed           bigint,
    k_min          integer,    -- equal to k_max when k is given
    k_max          integer,
    min_share      float8,
    previous       bytea,      -- compiled model whose segments are found again, NULL: none
    model          text,       -- shown in segment_progress, NULL: the source
    sample_weight  text,       -- names the column of weights in messages, NULL: there is none
    renumber       boolean DEFAULT true, -- the numbers of those carry over; else segments are numbered by size
    OUT k                  integer,
    OUT rows_read          bigint,
    OUT rows_used          bigint,
    OUT iterations         integer,
    OUT converged          boolean,
    OUT inertia            float8,
    OUT explained          float8,
    OUT silhouette         float8,   -- simplified; NULL when k = 1
    OUT davies_bouldin     float8,   -- NULL when k = 1
    OUT calinski_harabasz  float8,   -- NULL when k = 1 or rows = k
    OUT compiled           bytea,    -- recipe and centroids in one value, for scoring
    OUT columns            text[],   -- that scoring reads, in the order of the compiled model
    OUT feature_no         integer[], -- the features kept, as positions in the input arrays; one entry a kept feature here:
    OUT imputed            bigint[],
    OUT clipped            bigint[],
    OUT fill               float8[], -- NULL entries where nothing is imputed
    OUT lower              float8[], -- fences, NULL entries where none
    OUT upper              float8[],
    OUT lambda             float8[], -- of the Yeo-Johnson transform, NULL entries without it
    OUT center             float8[], -- of the transformed values
    OUT scale              float8[],
    OUT population_mean    float8[], -- over the non-missing values of the rows used, original units
    OUT population_median  float8[],
    OUT population_stddev  float8[],
    OUT population_min     float8[],
    OUT population_max     float8[],
    OUT segment            integer[], -- one entry a segment here:
    OUT matched            integer[], -- which segment of previous it is, 0: none; empty without previous
    OUT segment_rows       bigint[],
    OUT border_rows        bigint[],  -- with a margin below 0.1
    OUT distance_avg       float8[],
    OUT margin_avg         float8[],  -- simplified silhouette; NULL entries when k = 1
    OUT centroid_scaled    float8[],  -- these are segments x kept features
    OUT centroid_value     float8[],
    OUT segment_mean       float8[],
    OUT segment_p25        float8[],
    OUT segment_median     float8[],
    OUT segment_p75        float8[],
    OUT segment_stddev     float8[],
    OUT segment_min        float8[],
    OUT segment_max        float8[],
    OUT candidate_k                  integer[], -- one entry a k tried here:
    OUT candidate_inertia            float8[],
    OUT candidate_explained          float8[],
    OUT candidate_silhouette         float8[],
    OUT candidate_davies_bouldin     float8[],
    OUT candidate_calinski_harabasz  float8[],
    OUT candidate_smallest_share     float8[],
    OUT repeated                     integer[], -- one entry a feature that nearly repeats another here:
    OUT repeats                      integer[],
    OUT repeats_r                    float8[]   -- their correlation
) RETURNS record
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'segment_internal_fit';

COMMENT ON FUNCTION segment_internal.fit IS
'Internal: one read of a query, preparation, k-means for each k in k_min..k_max, the best k by simplified silhouette, figures, and the assignment rows written to target.';

CREATE FUNCTION segment_internal.assign(compiled bytea, VARIADIC columns "any")
RETURNS @extschema@.segment_assignment
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_assign';

COMMENT ON FUNCTION segment_internal.assign IS
'Internal: scores one row, its columns given in the order of the compiled model; NULL for a row that the recipe skips, and for one that a fit would refuse.';

CREATE FUNCTION segment_internal.phase(phase text)
RETURNS void
LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'segment_internal_phase';

COMMENT ON FUNCTION segment_internal.phase IS
'Internal: the phase in which segment_progress shows the job of this session; NULL: the job is over.';

CREATE FUNCTION segment_internal.progress(
    OUT pid        integer,
    OUT datid      oid,
    OUT model      text,
    OUT phase      text,
    OUT rows_done  bigint,
    OUT rows_total bigint,
    OUT iteration  integer,
    OUT max_iter   integer,
    OUT restart    integer,
    OUT n_init     integer,
    OUT inertia    float8,
    OUT started_at timestamptz
) RETURNS SETOF record
LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'segment_internal_progress';

COMMENT ON FUNCTION segment_internal.progress IS
'Internal: the fits that run now, on the whole server; pid and datid only of those that the reader may not see.';
