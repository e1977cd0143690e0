-- segment_rollback: a run that is made anew on today's rows.

CREATE FUNCTION @extschema@.segment_rollback(model text, run integer, wait boolean DEFAULT true) RETURNS @extschema@.segment_run
LANGUAGE sql VOLATILE
RETURN segment_internal.refresh(segment_internal.model_id_now($1, current_schemas(true)),
    jsonb_build_object('rescore', true, 'rollback', $2, 'warm_start', false, 'stability', 0, 'wait', coalesce($3, true)));

COMMENT ON FUNCTION @extschema@.segment_rollback IS
'Takes a model back to one of its earlier runs: preparation, centroids, numbers and automatic labels are those of that run, and today''s rows go into its segments, as a new run. Labels that people gave stay with the segments that this run has, whatever their numbers are since replace => true, retire with others, and come back, without their descriptions, where they have retired since. The columns that the run read must still be there. Runs as the model''s owner, whose members may call it. wait => false raises an error if another session is working on the model.';
