#pragma once

#include "core/base/random.h"
#include "core/data/dataset.h"
#include "core/tasks/task_config.h"

namespace lab {

/// Sequences of a built-in task, drawn uniformly and independently; nothing is stored.
class BuiltInDataset : public Dataset {
public:
    /// `experiment` resolved and valid.
    explicit BuiltInDataset(const Experiment& experiment);

    int trainSize() const override { return m_task.train_size; }
    int validationSize() const override { return m_task.validation_size.value_or(0); }
    int testSize() const override { return m_task.test_size; }
    Sample trainSample(int i) const override { return sample(m_train, i); }
    Sample validationSample(int i) const override { return sample(m_validation, i); }
    Sample testSample(int i) const override { return sample(m_test, i); }
    const Tokenizer& tokenizer() const override { return *m_tokenizer; }

private:
    Sample sample(const RandomStream& part, int i) const;

    TaskConfig m_task;
    Architecture m_architecture;
    RandomStream m_train;
    RandomStream m_validation;
    RandomStream m_test;
    std::shared_ptr<const Tokenizer> m_tokenizer;
};

}  // namespace lab
