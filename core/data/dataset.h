#pragma once

#include "core/data/tokenizers/tokenizer.h"
#include "core/tensor/batch.h"
#include "core/tensor/tally.h"

namespace lab {

struct PictureFrame;

/// The sequences of a task. Sample i of each part is a pure function of (task, i); batch k of (task, training.seed, k).
class Dataset {
public:
    virtual ~Dataset() = default;

    virtual int trainSize() const = 0;
    virtual int validationSize() const = 0;
    virtual int testSize() const = 0;
    virtual Sample trainSample(int i) const = 0;
    virtual Sample validationSample(int i) const = 0;
    virtual Sample testSample(int i) const = 0;

    /// What its tokens are as text. Where tokens are vectors (`pictures()`), whose ids mean nothing, what its targets are: the names of
    /// classes, or integers where they have none.
    virtual const Tokenizer& tokenizer() const = 0;

    /// Where its vectors are the patches of pictures, how they were cut; null: they are not. Vector 0 stands at position
    /// firstVector(model).
    virtual const PictureFrame* pictures() const { return nullptr; }

    /// Validation is also counted by groups of targets: the phenomena of stories (StoryPhenomenon::table()). 0: there are no groups.
    virtual int targetGroups() const { return 0; }
    virtual TargetGroups validationGroups(int) const { return {}; }

    /// Whether batches draw their samples anew each time, so that there are no epochs: of overlapping blocks of a text.
    virtual bool drawsBlocks() const { return false; }
    /// Bytes of the text that one token of the validation stands for on average; nothing where tokens are no text. What a loss in nats
    /// a token is divided by, and by ln 2, to be bits a byte.
    virtual std::optional<double> bytesPerToken() const { return std::nullopt; }
};

}  // namespace lab
