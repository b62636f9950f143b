/* What the CPU has, asked without a library beyond what a system's libc has everywhere. */
#ifndef BCQ_CPU_H
#define BCQ_CPU_H

#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>

/* Bits of cpuid's answers: of leaf 1 in ecx, of leaf 7 in ebx and ecx, of its second part in eax. */
#define BCQ_LEAF1_ECX (1u << 12 | 1u << 27 | 1u << 28)             /* FMA, OSXSAVE, AVX */
#define BCQ_AVX2_EBX (1u << 5)                                     /* AVX2 */
#define BCQ_AVX512_EBX (1u << 16 | 1u << 17 | 1u << 30 | 1u << 31) /* F, DQ, BW, VL */
#define BCQ_AVX512_ECX (1u << 1 | 1u << 11 | 1u << 12)             /* VBMI, VNNI, BITALG */
#define BCQ_AVX_VNNI_EAX (1u << 4)

/* Registers that the system keeps for each thread. */
#define BCQ_SAVES_AVX 0x06u
#define BCQ_SAVES_AVX512 0xe6u

static inline int bcq_all(uint32_t found, uint32_t wanted) { return (found & wanted) == wanted; }

/* Returns 0, 2 with AVX2 and FMA, or 5 with the extensions of AVX-512 that the kernels need as well. */
static inline int bcq_avx(void) {
  uint32_t eax, ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !bcq_all(ecx, BCQ_LEAF1_ECX)) {
    return 0;
  }
  uint32_t saved;
  __asm__("xgetbv" : "=a"(saved), "=d"(edx) : "c"(0));
  if (!bcq_all(saved, BCQ_SAVES_AVX) || !__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) ||
      !bcq_all(ebx, BCQ_AVX2_EBX)) {
    return 0;
  }
  return bcq_all(saved, BCQ_SAVES_AVX512) && bcq_all(ebx, BCQ_AVX512_EBX) &&
                 bcq_all(ecx, BCQ_AVX512_ECX)
             ? 5
             : 2;
}

/* Returns whether there are sums of four byte products for the registers of AVX2. */
static inline int bcq_avx_vnni(void) {
  uint32_t eax, ebx, ecx, edx;
  return bcq_avx() != 0 && __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) &&
         bcq_all(eax, BCQ_AVX_VNNI_EAX);
}

#elif defined(__aarch64__) && defined(__linux__)
/* Of <sys/auxv.h>, which Android's toolchains alone have for Android. */
extern unsigned long getauxval(unsigned long type);

static inline int bcq_dot_product(void) {
  const unsigned long hwcap = 16;
  const unsigned long asimddp = 1ul << 20;
  return (getauxval(hwcap) & asimddp) != 0;
}
#endif

#endif
