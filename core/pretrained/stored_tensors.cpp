#include "core/pretrained/stored_tensors.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>

#include "core/base/errors.h"
#include "core/base/platform.h"
#include "core/base/team.h"
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

constexpr int mostReaders = 4;

/// Bytes of some hundred thousand numbers, whole blocks: they stay in the cache between being read and being converted.
std::size_t portionOf(const NumberFormat& format) {
    constexpr std::size_t numbersAtOnce = std::size_t{1} << 18;
    return numbersAtOnce / format.blockNumbers * format.blockBytes;
}

}  // namespace

void StoredTensor::readPortion(std::size_t portion, std::string& buffer, float* numbers) const {
    const std::uint64_t from = std::min<std::uint64_t>(std::uint64_t{portion} * portionOf(format), bytes);
    buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(portionOf(format), bytes - from)));
    const std::size_t first = portion * (portionOf(format) / format.blockBytes * format.blockNumbers),
                      count = buffer.size() / format.blockBytes * format.blockNumbers;
    file->read(begin + from, buffer.size(), buffer.data());
    float* own = numbers + first;
    std::size_t bad = format.convert(buffer.data(), count, own);
    if (bad == count) bad = static_cast<std::size_t>(std::find_if_not(own, own + count, [](float x) { return std::isfinite(x); }) - own);
    if (bad != count)
        throw InputError(
            file->name(),
            Message(LAB_TEXT("pretrained", "tensor %1: number %2 is not finite, or no 32-bit float")).arg(inFile).arg(first + bad));
}

bool StoredTensor::hasBytesOf(const StoredTensor& other) const {
    if (format.name != other.format.name || bytes != other.bytes) return false;
    for (std::uint64_t at = 0; at < bytes; at += portionOf(format)) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(portionOf(format), bytes - at));
        if (file->text(begin + at, count) != other.file->text(other.begin + at, count)) return false;
    }
    return true;
}

void StoredTensor::read(float* numbers) const {
    const std::size_t all = count();
    const auto portions = static_cast<std::size_t>(bytes / portionOf(format));
    std::exception_ptr problem;
    std::mutex mutex;
    std::atomic<std::size_t> next{0};
    const auto work = [&](int) {
        std::string buffer;
        for (std::size_t portion = next++; portion <= portions; portion = next++) try {
                readPortion(portion, buffer, numbers);
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!problem) problem = std::current_exception();
                next = portions + 1;
            }
    };
    const int readers = std::clamp<int>(static_cast<int>(portions), 1, std::min(processorCount(), mostReaders));
    Team(readers).share(work);
    if (problem) std::rethrow_exception(problem);
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

const RandomAccessFile& StoredTensors::keep(std::unique_ptr<const RandomAccessFile> file) {
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
    const RandomAccessFile& file = tensors.keep(std::make_unique<const RandomAccessFile>(path));
    const SafetensorsHeader header = readSafetensorsHeader(file);
    std::vector<std::string> names;
    for (const SafetensorsEntry& entry : header.entries) {
        const NumberFormat format{entry.type->name, 1, entry.type->size, entry.type->convert};
        tensors.add({entry.name, entry.name, &file, entry.shape, format, header.dataBegin + entry.begin, entry.end - entry.begin});
        names.push_back(entry.name);
    }
    return names;
}

}  // namespace lab
