-- segment_drift

CREATE FUNCTION segment_internal.measure_drift(model_id bigint) RETURNS SETOF segment_internal.drift
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.measure_drift IS 'Internal: the rows of segment_drift(), as the model''s owner.';

CREATE FUNCTION segment_internal.measure_drift_as_owner(model_id bigint) RETURNS SETOF segment_internal.drift
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT d.* FROM segment_internal.drift_of(segment_internal.ungrouped(segment_internal.model(model_id), 'drift')) d;
END
$$;

COMMENT ON FUNCTION segment_internal.measure_drift_as_owner IS 'Internal: what measure_drift returns.';

CREATE FUNCTION @extschema@.segment_drift(
    model text,
    OUT feature text,
    OUT psi     float8,
    OUT ks      float8,
    OUT verdict text,
    OUT kind    text,
    OUT segment integer,
    OUT before  float8,
    OUT now     float8,
    OUT moved   float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT d.* FROM segment_internal.measure_drift(segment_internal.model_id($1)) d;
END;

COMMENT ON FUNCTION @extschema@.segment_drift IS
'How today''s rows differ from those of the last fit, by one read of the source. Rows of kind feature: the population stability index psi in bins of about a tenth of the fit''s rows (of a category: its values), missing values in one of their own; ks, the Kolmogorov-Smirnov statistic; the mean before and now. new values: the share of rows with a category that no row of the fit had. skipped: the share of rows left out. segments: psi of their shares. segment: its share before and now, and how far the mean of its rows has moved from its centroid, as a part of the way to the nearest other one. margins: the share of rows between segments, with a margin below 0.1. verdict: stable, from 0.1 moderate, from 0.25 drifted.';
