# Rules of build.sh: one object a source file and ISA, with dependencies on headers as the compiler reports them.
ISAS := baseline avx2 avx512
MARCH_baseline := -march=x86-64
MARCH_avx2 := -march=x86-64-v3
MARCH_avx512 := -march=x86-64-v4 -mprefer-vector-width=512
FLAGS := -std=gnu11 -O3 -g1 -fno-math-errno -ffp-contract=off -fno-strict-aliasing -fno-omit-frame-pointer -fPIE -pthread \
  -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-psabi $(CFLAGS_EXTRA)
SOURCES := $(notdir $(wildcard src/*.c))

define isa_rules
OBJECTS_$(1) := $$(SOURCES:%.c=build/$(1)/%.o)
bin/executor-$(1): $$(OBJECTS_$(1)) build.mk
	$$(CC) -pie -rdynamic -pthread -static-libgcc -Wl,-z,now $$(CFLAGS_EXTRA) -o $$@.tmp $$(OBJECTS_$(1)) -lm -ldl
	mv $$@.tmp $$@
build/$(1)/%.o: src/%.c build.mk | build/$(1)
	$$(CC) $$(FLAGS) $$(MARCH_$(1)) -MMD -MP -c -o $$@ $$<
build/$(1):
	mkdir -p $$@
-include $$(wildcard build/$(1)/*.d)
endef
$(foreach isa,$(ISAS),$(eval $(call isa_rules,$(isa))))
