#pragma once

#include <optional>

#include "core/explain/code.h"
#include "core/explain/markdown.h"
#include "core/moments/head_choice.h"
#include "core/moments/run_moment.h"

// What is explained of a run: the walk of one query of one head, from its input to the loss and back.

namespace lab {

struct WalkWish {
    HeadChoice head = {};
    int query = 0;
    int key = 0;  ///< whose k and v are opened: a position, or a slot of a bottleneck
};

/// A walk, what stands above it, and what it was made of.
struct RunWalk {
    explain::Walk walk;
    explain::WalkTitle title;
    explain::CodeSource source;
};

/// With the way back where the input says what is right. Throws InputError for a model that has no walk, and at "block", "layer", "head",
/// "query" or "key" for what it has not.
RunWalk walkOf(const RunMoment& moment, const Input& input, const WalkWish& wish);

/// The walk as a program in a language that runs; it reads the checkpoint of walk.source. Throws InputError where there is none.
std::string programOf(const explain::CodeLanguage& language, const RunWalk& walk);

/// An encoder-decoder that is told but how its decoder begins (BOS) reads what it writes itself, as long as its task's answers are.
Input readingItself(const RunMoment& moment, Input input);

}  // namespace lab
