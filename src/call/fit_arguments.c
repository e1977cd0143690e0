/*
 * The arguments of segment_internal_fit().
 *
 * Anybody may call us with anything: what is read here is checked here.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "compat.h"
#include "call/arrays.h"
#include "call/fit_job.h"
#include "cluster/seed.h"
#include "process/settings.h"

/* arguments of segment_internal_fit, in order */
enum
{
	ARG_SOURCE,
	ARG_QUERY,
	ARG_KEY_COLUMNS,
	ARG_TARGET,
	ARG_RECIPE,
	ARG_KEEP_CONSTANT,
	ARG_DISTANCE,
	ARG_INIT,
	ARG_CENTROIDS,
	ARG_N_INIT,
	ARG_MAX_ITER,
	ARG_TOL,
	ARG_SEED,
	ARG_K_MIN,
	ARG_K_MAX,
	ARG_MIN_SHARE,
	ARG_PREVIOUS,
	ARG_MODEL,
	ARG_SAMPLE_WEIGHT,
	ARG_RENUMBER,
	ARG_DROP_REPEATED,
	ARG_CRITERIA,
	ARG_ALGORITHM,
	ARG_SPLITS,
	ARG_FIRST_SEGMENT,
	ARG_RESAMPLES,
	ARG_MAX_SHARE,
	ARG_TRIM,
	ARG_WARM,
	ARG_STABILITY,
	ARG_REFIT_K,
	ARG_LOOKING,
	ARG_WARM_INERTIA,
	ARG_LEAVES,
	ARG_JOINED,
	ARG_MAKE_TARGET,
	ARG_RESCORE,
	ARG_BEFORE
};

/* fields of the types segment_internal.source_column and segment_internal.preparation, in order */
enum
{
	COLUMN_NAME,
	COLUMN_KIND,
	COLUMN_WIDTH,
	COLUMN_CATEGORIES
};

enum
{
	FEATURE_NAME,
	FEATURE_COLUMN,
	FEATURE_PART,
	FEATURE_ENCODING,
	FEATURE_MISSING,
	FEATURE_OUTLIERS,
	FEATURE_FENCE,
	FEATURE_FENCE_LOW,
	FEATURE_FENCE_HIGH,
	FEATURE_TRANSFORM,
	FEATURE_SCALING,
	FEATURE_WEIGHT
};

/* columns of the query, and what the SQL interface allows */
#define MOST_STARTS 10000

/* if more than half of the rows are left out, these are none */
#define MOST_TRIM 0.5

static void
report_argument(int code, const char *message)
{
	ereport(ERROR, (errcode(code), errmsg("%s", message)));
}

static void
check_argument(bool fine, const char *message)
{
	if (!fine)
		report_argument(ERRCODE_INVALID_PARAMETER_VALUE, message);
}

/* a word of the SQL interface, until the next one; what is longer than any of them is cut */
static const char *
read_word(Datum datum)
{
	static char word[NAMEDATALEN];

	text_to_cstring_buffer(DatumGetTextPP(datum), word, sizeof(word));
	return word;
}

/*
 * The name of a column; a longer one cannot be any.
 */
static void
read_name(Datum datum, char *name)
{
	text *value = DatumGetTextPP(datum);

	if (VARSIZE_ANY_EXHDR(value) >= NAMEDATALEN)
		report_argument(ERRCODE_NAME_TOO_LONG, "a name of a column is too long");
	text_to_cstring_buffer(value, name, NAMEDATALEN);
}

static ColumnKind
column_kind(const char *word)
{
	if (strcmp(word, "category") == 0)
		return COLUMN_CATEGORY;
	if (strcmp(word, "array") == 0)
		return COLUMN_ARRAY;
	if (strcmp(word, "vector") == 0)
		return COLUMN_VECTOR;
	if (strcmp(word, "number") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized value \"%s\" for \"%s\"", word, "kind")));
	return COLUMN_NUMBER;
}

