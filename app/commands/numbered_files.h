#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace lab {

/// Many files of one kind in a folder, called by their numbers, so that they lie in order: FOLDER/step-0000100.safetensors.
class NumberedFiles {
public:
    /// Makes the folder. Throws InputError where that cannot be done.
    NumberedFiles(std::filesystem::path folder, std::string prefix);

    /// Whether a file of such a name is there.
    bool any() const;
    std::filesystem::path of(std::int64_t number) const;
    const std::filesystem::path& folder() const { return m_folder; }

private:
    std::filesystem::path m_folder;
    std::string m_prefix;
};

}  // namespace lab
