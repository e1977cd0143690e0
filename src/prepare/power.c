/*
 * Transforms by logarithms: log1p, and Yeo-Johnson's for a lambda that is known.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "number/elementary.h"
#include "number/several_cpus.h"
#include "prepare/power.h"

/* values beyond are transformed as this one is */
#define MAX_SIZE 1e308

FOR_SEVERAL_CPUS void
power_logarithms(const double *values, int n, double *logarithms)
{
	for (int i = 0; i < n; i++)
		logarithms[i] = copysign(log_1_plus(Min(fabs(values[i]), MAX_SIZE)), values[i]);
}

FOR_SEVERAL_CPUS void
power_log1p_values(double *values, int n)
{
	for (int i = 0; i < n; i++)
	{
		double x = values[i];
		double logarithm = log_1_plus(Min(x, MAX_SIZE));
		double none = x == -1 ? -HUGE_VAL : NAN;

		values[i] = x > -1 ? logarithm : none;
	}
}

double
power_log1p(double value)
{
	power_log1p_values(&value, 1);
	return value;
}

FOR_SEVERAL_CPUS void
power_transform_values(double *values, int n, double lambda)
{
	double above = power_of_side(lambda, false);
	double below = power_of_side(lambda, true);

	if (lambda == 1)
		return;
	for (int i = 0; i < n; i++)
	{
		double x = values[i];
		double u = x < 0 ? below : above;
		double size = exp_less_1(u * log_1_plus(Min(fabs(x), MAX_SIZE))) / u;

		size = copysign(Min(size, DBL_MAX), x);
		values[i] = isnan(x) ? x : size;
	}
}

double
power_transform(double value, double lambda)
{
	power_transform_values(&value, 1, lambda);
	return value;
}

double
power_undo(double transformed, double lambda)
{
	double u = power_of_side(lambda, transformed < 0);
	double power_less_1 = Min(Max(u * fabs(transformed), -1 + DBL_EPSILON / 2), MAX_SIZE);
	double size = exp_less_1(log_1_plus(power_less_1) / u);

	return lambda == 1 ? transformed : copysign(Min(size, DBL_MAX), transformed);
}
