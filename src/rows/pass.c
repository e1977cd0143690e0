/*
 * How processes tell each other which pass they mean.
 */
#include "postgres.h"

#include "rows/pass.h"

int
pass_number(const Pass *pass)
{
	int number = 0;

	while (pass_registry[number] != pass)
	{
		Assert(pass_registry[number] != NULL);
		number++;
	}
	return number;
}
