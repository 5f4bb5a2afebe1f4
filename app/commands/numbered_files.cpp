#include "app/commands/numbered_files.h"

#include "app/commands/status_line.h"
#include "core/base/errors.h"
#include "core/base/files.h"

namespace lab {

NumberedFiles::NumberedFiles(std::filesystem::path folder, std::string prefix) : m_folder(std::move(folder)), m_prefix(std::move(prefix)) {
    std::error_code error;
    std::filesystem::create_directory(m_folder, error);
    if (!std::filesystem::is_directory(m_folder))
        throw InputError(utf8Text(m_folder), Message(LAB_TEXT("commands", "cannot be made a folder: %1")).arg(error.message()));
}

bool NumberedFiles::any() const {
    for (const auto& entry : std::filesystem::directory_iterator(m_folder))
        if (utf8Text(entry.path().filename()).starts_with(m_prefix)) return true;
    return false;
}

std::filesystem::path NumberedFiles::of(std::int64_t number) const {
    return m_folder / pathFromUtf8(formatted("%s%07lld.safetensors", m_prefix.c_str(), static_cast<long long>(number)));
}

}  // namespace lab
