#include "core/pretrained/conversion.h"

#include <algorithm>
#include <array>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/base/platform_memory.h"
#include "core/io/safetensors.h"

namespace lab {
namespace {

bool matches(std::string_view pattern, std::string_view name) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == name;
    if (!name.starts_with(pattern.substr(0, star))) return false;
    const std::string_view rest = pattern.substr(star + 1);
    for (std::size_t at = star; at <= name.size(); ++at)
        if (matches(rest, name.substr(at))) return true;
    return false;
}

/// The shape that a tensor must have for its link.
std::vector<std::int64_t> shapeFor(const NameLink& link) {
    std::vector<std::int64_t> shape(link.ours->shape.begin(), link.ours->shape.end());
    shape.front() = shape.front() * link.parts + link.dropped;
    if (link.transposed) std::ranges::reverse(shape);
    return shape;
}

void requireShape(const StoredTensor& tensor, const NameLink& link) {
    const std::vector<std::int64_t> wanted = shapeFor(link);
    if (tensor.shape == wanted) return;
    throw InputError(tensor.file->name(), Message(LAB_TEXT("pretrained", "tensor %1 has shape %2, but the configuration asks for %3"))
                                              .arg(tensor.inFile)
                                              .arg(shapeText(tensor.shape))
                                              .arg(shapeText(wanted)));
}

/// Where a row of ours lies in its head.
std::size_t rowInHead(const NameLink& link, std::size_t row) {
    const auto all = static_cast<std::size_t>(link.headRows), half = all / 2, turning = static_cast<std::size_t>(link.turning) / 2;
    const std::size_t pair = row % half, second = row / half;
    if (pair < turning) return second * turning + pair;
    return 2 * turning + second * (half - turning) + pair - turning;
}

/// Where a row of ours lies in theirs.
std::size_t rowInTheirs(const NameLink& link, std::size_t row, std::size_t perGroup) {
    const auto parts = static_cast<std::size_t>(link.parts), part = static_cast<std::size_t>(link.part);
    std::size_t local = row % perGroup;
    if (link.turning > 0) {
        const auto head = static_cast<std::size_t>(link.headRows);
        local = local / head * head + rowInHead(link, local % head);
    }
    return static_cast<std::size_t>(link.dropped) + (row / perGroup * parts + part) * perGroup + local;
}

/// Ours is [rows, width], theirs [width, theirRows]. Some rows at a time: their numbers lie beside each other.
void copyTransposed(const NameLink& link, const std::vector<float>& theirs, std::size_t rows, std::size_t perGroup, float* ours) {
    constexpr std::size_t atOnce = 16;
    const std::size_t width = link.ours->size / rows, theirRows = theirs.size() / width;
    std::array<std::size_t, atOnce> sources{};
    for (std::size_t first = 0; first < rows; first += atOnce) {
        const std::size_t count = std::min(atOnce, rows - first);
        for (std::size_t k = 0; k < count; ++k) sources[k] = rowInTheirs(link, first + k, perGroup);
        for (std::size_t i = 0; i < width; ++i)
            for (std::size_t k = 0; k < count; ++k) ours[(first + k) * width + i] = theirs[i * theirRows + sources[k]];
    }
}

/// Copies our rows out of theirs, all of whose numbers are there.
void copyRows(const NameLink& link, const std::vector<float>& theirs, float* ours) {
    const auto rows = static_cast<std::size_t>(link.ours->shape.front());
    const std::size_t width = link.ours->size / rows, perGroup = rows / static_cast<std::size_t>(link.groups);
    if (link.transposed) return copyTransposed(link, theirs, rows, perGroup, ours);
    for (std::size_t row = 0; row < rows; ++row)
        std::copy_n(theirs.data() + rowInTheirs(link, row, perGroup) * width, width, ours + row * width);
}

void convert(const StoredTensor& tensor, const std::vector<NameLink>& links, Weights& weights) {
    const NameLink& first = links.front();
    if (links.size() == 1 && first.isPlain()) {
        tensor.read(at(weights, *first.ours));
    } else {
        std::vector<float> numbers(tensor.count());
        tensor.read(numbers.data());
        for (const NameLink& link : links) copyRows(link, numbers, at(weights, *link.ours));
    }
}

void requireAll(const NameTable& names) {
    for (const Parameter& ours : names.layout().parameters()) {
        const std::string& theirs = names.theirNameOf(ours);
        if (names.tensors().has(theirs)) continue;
        throw InputError(names.tensors().place(),
                         Message(LAB_TEXT("pretrained", "tensor %1 is missing")).arg(theirs.empty() ? ours.name : theirs));
    }
}

void requireMemory(const NameTable& names) {
    const std::uint64_t needed = std::uint64_t{names.layout().flatSize()} * sizeof(float);
    const auto available = availableMemory();
    if (!available || needed <= *available) return;
    throw InputError(names.tensors().place(),
                     Message(LAB_TEXT("pretrained", "its weights take %1 MB as floats, but only %2 MB of memory are free"))
                         .arg(needed >> 20)
                         .arg(*available >> 20));
}

/// A copy may be left aside; one with other numbers is told.
void noteCopy(const StoredTensor& tensor, const NameTable& names, std::vector<Message>& notes) {
    const StoredTensor* original = names.tensors().find(names.theirNameOf(*names.repeatedBy(tensor.name)));
    if (original && tensor.hasBytesOf(*original)) return;
    notes.push_back(Message(LAB_TEXT("pretrained", "%1 is left aside for %2, whose numbers differ"))
                        .arg(tensor.inFile)
                        .arg(original ? original->inFile : names.repeatedBy(tensor.name)->name));
}

/// Whether a tensor is of the model; else it is left aside, or refused.
bool isOurs(const StoredTensor& tensor, const NameTable& names, std::span<const std::string_view> ignored, std::vector<std::string>& aside,
            std::vector<Message>& notes) {
    const std::vector<NameLink>& links = names.linksOf(tensor.name);
    for (const NameLink& link : links) requireShape(tensor, link);
    if (!links.empty()) return true;
    if (names.repeatedBy(tensor.name)) {
        noteCopy(tensor, names, notes);
    } else if (isNamedBy(ignored, tensor.name)) {
        aside.push_back(tensor.inFile);
    } else {
        throw InputError(tensor.file->name(), Message(LAB_TEXT("pretrained", "tensor %1 has no place in this model")).arg(tensor.inFile));
    }
    return false;
}

}  // namespace

bool isNamedBy(std::span<const std::string_view> patterns, std::string_view name) {
    return std::ranges::any_of(patterns, [name](std::string_view pattern) { return matches(pattern, name); });
}

Weights convertedWeights(const NameTable& names, std::span<const std::string_view> ignored, const Watch& watch,
                         std::vector<Message>& notes) {
    requireAll(names);
    std::vector<const StoredTensor*> ours;
    std::vector<std::string> aside;
    for (const StoredTensor& tensor : names.tensors().all())
        if (isOurs(tensor, names, ignored, aside, notes)) ours.push_back(&tensor);
    requireMemory(names);
    if (!aside.empty()) notes.push_back(Message(LAB_TEXT("pretrained", "left aside: %1")).arg(listed(aside)));
    Weights weights(names.layout().flatSize());
    double done = 0, all = 0;
    for (const StoredTensor* tensor : ours) all += static_cast<double>(tensor->bytes);
    for (const StoredTensor* tensor : ours) {
        convert(*tensor, names.linksOf(tensor->name), weights);
        done += static_cast<double>(tensor->bytes);
        tellWatch(watch, done / all, tensor->file->name());
    }
    return weights;
}

}  // namespace lab