static void
read_categories(SourceColumn *column, ArrayType *array)
{
	Datum *categories;

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the categories of column \"%s\" are no list of texts", column->name)));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &categories, NULL, &column->ncategories);
	if (column->ncategories > MOST_CATEGORIES)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the recipe has too many categories for column \"%s\"", column->name)));
	column->categories = palloc(sizeof(char *) * Max(column->ncategories, 1));
	for (int c = 0; c < column->ncategories; c++)
		column->categories[c] = TextDatumGetCString(categories[c]);
}

/*
 * The columns of the query behind the key; the last is that of the weights, if
 * these have a name.
 */
static SourceColumns *
read_columns(HeapTupleHeader recipe, const char *weight_name)
{
	SourceColumns *columns = palloc(sizeof(SourceColumns));
	RecordReader   rows = record_reader(recipe, "columns");

	if (rows.n >= MOST_SOURCE_COLUMNS)
		report_argument(ERRCODE_TOO_MANY_COLUMNS, "the recipe has too many columns");
	columns->ncolumns = rows.n;
	columns->columns = palloc0(sizeof(SourceColumn) * (rows.n + 1));
	for (int i = 0; i < rows.n; i++)
	{
		SourceColumn *column = &columns->columns[i];

		record_read(&rows, i);
		read_name(rows.fields[COLUMN_NAME], column->name);
		for (int j = 0; j < i; j++)
			if (strcmp(columns->columns[j].name, column->name) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_DUPLICATE_COLUMN),
						 errmsg("the recipe has column \"%s\" twice", column->name)));
		column->kind = column_kind(read_word(rows.fields[COLUMN_KIND]));
		column->width = DatumGetInt32(rows.fields[COLUMN_WIDTH]);
		if (column->kind == COLUMN_VECTOR)
			check_argument(column->width >= 1 && column->width <= MOST_DIMENSIONS, "the recipe has a vector of dimensions that cannot be");
		else
			check_argument(column->kind == COLUMN_ARRAY ? column->width >= 0 : column->width == 1,
						   "the recipe has a column of a width that cannot be");
		column->width += column->kind == COLUMN_VECTOR;
		if (column->kind == COLUMN_CATEGORY)
			read_categories(column, DatumGetArrayTypeP(rows.fields[COLUMN_CATEGORIES]));
	}
	if (weight_name != NULL)
	{
		SourceColumn *column = &columns->columns[columns->ncolumns++];

		strlcpy(column->name, weight_name, NAMEDATALEN);
		column->width = 1;
	}
	columns_set_offsets(columns);
	return columns;
}

/*
 * A feature is a number, an element of an array, the length of a vector or a category; the categories
 * of a column are followed by all others, then by missing ones.
 */
static void
set_feature_column(FeatureRecipe *feature, SourceColumn *column, int part)
{
	int parts = column->kind == COLUMN_CATEGORY ? column->ncategories + 2 : column->kind == COLUMN_VECTOR ? 1
																										  : column->width;

	if (part < 1 || part > parts)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("column \"%s\" has no part %d", column->name, part)));
	feature->column = column->first;
	feature->categorical = column->kind == COLUMN_CATEGORY;
	check_argument(feature->categorical || feature->missing != MISSING_CATEGORY,
				   "only a missing category can be a category of its own");
	if (column->kind == COLUMN_ARRAY)
		feature->column += part - 1;
	if (feature->categorical)
	{
		column->missing_category |= feature->missing == MISSING_CATEGORY;
		if (part <= column->ncategories)
			feature->category = part - 1;
		else
			feature->category = part == column->ncategories + 1 ? CATEGORY_OTHER : CATEGORY_MISSING;
	}
}

static void
check_fence(const FeatureRecipe *feature)
{
	if (feature->fence == FENCE_QUANTILES)
		check_argument(feature->fence_low >= 0 && feature->fence_low <= feature->fence_high && feature->fence_high <= 1,
					   "quantiles of fences must be from 0 to 1");
	else
		check_argument(feature->fence_low >= 0 && isfinite(feature->fence_low),
					   "the threshold of a fence must be 0 or more");
}

/*
 * The column of a feature.  Those of one column stand together, and in the
 * order of the columns: the search begins at hint.
 */
