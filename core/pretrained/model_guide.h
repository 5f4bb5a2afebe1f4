#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/model.h"

namespace lab {

/// A file of what to look for in a published model: resources/guides/NAME.json, compiled in.
struct GuideText {
    std::string_view name;
    std::string_view json;
};
const std::vector<GuideText>& guideTexts();

/// What to look for in one published model, as its heads were measured.
struct ModelGuide {
    struct Head {
        int layer = 0, head = 0;
    };
    struct Item {
        std::string title;  ///< "Previous token"
        std::string about;  ///< with the numbers that were measured
        std::vector<Head> heads;
        std::string sentence;  ///< to look at them on; empty: the one that is shown
    };
    std::string name;   ///< of the model
    std::string about;  ///< what it is
    std::vector<Item> items;
    std::string note;                   ///< how it was measured
    std::vector<std::string> commands;  ///< that measure it again

    // By which it is known, whatever its file is called.
    std::string architecture;
    int width = 0, layers = 0, heads = 0, vocabulary = 0;
    std::string tensor;          ///< a parameter
    std::vector<double> begins;  ///< its first numbers
};

/// Asserts that every file is one.
const std::vector<ModelGuide>& modelGuides();

/// Whether this is the model that a guide speaks of: its shape, and the first numbers of one of its tensors to what is left of them in half
/// precision.
bool isOf(const ModelGuide& guide, const Model& model, const Weights& weights);
/// Null where none is of it.
const ModelGuide* guideOf(const Model& model, const Weights& weights);

}  // namespace lab
