#include "core/pretrained/gguf_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "core/base/errors.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/pretrained/block_formats.h"

namespace lab {
namespace {

/// Kinds of values, by the number that files have for them.
enum class ValueKind : std::uint32_t { u8, i8, u16, i16, u32, i32, f32, boolean, text, list, u64, i64, f64 };

/// Bytes of one; 0 of those that have no fixed size.
std::size_t sizeOf(ValueKind kind) {
    constexpr std::array<std::size_t, 13> sizes{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    return sizes[static_cast<std::size_t>(kind)];
}

bool isWhole(ValueKind kind) {
    return sizeOf(kind) > 0 && kind != ValueKind::f32 && kind != ValueKind::f64 && kind != ValueKind::boolean;
}

/// Walks through the front of a file; never beyond its end.
class GgufReader {
public:
    explicit GgufReader(const RandomAccessFile& file) : m_file(file), m_size(file.size()) {}

    std::map<std::string, GgufValue> read(StoredTensors& tensors) {
        readMagic();
        const auto tensorCount = take<std::uint64_t>(), keyCount = take<std::uint64_t>();
        for (std::uint64_t i = 0; i < keyCount; ++i) readKey();
        std::vector<StoredTensor> found;
        std::vector<std::uint64_t> offsets;
        for (std::uint64_t i = 0; i < tensorCount; ++i) readTensor(found, offsets);
        place(found, offsets);
        for (StoredTensor& tensor : found) tensors.add(std::move(tensor));
        return std::move(m_keys);
    }

private:
    [[noreturn]] void refuse(Message what) const {
        throw InputError(m_file.name(), located(LAB_TEXT("pretrained", "not a sound GGUF file"), std::move(what)));
    }

    std::uint64_t left() const { return m_size - m_at; }

    void skip(std::uint64_t count) {
        if (count > left()) refuse(Message(LAB_TEXT("pretrained", "it ends at byte %1, in the middle of its keys")).arg(m_size));
        m_at += count;
    }

    /// They stay until the next are taken.
    std::string_view takeBytes(std::uint64_t count) {
        constexpr std::uint64_t atOnce = std::uint64_t{1} << 16;
        const std::uint64_t from = m_at, most = left();
        skip(count);
        if (m_at > m_windowBegin + m_window.size()) {
            m_window = m_file.text(from, static_cast<std::size_t>(std::max(count, std::min(atOnce, most))));
            m_windowBegin = from;
        }
        return std::string_view(m_window).substr(static_cast<std::size_t>(from - m_windowBegin), static_cast<std::size_t>(count));
    }

    template <class T>
    T take() {
        std::array<char, sizeof(T)> raw;
        std::memcpy(raw.data(), takeBytes(sizeof(T)).data(), sizeof(T));
        if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(raw);
        return std::bit_cast<T>(raw);
    }

    std::string takeText() {
        const std::string_view text = takeBytes(take<std::uint64_t>());
        if (!isUtf8(text)) refuse(Message(LAB_TEXT("pretrained", "a text before byte %1 is not UTF-8")).arg(m_at));
        return std::string(text);
    }

    void readMagic() {
        if (m_size < 24 || takeBytes(4) != "GGUF") refuse(LAB_TEXT("pretrained", "it does not begin as one"));
        const auto version = take<std::uint32_t>();
        if (version != 2 && version != 3) refuse(Message(LAB_TEXT("pretrained", "it has version %1; 2 and 3 are read")).arg(version));
    }

    ValueKind takeKind() {
        const auto kind = take<std::uint32_t>();
        if (kind > static_cast<std::uint32_t>(ValueKind::f64))
            refuse(Message(LAB_TEXT("pretrained", "kind of value %1 is not known")).arg(kind));
        return static_cast<ValueKind>(kind);
    }

    std::int64_t takeWhole(ValueKind kind) {
        switch (kind) {
            case ValueKind::u8:
                return take<std::uint8_t>();
            case ValueKind::i8:
                return take<std::int8_t>();
            case ValueKind::u16:
                return take<std::uint16_t>();
            case ValueKind::i16:
                return take<std::int16_t>();
            case ValueKind::u32:
                return take<std::uint32_t>();
            case ValueKind::i32:
                return take<std::int32_t>();
            default:
                return static_cast<std::int64_t>(std::min<std::uint64_t>(take<std::uint64_t>(), std::numeric_limits<std::int64_t>::max()));
        }
    }

    GgufValue takeValue(ValueKind kind) {
        if (kind == ValueKind::text) return takeText();
        if (kind == ValueKind::boolean) return take<std::uint8_t>() != 0;
        if (kind == ValueKind::f32) return static_cast<double>(take<float>());
        if (kind == ValueKind::f64) return take<double>();
        if (kind == ValueKind::i64) return take<std::int64_t>();
        if (kind == ValueKind::list) return takeList();
        return takeWhole(kind);
    }

    GgufValue takeList() {
        const ValueKind kind = takeKind();
        const auto count = take<std::uint64_t>();
        const std::uint64_t least = std::max<std::size_t>(sizeOf(kind), kind == ValueKind::text ? 8 : 1);
        if (kind == ValueKind::list) refuse(LAB_TEXT("pretrained", "it has lists in a list"));
        if (count > left() / least)
            refuse(Message(LAB_TEXT("pretrained", "a list at byte %1 would have %2 values, more than follow")).arg(m_at).arg(count));
        if (kind == ValueKind::text) {
            std::vector<std::string> texts;
            for (std::uint64_t i = 0; i < count; ++i) texts.push_back(takeText());
            return texts;
        }
        if (isWhole(kind)) {
            std::vector<std::int64_t> numbers;
            for (std::uint64_t i = 0; i < count; ++i) numbers.push_back(takeWhole(kind));
            return numbers;
        }
        if (kind == ValueKind::f32) {
            std::vector<float> numbers;
            for (std::uint64_t i = 0; i < count; ++i) numbers.push_back(take<float>());
            return numbers;
        }
        skip(count * sizeOf(kind));
        return {};
    }

    void readKey() {
        std::string key = takeText();
        GgufValue value = takeValue(takeKind());
        if (!m_keys.try_emplace(key, std::move(value)).second) refuse(Message(LAB_TEXT("pretrained", "key %1 is there twice")).arg(key));
    }

    void readTensor(std::vector<StoredTensor>& found, std::vector<std::uint64_t>& offsets) {
        StoredTensor tensor;
        tensor.name = tensor.inFile = takeText();
        tensor.file = &m_file;
        constexpr std::uint64_t mostNumbers = std::uint64_t{1} << 48;
        const auto dims = take<std::uint32_t>();
        if (dims < 1 || dims > 4) refuse(Message(LAB_TEXT("pretrained", "tensor %1 has %2 dimensions")).arg(tensor.name).arg(dims));
        std::uint64_t numbers = 1;
        for (std::uint32_t i = 0; i < dims; ++i) {
            const auto extent = take<std::uint64_t>();
            if (extent < 1 || extent > std::uint64_t{mostCounted} || numbers > mostNumbers / extent)
                refuse(Message(LAB_TEXT("pretrained", "tensor %1 would be too large")).arg(tensor.name));
            numbers *= extent;
            tensor.shape.insert(tensor.shape.begin(), static_cast<std::int64_t>(extent));  // files have the innermost one first
        }
        const auto kind = take<std::uint32_t>();
        const NumberFormat* format = blockFormat(kind);
        if (!format)
            refuse(Message(LAB_TEXT("pretrained", "tensor %1 is of kind %2, which is not read; %3 are"))
                       .arg(tensor.name)
                       .arg(kind)
                       .arg(blockFormatNames()));
        if (static_cast<std::uint64_t>(tensor.shape.back()) % format->blockNumbers != 0)
            refuse(Message(LAB_TEXT("pretrained", "the rows of tensor %1 are no whole blocks of %2")).arg(tensor.name).arg(format->name));
        tensor.format = *format;
        m_sizes.push_back(numbers / format->blockNumbers * format->blockBytes);
        offsets.push_back(take<std::uint64_t>());
        found.push_back(std::move(tensor));
    }

    /// Gives each its bytes, behind the keys; none lies on another's.
    void place(std::vector<StoredTensor>& found, const std::vector<std::uint64_t>& offsets) {
        std::uint64_t alignment = 32;
        if (const auto own = m_keys.find("general.alignment"); own != m_keys.end())
            if (const auto* value = std::get_if<std::int64_t>(&own->second))
                alignment = static_cast<std::uint64_t>(std::clamp<std::int64_t>(*value, 1, 1 << 20));
        const std::uint64_t begin = (m_at + alignment - 1) / alignment * alignment;
        const std::uint64_t room = m_size - std::min(begin, m_size);
        std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (offsets[i] > room || m_sizes[i] > room - offsets[i])
                refuse(Message(LAB_TEXT("pretrained", "tensor %1 would end behind the end of the file")).arg(found[i].name));
            found[i].begin = begin + offsets[i];
            found[i].bytes = m_sizes[i];
            ranges.emplace_back(offsets[i], offsets[i] + m_sizes[i]);
        }
        std::ranges::sort(ranges);
        for (std::size_t i = 1; i < ranges.size(); ++i)
            if (ranges[i].first < ranges[i - 1].second) refuse(LAB_TEXT("pretrained", "two tensors lie on each other"));
        std::ranges::sort(found, {}, &StoredTensor::begin);
    }

    const RandomAccessFile& m_file;
    std::uint64_t m_size;
    std::uint64_t m_at = 0;
    std::string m_window;  ///< of the file, from m_windowBegin on
    std::uint64_t m_windowBegin = 0;
    std::map<std::string, GgufValue> m_keys;
    std::vector<std::uint64_t> m_sizes;
};

}  // namespace

std::map<std::string, GgufValue> addGguf(StoredTensors& tensors, const std::filesystem::path& path) {
    const RandomAccessFile& file = tensors.keep(std::make_unique<const RandomAccessFile>(path));
    return GgufReader(file).read(tensors);
}

}  // namespace lab
