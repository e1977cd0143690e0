-- From orders to customers: recency, frequency and monetary value, their scores and the customary names.
--
-- The view is plain SQL that names nothing of ours, so that a dump restores it in any order and DROP EXTENSION leaves
-- it alone. It reads the orders once: a hash aggregate, parallel where the orders are, then windows over the customers.
-- Sums are numeric, hence exact, and scores compare figures, never positions, so that equal customers score equal:
-- no figure depends on the order of rows.

CREATE FUNCTION segment_internal.check_rfm(
    orders regclass, customer text, ordered_at text, amount text, as_of timestamptz
) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    argument record;
    relname  text;
    wrong    record;
BEGIN
    FOR argument IN VALUES ('orders', orders::text), ('customer', customer), ('ordered_at', ordered_at), ('amount', amount) LOOP
        IF argument.column2 IS NULL THEN
            RAISE null_value_not_allowed USING MESSAGE = format('argument "%s" must not be NULL', argument.column1);
        END IF;
    END LOOP;
    relname := segment_internal.check_source(orders);
    PERFORM segment_internal.check_columns(orders, ARRAY[customer], 'customer'),
            segment_internal.check_columns(orders, ARRAY[ordered_at], 'ordered_at'),
            segment_internal.check_columns(orders, ARRAY[amount], 'amount');

    SELECT c.column_name, c.data_type, w.types INTO wrong
      FROM (VALUES (1, ordered_at, 'date, timestamp or timestamptz',
                    '{date, timestamp, timestamptz}'::regtype[]),
                   (2, amount, 'a number',
                    '{smallint, integer, bigint, numeric, real, double precision, money}')) w (n, name, types, allowed)
      JOIN segment_internal.columns(orders) c ON c.column_name = w.name
     WHERE c.base_type <> ALL (w.allowed)
     ORDER BY w.n
     LIMIT 1;
    IF FOUND THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, not %s',
                             wrong.column_name, relname, wrong.data_type, wrong.types),
            HINT = 'Cast it in a view, and name that view.';
    END IF;
    IF NOT isfinite(as_of) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "as_of" is %s', as_of),
            HINT = 'Leave it out to count the days to the newest order.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_rfm IS
'Internal: raises unless the arguments of segment_rfm name a relation and columns of it that have the right types.';

