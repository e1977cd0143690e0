/*-------------------------------------------------------------------------
 *
 * fit.c
 *	  segment_internal_fit(): one job from a query to figures.
 *
 *	collect   the query's feature columns are read into memory
 *	prepare   the recipe is fitted and replayed into the packed matrix
 *	cluster   k-means for each k asked for; the best by simplified silhouette
 *	profile   figures of the segments in original units
 *	write     the query is read again under the same snapshot, each row scored
 *			  and written to the target table
 *	return    everything that the catalog keeps, as one row of arrays
 *
 * All memory is in one context of the job, deleted at the end; after an error
 * it goes with its parent.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "call/arrays.h"
#include "cluster/cluster.h"
#include "cluster/judge.h"
#include "prepare/recipe_fit.h"
#include "rows/intake.h"
#include "model/model.h"
#include "model/profile.h"
#include "process/progress.h"
#include "cluster/redundant.h"
#include "cluster/seed.h"
#include "process/settings.h"
#include "prepare/weights.h"

/* arguments of segment_internal_fit, in order */
enum
{
	ARG_SOURCE,
	ARG_QUERY,
	ARG_KEY_COLUMNS,
	ARG_TARGET,
	ARG_PREPARATION,
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
	ARG_RENUMBER
};

/* columns of its result */
#define RESULT_COLUMNS 51

typedef struct FitJob
{
	/* what was asked for; points into the call's arguments */
	char          *source;
	char          *query;
	int            key_columns;
	Oid            target;
	SourceColumns *columns;
	char          *weight_name; /* of the last of these, which holds the rows' weights; NULL: none */
	int            nfeatures;   /* before those without spread are dropped; rules without weight follow */
	bool           keep_constant;
	const double  *start; /* nstart x nfeatures in original units, or NULL */
	int            nstart;
	int            k_min;
	int            k_max;
	double         min_share;
	const bytea   *previous;
	bool           renumber; /* after it */
	LloydOptions   options;

	/* what came out */
	Recipe       recipe;
	int         *kept; /* position of each of the recipe's features among those asked for */
	Intake       intake;
	ClusterRows *rows;
	Clustering  *best;
	Clustering **candidates; /* k_max - k_min + 1 at most; figures only */
	int          ncandidates;
	Profile     *profile;
	int32       *matched; /* number in the previous model for each segment, 0: none; NULL without one */

	RedundantPair *redundant;
	int            nredundant;
} FitJob;

/* ----------------------------------------------------------------
 *		Arguments
 * ----------------------------------------------------------------
 */

/*
 * Anybody may call us with anything: what is read here is checked here.
 */

/* columns of the query, and what the SQL interface allows */
#define MOST_STARTS 10000

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

/* a word of the SQL interface; what is longer than any of them is cut */
typedef struct Word
{
	char text[NAMEDATALEN];
} Word;

static Word
read_word(Datum datum)
{
	Word word;

	text_to_cstring_buffer(DatumGetTextPP(datum), word.text, sizeof(word.text));
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

/*
 * An array of the preparation, of which each entry is there.
 */
static Datum *
entries_of(HeapTupleHeader preparation, const char *field, Oid type, int *n)
{
	bool       isnull;
	Datum      value = GetAttributeByName(preparation, field, &isnull);
	int16      length;
	bool       by_value;
	char       alignment;
	Datum     *entries;
	ArrayType *array;

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("field \"%s\" of the preparation is null", field)));
	array = DatumGetArrayTypeP(value);
	if (ARR_ELEMTYPE(array) != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("field \"%s\" of the preparation has entries of another type", field)));
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("field \"%s\" of the preparation has %d dimensions", field, ARR_NDIM(array))));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("field \"%s\" of the preparation has a null entry", field)));
	get_typlenbyvalalign(type, &length, &by_value, &alignment);
	deconstruct_array(array, type, length, by_value, alignment, &entries, NULL, n);
	return entries;
}

static Datum *
n_entries_of(HeapTupleHeader preparation, const char *field, Oid type, int expected)
{
	int    n;
	Datum *entries = entries_of(preparation, field, type, &n);

	if (n != expected)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("field \"%s\" of the preparation has %d entries, not %d", field, n, expected)));
	return entries;
}

