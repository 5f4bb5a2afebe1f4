#include "core/tensor/batch.h"

#include <algorithm>
#include <cassert>

namespace lab {
namespace {

int longest(const std::vector<Sample>& samples, std::vector<int> Sample::*column) {
    std::size_t length = 0;
    for (const Sample& sample : samples) length = std::max(length, (sample.*column).size());
    return static_cast<int>(length);
}

/// Appends a row of `width` values: the given ones, then padding.
void appendPadded(std::vector<int>& rows, const std::vector<int>& values, int width) {
    assert(static_cast<int>(values.size()) <= width);
    rows.insert(rows.end(), values.begin(), values.end());
    rows.insert(rows.end(), static_cast<std::size_t>(width) - values.size(), Batch::padding);
}

/// Numbers that stand beside the entries of `ids`, so many to each.
std::size_t widthOf(const std::vector<float>& numbers, const std::vector<int>& ids) {
    assert(numbers.empty() || numbers.size() % ids.size() == 0);
    return ids.empty() ? 0 : numbers.size() / ids.size();
}

/// Appends the given rows of numbers, then zeros for the rows to `length`.
void appendNumbers(std::vector<float>& rows, const std::vector<float>& numbers, std::size_t length, std::size_t width) {
    rows.insert(rows.end(), numbers.begin(), numbers.end());
    rows.insert(rows.end(), length * width - numbers.size(), 0.0f);
}

}  // namespace

Batch makeBatch(const std::vector<Sample>& samples) {
    assert(!samples.empty());
    Batch batch;
    batch.sequences = static_cast<int>(samples.size());
    batch.length = longest(samples, &Sample::tokens);
    batch.targetLength = longest(samples, &Sample::targetTokens);
    const std::size_t inputWidth = widthOf(samples[0].vectors, samples[0].tokens);
    const std::size_t answerWidth = widthOf(samples[0].values, samples[0].targets);
    for (const Sample& sample : samples) {
        appendPadded(batch.tokens, sample.tokens, batch.length);
        batch.lengths.push_back(static_cast<int>(sample.tokens.size()));
        appendPadded(batch.targets, sample.targets, batch.outputLength());
        appendNumbers(batch.vectors, sample.vectors, static_cast<std::size_t>(batch.length), inputWidth);
        appendNumbers(batch.values, sample.values, static_cast<std::size_t>(batch.outputLength()), answerWidth);
        if (batch.targetLength == 0) continue;
        appendPadded(batch.targetTokens, sample.targetTokens, batch.targetLength);
        batch.targetLengths.push_back(static_cast<int>(sample.targetTokens.size()));
    }
    return batch;
}

}  // namespace lab
