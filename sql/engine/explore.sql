-- Exploration. Values of columns that are no numbers come as tokens, of which only the number is asked for.

CREATE FUNCTION segment_internal.survey(
    source      text,        -- names the source in messages
    query       text,        -- SELECT of columns that are numbers or tokens
    key_columns integer,     -- 0
    columns     text[],      -- their names
    model       text,        -- shown in segment_progress
    OUT column_no integer,
    OUT rows      bigint,
    OUT missing   bigint,    -- NULL or NaN
    OUT min       float8,
    OUT max       float8,
    OUT whole     boolean,   -- no value has a fraction
    OUT distinct_values integer,  -- NULL: more than 12
    OUT majority  float8,    -- the value that more than half have, if one does
    OUT votes     bigint,    -- so many have it at least
    OUT skewness  float8     -- NULL where a value is negative
) RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_survey';

COMMENT ON FUNCTION segment_internal.survey IS
'Internal: what decides whether columns become features by themselves, from one read of a query that keeps no rows.';

CREATE FUNCTION segment_internal.describe(
    source      text,        -- names the source in messages
    query       text,        -- SELECT of the key columns, then columns that are numbers or tokens
    key_columns integer,
    columns     text[],      -- the names of the others
    token       boolean[],   -- which of them are tokens
    method      text,        -- of the fences: iqr or zscore
    threshold   float8,
    counting    boolean,     -- distinct and most common values are wanted
    OUT column_no         integer,
    OUT rows              bigint,
    OUT missing           bigint,  -- NULL or NaN
    OUT distinct_values   bigint,
    OUT mean              float8,
    OUT stddev            float8,  -- population
    OUT min               float8,
    OUT p1                float8,
    OUT p5                float8,
    OUT p25               float8,
    OUT median            float8,
    OUT p75               float8,
    OUT p95               float8,
    OUT p99               float8,
    OUT max               float8,
    OUT skewness          float8,
    OUT kurtosis          float8,  -- excess
    OUT lower             float8,  -- the fences
    OUT upper             float8,
    OUT outliers          bigint,  -- outside of them
    OUT most_common       float8[], -- all values that are equally common, at most 64, the least first
    OUT most_common_ties  bigint,   -- how many these are
    OUT most_common_share float8    -- of each, of the values that are not missing
) RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_describe';

COMMENT ON FUNCTION segment_internal.describe IS
'Internal: one read of a query of numbers and tokens, a row of figures a column.';

CREATE FUNCTION segment_internal.correlation(
    source      text,        -- names the source in messages
    query       text,        -- SELECT of the key columns, then columns that are numbers
    key_columns integer,
    columns     text[],      -- the names of the others
    method      text,        -- pearson or spearman
    OUT x text,
    OUT y text,
    OUT r float8
) RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_correlation';

COMMENT ON FUNCTION segment_internal.correlation IS
'Internal: the coefficient of each column with each, from one read of a query; NULL where one of them does not vary.';

CREATE FUNCTION segment_internal.components(
    query    text,               -- SELECT of the columns of the compiled model, in its order
    compiled bytea
) RETURNS segment_internal.axes
LANGUAGE c STABLE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_components';

COMMENT ON FUNCTION segment_internal.components IS
'Internal: what the prepared features of a model say together, from one read of a query.';

CREATE FUNCTION segment_internal.number(value "any") RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_number';

COMMENT ON FUNCTION segment_internal.number(value "any") IS
'Internal: a value as the number that a fit reads: booleans are 0 and 1, dates are days since 1970-01-01, intervals are days.';

CREATE FUNCTION segment_internal.dimensions(column_name text, value "any") RETURNS integer
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_dimensions';

COMMENT ON FUNCTION segment_internal.dimensions IS 'Internal: how many dimensions a vector, halfvec or sparsevec of pgvector has; the column is named in errors.';

CREATE FUNCTION segment_internal.token(value text) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_token';

COMMENT ON FUNCTION segment_internal.token IS 'Internal: a finite number that stands for a text, a hash of it.';

CREATE FUNCTION segment_internal.search_rules(
    wanted   integer[],
    segments integer[],
    value    float8[],
    nominal  boolean[],
    whole    boolean[],
    OUT segment integer,
    OUT place   integer,
    OUT axis    integer,
    OUT test    text,
    OUT cut     float8,
    OUT codes   integer[],
    OUT hits    bigint,
    OUT matched bigint,
    OUT rows    bigint
) RETURNS SETOF record
LANGUAGE c IMMUTABLE STRICT AS 'MODULE_PATHNAME', 'segment_internal_search_rules';

COMMENT ON FUNCTION segment_internal.search_rules IS
'Internal: the conditions of a rule for each wanted segment, from the segments of rows and a value for each of their axes, NaN where it is missing: a number, which is cut at whole ones only or at any, or the code of a category, from 0. hits of the rows that a rule has matched are of the segment, which has so many rows.';
