#include <array>
#include <bit>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/io/safetensors.h"
#include "core/io/typed_tensors.h"

namespace lab {
namespace {

using OrderedJson = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

constexpr std::size_t alignment = 8;

std::string_view dataBytes(const Tensor& tensor) {
    const auto bytes = [](const auto& numbers) {
        return std::string_view(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof numbers[0]);
    };
    return tensor.isInteger() ? bytes(tensor.integers) : bytes(tensor.values);
}

/// Integers in front: then each tensor begins at a multiple of its number's size, which PyTorch needs to map it.
std::vector<const NamedTensors::Entry*> dataOrder(const NamedTensors& tensors) {
    std::vector<const NamedTensors::Entry*> order;
    for (const bool integer : {true, false}) {
        for (const NamedTensors::Entry& entry : tensors.entries()) {
            if (entry.tensor.isInteger() == integer) order.push_back(&entry);
        }
    }
    return order;
}

std::string headerText(const std::vector<TypedTensor>& tensors, const Metadata& metadata) {
    OrderedJson header = OrderedJson::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::size_t at = 0;
    for (const TypedTensor& tensor : tensors) {
        std::size_t bytes = 0;
        for (const std::string_view piece : tensor.pieces) bytes += piece.size();
        header[tensor.name] = {{"dtype", tensor.type}, {"shape", tensor.shape}, {"data_offsets", {at, at + bytes}}};
        at += bytes;
    }
    std::string text = header.dump();
    text.append((alignment - text.size() % alignment) % alignment, ' ');
    return text;
}

std::string lengthText(std::uint64_t length) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i));
    return bytes;
}

}  // namespace

void writeTypedTensors(const std::filesystem::path& path, const std::vector<TypedTensor>& tensors, const Metadata& metadata) {
    const std::string header = headerText(tensors, metadata);
    if (header.size() > largestHeader)
        throw InputError(
            utf8Text(path),
            Message(LAB_TEXT("io", "its header would be %1 bytes long; %2 are allowed")).arg(header.size()).arg(largestHeader));
    const std::string length = lengthText(header.size());
    std::vector<std::string_view> pieces{length, header};
    for (const TypedTensor& tensor : tensors) pieces.insert(pieces.end(), tensor.pieces.begin(), tensor.pieces.end());
    replaceFile(path, pieces);
}

void writeSafetensors(const std::filesystem::path& path, const NamedTensors& tensors, const Metadata& metadata,
                      const std::vector<ScatteredTensor>& scattered) {
    std::vector<TypedTensor> typed;
    for (const NamedTensors::Entry* entry : dataOrder(tensors))
        typed.push_back({entry->name, entry->tensor.isInteger() ? "I64" : "F32", entry->tensor.shape, {dataBytes(entry->tensor)}});
    for (const ScatteredTensor& tensor : scattered) {
        TypedTensor one{tensor.name, "F32", tensor.shape, {}};
        for (const auto& piece : tensor.pieces) one.pieces.emplace_back(reinterpret_cast<const char*>(piece.data()), piece.size_bytes());
        typed.push_back(std::move(one));
    }
    writeTypedTensors(path, typed, metadata);
}

}  // namespace lab
