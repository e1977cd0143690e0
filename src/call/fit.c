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
 *	return    everything that the catalog keeps, as one row
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
	ARG_RENUMBER
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
				 errmsg("unrecognized value \"%s\" for \"%s\"", word, "kind")));
	return COLUMN_NUMBER;
}

static void
read_categories(SourceColumn *column, ArrayType *array)
{
	Datum *categories;
	int    c;

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
					 errmsg("the recipe has column \"%s\" twice", sorted[i]->name)));
	pfree(sorted);
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
	int            i;

	if (rows.n >= MOST_SOURCE_COLUMNS)
		report_argument(ERRCODE_TOO_MANY_COLUMNS, "the recipe has too many columns");
	columns->ncolumns = rows.n;
	columns->columns = palloc0(sizeof(SourceColumn) * (rows.n + 1));
	for (i = 0; i < rows.n; i++)
	{
		SourceColumn *column = &columns->columns[i];

		record_read(&rows, i);
		read_name(rows.fields[COLUMN_NAME], column->name);
		column->kind = column_kind(read_word(rows.fields[COLUMN_KIND]).text);
		column->width = DatumGetInt32(rows.fields[COLUMN_WIDTH]);
		check_argument(column->kind == COLUMN_ARRAY ? column->width >= 0 : column->width == 1,
					   "the recipe has a column of a width that cannot be");
		if (column->kind == COLUMN_CATEGORY)
			read_categories(column, DatumGetArrayTypeP(rows.fields[COLUMN_CATEGORIES]));
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

/*
 * The column of a feature.  Those of one column stand together, and in the
 * order of the columns: the search begins at hint.
 */
static SourceColumn *
column_of(SourceColumns *columns, int ncolumns, Datum name, int *hint)
{
	char wanted[NAMEDATALEN];
	int  i;

	read_name(name, wanted);
	for (i = 0; i < ncolumns; i++)
	{
		int c = (*hint + i) % ncolumns;

		if (strcmp(columns->columns[c].name, wanted) == 0)
			return &columns->columns[*hint = c];
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("the recipe has no column \"%s\"", wanted)));
}

static void
read_recipe(FunctionCallInfo fcinfo, FitJob *job)
{
	HeapTupleHeader recipe = PG_GETARG_HEAPTUPLEHEADER(ARG_RECIPE);
	RecordReader    rows = record_reader(recipe, "features");
	int             n = rows.n;
	int             ncolumns;
	int             hint = 0;
	int             i;

	job->columns = read_columns(recipe, job->weight_name);
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
		SourceColumn  *source;

		CHECK_FOR_INTERRUPTS();
		record_read(&rows, i);
		source = column_of(job->columns, ncolumns, rows.fields[FEATURE_COLUMN], &hint);
		strlcpy(feature->name, source->name, NAMEDATALEN);
		feature->missing = missing_rule(read_word(rows.fields[FEATURE_MISSING]).text);
		place_feature(feature, source, DatumGetInt32(rows.fields[FEATURE_PART]));
		feature->outliers = outlier_rule(read_word(rows.fields[FEATURE_OUTLIERS]).text);
		feature->fence = fence_kind(read_word(rows.fields[FEATURE_FENCE]).text);
		feature->fence_low = DatumGetFloat8(rows.fields[FEATURE_FENCE_LOW]);
		feature->fence_high = DatumGetFloat8(rows.fields[FEATURE_FENCE_HIGH]);
		check_fence(feature);
		feature->transform = transform_kind(read_word(rows.fields[FEATURE_TRANSFORM]).text);
		feature->scaling = scaling_kind(read_word(rows.fields[FEATURE_SCALING]).text);
		feature->weight = DatumGetFloat8(rows.fields[FEATURE_WEIGHT]);
		check_argument(feature->weight >= 0 && isfinite(feature->weight), "the weight of a feature must be 0 or more");
		check_argument(feature->weight == 0 || job->nfeatures == i, "features without weight must come last");
		if (feature->weight > 0)
			job->nfeatures = i + 1;
	}
	check_argument(job->nfeatures > 0, "the recipe has no feature with a weight");
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

static void
put_columns(RecordWriter *row, const bytea *compiled)
{
	const SourceColumns *columns = model_deserialize(compiled, NULL)->columns;
	Datum               *names = palloc(sizeof(Datum) * columns->ncolumns);
	int                  i;

	for (i = 0; i < columns->ncolumns; i++)
		names[i] = CStringGetTextDatum(columns->columns[i].name);
	record_put(row, PointerGetDatum(construct_array(names, columns->ncolumns, TEXTOID, -1, false, TYPALIGN_INT)), false);
}

