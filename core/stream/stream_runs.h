#pragma once

#include <functional>
#include <vector>

#include "core/model/input_tap.h"
#include "core/model/model.h"
#include "core/tensor/named_tensors.h"

namespace lab {

struct Scratch;

/// Passes of one model, one input after the other, that somebody looks at or interferes with. Dense path, one thread, dropout off. Model
/// and weights outlive it.
class StreamRuns {
public:
    /// `cancelled` is asked every few milliseconds of work.
    StreamRuns(const Model& model, const Weights& weights, std::function<bool()> cancelled = {});
    ~StreamRuns();

    const Model& model() const { return m_model; }
    const Weights& weights() const { return m_weights; }

    /// Logits [rows, classes] of a pass under the tap, which changes it as the input asks. Throws InputError for inputs that the model
    /// cannot take, and PassAbandoned.
    std::vector<float> logits(const Input& input, InputTap& tap) const;
    /// The same where what comes before block `block` is known: `stream`, [positions, d_model], is what that block reads. To the same bits;
    /// the tap sees the blocks, not what stands behind them; only where Network::blocksStandAlone.
    std::vector<float> logitsFrom(const Input& input, int block, std::vector<float> stream, InputTap& tap) const;
    /// What the output head makes of `rows` states [rows, d_model] of the stream: logits [rows, classes] (Network::read).
    std::vector<float> read(const float* states, int rows) const;
    /// Throws PassAbandoned.
    void goOn() const;

private:
    const Model& m_model;
    const Weights& m_weights;
    std::function<bool()> m_cancelled;
    std::unique_ptr<Scratch> m_scratch;
};

/// Keeps the tensors of a pass whose names it is asked for.
class KeepingTap : public InputTap {
public:
    using Wanted = std::function<bool(const std::string& name)>;
    KeepingTap(const Input& input, Wanted wanted) : InputTap(input), m_wanted(std::move(wanted)) {}

    NamedTensors kept;

protected:
    void seen(const std::string& name, const std::vector<int>& shape, float* values) override;

private:
    Wanted m_wanted;
};

}  // namespace lab