static ColumnKind
column_kind(const char *word)
{
	if (strcmp(word, "category") == 0)
		return COLUMN_CATEGORY;
	if (strcmp(word, "array") == 0)
		return COLUMN_ARRAY;
	if (strcmp(word, "number") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized value \"%s\" for \"%s\"", word, "kinds")));
	return COLUMN_NUMBER;
}

static void
read_categories(SourceColumn *column, const Datum *categories, int left)
{
	int c;

	column->ncategories = column->width;
	column->width = 1;
	if (column->ncategories > Min(left, MOST_CATEGORIES))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the preparation has too few categories for column \"%s\", or too many", column->name)));
	column->categories = palloc(sizeof(char *) * Max(column->ncategories, 1));
	for (c = 0; c < column->ncategories; c++)
		column->categories[c] = TextDatumGetCString(categories[c]);
}

static int
compare_column_names(const void *a, const void *b)
{
	return strcmp((*(const SourceColumn *const *) a)->name, (*(const SourceColumn *const *) b)->name);
}

static void
check_names(const SourceColumns *columns)
{
	const SourceColumn **sorted = palloc(sizeof(SourceColumn *) * Max(columns->ncolumns, 1));
	int                  i;

	for (i = 0; i < columns->ncolumns; i++)
		sorted[i] = &columns->columns[i];
	qsort(sorted, columns->ncolumns, sizeof(SourceColumn *), compare_column_names);
	for (i = 1; i < columns->ncolumns; i++)
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("the preparation has column \"%s\" twice", sorted[i]->name)));
	pfree(sorted);
}

/*
 * The columns of the query behind the key; the last is that of the weights, if
 * these have a name.
 */
static SourceColumns *
read_columns(HeapTupleHeader preparation, const char *weight_name)
{
	SourceColumns *columns = palloc(sizeof(SourceColumns));
	Datum         *names = entries_of(preparation, "columns", TEXTOID, &columns->ncolumns);
	Datum         *kinds = n_entries_of(preparation, "kinds", TEXTOID, columns->ncolumns);
	Datum         *widths = n_entries_of(preparation, "widths", INT4OID, columns->ncolumns);
	int            ncategories;
	Datum         *categories = entries_of(preparation, "categories", TEXTOID, &ncategories);
	int            next = 0;
	int            i;

	if (columns->ncolumns >= MOST_SOURCE_COLUMNS)
		report_argument(ERRCODE_TOO_MANY_COLUMNS, "the preparation has too many columns");
	columns->columns = palloc0(sizeof(SourceColumn) * (columns->ncolumns + 1));
	for (i = 0; i < columns->ncolumns; i++)
	{
		SourceColumn *column = &columns->columns[i];

		read_name(names[i], column->name);
		column->kind = column_kind(read_word(kinds[i]).text);
		column->width = DatumGetInt32(widths[i]);
		check_argument(column->kind == COLUMN_NUMBER ? column->width == 1 : column->width >= 0,
					   "the preparation has a column of a width that cannot be");
		if (column->kind != COLUMN_CATEGORY)
			continue;
		read_categories(column, categories + next, ncategories - next);
		next += column->ncategories;
	}
	check_names(columns);
	if (weight_name != NULL)
	{
		SourceColumn *column = &columns->columns[columns->ncolumns++];

		strlcpy(column->name, weight_name, NAMEDATALEN);
		column->width = 1;
	}
	columns_place(columns);
	return columns;
}

/*
 * A feature is a number, an element of an array or a category; the categories
 * of a column are followed by all others, then by missing ones.
 */
