#include "core/data/masked_dataset.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/tasks/masked_config.h"

namespace lab {
namespace {

int lengthWithin(const SentenceFrame& frame, int whole) {
    const auto added = static_cast<int>(frame.usual({}).size());
    if (whole > added) return whole - added;
    throw InputError("task.seq_len", Message(LAB_TEXT("data",
                                                      "%1 leaves no room for text: the tokenizer puts %2 tokens about it; use at "
                                                      "least %3"))
                                         .arg(whole)
                                         .arg(added)
                                         .arg(added + 1));
}

/// A stream of numbers for each sample of a part.
RandomStream drawsOf(std::uint64_t seed, std::string_view part, int i) {
    return {seed, "masked." + std::string(part) + "." + std::to_string(i)};
}

}  // namespace

MaskedDataset::MaskedDataset(std::shared_ptr<const TextTokens> text, const TaskConfig& task, int mostValidated)
    : CorpusDataset(std::move(text)),
      m_frame(tokenizer()),
      m_masking(tokenizer(), maskedConfig(task).share),
      m_seed(task.seed),
      m_length(lengthWithin(m_frame, task.seq_len)),
      m_validationSize(std::min(mostValidated, blocks())) {}

int MaskedDataset::blocks() const {
    return static_cast<int>((validation().size() + static_cast<std::size_t>(m_length) - 1) / static_cast<std::size_t>(m_length));
}

/// Room for sums of indices is left.
int MaskedDataset::trainSize() const {
    constexpr int most = 1 << 30;
    return trainBlocks() * std::max(1, most / trainBlocks());
}

std::vector<int> MaskedDataset::framed(const TokenIds& ids, std::size_t begin) const {
    const std::size_t count = std::min(static_cast<std::size_t>(m_length), ids.size() - begin);
    return m_frame.usual(ids.part(begin, count));
}

Sample MaskedDataset::trainSample(int i) const {
    return m_masking.masked(framed(train(), static_cast<std::size_t>(i % trainBlocks())), drawsOf(m_seed, "train", i));
}

/// Evenly spread, the first one first.
Sample MaskedDataset::validationSample(int i) const {
    return testSample(static_cast<int>(std::int64_t{i} * blocks() / m_validationSize));
}

Sample MaskedDataset::testSample(int i) const {
    const auto begin = static_cast<std::size_t>(i) * static_cast<std::size_t>(m_length);
    return m_masking.masked(framed(validation(), begin), drawsOf(m_seed, "validation", i));
}

}  // namespace lab
