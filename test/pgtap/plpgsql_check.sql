-- plpgsql_check, with all its warnings, over every PL/pgSQL function of the extension.

BEGIN;

SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'plpgsql_check') AS available \gset
\if :available
LOAD 'plpgsql_check'; -- before any function in PL/pgSQL runs, pgTAP's too: 2.8 asks for it
\endif

SELECT no_plan();
\if :available

SET LOCAL client_min_messages = warning;
CREATE EXTENSION plpgsql_check;
SET LOCAL client_min_messages = notice;

-- What is right all the same, and why.  A message is a LIKE pattern for all that is said of a line.
CREATE TEMPORARY TABLE exempt (function text, message text, reason text);
INSERT INTO exempt VALUES
    ('%', 'performance: target type is different%', 'casts of single values, in jobs that make whole passes over tables'),
    ('%', 'performance: routine is marked as VOLATILE, should be STABLE attention: cannot to determine volatility of used dynamic SQL%',
     'what is executed is DDL'),
    ('%', 'warning: target type is different type than source type cast "text" value to "%" type The input expression type does not have%',
     'a literal, or the text that a function returns of it, read as the type of the variable'),
    ('%', 'warning extra: OUT variable "%" is maybe unmodified cannot to determine result of dynamic SQL%', 'RETURN QUERY EXECUTE sets all'),
    ('%', 'error: record "%" is not assigned yet%', 'the row of a C function or of a query that is made at run time'),
    ('segment_internal.apply_as_owner', 'warning: cannot determinate a result of dynamic SQL%', 'such a record'),
    ('segment_internal.apply_as_owner', 'warning extra: never read variable "%', 'read with such a record'),
    ('segment_internal.model_id_now_job', 'performance: routine is marked as VOLATILE%', 'it has to see what its statement has made'),
    ('segment_internal.role_of', 'performance: routine is marked as VOLATILE%', 'likewise'),
    ('segment_internal.sweep_as_keeper', 'warning extra: unused parameter "caller"%', 'src/call/job.c passes it to all of these'),
    ('segment_internal.tried_as_owner', 'warning: routine is marked as STABLE, but expression is VOLATILE%', 'the engine, which writes nothing here'),
    -- texts that dynamic SQL takes as they are: made by format(), quote_ident() or regclass one function before
    ('segment_internal.encode_vector', 'security: text type variable is not sanitized%', 'source is a regclass'),
    ('segment_internal.encode_array', 'security: text type variable is not sanitized%', 'source is a regclass'),
    ('segment_internal.create_profile', 'security: text type variable is not sanitized%', 'columns are from profile_columns()'),
    ('segment_internal.finish_assignment', 'security: text type variable is not sanitized%', 'assignment_kind is "table" or "view", by a constraint'),
    ('segment_internal.distribut%', 'error: %', 'catalog and functions of Citus, which is not there'),
    ('segment_internal.share_key_job', 'error: %', 'likewise'),
    ('segment_internal.create_view', 'security: text type variable is not sanitized%', 'statements that create_members() and the like format'),
    ('segment_internal.share_key_job', 'security: text type variable is not sanitized%', 'a statement with a literal by format()'),
    ('segment_internal.restore_grants', 'security: text type variable is not sanitized%', 'privileges are those that aclexplode() names'),
    ('segment_internal.restore_view_as_role', 'warning extra: unused parameter "owner"%', 'the role as which it runs'),
    ('segment_internal.drop_relations', 'security: text type variable is not sanitized%', 'kinds and quoted names from pg_class'),
    ('segment_internal.keep_output', 'security: text type variable is not sanitized%', 'the view''s own definition by pg_get_viewdef()'),
    ('segment_internal.fit_groups', 'security: text type variable is not sanitized%', 'lists of quoted columns'),
    ('segment_internal.hash', 'security: text type variable is not sanitized%', 'a list of quoted columns'),
    ('segment_internal.rules_as_owner', 'security: text type variable is not sanitized%', 'expressions, a hash and rules of quoted columns and literals'),
    ('segment_internal.typical_as_owner', 'security: text type variable is not sanitized%', 'lists of quoted columns'),
    ('segment_internal.segment_crosstab_job', 'security: text type variable is not sanitized%', 'source is a regclass as text'),
    ('segment_internal.segment_rfm_job', 'security: text type variable is not sanitized%', 'the query that rfm_query() quotes');

CREATE TEMPORARY TABLE complaint AS
SELECT ltrim(format('%s.%I', nullif(n.nspname, 'public'), p.proname), '.') AS function, c.lineno,
       concat_ws(' ', c.level || ':', c.message, c.detail, c.hint, c.context) AS message
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND e.extname = 'segment'
  JOIN pg_catalog.pg_proc p ON p.oid = d.objid
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
  LEFT JOIN pg_catalog.pg_trigger t ON t.tgfoid = p.oid
  LEFT JOIN LATERAL plpgsql_check_function_tb(p.oid, coalesce(t.tgrelid, 0), fatal_errors => false,
      other_warnings => true, extra_warnings => true, performance_warnings => true, security_warnings => true) c ON true
 WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e';

SELECT cmp_ok(count(DISTINCT function), '>', 70::bigint, 'functions are found') FROM complaint;
SELECT is(string_agg(format('line %s: %s', lineno, message), E'\n' ORDER BY lineno, message)
              FILTER (WHERE message <> '' AND NOT EXISTS (SELECT FROM exempt x WHERE c.function LIKE x.function AND c.message LIKE x.message)),
          NULL, function)
  FROM complaint c GROUP BY function ORDER BY function;

\else
SELECT skip('the server has no plpgsql_check');
\endif
SELECT * FROM finish();
ROLLBACK;
