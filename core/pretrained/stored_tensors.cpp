#include "core/pretrained/stored_tensors.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/io/safetensors_header.h"

namespace lab {
namespace {

/// Rows 2 j and 2 j + 1 of a head become its rows j and j + d / 2. `numbers` [heads, d, width].
void unpair(float* numbers, std::size_t heads, std::size_t rows, std::size_t width) {
    const std::size_t d = rows / heads;
    std::vector<float> head(d * width);
    for (std::size_t h = 0; h < heads; ++h) {
        float* own = numbers + h * d * width;
        for (std::size_t row = 0; row < d; ++row)
            std::copy_n(own + row * width, width, head.data() + (row / 2 + row % 2 * (d / 2)) * width);
        std::ranges::copy(head, own);
    }
}

}  // namespace

void StoredTensor::read(float* numbers) const {
    const std::size_t all = count();
    std::size_t bad = format.convert(bytes.data(), all, numbers);
    if (bad == all)
        bad = static_cast<std::size_t>(std::find_if_not(numbers, numbers + all, [](float x) { return std::isfinite(x); }) - numbers);
    if (bad != all)
        throw InputError(file->name(),
                         Message(LAB_TEXT("pretrained", "tensor %1: number %2 is not finite, or no 32-bit float")).arg(inFile).arg(bad));
    if (pairedHeads == 0) return;
    const auto rows = static_cast<std::size_t>(shape.front());
    unpair(numbers, static_cast<std::size_t>(pairedHeads), rows, all / rows);
}

void StoredTensors::add(StoredTensor tensor) {
    m_tensors.push_back(std::move(tensor));
    index(m_tensors.size() - 1);
}

void StoredTensors::index(std::size_t at) {
    const StoredTensor& tensor = m_tensors[at];
    const auto [found, isNew] = m_index.try_emplace(tensor.name, at);
    if (isNew) return;
    const StoredTensor& other = m_tensors[found->second];
    throw InputError(tensor.file->name(), Message(LAB_TEXT("pretrained", "tensor %1 is there twice, also as %2 in %3"))
                                              .arg(tensor.inFile)
                                              .arg(other.inFile)
                                              .arg(other.file->name()));
}

const MappedFile& StoredTensors::keep(std::unique_ptr<const MappedFile> file) {
    m_files.push_back(std::move(file));
    return *m_files.back();
}

const StoredTensor* StoredTensors::find(std::string_view name) const {
    const auto found = m_index.find(std::string(name));
    return found == m_index.end() ? nullptr : &m_tensors[found->second];
}

void StoredTensors::rename(const std::function<std::string(std::string_view)>& rename) {
    m_index.clear();
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        m_tensors[i].name = rename(m_tensors[i].name);
        index(i);
    }
}

std::vector<std::string> addSafetensors(StoredTensors& tensors, const std::filesystem::path& path) {
    const MappedFile& file = tensors.keep(std::make_unique<const MappedFile>(path));
    const SafetensorsHeader header = parseSafetensorsHeader(file.bytes(), file.name());
    std::vector<std::string> names;
    for (const SafetensorsEntry& entry : header.entries) {
        const std::string_view bytes =
            header.data.substr(static_cast<std::size_t>(entry.begin), static_cast<std::size_t>(entry.end - entry.begin));
        tensors.add({entry.name, entry.name, &file, entry.shape, {entry.type->name, 1, entry.type->size, entry.type->convert}, bytes});
        names.push_back(entry.name);
    }
    return names;
}

}  // namespace lab
