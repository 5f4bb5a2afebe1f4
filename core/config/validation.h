#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"

namespace lab {

struct Experiment;

/// What is wrong with one value of an experiment.
struct ConfigProblem {
    std::string path;  ///< "model.num_kv_heads"
    Message message;   ///< "3 does not divide num_heads 4": what is wrong and what would do
};

/// Every problem of the experiment, in the visitor's order; empty when it can be built and trained.
/// Needs no data: what a pairs file derives is checked by loadDataset.
std::vector<ConfigProblem> problemsOf(const Experiment& experiment);

/// Throws InputError with the first problem as "path: message".
void validate(const Experiment& experiment);

/// Fills every derived value (FORMATS.md 1): num_kv_heads, num_decoder_layers, d_ff, and for built-in tasks vocab_size, num_classes,
/// max_seq_len and validation_size. For pairs the data must fill the last four (core/data/dataset.h); they stay empty here.
Experiment resolved(Experiment experiment);

}  // namespace lab
