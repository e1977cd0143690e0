-- What there is: the models and their runs, as far as the reader may see them.

CREATE VIEW segment_models WITH (security_invoker) AS
SELECT m.name AS model,
       l.schema,
       m.source,
       r.k,
       m.run,
       r.rows_used,
       m.features,
       r.inertia,
       r.silhouette,
       m.assignment,
       m.profile,
       m.members,
       pg_get_userbyid(l.owner) AS owner,
       m.created_at,
       r.started_at AS refreshed_at
  FROM segment_catalog_live l
  JOIN segment_catalog_model m ON m.model_id = l.model_id
  JOIN segment_catalog_run r ON r.model_id = m.model_id AND r.run = m.run;

COMMENT ON VIEW segment_models IS 'The models that the reader may see, with the figures of their current run.';
COMMENT ON COLUMN segment_models.model IS 'Name of the model.';
COMMENT ON COLUMN segment_models.schema IS 'Schema of its relations.';
COMMENT ON COLUMN segment_models.source IS 'Relation it is fitted on.';
COMMENT ON COLUMN segment_models.k IS 'Number of segments.';
COMMENT ON COLUMN segment_models.run IS 'The current run.';
COMMENT ON COLUMN segment_models.rows_used IS 'Rows that were clustered.';
COMMENT ON COLUMN segment_models.features IS 'Columns that it clusters on.';
COMMENT ON COLUMN segment_models.inertia IS 'Sum of squared distances to the nearest centroid, scaled space.';
COMMENT ON COLUMN segment_models.silhouette IS 'Simplified silhouette; NULL for one segment.';
COMMENT ON COLUMN segment_models.assignment IS 'Relation with the segment of every row; NULL: none.';
COMMENT ON COLUMN segment_models.profile IS 'View with the segments and their figures.';
COMMENT ON COLUMN segment_models.members IS 'View with the source''s rows and their segments; NULL: none.';
COMMENT ON COLUMN segment_models.owner IS 'Owner of the profile, who owns the model.';
COMMENT ON COLUMN segment_models.created_at IS 'When it was first fitted.';
COMMENT ON COLUMN segment_models.refreshed_at IS 'When the current run began.';

CREATE VIEW segment_runs WITH (security_invoker) AS
SELECT m.name AS model,
       r.run,
       m.source,
       r.k,
       r.k_reason,
       r.rows_read,
       r.rows_used,
       r.rows_skipped,
       f.features,
       r.iterations,
       r.converged,
       r.inertia,
       r.silhouette,
       r.explained,
       r.davies_bouldin,
       r.calinski_harabasz,
       m.assignment,
       m.profile,
       m.members,
       r.started_at,
       r.elapsed
  FROM segment_catalog_live l
  JOIN segment_catalog_model m ON m.model_id = l.model_id
  JOIN segment_catalog_run r ON r.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT array_agg(f.feature ORDER BY f.feature_no) AS features
                       FROM segment_catalog_feature f
                      WHERE f.model_id = r.model_id AND f.run = r.run) f;

COMMENT ON VIEW segment_runs IS 'The fits of the models that the reader may see, in the columns of segment_run.';

DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT a.attname, col_description(a.attrelid, a.attnum) AS comment
                   FROM pg_attribute a
                  WHERE a.attrelid = 'segment_run'::regclass AND a.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN segment_runs.%I IS %L', entry.attname, entry.comment);
    END LOOP;
END
$$;

GRANT SELECT ON segment_models, segment_runs TO PUBLIC;
