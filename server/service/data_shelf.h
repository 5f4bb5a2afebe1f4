#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/experiment.h"

namespace lab::server {

/// Letters, digits, '-' and '_', at most 64: what a client may call a thing that becomes a file.
bool isName(std::string_view name);

/// What a data set may be called: a name, the number of its version, the ending.
bool isDataName(std::string_view file);

/// The texts, pairs and tokenizers of a server, each upload a version of its own: "tales.2.txt". Nothing a client sends is a path.
class DataShelf {
public:
    explicit DataShelf(std::filesystem::path folder);

    struct Item {
        std::string file;  ///< what an experiment's task.path says
        std::uint64_t bytes = 0;
    };
    /// Keeps a file's bytes, flushed to the disk; the bytes of the newest version again make no new one. Throws InputError for a bad name.
    Item add(const std::string& name, const std::string& ending, const std::string& bytes);
    std::vector<Item> all() const;
    /// Throws Refusal 404.
    std::filesystem::path fileOf(const std::string& file) const;
    void remove(const std::string& file) const;

    /// Throws InputError naming the key of an experiment that leads to a file which is not here.
    void requireHere(const Experiment& experiment) const;
    const std::filesystem::path& folder() const { return m_folder; }

private:
    bool has(const std::string& file) const;

    std::filesystem::path m_folder;
    std::mutex m_adding;
};

/// Whether what they say of data leads to the same files.
bool nameTheSameData(const Experiment& a, const Experiment& b);

}  // namespace lab::server
