#include "core/stream/stream_runs.h"

#include "core/config/layer_config.h"
#include "core/model/network.h"
#include "core/stream/states.h"

namespace lab {
namespace {

/// [rows, classes] of rows that lie further apart.
std::vector<float> compact(const Network& network, const float* logits, int rows) {
    std::vector<float> result;
    result.reserve(static_cast<std::size_t>(rows) * static_cast<std::size_t>(network.classes()));
    for (std::ptrdiff_t r = 0; r < rows; ++r)
        result.insert(result.end(), logits + r * network.logitStride(), logits + r * network.logitStride() + network.classes());
    return result;
}

/// What a tap makes of a pass, and where the stream is behind each block.
class StreamTap final : public Tap<float> {
public:
    StreamTap(InputTap& tap, std::vector<float>& stream) : m_tap(tap), m_stream(stream) {}

    void tensor(const std::string& name, const std::vector<int>& shape, float* values) override {
        m_tap.tensor(name, shape, values);
        if (name.ends_with(".residual")) m_stream.assign(values, values + sizeOf(shape));
    }
    void gradient(const std::string& name, const std::vector<int>& shape, float* values) override { m_tap.gradient(name, shape, values); }
    bool headOff(const std::string& block, int head) const override { return m_tap.headOff(block, head); }
    bool headUniform(const std::string& block, int head) const override { return m_tap.headUniform(block, head); }
    bool wantsGradients() const override { return m_tap.wantsGradients(); }
    const std::vector<bool>& maskedKeys(bool ofTargetSide) const override { return m_tap.maskedKeys(ofTargetSide); }

private:
    InputTap& m_tap;
    std::vector<float>& m_stream;
};

}  // namespace

StreamRuns::StreamRuns(const Model& model, const Weights& weights, std::function<bool()> cancelled)
    : m_model(model), m_weights(weights), m_cancelled(std::move(cancelled)), m_scratch(std::make_unique<Scratch>()) {}

StreamRuns::~StreamRuns() = default;

void StreamRuns::goOn() const {
    if (m_cancelled && m_cancelled()) throw PassAbandoned();
}

std::vector<float> StreamRuns::logits(const Input& input, InputTap& tap) const {
    checkInput(input, m_model, false);
    const Batch batch = makeBatch({{input.tokens, input.targetTokens, {}, input.vectors, {}}});
    const BatchView view = viewOf(batch, 0, 1);
    m_scratch->arena.reset();
    Pass<float> pass{kernels<float>(), m_weights.data(), nullptr, nullptr, *m_scratch};
    pass.tap = &tap;
    if (m_cancelled) pass.abandoned = &m_cancelled;
    const float* logits = m_model.network().logits(pass, view);
    return compact(m_model.network(), logits, view.output().rows());
}

std::vector<float> StreamRuns::logitsFrom(const Input& input, int block, std::vector<float> stream, InputTap& tap) const {
    const int length = static_cast<int>(input.tokens.size());
    const std::size_t blocks = layersOf(m_model.config(), answeringSide(m_model.config())).size();
    StreamTap behind(tap, stream);
    for (auto i = static_cast<std::size_t>(block); i < blocks; ++i) {
        m_scratch->arena.reset();
        Pass<float> pass{kernels<float>(), m_weights.data(), nullptr, nullptr, *m_scratch};
        pass.tap = &behind;
        if (m_cancelled) pass.abandoned = &m_cancelled;
        m_model.network().repeat(pass, {1, length, &length}, i, std::vector<float>(stream).data());
    }
    return read(stream.data(), length);
}

std::vector<float> StreamRuns::read(const float* states, int rows) const {
    m_scratch->arena.reset();
    Pass<float> pass{kernels<float>(), m_weights.data(), nullptr, nullptr, *m_scratch};
    return compact(m_model.network(), m_model.network().read(pass, Sequences{1, rows, &rows}, states), rows);
}

void KeepingTap::seen(const std::string& name, const std::vector<int>& shape, float* values) {
    if (m_wanted(name))
        kept.set(name, {std::vector<std::int64_t>(shape.begin(), shape.end()), std::vector<float>(values, values + sizeOf(shape))});
}

}  // namespace lab
