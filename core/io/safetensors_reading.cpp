#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/utf8.h"
#include "core/config/json_check.h"
#include "core/io/safetensors_header.h"

namespace lab {
namespace {

using Json = nlohmann::json;  // sorted: a header of many tensors takes no longer per tensor

constexpr std::size_t lengthBytes = 8;

std::uint64_t headerLength(std::string_view bytes) {
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < lengthBytes; ++i) length |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return length;
}

using Entry = SafetensorsEntry;

class Reader {
public:
    /// `bytes`: all, or those up to the data of a file that has `size`.
    Reader(std::string_view bytes, std::uint64_t size, const std::string& name) : m_bytes(bytes), m_size(size), m_name(name) {}

    TensorFile read(const Watch& watch = {}) {
        SafetensorsHeader header = readEntries();
        TensorFile file;
        file.metadata = std::move(header.metadata);
        for (const Entry& entry : header.entries) {
            file.tensors.set(entry.name, readTensor(entry));
            tellWatch(watch, static_cast<double>(entry.end) / static_cast<double>(dataSize()), m_name);
        }
        return file;
    }

    SafetensorsHeader readEntries() {
        const Json json = readHeader();
        SafetensorsHeader header;
        header.dataBegin = m_dataBegin;
        for (const auto& [key, value] : json.items()) {
            if (key == "__metadata__") {
                header.metadata = readMetadata(value);
            } else {
                header.entries.push_back(readEntry(key, value));
            }
        }
        // As they lie in the file, whatever the header's order.
        std::ranges::stable_sort(header.entries, {}, [](const Entry& entry) { return std::pair(entry.begin, entry.end); });
        requireSeamless(header.entries);
        return header;
    }

    Metadata readMetadataAlone() {
        const Json header = readHeader();
        return header.contains("__metadata__") ? readMetadata(header["__metadata__"]) : Metadata();
    }

private:
    [[noreturn]] void refuse(Message what) const {
        throw InputError(m_name, located(LAB_TEXT("io", "not a sound safetensors file"), std::move(what)));
    }
    [[noreturn]] void refuse(const std::string& tensor, Message what) const {
        refuse(located(Message(LAB_TEXT("io", "tensor %1")).arg(tensor), std::move(what)));
    }

    Json readHeader() {
        if (m_size < lengthBytes)
            refuse(Message(LAB_PLURAL("io", "it has %n byte(s), not even a header's length")).count(static_cast<std::int64_t>(m_size)));
        const std::uint64_t length = headerLength(m_bytes);
        const std::uint64_t left = m_size - lengthBytes;
        if (length > largestHeader)
            refuse(Message(LAB_TEXT("io", "its header would be %1 bytes long; %2 are allowed")).arg(length).arg(largestHeader));
        if (length > left) refuse(Message(LAB_TEXT("io", "its header would be %1 bytes long, but only %2 follow")).arg(length).arg(left));
        const std::string_view text = m_bytes.substr(lengthBytes, static_cast<std::size_t>(length));
        m_dataBegin = lengthBytes + length;
        if (!isUtf8(text)) refuse(LAB_TEXT("io", "its header is not UTF-8"));
        try {
            requireJson(text);
        } catch (const InputError& error) {
            refuse(located(LAB_TEXT("io", "its header"), error.message()));
        }
        Json header = Json::parse(text);
        if (!header.is_object()) refuse(LAB_TEXT("io", "its header is no JSON object"));
        return header;
    }

    Metadata readMetadata(const Json& json) const {
        if (!json.is_object()) refuse(LAB_TEXT("io", "__metadata__ is no object"));
        Metadata metadata;
        for (const auto& [key, value] : json.items()) {
            if (!value.is_string()) refuse(Message(LAB_TEXT("io", "%1 is no text")).arg("__metadata__." + key));
            metadata[key] = value.get<std::string>();
        }
        return metadata;
    }

    /// A count in the header: an integer from 0 that fits 63 bits.
    std::optional<std::uint64_t> natural(const Json& json) const {
        if (!json.is_number_unsigned()) return std::nullopt;
        const auto value = json.get<std::uint64_t>();
        return value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) ? std::optional(value) : std::nullopt;
    }

    Entry readEntry(const std::string& name, const Json& json) const {
        if (!json.is_object()) refuse(name, LAB_TEXT("io", "its entry is no object"));
        for (const char* key : {"dtype", "shape", "data_offsets"}) {
            if (!json.contains(key)) refuse(name, Message(LAB_TEXT("io", "%1 is missing")).arg(key));
        }
        Entry entry;
        entry.name = name;
        if (!json["dtype"].is_string()) refuse(name, Message(LAB_TEXT("io", "%1 is no text")).arg("dtype"));
        const auto typeName = json["dtype"].get<std::string>();
        entry.type = findTensorType(typeName);
        if (!entry.type) refuse(name, Message(LAB_TEXT("io", "dtype %1 is not read; %2 are")).arg(typeName).arg(tensorTypeNames()));
        readShape(entry, json["shape"]);
        readOffsets(entry, json["data_offsets"]);
        requireSize(entry);
        return entry;
    }

    void readShape(Entry& entry, const Json& json) const {
        if (!json.is_array()) refuse(entry.name, LAB_TEXT("io", "shape is no list"));
        for (const Json& extent : json) {
            const auto value = natural(extent);
            if (!value) refuse(entry.name, Message(LAB_TEXT("io", "shape has %1, which is no size")).arg(extent.dump()));
            entry.shape.push_back(static_cast<std::int64_t>(*value));
        }
    }

