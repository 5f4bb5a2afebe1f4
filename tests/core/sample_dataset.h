#pragma once

#include <utility>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/tokenizers/integer_tokenizer.h"

namespace lab::testing {

/// Given samples, for training, validation and test alike.
class SampleDataset : public Dataset {
public:
    explicit SampleDataset(std::vector<Sample> samples) : m_samples(std::move(samples)) {}

    int trainSize() const override { return static_cast<int>(m_samples.size()); }
    int validationSize() const override { return trainSize(); }
    int testSize() const override { return trainSize(); }
    Sample trainSample(int i) const override { return m_samples[static_cast<std::size_t>(i)]; }
    Sample validationSample(int i) const override { return trainSample(i); }
    Sample testSample(int i) const override { return trainSample(i); }
    const Tokenizer& tokenizer() const override { return m_tokenizer; }

private:
    std::vector<Sample> m_samples;
    IntegerTokenizer m_tokenizer{2};  // vectorToken and classToken
};

}  // namespace lab::testing
