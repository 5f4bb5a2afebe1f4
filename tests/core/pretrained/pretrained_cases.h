#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/files.h"

namespace lab::testing {

inline const std::filesystem::path pretrainedFolder = std::filesystem::path(LAB_SOURCE_DIR) / "tests/reference/pretrained";

/// Every folder there that holds a model.
inline std::vector<std::string> pretrainedCases() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(pretrainedFolder))
        if (std::filesystem::exists(entry.path() / "config.json")) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

inline void writeText(const std::filesystem::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

/// A copy of a case's files that may be changed.
inline void copyCase(const std::string& name, const std::filesystem::path& to) {
    std::filesystem::create_directories(to);
    for (const char* file : {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"})
        writeText(to / file, readFile(pretrainedFolder / name / file));
}

}  // namespace lab::testing