    void readOffsets(Entry& entry, const Json& json) const {
        if (!json.is_array() || json.size() != 2) refuse(entry.name, LAB_TEXT("io", "data_offsets is no pair"));
        const auto begin = natural(json[0]);
        const auto end = natural(json[1]);
        if (!begin || !end || *begin > *end) refuse(entry.name, Message(LAB_TEXT("io", "data_offsets %1 are no range")).arg(json.dump()));
        entry.begin = *begin;
        entry.end = *end;
        if (entry.end > dataSize()) {
            const SourceText problem = LAB_PLURAL("io", "its data ends at %1, but the file holds %n byte(s) of data");
            refuse(entry.name, Message(problem).arg(entry.end).count(static_cast<std::int64_t>(dataSize())));
        }
    }

    void requireSize(const Entry& entry) const {
        std::uint64_t bytes = entry.type->size;
        bool overflow = false;
        for (const std::int64_t extent : entry.shape) {
            const auto factor = static_cast<std::uint64_t>(extent);
            overflow = overflow || (factor != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / factor);
            bytes *= factor;
        }
        if (overflow) refuse(entry.name, Message(LAB_TEXT("io", "shape %1 is too large")).arg(shapeText(entry.shape)));
        if (bytes == entry.end - entry.begin) return;
        refuse(entry.name, Message(LAB_TEXT("io", "shape %1 of %2 needs %3 bytes, but data_offsets span %4"))
                               .arg(shapeText(entry.shape))
                               .arg(entry.type->name)
                               .arg(bytes)
                               .arg(entry.end - entry.begin));
    }

    /// The tensors, in the order of their data, must cover it exactly: no holes, no overlaps, nothing behind the last.
    void requireSeamless(const std::vector<Entry>& entries) const {
        std::uint64_t at = 0;
        for (const Entry& entry : entries) {
            if (entry.begin < at) refuse(entry.name, LAB_TEXT("io", "its data overlaps another tensor's"));
            if (entry.begin > at)
                refuse(entry.name, Message(LAB_PLURAL("io", "there is a hole of %n byte(s) in front of its data"))
                                       .count(static_cast<std::int64_t>(entry.begin - at)));
            at = entry.end;
        }
        if (at != dataSize())
            refuse(Message(LAB_PLURAL("io", "%n bytes follow the last tensor")).count(static_cast<std::int64_t>(dataSize() - at)));
    }

    Tensor readTensor(const Entry& entry) const {
        Tensor tensor;
        tensor.shape = entry.shape;
        const auto count = static_cast<std::size_t>((entry.end - entry.begin) / entry.type->size);
        tensor.values.resize(count);
        const char* data = m_bytes.data() + m_dataBegin + entry.begin;
        const std::size_t good = entry.type->convert(data, count, tensor.values.data());
        if (good != count) refuse(entry.name, Message(LAB_TEXT("io", "value %1 does not fit a 32-bit float")).arg(good));
        if (!entry.type->copyIntegers) return tensor;
        tensor.integers.resize(count);
        entry.type->copyIntegers(data, count, tensor.integers.data());
        return tensor;
    }

    std::uint64_t dataSize() const { return m_size - m_dataBegin; }

    std::string_view m_bytes;
    std::uint64_t m_size;
    std::uint64_t m_dataBegin = 0;
    const std::string& m_name;
};

}  // namespace

namespace {

/// The header with its length in front, or what there is of it.
std::string headerOf(const RandomAccessFile& file) {
    const std::string start = file.text(0, static_cast<std::size_t>(std::min<std::uint64_t>(lengthBytes, file.size())));
    if (start.size() < lengthBytes) return start;
    const std::uint64_t length = std::min({headerLength(start), largestHeader, file.size() - lengthBytes});
    return start + file.text(lengthBytes, static_cast<std::size_t>(length));
}

}  // namespace

SafetensorsHeader readSafetensorsHeader(const RandomAccessFile& file) {
    return Reader(headerOf(file), file.size(), file.name()).readEntries();
}

TensorFile parseSafetensors(std::string_view bytes, const std::string& name) {
    return Reader(bytes, bytes.size(), name).read();
}

TensorFile readSafetensors(const std::filesystem::path& path, const Watch& watch) {
    const auto part = [&watch](double from, double to) -> Watch {
        if (!watch) return {};
        return [&watch, from, to](double share) { return watch(from + (to - from) * share); };
    };
    const std::string bytes = readFile(path, part(0, 0.5)), name = utf8Text(path);
    return Reader(bytes, bytes.size(), name).read(part(0.5, 1));
}

Metadata readSafetensorsMetadata(const std::filesystem::path& path) {
    const RandomAccessFile file(path);
    return Reader(headerOf(file), file.size(), file.name()).readMetadataAlone();
}

bool looksLikeSafetensors(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return false;
    const auto size = std::filesystem::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    std::array<char, lengthBytes + 1> start{};
    if (error || !file.read(start.data(), start.size())) return false;
    const std::uint64_t length = headerLength({start.data(), lengthBytes});
    const char first = start.back();
    return length >= 2 && length <= largestHeader && length <= size - lengthBytes && (first == '{' || first == ' ' || first == '\n');
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const std::int64_t extent : shape) text += (text.empty() ? "" : ", ") + std::to_string(extent);
    return "[" + text + "]";
}

}  // namespace lab
