/*
 * A fitted model in one value, and scoring rows with it.
 *
 * The value is a bytea in network byte order, so that a dump restores on any
 * machine:
 *
 *		int32 magic, format; the version that made it, terminated by 0
 *		int32 distance, k, number of features, number of rules; float8 unit
 *		the columns: see columns_send()
 *		a rule:		int32 place of the raw value, categorical, category, missing,
 *					outliers, transform; float8 fill, lower, upper, lambda, center,
 *					scale, weight, offset, factor
 *		int32 are there offsets, are rows left out; float8 cut
 *		a centroid:	int32 segment number; float8 a feature, prepared; float8 offset, if there are
 *
 * The first of the rules are the features; the rest may skip rows.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "model/model.h"
#include "prepare/nearest.h"

#define MODEL_MAGIC 0x5365676d
#define MODEL_FORMAT 4

/* a format without magic and version */
#define BARE_FORMAT 2
#define BARE_FORMAT_VERSION "0.1.0"

/* bytes of a version's name */
#define MOST_VERSION 32

/* numbers are counted up from run to run: some are left for those to come */
#define MOST_NUMBER (PG_INT32_MAX / 2)

/* where the float8 of a rule are, in the order of the value */
static const Size rule_figures[] = {
	offsetof(FeatureRecipe, fill), offsetof(FeatureRecipe, lower), offsetof(FeatureRecipe, upper),
	offsetof(FeatureRecipe, lambda), offsetof(FeatureRecipe, center), offsetof(FeatureRecipe, scale),
	offsetof(FeatureRecipe, weight), offsetof(FeatureRecipe, offset), offsetof(FeatureRecipe, factor)};

#define RULE_BYTES (6 * sizeof(int32) + lengthof(rule_figures) * sizeof(float8))

/*
 * The column that a raw value belongs to.
 */
static const SourceColumn *
column_of_raw(const SourceColumns *columns, int raw)
{
	int i;

	for (i = 0; i < columns->ncolumns - 1; i++)
		if (raw < columns->columns[i].first + columns->columns[i].width)
			break;
	return &columns->columns[i];
}

/*
 * Those columns that a rule looks at; moved[raw] is where a raw value of
 * theirs goes.
 */
static SourceColumns *
columns_looked_at(const SourceColumns *columns, const Recipe *recipe, int *moved)
{
	SourceColumns *looked_at = palloc0(sizeof(SourceColumns));
	bool          *used = palloc0(sizeof(bool) * columns->nraw);
	int            next = 0;

	for (int f = 0; f < recipe->nrules; f++)
		used[recipe->features[f].column] = true;
	looked_at->columns = palloc(sizeof(SourceColumn) * columns->ncolumns);
	for (int i = 0; i < columns->ncolumns; i++)
	{
		const SourceColumn *column = &columns->columns[i];

		if (memchr(used + column->first, true, column->width) == NULL)
			continue;
		looked_at->columns[looked_at->ncolumns++] = *column;
		for (int part = 0; part < column->width; part++)
			moved[column->first + part] = next++;
	}
	pfree(used);
	return looked_at;
}

