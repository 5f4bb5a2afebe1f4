#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace lab {

/// Writes the pieces one after another as the file's new content, all or nothing: into a temporary file beside it, every write checked,
/// flushed to the disk, then renamed. Until then an old file stays as it was. Devices and pipes are written directly; links are followed.
/// Throws InputError naming the file and the reason ("out.safetensors: cannot be written: No space left on device").
void replaceFile(const std::filesystem::path& path, const std::vector<std::string_view>& pieces);

}  // namespace lab
