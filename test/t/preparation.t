#!/usr/bin/perl
#
# Every option of the preparation against scikit-learn, scipy and pandas, and training against scoring, on the
# public marketing campaign data; and the map of models against scikit-learn.  The data is not part of the
# repository; where it is absent, there is nothing to compare.  The figures are in test/reference/marketing.sql
# and marketing_components.sql; preparation.py and components.py beside them wrote these.

use strict;
use warnings;
use Test::More;

use constant DATA => '../shared/data/marketing_campaign.csv';
use constant PSQL => qw(psql -XAtq -v ON_ERROR_STOP=1);

plan skip_all => DATA . ' is not there' unless -r DATA;

query('DROP TABLE IF EXISTS preparation CASCADE');
is(qx(test/demo/load ${\DATA} preparation 2>&1),
	<<'END', 'the data loads');
2,240 customers, 27 columns, key "ID" (--key)
  separator: ; (--separator CHARACTER)
  "Dt_Customer": day-month-year (--dates mdy)
END

# One session tells TAP, which is told again, so that it counts here.
open my $judge, '-|', PSQL, '-c', 'BEGIN; SET client_min_messages = warning', '-f', 'test/reference/judge.sql',
  '-f', 'test/reference/marketing.sql', '-f', 'test/reference/marketing_components.sql', '-c', 'SELECT no_plan()',
  '-c', q(SELECT pg_temp.judge('preparation', 'ID', n) FROM expected_fit ORDER BY n),
  '-c', q(SELECT pg_temp.judge_map('preparation', 'ID', n) FROM expected_map ORDER BY n), '-c', 'ROLLBACK'
  or die "cannot run psql: $!\n";
while (my $line = <$judge>)
{
	chomp $line;
	$line =~ /^(not )?ok \d+ - (.*)/ ? ok(!$1, $2) : diag($line =~ s/^# //r);
}
ok(close $judge, 'every case was judged');

query('DROP TABLE preparation CASCADE');
done_testing();

sub query
{
	my ($statement) = @_;
	system(PSQL, '-c', "SET client_min_messages = warning; $statement") == 0 or die "failed: $statement\n";
}
