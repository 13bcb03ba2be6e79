/* executor_load.c: loads programs.
 *
 * A program is a freestanding shared object: it needs no library, has no thread-local storage and no constructors. Loading
 * one is a few mappings and relocations, done here rather than by dlopen, which would need the file system, would ask for
 * executable stacks for objects of compilers that do not mark them, and takes an object for an older one of the same name.
 * Symbols are resolved against the runtime's own functions and a short list of others, nothing else of the C library.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "executor.h"

struct program programs[MAX_PROGRAMS];

#define PAGE_UP(x) (((x) + 4095) & ~(u64)4095)
#define PAGE_DOWN(x) ((x) & ~(u64)4095)

struct object {
  const u8 *file;
  u64 size;
  u8 *base;
  u64 span;
  const Elf64_Sym *syms;
  u64 nsyms;
  const char *strs;
  u64 nstrs;
};

static bool allowed(const char *name) {
  static const char *const others[] = {
      "memcpy", "memmove", "memset", "memcmp", "__floatundidf", "__floatundisf", "__fixunsdfdi", "__fixunssfdi", NULL};
  if (strncmp(name, "fl_", 3) == 0 || strncmp(name, "flk_", 4) == 0) return true;
  for (int i = 0; others[i]; i++)
    if (strcmp(name, others[i]) == 0) return true;
  return false;
}

/* Whether [at, at+n) lies in the image. */
static bool inside(const struct object *o, u64 at, u64 n) { return at <= o->span && n <= o->span - at; }

