/*-------------------------------------------------------------------------
 *
 * pass.c
 *	  The passes, and what they are told as bytes for other processes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "rows/pass.h"

static const Pass *const passes[] = {
	[PASS_RANGE] = &range_pass,
	[PASS_POWER] = &power_pass,
	[PASS_SPREAD] = &spread_pass,
	[PASS_HISTOGRAM] = &histogram_pass,
	[PASS_GATHER] = &gather_pass,
	[PASS_WEIGHTS] = &weights_pass,
	[PASS_MEANS] = &means_pass,
	[PASS_DIRECTIONS] = &directions_pass,
	[PASS_JUDGE] = &judge_pass,
	[PASS_SCATTER] = &scatter_pass,
	[PASS_CENSUS] = &census_pass,
	[PASS_SHAPE] = &shape_pass,
	[PASS_PRODUCTS] = &products_pass,
	[PASS_COVARIANCE] = &covariance_pass};

const Pass *
pass_of_kind(PassKind kind)
{
	return passes[kind];
}

/* ----------------------------------------------------------------
 *		Inputs as bytes
 * ----------------------------------------------------------------
 */

/* followed by the features, the centroids and extra, each aligned */
typedef struct FlatInput
{
	Recipe recipe;
	char   kernel[NAMEDATALEN];
	int    k;
	Size   extra_size;
} FlatInput;

static Size
features_size(const Recipe *recipe)
{
	return MAXALIGN(sizeof(FeatureRecipe) * recipe->nrules);
}

static Size
centroids_size(const Recipe *recipe, int k)
{
	return MAXALIGN(sizeof(double) * k * recipe->nfeatures);
}

Size
pass_input_size(const PassInput *input)
{
	return MAXALIGN(sizeof(FlatInput)) + features_size(input->recipe) +
		   centroids_size(input->recipe, input->k) + MAXALIGN(input->extra_size);
}

void
pass_input_write(const PassInput *input, char *bytes)
{
	FlatInput *flat = (FlatInput *) bytes;

	flat->recipe = *input->recipe;
	flat->kernel[0] = '\0';
	if (input->kernel != NULL)
		strlcpy(flat->kernel, input->kernel->name, NAMEDATALEN);
	flat->k = input->k;
	flat->extra_size = input->extra_size;
	bytes += MAXALIGN(sizeof(FlatInput));
	memcpy(bytes, input->recipe->features, sizeof(FeatureRecipe) * input->recipe->nrules);
	bytes += features_size(input->recipe);
	if (input->k > 0)
		memcpy(bytes, input->centroids, sizeof(double) * input->k * input->recipe->nfeatures);
	bytes += centroids_size(input->recipe, input->k);
	if (input->extra_size > 0)
		memcpy(bytes, input->extra, input->extra_size);
}

/*
 * The recipe is copied into the current memory context.
 */
void
pass_input_read(const char *bytes, PassInput *input)
{
	const FlatInput *flat = (const FlatInput *) bytes;
	Recipe          *recipe = palloc(sizeof(Recipe));

	*recipe = flat->recipe;
	bytes += MAXALIGN(sizeof(FlatInput));
	recipe->features = (FeatureRecipe *) bytes;
	bytes += features_size(recipe);
	input->recipe = recipe;
	input->kernel = flat->kernel[0] != '\0' ? kernel_choose(flat->kernel) : NULL;
	input->k = flat->k;
	input->centroids = flat->k > 0 ? (const double *) bytes : NULL;
	bytes += centroids_size(recipe, flat->k);
	input->extra_size = flat->extra_size;
	input->extra = flat->extra_size > 0 ? bytes : NULL;
}
