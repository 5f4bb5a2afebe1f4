#include "core/io/pruned_checkpoint.h"

#include <nlohmann/json.hpp>

#include "core/io/checkpoint.h"

namespace lab {

void writePruned(const std::filesystem::path& path, Metadata metadata, const ParameterLayout& layout, const Weights& weights,
                 const PruningNote& note) {
    const nlohmann::ordered_json json = {{"what", note.what},
                                         {"by", note.by},
                                         {"share", note.share},
                                         {"taken", note.taken},
                                         {"of", note.of},
                                         {"zeros", note.zeros},
                                         {"parameters", layout.parameterCount()},
                                         {"steps", note.steps}};
    metadata["attention_lab.pruned"] = json.dump();
    NamedTensors tensors;
    addTensors(tensors, layout, weights);
    writeSafetensors(path, tensors, metadata);
}

}  // namespace lab