/* segment_internal.fitted_feature */
static void
put_feature(RecordWriter *row, const void *fit, int f)
{
	const FitJob        *job = fit;
	const FeatureRecipe *feature = &job->recipe.features[f];
	const Figures       *population = &job->profile->population[f];

	record_put_int32(row, job->kept[f] + 1);
	record_put_int64(row, feature->imputed);
	record_put_int64(row, feature->clipped);
	record_put_figure(row, feature->fill);
	record_put_figure(row, feature->lower);
	record_put_figure(row, feature->upper);
	record_put_figure(row, feature->lambda);
	record_put_figure(row, feature->center);
	record_put_figure(row, feature->scale);
	record_put_figure(row, population->mean);
	record_put_figure(row, population->quantiles[PROFILE_MEDIAN]);
	record_put_figure(row, population->stddev);
	record_put_figure(row, population->min);
	record_put_figure(row, population->max);
}

/* segment_internal.fitted_segment */
static void
put_segment(RecordWriter *row, const void *fit, int c)
{
	const FitJob     *job = fit;
	const Clustering *best = job->best;
	int               n = job->recipe.nfeatures;
	Size              first = (Size) c * n;
	const Figures    *figures = job->profile->segments + first;
	double           *scaled = palloc_extended(sizeof(double) * n, MCXT_ALLOC_HUGE);
	int               f,
		i;

	for (f = 0; f < n; f++)
		scaled[f] = recipe_scaled(&job->recipe, f, best->means[first + f]);
	record_put_int32(row, best->numbers[c]);
	record_put(row, Int32GetDatum(job->matched != NULL ? job->matched[c] : 0), job->matched == NULL);
	record_put_int64(row, best->rows[c]);
	record_put_int64(row, best->border[c]);
	record_put_figure(row, best->distance_avg[c]);
	record_put_figure(row, best->margin_avg[c]);
	record_put_figures(row, scaled, sizeof(double), n);
	record_put_figures(row, best->values + first, sizeof(double), n);
	record_put_figures(row, &figures->mean, sizeof(Figures), n);
	for (i = 0; i < PROFILE_QUANTILES; i++)
		record_put_figures(row, &figures->quantiles[i], sizeof(Figures), n);
	record_put_figures(row, &figures->stddev, sizeof(Figures), n);
	record_put_figures(row, &figures->min, sizeof(Figures), n);
	record_put_figures(row, &figures->max, sizeof(Figures), n);
}

/* segment_internal.candidate */
static void
put_candidate(RecordWriter *row, const void *fit, int i)
{
	const FitJob     *job = fit;
	const Clustering *candidate = job->candidates[i];

	record_put_int32(row, candidate->k);
	record_put_figure(row, candidate->inertia);
	record_put_figure(row, candidate->explained);
	record_put_figure(row, candidate->silhouette);
	record_put_figure(row, candidate->davies_bouldin);
	record_put_figure(row, candidate->calinski_harabasz);
	record_put_figure(row, candidate->smallest_share);
}

/* segment_internal.repetition: features as positions among those asked for */
static void
put_repetition(RecordWriter *row, const void *fit, int i)
{
	const FitJob *job = fit;

	record_put_int32(row, job->kept[job->redundant[i].first] + 1);
	record_put_int32(row, job->kept[job->redundant[i].second] + 1);
	record_put_figure(row, job->redundant[i].r);
}

/* segment_internal.fitted */
static HeapTuple
form_result(FunctionCallInfo fcinfo, const FitJob *job, bytea *compiled)
{
	const Clustering *best = job->best;
	TupleDesc         descriptor;
	RecordWriter      row;

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "segment_internal_fit is declared with an unexpected result");
	row = record_writer(descriptor);
	record_put_int32(&row, best->k);
	record_put_int64(&row, job->recipe.rows_read);
	record_put_int64(&row, job->recipe.rows_used);
	record_put_int32(&row, best->iterations);
	record_put(&row, BoolGetDatum(best->converged), false);
	record_put_float8(&row, best->inertia);
	record_put_float8(&row, best->explained);
	record_put_float8(&row, best->silhouette);
	record_put_float8(&row, best->davies_bouldin);
	record_put_float8(&row, best->calinski_harabasz);
	record_put(&row, PointerGetDatum(compiled), false);
	put_columns(&row, compiled);
	record_put_rows(&row, job, job->recipe.nfeatures, put_feature);
	record_put_rows(&row, job, best->k, put_segment);
	record_put_rows(&row, job, job->ncandidates, put_candidate);
	record_put_rows(&row, job, job->nredundant, put_repetition);
	return record_form(&row);
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