static void
place_feature(FeatureRecipe *feature, SourceColumn *column, int part)
{
	int parts = column->kind == COLUMN_CATEGORY ? column->ncategories + 2 : column->width;

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

static void
read_recipe(FunctionCallInfo fcinfo, FitJob *job)
{
	HeapTupleHeader preparation = PG_GETARG_HEAPTUPLEHEADER(ARG_PREPARATION);
	int             n;
	Datum          *column = entries_of(preparation, "column_no", INT4OID, &n);
	Datum          *part = n_entries_of(preparation, "part", INT4OID, n);
	Datum          *missing = n_entries_of(preparation, "missing", TEXTOID, n);
	Datum          *outliers = n_entries_of(preparation, "outliers", TEXTOID, n);
	Datum          *fence = n_entries_of(preparation, "fence", TEXTOID, n);
	Datum          *fence_low = n_entries_of(preparation, "fence_low", FLOAT8OID, n);
	Datum          *fence_high = n_entries_of(preparation, "fence_high", FLOAT8OID, n);
	Datum          *transform = n_entries_of(preparation, "transform", TEXTOID, n);
	Datum          *scaling = n_entries_of(preparation, "scaling", TEXTOID, n);
	Datum          *weight = n_entries_of(preparation, "weight", FLOAT8OID, n);
	int             ncolumns;
	int             i;

	job->columns = read_columns(preparation, job->weight_name);
	ncolumns = job->columns->ncolumns - (job->weight_name != NULL);
	job->recipe.ncolumns = job->columns->nraw;
	job->recipe.weight_column = job->weight_name == NULL ? -1 : job->columns->nraw - 1;
	job->recipe.nrules = n;
	job->recipe.nfeatures = n;
	job->recipe.distance = distance_kind(read_word(PG_GETARG_DATUM(ARG_DISTANCE)).text);
	job->recipe.features = palloc_extended(sizeof(FeatureRecipe) * Max(n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (i = 0; i < n; i++)
	{
		FeatureRecipe *feature = &job->recipe.features[i];
		int            number = DatumGetInt32(column[i]);
		SourceColumn  *source;

		if (number < 1 || number > ncolumns)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("the preparation has no column %d", number)));
		source = &job->columns->columns[number - 1];
		strlcpy(feature->name, source->name, NAMEDATALEN);
		feature->missing = missing_rule(read_word(missing[i]).text);
		place_feature(feature, source, DatumGetInt32(part[i]));
		feature->outliers = outlier_rule(read_word(outliers[i]).text);
		feature->fence = fence_kind(read_word(fence[i]).text);
		feature->fence_low = DatumGetFloat8(fence_low[i]);
		feature->fence_high = DatumGetFloat8(fence_high[i]);
		check_fence(feature);
		feature->transform = transform_kind(read_word(transform[i]).text);
		feature->scaling = scaling_kind(read_word(scaling[i]).text);
		feature->weight = DatumGetFloat8(weight[i]);
		check_argument(feature->weight >= 0 && isfinite(feature->weight), "the weight of a feature must be 0 or more");
		check_argument(feature->weight == 0 || job->nfeatures == i, "features without weight must come last");
		if (feature->weight > 0)
			job->nfeatures = i + 1;
	}
	check_argument(job->nfeatures > 0, "the preparation has no feature with a weight");
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

static void
check_not_null(FunctionCallInfo fcinfo)
{
	int i;

	for (i = 0; i <= ARG_MIN_SHARE; i++)
		if (PG_ARGISNULL(i) && i != ARG_TARGET && i != ARG_CENTROIDS)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument %d of segment_internal.fit is null", i + 1)));
}

static void
read_arguments(FunctionCallInfo fcinfo, FitJob *job)
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
	job->previous = PG_ARGISNULL(ARG_PREVIOUS) ? NULL : PG_GETARG_BYTEA_PP(ARG_PREVIOUS);
	job->renumber = !PG_ARGISNULL(ARG_RENUMBER) && PG_GETARG_BOOL(ARG_RENUMBER);
	if (!PG_ARGISNULL(ARG_SAMPLE_WEIGHT))
	{
		job->weight_name = palloc(NAMEDATALEN);
		read_name(PG_GETARG_DATUM(ARG_SAMPLE_WEIGHT), job->weight_name);
	}
	job->options.kernel = segment_kernel();
	job->options.init = init_kind(read_word(PG_GETARG_DATUM(ARG_INIT)).text);
	job->options.n_init = PG_GETARG_INT32(ARG_N_INIT);
	job->options.max_iter = PG_GETARG_INT32(ARG_MAX_ITER);
	job->options.tol = PG_GETARG_FLOAT8(ARG_TOL);
	job->options.seed = PG_GETARG_INT64(ARG_SEED);
	check_argument(job->key_columns >= 0 && job->key_columns < MOST_SOURCE_COLUMNS, "a query cannot have so many key columns");
	check_argument(job->k_min >= 1 && job->k_max >= job->k_min, "k must be at least 1");
	check_argument(job->options.n_init >= 1 && job->options.n_init <= MOST_STARTS, "n_init must be from 1 to 10000");
	check_argument(job->options.max_iter >= 1, "max_iter must be at least 1");
	check_argument(job->options.tol >= 0, "tol must be 0 or more");
	check_argument(job->min_share >= 0 && job->min_share <= 1, "min_share must be from 0 to 1");
	read_recipe(fcinfo, job);
	job->options.spherical = job->recipe.distance == DISTANCE_COSINE;
	read_start(fcinfo, job);
}

/* ----------------------------------------------------------------
 *		Prepare
 * ----------------------------------------------------------------
 */

/*
 * Fits the recipe and drops features without spread.
 */
static void
prepare(FitJob *job)
{
	Recipe *recipe = &job->recipe;
	int     nkept = 0;
	bool    any_spread = false;
	bool    in_memory = job->intake.all.rows != NULL;
	int     f;

	progress_phase(PROGRESS_PREPARING, 0);
	recipe_fit(recipe, &job->intake.all, job->source);
	weights_fit(recipe, &job->intake.all, job->weight_name);

	job->kept = palloc(sizeof(int) * Max(job->nfeatures, 1));
	for (f = 0; f < job->nfeatures; f++)
	{
		any_spread |= recipe->features[f].scale != 0;
		if (recipe->features[f].scale != 0 || job->keep_constant)
			job->kept[nkept++] = f;
	}
	if (!any_spread)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no feature of relation \"%s\" varies", job->source),
				 job->nfeatures == 1
					 ? errdetail("It has one value only in the rows used, or no spread once it is prepared.")
					 : errdetail("All %d features have one value only in the rows used, or no spread once they are prepared.",
								 job->nfeatures),
				 errhint("Name other columns in features, or prepare them in another way.")));
	recipe_keep(recipe, job->kept, nkept);

	recipe_finish(recipe);
	progress_inertia_unit(recipe->unit * recipe->unit * recipe->weight_unit);
	job->intake.nfeatures = recipe->nfeatures;
	job->intake.weighted = recipe_is_weighted(recipe);
	job->intake.input = pass_flatten(&(PassInput){.recipe = recipe});
	intake_choose_rows(&job->intake, recipe_may_skip(recipe) ? recipe_filter : NULL, recipe);
	job->rows = cluster_rows_create(&job->intake.all, in_memory ? &job->intake.all : &job->intake.memory,
									recipe, job->intake.sample_rows, job->k_max);
	job->redundant = redundant_pairs(recipe, job->rows->sample, &job->nredundant);
}

