# Rules of build.sh: one object a source file and variant, with dependencies on headers as the compiler reports them.
# runtime.a is what tests link: the same objects without the executor, whose services the tests supply.
# The variants asan and tsan are for tests and lie in build/ rather than in bin/, whose files are embedded in flernd.
MARCH_baseline := -march=x86-64
MARCH_avx2 := -march=x86-64-v3
MARCH_avx512 := -march=x86-64-v4 -mprefer-vector-width=512
ASAN := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-sanitize=alignment
MARCH_asan-baseline := $(MARCH_baseline) $(ASAN)
MARCH_asan-avx512 := $(MARCH_avx512) $(ASAN)
MARCH_asan := $(MARCH_avx2) $(ASAN)
MARCH_tsan := $(MARCH_avx2) -O1 -fsanitize=thread
FLAGS := -std=gnu11 -O3 -g1 -fno-math-errno -ffp-contract=off -fno-strict-aliasing -fno-omit-frame-pointer -fPIE -pthread \
  -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-psabi
SOURCES := $(notdir $(wildcard src/*.c))

# $(1): variant, $(2): folder of the executable
define variant_rules
OBJECTS_$(1) := $$(SOURCES:%.c=build/$(1)/%.o)
$(2)/executor-$(1): $$(OBJECTS_$(1)) build.mk
	$$(CC) -pie -rdynamic -pthread -static-libgcc -Wl,-z,now $$(filter -fsanitize%,$$(MARCH_$(1))) -o $$@.tmp $$(OBJECTS_$(1)) -lm -ldl
	mv $$@.tmp $$@
build/$(1)/runtime.a: $$(filter-out build/$(1)/executor%,$$(OBJECTS_$(1)))
	rm -f $$@
	ar rcs $$@ $$^
build/$(1)/%.o: src/%.c build.mk | build/$(1)
	$$(CC) $$(FLAGS) $$(MARCH_$(1)) $$(CFLAGS_EXTRA) -MMD -MP -c -o $$@ $$<
build/$(1):
	mkdir -p $$@
-include $$(wildcard build/$(1)/*.d)
endef
$(foreach isa,baseline avx2 avx512,$(eval $(call variant_rules,$(isa),bin)))
$(foreach sanitizer,asan asan-baseline asan-avx512 tsan,$(eval $(call variant_rules,$(sanitizer),build)))
