#include "core/data/function_dataset.h"

#include "core/config/experiment.h"
#include "core/data/tokenizers/integer_tokenizer.h"

namespace lab {

FunctionDataset::FunctionDataset(const Experiment& experiment)
    : m_task(experiment.task), m_model(experiment.model), m_tokenizer(tokenizerOf(experiment, {})) {}

const FunctionDataset* functionsOf(const Dataset& dataset) {
    return dynamic_cast<const FunctionDataset*>(&dataset);
}

}  // namespace lab
