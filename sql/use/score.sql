-- Scoring. A row needs the model's features by name; everything else in it is ignored.

CREATE FUNCTION @extschema@.segment_predict(model text, customer record) RETURNS integer
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_predict(text, record) IS
'The segment of a row that has the features of the model by name, for example segment_predict(''customers'', c) FROM new_customers c. NULL for a row that the model''s preparation skips.';

CREATE FUNCTION @extschema@.segment_predict(compiled bytea, customer record) RETURNS integer
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'segment_predict_compiled';

COMMENT ON FUNCTION @extschema@.segment_predict(bytea, record) IS
'The segment of a row by a model as a value, which segment_compiled has: for servers that do not know the model by name, as the workers of Citus. NULL for a row that the model''s preparation skips.';

CREATE VIEW @extschema@.segment_compiled WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema, l.name AS model, c.compiled
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_compiled c ON c.model_id = l.model_id
 WHERE c.compiled IS NOT NULL AND length(c.compiled) > 0;

COMMENT ON VIEW @extschema@.segment_compiled IS 'The models that the reader may see, each as one value to score rows by; a model with groups has none.';
COMMENT ON COLUMN @extschema@.segment_compiled.schema IS 'Schema of the model''s relations.';
COMMENT ON COLUMN @extschema@.segment_compiled.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_compiled.compiled IS 'Preparation and centroids of its current run.';
GRANT SELECT ON @extschema@.segment_compiled TO PUBLIC;

CREATE FUNCTION @extschema@.segment_score(model text, customer record) RETURNS @extschema@.segment_score
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_score IS
'The segment of a row with its label, distance, the nearest other segment and margin. NULL for a row that the model''s preparation skips.';

CREATE FUNCTION @extschema@.segment_distances(
    model    text,
    customer record,
    OUT segment  integer,
    OUT distance float8
) RETURNS SETOF record
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_distances IS
'The distance of a row to the centroid of every segment, scaled space, nearest first; sizes that were asked for may have put the row elsewhere. No rows for a row that the model''s preparation skips.';

CREATE FUNCTION segment_internal.explained(
    model text,
    OUT features text[],
    OUT means    float8[]
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT segment_internal.features(m), (SELECT array_agg(s.mean ORDER BY s.segment) FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id AND s.segment > 0)
      FROM segment_internal.model($1) m;
END;

COMMENT ON FUNCTION segment_internal.explained IS
'Internal: what explaining a row needs beside compiled(): the features of a model, and their means in each segment, in the order of its numbers.';

CREATE FUNCTION @extschema@.segment_explain(
    model    text,
    customer record,
    OUT feature      text,
    OUT value        float8,
    OUT segment_mean float8,
    OUT contribution float8
) RETURNS SETOF record
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_explain IS
'What put a row into its segment and not the second nearest: for each feature its value (NULL: missing, and filled in as the fit did), the mean of the segment, both in original units, and its share of the difference between the two squared distances, scaled space: contributions sum to 1, a negative one speaks for the other segment. The largest first. Contributions are NULL where there is no second segment, or it is just as near. No rows for a row that the model''s preparation skips.';
