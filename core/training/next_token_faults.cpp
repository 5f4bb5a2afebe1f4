#include "core/training/next_token_faults.h"

#include <algorithm>
#include <memory>

#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/data/dataset.h"
#include "core/data/tokenizers/integer_tokenizer.h"
#include "core/training/trainer.h"

namespace lab {
namespace {

constexpr int symbols = 10, half = 8, written = 200, lastSteps = 20;

/// Text i of a stream: digits, then 9 less each of them.
std::vector<int> text(const RandomStream& stream, int i) {
    std::vector<int> all;
    for (int j = 0; j < half; ++j) all.push_back(static_cast<int>(stream.below(static_cast<std::uint64_t>(i * half + j), symbols)));
    for (int j = 0; j < half; ++j) all.push_back(symbols - 1 - all[static_cast<std::size_t>(j)]);
    return all;
}

class MirroredDigits : public Dataset {
public:
    explicit MirroredDigits(std::uint64_t seed) : m_train(seed, "next_token.train"), m_validation(seed, "next_token.validation") {}

    int trainSize() const override { return 1 << 20; }
    int validationSize() const override { return 1; }
    int testSize() const override { return 1; }
    Sample trainSample(int i) const override { return sample(text(m_train, i)); }
    Sample validationSample(int i) const override { return sample(text(m_validation, i)); }
    Sample testSample(int i) const override { return validationSample(i); }
    const Tokenizer& tokenizer() const override { return m_tokenizer; }
    const RandomStream& validation() const { return m_validation; }

private:
    /// The last place has no next token.
    static Sample sample(const std::vector<int>& all) {
        std::vector<int> next(all.begin() + 1, all.end());
        next.push_back(-1);
        return {all, {}, next};
    }

    RandomStream m_train, m_validation;
    IntegerTokenizer m_tokenizer{symbols};
};

Experiment experimentOf(const NextTokenPlan& plan, bool causal, bool positions) {
    Experiment e;
    e.task.vocab_size = symbols;
    e.task.seq_len = 2 * half;
    e.model.architecture = causal ? Architecture::decoder : Architecture::encoder;
    e.model.position.kind = positions ? PositionKind::rope : PositionKind::none;
    e.model.num_layers = 1;
    e.model.num_heads = 1;
    e.training.seed = plan.seed;
    e.training.steps = plan.steps;
    e.training.early_stop = 0;
    e.training.batch_size = 64;
    e.training.validate_every = plan.steps + 1;
    e.training.optimizer.learning_rate = 0.003;
    e = resolved(e);
    e.model.vocab_size = e.model.num_classes = symbols;
    return e;
}

/// The second half as the model writes it, each token from all before it.
std::vector<int> writtenBehind(const Model& model, const Weights& weights, const std::vector<int>& prompt) {
    TraceRequest logitsOnly;
    logitsOnly.intermediates = false;
    Input input;
    input.tokens = prompt;
    while (input.tokens.size() < 2 * half) input.tokens.push_back(predictions(model.trace(weights, input, logitsOnly)).back());
    return {input.tokens.begin() + half, input.tokens.end()};
}

void write(NextTokenRun& run, const Model& model, const Weights& weights, const RandomStream& stream) {
    int right = 0;
    for (int i = 0; i < written; ++i) {
        const std::vector<int> wanted = text(stream, i);
        run.prompt.assign(wanted.begin(), wanted.begin() + half);
        run.wrote = writtenBehind(model, weights, run.prompt);
        for (std::size_t j = 0; j < half; ++j) right += run.wrote[j] == wanted[half + j];
    }
    run.written = static_cast<double>(right) / (written * half);
}

}  // namespace

std::vector<NextTokenRun> trainNextTokenFaults(const NextTokenPlan& plan, const std::function<bool()>& wanted) {
    std::vector<NextTokenRun> runs;
    const auto data = std::make_shared<const MirroredDigits>(plan.seed);
    for (const auto& [causal, positions] : {std::pair{true, true}, std::pair{false, true}, std::pair{false, false}}) {
        const Experiment experiment = experimentOf(plan, causal, positions);
        const auto model = std::make_shared<const Model>(experiment.model);
        Trainer trainer(experiment, model, data, initialState(*model, experiment), 1);
        NextTokenRun run;
        run.causal = causal;
        run.positions = positions;
        run.chance = 1.0 / symbols;
        while (!trainer.finished()) {
            if (!wanted()) return {};
            const StepRecord record = trainer.advance();
            if (record.step > plan.steps - lastSteps) run.loss += record.train.loss / std::min(lastSteps, plan.steps);
        }
        write(run, *model, trainer.state().weights, data->validation());
        runs.push_back(run);
    }
    return runs;
}

}  // namespace lab