static SourceColumn *
column_of(SourceColumns *columns, int ncolumns, Datum name, int *hint)
{
	char wanted[NAMEDATALEN];

	read_name(name, wanted);
	for (int i = 0; i < ncolumns; i++)
	{
		int c = (*hint + i) % ncolumns;

		if (strcmp(columns->columns[c].name, wanted) == 0)
			return &columns->columns[*hint = c];
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("the recipe has no column \"%s\"", wanted)));
}

/*
 * How many features there are, where a vector is as many as it has dimensions,
 * and its length.
 */
static int
count_features(RecordReader *rows, SourceColumns *columns, int ncolumns)
{
	int64 n = rows->n;
	int   hint = 0;

	for (int i = 0; i < rows->n; i++)
	{
		SourceColumn *column;

		CHECK_FOR_INTERRUPTS();
		record_read(rows, i);
		column = column_of(columns, ncolumns, rows->fields[FEATURE_COLUMN], &hint);
		if (column->kind == COLUMN_VECTOR)
			n += column->width - 1;
		check_argument(n <= rows->n + (int64) columns->nraw, "the recipe has a vector twice");
	}
	return (int) n;
}

static void
read_feature(Datum *fields, SourceColumn *source, FeatureRecipe *feature)
{
	strlcpy(feature->name, source->name, NAMEDATALEN);
	feature->missing = missing_rule(read_word(fields[FEATURE_MISSING]));
	set_feature_column(feature, source, DatumGetInt32(fields[FEATURE_PART]));
	feature->outliers = outlier_rule(read_word(fields[FEATURE_OUTLIERS]));
	feature->fence = fence_kind(read_word(fields[FEATURE_FENCE]));
	feature->fence_low = DatumGetFloat8(fields[FEATURE_FENCE_LOW]);
	feature->fence_high = DatumGetFloat8(fields[FEATURE_FENCE_HIGH]);
	check_fence(feature);
	feature->transform = transform_kind(read_word(fields[FEATURE_TRANSFORM]));
	feature->scaling = scaling_kind(read_word(fields[FEATURE_SCALING]));
	feature->weight = DatumGetFloat8(fields[FEATURE_WEIGHT]);
	check_argument(feature->weight >= 0 && isfinite(feature->weight), "the weight of a feature must be 0 or more");
	if (source->kind == COLUMN_VECTOR)
		check_argument(feature->missing != MISSING_MEDIAN && feature->outliers == OUTLIERS_KEEP &&
						   feature->transform == TRANSFORM_NONE && feature->scaling == SCALING_NONE,
					   "a vector has no median, no fences, no transform and no scaling");
}

/*
 * The dimensions of a vector, of whose length the feature is, which becomes a
 * rule without effect.
 */
static void
read_dimensions(FeatureRecipe *length, const SourceColumn *source, FeatureRecipe *dimensions)
{
	for (int i = 0; i < source->width - 1; i++)
	{
		dimensions[i] = *length;
		dimensions[i].role = ROLE_DIMENSION;
		dimensions[i].vector = source->first;
		dimensions[i].column = source->first + 1 + i;
	}
	length->role = ROLE_LENGTH;
	length->weight = 0;
}

