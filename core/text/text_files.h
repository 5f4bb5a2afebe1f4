#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/watched_reading.h"

namespace lab {

/// Text as it came, not yet looked at: what encoding it has, the cleaning finds out.
struct RawText {
    std::string name;   ///< the file's, as it was given or lies in its folder; of documents and in errors
    std::string bytes;  ///< unpacked
};

/// All files of a list of paths (core/base/path_list.h), UTF-8; relative ones lie in `folder`. A path is a file of any name, gzip too, or a
/// folder, whose files .txt and .md, packed or not (.txt.gz, .md.gz), at any depth are read in the order of their names; what begins with a
/// dot is left out, and in folders empty files. Throws InputError that names the file: what is not there or cannot be read, is empty,
/// binary, UTF-16, 2 GB or more, a folder without texts.
std::vector<RawText> readTexts(const std::string& paths, const std::filesystem::path& folder, const Watch& watch = {});

/// The files that these paths stand for, without reading them; the same errors as far as they show.
std::vector<std::filesystem::path> textFilesOf(const std::string& paths, const std::filesystem::path& folder, const Watch& watch = {});

/// Throws the errors of readTexts about what the bytes are.
void requireText(std::string_view bytes, const std::string& name);

/// 2 GB: the first size that is refused, of one text and of all together.
inline constexpr std::size_t mostTextBytes = std::size_t(1) << 31;

}  // namespace lab
