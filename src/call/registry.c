/*
 * All passes over rows and all tasks of a team.
 *
 * Lower layers run them without knowing what they are.
 */
#include "postgres.h"

#include "cluster/assign.h"
#include "cluster/judge.h"
#include "cluster/means.h"
#include "cluster/packed.h"
#include "cluster/search.h"
#include "cluster/silhouette.h"
#include "cluster/stability.h"
#include "explore/correlate.h"
#include "explore/describe.h"
#include "explore/look.h"
#include "explore/survey.h"
#include "model/drift.h"
#include "model/members.h"
#include "model/overlap.h"
#include "model/scored.h"
#include "prepare/power_fit.h"
#include "prepare/quantile.h"
#include "prepare/recipe_fit.h"
#include "prepare/weights.h"
#include "rows/source.h"

const Pass *const pass_registry[] = {
	&range_pass,
	&power_pass,
	&spread_pass,
	&histogram_pass,
	&gather_pass,
	&weights_pass,
	&means_pass,
	&directions_pass,
	&judge_pass,
	&scatter_pass,
	&census_pass,
	&survey_pass,
	&shape_pass,
	&products_pass,
	&members_pass,
	&overlap_pass,
	&bins_pass,
	&drift_pass,
	NULL};

const TeamTask team_registry[] = {
	pass_part,
	search_part,
	assign_part,
	describe_part,
	rank_part,
	correlate_part,
	silhouette_part,
	stability_part,
	score_part,
	NULL};