static void
read_recipe(FunctionCallInfo fcinfo, FitJob *job)
{
	HeapTupleHeader recipe = PG_GETARG_HEAPTUPLEHEADER(ARG_RECIPE);
	RecordReader    rows = record_reader(recipe, "features");
	FeatureRecipe  *features;
	int             ncolumns;
	int             room;
	int             last; /* place of the length that was read last, from behind */
	int             n = 0;
	int             hint = 0;

	job->columns = read_columns(recipe, job->weight_name);
	ncolumns = job->columns->ncolumns - (job->weight_name != NULL);
	room = last = count_features(&rows, job->columns, ncolumns);
	job->recipe.ncolumns = job->columns->nraw;
	job->recipe.weight_column = job->weight_name == NULL ? -1 : job->columns->nraw - 1;
	job->recipe.distance = distance_kind(read_word(PG_GETARG_DATUM(ARG_DISTANCE)));
	job->recipe.features = features = palloc_extended(sizeof(FeatureRecipe) * Max(room, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	job->asked = palloc0(sizeof(int) * Max(room, 1));
	for (int i = 0; i < rows.n; i++)
	{
		FeatureRecipe *feature = &features[n];
		SourceColumn  *source;

		CHECK_FOR_INTERRUPTS();
		record_read(&rows, i);
		source = column_of(job->columns, ncolumns, rows.fields[FEATURE_COLUMN], &hint);
		read_feature(rows.fields, source, feature);
		check_argument(feature->weight == 0 || job->nfeatures == n, "features without weight must come last");
		if (feature->weight > 0 && source->kind == COLUMN_VECTOR)
		{
			FeatureRecipe length = *feature;

			read_dimensions(&length, source, feature);
			features[--last] = length;
			n += source->width - 1;
		}
		else
			n++;
		if (feature->weight > 0)
			job->nfeatures = n;
		for (; feature < &features[n]; feature++)
			job->asked[feature - features] = i;
	}
	check_argument(job->nfeatures > 0, "the recipe has no feature with a weight");
	memmove(&features[n], &features[last], sizeof(FeatureRecipe) * (room - last));
	job->recipe.nfeatures = job->recipe.nrules = n + room - last;
	check_argument(recipe_number_figures(&job->recipe), "the recipe has a vector twice");
}

static void
read_start(FunctionCallInfo fcinfo, FitJob *job)
{
	int ncolumns;

	if (PG_ARGISNULL(ARG_CENTROIDS))
		return;
	job->start = matrix_read(PG_GETARG_ARRAYTYPE_P(ARG_CENTROIDS), "centroids", &job->nstart, &ncolumns);
	if (ncolumns != job->nfeatures || job->nstart != job->k_min || job->nstart != job->k_max)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("centroids must be an array of k x %d features", job->nfeatures),
				 errdetail("It is one of %d x %d, and k is from %d to %d.",
						   job->nstart, ncolumns, job->k_min, job->k_max)));
}

/*
 * A list of numbers without NULL.
 */
static const int32 *
read_numbers(Datum datum, int *n, const char *message)
{
	ArrayType *array = DatumGetArrayTypeP(datum);

	check_argument(ARR_NDIM(array) <= 1 && !array_contains_nulls(array), message);
	*n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	return (const int32 *) ARR_DATA_PTR(array);
}

/*
 * The tree that a refresh goes on with, and which segments its leaves are.
 */
static void
read_tree(FunctionCallInfo fcinfo, FitJob *job)
{
	int nsplits;

	job->bisecting = !PG_ARGISNULL(ARG_ALGORITHM) && strcmp(read_word(PG_GETARG_DATUM(ARG_ALGORITHM)), "bisecting") == 0;
	if (!job->bisecting)
		return;
	check_argument(job->start == NULL, "a bisecting fit cannot start from centroids");
	if (!job->options.warm)
		return;
	check_argument(!PG_ARGISNULL(ARG_SPLITS) && !PG_ARGISNULL(ARG_LEAVES), "a warm start of a bisecting model needs its splits and leaves");
	job->leaves = read_numbers(PG_GETARG_DATUM(ARG_LEAVES), &job->nleaves, "the leaves are no list of segments");
	job->splits = read_numbers(PG_GETARG_DATUM(ARG_SPLITS), &nsplits, "the splits are no tree with a leaf a segment");
	check_argument(nsplits == job->nleaves - 1 && bisect_is_tree(job->splits, nsplits), "the splits are no tree with a leaf a segment");
}

/*
 * What a refresh goes on from.
 */
