/*
 * segment_internal.search_rules(): short rules for the segments of a sample.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "explore/rule_search.h"

/*
 * An argument's array, which must have so many dimensions, or none, and no NULL.
 */
static ArrayType *
read_array(FunctionCallInfo fcinfo, int argument, const char *name, int ndim)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(argument);

	if (ARR_NDIM(array) != 0 && ARR_NDIM(array) != ndim)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must be an array of %d %s", name, ndim, ndim == 1 ? "dimension" : "dimensions")));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", name)));
	return array;
}

static int
length_of(const ArrayType *array, int dimension)
{
	return ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[dimension];
}

/* A row of the result; condition is NULL for a rule that has none. */
static void
put_condition(ReturnSetInfo *result, int32 segment, const Rule *rule, int place, const RuleCondition *condition)
{
	static const char *const tests[] = {
		[RULE_AT_LEAST] = ">=", [RULE_BELOW] = "<", [RULE_AMONG] = "IN", [RULE_MISSING] = "IS NULL"};

	Datum values[9] = {0};
	bool  nulls[9] = {false};

	values[0] = Int32GetDatum(segment);
	values[1] = Int32GetDatum(place + 1);
	values[6] = Int64GetDatum(rule->hits);
	values[7] = Int64GetDatum(rule->matched);
	values[8] = Int64GetDatum(rule->wanted);
	if (condition != NULL)
	{
		Datum codes[RULE_VALUES];

		for (int i = 0; i < condition->ncodes; i++)
			codes[i] = Int32GetDatum(condition->codes[i]);
		values[2] = Int32GetDatum(condition->axis + 1);
		values[3] = CStringGetTextDatum(tests[condition->test]);
		values[4] = Float8GetDatum(condition->cut);
		values[5] = PointerGetDatum(construct_array(codes, condition->ncodes, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	}
	nulls[2] = nulls[3] = nulls[5] = condition == NULL;
	nulls[4] = condition == NULL || (condition->test != RULE_AT_LEAST && condition->test != RULE_BELOW);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/*
 * segment_internal.search_rules(wanted integer[], segments integer[], value
 * float8[], nominal boolean[], whole boolean[]) -> rows (segment, place, axis,
 * test, cut, codes, hits, matched, rows): the conditions of a rule for each
 * wanted segment, one row without a test if there are none.
 *
 * segments has the segment of each row; value is rows x axes, NaN where one is
 * missing; nominal and whole say what an axis is: see RuleAxis.
 */
PG_FUNCTION_INFO_V1(segment_internal_search_rules);
Datum
segment_internal_search_rules(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ArrayType     *wanted = read_array(fcinfo, 0, "wanted", 1);
	ArrayType     *segments = read_array(fcinfo, 1, "segments", 1);
	ArrayType     *value = read_array(fcinfo, 2, "value", 2);
	ArrayType     *nominal = read_array(fcinfo, 3, "nominal", 1);
	ArrayType     *whole = read_array(fcinfo, 4, "whole", 1);
	int            nrows = length_of(segments, 0);
	int            naxes = length_of(nominal, 0);
	RuleAxis      *axes;
	RuleTable     *table;

	if (length_of(whole, 0) != naxes ||
		(nrows > 0 && naxes > 0 && (length_of(value, 0) != nrows || length_of(value, 1) != naxes)))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the values of %d rows of %d axes do not fit", nrows, naxes)));
	InitMaterializedSRF(fcinfo, 0);
	axes = palloc(sizeof(RuleAxis) * Max(naxes, 1));
	for (int a = 0; a < naxes; a++)
		axes[a] = (RuleAxis){((const bool *) ARR_DATA_PTR(nominal))[a], ((const bool *) ARR_DATA_PTR(whole))[a]};
	table = rule_table_create((const double *) ARR_DATA_PTR(value), nrows, naxes, axes, (const int32 *) ARR_DATA_PTR(segments));
	for (int i = 0; i < length_of(wanted, 0); i++)
	{
		int32 segment = ((const int32 *) ARR_DATA_PTR(wanted))[i];
		Rule  rule = rule_search(table, segment);

		if (rule.nconditions == 0)
			put_condition(result, segment, &rule, 0, NULL);
		for (int c = 0; c < rule.nconditions; c++)
			put_condition(result, segment, &rule, c, &rule.conditions[c]);
	}
	return (Datum) 0;
}