/* no prepared coordinate of a point is farther from 0, so that squared distances stay finite */
#define MOST_PREPARED 1e150

/*
 * Centroids of other rows than today's may be anywhere.
 */
static void
keep_near(double *prepared, Size n)
{
	Size i;

	for (i = 0; i < n; i++)
		prepared[i] = isnan(prepared[i]) ? 0 : Min(Max(prepared[i], -MOST_PREPARED), MOST_PREPARED);
}

/*
 * The given starting centroids in prepared coordinates of the features kept.
 */
static const double *
prepare_start(const FitJob *job)
{
	int     nfeatures = job->recipe.nfeatures;
	double *raw;
	double *prepared;
	int     c,
		f;

	if (job->start == NULL)
		return NULL;
	raw = palloc(sizeof(double) * nfeatures);
	prepared = palloc_extended(sizeof(double) * job->nstart * nfeatures, MCXT_ALLOC_HUGE);
	for (c = 0; c < job->nstart; c++)
	{
		for (f = 0; f < nfeatures; f++)
			raw[f] = job->start[(size_t) c * job->nfeatures + job->kept[f]];
		recipe_apply_values(&job->recipe, raw, prepared + (size_t) c * nfeatures);
	}
	keep_near(prepared, (Size) job->nstart * nfeatures);
	pfree(raw);
	return prepared;
}

