-- The figures of all models that the reader may see, for tools that cannot call functions.

CREATE VIEW @extschema@.segment_profiles WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       l.name AS model,
       s.segment,
       s.label,
       s.rows,
       s.share,
       f.feature,
       s.mean[f.feature_no] AS mean,
       s.median[f.feature_no] AS median,
       s.stddev[f.feature_no] AS stddev,
       s.min[f.feature_no] AS min,
       s.max[f.feature_no] AS max,
       f.mean AS population_mean,
       segment_internal.index(s.mean[f.feature_no], segment_internal.index_base(f.mean, f.min, f.max)) AS index,
       segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev) AS z
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_segment s ON s.model_id = l.model_id
  JOIN segment_internal.catalog_feature f ON f.model_id = l.model_id AND f.run = m.run;

COMMENT ON VIEW @extschema@.segment_profiles IS 'The segments of the models that the reader may see, a row a segment and feature, with the figures of the latest fit in the units of the features.';
COMMENT ON COLUMN @extschema@.segment_profiles.schema IS 'Schema of the model''s relations.';
COMMENT ON COLUMN @extschema@.segment_profiles.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_profiles.segment IS 'Number of the segment, from 1; a segment keeps it when the model is refreshed.';
COMMENT ON COLUMN @extschema@.segment_profiles.label IS 'Name of the segment, to be shown to people; segment_label() changes it.';
COMMENT ON COLUMN @extschema@.segment_profiles.rows IS 'Number of rows in the segment, at the latest fit; the same for each of its features.';
COMMENT ON COLUMN @extschema@.segment_profiles.share IS 'Share of the segment in all rows of the latest fit: 0.25 is a quarter; the same for each of its features.';
COMMENT ON COLUMN @extschema@.segment_profiles.feature IS 'The column of the source; "column=value" for the rows with that value, 1 or 0 each.';
COMMENT ON COLUMN @extschema@.segment_profiles.mean IS 'Average in the segment; of "column=value" the share of rows, 0 to 1; of dates in days since 1970-01-01. NULL if no row has a value, as are median, stddev, min, max, index and z.';
COMMENT ON COLUMN @extschema@.segment_profiles.median IS 'Median in the segment: half of the rows are below, half above.';
COMMENT ON COLUMN @extschema@.segment_profiles.stddev IS 'Standard deviation in the segment (of a population).';
COMMENT ON COLUMN @extschema@.segment_profiles.min IS 'Least value in the segment.';
COMMENT ON COLUMN @extschema@.segment_profiles.max IS 'Greatest value in the segment.';
COMMENT ON COLUMN @extschema@.segment_profiles.population_mean IS 'Average of all rows; NULL if no row has a value.';
COMMENT ON COLUMN @extschema@.segment_profiles.index IS 'mean as a percentage of population_mean: 100 is average, 200 twice as much. NULL if that is 0, or if values have both signs.';
COMMENT ON COLUMN @extschema@.segment_profiles.z IS 'How many standard deviations of all rows mean is above population_mean; below it is negative. NULL if all values are the same.';

CREATE VIEW @extschema@.segment_history WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       m.name AS model,
       h.run,
       h.started_at,
       h.segment,
       h.label,
       h.rows,
       h.share,
       p.border_rows,
       p.distance_avg,
       p.margin_avg AS silhouette
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
 CROSS JOIN LATERAL segment_internal.history(m) h
  JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = h.run AND p.segment = h.segment;

COMMENT ON VIEW @extschema@.segment_history IS 'The segments of each run of the models that the reader may see: how their sizes went.';
COMMENT ON COLUMN @extschema@.segment_history.schema IS 'Schema of the model.';
COMMENT ON COLUMN @extschema@.segment_history.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_history.run IS 'Number of the fit, from 1.';
COMMENT ON COLUMN @extschema@.segment_history.started_at IS 'When the fit began.';
COMMENT ON COLUMN @extschema@.segment_history.segment IS 'Number of the segment.';
COMMENT ON COLUMN @extschema@.segment_history.label IS 'The label that a person gave it, of one that is gone the last; else the automatic one of the run.';
COMMENT ON COLUMN @extschema@.segment_history.rows IS 'Rows in the segment.';
COMMENT ON COLUMN @extschema@.segment_history.share IS 'Its share of the rows used, 0 to 1.';
COMMENT ON COLUMN @extschema@.segment_history.border_rows IS 'Its rows at the border to another segment: with a margin below 0.1.';
COMMENT ON COLUMN @extschema@.segment_history.distance_avg IS 'Mean distance of its rows to its centroid, scaled space.';
COMMENT ON COLUMN @extschema@.segment_history.silhouette IS 'Mean margin of its rows, their simplified silhouette; NULL for one segment.';

CREATE VIEW @extschema@.segment_distribution WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       m.name AS model,
       s.segment,
       s.label,
       f.feature,
       f.feature_no,
       d.min,
       segment_internal.whisker(d.p25, d.p75, d.min) AS low,
       d.p25,
       d.median,
       d.p75,
       segment_internal.whisker(d.p75, d.p25, d.max) AS high,
       d.max
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_feature f ON f.model_id = m.model_id AND f.run = m.run
  JOIN segment_internal.catalog_segment s ON s.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT s.min[f.feature_no] AS min, s.p25[f.feature_no] AS p25, s.median[f.feature_no] AS median,
                            s.p75[f.feature_no] AS p75, s.max[f.feature_no] AS max) d;

COMMENT ON VIEW @extschema@.segment_distribution IS 'How the values of each feature are spread in each segment of the models that the reader may see, original units: what a box plot shows.';
COMMENT ON COLUMN @extschema@.segment_distribution.schema IS 'Schema of the model.';
COMMENT ON COLUMN @extschema@.segment_distribution.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_distribution.segment IS 'Number of the segment.';
COMMENT ON COLUMN @extschema@.segment_distribution.label IS 'Its label.';
COMMENT ON COLUMN @extschema@.segment_distribution.feature IS 'The feature.';
COMMENT ON COLUMN @extschema@.segment_distribution.feature_no IS 'Its place among the features of the model.';
COMMENT ON COLUMN @extschema@.segment_distribution.min IS 'Least value; NULL here and in what follows: no value.';
COMMENT ON COLUMN @extschema@.segment_distribution.low IS 'Lower end of a whisker: 1.5 interquartile ranges below the first quartile, at least the least value.';
COMMENT ON COLUMN @extschema@.segment_distribution.p25 IS 'First quartile, interpolated.';
COMMENT ON COLUMN @extschema@.segment_distribution.median IS 'Median.';
COMMENT ON COLUMN @extschema@.segment_distribution.p75 IS 'Third quartile.';
COMMENT ON COLUMN @extschema@.segment_distribution.high IS 'Upper end of a whisker: 1.5 interquartile ranges above the third quartile, at most the greatest value.';
COMMENT ON COLUMN @extschema@.segment_distribution.max IS 'Greatest value.';

GRANT SELECT ON @extschema@.segment_models, @extschema@.segment_runs, @extschema@.segment_profiles, @extschema@.segment_history,
    @extschema@.segment_distribution, @extschema@.segment_progress TO PUBLIC;
