# segment: customer segmentation inside PostgreSQL, an ordinary PGXS extension.
#
#   make && make install        build against pg_config's PostgreSQL and install there
#   make installcheck           the regression tests, on a server that runs already
#   make test                   every suite, on a private server; ends in "N passed, N failed"
#   make test-sanitized         pgTAP under AddressSanitizer and UndefinedBehaviorSanitizer
#   make test-valgrind          the main paths under valgrind
#   make test-assert PG_CONFIG=...   every suite, on a PostgreSQL 16 or later built with assertions
#   make coverage               the lines of C that the suites run
#   make mutants [COUNT=200 SEED=1]  small faults put into the core, which the tests should find
#   make demo [CSV=file]        a first look, on a private server; KEEP=1 leaves it running, LOAD has options of test/demo/load
#   make bench [BENCH=quick]    against scikit-learn, PostGIS and others: doc/performance.md
#   make fuzz [SECONDS=60] [SEED=n]  hostile calls and random models, on a private server: test/fuzz
#   make bench-kernel           the speed of the distance kernels
#   make dist                   the release as PGXN takes it: dist/segment-VERSION.zip
#   make deb                    Debian packages, looked at by lintian, in dist/
#   make screenshots            the README's pictures of a report: doc/report-*.png
#   make site                   the documentation as a site, in site/: test/site
#   make format                 clang-format over the C files
#
# `make test`, `make demo`, `make bench`, `make screenshots` and `make site` bring in what is missing first, PostgreSQL
# itself included, so this file has to parse, and stay silent, where there is no pg_config yet.

EXTENSION = segment
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" segment.control)

# The install script is made of these parts, in this order: each needs what stands before it.
SQL_PARTS = $(addprefix types/,schema public fit internal) \
	$(addprefix catalog/,tables policies views models owners keeper) \
	$(addprefix engine/,fit scan shards explore quality figures bars) \
	$(addprefix blocks/,step scaler kmeans rand_index) \
	$(addprefix plan/,source key options choice features preparation names model) \
	$(addprefix fit/,engine groups comments distributed assignment profile members restore live labels changes apply replace record kmeans elbow refit binding drift refresh rescore) \
	$(addprefix use/,score compare figures label rename drop models views move) \
	$(addprefix live/,transitions migration prune rollback drift status schedule view) \
	$(addprefix look/,columns describe pairs outliers) \
	$(addprefix orders/,scores rfm) \
	$(addprefix insight/,words names effects labels sentences value outcome typical rules insights tree) \
	$(addprefix chart/,palette components map quality candidates charts segments features flow vega) \
	$(addprefix report/,html findings segments tree flow history outcomes profile map choice distributions correlations method page) \
	entries rights
SQL_FILES = $(SQL_PARTS:%=sql/%.sql)
STYLE_SHEET = sql/report/report.css
INSTALL_SQL = $(EXTENSION)--$(EXTVERSION).sql
DATA = $(wildcard sql/updates/$(EXTENSION)--*--*.sql)
DATA_built = $(INSTALL_SQL)

