/*-------------------------------------------------------------------------
 *
 * model.c
 *	  A fitted model in one value, and scoring rows with it.
 *
 * The value is a bytea in network byte order, so that a dump restores on any
 * machine:
 *
 *		int32 format, distance, k, number of features, number of rules;
 *		float8 unit
 *		the columns: see columns_send()
 *		a rule:		int32 place of the raw value, categorical, category, missing,
 *					outliers, transform; float8 fill, lower, upper, lambda, center,
 *					scale, weight, offset, factor
 *		a centroid:	int32 segment number; float8 a feature, prepared
 *
 * The first of the rules are the features; the rest may skip rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"

#include "compat.h"
#include "model.h"

#define MODEL_FORMAT 2

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
	SourceColumns *looked_at = palloc(sizeof(SourceColumns));
	bool          *used = palloc0(sizeof(bool) * columns->nraw);
	int            i,
		f,
		part;

	for (f = 0; f < recipe->nrules; f++)
		used[recipe->features[f].column] = true;
	looked_at->ncolumns = 0;
	looked_at->columns = palloc(sizeof(SourceColumn) * columns->ncolumns);
	for (i = 0; i < columns->ncolumns; i++)
	{
		const SourceColumn *column = &columns->columns[i];
		bool                any = false;

		for (part = 0; part < column->width; part++)
			any |= used[column->first + part];
		if (any)
			looked_at->columns[looked_at->ncolumns++] = *column;
	}
	columns_place(looked_at);
	for (i = 0, f = 0; i < columns->ncolumns && f < looked_at->ncolumns; i++)
	{
		const SourceColumn *column = &columns->columns[i];

		if (strcmp(column->name, looked_at->columns[f].name) != 0)
			continue;
		for (part = 0; part < column->width; part++)
			moved[column->first + part] = looked_at->columns[f].first + part;
		f++;
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
	int            f,
		c;

	pq_begintypsend(&buffer);
	pq_sendint32(&buffer, MODEL_FORMAT);
	pq_sendint32(&buffer, recipe->distance);
	pq_sendint32(&buffer, clustering->k);
	pq_sendint32(&buffer, recipe->nfeatures);
	pq_sendint32(&buffer, recipe->nrules);
	pq_sendfloat8(&buffer, recipe->unit);
	columns_send(&buffer, looked_at);
	for (f = 0; f < recipe->nrules; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		pq_sendint32(&buffer, moved[feature->column]);
		pq_sendint32(&buffer, feature->categorical);
		pq_sendint32(&buffer, feature->category);
		pq_sendint32(&buffer, feature->missing);
		pq_sendint32(&buffer, feature->outliers);
		pq_sendint32(&buffer, feature->transform);
		pq_sendfloat8(&buffer, feature->fill);
		pq_sendfloat8(&buffer, feature->lower);
		pq_sendfloat8(&buffer, feature->upper);
		pq_sendfloat8(&buffer, feature->lambda);
		pq_sendfloat8(&buffer, feature->center);
		pq_sendfloat8(&buffer, feature->scale);
		pq_sendfloat8(&buffer, feature->weight);
		pq_sendfloat8(&buffer, feature->offset);
		pq_sendfloat8(&buffer, feature->factor);
	}
	for (c = 0; c < clustering->k; c++)
	{
		pq_sendint32(&buffer, clustering->numbers[c]);
		for (f = 0; f < recipe->nfeatures; f++)
			pq_sendfloat8(&buffer, clustering->centroids[(size_t) c * recipe->nfeatures + f]);
	}
	return pq_endtypsend(&buffer);
}

static void
check_model(bool fine)
{
	if (!fine)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value is not a compiled model")));
}

/*
 * One of the words of an enum, which count from 0.
 */
static int
receive_choice(StringInfo message, int last)
{
	int choice = pq_getmsgint(message, 4);

	check_model(choice >= 0 && choice <= last);
	return choice;
}

