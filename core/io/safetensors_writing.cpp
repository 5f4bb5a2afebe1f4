#include <array>
#include <bit>
#include <nlohmann/json.hpp>

#include "core/base/platform_files.h"
#include "core/io/safetensors.h"

namespace lab {
namespace {

using Json = nlohmann::ordered_json;

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

std::size_t byteCount(const ScatteredTensor& tensor) {
    std::size_t bytes = 0;
    for (const auto& piece : tensor.pieces) bytes += piece.size_bytes();
    return bytes;
}

std::string headerText(const std::vector<const NamedTensors::Entry*>& order, const std::vector<ScatteredTensor>& scattered,
                       const Metadata& metadata) {
    Json header = Json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::size_t at = 0;
    const auto add = [&](const std::string& name, const char* type, const std::vector<std::int64_t>& shape, std::size_t bytes) {
        header[name] = {{"dtype", type}, {"shape", shape}, {"data_offsets", {at, at + bytes}}};
        at += bytes;
    };
    for (const NamedTensors::Entry* entry : order)
        add(entry->name, entry->tensor.isInteger() ? "I64" : "F32", entry->tensor.shape, dataBytes(entry->tensor).size());
    for (const ScatteredTensor& tensor : scattered) add(tensor.name, "F32", tensor.shape, byteCount(tensor));
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

void writeSafetensors(const std::filesystem::path& path, const NamedTensors& tensors, const Metadata& metadata,
                      const std::vector<ScatteredTensor>& scattered) {
    const auto order = dataOrder(tensors);
    const std::string header = headerText(order, scattered, metadata);
    const std::string length = lengthText(header.size());
    std::vector<std::string_view> pieces{length, header};
    for (const NamedTensors::Entry* entry : order) pieces.push_back(dataBytes(entry->tensor));
    for (const ScatteredTensor& tensor : scattered)
        for (const auto& piece : tensor.pieces) pieces.emplace_back(reinterpret_cast<const char*>(piece.data()), piece.size_bytes());
    replaceFile(path, pieces);
}

}  // namespace lab
