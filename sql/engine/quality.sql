-- How good the segments of a compiled model are on the rows of a query.

CREATE FUNCTION segment_internal.sizes(
    query    text,               -- SELECT of the columns of the compiled model, in its order
    compiled bytea,
    OUT segment integer,
    OUT rows    bigint           -- that the preparation does not skip
) RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_sizes';

COMMENT ON FUNCTION segment_internal.sizes IS
'Internal: how many rows of a query belong to each segment, in the order of the compiled model.';

CREATE FUNCTION segment_internal.silhouette(
    query    text,               -- as above: all rows, or a sample of each segment
    compiled bytea,
    rows     bigint[]            -- of each segment, in the order of sizes()
) RETURNS SETOF segment_internal.separation
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_silhouette';

COMMENT ON FUNCTION segment_internal.silhouette(text, bytea, bigint[]) IS
'Internal: the pairwise silhouette of each segment and, with segment NULL, of all.';

CREATE FUNCTION segment_internal.stability(
    query     text,              -- as above
    compiled  bytea,
    resamples integer,           -- 1 to 1000
    seed      bigint
) RETURNS SETOF segment_internal.stability
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_stability';

COMMENT ON FUNCTION segment_internal.stability(text, bytea, integer, bigint) IS
'Internal: how each segment comes back in fits of resamples of the rows; with segment NULL the mean of all, and how much fits with other seeds agree.';

CREATE FUNCTION segment_internal.today(
    query    text,               -- as above
    compiled bytea,
    cuts     float8[],           -- bin_cuts of all features, one after the other
    lengths  integer[]           -- how many each has
) RETURNS segment_internal.today
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_today';

COMMENT ON FUNCTION segment_internal.today(text, bytea, float8[], integer[]) IS
'Internal: how the rows of a query are spread over the bins of a fit and the segments of its model.';
