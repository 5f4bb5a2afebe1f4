#pragma once

#include "core/data/masking.h"
#include "core/data/sentence_frame.h"
#include "core/data/text_dataset.h"
#include "core/tasks/task_config.h"

namespace lab {

/// Running text some of whose tokens are masked (core/data/masking.h). Blocks have task.seq_len tokens with those by which the tokenizer
/// frames a sequence. Of each block that begins at a token of the training text there are many samples, masked differently: sample i is
/// block i mod blocks. Validation reads blocks side by side, task.validation_size of them evenly spread, each masked in its one way, and
/// the test all of them.
class MaskedDataset : public CorpusDataset {
public:
    /// What is trained on has at least task.seq_len tokens. Throws InputError where the tokenizer has no mask token or the frame leaves a
    /// block no room.
    MaskedDataset(std::shared_ptr<const TextTokens> text, const TaskConfig& task, int mostValidated);

    int trainSize() const override;
    int validationSize() const override { return m_validationSize; }
    int testSize() const override { return m_validationSize < blocks() ? blocks() : 0; }
    Sample trainSample(int i) const override;
    Sample validationSample(int i) const override;
    Sample testSample(int i) const override;

    /// Of the validation, side by side.
    int blocks() const;

private:
    std::vector<int> framed(const TokenIds& ids, std::size_t begin) const;
    int trainBlocks() const { return static_cast<int>(train().size()) - m_length + 1; }

    SentenceFrame m_frame;
    Masking m_masking;
    std::uint64_t m_seed;
    int m_length;  ///< of a block, without what frames it
    int m_validationSize;
};

}  // namespace lab
