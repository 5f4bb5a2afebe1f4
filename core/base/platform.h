#pragma once

#include <cstddef>

#include "core/base/message.h"

namespace lab {

/// While it lives, this thread treats denormal floats as zero (they make Adam several times slower). No-op where the processor has no such
/// mode.
class FlushDenormals {
public:
    FlushDenormals();
    ~FlushDenormals();
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;

private:
    unsigned m_before = 0;
};

/// Ends a state in which a processor takes some 100 ns for each change between SSE and AVX instructions, so for each logarithm of the C
/// library. Code that leaves the upper parts of the vector registers in use brings it about, as Qt 6.4 does when it hashes a string; it
/// holds for whatever runs on the thread next, and for the threads that it begins. No-op where there is no such state.
void cleanVectorRegisters();

constexpr std::size_t hugePageBytes = std::size_t{1} << 21;
/// Asks the system to back this memory with huge pages where it can; only a hint, for large and long-lived working memory.
void adviseHugePages(void* memory, std::size_t bytes);

/// "AMD EPYC ...", or "unknown processor".
Message processorName();
/// Processors this process may run on: as many as when this was first asked.
int processorCount();

/// While it lives, this thread runs on one of them only: number 0 .. processorCount() - 1. Only a hint.
class OnProcessor {
public:
    explicit OnProcessor(int number);
    ~OnProcessor();
    OnProcessor(const OnProcessor&) = delete;
    OnProcessor& operator=(const OnProcessor&) = delete;
};

/// Processor time that this thread has taken so far; the time of day where the system keeps no such account.
double threadSeconds();

/// From here on this thread gets the processor mostly when others leave it. Only a hint.
void giveWayToOtherThreads();

/// To be called early in main: weights and maps that are freed go back to the system at once. By itself the C library keeps them in pools
/// of each thread, where they come to several times what a history may take.
void returnFreedMemory();

/// To be called first in main: OpenMP's workers must not spin for long while they wait (beside another busy program a step would take ten
/// times as long), and the runtime reads its variables before main. Sets OMP_WAIT_POLICY to passive and GOMP_SPINCOUNT to a moment
/// (measured with busy_core_bench), and executes the program anew, once; returns at once when the user has set the former.
void reexecuteWithPassiveWaiting(char** argv);

}  // namespace lab
