/*
 * The result of segment_internal_fit().
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "compat.h"
#include "call/arrays.h"
#include "call/fit_job.h"

static void
put_columns(RecordWriter *row, const SourceColumns *columns)
{
	Datum *names = palloc(sizeof(Datum) * columns->ncolumns);

	for (int i = 0; i < columns->ncolumns; i++)
		names[i] = CStringGetTextDatum(columns->columns[i].name);
	record_put(row, PointerGetDatum(construct_array(names, columns->ncolumns, TEXTOID, -1, false, TYPALIGN_INT)), false);
}

/* segment_internal.fitted_feature */
static void
put_feature(RecordWriter *row, const void *fit, int i)
{
	const FitJob        *job = fit;
	const FeatureRecipe *feature = &job->recipe.features[job->figures[i]];
	const Figures       *population = &job->profile->population[i];

	record_put_int32(row, job->asked_of[i] + 1);
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
	if (job->bins == NULL)
	{
		record_put(row, (Datum) 0, true);
		record_put(row, (Datum) 0, true);
		return;
	}
	record_put_figures(row, bin_cuts(job->bins, i), sizeof(double), job->bins->ncuts[i]);
	record_put_counts(row, bin_rows(job->bins, i), job->bins->ncuts[i] + 2);
}

/* segment_internal.fitted_segment: of a vector, lengths; behind the clusters, the rows that are left out */
static void
put_segment(RecordWriter *row, const void *fit, int c)
{
	const FitJob     *job = fit;
	const Clustering *best = job->best;
	int               n = job->recipe.nfigures;
	Size              first = (Size) c * job->recipe.nfeatures;
	const Figures    *figures = job->profile->segments + (Size) c * n;
	double           *scaled = palloc_extended(sizeof(double) * n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	double           *values = palloc_extended(sizeof(double) * n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (int f = 0; f < job->recipe.nfeatures; f++)
	{
		const FeatureRecipe *feature = &job->recipe.features[f];
		double               value = recipe_scaled(&job->recipe, f, best->means[first + f]);

		if (feature->role == ROLE_DIMENSION)
		{
			scaled[feature->figure] += value * value;
			values[feature->figure] += best->values[first + f] * best->values[first + f];
		}
		else
		{
			scaled[feature->figure] = value;
			values[feature->figure] = best->values[first + f];
		}
	}
	for (int i = 0; i < n; i++)
		if (job->recipe.features[job->figures[i]].role == ROLE_LENGTH)
		{
			scaled[i] = sqrt(scaled[i]);
			values[i] = sqrt(values[i]);
		}
	record_put_int32(row, best->numbers[c]);
	record_put_int64(row, best->rows[c]);
	record_put_int64(row, c < best->k ? best->border[c] : 0);
	record_put_figure(row, best->distance_avg[c]);
	record_put_figure(row, c < best->k ? best->margin_avg[c] : get_float8_nan());
	record_put_figures(row, scaled, sizeof(double), n);
	record_put_figures(row, values, sizeof(double), n);
	record_put_figures(row, &figures->mean, sizeof(Figures), n);
	for (int i = 0; i < PROFILE_QUANTILES; i++)
		record_put_figures(row, &figures->quantiles[i], sizeof(Figures), n);
	record_put_figures(row, &figures->stddev, sizeof(Figures), n);
	record_put_figures(row, &figures->min, sizeof(Figures), n);
	record_put_figures(row, &figures->max, sizeof(Figures), n);
	record_put_figure(row, c < best->k && job->silhouette.clusters != NULL ? job->silhouette.clusters[c] : get_float8_nan());
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
	record_put_figure(row, candidate->bic);
	record_put_figure(row, candidate->gap);
	record_put_figure(row, candidate->gap_se);
	record_put(row, BoolGetDatum(candidate->plausible), false);
}

/* segment_internal.repetition: features as positions among those asked for */
static void
put_repetition(RecordWriter *row, const void *fit, int i)
{
	const FitJob *job = fit;

	record_put_int32(row, job->asked[job->repeated[i].first] + 1);
	record_put_int32(row, job->asked[job->repeated[i].second] + 1);
	record_put_figure(row, job->repeated[i].r);
}

/* segment_internal.fitted_node */
static void
put_node(RecordWriter *row, const void *fit, int i)
{
	const FitJob   *job = fit;
	const TreeNode *node = &job->nodes[i];
	bool            leaf = node->cluster >= 0;

	record_put(row, Int32GetDatum(node->parent), i == 0);
	record_put(row, Int32GetDatum(leaf ? job->best->numbers[node->cluster] : 0), !leaf);
	record_put_int32(row, node->depth);
	record_put_int64(row, node->rows);
	record_put(row, Int32GetDatum(leaf ? 0 : job->recipe.features[node->feature].figure + 1), leaf);
	record_put_figure(row, leaf ? get_float8_nan() : node->split);
	record_put(row, BoolGetDatum(node->above), i == 0);
}

void
fit_put_transition(RecordWriter *row, const Transition *transition, const int32 *old_numbers, const int32 *numbers)
{
	record_put(row, Int32GetDatum(transition->from < 0 ? 0 : old_numbers[transition->from]), transition->from < 0);
	record_put(row, Int32GetDatum(transition->to < 0 ? 0 : numbers[transition->to]), transition->to < 0);
	record_put(row, CStringGetTextDatum(transition_name(transition->kind)), false);
	record_put_figure(row, transition->overlap);
	record_put(row, Int64GetDatum(transition->rows), isnan(transition->overlap) && transition->kind != TRANSITION_BORN);
	record_put(row, Float8GetDatum(transition->own), transition->kind != TRANSITION_SURVIVED);
}

/* segment_internal.transition */
static void
put_transition(RecordWriter *row, const void *fit, int i)
{
	const FitJob *job = fit;

	fit_put_transition(row, &job->identity.transitions[i], job->evidence.old_numbers, job->best->numbers);
}

/* segment_internal.fitted */
HeapTuple
fit_form_result(FunctionCallInfo fcinfo, const FitJob *job, bytea *compiled, const Model *model)
{
	const Clustering *best = job->best;
	RecordWriter      row = record_result(fcinfo);

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
	put_columns(&row, model->columns);
	record_put_rows(&row, job, job->recipe.nfigures, put_feature);
	record_put_rows(&row, job, best->k + (best->trimmed && best->rows[best->k] > 0), put_segment);
	record_put_rows(&row, job, job->ncandidates, put_candidate);
	record_put_rows(&row, job, job->nrepeated, put_repetition);
	record_put(&row, BoolGetDatum(job->structure.found), !job->structure.tested);
	record_put(&row, Float8GetDatum(job->structure.silhouette), !job->structure.tested);
	record_put(&row, Float8GetDatum(job->structure.reference), !job->structure.tested);
	record_put_rows(&row, job, job->nodes == NULL ? 0 : 2 * best->k - 1, put_node);
	record_put_figure(&row, job->silhouette.all);
	record_put_int64(&row, job->silhouette.rows);
	record_put_figures(&row, job->stability, sizeof(double), job->resamples > 0 ? job->ncandidates : 0);
	record_put(&row, ObjectIdGetDatum(job->target), !OidIsValid(job->target));
	record_put(&row, Int32GetDatum(job->better.k), job->better.k == 0);
	record_put_figure(&row, job->better.k == 0 ? get_float8_nan() : job->better.silhouette);
	record_put_figure(&row, job->better.k == 0 ? get_float8_nan() : job->better.other);
	record_put_rows(&row, job, job->identity.ntransitions, put_transition);
	return record_form(&row);
}