/* ----------------------------------------------------------------
 *		Cluster
 * ----------------------------------------------------------------
 */

/*
 * Does a beat b?  The simplified silhouette decides, then the smaller k.  A
 * clustering with a segment below min_share is never chosen.
 */
static bool
candidate_better(const FitJob *job, const Clustering *a, const Clustering *b)
{
	if (a->smallest_share < job->min_share)
		return false;
	if (b == NULL)
		return true;
	return !isnan(a->silhouette) && !(a->silhouette <= b->silhouette);
}

static void
fit_candidates(FitJob *job)
{
	int64 k_max = Min((int64) job->k_max, job->rows->shape.ndistinct);
	int   k;

	cluster_check_k(job->rows, job->k_min);
	intake_check_state(judge_profile_size((int) k_max, job->recipe.nfeatures), (int) k_max, job->recipe.nfeatures);
	job->candidates = palloc(sizeof(Clustering *) * (k_max - job->k_min + 1));
	job->options.start = prepare_start(job);
	for (k = job->k_min; k <= k_max; k++)
	{
		Clustering *candidate;

		job->options.k = k;
		candidate = cluster_fit(job->rows, &job->options, job->k_min == k_max);
		job->candidates[job->ncandidates++] = candidate;
		if (candidate_better(job, candidate, job->best))
			job->best = candidate;
	}
	if (job->best == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 job->k_min == job->k_max
					 ? errmsg("the smallest of %d segments has a share of %.4f of the rows, less than min_share %.4f",
							  job->k_min, job->candidates[0]->smallest_share, job->min_share)
					 : errmsg("no k in %d..%d has segments that all reach min_share %.4f",
							  job->k_min, job->k_max, job->min_share),
				 errhint("Ask for fewer segments, or lower min_share.")));
}

/*
 * The feature of the previous model that is the same as feature f, or -1.  Both
 * have them in much the same order: the search begins at hint.
 */
static int
previous_feature(const FitJob *job, const Model *previous, int f, int hint)
{
	int nfeatures = previous->recipe.nfeatures;
	int i;

	for (i = 0; i < nfeatures; i++)
	{
		int g = (hint + i) % nfeatures;

		if (model_same_feature(job->columns, &job->recipe.features[f],
							   previous->columns, &previous->recipe.features[g]))
			return g;
	}
	return -1;
}

/*
 * Finds the segments of the previous model again, and carries their numbers
 * over if that is wanted.
 */
static void
match_previous(FitJob *job)
{
	const Recipe *recipe = &job->recipe;
	Model        *previous;
	int          *same;
	double       *raw;
	double       *prepared;
	int           c,
		f;

	if (job->previous == NULL)
		return;
	if (!model_is_of_this_format(job->previous))
	{
		ereport(NOTICE,
				(errmsg("segments are numbered anew: the model that they had their numbers from was made by another version")));
		return;
	}
	previous = model_deserialize(job->previous, NULL);
	same = palloc(sizeof(int) * recipe->nfeatures);
	raw = palloc0(sizeof(double) * recipe->nfeatures);
	prepared = palloc_extended(sizeof(double) * previous->k * recipe->nfeatures, MCXT_ALLOC_HUGE);
	for (f = 0; f < recipe->nfeatures; f++)
		same[f] = previous_feature(job, previous, f, f > 0 ? same[f - 1] + 1 : 0);
	for (c = 0; c < previous->k; c++)
	{
		double *place = prepared + (Size) c * recipe->nfeatures;

		CHECK_FOR_INTERRUPTS();
		for (f = 0; f < recipe->nfeatures; f++)
			if (same[f] >= 0)
				raw[f] = recipe_raw(&previous->recipe, same[f],
									previous->centroids[(Size) c * previous->recipe.nfeatures + same[f]]);
		recipe_apply_values(recipe, raw, place);
		keep_near(place, recipe->nfeatures);
	}
	job->matched = palloc(sizeof(int32) * job->best->k);
	cluster_match(job->best, prepared, previous->numbers, previous->k, job->matched);
	if (job->renumber)
		cluster_renumber(job->best, job->matched, previous->numbers, previous->k);
}