static void
receive_feature(StringInfo message, const SourceColumns *columns, FeatureRecipe *feature)
{
	const SourceColumn *column;

	feature->column = receive_choice(message, columns->nraw - 1);
	column = column_of_raw(columns, feature->column);
	strlcpy(feature->name, column->name, NAMEDATALEN);
	feature->categorical = receive_choice(message, 1);
	feature->category = (int32) pq_getmsgint(message, 4);
	check_model(!feature->categorical ||
				(feature->category >= CATEGORY_MISSING && feature->category < column->ncategories));
	feature->missing = (MissingRule) receive_choice(message, MISSING_CATEGORY);
	feature->outliers = (OutlierRule) receive_choice(message, OUTLIERS_SKIP);
	feature->transform = (Transform) receive_choice(message, TRANSFORM_YEO_JOHNSON);
	feature->fill = pq_getmsgfloat8(message);
	feature->lower = pq_getmsgfloat8(message);
	feature->upper = pq_getmsgfloat8(message);
	feature->lambda = pq_getmsgfloat8(message);
	feature->center = pq_getmsgfloat8(message);
	feature->scale = pq_getmsgfloat8(message);
	feature->weight = pq_getmsgfloat8(message);
	feature->offset = pq_getmsgfloat8(message);
	feature->factor = pq_getmsgfloat8(message);
}

/*
 * Reads the value back into the current memory context.  A value that is
 * none of ours, or cut short, is an error.
 */
Model *
model_deserialize(const bytea *compiled)
{
	Model         *model = palloc0(sizeof(Model));
	Recipe        *recipe = &model->recipe;
	StringInfoData buffer;
	Size           size = VARSIZE_ANY_EXHDR(compiled);
	int            f,
		c;

	initStringInfo(&buffer);
	appendBinaryStringInfo(&buffer, VARDATA_ANY(compiled), size);

	check_model(size >= 20 && pq_getmsgint(&buffer, 4) == MODEL_FORMAT);
	recipe->distance = (Distance) pq_getmsgint(&buffer, 4);
	model->k = pq_getmsgint(&buffer, 4);
	recipe->nfeatures = pq_getmsgint(&buffer, 4);
	recipe->nrules = pq_getmsgint(&buffer, 4);
	check_model(model->k >= 1 && recipe->nfeatures >= 1 && recipe->nrules >= recipe->nfeatures &&
				(Size) recipe->nrules <= size &&
				(Size) model->k * recipe->nfeatures <= size / sizeof(float8));
	recipe->unit = pq_getmsgfloat8(&buffer);
	model->columns = columns_receive(&buffer);
	recipe->ncolumns = model->columns->nraw;
	recipe->weight_column = -1;
	recipe->features = palloc0(sizeof(FeatureRecipe) * recipe->nrules);
	for (f = 0; f < recipe->nrules; f++)
		receive_feature(&buffer, model->columns, &recipe->features[f]);
	model->numbers = palloc(sizeof(int32) * model->k);
	model->centroids = palloc_extended(sizeof(double) * model->k * recipe->nfeatures,
									   MCXT_ALLOC_HUGE);
	for (c = 0; c < model->k; c++)
	{
		model->numbers[c] = pq_getmsgint(&buffer, 4);
		for (f = 0; f < recipe->nfeatures; f++)
			model->centroids[(size_t) c * recipe->nfeatures + f] = pq_getmsgfloat8(&buffer);
	}
	pq_getmsgend(&buffer);
	pfree(buffer.data);
	return model;
}

static const char *
category_of(const SourceColumn *column, const FeatureRecipe *feature)
{
	switch (feature->category)
	{
		case CATEGORY_OTHER:
		case CATEGORY_MISSING:
			return "";
	}
	return column->categories[feature->category];
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
	if (Min(feature->category, 0) != Min(other->category, 0))
		return false;
	return strcmp(category_of(x, feature), category_of(y, other)) == 0;
}

void
model_score_block(const Model *model, const Kernel *kernel, const double *block,
				  int nrows, Assignment *assignments)
{
	int32_t nearest[KERNEL_LANES];
	int32_t second[KERNEL_LANES];
	double  d2[KERNEL_LANES];
	double  second_d2[KERNEL_LANES];
	int     i;

	Assert(nrows <= KERNEL_LANES);
	kernel->nearest_two(block, 1, model->recipe.nfeatures, model->k,
						model->centroids, nearest, d2, second, second_d2);
	for (i = 0; i < nrows; i++)
	{
		Assignment *assignment = &assignments[i];
		double      distance = cluster_distance(&model->recipe, d2[i]);
		double      second_distance = cluster_distance(&model->recipe, second_d2[i]);

		if (nearest[i] < 0)
		{
			assignment->segment = 0;
			continue;
		}
		assignment->segment = model->numbers[nearest[i]];
		assignment->second_segment = model->k > 1 ? model->numbers[second[i]] : 0;
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
