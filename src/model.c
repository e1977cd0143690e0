/*-------------------------------------------------------------------------
 *
 * model.c
 *	  A fitted model in one value, and scoring rows with it.
 *
 * The value is a bytea in network byte order, so that a dump restores on any
 * machine:
 *
 *		int32 format, distance, k, number of features; float8 unit
 *		a feature:	name (0-terminated); int32 missing, outliers, transform;
 *					float8 fill, lower, upper, lambda, center, scale,
 *					weight, offset, factor
 *		a centroid:	int32 segment number; float8 a feature, prepared
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"

#include "compat.h"
#include "model.h"

#define MODEL_FORMAT 1

bytea *
model_serialize(const Recipe *recipe, const Clustering *clustering)
{
	StringInfoData buffer;
	int            f,
		c;

	pq_begintypsend(&buffer);
	pq_sendint32(&buffer, MODEL_FORMAT);
	pq_sendint32(&buffer, recipe->distance);
	pq_sendint32(&buffer, clustering->k);
	pq_sendint32(&buffer, recipe->nfeatures);
	pq_sendfloat8(&buffer, recipe->unit);
	for (f = 0; f < recipe->nfeatures; f++)
	{
		const FeatureRecipe *feature = &recipe->features[f];

		appendBinaryStringInfo(&buffer, feature->name, strlen(feature->name) + 1);
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

	if (size < 16 || pq_getmsgint(&buffer, 4) != MODEL_FORMAT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value is not a compiled model")));
	recipe->distance = (Distance) pq_getmsgint(&buffer, 4);
	model->k = pq_getmsgint(&buffer, 4);
	recipe->nfeatures = pq_getmsgint(&buffer, 4);
	if (model->k < 1 || recipe->nfeatures < 1 ||
		(Size) model->k * recipe->nfeatures > size / sizeof(float8))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value is not a compiled model")));
	recipe->ncolumns = recipe->nrules = recipe->nfeatures;
	recipe->weight_column = -1;
	recipe->unit = pq_getmsgfloat8(&buffer);
	recipe->features = palloc0(sizeof(FeatureRecipe) * recipe->nfeatures);
	for (f = 0; f < recipe->nfeatures; f++)
	{
		FeatureRecipe *feature = &recipe->features[f];

		strlcpy(feature->name, pq_getmsgrawstring(&buffer), NAMEDATALEN);
		feature->column = f;
		feature->missing = (MissingRule) pq_getmsgint(&buffer, 4);
		feature->outliers = (OutlierRule) pq_getmsgint(&buffer, 4);
		feature->transform = (Transform) pq_getmsgint(&buffer, 4);
		feature->fill = pq_getmsgfloat8(&buffer);
		feature->lower = pq_getmsgfloat8(&buffer);
		feature->upper = pq_getmsgfloat8(&buffer);
		feature->lambda = pq_getmsgfloat8(&buffer);
		feature->center = pq_getmsgfloat8(&buffer);
		feature->scale = pq_getmsgfloat8(&buffer);
		feature->weight = pq_getmsgfloat8(&buffer);
		feature->offset = pq_getmsgfloat8(&buffer);
		feature->factor = pq_getmsgfloat8(&buffer);
	}
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
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("a row is too far from all segments to measure its distance"),
					 errhint("Look for absurd values among its features.")));
		assignment->segment = model->numbers[nearest[i]];
		assignment->second_segment = model->k > 1 ? model->numbers[second[i]] : 0;
		assignment->distance = (float4) distance;
		assignment->second_distance = (float4) second_distance;
		assignment->margin = (float4) cluster_margin(distance, second_distance);
	}
}