/* ----------------------------------------------------------------
 *		Return
 * ----------------------------------------------------------------
 */

typedef struct FitResult
{
	Datum values[RESULT_COLUMNS];
	bool  nulls[RESULT_COLUMNS];
	int   n;
} FitResult;

static void
put(FitResult *result, Datum value, bool isnull)
{
	Assert(result->n < RESULT_COLUMNS);
	result->values[result->n] = value;
	result->nulls[result->n++] = isnull;
}

/* NaN stands for an undefined figure, which is NULL in SQL. */
static void
put_float8(FitResult *result, double value)
{
	put(result, Float8GetDatum(value), isnan(value));
}

static void
put_float8_array(FitResult *result, const double *first, Size stride, int rows, int columns)
{
	put(result, PointerGetDatum(figures_build(first, stride, rows, columns)), false);
}

static void
put_int_array(FitResult *result, const void *first, Size stride, int n, Oid type)
{
	Datum *values = palloc(sizeof(Datum) * Max(n, 1));
	int    i;

	for (i = 0; i < n; i++)
	{
		const char *entry = (const char *) first + (Size) i * stride;

		values[i] = type == INT4OID ? Int32GetDatum(*(const int32 *) entry)
									: Int64GetDatum(*(const int64 *) entry);
	}
	put(result, PointerGetDatum(type == INT4OID ? construct_array(values, n, INT4OID, sizeof(int32), true, TYPALIGN_INT) : construct_array(values, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)),
		false);
}

static void
put_columns(FitResult *result, const bytea *compiled)
{
	const SourceColumns *columns = model_deserialize(compiled, NULL)->columns;
	Datum               *names = palloc(sizeof(Datum) * columns->ncolumns);
	int                  i;

	for (i = 0; i < columns->ncolumns; i++)
		names[i] = CStringGetTextDatum(columns->columns[i].name);
	put(result, PointerGetDatum(construct_array(names, columns->ncolumns, TEXTOID, -1, false, TYPALIGN_INT)), false);
}

static void
put_features(FitResult *result, const FitJob *job)
{
	const FeatureRecipe *first = job->recipe.features;
	const Figures       *population = job->profile->population;
	int                  n = job->recipe.nfeatures;
	int                 *numbers = palloc(sizeof(int) * n);
	int                  f;

	for (f = 0; f < n; f++)
		numbers[f] = job->kept[f] + 1;
	put_int_array(result, numbers, sizeof(int), n, INT4OID);
	put_int_array(result, &first->imputed, sizeof(FeatureRecipe), n, INT8OID);
	put_int_array(result, &first->clipped, sizeof(FeatureRecipe), n, INT8OID);
	put_float8_array(result, &first->fill, sizeof(FeatureRecipe), n, 0);
	put_float8_array(result, &first->lower, sizeof(FeatureRecipe), n, 0);
	put_float8_array(result, &first->upper, sizeof(FeatureRecipe), n, 0);
	put_float8_array(result, &first->lambda, sizeof(FeatureRecipe), n, 0);
	put_float8_array(result, &first->center, sizeof(FeatureRecipe), n, 0);
	put_float8_array(result, &first->scale, sizeof(FeatureRecipe), n, 0);
	put_float8_array(result, &population->mean, sizeof(Figures), n, 0);
	put_float8_array(result, &population->quantiles[PROFILE_MEDIAN], sizeof(Figures), n, 0);
	put_float8_array(result, &population->stddev, sizeof(Figures), n, 0);
	put_float8_array(result, &population->min, sizeof(Figures), n, 0);
	put_float8_array(result, &population->max, sizeof(Figures), n, 0);
}

