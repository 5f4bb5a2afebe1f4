#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/config/experiment.h"
#include "core/config/kept_tokenizer.h"
#include "core/model/model.h"
#include "core/pretrained/family.h"
#include "core/pretrained/special_ids.h"

namespace lab {

/// A model of another program as one of ours: a run without training, whose data are some sentences (task `sentences`).
struct PretrainedModel {
    const Family* family = nullptr;
    Experiment experiment;  ///< resolved
    KeptTokenizer tokenizer;
    std::shared_ptr<const Model> model;
    Weights weights;
    SpecialIds special;
    std::vector<Message> notes;  ///< what a person should know, a sentence each
};

/// Opens what looksPretrained() names. Nothing is ever fetched. Memory: the weights as floats and the largest tensor. Throws InputError,
/// one sentence with file and place, for all that does not fit together; also when the watch ends it.
PretrainedModel openPretrained(const std::filesystem::path& path, const Watch& watch = {});

}  // namespace lab