static void
read_refit(FunctionCallInfo fcinfo, FitJob *job)
{
	job->options.warm = !PG_ARGISNULL(ARG_WARM) && PG_GETARG_BOOL(ARG_WARM);
	job->options.searching = !PG_ARGISNULL(ARG_STABILITY);
	job->options.stability = PG_ARGISNULL(ARG_STABILITY) ? 0 : PG_GETARG_FLOAT8(ARG_STABILITY);
	job->options.warm_inertia = PG_ARGISNULL(ARG_WARM_INERTIA) ? get_float8_nan() : PG_GETARG_FLOAT8(ARG_WARM_INERTIA);
	job->refit_k = PG_ARGISNULL(ARG_REFIT_K) ? 0 : PG_GETARG_INT32(ARG_REFIT_K);
	job->looking = !PG_ARGISNULL(ARG_LOOKING) && PG_GETARG_BOOL(ARG_LOOKING);
	check_argument(job->options.stability >= 0 && job->options.stability <= 1, "stability must be from 0 to 1");
	check_argument(PG_ARGISNULL(ARG_REFIT_K) || (job->refit_k >= 1 && job->refit_k <= job->k_max), "the k of a refresh must be from 1 to k_max");
	check_argument(!job->options.warm || (job->refit_k > 0 && PG_ARGISNULL(ARG_CENTROIDS)), "a warm start needs a k, and no centroids");
}

/*
 * The previous model takes the place of the recipe, whose columns it must have.
 */
static void
read_model(FunctionCallInfo fcinfo, FitJob *job)
{
	bool           weighted = job->weight_name != NULL;
	SourceColumns *columns = job->columns;
	Model         *model;
	bool           same;

	if (PG_ARGISNULL(ARG_RESCORE) || !PG_GETARG_BOOL(ARG_RESCORE))
		return;
	check_argument(job->previous != NULL, "there is no model to score by");
	job->model = model = model_deserialize(job->previous, fit_name(fcinfo));
	same = model->columns->ncolumns == columns->ncolumns - weighted && model->recipe.nfeatures == job->nfeatures;
	for (int c = 0; same && c < model->columns->ncolumns; c++)
		same = strcmp(model->columns->columns[c].name, columns->columns[c].name) == 0;
	check_argument(same, "the recipe is not that of the compiled model");
	memcpy(columns->columns, model->columns->columns, sizeof(SourceColumn) * model->columns->ncolumns);
	columns_set_offsets(columns);
	job->recipe = model->recipe;
	job->recipe.ncolumns = columns->nraw;
	job->recipe.weight_column = weighted ? columns->nraw - 1 : -1;
	job->k_min = job->k_max = model->k;
}

static void
check_not_null(FunctionCallInfo fcinfo)
{
	for (int i = 0; i <= ARG_MIN_SHARE; i++)
		if (PG_ARGISNULL(i) && i != ARG_TARGET && i != ARG_CENTROIDS && i != ARG_N_INIT)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument %d of segment_internal.fit is null", i + 1)));
}

char *
fit_name(FunctionCallInfo fcinfo)
{
	check_not_null(fcinfo);
	return text_to_cstring(PG_GETARG_TEXT_PP(PG_ARGISNULL(ARG_MODEL) ? ARG_SOURCE : ARG_MODEL));
}