CREATE FUNCTION segment_internal.rfm_name(orders regclass, into_view text, OUT schema text, OUT name text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given    text[];
    relation record;
BEGIN
    SELECT c.relname::text AS name, n.nspname AS schema, c.relpersistence = 't' AS temporary INTO relation
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = orders;
    BEGIN
        given := parse_ident(into_view);
    EXCEPTION WHEN invalid_parameter_value THEN
    END;
    IF cardinality(given) > 2 OR (given IS NULL AND into_view IS NOT NULL) THEN
        RAISE invalid_name USING
            MESSAGE = format('argument "into_view" is not the name of a view: %s', into_view),
            HINT = 'Write name or schema.name, as in SQL: with double quotes where there are capitals or spaces.';
    END IF;

    schema := CASE WHEN cardinality(given) = 2 THEN given[1]
                   WHEN relation.temporary THEN 'pg_temp'
                   ELSE relation.schema END;
    IF schema <> 'pg_temp' AND NOT has_schema_privilege(quote_ident(schema)::regnamespace, 'CREATE') THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied for schema %s', schema),
            HINT = 'Name a schema in which you may create with into_view => ''schema.name''.';
    END IF;

    name := segment_internal.unique_name(
        coalesce(given[cardinality(given)], relation.name), CASE WHEN given IS NULL THEN '_rfm' ELSE '' END, '{}');
    IF to_regclass(format('%I.%I', schema, name)) IS NOT NULL THEN
        RAISE duplicate_table USING
            MESSAGE = format('relation "%s" already exists', name),
            HINT = 'Drop it first, or choose another name with into_view => ''...''.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.rfm_name IS 'Internal: the schema and the name of a view that is still to be made.';

CREATE FUNCTION segment_internal.rfm_query(
    orders regclass, customer text, ordered_at text, amount text, as_of timestamptz, own text[],
    bins integer, cut_offs jsonb, segment_names text[], time_window interval, frequency_by text
) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    types     regtype[] := ARRAY(SELECT c.base_type
                                   FROM unnest(ARRAY[ordered_at, amount]) WITH ORDINALITY u (name, n)
                                   JOIN segment_internal.columns(orders) c ON c.column_name = u.name
                                  ORDER BY u.n);
    -- as_of as a constant of the column's type, in the time zone of this session
    constant  text := quote_literal(CASE types[1] WHEN 'date'::regtype THEN as_of::date::text
                                                  WHEN 'timestamp'::regtype THEN as_of::timestamp::text
                                                  ELSE as_of::text END) || format('::%s', types[1]);
    latest    text := coalesce(constant, CASE types[1] WHEN 'date'::regtype THEN 'CURRENT_DATE'
                                                       WHEN 'timestamp'::regtype THEN 'LOCALTIMESTAMP'
                                                       ELSE 'now()' END);
    reference text := coalesce(constant, 'max(last_order) OVER ()');
    days      text := CASE types[1] WHEN 'date'::regtype THEN '%s - %s' ELSE 'extract(day FROM %s - %s)::integer' END;
    -- real as numeric has six digits only
    number    text := CASE types[2] WHEN 'money'::regtype THEN '%I::numeric'
                                    WHEN 'real'::regtype THEN '%I::float8'
                                    ELSE '%I' END;
    known     text := CASE WHEN types[2] IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
                           THEN 'amount IS NOT NULL' ELSE 'amount > ''-Infinity'' AND amount < ''Infinity''' END;
    condition text := format('customer IS NOT NULL AND ordered_at > ''-infinity'' AND ordered_at <= %s AND %s', latest, known);
    -- the day where this session is
    day       text := CASE types[1] WHEN 'date'::regtype THEN 'ordered_at' WHEN 'timestamp'::regtype THEN 'ordered_at::date'
                                    ELSE format('(ordered_at AT TIME ZONE %L)::date', current_setting('TimeZone')) END;
    by_day    boolean := frequency_by = 'day';
BEGIN
    IF time_window IS NOT NULL THEN
        condition := condition || format(' AND ordered_at > %s - %L::interval',
            coalesce(constant, format('(SELECT max(ordered_at) FROM orders WHERE %s AND amount > 0)', condition)), time_window);
    END IF;
    RETURN format($query$
        WITH orders AS NOT MATERIALIZED (
            SELECT %I AS customer, %I AS ordered_at, %s AS amount FROM %s
        ), customers AS (
            SELECT customer,
                   min(ordered_at) FILTER (WHERE amount > 0) AS first_order,
                   max(ordered_at) FILTER (WHERE amount > 0) AS last_order,
                   count(%s) FILTER (WHERE amount > 0) AS frequency,%s
                   sum(amount::numeric) AS monetary
              FROM orders
             WHERE %s
             GROUP BY customer
            HAVING count(*) FILTER (WHERE amount > 0) > 0
        ), figures AS (
            SELECT customer,
                   %s AS recency_days,
                   frequency,
                   monetary,
                   trim_scale(monetary / %s) AS average_order,
                   %s AS tenure_days
              FROM customers
        ), scores AS (
            SELECT *,
                   %s AS r_score,
                   %s AS f_score,
                   %s AS m_score
              FROM figures
        ), cells AS (
            SELECT *,
                   concat_ws(%L, r_score, f_score, m_score) AS rfm_score,
                   (%L::text[])[r_score][f_score] AS rfm_segment
              FROM scores
        )
        SELECT %s FROM cells
        $query$, customer, ordered_at, format(number, amount), orders, CASE WHEN by_day THEN 'DISTINCT ' || day ELSE '*' END,
        CASE WHEN by_day THEN ' count(*) FILTER (WHERE amount > 0) AS orders,' ELSE '' END, condition,
        format(days, reference, 'last_order'), CASE WHEN by_day THEN 'orders' ELSE 'frequency' END, format(days, reference, 'first_order'),
        segment_internal.rfm_score('recency_days', bins, cut_offs), segment_internal.rfm_score('frequency', bins, cut_offs),
        segment_internal.rfm_score('monetary', bins, cut_offs), CASE WHEN bins > 9 THEN '-' ELSE '' END, segment_internal.rfm_names(bins, segment_names),
        (SELECT string_agg(format('%I AS %I', u.inner_name, u.outer_name), ', ' ORDER BY u.n)
           FROM unnest(ARRAY['customer'] || segment_internal.rfm_columns(), customer || own)
                WITH ORDINALITY u (inner_name, outer_name, n)));
END
$$;

COMMENT ON FUNCTION segment_internal.rfm_query IS
'Internal: the query of an RFM view; own are the names of its columns after the customer.';

CREATE FUNCTION @extschema@.segment_rfm(
    orders     regclass,
    customer   text,
    ordered_at text,
    amount     text,
    as_of      timestamptz DEFAULT NULL,
    into_view  text        DEFAULT NULL,
    bins       integer     DEFAULT NULL,
    cut_offs   jsonb       DEFAULT NULL,
    segment_names text[]   DEFAULT NULL,
    time_window interval   DEFAULT NULL,
    frequency_by text      DEFAULT 'order'
) RETURNS regclass
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' AS $$
DECLARE
    target record;
    own    text[];
    result regclass;
    until  text := coalesce(as_of::text, 'the newest order of all customers');
    scores integer;
    score  text;
BEGIN
    -- plan
    PERFORM segment_internal.check_writable('segment_rfm'),
            segment_internal.check_rfm(orders, customer, ordered_at, amount, as_of);
    scores := segment_internal.rfm_bins(bins, cut_offs, segment_names, time_window, frequency_by);
    score := CASE WHEN scores = 5 AND cut_offs IS NULL THEN 'Quintile of %s, 5: the %s.' ELSE format('Score of %%s, 1 to %s, %1$s: the %%s.', scores) END;
    EXECUTE segment_internal.query(orders, '{}', ARRAY[customer, ordered_at, amount]) || ' LIMIT 0';    -- may we read it?
    target := segment_internal.rfm_name(orders, into_view);
    own := segment_internal.own_names(target.name, segment_internal.rfm_columns(), ARRAY[customer]);

    -- create
    BEGIN
        EXECUTE format('CREATE %s VIEW %I.%I AS %s', CASE target.schema WHEN 'pg_temp' THEN 'TEMPORARY' END,
                       target.schema, target.name,
                       segment_internal.rfm_query(orders, customer, ordered_at, amount, as_of, own, scores, cut_offs, segment_names, time_window, frequency_by));
    EXCEPTION WHEN undefined_function THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" cannot tell customers apart: %s', customer, SQLERRM),
            HINT = 'Cast it to text in a view, and name that view.';
    END;
    result := format('%I.%I', target.schema, target.name);

    -- describe
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('Recency, frequency and monetary value of the customers of %s, as of %s, live%s.', orders,
                          coalesce(as_of::text, 'the newest order'), ', of the orders of the ' || time_window || ' before'));
    PERFORM segment_internal.comment_columns(result, customer || own, ARRAY[
        'The customer.',
        'Whole days from the last order to ' || until || '.',
        CASE frequency_by WHEN 'day' THEN 'Number of days with an order: a row with an amount above 0.' ELSE 'Number of orders: rows with an amount above 0.' END,
        'Sum of the amounts, less what was returned.',
        'The monetary value divided by the number of orders.',
        'Whole days from the first order to ' || until || '.',
        format(score, 'recency', 'most recent'),
        format(score, 'frequency', 'most frequent'),
        format(score, 'monetary value', 'highest'),
        format('The three scores in a row: %s is best.', array_to_string(array_fill(scores, '{3}'), CASE WHEN scores > 9 THEN '-' ELSE '' END)),
        'Name of the cell of recency and frequency scores.']);
    RETURN result;
END
$$;

COMMENT ON FUNCTION @extschema@.segment_rfm IS
'Creates a view with a row a customer over a relation of orders: recency, frequency and monetary value, their scores by quintile and the customary name of the cell. customer, ordered_at, amount: columns of orders. as_of: the day to count from, later orders are left out; NULL: the newest order when the view is read. into_view: name of the view; NULL: <orders>_rfm beside the orders. Negative amounts are returns. A source for segment_kmeans as it is. bins: scores of a figure, 3 (terciles) to 10 (deciles); NULL: 5, or as many as cut_offs have. cut_offs: of recency_days, frequency and monetary, in place of quantiles. segment_names: names of the cells, a row a score of recency from 1, in it a name a score of frequency. time_window: older orders do not count. frequency_by: order or day.';
