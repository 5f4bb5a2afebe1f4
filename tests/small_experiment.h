#pragma once

#include "core/config/experiment.h"

namespace lab {

/// In what the small experiments of tests differ; the rest of each is the program's default.
struct SmallSize {
    const char* name = "small";
    int length = 6;       ///< seq_len
    int vocabulary = 10;  ///< vocab_size
    int train = 256, validation = 32, test = 8;
    int d_model = 16, layers = 1, heads = 2;
    int steps = 60, batch = 16;
};

/// An experiment whose steps take well under a millisecond.
inline Experiment smallExperiment(const SmallSize& size) {
    Experiment e;
    e.name = size.name;
    e.task.seq_len = size.length;
    e.task.vocab_size = size.vocabulary;
    e.task.train_size = size.train;
    e.task.validation_size = size.validation;
    e.task.test_size = size.test;
    e.model.d_model = size.d_model;
    e.model.num_layers = size.layers;
    e.model.num_heads = size.heads;
    e.training.steps = size.steps;
    e.training.batch_size = size.batch;
    return e;
}

}  // namespace lab
