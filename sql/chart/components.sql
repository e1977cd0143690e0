-- The two directions in which the rows of a model differ most, as clustering sees them.

CREATE FUNCTION segment_internal.place(
    model    text,
    customer record,
    mean     float8[],
    loading  float8[],
    OUT segment integer,
    OUT x       float8,
    OUT y       float8
) RETURNS record
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_internal_place';

COMMENT ON FUNCTION segment_internal.place IS
'Internal: the segment of a row and its coordinates on axes (1 or 2) through the mean, in scaled space; NULL for a row that the model''s preparation skips.';

CREATE FUNCTION segment_internal.axes(model_id bigint) RETURNS segment_internal.axes
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.axes IS
'Internal: segment_internal.components of today''s rows of a model''s source, as its owner.';

CREATE FUNCTION segment_internal.axes_as_owner(model_id bigint) RETURNS segment_internal.axes
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.ungrouped(segment_internal.model(model_id), 'map');
BEGIN
    RETURN segment_internal.components(
        segment_internal.query(segment_internal.source_of(m), '{}', segment_internal.model_columns(m)),
        (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id));
END
$$;

COMMENT ON FUNCTION segment_internal.axes_as_owner IS 'Internal: what axes returns.';

CREATE FUNCTION @extschema@.segment_components(
    model text,
    OUT component integer,
    OUT feature   text,
    OUT loading   float8,
    OUT explained float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.n::integer, f.feature, f.loading, c.explained
      FROM segment_internal.model($1) m
     CROSS JOIN LATERAL segment_internal.axes(m.model_id) a
     CROSS JOIN LATERAL unnest(a.explained) WITH ORDINALITY c (explained, n)
     CROSS JOIN LATERAL unnest(segment_internal.coordinates(m), a.loading[c.n:c.n]) WITH ORDINALITY f (feature, loading, n)
     ORDER BY c.n, f.n;
END;

COMMENT ON FUNCTION @extschema@.segment_components IS
'The axes of segment_map: how much each feature, prepared, counts in each of the two principal components (loading, an entry of a unit vector), and the share of the variance of all prepared features that the component explains.';

CREATE FUNCTION segment_internal.correlations(axes segment_internal.axes, OUT x bigint, OUT y bigint, OUT r float8) RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    width integer := cardinality(axes.mean);
BEGIN
    RETURN QUERY SELECT (u.n - 1) / width + 1, (u.n - 1) % width + 1, u.r FROM unnest(axes.correlation) WITH ORDINALITY u (r, n);
END
$$;

COMMENT ON FUNCTION segment_internal.correlations IS 'Internal: the correlation of each feature of a model with each, by their numbers.';

CREATE FUNCTION segment_internal.feature_correlation(model_id bigint, OUT x text, OUT y text, OUT r float8) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    features text[] := segment_internal.coordinates(segment_internal.model(model_id));
BEGIN
    RETURN QUERY
        SELECT fx.name, fy.name, c.r
          FROM segment_internal.correlations(segment_internal.axes(model_id)) c
          JOIN unnest(features) WITH ORDINALITY fx (name, n) ON fx.n = c.x
          JOIN unnest(features) WITH ORDINALITY fy (name, n) ON fy.n = c.y
         ORDER BY c.x, c.y;
END
$$;

COMMENT ON FUNCTION segment_internal.feature_correlation IS 'Internal: segment_feature_correlation of a model.';

CREATE FUNCTION @extschema@.segment_feature_correlation(
    model text,
    OUT x text,
    OUT y text,
    OUT r float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.* FROM segment_internal.feature_correlation(segment_internal.model_id($1)) r;
END;

COMMENT ON FUNCTION @extschema@.segment_feature_correlation IS
'Pearson''s correlation coefficient of each prepared feature of a model with each, in all of today''s rows that the preparation does not skip. NULL where a feature does not vary.';
