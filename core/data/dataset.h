#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/config/experiment.h"
#include "core/data/tokenizers/tokenizer.h"
#include "core/tensor/batch.h"

namespace lab {

/// The sequences of a task. Sample i of each part is a pure function of (task, i); batch k of (task, training.seed, k).
class Dataset {
public:
    virtual ~Dataset() = default;

    virtual int trainSize() const = 0;
    virtual int validationSize() const = 0;
    virtual int testSize() const = 0;
    virtual Sample trainSample(int i) const = 0;
    virtual Sample validationSample(int i) const = 0;
    virtual Sample testSample(int i) const = 0;

    /// What its tokens are as text.
    virtual const Tokenizer& tokenizer() const = 0;
};

/// A data set and the experiment completed with what the data says (model.vocab_size, num_classes, max_seq_len, task.validation_size).
struct LoadedTask {
    Experiment experiment;  ///< resolved
    std::shared_ptr<const Dataset> dataset;
};

/// Makes a built-in task, or reads a pairs file relative to `folder`. Throws InputError (bad line: file, line, column; value that the
/// task cannot serve: its path) also for everything validate() refuses.
LoadedTask loadTask(const Experiment& experiment, const std::filesystem::path& folder);

/// Which training samples make up batch k (step t trains on k = t - 1). Shuffled: each epoch a new order, its incomplete last batch
/// dropped; otherwise (k batch_size + r) mod N. For step after step use BatchOrder (core/data/batch_order.h), which keeps the epoch's
/// order.
std::vector<int> batchIndices(const TrainingConfig& training, int trainSize, std::int64_t k);

}  // namespace lab
