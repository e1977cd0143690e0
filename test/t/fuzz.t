#!/usr/bin/perl
#
# A short run of test/fuzz, the same each time: no crash, no internal error, no hang, no broken promise.

use strict;
use warnings;
use Test::More;

for (
	[ 'hostile calls and random models', '--calls 400 --models 12' ],
	[ 'calls of what is for use within the extension, by whoever could', '--calls 300 --granted' ])
{
	my ($what, $options) = @$_;
	my $output = `/usr/bin/python3 test/fuzz/run --seed 1 $options 2>&1`;
	is($?, 0, $what) or diag($output);
}
done_testing();
