#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/platform_reading.h"

namespace lab {

/// How numbers lie in a file: alone, or in blocks that share a scale.
struct NumberFormat {
    std::string_view name;  ///< "BF16", "Q4_K"
    std::size_t blockNumbers = 1;
    std::size_t blockBytes = 4;
    /// Converts `count` numbers, whole blocks; returns the index of the first that no float holds, or `count`.
    std::size_t (*convert)(const char* bytes, std::size_t count, float* numbers) = nullptr;
};

/// A tensor as it lies in a file. Its numbers are copied out, not used in place, those of F32 too: a mapping is not safe (see
/// RandomAccessFile), and lies neither in the order nor on the boundaries of a model's flat vector.
struct StoredTensor {
    std::string name;    ///< as its family's own program calls it, without what it puts before all names
    std::string inFile;  ///< as the file has it, for messages
    const RandomAccessFile* file = nullptr;
    std::vector<std::int64_t> shape;  ///< row-major; matrices are mostly [out, in]
    NumberFormat format;
    std::uint64_t begin = 0;  ///< in the file
    std::uint64_t bytes = 0;
    int pairedHeads = 0;  ///< rows of so many heads lie in rotating pairs, 0 and d/2, 1 and d/2 + 1 ..; 0: in their order

    /// Whether another tensor is of the same format and bytes.
    bool hasBytesOf(const StoredTensor& other) const;
    std::size_t count() const { return static_cast<std::size_t>(bytes) / format.blockBytes * format.blockNumbers; }
    /// Converts one of the portions that read() shares among threads; `buffer` is for its bytes.
    void readPortion(std::size_t portion, std::string& buffer, float* numbers) const;
    /// Its numbers in the order of its shape, `numbers` of count(). Throws InputError naming tensor and file when one is not finite.
    void read(float* numbers) const;
};

/// All tensors of a model, in one file or in several. Nothing is read of them before it is asked for.
class StoredTensors {
public:
    /// Throws InputError when the name is there already.
    void add(StoredTensor tensor);
    /// The file of tensors that will be added.
    const RandomAccessFile& keep(std::unique_ptr<const RandomAccessFile> file);

    /// Null when there is none.
    const StoredTensor* find(std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }
    /// As they lie in their files.
    const std::vector<StoredTensor>& all() const { return m_tensors; }
    /// Of the file or of the folder that they came from, for messages.
    const std::string& place() const { return m_place; }
    void setPlace(std::string place) { m_place = std::move(place); }
    /// Gives each tensor the name that `rename` makes of its own. Throws InputError when two get the same.
    void rename(const std::function<std::string(std::string_view)>& rename);
    /// act(tensor) for each, which leaves the names as they are.
    void eachTensor(const std::function<void(StoredTensor&)>& act) {
        for (StoredTensor& tensor : m_tensors) act(tensor);
    }

private:
    void index(std::size_t at);

    std::string m_place;
    std::vector<std::unique_ptr<const RandomAccessFile>> m_files;
    std::vector<StoredTensor> m_tensors;
    std::unordered_map<std::string, std::size_t> m_index;
};

/// Adds the tensors of a safetensors file and returns their names. Throws InputError as readSafetensors does.
std::vector<std::string> addSafetensors(StoredTensors& tensors, const std::filesystem::path& path);

}  // namespace lab
