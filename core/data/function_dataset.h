#pragma once

#include <memory>

#include "core/config/model_config.h"
#include "core/data/dataset.h"
#include "core/data/function_prompt.h"
#include "core/tasks/task_config.h"

namespace lab {

/// Prompts of points of functions (task regression), drawn when they are asked for: each batch draws anew among train_size, so that with
/// many of them hardly one comes twice.
class FunctionDataset : public Dataset {
public:
    /// `experiment` resolved and valid.
    explicit FunctionDataset(const Experiment& experiment);

    int trainSize() const override { return m_task.train_size; }
    int validationSize() const override { return m_task.validation_size.value_or(0); }
    int testSize() const override { return m_task.test_size; }
    Sample trainSample(int i) const override { return sampleOf(FunctionPart::train, i); }
    Sample validationSample(int i) const override { return sampleOf(FunctionPart::validation, i); }
    Sample testSample(int i) const override { return sampleOf(FunctionPart::test, i); }
    const Tokenizer& tokenizer() const override { return *m_tokenizer; }
    bool drawsBlocks() const override { return true; }

    FunctionPrompt prompt(FunctionPart part, int i) const { return drawPrompt(m_task.functions, m_task.seed, part, i); }

private:
    Sample sampleOf(FunctionPart part, int i) const { return promptSample(m_model, m_task.functions, prompt(part, i)); }

    TaskConfig m_task;
    ModelConfig m_model;
    std::shared_ptr<const Tokenizer> m_tokenizer;
};

/// The prompts of a data set; null: it has others.
const FunctionDataset* functionsOf(const Dataset& dataset);

}  // namespace lab