void
fit_read_arguments(FunctionCallInfo fcinfo, FitJob *job)
{
	job->source = text_to_cstring(PG_GETARG_TEXT_PP(ARG_SOURCE));
	job->query = text_to_cstring(PG_GETARG_TEXT_PP(ARG_QUERY));
	collect_check_query(job->query);
	job->key_columns = PG_GETARG_INT32(ARG_KEY_COLUMNS);
	job->target = PG_ARGISNULL(ARG_TARGET) ? InvalidOid : PG_GETARG_OID(ARG_TARGET);
	job->keep_constant = PG_GETARG_BOOL(ARG_KEEP_CONSTANT);
	job->k_min = PG_GETARG_INT32(ARG_K_MIN);
	job->k_max = PG_GETARG_INT32(ARG_K_MAX);
	job->min_share = PG_GETARG_FLOAT8(ARG_MIN_SHARE);
	job->max_share = PG_ARGISNULL(ARG_MAX_SHARE) ? 1 : PG_GETARG_FLOAT8(ARG_MAX_SHARE);
	job->previous = PG_ARGISNULL(ARG_PREVIOUS) ? NULL : PG_GETARG_BYTEA_PP(ARG_PREVIOUS);
	job->renumber = !PG_ARGISNULL(ARG_RENUMBER) && PG_GETARG_BOOL(ARG_RENUMBER);
	job->drop_repeated = !PG_ARGISNULL(ARG_DROP_REPEATED) && PG_GETARG_BOOL(ARG_DROP_REPEATED);
	job->criteria = !PG_ARGISNULL(ARG_CRITERIA) && PG_GETARG_BOOL(ARG_CRITERIA);
	job->first_segment = PG_ARGISNULL(ARG_FIRST_SEGMENT) ? 0 : PG_GETARG_INT32(ARG_FIRST_SEGMENT);
	if (!PG_ARGISNULL(ARG_JOINED) && !PG_ARGISNULL(ARG_MAKE_TARGET))
	{
		job->joined = text_to_cstring(PG_GETARG_TEXT_PP(ARG_JOINED));
		job->make_target = text_to_cstring(PG_GETARG_TEXT_PP(ARG_MAKE_TARGET));
		collect_check_query(job->joined);
		collect_check_query(job->make_target);
	}
	job->resamples = PG_ARGISNULL(ARG_RESAMPLES) ? 0 : PG_GETARG_INT32(ARG_RESAMPLES);
	if (!PG_ARGISNULL(ARG_SAMPLE_WEIGHT))
	{
		job->weight_name = palloc(NAMEDATALEN);
		read_name(PG_GETARG_DATUM(ARG_SAMPLE_WEIGHT), job->weight_name);
	}
	job->options.kernel = segment_kernel();
	job->options.init = init_kind(read_word(PG_GETARG_DATUM(ARG_INIT)));
	job->options.n_init = PG_ARGISNULL(ARG_N_INIT) ? 0 : PG_GETARG_INT32(ARG_N_INIT);
	job->options.max_iter = PG_GETARG_INT32(ARG_MAX_ITER);
	job->options.tol = PG_GETARG_FLOAT8(ARG_TOL);
	job->options.seed = PG_GETARG_INT64(ARG_SEED);
	job->options.trim = PG_ARGISNULL(ARG_TRIM) ? 0 : PG_GETARG_FLOAT8(ARG_TRIM);
	check_argument(job->key_columns >= 0 && job->key_columns < MOST_SOURCE_COLUMNS, "a query cannot have so many key columns");
	check_argument(job->k_min >= 1 && job->k_max >= job->k_min, "k must be at least 1");
	check_argument(PG_ARGISNULL(ARG_N_INIT) || (job->options.n_init >= 1 && job->options.n_init <= MOST_STARTS), "n_init must be from 1 to 10000");
	check_argument(PG_ARGISNULL(ARG_FIRST_SEGMENT) || (job->first_segment >= 1 && job->first_segment <= PG_INT32_MAX / 4),
				   "the first segment of a group must be at least 1");
	check_argument(job->options.max_iter >= 1, "max_iter must be at least 1");
	check_argument(job->options.tol >= 0, "tol must be 0 or more");
	check_argument(job->resamples >= 0 && job->resamples <= MOST_RESAMPLES, "resamples must be from 0 to 1000");
	check_argument(job->min_share >= 0 && job->min_share <= 1, "min_share must be from 0 to 1");
	check_argument(job->max_share > 0 && job->max_share <= 1, "max_share must be above 0, at most 1");
	check_argument(job->options.trim >= 0 && job->options.trim <= MOST_TRIM, "trim must be from 0 to 0.5");
	if (job->k_min == job->k_max) /* else they are for choosing k */
	{
		job->options.least_share = job->min_share;
		job->options.most_share = job->max_share < 1 ? job->max_share : 0;
	}
	read_recipe(fcinfo, job);
	job->options.spherical = job->recipe.distance == DISTANCE_COSINE;
	read_start(fcinfo, job);
	read_refit(fcinfo, job);
	read_tree(fcinfo, job);
	read_model(fcinfo, job);
	job->survival = DEFAULT_SURVIVAL;
	job->split = DEFAULT_SPLIT;
	if (!PG_ARGISNULL(ARG_BEFORE))
		fit_read_before(PG_GETARG_HEAPTUPLEHEADER(ARG_BEFORE), job);
}