static const char *map_segments(struct object *o, int fd, const Elf64_Phdr *ph, u32 n) {
  u64 end = 0;
  for (u32 i = 0; i < n; i++) {
    if (ph[i].p_type == PT_TLS) return "it has thread-local storage";
    if (ph[i].p_type != PT_LOAD) continue;
    if (ph[i].p_offset > o->size || ph[i].p_filesz > o->size - ph[i].p_offset || ph[i].p_memsz < ph[i].p_filesz ||
        ph[i].p_vaddr > (1u << 30) || ph[i].p_memsz > (1u << 30) || (ph[i].p_vaddr - ph[i].p_offset) % 4096 != 0)
      return "a segment is out of range";
    if (ph[i].p_vaddr + ph[i].p_memsz > end) end = ph[i].p_vaddr + ph[i].p_memsz;
  }
  if (end == 0) return "it has no segments";
  o->span = PAGE_UP(end);
  o->base = mmap(NULL, o->span, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (o->base == MAP_FAILED) {
    o->base = NULL;
    return "no memory";
  }
  for (u32 i = 0; i < n; i++) {
    if (ph[i].p_type != PT_LOAD || ph[i].p_memsz == 0) continue;
    int prot = PROT_READ | (ph[i].p_flags & PF_W ? PROT_WRITE : 0) | (ph[i].p_flags & PF_X ? PROT_EXEC : 0);
    if ((prot & PROT_WRITE) && (prot & PROT_EXEC)) return "a segment is writable and executable";
    u64 from = PAGE_DOWN(ph[i].p_vaddr), file_end = ph[i].p_vaddr + ph[i].p_filesz;
    u64 mem_end = ph[i].p_vaddr + ph[i].p_memsz;
    if (ph[i].p_filesz > 0 && mmap(o->base + from, file_end - from, prot, MAP_PRIVATE | MAP_FIXED, fd,
                                   (off_t)PAGE_DOWN(ph[i].p_offset)) == MAP_FAILED)
      return "mapping it failed";
    u64 zero_from = ph[i].p_filesz > 0 ? PAGE_UP(file_end) : from;
    if (PAGE_UP(mem_end) > zero_from && mmap(o->base + zero_from, PAGE_UP(mem_end) - zero_from, prot,
                                             MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
      return "mapping it failed";
    if (ph[i].p_filesz > 0 && (prot & PROT_WRITE)) memset(o->base + file_end, 0, PAGE_UP(file_end) - file_end);
  }
  return NULL;
}

static const char *symbol_name(const struct object *o, u64 i) {
  if (i >= o->nsyms || o->syms[i].st_name >= o->nstrs) return NULL;
  return o->strs + o->syms[i].st_name;
}

static const char *relocate(struct object *o, u64 at, u64 bytes, char *missing, u64 n) {
  if (!inside(o, at, bytes)) return "its relocations are out of range";
  const Elf64_Rela *r = (const Elf64_Rela *)(o->base + at);
  for (u64 i = 0; i < bytes / sizeof *r; i++) {
    u64 type = ELF64_R_TYPE(r[i].r_info), index = ELF64_R_SYM(r[i].r_info), value = 0;
    if (type == R_X86_64_NONE) continue;
    if (!inside(o, r[i].r_offset, 8)) return "a relocation is out of range";
    if (type != R_X86_64_RELATIVE) {
      const char *name = symbol_name(o, index);
      if (!name) return "a symbol is out of range";
      if (o->syms[index].st_shndx != SHN_UNDEF) {
        value = (u64)o->base + o->syms[index].st_value;
      } else {
        void *p = allowed(name) ? dlsym(RTLD_DEFAULT, name) : NULL;
        if (!p && ELF64_ST_BIND(o->syms[index].st_info) != STB_WEAK) {
          snprintf(missing, n, "it needs %s, which the runtime does not have", name);
          return missing;
        }
        value = (u64)p;
      }
    }
    switch (type) {
      case R_X86_64_RELATIVE: value = (u64)o->base + (u64)r[i].r_addend; break;
      case R_X86_64_64: value += (u64)r[i].r_addend; break;
      case R_X86_64_GLOB_DAT:
      case R_X86_64_JUMP_SLOT: break;
      default: return "it has a relocation of an unknown kind";
    }
    memcpy(o->base + r[i].r_offset, &value, 8);
  }
  return NULL;
}

static const char *link_up(struct object *o, const Elf64_Dyn *d, u64 n, const fl_program **main_program, char *missing,
                           u64 missing_size) {
  u64 rela = 0, rela_size = 0, plt = 0, plt_size = 0, syms = 0, strs = 0, hash = 0, gnu = 0;
  for (u64 i = 0; i < n && d[i].d_tag != DT_NULL; i++) {
    u64 v = d[i].d_un.d_val;
    switch (d[i].d_tag) {
      case DT_RELA: rela = v; break;
      case DT_RELASZ: rela_size = v; break;
      case DT_JMPREL: plt = v; break;
      case DT_PLTRELSZ: plt_size = v; break;
      case DT_SYMTAB: syms = v; break;
      case DT_STRTAB: strs = v; break;
      case DT_STRSZ: o->nstrs = v; break;
      case DT_HASH: hash = v; break;
      case DT_GNU_HASH: gnu = v; break;
      case DT_NEEDED: return "it needs a library";
      case DT_TEXTREL: return "it has relocations in its code";
    }
  }
  if (!hash) return gnu ? "it has no SysV hash table (link it with --hash-style=sysv)" : "it has no symbols";
  if (!inside(o, hash, 8) || !inside(o, strs, o->nstrs) || o->nstrs == 0) return "its symbol table is out of range";
  o->nsyms = ((const u32 *)(o->base + hash))[1];
  if (o->nsyms > (1u << 20) || !inside(o, syms, o->nsyms * sizeof(Elf64_Sym))) return "its symbol table is out of range";
  o->syms = (const Elf64_Sym *)(o->base + syms);
  o->strs = (const char *)(o->base + strs);
  if (o->strs[o->nstrs - 1] != 0) return "its symbol names are not terminated";
  const char *e = relocate(o, rela, rela_size, missing, missing_size);
  /* tcc counts the PLT's relocations into DT_RELA's range as well; doing them twice is harmless */
  if (!e) e = relocate(o, plt, plt_size, missing, missing_size);
  if (e) return e;
  for (u64 i = 0; i < o->nsyms; i++) {
    const char *name = symbol_name(o, i);
    if (name && strcmp(name, "fl_main") == 0 && o->syms[i].st_shndx != SHN_UNDEF &&
        inside(o, o->syms[i].st_value, sizeof(fl_program)))
      *main_program = (const fl_program *)(o->base + o->syms[i].st_value);
  }
  return *main_program ? NULL : "it does not export fl_main";
}

static const char *check(const fl_program *m) {
  if (m->abi != FL_ABI) return "it was built for another runtime";
  if (m->npipelines == 0 || m->npipelines > 65536 || m->ncounters > 65536 || m->state_size > (1ul << 40))
    return "its description is out of range";
  for (u32 i = 0; i < m->npipelines; i++)
    if (!m->pipelines[i].work) return "a pipeline has no work";
  return NULL;
}

static const char *load(struct object *o, int fd, const fl_program **main_program, char *missing, u64 missing_size) {
  const Elf64_Ehdr *eh = (const Elf64_Ehdr *)o->file;
  if (o->size < sizeof *eh || memcmp(eh->e_ident, ELFMAG, SELFMAG) != 0 || eh->e_ident[EI_CLASS] != ELFCLASS64 ||
      eh->e_machine != EM_X86_64 || eh->e_type != ET_DYN)
    return "it is not a shared object";
  if (eh->e_phentsize != sizeof(Elf64_Phdr) || eh->e_phoff > o->size ||
      eh->e_phnum * sizeof(Elf64_Phdr) > o->size - eh->e_phoff || eh->e_phnum > 64)
    return "its program headers are out of range";
  const Elf64_Phdr *ph = (const Elf64_Phdr *)(o->file + eh->e_phoff), *dynamic = NULL, *relro = NULL;
  const char *e = map_segments(o, fd, ph, eh->e_phnum);
  if (e) return e;
  for (u32 i = 0; i < eh->e_phnum; i++) {
    if (ph[i].p_type == PT_DYNAMIC) dynamic = &ph[i];
    if (ph[i].p_type == PT_GNU_RELRO) relro = &ph[i];
  }
  if (!dynamic || !inside(o, dynamic->p_vaddr, dynamic->p_memsz)) return "it has no dynamic section";
  e = link_up(o, (const Elf64_Dyn *)(o->base + dynamic->p_vaddr), dynamic->p_memsz / sizeof(Elf64_Dyn), main_program,
              missing, missing_size);
  if (e) return e;
  if (relro && inside(o, relro->p_vaddr, relro->p_memsz)) {
    u64 from = PAGE_DOWN(relro->p_vaddr), to = PAGE_DOWN(relro->p_vaddr + relro->p_memsz);
    if (to > from) mprotect(o->base + from, to - from, PROT_READ);
  }
  return check(*main_program);
}

void program_load(u32 handle, int fd, u64 size) {
  struct program *p = &programs[handle];
  struct object o = {.size = size};
  char missing[sizeof p->error];
  memset(p, 0, sizeof *p);
  void *file = size > 0 && fd >= 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
  const char *e = fd < 0 ? strerror(EMFILE) : "it cannot be read";
  if (file != MAP_FAILED) {
    o.file = file;
    e = load(&o, fd, &p->main, missing, sizeof missing);
    munmap(file, size);
  }
  if (e) {
    snprintf(p->error, sizeof p->error, "%s", e);
    strcpy(p->code, fd < 0 ? "53000" : "XX000");
    if (o.base) munmap(o.base, o.span);
    p->main = NULL;
    return;
  }
  p->base = o.base;
  p->size = o.span;
}

void program_unload(u32 handle) {
  struct program *p = &programs[handle];
  if (p->base) munmap(p->base, p->size);
  memset(p, 0, sizeof *p);
}

u64 program_base(u64 address) {
  for (u32 i = 0; i < MAX_PROGRAMS; i++) {
    u64 base = (u64)programs[i].base;
    if (base && address >= base && address - base < programs[i].size) return base;
  }
  return 0;
}

/* Conversions that tcc calls for; gcc and clang print them inline. */
f64 __floatundidf(u64 a) { return (f64)a; }
f32 __floatundisf(u64 a) { return (f32)a; }
u64 __fixunsdfdi(f64 a) { return (u64)a; }
u64 __fixunssfdi(f32 a) { return (u64)a; }
