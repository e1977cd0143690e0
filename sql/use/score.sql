-- Scoring. A row needs the model's features by name; everything else in it is ignored.

CREATE FUNCTION @extschema@.segment_predict(model text, customer record) RETURNS integer
LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

COMMENT ON FUNCTION @extschema@.segment_predict IS
'The segment of a row that has the features of the model by name, for example segment_predict(''customers'', c) FROM new_customers c. NULL for a row that the model''s preparation skips.';

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
