#pragma once

#include <QByteArray>

/// Twenty-four runs that are trained in a moment.
inline const QByteArray grid = R"({ "format": "attention-lab/sweep", "version": 1, "base": "reverse",
  "set": { "training.steps": 40, "training.batch_size": 16, "training.validate_every": 20, "task.seq_len": 6, "task.train_size": 256,
           "task.validation_size": 16, "task.test_size": 32, "model.d_model": 16 },
  "grid": { "task.kind": ["reverse", "copy"], "model.attention.form": ["qkv", "kv+pos", "kv"], "training.seed": [1, 2, 3, 4] } })";
