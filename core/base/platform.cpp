#include "core/base/platform.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__linux__)
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace lab {

#if defined(__x86_64__)
FlushDenormals::FlushDenormals() : m_before(_mm_getcsr()) {
    constexpr unsigned flushToZero = 0x8000, denormalsAreZero = 0x0040;
    _mm_setcsr(m_before | flushToZero | denormalsAreZero);
}
FlushDenormals::~FlushDenormals() {
    _mm_setcsr(m_before);
}

void cleanVectorRegisters() {
    static const bool exist = __builtin_cpu_supports("avx");
    if (exist) asm volatile("vzeroupper");
}
#else
FlushDenormals::FlushDenormals() = default;
FlushDenormals::~FlushDenormals() = default;

void cleanVectorRegisters() {}
#endif

void adviseHugePages(void* memory, std::size_t bytes) {
#if defined(__linux__)
    constexpr std::uintptr_t page = 4096;
    const auto begin = reinterpret_cast<std::uintptr_t>(memory), first = (begin + page - 1) / page * page;
    if (first < begin + bytes) madvise(reinterpret_cast<void*>(first), begin + bytes - first, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)bytes;
#endif
}

Message processorName() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (!line.starts_with("model name")) continue;
        const std::size_t colon = line.find(": ");
        if (colon != std::string::npos) return Message::verbatim(line.substr(colon + 2));
    }
    return LAB_TEXT("platform", "unknown processor");
}

#if defined(__linux__)
namespace {

/// Before any thread was bound to one of them.
const cpu_set_t& allowedProcessors() {
    static const cpu_set_t allowed = [] {
        cpu_set_t set;
        CPU_ZERO(&set);
        sched_getaffinity(0, sizeof set, &set);
        return set;
    }();
    return allowed;
}

}  // namespace
#endif

int processorCount() {
#if defined(__linux__)
    if (const int count = CPU_COUNT(&allowedProcessors()); count > 0) return count;
#endif
    const unsigned count = std::thread::hardware_concurrency();
    return count > 0 ? static_cast<int>(count) : 1;
}

#if defined(__linux__)
OnProcessor::OnProcessor(int number) {
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int processor = 0; processor < CPU_SETSIZE; ++processor)
        if (CPU_ISSET(processor, &allowedProcessors()) && number-- == 0) CPU_SET(processor, &one);
    if (CPU_COUNT(&one) == 1) sched_setaffinity(0, sizeof one, &one);
}
OnProcessor::~OnProcessor() {
    if (CPU_COUNT(&allowedProcessors()) > 0) sched_setaffinity(0, sizeof(cpu_set_t), &allowedProcessors());
}
#else
OnProcessor::OnProcessor(int) {}
OnProcessor::~OnProcessor() = default;
#endif

double threadSeconds() {
#if defined(__linux__)
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
#else
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
#endif
}

void giveWayToOtherThreads() {
#if defined(__linux__)
    // Linux keeps a nice value for each thread. Not SCHED_IDLE: beside a training at full speed such a thread would hardly ever run.
    constexpr int tenthOfTheUsualShare = 10;
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), tenthOfTheUsualShare);
#endif
}

void returnFreedMemory() {
#if defined(__GLIBC__)
    // A block of its own from here on, and fixed: otherwise the bound grows with the first large block that is freed, to 32 MB.
    constexpr int blockOfItsOwn = 256 * 1024;
    mallopt(M_MMAP_THRESHOLD, blockOfItsOwn);
#endif
}

void reexecuteWithPassiveWaiting(char** argv) {
#if defined(__linux__)
    if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
    setenv("OMP_WAIT_POLICY", "passive", 1);
    // Some 0.1 to 0.2 ms: to sleep and be woken costs a worker a tenth of the step of a small model, and leaves its cache cold.
    constexpr int keepWhatTheUserSet = 0;
    setenv("GOMP_SPINCOUNT", "5000", keepWhatTheUserSet);
    execv("/proc/self/exe", argv);  // comes back only on failure: then the program runs on, only less considerate
#else
    (void)argv;
#endif
}

}  // namespace lab
