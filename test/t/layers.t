# The layers of the C code: which headers a folder may include, no circle of modules, no file that is too long; and that
# the module shows its own names alone to others that a session loads, and has each of them once.

use strict;
use warnings;
use File::Basename qw(basename);
use FindBin;
use Test::More;

use constant MOST_LINES => 700;

chdir "$FindBin::Bin/../.." or die "cannot change to the repository: $!\n";

# A folder may include its own headers, those of the folders above it here, compat.h and PostgreSQL's.
my @layers = qw(kernel number process rows prepare cluster model explore call);
# ... but these two are neighbours
my %beside = (explore => { cluster => 1, model => 1 });
# ... and this one has nothing to do with PostgreSQL
my %alone = (kernel => 1);
my %rank = map { $layers[$_] => $_ } 0 .. $#layers;

my %includes;
my @files = sort glob 'src/*.[ch] src/*/*.[ch]';
cmp_ok(scalar @files, '>', 50, 'files of C are found');
is(join(" ", grep { !m{^src/compat\.h$} && !m{^src/(\w+)/} } @files), "", 'each stands in a folder');
is(join(" ", grep { !exists $rank{ (split m{/}, $_)[1] } } grep { m{^src/\w+/} } @files), "", 'the folders are the layers');

my (@forbidden, @missing, @long, %several);
for my $file (@files)
{
	open my $in, '<', $file or die "cannot read $file: $!\n";
	my @lines = <$in>;
	push @long, "$file: " . @lines if @lines > MOST_LINES;
	push @{ $several{$_} }, $file for join('', @lines) =~ /^FOR_SEVERAL_CPUS\b[^()]*?(\w+)\(/mg;
	my ($folder) = $file =~ m{^src/(\w+)/};
	for (@lines)
	{
		my ($name) = /^\s*#\s*include\s+"([^"]+)"/ or next;
		my ($other) = $name =~ m{^(\w+)/[\w.]+$};
		my $ours = -f "src/$name";

		# PostgreSQL's headers are many; ours are named with their folder
		push @missing, "$file: $name" if !$ours && defined $other && exists $rank{$other};
		push @forbidden, "$file: $name" if !$ours && defined $folder && $alone{$folder};
		next if !$ours || !defined $folder || !defined $other;
		push @{ $includes{"src/$name"} //= [] }, ();
		push @{ $includes{$file} }, "src/$name";
		push @forbidden, "$file: $name" if $rank{$other} > $rank{$folder} || $beside{$folder}{$other};
	}
}
is(join("\n", @missing), '', 'every header of ours that is named is there');
is(join("\n", @forbidden), "", 'no folder includes from one below it');
is(join("\n", @long), "", 'no file has more than ' . MOST_LINES . ' lines');
is(join("\n", circles()), "", 'no circle of modules');

# clang gives what chooses among the variants of such a function a name that all modules see, even where the function is static
cmp_ok(scalar keys %several, '>', 20, 'functions for several CPUs are found');
is(join("\n", map { "$_: @{ $several{$_} }" } grep { @{ $several{$_} } > 1 } sort keys %several), '', 'each has a name of its own');

my $pg_config = $ENV{PG_CONFIG} // "pg_config";
my $library = qx($pg_config --pkglibdir) =~ s/\n//r;
my @shown = map { (split)[2] } qx(nm -D --defined-only $ENV{PGHOST}$library/segment.so);
cmp_ok(scalar @shown, '>', 50, 'names are shown');
is(join(' ', grep { !/^(?:segment_|pg_finfo_segment_|_PG_init$|Pg_magic_func$)/ } @shown), '', 'they are ours alone');
my @wanted = map { (split)[-1] } qx(nm -D --undefined-only $ENV{PGHOST}$library/segment.so);
cmp_ok(scalar @wanted, '>', 50, 'names of others are wanted');
is(join(' ', grep { $several{$_} } @wanted), '', 'none of them is a function of ours for several CPUs');

done_testing();

# A module is a header and the files of its name; a circle is one of modules that include each other.
sub circles
{
	my %needs;
	for my $file (keys %includes)
	{
		$needs{ module($file) }{ module($_) } = 1 for @{ $includes{$file} };
	}
	delete $needs{$_}{$_} for keys %needs;
	my $before = -1;
	while ($before != keys %needs)
	{
		$before = keys %needs;
		for my $edge (map { needless($_) } \%needs, turned(\%needs))
		{
			delete $needs{$edge};
			delete @{ $needs{$_} }{$edge} for keys %needs;
		}
	}
	return map { my $module = $_; "$module: " . join ' ', sort keys %{ $needs{$module} } } sort keys %needs;
}

sub module
{
	my ($file) = @_;
	return $file =~ s/\.[ch]$//r;
}

# Those that need none of the others.
sub needless
{
	my ($needs) = @_;
	return grep { !keys %{ $needs->{$_} } } keys %$needs;
}

# Who is needed by whom.
sub turned
{
	my ($needs) = @_;
	my %turned = map { $_ => {} } keys %$needs;
	for my $module (keys %$needs)
	{
		$turned{$_}{$module} = 1 for keys %{ $needs->{$module} };
	}
	return \%turned;
}
