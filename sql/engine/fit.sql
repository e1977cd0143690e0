-- The engine: C functions that know queries and figures, but no relation names, options' defaults or catalog tables.
-- Jobs call them; they are not meant to be called by hand.

CREATE FUNCTION segment_internal.fit(
    source         text,       -- names the source in messages
    query          text,       -- SELECT of the key columns, then those of the recipe, then the rows' weights if there are any
    key_columns    integer,    -- how many of the query's first columns are keys
    target         regclass,   -- table to fill: keys, segment, distance, second_segment, margin; NULL: none
    recipe         segment_internal.recipe,
    keep_constant  boolean,    -- a feature without spread stays, with no effect on distances (refresh)
    distance       text,
    init           text,
    centroids      float8[],   -- k x features, original units, NULL: seed
    n_init         integer,    -- NULL: as many as the budget of work allows
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
    drop_repeated  boolean DEFAULT false, -- of features that say the same only the first stays
    criteria       boolean DEFAULT false, -- the gap of each k, too
    algorithm      text    DEFAULT 'lloyd',
    splits         integer[] DEFAULT NULL, -- bisecting, warm: the tree whose leaves the segments are, see src/cluster/bisect.h
    first_segment  integer DEFAULT NULL, -- of one group among others: its new segments count from it, and where its distinct rows are too few there is nothing
    resamples      integer DEFAULT 0,    -- resamples on which each k is looked for again, 0: none
    max_share      float8 DEFAULT 1,     -- with min_share: made so if k is given, else k is chosen so
    trim_share     float8 DEFAULT 0,     -- share of the rows that are left out as segment 0
    warm           boolean DEFAULT false, -- from the centroids of the previous model, which stay where they meet tol
    stability      float8 DEFAULT NULL,  -- by what share of its inertia a better optimum has to be lower to be taken instead; NULL: none is looked for
    refit_k        integer DEFAULT NULL, -- of a refresh: how many segments there are, unless k_min < k_max and others are clearly better
    looking        boolean DEFAULT false, -- for a k that is clearly better
    warm_inertia   float8 DEFAULT NULL,  -- of the previous model: with the same, rows have not changed
    leaves         integer[] DEFAULT NULL, -- bisecting: the segments of the previous model in the order of its tree's leaves, see splits
    joined         text DEFAULT NULL,    -- instead of target: the query joined with an assignment, see segment_internal.joined_query
    make_target    text DEFAULT NULL,    -- and the SELECT that makes the table for what differs from it, run if there is anything
    rescore        boolean DEFAULT false -- by the previous model as it is: no clustering
) RETURNS segment_internal.fitted
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'segment_internal_fit';

COMMENT ON FUNCTION segment_internal.fit IS
'Internal: one read of a query, preparation, k-means for each k in k_min..k_max, the best k by simplified silhouette, a test for no groups, figures, and the assignment rows written to target.';

CREATE FUNCTION segment_internal.rename_columns(compiled bytea, before text[], after text[]) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_rename_columns';

COMMENT ON FUNCTION segment_internal.rename_columns IS
'Internal: a compiled model whose columns have other names; all else stays, to the last bit.';

CREATE FUNCTION segment_internal.group_values(names text[], VARIADIC columns "any") RETURNS text[]
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_group_values';

COMMENT ON FUNCTION segment_internal.group_values IS
'Internal: the texts of columns, which have these names in messages, by which groups of rows are told apart; NULL where a column is.';

CREATE FUNCTION segment_internal.assign(compiled bytea, VARIADIC columns "any") RETURNS @extschema@.segment_assignment
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_assign';

COMMENT ON FUNCTION segment_internal.assign IS
'Internal: scores one row, its columns given in the order of the compiled model; NULL for a row that the recipe skips, and for one that a fit would refuse.';

CREATE FUNCTION segment_internal.phase(phase text) RETURNS void
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