MODULE_big = segment
# The layers of the C code, the lowest first: test/t/layers.t has what each may include.
LAYERS = kernel number process rows prepare cluster model explore call
C_FILES := $(sort $(wildcard $(LAYERS:%=src/%/*.c)))
OBJS = $(C_FILES:.c=.o)
# loops over rows, which the compiler should turn into vectors
FAST_OBJS = $(filter src/kernel/% src/number/% src/prepare/% src/cluster/% src/explore/% src/model/drift.o src/rows/cells.o,$(OBJS))
# PostgreSQL's headers count as system headers, which spares us warnings about them.
PG_CPPFLAGS = -I$(srcdir)/src -isystem $(includedir_server) -DSEGMENT_VERSION='"$(EXTVERSION)"'

# Modules of a session share one name space, in which the first of a name serves all: only what SQL and workers call
# is shown there.  PostgreSQL hides the rest from version 16 on, but for functions compiled for several CPUs.
SHLIB_LINK = $(if $(filter linux%,$(PORTNAME)),-Wl$(comma)--version-script=$(srcdir)/src/exports.map)
comma := ,

REGRESS := $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --load-extension=$(EXTENSION)
ISOLATION := $(sort $(patsubst test/isolation/specs/%.spec,%,$(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test/isolation --load-extension=$(EXTENSION)

EXTRA_CLEAN = $(EXTENSION)--*.sql test/demo/*.html

# Bitcode would let the server inline the module's functions into JIT-compiled expressions; they
# are far too large for that, and without it the build needs no clang.
override with_llvm = no

PG_CONFIG ?= pg_config
export PG_CONFIG
PGXS := $(wildcard $(shell command -v $(PG_CONFIG) >/dev/null && $(PG_CONFIG) --pgxs 2>/dev/null))

ifneq ($(PGXS),)

all:
include $(PGXS)

segment.so: src/exports.map

$(OBJS): segment.control src/compat.h $(wildcard $(LAYERS:%=src/%/*.h))

# Figures must be the same whatever the compiler and the processor: no contraction of a*b+c unless
# the code asks for it.  The kernels earn their keep only when fully optimised; a PROFILE may say otherwise.
$(OBJS): override CFLAGS += -ffp-contract=off -fno-math-errno
$(FAST_OBJS): override CFLAGS += $(if $(filter -O%,$(PROFILE)),,-O3)
# Nobody looks at the floating-point exceptions that a vector raises and a branch would not.
src/prepare/power.o src/prepare/power_fit.o src/rows/cells.o src/cluster/reference.o $(filter src/kernel/%,$(OBJS)): override CFLAGS += -fno-trapping-math
ifeq ($(host_cpu),x86_64)
src/kernel/kernel_avx2.o: override CFLAGS += -mavx2 -mfma
src/kernel/kernel_avx512.o: override CFLAGS += -mavx2 -mfma -mavx512f -mavx512dq -mavx512vl -mavx512bw
endif

# The style sheet takes the place of its name, in a dollar-quoted text of a script with words that PostgreSQL replaces.
$(INSTALL_SQL): Makefile segment.control $(SQL_FILES) $(STYLE_SHEET)
	@! grep -n -F -e '$$css$$' -e '@ext' -e MODULE_PATHNAME $(STYLE_SHEET) || \
	  { echo '$(STYLE_SHEET): these words cannot be in the install script' >&2; exit 1; }
	{ printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; \
	  sed -e '/^@report\.css@$$/{' -e 'r $(STYLE_SHEET)' -e d -e '}' $(SQL_FILES); } >$@

else

all install installcheck uninstall:
	@echo "no PostgreSQL development files: $(PG_CONFIG) is missing or has no PGXS" \
	  "(make test installs them; or: make PG_CONFIG=/path/to/pg_config)" >&2; exit 1

clean:
	rm -f $(LAYERS:%=src/%/*.o) $(MODULE_big).so $(EXTRA_CLEAN)

endif

test:
	@test/dependencies test
	@PROFILE="-Wall -Wextra -Werror $(PROFILE)" test/cluster run test/run

test-sanitized:
	@test/dependencies test-sanitized
	@test/sanitized

test-valgrind:
	@test/dependencies test-valgrind
	@test/valgrind

test-assert:
	@test/dependencies test
	@build=$$(mktemp -d) && trap 'rm -rf "$$build"' EXIT && chmod 755 "$$build" && \
	  BUILD_DIRECTORY=$$build SERVER_CONFIG=test/assert.conf PROFILE="-Wall -Wextra -Werror $(PROFILE)" test/cluster run test/run

coverage:
	@test/dependencies coverage
	@test/coverage

mutants:
	@test/dependencies mutants
	@test/mutants --count $(or $(COUNT),200) --seed $(or $(SEED),1)

demo:
	@test/dependencies demo
	@test/cluster $(if $(KEEP),keep,run) test/demo/run

bench:
	@test/dependencies bench
	@SERVER_CONFIG=test/bench/postgresql.conf test/cluster run test/bench/run $(BENCH)

fuzz:
	@test/dependencies fuzz
	@ulimit -v 8000000; test/cluster run test/fuzz/run --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1) $(FUZZ)

screenshots:
	@test/dependencies screenshots
	@test/cluster run test/browser/screenshots

site:
	@test/dependencies site
	@test/site

bench-kernel:
	@test/bench/kernel.sh

# Both are of the last commit.  A zip has the tests and their data, so that whoever has it can run them.
DIST ?= dist

dist:
	@mkdir -p $(DIST)
	git archive --format=zip --prefix=$(EXTENSION)-$(EXTVERSION)/ -o $(DIST)/$(EXTENSION)-$(EXTVERSION).zip HEAD

deb:
	@test/dependencies deb
	@packaging/deb

format:
	clang-format --style=file:src/.clang-format -i $(wildcard src/*.h src/*/*.[ch] test/bench/*.[ch])

.PHONY: all install installcheck uninstall clean test test-sanitized test-valgrind test-assert coverage mutants fuzz demo bench screenshots site bench-kernel dist deb format