static void
put_segments(FitResult *result, const FitJob *job)
{
	const Clustering *best = job->best;
	const Figures    *first = job->profile->segments;
	int               k = best->k;
	int               n = job->recipe.nfeatures;
	double           *scaled = palloc_extended(sizeof(double) * k * n, MCXT_ALLOC_HUGE);
	int               c,
		f,
		i;

	for (c = 0; c < k; c++)
		for (f = 0; f < n; f++)
			scaled[(size_t) c * n + f] =
				recipe_scaled(&job->recipe, f, best->means[(size_t) c * n + f]);
	put_int_array(result, best->numbers, sizeof(int32), k, INT4OID);
	put_int_array(result, job->matched, sizeof(int32), job->matched != NULL ? k : 0, INT4OID);
	put_int_array(result, best->rows, sizeof(int64), k, INT8OID);
	put_int_array(result, best->border, sizeof(int64), k, INT8OID);
	put_float8_array(result, best->distance_avg, sizeof(double), k, 0);
	put_float8_array(result, best->margin_avg, sizeof(double), k, 0);
	put_float8_array(result, scaled, sizeof(double), k, n);
	put_float8_array(result, best->values, sizeof(double), k, n);
	put_float8_array(result, &first->mean, sizeof(Figures), k, n);
	for (i = 0; i < PROFILE_QUANTILES; i++)
		put_float8_array(result, &first->quantiles[i], sizeof(Figures), k, n);
	put_float8_array(result, &first->stddev, sizeof(Figures), k, n);
	put_float8_array(result, &first->min, sizeof(Figures), k, n);
	put_float8_array(result, &first->max, sizeof(Figures), k, n);
}

/*
 * Features that nearly repeat others, as positions among those asked for.
 */
static void
put_redundant(FitResult *result, const FitJob *job)
{
	int *features = palloc(sizeof(int) * 2 * Max(job->nredundant, 1));
	int  i;

	for (i = 0; i < job->nredundant; i++)
	{
		features[2 * i] = job->kept[job->redundant[i].first] + 1;
		features[2 * i + 1] = job->kept[job->redundant[i].second] + 1;
	}
	put_int_array(result, features, 2 * sizeof(int), job->nredundant, INT4OID);
	put_int_array(result, features + 1, 2 * sizeof(int), job->nredundant, INT4OID);
	put_float8_array(result, &job->redundant->r, sizeof(RedundantPair), job->nredundant, 0);
}

static void
put_candidates(FitResult *result, const FitJob *job)
{
	int         n = job->ncandidates;
	Clustering *all = palloc(sizeof(Clustering) * n);
	int         i;

	for (i = 0; i < n; i++)
		all[i] = *job->candidates[i];
	put_int_array(result, &all->k, sizeof(Clustering), n, INT4OID);
	put_float8_array(result, &all->inertia, sizeof(Clustering), n, 0);
	put_float8_array(result, &all->explained, sizeof(Clustering), n, 0);
	put_float8_array(result, &all->silhouette, sizeof(Clustering), n, 0);
	put_float8_array(result, &all->davies_bouldin, sizeof(Clustering), n, 0);
	put_float8_array(result, &all->calinski_harabasz, sizeof(Clustering), n, 0);
	put_float8_array(result, &all->smallest_share, sizeof(Clustering), n, 0);
}

static HeapTuple
form_result(FunctionCallInfo fcinfo, const FitJob *job, bytea *compiled)
{
	FitResult        *result = palloc0(sizeof(FitResult));
	const Clustering *best = job->best;
	TupleDesc         descriptor;

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE ||
		descriptor->natts != RESULT_COLUMNS)
		elog(ERROR, "segment_internal_fit is declared with an unexpected result");

	put(result, Int32GetDatum(best->k), false);
	put(result, Int64GetDatum(job->recipe.rows_read), false);
	put(result, Int64GetDatum(job->recipe.rows_used), false);
	put(result, Int32GetDatum(best->iterations), false);
	put(result, BoolGetDatum(best->converged), false);
	put_float8(result, best->inertia);
	put_float8(result, best->explained);
	put_float8(result, best->silhouette);
	put_float8(result, best->davies_bouldin);
	put_float8(result, best->calinski_harabasz);
	put(result, PointerGetDatum(compiled), false);
	put_columns(result, compiled);
	put_features(result, job);
	put_segments(result, job);
	put_candidates(result, job);
	put_redundant(result, job);
	Assert(result->n == RESULT_COLUMNS);
	return heap_form_tuple(BlessTupleDesc(descriptor), result->values, result->nulls);
}