bytea *
model_serialize(const SourceColumns *columns, const Recipe *recipe, const Clustering *clustering)
{
	int           *moved = palloc0(sizeof(int) * columns->nraw);
	SourceColumns *looked_at = columns_looked_at(columns, recipe, moved);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendint32(&buffer, MODEL_MAGIC);
	pq_sendint32(&buffer, MODEL_FORMAT);
	pq_sendstring(&buffer, SEGMENT_VERSION);
	pq_sendint32(&buffer, recipe->distance);
	pq_sendint32(&buffer, clustering->k);
	pq_sendint32(&buffer, recipe->nfeatures);
	pq_sendint32(&buffer, recipe->nrules);
	pq_sendfloat8(&buffer, recipe->unit);
	columns_send(&buffer, looked_at);
	for (int f = 0; f < recipe->nrules; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		pq_sendint32(&buffer, moved[feature->column]);
		pq_sendint32(&buffer, feature->categorical);
		pq_sendint32(&buffer, feature->category);
		pq_sendint32(&buffer, feature->missing);
		pq_sendint32(&buffer, feature->outliers);
		pq_sendint32(&buffer, feature->transform);
		for (int i = 0; i < (int) lengthof(rule_figures); i++)
			pq_sendfloat8(&buffer, *(const double *) ((const char *) feature + rule_figures[i]));
	}
	pq_sendint32(&buffer, clustering->offsets != NULL);
	pq_sendint32(&buffer, clustering->trimmed);
	pq_sendfloat8(&buffer, clustering->cut);
	for (int c = 0; c < clustering->k; c++)
	{
		pq_sendint32(&buffer, clustering->numbers[c]);
		for (int f = 0; f < recipe->nfeatures; f++)
			pq_sendfloat8(&buffer, clustering->centroids[(size_t) c * recipe->nfeatures + f]);
		if (clustering->offsets != NULL)
			pq_sendfloat8(&buffer, clustering->offsets[c]);
	}
	return pq_endtypsend(&buffer);
}

bytea *
model_serialize_again(const Model *model)
{
	Clustering clustering = {.k = model->k, .centroids = model->centroids, .numbers = model->numbers, .offsets = model->offsets, .trimmed = model->trimmed, .cut = model->cut};

	return model_serialize(model->columns, &model->recipe, &clustering);
}

/*
 * What a model begins with: its format, and the version that made it.
 */
static int
receive_format(StringInfo message, const char **version)
{
	int         magic = message_int(message);
	int         format;
	const char *letter;

	*version = BARE_FORMAT_VERSION;
	if (magic == BARE_FORMAT)
		return BARE_FORMAT;
	message_check(magic == MODEL_MAGIC);
	format = message_int(message);
	*version = message_string(message);
	message_check(strlen(*version) <= MOST_VERSION);
	for (letter = *version; *letter != '\0'; letter++)
		message_check(*letter > ' ' && *letter <= '~');
	return format;
}

static StringInfoData
message_of(const bytea *compiled)
{
	StringInfoData message;

	/* a copy: a string of packed bytes is terminated by chance only */
	initStringInfo(&message);
	appendBinaryStringInfo(&message, VARDATA_ANY(compiled), VARSIZE_ANY_EXHDR(compiled));
	return message;
}

bool
model_is_of_this_format(const bytea *compiled)
{
	StringInfoData message = message_of(compiled);
	const char    *version;
	bool           same = receive_format(&message, &version) == MODEL_FORMAT;

	pfree(message.data);
	return same;
}

static void
check_format(StringInfo message, const char *name)
{
	const char *version;
	int         format = receive_format(message, &version);

	if (format == MODEL_FORMAT)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 name == NULL ? errmsg("the compiled model was made by segment %s, and segment " SEGMENT_VERSION " cannot read it", version)
						  : errmsg("model \"%s\" was compiled by segment %s, and segment " SEGMENT_VERSION " cannot read it", name, version),
			 errdetail("It has format %d, not %d.", format, MODEL_FORMAT),
			 errhint("Fit it anew: SELECT segment_refresh(%s);",
					 name == NULL ? "'model'" : quote_literal_cstr(name))));
}

/*
 * What a row goes through must leave a number, if it is one.
 */
static void
check_rule(const FeatureRecipe *feature, const SourceColumn *column)
{
	message_check(feature->categorical == (column->kind == COLUMN_CATEGORY));
	message_check(!feature->categorical ||
				  (feature->category >= CATEGORY_MISSING && feature->category < column->ncategories));
	message_check(feature->missing != MISSING_CATEGORY || column->missing_category);
	message_check(column->kind != COLUMN_VECTOR || (feature->missing != MISSING_MEDIAN && feature->outliers == OUTLIERS_KEEP && feature->transform == TRANSFORM_NONE));
	message_check(feature->lower <= feature->upper && feature->lower <= DBL_MAX && feature->upper >= -DBL_MAX);
}

