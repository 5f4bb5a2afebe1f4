#pragma once

#include <map>
#include <string>

#include "core/base/message.h"

namespace lab {

struct LoadedTask;

/// SHA-256, hexadecimal, of a text as its files had it and cleaned; empty where nothing is noted.
struct TextHashes {
    std::string raw, clean;
};
TextHashes notedText(const std::map<std::string, std::string>& metadata);

/// Adds to what is saved with a training what its data were: how many lines, and a hash of their tokens (attention_lab.data); of a text
/// the hashes, sizes and the split (attention_lab.dataset). Data that a seed draws need none.
void notePrint(std::map<std::string, std::string>& metadata, const LoadedTask& task);
/// In what the data differ from those noted; empty when they do not, or nothing is noted.
Message dataDifference(const std::map<std::string, std::string>& metadata, const LoadedTask& task);

}  // namespace lab
