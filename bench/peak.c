/* The machine's peak of fp32 fused multiply-adds: as many independent chains as hide their latency, in vectors as wide as the
 * compiler was told. Prints "threads N GFLOP/s". Usage: peak THREADS */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef __AVX512F__
#define BYTES 64
#else
#define BYTES 32
#endif
typedef float vec __attribute__((vector_size(BYTES)));

enum { CHAINS = 12, TURNS = 4 * 1000 * 1000 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

#define EACH(do) do(0) do(1) do(2) do(3) do(4) do(5) do(6) do(7) do(8) do(9) do(10) do(11)

static void *chains(void *out) {
  vec x, y;
  for (unsigned i = 0; i < BYTES / 4; i++) x[i] = 0.999f, y[i] = 1e-3f;
#define BEGIN(k) vec a##k = x * (float)k;
  EACH(BEGIN)
  for (long turn = 0; turn < TURNS; turn++) {
#define STEP(k)        \
  a##k = a##k * x + y; \
  __asm__ volatile("" : "+v"(a##k)); /* stays in its register, and is not computed ahead */
    EACH(STEP)
  }
  vec sum = x;
#define ADD(k) sum += a##k;
  EACH(ADD)
  *(float *)out = sum[0];
  return NULL;
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 1;
  double best = 0;
  for (int round = 0; round < 5; round++) {
    pthread_t threads[64];
    float sums[64];
    if (n > 64) n = 64;
    double start = now();
    for (int i = 0; i < n; i++) pthread_create(&threads[i], NULL, chains, &sums[i]);
    for (int i = 0; i < n; i++) pthread_join(threads[i], NULL);
    double flops = 2.0 * CHAINS * TURNS * (BYTES / 4) * n / (now() - start);
    if (flops > best) best = flops;
  }
  printf("threads %d GFLOP/s %.1f\n", n, best * 1e-9);
  return 0;
}