static void
check_feature(const FeatureRecipe *feature)
{
	bool fills = feature->missing == MISSING_MEDIAN || feature->missing == MISSING_MEAN ||
				 feature->missing == MISSING_ZERO;

	message_check(isfinite(feature->fill) || (!fills && isnan(feature->fill)));
	message_check(feature->transform != TRANSFORM_YEO_JOHNSON || isfinite(feature->lambda));
	message_check(isfinite(feature->center) && isfinite(feature->offset));
	message_check(feature->scale >= 0 && isfinite(feature->scale));
	message_check(feature->weight >= 0 && isfinite(feature->weight));
	message_check(feature->factor >= 0 && isfinite(feature->factor));
}

static void
receive_rule(StringInfo message, const SourceColumns *columns, bool is_feature, FeatureRecipe *feature)
{
	const SourceColumn *column;

	feature->column = message_choice(message, columns->nraw - 1);
	column = column_of_raw(columns, feature->column);
	strlcpy(feature->name, column->name, NAMEDATALEN);
	feature->categorical = message_choice(message, 1);
	feature->category = message_int(message);
	feature->missing = (MissingRule) message_choice(message, MISSING_CATEGORY);
	feature->outliers = (OutlierRule) message_choice(message, OUTLIERS_SKIP);
	feature->transform = (Transform) message_choice(message, TRANSFORM_YEO_JOHNSON);
	for (int i = 0; i < (int) lengthof(rule_figures); i++)
		*(double *) ((char *) feature + rule_figures[i]) = message_float8(message);
	check_rule(feature, column);
	if (column->kind != COLUMN_VECTOR)
		return;
	feature->role = is_feature ? ROLE_DIMENSION : ROLE_LENGTH;
	feature->vector = column->first;
	message_check((feature->column == column->first) != is_feature);
}

/*
 * Columns and rules; counts are known.
 */
static void
receive_recipe(StringInfo message, Model *model)
{
	Recipe *recipe = &model->recipe;

	recipe->unit = message_float8(message);
	message_check(recipe->unit > 0 && isfinite(recipe->unit));
	model->columns = columns_receive(message);
	recipe->ncolumns = model->columns->nraw;
	recipe->weight_column = -1;
	recipe->features = palloc_extended(sizeof(FeatureRecipe) * recipe->nrules, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int f = 0; f < recipe->nrules; f++)
	{
		receive_rule(message, model->columns, f < recipe->nfeatures, &recipe->features[f]);
		if (f < recipe->nfeatures)
			check_feature(&recipe->features[f]);
	}
	message_check(recipe_number_figures(recipe));
}

static int
compare_numbers(const void *a, const void *b)
{
	int32 x = *(const int32 *) a;
	int32 y = *(const int32 *) b;

	return (x > y) - (x < y);
}

static void
check_numbers(const Model *model)
{
	int32 *numbers = palloc(sizeof(int32) * model->k);

	memcpy(numbers, model->numbers, sizeof(int32) * model->k);
	qsort(numbers, model->k, sizeof(int32), compare_numbers);
	message_check(numbers[0] >= 1 && numbers[model->k - 1] <= MOST_NUMBER);
	for (int c = 1; c < model->k; c++)
		message_check(numbers[c - 1] < numbers[c]);
	pfree(numbers);
}

