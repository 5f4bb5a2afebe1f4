#include "core/data/built_in_dataset.h"

#include "core/config/experiment.h"
#include "core/data/task_sample.h"

namespace lab {
namespace {

constexpr std::uint64_t wordsPerBlock = 4;

/// `count` symbols below `symbols`: sequence i of a stream has its own run of random blocks.
std::vector<int> drawSymbols(const RandomStream& stream, int i, int count, int symbols) {
    const auto length = static_cast<std::uint64_t>(count);
    const std::uint64_t first = static_cast<std::uint64_t>(i) * ((length + wordsPerBlock - 1) / wordsPerBlock);
    std::vector<int> x(length);
    std::array<std::uint32_t, wordsPerBlock> words{};
    for (std::uint64_t j = 0; j < length; ++j) {
        if (j % wordsPerBlock == 0) words = stream.block(first + j / wordsPerBlock);
        // High half of the product, as RandomStream::below: uniform, bias below 2^-32 symbols.
        x[j] = static_cast<int>((std::uint64_t{words[j % wordsPerBlock]} * static_cast<std::uint64_t>(symbols)) >> 32);
    }
    return x;
}

}  // namespace

BuiltInDataset::BuiltInDataset(const Experiment& experiment)
    : m_task(experiment.task),
      m_architecture(experiment.model.architecture),
      m_train(experiment.task.seed, "task.train"),
      m_validation(experiment.task.seed, "task.validation"),
      m_test(experiment.task.seed, "task.test"),
      m_tokenizer(tokenizerOf(experiment, {})) {}

Sample BuiltInDataset::sample(const RandomStream& part, int i) const {
    const DrawSymbols symbols = [&](int count) { return drawSymbols(part, i, count, m_task.vocab_size); };
    std::vector<int> x = m_task.kind->draw ? m_task.kind->draw(symbols, m_task) : symbols(m_task.seq_len);
    return taskSample(m_task, m_architecture, std::move(x));
}

}  // namespace lab