/*
 * Scores and writes the target, if there is one, with the model as it will be
 * read back by later scoring.
 */
static void
write_target(const FitJob *job, bytea *compiled)
{
	if (!OidIsValid(job->target))
		return;
	progress_phase(PROGRESS_WRITING, job->recipe.rows_used);
	if (write_assignment(job->target, job->query, job->key_columns,
						 model_deserialize(compiled, NULL)) != job->recipe.rows_used)
		source_changed();
}

/* values times clusters that are worth the start of workers, some ten milliseconds of work */
#define TEAM_WORK 3e7

static Team *
begin_team(const FitJob *job)
{
	double work = (double) job->intake.all.rows->nrows * job->nfeatures * (job->k_max + 8.0) *
				  (job->k_max - job->k_min + 1.0);

	if (work < TEAM_WORK)
		return team_begin(0);
	if (job->intake.scan.nworkers < intake_workers())
		ereport(NOTICE,
				(errmsg("segment.work_mem has room for the figures of %d segments of %d features in %d of %d processes",
						job->k_max, job->recipe.nfeatures, job->intake.scan.nworkers + 1, intake_workers() + 1),
				 errhint("Raise segment.work_mem for all of them to take part.")));
	return team_begin(job->intake.scan.nworkers);
}

typedef struct FitCall
{
	FunctionCallInfo fcinfo;
	FitJob          *job; /* the result */
} FitCall;

/*
 * From the arguments to the profile.  What processes share is in set.
 */
static void
run_fit(ShareSet *set, void *argument)
{
	FitCall         *call = argument;
	FunctionCallInfo fcinfo = call->fcinfo;
	FitJob          *job = call->job = palloc0(sizeof(FitJob));
	int              f;

	read_arguments(fcinfo, job);
	job->intake.scan = (ScanSource){
		.query = job->query,
		.nkeys = job->key_columns,
		.columns = job->columns};
	job->intake.seed = job->options.seed;
	job->intake.k = job->k_max;
	job->intake.nfeatures = job->recipe.nfeatures;
	job->intake.weighted = recipe_is_weighted(&job->recipe);
	job->intake.pass = &range_pass;
	job->intake.input = pass_flatten(&(PassInput){.recipe = &job->recipe});
	job->intake.scan.nworkers = intake_plan(&job->intake, judge_profile_size(job->k_max, job->recipe.nfeatures),
											share_set_across_processes(set) ? intake_workers() : 0);
	intake_read(&job->intake, set);
	if (share_set_across_processes(set) && job->intake.all.rows != NULL)
		job->intake.all.team = begin_team(job);
	prepare(job);
	fit_candidates(job);
	match_previous(job);
	job->profile = profile_compute(&job->intake.all, job->best);
	for (f = 0; f < job->recipe.nfeatures; f++)
		recipe_fill_median(&job->recipe, f, job->profile->population[f].quantiles[PROFILE_MEDIAN]);
	if (job->intake.all.team != NULL)
	{
		team_dismiss(job->intake.all.team);
		share_set_clear(set);
		team_end(job->intake.all.team);
	}
}

PG_FUNCTION_INFO_V1(segment_internal_fit);
Datum
segment_internal_fit(PG_FUNCTION_ARGS)
{
	MemoryContext caller_context = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(caller_context, "segment fit",
												  ALLOCSET_DEFAULT_SIZES);
	FitCall       call = {.fcinfo = fcinfo};
	bytea        *compiled;
	HeapTuple     tuple;

	MemoryContextSwitchTo(context);
	check_not_null(fcinfo);
	progress_begin(text_to_cstring(PG_GETARG_TEXT_PP(PG_ARGISNULL(ARG_MODEL) ? ARG_SOURCE : ARG_MODEL)));
	share_run(intake_workers() > 0, run_fit, &call);
	compiled = model_serialize(call.job->columns, &call.job->recipe, call.job->best);
	write_target(call.job, compiled);
	tuple = form_result(fcinfo, call.job, compiled);

	MemoryContextSwitchTo(caller_context);
	tuple = heap_copytuple(tuple);
	MemoryContextDelete(context);
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}
