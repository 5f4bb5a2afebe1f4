#pragma once

#include "core/memory/memory_choice.h"
#include "core/memory/modern.h"
#include "server/routes/parameter.h"

namespace lab::server {

/// The keys of a body that say which memory is asked, and how.
std::vector<Parameter> memoryKeys();
/// What they say. Throws Refusal 422 that points into the body.
MemoryChoice memoryOf(const Values& body);

/// What a memory holds: as pictures of -1 and 1, and as the numbers that were sent.
struct StoredMemory {
    std::vector<Pattern> pictures;
    StoredVectors vectors;

    int units() const { return vectors.dimension; }
};

/// The keys that say what is stored, and with what it is asked.
std::vector<Parameter> storedKeys();
std::vector<Parameter> cueKeys();

/// `real`: any numbers, for the continuous net; else 1 is on, and 0 or -1 off. Throws Refusal 422.
StoredMemory storedOf(const Values& body, bool real);
/// The cue, [units], a share of its signs flipped by the seed.
std::vector<double> cueOf(const Values& body, const StoredMemory& stored, const MemoryChoice& choice);

}  // namespace lab::server
