#pragma once

#include <string>

#include "core/sweep/results_table.h"

namespace lab::tests {

/// Four rows that are trained in a moment.
inline const std::string smallGrid = R"({"format": "attention-lab/sweep", "version": 1, "base": "copy",
  "set": {"training.steps": 4, "training.batch_size": 4, "training.validate_every": 2, "task.train_size": 32, "task.validation_size": 8,
          "task.test_size": 8, "model.d_model": 8},
  "grid": {"model.attention.form": ["qkv", "kv"], "training.seed": [1, 2]}})";

/// The rows with their times made equal.
inline std::string withoutSeconds(ResultsTable table) {
    for (ResultsRow& row : table.rows) row.result.seconds = 0;
    return writeResults(table);
}

}  // namespace lab::tests