static void
receive_centroids(StringInfo message, Model *model)
{
	int  nfeatures = model->recipe.nfeatures;
	bool offsets = message_choice(message, 1);

	model->trimmed = message_choice(message, 1);
	model->cut = message_float8(message);
	message_check(model->cut >= 0 && isfinite(model->cut));
	if (offsets)
		model->offsets = palloc(sizeof(double) * model->k);
	model->numbers = palloc(sizeof(int32) * model->k);
	model->centroids = palloc_extended(sizeof(double) * model->k * nfeatures, MCXT_ALLOC_HUGE);
	for (int c = 0; c < model->k; c++)
	{
		model->numbers[c] = message_int(message);
		for (int f = 0; f < nfeatures; f++)
		{
			double coordinate = message_float8(message);

			message_check(isfinite(coordinate));
			model->centroids[(Size) c * nfeatures + f] = coordinate;
		}
		if (!offsets)
			continue;
		model->offsets[c] = message_float8(message);
		message_check(isfinite(model->offsets[c]));
	}
	check_numbers(model);
}

/*
 * Reads the value back into the current memory context.
 */
Model *
model_deserialize(const bytea *compiled, const char *name)
{
	Model         *model = palloc0(sizeof(Model));
	Recipe        *recipe = &model->recipe;
	StringInfoData message = message_of(compiled);
	Size           left;

	check_format(&message, name);
	recipe->distance = (Distance) message_choice(&message, DISTANCE_COSINE);
	model->k = message_choice(&message, message.len);
	recipe->nfeatures = message_choice(&message, message.len);
	recipe->nrules = message_choice(&message, message.len);
	left = message.len - message.cursor;
	message_check(model->k >= 1 && recipe->nfeatures >= 1 && recipe->nrules >= recipe->nfeatures);
	message_check((Size) recipe->nrules <= left / RULE_BYTES);
	message_check((Size) model->k <= left / (sizeof(int32) + sizeof(float8) * recipe->nfeatures));
	receive_recipe(&message, model);
	receive_centroids(&message, model);
	message_check(message.cursor == message.len);
	pfree(message.data);
	return model;
}

bool
model_same_feature(const SourceColumns *columns, const FeatureRecipe *feature,
				   const SourceColumns *others, const FeatureRecipe *other)
{
	const SourceColumn *x = column_of_raw(columns, feature->column);
	const SourceColumn *y = column_of_raw(others, other->column);

	if (strcmp(x->name, y->name) != 0 || feature->categorical != other->categorical)
		return false;
	if (!feature->categorical)
		return feature->column - x->first == other->column - y->first;
	if (feature->category < 0 || other->category < 0)
		return feature->category == other->category;
	return strcmp(x->categories[feature->category], y->categories[other->category]) == 0;
}

void
model_score_block(const Model *model, const double *block, int nrows,
				  Assignment *assignments)
{
	PassInput input = {.recipe = &model->recipe, .k = model->k, .centroids = model->centroids, .offsets = model->offsets, .trimmed = model->trimmed, .cut = model->cut};
	int32_t   nearest[KERNEL_LANES];
	int32_t   second[KERNEL_LANES];
	double    d2[KERNEL_LANES];
	double    second_d2[KERNEL_LANES];

	Assert(nrows <= KERNEL_LANES);
	assign_blocks(&input, block, 1, nearest, d2, second, second_d2);
	for (int i = 0; i < nrows; i++)
	{
		Assignment *assignment = &assignments[i];
		double      distance = cluster_distance(&model->recipe, d2[i]);
		double      second_distance = cluster_distance(&model->recipe, second_d2[i]);

		if (nearest[i] < 0)
		{
			assignment->segment = SEGMENT_OUT_OF_REACH;
			continue;
		}
		assignment->segment = nearest[i] == model->k ? 0 : model->numbers[nearest[i]];
		assignment->second_segment = second[i] < 0 ? 0 : model->numbers[second[i]];
		assignment->distance = (float4) distance;
		assignment->second_distance = (float4) second_distance;
		assignment->margin = (float4) cluster_margin(distance, second_distance);
	}
}

void
model_report_far(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("a row is too far from all segments to measure its distance"),
			 errhint("Look for absurd values among its features.")));
}
